"""What is due by the clock; run it from a timer, or with --every beside the worker."""

import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _

from ejournal_rollout.desk.clock import strike


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Reminds each school of its terms in the morning and of consultations the day and the hour before, writes "
            "the letters of the day, gives background tasks of a worker that died back to the queue, deletes old "
            "uploaded staff lists, passes on places at seminars that nobody has confirmed. Safe to run at any time, "
            "twice too."
        )
        parser.add_argument("--every", type=int, metavar=_("SECONDS"), help=_("go on for ever with this pause"))

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            done = strike(at=timezone.now())
            if options["verbosity"]:
                words = _(
                    "reminders: %(reminders)d, letters of the day: %(digests)d, stuck tasks given back: %(rescued)d, "
                    "staff lists forgotten: %(forgotten)d, places at seminars passed on: %(passed_on)d"
                )
                self.stdout.write(words % asdict(done))
            if done.failed:
                self.stderr.write(_("schools that failed, see the log: %(failed)d") % asdict(done))
            if not options["every"]:
                return
            time.sleep(options["every"])
            close_old_connections()
