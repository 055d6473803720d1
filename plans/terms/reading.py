"""Statements into one answer: which days the words mean, and whether a person must look.

Rules for a year that the words do not name (our decision, never a guess):
- in a range it comes from the other end: «Ноябрь - январь 2027» begins in 2026;
- otherwise from the school year: September to December is its first year, January to July its second;
  August is the first when other months follow it, the second when it ends a range («июль-август»);
- August alone may be either: `Doubt.YEAR_MISSING` and no dates.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ejournal_rollout.orders.school_year import SchoolYear

from .grammar import LAST_DAY, Doubt, Edge, NotUnderstood, Role, Statement, Unit, statements
from .words import Sign, Token, tokens


class Kind(StrEnum):
    """What the words name. Stored; UNPARSABLE means that a person must read them."""

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
    """The words name days, or months and longer; NONE when there are no days at all."""

    DAY = "day"
    MONTH = "month"
    NONE = "none"


@dataclass(frozen=True)
class Term:
    """What `words` mean. Both days are inclusive; UNTIL has no first day, «с 1 сентября» no last.

    `by_schedule`: the words say, alone or besides, «по отдельному графику».
    `doubt`: a `Doubt` code, "" when the words are clear. A term with a doubt has no dates.
    """

    words: str
    kind: Kind
    starts_on: date | None = None
    due_on: date | None = None
    precision: Precision = Precision.NONE
    by_schedule: bool = False
    doubt: str = ""


_BROKEN_WORD = re.compile(r"(?<=[а-яё])[-‐][^\S\n]*\n\s*(?=[а-яё])")  # «сен-» and «тябрь» on two lines
_LONGEST = 1000  # letters; a longer cell of a stranger's file is no term, and reading it would take seconds


def read_term(words: str, school_year: SchoolYear | None = None) -> Term:
    """The meaning of a term; `school_year` is asked only where the words name no year. Never raises."""
    if len(words) > _LONGEST:
        return Term(words, Kind.UNPARSABLE, doubt=Doubt.UNREADABLE)
    term = _read(words, school_year)
    if term.doubt and (whole := _BROKEN_WORD.sub("", words)) != words:
        without_breaks = _read(whole, school_year)
        term = term if without_breaks.doubt else replace(without_breaks, words=words)
    return term


def _read(words: str, school_year: SchoolYear | None) -> Term:
    signs = tokens(words)
    unparsable = Term(words, Kind.UNPARSABLE, by_schedule=any(token.sign is Sign.SCHEDULE for token in signs))
    if names_impossible_date(signs):
        return replace(unparsable, doubt=Doubt.IMPOSSIBLE_DATE)
    try:
        return replace(_combine(statements(signs), school_year), words=words, by_schedule=unparsable.by_schedule)
    except NotUnderstood as error:
        return replace(unparsable, doubt=error.doubt)


def names_impossible_date(signs: Sequence[Token]) -> bool:
    """«31.09.2022», «29 февраля 2023»; 29 February without a year is possible."""
    for number, month, year in zip(signs, signs[1:], [*signs[2:], None], strict=False):
        if month.sign is Sign.MONTH and number.sign is Sign.NUMBER:
            in_year = year.value if year and year.sign is Sign.YEAR else 2000
            if not 1 <= month.value <= 12 or not 1 <= number.value <= monthrange(in_year, month.value)[1]:
                return True
    return any(token.sign is Sign.MONTH and not 1 <= token.value <= 12 for token in signs)


# ---------------------------------------------------------------- from statements to a term


def _combine(found: list[Statement], school_year: SchoolYear | None) -> Term:
    roles = {statement.role for statement in found} - {Role.SCHEDULE, Role.CONDITION, Role.WEEKDAY}
    spans = [statement for statement in found if statement.role is Role.SPAN]
    limits = [statement for statement in found if statement.role is Role.UNTIL]
    weekdays = [statement for statement in found if statement.role is Role.WEEKDAY]
    if weekdays and not roles & {Role.RECURRING, Role.ANNUAL}:
        return _on_weekday(weekdays, [statement for statement in found if statement not in weekdays], school_year)
    if Role.SEQUEL in roles:
        if not roles & {Role.RECURRING, Role.ANNUAL}:
            raise NotUnderstood(Doubt.SEVERAL_STATEMENTS)
        return Term("", Kind.RECURRING, doubt=Doubt.SEVERAL_STATEMENTS)
    if not roles:
        if not any(statement.role is Role.SCHEDULE for statement in found):
            raise NotUnderstood
        return Term("", Kind.SEPARATE_SCHEDULE)
    if roles & {Role.RECURRING, Role.ANNUAL}:
        return _recurring(roles, spans, limits, school_year)
    if roles == {Role.SPAN} and len(spans) > 1:
        return _dated(Kind.RECURRING, spans, school_year)
    if roles == {Role.SPAN} or (roles == {Role.SPAN, Role.ON_DEMAND} and len(spans) == 1 and spans[0].throughout):
        return _dated(_kind_of(spans[0]), spans, school_year)
    if roles == {Role.UNTIL} and len(limits) == 1:
        return _dated(Kind.UNTIL, limits, school_year)
    if (
        roles == {Role.SPAN, Role.WHOLE_PERIOD}
        and len(spans) == 1
        and _kind_of(spans[0]) in (Kind.RANGE, Kind.WHOLE_PERIOD)
    ):
        return _dated(Kind.WHOLE_PERIOD, spans, school_year)
    if roles in ({Role.WHOLE_PERIOD}, {Role.WHOLE_PERIOD, Role.ON_DEMAND}):
        return Term("", Kind.WHOLE_PERIOD)
    if roles == {Role.ON_DEMAND}:
        return Term("", Kind.ON_DEMAND)
    raise NotUnderstood(Doubt.SEVERAL_STATEMENTS)


def _on_weekday(weekdays: list[Statement], others: list[Statement], school_year: SchoolYear | None) -> Term:
    """«среда, 01.09.2021»: the weekday only repeats what the date says, or contradicts it."""
    points = [point for statement in others for point in statement.points]
    if len(weekdays) > 1 or not weekdays[0].weekday or [point.unit for point in points] != [Unit.DAY]:
        raise NotUnderstood
    term = _combine(others, school_year)
    day = term.due_on or term.starts_on
    if day and day.isoweekday() != weekdays[0].weekday:
        raise NotUnderstood(Doubt.WRONG_WEEKDAY)
    return term


def _kind_of(span: Statement) -> Kind:
    point = span.points[0]
    if len(span.points) > 1 or span.since:
        return Kind.RANGE
    if point.unit is Unit.SCHOOL_YEAR and (span.throughout or point.school_year is None):
        return Kind.WHOLE_PERIOD
    return {Unit.DAY: Kind.DAY, Unit.MONTH: Kind.MONTH}.get(point.unit, Kind.RANGE)


def _recurring(
    roles: set[Role], spans: list[Statement], limits: list[Statement], school_year: SchoolYear | None
) -> Term:
    """Something that returns, perhaps within a stretch of time: «ежемесячно в течение учебного года».

    One month or day beside it is its time of every year («ежегодно, август»), unless a year is named:
    that contradicts, and a person must say what is meant.
    """
    always = Term("", Kind.RECURRING)
    if Role.ON_DEMAND in roles or (spans and limits) or len(limits) > 1:
        return replace(always, doubt=Doubt.SEVERAL_STATEMENTS)
    dated = spans or limits
    if Role.ANNUAL in roles:
        yearly = [statement for statement in dated if not statement.since]
        named = any(not edge.is_open for statement in yearly for edge in _edges(statement))
        if not named:
            return always
        if len(yearly) == 1:
            return replace(always, doubt=Doubt.SEVERAL_STATEMENTS)
    if len(spans) == 1 and not spans[0].throughout and _kind_of(spans[0]) in (Kind.DAY, Kind.MONTH):
        return replace(always, doubt=Doubt.SEVERAL_STATEMENTS)
    return _dated(Kind.RECURRING, dated, school_year) if dated else always


def _dated(kind: Kind, dated: list[Statement], school_year: SchoolYear | None) -> Term:
    try:
        days = _days(dated, school_year)
    except NotUnderstood as error:
        if error.doubt is Doubt.YEAR_MISSING:
            return Term("", kind, doubt=error.doubt)
        raise
    until = dated[0].role is Role.UNTIL
    endless = dated[-1].since
    return Term(
        "",
        kind,
        starts_on=None if until else days[0],
        due_on=None if endless else days[-1],
        precision=Precision.DAY if all(_names_days(statement) for statement in dated) else Precision.MONTH,
    )


def _names_days(statement: Statement) -> bool:
    return statement.edge is Sign.BEGINNING or all(
        point.unit in (Unit.DAY, Unit.TEN_DAYS, Unit.HALF_MONTH) for point in statement.points
    )


# ---------------------------------------------------------------- which year


def _edges(statement: Statement) -> list[Edge]:
    """The days that a statement names: two of a span, one of «до ...» and «с ...»."""
    first, last = statement.points[0].edges()[0], statement.points[-1].edges()[1]
    if statement.role is Role.UNTIL:
        return [first if statement.edge is Sign.BEGINNING else last]
    return [first] if statement.since else [first, last]


def _days(dated: list[Statement], school_year: SchoolYear | None) -> list[date]:
    """All days that the statements name, in order of time, or NotUnderstood."""
    if len(dated) > 1 and any(statement.since for statement in dated):
        raise NotUnderstood(Doubt.SEVERAL_STATEMENTS)
    kinds = {frozenset(point.unit for point in statement.points) for statement in dated}
    whole_years = frozenset((Unit.YEAR, Unit.SCHOOL_YEAR))
    if len(kinds) > 1 or any(units & whole_years and len(units) > 1 for units in kinds):
        raise NotUnderstood(Doubt.SEVERAL_STATEMENTS)  # «2022 год, май»: which belongs to which?

    edges = [edge for statement in dated for edge in _edges(statement)]
    ends_range = [place == 1 for statement in dated for place, _ in enumerate(_edges(statement))]
    named = any(not edge.is_open for edge in edges)
    if any(edge.year is not None for edge in edges):
        if any(edge.school_year is not None for edge in edges):
            raise NotUnderstood(Doubt.SEVERAL_STATEMENTS)
        edges = _years_from_neighbours(edges, ends_range)
    else:
        edges = _years_from_school_year(edges, ends_range, school_year)
    days = [_day(edge) for edge in edges]
    for place in range(1, len(days)):
        if days[place] < days[place - 1] or (not ends_range[place] and days[place] == days[place - 1]):
            raise NotUnderstood(Doubt.REVERSED if named else Doubt.YEAR_MISSING)
    return days


def _years_from_neighbours(edges: list[Edge], ends_range: list[bool]) -> list[Edge]:
    """A range may pass New Year («ноябрь - январь 2027»); from one item of a list to the next it may not."""
    edges = list(edges)
    for at in range(len(edges) - 2, -1, -1):
        here, after = edges[at], edges[at + 1]
        if here.year is None and after.year is not None:
            edges[at] = replace(here, year=after.year - _passes_new_year(here, after, ends_range[at + 1]))
    for at in range(1, len(edges)):
        before, here = edges[at - 1], edges[at]
        if here.year is None and before.year is not None:
            edges[at] = replace(here, year=before.year + _passes_new_year(before, here, ends_range[at]))
    return edges


def _passes_new_year(earlier: Edge, later: Edge, in_range: bool) -> bool:
    if earlier.order <= later.order:
        return False
    if earlier.month == later.month:
        raise NotUnderstood(Doubt.REVERSED)
    if not in_range:
        raise NotUnderstood(Doubt.YEAR_MISSING)
    return True


def _years_from_school_year(edges: list[Edge], ends_range: list[bool], school_year: SchoolYear | None) -> list[Edge]:
    """Years by the school year named nearest to the right, then to the left, then by the one of the plan."""
    dated: list[Edge] = []
    for at, edge in enumerate(edges):
        named = [other.school_year for other in edges[at:] + edges[:at][::-1] if other.school_year is not None]
        if not named and school_year is None:
            raise NotUnderstood(Doubt.YEAR_MISSING)
        year = SchoolYear(named[0]) if named else school_year
        in_first = edge.month == 8 and any(other.month != 8 for other in edges[at + 1 :])
        in_second = ends_range[at] and edges[at - 1].month != 8
        if edge.month == 8 and not in_first and not in_second:
            raise NotUnderstood(Doubt.YEAR_MISSING)
        dated.append(replace(edge, year=year.first if in_first else year.year_of(edge.month)))
    return dated


def _day(edge: Edge) -> date:
    try:
        return date(edge.year, edge.month, monthrange(edge.year, edge.month)[1] if edge.day == LAST_DAY else edge.day)
    except ValueError:
        raise NotUnderstood(Doubt.IMPOSSIBLE_DATE) from None
