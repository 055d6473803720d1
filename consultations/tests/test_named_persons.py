"""A person whom the schedule names gives the help, and nobody else who holds the same post."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consultations.availability import Availability
from consultations.models import Direction, TimeRequest
from consultations.operations import (
    accept_time,
    book_consultation,
    find_named_persons,
    mark_attendance,
    may_answer,
    propose_times,
    set_specialists,
)
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory

from .conftest import NOW, moscow
from .test_admin import change, form_of

pytestmark = pytest.mark.django_db

PRINTED = "Условнова Е.Е., заместитель директора"


def person(school, full_name, **fields):
    last, first, patronymic = full_name.split()
    return MembershipFactory(
        school=school, user__last_name=last, user__first_name=first, user__patronymic=patronymic, **fields
    )


@pytest.fixture
def named(school):
    """She is a deputy head, but has no role on the site."""
    return person(school, "Условнова Елена Егоровна")


@pytest.fixture
def deputy(school):
    return person(school, "Примерова Ольга Олеговна", roles=[Role.DEPUTY_HEAD])


@pytest.fixture
def row(school, named, deputy):
    direction = DirectionFactory(school=school, name="Нормативное сопровождение")
    set_specialists(direction, PRINTED)
    return direction


@pytest.fixture
def admin(school, client):
    client.force_login(MembershipFactory(school=school, roles=[Role.ADMINISTRATION]).user)
    return client


def offered(teacher, direction):
    availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=NOW)
    times = availability.times(direction, date(2026, 11, 24), date(2026, 11, 24))
    return {availability.people[one.specialist] for one in times}


def book(row, teacher, specialist=None, by=None):
    return book_consultation(
        row,
        specialist=specialist,
        starts_at=moscow("24.11.2026 10:00"),
        teacher=teacher,
        question="?",
        by=by or teacher,
        at=NOW,
    )


# --- Who is offered


def test_only_the_named_person_is_offered_and_not_the_other_deputy(row, named, deputy, teacher):
    assert offered(teacher, row) == {named}
    assert book(row, teacher).specialist == named


def test_a_time_of_the_other_deputy_is_not_to_be_had(row, deputy, teacher):
    with pytest.raises(ValidationError) as refusal:
        book(row, teacher, specialist=deputy)
    assert refusal.value.code == "not_free"


def test_the_named_person_and_the_holders_of_a_named_role_serve_together(school, row, named, teacher):
    technician = person(school, "Тестов Иван Ильич", roles=[Role.TECHNICAL_SPECIALIST])
    set_specialists(row, f"{PRINTED}; технический специалист")

    assert offered(teacher, row) == {named, technician}


def test_a_named_person_who_also_holds_a_role_is_offered_once(row, named, teacher):
    named.holdings.create(role=Role.WORKING_GROUP, starts_on=date(2026, 9, 1))
    set_specialists(row, f"{PRINTED}; члены рабочей группы")

    availability = Availability(Direction.objects.all(), teacher=teacher, at=NOW)
    assert availability.specialists(row) == availability.holders(row) == [named]


@pytest.mark.parametrize(("left_on", "is_offered"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_the_named_person_serves_to_the_last_day_of_work(row, named, teacher, left_on, is_offered):
    named.left_on = left_on
    named.save()

    assert bool(offered(teacher, row)) is is_offered


def test_somebody_who_is_not_on_the_staff_is_replaced_by_nobody(school, deputy, teacher):
    direction = DirectionFactory(school=school)

    set_specialists(direction, PRINTED)

    [line] = direction.direction_roles.unsettled()
    assert (line.words, line.role, line.person) == (PRINTED, "", None)
    availability = Availability(Direction.objects.all(), teacher=teacher, at=NOW)
    assert availability.people == {}
    assert str(availability.offer(direction).reason) == "на эту помощь пока никто не назначен"


@pytest.mark.parametrize(
    ("staff", "is_found"),
    [
        (["Условнова Елена Егоровна"], True),
        (["условнова елена егоровна"], True),
        (["Условнова Елена Петровна"], False),
        (["Условная Елена Егоровна"], False),
        (["Условнова Елена Егоровна", "Условнова Ева Ефимовна"], False),
        ([], False),
    ],
)
def test_exactly_one_person_of_the_surname_and_initials_is_the_one_named(school, staff, is_found):
    members = [person(school, full_name) for full_name in staff]
    direction = DirectionFactory(school=school)

    set_specialists(direction, PRINTED)

    assert [one.person for one in direction.direction_roles.all()] == [members[0] if is_found else None]


def test_neither_who_has_left_nor_a_namesake_of_another_school_is_the_one_named(school):
    person(school, "Условнова Елена Егоровна", left_on=date(2021, 8, 31))
    MembershipFactory(user__last_name="Условнова", user__first_name="Елена", user__patronymic="Егоровна")
    direction = DirectionFactory(school=school)

    set_specialists(direction, PRINTED)

    assert direction.direction_roles.unsettled().count() == 1


def test_a_person_added_after_the_paper_was_read_is_found_when_looked_for_again(school, teacher):
    direction = DirectionFactory(school=school)
    set_specialists(direction, f"{PRINTED}; лаборант")
    late = person(school, "Условнова Елена Егоровна")

    find_named_persons(direction.schedule.order)

    assert [(one.words, one.person) for one in direction.direction_roles.all()] == [(PRINTED, late), ("лаборант", None)]
    assert offered(teacher, direction) == {late}


# --- The administration


def test_the_administration_chooses_the_person_of_an_unsettled_line(school, admin, deputy, teacher):
    direction = DirectionFactory(school=school)
    set_specialists(direction, PRINTED)
    late = person(school, "Условнова-Новая Елена Егоровна")

    change(admin, direction, **{"direction_roles-0-person": late.pk})

    assert offered(teacher, direction) == {late}


def test_nobody_of_another_school_can_be_chosen(school, admin, row, named):
    stranger = MembershipFactory(user__last_name="Чужая")
    address = reverse("admin:consultations_direction_change", args=[row.pk])
    page = admin.get(address)

    answer = admin.post(address, form_of(page) | {"direction_roles-0-person": stranger.pk})

    assert answer.status_code == 200
    assert stranger.name not in page.content.decode()
    assert row.direction_roles.get().person == named


def test_changed_words_with_an_unknown_person_ask_the_administration_to_choose(admin, row):
    answer = change(admin, row, specialists_printed="Безымянная Б.Б., заместитель директора")

    assert "Выберите роль или сотрудника: Безымянная Б.Б., заместитель директора." in answer.content.decode()
    assert row.direction_roles.unsettled().count() == 1


# --- The named person at work


def test_the_named_person_without_any_role_marks_who_came(client, clock, row, named, teacher):
    made = book(row, teacher)
    clock.at = moscow("24.11.2026 10:30")
    client.force_login(named.user)

    page = client.get(reverse("consultations:day"), {"on": "2026-11-24"})
    assert teacher.name in page.content.decode()
    client.post(reverse("consultations:booking-attendance", args=[made.pk]), {"came": "yes", "outcome": "Настроили"})

    made.refresh_from_db()
    assert (made.came, made.outcome) == (True, "Настроили")


def test_the_schedule_leads_the_named_person_to_the_day_of_a_specialist(client, clock, row, named, teacher):
    address = reverse("consultations:day")
    for member, is_led in ((named, True), (teacher, False)):
        client.force_login(member.user)
        assert (address in client.get(reverse("consultations:schedule")).content.decode()) is is_led


def test_the_named_person_books_for_a_teacher_who_came_and_an_ordinary_teacher_does_not(school, row, named, teacher):
    with pytest.raises(PermissionDenied):
        book(row, teacher, by=MembershipFactory(school=school))

    assert book(row, teacher, by=named).booked_by == named


def test_the_other_deputy_does_not_mark_the_consultation(row, deputy, teacher):
    made = book(row, teacher)
    with pytest.raises(PermissionDenied):
        mark_attendance(made, by=deputy, came=True, at=moscow("24.11.2026 10:30"))


def test_a_proposed_time_is_told_to_and_accepted_by_the_named_person_alone(client, clock, row, named, deputy, teacher):
    Direction.objects.filter(pk=row.pk).update(is_on_demand=True)
    row.refresh_from_db()
    asked = propose_times(row, teacher=teacher, question="?", times=[moscow("25.11.2026 12:00")], at=NOW)

    assert [one.recipient for one in Message.objects.all()] == [named]
    assert may_answer(asked, named, on=NOW.date())
    assert not may_answer(asked, deputy, on=NOW.date())
    found = {}
    for member in (named, deputy):
        client.force_login(member.user)
        found[member] = client.get(asked.get_absolute_url()).status_code
        assert (asked in client.get(reverse("consultations:day")).context["time_requests"]) is (member == named)
    assert found == {named: 200, deputy: 404}
    assert accept_time(asked, asked.times.get(), by=named, at=NOW).specialist == named
    assert not TimeRequest.objects.waiting().exists()


def test_the_named_person_who_has_left_answers_nothing(row, named, teacher):
    asked = TimeRequest.objects.create(direction=row, teacher=teacher, question="?")
    named.left_on = date(2026, 11, 22)

    assert not may_answer(asked, named, on=NOW.date())
