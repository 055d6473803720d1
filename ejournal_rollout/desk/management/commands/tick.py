"""What is due by the clock; run it from a timer, or with --every beside the worker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from ejournal_rollout.documents.staff.importing import forget_lists
from ejournal_rollout.notifications.operations import rescue


class Command(BaseCommand):
    help = "Gives back stuck background tasks, deletes old uploaded staff lists. Safe to run at any time, twice too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="go on for ever with this pause")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            rescued = rescue(at=timezone.now())
            forgotten = forget_lists(at=timezone.now())
            if options["verbosity"]:
                self.stdout.write(f"stuck tasks given back: {rescued}; staff lists forgotten: {forgotten}")
            if not options["every"]:
                return
            time.sleep(options["every"])
            close_old_connections()
