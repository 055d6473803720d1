"""Free times of a direction: what may be booked now, and why a day has nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.free_times import (
    Away,
    Busy,
    DayOverview,
    ExtraHours,
    FreeTime,
    Rules,
    WeeklyHours,
    days_overview,
    free_times,
    nearest,
    one_per_start,
    weeks_of,
)

SIMFEROPOL = ZoneInfo("Europe/Simferopol")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 9, 7)
NO_DAYS: dict[date, str] = {}


def moment(words: str, zone: ZoneInfo = SIMFEROPOL) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


def busy(start: str, end: str) -> Busy:
    return Busy(moment(start), moment(end))


def hours(
    specialist: int, starts: str, ends: str, weekdays: str = "1234567", weeks: tuple[int, ...] = ()
) -> WeeklyHours:
    return WeeklyHours(
        specialist,
        time.fromisoformat(starts),
        time.fromisoformat(ends),
        frozenset(map(int, weekdays)),
        frozenset(weeks),
    )


def offered(some_hours, rules=None, *, now="2026-09-07 06:00", zone=SIMFEROPOL, days=(MONDAY, MONDAY), **known):
    known = {"closed": NO_DAYS, "busy": {}} | known
    return free_times(some_hours, rules or Rules(), now=moment(now, zone), zone=zone, days=days, **known)


def starts(times: list[FreeTime]) -> list[str]:
    return [f"{one.starts_at:%H:%M}" for one in times]


# Hours.


def test_times_step_through_the_hours_and_the_last_one_ends_with_them():
    times = offered([hours(7, "08:00", "09:10")])

    assert times == [
        FreeTime(moment("2026-09-07 08:00"), moment("2026-09-07 08:20"), 7, None),
        FreeTime(moment("2026-09-07 08:20"), moment("2026-09-07 08:40"), 7, None),
        FreeTime(moment("2026-09-07 08:40"), moment("2026-09-07 09:00"), 7, None),
    ]
    assert starts(offered([hours(7, "08:00", "09:20")])) == ["08:00", "08:20", "08:40", "09:00"]


def test_a_gap_stands_between_times():
    assert starts(offered([hours(7, "08:00", "09:20")], Rules(slot_minutes=20, gap_minutes=10))) == [
        "08:00",
        "08:30",
        "09:00",
    ]


def test_hours_that_end_before_they_begin_give_nothing():
    assert offered([hours(7, "14:00", "08:00")]) == []


def test_hours_count_only_on_their_weekdays():
    week = (MONDAY, MONDAY + timedelta(days=6))

    times = offered([hours(7, "08:00", "08:20", "135")], days=week)

    assert [one.starts_at.date().day for one in times] == [7, 9, 11]


@pytest.mark.parametrize(
    ("weeks", "days"), [((2, 4), [11, 25]), ((1,), [4]), ((-1,), [25]), ((4, -1), [25]), ((5,), [])]
)
def test_hours_count_only_in_their_weeks_of_the_month(weeks, days):
    whole_month = (date(2026, 9, 1), date(2026, 9, 30))

    times = offered([hours(7, "14:00", "14:20", "5", weeks)], now="2026-08-31 12:00", days=whole_month)

    assert [one.starts_at.day for one in times] == days


def test_the_week_of_the_month_is_counted_by_the_weekday():
    days = [date(2026, 9, 1), date(2026, 9, 7), date(2026, 9, 8), date(2026, 9, 29), date(2026, 9, 24)]

    assert [weeks_of(day) for day in days] == [{1}, {1}, {2}, {5, -1}, {4, -1}]


def test_the_same_start_from_two_rows_of_hours_is_offered_once():
    assert starts(offered([hours(7, "08:00", "08:40"), hours(7, "08:20", "09:00")])) == ["08:00", "08:20", "08:40"]


def test_each_specialist_is_offered_and_the_order_is_start_then_specialist():
    times = offered([hours(9, "08:00", "08:40"), hours(7, "08:20", "08:40")])

    assert [(f"{one.starts_at:%H:%M}", one.specialist) for one in times] == [("08:00", 9), ("08:20", 7), ("08:20", 9)]


# Days.


@pytest.mark.parametrize("closed", [{MONDAY: "Карантин"}, lambda day: "Карантин" if day == MONDAY else ""])
def test_a_closed_day_offers_nothing(closed):
    times = offered([hours(7, "08:00", "08:20")], closed=closed, days=(MONDAY, MONDAY + timedelta(days=1)))

    assert [one.starts_at.day for one in times] == [8]


def test_notice_is_kept_to_the_minute():
    some_hours = [hours(7, "08:00", "09:00")]

    assert starts(offered(some_hours, Rules(notice_minutes=60), now="2026-09-07 07:20")) == ["08:20", "08:40"]
    assert starts(offered(some_hours, Rules(notice_minutes=60), now="2026-09-07 07:21")) == ["08:40"]


def test_the_last_day_of_the_horizon_and_of_the_school_year_are_inside():
    some_hours = [hours(7, "08:00", "08:20")]

    def last_day(rules: Rules) -> date:
        return offered(some_hours, rules, days=None)[-1].starts_at.date()

    assert last_day(Rules(horizon_days=3)) == date(2026, 9, 10)
    assert last_day(Rules(horizon_days=30, last_day=date(2026, 9, 9))) == date(2026, 9, 9)
    assert last_day(Rules(horizon_days=3, last_day=date(2027, 5, 31))) == date(2026, 9, 10)
    assert offered(some_hours, Rules(last_day=date(2026, 5, 31)), days=None) == []


def test_today_is_the_day_at_the_school_not_in_greenwich():
    # 22:30 UTC on Sunday is 01:30 on Monday in Simferopol
    times = free_times(
        [hours(7, "08:00", "08:20")],
        Rules(horizon_days=0),
        now=datetime(2026, 9, 6, 22, 30, tzinfo=UTC),
        zone=SIMFEROPOL,
        closed=NO_DAYS,
        busy={},
    )

    assert [one.starts_at for one in times] == [moment("2026-09-07 08:00")]


# Days that differ from the ordinary ones.

SATURDAY = date(2026, 9, 12)


def extra(specialist: int, day: date, *, last: date | None = None, opens: bool = True) -> ExtraHours:
    return ExtraHours(specialist, day, last or day, time(10), time(10, 40), opens)


def test_on_a_day_off_only_the_extra_hours_count_and_on_a_closed_day_not_even_these():
    some_hours = [hours(7, "08:00", "08:20")]

    def on_saturday(**known) -> list[str]:
        days = (SATURDAY, SATURDAY)
        return starts(offered(some_hours, days=days, extra=[extra(7, SATURDAY)], **known))

    assert on_saturday(days_off={SATURDAY: "выходной"}) == ["10:00", "10:20"]
    assert on_saturday() == ["08:00", "10:00", "10:20"]
    assert on_saturday(days_off={SATURDAY: "выходной"}, closed={SATURDAY: "Карантин"}) == []


def test_extra_hours_of_several_days_leave_the_days_off_free():
    days = (SATURDAY - timedelta(days=1), SATURDAY)

    times = offered([], days=days, extra=[extra(7, *days[:1], last=SATURDAY, opens=False)], days_off={SATURDAY: "х"})

    assert [f"{one.starts_at:%d %H:%M}" for one in times] == ["11 10:00", "11 10:20"]


def test_a_saturday_worked_instead_of_a_friday_goes_by_the_hours_of_friday():
    some_hours = [
        hours(7, "08:00", "08:20", "5"),
        hours(7, "09:00", "09:20", "6"),
        hours(7, "10:00", "10:20", "5", (2,)),
    ]

    def on_saturday(**known) -> list[str]:
        return starts(offered(some_hours, days=(SATURDAY, SATURDAY), **known))

    assert on_saturday(worked_as={SATURDAY: 5}) == ["08:00"]  # the second Friday of the month was yesterday
    assert on_saturday() == ["09:00"]


def test_a_lesson_takes_its_time_without_a_gap():
    lesson = Away(moment("2026-09-07 08:30"), moment("2026-09-07 09:10"), "у специалиста урок")

    times = offered([hours(7, "08:00", "10:00")], Rules(slot_minutes=20, gap_minutes=10), away={7: [lesson]})

    assert starts(times) == ["08:00", "09:30"]


def test_a_day_on_which_the_specialist_is_away_says_why():
    lesson = Away(moment("2026-09-07 08:00"), moment("2026-09-07 09:00"), "у специалиста урок")
    booked = busy("2026-09-07 09:00", "2026-09-07 09:20")

    def overview(ends: str) -> DayOverview:
        (day,) = days_overview(
            [hours(7, "08:00", ends)],
            Rules(),
            now=moment("2026-09-07 06:00"),
            zone=SIMFEROPOL,
            closed=NO_DAYS,
            busy={7: [booked]},
            away={7: [lesson]},
            days=(MONDAY, MONDAY),
        )
        return day

    assert overview("09:00") == DayOverview(MONDAY, 0, "away", "у специалиста урок")
    assert overview("09:20") == DayOverview(MONDAY, 0, "all_taken")
    assert overview("09:40") == DayOverview(MONDAY, 1)


def test_a_day_off_says_why_where_no_extra_hours_are():
    days = days_overview(
        [hours(7, "08:00", "08:20")],
        Rules(),
        now=moment("2026-09-07 06:00"),
        zone=SIMFEROPOL,
        closed=NO_DAYS,
        days_off={SATURDAY: "выходной", SATURDAY + timedelta(days=1): "выходной"},
        extra=[extra(7, SATURDAY)],
        busy={},
        days=(SATURDAY, SATURDAY + timedelta(days=1)),
    )

    assert [(one.free_count, one.reason, one.words) for one in days] == [(2, "", ""), (0, "closed", "выходной")]


# Bookings.


def test_a_booking_takes_its_time_and_its_neighbours_stay():
    times = offered([hours(7, "08:00", "09:00")], busy={7: [busy("2026-09-07 08:20", "2026-09-07 08:40")]})

    assert starts(times) == ["08:00", "08:40"]


def test_the_gap_is_kept_around_a_booking_and_counted_once():
    rules = Rules(slot_minutes=20, gap_minutes=10)

    times = offered([hours(7, "08:00", "10:00")], rules, busy={7: [busy("2026-09-07 08:30", "2026-09-07 08:50")]})

    assert starts(times) == ["08:00", "09:00", "09:30"]


def test_a_time_that_would_leave_less_than_the_gap_beside_a_booking_is_not_offered():
    rules = Rules(slot_minutes=20, gap_minutes=10)

    def beside(start: str, end: str) -> list[str]:
        taken = {7: [busy(f"2026-09-07 {start}", f"2026-09-07 {end}")]}
        return starts(offered([hours(7, "08:00", "09:20")], rules, busy=taken))

    assert beside("08:29", "08:51") == []
    assert beside("08:30", "08:50") == ["08:00", "09:00"]
    assert beside("08:30", "08:51") == ["08:00"]
    assert beside("08:29", "08:50") == ["09:00"]


def test_a_long_booking_begun_earlier_is_seen_behind_a_short_one():
    taken = [busy("2026-09-07 08:00", "2026-09-07 10:00"), busy("2026-09-07 08:20", "2026-09-07 08:40")]

    assert starts(offered([hours(7, "08:00", "10:20")], busy={7: taken})) == ["10:00"]


def test_another_specialists_booking_takes_nothing():
    times = offered([hours(7, "08:00", "08:20")], busy={9: [busy("2026-09-07 08:00", "2026-09-07 08:20")]})

    assert starts(times) == ["08:00"]


def test_a_teacher_is_not_offered_a_time_at_which_she_is_booked_elsewhere():
    times = offered([hours(7, "08:00", "09:00")], teacher_busy=[busy("2026-09-07 08:10", "2026-09-07 08:30")])

    assert starts(times) == ["08:40"]


def test_the_room_gives_its_lowest_free_place_and_nothing_when_all_are_taken():
    room = [
        (1, busy("2026-09-07 08:00", "2026-09-07 08:40")),
        (2, busy("2026-09-07 08:20", "2026-09-07 08:40")),
    ]

    times = offered([hours(7, "08:00", "09:00")], room_busy=room, room_places=2)

    assert [(f"{one.starts_at:%H:%M}", one.room_place) for one in times] == [("08:00", 2), ("08:40", 1)]


def test_a_booking_at_a_place_the_room_no_longer_has_still_takes_room():
    room = [(2, busy("2026-09-07 08:00", "2026-09-07 08:20"))]

    assert starts(offered([hours(7, "08:00", "08:40")], room_busy=room, room_places=1)) == ["08:20"]


def test_without_a_room_no_room_is_asked():
    room = [(1, busy("2026-09-07 08:00", "2026-09-07 08:20"))]

    (one,) = offered([hours(7, "08:00", "08:20")], room_busy=room, room_places=0)

    assert one.room_place is None


# Nights in which the clock is moved (Berlin; Simferopol has had none since 2014).


def test_the_hour_that_the_clock_skips_is_not_offered():
    night = date(2027, 3, 28)  # 02:00 becomes 03:00

    times = offered(
        [hours(7, "01:30", "03:30")], Rules(slot_minutes=30), now="2027-03-27 12:00", zone=BERLIN, days=(night, night)
    )

    only_skipped = offered(
        [hours(7, "02:00", "02:30")], Rules(slot_minutes=30), now="2027-03-27 12:00", zone=BERLIN, days=(night, night)
    )

    assert only_skipped == []
    assert starts(times) == ["01:30", "03:00"]
    assert [one.ends_at.astimezone(UTC) - one.starts_at.astimezone(UTC) for one in times] == [timedelta(minutes=30)] * 2


def test_a_doubled_hour_is_offered_once_and_no_time_lasts_through_the_change():
    night = date(2026, 10, 25)  # 03:00 becomes 02:00

    times = offered(
        [hours(7, "01:30", "04:00")], Rules(slot_minutes=30), now="2026-10-24 12:00", zone=BERLIN, days=(night, night)
    )

    assert starts(times) == ["01:30", "02:00", "03:00", "03:30"]
    assert [one.starts_at.fold for one in times] == [0, 0, 0, 0]


# The calendar of days.


def test_each_day_without_times_says_why():
    first, last = date(2026, 9, 6), date(2026, 9, 13)
    some_hours = [hours(7, "08:00", "08:40", "1234")]

    days = days_overview(
        some_hours,
        Rules(horizon_days=5),
        now=moment("2026-09-07 07:30"),
        zone=SIMFEROPOL,
        closed={date(2026, 9, 8): "Карантин"},
        busy={7: [busy("2026-09-09 08:00", "2026-09-09 08:40")]},
        days=(first, last),
    )

    assert days == [
        DayOverview(date(2026, 9, 6), 0, "past"),
        DayOverview(date(2026, 9, 7), 0, "too_soon"),
        DayOverview(date(2026, 9, 8), 0, "closed", "Карантин"),
        DayOverview(date(2026, 9, 9), 0, "all_taken"),
        DayOverview(date(2026, 9, 10), 2),
        DayOverview(date(2026, 9, 11), 0, "no_hours"),
        DayOverview(date(2026, 9, 12), 0, "no_hours"),
        DayOverview(date(2026, 9, 13), 0, "beyond_horizon"),
    ]


def test_a_day_counts_starts_not_specialists():
    (day,) = days_overview(
        [hours(7, "08:00", "08:40"), hours(9, "08:20", "09:00")],
        Rules(),
        now=moment("2026-09-07 06:00"),
        zone=SIMFEROPOL,
        closed=NO_DAYS,
        busy={},
        days=(MONDAY, MONDAY),
    )

    assert day == DayOverview(MONDAY, 3)


# Choosing.


def test_the_nearest_times_to_a_lost_one_come_in_the_order_of_the_day():
    times = offered([hours(7, "08:00", "10:00")])

    assert starts(nearest(times, moment("2026-09-07 08:30"))) == ["08:00", "08:20", "08:40"]
    assert starts(nearest(times, moment("2026-09-07 12:00"), 2)) == ["09:20", "09:40"]
    assert nearest([], moment("2026-09-07 12:00")) == []


def test_anyone_free_is_the_specialist_with_the_fewest_bookings_then_the_lowest_number():
    times = offered([hours(9, "08:00", "08:40"), hours(8, "08:00", "08:20"), hours(7, "08:00", "08:20")])

    def chosen(load: dict[int, int]) -> list[tuple[str, int]]:
        return [(f"{one.starts_at:%H:%M}", one.specialist) for one in one_per_start(times, load)]

    assert chosen({7: 3, 8: 2, 9: 2}) == [("08:00", 8), ("08:20", 9)]
    assert chosen({7: 1, 8: 1}) == [("08:00", 9), ("08:20", 9)]
    assert chosen({}) == [("08:00", 7), ("08:20", 9)]


def test_who_cannot_sign_in_is_chosen_only_where_nobody_else_is_free():
    times = offered([hours(7, "08:00", "08:40"), hours(9, "08:00", "08:20")])

    chosen = one_per_start(times, {9: 5}, last={7})

    assert [(f"{one.starts_at:%H:%M}", one.specialist) for one in chosen] == [("08:00", 9), ("08:20", 7)]


# Refusals.


@pytest.mark.parametrize(
    "wrong", [{"slot_minutes": 0}, {"gap_minutes": -1}, {"notice_minutes": -1}, {"horizon_days": -1}]
)
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(ValueError, match="at least a minute"):
        Rules(**wrong)


def test_moments_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        Busy(datetime(2026, 9, 7, 8), datetime(2026, 9, 7, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        free_times([], Rules(), now=datetime(2026, 9, 7), zone=SIMFEROPOL, closed=NO_DAYS, busy={})  # noqa: DTZ001


# What is true of every school.

ZONES = st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Moscow"), SIMFEROPOL])
# The days on both sides of the nights in which Berlin moves its clocks, and some quiet ones.
NOWS = st.datetimes(datetime(2026, 10, 23), datetime(2026, 10, 26)) | st.datetimes(
    datetime(2027, 3, 26), datetime(2027, 3, 29)
)
CLOCKS = st.integers(0, 24 * 12 - 1).map(lambda five: time(five // 12, five % 12 * 5))
HOURS = st.builds(
    WeeklyHours,
    specialist=st.integers(1, 3),
    starts=CLOCKS,
    ends=CLOCKS,
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    weeks=st.frozensets(st.sampled_from([1, 2, 3, 4, 5, -1]), max_size=2),
)
RULES = st.builds(
    Rules,
    slot_minutes=st.integers(5, 90),
    gap_minutes=st.integers(0, 30),
    notice_minutes=st.integers(0, 600),
    horizon_days=st.integers(0, 6),
    last_day=st.none() | st.dates(date(2026, 10, 24), date(2027, 4, 2)),
)


@st.composite
def schools(draw):
    zone, now = draw(ZONES), draw(NOWS).replace(tzinfo=UTC)
    bookings = st.builds(
        lambda start, length: Busy(now + timedelta(minutes=start), now + timedelta(minutes=start + length)),
        st.integers(-600, 7 * 24 * 60),
        st.integers(1, 600),
    )
    today = now.astimezone(zone).date()
    days = st.integers(0, 7).map(lambda number: today + timedelta(days=number))
    extra = st.builds(
        lambda specialist, first, length, starts, ends, opens: ExtraHours(
            specialist, first, first + timedelta(days=length), starts, ends, opens
        ),
        st.integers(1, 3),
        days,
        st.integers(0, 2),
        CLOCKS,
        CLOCKS,
        st.booleans(),
    )
    away = bookings.map(lambda one: Away(one.starts_at, one.ends_at, "у специалиста урок"))
    return {
        "hours": draw(st.lists(HOURS, max_size=5)),
        "rules": draw(RULES),
        "now": now,
        "zone": zone,
        "closed": dict.fromkeys(draw(st.sets(days, max_size=4)), "Каникулы"),
        "days_off": dict.fromkeys(draw(st.sets(days, max_size=4)), "выходной"),
        "worked_as": draw(st.dictionaries(days, st.integers(1, 7), max_size=2)),
        "extra": draw(st.lists(extra, max_size=3)),
        "away": draw(st.dictionaries(st.integers(1, 3), st.lists(away, max_size=4))),
        "busy": draw(st.dictionaries(st.integers(1, 3), st.lists(bookings, max_size=6))),
        "room_busy": draw(st.lists(st.tuples(st.integers(1, 2), bookings), max_size=6)),
        "room_places": draw(st.integers(0, 2)),
        "teacher_busy": draw(st.lists(bookings, max_size=3)),
    }


def apart(one: FreeTime, other: Busy) -> bool:
    start, end = one.starts_at.astimezone(UTC), one.ends_at.astimezone(UTC)
    return end <= other.starts_at or other.ends_at <= start


def counts_on(own: WeeklyHours | ExtraHours, day: date, school: dict) -> bool:
    """Whether hours are given that day, in the words of the rule and not of the program."""
    is_off = day in school["days_off"]
    if isinstance(own, ExtraHours):
        return own.first_on <= day <= own.last_on and (own.opens or not is_off)
    if is_off:
        return False
    if day in school["worked_as"]:
        return school["worked_as"][day] in own.weekdays and not own.weeks
    return day.isoweekday() in own.weekdays and (not own.weeks or bool(own.weeks & weeks_of(day)))


@given(schools())
def test_no_offered_time_breaks_a_rule(school):
    times = free_times(**school)

    rules, zone, now = school["rules"], school["zone"], school["now"]
    gap = timedelta(minutes=rules.gap_minutes)
    today = now.astimezone(zone).date()
    for one in times:
        start, end, day = one.starts_at, one.ends_at, one.starts_at.date()
        assert start.tzinfo is end.tzinfo is zone
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=rules.slot_minutes)
        assert start.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == start.replace(tzinfo=None)
        assert any(
            own.specialist == one.specialist
            and datetime.combine(day, own.starts) <= start.replace(tzinfo=None)
            and end.replace(tzinfo=None) <= datetime.combine(day, own.ends)
            for own in (*school["hours"], *school["extra"])
            if counts_on(own, day, school)
        )
        assert day not in school["closed"]
        assert start.astimezone(UTC) >= now + timedelta(minutes=rules.notice_minutes)
        assert today <= day <= today + timedelta(days=rules.horizon_days)
        assert rules.last_day is None or day <= rules.last_day
        for own in school["busy"].get(one.specialist, ()):
            assert apart(one, Busy(own.starts_at - gap, own.ends_at + gap))
        assert all(apart(one, own) for own in school["away"].get(one.specialist, ()))
        assert all(apart(one, own) for own in school["teacher_busy"])
        if school["room_places"]:
            assert 1 <= one.room_place <= school["room_places"]
            assert all(apart(one, taken) for place, taken in school["room_busy"] if place == one.room_place)
        else:
            assert one.room_place is None
    keys = [(one.starts_at.astimezone(UTC), one.specialist) for one in times]
    assert all(before < after for before, after in pairwise(keys))


@given(schools())
def test_the_calendar_of_days_agrees_with_the_times(school):
    times = free_times(**school)
    today = school["now"].astimezone(school["zone"]).date()
    window = (today - timedelta(days=1), today + timedelta(days=8))

    days = days_overview(**school, days=window)

    assert [day.on for day in days] == [window[0] + timedelta(days=number) for number in range(10)]
    for day in days:
        assert day.free_count == len({one.starts_at for one in times if one.starts_at.date() == day.on})
        assert bool(day.free_count) != bool(day.reason)


@given(schools(), st.dictionaries(st.integers(1, 3), st.integers(0, 5)))
def test_anyone_free_keeps_every_start_and_offers_each_once(school, load):
    times = free_times(**school)

    chosen = one_per_start(times, load)

    assert [one.starts_at for one in chosen] == sorted({one.starts_at for one in times})
    assert set(chosen) <= set(times)


@given(st.integers(1, 4), st.integers(1, 10))
def test_anyone_free_spreads_consultations_evenly(people, bookings):
    week = (MONDAY, MONDAY + timedelta(days=4))
    some_hours = [hours(number, "08:00", "10:00") for number in range(people)]
    taken: dict[int, list[Busy]] = {}

    for _booking in range(bookings):
        load = {person: len(spans) for person, spans in taken.items()}
        chosen = one_per_start(offered(some_hours, Rules(slot_minutes=60), busy=taken, days=week), load)[0]
        taken.setdefault(chosen.specialist, []).append(Busy(chosen.starts_at, chosen.ends_at))

    loads = [len(taken.get(person, ())) for person in range(people)]
    assert max(loads) - min(loads) <= 1
