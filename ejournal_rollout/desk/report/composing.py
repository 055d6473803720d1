"""Facts -> the final report in words, for the page and for the Word file alike. No database.

The order only asks for the report; its parts are our decision: what was planned and what became of it, then what
shows it, then what the working group concludes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ejournal_rollout.documents.writing.report import Report
from plans.round_note import NotePart, NoteTable

from .facts import EvidenceFact, Facts, TaskFact


@dataclass(frozen=True)
class Texts:
    """What the working group writes itself."""

    introduction: str = ""
    conclusions: str = ""
    proposals: str = ""
    signature: tuple[str, str] = ("", "")


class Verdict(StrEnum):
    """What became of a task by the day. Exactly one."""

    KEPT = "kept"
    LATE = "late"
    UNDATED = "undated"  # done, but no last day was set
    BEFORE_ORDER = "before_order"  # done; the term had ended before the order was signed, so nobody was late
    WAITING = "waiting"
    OVERDUE = "overdue"
    OPEN = "open"  # its term is not over, or there is none
    OPEN_BEFORE_ORDER = "open_before_order"
    CANCELLED = "cancelled"


DONE = frozenset({Verdict.KEPT, Verdict.LATE, Verdict.UNDATED, Verdict.BEFORE_ORDER})


def verdict(task: TaskFact, *, on: date, signed_on: date | None) -> Verdict:
    """Whoever reported on the last day kept the term, however long the review took."""
    before_order = bool(task.due_on and signed_on and task.due_on <= signed_on)
    if task.cancelled_on:
        return Verdict.CANCELLED
    if task.completed_on:
        if task.due_on is None:
            return Verdict.UNDATED
        if before_order:
            return Verdict.BEFORE_ORDER
        return Verdict.KEPT if _result_on(task) <= task.due_on else Verdict.LATE
    if task.reported_on:
        return Verdict.WAITING
    if before_order:
        return Verdict.OPEN_BEFORE_ORDER
    return Verdict.OVERDUE if task.due_on and task.due_on < on else Verdict.OPEN


def compose(facts: Facts, texts: Texts, *, number: str = "") -> Report:
    """Without a number it is a draft. A part of which there is nothing says so: a reader asks for each."""
    parts = [
        NotePart(_("Introduction"), texts.introduction.strip()),
        _counts(facts),
        *_plan_and_fact(facts),
        _evidence(facts),
        _rounds(facts),
        _meetings(facts),
        _consultations(facts),
        _seminars(facts),
        _requests(facts),
        _amendments(facts),
        NotePart(_("Conclusions"), texts.conclusions.strip()),
        NotePart(_("Proposals"), texts.proposals.strip()),
    ]
    return Report(
        organization=facts.organization,
        title=(_("FINAL REPORT"), _("on the work of the working group in %(year)s") % {"year": facts.school_year}),
        number=number,
        day=_day(facts.on),
        ground=_("Plan of the working group: %(order)s.") % {"order": facts.order},
        parts=tuple(part for part in parts if part.text or part.table),
        signature=texts.signature,
    )


def _counts(facts: Facts) -> NotePart:
    """A line for each stage and, if there are several, one for all; cancelled tasks are not counted."""

    def row(words: str, tasks: Iterable[TaskFact]) -> tuple[str, ...]:
        of = Counter(verdict(task, on=facts.on, signed_on=facts.signed_on) for task in tasks)
        total = of.total() - of[Verdict.CANCELLED]
        done = sum(of[one] for one in DONE)
        kept, late, waiting, overdue = (
            of[one] for one in (Verdict.KEPT, Verdict.LATE, Verdict.WAITING, Verdict.OVERDUE)
        )
        before_order = of[Verdict.BEFORE_ORDER] + of[Verdict.OPEN_BEFORE_ORDER]
        of_total = pgettext("count", "of")
        return (words, f"{done} {of_total} {total}", *map(str, (kept, late, overdue, waiting, before_order)))

    rows = [row(stage or _("All tasks"), tasks) for stage, tasks in _by_stage(facts.tasks)]
    if len(rows) > 1:
        rows.append(row(_("Together"), facts.tasks))
    headers = (  # short words: seven columns stand on an upright sheet
        _("Stage"),
        pgettext("report", "Done"),
        _("In time"),
        pgettext("report", "Late"),
        _("Overdue"),
        _("Waiting for review"),
        pgettext("report", "Before the order"),
    )
    return _part(_("Plan and fact by stages"), headers, rows)


def _plan_and_fact(facts: Facts) -> Iterable[NotePart]:
    headers = (pgettext("table", "No."), _("Question"), _("Term"), _("Carried out"), _("Result"))
    for stage, tasks in _by_stage(facts.tasks):
        rows = [(task.number, task.question, _term(task), _fact(task, facts), _result(task)) for task in tasks]
        yield _part(stage or _("Plan and fact by tasks"), headers, rows)


def _term(task: TaskFact) -> str:
    now, signed = task.term.split(), task.signed_term.split()
    if signed and signed != now:
        words = {"now": " ".join(now) or "—", "signed": " ".join(signed)}
        return _("%(now)s (by the signed order: %(signed)s)") % words
    return task.term


def _result(task: TaskFact) -> str:
    """The words of a report that nobody has accepted say so."""
    if not task.result or task.completed_on:
        return task.result
    return "" if task.cancelled_on else _("Not accepted yet: %(result)s") % {"result": task.result}


def _fact(task: TaskFact, facts: Facts) -> str:
    match verdict(task, on=facts.on, signed_on=facts.signed_on):
        case Verdict.KEPT:
            return _("Done on %(day)s, in time") % {"day": _day(task.completed_on)}
        case Verdict.LATE:
            late = (_result_on(task) - task.due_on).days
            words = ngettext("Done on %(day)s, %(late)d day late", "Done on %(day)s, %(late)d days late", late)
            return words % {"day": _day(task.completed_on), "late": late}
        case Verdict.UNDATED:
            return _("Done on %(day)s") % {"day": _day(task.completed_on)}
        case Verdict.BEFORE_ORDER:
            return _("Done on %(day)s; the term had ended before the order") % {"day": _day(task.completed_on)}
        case Verdict.WAITING:
            return _("Reported on %(day)s, waits for review") % {"day": _day(task.reported_on)}
        case Verdict.OVERDUE:
            late = (facts.on - task.due_on).days
            words = ngettext("Not done, overdue by %(late)d day", "Not done, overdue by %(late)d days", late)
            return words % {"late": late}
        case Verdict.OPEN_BEFORE_ORDER:
            return _("No result yet; the term had ended before the order")
        case Verdict.CANCELLED:
            grounds = {"day": _day(task.cancelled_on), "grounds": task.cancelled_because}
            return _("Cancelled on %(day)s: %(grounds)s") % grounds
    return _("In progress") if task.started_on else _("Not started")


def _evidence(facts: Facts) -> NotePart:
    headers = (_("Kind"), pgettext("report", "Task"), _("Paper"), _("Date"))
    rows = [(one.kind, one.task, one.name, _evidence_day(one)) for one in facts.evidence]
    return _part(_("Evidence"), headers, rows)


def _evidence_day(one: EvidenceFact) -> str:
    if one.dated_on or not one.attached_on:
        return _day(one.dated_on)
    return _("attached on %(day)s") % {"day": _day(one.attached_on)}


def _rounds(facts: Facts) -> NotePart:
    headers = (_("Day"), pgettext("report", "Task"), _("What was checked"), _("Remarks"), _("Put right"))
    rows = [
        (
            _day(one.held_on),
            one.task,
            "; ".join(filter(None, [one.checked, one.scope])),
            str(one.findings),
            str(one.settled),
        )
        for one in facts.rounds
    ]
    return _part(_("Checks held"), headers, rows)


def _meetings(facts: Facts) -> NotePart:
    rows = [(one.words, str(one.decisions)) for one in facts.meetings]
    return _part(_("Meetings of the working group"), (pgettext("report", "Minutes"), _("Decisions")), rows)


def _consultations(facts: Facts) -> NotePart:
    headers = (_("Direction"), _("Form"), _("Month"), _("Agreed on"), _("Took place"), _("Teacher did not come"))
    rows = [
        (
            one.direction,
            _("as needed") if one.is_on_demand else _("by the schedule"),
            f"{one.month:%m.%Y}",
            str(one.total),
            str(one.held),
            str(one.missed),
        )
        for one in facts.consultations
    ]
    return _part(_("Consultations"), headers, rows)


def _seminars(facts: Facts) -> NotePart:
    headers = (_("Day"), _("Kind"), pgettext("seminar", "Topic"), _("Participants"))
    rows = [(f"{one.day:%d.%m.%Y}", one.kind, one.title, str(one.came)) for one in facts.seminars]
    return _part(_("Seminars and training"), headers, rows)


def _requests(facts: Facts) -> NotePart:
    headers = (
        _("Direction"),
        _("Form of help"),
        _("Questions asked"),
        _("Answered"),
        _("Usual time to the first answer"),
    )
    rows = []
    for (direction, form), same in groupby(facts.requests, key=lambda one: (one.direction, one.form)):
        asked = list(same)
        waited = [one.waited for one in asked if one.waited is not None]
        rows.append((direction, form, str(len(asked)), str(len(waited)), _usual(waited)))
    return _part(_("Help requests"), headers, rows)


def _amendments(facts: Facts) -> NotePart:
    rows = [(one.words, one.grounds) for one in facts.amendments]
    return _part(_("Changes of the order"), (_("Amending order"), _("Grounds")), rows)


def _part(heading: str, headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> NotePart:
    if not rows:
        return NotePart(heading, _("There was nothing by this day."))
    return NotePart(heading, table=NoteTable(headers, tuple(rows)))


def _by_stage(tasks: Iterable[TaskFact]) -> Iterable[tuple[str, list[TaskFact]]]:
    return [(stage, list(same)) for stage, same in groupby(tasks, key=lambda task: task.stage)]


def _result_on(task: TaskFact) -> date:
    return task.reported_on or task.completed_on


def _usual(waited: Sequence[timedelta]) -> str:
    """The median: half of the answers came sooner. "" of nothing."""
    if not waited:
        return ""
    minutes = max(1, round(median(waited) / timedelta(minutes=1)))
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)d h") % {"count": round(minutes / 60)}
    return _("%(count)d d") % {"count": round(minutes / 60 / 24)}


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
