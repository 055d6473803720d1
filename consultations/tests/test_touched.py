"""A day is closed after consultations were booked: none is lost, all are settled with one button."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import CalendarChange, Direction, Hours, TimeRequest
from consultations.operations import book_consultation, touched_bookings
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


@pytest.fixture
def booked(direction, teacher, school):
    """Two consultations on Tuesday, one on Wednesday; then Tuesday is closed."""

    def book(person, when):
        return book_consultation(
            direction, specialist=None, starts_at=moscow(when), teacher=person, question="Тайна", by=person, at=NOW
        )

    other = MembershipFactory(school=school)
    made = [book(teacher, "24.11.2026 13:40"), book(other, "24.11.2026 13:20"), book(other, "25.11.2026 08:00")]
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Карантин"
    )
    school.refresh_from_db()
    return made


def choices(head):
    """What the page offers: the first choice for each consultation in the list."""
    client = Client()
    client.force_login(head.user)
    page = client.get(reverse("consultations:touched"))
    return client, {form.add_prefix("act"): form.fields["act"].choices for _one, form in page.context["lines"]}


def test_what_a_closure_met_is_listed_with_its_reason_and_a_time_of_its_own(booked, head):
    found = touched_bookings(head, at=NOW)

    assert [(one.booking.pk, one.reason) for one in found] == [(booked[1].pk, "Карантин"), (booked[0].pk, "Карантин")]
    assert len({one.time.starts_at for one in found}) == 2
    assert all(one.time.starts_at.day != 24 for one in found)


def test_all_are_moved_in_one_step_and_the_teachers_are_told(booked, head, clock):
    client, offered = choices(head)
    Message.objects.all().delete()

    client.post(reverse("consultations:touched"), {name: acts[0][0] for name, acts in offered.items()})

    for one in booked[:2]:
        one.refresh_from_db()
        assert (one.sequence, one.cancelled_at) == (1, None)
        assert one.starts_at.day != 24
        assert Message.objects.filter(recipient=one.teacher).exists()
    assert touched_bookings(head, at=NOW) == []


def test_one_is_cancelled_with_the_reason_of_the_closure_and_another_stays(booked, head, clock):
    client, offered = choices(head)
    names = [f"booking-{one.pk}-act" for one in booked]

    client.post(reverse("consultations:touched"), {names[0]: offered[names[0]][1][0], names[1]: "keep"})

    for one in booked[:2]:
        one.refresh_from_db()
    assert "Карантин" in booked[0].cancelled_because
    assert (booked[1].cancelled_at, booked[1].sequence) == (None, 0)


def test_what_was_changed_since_the_page_was_shown_is_not_touched(booked, head, clock):
    client, offered = choices(head)
    type(booked[0]).objects.filter(pk=booked[0].pk).update(sequence=5)

    client.post(reverse("consultations:touched"), {name: acts[1][0] for name, acts in offered.items()})

    booked[0].refresh_from_db()
    assert booked[0].cancelled_at is None


def test_what_the_changed_hours_hold_no_longer_is_listed(direction, booked, head):
    Hours.objects.filter(direction=direction).update(weekday=3, starts=time(8), ends=time(12))
    assert [one.booking.pk for one in touched_bookings(head, at=NOW)] == [booked[1].pk, booked[0].pk]  # both closed
    CalendarChange.objects.all().delete()
    head.refresh_from_db()

    found = touched_bookings(head, at=NOW)

    assert {one.reason for one in found} == {"вне часов по графику"}  # on Tuesday; that of Wednesday at eight stays
    assert [one.booking.pk for one in found] == [booked[1].pk, booked[0].pk]
    assert {one.time.starts_at.isoweekday() for one in found} == {3}


def test_what_was_agreed_by_a_proposal_needs_no_hours(direction, booked, head):
    CalendarChange.objects.all().delete()
    Hours.objects.filter(direction=direction).update(weekday=3)
    TimeRequest.objects.create(
        direction=direction, teacher=booked[0].teacher, question="Тайна", booking=booked[0], asked_at=NOW
    )

    assert [one.booking.pk for one in touched_bookings(head, at=NOW)] == [booked[1].pk]


def test_hours_by_agreement_touch_nothing(direction, booked, head):
    CalendarChange.objects.all().delete()
    Hours.objects.all().delete()
    Direction.objects.update(is_on_demand=True)

    assert touched_bookings(head, at=NOW) == []


def test_only_the_administration_sees_the_list(booked, teacher, clock):
    client = Client()
    client.force_login(teacher.user)
    assert client.get(reverse("consultations:touched")).status_code == 403
