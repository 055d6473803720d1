"""Take, answer, wait, solve, close, reopen, hand over, book: who wins, who is told, what is refused."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from consultations.models import Booking, CalendarChange
from consultations.operations import cancel_booking
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, HelpRequestFactory
from support.models import HelpRequest, InternalNote, Reply
from support.operations import (
    book_for_request,
    close,
    hand_over,
    link_booking,
    reopen,
    reopen_until,
    reply,
    solve,
    take_request,
    wait_for_teacher,
    write_internal_note,
)
from support.presentation import times_for

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # Monday, nine in the morning in Moscow
LATER = NOW + timedelta(hours=2)
State = HelpRequest.State


@pytest.fixture
def asked(staff):
    """A new request of the teacher in the technician's direction."""
    return HelpRequestFactory(
        school=staff.school, requester=staff.teacher, direction=staff.technical, asked_at=NOW - timedelta(hours=1)
    )


@pytest.fixture
def taken(staff, asked):
    take_request(asked, by=staff.technician, at=NOW)
    Message.objects.all().delete()
    return asked


def stored(help_request):
    return HelpRequest.objects.get(pk=help_request.pk)


def told():
    return set(Message.objects.values_list("recipient", flat=True))


def acts(help_request):
    return list(Reply.objects.about(help_request).values_list("act", "text"))


def refused(code, act, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    assert refusal.value.code == code
    return refusal.value


# --- Taking


def test_who_takes_a_request_answers_it_and_the_teacher_is_told(staff, asked):
    take_request(asked, by=staff.technician, at=NOW)

    assert (stored(asked).assignee, stored(asked).taken_at, stored(asked).state) == (
        staff.technician,
        NOW,
        State.IN_WORK,
    )
    assert told() == {staff.teacher.pk}
    assert [entry.verb for entry in Entry.objects.about(asked)] == ["support.taken"]


def test_the_second_who_takes_a_request_is_told_who_has_it(staff, asked):
    stale = stored(asked)
    take_request(asked, by=staff.technician, at=NOW)

    refusal = refused("already_taken", take_request, stale, by=staff.second_technician, at=NOW)

    assert "Тестов И. П." in refusal.messages[0]
    assert stored(asked).assignee == staff.technician


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_take_a_request_at_once_one_wins(staff, asked):
    start, answers = threading.Barrier(10), []

    def take(member):
        try:
            start.wait()
            take_request(stored(asked), by=member, at=NOW)
            answers.append("won")
        except ValidationError as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    people = [staff.technician, staff.second_technician] * 5
    threads = [threading.Thread(target=take, args=[member]) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["already_taken"] * 9 + ["won"]
    assert Reply.objects.filter(act=Reply.Act.TAKEN).count() == 1


def test_a_closed_request_is_not_taken(staff, asked):
    close(asked, helped=None, by=staff.teacher, at=NOW)
    refused("closed", take_request, asked, by=staff.technician, at=NOW)


@pytest.mark.parametrize("who", ["teacher", "neighbour", "deputy", "head", "stranger"])
def test_only_specialists_of_the_direction_take_note_wait_solve_and_hand_over(staff, asked, who):
    by = getattr(staff, who)
    acts_of_specialists = [
        (take_request, {}),
        (write_internal_note, {"text": "?"}),
        (wait_for_teacher, {"text": "?"}),
        (solve, {"text": "?"}),
    ]
    if who != "head":  # the administration only hands over
        acts_of_specialists.append((hand_over, {"to": staff.technician, "reason": "?"}))
    for act, said in acts_of_specialists:
        with pytest.raises(PermissionDenied):
            act(asked, **said, by=by, at=NOW)
    assert acts(asked) == []
    assert not InternalNote.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "deputy", "head", "stranger"])
def test_strangers_to_a_request_neither_write_nor_close_nor_reopen_it(staff, asked, who):
    by = getattr(staff, who)
    with pytest.raises(PermissionDenied):
        reply(asked, text="?", by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        close(asked, helped=None, by=by, at=NOW)
    close(asked, helped=None, by=staff.teacher, at=NOW)
    with pytest.raises(PermissionDenied):
        reopen(asked, by=by, at=NOW)


def test_a_specialist_is_nobodys_specialist_in_a_question_of_his_own(staff):
    own = HelpRequestFactory(school=staff.school, requester=staff.technician, direction=staff.technical)

    with pytest.raises(PermissionDenied):
        take_request(own, by=staff.technician, at=NOW)
    take_request(own, by=staff.second_technician, at=NOW)
    assert stored(own).assignee == staff.second_technician


def test_a_role_that_ended_yesterday_gives_no_right_today_and_the_last_day_still_does(staff, asked):
    held = RoleHolding.objects.filter(membership=staff.technician)
    held.update(ends_on=date(2026, 11, 22))
    with pytest.raises(PermissionDenied):
        take_request(asked, by=staff.technician, at=NOW)

    held.update(ends_on=date(2026, 11, 23))
    take_request(asked, by=staff.technician, at=NOW)
    assert stored(asked).assignee == staff.technician


def test_a_direction_whose_specialists_are_the_teachers_opens_nobodys_questions(staff):
    direction = DirectionFactory(school=staff.school, roles=[Role.TEACHER])
    asked = HelpRequestFactory(school=staff.school, requester=staff.teacher, direction=direction)

    with pytest.raises(PermissionDenied):
        take_request(asked, by=staff.neighbour, at=NOW)


# --- Words of both sides


def test_the_first_answer_is_timed_once_and_takes_what_nobody_had(staff, asked):
    reply(asked, text="Смотрю.", by=staff.technician, at=NOW)
    reply(asked, text="Готово.", by=staff.second_technician, at=LATER)

    assert (stored(asked).answered_at, stored(asked).assignee) == (NOW, staff.technician)
    assert acts(asked) == [("taken", ""), ("", "Смотрю."), ("", "Готово.")]
    assert told() == {staff.teacher.pk, staff.technician.pk}


def test_words_of_the_teacher_are_for_whom_the_request_is_and_for_all_while_it_is_nobodys(staff, asked):
    reply(asked, text="Ещё и 7-В.", by=staff.teacher, at=NOW)
    assert told() == {staff.technician.pk, staff.second_technician.pk}

    take_request(asked, by=staff.technician, at=NOW)
    Message.objects.all().delete()
    reply(asked, text="И 7-Г.", by=staff.teacher, at=LATER)
    assert told() == {staff.technician.pk}
    assert stored(asked).answered_at is None


def test_waiting_for_the_teacher_ends_with_the_teachers_words(staff, taken):
    wait_for_teacher(taken, text="Какой класс?", by=staff.technician, at=NOW)
    assert (stored(taken).state, stored(taken).waiting_since, stored(taken).answered_at) == (State.WAITING, NOW, NOW)
    assert told() == {staff.teacher.pk}

    reply(taken, text="7-Б.", by=staff.teacher, at=LATER)
    assert stored(taken).state == State.IN_WORK
    assert acts(taken) == [("taken", ""), ("waits", "Какой класс?"), ("", "7-Б.")]


def test_empty_words_are_refused_from_everybody(staff, taken):
    for act, by in [
        (reply, staff.teacher),
        (reply, staff.technician),
        (wait_for_teacher, staff.technician),
        (solve, staff.technician),
        (write_internal_note, staff.technician),
    ]:
        refused("empty_text", act, taken, text=" \n", by=by, at=NOW)
    refused("empty_text", hand_over, taken, to=staff.deputy, reason=" ", by=staff.technician, at=NOW)


def test_a_closed_request_is_not_answered(staff, taken):
    close(taken, helped=True, by=staff.teacher, at=NOW)
    for act in (reply, wait_for_teacher, solve):
        refused("closed", act, taken, text="Ещё.", by=staff.technician, at=LATER)
    refused("closed", hand_over, taken, to=staff.deputy, reason="Отпуск", by=staff.technician, at=LATER)


def test_a_note_for_colleagues_reaches_the_assignee_and_never_the_teacher(staff, taken):
    write_internal_note(taken, text="Сбились права", by=staff.second_technician, at=NOW)

    assert told() == {staff.technician.pk}
    assert acts(taken) == [("taken", "")]
    assert "Сбились" not in str([entry.changes for entry in Entry.objects.about(taken)])


# --- The end, and back


def test_an_answered_question_is_closed_by_the_teacher_who_says_that_it_helped(staff, taken):
    solve(taken, text="Права вернул.", by=staff.technician, at=NOW)
    assert (stored(taken).state, stored(taken).solved_at) == (State.SOLVED, NOW)

    close(taken, helped=True, by=staff.teacher, at=LATER)
    assert (stored(taken).state, stored(taken).helped, stored(taken).closed_at) == (State.CLOSED, True, LATER)
    assert acts(taken) == [("taken", ""), ("solved", "Права вернул."), ("helped", "")]
    assert told() == {staff.teacher.pk, staff.technician.pk}


def test_a_question_is_answered_once(staff, taken):
    solve(taken, text="Права вернул.", by=staff.technician, at=NOW)
    refused("already_solved", solve, taken, text="Вернул.", by=staff.second_technician, at=LATER)
    assert acts(taken) == [("taken", ""), ("solved", "Права вернул.")]


def test_a_request_is_closed_once(staff, taken):
    close(taken, helped=False, by=staff.teacher, at=NOW)
    refused("already_closed", close, taken, helped=None, by=staff.technician, at=LATER)
    assert (stored(taken).closed_at, stored(taken).helped) == (NOW, False)


def test_whether_it_helped_is_not_for_the_specialist_to_say(staff, taken):
    refused("not_yours_to_say", close, taken, helped=True, by=staff.technician, at=NOW)
    close(taken, helped=None, by=staff.technician, at=NOW)
    assert (stored(taken).state, stored(taken).helped) == (State.CLOSED, None)


@pytest.mark.parametrize("way", ["button", "words"])
def test_a_closed_request_goes_back_to_work_by_a_button_or_by_words(staff, taken, way):
    solve(taken, text="Готово.", by=staff.technician, at=NOW)
    close(taken, helped=True, by=staff.teacher, at=NOW)
    Message.objects.all().delete()

    if way == "button":
        reopen(taken, by=staff.teacher, at=LATER)
    else:
        reply(taken, text="Опять не открывается.", by=staff.teacher, at=LATER)

    back = stored(taken)
    assert (back.state, back.helped, back.solved_at, back.reopened_count) == (State.IN_WORK, None, None, 1)
    assert told() == {staff.technician.pk}
    assert acts(taken)[-1][0] == "reopened"


def test_ten_working_days_to_reopen_end_on_the_tenth_and_holidays_of_the_school_are_not_counted(staff, taken):
    close(taken, helped=True, by=staff.teacher, at=NOW)  # Monday, 23 November
    assert reopen_until(taken) == date(2026, 12, 7)

    CalendarChange.objects.create(
        school=staff.school, first_on=date(2026, 11, 30), last_on=date(2026, 12, 4), reason="Карантин"
    )
    assert reopen_until(taken) == date(2026, 12, 14)

    refusal = refused("too_late", reopen, taken, by=staff.teacher, at=datetime(2026, 12, 15, 6, tzinfo=UTC))
    assert "14.12.2026" in refusal.messages[0]
    refused("too_late", reply, taken, text="Опять.", by=staff.teacher, at=datetime(2026, 12, 15, 6, tzinfo=UTC))
    reopen(taken, by=staff.teacher, at=datetime(2026, 12, 14, 18, tzinfo=UTC))
    assert stored(taken).state == State.IN_WORK


def test_a_school_closed_for_years_has_a_last_day_to_reopen_all_the_same(staff, taken):
    close(taken, helped=True, by=staff.teacher, at=NOW)
    CalendarChange.objects.create(
        school=staff.school, first_on=date(2026, 1, 1), last_on=date(2030, 1, 1), reason="Ремонт"
    )

    assert reopen_until(taken) > date(2027, 4, 1)


def test_a_closed_room_does_not_lengthen_the_term(staff, taken):
    close(taken, helped=True, by=staff.teacher, at=NOW)
    CalendarChange.objects.create(
        school=staff.school,
        first_on=date(2026, 11, 30),
        last_on=date(2026, 12, 4),
        reason="Ремонт",
        room=staff.technical.room,
    )
    assert reopen_until(taken) == date(2026, 12, 7)


def test_a_request_in_work_is_not_reopened(staff, taken):
    refused("not_closed", reopen, taken, by=staff.teacher, at=NOW)
    assert stored(taken).reopened_count == 0


# --- Handing over


def test_a_request_is_handed_over_with_a_reason_that_all_three_read(staff, taken):
    hand_over(taken, to=staff.deputy, reason="Это методический вопрос", by=staff.technician, at=NOW)

    assert stored(taken).assignee == staff.deputy
    assert acts(taken)[-1] == ("handed_over", "Условная А. П.: Это методический вопрос")
    assert told() == {staff.teacher.pk, staff.deputy.pk}
    # entrusted to her, it is hers, though her role does not serve the direction
    solve(taken, text="Так и должно быть.", by=staff.deputy, at=LATER)


def test_the_administration_hands_over_what_nobody_would_answer(staff, asked):
    # given a request in a direction whose roles nobody holds
    RoleHolding.objects.filter(membership__in=[staff.technician, staff.second_technician]).delete()

    # when the director gives it to the deputy head
    hand_over(asked, to=staff.deputy, reason="Специалиста пока нет", by=staff.head, at=NOW)

    # then it is hers to answer
    assert stored(asked).assignee == staff.deputy
    solve(asked, text="Сделано.", by=staff.deputy, at=LATER)


def test_a_colleague_takes_over_from_one_who_is_away(staff, taken):
    hand_over(taken, to=staff.second_technician, reason="Коллега болеет", by=staff.second_technician, at=NOW)

    assert stored(taken).assignee == staff.second_technician
    assert told() == {staff.teacher.pk, staff.technician.pk}


@pytest.mark.parametrize("who", ["teacher", "neighbour", "head", "stranger"])
def test_a_request_is_not_handed_to_one_who_gives_no_help_or_asked_it(staff, taken, who):
    refused("not_a_specialist", hand_over, taken, to=getattr(staff, who), reason="?", by=staff.technician, at=NOW)


def test_of_two_who_hand_over_the_later_is_told_who_has_it(staff, taken):
    stale = stored(taken)
    hand_over(taken, to=staff.second_technician, reason="Отпуск", by=staff.technician, at=NOW)

    refusal = refused("already_taken", hand_over, stale, to=staff.deputy, reason="Отпуск", by=staff.technician, at=NOW)
    assert "Вторый О. П." in refusal.messages[0]


# --- From a question to a consultation


def test_a_consultation_booked_from_a_request_stands_in_it_and_in_its_thread(staff, taken):
    time = times_for(taken, at=NOW).free[0]

    booking = book_for_request(taken, starts_at=time.starts_at, question="Права", by=staff.teacher, at=NOW)

    assert list(taken.bookings.all()) == [booking]
    assert (booking.teacher, booking.direction, booking.question) == (staff.teacher, staff.technical, "Права")
    act, words = acts(taken)[-1]
    assert act == "booked"
    assert "пн, 23 ноября" in words and booking.specialist.name in words


def test_a_time_that_was_taken_leaves_no_line_and_no_link(staff, taken):
    time = times_for(taken, at=NOW).free[0]
    RoleHolding.objects.filter(membership=staff.second_technician).delete()  # one technician, one room
    other = HelpRequestFactory(school=staff.school, requester=staff.neighbour, direction=staff.technical)
    book_for_request(other, starts_at=time.starts_at, question="Моё", by=staff.neighbour, at=NOW)

    refused("time_taken", book_for_request, taken, starts_at=time.starts_at, question="Права", by=staff.teacher, at=NOW)

    assert list(taken.bookings.all()) == []
    assert acts(taken) == [("taken", "")]


def test_only_the_parties_book_from_a_request(staff, taken):
    time = times_for(taken, at=NOW).free[0]
    for by in (staff.neighbour, staff.head, staff.deputy):
        with pytest.raises(PermissionDenied):
            book_for_request(taken, starts_at=time.starts_at, question="Права", by=by, at=NOW)
    assert not Booking.objects.exists()


def test_what_is_linked_is_a_live_consultation_of_the_same_teacher_once(staff, taken):
    time = times_for(taken, at=NOW).free[5]
    booking = book_for_request(taken, starts_at=time.starts_at, question="Права", by=staff.technician, at=NOW)
    refused("already_linked", link_booking, taken, booking, by=staff.teacher, at=NOW)

    foreign = HelpRequestFactory(school=staff.school, requester=staff.neighbour, direction=staff.technical)
    refused("not_of_requester", link_booking, foreign, booking, by=staff.technician, at=NOW)
    with pytest.raises(PermissionDenied):
        link_booking(taken, booking, by=staff.head, at=NOW)

    second = HelpRequestFactory(school=staff.school, requester=staff.teacher, direction=staff.technical)
    close(second, helped=None, by=staff.teacher, at=NOW)
    refused("closed", link_booking, second, booking, by=staff.teacher, at=NOW)
    reopen(second, by=staff.teacher, at=NOW)
    cancel_booking(booking, by=staff.teacher, at=NOW)
    refused("booking_cancelled", link_booking, second, booking, by=staff.teacher, at=NOW)
