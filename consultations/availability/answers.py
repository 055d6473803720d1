"""The answers: which times of a direction are free, and in words why none is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.people.models import Membership

from ..free_times import (
    EVERY_DAY,
    Busy,
    DayOverview,
    FreeTime,
    Rules,
    WeeklyHours,
    days_overview,
    free_times,
    nearest,
    one_per_start,
)
from ..models import Closure, Direction, DirectionQuerySet, Engagement
from ..moments import said_day
from ..working_days import WEEKEND, closed_reason, each_day
from .offers import Offer
from .reading import Service, engagements_between, rows_of, services_of

DAYS_SHOWN = 14  # two weeks in a row


class Availability:
    """Free times of `directions` at the moment `at`, as the teacher sees them.

    All of it is read at once: the directions with roles and hours, who serves in them when, live bookings,
    seminars, closures. Only directions of the order in force; nobody gives a consultation to themselves.
    """

    def __init__(self, directions: DirectionQuerySet, *, teacher: Membership, at: datetime) -> None:
        self.teacher, self.at, self.school = teacher, at, teacher.school
        self.zone = self.school.zone
        self.today = localdate(at, self.zone)
        self.rows = rows_of(directions.visible_to(teacher).in_force())
        self.last = max((self.rules(one).horizon(self.today) for one in self.rows), default=self.today)
        # The strip of days may begin later than today and ends two weeks after.
        self.last_shown = max(self.last, self.today) + timedelta(days=DAYS_SHOWN)

    @property
    def directions(self) -> list[Direction]:
        return list(self.rows)

    # --- What is read

    @cached_property
    def services(self) -> list[Service]:
        return services_of(self.rows.values(), self.teacher, self.today, self.last_shown)

    @cached_property
    def people(self) -> dict[int, Membership]:
        """Everybody who gives help in one of the directions, by number."""
        return {one.person.pk: one.person for one in self.services}

    @cached_property
    def bookings(self) -> list[Engagement]:
        """Consultations and seminars, in one query."""
        start, end = self._midnight(self.today), self._midnight(self.last_shown + timedelta(days=1))
        return engagements_between(self.teacher, start, end)

    @cached_property
    def closures(self) -> list[Closure]:
        return list(Closure.objects.visible_to(self.teacher).touching(self.today, self.last_shown))

    # --- Answers

    def specialists(self, direction: Direction, *, on: date | None = None) -> list[Membership]:
        """Who gives help in a direction, on one day or at any time that may be booked; never the teacher."""
        found = {
            one.person.pk: one.person
            for one in self.services_in(direction)
            if (on is None or one.covers(on)) and one.person.pk != self.teacher.pk
        }
        return list(found.values())

    def holders(self, direction: Direction) -> list[Membership]:
        """Today's people of the direction, the one who looks included."""
        services = self.services_in(direction)
        return list({one.person.pk: one.person for one in services if one.covers(self.today)}.values())

    def times(
        self,
        direction: Direction,
        first: date,
        last: date,
        *,
        specialist: int | None = None,
        heed_bookings: bool = True,
    ) -> list[FreeTime]:
        """Every free time from the first to the last day; without `heed_bookings`, by the hours alone."""
        given = self._given(direction, specialist, heed_bookings=heed_bookings)
        return free_times(self._hours(direction, specialist), self.rules(direction), days=(first, last), **given)

    def days(self, direction: Direction, first: date, last: date, specialist: int | None = None) -> list[DayOverview]:
        given = self._given(direction, specialist)
        return days_overview(self._hours(direction, specialist), self.rules(direction), days=(first, last), **given)

    def one_per_start(self, times: Iterable[FreeTime]) -> list[FreeTime]:
        """ "Anyone free" is the one with the fewest consultations ahead."""
        return one_per_start(list(times), Counter(one.specialist_id for one in self.bookings))

    def nearest(self, direction: Direction, wanted: datetime, count: int = 3) -> list[FreeTime]:
        """The free times nearest to `wanted`, looked for from a week before to two weeks after."""
        day = localdate(wanted, self.zone)
        found = self.times(direction, day - timedelta(days=7), day + timedelta(days=DAYS_SHOWN))
        if not found:
            found = self.times(direction, self.today, self.rules(direction).horizon(self.today))
        return nearest(self.one_per_start(found), wanted, count)

    def next(self, direction: Direction, specialist: int | None = None) -> FreeTime | None:
        """The next free time; days are looked at in growing portions, because most often today has one."""
        first, horizon, portion = self.today, self.rules(direction).horizon(self.today), 2
        while first <= horizon:
            last = min(first + timedelta(days=portion - 1), horizon)
            if found := self.times(direction, first, last, specialist=specialist):
                return self.one_per_start(found)[0]
            first, portion = last + timedelta(days=1), portion * 3
        return None

    def offer(self, direction: Direction) -> Offer:
        free = self.next(direction) if self.rows[direction].hours else None
        return Offer(direction, free, "" if free else self.why_nothing(direction))

    def why_nothing(self, direction: Direction) -> str:
        """In words, why no time of a direction can be booked."""
        row = self.rows[direction]
        if not self.services_in(direction):
            return _("nobody is appointed to give this help")
        if not self.specialists(direction):
            return _("you give this help yourself")
        if not row.hours:
            return _("by agreement") if direction.is_on_demand else _("the hours are not set in the schedule")
        rules = self.rules(direction)
        horizon = rules.horizon(self.today)
        if horizon < self.today:
            return _("the school year of the order is over")
        days = self.days(direction, self.today, horizon)
        until = said_day(horizon)
        if any(one.reason == "all_taken" for one in days):
            return _("everything is taken until {day}").format(day=until)
        reasons = [one.words for one in days if one.reason == "closed" and one.words != _("day off")]
        if reasons:
            return _("no consultations until {day}: {reason}").format(
                day=until, reason=Counter(reasons).most_common(1)[0][0]
            )
        return _("no consultations until {day}").format(day=until)

    def names(self, member: Membership) -> bool:
        """Whether the schedule names a member by name."""
        return any(member.pk in row.named for row in self.rows.values())

    def services_in(self, direction: Direction) -> list[Service]:
        row = self.rows[direction]
        return [one for one in self.services if (one.role in row.roles if one.role else one.person.pk in row.named)]

    def rules(self, direction: Direction) -> Rules:
        return Rules(
            slot_minutes=direction.slot_minutes,
            gap_minutes=direction.gap_minutes,
            notice_minutes=direction.notice_minutes,
            horizon_days=direction.horizon_days,
            last_day=direction.schedule.order.school_year.ends_on,
        )

    def closed(self, direction: Direction, day: date) -> str:
        """Why there is no consultation that day, in words; "" when there may be."""
        reason = self.closed_school(day)
        if reason == WEEKEND and day.isoweekday() not in self.rows[direction].named_weekdays:
            return _("day off")
        if reason and reason != WEEKEND:
            return reason
        if direction.room_id and (words := self._closed_for.get((None, direction.room_id), {}).get(day)):
            return _("the room is closed: {reason}").format(reason=words)
        specialists = self.specialists(direction, on=day)
        if not specialists:
            return _("nobody is appointed for this day")
        away = [self._closed_for.get((one.pk, None), {}).get(day) for one in specialists]
        return _("the specialist is away: {reason}").format(reason=away[0]) if all(away) else ""

    def closed_school(self, day: date) -> str:
        """Why the school does not work that day, WEEKEND for an ordinary day off."""
        reason = closed_reason(
            day, working_week=self.school.working_week, closures=self._closed_for.get((None, None), {})
        )
        return pgettext("school", "closed") if reason == "closure" else reason

    def closed_words(self, day: date) -> str:
        """Why the school does not work that day, in words."""
        reason = self.closed_school(day)
        return _("day off") if reason == WEEKEND else reason

    # --- Inside

    @cached_property
    def _closed_for(self) -> Mapping[tuple[int | None, int | None], dict[date, str]]:
        """(specialist, room) -> day -> reason; (None, None) is the whole school."""
        found: dict[tuple[int | None, int | None], dict[date, str]] = {}
        for one in self.closures:
            first, last = max(one.first_on, self.today), min(one.last_on, self.last_shown)
            days = each_day(first, last, one.reason)
            found.setdefault((one.specialist_id, one.room_id), {}).update(days)
        return found

    def _hours(self, direction: Direction, specialist: int | None) -> list[WeeklyHours]:
        row = self.rows[direction]
        # «Ежедневно» beside a named Saturday means the other days.
        every_day = EVERY_DAY - (row.named_weekdays & {6, 7})
        return [
            WeeklyHours(
                specialist=one.pk,
                starts=starts,
                ends=ends,
                weekdays=frozenset({weekday}) if weekday else every_day,
                weeks=frozenset(int(number) for number in weeks.replace(" ", "").split(",") if number),
            )
            for one in self.specialists(direction)
            if specialist in (None, one.pk)
            for weekday, starts, ends, weeks in sorted(row.hours)
        ]

    def _given(self, direction: Direction, specialist: int | None, *, heed_bookings: bool = True) -> dict[str, object]:
        people = [one for one in self.specialists(direction) if specialist in (None, one.pk)]
        busy = {one.pk: self._away(direction, one) for one in people}
        room_busy, teacher_busy = [], []
        for one in self.bookings if heed_bookings else ():
            span = Busy(one.starts_at, one.ends_at)
            for person in {one.specialist_id, one.teacher_id}:  # a specialist may be another's teacher
                if person in busy:
                    busy[person].append(span)
                if person == self.teacher.pk:
                    teacher_busy.append(span)
            if one.room_id and one.room_id == direction.room_id:
                places = [one.room_place] if one.room_place else range(1, direction.room.places + 1)
                room_busy.extend((place, span) for place in places)
        return {
            "now": self.at,
            "zone": self.zone,
            "closed": lambda day: self.closed(direction, day),
            "busy": busy,
            "room_busy": room_busy,
            "room_places": direction.room.places if direction.room else 0,
            "teacher_busy": teacher_busy,
        }

    def _away(self, direction: Direction, person: Membership) -> list[Busy]:
        """The days on which a specialist does not serve: before and after the appointment, and their own closures."""
        served = [one for one in self.services_in(direction) if one.person.pk == person.pk]
        closed = {
            day
            for (who, _room), days in self._closed_for.items()
            if who == person.pk and _room in (None, direction.room_id)
            for day in days
        }
        return [
            Busy(self._midnight(day), self._midnight(day + timedelta(days=1)))
            for day in each_day(self.today, self.last_shown, "")
            if day in closed or not any(one.covers(day) for one in served)
        ]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone)


def next_free_times(member: Membership, at: datetime) -> list[Offer]:
    """The next free time of each direction in force, as (direction, time or None, reason in words); four queries."""
    availability = Availability(Direction.objects.all(), teacher=member, at=at)
    return [availability.offer(direction) for direction in availability.directions]
