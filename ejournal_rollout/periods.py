"""The stretch of whole days that a report is about: a school year, a quarter or a month. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .orders.school_year import SchoolYear

_KEY = re.compile(r"(20\d\d)-(?:(?P<next>20\d\d)|q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2]))", re.ASCII)


class Kind(StrEnum):
    SCHOOL_YEAR = "school_year"
    QUARTER = (
        "quarter"  # of the calendar year, as terms in orders mean it: schools date their «четверти» each year anew
    )
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both inside."""

    kind: Kind
    first: date
    last: date

    @property
    def key(self) -> str:
        """How it stands in an address: "2026-2027", "2026-q4", "2026-11"."""
        if self.kind == Kind.SCHOOL_YEAR:
            return f"{self.first.year}-{self.last.year}"
        return f"{self.first.year}-q{self.quarter}" if self.kind == Kind.QUARTER else f"{self.first:%Y-%m}"

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def school_year(self) -> SchoolYear:
        """The one in which it begins."""
        return SchoolYear.of(self.first)

    @classmethod
    def of_school_year(cls, year: SchoolYear) -> "Period":
        return cls(Kind.SCHOOL_YEAR, year.starts_on, year.ends_on)

    @classmethod
    def parse(cls, key: str) -> "Period":
        """What an address names; ValueError if it is none of the three."""
        found = _KEY.fullmatch(key)
        if not found or (found["next"] and int(found["next"]) != int(found[1]) + 1):
            raise ValueError(key)
        if found["next"]:
            return cls.of_school_year(SchoolYear(int(found[1])))
        months, kind = (3, Kind.QUARTER) if found["quarter"] else (1, Kind.MONTH)
        month = int(found["quarter"]) * 3 - 2 if found["quarter"] else int(found["month"])
        first = date(int(found[1]), month, 1)
        return cls(kind, first, after_months(first, months) - timedelta(days=1))


def after_months(first: date, count: int) -> date:
    """The first day of the month so many months after that of `first`."""
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)


def months_of(year: SchoolYear) -> list[Period]:
    """September to August."""
    return [Period.parse(f"{after_months(year.starts_on, count):%Y-%m}") for count in range(12)]


def quarters_of(year: SchoolYear) -> list[Period]:
    """The five that have days in it: the first and the last, July to September, only some."""
    july = date(year.first, 7, 1)
    starts = [after_months(july, count) for count in range(0, 15, 3)]
    return [Period.parse(f"{start.year}-q{(start.month + 2) // 3}") for start in starts]
