from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    RANGE = "range"
    MONTH = "month"
    DAY = "day"
    UNTIL = "until"
    WHOLE_PERIOD = "whole_period"
    SEPARATE_SCHEDULE = "separate_schedule"
    RECURRING = "recurring"
    ON_DEMAND = "on_demand"
    UNPARSABLE = "unparsable"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    NONE = "none"


class Doubt(StrEnum):
    NONE = ""


@dataclass(frozen=True)
class Term:
    words: str
    kind: Kind
    starts_on: date | None = None
    due_on: date | None = None
    precision: Precision = Precision.NONE
    by_schedule: bool = False
    doubt: str = ""


def read_term(words, school_year=None):
    return Term(words, Kind.UNPARSABLE)
