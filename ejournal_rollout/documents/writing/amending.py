"""The text of changes: what an amending order says of every place that differs, as Russian orders say it. Pure.

«1.1. В приложении 1 пункт 1.2 изложить в следующей редакции: …». A change that words cannot tell safely (rows that
changed places, two rows of one number, other columns) is told by the whole annex in a new wording.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ejournal_rollout.orders.changes import (
    Annex,
    AnnexChanges,
    CellChange,
    RowChange,
    WordingChanges,
    has_doubled_names,
    number_of,
    words_of,
)
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    Column,
    DirectionDraft,
    PlanDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    fold,
)

from .rows import PrintedTable, plan_table, schedule_table

_ANNEX_NUMBER = re.compile(r"\W*приложение\s*(?P<sign>№\s*)?(?P<number>\d+)", re.IGNORECASE)
_CHAPTER = re.compile(r"[IVXLC]+$|глава\b|раздел\b", re.IGNORECASE)
_BODY_POINT = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+\S")
_CASES = {  # what, in what, with what: an annex is called by its number, without one by its kind
    "": ("приложение", "приложении", "приложением"),
    "plan": ("план-график", "плане-графике", "планом-графиком"),
    "regulation": ("регламент", "регламенте", "регламентом"),
    "schedule": ("график консультаций", "графике консультаций", "графиком консультаций"),
}
ANEW = "изложить в следующей редакции:"


@dataclass(frozen=True)
class Point:
    """A point of the text: its number («1.1.2», with a dot when printed), its words, and the new words after them:
    paragraphs to be quoted, or rows of the annex as a table."""

    number: str
    words: str
    quoted: tuple[str, ...] = ()
    table: PrintedTable | None = None

    @property
    def level(self) -> int:
        """1 for «1.», 2 for «1.1.», 3 for «1.1.2.»."""
        return self.number.count(".") + 1

    @property
    def lines(self) -> list[tuple[str, list[tuple[Column, str]]]]:
        """The rows of the table: the words of a full-width row and nothing, or "" and (column, words) of each cell."""
        columns = self.table.columns if self.table else ()
        return [
            (row, []) if isinstance(row, str) else ("", [*zip(columns, (cell or "" for cell in row), strict=True)])
            for row in (self.table.rows if self.table else ())
        ]


@dataclass(frozen=True)
class _Change:
    """What is said of one place: «пункт 1.2 изложить в следующей редакции:»."""

    words: str
    quoted: tuple[str, ...] = ()
    table: PrintedTable | None = None


def order_words(number: str, signed_on: date | None) -> str:
    """«от 31.08.2021 № 337/01-18», with blanks to fill by hand for what is not known yet."""
    return f"от {f'{signed_on:%d.%m.%Y}' if signed_on else '____________'} № {number or '______'}"


def amending_points(found: WordingChanges, *, number: str, signed_on: date) -> list[Point]:
    """Point 1 of the amending order with all under it; `number` and `signed_on` are of the order that it changes."""
    parts = [("", [one]) for cell in found.order for one in _order_changes(cell)]
    parts += [_annex_part(one) for one in sorted(found.annexes, key=lambda one: int(_number_of_annex(one) or 99))]
    count = sum(len(own) for _where, own in parts)
    what = "следующее изменение:" if count == 1 else "следующие изменения:"
    points = [Point("1", f"Внести в приказ {order_words(number, signed_on)} {what}")]
    for place, (where, own) in enumerate(parts, start=1):
        points += _numbered(f"1.{place}", where, own)
    return _punctuated(points)


def _numbered(number: str, where: str, own: list[_Change]) -> Iterator[Point]:
    """One change stands in the line of its annex, several under it."""
    if len(own) == 1:
        words = f"{where} {own[0].words}".strip()
        yield Point(number, words[0].upper() + words[1:], own[0].quoted, own[0].table)
        return
    yield Point(number, f"{where}:")
    for place, one in enumerate(own, start=1):
        yield Point(f"{number}.{place}", one.words, one.quoted, one.table)


def _punctuated(points: list[Point]) -> list[Point]:
    """«;» after each change, «.» after the last; new words stand in «…». A table takes no mark."""
    return [_ended(point, "." if point is points[-1] else ";") for point in points]


def _ended(point: Point, mark: str) -> Point:
    if point.quoted:
        *lines, last = (f"«{point.quoted[0]}", *point.quoted[1:])
        return replace(point, quoted=(*lines, f"{last}»{mark}"))
    return point if point.words.endswith(":") else replace(point, words=point.words + mark)


# --- The order itself


def _order_changes(cell: CellChange) -> Iterator[_Change]:
    if cell.field == "organization":
        yield _Change(f"наименование организации {ANEW}", _paragraphs(cell.new))
        return
    before, after = _paragraphs(cell.old), _paragraphs(cell.new)
    if not before or not after:
        yield _Change("текст приказа исключить") if before else _Change("дополнить приказ текстом:", after)
        return
    names = [[_body_number(line) or fold(line) for line in lines] for lines in (before, after)]
    if names[0] != names[1] or len(set(names[0])) != len(names[0]):
        yield _Change(f"текст приказа {ANEW}", after)
        return
    for name, was, now in zip(names[0], before, after, strict=True):  # only numbered points have other words
        if fold(was) != fold(now):
            yield _Change(f"пункт {name} приказа {ANEW}", (now,))


def _body_number(line: str) -> str:
    found = _BODY_POINT.match(line)
    return found[1] if found else ""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# --- An annex


def _annex_part(one: AnnexChanges) -> tuple[str, list[_Change]]:
    """Where, «В приложении № 1» with the number as its heading prints it, and what is changed there."""
    found = _ANNEX_NUMBER.match((one.old or one.new).heading)
    number = f" {'№ ' if found['sign'] else ''}{found['number']}" if found else ""
    nominative, locative, instrumental = _CASES["" if number else one.name]
    if one.old is None:
        return "", [_Change(f"дополнить {instrumental}{number} (прилагается)")]
    if one.new is None:
        return "", [_Change(f"{nominative}{number} признать утратившим силу")]
    if _is_told_as_a_whole(one):
        return "", [_Change(f"{nominative}{number} изложить в новой редакции (прилагается)")]
    return f"В {locative}{number}", list(_annex_changes(one))


def _number_of_annex(one: AnnexChanges) -> str:
    found = _ANNEX_NUMBER.match((one.old or one.new).heading)
    return found["number"] if found else ""


def _is_told_as_a_whole(one: AnnexChanges) -> bool:
    """Rows changed places, or their names do not tell which one is meant."""
    if one.is_reordered or has_doubled_names(one.old) or has_doubled_names(one.new):
        return True
    if any(cell.field == "columns" for cell in one.heads):
        return True
    changed = [row for change in one.rows for row in (change.old, change.new)]
    return any(isinstance(row, ClauseDraft) and not number_of(row) for row in changed)


def _annex_changes(one: AnnexChanges) -> Iterator[_Change]:
    for cell in one.heads:
        what = "нумерационный заголовок" if cell.field == "heading" else "наименование"
        yield _Change(f"{what} {ANEW}", _paragraphs(cell.new))
    match one.new:
        case PlanDraft():
            yield from _plan_changes(one)
        case ScheduleDraft():
            yield from _schedule_changes(one)
        case _:
            yield from _regulation_changes(one)


# --- The plan


def _plan_changes(one: AnnexChanges) -> Iterator[_Change]:
    """A stage that is new or gone takes its new or gone tasks with it."""
    told: set[int] = set()
    gone, come = _stages_over(one.old), _stages_over(one.new)
    whole = {id(change.old or change.new) for change in one.rows if not (change.old and change.new)}
    for change in one.rows:
        row = change.new or change.old
        if id(row) in told:
            continue
        if isinstance(row, StageDraft):
            yield _stage_change(one, change, told, whole)
        elif not (change.old and change.new) and id((gone | come)[id(row)]) in whole:
            continue  # its stage says it
        else:
            yield _task_change(one, change)


def _stages_over(plan: Annex) -> dict[int, StageDraft]:
    return {id(task): stage for stage in plan.stages for task in stage.tasks}


def _stage_change(one: AnnexChanges, change: RowChange, told: set[int], whole: set[int]) -> _Change:
    if change.new is None:
        return _Change(f"{_stage(change.old)} исключить")
    if change.old is None:
        own = replace(change.new, tasks=tuple(task for task in change.new.tasks if id(task) in whole))
        number = number_of(change.new)
        what = f"этапом {number}" if number else "этапом"
        return _Change(f"дополнить {what} следующего содержания:", table=_plan_rows(one.new, own))
    if not change.new.heading.strip():
        return _Change(f"наименование: {_stage(change.old)} исключить")
    return _Change(f"наименование {_stage(change.old, of=True)} {ANEW}", _paragraphs(change.new.heading))


def _stage(stage: StageDraft, *, of: bool = False) -> str:
    word = "этапа" if of else "этап"
    return f"{word} {number_of(stage)}" if number_of(stage) else f"{word} «{words_of(stage)}»"


def _task_change(one: AnnexChanges, change: RowChange) -> _Change:
    if change.new is None:
        return _Change(f"{_row(change.old)} исключить")
    table = _plan_rows(one.new, StageDraft(tasks=(change.new,)))
    if change.old is None:
        number = number_of(change.new)
        if number:
            return _Change(f"дополнить пунктом {number} следующего содержания:", table=table)
        return _Change(f"{_after(one.new, change.new)}дополнить строкой следующего содержания:", table=table)
    return _changed(change, table=table)


def _changed(change: RowChange, **new_words: object) -> _Change:
    """A row with other words, another number, or both."""
    old, new = number_of(change.old), number_of(change.new)
    if old == new or not old or not new:
        return _Change(f"{_row(change.old)} {ANEW}", **new_words)
    if change.is_renumbered_only:
        return _Change(f"пункт {old} считать пунктом {new}")
    return _Change(f"пункт {old} считать пунктом {new} и {ANEW}", **new_words)


def _row(row: TaskDraft | ClauseDraft | DirectionDraft) -> str:
    return f"пункт {number_of(row)}" if number_of(row) else f"строку «{words_of(row)}»"


def _after(annex: PlanDraft | ScheduleDraft, row: TaskDraft | DirectionDraft) -> str:
    """«после строки «…» »: where a row without a number comes to stand; "" for the first."""
    own = (
        annex.directions
        if isinstance(annex, ScheduleDraft)
        else next(stage.tasks for stage in annex.stages if any(task is row for task in stage.tasks))
    )
    place = next(place for place, known in enumerate(own) if known is row)
    return f"после строки «{words_of(own[place - 1])}» " if place else ""


def _plan_rows(plan: PlanDraft, stage: StageDraft) -> PrintedTable:
    """Some rows of the annex under the headers of the whole."""
    return plan_table(replace(plan, columns=plan_table(plan).columns, stages=(stage,)))


# --- The schedule and the regulation


def _schedule_changes(one: AnnexChanges) -> Iterator[_Change]:
    columns = schedule_table(one.new).columns
    for change in one.rows:
        if change.new is None:
            yield _Change(f"{_row(change.old)} исключить")
            continue
        printed = schedule_table(replace(one.new, columns=columns, directions=(change.new,)))
        if change.old is None:
            yield _Change(f"{_after(one.new, change.new)}дополнить строкой следующего содержания:", table=printed)
        else:
            yield _Change(f"{_row(change.old)} {ANEW}", table=printed)


def _regulation_changes(one: AnnexChanges) -> Iterator[_Change]:
    """A clause that goes leaves its number empty, unless others take their places anew."""
    is_renumbered = any(cell.field == "number" for change in one.rows for cell in change.cells)
    for change in one.rows:
        if _CHAPTER.match(number_of(change.new or change.old)):
            yield _chapter_change(change)
        elif change.new is None:
            yield _Change(f"{_row(change.old)} {'исключить' if is_renumbered else 'признать утратившим силу'}")
        elif change.old is None:
            words = f"дополнить пунктом {number_of(change.new)} следующего содержания:"
            yield _Change(words, _clause(change.new))
        else:
            yield _changed(change, quoted=_clause(change.new))


def _chapter_change(change: RowChange) -> _Change:
    if change.new is None:
        return _Change(f"наименование «{_heading(change.old)}» исключить")
    if change.old is None:
        return _Change("дополнить наименованием раздела следующего содержания:", _clause(change.new))
    return _Change(f"наименование «{_heading(change.old)}» {ANEW}", _clause(change.new))


def _heading(clause: ClauseDraft) -> str:
    return fold(f"{clause.number} {clause.text}")


def _clause(clause: ClauseDraft) -> tuple[str, ...]:
    return _paragraphs(f"{clause.number} {clause.text}")
