"""A day is closed after consultations were booked: none is lost, all are settled with one button."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from consultations.models import Absence, CalendarChange, Direction, Hours, Lesson, TimeRequest
from consultations.operations import (
    book_consultation,
    keep_booking,
    move_booking,
    touched_bookings,
    touched_counts,
    touched_seminars,
)
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


def booked_at(when, direction, teacher):
    return book_consultation(
        direction, specialist=None, starts_at=moscow(when), teacher=teacher, question="Тайна", by=teacher, at=NOW
    )


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def booked(direction, teacher, school):
    """Two consultations on Tuesday, one on Wednesday; then Tuesday is closed."""

    other = MembershipFactory(school=school)
    made = [
        booked_at(when, direction, person)
        for person, when in ((teacher, "24.11.2026 13:40"), (other, "24.11.2026 13:20"), (other, "25.11.2026 08:00"))
    ]
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24), reason="Карантин"
    )
    school.refresh_from_db()
    return made


def choices(head):
    """What the page offers: the first choice for each consultation in the list."""
    client = signed_in(head)
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


def test_one_is_cancelled_with_the_reason_of_the_closure_and_another_takes_place_all_the_same(booked, head, clock):
    client, offered = choices(head)
    names = [f"booking-{one.pk}-act" for one in booked]

    sent = {names[0]: offered[names[0]][1][0], names[1]: offered[names[1]][2][0]}
    client.post(reverse("consultations:touched"), sent)

    for one in booked[:2]:
        one.refresh_from_db()
    assert "Карантин" in booked[0].cancelled_because
    assert (booked[1].cancelled_at, booked[1].in_spite_of) == (None, "Карантин")
    assert touched_bookings(head, at=NOW) == []  # both are decided


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


def test_a_teacher_does_not_see_the_list(booked, teacher, clock):
    assert signed_in(teacher).get(reverse("consultations:touched")).status_code == 403


# --- What is proposed


def close(school, day=date(2026, 11, 24), **values):
    given = {"first_on": day, "last_on": day, "reason": "Карантин"} | values
    change = CalendarChange.objects.create(school=school, **given)
    school.refresh_from_db()
    return change


def test_the_first_time_after_the_old_one_is_proposed_though_an_earlier_one_is_nearer(direction, teacher, head, school):
    made = booked_at("25.11.2026 08:00", direction, teacher)
    close(school, date(2026, 11, 25))  # on Tuesday the 24th all is free

    [one] = touched_bookings(head, at=NOW)

    assert (one.booking, one.time.starts_at) == (made, moscow("26.11.2026 08:00"))


def test_an_earlier_time_is_proposed_only_where_none_is_later_and_never_within_the_notice(
    direction, teacher, head, school
):
    Direction.objects.update(horizon_days=2, notice_minutes=24 * 60 + 4 * 60)  # from Tuesday, half past one
    booked_at("25.11.2026 08:00", direction, teacher)
    close(school, date(2026, 11, 25))

    [one] = touched_bookings(head, at=NOW)

    assert one.time.starts_at == moscow("24.11.2026 13:40")
    Direction.objects.update(notice_minutes=25 * 60 + 4 * 60)
    assert touched_bookings(head, at=NOW)[0].time is None


def test_no_time_is_proposed_beside_another_consultation_of_the_teacher(direction, teacher, head, school):
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], room=None)
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    booked_at("25.11.2026 08:00", other, teacher)
    booked_at("24.11.2026 09:00", direction, teacher)
    close(school)

    [one] = touched_bookings(head, at=NOW)

    assert one.time.starts_at == moscow("25.11.2026 08:40")


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_for_one_row_and_for_twelve(
    direction, teacher, head, school, rows, clock, django_assert_max_num_queries
):
    for number in range(rows):
        teacher = MembershipFactory(school=school)
        booked_at(f"24.11.2026 {8 + number // 3:02}:{number % 3 * 20:02}", direction, teacher)
        SeminarFactory(school=school, starts_at=moscow("24.11.2026 15:00"))
    close(school)
    client = signed_in(head)

    with django_assert_max_num_queries(19):  # five are the frame's
        page = client.get(reverse("consultations:touched"))

    assert (len(page.context["lines"]), len(page.context["seminar_lines"])) == (rows, rows)
    assert len({one.time.starts_at for one, _form in page.context["lines"]}) == rows


# --- Seminars


def test_a_seminar_that_a_closure_met_is_listed_until_it_is_decided(seminar, head, teacher, school, clock):
    assert touched_seminars(head, at=NOW) == []
    close(school, date(2026, 11, 25))
    client = signed_in(head)
    page = client.get(reverse("consultations:touched"))
    assert reverse("consultations:seminar-change", args=[seminar.pk]) in page.content.decode()

    client.post(reverse("consultations:touched"), {f"seminar-{seminar.pk}-act": "keep|0|Карантин"})

    seminar.refresh_from_db()
    assert (seminar.cancelled_at, seminar.in_spite_of) == (None, "Карантин")
    assert seminar.title in Message.objects.get(recipient=teacher).words
    assert touched_seminars(head, at=NOW) == []
    close(school, date(2026, 11, 25), reason="Авария отопления")
    assert [one.reason for one in touched_seminars(head, at=NOW)] == ["Карантин; Авария отопления"]


def test_a_seminar_is_cancelled_with_the_words_that_were_typed(seminar, head, teacher, school, clock):
    close(school, date(2026, 11, 25))
    client = signed_in(head)
    [(_one, form)] = client.get(reverse("consultations:touched")).context["seminar_lines"]
    assert "Карантин" in form["reason"].value()
    act = next(value for value, _words in form.fields["act"].choices if value.startswith("cancel"))

    client.post(
        reverse("consultations:touched"),
        {form.add_prefix("act"): act, form.add_prefix("reason"): "Проведём в декабре"},
    )

    seminar.refresh_from_db()
    assert seminar.cancelled_because == "Проведём в декабре"
    assert "Проведём в декабре" in Message.objects.get(recipient=teacher).words


@pytest.mark.parametrize(
    ("hours", "scope", "is_met"),
    [
        ((None, None), "", True),
        ((None, "12:00"), "", False),
        (("16:29", None), "", True),
        (("16:30", None), "", False),
        ((None, None), "specialist", True),
        ((None, None), "teacher", False),
        ((None, None), "room", False),
    ],
)
def test_a_closure_meets_a_seminar_in_its_hours_and_of_its_people(
    seminar, head, specialist, teacher, school, hours, scope, is_met
):
    starts, ends = (one and time.fromisoformat(one) for one in hours)
    whom = {"specialist": specialist, "teacher": teacher, "room": RoomFactory(school=school)}
    scoped = {"specialist" if scope == "teacher" else scope: whom[scope]} if scope else {}
    close(school, date(2026, 11, 25), starts=starts, ends=ends, **scoped)

    assert bool(touched_seminars(head, at=NOW)) == is_met


def test_a_seminar_whose_leader_falls_ill_or_gets_a_lesson_is_listed(seminar, head, specialist):
    lesson = {"weekday": 3, "starts": time(14), "ends": time(15, 30)}
    year = {"first_on": date(2026, 9, 1), "last_on": date(2027, 5, 31)}
    Lesson.objects.create(specialist=specialist, **lesson, **year)
    [one] = touched_seminars(head, at=NOW)
    assert specialist.name in one.reason
    assert touched_counts(head, at=NOW) == (0, 1)
    Lesson.objects.all().delete()
    assert touched_counts(head, at=NOW) == (0, 0)

    day = date(2026, 11, 25)
    Absence.objects.create(specialist=specialist, first_on=day, last_on=day, reason="Больничный")

    [one] = touched_seminars(head, at=NOW)
    assert "Больничный" not in one.reason  # participants read it too
    assert touched_counts(head, at=NOW) == (0, 1)


# --- Who is led there


def test_the_count_is_that_of_the_list_and_costs_two_queries_while_nothing_is_met(
    direction, teacher, head, school, seminar, django_assert_num_queries
):
    booked_at("24.11.2026 09:00", direction, teacher)
    with django_assert_num_queries(2):
        assert touched_counts(head, at=NOW) == (0, 0)
    close(school)
    close(school, date(2026, 11, 25))

    assert touched_counts(head, at=NOW) == (1, 1)
    Hours.objects.update(weekday=5)
    CalendarChange.objects.all().delete()
    assert touched_counts(Membership.objects.get(pk=head.pk), at=NOW) == (1, 0)


def test_the_first_page_and_the_calendar_say_how_many_there_are(booked, head, specialist, teacher, clock):
    def says(person, name):
        page = signed_in(person).get(reverse(name)).content.decode()
        return reverse("consultations:touched") in page and "2 консультации" in page

    assert says(head, "desk:home") and says(specialist, "desk:home") and says(head, "consultations:calendar")
    assert not says(teacher, "desk:home")


def test_a_specialist_settles_the_own_ones_and_sees_no_others(booked, specialist, school, clock):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    client, offered = choices(other)
    assert offered == {}
    client.post(reverse("consultations:touched"), {f"booking-{booked[0].pk}-act": "keep|0|Карантин"})
    booked[0].refresh_from_db()
    assert booked[0].in_spite_of == ""

    client, offered = choices(specialist)
    client.post(reverse("consultations:touched"), {name: acts[0][0] for name, acts in offered.items()})

    assert touched_bookings(specialist, at=NOW) == []
    assert {one.sequence for one in type(booked[0]).objects.filter(pk__in=[one.pk for one in booked[:2]])} == {1}


def test_a_teacher_does_not_keep_a_consultation_against_the_calendar(booked, teacher, specialist):
    with pytest.raises(PermissionDenied):
        keep_booking(booked[0], reason="Карантин", by=teacher, at=NOW)
    keep_booking(booked[0], reason="Карантин", by=specialist, at=NOW)
    stale = type(booked[0]).objects.get(pk=booked[0].pk)
    stale.sequence = 0
    with pytest.raises(ValidationError) as refusal:
        keep_booking(stale, reason="Карантин", by=specialist, at=NOW)
    assert refusal.value.code == "changed_meanwhile"
    assert "состоится" in Message.objects.filter(recipient=teacher).order_by("pk").last().words


def test_what_was_kept_and_moved_since_is_asked_of_anew(direction, booked, specialist, head, school):
    keep_booking(booked[0], reason="Карантин", by=specialist, at=NOW)
    move_booking(booked[0], specialist=None, starts_at=moscow("26.11.2026 08:00"), by=head, at=NOW)
    close(school, date(2026, 11, 26))

    assert booked[0].pk in [one.booking.pk for one in touched_bookings(head, at=NOW)]


def test_who_writes_a_lesson_over_a_consultation_is_led_to_the_list(direction, booked, specialist, clock):
    CalendarChange.objects.all().delete()
    sent = {"weekday": "3", "starts": "08:00", "ends": "08:45", "first_on": "01.09.2026", "last_on": "31.05.2027"}

    page = signed_in(specialist).post(reverse("consultations:lessons"), sent | {"every_weeks": "1"}, follow=True)

    assert [str(one) for one in page.context["messages"] if reverse("consultations:touched") in str(one)]
