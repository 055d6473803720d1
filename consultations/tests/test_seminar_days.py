"""A seminar is not put on a closed day unknowingly, nor is a leader into two places; lists go by time."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consultations.models import Absence, CalendarChange, Lesson, Seminar
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, RoomFactory, SeminarFactory

from .conftest import moscow
from .test_seminars import END, START, change, plan
from .test_touched import close, signed_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)  # of START
YEAR = {"first_on": date(2026, 9, 1), "last_on": date(2027, 5, 31)}


@pytest.fixture
def deputy(school):
    return MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])


def test_a_seminar_is_planned_on_a_closed_day_only_by_one_who_has_read_why(school, specialist, deputy):
    close(school, DAY, reason="Скидка 50 % на отопление.")
    for seen in ({}, {"in_spite_of": "Карантин"}):
        with pytest.raises(ValidationError) as refusal:
            plan(deputy, specialist, **seen)
        assert refusal.value.code == "day_closed"
        assert "Скидка 50 % на отопление. " in refusal.value.messages[0]  # one full stop

    assert plan(deputy, specialist, in_spite_of="Скидка 50 % на отопление").pk
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize("days", [3, 4])
def test_a_training_on_a_day_off_is_asked_about_and_on_a_working_day_is_not(school, specialist, deputy, days):
    """Saturday and Sunday; on an open day nothing is kept, whatever was ticked before."""
    moved = {"starts_at": START + timedelta(days=days), "ends_at": END + timedelta(days=days)}
    moved["closes_at"] = moved["starts_at"]
    with pytest.raises(ValidationError) as refusal:
        plan(deputy, specialist, **moved)
    assert refusal.value.code == "day_closed"
    assert plan(deputy, specialist, **moved, in_spite_of=refusal.value.params["reason"]).in_spite_of == "выходной"
    assert plan(deputy, specialist, in_spite_of="выходной").in_spite_of == ""


def test_a_seminar_is_moved_to_a_closed_day_only_knowingly_but_its_words_change_freely(school, specialist, deputy):
    seminar = plan(deputy, specialist)
    close(school, DAY + timedelta(days=1))
    moved = {"starts_at": START + timedelta(days=1), "ends_at": END + timedelta(days=1)}
    with pytest.raises(ValidationError) as refusal:
        change(seminar, deputy, **moved)
    assert refusal.value.code == "day_closed"

    change(seminar, deputy, **moved, in_spite_of="Карантин")
    change(seminar, deputy, title="Вес отметки")

    seminar.refresh_from_db()
    assert (seminar.title, seminar.starts_at, seminar.in_spite_of) == ("Вес отметки", moved["starts_at"], "Карантин")
    with pytest.raises(ValidationError) as refusal:
        change(seminar, deputy, room=RoomFactory(school=school))
    assert refusal.value.code == "day_closed"


def test_a_closed_room_or_leader_is_asked_about_too(school, specialist, deputy):
    room = RoomFactory(school=school)
    close(school, DAY, room=room)
    assert plan(deputy, specialist).pk
    Seminar.objects.all().delete()
    with pytest.raises(ValidationError):
        plan(deputy, specialist, room=room)
    CalendarChange.objects.all().delete()
    close(school, DAY, specialist=specialist)
    with pytest.raises(ValidationError):
        plan(deputy, specialist)


def test_a_leader_who_is_added_has_no_lesson_then_and_is_not_absent(school, specialist, deputy):
    seminar = plan(deputy, specialist)
    teaches, ill = MembershipFactory.create_batch(2, school=school)
    Lesson.objects.create(specialist=teaches, weekday=3, starts=time(15), ends=time(16), **YEAR)
    for person in (ill, specialist):
        Absence.objects.create(specialist=person, first_on=DAY, last_on=DAY)

    for person in (teaches, ill):
        with pytest.raises(ValidationError) as refusal:
            change(seminar, deputy, leaders=[specialist, person])
        assert refusal.value.code == "person_busy"
        assert person.name in refusal.value.messages[0]

    # who leads it already and fell ill since is no hindrance to others
    change(seminar, deputy, leaders=[specialist, MembershipFactory(school=school)])
    assert seminar.leaders.count() == 2


def test_the_page_keeps_what_was_typed_and_offers_a_box_to_hold_it_all_the_same(school, specialist, clock):
    close(school, DAY)
    client = signed_in(specialist)
    sent = {
        "kind": "training", "title": "Тренинг", "leaders": [specialist.pk], "day": "25.11.2026", "begins": "15:00",
        "ends": "16:30", "places": "5",
    }  # fmt: skip
    assert "in_spite_of" not in client.get(reverse("consultations:seminar-new")).content.decode()

    refused = client.post(reverse("consultations:seminar-new"), sent)

    page = refused.content.decode()
    assert refused.status_code == 422 and "Тренинг" in page
    assert 'name="in_spite_of" id="in-spite-of" value="Карантин">' in page  # not ticked
    client.post(reverse("consultations:seminar-new"), sent | {"in_spite_of": "Карантин"})
    made = Seminar.objects.get()
    assert (made.title, made.in_spite_of) == ("Тренинг", "Карантин")
    page = client.get(reverse("consultations:seminar-change", args=[made.pk])).content.decode()
    assert 'value="Карантин" checked>' in page


def test_who_has_a_place_reads_on_its_page_that_the_day_is_closed(school, specialist, teacher, clock):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=[teacher])
    assert "Карантин" not in signed_in(teacher).get(seminar.get_absolute_url()).content.decode()
    close(school, DAY)

    page = signed_in(teacher).get(seminar.get_absolute_url()).content.decode()

    assert "Карантин" in page and reverse("consultations:touched") not in page
    assert reverse("consultations:touched") in signed_in(specialist).get(seminar.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("name", "key"), [("seminars", "coming"), ("schedule", "seminars"), ("bookings", "seminars")])
def test_seminars_stand_in_the_order_of_time(school, specialist, name, key, clock):
    made = [
        SeminarFactory(school=school, leaders=[specialist], starts_at=START + timedelta(days=days))
        for days in (7, 9, 1)
    ]

    page = signed_in(specialist).get(reverse(f"consultations:{name}"))

    assert [line.seminar for line in page.context[key]] == [made[2], made[0], made[1]]


def test_the_list_of_a_room_leads_to_the_sign_in_sheet_of_a_seminar_in_it(school, direction, specialist, clock):
    seminar = SeminarFactory(school=school, leaders=[specialist], room=direction.room)
    other = SeminarFactory(school=school, leaders=[specialist], starts_at=moscow("26.11.2026 15:00"))
    client = signed_in(specialist)

    for whose in (f"room-{direction.room_id}", f"specialist-{specialist.pk}"):
        page = client.get(reverse("consultations:day-list"), {"on": "2026-11-25", "of": whose}).content.decode()
        assert reverse("consultations:seminar-sheet", args=[seminar.pk]) in page
        assert reverse("consultations:seminar-sheet", args=[other.pk]) not in page
