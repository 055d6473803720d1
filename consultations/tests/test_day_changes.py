"""Days of the calendar are changed on the site: what was typed stays, what it has met is shown at once."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.models import Absence, CalendarChange
from consultations.operations import change_days, delete_day_change
from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .conftest import NOW
from .test_touched import booked_at, close, signed_in

pytestmark = pytest.mark.django_db


def test_who_closes_a_day_is_shown_what_it_met(direction, teacher, head, seminar, school, clock):
    booked_at("25.11.2026 09:00", direction, teacher)
    client = signed_in(head)
    sent = {"kind": "closed", "first_on": "25.11.2026", "reason": "Авария отопления."}

    answer = client.post(reverse("consultations:day-change-new"), sent)

    assert answer.url == reverse("consultations:touched")
    page = client.get(answer.url).content.decode()
    assert "1 консультация и 1 семинар" in page and ".." not in page.replace("../", "")
    change = CalendarChange.objects.get()
    assert (change.school, change.last_on) == (school, date(2026, 11, 25))
    client.post(reverse("consultations:day-change", args=[change.pk]), sent | {"reason": "Ремонт"})
    change.refresh_from_db()
    assert change.reason == "Ремонт"
    client.post(reverse("consultations:day-change-delete", args=[change.pk]))
    assert not CalendarChange.objects.exists()
    assert [one.verb for one in Entry.objects.order_by("pk") if "day" in one.verb] == [
        "consultations.days_changed", "consultations.days_changed", "consultations.day_change_deleted"
    ]  # fmt: skip


def test_a_refused_change_of_a_day_keeps_what_was_typed(head, clock):
    sent = {"kind": "extra", "first_on": "25.11.2026", "reason": "Дополнительно"}

    answer = signed_in(head).post(reverse("consultations:day-change-new"), sent)

    assert answer.status_code == 422
    assert "Дополнительно" in answer.content.decode()
    assert not CalendarChange.objects.exists()


def test_only_the_administration_of_the_school_changes_its_days(head, specialist, school):
    change = close(school)
    stranger = MembershipFactory(roles=[Role.ADMINISTRATION])
    for who in (specialist, stranger):
        with pytest.raises(PermissionDenied):
            change_days(change, by=who, at=NOW)
        with pytest.raises(PermissionDenied):
            delete_day_change(change, by=who, at=NOW)
    assert signed_in(stranger).get(reverse("consultations:day-change", args=[change.pk])).status_code == 404
    assert signed_in(specialist).get(reverse("consultations:day-change", args=[change.pk])).status_code == 403


@pytest.mark.parametrize("first_on", ["", "9999-12-31", "вчера"])
def test_a_refused_first_day_leaves_the_stored_days_in_the_heading(head, school, clock, first_on):
    change = close(school)
    sent = {"kind": "closed", "first_on": first_on, "last_on": "", "reason": "Карантин"}

    answer = signed_in(head).post(reverse("consultations:day-change", args=[change.pk]), sent)

    assert answer.status_code == 422
    assert "Изменение календаря: 24.11.2026" in answer.content.decode()
    named = reverse("admin:consultations_calendarchange_change", args=[change.pk])
    assert signed_in(head).post(named, sent).status_code == 200


def test_a_refused_last_day_leaves_the_stored_days_in_the_heading(head, school, clock):
    change = close(school)
    sent = {"kind": "closed", "first_on": "26.11.2026", "last_on": "25.11.2026", "reason": "Карантин"}

    answer = signed_in(head).post(reverse("consultations:day-change", args=[change.pk]), sent)

    assert answer.status_code == 422
    assert "Изменение календаря: 24.11.2026" in answer.content.decode()


def test_a_refused_absence_shows_what_is_booked_in_its_stored_days(head, direction, specialist, teacher, clock):
    made = booked_at("25.11.2026 09:00", direction, teacher)
    day = date(2026, 11, 25)
    absence = Absence.objects.create(specialist=specialist, first_on=day, last_on=day)

    answer = signed_in(head).post(
        reverse("consultations:absence", args=[absence.pk]), {"specialist": specialist.pk, "first_on": ""}
    )

    assert answer.status_code == 200
    assert [one.pk for one in answer.context["inside"]] == [made.pk]
