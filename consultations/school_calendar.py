"""The one calendar of a school, for consultations, checks and terms of answers: its week, holidays, own changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.people.models import School

from .models import CalendarChange
from .working_days import WEEKEND, closed_reason, each_day, next_working_day


class SchoolCalendar:
    """Which days from `first` to `last`, both inside, the school works; outside of them its changes are not known.

    `changes` may hold those of rooms, directions and specialists too: they say nothing of the school.
    """

    def __init__(self, school: School, changes: Iterable[CalendarChange], first: date, last: date) -> None:
        self._week = school.working_week
        self.closures: dict[date, str] = {}
        self._without_lessons: set[date] = set()
        self._openings: dict[date, int | None] = {}
        for one in changes:
            if not one.is_of_school:
                continue
            days = each_day(max(one.first_on, first), min(one.last_on, last), one.because)
            if one.closes_days:
                self.closures |= days
            elif one.kind == CalendarChange.Kind.WORKING:
                self._openings |= dict.fromkeys(days, one.as_weekday)
            if one.is_without_lessons:
                self._without_lessons |= days.keys()

    @classmethod
    def of(cls, school: School, first: date, last: date) -> SchoolCalendar:
        """Read by one query."""
        changes = CalendarChange.objects.filter(school=school).of_school().touching(first, last)
        return cls(school, changes, first, last)

    @property
    def worked_as(self) -> dict[date, int]:
        """Days that go by the timetable of another weekday."""
        return {day: weekday for day, weekday in self._openings.items() if weekday}

    def weekday(self, day: date) -> int:
        """By which weekday the day goes, 1 is Monday."""
        return self._openings.get(day) or day.isoweekday()

    def reason(self, day: date) -> str:
        """Why the school does not work, WEEKEND for an ordinary day off; "" when it does."""
        reason = closed_reason(day, working_week=self._week, closures=self.closures, openings=self._openings)
        return pgettext("school", "closed") if reason == "closure" else reason

    def why_closed(self, day: date) -> str:
        """The same in words."""
        reason = self.reason(day)
        return _("day off") if reason == WEEKEND else reason

    def has_lessons(self, day: date) -> bool:
        return day not in self._without_lessons and not self.reason(day)

    def next_open(self, day: date) -> date:
        """The first working day after `day`; `day` itself where there is none for a year."""
        try:
            return next_working_day(day, working_week=self._week, closures=self.closures, openings=self._openings)
        except ValueError:
            return day
