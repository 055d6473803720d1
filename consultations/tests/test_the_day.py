"""What came of a consultation: the mark in one tap, the result, what is left to do, notes of colleagues, the rating."""

import re
from html import escape, unescape
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from consultations.models import Booking, BookingNote
from consultations.operations import (
    book_consultation,
    cancel_booking,
    finish_follow_up,
    mark_attendance,
    propose_continuation,
    rate_consultation,
    write_booking_note,
)
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .conftest import moscow
from .test_pages import booked, signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

AFTER = moscow("24.11.2026 10:45")


@pytest.fixture
def held(direction, teacher, clock) -> Booking:
    """A consultation of 24.11, 10:20–10:40, that is over and not marked."""
    made = booked(direction, teacher)
    clock.at = AFTER
    return made


def fresh(booking: Booking) -> Booking:
    booking.refresh_from_db()
    return booking


def address(name: str, booking: Booking) -> str:
    return reverse(f"consultations:{name}", args=[booking.pk])


# --- Came or not


def test_one_tap_marks_and_the_row_stays_on_the_day_that_was_shown_with_its_result_to_write(held, specialist):
    client = signed_in(specialist)
    shown = words_of(client.get(reverse("consultations:day") + "?on=2026-11-25"))
    assert f'action="{address("booking-attendance", held)}"' in shown  # on top of another day

    answer = client.post(address("booking-attendance", held), {"came": "yes", "back": "2026-11-25"})

    assert fresh(held).came is True
    assert answer["Location"] == f"{reverse('consultations:day')}?on=2026-11-25&marked={held.pk}#booking-{held.pk}"
    after = words_of(client.get(answer["Location"]))
    assert f'id="booking-{held.pk}"' in after and 'name="outcome"' in after
    assert "booking-" not in words_of(client.get(reverse("consultations:day") + "?on=2026-11-25"))  # done with


@pytest.mark.parametrize("marked", ["x", "-1", "99999999999", "0"])
def test_a_mark_that_the_address_invents_is_left_out(specialist, marked):
    page = signed_in(specialist).get(reverse("consultations:day"), {"on": "2026-11-25", "marked": marked})

    assert (page.status_code, page.context["unread_day"]) == (200, False)


def test_one_tap_leaves_the_words_and_a_mark_is_corrected_and_taken_back(held, specialist):
    client = signed_in(specialist)
    client.post(address("booking-attendance", held), {"came": "yes", "outcome": "Показано", "follow_up": "  Отчёты "})
    assert (fresh(held).outcome, held.follow_up) == ("Показано", "Отчёты")

    client.post(address("booking-attendance", held), {"came": "no"})
    assert (fresh(held).came, held.outcome, held.follow_up) == (False, "Показано", "Отчёты")

    client.post(address("booking-attendance", held), {"came": "unmarked"})
    assert fresh(held).came is None
    assert list(Booking.objects.unmarked(at=AFTER)) == [held]
    assert Entry.objects.filter(verb="consultations.attendance").count() == 3


def test_the_same_mark_twice_is_one_line_of_the_journal(held, specialist):
    for _tap in range(2):
        mark_attendance(held, by=specialist, came=True, at=AFTER)

    assert Entry.objects.filter(verb="consultations.attendance").count() == 1


def test_a_tap_after_the_result_of_another_tab_takes_no_words_away(held, specialist):
    old_page = Booking.objects.get(pk=held.pk)
    mark_attendance(held, by=specialist, came=True, outcome="Показано", at=AFTER)

    mark_attendance(old_page, by=specialist, came=True, at=AFTER)

    assert fresh(held).outcome == "Показано"


def test_the_days_forms_have_one_tap_before_the_mark_and_the_result_after_it(held, specialist):
    client = signed_in(specialist)
    before = words_of(client.get(reverse("consultations:day") + "?on=2026-11-24"))
    mark_attendance(held, by=specialist, came=True, at=AFTER)
    after = words_of(client.get(reverse("consultations:day") + "?on=2026-11-24"))

    assert 'name="outcome"' not in before and 'value="yes"' in before
    assert 'name="outcome"' in after and 'name="follow_up"' in after and 'value="unmarked"' in after


def test_the_result_of_a_marked_consultation_is_saved_on_its_own_page_too(held, specialist):
    mark_attendance(held, by=specialist, came=False, at=AFTER)

    panel = words_of(signed_in(specialist).get(held.get_absolute_url())).partition('id="mark"')[2]

    assert re.findall(r'value="(\w+)">([^<]*)</button>', panel)[:3] == [
        ("no", "Сохранить"),
        ("yes", "Нет, пришёл"),
        ("unmarked", "Снять отметку"),
    ]


def test_of_a_past_consultation_without_a_room_nothing_is_to_be_agreed(direction, teacher, clock):
    direction.room = None
    direction.save()
    made = booked(direction, teacher)
    client = signed_in(teacher)
    before = words_of(client.get(made.get_absolute_url()))
    clock.at = AFTER

    assert "договоритесь со специалистом" in before
    assert "договоритесь" not in words_of(client.get(made.get_absolute_url()))


# --- What is left to do


def test_what_is_left_stands_on_the_day_until_it_is_done(held, specialist):
    client = signed_in(specialist)
    mark_attendance(held, by=specialist, came=True, follow_up="Показать отчёты", at=AFTER)
    assert "Показать отчёты" in words_of(client.get(reverse("consultations:day") + "?on=2026-12-01"))

    client.post(address("follow-up-done", held))

    assert fresh(held).follow_up_done_at == AFTER
    assert list(Booking.objects.to_follow_up()) == []
    with pytest.raises(ValidationError, match="ничего не осталось") as refused:
        finish_follow_up(held, by=specialist, at=AFTER)
    assert refused.value.code == "nothing_left"


def test_the_teacher_is_asked_once_to_choose_a_time_with_the_question_written(held, specialist, teacher, direction):
    mark_attendance(held, by=specialist, came=True, follow_up="Показать отчёты", at=AFTER)

    signed_in(specialist).post(address("follow-up-propose", held))
    with pytest.raises(ValidationError) as refused:
        propose_continuation(held, by=specialist, at=AFTER)

    assert refused.value.code == "already_proposed"
    told = Message.objects.get(recipient=teacher, words__contains="Показать отчёты")
    query = urlencode({"question": "Показать отчёты", "specialist": specialist.pk})
    assert told.address == f"{reverse('consultations:book', args=[direction.pk])}?{query}"
    assert "Показать отчёты" in words_of(signed_in(teacher).get(told.address))


def test_the_specialist_may_choose_the_time_for_the_teacher_with_the_question_written(held, specialist, teacher):
    mark_attendance(held, by=specialist, came=True, follow_up="Отчёты & печать", at=AFTER)
    client = signed_in(specialist)

    link = unescape(re.search(r'href="([^"]*teacher=[^"]*)"', words_of(client.get(held.get_absolute_url())))[1])
    page = client.get(link)

    assert page.context["teacher"] == teacher
    assert "Отчёты & печать" in unescape(words_of(page).partition("<textarea")[2].partition("</textarea>")[0])


def test_the_next_consultation_of_the_teacher_settles_what_was_left(held, specialist, teacher, direction):
    mark_attendance(held, by=specialist, came=True, follow_up="Показать отчёты", at=AFTER)
    assert list(Booking.objects.to_follow_up()) == [held]

    following = book_consultation(
        direction, specialist=None, starts_at=moscow("25.11.2026 09:00"), teacher=teacher, question="Отчёты",
        by=teacher, at=AFTER,
    )  # fmt: skip
    assert list(Booking.objects.to_follow_up()) == []

    cancel_booking(following, by=teacher, at=AFTER)
    assert list(Booking.objects.to_follow_up()) == [held]


def test_a_proposed_continuation_is_found_by_the_teacher_on_the_page_of_the_consultation_until_one_is_booked(
    held, specialist, teacher, direction, clock
):
    clock.at = AFTER
    mark_attendance(held, by=specialist, came=True, follow_up="Отчёты", at=AFTER)
    asks = "предлагает вам выбрать время"

    def page_of(member) -> str:
        return words_of(signed_in(member).get(held.get_absolute_url()))

    assert asks not in page_of(teacher)
    propose_continuation(held, by=specialist, at=AFTER)
    assert asks in page_of(teacher) and escape(held.continuation_address) in page_of(teacher)
    assert asks not in page_of(specialist)

    book_consultation(
        direction, specialist=None, starts_at=moscow("25.11.2026 09:00"), teacher=teacher, question="Отчёты",
        by=teacher, at=AFTER,
    )  # fmt: skip
    assert asks not in page_of(teacher)


def test_other_words_of_what_is_left_may_be_proposed_again(held, specialist):
    mark_attendance(held, by=specialist, came=True, follow_up="Отчёты", at=AFTER)
    propose_continuation(held, by=specialist, at=AFTER)

    mark_attendance(held, by=specialist, came=True, follow_up="Отчёты и печать", at=AFTER)

    assert fresh(held).follow_up_proposed_at is None


# --- Notes for colleagues


def test_a_note_is_read_by_the_specialist_and_the_administration_and_never_by_the_teacher(
    held, specialist, teacher, school
):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    signed_in(specialist).post(address("booking-note", held), {"text": "Путает роли в журнале"})

    seen = {
        one: "Путает роли" in words_of(signed_in(one).get(held.get_absolute_url()))
        for one in (specialist, head, teacher)
    }

    assert seen == {specialist: True, head: True, teacher: False}
    assert signed_in(teacher).post(address("booking-note", held), {"text": ""}).status_code == 403
    assert "Путает" not in str(Entry.objects.values_list("changes", "subject"))


def test_a_teacher_who_belongs_to_the_administration_does_not_read_notes_on_themselves(direction, school, clock):
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    made = booked(direction, head)
    BookingNote.objects.create(booking=made, author=made.specialist, written_at=AFTER, text="Путает роли")

    assert "Путает роли" not in words_of(signed_in(head).get(made.get_absolute_url()))
    with pytest.raises(PermissionDenied):
        write_booking_note(made, text="Нет", by=head, at=AFTER)


def test_an_empty_note_is_asked_for_again(held, specialist):
    page = signed_in(specialist).post(address("booking-note", held), {"text": " "})

    assert "Напишите текст" in words_of(page)
    assert not BookingNote.objects.exists()


# --- The rating


def test_a_teacher_rates_in_three_steps_and_may_think_again(held, teacher, specialist):
    client = signed_in(teacher)
    assert words_of(client.get(held.get_absolute_url())).count('name="rating"') == 3

    client.post(address("booking-rate", held), {"rating": "3"})
    client.post(address("booking-rate", held), {"rating": "2"})
    client.post(address("booking-rate", held), {"rating": "7"})

    assert fresh(held).rating == Booking.Rating.PARTLY
    assert "помогла частично" in words_of(signed_in(specialist).get(held.get_absolute_url())).lower()


@pytest.mark.parametrize("why", ["coming", "missed", "cancelled"])
def test_what_was_not_held_is_not_rated(direction, teacher, specialist, clock, why):
    made = booked(direction, teacher)
    at = AFTER
    if why == "coming":
        at = clock.at
    elif why == "missed":
        mark_attendance(made, by=specialist, came=False, at=AFTER)
    else:
        cancel_booking(made, by=teacher, at=clock.at)
    clock.at = at

    assert 'name="rating"' not in words_of(signed_in(teacher).get(made.get_absolute_url()))
    with pytest.raises(ValidationError) as refused:
        rate_consultation(made, by=teacher, rating=Booking.Rating.HELPED, at=at)
    assert refused.value.code == "not_over"


def test_nobody_rates_for_the_teacher(held, specialist, school):
    for one in (specialist, MembershipFactory(school=school, roles=[Role.ADMINISTRATION])):
        assert signed_in(one).post(address("booking-rate", held), {"rating": "3"}).status_code == 403
        assert 'name="rating"' not in words_of(signed_in(one).get(held.get_absolute_url()))


def test_only_the_specialist_marks_asks_and_finishes(held, teacher, school):
    Booking.objects.filter(pk=held.pk).update(came=True, follow_up="Отчёты")
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])

    for name in ("booking-attendance", "follow-up-propose", "follow-up-done"):
        assert signed_in(teacher).post(address(name, held), {"came": "no"}).status_code == 403, name
        assert signed_in(other).post(address(name, held), {"came": "no"}).status_code == 404, name

    assert (fresh(held).came, held.follow_up_done_at) == (True, None)
