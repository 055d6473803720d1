"""What people do with the tasks of the plan. Every act writes a dated note, a journal entry and tells whom it concerns.

Who may do what (Annex 1, column 5; our decision where the order is silent):
- an executor (a holder of a role of column 5 on that day) starts and reports; the administration may stand in;
- a member of the working group or the administration accepts a report or returns it with a reason;
- nobody accepts their own report, except the administration: in a small school there may be nobody else;
- the administration cancels a task on grounds (another order) and reopens a cancelled one.

Only tasks of the order in force change; drafts are edited in the admin, closed years are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.parties import read_parties
from ejournal_rollout.people.roles import Ability, Role, abilities

from .models import Task, TaskExecutor, TaskNote, TaskQuerySet
from .terms import Kind, Precision, Term, read_term

Act = TaskNote.Act

# The states of a task in which an act makes sense; a note may be written in any.
_STATES: dict[Act, frozenset[Task.State]] = {
    Act.NOTED: frozenset(Task.State),
    Act.STARTED: frozenset({Task.State.NOT_STARTED}),
    Act.REPORTED: frozenset({Task.State.NOT_STARTED, Task.State.IN_PROGRESS}),
    Act.ACCEPTED: frozenset({Task.State.WAITING}),
    Act.RETURNED: frozenset({Task.State.WAITING}),
    Act.REOPENED: frozenset({Task.State.DONE, Task.State.CANCELLED}),
    Act.CANCELLED: frozenset({Task.State.NOT_STARTED, Task.State.IN_PROGRESS, Task.State.WAITING}),
}


def is_allowed(act: Act, task: Task, by: Membership, *, on: date) -> bool:
    """Do the roles that `by` holds on the day permit the act? Says nothing about the state of the task."""
    if task.stage.plan.order.school_id != by.school_id:
        return False
    roles = by.roles_on(on)
    may = abilities(roles)
    match act:
        case Act.NOTED:
            return Ability.NOTE_TASKS in may or task.is_entrusted_to(roles)
        case Act.STARTED | Act.REPORTED:
            return Role.ADMINISTRATION in roles or task.is_entrusted_to(roles)
        case Act.ACCEPTED | Act.RETURNED:
            return Ability.REVIEW_TASKS in may
        case Act.REOPENED:
            return Ability.EDIT_ORDER in may if task.cancelled_on else Ability.REVIEW_TASKS in may
        case Act.CANCELLED:
            return Ability.EDIT_ORDER in may
    return False


def is_own_report(task: Task, by: Membership, *, on: date) -> bool:
    """A report that `by` wrote and therefore may not accept."""
    return task.reported_by_id == by.pk and Role.ADMINISTRATION not in by.roles_on(on)


def report_mark(task: Task) -> str:
    """What tells one report on a task from another: the forms of review carry it."""
    return task.reported_at.isoformat() if task.reported_at else ""


def open_acts(task: Task, by: Membership, *, on: date) -> frozenset[Act]:
    """What `by` can do with the task now: the forms of its page. Reads stage, plan, order and executors."""
    if task.stage.plan.order.state != Order.State.IN_FORCE:
        return frozenset()
    acts = {act for act in _STATES if task.state in _STATES[act] and is_allowed(act, task, by, on=on)}
    if is_own_report(task, by, on=on):
        acts.discard(Act.ACCEPTED)
    return frozenset(acts)


@transaction.atomic
def write_note(task: Task, *, by: Membership, at: datetime, text: str) -> TaskNote:
    """Add a dated note, in any state of the task.

    Raises PermissionDenied if `by` neither keeps the plan's notes nor is an executor;
    ValidationError "order_not_in_force", "text_required".
    """
    _require(Act.NOTED, task, by, at)
    text = _written(text, _("Write the text of the note."), "text_required")
    note = _note(task, Act.NOTED, by, at, text)
    record("plans.noted", task, by=by, changes=[(_("note"), "", text)])
    return note


@transaction.atomic
def start_task(task: Task, *, by: Membership, at: datetime, text: str = "") -> None:
    """Say that work on a task has begun.

    Raises PermissionDenied if `by` is not an executor on that day nor administration;
    ValidationError "order_not_in_force", "already_started" (also for tasks reported, done or cancelled).
    """
    _require(Act.STARTED, task, by, at)
    waiting_to_start = Task.objects.open().filter(started_on=None, reported_at=None)
    before = task.state
    _change(
        task,
        waiting_to_start,
        ValidationError(_("Work on this task has already begun."), code="already_started"),
        started_on=_day(at, by),
    )
    _note(task, Act.STARTED, by, at, text.strip())
    record("plans.started", task, by=by, changes=[_states(before, task)])


@transaction.atomic
def report_task(task: Task, *, by: Membership, at: datetime, result: str) -> None:
    """Report what was achieved; the working group will accept it or return it.

    Raises PermissionDenied if `by` is not an executor on that day nor administration;
    ValidationError "order_not_in_force", "result_required", "already_reported" if another executor was faster
    or the task is done or cancelled: the first result stays.
    """
    _require(Act.REPORTED, task, by, at)
    result = _written(result, _("Write what was achieved."), "result_required")
    before, old_result = task.state, task.result
    day = _day(at, by)
    _change(
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
    _tell(_reviewers(by, day), by, note, words % {"task": _named(task), "person": by.name})


@transaction.atomic
def accept_result(task: Task, *, by: Membership, at: datetime, text: str = "", seen: str = "") -> None:
    """Accept the reported result: the task is done. `seen` is `report_mark` of the report that was read.

    Raises PermissionDenied if `by` may not review; ValidationError "order_not_in_force", "not_waiting" if there is
    no report to accept (or another one than was read), "own_report" for one's own report
    unless `by` is administration.
    """
    _require(Act.ACCEPTED, task, by, at)
    _require_seen(task, seen)
    if is_own_report(task, by, on=_day(at, by)):
        raise ValidationError(
            _("Your own report is accepted by another member of the working group or by the administration."),
            code="own_report",
        )
    before, reporter = task.state, task.reported_by
    _change(
        task,
        Task.objects.waiting_for_review().filter(reported_at=task.reported_at, reported_by=task.reported_by_id),
        _not_waiting(),
        completed_on=_day(at, by),
    )
    note = _note(task, Act.ACCEPTED, by, at, text.strip())
    record("plans.accepted", task, by=by, changes=[_states(before, task)])
    _tell(_one(reporter), by, note, _("Task %(task)s: your result is accepted.") % {"task": _named(task)})


@transaction.atomic
def return_result(task: Task, *, by: Membership, at: datetime, reason: str, seen: str = "") -> None:
    """Return the reported result for more work; the words of the result stay for the next report.

    Raises PermissionDenied if `by` may not review; ValidationError "order_not_in_force", "reason_required",
    "not_waiting" if there is no report (or another one than was `seen`, see `accept_result`).
    """
    _require(Act.RETURNED, task, by, at)
    _require_seen(task, seen)
    reason = _written(reason, _("Write why the result is returned."), "reason_required")
    before, reporter = task.state, task.reported_by
    _change(
        task,
        Task.objects.waiting_for_review().filter(reported_at=task.reported_at),
        _not_waiting(),
        reported_at=None,
        reported_by=None,
    )
    note = _note(task, Act.RETURNED, by, at, reason)
    record("plans.returned", task, by=by, changes=[_states(before, task), (_("reason"), "", reason)])
    words = _("Task %(task)s: your result is returned. %(reason)s") % {"task": _named(task), "reason": reason}
    _tell(_one(reporter), by, note, words)


@transaction.atomic
def reopen_task(task: Task, *, by: Membership, at: datetime, text: str = "") -> None:
    """Take back "done" or "cancelled": the task is in progress again, its result stays to be amended.

    Raises PermissionDenied if `by` may not review (for a cancelled task: is not administration);
    ValidationError "order_not_in_force", "not_finished".
    """
    _require(Act.REOPENED, task, by, at)
    before, finished = task.state, task.completed_on or task.cancelled_on
    day = _day(at, by)
    _change(
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
    _tell(_executors(task, by, day), by, note, _("Task %(task)s is open again.") % {"task": _named(task)})


@transaction.atomic
def cancel_task(task: Task, *, by: Membership, at: datetime, grounds: str) -> None:
    """Take a task out of the plan on `grounds` (number and date of an order); it stays in the list.

    Raises PermissionDenied if `by` is not administration; ValidationError "order_not_in_force", "grounds_required",
    "already_finished" if the task is done or cancelled.
    """
    _require(Act.CANCELLED, task, by, at)
    grounds = _written(grounds, _("Write the grounds, e.g. the number and date of an order."), "grounds_required")
    before = task.state
    day = _day(at, by)
    _change(
        task,
        Task.objects.open(),
        ValidationError(_("This task is already done or cancelled."), code="already_finished"),
        cancelled_on=day,
        cancelled_because=grounds,
    )
    note = _note(task, Act.CANCELLED, by, at, grounds)
    record("plans.cancelled", task, by=by, changes=[_states(before, task), (_("grounds"), "", grounds)])
    words = _("Task %(task)s is cancelled: %(grounds)s") % {"task": _named(task), "grounds": grounds}
    _tell(_executors(task, by, day), by, note, words)


def read_into(task: Task, school_year: SchoolYear | None) -> Term:
    """Read the words of the term into the task's kind, precision and days; nothing is saved.

    Words that are not understood give no days: look at `doubt` of the answer.
    """
    term = read_term(task.term, school_year)
    task.term_kind = term.kind.value
    task.term_precision = term.precision.value
    task.by_separate_schedule = term.by_schedule
    task.starts_on, task.due_on = term.starts_on, term.due_on
    return term


def set_executors(task: Task, printed: str) -> None:
    """Write the words of column 5 and read the roles from them; roles set by hand before are replaced.

    Words that name no known role stay as an executor without a role (a person settles it in the admin).
    """
    with transaction.atomic():
        task.executors_printed = printed
        task.save(update_fields=["executors_printed"])
        read_executors_into([task])


@transaction.atomic
def read_executors_into(tasks: Sequence[Task]) -> None:
    """As `set_executors`, of tasks saved with their words; costs the same for one task and for three hundred."""
    TaskExecutor.objects.filter(task__in=tasks).delete()
    TaskExecutor.objects.bulk_create(
        TaskExecutor(task=task, position=place, words=party.words[:300], role=party.role or "")
        for task in tasks
        for place, party in enumerate(read_parties(task.executors_printed), start=1)
    )


@transaction.atomic
def choose_executors(task: Task, chosen: Mapping[str, str]) -> bool:
    """Write the roles that a person chose for printed words ("role:teacher"). Was anything changed?"""
    is_changed = False
    for line in task.executors.all():
        kind, _colon, role = chosen.get(fold(line.words), "").partition(":")
        if kind == "role" and line.role != role:
            line.role = role
            line.save(update_fields=["role"])
            is_changed = True
    return is_changed


def take_days(task: Task, starts_on: date | None, due_on: date | None) -> None:
    """The days that a person says the term means (both inside, either may be None); nothing is saved."""
    task.starts_on, task.due_on = starts_on, due_on
    task.term_precision = Precision.DAY if starts_on or due_on else Precision.NONE
    if task.term_kind == Kind.UNPARSABLE and (starts_on or due_on):
        whole = Kind.DAY if starts_on == due_on else Kind.RANGE
        task.term_kind = whole if starts_on else Kind.UNTIL


def _day(at: datetime, by: Membership) -> date:
    """The day of the school on which the moment falls."""
    return timezone.localtime(at, by.school.zone).date()


def _require(act: Act, task: Task, by: Membership, at: datetime) -> None:
    if not is_allowed(act, task, by, on=_day(at, by)):
        raise PermissionDenied
    if task.stage.plan.order.state != Order.State.IN_FORCE:
        raise ValidationError(
            _("The order of this task is not in force: its tasks are only read."), code="order_not_in_force"
        )


def _written(text: str, refusal: str, code: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError(refusal, code=code)
    return text


def _require_seen(task: Task, seen: str) -> None:
    """A report is accepted by those who have read it, not one that took its place meanwhile."""
    if seen and seen != report_mark(task):
        raise _not_waiting()


def _not_waiting() -> ValidationError:
    return ValidationError(
        _("This report has already been dealt with, or it has changed. Look at the notes below."), code="not_waiting"
    )


def _change(task: Task, among: TaskQuerySet, refusal: ValidationError, **facts: object) -> None:
    """Change the facts if the row in the database is still `among` those that allow it.

    Two people may press at once: the condition in the UPDATE lets one of them win, on SQLite as on
    PostgreSQL, without holding a lock.
    """
    if not among.filter(pk=task.pk).update(**facts):
        raise refusal
    for name, fact in facts.items():
        setattr(task, name, fact)


def _note(task: Task, act: Act, by: Membership, at: datetime, text: str) -> TaskNote:
    return TaskNote.objects.create(task=task, act=act, author=by, written_at=at, text=text)


def _states(before: Task.State, task: Task) -> tuple[str, str, str]:
    return _("state"), before.label, task.state.label


def _named(task: Task) -> str:
    question = Truncator(" ".join(task.question.split())).chars(80)
    return f"{task.number} «{question}»".strip()


def _reviewers(by: Membership, day: date) -> Iterable[Membership]:
    staff = Membership.objects.visible_to(by).select_related("user")
    return staff.holding(Role.WORKING_GROUP, Role.ADMINISTRATION, on=day)


def _executors(task: Task, by: Membership, day: date) -> Iterable[Membership]:
    """Who holds a role of column 5 that day; «all teachers» are not told one by one (our decision)."""
    roles = {executor.role for executor in task.executors.all()} - {"", Role.TEACHER}
    return Membership.objects.visible_to(by).select_related("user").holding(*roles, on=day)


def _one(person: Membership | None) -> list[Membership]:
    return [person] if person else []


def _tell(people: Iterable[Membership], by: Membership, note: TaskNote, words: str) -> None:
    others = [person for person in people if person.pk != by.pk]
    notify(others, key=f"plans.note:{note.pk}", words=words, address=note.task.get_absolute_url())
