"""Meetings of the working group: open, write the minutes, decide, close.

The working group and the administration hold meetings. While the minutes are open everything in them may be put right;
when they are closed, each decision becomes what it says: a note of its task, or a new task of the plan. A new task
changes the plan, so minutes with one are closed by the administration.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability, Role

from ..models import Decision, Meeting, Plan, Stage, Task, TaskNote
from .acting import Act, day_at, executors_of, named, tell, written
from .words import read_into, set_executors


def open_meeting(plan: Plan, *, by: Membership, at: datetime, agenda: str = "") -> tuple[Meeting, bool]:
    """Begin a meeting today, or come into the one that is open: two who press at once sit at one table.

    The meeting, and whether it has just begun. Present are today's working group. Raises PermissionDenied;
    ValidationError "order_not_in_force".
    """
    _require(plan, by, at)
    day = day_at(at, by)
    group = Membership.objects.visible_to(by).holding(Role.WORKING_GROUP, on=day).select_related("user")
    present = "\n".join(", ".join(filter(None, [one.full_name, one.post])) for one in group)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                plan=plan,
                number=Meeting.objects.of(plan).next_number(),
                held_on=day,
                chair=by,
                present=present,
                agenda=agenda,
            )
            record("plans.meeting_opened", meeting, by=by)
    except IntegrityError:
        return Meeting.objects.of(plan).open().get(), False
    return meeting, True


@transaction.atomic
def write_minutes(meeting: Meeting, *, by: Membership, at: datetime, seen: int, **values: Any) -> None:
    """Change date, people, agenda or what was heard; `seen` is the edition that the page showed.

    Raises PermissionDenied; ValidationError "minutes_closed", "changed_meanwhile": nothing is overwritten.
    """
    _require(meeting.plan, by, at)
    _require_open(meeting)
    fitting = Meeting.objects.open().filter(pk=meeting.pk, edition=seen)
    if not fitting.update(**values, edition=F("edition") + 1):
        raise ValidationError(
            _("Somebody has changed these minutes meanwhile. Your words are kept below: compare and save again."),
            code="changed_meanwhile",
        )
    changes = [
        (str(Meeting._meta.get_field(name).verbose_name), getattr(meeting, name), new) for name, new in values.items()
    ]
    record("plans.minutes_written", meeting, by=by, changes=[one for one in changes if one[1] != one[2]])


@transaction.atomic
def decide(
    meeting: Meeting,
    *,
    by: Membership,
    at: datetime,
    words: str,
    executors: str = "",
    due_on: date | None = None,
    task: Task | None = None,
    stage: Stage | None = None,
) -> Decision:
    """Put a point into the open minutes: about a `task`, a new task in a `stage`, or neither.

    Raises PermissionDenied; ValidationError "minutes_closed", "text_required", "task_or_stage", "term_passed": a
    term before the day of the meeting.
    """
    _require(meeting.plan, by, at)
    _require_open(meeting)
    words = written(words, _("Write what was decided."), "text_required")
    if task and stage:
        raise ValidationError(
            _("A decision is about a task of the plan or makes a new one: choose one of the two."), code="task_or_stage"
        )
    if due_on and due_on < meeting.held_on:
        raise ValidationError(
            _("This day is before the meeting: choose a day that is still to come."), code="term_passed"
        )
    decision = Decision.objects.create(
        meeting=meeting, words=words, executors=executors.strip(), due_on=due_on, task=task, stage=stage
    )
    record("plans.decided", meeting, by=by, changes=[(_("decision"), "", words)])
    return decision


@transaction.atomic
def withdraw_decision(decision: Decision, *, by: Membership, at: datetime) -> None:
    _require(decision.meeting.plan, by, at)
    _require_open(decision.meeting)
    record("plans.decided", decision.meeting, by=by, changes=[(_("decision"), decision.words, "")])
    decision.delete()


@transaction.atomic
def close_minutes(meeting: Meeting, *, by: Membership, at: datetime) -> None:
    """The meeting is over: its decisions become notes and tasks, and the minutes stay as they are.

    Raises PermissionDenied; ValidationError "minutes_closed" also if somebody has just closed them,
    "administration_closes" if there is a new task and `by` may not change the plan.
    """
    _require(meeting.plan, by, at)
    decisions = list(Decision.objects.of(meeting))
    if any(one.stage for one in decisions) and not by.may(Ability.EDIT_ORDER, on=day_at(at, by)):
        raise ValidationError(
            _("There is a new task among the decisions: these minutes are closed by the administration."),
            code="administration_closes",
        )
    if not Meeting.objects.open().filter(pk=meeting.pk).update(closed_at=at, edition=F("edition") + 1):
        raise _closed()
    for point, decision in enumerate(decisions, start=1):
        if decision.stage:
            decision.task = _new_task(decision)
            decision.save(update_fields=["task"])
        if decision.task:
            _note_decision(decision, point, by=by, at=at)
    record("plans.minutes_closed", meeting, by=by)


def _new_task(decision: Decision) -> Task:
    """At the end of its stage, under the next number, with the words of the decision."""
    stage = decision.stage
    siblings = Task.objects.filter(stage=stage)
    last = siblings.aggregate(last=Max("position"))["last"] or 0
    task = Task(
        stage=stage,
        position=last + 1,
        printed_number=_next_number(stage, siblings),
        question=decision.words,
        term=f"до {decision.due_on:%d.%m.%Y}" if decision.due_on else "",  # words of the paper, never translated
    )
    read_into(task, stage.plan.order.school_year)
    task.save()
    set_executors(task, decision.executors)
    return task


def _next_number(stage: Stage, siblings: Any) -> str:
    """«2.5.» after «2.4.»; none where the paper prints none or numbers in another way."""
    own = [task.number.rpartition(".") for task in siblings]
    places = [int(place) for head, _dot, place in own if head == stage.number and place.isdigit()]
    return f"{stage.number}.{max(places) + 1}." if stage.number and places else ""


def _note_decision(decision: Decision, point: int, *, by: Membership, at: datetime) -> None:
    task, meeting = decision.task, decision.meeting
    told = {"minutes": meeting, "point": point, "words": decision.words}
    text = _("%(minutes)s, point %(point)d: %(words)s") % told
    for words, value in (
        (_("Executor"), decision.executors),
        (_("Term"), f"{decision.due_on:%d.%m.%Y}" if decision.due_on else ""),
    ):
        text += f"\n{words}: {value}" if value else ""
    note = TaskNote.objects.create(task=task, act=Act.NOTED, author=by, written_at=at, text=text)
    record("plans.noted", task, by=by, changes=[(_("note"), "", text)])
    said = _("Task %(task)s: decided at the meeting. %(words)s") % {"task": named(task), "words": decision.words}
    tell(executors_of(task, by, day_at(at, by)), by, note, said)


def _require(plan: Plan, by: Membership, at: datetime) -> None:
    if plan.order.school_id != by.school_id or not by.may(Ability.REVIEW_TASKS, on=day_at(at, by)):
        raise PermissionDenied
    if plan.order.state != Order.State.IN_FORCE:
        raise ValidationError(
            _("The order of this plan is not in force: meetings are held on the plan in force."),
            code="order_not_in_force",
        )


def _require_open(meeting: Meeting) -> None:
    if meeting.closed_at:
        raise _closed()


def _closed() -> ValidationError:
    return ValidationError(
        _("These minutes are closed and are not changed any more. Put it into the minutes of the next meeting."),
        code="minutes_closed",
    )
