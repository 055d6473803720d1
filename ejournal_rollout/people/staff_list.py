"""The staff list of a school and its faults: roles without people, specialists without a supervisor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from .models import ROLE_WORDS, Membership
from .roles import SPECIALISTS, Role

# Whom the order names and a school must therefore appoint; a teacher is everybody.
APPOINTED_ROLES = tuple(role for role in ROLE_WORDS if role is not Role.TEACHER)


@dataclass(frozen=True)
class Line:
    """A row of the staff list, ready to print."""

    member: Membership
    roles: list[str]
    supervisor: str
    lacks_supervisor: bool
    account_kind: str  # of the shapes of _status.html
    account_words: str
    signs_in: bool


@dataclass(frozen=True)
class StaffList:
    """All working staff on a day, with what is wrong with the list."""

    lines: list[Line] = field(default_factory=list)
    unappointed: list[str] = field(default_factory=list)

    @property
    def without_supervisor(self) -> list[Membership]:
        return [line.member for line in self.lines if line.lacks_supervisor]


def staff_list(member: Membership, *, at: datetime) -> StaffList:
    """The staff of `member`'s school at the moment `at`; two queries for any number of people."""
    today = localdate(at)
    staff = list(
        Membership.objects.visible_to(member).working(on=today).with_people().with_supervisors().with_invitations(at=at)
    )
    return StaffList(lines=[_line(one, today=today) for one in staff], unappointed=unappointed(staff, on=today))


def unappointed(staff: Iterable[Membership], *, on: date) -> list[str]:
    """The roles of the order that nobody of `staff` holds that day, in words."""
    held = frozenset().union(*(one.roles_on(on) for one in staff))
    return [str(ROLE_WORDS[role]) for role in APPOINTED_ROLES if role not in held]


def lacks_supervisor(one: Membership, *, on: date) -> bool:
    """Clause 5 tells the direct supervisor of a specialist, so a specialist needs one who works here still.

    The administration itself has none in the school: our decision.
    """
    roles = one.roles_on(on)
    if not roles & SPECIALISTS or Role.ADMINISTRATION in roles:
        return False
    left_on = one.reports_to.left_on if one.reports_to else None
    return one.reports_to is None or (left_on is not None and left_on < on)


def _line(one: Membership, *, today: date) -> Line:
    held = one.roles_on(today)
    signs_in = one.user.has_usable_password()
    if signs_in:
        kind, words = "done", _("signs in")
    elif one.invited_until:
        until = date_format(localtime(one.invited_until), "d.m.Y")
        kind, words = "paused", _("invited until {day}").format(day=until)
    else:
        kind, words = "action", _("not invited")
    return Line(
        member=one,
        roles=[str(ROLE_WORDS[role]) for role in APPOINTED_ROLES if role in held],
        supervisor=one.reports_to.name if one.reports_to else "",
        lacks_supervisor=lacks_supervisor(one, on=today),
        account_kind=kind,
        account_words=words,
        signs_in=signs_in,
    )
