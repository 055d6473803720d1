"""How long the free times of one direction take: thirty days, three specialists, lessons, a full schedule.

    python -m benchmarks.free_times

Makes a database of its own, as the tests do, and prints milliseconds of Python (the best of many runs); the goal is
below 20. It fails on nothing: another machine has other milliseconds.
"""

import os
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ejournal_rollout.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402

from consultations.availability import Availability  # noqa: E402
from consultations.models import Absence, Booking, CalendarChange, Direction, Lesson  # noqa: E402
from ejournal_rollout.people.roles import Role  # noqa: E402
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SchoolFactory  # noqa: E402

GOAL = 20
RUNS = 20
SPECIALISTS = 3
MONDAY = date(2026, 11, 23)


def full_school() -> tuple[Direction, Availability]:
    """A room of three places, thirty lessons a week of each specialist, two hundred consultations, some changes."""
    school = SchoolFactory()
    teacher = MembershipFactory(school=school)
    staff = [MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST]) for _one in range(SPECIALISTS)]
    direction = DirectionFactory(school=school, room=RoomFactory(school=school, places=SPECIALISTS))
    Lesson.objects.bulk_create(
        Lesson(
            specialist=one,
            weekday=number % 5 + 1,
            starts=clock(8 + number // 5, 30),
            ends=clock(9 + number // 5, 15),
            first_on=date(2026, 9, 1),
            last_on=date(2027, 5, 31),
        )
        for one in staff
        for number in range(30)
    )
    at = datetime(2026, 11, 23, 7, tzinfo=school.zone)
    for number in range(200):
        starts_at = at + timedelta(days=number % 25, hours=1 + number // 25 % 6, minutes=20 * (number // 150))
        Booking.objects.create(
            direction=direction,
            specialist=staff[number % SPECIALISTS],
            teacher=MembershipFactory(school=school),
            booked_by=teacher,
            room=direction.room,
            room_place=number % SPECIALISTS + 1,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=20),
            question="?",
        )
    Absence.objects.create(
        specialist=staff[0],
        first_on=date(2026, 12, 1),
        last_on=date(2026, 12, 4),
        deputy=MembershipFactory(school=school),
    )
    CalendarChange.objects.create(
        school=school,
        kind="shortened",
        first_on=date(2026, 12, 10),
        last_on=date(2026, 12, 11),
        ends=clock(12),
        reason="?",
    )
    return direction, Availability(Direction.objects.all(), teacher=teacher, at=at)


def best(act: Callable[[], object]) -> float:
    """Milliseconds of the quickest run."""
    spent = []
    for _run in range(RUNS):
        begun = time.perf_counter()
        act()
        spent.append(time.perf_counter() - begun)
    return min(spent) * 1000


def main() -> None:
    names = setup_databases(verbosity=0, interactive=False)
    try:
        direction, availability = full_school()
        with CaptureQueriesContext(connection) as queries:
            found = availability.times(direction, MONDAY, MONDAY + timedelta(days=29))
        print(f"{len(found)} free times of 30 days; read by {len(queries)} queries after the first")
        for words, act in (
            ("free times of 30 days", lambda: availability.times(direction, MONDAY, MONDAY + timedelta(days=29))),
            ("days with their reasons", lambda: availability.days(direction, MONDAY, MONDAY + timedelta(days=29))),
            ("the next free time", lambda: availability.next(direction)),
        ):
            spent = best(act)
            print(f"{words}: {spent:.1f} ms, {spent / GOAL:.2f} of the goal of {GOAL} ms")
    finally:
        teardown_databases(names, verbosity=0)


if __name__ == "__main__":
    main()
