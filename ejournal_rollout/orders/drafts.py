"""An order as it stands on paper: the one value that reading gives, the database gives and writing takes.

Every text is kept as printed; only blanks at the ends of a cell or line are dropped, because nobody
sees them. What the words mean (terms, hours, roles) is read from them by `terms.py`, `hours.py`
and `roles.py` and is never stored here. Pure.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from hashlib import sha256
from typing import Any, Self

from .school_year import SchoolYear

_NUMERAL = r"(?P<{name}>\d{{1,2}}(?:\.[1-9]\d?)*|(?-i:[IVXLC]+))"
_STAGE_NUMBER = re.compile(  # «Раздел 1. …», «1-й этап: …», «II. …», «1.1 …», «IV Итоги»
    r"\s*(?:"
    rf"(?:этап|раздел|направление|часть|блок|модуль|глава)\s*(?:№\s*)?{_NUMERAL.format(name='after')}"
    r"(?:\s*[.):,]\s*|\s+|$)(?:[–—-]\s*)?"
    rf"|{_NUMERAL.format(name='before')}(?:-[а-яё]{{1,2}})?\s+(?:этап|раздел|блок|модуль)\b[.:\s]*(?:[–—-]\s*)?"
    rf"|{_NUMERAL.format(name='alone')}(?:\s*[.):](?!\d)\s*|\s+(?=[–—-]\s))(?:[–—-]\s*)?"
    r"|(?P<part>\d{1,2}(?:\.[1-9]\d?)+)\s+"
    r"|(?P<bare>\d{1,2}|(?-i:[IVXLC]+))\s+(?=(?-i:[А-ЯЁ]))"
    r")",
    re.IGNORECASE,
)
_NUMBER_END = " .)\t\n\xa0"


def fold(text: str) -> str:
    """The same words with every run of blanks as one space: for comparing, never for storing."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Column:
    """A column of an annex: which field it holds and the words of its header."""

    field: str
    header: str


@dataclass(frozen=True)
class TaskDraft:
    """A numbered row of the plan (Annex 1). `result` is an «Ожидаемый результат» or «Документ» column;
    `other` keeps columns that have no field, as (header, cell)."""

    number: str = ""
    question: str = ""
    term: str = ""
    purpose: str = ""
    executors: str = ""
    result: str = ""
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StageDraft:
    """A full-width row of the plan with the tasks under it; an empty heading is a plan without stages."""

    heading: str = ""
    tasks: tuple[TaskDraft, ...] = ()

    @property
    def number(self) -> str:
        """«1» of «1. Подготовительный этап» or «Раздел 1. …»; "" where none is printed."""
        return stage_number(self.heading)

    @property
    def title(self) -> str:
        return stage_title(self.heading)


@dataclass(frozen=True)
class PlanDraft:
    """Annex 1. `heading` is the block at the right top, its lines as printed."""

    heading: str = ""
    title: str = ""
    columns: tuple[Column, ...] = ()
    stages: tuple[StageDraft, ...] = ()


@dataclass(frozen=True)
class ClauseDraft:
    """A numbered clause of the regulation (Annex 2) with all its lines.

    `number` as printed ("5.", "2.1."). A line of a bulleted list begins with «• », whatever mark
    the paper uses.
    """

    number: str = ""
    text: str = ""

    @property
    def is_subclause(self) -> bool:
        return "." in plain_number(self.number)


@dataclass(frozen=True)
class RegulationDraft:
    """Annex 2."""

    heading: str = ""
    title: str = ""
    clauses: tuple[ClauseDraft, ...] = ()


@dataclass(frozen=True)
class DirectionDraft:
    """A row of the consultation schedule (Annex 3)."""

    name: str = ""
    specialists: str = ""
    room: str = ""
    hours: str = ""
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ScheduleDraft:
    """Annex 3."""

    heading: str = ""
    title: str = ""
    columns: tuple[Column, ...] = ()
    directions: tuple[DirectionDraft, ...] = ()


@dataclass(frozen=True)
class OrderDraft:
    """The whole order. An annex that the paper does not have is None; `body` is the order's own text."""

    number: str = ""
    signed_on: date | None = None
    organization: str = ""
    school_year: SchoolYear | None = None
    body: str = ""
    plan: PlanDraft | None = None
    regulation: RegulationDraft | None = None
    schedule: ScheduleDraft | None = None

    @property
    def tasks(self) -> list[TaskDraft]:
        return [task for stage in self.plan.stages for task in stage.tasks] if self.plan else []

    @property
    def fingerprint(self) -> str:
        """The same for the same words only: 64 hexadecimal digits."""
        return sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; `from_json` gives an equal draft back."""
        plain = asdict(self)
        plain["signed_on"] = self.signed_on.isoformat() if self.signed_on else None
        plain["school_year"] = str(self.school_year) if self.school_year else None
        return plain

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        values = dict(plain)
        values["signed_on"] = date.fromisoformat(plain["signed_on"]) if plain["signed_on"] else None
        values["school_year"] = SchoolYear.parse(plain["school_year"]) if plain["school_year"] else None
        for name, kind in (("plan", PlanDraft), ("regulation", RegulationDraft), ("schedule", ScheduleDraft)):
            values[name] = _build(kind, plain[name]) if plain[name] else None
        return cls(**values)


_PARTS = {
    (PlanDraft, "columns"): Column,
    (PlanDraft, "stages"): StageDraft,
    (StageDraft, "tasks"): TaskDraft,
    (RegulationDraft, "clauses"): ClauseDraft,
    (ScheduleDraft, "columns"): Column,
    (ScheduleDraft, "directions"): DirectionDraft,
}


def _build(kind: type, plain: dict[str, Any]) -> Any:
    values = {}
    for one in fields(kind):
        value = plain[one.name]
        if (kind, one.name) in _PARTS:
            value = tuple(_build(_PARTS[kind, one.name], part) for part in value)
        elif one.name == "other":
            value = tuple((header, cell) for header, cell in value)
        values[one.name] = value
    return kind(**values)


@dataclass(frozen=True)
class Difference:
    """One place where two drafts differ. `row` names it as paper does: ("plan", "1.2", "term")."""

    annex: str
    row: str
    field: str
    old: str | None = field(default=None)
    new: str | None = field(default=None)


def compare(old: OrderDraft, new: OrderDraft) -> list[Difference]:
    """What changed from `old` to `new`, row by row; blanks alone are no difference.

    Rows are matched by their number (tasks, clauses) or name (directions), else by their place.
    A row that only one draft has gives one difference of field "row" with None on the other side.
    """
    return list(_differences(old, new))


def _differences(old: OrderDraft, new: OrderDraft) -> Iterator[Difference]:
    for name in ("number", "signed_on", "organization", "school_year", "body"):
        yield from _cell("order", "", name, _text(getattr(old, name)), _text(getattr(new, name)))
    for annex in ("plan", "regulation", "schedule"):
        before, after = getattr(old, annex), getattr(new, annex)
        for name in ("heading", "title"):
            yield from _cell(annex, "", name, _text(getattr(before, name, "")), _text(getattr(after, name, "")))
        yield from _cell(annex, "", "columns", _headers(before), _headers(after))
        yield from _rows(annex, dict(_keyed(before)), dict(_keyed(after)))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _headers(annex: PlanDraft | RegulationDraft | ScheduleDraft | None) -> str:
    return " | ".join(fold(column.header) for column in getattr(annex, "columns", ()))


def _cell(annex: str, row: str, name: str, old: str, new: str) -> Iterator[Difference]:
    if fold(old) != fold(new):
        yield Difference(annex, row, name, old, new)


class RowNames:
    """Calls rows one after the other so that each has a name of its own: of two "1.2" the second is "1.2 (2)"."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name} ({self._seen[name]})"


def rows(
    annex: PlanDraft | RegulationDraft | ScheduleDraft | None,
) -> Iterator[tuple[str, StageDraft | TaskDraft | ClauseDraft | DirectionDraft]]:
    """Each row of an annex under the name by which people call it: "1.2", "stage 1", a direction's name.

    A row without a number or name is called by its place ("1/3", "/2"); see also `RowNames`.
    """
    unique = RowNames()
    for key, row in _named(annex):
        yield unique(key), row


def _named(annex: PlanDraft | RegulationDraft | ScheduleDraft | None) -> Iterator[tuple[str, Any]]:
    match annex:
        case PlanDraft():
            for place, stage in enumerate(annex.stages, start=1):
                yield f"stage {stage.number or place}", stage
                for line, task in enumerate(stage.tasks, start=1):
                    yield plain_number(task.number) or f"{place}/{line}", task
        case RegulationDraft():
            for place, clause in enumerate(annex.clauses, start=1):
                yield plain_number(clause.number) or f"/{place}", clause
        case ScheduleDraft():
            for place, direction in enumerate(annex.directions, start=1):
                yield fold(direction.name) or f"/{place}", direction


def _keyed(annex: PlanDraft | RegulationDraft | ScheduleDraft | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row under its name, with its cells."""
    for key, row in rows(annex):
        match row:
            case StageDraft():
                yield key, {"heading": row.heading}
            case ClauseDraft():
                yield key, {"text": row.text}
            case _:
                cells = {one.name: getattr(row, one.name) for one in fields(row)}
                yield key, {n: c for n, c in cells.items() if n not in ("other", "number", "name")} | dict(row.other)


def _rows(annex: str, old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield Difference(annex, key, "row", old=_joined(old[key]), new=None)
        elif key not in old:
            yield Difference(annex, key, "row", old=None, new=_joined(new[key]))
        else:
            for name in old[key] | new[key]:
                yield from _cell(annex, key, name, old[key].get(name, ""), new[key].get(name, ""))


def _joined(cells: dict[str, str]) -> str:
    return " · ".join(fold(cell) for cell in cells.values() if cell.strip())


def plain_number(printed: str) -> str:
    """«1.1.» -> «1.1»: the number as one says it aloud."""
    return printed.strip(_NUMBER_END)


def stage_number(heading: str) -> str:
    found = _STAGE_NUMBER.match(heading)
    return next(filter(None, found.groups()), "") if found else ""


def stage_title(heading: str) -> str:
    found = _STAGE_NUMBER.match(heading)
    return heading[found.end() :].strip() if found else heading.strip()


def columns_of(stored: Iterable[dict[str, str]]) -> tuple[Column, ...]:
    """From the JSON column of an annex."""
    return tuple(Column(one["field"], one["header"]) for one in stored)
