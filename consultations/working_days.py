"""Which days the school works: its week, the public holidays of Russia with their transfers, its own closures.

Holidays, transferred days off and working Saturdays come from the package `holidays`; their names are Russian and are
shown as they are. The government fixes the transfers each autumn, so for a later year they are not known yet
(`transfers_known`), and the package must be renewed each year; until then the school writes the days itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from holidays.countries import Russia

WEEKEND = "weekend"  # a code, translated where it is shown; every other reason is shown in its own words


def closed_reason(
    day: date,
    *,
    working_week: Literal[5, 6],
    closures: Mapping[date, str] | None = None,
    openings: Collection[date] = (),
) -> str:
    """Why the school does not work on `day`; "" when it does.

    `closures`: the school's own days off with their reasons ("Весенние каникулы"; see `each_day`); a closure without
    words closes too, by its code "closure". `openings`: days the school has declared working, whatever the calendar
    says. The first that speaks wins: a closure, an opening, a public holiday, the weekend.

    Sunday is always free; Saturday in a week of five days, unless the government made it a working day in return for
    another. A transferred day off is free in a week of six days too (our decision: better one day too few than a
    booking before a locked door; `openings` corrects it).
    """
    if closures and day in closures:
        return closures[day] or "closure"
    if day in openings:
        return ""
    calendar = _calendar(day.year)
    if day in calendar.days_off:
        return calendar.days_off[day]
    is_weekend = day.isoweekday() == 7 or (day.isoweekday() == 6 and working_week == 5)
    return WEEKEND if is_weekend and day not in calendar.working_weekends else ""


def next_working_day(
    day: date,
    *,
    working_week: Literal[5, 6],
    closures: Mapping[date, str] | None = None,
    openings: Collection[date] = (),
) -> date:
    """The first working day after `day`. Raises ValueError if there is none within a year and a bit."""
    for step in range(1, 400):
        following = day + timedelta(days=step)
        if not closed_reason(following, working_week=working_week, closures=closures, openings=openings):
            return following
    raise ValueError("no working day within four hundred days")


def each_day(first: date, last: date, reason: str) -> dict[date, str]:
    """A closure from `first` to `last`, both included, day by day; empty when the last comes before the first."""
    return {first + timedelta(days=step): reason for step in range((last - first).days + 1)}


def transfers_known(year: int) -> bool:
    """Whether the calendar knows the government's transfers of days off for `year` (there are some every year)."""
    return _calendar(year).has_transfers


def public_days(first: date, last: date) -> tuple[list[tuple[date, date, str]], list[int]]:
    """Public holidays and transferred days off that touch the span, both ends inside, as (first day, last day, name),
    days in a row of one name together; and the years among them of which the transfers are not known."""
    years = range(first.year, last.year + 1)
    days = sorted((day, words) for year in years for day, words in _calendar(year).days_off.items())
    found: list[tuple[date, date, str]] = []
    for day, words in days:
        if not first <= day <= last:
            continue
        if found and found[-1][1:] == (day - timedelta(days=1), words):
            found[-1] = (found[-1][0], day, words)
        else:
            found.append((day, day, words))
    return found, [year for year in years if not transfers_known(year)]


class _Year:
    def __init__(self, year: int) -> None:
        russia = Russia(years=year, language="ru")
        self.days_off: dict[date, str] = dict(russia.items())
        self.working_weekends = frozenset(russia.weekend_workdays)
        self.has_transfers = any("перенесено" in name for name in self.days_off.values())


@lru_cache(maxsize=16)
def _calendar(year: int) -> _Year:
    return _Year(year)
