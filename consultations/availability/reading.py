"""What is read of Annex 3 to say what is free: its rows, and who serves in them when."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import F, FilteredRelation, Q

from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role

from ..models import Booking, Direction, DirectionQuerySet, Engagement, Hours, Seminar


class Service(NamedTuple):
    """A person gives help by a role held from a day to a day; without `role`, because the order names the person."""

    person: Membership
    role: Role | None = None
    starts_on: date = date.min
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """First and last day of the role, and the last day of work, are inside."""
        ends = [one for one in (self.ends_on, self.person.left_on) if one]
        return self.starts_on <= day <= min(ends, default=date.max)


@dataclass
class Row:
    """A direction with its roles, the persons it names and its hours, each once."""

    direction: Direction
    roles: set[Role] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    hours: set[tuple[int, time, time, str]] = field(default_factory=set)  # weekday, from, to, weeks

    @property
    def named_weekdays(self) -> set[int]:
        """Weekdays that the order names; on these the school works for this direction, Saturday or not."""
        return {weekday for weekday, *_rest in self.hours if weekday != Hours.Weekday.WORKING_DAYS}


def rows_of(directions: DirectionQuerySet) -> dict[Direction, Row]:
    """One query: each direction comes once for each pair of its specialists and hours, and is put together again."""
    rows: dict[Direction, Row] = {}
    found = (
        directions.select_related("room", "schedule__order")
        .defer("schedule__order__body", "schedule__order__as_signed", "schedule__heading", "schedule__columns")
        .annotate(
            its_role=F("direction_roles__role"),
            its_person=F("direction_roles__person"),
            its_weekday=F("hours__weekday"),
            its_starts=F("hours__starts"),
            its_ends=F("hours__ends"),
            its_weeks=F("hours__weeks"),
        )
        .order_by("position", "pk")
    )
    for one in found:
        row = rows.setdefault(one, Row(one))
        if one.its_role:
            row.roles.add(Role(one.its_role))
        if one.its_person:
            row.named.add(one.its_person)
        if one.its_starts is not None:
            row.hours.add((one.its_weekday, one.its_starts, one.its_ends, one.its_weeks))
    return rows


def engagements_between(member: Membership, start: datetime, end: datetime) -> list[Engagement]:
    """What the consultations and the seminars of the member's school take that touch [start, end). One query."""
    bookings = Booking.objects.visible_to(member).live().between(start, end).order_by()
    seminars = Seminar.objects.visible_to(member).live().between(start, end)
    columns = ("specialist", "teacher", "room", "room_place", "starts_at", "ends_at")
    return [Engagement(*row) for row in bookings.values_list(*columns).union(seminars.engagements(), all=True)]


def services_of(rows: Collection[Row], teacher: Membership, first: date, last: date) -> list[Service]:
    """Who serves in the rows from the first to the last day, both inside, at the school of the teacher.

    One query: a member comes once for each of the wanted roles held, or once without any if only named.
    """
    roles = set().union(*(row.roles for row in rows))
    named = set().union(*(row.named for row in rows))
    # An empty list would make the whole query empty; nobody holds the role "".
    held = Q(holdings__role__in=[*roles, ""], holdings__starts_on__lte=last)
    held &= Q(holdings__ends_on=None) | Q(holdings__ends_on__gte=first)
    found = (
        Membership.objects.visible_to(teacher)
        .working(on=first)
        .annotate(held=FilteredRelation("holdings", condition=held))
        .annotate(its_role=F("held__role"), its_first=F("held__starts_on"), its_last=F("held__ends_on"))
        .filter(Q(its_role__isnull=False) | Q(pk__in=named))
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "pk")
    )
    services: dict[Service, None] = {}
    for one in found:
        if one.pk in named:
            services[Service(one)] = None
        if one.its_role:
            services[Service(one, Role(one.its_role), one.its_first, one.its_last)] = None
    return list(services)
