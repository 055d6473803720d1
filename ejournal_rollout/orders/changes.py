"""What changed between two wordings of an order, row by row, and by which amendment each row changed last. Pure.

Rows are paired as a person would: the same number and words, then the same words under another number, then other
words under the same number. So a row that a new one pushed down is a renumbered row and not a rewritten one.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .drafts import (
    ClauseDraft,
    Difference,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    fold,
    plain_number,
    rows,
)
from .pairing import paired

ANNEXES = ("plan", "regulation", "schedule")

Row = StageDraft | TaskDraft | ClauseDraft | DirectionDraft
Annex = PlanDraft | RegulationDraft | ScheduleDraft
T = TypeVar("T")  # an amendment, whatever the rooms above know of it
Pair = tuple[int | None, int | None]  # places among the rows of both wordings


@dataclass(frozen=True)
class CellChange:
    """Other words in one cell; a column without a field is called by its header."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """A row changed, added (`old` is None) or removed (`new` is None). `key` is its name now, of a removed row
    its last one; `old_key` the name in the old wording, "" of an added row."""

    key: str
    old_key: str
    old: Row | None
    new: Row | None
    cells: tuple[CellChange, ...] = ()

    @property
    def is_renumbered_only(self) -> bool:
        return [one.field for one in self.cells] == ["number"]


@dataclass(frozen=True)
class AnnexChanges:
    """All that differs in one annex. `is_reordered`: rows changed places in a way that their numbers do not tell."""

    name: str
    old: Annex | None
    new: Annex | None
    heads: tuple[CellChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    is_reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.heads or self.rows or self.is_reordered or (self.old is None) != (self.new is None))


@dataclass(frozen=True)
class WordingChanges:
    """From one wording of the whole order to the next; false if they say the same."""

    order: tuple[CellChange, ...]
    annexes: tuple[AnnexChanges, ...]

    def __bool__(self) -> bool:
        return bool(self.order or self.annexes)


def changes(old: OrderDraft, new: OrderDraft) -> WordingChanges:
    """Blanks alone are no change. Number, date and school year are the order's own and never amended."""
    texts = {name: (getattr(old, name), getattr(new, name)) for name in ("organization", "body")}
    annexes = (annex_changes(name, getattr(old, name), getattr(new, name)) for name in ANNEXES)
    return WordingChanges(tuple(_cells(texts)), tuple(one for one in annexes if one))


def annex_changes(name: str, old: Annex | None, new: Annex | None) -> AnnexChanges:
    heads = {one: (getattr(old, one, ""), getattr(new, one, "")) for one in ("heading", "title")}
    heads["columns"] = (_headers(old), _headers(new))
    before, after = list(rows(old)), list(rows(new))
    pairs = _paired(old, new)
    found = [(pair, change) for pair in _in_place(pairs) if (change := _row_change(pair, before, after))]
    return AnnexChanges(
        name,
        old,
        new,
        tuple(_cells(heads)) if old and new else (),
        tuple(change for _pair, change in found),
        _is_reordered(pairs, before, after),
    )


def differences(old: OrderDraft, new: OrderDraft) -> Iterator[Difference]:
    """The same changes as `compare` names them, for a table and for the journal."""
    found = changes(old, new)
    for cell in found.order:
        yield Difference("order", "", cell.field, cell.old, cell.new)
    for annex in found.annexes:
        for cell in annex.heads:
            yield Difference(annex.name, "", cell.field, cell.old, cell.new)
        for row in annex.rows:
            if row.old is None or row.new is None:
                yield Difference(annex.name, row.key, "row", _said(row.old), _said(row.new))
            for cell in row.cells:
                yield Difference(annex.name, row.key, cell.field, cell.old, cell.new)
        if annex.is_reordered:
            yield Difference(annex.name, "", "places of rows", _keys(annex.old), _keys(annex.new))


# --- Marks


@dataclass(frozen=True)
class RowMark(Generic[T]):
    """What a page shows beside a row: its other words in the wording compared with, by field (`is_added`: it is not
    there), and the amendment that changed it last. `is_open`: the wording in force does not say what stands here."""

    was: dict[str, str] = field(default_factory=dict)
    is_added: bool = False
    amended_by: T | None = None
    is_open: bool = False


@dataclass(frozen=True)
class RemovedRow(Generic[T]):
    """A row that is gone; without `amended_by` no order says so yet."""

    key: str
    row: Row
    amended_by: T | None = None


@dataclass(frozen=True)
class AnnexMarks(Generic[T]):
    """`rows` are in the order of the annex as it stands now."""

    heads: dict[str, str]
    rows: tuple[RowMark[T], ...]
    removed: tuple[RemovedRow[T], ...]


def annex_marks(
    wordings: Sequence[tuple[T | None, Annex | None]], now: Annex | None, *, beside_signed: bool = False
) -> AnnexMarks[T]:
    """The marks of an annex. `wordings` are the signed one and those of the amendments, the oldest first.

    Compared is with the last wording, or `beside_signed` with the first. A row that only got another number in an
    amendment was not changed by it.
    """
    amended, removed = _last_amended(wordings)
    in_force, baseline = wordings[-1][1], wordings[0 if beside_signed else -1][1]
    now_rows = [row for _key, row in rows(now)]
    before, before_compared = _rows_before(in_force, now), _rows_before(baseline, now)
    last = dict(zip((id(row) for _key, row in rows(in_force)), amended, strict=True))
    marks = [
        RowMark(
            was={one.field: one.old for one in _cells(_both(compared, row))} if compared else {},
            is_added=compared is None,
            amended_by=last[id(old)] if old else None,
            is_open=old is None or any(_cells(_both(old, row))),
        )
        for row, old, compared in zip(now_rows, before, before_compared, strict=True)
    ]
    present = {_identity(row) for row in now_rows}
    by_orders = [one for one in removed if _identity(one.row) not in present]  # the others came back
    gone = [RemovedRow(one.key, one.old) for one in annex_changes("", in_force, now).rows if one.new is None]
    return AnnexMarks(_heads_before(baseline, now), tuple(marks), (*by_orders, *gone))


def _last_amended(
    wordings: Sequence[tuple[T | None, Annex | None]],
) -> tuple[list[T | None], list[RemovedRow[T]]]:
    """By which amendment each row of the last wording was changed or added last, and the rows removed on the way."""
    amended: list[T | None] = [None for _row in rows(wordings[0][1])]
    removed: list[RemovedRow[T]] = []
    for (_by, old), (by, new) in zip(wordings, wordings[1:], strict=False):
        before, after = list(rows(old)), list(rows(new))
        now: list[T | None] = [by] * len(after)
        for old_place, new_place in _paired(old, new):
            if new_place is None:
                removed.append(RemovedRow(*before[old_place], by))
            elif old_place is not None:
                change = _row_change((old_place, new_place), before, after)
                if change is None or change.is_renumbered_only:
                    now[new_place] = amended[old_place]
        amended = now
    return amended, removed


def _rows_before(old: Annex | None, now: Annex | None) -> list[Row | None]:
    """For each row of `now` the one that it was."""
    before = [row for _key, row in rows(old)]
    found = {new: before[place] for place, new in _paired(old, now) if new is not None and place is not None}
    return [found.get(place) for place, _row in enumerate(rows(now))]


def _heads_before(old: Annex | None, now: Annex | None) -> dict[str, str]:
    return {one.field: one.old for one in annex_changes("", old, now).heads}


# --- Pairs


def _paired(old: Annex | None, new: Annex | None) -> list[Pair]:
    """Each row of both wordings once, the pairs and added rows in the new order, the removed at the end."""
    before, after = [row for _key, row in rows(old)], [row for _key, row in rows(new)]
    found = paired(before, after, _identity, _words_key, _number_key, same_service)
    left = [place for place, _row in enumerate(before) if place not in set(found.values())]
    _pair_stages_by_tasks(before, after, found, left)
    return [(found.get(at), at) for at in range(len(after))] + [(place, None) for place in left]


def _pair_stages_by_tasks(before: list[Row], after: list[Row], found: dict[int, int], left: list[int]) -> None:
    """A stage with a new name and number is the one whose tasks it has."""
    old_stages, new_stages = _stages(before), _stages(after)
    for at, place in list(found.items()):
        old, new = old_stages[place], new_stages[at]
        if old in left and new is not None and new not in found:
            found[new] = old
            left.remove(old)


def _stages(annex_rows: list[Row]) -> list[int | None]:
    """The place of the stage over each row."""
    stage, found = None, []
    for place, row in enumerate(annex_rows):
        stage = place if isinstance(row, StageDraft) else stage
        found.append(stage)
    return found


def number_of(row: Row) -> str:
    match row:
        case StageDraft():
            return row.number
        case TaskDraft() | ClauseDraft():
            return plain_number(row.number)
    return ""


def words_of(row: Row) -> str:
    """The words by which people know a row."""
    match row:
        case StageDraft():
            return fold(row.title)
        case TaskDraft():
            return fold(row.question)
        case ClauseDraft():
            return fold(row.text)
    return fold(row.name)


def cells_of(row: Row) -> dict[str, str]:
    """Every cell of a row under its field."""
    match row:
        case StageDraft():
            return {"heading": row.heading}
        case ClauseDraft():
            return {"number": plain_number(row.number), "text": row.text}
        case TaskDraft():
            cells = {name: getattr(row, name) for name in ("question", "term", "purpose", "executors", "result")}
            return {"number": plain_number(row.number)} | cells | dict(row.other)
    return {name: getattr(row, name) for name in ("name", "specialists", "room", "hours")} | dict(row.other)


def _identity(row: Row) -> Hashable:
    return type(row), number_of(row), words_of(row)


def _words_key(row: Row) -> Hashable | None:
    return (type(row), words_of(row)) if words_of(row) else None


def _number_key(row: Row) -> Hashable | None:
    return (type(row), number_of(row)) if number_of(row) else None


def same_service(row: Row) -> Hashable | None:
    """A direction with a new name is the one with the same specialists, room and hours."""
    if not isinstance(row, DirectionDraft) or not row.specialists:
        return None
    return fold(row.specialists), fold(row.room), fold(row.hours)


def _in_place(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs with every removed row after the one that it stood after."""
    removed = [old for old, new in pairs if new is None]
    kept = {old: place for place, (old, new) in enumerate(pairs) if new is not None and old is not None}

    def place_of(old: int) -> int:
        return next((kept[above] for above in range(old - 1, -1, -1) if above in kept), -1)

    after: dict[int, list[int]] = {}
    for old in removed:
        after.setdefault(place_of(old), []).append(old)
    for place, pair in enumerate([None, *(pair for pair in pairs if pair[1] is not None)], start=-1):
        if pair is not None:
            yield pair
        for old in after.get(place, ()):
            yield old, None


def _row_change(pair: Pair, before: list[tuple[str, Row]], after: list[tuple[str, Row]]) -> RowChange | None:
    old, new = pair
    if new is None:
        key, row = before[old]
        return RowChange(key, key, row, None)
    key, row = after[new]
    if old is None:
        return RowChange(key, "", None, row)
    cells = tuple(_cells(_both(before[old][1], row)))
    return RowChange(key, before[old][0], before[old][1], row, cells) if cells else None


def _both(old: Row, new: Row) -> dict[str, tuple[str, str]]:
    before, after = cells_of(old), cells_of(new)
    return {name: (before.get(name, ""), after.get(name, "")) for name in before | after}


def _cells(texts: dict[str, tuple[str, str]]) -> Iterator[CellChange]:
    for name, (old, new) in texts.items():
        if fold(old) != fold(new):
            yield CellChange(name, old, new)


def _is_reordered(pairs: list[Pair], before: list[tuple[str, Row]], after: list[tuple[str, Row]]) -> bool:
    """Rows under the same number (or without one) stand in another order."""
    same = [
        old
        for old, new in pairs
        if old is not None and new is not None and number_of(before[old][1]) == number_of(after[new][1])
    ]
    return same != sorted(same)


def has_doubled_names(annex: Annex | None) -> bool:
    """Two rows are called by one number, so nobody can say which is meant."""
    times = Counter((type(row), number_of(row) or words_of(row)) for _key, row in rows(annex))
    return any(count > 1 for (_kind, name), count in times.items() if name)


def _headers(annex: Annex | None) -> str:
    return " | ".join(fold(column.header) for column in getattr(annex, "columns", ()))


def _said(row: Row | None) -> str | None:
    return None if row is None else " · ".join(fold(cell) for cell in cells_of(row).values() if cell.strip())


def _keys(annex: Annex | None) -> str:
    return "; ".join(key for key, _row in rows(annex))
