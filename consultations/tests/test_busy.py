"""One place tells when people and rooms are busy."""

from datetime import date, time

import pytest

from consultations.busy import Kind, busy_of_people, busy_of_rooms
from consultations.models import Absence, Booking, CalendarChange, Lesson
from consultations.operations import book_consultation, cancel_booking
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, FRIDAY = (date(2026, 11, day) for day in (23, 24, 27))


def booked(direction, teacher, when) -> Booking:
    return book_consultation(
        direction, specialist=None, starts_at=moscow(when), teacher=teacher, question="?", by=teacher, at=NOW
    )


def week(specialist) -> list[tuple[str, str]]:
    """What the person is busy with from Monday to Friday: («24.11 10:00», kind)."""
    found = busy_of_people(specialist.school, MONDAY, FRIDAY).get(specialist.pk, [])
    zone = specialist.school.zone
    return sorted((f"{one.starts_at.astimezone(zone):%d.%m %H:%M}", str(one.kind)) for one in found)


def test_a_person_is_busy_with_consultations_lessons_and_absences(direction, specialist, teacher):
    booked(direction, teacher, "24.11.2026 10:00")
    cancel_booking(booked(direction, teacher, "24.11.2026 11:00"), by=teacher, at=NOW)
    booked(direction, teacher, "30.11.2026 10:00")  # after the span
    Lesson.objects.create(
        specialist=specialist, weekday=2, starts=time(8), ends=time(9), first_on=MONDAY, last_on=FRIDAY
    )
    Absence.objects.create(specialist=specialist, first_on=FRIDAY, last_on=date(2026, 12, 4))

    assert week(specialist) == [
        ("24.11 08:00", Kind.LESSON), ("24.11 10:00", Kind.BOOKING), ("27.11 00:00", Kind.ABSENCE)
    ]  # fmt: skip
    assert week(teacher) == [("24.11 10:00", Kind.BOOKING)]


def test_lessons_of_a_day_without_lessons_are_not_busy_time(specialist, school):
    Lesson.objects.create(
        specialist=specialist, weekday=2, starts=time(8), ends=time(9), first_on=MONDAY, last_on=FRIDAY
    )
    CalendarChange.objects.create(school=school, first_on=TUESDAY, last_on=TUESDAY, reason="Карантин")

    assert week(specialist) == []


def test_a_room_is_busy_place_by_place_and_of_another_school_nothing_is_told(direction, specialist, teacher, school):
    direction.room.places = 2
    direction.room.save()
    MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    for person in (teacher, MembershipFactory(school=school)):
        booked(direction, person, "24.11.2026 10:00")
    other = MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    booked(DirectionFactory(school=other.school), MembershipFactory(school=other.school), "24.11.2026 10:00")

    found = busy_of_rooms(school, MONDAY, FRIDAY)

    assert found.keys() == {direction.room_id}
    assert [one.place for one in found[direction.room_id]] == [1, 2]
    assert other.pk not in busy_of_people(school, MONDAY, FRIDAY)


@pytest.mark.parametrize("people", [1, 30])
def test_any_count_of_people_costs_four_queries(school, people, django_assert_num_queries):
    for _person in range(people):
        one = MembershipFactory(school=school)
        Lesson.objects.create(specialist=one, weekday=2, starts=time(8), ends=time(9), first_on=MONDAY, last_on=FRIDAY)
        Absence.objects.create(specialist=one, first_on=FRIDAY, last_on=FRIDAY)

    with django_assert_num_queries(4):
        found = busy_of_people(school, MONDAY, FRIDAY)

    assert [len(one) for one in found.values()] == [2] * people
