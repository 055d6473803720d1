"""A consultation moved, cancelled in time or too late, taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consultations.models import Booking
from consultations.operations import (
    book_consultation,
    cancel_booking,
    may_change,
    may_restore,
    move_booking,
    restore_booking,
)
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def book(direction, teacher, when="24.11.2026 10:20", *, at=NOW, by=None):
    return book_consultation(
        direction,
        specialist=None,
        starts_at=moscow(when),
        teacher=teacher,
        question="Не открывается класс",
        by=by or teacher,
        at=at,
    )


def move(booking, when, *, by, specialist=None, at=NOW):
    return move_booking(booking, specialist=specialist, starts_at=moscow(when), by=by, at=at)


def code_of(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


@pytest.fixture
def colleague(school):
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Вторых")


# --- Moving


def test_a_move_takes_the_new_time_and_frees_the_old_one(direction, teacher, school):
    made = book(direction, teacher)

    moved = move(made, "25.11.2026 11:00", by=teacher)

    assert (moved.pk, moved.starts_at, moved.ends_at) == (
        made.pk,
        moscow("25.11.2026 11:00"),
        moscow("25.11.2026 11:20"),
    )
    assert (moved.question, moved.sequence, moved.changed_at) == ("Не открывается класс", 1, NOW)
    assert book(direction, MembershipFactory(school=school), "24.11.2026 10:20").pk
    assert code_of(book, direction, MembershipFactory(school=school), "25.11.2026 11:00") == "time_taken"


def test_a_move_is_told_to_the_other_with_both_times_and_written_in_the_journal(direction, teacher, specialist):
    made = book(direction, teacher)
    Message.objects.all().delete()

    move(made, "25.11.2026 11:00", by=teacher)

    [message] = Message.objects.unread()  # the teacher has only the letter
    assert message.recipient == specialist
    assert "24 ноября, 10:20–10:40" in message.words and "25 ноября, 11:00–11:20" in message.words
    entry = Entry.objects.about(made).get(verb="consultations.moved")
    [(name, old, new)] = [(change["field"], change["old"], change["new"]) for change in entry.changes]
    assert ("24 ноября, 10:20" in old, "25 ноября, 11:00" in new) == (True, True)


def test_whoever_moves_it_the_teacher_and_the_specialist_are_told(direction, teacher, specialist, head):
    made = book(direction, teacher)
    Message.objects.all().delete()

    move(made, "25.11.2026 11:00", by=head)
    assert {one.recipient for one in Message.objects.all()} == {teacher, specialist}
    move(made, "25.11.2026 11:20", by=specialist)
    assert Message.objects.filter(recipient=teacher).count() == 2


def test_a_moved_consultation_may_overlap_its_own_old_time(direction, teacher):
    made = book(direction, teacher, "24.11.2026 10:20")
    direction.slot_minutes = 30  # times of 10:00, 10:30 …
    direction.save()

    assert move(made, "24.11.2026 10:30", by=teacher).ends_at == moscow("24.11.2026 11:00")


def test_a_move_stays_with_its_specialist_if_free_and_may_choose_another(
    direction, teacher, specialist, colleague, school
):
    direction.room.places = 5
    direction.room.save()
    made = book(direction, teacher)
    giver, other = made.specialist, colleague if made.specialist == specialist else specialist
    # the giver has more ahead than the other and keeps the consultation all the same
    for when in ("26.11.2026 10:20", "27.11.2026 10:20"):
        book_consultation(
            direction,
            specialist=giver,
            starts_at=moscow(when),
            teacher=MembershipFactory(school=school),
            question="Вопрос",
            by=giver,
            at=NOW,
        )

    assert move(made, "25.11.2026 11:00", by=teacher).specialist == giver
    # where the giver is busy, the other gives it
    assert move(made, "26.11.2026 10:20", by=teacher).specialist == other
    # and at the same time another may be chosen
    Message.objects.all().delete()
    assert move(made, "26.11.2026 12:00", by=teacher).specialist == other
    assert move(made, "26.11.2026 12:00", by=teacher, specialist=giver).specialist == giver
    gone = Message.objects.filter(recipient=other).latest("pk")
    assert f"теперь проводит {giver.name}" in gone.words


def test_a_move_goes_to_the_room_of_the_direction_of_now(direction, teacher, school):
    made = book(direction, teacher)
    direction.room = RoomFactory(school=school, name="25")
    direction.save()

    moved = move(made, "25.11.2026 11:00", by=teacher)

    assert (moved.room.name, moved.room_place) == ("25", 1)
    assert {change["new"] for change in Entry.objects.about(made).get(verb="consultations.moved").changes} >= {"25"}


def test_the_loser_of_a_time_keeps_the_old_booking(direction, teacher, school):
    made = book(direction, teacher)
    book(direction, MembershipFactory(school=school), "25.11.2026 11:00")
    Message.objects.all().delete()

    assert code_of(move, made, "25.11.2026 11:00", by=teacher) == "time_taken"
    made.refresh_from_db()
    assert (made.starts_at, made.sequence, made.cancelled_at) == (moscow("24.11.2026 10:20"), 0, None)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("24.11.2026 10:20", "same_time"),
        ("23.11.2026 09:20", "past_time"),
        ("23.11.2026 10:20", "not_free"),  # within the notice
        ("28.11.2026 10:20", "not_free"),  # Saturday
        ("24.12.2026 10:20", "not_free"),  # beyond the horizon
        ("24.11.2026 10:25", "not_free"),
        ("24.11.2026 12:00", "teacher_taken"),
    ],
)
def test_a_move_obeys_the_rules_of_booking(direction, teacher, school, when, code):
    made = book(direction, teacher)
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    book(DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD]), teacher, "24.11.2026 12:00")

    assert code_of(move, made, when, by=teacher) == code


def test_a_move_is_not_one_more_consultation_of_the_limit(direction, teacher):
    book(direction, teacher, "24.11.2026 10:20")
    second = book(direction, teacher, "25.11.2026 10:20")

    assert move(second, "26.11.2026 10:20", by=teacher).pk == second.pk


def test_a_closed_order_moves_nothing(direction, teacher):
    made = book(direction, teacher)
    order = direction.schedule.order
    order.state = "closed"
    order.save()

    assert code_of(move, made, "25.11.2026 10:20", by=teacher) == "order_closed"


def test_what_has_begun_or_is_cancelled_is_not_moved(direction, teacher, specialist):
    made = book(direction, teacher)

    begun = code_of(move, made, "25.11.2026 10:20", by=specialist, at=moscow("24.11.2026 10:20"))
    cancel_booking(made, by=teacher, at=NOW)

    assert begun == "already_begun"
    assert code_of(move, made, "25.11.2026 10:20", by=teacher) == "already_cancelled"


def test_who_chose_while_another_moved_it_is_asked_to_choose_once_more(direction, teacher, specialist):
    made = book(direction, teacher)
    as_read = Booking.objects.get(pk=made.pk)
    move(made, "25.11.2026 11:00", by=specialist)

    assert code_of(move, as_read, "26.11.2026 11:00", by=teacher) == "changed_meanwhile"
    made.refresh_from_db()
    assert made.starts_at == moscow("25.11.2026 11:00")


def test_strangers_move_cancel_and_take_back_nothing(direction, teacher, school, colleague):
    made = book(direction, teacher)
    strangers = [MembershipFactory(school=school), MembershipFactory(roles=[Role.ADMINISTRATION])]
    strangers.append(colleague if made.specialist != colleague else Booking.objects.get().specialist)
    strangers = [one for one in strangers if one != made.specialist]

    for stranger in strangers:
        with pytest.raises(PermissionDenied):
            move(made, "25.11.2026 11:00", by=stranger)
        assert not may_change(made, stranger, at=NOW)
    cancel_booking(made, by=teacher, at=NOW)
    for stranger in (*strangers, made.specialist):
        with pytest.raises(PermissionDenied):
            restore_booking(made, by=stranger, at=NOW)
        assert not may_restore(made, stranger, at=NOW)
    assert may_restore(made, teacher, at=NOW)


# --- The cut-off


def test_the_teacher_changes_until_an_hour_before_the_specialist_and_the_head_until_it_begins(
    direction, teacher, specialist, head
):
    made = book(direction, teacher)
    last, begins = moscow("24.11.2026 09:20"), moscow("24.11.2026 10:20")

    assert may_change(made, teacher, at=last) and not may_change(made, teacher, at=last + MINUTE)
    assert may_change(made, specialist, at=begins - MINUTE) and not may_change(made, specialist, at=begins)
    assert may_change(made, head, at=begins - MINUTE) and not may_change(made, head, at=begins)
    # and the acts say the same
    assert code_of(cancel_booking, made, by=teacher, at=last + MINUTE) == "too_late"
    assert code_of(move, made, "25.11.2026 10:20", by=teacher, at=last + MINUTE) == "too_late"
    assert move(made, "25.11.2026 10:20", by=teacher, at=last).pk
    cancel_booking(made, by=specialist, at=moscow("25.11.2026 10:19"), reason="Заболел")
    assert made.cancelled_at


def test_a_direction_has_its_own_cut_off(direction, teacher):
    direction.cancel_minutes = 0
    direction.save()
    made = book(direction, teacher)

    assert may_change(made, teacher, at=moscow("24.11.2026 10:19"))


def test_what_was_just_booked_may_be_taken_back_for_ten_minutes_even_if_it_begins_soon(direction, teacher):
    direction.notice_minutes = 0
    direction.save()
    booked_at = moscow("24.11.2026 10:00")
    made = book(direction, teacher, "24.11.2026 10:20", at=booked_at)

    assert may_change(made, teacher, at=booked_at + 10 * MINUTE)
    assert not may_change(made, teacher, at=booked_at + 11 * MINUTE)
    # never once it has begun
    soon = book(direction, MembershipFactory(school=teacher.school), "24.11.2026 10:40", at=moscow("24.11.2026 10:35"))
    assert soon.teacher_changes_until == soon.starts_at
    assert not may_change(soon, soon.teacher, at=soon.starts_at)
