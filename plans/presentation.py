"""How a task reads: one line with its term, the state of the term and a status of word, shape and colour.

Other rooms show tasks through `task_line` and `templates/plans/_task_line.html`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from django.forms import BaseForm
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.drafts import PlanDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.wordings import AnnexPage, View

from .models import KIND_WORDS, PRECISION_WORDS, Plan, Stage, Task, TaskNote
from .paper import plan_draft, task_on_paper
from .terms import Doubt, Kind, Precision, Term

DOUBT_WORDS = {
    Doubt.UNREADABLE: gettext_lazy("the words could not be understood"),
    Doubt.IMPOSSIBLE_DATE: gettext_lazy("there is no such day in the calendar"),
    Doubt.YEAR_MISSING: gettext_lazy("the year is not named"),
    Doubt.SEVERAL_STATEMENTS: gettext_lazy("the words say several things at once"),
    Doubt.REVERSED: gettext_lazy("the last day comes before the first"),
    Doubt.WRONG_WEEKDAY: gettext_lazy("the date is another day of the week"),
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

    `was` are the words with which it is compared where they were other words, "—" for an empty cell; else "".
    """

    field: str
    header: str
    words: str
    was: str = ""


def measured_on(order: Order, today: date) -> date:
    """The day on which tasks are looked at: a closed order does not grow overdue after its end or that of its year."""
    return min(today, order.closed_on, order.school_year.ends_on) if order.closed_on else today


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
    return _shown_columns([(one["field"], one["header"]) for one in plan.columns])


def _shown_columns(printed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    columns: list[tuple[str, str]] = []
    for field, header in printed or [(field, str(words)) for field, words in USUAL_COLUMNS.items()]:
        is_repeated = field != "other" and any(field == known for known, _words in columns)
        if field != "stage" and not is_repeated:
            columns.append((field, header))
    return columns


def annex_cells(
    task: Task, columns: Iterable[tuple[str, str]], was: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Cell]:
    """The cells of a task under `annex_columns`; `was` are other words by field, a column without a field by header."""
    words = {"number": task.printed_number, **_printed(task)}
    others = iter(task.other_columns)
    for field, header in columns:
        is_known = field in words
        now = words[field] if is_known else next(others, ("", ""))[1]
        before = was.get(field if is_known else header)
        yield Cell(field, header, now, "" if before is None else before.strip() or "—")


def signed_columns(plan: PlanDraft) -> list[tuple[str, str]]:
    """`annex_columns` of a plan on paper."""
    return _shown_columns([(one.field, one.header) for one in plan.columns])


def signed_stages(plan: PlanDraft) -> list[tuple[str, list[list[Cell]]]]:
    """(heading, rows of cells) of a plan on paper."""
    columns = signed_columns(plan)
    return [
        (stage.heading, [list(annex_cells(task_on_paper(task), columns)) for task in stage.tasks])
        for stage in plan.stages
    ]


def page_of_plan(
    plan: Plan,
    groups: Sequence[tuple[Stage, Sequence[Task]]],
    view: View = View.NOW,
    entries: Sequence[Entry] | None = None,
) -> AnnexPage:
    """What the plan marks beside its order. `groups` are all stages with their tasks, in printed order."""
    now = plan_draft(plan, groups)
    subjects = [row for stage, tasks in groups for row in (stage, *tasks)]
    return AnnexPage(plan.order, "plan", now, head=plan, subjects=subjects, view=view, entries=entries)


def words_before(was: Mapping[str, str]) -> list[tuple[str, str]]:
    """(column, words) of every cell of a task that has other words now."""
    return [(str(words), was[field].strip() or "—") for field, words in COLUMN_WORDS.items() if field in was]


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
    if nearest := nearest_term(lines, on):
        parts.append(_("the nearest term is %(day)s") % {"day": date_format(nearest, "j E Y")})
    total = ngettext("%(count)d task", "%(count)d tasks", len(lines)) % {"count": len(lines)}
    return f"{total}: {', '.join(parts)}." if parts else f"{total}."


def nearest_term(lines: Iterable[TaskLine], on: date) -> date | None:
    """The first last day from `on` on, of tasks whose result nobody has reported."""
    days = (line.task.due_on for line in lines if line.standing in (Standing.SOON, Standing.OPEN))
    return min((day for day in days if day and day >= on), default=None)


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


def typed_into(form: BaseForm) -> list[tuple[str, str]]:
    """Labels and words of a bound form that cannot be shown again, so that the words are not lost; no choices."""
    fields = [field for field in form.visible_fields() if not hasattr(field.field, "choices")]
    return [(str(field.label), field.value()) for field in fields if field.value()]
