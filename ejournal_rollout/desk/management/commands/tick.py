"""What is due by the clock; run it from a timer, or with --every beside the worker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from ejournal_rollout.desk.clock import strike


class Command(BaseCommand):
    help = (
        "Reminds each school of its terms in the morning, writes the letters of the day, gives background tasks of a "
        "worker that died back to the queue. Safe to run at any time, twice too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on for ever with this pause")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            done = strike(at=timezone.now())
            if options["verbosity"]:
                self.stdout.write(
                    f"reminders: {done.reminders}, letters of the day: {done.digests}, "
                    f"stuck tasks given back: {done.rescued}"
                )
            if done.failed:
                self.stderr.write(f"schools that failed, see the log: {done.failed}")
            if not options["every"]:
                return
            time.sleep(options["every"])
            close_old_connections()
