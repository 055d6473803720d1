"""Free times of a direction (Annex 3): computed from its hours, the closed days and the bookings, never stored.

All intervals are [start, end). Hours are local to the school; bookings are aware moments of any zone and are compared
as moments, so a night without an hour or with one hour twice changes nothing. "Now" is an argument.

The caller gives everything as plain values:

    times = free_times(
        [WeeklyHours(specialist=7, starts=time(8), ends=time(14), weekdays=frozenset({1, 2, 3, 4, 5, 6}))],
        Rules(slot_minutes=20, last_day=date(2022, 5, 31)),
        now=now(), zone=ZoneInfo("Europe/Simferopol"), closed=reasons_by_day,
        busy={7: [Busy(starts_at, ends_at)]}, room_places=1, room_busy=[(1, Busy(starts_at, ends_at))],
    )

"Ежедневно" is given as all seven weekdays: `days_off` takes the days away on which the school does not work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, groupby
from types import MappingProxyType
from typing import NotRequired, Required, TypedDict, Unpack
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset({1, 2, 3, 4, 5, 6, 7})


@dataclass(frozen=True)
class WeeklyHours:
    """One interval of hours of one specialist.

    `specialist`: any number that names the person. `weekdays`: 1 is Monday, 7 is Sunday. `weeks`: which such weekday
    of the month, 1 to 5 and -1 for the last; empty means every week. An end not after the start gives no times.
    """

    specialist: int
    starts: time
    ends: time
    weekdays: frozenset[int] = EVERY_DAY
    weeks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ExtraHours:
    """Hours of one specialist on the days from `first_on` to `last_on`, both inside, beside the weekly ones.

    `opens`: they count on a day off too, but never on a closed day.
    """

    specialist: int
    first_on: date
    last_on: date
    starts: time
    ends: time
    opens: bool = False


@dataclass(frozen=True)
class Busy:
    """A taken interval, aware moments (ValueError for naive ones)."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a moment needs its time zone")


@dataclass(frozen=True)
class Away(Busy):
    """An interval in which a specialist gives no consultations, and why in words: a lesson, an absence."""

    words: str = ""


@dataclass(frozen=True)
class FreeTime:
    """A time that may be booked now; `room_place` is the lowest free place of the room, None without a room rule."""

    starts_at: datetime
    ends_at: datetime
    specialist: int
    room_place: int | None = None


@dataclass(frozen=True)
class Rules:
    """How a direction gives its time (our decision: 20 minutes, no gap, an hour's notice, thirty days ahead).

    A time begins at least `notice_minutes` after now (exactly that is allowed), on a day at most `horizon_days` after
    today and not after `last_day` (allowed itself), the last day of the order's school year.
    """

    slot_minutes: int = 20
    gap_minutes: int = 0
    notice_minutes: int = 60
    horizon_days: int = 30
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.slot_minutes < 1 or min(self.gap_minutes, self.notice_minutes, self.horizon_days) < 0:
            raise ValueError("a consultation lasts at least a minute; gap, notice and horizon are not negative")

    def horizon(self, today: date) -> date:
        """The last day, itself included, on which a time may be booked."""
        last = today + timedelta(days=self.horizon_days)
        return min(last, self.last_day) if self.last_day else last


@dataclass(frozen=True)
class DayOverview:
    """A day of the calendar: how many starts are free and, when none, why.

    `reason` is a stable code, "" when something is free: "closed" and "away" (then `words` holds the reason that was
    given), "past", "beyond_horizon", "no_hours", "too_soon" (every time left has passed or begins within the notice),
    "all_taken".
    """

    on: date
    free_count: int
    reason: str = ""
    words: str = ""


Closed = Callable[[date], str] | Mapping[date, str]
Candidate = tuple[datetime, datetime, int]  # start and end in UTC, specialist
_NO_DAYS: Mapping[date, str] = MappingProxyType({})


class Known(TypedDict, total=False):
    """What is known of the school when free times are asked.

    `closed`: a day -> the reason in words, "" (or not there) when it is not closed; nothing is given on it.
    `days_off`: the same of days on which the weekly hours do not count, extra hours may. `worked_as`: a day that goes
    by the hours of another weekday; hours of certain weeks of the month do not count on it. `extra`: extra hours.
    `away`: when a specialist gives no consultations. `busy`: the bookings of each specialist in any direction and
    room; `gap_minutes` are kept free before and after each. `room_busy`: (place, booking) of the room, in any
    direction; `room_places`: how many consultations the room holds at once, 0 when no room is known and none is
    asked. `teacher_busy`: what the teacher who looks is busy with.
    """

    now: Required[datetime]
    zone: Required[ZoneInfo]
    closed: Required[Closed]
    busy: Required[Mapping[int, Sequence[Busy]]]
    days_off: NotRequired[Closed]
    worked_as: NotRequired[Mapping[date, int]]
    extra: NotRequired[Sequence[ExtraHours]]
    away: NotRequired[Mapping[int, Sequence[Away]]]
    room_busy: NotRequired[Sequence[tuple[int, Busy]]]
    room_places: NotRequired[int]
    teacher_busy: NotRequired[Sequence[Busy]]


class _Taken:
    """Taken intervals put together and sorted, to be asked many times."""

    def __init__(self, busy: Sequence[Busy], *, around: timedelta = timedelta(0)) -> None:
        spans = sorted(
            (one.starts_at.astimezone(UTC) - around, one.ends_at.astimezone(UTC) + around)
            for one in busy
            if one.starts_at < one.ends_at
        )
        self.starts = [start for start, _ in spans]
        self.ends = list(accumulate((end for _, end in spans), max))  # the latest end of all that began before

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether [starts_at, ends_at), in UTC, meets a taken interval."""
        begun = bisect_left(self.starts, ends_at)
        return begun > 0 and self.ends[begun - 1] > starts_at


class _Calendar:
    """The days of a direction, each asked for its times."""

    def __init__(
        self,
        hours: Sequence[WeeklyHours],
        rules: Rules,
        *,
        now: datetime,
        zone: ZoneInfo,
        closed: Closed,
        busy: Mapping[int, Sequence[Busy]],
        days_off: Closed = _NO_DAYS,
        worked_as: Mapping[date, int] = MappingProxyType({}),
        extra: Sequence[ExtraHours] = (),
        away: Mapping[int, Sequence[Away]] = MappingProxyType({}),
        room_busy: Sequence[tuple[int, Busy]] = (),
        room_places: int = 0,
        teacher_busy: Sequence[Busy] = (),
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        gap = timedelta(minutes=rules.gap_minutes)
        self.hours, self.extra, self.rules, self.zone = hours, extra, rules, zone
        self.closed, self.day_off = _asked(closed), _asked(days_off)
        self.worked_as = worked_as
        self.today = now.astimezone(zone).date()
        self.earliest = now.astimezone(UTC) + timedelta(minutes=rules.notice_minutes)
        self.horizon = rules.horizon(self.today)
        people = {one.specialist for one in (*hours, *extra)}
        self.taken = {one: _Taken(busy.get(one, ()), around=gap) for one in people}
        self.reasons = {one: away.get(one, ()) for one in people}
        self.away = {one: _Taken(reasons) for one, reasons in self.reasons.items()}
        self.teacher = _Taken(teacher_busy)
        # A booking made when the room had more places still takes one of those that are left.
        self.room_places = room_places
        last = max((taken for taken, _one in room_busy), default=0)
        self.places = [
            _Taken([one for taken, one in room_busy if taken == place])
            for place in range(1, max(last, room_places) + 1 if room_places else 1)
        ]

    def candidates(self, day: date) -> list[Candidate]:
        """(start, end, specialist) of the day by the hours alone, in UTC, sorted, each once."""
        is_off = bool(self.day_off(day))
        of_the_day = [] if is_off else [one for one in self.hours if _counts(one, day, self.worked_as)]
        of_the_day += [one for one in self.extra if one.first_on <= day <= one.last_on and (one.opens or not is_off)]
        intervals = {(one.starts, one.ends) for one in of_the_day}
        steps = {(starts, ends): self._steps(day, starts, ends) for starts, ends in intervals}
        found = {(start, end, one.specialist) for one in of_the_day for start, end in steps[one.starts, one.ends]}
        return sorted(found, key=lambda one: (one[0], one[2]))

    def _steps(self, day: date, starts: time, ends: time) -> list[tuple[datetime, datetime]]:
        """The times of one interval; none begins at an hour that the clock skips or goes on while it is moved."""
        slot = timedelta(minutes=self.rules.slot_minutes)
        step = slot + timedelta(minutes=self.rules.gap_minutes)
        local, closes = datetime.combine(day, starts), datetime.combine(day, ends)
        steps = []
        while local + slot <= closes:
            start, end = self._moment(local), self._moment(local + slot)
            if end - start == slot and start.astimezone(self.zone).replace(tzinfo=None) == local:
                steps.append((start, end))
            local += step
        return steps

    def _moment(self, local: datetime) -> datetime:
        """The moment of a local time, in UTC; of a doubled hour the first."""
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def present(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those at which the specialist is there to give them."""
        return [one for one in candidates if not self.away[one[2]].overlaps(one[0], one[1])]

    def why_away(self, start: datetime, end: datetime, specialist: int) -> str:
        """The words of the first reason for which the specialist is away then."""
        met = [one for one in self.reasons[specialist] if one.starts_at < end and start < one.ends_at]
        return min(met, key=lambda one: one.starts_at).words if met else ""

    def place(self, start: datetime, end: datetime) -> int | None:
        """The lowest free place of the room; None when all are taken."""
        taken = [place.overlaps(start, end) for place in self.places]
        return taken.index(False) + 1 if sum(taken) < self.room_places else None

    def free(self, day: date) -> list[FreeTime]:
        if not self.today <= day <= self.horizon or self.closed(day):
            return []
        return self.bookable(self.present(self.candidates(day)))

    def bookable(self, present: Sequence[Candidate]) -> list[FreeTime]:
        """Those that nobody has taken, the notice kept, each with its place in the room."""
        times = []
        local = {}
        for start, end, specialist in present:
            if start < self.earliest or self.taken[specialist].overlaps(start, end):
                continue
            if self.teacher.overlaps(start, end):
                continue
            place = self.place(start, end)
            if self.places and place is None:
                continue
            if start not in local:
                local[start] = start.astimezone(self.zone), end.astimezone(self.zone)
            times.append(FreeTime(*local[start], specialist, place))
        return times

    def overview(self, day: date) -> DayOverview:
        if day < self.today:
            return DayOverview(day, 0, "past")
        if words := self.closed(day):
            return DayOverview(day, 0, "closed", words)
        candidates = self.candidates(day)
        if not candidates and (words := self.day_off(day)):
            return DayOverview(day, 0, "closed", words)
        if day > self.horizon:
            return DayOverview(day, 0, "beyond_horizon")
        if not candidates:
            return DayOverview(day, 0, "no_hours")
        present = self.present(candidates)
        if free := self.bookable(present):
            return DayOverview(day, len({one.starts_at for one in free}))
        if not present:
            return DayOverview(day, 0, "away", next(filter(None, (self.why_away(*one) for one in candidates)), ""))
        if all(start < self.earliest for start, _, _ in present):
            return DayOverview(day, 0, "too_soon")
        return DayOverview(day, 0, "all_taken")


def free_times(
    hours: Sequence[WeeklyHours], rules: Rules, *, days: tuple[date, date] | None = None, **known: Unpack[Known]
) -> list[FreeTime]:
    """Every time that may be booked, sorted by start, then specialist; the moments are aware, in `zone`.

    `days`: the first and the last day wanted, both included; without it, all days up to the horizon.
    """
    calendar = _Calendar(hours, rules, **known)
    first, last = days or (calendar.today, calendar.horizon)
    return [one for day in _days(max(first, calendar.today), min(last, calendar.horizon)) for one in calendar.free(day)]


def is_within(
    hours: Sequence[WeeklyHours],
    extra: Sequence[ExtraHours],
    starts_at: datetime,
    ends_at: datetime,
    *,
    worked_as: Mapping[date, int] = MappingProxyType({}),
) -> bool:
    """Whether one interval of the hours holds all of [starts_at, ends_at), which are local; closed days count too."""
    day = starts_at.date()
    of_the_day = [one for one in hours if _counts(one, day, worked_as)]
    of_the_day += [one for one in extra if one.first_on <= day <= one.last_on]
    return any(one.starts <= starts_at.time() and ends_at.time() <= one.ends for one in of_the_day)


def days_overview(
    hours: Sequence[WeeklyHours], rules: Rules, *, days: tuple[date, date], **known: Unpack[Known]
) -> list[DayOverview]:
    """One row for each day from the first to the last of `days`, both included."""
    calendar = _Calendar(hours, rules, **known)
    return [calendar.overview(day) for day in _days(*days)]


def nearest(times: Sequence[FreeTime], wanted: datetime, count: int = 3) -> list[FreeTime]:
    """The `count` times whose starts are nearest to `wanted`, in the order of the day; of two as near, the earlier."""
    moment = wanted.astimezone(UTC)  # two local times of one zone would be subtracted by the clock on the wall
    near = sorted(times, key=lambda one: (abs(one.starts_at - moment), one.starts_at, one.specialist))[:count]
    return sorted(near, key=lambda one: (one.starts_at, one.specialist))


def one_per_start(times: Sequence[FreeTime], load: Mapping[int, int], last: Collection[int] = ()) -> list[FreeTime]:
    """For each start the specialist with the fewest bookings in `load` (not there: none), then the lowest number.

    This spreads "anyone free" evenly over the specialists of a direction (our decision). Those among `last` are
    chosen only where nobody else is free.
    """
    ordered = sorted(times, key=lambda one: one.starts_at)
    return [
        min(group, key=lambda one: (one.specialist in last, load.get(one.specialist, 0), one.specialist))
        for _, group in groupby(ordered, key=lambda one: one.starts_at)
    ]


def weeks_of(day: date) -> frozenset[int]:
    """Which such weekday of its month a day is: 1 to 5, and -1 too when it is the last one."""
    number = (day.day - 1) // 7 + 1
    is_last = (day + timedelta(days=7)).month != day.month
    return frozenset({number, -1} if is_last else {number})


def _counts(hours: WeeklyHours, day: date, worked_as: Mapping[date, int]) -> bool:
    if day in worked_as:
        return worked_as[day] in hours.weekdays and not hours.weeks
    return day.isoweekday() in hours.weekdays and (not hours.weeks or not hours.weeks.isdisjoint(weeks_of(day)))


def _asked(closed: Closed) -> Callable[[date], str]:
    return closed if callable(closed) else lambda day: closed.get(day, "")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
