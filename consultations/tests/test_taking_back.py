"""A cancellation taken back within ten minutes, if the time is still there."""

from datetime import date, time

import pytest

from consultations.models import Booking, CalendarChange
from consultations.operations import (
    book_consultation,
    cancel_booking,
    may_restore,
    restore_booking,
)
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow
from .test_changing import MINUTE, book, code_of
from .test_lessons import lesson_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(school):
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Вторых")


@pytest.mark.parametrize(("ends", "code"), [(time(10, 20), None), (time(10, 21), "teacher_taken")])
def test_it_is_not_taken_back_into_a_lesson_of_the_teacher(direction, teacher, ends, code):
    made = book(direction, teacher)  # 10:20
    cancel_booking(made, by=teacher, at=NOW)
    lesson_of(teacher, starts=time(9, 30), ends=ends).save()

    if code:
        assert code_of(restore_booking, made, by=teacher, at=NOW + MINUTE) == code
    else:
        assert restore_booking(made, by=teacher, at=NOW + MINUTE).cancelled_at is None


def test_a_cancellation_taken_back_holds_as_before_and_both_hear_of_each_change(direction, teacher, specialist):
    made = book(direction, teacher)
    cancel_booking(made, by=teacher, at=NOW, reason="Перепутала день")

    restore_booking(made, by=teacher, at=NOW + 10 * MINUTE)

    assert (made.cancelled_at, made.cancelled_by, made.cancelled_because) == (None, None, "")
    assert (made.sequence, made.changed_at) == (2, NOW + 10 * MINUTE)
    assert [entry.verb for entry in Entry.objects.about(made).order_by("pk")] == [
        "consultations.booked",
        "consultations.cancelled",
        "consultations.restored",
    ]
    # a second cancellation is told again
    cancel_booking(made, by=teacher, at=NOW + 11 * MINUTE)
    told = Message.objects.filter(recipient=specialist).order_by("pk")
    assert [one.key.split(":")[0] for one in told] == [
        "consultations.booked",
        "consultations.cancelled",
        "consultations.restored",
        "consultations.cancelled",
    ]


def test_after_ten_minutes_or_once_it_would_have_begun_nothing_is_taken_back(direction, teacher, specialist):
    made = book(direction, teacher)
    cancel_booking(made, by=specialist, at=moscow("24.11.2026 10:15"), reason="Авария")

    assert code_of(restore_booking, made, by=specialist, at=moscow("24.11.2026 10:20")) == "too_late"
    assert not may_restore(made, specialist, at=moscow("24.11.2026 10:20"))
    other = book(direction, teacher, "25.11.2026 10:20")
    cancel_booking(other, by=teacher, at=NOW)
    assert code_of(restore_booking, other, by=teacher, at=NOW + 11 * MINUTE) == "too_late"
    assert code_of(restore_booking, book(direction, teacher, "26.11.2026 10:20"), by=teacher, at=NOW) == "not_cancelled"


def test_a_time_given_away_meanwhile_stays_given_away(direction, teacher, school):
    made = book(direction, teacher)
    cancel_booking(made, by=teacher, at=NOW)
    book(direction, MembershipFactory(school=school))

    assert code_of(restore_booking, made, by=teacher, at=NOW + MINUTE) == "time_taken"
    made.refresh_from_db()
    assert (made.cancelled_at, made.sequence) == (NOW, 1)


def test_a_teacher_who_is_busy_then_or_has_booked_another_instead_takes_nothing_back(direction, teacher, school):
    direction.open_limit = 1
    direction.save()
    made = book(direction, teacher)
    cancel_booking(made, by=teacher, at=NOW)
    book(direction, teacher, "25.11.2026 10:20")
    assert code_of(restore_booking, made, by=teacher, at=NOW + MINUTE) == "too_many_open"

    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD])
    second = book(other, teacher, "26.11.2026 10:20")
    cancel_booking(second, by=teacher, at=NOW)
    third = DirectionFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    book(third, teacher, "26.11.2026 10:20")
    assert code_of(restore_booking, second, by=teacher, at=NOW + MINUTE) == "teacher_taken"


def test_who_gives_a_consultation_then_does_not_come_back_to_ones_own(school, specialist, colleague):
    direction = DirectionFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], room=RoomFactory(school=school))
    made = book(direction, specialist)
    assert made.specialist == colleague
    cancel_booking(made, by=specialist, at=NOW)
    teacher = MembershipFactory(school=school)
    book_consultation(
        direction,
        specialist=specialist,
        starts_at=made.starts_at,
        teacher=teacher,
        question="Вопрос",
        by=teacher,
        at=NOW,
    )
    direction.room.places = 2
    direction.room.save()

    assert code_of(restore_booking, made, by=specialist, at=NOW + MINUTE) == "teacher_taken"


def test_a_day_closed_meanwhile_is_not_come_back_to(direction, teacher, school):
    made = book(direction, teacher)
    cancel_booking(made, by=teacher, at=NOW)
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Карантин"
    )

    assert code_of(restore_booking, made, by=teacher, at=NOW + MINUTE) == "not_free"


def test_a_room_of_two_places_takes_it_back_at_the_place_that_is_left(direction, teacher, school, colleague):
    direction.room.places = 2
    direction.room.save()
    first = book(direction, teacher)
    book(direction, MembershipFactory(school=school))
    cancel_booking(first, by=teacher, at=NOW)
    # the second place is left when somebody else comes to the first
    MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    Booking.objects.live().update(room_place=1)

    restore_booking(first, by=teacher, at=NOW + MINUTE)

    assert first.room_place == 2


def test_a_time_of_extra_hours_on_a_saturday_is_taken_back_like_any_other(direction, teacher, school):
    CalendarChange.objects.create(
        school=school,
        kind=CalendarChange.Kind.EXTRA,
        first_on=date(2026, 11, 28),
        last_on=date(2026, 11, 28),
        starts="10:00",
        ends="12:00",
        reason="День открытых дверей",
    )
    made = book(direction, teacher, "28.11.2026 10:20")
    cancel_booking(made, by=teacher, at=NOW)

    assert restore_booking(made, by=teacher, at=NOW + MINUTE).cancelled_at is None
