"""The count on the first page and in the calendar is that of the list, whatever has taken the day away; what was
decided all the same is asked of no more until the reason is another."""

from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Absence, Booking, CalendarChange, Direction, DirectionRole, Hours, Lesson, TimeRequest
from consultations.operations import touched_bookings, touched_counts, touched_seminars
from ejournal_rollout.people.models import Membership, RoleHolding, School
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow
from .test_admin_of_bookings import booked, change
from .test_admin_overruled import ticked_under
from .test_calendar_changes import changed
from .test_touched import booked_at, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
Kind = CalendarChange.Kind
TUESDAY, SATURDAY, HOLIDAY = date(2026, 11, 24), date(2026, 11, 28), date(2026, 12, 31)


def listed(head) -> list[str]:
    """The reasons in the list; the count says as many."""
    head = Membership.objects.get(pk=head.pk)
    reasons = [one.reason for one in touched_bookings(head, at=NOW)]
    seminars = [one.reason for one in touched_seminars(head, at=NOW)]
    assert touched_counts(head, at=NOW) == (len(reasons), len(seminars))
    return reasons + seminars


# --- A day off again


@pytest.mark.parametrize("kind", [Kind.WORKING, Kind.EXTRA])
@pytest.mark.parametrize("day", [SATURDAY, HOLIDAY])
def test_what_was_agreed_on_for_a_day_that_is_off_again_is_not_lost(direction, teacher, school, head, kind, day):
    Direction.objects.update(horizon_days=60)
    change = changed(school, kind, day, hours=("10:00", "11:00") if kind == Kind.EXTRA else (None, None))
    school.refresh_from_db()
    booked_at(f"{day:%d.%m.%Y} 10:00", direction, teacher)
    assert listed(head) == []

    answer = signed_in(head).post(reverse("consultations:day-change-delete", args=[change.pk]), follow=True)

    assert len(listed(head)) == 1
    assert answer.redirect_chain[-1][0] == reverse("consultations:touched")
    assert "1 консультация" in " ".join(str(one) for one in answer.context["messages"])


@pytest.mark.parametrize("day", [SATURDAY, HOLIDAY])
def test_a_seminar_on_a_day_that_is_off_again_is_not_lost(specialist, school, head, day):
    change = changed(school, Kind.WORKING, day)
    SeminarFactory(school=school, leaders=[specialist], starts_at=moscow(f"{day:%d.%m.%Y} 15:00"))
    assert listed(head) == []

    change.delete()

    assert len(listed(head)) == 1


def test_a_seminar_that_was_planned_for_a_saturday_costs_no_more_than_any_other(
    specialist, school, head, django_assert_num_queries
):
    SeminarFactory(school=school, leaders=[specialist], starts_at=moscow("28.11.2026 15:00"), in_spite_of="выходной")
    head.school.zone  # noqa: B018

    with django_assert_num_queries(2):
        assert touched_counts(head, at=NOW).total == 0
    Absence.objects.create(specialist=specialist, first_on=SATURDAY, last_on=SATURDAY)
    assert len(listed(head)) == 1


def test_who_deletes_a_change_or_an_absence_in_the_administration_pages_is_told_what_it_meets(
    direction, teacher, school, head
):
    change = changed(school, Kind.WORKING, SATURDAY)
    school.refresh_from_db()
    booked_at("28.11.2026 10:00", direction, teacher)

    page = signed_in(head).post(
        reverse("admin:consultations_calendarchange_delete", args=[change.pk]), {"post": "yes"}, follow=True
    )

    assert "1 консультация" in " ".join(str(one) for one in page.context["messages"])


def test_who_takes_an_absence_away_is_led_to_what_the_deputy_was_to_give(direction, teacher, specialist, school, head):
    deputy = MembershipFactory(school=school)
    absence = Absence.objects.create(specialist=specialist, first_on=TUESDAY, last_on=TUESDAY, deputy=deputy)
    made = booked_at("24.11.2026 10:00", direction, teacher)
    assert made.specialist == deputy and listed(head) == []

    answer = signed_in(head).post(reverse("consultations:absence-delete", args=[absence.pk]))

    assert answer.url == reverse("consultations:touched")
    assert listed(head) == ["специалист на этот день не назначен"]


# --- The count is the list


def by_role_ended(direction, specialist, school):
    RoleHolding.objects.update(ends_on=date(2026, 11, 23))


def by_departure(direction, specialist, school):
    Membership.objects.filter(pk=specialist.pk).update(left_on=date(2026, 11, 23))


def by_another_name(direction, specialist, school):
    DirectionRole.objects.update(role="", person=MembershipFactory(school=school))


def by_a_five_day_week(direction, specialist, school):
    School.objects.update(working_week=5)


def by_named_saturday(direction, specialist, school):
    """«Ежедневно» means the other days then."""
    Hours.objects.create(direction=direction, weekday=6, starts=time(9), ends=time(9, 30))


def by_hours_of_an_agreed_one(direction, specialist, school):
    Direction.objects.update(is_on_demand=True)
    Hours.objects.update(ends=time(9))


def by_closed_room(direction, specialist, school):
    changed(school, Kind.CLOSED, TUESDAY, room=direction.room)


def by_lesson(direction, specialist, school):
    year = {"first_on": date(2026, 9, 1), "last_on": date(2027, 5, 31)}
    Lesson.objects.create(specialist=specialist, weekday=2, starts=time(10), ends=time(10, 45), **year)


def by_nothing(direction, specialist, school):
    TimeRequest.objects.all().delete()


@pytest.mark.parametrize(
    ("what_happens", "count"),
    [
        (by_role_ended, 2),
        (by_departure, 2),
        (by_another_name, 2),
        (by_a_five_day_week, 1),
        (by_named_saturday, 1),
        (by_hours_of_an_agreed_one, 2),
        (by_closed_room, 1),
        (by_lesson, 1),
        (by_nothing, 0),
    ],
)
def test_the_count_is_the_list_whatever_has_happened(direction, teacher, specialist, school, head, what_happens, count):
    School.objects.update(working_week=6)
    for one in (school, teacher):
        one.refresh_from_db()
    teacher = Membership.objects.get(pk=teacher.pk)
    booked_at("24.11.2026 10:00", direction, teacher)
    booked_at("28.11.2026 10:00", direction, teacher)
    assert listed(head) == []

    what_happens(direction, specialist, school)

    assert len(listed(head)) == count
    if not specialist.left_on:
        own = touched_bookings(Membership.objects.get(pk=specialist.pk), at=NOW, own_only=True)
        counts = touched_counts(Membership.objects.get(pk=specialist.pk), at=NOW, own_only=True)
        assert counts.bookings == len(own)


# --- «Всё равно» in the administration pages


@pytest.fixture
def admin(head) -> Client:
    return signed_in(head)


@pytest.mark.parametrize("scope", ["school", "room"])
def test_what_the_administration_has_overruled_is_asked_of_no_more_until_the_reason_is_another(
    admin, direction, teacher, school, head, scope
):
    one, other_room = booked(direction, teacher), RoomFactory(school=school, name="31")
    day = date(2026, 11, 25)
    changed(school, Kind.CLOSED, day, reason="Карантин.", **({"room": other_room} if scope == "room" else {}))
    sent = {"starts_at_0": "25.11.2026", "room": other_room.pk}
    refused = change(admin, one, **sent)
    assert ".." not in refused.context["adminform"].form["read"].value()

    change(admin, one, **sent, **ticked_under(refused))

    assert Booking.objects.get().in_spite_of.endswith("Карантин")
    assert listed(head) == []
    changed(school, Kind.CLOSED, day, reason="Авария", direction=direction)
    if scope == "room":
        CalendarChange.objects.filter(room=other_room).delete()
    else:
        CalendarChange.objects.filter(direction=None).update(reason="Авария")
    assert len(listed(head)) == 1


def test_a_specialist_of_another_direction_who_was_chosen_all_the_same_is_asked_of_when_absent(
    admin, direction, teacher, school, head
):
    one, colleague = booked(direction, teacher), MembershipFactory(school=school)
    change(admin, one, specialist=colleague.pk, **ticked_under(change(admin, one, specialist=colleague.pk)))
    assert Booking.objects.get().in_spite_of == "специалист на этот день не назначен"
    assert listed(head) == []

    Absence.objects.create(specialist=colleague, first_on=TUESDAY, last_on=TUESDAY)

    [reason] = listed(head)
    assert "отсутствует" in reason


def test_outside_the_hours_all_the_same_is_asked_of_no_more(admin, direction, teacher, head):
    one = booked(direction, teacher)

    change(admin, one, starts_at_1="18:00", **ticked_under(change(admin, one, starts_at_1="18:00")))

    assert Booking.objects.get().in_spite_of == "вне часов по графику"
    assert listed(head) == []


def test_other_hours_of_a_direction_touch_only_its_own(teacher, school, head, direction):
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], room=None)
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    booked_at("24.11.2026 10:00", other, teacher)

    Hours.objects.filter(direction=direction).delete()

    assert listed(head) == []
