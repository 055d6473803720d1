"""The answers: which times of a direction are free, and in words why none is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership

from ..busy import Engagements, Kind, days_between
from ..free_times import (
    EVERY_DAY,
    Away,
    Busy,
    DayOverview,
    ExtraHours,
    FreeTime,
    Known,
    Rules,
    WeeklyHours,
    days_overview,
    free_times,
    is_within,
    nearest,
    one_per_start,
)
from ..models import Booking, CalendarChange, Direction, DirectionQuerySet
from ..moments import said_day
from ..school_calendar import SchoolCalendar
from ..working_days import WEEKEND
from .offers import Offer
from .reading import Row, Service, rows_of, services_of, services_of_deputies

DAYS_SHOWN = 14  # two weeks in a row


class Opening(NamedTuple):
    """A time that cannot be booked yet, and the day from which it can."""

    time: FreeTime
    opens_on: date


class Availability:
    """Free times of `directions` at the moment `at`, as the teacher sees them.

    All of it is read at once, seven queries: the directions with roles and hours, who serves in them when, changes of
    the calendar, live bookings, seminars, lessons, absences. Only directions of the order in force; nobody gives a
    consultation to themselves.
    """

    def __init__(
        self, directions: DirectionQuerySet, *, teacher: Membership, at: datetime, moved: Booking | None = None
    ) -> None:
        """`moved` is a consultation that gives up its own time for another: that time counts as free."""
        self.teacher, self.at, self.school, self.moved = teacher, at, teacher.school, moved
        self._services_in: dict[Direction, list[Service]] = {}
        self.zone = self.school.zone
        self.today = localdate(at, self.zone)
        self.rows = rows_of(directions.visible_to(teacher).in_force())
        self.last = max((self.rules(one).horizon(self.today) for one in self.rows), default=self.today)
        # The strip of days may begin later than today and ends two weeks after.
        self.last_shown = max(self.last, self.today) + timedelta(days=DAYS_SHOWN)
        # The calendar is known to the end of the school year: "when next" is asked beyond the horizon too.
        self.last_known = max((self.rules(one).last_day for one in self.rows), default=self.today)
        self.last_known = max(self.last_known, self.last_shown)

    @property
    def directions(self) -> list[Direction]:
        return list(self.rows)

    # --- What is read

    @cached_property
    def changes(self) -> list[CalendarChange]:
        return list(CalendarChange.objects.visible_to(self.teacher).touching(self.today, self.last_known).with_scope())

    @cached_property
    def calendar(self) -> SchoolCalendar:
        return SchoolCalendar(self.school, self.changes, self.today, self.last_known)

    @cached_property
    def engagements(self) -> Engagements:
        return Engagements(
            self.school,
            self.today,
            self.last_known,
            calendar=self.calendar,
            last_booked=self.last_shown,
            but=self.moved,
        )

    @cached_property
    def services(self) -> list[Service]:
        own = services_of(self.rows.values(), self.teacher, self.today, self.last_known)
        return own + services_of_deputies(own, self.engagements)

    @cached_property
    def people(self) -> dict[int, Membership]:
        """Everybody who gives help in one of the directions, by number."""
        return {one.person.pk: one.person for one in self.services}

    # --- Answers

    def specialists(self, direction: Direction, *, on: date | None = None) -> list[Membership]:
        """Who gives help in a direction, on one day or at any time that may be booked; never the teacher."""
        found = {
            one.person.pk: one.person
            for one in self.services_in(direction)
            if (on is None or one.covers(on)) and one.person.pk != self.teacher.pk
        }
        return list(found.values())

    def open_in(self, direction: Direction) -> list[Booking]:
        """What the teacher has ahead in a direction, as far as times are offered."""
        own = [one for one in self.engagements.bookings if one.teacher_id == self.teacher.pk and one.ends_at > self.at]
        return [one for one in own if one.direction_id == direction.pk]

    def holders(self, direction: Direction) -> list[Membership]:
        """Today's people of the direction, the one who looks included; a deputy instead of an absent one."""
        services = [one for one in self.services_in(direction) if one.covers(self.today)]
        found = {one.person.pk: one.person for one in services}
        return [one for one in found.values() if not self.engagements.is_absent(one.pk, self.today)]

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
        known = self._known(direction, specialist, (first, last), heed_bookings=heed_bookings)
        return free_times(self._hours(direction, specialist), self.rules(direction), days=(first, last), **known)

    def days(self, direction: Direction, first: date, last: date, specialist: int | None = None) -> list[DayOverview]:
        known = self._known(direction, specialist, (first, last))
        return days_overview(self._hours(direction, specialist), self.rules(direction), days=(first, last), **known)

    def one_per_start(self, times: Iterable[FreeTime]) -> list[FreeTime]:
        """ "Anyone free" has the fewest consultations ahead; one who cannot sign in is chosen if no other is free.

        What is moved stays with its specialist.
        """
        strangers = {one.pk for one in self.strangers(self.people.values())}
        load = Counter(one.specialist_id for one in self.engagements.bookings)
        if self.moved:
            load[self.moved.specialist_id] = -1
            strangers.discard(self.moved.specialist_id)
        return one_per_start(list(times), load, strangers)

    def strangers(self, people: Iterable[Membership]) -> list[Membership]:
        """Those who cannot sign in: of a consultation they hear from people only, and pages say so."""
        return [one for one in people if not (one.user.is_active and one.user.has_usable_password())]

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

    def opening(self, direction: Direction, specialist: int | None = None) -> Opening | None:
        """The first time after the horizon, of which the hours of this school year are known."""
        rules = self.rules(direction)
        far = replace(rules, horizon_days=max((rules.last_day - self.today).days, 0))
        hours = self._hours(direction, specialist)
        first, portion = max(rules.horizon(self.today), self.today) + timedelta(days=1), DAYS_SHOWN
        while first <= rules.last_day:
            days = first, min(first + timedelta(days=portion - 1), rules.last_day)
            if found := free_times(hours, far, days=days, **self._known(direction, specialist, days)):
                return Opening(found[0], found[0].starts_at.date() - timedelta(days=rules.horizon_days))
            first, portion = days[1] + timedelta(days=1), portion * 2
        return None

    def offer(self, direction: Direction) -> Offer:
        free = self.next(direction) if self.rows[direction].hours else None
        return Offer(direction, free, "" if free else self.why_nothing(direction))

    def why_nothing(self, direction: Direction) -> str:
        """In words, why no time of a direction can be booked, and when the next one is."""
        reason = self._why_nothing(direction)
        if not self.specialists(direction) or not self.rows[direction].hours:
            return reason
        if opening := self.opening(direction):
            return _("{reason}; the next time is {day}, it can be booked from {opens_on}").format(
                reason=reason, day=said_day(opening.time.starts_at.date()), opens_on=said_day(opening.opens_on)
            )
        return _("{reason}; there is no other time in this school year").format(reason=reason)

    def _why_nothing(self, direction: Direction) -> str:
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
        reasons = [one.words for one in days if one.reason in ("closed", "away") and one.words != _("day off")]
        if reasons:
            return _("no consultations until {day}: {reason}").format(
                day=until, reason=Counter(reasons).most_common(1)[0][0]
            )
        return _("no consultations until {day}").format(day=until)

    def names(self, member: Membership) -> bool:
        """Whether the schedule names a member by name."""
        return any(member.pk in row.named for row in self.rows.values())

    def services_in(self, direction: Direction) -> list[Service]:
        if direction not in self._services_in:
            self._services_in[direction] = self._find_services(self.rows[direction])
        return self._services_in[direction]

    def _find_services(self, row: Row) -> list[Service]:
        return [one for one in self.services if (one.role in row.roles if one.role else one.named in row.named)]

    def rules(self, direction: Direction) -> Rules:
        return Rules(
            slot_minutes=direction.slot_minutes,
            gap_minutes=direction.gap_minutes,
            notice_minutes=direction.notice_minutes,
            horizon_days=direction.horizon_days,
            last_day=direction.schedule.order.school_year.ends_on,
        )

    def closed(self, direction: Direction, day: date) -> str:
        """Why nobody gives a consultation that day, extra hours or not, in words; "" when somebody may."""
        if day in self.calendar.closures:
            return self.calendar.why_closed(day)
        for one in self.changes:
            if one.closes_days and one.covers(day) and not one.specialist_id:
                if one.room_id and one.room_id == direction.room_id:
                    return _("the room is closed: {reason}").format(reason=one.reason)
                if one.direction_id == direction.pk:
                    return one.reason
        return "" if self.specialists(direction, on=day) else _("nobody is appointed for this day")

    def day_off(self, direction: Direction, day: date) -> str:
        """Why the weekly hours do not count that day, in words; the order may name a Saturday."""
        if self.calendar.reason(day) == WEEKEND and day.isoweekday() in self.rows[direction].named_weekdays:
            return ""
        return self.calendar.why_closed(day)

    def why_not(
        self, direction: Direction, starts_at: datetime, ends_at: datetime, *, specialist: int | None = None
    ) -> str:
        """In words, why by the calendar nobody, or not this specialist, gives a consultation in [starts_at, ends_at);
        "" when it may be given."""
        day = localdate(starts_at, self.zone)
        if words := self.closed(direction, day):
            return words
        people = [one for one in self.specialists(direction, on=day) if specialist in (None, one.pk)]
        if not people:
            return _("the specialist is not appointed for this day")
        away = [self._away(direction, one, day, day) for one in people]
        met = [[one for one in spans if one.starts_at < ends_at and starts_at < one.ends_at] for spans in away]
        if met and all(met):
            return met[0][0].words
        is_opened = any(one.opens and one.first_on == day for one in self._extra(direction, people))
        return "" if is_opened else self.day_off(direction, day)

    def outside_hours(self, direction: Direction, starts_at: datetime, ends_at: datetime, *, specialist: int) -> str:
        """In words, that the hours of now do not hold [starts_at, ends_at); "" when they do, or all is by agreement."""
        if direction.is_on_demand and not self.rows[direction].hours:
            return ""
        people = [one for one in self.specialists(direction) if one.pk == specialist]
        span = [localtime(moment, self.zone) for moment in (starts_at, ends_at)]
        hours, extra = self._hours(direction, specialist), self._extra(direction, people)
        if is_within(hours, extra, *span, worked_as=self.calendar.worked_as):
            return ""
        return _("outside the hours of the schedule")

    def teaches(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the one who looks has a lesson of the own in [starts_at, ends_at)."""
        day = localdate(starts_at, self.zone)
        own = [one for one in self.engagements.away(self.teacher.pk, day, day) if one.kind == Kind.LESSON]
        return any(one.starts_at < ends_at and starts_at < one.ends_at for one in own)

    def notes(self, direction: Direction, day: date) -> list[str]:
        """What is unusual on a day on which consultations are given, in words."""
        own = [one.pk for one in self.specialists(direction, on=day)]
        known = {"direction": direction.pk, "room": direction.room_id}
        changes = [
            one
            for one in self.changes
            if one.covers(day) and any(one.concerns(specialist=person, **known) for person in own)
        ]
        said = [_("{change}: {reason}").format(change=one.said, reason=one.reason) for one in changes]
        for service in self.services_in(direction):
            if service.instead_of and service.covers(day):
                said.append(
                    _("{absent} is absent, {deputy} stands in").format(
                        absent=service.instead_of.name, deputy=service.person.name
                    )
                )
        return list(dict.fromkeys(said))

    def news(self) -> list[str]:
        """What is unusual in the days that one sees first, in words: changes of the calendar, then absences."""
        last = self.today + timedelta(days=DAYS_SHOWN - 1)
        said = [one.said_in_full for one in self.changes if one.first_on <= last]
        found = [one for absences in self.engagements.absences.values() for one in absences]
        absences = sorted(found, key=lambda one: (one.first_on, one.pk))
        return said + [
            one.said_in_full for one in absences if one.first_on <= last and one.specialist_id in self.people
        ]

    # --- Inside

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

    def _extra(self, direction: Direction, people: Iterable[Membership]) -> list[ExtraHours]:
        return [
            ExtraHours(person.pk, one.first_on, one.last_on, one.starts, one.ends, opens=one.first_on == one.last_on)
            for one in self.changes
            if one.kind == CalendarChange.Kind.EXTRA
            for person in people
            if one.concerns(direction=direction.pk, room=direction.room_id, specialist=person.pk)
        ]

    def _known(
        self, direction: Direction, specialist: int | None, days: tuple[date, date], *, heed_bookings: bool = True
    ) -> Known:
        first, last = max(days[0], self.today), min(days[1], self.last_known)
        people = [one for one in self.specialists(direction) if specialist in (None, one.pk)]
        teacher = [one for one in self.engagements.away(self.teacher.pk, first, last) if one.kind == Kind.LESSON]
        booked, rooms = self._booked if heed_bookings else ({}, {})
        places = direction.room.places if direction.room else 0
        return {
            "now": self.at,
            "zone": self.zone,
            "closed": lambda day: self.closed(direction, day),
            "days_off": lambda day: self.day_off(direction, day),
            "worked_as": self.calendar.worked_as,
            "extra": self._extra(direction, people),
            "away": {one.pk: self._away(direction, one, first, last) for one in people},
            "busy": {one.pk: booked.get(one.pk, ()) for one in people},
            "room_busy": [
                (each, span)
                for place, span in (rooms.get(direction.room_id, ()) if places else ())
                for each in ([place] if place else range(1, places + 1))
            ],
            "room_places": places,
            "teacher_busy": [
                *booked.get(self.teacher.pk, ()),
                *(Busy(one.starts_at, one.ends_at) for one in teacher),
            ],
        }

    @cached_property
    def _booked(self) -> tuple[dict[int, list[Busy]], dict[int | None, list[tuple[int | None, Busy]]]]:
        """Consultations and seminars by person, whether they give or take them, and by room: its place, None: all."""
        people: dict[int, list[Busy]] = {}
        rooms: dict[int | None, list[tuple[int | None, Busy]]] = {}
        for one in self.engagements.bookings:
            span = Busy(one.starts_at, one.ends_at)
            for person in {one.specialist_id, one.teacher_id}:
                people.setdefault(person, []).append(span)
            if one.room_id:
                rooms.setdefault(one.room_id, []).append((one.room_place, span))
        seminar_rooms = set()
        for one in self.engagements.seminars:
            span = Busy(one.starts_at, one.ends_at)
            people.setdefault(one.teacher_id, []).append(span)
            seminar_rooms.add((one.room_id, span))
        for room, span in seminar_rooms:
            rooms.setdefault(room, []).append((None, span))
        return people, rooms

    def _away(self, direction: Direction, person: Membership, first: date, last: date) -> list[Away]:
        """When a specialist of a direction gives no consultations in it, by whatever reason but a consultation."""
        served = [one for one in self.services_in(direction) if one.person.pk == person.pk]
        words = {kind: kind.words for kind in Kind}  # a word of the catalogue costs more than a lesson
        spans = [
            Away(one.starts_at, one.ends_at, words[one.kind]) for one in self.engagements.away(person.pk, first, last)
        ]
        for day in days_between(first, last):
            if not any(one.covers(day) for one in served):
                spans.append(Away(*self._span(day, time(0), None), _("the specialist is not appointed for this day")))
        for one in self.changes:
            hours = one.closed_hours()
            if hours and one.concerns(direction=direction.pk, room=direction.room_id, specialist=person.pk):
                spans += [
                    Away(*self._span(day, starts, ends), one.reason)
                    for day in days_between(max(first, one.first_on), min(last, one.last_on))
                    for starts, ends in hours
                ]
        return spans

    def _span(self, day: date, starts: time, ends: time | None) -> tuple[datetime, datetime]:
        """[starts, ends) of a day; without `ends`, to midnight."""
        end = datetime.combine(day, ends, tzinfo=self.zone) if ends else self._midnight(day + timedelta(days=1))
        return datetime.combine(day, starts, tzinfo=self.zone), end

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone)


def next_free_times(member: Membership, at: datetime) -> list[Offer]:
    """The next free time of each direction in force, as (direction, time or None, reason in words); seven queries."""
    availability = Availability(Direction.objects.all(), teacher=member, at=at)
    return [availability.offer(direction) for direction in availability.directions]
