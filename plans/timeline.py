"""The plan across months: each task a row of cells, a quarter of a month each, grouped where they look alike.

Plain cells print, are read aloud as a table and need no script. Pure but for the tasks it is given.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from .models import Task
from .presentation import TaskLine
from .terms import Kind, Precision

QUARTERS = 4
MOST_MONTHS = 36  # our decision: one slip of the finger in a year must not make a mile of paper


@dataclass(frozen=True)
class Month:
    """A column of the head; `is_now` is the month of today."""

    year: int
    month: int
    is_now: bool

    @property
    def name(self) -> str:
        return str(MONTHS_3[self.month])


@dataclass(frozen=True)
class Cell:
    """Some quarters side by side that look alike. `words` stand in the first cell of a bar (`is_told`); `points` say
    what happens there on a day, whatever lies below.

    `kind`: "" nothing, "bar", "fade" (the whole period, without a last day), "milestone".
    """

    span: int
    kind: str = ""
    words: str = ""
    points: str = ""
    is_hatched: bool = False
    is_after_today: bool = False
    is_first_after_today: bool = False
    is_told: bool = False
    is_month_start: bool = False


@dataclass(frozen=True)
class Row:
    """A task: its cells, or `words` where its term has no place among months. `told` is the term for the ear."""

    line: TaskLine
    cells: tuple[Cell, ...] = ()
    words: str = ""
    told: str = ""


@dataclass(frozen=True)
class Point:
    """Something of a task on one day, e.g. a round of a separate schedule."""

    on: date
    words: str

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}: {self.words}"


@dataclass(frozen=True)
class Timeline:
    months: tuple[Month, ...]
    rows: tuple[Row, ...]
    is_cut: bool  # some term lies beyond the last month shown

    @property
    def width(self) -> int:
        """How many quarters there are; with the column of tasks, `columns`."""
        return QUARTERS * len(self.months)

    @property
    def columns(self) -> int:
        return self.width + 1

    @property
    def has_today(self) -> bool:
        return any(month.is_now for month in self.months)

    @property
    def has_points(self) -> bool:
        return any(cell.points for row in self.rows for cell in row.cells)

    @property
    def years(self) -> list[tuple[int, int]]:
        """(year, how many columns)"""
        return [(year, QUARTERS * len(list(months))) for year, months in groupby(self.months, key=lambda one: one.year)]


def timeline(
    lines: Sequence[TaskLine], *, today: date, points: dict[int, Sequence[Point]] | None = None
) -> Timeline | None:
    """The months from the first to the last day of `lines` and their `points` (by task); None if there are no days."""
    points = points or {}
    days = [day for line in lines for day in (line.task.starts_on, line.task.due_on) if day]
    days += [point.on for one in points.values() for point in one]
    if not days:
        return None
    first, last = _month_number(min(days)), _month_number(max(days))
    is_cut = last - first >= MOST_MONTHS
    last = min(last, first + MOST_MONTHS - 1)
    months = tuple(Month(one // 12, one % 12 + 1, one == _month_number(today)) for one in range(first, last + 1))
    scale = _Scale(first, len(months), today)
    return Timeline(months, tuple(_row(line, scale, points.get(line.task.pk, ())) for line in lines), is_cut)


class _Scale:
    """Days as numbers of quarters from the left edge."""

    def __init__(self, first: int, months: int, today: date) -> None:
        self.first, self.length = first, months * QUARTERS
        months = _month_number(today) - first  # the line of today stands at the nearest edge of a quarter
        part = (today.day - 1) / monthrange(today.year, today.month)[1]
        self.now = min(max(months * QUARTERS + round(part * QUARTERS), 0), self.length)

    def place(self, day: date) -> int:
        """The quarter in which the day lies, also left or right of the edges."""
        quarter = (day.day - 1) * QUARTERS // monthrange(day.year, day.month)[1]
        return (_month_number(day) - self.first) * QUARTERS + quarter


def _row(line: TaskLine, scale: _Scale, points: Sequence[Point]) -> Row:
    task = line.task
    kind, start, end = _reach(task, scale)
    if not kind and not points:
        return Row(line, words=_without_days(task), told=line.term_state)
    hatched_from = end - QUARTERS if kind == "bar" and task.term_precision == Precision.MONTH else end
    at: dict[int, list[str]] = {}
    for point in sorted(points, key=lambda one: one.on):
        at.setdefault(min(max(scale.place(point.on), 0), scale.length - 1), []).append(str(point))
    places: list[tuple[str, bool, bool, str]] = []
    for place in range(scale.length):
        inside = start <= place < end
        is_end = place == end - 1
        is_milestone = inside and task.is_milestone and is_end and task.due_on
        look = "milestone" if is_milestone else kind if inside else ""
        places.append((look, inside and place >= hatched_from, place >= scale.now, "; ".join(at.get(place, ()))))
    return Row(line, tuple(_cells(places, line, scale)), told=_told(task))


def _cells(places: list[tuple[str, bool, bool, str]], line: TaskLine, scale: _Scale) -> Iterable[Cell]:
    begun, place = False, 0
    # an empty stretch is divided at the months, so that one sees in which month a bar ends
    months = [number // QUARTERS if look == "" else None for number, (look, *_rest) in enumerate(places)]
    for ((look, is_hatched, is_after, told), _month), alike in groupby(zip(places, months, strict=True)):
        span = len(list(alike))
        is_told = bool(look) and not begun
        begun = begun or is_told
        yield Cell(
            span=span,
            kind=look,
            words=line.number if is_told else "",
            points=told,
            is_hatched=is_hatched,
            is_after_today=is_after,
            is_first_after_today=is_after and place == scale.now > 0,
            is_told=is_told,
            is_month_start=place % QUARTERS == 0,
        )
        place += span


def _reach(task: Task, scale: _Scale) -> tuple[str, int, int]:
    """(kind, first quarter, the one after the last); a term without a first day is one quarter before its last."""
    if task.due_on:
        end = scale.place(task.due_on) + 1
        start = scale.place(task.starts_on) if task.starts_on else end - 1
        return "bar", max(start, 0), min(end, scale.length)
    if task.starts_on or task.term_kind == Kind.WHOLE_PERIOD:
        return "fade", max(scale.place(task.starts_on), 0) if task.starts_on else 0, scale.length
    return "", 0, 0


def _without_days(task: Task) -> str:
    if task.by_separate_schedule:
        return _("by a separate schedule")
    return task.term or _("no term is named")


def _told(task: Task) -> str:
    days = " – ".join(f"{day:%d.%m.%Y}" for day in (task.starts_on, task.due_on) if day)
    return days or _without_days(task)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
