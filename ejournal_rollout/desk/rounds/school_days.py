"""Is the school open on the days of a plan? The plan itself does not know the calendar of consultations."""

from collections.abc import Iterable
from datetime import date, timedelta

from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.people.models import School

LONGEST_HOLIDAY = timedelta(days=150)


def school_days(school: School, days: Iterable[date]) -> SchoolCalendar:
    """The working days of a school around `days`, with its own changes: one query, none without days."""
    days = sorted(days)
    if not days:
        return SchoolCalendar(school, (), date.max, date.min)
    return SchoolCalendar.of(school, days[0], days[-1] + LONGEST_HOLIDAY)
