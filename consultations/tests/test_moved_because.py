"""Who moves the consultation of another may say why; the other reads it in the message and in the letter."""

import pytest

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .booking_pages import booked, move_page, signed_in, words_of
from .conftest import moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CHOSEN = {"day": "2026-11-25", "time": "11:00", "sequence": "0"}


def told(person) -> str:
    return Message.objects.to(person).get(key__startswith="consultations.moved").words


@pytest.mark.parametrize("who", ["specialist", "head"])
def test_the_reason_of_a_move_is_read_by_the_teacher(direction, teacher, specialist, school, who):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    made = booked(direction, teacher)
    client = signed_in({"specialist": specialist, "head": head}[who])
    assert 'name="because"' in words_of(client.get(move_page(made)))

    answer = client.post(move_page(made), CHOSEN | {"because": " Совещание у директора "})

    assert answer.status_code == 302
    assert told(teacher).endswith("Причина: Совещание у директора")
    assert Entry.objects.about(made).get(verb="consultations.moved").changes[-1]["new"] == "Совещание у директора"


def test_a_move_without_a_reason_says_none(direction, teacher, specialist):
    made = booked(direction, teacher)

    signed_in(specialist).post(move_page(made), CHOSEN | {"because": "  "})

    assert "Причина" not in told(teacher)
    assert len(Entry.objects.about(made).get(verb="consultations.moved").changes) == 1


def test_a_teacher_is_asked_for_no_reason_and_tells_none(direction, teacher, specialist):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    assert 'name="because"' not in words_of(client.get(move_page(made)))

    client.post(move_page(made), CHOSEN | {"because": "подмена"})

    assert "подмена" not in told(specialist)


def test_the_reason_stays_when_the_time_has_just_gone(direction, teacher, specialist, school):
    made = booked(direction, teacher)
    booked(direction, MembershipFactory(school=school), "25.11.2026 11:00")
    client = signed_in(specialist)

    page = client.post(move_page(made), CHOSEN | {"because": "Совещание"})

    assert 'value="Совещание"' in words_of(page)
    made.refresh_from_db()
    assert made.starts_at == moscow("24.11.2026 10:20")
