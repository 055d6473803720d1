"""What the calendar of the school says against a seminar: a closed day, a lesson or an absence of its leader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.timezone import localtime

from ejournal_rollout.people.models import Membership, School

from .busy import Engagements
from .models import CalendarChange, Seminar
from .school_calendar import SchoolCalendar

REASON_LENGTH = 300


class SeminarDays:
    """The days of a school from `first` to `last`, both inside; three queries, those about the leaders at need."""

    def __init__(self, school: School, first: date, last: date) -> None:
        self.zone = school.zone
        self.changes = list(CalendarChange.objects.filter(school=school).touching(first, last))
        self.calendar = SchoolCalendar(school, self.changes, first, last)
        self.engagements = Engagements(school, first, last, calendar=self.calendar)

    @classmethod
    def of(cls, seminars: Sequence[Seminar]) -> SeminarDays:
        """The days of one or more seminars of a school."""
        [school] = {one.school for one in seminars}
        days = [localtime(one.starts_at, school.zone).date() for one in seminars]
        return cls(school, min(days), max(days))

    def why_closed(self, seminar: Seminar, leaders: Iterable[Membership]) -> str:
        """In words, what the days say against it, be the leaders free or not; "" where nothing does."""
        starts, ends = (localtime(moment, self.zone) for moment in (seminar.starts_at, seminar.ends_at))
        day = starts.date()
        scope = {"direction": seminar.direction_id, "room": seminar.room_id}
        reasons = []
        for one in self.changes:
            people = {one.specialist_id} & {person.pk for person in leaders}
            concerned = one.concerns(specialist=next(iter(people), None), **scope)
            if concerned and one.closes(day, starts.time(), ends.time()):
                reasons.append(one.reason)
        return joined([*reasons, self.calendar.why_closed(day)])

    def why_not(self, seminar: Seminar, leaders: Iterable[Membership]) -> str:
        """The same, and which leader has a lesson then or is absent."""
        leaders = list(leaders)
        away = [f"{one.name}: {words}" for one in leaders for words in self._why_away(one, seminar)]
        return joined([self.why_closed(seminar, leaders), *away])

    def _why_away(self, leader: Membership, seminar: Seminar) -> list[str]:
        day = localtime(seminar.starts_at, self.zone).date()
        met = self.engagements.away(leader.pk, day, day)
        return [one.kind.words for one in met if one.starts_at < seminar.ends_at and seminar.starts_at < one.ends_at]


def joined(reasons: Iterable[str]) -> str:
    """Each once, as long as the field that keeps them; without full stops, for they stand in sentences."""
    return "; ".join(dict.fromkeys(one.rstrip(". ") for one in reasons if one))[:REASON_LENGTH]
