"""Rows of the plan page as HTML. There may be a thousand: written in Python, where templates would take ten times as
long. What is rare in a row (other words of the order, a mark of its change) comes from its template."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ejournal_rollout.orders.wordings import RowOnPage

from .models import Stage, Task
from .presentation import Cell, TaskLine, annex_cells
from .timeline import Cell as TimeCell
from .timeline import Row as TimeRow

Addresses = Callable[[int], str]


@lru_cache(maxsize=256)
def status_html(kind: str, words: str) -> str:
    return render_to_string("_status.html", {"kind": kind, "words": words}).strip()


@dataclass
class PlanRows:
    """Writes the rows of one table. `task_address` opens a task beside the list, `mark_address` its quick acts;
    where `may_mark` says that the reader has some; `changed` was just changed."""

    columns: list[tuple[str, str]]
    marks: Mapping[Stage | Task, RowOnPage]
    is_compared: bool
    task_address: Addresses
    mark_address: Addresses
    may_mark: Callable[[TaskLine], bool]
    opened: int | None = None
    changed: int | None = None

    def __post_init__(self) -> None:
        self._named: set[int] = set()  # a task may stand under several headings: the first row has its id
        self._was, self._row_mark = get_template("orders/_was.html"), get_template("orders/_row_mark.html")
        self._note_label, self._to_mark = escape(_("Last note")), escape(_("Mark"))

    def row(self, line: TaskLine) -> SafeString:
        task = line.task
        mark = self.marks[task]
        cells = "".join(self._cell(line, cell, mark) for cell in annex_cells(task, self.columns, mark.mark.was))
        return SafeString(f"<tr{self._attributes(task.pk)}>{cells}{self._status(line)}{self._note(line)}</tr>")

    def _attributes(self, pk: int) -> str:
        looks = [look for look, own in (("is-open", self.opened), ("is-changed", self.changed)) if own == pk]
        classes = f' class="{" ".join(looks)}"' if looks else ""
        if pk in self._named:
            return classes
        self._named.add(pk)
        return f' id="task-{pk}"{classes}'

    def _cell(self, line: TaskLine, cell: Cell, mark: RowOnPage) -> str:
        if not cell.words and not cell.was and cell.field not in ("number", "question", "term"):
            return "<td></td>"
        was = self._was.render({"was": cell.was, "is_compared": self.is_compared}) if cell.was else ""
        words = escape(cell.words)
        match cell.field:
            case "number":
                return f'<td class="plan-number">{was}{words}</td>'
            case "question":
                return f'<td class="plan-question">{was}{self._link(line, words)}{self._row_mark_of(mark)}</td>'
            case "term":
                state = _term_state(line)
                inner = f'{was}<span class="preserve">{words}</span>{state}'
            case _:
                inner = f'{was}<span class="plan-words preserve">{words}</span>'
        return f'<td data-label="{escape(cell.header)}" class="plan-{cell.field}">{inner}</td>'

    def _link(self, line: TaskLine, words: str) -> str:
        pk = line.task.pk
        current = ' aria-current="true"' if pk == self.opened else ""
        return (
            f'<a class="preserve" href="{escape(self.task_address(pk))}#panel" hx-boost="true"'
            f' data-task="{line.address}"{current}>{words}</a>'
        )

    def _row_mark_of(self, row: RowOnPage) -> str:
        if not row.mark.amended_by and not row.change:
            return ""
        return self._row_mark.render({"row": row, "is_compared": self.is_compared})

    def _status(self, line: TaskLine) -> str:
        pk = line.task.pk
        act = ""
        if self.may_mark(line):
            act = (
                f'<a class="plan-mark" href="{escape(self.mark_address(pk))}#act-{pk}" hx-boost="true"'
                ' hx-target="closest tr" hx-select=".plan-act" hx-swap="afterend show:none" hx-push-url="false">'
                f'{self._to_mark}<span class="visually-hidden"> {escape(line.number)}</span></a>'
            )
        return f'<td class="plan-status d-print-none">{status_html(line.status_kind, line.status_words)}{act}</td>'

    def _note(self, line: TaskLine) -> str:
        note = line.note
        if note is None:
            return '<td class="plan-note d-print-none"></td>'
        act = note.get_act_display() if note.act else ""
        act = f'<span class="soft">{escape(act[:1].upper() + act[1:])}{":" if note.text else ""}</span> ' if act else ""
        return (
            f'<td class="plan-note d-print-none" data-label="{self._note_label}"><span class="small-print">'
            f"{timezone.localtime(note.written_at):%d.%m.%Y}, {escape(note.author.name)}</span>"
            f'<span class="plan-words">{act}{escape(note.text)}</span></td>'
        )


def _term_state(line: TaskLine) -> str:
    if not line.term_state:
        return ""
    late = " term-state-late" if line.is_late else ""
    return f'<span class="term-state{late} d-print-none">{escape(line.term_state)}</span>'


def timeline_row(row: TimeRow, width: int, task_address: Addresses) -> SafeString:
    """A task across months; `width` is how many quarters there are."""
    line = row.line
    late = " term-state-late" if line.is_late else ""
    words = escape(Truncator(" ".join(line.question.split())).chars(70))
    by_schedule = line.task.by_separate_schedule and not row.words
    standing = ", ".join([line.status_words, _("by a separate schedule")]) if by_schedule else line.status_words
    head = (
        f'<th scope="row" class="timeline-task"><a href="{escape(task_address(line.task.pk))}#panel" hx-boost="true"'
        f' data-task="{line.address}"><span class="timeline-number">{escape(line.number)}</span> {words}</a>'
        f'<span class="timeline-standing{late}">{escape(standing)}</span></th>'
    )
    if row.words:
        return SafeString(f'<tr>{head}<td class="timeline-words" colspan="{width}">{escape(row.words)}</td></tr>')
    return SafeString(f"<tr>{head}{''.join(_time_cell(row, cell) for cell in row.cells)}</tr>")


def _time_cell(row: TimeRow, cell: TimeCell) -> str:
    looks = {f"is-{cell.kind}": bool(cell.kind), f"standing-{row.line.standing}": bool(cell.kind)}
    looks |= {
        "is-hatched": cell.is_hatched,
        "is-month": cell.is_month_start and not cell.kind,
        "is-today": cell.is_first_after_today,
    }
    classes = "".join(f" {look}" for look, is_on in looks.items() if is_on)
    return f'<td colspan="{cell.span}" class="timeline-cell{classes}">{_time_words(row, cell)}</td>'


def _time_words(row: TimeRow, cell: TimeCell) -> str:
    marks = '<span class="timeline-diamond" aria-hidden="true">◆</span>' if cell.kind == "milestone" else ""
    if cell.points:
        marks += f'<span class="timeline-round" aria-hidden="true">●</span>{_for_the_ear(cell.points)}'
    if not cell.is_told:
        return marks
    told = [row.told, row.line.status_words, *([_("milestone")] if row.line.task.is_milestone else [])]
    label = f'<span class="timeline-label" aria-hidden="true">{escape(cell.words)}</span>' if cell.words else ""
    return f"{marks}{label}{_for_the_ear(', '.join(told))}"


def _for_the_ear(words: str) -> str:
    return f'<span class="visually-hidden">{escape(words)}</span>'


def joined(rows: Iterable[str]) -> SafeString:
    return SafeString("".join(rows))
