"""What every act on a task has in common: who may, what is refused, who is told.

Who may do what (Annex 1, column 5; our decision where the order is silent):
- an executor (a holder of a role of column 5 on that day) starts and reports; the administration may stand in;
- a member of the working group or the administration accepts a report or returns it with a reason;
- nobody accepts their own report, except the administration: in a small school there may be nobody else;
- the administration cancels a task on grounds (another order) and reopens a cancelled one;
- whoever may write notes on a task also keeps its evidence and its steps.

Only tasks of the order in force change; drafts are edited in the admin, closed years are read.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify, settle
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability, Role, abilities

from ..models import Task, TaskNote, TaskQuerySet, Watch

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


def day_at(at: datetime, by: Membership) -> date:
    """The day of the school on which the moment falls."""
    return timezone.localtime(at, by.school.zone).date()


def require(act: Act, task: Task, by: Membership, at: datetime) -> None:
    if not is_allowed(act, task, by, on=day_at(at, by)):
        raise PermissionDenied
    if task.stage.plan.order.state != Order.State.IN_FORCE:
        raise ValidationError(
            _("The order of this task is not in force: its tasks are only read."), code="order_not_in_force"
        )


def written(text: str, refusal: str, code: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError(refusal, code=code)
    return text


def change(task: Task, among: TaskQuerySet, refusal: ValidationError, **facts: object) -> None:
    """Change the facts if the row in the database is still `among` those that allow it.

    Two people may press at once: the condition in the UPDATE lets one of them win, on SQLite as on
    PostgreSQL, without holding a lock.
    """
    if not among.filter(pk=task.pk).update(**facts):
        raise refusal
    for name, fact in facts.items():
        setattr(task, name, fact)


def named(task: Task) -> str:
    """A task as a message names it: number and the beginning of its question."""
    question = Truncator(" ".join(task.question.split())).chars(80)
    return f"{task.number} «{question}»".strip()


def reviewers(by: Membership, day: date) -> Iterable[Membership]:
    staff = Membership.objects.visible_to(by).select_related("user")
    return staff.holding(Role.WORKING_GROUP, Role.ADMINISTRATION, on=day)


def executors_of(task: Task, by: Membership, day: date) -> Iterable[Membership]:
    """Who holds a role of column 5 that day; «all teachers» are not told one by one (our decision)."""
    return Membership.objects.visible_to(by).select_related("user").holding(*task.told_roles, on=day)


def tell_watchers(task: Task, by: Membership, *, key: str, words: str) -> None:
    """Tell whoever watches the task or its stage and still works here; `key` as `notify` takes it."""
    watching = Membership.objects.working(on=day_at(timezone.now(), by)).select_related("user")
    watchers = watching.filter(pk__in=Watch.objects.on(task).values("member")).exclude(pk=by.pk)
    notify(watchers, key=key, words=words, address=task.get_absolute_url(), topic=Topic.PLAN, about=task)


def settle_task(task: Task, *topics: Topic, at: datetime) -> None:
    """Messages that asked for something about the task itself, not about its rounds, ask no more."""
    settle(task, *topics, address=task.get_absolute_url(), at=at)


def tell(
    people: Iterable[Membership], by: Membership, note: TaskNote, words: str = "", topic: Topic = Topic.PLAN
) -> None:
    """Tell `people` of an act in `words`, and who watches that it was done; `by` knows already."""
    key, address = f"plans.note:{note.pk}", note.task.get_absolute_url()
    others = [person for person in people if person.pk != by.pk]
    notify(others, key=key, words=words, address=address, topic=topic, about=note.task)
    done = _("Task %(task)s: %(act)s (%(person)s). %(text)s")
    told = {"task": named(note.task), "act": note.get_act_display(), "person": by.name, "text": note.text}
    tell_watchers(note.task, by, key=key, words=(done % told).strip())
