"""The page on which all that a closure has met is settled: what people read of it, and what is typed is not lost."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consultations.models import Absence, CalendarChange
from consultations.operations import cancel_booking, keep_seminar, touched_bookings, touched_seminars
from consultations.operations import touched as operation
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message

from .conftest import NOW, moscow
from .test_touched import booked, booked_at, choices, close, signed_in  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/consultations/touched/"


def act(choices, kind: str) -> str:
    return next(value for value, _words in choices if value.startswith(kind))


def told(person) -> str:
    return Message.objects.filter(recipient=person).order_by("pk").last().words


@pytest.mark.parametrize("kind", ["move", "keep"])
def test_who_is_moved_or_comes_all_the_same_reads_why(direction, teacher, school, head, kind):
    made = booked_at("24.11.2026 10:00", direction, teacher)
    close(school, reason="Авария отопления.")
    client, offered = choices(head)
    [(name, acts)] = offered.items()

    client.post(PAGE, {name: act(acts, kind)})

    assert told(teacher).endswith(": Авария отопления")
    made.refresh_from_db()
    assert made.in_spite_of == ("Авария отопления" if kind == "keep" else "")


@pytest.mark.parametrize("kind", ["move", "cancel", "keep"])
def test_the_reason_that_is_typed_is_read_by_both_whatever_is_decided(
    direction, teacher, specialist, school, head, kind
):
    made = booked_at("24.11.2026 10:00", direction, teacher)
    close(school, reason="Авария отопления.")
    client, offered = choices(head)
    [(name, acts)] = offered.items()

    client.post(PAGE, {name: act(acts, kind), name.replace("act", "reason"): "Договорились по телефону"})

    assert all(told(person).endswith("Причина: Договорились по телефону") for person in (teacher, specialist))
    assert ("Авария отопления." in told(teacher)) == (kind == "keep")
    said = Entry.objects.about(made).order_by("pk").last().changes
    assert said[-1]["new"] == "Договорились по телефону"
    assert touched_bookings(head, at=NOW) == []


def test_the_typed_reason_of_a_seminar_kept_is_read_by_those_who_have_a_place(seminar, teacher, school, head):
    close(school, date(2026, 11, 25))

    typed = {f"seminar-{seminar.pk}-act": "keep|0|Карантин", f"seminar-{seminar.pk}-reason": "Проведём по видеосвязи"}
    signed_in(head).post(PAGE, typed)

    assert told(teacher).endswith(": Карантин. Причина: Проведём по видеосвязи")
    assert touched_seminars(head, at=NOW) == []


def test_an_illness_is_told_to_nobody(direction, teacher, specialist, school, head):
    booked_at("24.11.2026 10:00", direction, teacher)
    Absence.objects.create(
        specialist=specialist, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Больничный"
    )
    client, offered = choices(head)
    [(name, acts)] = offered.items()

    client.post(PAGE, {name: act(acts, "move")})

    assert "отсутствует" in told(teacher) and "ольничн" not in told(teacher)


def test_a_seminar_that_takes_place_all_the_same_says_why(seminar, teacher, school, head):
    close(school, date(2026, 11, 25))

    signed_in(head).post(PAGE, {f"seminar-{seminar.pk}-act": "keep|0|Карантин"})

    assert told(teacher).endswith(": Карантин")


def test_what_is_kept_for_one_reason_is_asked_anew_for_another(direction, teacher, school, head):
    made = booked_at("24.11.2026 10:00", direction, teacher)
    close(school)
    client, offered = choices(head)
    [(name, acts)] = offered.items()
    CalendarChange.objects.update(reason="Выборы")

    answer = client.post(PAGE, {name: act(acts, "keep"), name.replace("act", "reason"): "Мои слова"})

    made.refresh_from_db()
    assert (answer.status_code, made.in_spite_of, made.sequence) == (422, "", 0)
    page = answer.content.decode()
    assert "Выборы" in page and "Мои слова" in page
    [(_one, form)] = answer.context["lines"]
    assert form["reason"].value() == "Мои слова"


def test_a_refused_line_keeps_its_words_and_so_does_one_left_for_later(booked, head):  # noqa: F811
    client, offered = choices(head)
    first, second = offered
    type(booked[1]).objects.filter(pk=booked[1].pk).update(sequence=5)  # somebody changed it meanwhile

    answer = client.post(
        PAGE,
        {
            first: act(offered[first], "cancel"),
            first.replace("act", "reason"): "Первые слова",
            second: "",
            second.replace("act", "reason"): "Вторые слова",
        },
    )

    assert answer.status_code == 422
    assert [form["reason"].value() for _one, form in answer.context["lines"]] == ["Первые слова", "Вторые слова"]
    booked[1].refresh_from_db()
    assert booked[1].cancelled_at is None


def test_what_somebody_else_has_settled_before_is_said(booked, head):  # noqa: F811
    client, offered = choices(head)
    for one in booked[:2]:
        cancel_booking(one, by=head, at=NOW, reason="Карантин")

    answer = client.post(PAGE, {name: acts[0][0] for name, acts in offered.items()}, follow=True)

    assert [str(one) for one in answer.context["messages"]] == ["Уже решено до вас: 2 строки, они остались как есть."]


def test_of_more_than_are_shown_it_is_said_what_is_settled_and_not_what_is_further_down(
    booked,  # noqa: F811
    head,
    school,
    monkeypatch,
):
    _first, settled, further_down = booked
    close(school, date(2026, 11, 25))
    client, offered = choices(head)
    monkeypatch.setattr(operation, "SHOWN", 1)
    cancel_booking(settled, by=head, at=NOW, reason="Карантин")

    names = [f"booking-{one.pk}-act" for one in (settled, further_down)]
    answer = client.post(PAGE, {name: act(offered[name], "cancel") for name in names}, follow=True)

    assert [str(one) for one in answer.context["messages"]] == ["Уже решено до вас: 1 строка, она осталась как есть."]
    further_down.refresh_from_db()
    assert further_down.cancelled_at is None


def test_of_many_it_is_said_how_many_are_shown(booked, head, monkeypatch):  # noqa: F811
    client = signed_in(head)
    assert "показаны" not in client.get(PAGE).content.decode()
    monkeypatch.setattr(operation, "SHOWN", 1)

    page = client.get(PAGE)

    assert len(page.context["lines"]) == 1
    assert "показаны первые 1 из 2" in page.content.decode()


def test_the_message_on_the_page_of_the_list_does_not_link_to_it(direction, teacher, school, head):
    booked_at("25.11.2026 09:00", direction, teacher)
    sent = {"kind": "closed", "first_on": "25.11.2026", "reason": "Авария отопления."}

    page = signed_in(head).post(reverse("consultations:day-change-new"), sent, follow=True)

    assert page.redirect_chain[-1][0] == PAGE
    assert "1 консультация" in "".join(str(one) for one in page.context["messages"])
    assert f'href="{PAGE}"' not in page.content.decode().partition("<main")[2]


def test_a_seminar_that_has_begun_is_not_kept_any_more(seminar, school, head):
    close(school, date(2026, 11, 25))

    with pytest.raises(ValidationError) as refusal:
        keep_seminar(seminar, reason="Карантин", by=head, at=moscow("25.11.2026 15:00"))

    assert refusal.value.code == "already_begun"
    keep_seminar(seminar, reason="Карантин", by=head, at=moscow("25.11.2026 15:00") - timedelta(seconds=1))
