"""One command from nothing to a working site."""

import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ejournal_rollout.desk.sample_school import PASSWORD, PEOPLE, make_sample_school

HOST = "127.0.0.1"


class Command(BaseCommand):
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Prepares the database, imports the source order, copies it to the current school year, puts it into "
            "force, appoints invented people and serves the site. Run again, it changes nothing and loses nothing."
        )
        parser.add_argument("--no-serve", action="store_true", help=_("only set up"))
        parser.add_argument("--reset", action="store_true", help=_("delete everything first; asks before it does"))
        parser.add_argument("--port", type=port_number, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                _("Everybody knows the passwords of the demonstration: it does not run with PRODUCTION=1.")
            )
        if not options["no_serve"]:
            refuse_taken_port(options["port"])
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if options["reset"]:
            self.reset()
        with translation.override(settings.LANGUAGE_CODE):
            school = make_sample_school(at=timezone.now())
        self.say_addresses(school.name, options["port"])
        if not options["no_serve"]:
            serve(options["port"])

    def reset(self) -> None:
        try:
            answer = input(_("Everything in the database will be deleted. Write “yes” to go on:") + " ")
        except EOFError:  # nobody is there to answer
            answer = ""
        if answer.strip().lower() not in ("yes", "да"):
            raise CommandError(_("Nothing is deleted."))
        call_command("flush", interactive=False, verbosity=0)

    def say_addresses(self, school: str, port: int) -> None:
        site = f"http://{HOST}:{port}"
        rows = [
            (_("Site"), f"{site}/"),
            (_("Plan"), f"{site}/plan/"),
            (_("Consultations"), f"{site}/consultations/"),
            (_("Help"), f"{site}/help/"),
            (_("Administration pages"), f"{site}/admin/"),
            (_("Everybody's password"), PASSWORD),
            *((person.email, person.post) for person in PEOPLE),
        ]
        ready = _("%(school)s: ready. All people are invented.") % {"school": school}
        lines = ["", ready, "", *(f"  {name:<24} {value}" for name, value in rows), ""]
        self.stdout.write("\n".join(lines))


def port_number(words: str) -> int:
    if not words.isdecimal() or not 1024 <= int(words) <= 65535:
        raise ArgumentTypeError(_("the port is a number from 1024 to 65535"))
    return int(words)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise CommandError(
                _("Another program answers at %(place)s. Stop it or choose another port: --port 8001")
                % {"place": f"{HOST}:{port}"}
            )


def serve(port: int) -> None:
    """The site in this process, the worker and the clock beside it; Ctrl+C or SIGTERM ends all three."""
    os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"  # one school on 127.0.0.1 is what it is for
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    manage = Path(settings.BASE_DIR) / "manage.py"
    companions = [
        subprocess.Popen([sys.executable, str(manage), *words])  # noqa: S603  our own commands
        for words in (["db_worker"], ["tick", "--every", "60", "--verbosity", "0"])
    ]
    try:
        call_command("runserver", f"{HOST}:{port}", use_reloader=False)
    finally:
        for companion in companions:
            companion.terminate()
        for companion in companions:
            companion.wait(timeout=20)
