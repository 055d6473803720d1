"""Booking, cancelling and marking a consultation through the operations."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consultations.models import Booking, CalendarChange
from consultations.operations import book_consultation, cancel_booking, mark_attendance
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


def book(direction, teacher, when, *, specialist=None, question="Не открывается класс", by=None, at=NOW, **said):
    return book_consultation(
        direction,
        specialist=specialist,
        starts_at=moscow(when),
        teacher=teacher,
        question=question,
        by=by or teacher,
        at=at,
        **said,
    )


def refusal(*args, **kwargs) -> str:
    with pytest.raises(ValidationError) as error:
        book(*args, **kwargs)
    return error.value.code


def test_a_booking_takes_the_specialist_the_room_and_the_length_of_the_direction(direction, teacher, specialist):
    made = book(direction, teacher, "24.11.2026 10:20")

    made.refresh_from_db()
    assert (made.specialist, made.teacher, made.room.name, made.room_place) == (specialist, teacher, "13", 1)
    assert (made.starts_at, made.ends_at) == (moscow("24.11.2026 10:20"), moscow("24.11.2026 10:40"))


def test_a_booking_is_told_to_the_specialist_and_written_in_the_journal(direction, teacher, specialist):
    made = book(direction, teacher, "24.11.2026 10:20")

    [message] = Message.objects.unread()
    assert message.recipient == specialist
    assert "24 ноября, 10:20–10:40" in message.words and message.address == made.get_absolute_url()
    assert [(entry.verb, entry.by) for entry in Entry.objects.about(made)] == [("consultations.booked", teacher.user)]


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_is_refused(direction, teacher, question):
    assert refusal(direction, teacher, "24.11.2026 10:20", question=question) == "empty_question"
    assert not Booking.objects.exists()


def test_a_taken_time_is_refused_and_a_touching_one_is_given(direction, teacher, school):
    book(direction, MembershipFactory(school=school), "24.11.2026 10:20")

    assert refusal(direction, teacher, "24.11.2026 10:20") == "time_taken"
    assert book(direction, teacher, "24.11.2026 10:40").starts_at == moscow("24.11.2026 10:40")


def test_a_time_that_has_begun_is_past_and_one_within_the_notice_is_not_free(direction, teacher):
    # at 9:30 the notice of an hour leaves 10:40 as the first start; 10:20 is too near, 9:20 has gone
    assert refusal(direction, teacher, "23.11.2026 09:20") == "past_time"
    assert refusal(direction, teacher, "23.11.2026 10:20") == "not_free"
    assert book(direction, teacher, "23.11.2026 10:40").pk


def test_exactly_an_hour_before_is_early_enough_and_a_minute_later_is_not(direction, teacher):
    assert refusal(direction, teacher, "23.11.2026 10:40", at=moscow("23.11.2026 09:41")) == "not_free"
    assert book(direction, teacher, "23.11.2026 10:40", at=moscow("23.11.2026 09:40")).pk


def test_the_last_day_of_the_horizon_may_be_booked_and_the_next_one_not(direction, teacher):
    # thirty days after Monday 23 November is Wednesday 23 December
    assert refusal(direction, teacher, "24.12.2026 10:20") == "not_free"
    assert book(direction, teacher, "23.12.2026 10:20").pk


def test_nothing_is_booked_past_the_school_year_of_the_order(direction, teacher):
    order = direction.schedule.order
    order.first_year = 2025  # ends on 31 August 2026
    order.save()
    direction.horizon_days = 366
    direction.save()
    in_august = moscow("28.08.2026 09:00")

    assert refusal(direction, teacher, "01.09.2026 10:20", at=in_august) == "not_free"
    assert book(direction, teacher, "31.08.2026 10:20", at=in_august).pk


@pytest.mark.parametrize("when", ["24.11.2026 14:00", "24.11.2026 10:25", "24.11.2026 07:40", "28.11.2026 10:20"])
def test_outside_the_hours_nothing_is_booked(direction, teacher, when):
    assert refusal(direction, teacher, when) == "not_free"


def test_an_order_that_is_not_in_force_gives_no_consultations(direction, teacher):
    direction.schedule.order.state = "closed"
    direction.schedule.order.save()

    assert refusal(direction, teacher, "24.11.2026 10:20") == "not_free"


@pytest.mark.parametrize("what", ["school", "room", "specialist"])
def test_a_closure_of_school_room_or_specialist_closes_its_days_both_ends_inside(
    direction, teacher, specialist, school, what
):
    of = {"room": {"room": direction.room}, "specialist": {"specialist": specialist}, "school": {}}[what]
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 25), last_on=date(2026, 11, 26), reason="Семинар", **of
    )

    assert refusal(direction, teacher, "25.11.2026 10:20") == "not_free"
    assert refusal(direction, teacher, "26.11.2026 10:20") == "not_free"
    assert book(direction, teacher, "24.11.2026 10:20").pk
    assert book(direction, teacher, "27.11.2026 10:20").pk


def test_while_one_specialist_is_away_the_other_gives_the_consultation(direction, specialist, teacher, school):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    day = date(2026, 11, 25)
    CalendarChange.objects.create(school=school, first_on=day, last_on=day, reason="Отпуск", specialist=specialist)

    assert refusal(direction, teacher, "25.11.2026 10:20", specialist=specialist) == "not_free"
    assert book(direction, teacher, "25.11.2026 10:20").specialist == other


def test_a_public_holiday_is_closed_and_a_named_saturday_is_open(school, specialist, teacher):
    daily = DirectionFactory(school=school)
    saturday = DirectionFactory(school=school, hours=[(6, "09:00", "12:00")])
    in_december = moscow("28.12.2026 09:00")

    assert refusal(daily, teacher, "04.01.2027 10:20", at=in_december) == "not_free"
    assert refusal(daily, teacher, "28.11.2026 09:00") == "not_free"
    assert book(saturday, teacher, "28.11.2026 09:00").pk


def test_a_specialist_is_busy_in_every_direction_and_room(direction, teacher, school):
    other = DirectionFactory(school=school, room=RoomFactory(school=school))
    book(other, MembershipFactory(school=school), "24.11.2026 10:20")

    assert refusal(direction, teacher, "24.11.2026 10:20") == "time_taken"


def test_a_room_with_two_places_holds_exactly_two(school, specialist):
    MembershipFactory.create_batch(3, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    shared = DirectionFactory(school=school, room=RoomFactory(school=school, places=2))

    places = [book(shared, MembershipFactory(school=school), "24.11.2026 10:20").room_place for _ in range(2)]

    assert places == [1, 2]
    assert refusal(shared, MembershipFactory(school=school), "24.11.2026 10:20") == "time_taken"


def test_anyone_free_is_the_specialist_with_the_fewest_consultations_ahead(direction, specialist, teacher, school):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    book(direction, MembershipFactory(school=school), "25.11.2026 10:20", specialist=specialist)

    assert book(direction, teacher, "24.11.2026 10:20").specialist == other


def test_nobody_books_oneself_and_nobody_is_booked_in_two_places(direction, specialist, school, teacher):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    direction.room.places = 5
    direction.room.save()

    # the specialist as a teacher is served by the other, and is then busy for both
    made = book(direction, specialist, "24.11.2026 10:20")
    assert made.specialist == other
    assert refusal(direction, teacher, "24.11.2026 10:20", specialist=specialist) == "time_taken"


def test_a_teacher_with_two_tabs_books_one_of_two_overlapping_times(direction, teacher, school):
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], slot_minutes=30)
    book(direction, teacher, "24.11.2026 10:20")

    assert refusal(other, teacher, "24.11.2026 10:00") == "teacher_taken"
    assert book(other, teacher, "24.11.2026 11:00").pk


def test_a_role_gives_times_from_its_first_day_to_its_last(direction, specialist, teacher):
    specialist.holdings.update(starts_on=date(2026, 11, 25), ends_on=date(2026, 11, 26))

    assert refusal(direction, teacher, "24.11.2026 10:20") == "not_free"
    assert refusal(direction, teacher, "27.11.2026 10:20") == "not_free"
    assert book(direction, teacher, "25.11.2026 10:20").pk
    assert book(direction, teacher, "26.11.2026 10:20").pk


def test_a_colleague_who_gives_help_books_for_a_teacher_and_both_are_told(direction, teacher, specialist, school):
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])

    made = book(direction, teacher, "24.11.2026 10:20", by=deputy)

    assert (made.teacher, made.booked_by) == (teacher, deputy)
    assert {message.recipient for message in Message.objects.all()} == {teacher, specialist}


def test_a_teacher_does_not_book_for_another_nor_anybody_in_another_school(direction, teacher, school):
    with pytest.raises(PermissionDenied):
        book(direction, teacher, "24.11.2026 10:20", by=MembershipFactory(school=school))
    with pytest.raises(PermissionDenied):
        book(direction, MembershipFactory(), "24.11.2026 10:20")


def test_the_administration_books_for_a_teacher_too(direction, teacher, school):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])

    assert book(direction, teacher, "24.11.2026 10:20", by=head).booked_by == head


def test_who_books_for_a_teacher_meets_the_teachers_clashes_and_limit(direction, teacher, specialist):
    book(direction, teacher, "24.11.2026 10:20")
    other = DirectionFactory(school=teacher.school, roles=[Role.DEPUTY_HEAD])
    deputy = MembershipFactory(school=teacher.school, roles=[Role.DEPUTY_HEAD])

    with pytest.raises(ValidationError) as busy:
        book(other, teacher, "24.11.2026 10:20", by=deputy)
    book(direction, teacher, "25.11.2026 10:20", by=specialist)
    with pytest.raises(ValidationError) as beyond:
        book(direction, teacher, "26.11.2026 10:20", by=specialist)

    assert (busy.value.code, beyond.value.code) == ("teacher_taken", "too_many_open")
    assert busy.value.messages == ["В это время у учителя уже есть запись или другое дело."]
    assert beyond.value.messages[0].startswith("У учителя уже 2 консультации впереди")


def test_two_are_open_in_a_direction_and_a_third_waits_until_one_is_over_or_cancelled(direction, teacher, school):
    first = book(direction, teacher, "24.11.2026 10:20")
    second = book(direction, teacher, "25.11.2026 10:20")
    elsewhere = DirectionFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])

    # another direction and another teacher have limits of their own
    assert book(elsewhere, teacher, "24.11.2026 12:00").pk
    assert book(direction, MembershipFactory(school=school), "24.11.2026 11:00").pk
    assert refusal(direction, teacher, "26.11.2026 10:20") == "too_many_open"
    # one that goes on is open until its last moment
    assert refusal(direction, teacher, "26.11.2026 10:20", at=first.ends_at - timedelta(minutes=1)) == "too_many_open"
    assert book(direction, teacher, "26.11.2026 10:20", at=first.ends_at).pk
    assert refusal(direction, teacher, "27.11.2026 10:20", at=first.ends_at) == "too_many_open"
    cancel_booking(second, by=teacher, at=first.ends_at)
    assert book(direction, teacher, "27.11.2026 10:20", at=first.ends_at).pk


def test_a_direction_has_its_own_limit(direction, teacher):
    direction.open_limit = 1
    direction.save()
    book(direction, teacher, "24.11.2026 10:20")

    assert refusal(direction, teacher, "25.11.2026 10:20") == "too_many_open"


def test_a_booking_keeps_topic_class_and_subject_and_takes_no_topic_of_another_direction(direction, teacher, school):
    topic = direction.topics.create(name="Отметки")
    made = book(direction, teacher, "24.11.2026 10:20", topic=topic, school_class=" 7-Б ", subject=" Алгебра")

    made.refresh_from_db()
    assert (made.topic, made.school_class, made.subject) == (topic, "7-Б", "Алгебра")
    elsewhere = DirectionFactory(school=school)
    assert refusal(elsewhere, teacher, "25.11.2026 10:20", topic=topic) == "other_direction"


# --- Cancelling


def test_a_cancelled_consultation_frees_its_time_and_the_specialist_is_told(direction, teacher, specialist, school):
    made = book(direction, teacher, "24.11.2026 10:20")
    cancel_booking(made, by=teacher, at=NOW)

    assert book(direction, MembershipFactory(school=school), "24.11.2026 10:20").pk
    assert Message.objects.unread().filter(recipient=specialist, words__contains="отменена").count() == 1


def test_a_specialist_cancels_only_with_a_reason_and_the_teacher_reads_it(direction, teacher, specialist):
    made = book(direction, teacher, "24.11.2026 10:20")

    with pytest.raises(ValidationError) as error:
        cancel_booking(made, by=specialist, at=NOW, reason=" ")
    assert error.value.code == "reason_missing"

    cancel_booking(made, by=specialist, at=NOW, reason="Вызвали в управление")
    told = Message.objects.unread().get(recipient=teacher)
    assert "Вызвали в управление" in told.words


def test_the_administration_cancels_and_both_are_told(direction, teacher, specialist, school):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    made = book(direction, teacher, "24.11.2026 10:20")

    cancel_booking(made, by=head, at=NOW, reason="Экзамен в кабинете")

    assert {one.recipient for one in Message.objects.filter(key__startswith="consultations.cancelled")} == {
        teacher,
        specialist,
    }


def test_what_has_begun_is_not_cancelled_and_what_is_cancelled_not_twice(direction, teacher, specialist):
    made = book(direction, teacher, "24.11.2026 10:20")
    with pytest.raises(ValidationError) as begun:
        cancel_booking(made, by=specialist, at=moscow("24.11.2026 10:20"), reason="Урок")
    cancel_booking(made, by=specialist, at=moscow("24.11.2026 10:19"), reason="Урок")
    with pytest.raises(ValidationError) as twice:
        cancel_booking(made, by=teacher, at=NOW)

    assert (begun.value.code, twice.value.code) == ("already_begun", "already_cancelled")


def test_another_teacher_and_another_schools_head_do_not_cancel(direction, teacher, school):
    made = book(direction, teacher, "24.11.2026 10:20")

    for stranger in (MembershipFactory(school=school), MembershipFactory(roles=[Role.ADMINISTRATION])):
        with pytest.raises(PermissionDenied):
            cancel_booking(made, by=stranger, at=NOW, reason="так надо")
    assert Booking.objects.live().get() == made


# --- Attendance


def test_attendance_is_marked_from_the_beginning_on_and_may_be_corrected(direction, teacher, specialist):
    made = book(direction, teacher, "24.11.2026 10:20")
    with pytest.raises(ValidationError) as early:
        mark_attendance(made, by=specialist, came=True, at=moscow("24.11.2026 10:19"))

    mark_attendance(made, by=specialist, came=False, at=moscow("24.11.2026 10:20"))
    mark_attendance(made, by=specialist, came=True, outcome="Пароль сменён", at=moscow("24.11.2026 10:30"))

    made.refresh_from_db()
    assert early.value.code == "not_begun"
    assert (made.came, made.outcome) == (True, "Пароль сменён")


def test_only_its_specialist_marks_a_consultation_and_not_a_cancelled_one(direction, teacher, specialist, school):
    made = book(direction, teacher, "24.11.2026 10:20")
    later = made.starts_at + timedelta(minutes=5)
    for other in (teacher, MembershipFactory(school=school, roles=[Role.ADMINISTRATION, Role.TECHNICAL_SPECIALIST])):
        with pytest.raises(PermissionDenied):
            mark_attendance(made, by=other, came=True, at=later)
    cancel_booking(made, by=teacher, at=NOW)
    with pytest.raises(ValidationError) as cancelled:
        mark_attendance(made, by=specialist, came=True, at=later)

    assert cancelled.value.code == "already_cancelled"
