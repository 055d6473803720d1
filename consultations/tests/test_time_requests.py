"""«По мере необходимости»: the teacher proposes times, a specialist accepts one."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from consultations.models import Absence, Booking, CalendarChange, Lesson, TimeRequest
from consultations.operations import (
    accept_time,
    book_consultation,
    cancel_booking,
    decline_times,
    propose_times,
    withdraw_request,
)
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


@pytest.fixture
def deputy(school):
    return MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])


@pytest.fixture
def on_demand(school, deputy):
    return DirectionFactory(
        school=school,
        roles=[Role.DEPUTY_HEAD],
        is_on_demand=True,
        hours_printed="По мере необходимости",
        room=RoomFactory(school=school, name="18"),
    )


def ask(direction, teacher, *times, question="Положение о журнале") -> TimeRequest:
    return propose_times(direction, teacher=teacher, question=question, times=[moscow(one) for one in times], at=NOW)


def code_of(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as error:
        act(*args, **kwargs)
    return error.value.code


def test_a_specialist_accepts_one_of_the_times_and_the_teacher_is_told(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "25.11.2026 15:00", "24.11.2026 15:00")
    assert {one.recipient for one in Message.objects.all()} == {deputy}

    made = accept_time(asked, asked.times.last(), by=deputy, at=NOW)

    made.refresh_from_db()
    assert (made.starts_at, made.ends_at) == (moscow("25.11.2026 15:00"), moscow("25.11.2026 15:20"))
    assert (made.specialist, made.teacher, made.room.name, made.question) == (
        deputy,
        teacher,
        "18",
        "Положение о журнале",
    )
    assert not TimeRequest.objects.waiting().exists()
    assert Message.objects.unread().get(recipient=teacher).address == made.get_absolute_url()


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ([], "no_times"),
        (["23.11.2026 09:30"], "past_time"),
        (["29.11.2026 10:00"], "not_free"),
        (["01.09.2027 10:00"], "not_free"),
        ([f"24.11.2026 1{hour}:00" for hour in range(4)], "too_many_times"),
    ],
)
def test_times_that_cannot_be_are_refused(on_demand, teacher, times, code):
    assert code_of(ask, on_demand, teacher, *times) == code
    assert not TimeRequest.objects.exists()


def test_the_borders_of_what_may_be_proposed(on_demand, teacher, school):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Карантин"
    )
    assert code_of(ask, on_demand, teacher, "24.11.2026 10:00") == "not_free"
    asked = ask(on_demand, teacher, "23.11.2026 09:31", "25.11.2026 10:00", "31.08.2027 10:00")
    assert asked.times.count() == 3


def test_an_empty_question_and_a_second_request_are_refused(on_demand, teacher):
    assert code_of(ask, on_demand, teacher, "24.11.2026 10:00", question=" ") == "empty_question"
    ask(on_demand, teacher, "24.11.2026 10:00")
    assert code_of(ask, on_demand, teacher, "25.11.2026 10:00") == "already_asked"


def test_a_direction_with_hours_takes_no_requests(direction, teacher):
    assert code_of(ask, direction, teacher, "24.11.2026 10:00") == "not_on_demand"


def test_a_taken_time_cannot_be_accepted(on_demand, teacher, deputy, school):
    other = MembershipFactory(school=school)
    first, second = ask(on_demand, teacher, "24.11.2026 15:00"), ask(on_demand, other, "24.11.2026 15:10")
    accept_time(first, first.times.get(), by=deputy, at=NOW)

    assert code_of(accept_time, second, second.times.get(), by=deputy, at=NOW) == "time_taken"
    assert TimeRequest.objects.waiting().get() == second


def test_a_time_asked_for_by_a_closed_order_is_not_accepted(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    Order.objects.update(state=Order.State.CLOSED)

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "order_closed"

    Order.objects.update(state=Order.State.IN_FORCE)
    assert accept_time(asked, asked.times.get(), by=deputy, at=NOW).teacher == teacher


@pytest.mark.parametrize("of_whom", ["school", "specialist"])
def test_a_time_that_was_closed_since_it_was_proposed_is_not_accepted(on_demand, teacher, deputy, school, of_whom):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    tuesday = {"first_on": date(2026, 11, 24), "last_on": date(2026, 11, 24)}
    if of_whom == "school":
        CalendarChange.objects.create(school=school, reason="Карантин", **tuesday)
    else:
        Absence.objects.create(specialist=deputy, **tuesday)

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "not_free"
    assert TimeRequest.objects.waiting().get() == asked


def test_a_time_at_which_the_teacher_has_a_lesson_by_now_is_not_accepted(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    tuesday = date(2026, 11, 24)
    lesson = Lesson.objects.create(
        specialist=teacher, weekday=2, starts=time(15, 19), ends=time(16), first_on=tuesday, last_on=tuesday
    )

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "teacher_taken"
    assert TimeRequest.objects.waiting().get() == asked

    Lesson.objects.filter(pk=lesson.pk).update(starts=time(15, 20))
    assert accept_time(asked, asked.times.get(), by=deputy, at=NOW).teacher == teacher


def test_a_reason_that_ends_in_a_full_stop_gives_a_refusal_one_only(on_demand, direction, teacher, deputy, school):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    tuesday = date(2026, 11, 24)
    CalendarChange.objects.create(school=school, first_on=tuesday, last_on=tuesday, reason="Карантин.")

    with pytest.raises(ValidationError) as accepted:
        accept_time(asked, asked.times.get(), by=deputy, at=NOW)
    with pytest.raises(ValidationError) as booked:
        book_consultation(
            direction,
            specialist=None,
            starts_at=moscow("24.11.2026 10:20"),
            teacher=teacher,
            question="Вопрос",
            by=teacher,
            at=NOW,
        )
    with pytest.raises(ValidationError) as proposed:
        ask(on_demand, MembershipFactory(school=school), "24.11.2026 15:00")

    for refusal in (accepted, booked, proposed):
        [words] = refusal.value.messages
        assert "Карантин" in words and "Карантин." not in words.removesuffix(".")
        assert not words.endswith("..")


def test_a_room_that_serves_a_direction_with_hours_too_is_not_given_twice(on_demand, teacher, deputy, school):
    second = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    by_hours = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], room=on_demand.room)
    other = MembershipFactory(school=school)
    book_consultation(
        by_hours, specialist=second, starts_at=moscow("24.11.2026 10:20"), teacher=other, question="?", by=other, at=NOW
    )
    asked = ask(on_demand, teacher, "24.11.2026 10:30")

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "time_taken"


def test_an_agreed_time_puts_nobody_in_two_places_as_teacher_and_as_specialist(
    on_demand, deputy, direction, specialist
):
    # the deputy is booked as a teacher with the technician, and the technician asks the deputy for the same time
    book_consultation(
        direction,
        specialist=None,
        starts_at=moscow("24.11.2026 10:20"),
        teacher=deputy,
        question="?",
        by=deputy,
        at=NOW,
    )
    asked = ask(on_demand, specialist, "24.11.2026 10:30")
    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "teacher_taken"

    colleague = MembershipFactory(school=deputy.school)
    other = ask(on_demand, colleague, "24.11.2026 10:30")
    assert code_of(accept_time, other, other.times.get(), by=deputy, at=NOW) == "time_taken"


def test_a_time_that_has_come_cannot_be_accepted(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=moscow("24.11.2026 15:00")) == "past_time"
    assert accept_time(asked, asked.times.get(), by=deputy, at=moscow("24.11.2026 14:59")).pk


def test_only_the_specialists_of_the_direction_answer_and_none_answers_oneself(on_demand, school, teacher, deputy):
    technician = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    stranger = MembershipFactory(roles=[Role.DEPUTY_HEAD])
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    own = ask(on_demand, deputy, "24.11.2026 15:00")

    for request, member in ((asked, technician), (asked, stranger), (asked, teacher), (own, deputy)):
        with pytest.raises(PermissionDenied):
            accept_time(request, request.times.get(), by=member, at=NOW)
        with pytest.raises(PermissionDenied):
            decline_times(request, by=member, answer="нет", at=NOW)


def test_the_time_of_another_request_cannot_be_accepted(on_demand, teacher, deputy, school):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    other = ask(on_demand, MembershipFactory(school=school), "25.11.2026 15:00")

    with pytest.raises(PermissionDenied):
        accept_time(asked, other.times.get(), by=deputy, at=NOW)


def test_a_refusal_needs_words_that_the_teacher_reads(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    assert code_of(decline_times, asked, by=deputy, answer=" ", at=NOW) == "answer_missing"

    decline_times(asked, by=deputy, answer="Лучше в пятницу после 14", at=NOW)

    assert "Лучше в пятницу после 14" in Message.objects.get(recipient=teacher).words
    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "already_answered"
    assert not Booking.objects.exists()


def test_a_withdrawn_request_is_not_answered_any_more(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    with pytest.raises(PermissionDenied):
        withdraw_request(asked, by=deputy, at=NOW)

    withdraw_request(asked, by=teacher, at=NOW)

    assert code_of(accept_time, asked, asked.times.get(), by=deputy, at=NOW) == "already_answered"
    assert code_of(withdraw_request, asked, by=teacher, at=NOW) == "already_answered"


def test_an_agreed_consultation_that_is_cancelled_leaves_the_request_answered(on_demand, teacher, deputy):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    cancel_booking(accept_time(asked, asked.times.get(), by=deputy, at=NOW), by=teacher, at=NOW)

    assert not TimeRequest.objects.waiting().exists()
    assert ask(on_demand, teacher, "25.11.2026 15:00").pk


# --- The pages


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_typed_russian_days_and_times_are_understood(on_demand, teacher, clock):
    sent = {"question": "Вопрос", "day_1": "24.11.2026", "time_1": "15.00", "day_2": "25.11.26", "time_2": "9-30"}

    signed_in(teacher).post(reverse("consultations:time-request-new", args=[on_demand.pk]), sent)

    assert [one.starts_at for one in TimeRequest.objects.get().times.all()] == [
        moscow("24.11.2026 15:00"),
        moscow("25.11.2026 09:30"),
    ]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"day_1": "завтра"}, "Напишите день так"),
        ({"time_1": "после уроков"}, "Напишите время так"),
        ({"time_1": ""}, "Укажите время"),
        ({"day_1": "", "time_1": ""}, "Предложите хотя бы одно время"),
        ({"question": ""}, "Напишите вопрос"),
        ({"day_1": "22.11.2026"}, "уже прошло"),
    ],
)
def test_bad_input_is_answered_by_a_sentence_and_nothing_typed_is_lost(on_demand, teacher, clock, sent, sentence):
    sent = {"question": "Мой вопрос", "day_1": "24.11.2026", "time_1": "15:00"} | sent

    page = signed_in(teacher).post(reverse("consultations:time-request-new", args=[on_demand.pk]), sent)

    words = page.content.decode()
    assert page.status_code == 200 and sentence in words
    for name, value in sent.items():
        bound = page.context["form"][name].value()
        assert bound == value
    assert not TimeRequest.objects.exists()


def test_the_specialist_accepts_with_one_button_of_the_day(on_demand, teacher, deputy, clock):
    asked = ask(on_demand, teacher, "24.11.2026 15:00", "25.11.2026 15:00")
    client = signed_in(deputy)
    page = client.get(reverse("consultations:day")).content.decode()
    time = asked.times.first()
    assert f'name="time" value="{time.pk}"' in page and "Положение о журнале" in page

    answer = client.post(reverse("consultations:time-accept", args=[asked.pk]), {"time": time.pk})

    assert answer["Location"] == Booking.objects.get().get_absolute_url()


def test_a_refused_acceptance_comes_back_as_the_page_with_a_sentence(on_demand, teacher, deputy, clock):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")
    clock.at = moscow("24.11.2026 15:01")

    page = signed_in(deputy).post(reverse("consultations:time-accept", args=[asked.pk]), {"time": asked.times.get().pk})

    assert page.status_code == 200 and "уже прошло" in page.content.decode()


def test_who_may_open_a_request_for_a_time(on_demand, teacher, deputy, school, clock):
    asked = ask(on_demand, teacher, "24.11.2026 15:00")

    def status(member) -> int:
        return signed_in(member).get(asked.get_absolute_url()).status_code

    assert {
        "teacher": status(teacher),
        "specialist": status(deputy),
        "administration": status(MembershipFactory(school=school, roles=[Role.ADMINISTRATION])),
        "another teacher": status(MembershipFactory(school=school)),
        "another specialist": status(MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])),
        "another school": status(MembershipFactory(roles=[Role.DEPUTY_HEAD, Role.ADMINISTRATION])),
    } == {
        "teacher": 200,
        "specialist": 200,
        "administration": 200,
        "another teacher": 404,
        "another specialist": 404,
        "another school": 404,
    }


def test_the_booking_page_of_an_on_demand_direction_leads_to_the_request(on_demand, teacher, clock):
    answer = signed_in(teacher).get(reverse("consultations:book", args=[on_demand.pk]))

    assert answer["Location"] == reverse("consultations:time-request-new", args=[on_demand.pk])
