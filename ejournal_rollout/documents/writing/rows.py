"""The table of an annex as it is printed: columns in the order and words of the paper. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ejournal_rollout.documents.reading.hours_columns import parted
from ejournal_rollout.documents.reading.schedule import paired
from ejournal_rollout.documents.tables.headers import PLAN_COLUMNS, SCHEDULE_COLUMNS, weekday
from ejournal_rollout.orders.drafts import Column, DirectionDraft, PlanDraft, ScheduleDraft, StageDraft, TaskDraft

Other = tuple[tuple[str, str], ...]
# A row of cells, or the words of a full-width row. None is a cell that continues the one above.
PrintedRow = tuple[str | None, ...] | str


@dataclass(frozen=True)
class PrintedTable:
    """`columns` may hold one field twice (from and to, name and post), as the paper does."""

    columns: tuple[Column, ...]
    rows: tuple[PrintedRow, ...]


def plan_table(plan: PlanDraft) -> PrintedTable:
    """Annex 1. A field that is filled but has no column on the paper gets the usual one at the end: no word is lost."""
    tasks = [task for stage in plan.stages for task in stage.tasks]
    columns = _complete(plan.columns, PLAN_COLUMNS, {"number", "question"}, tasks)
    return PrintedTable(columns, tuple(_plan_rows(plan.stages, columns)))


def _plan_rows(stages: Sequence[StageDraft], columns: tuple[Column, ...]) -> Iterator[PrintedRow]:
    in_column = any(column.field == "stage" for column in columns)
    for stage in stages:
        if stage.heading and not (in_column and stage.tasks):
            yield stage.heading
        for line, task in enumerate(stage.tasks):
            yield _task_row(task, columns, stage=stage.heading if line == 0 else None)


def _task_row(task: TaskDraft, columns: tuple[Column, ...], *, stage: str | None) -> tuple[str | None, ...]:
    is_numbered = any(column.field == "number" for column in columns)
    question = task.question if is_numbered else " ".join(filter(None, (task.number, task.question)))
    terms = _terms(task.term, sum(column.field == "term" for column in columns))
    rest = list(task.other)
    cells: list[str | None] = []
    for column in columns:
        match column.field:
            case "stage":
                cells.append(stage)
            case "question":
                cells.append(question)
            case "term":
                cells.append(terms.pop(0))
            case "other":
                cells.append(_taken(rest, column.header))
            case name:
                cells.append(getattr(task, name))
    return tuple(cells)


def _terms(words: str, count: int) -> list[str]:
    """«Май – июнь» of two columns (from, to) in these two again; else all in the first."""
    parts = words.split(" – ")
    return parts if len(parts) == count and len(set(parts)) == count and all(parts) else [words] + [""] * (count - 1)


def schedule_table(schedule: ScheduleDraft) -> PrintedTable:
    """Annex 3. Directions without a column of their own are full-width rows over their specialists."""
    known = {"direction"} if schedule.columns else set()
    printed = _with_readable_hours(schedule)
    columns = _complete(printed, SCHEDULE_COLUMNS, known, schedule.directions)
    return PrintedTable(columns, tuple(_schedule_rows(schedule.directions, columns)))


def _with_readable_hours(schedule: ScheduleDraft) -> tuple[Column, ...]:
    """The printed columns; one of hours for «Понедельник», «Вторник», … where hours do not fit into these any more."""
    headers = [column.header for column in schedule.columns if column.field == "hours"]
    if not any(map(weekday, headers)) or all(parted(headers, one.hours) is not None for one in schedule.directions):
        return schedule.columns
    first = next(place for place, column in enumerate(schedule.columns) if column.field == "hours")
    usual = next(column for column in SCHEDULE_COLUMNS if column.field == "hours")
    rest = [column for column in schedule.columns[first:] if column.field != "hours"]
    return (*schedule.columns[:first], usual, *rest)


def _schedule_rows(directions: Sequence[DirectionDraft], columns: tuple[Column, ...]) -> Iterator[PrintedRow]:
    has_names = any(column.field == "direction" for column in columns)
    heading = ""
    for number, direction in enumerate(directions, start=1):
        if not has_names and direction.name not in ("", heading):
            heading = direction.name
            yield heading
        yield _direction_row(direction, columns, number)


def _direction_row(direction: DirectionDraft, columns: tuple[Column, ...], number: int) -> tuple[str, ...]:
    people = _people(direction.specialists, sum(column.field == "specialists" for column in columns))
    headers = [column.header for column in columns if column.field == "hours"]
    hours = parted(headers, direction.hours) or [direction.hours, *[""] * (len(headers) - 1)]
    rest = list(direction.other)
    cells: list[str] = []
    for column in columns:
        match column.field:
            case "number":
                cells.append(str(number))
            case "direction":
                cells.append(direction.name)
            case "specialists":
                cells.append(people.pop(0))
            case "hours":
                cells.append(hours.pop(0))
            case "other":
                cells.append(_taken(rest, column.header))
            case name:
                cells.append(getattr(direction, name))
    return tuple(cells)


def _people(words: str, count: int) -> list[str]:
    """«Тестова А.А., учитель» in the columns of name and post, as reading joined them; else all in the first."""
    lines = [line.split(", ", count - 1) for line in words.split(";\n")]
    if all(len(line) == count for line in lines):
        parts = ["\n".join(part) for part in zip(*lines, strict=True)]
        if all(parts) and paired(parts) == words:
            return parts
    return [words] + [""] * (count - 1)


def _taken(rest: list[tuple[str, str]], header: str) -> str:
    """The first cell under this header, taken out: two columns may have the same words."""
    for place, (own, _words) in enumerate(rest):
        if own == header:
            return rest.pop(place)[1]
    return ""


def _complete(
    printed: tuple[Column, ...],
    usual: Iterable[Column],
    elsewhere: set[str],
    rows: Sequence[TaskDraft] | Sequence[DirectionDraft],
) -> tuple[Column, ...]:
    """The printed columns (the usual ones where the paper has none) and those of fields filled beside them.

    `elsewhere` are fields that a table without their column prints in another way.
    """
    known = list(printed) or [column for column in usual if column.field != "result"]
    fields = {column.field for column in known} | elsewhere
    for column in usual:
        name = "name" if column.field == "direction" else column.field
        if column.field not in fields and any(getattr(row, name) for row in rows):
            known.append(column)
    headers = [column.header for column in known if column.field == "other"]
    for row in rows:
        for header, words in row.other:
            if words and header not in headers:
                headers.append(header)
                known.append(Column("other", header))
    return tuple(known)
