"""How a task reads: one line with its term, the state of the term and a status of word, shape and colour.

Other rooms show tasks through `task_line` and `templates/plans/_task_line.html`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from ejournal_rollout.orders.drafts import TaskDraft, fold, plain_number
from ejournal_rollout.orders.models import Order

from .models import KIND_WORDS, PRECISION_WORDS, Plan, Round, Stage, Task, TaskNote
from .terms import Doubt, Kind, Precision, Term

DOUBT_WORDS = {
    Doubt.UNREADABLE: gettext_lazy("the words could not be understood"),
    Doubt.IMPOSSIBLE_DATE: gettext_lazy("there is no such day in the calendar"),
    Doubt.YEAR_MISSING: gettext_lazy("the year is not named"),
    Doubt.SEVERAL_STATEMENTS: gettext_lazy("the words say several things at once"),
    Doubt.REVERSED: gettext_lazy("the last day comes before the first"),
}
# The columns of the source order, for a plan that was not imported.
USUAL_COLUMNS = {
    "number": pgettext_lazy("plan column", "No."),
    "question": gettext_lazy("Questions"),
    "term": gettext_lazy("Terms"),
    "purpose": gettext_lazy("Purpose"),
    "executors": gettext_lazy("Executors"),
}
COLUMN_WORDS = {  # as the page of a task names them
    "question": gettext_lazy("Question"),
    "term": gettext_lazy("Term"),
    "purpose": gettext_lazy("Purpose"),
    "executors": gettext_lazy("Executors"),
    "result": gettext_lazy("Expected result"),
}
_WIDE_BLANK = re.compile(r"[ \t\xa0]{4,}")


class Standing(StrEnum):
    """Where a task stands on a day. Exactly one; `OPEN` is open with nothing urgent about it."""

    DONE = "done"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    OVERDUE = "overdue"
    BEFORE_ORDER = "before_order"
    SOON = "soon"
    OPEN = "open"


@dataclass(frozen=True)
class TaskLine:
    """A task prepared for a list. `term` is the order's words; `term_state` ours, "" when there is nothing to say."""

    task: Task
    standing: Standing
    term_state: str
    status_kind: str
    status_words: str
    note: TaskNote | None = None

    @property
    def number(self) -> str:
        return self.task.number

    @property
    def question(self) -> str:
        return self.task.question

    @property
    def term(self) -> str:
        return self.task.term

    @property
    def address(self) -> str:
        return self.task.get_absolute_url()

    @property
    def is_late(self) -> bool:
        return self.standing is Standing.OVERDUE


@dataclass(frozen=True)
class StageLines:
    """A stage with its lines and how far it has come; cancelled tasks are not counted."""

    stage: Stage
    lines: tuple[TaskLine, ...]

    def count(self, standing: Standing) -> int:
        return sum(line.standing is standing for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines) - self.count(Standing.CANCELLED)

    @property
    def done(self) -> int:
        return self.count(Standing.DONE)

    @property
    def waiting(self) -> int:
        return self.count(Standing.WAITING)

    @property
    def overdue(self) -> int:
        return self.count(Standing.OVERDUE)

    @property
    def soon(self) -> int:
        return self.count(Standing.SOON)

    @property
    def before_order(self) -> int:
        return self.count(Standing.BEFORE_ORDER)


@dataclass(frozen=True)
class Cell:
    """One cell of a row of the annex: its field ("other" for a column without one), header and words.

    `signed` are the words of the signed order where they were other words, else "".
    """

    field: str
    header: str
    words: str
    signed: str = ""


def measured_on(order: Order, today: date) -> date:
    """The day on which tasks are looked at: a closed year does not grow overdue after its last day."""
    return min(today, order.closed_on) if order.closed_on else today


def task_line(task: Task, on: date, note: TaskNote | None = None) -> TaskLine:
    """Reads `stage.plan.order`, so take tasks from `in_order()`."""
    standing = _standing(task, on)
    kind, words = _status(task, standing)
    return TaskLine(task, standing, _term_state(task, standing, on), kind, str(words), note)


def stages_with_lines(stages: Iterable[Stage], lines: Iterable[TaskLine]) -> list[StageLines]:
    """Each stage with its lines in the order given; a stage without tasks stays."""
    by_stage: dict[int, list[TaskLine]] = {}
    for line in lines:
        by_stage.setdefault(line.task.stage_id, []).append(line)
    return [StageLines(stage, tuple(by_stage.get(stage.pk, ()))) for stage in stages]


def annex_columns(plan: Plan) -> list[tuple[str, str]]:
    """(field, header) in the order and words of the paper. A term in two columns (from, to) is one: its words
    were joined; a column of stages is left out, because stages are rows."""
    columns: list[tuple[str, str]] = []
    printed = [(one["field"], one["header"]) for one in plan.columns] or [
        (field, str(words)) for field, words in USUAL_COLUMNS.items()
    ]
    for field, header in printed:
        is_repeated = field != "other" and any(field == known for known, _words in columns)
        if field != "stage" and not is_repeated:
            columns.append((field, header))
    return columns


def annex_cells(
    task: Task, columns: Iterable[tuple[str, str]], signed: Mapping[str, TaskDraft] = MappingProxyType({})
) -> Iterator[Cell]:
    """The cells of a task under `annex_columns`, beside the words of `signed_tasks`."""
    words = {"number": task.printed_number, **_printed(task)}
    before = _signed_words(task, signed)
    others = iter(task.other_columns)
    for field, header in columns:
        if field in words:
            yield Cell(field, header, words[field], before.get(field, ""))
        else:
            yield Cell(field, header, next(others, ("", ""))[1])


def signed_tasks(order: Order) -> dict[str, TaskDraft]:
    """The tasks of the order as it was signed, by their numbers; a number printed twice says nothing."""
    draft = order.signed_draft
    tasks = [(plain_number(task.number), task) for task in draft.tasks] if draft else []
    times = Counter(number for number, _task in tasks)
    return {number: task for number, task in tasks if number and times[number] == 1}


def differences_from_signed(task: Task, signed: Mapping[str, TaskDraft]) -> list[tuple[str, str]]:
    """(column, words of the signed order) of every cell that has other words now."""
    before = _signed_words(task, signed)
    return [(str(words), before[field]) for field, words in COLUMN_WORDS.items() if field in before]


def as_lines(printed: str) -> str:
    """A title as one sees it on paper: long runs of blanks stand there to begin a new line."""
    return _WIDE_BLANK.sub("\n", printed.strip())


def summary(lines: list[TaskLine], on: date) -> str:
    """«8 задач: 4 выполнено, 1 просрочена, ближайший срок — 30 июня 2027»"""
    counts = {standing: sum(line.standing is standing for line in lines) for standing in Standing}
    parts = []
    if done := counts[Standing.DONE]:
        parts.append(ngettext("%(count)d done", "%(count)d done", done) % {"count": done})
    if overdue := counts[Standing.OVERDUE]:
        parts.append(ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue})
    if waiting := counts[Standing.WAITING]:
        words = ngettext("%(count)d waits for review", "%(count)d wait for review", waiting)
        parts.append(words % {"count": waiting})
    if early := counts[Standing.BEFORE_ORDER]:
        words = ngettext(
            "%(count)d with a term before the order (a result is asked for)",
            "%(count)d with terms before the order (results are asked for)",
            early,
        )
        parts.append(words % {"count": early})
    if cancelled := counts[Standing.CANCELLED]:
        parts.append(ngettext("%(count)d cancelled", "%(count)d cancelled", cancelled) % {"count": cancelled})
    ahead = [
        line.task.due_on
        for line in lines
        if line.standing in (Standing.SOON, Standing.OPEN) and line.task.due_on and line.task.due_on >= on
    ]
    if ahead:
        parts.append(_("the nearest term is %(day)s") % {"day": date_format(min(ahead), "j E Y")})
    total = ngettext("%(count)d task", "%(count)d tasks", len(lines)) % {"count": len(lines)}
    return f"{total}: {', '.join(parts)}." if parts else f"{total}."


def reading_words(term: Term, *, is_headed: bool = False) -> str:
    """What the words of a term were understood to mean, for a person to check; a doubt is a question.

    Under a heading that says so (`is_headed`) a reading does not begin with “Understood as”.
    """
    if term.doubt:
        return _("Not understood: %(doubt)s.") % {"doubt": DOUBT_WORDS.get(term.doubt, term.doubt)}
    reading = _reading(term.kind, term.starts_on, term.due_on, term.precision, term.by_schedule)
    return reading if is_headed else _("Understood as: %(reading)s") % {"reading": reading}


def task_reading(task: Task, *, is_headed: bool = False) -> str:
    """The same for what stands in the task now, read or set by hand."""
    if task.term_kind == Kind.UNPARSABLE and not task.due_on and not task.starts_on:
        return _("Without dates: the term is not overdue at any time.") if task.term else ""
    reading = _reading(task.term_kind, task.starts_on, task.due_on, task.term_precision, task.by_separate_schedule)
    return reading if is_headed else _("Understood as: %(reading)s") % {"reading": reading}


def _printed(task: Task) -> dict[str, str]:
    return {
        "question": task.question,
        "term": task.term,
        "purpose": task.purpose,
        "executors": task.executors_printed,
        "result": task.expected_result,
    }


def _signed_words(task: Task, signed: Mapping[str, TaskDraft]) -> dict[str, str]:
    draft = signed.get(task.number)
    if draft is None:
        return {}
    now = {field: (getattr(draft, field), words) for field, words in _printed(task).items()}
    return {field: before or "—" for field, (before, words) in now.items() if fold(before) != fold(words)}


def _standing(task: Task, on: date) -> Standing:
    if task.cancelled_on:
        return Standing.CANCELLED
    if task.completed_on:
        return Standing.DONE
    if task.reported_at:
        return Standing.WAITING
    if task.stage.plan.order.state == Order.State.DRAFT:
        return Standing.OPEN  # nobody is late by an order that is not signed
    if task.is_before_the_order:
        return Standing.BEFORE_ORDER
    if task.is_overdue(on=on):
        return Standing.OVERDUE
    return Standing.SOON if task.is_due_soon(on=on) else Standing.OPEN


def _status(task: Task, standing: Standing) -> tuple[str, str]:
    """(kind of status for `_status.html`, words)"""
    match standing:
        case Standing.DONE:
            return "done", task.state.label
        case Standing.CANCELLED:
            return "withdrawn", task.state.label
        case Standing.WAITING:
            return "paused", task.state.label
        case Standing.OVERDUE:
            return "urgent", _("overdue")
    if task.started_on:
        return "action", task.state.label
    if standing is Standing.BEFORE_ORDER:
        return "action", pgettext("status", "before the order")
    if standing is Standing.SOON:
        return "action", _("due soon")
    return "idle", task.state.label


def _term_state(task: Task, standing: Standing, on: date) -> str:
    match standing:
        case Standing.CANCELLED:
            return _("cancelled on %(day)s") % {"day": _short(task.cancelled_on)}
        case Standing.DONE:
            return _("done on %(day)s") % {"day": _short(task.completed_on)}
        case Standing.BEFORE_ORDER:
            return _("before the order was issued: a result is asked for")
        case Standing.OVERDUE:
            days = (on - task.due_on).days
            return ngettext("overdue by %(count)d day", "overdue by %(count)d days", days) % {"count": days}
    if task.due_on is None:
        return _without_last_day(task)
    if standing is Standing.WAITING or task.due_on < on:
        return _("last day %(day)s") % {"day": _short(task.due_on)}
    days = (task.due_on - on).days
    if not days:
        return _("today is the last day")
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}


def _without_last_day(task: Task) -> str:
    if task.by_separate_schedule:
        return _("no date: by a separate schedule")
    match task.term_kind:
        case Kind.WHOLE_PERIOD:
            return _("the term is the whole period")
        case Kind.RECURRING:
            return _("no date: recurring")
        case Kind.ON_DEMAND:
            return _("no date: as needed")
    if task.starts_on:
        return _("from %(day)s, without a last day") % {"day": _short(task.starts_on)}
    return _("no date") if task.term else _("the term is not named")


def _reading(kind: str, starts_on: date | None, due_on: date | None, precision: str, by_separate_schedule: bool) -> str:
    if starts_on and due_on:
        days = _short(due_on) if starts_on == due_on else f"{_short(starts_on)}–{_short(due_on)}"
    elif due_on:
        days = _("not later than %(day)s") % {"day": _short(due_on)}
    elif starts_on:
        days = _("from %(day)s, without a last day") % {"day": _short(starts_on)}
    else:
        days = ""
    parts = [days] if days else [str(KIND_WORDS[Kind(kind)]), _("without a last day")]
    if days and kind in (Kind.RECURRING, Kind.WHOLE_PERIOD):
        parts.insert(0, str(KIND_WORDS[Kind(kind)]))
    if precision != Precision.NONE:
        parts.append(_("precision: %(precision)s") % {"precision": PRECISION_WORDS[Precision(precision)]})
    if by_separate_schedule and kind != Kind.SEPARATE_SCHEDULE:
        parts.append(_("by a separate schedule"))
    return ", ".join(parts)


def _short(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def round_status(checked: Round, *, on: date) -> tuple[str, str]:
    """The shape and the words of the state of a round."""
    state = checked.state(on=on)
    kinds = {
        Round.State.PLANNED: "idle",
        Round.State.MISSED: "urgent",
        Round.State.HELD: "done",
        Round.State.CANCELLED: "withdrawn",
    }
    return kinds[state], str(state.label)
