"""School years, quarters and months, as addresses name them."""

from datetime import date

import pytest

from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.periods import Period, after_months, months_of, quarters_of


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-2027", date(2026, 9, 1), date(2027, 8, 31)),
        ("2026-q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_from_its_address_and_written_back(key, first, last):
    period = Period.parse(key)

    assert (period.first, period.last, period.key) == (first, last, key)


@pytest.mark.parametrize(
    "key", ["", "2026", "2026-2028", "2026-2026", "2026-q5", "2026-q0", "2026-13", "2026-00", "1999-11", "2026-11\n"]
)
def test_anything_else_is_no_period(key):
    with pytest.raises(ValueError):
        Period.parse(key)


def test_a_school_year_has_twelve_months_and_touches_five_quarters():
    year = SchoolYear(2026)

    assert [one.key for one in months_of(year)][::11] == ["2026-09", "2027-08"]
    assert len(months_of(year)) == 12
    assert [one.key for one in quarters_of(year)] == ["2026-q3", "2026-q4", "2027-q1", "2027-q2", "2027-q3"]
    assert Period.parse("2027-08").school_year == year
    assert after_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
