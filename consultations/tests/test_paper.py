"""What is printed of a day and of a week: the list for signatures and the sheet for the door."""

import pytest
from django.urls import reverse

from consultations.models import Booking
from consultations.operations import cancel_booking
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow
from .test_pages import booked, signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sheet(member, name="day-list", **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return signed_in(member).get(f"{reverse(f'consultations:{name}')}?{asked}")


# --- The list for signatures


def test_the_list_of_a_specialist_names_who_comes_but_not_what_they_ask(direction, teacher, specialist, school):
    booked(direction, teacher, question="Стыдный вопрос")
    cancelled = booked(direction, MembershipFactory(school=school, user__last_name="Отменова"), "24.11.2026 11:00")
    cancel_booking(cancelled, by=cancelled.teacher, at=NOW)
    booked(direction, MembershipFactory(school=school, user__last_name="Другодневная"), "25.11.2026 11:00")

    page = words_of(sheet(specialist, on="2026-11-24"))

    assert "10:20–10:40" in page and "Учителева Анна Петровна" in page and "Подпись" in page
    for word in ("Стыдный", "Отменова", "Другодневная"):
        assert word not in page, word
    assert page.count("print-row") == 6  # lines for those who come unbooked


def test_the_list_of_a_room_is_of_all_its_specialists(direction, teacher, specialist, school):
    second = DirectionFactory(school=school, room=direction.room, roles=[Role.DEPUTY_HEAD])
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], user__last_name="Завучева")
    booked(direction, teacher)
    booked(second, MembershipFactory(school=school, user__last_name="Коллегина"), "24.11.2026 12:00")

    page = words_of(sheet(specialist, on="2026-11-24", of=f"room-{direction.room_id}"))

    assert "Учителева" in page and "Коллегина" in page and "Завучева" in page
    assert deputy.name in page


def test_a_list_and_a_day_name_the_seminar_that_is_held_then_with_its_own_sheet(direction, specialist, school):
    seminar = SeminarFactory(school=school, room=direction.room, leaders=[specialist], title="Отметки")
    SeminarFactory(school=school, room=direction.room, title="Отменённый", cancelled_at=NOW)
    SeminarFactory(school=school, room=RoomFactory(school=school, name="77"), title="Чужой")
    signed = reverse("consultations:seminar-sheet", args=[seminar.pk])

    for of in (f"room-{direction.room_id}", f"specialist-{specialist.pk}"):
        page = words_of(sheet(specialist, on="2026-11-25", of=of))
        assert "15:00–16:30, обучающий семинар" in page and signed in page
        assert "Отменённый" not in page and "Чужой" not in page
        assert signed not in words_of(sheet(specialist, on="2026-11-26", of=of))
    day = words_of(sheet(specialist, "day", on="2026-11-25"))
    assert signed in day and "никто не записан" not in day


def test_who_may_take_which_list(direction, teacher, specialist, school):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    elsewhere = RoomFactory(school=school, name="77")
    stranger = MembershipFactory(roles=[Role.ADMINISTRATION])

    def answers(member) -> list[int]:
        asked = (f"specialist-{specialist.pk}", f"room-{direction.room_id}", f"room-{elsewhere.pk}", "room-x")
        return [sheet(member, of=one).status_code for one in asked]

    assert {
        "specialist": answers(specialist),
        "colleague": answers(other),
        "administration": answers(head),
        "teacher": answers(teacher),
        "another school": answers(stranger),
    } == {
        "specialist": [200, 200, 404, 404],
        "colleague": [404, 200, 404, 404],
        "administration": [200, 200, 200, 404],
        "teacher": [403, 403, 403, 403],
        "another school": [404, 404, 404, 404],
    }


def test_the_administration_takes_the_list_of_one_who_serves_no_more(direction, teacher, specialist, school):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    booked(direction, teacher)
    specialist.holdings.all().delete()

    page = sheet(head, on="2026-11-24", of=f"specialist-{specialist.pk}")

    assert "Учителева" in words_of(page)


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_costs_the_same_for_one_line_and_for_thirty(
    direction, specialist, school, rows, django_assert_max_num_queries
):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    for place in range(rows):
        begins = moscow(f"24.11.2026 {8 + place // 6:02}:{place % 6 * 10:02}")
        teacher = MembershipFactory(school=school)
        DirectionFactory(school=school, room=RoomFactory(school=school, name=f"А{place}"))
        Booking.objects.create(
            direction=direction, specialist=specialist, teacher=teacher, booked_by=teacher, question="?",
            starts_at=begins, ends_at=begins.replace(minute=begins.minute + 9),
        )  # fmt: skip
    client, address = (
        signed_in(head),
        f"{reverse('consultations:day-list')}?on=2026-11-24&of=specialist-{specialist.pk}",
    )

    with django_assert_max_num_queries(11):  # six of them are the frame's
        page = client.get(address)

    assert words_of(page).count('id="booking-') == rows
