"""Which days the school works: the week, the public holidays of Russia with their transfers, its own closures."""

from __future__ import annotations

from datetime import date

import pytest

from consultations.working_days import closed_reason, each_day, next_working_day, public_days, transfers_known


@pytest.mark.parametrize(
    ("day", "five_days", "six_days"),
    [
        ("2026-09-07", "", ""),  # a Monday
        ("2026-09-05", "weekend", ""),  # a Saturday
        ("2026-09-06", "weekend", "weekend"),  # a Sunday
        ("2026-11-04", "День народного единства", "День народного единства"),
        ("2026-01-09", "Выходной (перенесено с 03.01.2026)", "Выходной (перенесено с 03.01.2026)"),
        ("2026-12-31", "Выходной (перенесено с 04.01.2026)", "Выходной (перенесено с 04.01.2026)"),
        ("2027-02-20", "", ""),  # a working Saturday in return for the next Monday
        ("2027-02-22", "Выходной (перенесено с 20.02.2027)", "Выходной (перенесено с 20.02.2027)"),
        ("2027-02-27", "weekend", ""),
        ("2025-11-01", "", ""),  # a working Saturday
        ("2025-11-03", "Выходной (перенесено с 01.11.2025)", "Выходной (перенесено с 01.11.2025)"),
        ("2026-05-09", "День Победы", "День Победы"),  # a Saturday: the holiday is named, not the weekend
    ],
)
def test_the_calendar_of_the_country_closes_and_opens_the_school(day, five_days, six_days):
    on = date.fromisoformat(day)

    assert closed_reason(on, working_week=5) == five_days
    assert closed_reason(on, working_week=6) == six_days


def test_the_schools_own_closure_is_named_first_and_both_its_ends_are_closed():
    closures = each_day(date(2026, 10, 31), date(2026, 11, 8), "Осенние каникулы")

    reasons = [
        closed_reason(date.fromisoformat(day), working_week=6, closures=closures)
        for day in ("2026-10-30", "2026-10-31", "2026-11-04", "2026-11-08", "2026-11-09")
    ]

    assert reasons == ["", "Осенние каникулы", "Осенние каникулы", "Осенние каникулы", ""]


def test_a_closure_without_words_closes_all_the_same():
    assert closed_reason(date(2026, 9, 7), working_week=5, closures={date(2026, 9, 7): ""}) == "closure"


def test_a_closure_whose_last_day_comes_first_closes_nothing():
    assert each_day(date(2026, 9, 8), date(2026, 9, 7), "Карантин") == {}


def test_a_day_the_school_declared_working_is_open_on_a_weekend_and_on_a_transferred_day_off():
    days = [date(2026, 9, 5), date(2027, 2, 22)]

    assert [closed_reason(day, working_week=5, openings=days) for day in days] == ["", ""]
    assert closed_reason(days[0], working_week=5, openings=days, closures={days[0]: "Карантин"}) == "Карантин"


@pytest.mark.parametrize(
    ("after", "working_week", "following"),
    [
        ("2026-09-04", 5, "2026-09-07"),
        ("2026-09-04", 6, "2026-09-05"),
        ("2027-02-19", 5, "2027-02-20"),
        ("2027-02-20", 5, "2027-02-24"),
        ("2025-12-30", 5, "2026-01-12"),
        ("2025-12-30", 6, "2026-01-10"),
    ],
)
def test_the_next_working_day_steps_over_weekends_and_holidays(after, working_week, following):
    assert next_working_day(date.fromisoformat(after), working_week=working_week) == date.fromisoformat(following)


def test_a_school_closed_for_more_than_a_year_has_no_next_working_day():
    closures = each_day(date(2026, 1, 1), date(2027, 12, 31), "Капитальный ремонт")

    with pytest.raises(ValueError, match="no working day"):
        next_working_day(date(2026, 1, 1), working_week=6, closures=closures)


def test_transfers_are_known_for_the_years_the_government_has_decided():
    assert [transfers_known(year) for year in (2025, 2026, 2027, 2050)] == [True, True, True, False]


def test_public_holidays_in_a_row_are_told_together_and_unknown_years_are_named():
    found, unknown = public_days(date(2026, 12, 30), date(2027, 1, 9))

    assert found == [
        (date(2026, 12, 31), date(2026, 12, 31), "Выходной (перенесено с 04.01.2026)"),
        (date(2027, 1, 1), date(2027, 1, 6), "Новогодние каникулы"),
        (date(2027, 1, 7), date(2027, 1, 7), "Рождество Христово"),
        (date(2027, 1, 8), date(2027, 1, 8), "Новогодние каникулы"),
    ]
    assert unknown == []
    assert public_days(date(2050, 2, 1), date(2050, 2, 2)) == ([], [2050])
