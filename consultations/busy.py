"""When people and rooms are busy: the one place that is asked. Consultations, seminars, own lessons, absences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from ejournal_rollout.people.models import School

from .models import Absence, Booking, Lesson, Meeting, Seminar
from .models.absences import by_person, stand_in
from .school_calendar import SchoolCalendar


class Kind(StrEnum):
    BOOKING = "booking"
    SEMINAR = "seminar"
    LESSON = "lesson"
    ABSENCE = "absence"

    @property
    def words(self) -> str:
        """As teachers read it: nobody's name, no question, no illness."""
        match self:
            case Kind.LESSON:
                return _("the specialist has a lesson")
            case Kind.ABSENCE:
                return _("the specialist is absent")
        return _("taken")


class Engagement(NamedTuple):
    """[starts_at, ends_at), aware.

    `place` is the place in a room; None in the times of people, and where a seminar takes the whole room.
    """

    starts_at: datetime
    ends_at: datetime
    kind: Kind
    place: int | None = None


class Engagements:
    """What the people and rooms of a school are busy with from `first` to `last`, both inside.

    Read at need, a query each: bookings up to `last_booked` and without `but`, with the seminars; lessons; absences.
    """

    def __init__(
        self,
        school: School,
        first: date,
        last: date,
        *,
        calendar: SchoolCalendar,
        last_booked: date | None = None,
        but: Booking | None = None,
    ) -> None:
        self.school, self.zone, self.calendar = school, school.zone, calendar
        self.first, self.last, self.last_booked, self.but = first, last, last_booked or last, but

    # --- What is read

    @cached_property
    def _meetings(self) -> list[Meeting]:
        of_school = Booking.objects.filter(direction__schedule__order__school=self.school).live()
        bookings = of_school.between(*self._span(self.first, self.last_booked))
        bookings = bookings.exclude(pk=self.but.pk if self.but else None).engagements()
        seminars = Seminar.objects.of_school(self.school.pk).live().between(*self._span(self.first, self.last))
        return [Meeting(*row) for row in bookings.union(seminars.engagements(), all=True)]

    @cached_property
    def bookings(self) -> list[Meeting]:
        return [one for one in self._meetings if one.pk is not None]

    @cached_property
    def seminars(self) -> list[Meeting]:
        """Whom seminars take, and their rooms, once for each person."""
        return [one for one in self._meetings if one.pk is None]

    @cached_property
    def _lessons(self) -> dict[int, dict[int, list[Lesson]]]:
        """By person, then by weekday."""
        found: dict[int, dict[int, list[Lesson]]] = {}
        of_school = Lesson.objects.filter(specialist__school=self.school)
        for one in of_school.touching(self.first, self.last).order_by("starts", "pk"):
            found.setdefault(one.specialist_id, {}).setdefault(one.weekday, []).append(one)
        return found

    @cached_property
    def absences(self) -> dict[int, list[Absence]]:
        """By the number of the one who is absent."""
        return by_person(Absence.objects.of_school(self.school.pk).touching(self.first, self.last).with_people())

    def without(self, booking: Booking) -> Engagements:
        """The same as if a consultation were not booked; all is read once for any count of such copies."""
        _read = self._meetings, self._lessons, self.absences
        rest = copy(self)
        rest.but, rest.bookings = booking, [one for one in self.bookings if one.pk != booking.pk]
        return rest

    # --- Answers

    def of_people(self, first: date, last: date, *, people: Iterable[int] | None = None) -> dict[int, list[Engagement]]:
        """By the number of the person; of all whom the school knows busy, or of `people`."""
        wanted = None if people is None else set(people)
        found: dict[int, list[Engagement]] = {}
        start, end = self._span(first, last)
        for one in self.bookings:
            if one.starts_at < end and start < one.ends_at:
                for person in {one.specialist_id, one.teacher_id}:
                    found.setdefault(person, []).append(Engagement(one.starts_at, one.ends_at, Kind.BOOKING))
        for one in self.seminars:
            if one.starts_at < end and start < one.ends_at:
                found.setdefault(one.teacher_id, []).append(Engagement(one.starts_at, one.ends_at, Kind.SEMINAR))
        for person in self._lessons.keys() | self.absences.keys():
            if wanted is None or person in wanted:
                found.setdefault(person, []).extend(self.away(person, first, last))
        return found if wanted is None else {person: found.get(person, []) for person in wanted}

    def of_rooms(self, first: date, last: date) -> dict[int, list[Engagement]]:
        """By the number of the room."""
        found: dict[int, list[Engagement]] = {}
        start, end = self._span(first, last)
        for one in self.bookings:
            if one.room_id and one.starts_at < end and start < one.ends_at:
                taken = Engagement(one.starts_at, one.ends_at, Kind.BOOKING, one.room_place)
                found.setdefault(one.room_id, []).append(taken)
        for room, starts_at, ends_at in {(one.room_id, one.starts_at, one.ends_at) for one in self.seminars}:
            if room and starts_at < end and start < ends_at:
                found.setdefault(room, []).append(Engagement(starts_at, ends_at, Kind.SEMINAR))
        return found

    def away(self, person: int, first: date, last: date) -> list[Engagement]:
        """Lessons and absences of a person."""
        if person not in self._lessons and person not in self.absences:
            return []
        return [one for day in days_between(first, last) for one in self._away_on(person, day)]

    def is_absent(self, person: int, day: date) -> bool:
        return any(one.covers(day) for one in self.absences.get(person, ()))

    def stand_in(self, person: int, day: date) -> int | None:
        """Who is there instead of a person that day; None: nobody."""
        return stand_in(person, day, self.absences)

    # --- Inside

    def _away_on(self, person: int, day: date) -> Sequence[Engagement]:
        if self.is_absent(person, day):
            return [Engagement(*self._span(day, day), Kind.ABSENCE)]
        weekday = self.calendar.weekday(day)
        lessons = self._lessons.get(person, {}).get(weekday)
        if not lessons or not self.calendar.has_lessons(day):
            return []
        return [
            Engagement(self._moment(day, one.starts), self._moment(day, one.ends), Kind.LESSON)
            for one in lessons
            if one.is_given_on(day, weekday)
        ]

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)

    def _span(self, first: date, last: date) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day."""
        return self._moment(first, time(0)), self._moment(last + timedelta(days=1), time(0))


def busy_of_people(school: School, since: date, until: date) -> dict[int, list[Engagement]]:
    """When each member of staff is busy from a day to a day, both inside; four queries."""
    calendar = SchoolCalendar.of(school, since, until)
    return Engagements(school, since, until, calendar=calendar).of_people(since, until)


def busy_of_rooms(school: School, since: date, until: date) -> dict[int, list[Engagement]]:
    """When the places of each room are taken from a day to a day, both inside."""
    calendar = SchoolCalendar(school, (), since, until)
    return Engagements(school, since, until, calendar=calendar).of_rooms(since, until)


def days_between(first: date, last: date) -> list[date]:
    """Each day from the first to the last, both included."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
