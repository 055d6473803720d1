"""Evidence, steps and watching. Whoever may write notes on a task keeps its evidence and its steps."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..models import Evidence, Stage, Step, Task, Watch
from .acting import Act, day_at, named, require, tell_watchers, written

MOST_STEPS = 50  # our decision: a longer list is a plan of its own


@transaction.atomic
def attach_evidence(
    task: Task,
    *,
    by: Membership,
    at: datetime,
    file: File,
    kind: Evidence.Kind,
    name: str = "",
    dated_on: date | None = None,
    goes_into_report: bool = False,
) -> Evidence:
    """Attach a file that shows what was done; without a `name` it is called as the file is.

    Raises PermissionDenied as `write_note` does; ValidationError "order_not_in_force" and those of EVIDENCE_LIMITS.
    """
    require(Act.NOTED, task, by, at)
    evidence = Evidence(
        task=task,
        kind=kind,
        file=file,
        name=(name.strip() or file.name)[:200],
        dated_on=dated_on,
        goes_into_report=goes_into_report,
        added_by=by,
        added_at=at,
    )
    evidence.full_clean()
    evidence.save()
    record("plans.evidence_added", task, by=by, changes=[(evidence.get_kind_display(), "", evidence.name)])
    words = _("Task %(task)s: %(person)s has attached “%(name)s”.")
    told = {"task": named(task), "person": by.name, "name": evidence.name}
    tell_watchers(task, by, key=f"plans.evidence:{evidence.pk}", words=words % told)
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: Membership, at: datetime) -> None:
    """Take a file away, for those who attached it and for the administration; the journal keeps its name.

    Raises PermissionDenied; ValidationError "order_not_in_force".
    """
    require(Act.NOTED, evidence.task, by, at)
    if evidence.added_by_id != by.pk and not by.may(Ability.EDIT_ORDER, on=day_at(at, by)):
        raise PermissionDenied
    record("plans.evidence_removed", evidence.task, by=by, changes=[(evidence.get_kind_display(), evidence.name, "")])
    evidence.delete()


@transaction.atomic
def put_into_report(evidence: Evidence, goes: bool, *, by: Membership, at: datetime) -> None:
    """Say whether the file goes into the final report; saying it twice changes nothing."""
    require(Act.NOTED, evidence.task, by, at)
    if Evidence.objects.filter(pk=evidence.pk, goes_into_report=not goes).update(goes_into_report=goes):
        words = {True: _("goes into the final report"), False: _("stays out of the final report")}
        change = (evidence.name, words[not goes], words[goes])
        record("plans.evidence_sorted", evidence.task, by=by, changes=[change])


@transaction.atomic
def add_step(task: Task, *, by: Membership, at: datetime, words: str) -> Step:
    """Put a step at the end of the list. ValidationError "text_required", "too_many_steps"."""
    require(Act.NOTED, task, by, at)
    words = written(words, _("Write what the step is."), "text_required")
    steps = Step.objects.of(task)
    if steps.count() >= MOST_STEPS:
        raise ValidationError(
            _("A task has at most %(most)d steps."), code="too_many_steps", params={"most": MOST_STEPS}
        )
    last = steps.aggregate(last=Max("position"))["last"] or 0
    step = Step.objects.create(task=task, position=last + 1, words=words)
    record("plans.steps_changed", task, by=by, changes=[(_("step"), "", step.words)])
    return step


@transaction.atomic
def mark_step(step: Step, is_done: bool, *, by: Membership, at: datetime) -> bool:
    """Tick a step off, or take the tick back. False if somebody was faster: then nothing changes."""
    require(Act.NOTED, step.task, by, at)
    fitting = Step.objects.filter(pk=step.pk, done_on__isnull=is_done)
    day = day_at(at, by)
    if not fitting.update(done_on=day if is_done else None, done_by=by if is_done else None):
        return False
    states = (_("to do"), _("done"))
    record("plans.steps_changed", step.task, by=by, changes=[(step.words, states[not is_done], states[is_done])])
    return True


@transaction.atomic
def remove_step(step: Step, *, by: Membership, at: datetime) -> None:
    require(Act.NOTED, step.task, by, at)
    record("plans.steps_changed", step.task, by=by, changes=[(_("step"), step.words, "")])
    step.delete()


def watch(subject: Task | Stage, *, by: Membership) -> None:
    """Be told from now on what happens to a task, or to every task of a stage; watching twice is watching once."""
    Watch.objects.get_or_create(member=by, **_of(subject))


def unwatch(subject: Task | Stage, *, by: Membership) -> None:
    Watch.objects.filter(member=by, **_of(subject)).delete()


def _of(subject: Task | Stage) -> dict[str, Task | Stage]:
    return {"task": subject} if isinstance(subject, Task) else {"stage": subject}
