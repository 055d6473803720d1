"""A specialist is absent: who gives the consultations instead, and who is told."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from consultations.availability import Availability
from consultations.models import Absence, Booking, Direction
from consultations.operations import (
    accept_time,
    book_consultation,
    delete_absence,
    gives_help,
    propose_times,
    write_absence,
)
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory

from .booking_pages import booked
from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 11, day) for day in (24, 25, 26))


@pytest.fixture
def head(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION], user__last_name="Завучева")


@pytest.fixture
def deputy(school):
    return MembershipFactory(school=school, user__last_name="Заменова")


def absent(who, by, first=TUESDAY, last=None, *, deputy=None, reason="Больничный") -> Absence:
    absence = Absence(specialist=who, first_on=first, last_on=last or first, deputy=deputy, reason=reason)
    write_absence(absence, by=by, at=NOW)
    return absence


def seen_by(teacher) -> Availability:
    return Availability(Direction.objects.all(), teacher=teacher, at=NOW)


def who_is_free(direction, teacher, day=TUESDAY) -> set[str]:
    availability = seen_by(teacher)
    return {availability.people[one.specialist].user.last_name for one in availability.times(direction, day, day)}


def told(member) -> list[str]:
    return list(Message.objects.filter(recipient=member).order_by("pk").values_list("words", flat=True))


def test_without_a_deputy_nothing_is_free_and_the_page_says_no_more_than_absent(
    direction, teacher, specialist, head, client, clock
):
    absent(specialist, head)
    client.force_login(teacher.user)

    page = client.get(reverse("consultations:book", args=[direction.pk]), {"day": "2026-11-24"}).content.decode()

    assert who_is_free(direction, teacher) == set()
    assert who_is_free(direction, teacher, WEDNESDAY) == {"Техников"}
    assert "специалист отсутствует" in page
    assert "Больничный" not in page


def test_the_deputy_gives_the_consultations_in_these_days_only(direction, teacher, specialist, head, deputy):
    absent(specialist, head, TUESDAY, WEDNESDAY, deputy=deputy)

    days = (TUESDAY, WEDNESDAY, THURSDAY)
    assert [who_is_free(direction, teacher, day) for day in days] == [{"Заменова"}, {"Заменова"}, {"Техников"}]
    assert who_is_free(direction, deputy) == set()  # nobody books with oneself
    made = book_consultation(
        direction,
        specialist=None,
        starts_at=moscow("24.11.2026 10:00"),
        teacher=teacher,
        question="?",
        by=teacher,
        at=NOW,
    )
    assert made.specialist == deputy


def test_when_the_deputy_is_absent_too_the_deputy_of_the_deputy_stands_in(
    direction, teacher, specialist, head, deputy, school
):
    third = MembershipFactory(school=school, user__last_name="Третьякова")
    absent(specialist, head, TUESDAY, THURSDAY, deputy=deputy)
    absent(deputy, head, WEDNESDAY, deputy=third)

    days = (TUESDAY, WEDNESDAY, THURSDAY)
    assert [who_is_free(direction, teacher, day) for day in days] == [{"Заменова"}, {"Третьякова"}, {"Заменова"}]


def test_a_deputy_who_has_left_stands_in_for_nobody(direction, teacher, specialist, head, deputy):
    absent(specialist, head, TUESDAY, WEDNESDAY, deputy=deputy)
    deputy.left_on = TUESDAY
    deputy.save()

    assert [who_is_free(direction, teacher, day) for day in (TUESDAY, WEDNESDAY)] == [{"Заменова"}, set()]


def test_only_the_directions_of_the_absent_one_go_to_the_deputy(direction, teacher, specialist, head, deputy, school):
    other = DirectionFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE], user__last_name="Опытнова")
    absent(specialist, head, deputy=deputy)

    assert (who_is_free(direction, teacher), who_is_free(other, teacher)) == ({"Заменова"}, {"Опытнова"})


def test_the_schedule_names_who_is_there_today(direction, teacher, specialist, head, deputy, clock, client):
    absent(specialist, head, date(2026, 11, 23), deputy=deputy)
    client.force_login(teacher.user)

    page = client.get(reverse("consultations:schedule")).content.decode()

    assert seen_by(teacher).holders(direction) == [deputy]
    assert f"{specialist.name}: отсутствует, замещает {deputy.name}" in page


def test_the_deputy_answers_requests_for_a_time(teacher, specialist, head, deputy, school, client, clock):
    direction = DirectionFactory(school=school, is_on_demand=True)
    absent(specialist, head, date(2026, 11, 23), WEDNESDAY, deputy=deputy)
    assert (gives_help(deputy, on=WEDNESDAY), gives_help(deputy, on=THURSDAY)) == (True, False)

    asked = propose_times(direction, teacher=teacher, question="?", times=[moscow("24.11.2026 15:00")], at=NOW)

    assert any("просит о консультации" in words for words in told(deputy))
    client.force_login(deputy.user)
    assert client.get(asked.get_absolute_url()).status_code == 200
    assert asked in client.get(reverse("consultations:day")).context["time_requests"]
    assert accept_time(asked, asked.times.get(), by=deputy, at=NOW).specialist == deputy


def test_those_concerned_are_told_and_the_consultations_stay(direction, teacher, specialist, head, deputy):
    made = book_consultation(
        direction,
        specialist=None,
        starts_at=moscow("24.11.2026 10:00"),
        teacher=teacher,
        question="?",
        by=teacher,
        at=NOW,
    )
    Message.objects.all().delete()

    absence = Absence(specialist=specialist, first_on=TUESDAY, last_on=TUESDAY, deputy=deputy, reason="Больничный")
    assert write_absence(absence, by=head, at=NOW) == [made]

    assert [len(told(one)) for one in (specialist, deputy, teacher, head)] == [1, 1, 1, 0]
    assert "вт, 24 ноября, 10:00–10:20" in told(teacher)[0]
    assert "Техников" in told(deputy)[0]
    assert not any("Больничный" in words for one in (specialist, deputy, teacher) for words in told(one))
    assert Booking.objects.live().count() == 1


def test_the_deputy_of_a_deputy_is_told_for_whom_they_stand_in(specialist, head, deputy, school):
    third = MembershipFactory(school=school)
    absent(specialist, head, TUESDAY, THURSDAY, deputy=deputy)
    absent(deputy, head, WEDNESDAY, deputy=third)

    [words] = told(third)
    assert specialist.name in words and deputy.name in words


def test_who_stands_in_already_is_not_told_again_of_the_absence_of_another(specialist, head, deputy, school):
    absent(specialist, head, deputy=deputy)
    absent(MembershipFactory(school=school), head, deputy=head)

    assert len(told(deputy)) == 1


@pytest.mark.parametrize("links", [1, 2, 3])
def test_a_circle_of_deputies_is_refused(specialist, head, school, links):
    chain = [specialist, *(MembershipFactory(school=school) for _link in range(links))]
    for one, following in zip(chain, chain[1:], strict=False):
        absent(one, head, TUESDAY, THURSDAY, deputy=following)

    with pytest.raises(ValidationError):
        absent(chain[-1], head, WEDNESDAY, deputy=specialist)
    absent(chain[-1], head, date(2026, 11, 27), deputy=specialist)  # on another day all are there


def test_chains_that_meet_on_no_common_day_are_no_circle(specialist, head, deputy, school):
    third = MembershipFactory(school=school)
    absent(deputy, head, TUESDAY, deputy=third)
    absent(third, head, WEDNESDAY, deputy=specialist)

    absent(specialist, head, TUESDAY, WEDNESDAY, deputy=deputy)


def test_an_absence_that_makes_no_sense_is_refused(specialist, head, deputy):
    absent(specialist, head, TUESDAY, THURSDAY)
    for wrong in (
        {"who": specialist, "first": WEDNESDAY},
        {"who": deputy, "first": WEDNESDAY, "last": TUESDAY},
        {"who": deputy, "deputy": deputy},
        {"who": deputy, "deputy": MembershipFactory()},
    ):
        with pytest.raises(ValidationError):
            absent(by=head, **wrong)


def test_only_the_administration_of_the_school_writes_absences(specialist, head, teacher):
    absence = absent(specialist, head)

    for stranger in (teacher, specialist, MembershipFactory(roles=[Role.ADMINISTRATION])):
        with pytest.raises(PermissionDenied):
            absent(specialist, stranger, THURSDAY)
        with pytest.raises(PermissionDenied):
            delete_absence(absence, by=stranger, at=NOW)


# --- The pages


@pytest.fixture
def at_desk(head, clock) -> Client:
    client = Client()
    client.force_login(head.user)
    return client


def test_a_deputy_head_writes_changes_and_deletes_an_absence(at_desk, specialist, deputy):
    sent = {"specialist": specialist.pk, "first_on": "24.11.2026", "deputy": deputy.pk, "reason": "Больничный"}
    at_desk.post(reverse("consultations:absence-new"), sent)
    absence = Absence.objects.get()
    assert (absence.last_on, absence.deputy) == (TUESDAY, deputy)

    at_desk.post(absence.get_absolute_url(), sent | {"last_on": "25.11.2026"})
    absence.refresh_from_db()
    assert absence.last_on == WEDNESDAY

    at_desk.post(reverse("consultations:absence-delete", args=[absence.pk]))
    assert not Absence.objects.exists()
    assert len(told(deputy)) == 3


def test_what_is_booked_in_an_absence_is_decided_each_by_itself_or_all_at_once(at_desk, direction, teacher, specialist):
    booked(direction, teacher)
    sent = {"specialist": specialist.pk, "first_on": "24.11.2026", "reason": "Больничный"}

    page = at_desk.post(reverse("consultations:absence-new"), sent, follow=True).content.decode()

    link = f'<a href="{reverse("consultations:touched")}">все сразу</a>'
    assert f"об отсутствии учителям сообщено. Перенесите или отмените каждую на её странице или {link}:" in page


def test_a_refused_absence_gives_the_page_back_with_what_was_typed(at_desk, specialist):
    sent = {"specialist": specialist.pk, "first_on": "24.11.2026", "deputy": specialist.pk, "reason": "Больничный"}

    page = at_desk.post(reverse("consultations:absence-new"), sent).content.decode()

    assert "Нельзя замещать самого себя" in page and "Больничный" in page
    assert not Absence.objects.exists()


def test_the_calendar_tells_teachers_who_is_absent_and_not_why(at_desk, specialist, deputy, head, teacher, client):
    absent(specialist, head, deputy=deputy)
    client.force_login(teacher.user)
    address = reverse("consultations:calendar")

    of_teacher, of_head = client.get(address).content.decode(), at_desk.get(address).content.decode()

    assert specialist.name in of_teacher and deputy.name in of_teacher
    assert ("Больничный" in of_teacher, "Больничный" in of_head) == (False, True)
    assert client.get(reverse("consultations:absence-new")).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_calendar_costs_the_same_for_one_row_and_for_thirty(
    at_desk, school, head, direction, rows, django_assert_max_num_queries
):
    for _row in range(rows):
        absent(MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST]), head, deputy=head)

    with django_assert_max_num_queries(12):
        page = at_desk.get(reverse("consultations:calendar"))

    assert page.content.decode().count("/consultations/absences/") == rows + 1
