"""The next free time of each direction, as the first page and the schedule show it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from consultations.availability import Availability, next_free_times
from consultations.models import Booking, CalendarChange, Direction, Hours
from consultations.operations import book_consultation
from ejournal_rollout.people.models import School
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    RoomFactory,
    ScheduleFactory,
)

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


def starts(member, at=NOW) -> dict[str, str | None]:
    return {
        offer.direction.name: f"{offer.time.starts_at:%d.%m %H:%M}" if offer.time else offer.reason
        for offer in next_free_times(member, at)
    }


def test_each_direction_in_force_has_its_next_time_or_the_reason_why_not(school, teacher, specialist):
    DirectionFactory(school=school, name="По часам")
    DirectionFactory(school=school, name="По договорённости", is_on_demand=True)
    DirectionFactory(school=school, name="Без часов", hours=[])
    DirectionFactory(school=school, name="Без людей", roles=[Role.DEPUTY_HEAD])
    last_year = ScheduleFactory(order=OrderFactory(school=school, state="closed", first_year=2025))
    DirectionFactory(school=school, name="Прошлогоднее", schedule=last_year)

    assert starts(teacher) == {
        "По часам": "23.11 10:40",
        "По договорённости": "по договорённости",
        "Без часов": "часы в графике не указаны",
        "Без людей": "на эту помощь пока никто не назначен",
    }


def test_the_offer_leads_to_the_booking_page_with_the_time_chosen(school, teacher, specialist):
    by_hours, on_demand = DirectionFactory(school=school), DirectionFactory(school=school, is_on_demand=True)

    first, second = next_free_times(teacher, NOW)

    assert first.address == f"/consultations/direction/{by_hours.pk}/?day=2026-11-23&time=10%3A40#question"
    assert second.address == f"/consultations/direction/{on_demand.pk}/ask/"


def test_the_only_specialist_is_told_that_the_help_is_their_own(school, specialist):
    DirectionFactory(school=school, name="Своё")

    assert starts(specialist) == {"Своё": "эту помощь оказываете вы сами"}


def test_in_the_evening_of_friday_the_next_time_is_monday_or_saturday_by_the_working_week(school, teacher, specialist):
    DirectionFactory(school=school, name="Помощь")
    evening = moscow("27.11.2026 18:00")

    assert starts(teacher, evening) == {"Помощь": "30.11 08:00"}
    School.objects.update(working_week=6)
    teacher.school.refresh_from_db()
    assert starts(teacher, evening) == {"Помощь": "28.11 08:00"}


def test_hours_are_of_the_schools_own_clock(school, specialist, teacher):
    School.objects.update(time_zone="Asia/Vladivostok")  # seven hours ahead of Moscow: there it is 16:30
    teacher.school.refresh_from_db()
    DirectionFactory(school=school, name="Помощь")

    [offer] = next_free_times(teacher, NOW)

    assert offer.time.starts_at.isoformat() == "2026-11-24T08:00:00+10:00"


def test_a_long_closure_is_named_with_its_end_of_the_horizon(school, teacher, specialist):
    DirectionFactory(school=school, name="Помощь")
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 1), last_on=date(2027, 1, 31), reason="Карантин"
    )

    assert starts(teacher) == {
        "Помощь": "до ср, 23 декабря консультаций нет (Карантин); "
        "ближайшее время — пн, 1 февраля, запись на него откроется сб, 2 января"
    }


def test_a_closure_to_the_end_of_the_year_leaves_no_other_time(school, teacher, specialist):
    DirectionFactory(school=school, name="Помощь")
    CalendarChange.objects.create(school=school, first_on=NOW, last_on=date(2027, 8, 31), reason="Ремонт")

    assert starts(teacher) == {
        "Помощь": "до ср, 23 декабря консультаций нет (Ремонт); другого времени в этом учебном году нет"
    }


def test_the_day_on_which_the_next_time_opens_is_the_first_on_which_it_can_be_booked(school, teacher, specialist):
    """The answer is checked against the rule itself: the day before, the same time is not offered."""
    direction = DirectionFactory(school=school, name="Помощь", horizon_days=10)
    CalendarChange.objects.create(school=school, first_on=NOW, last_on=date(2026, 12, 31), reason="Карантин")

    opening = Availability(Direction.objects.all(), teacher=teacher, at=NOW).opening(direction)

    def next_on(day: date) -> datetime | None:
        [offer] = next_free_times(teacher, datetime.combine(day, time(7), tzinfo=school.zone))
        return offer.time and offer.time.starts_at

    assert opening.time.starts_at == moscow("11.01.2027 08:00")  # after the holidays of the country
    assert next_on(opening.opens_on) == opening.time.starts_at
    assert next_on(opening.opens_on - timedelta(days=1)) is None


def test_anyone_free_is_rather_one_who_can_sign_in(school, teacher, specialist):
    DirectionFactory(school=school, name="Помощь")
    with_account = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__password="Kaktus-7-rosa")

    [offer] = next_free_times(teacher, NOW)

    assert offer.time.specialist == with_account.pk


def test_pages_say_who_does_not_use_the_site(school, teacher, specialist, clock, client):
    direction = DirectionFactory(school=school, name="Помощь")
    client.force_login(teacher.user)
    address = reverse("consultations:book", args=[direction.pk])

    def said() -> tuple[bool, bool]:
        book = client.get(address, {"day": "2026-11-24", "time": "10:20"}).content.decode()
        schedule = client.get(reverse("consultations:schedule")).content.decode()
        return "скажите ему о записи сами" in book, f"{specialist.name} (ещё не заходит на сайт)" in schedule

    assert said() == (True, True)
    specialist.user.set_password("Kaktus-7-rosa")
    specialist.user.save()
    assert said() == (False, False)


def test_a_teachers_own_consultation_is_not_offered_over(school, teacher, specialist):
    by_hours = DirectionFactory(school=school, name="Первое")
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    DirectionFactory(school=school, name="Второе", roles=[Role.DEPUTY_HEAD])
    book_consultation(
        by_hours,
        specialist=None,
        starts_at=moscow("23.11.2026 10:40"),
        teacher=teacher,
        question="?",
        by=teacher,
        at=NOW,
    )

    assert starts(teacher) == {"Первое": "23.11 11:00", "Второе": "23.11 11:00"}


def test_the_gap_is_kept_between_consultations_of_a_specialist(school, teacher, specialist):
    direction = DirectionFactory(school=school, name="С перерывом", gap_minutes=10, notice_minutes=0)
    book_consultation(
        direction,
        specialist=None,
        starts_at=moscow("23.11.2026 10:00"),
        teacher=MembershipFactory(school=school),
        question="?",
        by=MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD]),
        at=NOW,
    )

    assert starts(teacher, moscow("23.11.2026 09:31")) == {"С перерывом": "23.11 10:30"}


def test_another_schools_bookings_and_closures_take_nothing_away(school, teacher, specialist):
    DirectionFactory(school=school, name="Помощь")
    other = MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    DirectionFactory(school=other.school)
    CalendarChange.objects.create(school=other.school, first_on=NOW, last_on=date(2027, 1, 31), reason="Чужой карантин")

    assert starts(teacher) == {"Помощь": "23.11 10:40"}


@pytest.mark.parametrize("count", [1, 30])
def test_any_count_of_directions_costs_six_queries(school, teacher, count, django_assert_num_queries):
    specialist = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST, Role.DEPUTY_HEAD])
    for number in range(count):
        one = DirectionFactory(
            school=school,
            roles=[Role.TECHNICAL_SPECIALIST, Role.DEPUTY_HEAD],
            room=RoomFactory(school=school),
            hours=[(1, "08:00", "10:00"), (2, "08:00", "10:00")],
        )
        Booking.objects.create(
            direction=one,
            specialist=specialist,
            teacher=MembershipFactory(school=school),
            booked_by=teacher,
            starts_at=moscow(f"0{number % 7 + 1}.12.2026 {8 + number // 7:02}:00"),
            ends_at=moscow(f"0{number % 7 + 1}.12.2026 {8 + number // 7:02}:20"),
            question="?",
        )

    with django_assert_num_queries(6):
        offers = next_free_times(teacher, NOW)

    assert len(offers) == count
    assert {offer.time.starts_at for offer in offers} == {moscow("24.11.2026 08:00")}


def test_two_intervals_of_a_day_leave_the_break_free(school, teacher, specialist):
    direction = DirectionFactory(school=school, name="С обедом", hours=[(0, "08:00", "11:00"), (0, "12:00", "14:00")])
    assert Hours.objects.filter(direction=direction, starts=time(12)).exists()

    assert starts(teacher, moscow("24.11.2026 10:01")) == {"С обедом": "24.11 12:00"}
