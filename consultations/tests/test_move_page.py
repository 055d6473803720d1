"""A consultation moved on the page of booking, and taken back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from consultations.models import Booking
from consultations.operations import cancel_booking, move_booking
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .booking_pages import booked, move_page, signed_in, words_of
from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_teacher_moves_a_consultation_on_the_page_of_booking(direction, teacher):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    assert f'href="{move_page(made)}"' in words_of(client.get(reverse("consultations:bookings")))
    opened = client.get(move_page(made))
    # the day of the old time is open, which itself is not offered
    assert opened.context["day"] == made.starts_at.date()
    assert "24 ноября, 10:20–10:40" in words_of(opened)
    assert "10:20" not in [f"{one['time'].starts_at:%H:%M}" for one in opened.context["morning"]]

    chosen = words_of(client.get(move_page(made) + "?day=2026-11-25&time=11:00"))
    assert "Перенести на 11:00" in chosen and "<del>вт, 24 ноября, 10:20–10:40</del>" in chosen
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', chosen))
    answer = client.post(move_page(made), hidden, follow=True)

    made.refresh_from_db()
    assert made.starts_at == moscow("25.11.2026 11:00")
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert "Перенесено: ср, 25 ноября, 11:00–11:20" in words_of(answer)


def test_a_move_that_came_too_late_gives_the_page_back_with_three_times_and_the_old_one_holds(
    direction, teacher, school
):
    made = booked(direction, teacher)
    booked(direction, MembershipFactory(school=school), "25.11.2026 11:00")
    client = signed_in(teacher)

    page = client.post(move_page(made), {"day": "2026-11-25", "time": "11:00", "sequence": "0"})

    assert page.status_code == 200
    assert "уже занято" in words_of(page)
    offered = re.findall(r'name="other" value="([^"]*)"', words_of(page))
    assert [one.split("|")[0][-5:] for one in offered] == ["10:20", "10:40", "11:20"]
    made.refresh_from_db()
    assert made.starts_at == moscow("24.11.2026 10:20")
    client.post(move_page(made), {"other": offered[2], "sequence": "0"})
    made.refresh_from_db()
    assert made.starts_at == moscow("25.11.2026 11:20")


def test_a_page_older_than_another_change_shows_what_it_is_now(direction, teacher, specialist):
    made = booked(direction, teacher)
    move_booking(made, specialist=None, starts_at=moscow("25.11.2026 11:00"), by=specialist, at=NOW)

    page = words_of(signed_in(teacher).post(move_page(made), {"day": "2026-11-26", "time": "11:00", "sequence": "0"}))

    assert "теперь она ср, 25 ноября, 11:00–11:20" in page
    assert 'name="sequence" value="1"' in page


@pytest.mark.parametrize("sent", [{}, {"day": "вчера", "time": "x", "sequence": "много"}])
def test_nothing_chosen_moves_nothing(direction, teacher, sent):
    made = booked(direction, teacher)

    page = signed_in(teacher).post(move_page(made), sent)

    assert page.status_code == 200 and page.context["form"].errors
    made.refresh_from_db()
    assert made.sequence == 0


def test_a_move_page_is_of_the_two_and_the_administration_and_only_in_time(
    direction, teacher, specialist, school, clock
):
    made = booked(direction, teacher)
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    stranger = MembershipFactory(school=school)

    def answers() -> list[int]:
        return [signed_in(one).get(move_page(made)).status_code for one in (teacher, specialist, head, stranger)]

    assert answers() == [200, 200, 200, 404]
    clock.at = moscow("24.11.2026 09:21")  # past the cut-off of the teacher
    assert answers() == [302, 200, 200, 404]
    clock.at = moscow("24.11.2026 10:20")
    assert answers() == [302, 302, 302, 404]


# --- Cancelling and taking back


def test_the_page_says_until_when_the_teacher_may_change_and_afterwards_whom_to_tell(direction, teacher, clock):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    assert "Перенести или отменить можно до: вт, 24 ноября, 09:20" in words_of(client.get(made.get_absolute_url()))

    clock.at = moscow("24.11.2026 09:21")
    page = words_of(client.get(made.get_absolute_url()))
    assert "скажите специалисту" in page and "Отменить консультацию" not in page
    refused = words_of(client.post(reverse("consultations:booking-cancel", args=[made.pk]), {}))
    assert "можно было до 24.11.2026, 09:20" in refused
    assert Booking.objects.live().get() == made


def test_a_cancellation_is_taken_back_by_one_button_for_ten_minutes(direction, teacher, specialist, clock):
    made = booked(direction, teacher)
    restore = reverse("consultations:booking-restore", args=[made.pk])
    client = signed_in(teacher)
    client.post(reverse("consultations:booking-cancel", args=[made.pk]), {})
    assert restore in words_of(client.get(made.get_absolute_url()))
    assert restore not in words_of(signed_in(specialist).get(made.get_absolute_url()))
    assert signed_in(specialist).post(restore).status_code == 403
    assert client.get(restore).status_code == 405

    answer = client.post(restore, follow=True)

    assert "состоится, как было назначено" in words_of(answer)
    assert Booking.objects.live().get() == made
    cancel_booking(made, by=teacher, at=NOW)
    clock.at = NOW + timedelta(minutes=11)
    assert restore not in words_of(client.get(made.get_absolute_url()))
    assert "уже нельзя" in words_of(client.post(restore, follow=True))
