"""The first step of a real school: its name and the person who will lead the roll-out."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import School
from ejournal_rollout.people.operations import add_member, invite
from ejournal_rollout.people.roles import Role


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Makes a school with its first administrator and prints the link by which that person opens the account."
        )
        parser.add_argument("name", help=_("the school as its orders print it"))
        parser.add_argument("administrator", help=_("surname, name and patronymic"))
        parser.add_argument(
            "--email", default="", help=_("e-mail of the administrator; may be given later by the person")
        )
        parser.add_argument("--post", default="", help=_("post of the administrator, as it stands in orders"))
        parser.add_argument("--time-zone", default=settings.TIME_ZONE, help=_("e.g. Europe/Simferopol"))
        parser.add_argument(
            "--working-week", type=int, choices=[5, 6], default=5, help=_("working days in a week: 5 or 6")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        last_name, first_name, patronymic = [*options["administrator"].split(maxsplit=2), "", "", ""][:3]
        if not first_name:
            raise CommandError(_("Write the surname, the name and the patronymic of the administrator in quotes."))
        school = School(name=options["name"], time_zone=options["time_zone"], working_week=options["working_week"])
        if School.objects.filter(name=school.name).exists():
            raise CommandError(_("There is already a school “%(name)s”.") % {"name": school.name})
        try:
            school.full_clean()
            with transaction.atomic():
                school.save()
                administrator = add_member(
                    school,
                    last_name=last_name,
                    first_name=first_name,
                    patronymic=patronymic,
                    email=options["email"],
                    post=options["post"],
                    roles=[Role.ADMINISTRATION],
                    on=timezone.localdate(timezone=school.zone),
                    by=None,
                )
                _invitation, secret = invite(administrator, by=administrator, at=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(urljoin(settings.SITE_URL, reverse("people:invitation", args=[secret])))
