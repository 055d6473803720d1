"""A week of the schedule: the hours for the door, and the grid of what is free. Nobody's name or question is read."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership

from .availability import Availability, booking_address
from .free_times import FreeTime
from .models import Direction, Room

KINDS = FREE, CLOSED, BUSY = "free", "closed", "busy"  # the better first
EXACT = 5  # minutes: hours are read in steps of this length
WHOLE_YEAR = 366


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def room_words(room: Room) -> str:
    return _("room {name}").format(name=room.name)


def seen_by_nobody(member: Membership) -> Membership:
    """Somebody of the school who gives no help and has booked nothing: hours and times are then those of all."""
    return Membership(school=member.school)


# --- The hours


class Interval(NamedTuple):
    starts_at: datetime
    ends_at: datetime


class HoursOfDay(NamedTuple):
    """The hours of a direction on a day, in local time; without any, why."""

    on: date
    intervals: list[Interval]
    reason: str


def hours_of_week(availability: Availability, direction: Direction, monday: date) -> list[HoursOfDay]:
    """When help is given in a direction from Monday to Sunday, bookings unheeded; today begins with the moment asked.

    What closes, shortens or adds hours is in it: the answer comes from the free times, cut small.
    """
    exact = _by_hours(direction)
    exact.slot_minutes, exact.gap_minutes = EXACT, 0
    days = week_days(monday)
    times = availability.times(exact, days[0], days[-1], heed_bookings=False)
    reasons = {one.on: one.words for one in availability.days(exact, days[0], days[-1])}
    return [
        HoursOfDay(day, _joined(one for one in times if one.starts_at.date() == day), reasons.get(day, ""))
        for day in days
    ]


def _by_hours(direction: Direction) -> Direction:
    """The direction without its notice and horizon; never to be saved."""
    found = copy(direction)
    found.notice_minutes, found.horizon_days = 0, WHOLE_YEAR
    return found


def _joined(times: Iterable[FreeTime]) -> list[Interval]:
    spans: list[Interval] = []
    for one in sorted(times, key=lambda time: (time.starts_at, time.ends_at)):
        if spans and one.starts_at <= spans[-1].ends_at:
            spans[-1] = Interval(spans[-1].starts_at, max(spans[-1].ends_at, one.ends_at))
        else:
            spans.append(Interval(one.starts_at, one.ends_at))
    return spans


# --- The grid


class Cell(NamedTuple):
    """A time of a column: `kind` is FREE (`address` books it), BUSY (a consultation, a lesson, an absence: nobody
    reads which), or CLOSED: free, but not to be booked by the one who looks: too soon, too far ahead, taken up
    otherwise, or it is they who give the help."""

    kind: str
    starts_at: datetime
    direction: Direction
    address: str = ""


@dataclass
class Column:
    """A specialist or a room; `directions` in the order of the annex."""

    words: str
    directions: list[Direction] = field(default_factory=list)


class HourCell(NamedTuple):
    """What a column gives within an hour; without times, nothing."""

    column: Column
    times: list[Cell]

    @property
    def is_taken(self) -> bool:
        return bool(self.times) and all(one.kind == BUSY for one in self.times)


class HourRow(NamedTuple):
    hour: int
    cells: list[HourCell]


class GridDay(NamedTuple):
    """A day of the grid; without rows, why."""

    on: date
    rows: list[HourRow]
    reason: str


@dataclass
class Grid:
    columns: list[Column]
    days: list[GridDay]

    @property
    def first_open(self) -> date | None:
        """The day that a small screen shows unfolded: the first with consultations."""
        return next((day.on for day in self.days if day.rows), None)


def grid_of(availability: Availability, member: Membership, monday: date, *, by_rooms: bool) -> Grid:
    """The week from Monday, of it what is not past: hours down, rooms or specialists across.

    `availability` is that of `seen_by_nobody`; `member` is who looks and books.
    """
    days = week_days(monday)
    span = days[0], days[-1]
    shown = [one for one in availability.directions if one.room or not by_rooms]
    by_hours = {one: availability.times(_by_hours(one), *span, heed_bookings=False, heed_away=False) for one in shown}
    # A day on which everybody has a lesson or is absent says so instead.
    given = {one: availability.times(_by_hours(one), *span, heed_bookings=False) for one in shown}
    days_given = {time.starts_at.date() for times in given.values() for time in times}
    open_to_all = {one: _asked(availability.times(_by_hours(one), *span)) for one in shown}
    own = copy(availability)  # what was read so far is shared
    own.teacher = member
    columns: dict[int, Column] = {}
    hours: dict[tuple[date, int], dict[int, list[Cell]]] = {}
    for direction in shown:
        may_book = _asked(own.times(direction, *span))
        best: dict[tuple[int, datetime], Cell] = {}
        for time in by_hours[direction]:
            asked = time.starts_at, time.specialist
            kind = FREE if asked in may_book else CLOSED if asked in open_to_all[direction] else BUSY
            key = direction.room_id if by_rooms else time.specialist
            known = best.get((key, time.starts_at))
            if known is None or KINDS.index(kind) < KINDS.index(known.kind):
                specialist = None if by_rooms else time.specialist
                address = booking_address(direction, time.starts_at, specialist) if kind == FREE else ""
                best[key, time.starts_at] = Cell(kind, time.starts_at, direction, address)
        for (key, moment), cell in best.items():
            if key not in columns:
                person_or_room = room_words(direction.room) if by_rooms else availability.people[key].name
                columns[key] = Column(person_or_room)
            if direction not in columns[key].directions:
                columns[key].directions.append(direction)
            hours.setdefault((moment.date(), moment.hour), {}).setdefault(key, []).append(cell)
    order = sorted(columns, key=lambda key: columns[key].words)
    rows = {
        day: [
            HourRow(hour, [HourCell(columns[key], _shown(hours[on, hour].get(key, []))) for key in order])
            for on, hour in sorted(hours)
            if on == day and day in days_given
        ]
        for day in days
        if day >= availability.today
    }
    return Grid(
        [columns[key] for key in order],
        [GridDay(day, found, "" if found else _why_none(availability, shown, day)) for day, found in rows.items()],
    )


def _asked(times: Iterable[FreeTime]) -> set[tuple[datetime, int]]:
    return {(one.starts_at, one.specialist) for one in times}


def _why_none(availability: Availability, directions: Iterable[Direction], day: date) -> str:
    """Why nothing is given that day, as the first direction that knows says; "" if only the hours leave it out."""
    said = (availability.days(_by_hours(one), day, day)[0].words for one in directions)
    return next(filter(None, said), "")


def _shown(cells: Iterable[Cell]) -> list[Cell]:
    """The times of a cell in their order; one that is taken in every direction stands once."""
    ordered = sorted(cells, key=lambda one: (one.starts_at, one.direction.position, one.direction.pk))
    shown: list[Cell] = []
    for _start, group in groupby(ordered, key=lambda one: one.starts_at):
        same = list(group)
        shown += [one for one in same if one.kind != BUSY] or same[:1]
    return shown
