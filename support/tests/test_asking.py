"""A question becomes a request with a number, and the right people hear of it."""

import threading
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, HelpRequestFactory, MembershipFactory, SchoolFactory
from support.models import HelpRequest
from support.operations import ask_for_help

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def ask(direction, requester, *, by=None, question="Не открывается страница класса", at=NOW):
    return ask_for_help(
        direction=direction,
        question=question,
        description="",
        form=HelpRequest.Form.EMAIL,
        requester=requester,
        registered_by=by or requester,
        at=at,
    )


def test_a_question_gets_a_number_and_the_specialists_of_its_direction_are_told(staff):
    help_request = ask(staff.technical, staff.teacher)

    assert help_request.number == "2026-001"
    assert help_request.state == HelpRequest.State.NEW
    told = Message.objects.values_list("recipient", "address")
    assert set(told) == {
        (staff.technician.pk, help_request.get_absolute_url()),
        (staff.second_technician.pk, help_request.get_absolute_url()),
    }
    assert [entry.verb for entry in Entry.objects.about(help_request)] == ["support.asked"]


def test_numbers_go_on_within_a_year_and_a_school_and_begin_anew_outside(staff):
    other = MembershipFactory()
    ask(DirectionFactory(school=other.school), other)

    numbers = [ask(staff.technical, staff.teacher).number, ask(staff.methodical, staff.neighbour).number]
    next_year = ask(staff.technical, staff.teacher, at=datetime(2027, 1, 11, 9, 0, tzinfo=UTC)).number

    assert numbers == ["2026-001", "2026-002"]
    assert next_year == "2027-001"


@pytest.mark.django_db
def test_the_year_of_a_number_is_that_of_the_school_clock():
    school = SchoolFactory(time_zone="Asia/Vladivostok")  # ten hours ahead: it is already the new year there
    help_request = ask(
        DirectionFactory(school=school), MembershipFactory(school=school), at=datetime(2026, 12, 31, 20, tzinfo=UTC)
    )

    assert help_request.number == "2027-001"


def test_a_number_given_by_hand_is_never_given_again(staff):
    HelpRequestFactory(school=staff.school, year=2026, sequence=41, direction=staff.technical)

    assert ask(staff.technical, staff.teacher).number == "2026-042"


@pytest.mark.django_db(transaction=True)
def test_twenty_questions_at_one_moment_get_twenty_numbers(staff):
    start, faults = threading.Barrier(20), []

    def question():
        try:
            start.wait()
            ask(staff.technical, staff.teacher)
        except Exception as fault:  # noqa: BLE001  the thread must report, whatever it is
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=question) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert sorted(HelpRequest.objects.values_list("sequence", flat=True)) == list(range(1, 21))


def test_a_specialist_writes_down_the_question_of_one_who_came_in_person(staff):
    help_request = ask(staff.methodical, staff.teacher, by=staff.technician)

    assert (help_request.requester, help_request.registered_by) == (staff.teacher, staff.technician)
    assert set(Message.objects.values_list("recipient", flat=True)) == {staff.deputy.pk, staff.teacher.pk}


def test_a_teacher_does_not_ask_in_the_name_of_another(staff):
    with pytest.raises(PermissionDenied):
        ask(staff.technical, staff.neighbour, by=staff.teacher)
    assert not HelpRequest.objects.exists()


def test_nobody_writes_down_a_question_of_another_school(staff):
    with pytest.raises(ValidationError) as refusal:
        ask(staff.technical, staff.stranger, by=staff.head)
    assert refusal.value.code == "foreign_requester"


def test_a_question_of_blanks_is_refused(staff):
    with pytest.raises(ValidationError) as refusal:
        ask(staff.technical, staff.teacher, question=" \n ")
    assert refusal.value.code == "empty_question"


def test_a_direction_of_another_school_or_of_a_closed_order_takes_no_questions(staff):
    foreign = DirectionFactory(school=staff.stranger.school)
    with pytest.raises(ValidationError) as refusal:
        ask(foreign, staff.teacher)
    assert refusal.value.code == "direction_not_in_force"

    Order.objects.filter(school=staff.school).update(state=Order.State.CLOSED)
    staff.technical.refresh_from_db()
    with pytest.raises(ValidationError) as refusal:
        ask(staff.technical, staff.teacher)
    assert refusal.value.code == "direction_not_in_force"


def test_where_nobody_is_appointed_the_administration_hears_of_the_question(staff):
    RoleHolding.objects.filter(role=Role.DEPUTY_HEAD).delete()

    ask(staff.methodical, staff.teacher)

    assert list(Message.objects.values_list("recipient", flat=True)) == [staff.head.pk]
