"""Is the school open on the days of a plan? The plan itself does not know the calendar of consultations."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consultations.models import Closure
from consultations.working_days import WEEKEND, closed_reason, each_day, next_working_day
from ejournal_rollout.people.models import School

LONGEST_HOLIDAY = timedelta(days=150)


class SchoolDays:
    """The working days of a school around `days`, with its closures: one query. Closed rooms say nothing here."""

    def __init__(self, school: School, days: Iterable[date]) -> None:
        self._week = school.working_week
        self._closures: dict[date, str] = {}
        days = sorted(days)
        if days:
            closed = Closure.objects.filter(school=school, room=None, specialist=None)
            for one in closed.touching(days[0], days[-1] + LONGEST_HOLIDAY):
                self._closures |= each_day(one.first_on, one.last_on, one.reason)

    def why_closed(self, day: date) -> str:
        """In words; "" on a working day."""
        reason = closed_reason(day, working_week=self._week, closures=self._closures)
        return {WEEKEND: _("day off"), "closure": pgettext("school", "closed")}.get(reason, reason)

    def next_open(self, day: date) -> date:
        """The first working day after `day`; `day` itself where there is none for a year."""
        try:
            return next_working_day(day, working_week=self._week, closures=self._closures)
        except ValueError:
            return day
