"""Days that differ from the ordinary ones: what may be booked on them, and what teachers read."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from consultations.availability import Availability
from consultations.models import Absence, Booking, CalendarChange, Direction
from consultations.operations import book_consultation
from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.people.models import School
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db

Kind = CalendarChange.Kind
TUESDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 28)


def changed(school, kind, day=TUESDAY, *, last=None, hours=(None, None), reason="Педсовет", **scope) -> CalendarChange:
    starts, ends = (one and time.fromisoformat(one) for one in hours)
    change = CalendarChange(
        school=school, kind=kind, first_on=day, last_on=last or day, starts=starts, ends=ends, reason=reason, **scope
    )
    change.full_clean()
    change.save()
    return change


def seen_by(teacher) -> Availability:
    teacher.school.refresh_from_db()
    return Availability(Direction.objects.all(), teacher=teacher, at=NOW)


def free_hours(direction, teacher, day=TUESDAY) -> str:
    """From the first start of the day to the last: «08:00–13:40», "" when none is free."""
    times = seen_by(teacher).times(direction, day, day)
    return f"{times[0].starts_at:%H:%M}–{times[-1].starts_at:%H:%M}" if times else ""


def why(direction, teacher, day=TUESDAY) -> str:
    [overview] = seen_by(teacher).days(direction, day, day)
    return overview.words


@pytest.mark.parametrize(
    ("kind", "hours", "left"),
    [
        (Kind.CLOSED, (None, None), ""),
        (Kind.CLOSED, ("12:00", None), "08:00–11:40"),
        (Kind.CLOSED, (None, "10:00"), "10:00–13:40"),
        (Kind.SHORTENED, (None, "12:00"), "08:00–11:40"),
        (Kind.SHORTENED, ("09:00", "10:00"), "09:00–09:40"),
        (Kind.EXTRA, ("14:00", "15:00"), "08:00–14:40"),
        (Kind.HOLIDAYS, (None, None), ""),
        (Kind.OPEN_HOLIDAYS, (None, None), "08:00–13:40"),
    ],
)
def test_a_change_of_a_day_leaves_these_hours(direction, teacher, school, kind, hours, left):
    changed(school, kind, hours=hours)

    assert free_hours(direction, teacher) == left
    assert free_hours(direction, teacher, date(2026, 11, 25)) == "08:00–13:40"


def test_a_closed_middle_of_the_day_is_not_offered(direction, teacher, school):
    changed(school, Kind.CLOSED, hours=("10:00", "12:00"))

    starts = [f"{one.starts_at:%H:%M}" for one in seen_by(teacher).times(direction, TUESDAY, TUESDAY)]

    assert "09:40" in starts and "12:00" in starts
    assert not [one for one in starts if "10:00" <= one < "12:00"]


@pytest.mark.parametrize("scope", ["room", "direction", "specialist"])
def test_a_change_of_one_thing_leaves_the_others_alone(direction, teacher, specialist, school, scope):
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], room=RoomFactory(school=school, name="14"))
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    changed(school, Kind.CLOSED, **{scope: {"room": direction.room, "direction": direction}.get(scope, specialist)})

    assert (free_hours(direction, teacher), free_hours(other, teacher)) == ("", "08:00–13:40")
    assert "Педсовет" in why(direction, teacher)


def test_extra_hours_open_a_saturday_and_only_in_their_direction(direction, teacher, school):
    other = DirectionFactory(school=school, room=None)
    changed(school, Kind.EXTRA, SATURDAY, hours=("10:00", "11:00"), direction=direction)

    assert (free_hours(direction, teacher, SATURDAY), free_hours(other, teacher, SATURDAY)) == ("10:00–10:40", "")
    assert why(other, teacher, SATURDAY) == "выходной"


def test_a_closed_day_has_no_extra_hours(direction, teacher, school):
    changed(school, Kind.EXTRA, hours=("14:00", "15:00"), direction=direction)
    changed(school, Kind.CLOSED, reason="Карантин")

    assert free_hours(direction, teacher) == ""
    assert why(direction, teacher) == "Карантин"


def test_a_working_saturday_has_the_hours_of_every_working_day(direction, teacher, school):
    changed(school, Kind.WORKING, SATURDAY, reason="Вместо 4 ноября")

    assert free_hours(direction, teacher, SATURDAY) == "08:00–13:40"


def test_a_saturday_worked_instead_of_a_friday_has_the_hours_of_friday(teacher, specialist, school):
    direction = DirectionFactory(school=school, hours=[(5, "14:00", "16:00"), (6, "09:00", "10:00")])
    assert free_hours(direction, teacher, SATURDAY) == "09:00–09:40"  # the order names the Saturday

    changed(school, Kind.WORKING, SATURDAY, as_weekday=5)

    assert free_hours(direction, teacher, SATURDAY) == "14:00–15:40"


def test_a_public_holiday_may_be_declared_working(direction, teacher, school):
    day = date(2026, 12, 31)  # a transferred day off
    direction.horizon_days = 60
    direction.save()
    assert "Выходной" in why(direction, teacher, day)

    changed(school, Kind.WORKING, day)

    assert free_hours(direction, teacher, day) == "08:00–13:40"


def test_one_calendar_answers_for_checks_and_answers_too(school):
    """P24: consultations, rounds of checks and terms of answers ask the same days."""
    changed(school, Kind.CLOSED, date(2026, 11, 26), reason="Карантин")
    changed(school, Kind.CLOSED, date(2026, 11, 27), hours=("12:00", None))
    changed(school, Kind.WORKING, SATURDAY, as_weekday=4)
    changed(school, Kind.CLOSED, date(2026, 11, 25), room=RoomFactory(school=school))

    calendar = SchoolCalendar.of(school, date(2026, 11, 23), date(2026, 12, 6))

    week = [date(2026, 11, number) for number in range(23, 30)]
    assert [calendar.why_closed(day) for day in week] == ["", "", "", "Карантин", "", "", "выходной"]
    assert calendar.next_open(date(2026, 11, 27)) == SATURDAY
    assert calendar.weekday(SATURDAY) == 4
    assert calendar.weekday(date(2026, 11, 27)) == 5


def test_the_refusal_names_the_reason_of_the_change(direction, teacher, school):
    changed(school, Kind.SHORTENED, hours=(None, "12:00"), reason="Предпраздничный день")

    with pytest.raises(ValidationError, match="Предпраздничный день"):
        book_consultation(
            direction,
            specialist=None,
            starts_at=moscow("24.11.2026 12:20"),
            teacher=teacher,
            question="?",
            by=teacher,
            at=NOW,
        )


def test_the_booking_page_and_the_schedule_say_what_is_unusual(direction, teacher, school, clock, client):
    changed(school, Kind.SHORTENED, hours=(None, "12:00"), reason="Предпраздничный день")
    client.force_login(teacher.user)

    page = client.get(reverse("consultations:book", args=[direction.pk]), {"day": "2026-11-24"}).content.decode()
    schedule = client.get(reverse("consultations:schedule")).content.decode()

    assert "сокращённый день, до 12:00: Предпраздничный день" in page
    assert "Предпраздничный день" in schedule


def test_what_is_unusual_in_the_coming_days_stands_by_day(direction, teacher, specialist, school):
    changed(school, Kind.WORKING, SATURDAY, reason="За пятницу", as_weekday=5)
    Absence.objects.create(specialist=specialist, first_on=date(2026, 11, 26), last_on=date(2026, 11, 27))
    changed(school, Kind.CLOSED, reason="Авария")

    assert seen_by(teacher).news() == [
        "24.11.2026 — закрыто, консультаций нет: Авария",
        f"26.11.2026–27.11.2026 — {specialist.name}: отсутствует",
        "28.11.2026 — рабочий день, как пятница: За пятницу",
    ]


@pytest.mark.parametrize(
    ("kind", "hours", "found"),
    [
        (Kind.CLOSED, (None, None), ["08:00", "11:40", "13:40"]),
        (Kind.SHORTENED, ("08:20", "12:00"), ["08:00", "13:40"]),
        (Kind.CLOSED, ("11:50", "13:40"), ["11:40"]),
        (Kind.EXTRA, ("08:00", "12:00"), []),
    ],
)
def test_consultations_inside_a_change_are_found_by_the_clock_of_the_school(
    direction, teacher, specialist, school, kind, hours, found
):
    School.objects.update(time_zone="Asia/Vladivostok")
    school.refresh_from_db()
    for clock in ("08:00", "11:40", "13:40"):
        starts_at = moscow(f"24.11.2026 {clock}").replace(tzinfo=school.zone)
        Booking.objects.create(
            direction=direction,
            specialist=specialist,
            teacher=teacher,
            booked_by=teacher,
            starts_at=starts_at,
            ends_at=starts_at + (moscow("24.11.2026 08:20") - moscow("24.11.2026 08:00")),
            question="?",
        )

    inside = Booking.objects.inside(changed(school, kind, hours=hours))

    assert [f"{one.starts_at.astimezone(school.zone):%H:%M}" for one in inside] == found


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (Kind.EXTRA, {}, "starts"),
        (Kind.SHORTENED, {}, "ends"),
        (Kind.WORKING, {"hours": ("10:00", "12:00")}, "starts"),
        (Kind.CLOSED, {"as_weekday": 5}, "as_weekday"),
        (Kind.CLOSED, {"hours": ("12:00", "10:00")}, "__all__"),
        (Kind.CLOSED, {"last": date(2026, 11, 23)}, "__all__"),
        (Kind.CLOSED, {"day": date(26, 11, 24)}, "first_on"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_words(school, kind, given, field):
    with pytest.raises(ValidationError) as refused:
        changed(school, kind, **given)

    assert field in refused.value.error_dict


def test_a_working_day_concerns_the_whole_school_and_two_scopes_are_one_too_many(school, specialist, direction):
    with pytest.raises(ValidationError, match="всей школы"):
        changed(school, Kind.WORKING, SATURDAY, specialist=specialist)
    with pytest.raises(ValidationError, match="что-то одно"):
        changed(school, Kind.CLOSED, specialist=specialist, direction=direction)
