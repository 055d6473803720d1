"""The life of a task. Every act writes a dated note, a journal entry and tells whom it concerns."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.people.models import Membership

from ..models import Task, TaskNote
from .acting import (
    Act,
    change,
    day_at,
    executors_of,
    is_own_report,
    named,
    report_mark,
    require,
    reviewers,
    settle_task,
    tell,
    written,
)


@transaction.atomic
def write_note(task: Task, *, by: Membership, at: datetime, text: str) -> TaskNote:
    """Add a dated note, in any state of the task.

    Raises PermissionDenied if `by` neither keeps the plan's notes nor is an executor;
    ValidationError "order_not_in_force", "text_required".
    """
    require(Act.NOTED, task, by, at)
    text = written(text, _("Write the text of the note."), "text_required")
    note = _note(task, Act.NOTED, by, at, text)
    tell((), by, note)
    record("plans.noted", task, by=by, changes=[(_("note"), "", text)])
    return note


@transaction.atomic
def start_task(task: Task, *, by: Membership, at: datetime, text: str = "") -> None:
    """Say that work on a task has begun.

    Raises PermissionDenied if `by` is not an executor on that day nor administration;
    ValidationError "order_not_in_force", "already_started" (also for tasks reported, done or cancelled).
    """
    require(Act.STARTED, task, by, at)
    waiting_to_start = Task.objects.open().filter(started_on=None, reported_at=None)
    before = task.state
    change(
        task,
        waiting_to_start,
        ValidationError(_("Work on this task has already begun."), code="already_started"),
        started_on=day_at(at, by),
    )
    tell((), by, _note(task, Act.STARTED, by, at, text.strip()))
    record("plans.started", task, by=by, changes=[_states(before, task)])


@transaction.atomic
def report_task(task: Task, *, by: Membership, at: datetime, result: str, waits_for_review: bool = True) -> None:
    """Report what was achieved; the working group is asked to accept it or return it, if it `waits_for_review`.

    Raises PermissionDenied if `by` is not an executor on that day nor administration;
    ValidationError "order_not_in_force", "result_required", "already_reported" if another executor was faster
    or the task is done or cancelled: the first result stays.
    """
    require(Act.REPORTED, task, by, at)
    result = written(result, _("Write what was achieved."), "result_required")
    before, old_result = task.state, task.result
    day = day_at(at, by)
    change(
        task,
        Task.objects.open().filter(reported_at=None),
        ValidationError(
            _("Somebody has already reported on this task. Your text is kept below: add it as a note if needed."),
            code="already_reported",
        ),
        reported_at=at,
        reported_by=by,
        result=result,
        started_on=task.started_on or day,
    )
    note = _note(task, Act.REPORTED, by, at, result)
    record("plans.reported", task, by=by, changes=[_states(before, task), (_("result"), old_result, result)])
    words = _("Task %(task)s: %(person)s reports a result. Please accept it or return it.")
    asked = reviewers(by, day) if waits_for_review else ()
    settle_task(task, Topic.AHEAD, Topic.LATE, at=at)
    tell(asked, by, note, words % {"task": named(task), "person": by.name}, Topic.REVIEW)


@transaction.atomic
def accept_result(task: Task, *, by: Membership, at: datetime, text: str = "", seen: str = "") -> None:
    """Accept the reported result: the task is done. `seen` is `report_mark` of the report that was read.

    Raises PermissionDenied if `by` may not review; ValidationError "order_not_in_force", "not_waiting" if there is
    no report to accept (or another one than was read), "own_report" for one's own report
    unless `by` is administration.
    """
    require(Act.ACCEPTED, task, by, at)
    _require_seen(task, seen)
    if is_own_report(task, by, on=day_at(at, by)):
        raise ValidationError(
            _("Your own report is accepted by another member of the working group or by the administration."),
            code="own_report",
        )
    before, reporter = task.state, task.reported_by
    change(
        task,
        Task.objects.waiting_for_review().filter(reported_at=task.reported_at, reported_by=task.reported_by_id),
        _not_waiting(),
        completed_on=day_at(at, by),
    )
    settle_task(task, Topic.REVIEW, at=at)
    note = _note(task, Act.ACCEPTED, by, at, text.strip())
    record("plans.accepted", task, by=by, changes=[_states(before, task)])
    tell([reporter] if reporter else [], by, note, _("Task %(task)s: your result is accepted.") % {"task": named(task)})


@transaction.atomic
def finish_task(task: Task, *, by: Membership, at: datetime, result: str = "", seen: str = "") -> None:
    """Say at once that a task is done: report the `result` and accept it; a report that waits is only accepted.

    `seen` is `report_mark` of what was read ("" where there was no report). Raises "already_finished", else as
    `report_task` and `accept_result` do; then nothing is changed.
    """
    if not task.is_open:
        raise ValidationError(_("This task is already done or cancelled."), code="already_finished")
    if not seen:
        report_task(task, by=by, at=at, result=result, waits_for_review=False)
    accept_result(task, by=by, at=at, seen=seen)


@transaction.atomic
def return_result(task: Task, *, by: Membership, at: datetime, reason: str, seen: str = "") -> None:
    """Return the reported result for more work; the words of the result stay for the next report.

    Raises PermissionDenied if `by` may not review; ValidationError "order_not_in_force", "reason_required",
    "not_waiting" if there is no report (or another one than was `seen`, see `accept_result`).
    """
    require(Act.RETURNED, task, by, at)
    _require_seen(task, seen)
    reason = written(reason, _("Write why the result is returned."), "reason_required")
    before, reporter = task.state, task.reported_by
    change(
        task,
        Task.objects.waiting_for_review().filter(reported_at=task.reported_at),
        _not_waiting(),
        reported_at=None,
        reported_by=None,
    )
    settle_task(task, Topic.REVIEW, at=at)
    note = _note(task, Act.RETURNED, by, at, reason)
    record("plans.returned", task, by=by, changes=[_states(before, task), (_("reason"), "", reason)])
    words = _("Task %(task)s: your result is returned. %(reason)s") % {"task": named(task), "reason": reason}
    tell([reporter] if reporter else [], by, note, words)


@transaction.atomic
def reopen_task(task: Task, *, by: Membership, at: datetime, text: str = "") -> None:
    """Take back "done" or "cancelled": the task is in progress again, its result stays to be amended.

    Raises PermissionDenied if `by` may not review (for a cancelled task: is not administration);
    ValidationError "order_not_in_force", "not_finished".
    """
    require(Act.REOPENED, task, by, at)
    before, finished = task.state, task.completed_on or task.cancelled_on
    day = day_at(at, by)
    change(
        task,
        Task.objects.finished().filter(completed_on=task.completed_on, cancelled_on=task.cancelled_on),
        ValidationError(_("This task is open already."), code="not_finished"),
        completed_on=None,
        cancelled_on=None,
        cancelled_because="",
        reported_at=None,
        reported_by=None,
        started_on=task.started_on or day,
    )
    note = _note(task, Act.REOPENED, by, at, text.strip())
    record("plans.reopened", task, by=by, changes=[_states(before, task), (_("finished on"), finished, "")])
    tell(executors_of(task, by, day), by, note, _("Task %(task)s is open again.") % {"task": named(task)})


@transaction.atomic
def cancel_task(task: Task, *, by: Membership, at: datetime, grounds: str) -> None:
    """Take a task out of the plan on `grounds` (number and date of an order); it stays in the list.

    Raises PermissionDenied if `by` is not administration; ValidationError "order_not_in_force", "grounds_required",
    "already_finished" if the task is done or cancelled.
    """
    require(Act.CANCELLED, task, by, at)
    grounds = written(grounds, _("Write the grounds, e.g. the number and date of an order."), "grounds_required")
    before = task.state
    day = day_at(at, by)
    change(
        task,
        Task.objects.open(),
        ValidationError(_("This task is already done or cancelled."), code="already_finished"),
        cancelled_on=day,
        cancelled_because=grounds,
    )
    settle_task(task, Topic.AHEAD, Topic.LATE, Topic.REVIEW, at=at)
    note = _note(task, Act.CANCELLED, by, at, grounds)
    record("plans.cancelled", task, by=by, changes=[_states(before, task), (_("grounds"), "", grounds)])
    words = _("Task %(task)s is cancelled: %(grounds)s") % {"task": named(task), "grounds": grounds}
    tell(executors_of(task, by, day), by, note, words)


def _require_seen(task: Task, seen: str) -> None:
    """A report is accepted by those who have read it, not one that took its place meanwhile."""
    if seen and seen != report_mark(task):
        raise _not_waiting()


def _not_waiting() -> ValidationError:
    return ValidationError(
        _("This report has already been dealt with, or it has changed. Look at the notes below."), code="not_waiting"
    )


def _note(task: Task, act: Act, by: Membership, at: datetime, text: str) -> TaskNote:
    return TaskNote.objects.create(task=task, act=act, author=by, written_at=at, text=text)


def _states(before: Task.State, task: Task) -> tuple[str, str, str]:
    return _("state"), before.label, task.state.label
