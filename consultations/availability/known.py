"""What is known of Annex 3 when free times are asked: all is read once, and put as the pure `free_times` wants it."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Self

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership

from ..busy import Engagements, Kind, days_between
from ..free_times import EVERY_DAY, Away, Busy, ExtraHours, Known, Rules, WeeklyHours
from ..models import Booking, CalendarChange, Direction, DirectionQuerySet
from ..school_calendar import SchoolCalendar
from ..working_days import WEEKEND
from .reading import Row, Service, rows_of, services_of, services_of_deputies

DAYS_SHOWN = 14  # two weeks in a row


class KnownOfDirections:
    """The directions, who serves in them when, and what takes the people and the rooms; see `Availability`."""

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

    def seen_by(self, teacher: Membership, *, moved: Booking) -> Self:
        """The same as another teacher sees it whose consultation is `moved`; nothing is read a second time."""
        _read = self.changes, self.calendar, self.services
        seen = copy(self)
        seen.teacher, seen.moved = teacher, moved
        seen.__dict__.pop("_booked", None)
        seen.engagements = self.engagements.without(moved)
        return seen

    @property
    def directions(self) -> list[Direction]:
        return list(self.rows)

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

    def specialists(self, direction: Direction, *, on: date | None = None) -> list[Membership]:
        """Who gives help in a direction, on one day or at any time that may be booked; never the teacher."""
        found = {
            one.person.pk: one.person
            for one in self.services_in(direction)
            if (on is None or one.covers(on)) and one.person.pk != self.teacher.pk
        }
        return list(found.values())

    def offered(self, direction: Direction) -> list[tuple[Membership, list[date]]]:
        """Who may be chosen in a direction, up to its horizon; with the days of one who only stands in then."""
        days = days_between(self.today, self.rules(direction).horizon(self.today))
        found = []
        for person in self.specialists(direction):
            served = [one for one in self.services_in(direction) if one.person.pk == person.pk]
            covered = [day for day in days if any(one.covers(day) for one in served)]
            if covered:
                found.append((person, covered if all(one.instead_of for one in served) else []))
        return found

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
                    return _("the room is closed: {reason}").format(reason=one.because)
                if one.direction_id == direction.pk:
                    return one.because
        return "" if self.specialists(direction, on=day) else _("nobody is appointed for this day")

    def day_off(self, direction: Direction, day: date) -> str:
        """Why the weekly hours do not count that day, in words; the order may name a Saturday."""
        if self.calendar.reason(day) == WEEKEND and day.isoweekday() in self.rows[direction].named_weekdays:
            return ""
        return self.calendar.why_closed(day)

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
        self,
        direction: Direction,
        specialist: int | None,
        days: tuple[date, date],
        *,
        heed_bookings: bool = True,
        heed_away: bool = True,
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
            "away": {
                one.pk: self._away(
                    direction, one, first, last, is_alone=specialist is not None, heed_engagements=heed_away
                )
                for one in people
            },
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

    def _away(
        self,
        direction: Direction,
        person: Membership,
        first: date,
        last: date,
        *,
        is_alone: bool = True,
        heed_engagements: bool = True,
    ) -> list[Away]:
        """When a specialist of a direction gives no consultations in it, by whatever reason but a consultation; or,
        without `heed_engagements`, by what is closed and on days without an appointment."""
        return [
            *self._not_there(direction, person, first, last, is_alone=is_alone, heed_engagements=heed_engagements),
            *self._closed_hours(direction, person, first, last),
        ]

    def _not_there(
        self,
        direction: Direction,
        person: Membership,
        first: date,
        last: date,
        *,
        is_alone: bool = True,
        heed_engagements: bool = True,
    ) -> list[Away]:
        """Lessons, absences (both with `heed_engagements`) and the days on which a person is not appointed.

        Not being appointed is a reason of one who is asked alone; of several, those who are appointed have theirs.
        """
        served = [one for one in self.services_in(direction) if one.person.pk == person.pk]
        words = {kind: kind.words for kind in Kind}  # a word of the catalogue costs more than a lesson
        engaged = self.engagements.away(person.pk, first, last) if heed_engagements else ()
        spans = [Away(one.starts_at, one.ends_at, words[one.kind]) for one in engaged]
        reason = ""
        if is_alone:
            stands_in = bool(served) and all(one.instead_of for one in served)
            reason = _("stands in on other days") if stands_in else _("the specialist is not appointed for this day")
        for day in days_between(first, last):
            if not any(one.covers(day) for one in served):
                spans.append(Away(*self._span(day, time(0), None), reason))
        return spans

    def _closed_hours(self, direction: Direction, person: Membership, first: date, last: date) -> list[Away]:
        """What changes of the calendar take from a direction, its room or a person."""
        return [
            Away(*self._span(day, starts, ends), one.because)
            for one in self.changes
            if (hours := one.closed_hours())
            and one.concerns(direction=direction.pk, room=direction.room_id, specialist=person.pk)
            for day in days_between(max(first, one.first_on), min(last, one.last_on))
            for starts, ends in hours
        ]

    def _span(self, day: date, starts: time, ends: time | None) -> tuple[datetime, datetime]:
        """[starts, ends) of a day; without `ends`, to midnight."""
        end = datetime.combine(day, ends, tzinfo=self.zone) if ends else self._midnight(day + timedelta(days=1))
        return datetime.combine(day, starts, tzinfo=self.zone), end

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), tzinfo=self.zone)
