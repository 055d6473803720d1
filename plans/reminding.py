"""Reminding a school of its terms: `plans.reminders` says when, this file says to whom and in which words.

Who is told (the order names no such rules, our decision):
- executors: who holds a role of column 5 that day; where nobody does, or only «all teachers», the head of the group;
- the head of the working group, once for a term, unless an executor: those are told weekly already;
- without a head the administration stands in;
- reviewers: the working group but for the author of the report; where nobody is left, the administration.

A person appointed in the middle of a term gets the newest notice the next morning, and no earlier ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import message, write
from ejournal_rollout.people.models import Membership, RoleHolding, School
from ejournal_rollout.people.roles import Ability, Role

from .models import Plan, ReminderRules, Task, TaskNote
from .operations.acting import day_at, executors_of, named, require
from .reminders import Notice, Occasion, Term, standing_notices
from .terms import Precision


@dataclass(frozen=True)
class Matter:
    """What people are reminded of. Other things with a `due_on` (rounds) make theirs as `task_matters` does.

    `key` names it for ever («task-12»); `words` begin every sentence («Task 1.4 “…”»); `roles` and `people` (pks of
    memberships) are its executors; `reported_by` is the pk of who waits for the review.
    """

    key: str
    words: str
    address: str
    about: models.Model
    term: Term
    roles: frozenset[Role]
    people: frozenset[int] = frozenset()
    reported_by: int | None = None
    is_by_month: bool = False


class Staff:
    """The working people of a school on a day, by role. Two queries."""

    def __init__(self, school: School, *, on: date) -> None:
        self.members = list(Membership.objects.filter(school=school).working(on=on).with_people())
        self.roles = {member.pk: member.roles_on(on) for member in self.members}
        self.leaders = {one.membership_id for m in self.members for one in m.holdings.all() if one.leads(on)}

    def executors(self, matter: Matter) -> list[Membership]:
        return [m for m in self.members if m.pk in matter.people or self.roles[m.pk] & matter.roles]

    def heads(self) -> list[Membership]:
        return [m for m in self.members if m.pk in self.leaders] or self._holding(Role.ADMINISTRATION)

    def reviewers(self, author: int | None) -> list[Membership]:
        others = [m for m in self._holding(Role.WORKING_GROUP) if m.pk != author]
        return others or self._holding(Role.ADMINISTRATION)

    def _holding(self, role: Role) -> list[Membership]:
        return [m for m in self.members if role in self.roles[m.pk]]


def heads_of(school: School, *, on: date) -> list[Membership]:
    """Who is told as the head of the working group that day; empty where nobody is appointed (see `Staff.heads`)."""
    staff = Membership.objects.filter(school=school).working(on=on).select_related("user")
    return list(staff.filter(pk__in=RoleHolding.objects.on(on).heads().values("membership")))


def rules_of(school: School) -> ReminderRules:
    """The school's own, or the usual ones as a row that is not saved yet."""
    return ReminderRules.objects.filter(school=school).first() or ReminderRules(school=school)


@transaction.atomic
def set_rules(school: School, *, by: Membership, **changed: object) -> None:
    """Change how the school is reminded; `changed` are cleaned values of the fields of `ReminderRules`.

    PermissionDenied unless `by` belongs to the administration of the school.
    """
    if by.school_id != school.pk or not by.may(Ability.EDIT_ORDER, on=localdate(timezone=school.zone)):
        raise PermissionDenied
    rules, _is_new = ReminderRules.objects.get_or_create(school=school)
    before = {name: getattr(rules, name) for name in changed}
    for name, value in changed.items():
        setattr(rules, name, value)
    rules.save(update_fields=list(changed))
    changes = [
        (str(ReminderRules._meta.get_field(name).verbose_name), before[name], value)
        for name, value in changed.items()
        if before[name] != value
    ]
    if changes:
        record("plans.reminders_set", rules, by=by, school_id=school.pk, changes=changes)


def is_due(rules: ReminderRules, *, at: datetime) -> bool:
    """Has the school's morning come, and was nothing done yet on this day of the school?"""
    there = at.astimezone(rules.school.zone)
    return there.hour >= rules.hour and (rules.done_on is None or rules.done_on < there.date())


def begin_day(school: School, *, on: date) -> bool:
    """Take the day for this process; False if another has taken it. Inside the transaction of the day's work:
    the condition in the UPDATE lets one win, and a failure gives the day back."""
    ReminderRules.objects.get_or_create(school=school)
    waiting = ReminderRules.objects.filter(Q(done_on=None) | Q(done_on__lt=on), school=school)
    return bool(waiting.update(done_on=on))


@transaction.atomic
def remind(school: School, *, on: date) -> int:
    """Tell the school what stands on this day; returns how many messages are new. Twice on a day tells nothing twice.

    Only of the order in force. The number of queries does not grow with the number of tasks (but for letters of
    their own, each of which is queued).
    """
    plan = Plan.objects.in_force().filter(order__school=school).first()
    if plan is None:
        return 0
    rules = rules_of(school).rules
    standing = [
        (matter, notice)
        for matter in task_matters(plan, school)
        for notice in standing_notices(matter.term, rules, on=on)
    ]
    return write(_messages(standing, Staff(school, on=on), on)) if standing else 0


@transaction.atomic
def remind_of_task(task: Task, *, by: Membership, at: datetime) -> list[Membership]:
    """Remind the executors of a task now, once on a day of the school; returns who was told.

    Whoever reviews a task may remind of it (our decision); where nobody holds a role of column 5, the head is told.
    Raises PermissionDenied; ValidationError "order_not_in_force", "already_finished", "waits_for_review",
    "nobody_to_remind", "reminded_today".
    """
    require(TaskNote.Act.ACCEPTED, task, by, at)
    day = day_at(at, by)
    if not task.is_open:
        raise ValidationError(_("This task is already done or cancelled."), code="already_finished")
    if task.reported_at:
        raise ValidationError(_("A result has been reported and waits for review."), code="waits_for_review")
    people = [*executors_of(task, by, day)] or heads_of(by.school, on=day)
    others = [person for person in people if person.pk != by.pk]
    if not others:
        raise ValidationError(_("Nobody else is appointed to carry out this task."), code="nobody_to_remind")
    said = {"person": by.name, "task": named(task), "term": " ".join(task.term.split())}
    words = _("%(person)s reminds you of task %(task)s.")
    if task.due_on:
        said["term"] = f"{task.due_on:%d.%m.%Y}"
        words = _("%(person)s reminds you of task %(task)s. The last day is %(term)s.")
    elif task.term:
        words = _("%(person)s reminds you of task %(task)s. Term: %(term)s.")
    written = write(
        message(
            person,
            key=f"plans.reminded:{task.pk}:{day}",
            words=words % said,
            address=task.get_absolute_url(),
            topic=Topic.LATE if task.is_overdue(on=day) else Topic.AHEAD,
            about=task,
        )
        for person in others
    )
    if not written:
        raise ValidationError(_("The executors have already been reminded today."), code="reminded_today")
    told = ", ".join(person.name for person in others)
    record("plans.reminded", task, by=by, changes=[(_("reminder to"), "", told)])
    return others


def task_matters(plan: Plan, school: School) -> Iterator[Matter]:
    """What to remind of among the tasks of a plan. Two queries."""
    order = plan.order
    for task in Task.objects.of(plan).to_remind_of().in_order().prefetch_related("executors"):
        yield Matter(
            key=f"task-{task.pk}",
            words=_("Task %(task)s") % {"task": named(task)},
            address=task.get_absolute_url(),
            about=task,
            term=Term(
                starts_on=task.starts_on,
                due_on=task.due_on,
                since=order.in_force_since or order.signed_on or date.min,
                reported_on=task.reported_at and localdate(task.reported_at, school.zone),
                is_before_order=task.is_before_the_order,
            ),
            roles=task.told_roles,
            reported_by=task.reported_by_id,
            is_by_month=task.term_precision == Precision.MONTH,
        )


def _messages(standing: Iterable[tuple[Matter, Notice]], staff: Staff, on: date) -> Iterator[Message]:
    for matter, notice in standing:
        term = matter.term
        counted_from = term.reported_on if notice.occasion is Occasion.REVIEW else term.due_on
        for person in _recipients(matter, notice, staff):
            yield message(
                person,
                key=f"plans.reminder:{matter.key}:{counted_from}:{notice.occasion}:{notice.number}",
                words=reminder_words(matter, notice, on=on),
                address=matter.address,
                topic=_topic(matter, notice, on),
                about=matter.about,
            )


def _recipients(matter: Matter, notice: Notice, staff: Staff) -> list[Membership]:
    executors = staff.executors(matter)
    match notice.occasion:
        case Occasion.REVIEW:
            return staff.reviewers(matter.reported_by)
        case Occasion.HEAD:
            return [head for head in staff.heads() if head not in executors] if executors else []
    return executors or staff.heads()


def _topic(matter: Matter, notice: Notice, on: date) -> Topic:
    if notice.occasion is Occasion.REVIEW:
        return Topic.REVIEW
    return Topic.LATE if matter.term.due_on < on else Topic.AHEAD


def reminder_words(matter: Matter, notice: Notice, *, on: date) -> str:
    """The sentence as it is true on the day `on`, which may be later than the day of the notice."""
    term, said = matter.term, {"matter": matter.words}
    if notice.occasion is Occasion.REVIEW:
        days = (on - term.reported_on).days
        words = ngettext(
            "%(matter)s: a result has waited for review for %(count)d day. Please accept it or return it.",
            "%(matter)s: a result has waited for review for %(count)d days. Please accept it or return it.",
            days,
        )
        return words % (said | {"count": days})
    left = (term.due_on - on).days
    said |= {"day": f"{term.due_on:%d.%m.%Y}", "count": abs(left)}
    if notice.occasion is Occasion.ASKED:
        words = _(
            "%(matter)s: the term ended before the order, so it is not overdue. "
            "If the work is done, please report the result."
        )
    elif notice.occasion is Occasion.HEAD:
        words = ngettext(
            "%(matter)s: overdue by %(count)d day (the last day was %(day)s), no result has been reported.",
            "%(matter)s: overdue by %(count)d days (the last day was %(day)s), no result has been reported.",
            abs(left),
        )
    elif left < 0:
        words = ngettext(
            "%(matter)s: the term ended on %(day)s, %(count)d day ago. Report the result or write what hinders.",
            "%(matter)s: the term ended on %(day)s, %(count)d days ago. Report the result or write what hinders.",
            abs(left),
        )
    elif left == 0:
        words = _("%(matter)s: today, %(day)s, is the last day.")
    elif notice.occasion is Occasion.BEGINS and matter.is_by_month:
        said["month"] = f"{date_format(term.starts_on, 'F').lower()} {term.starts_on.year}"
        words = _("%(matter)s: %(month)s has begun, the last day of the term is %(day)s.")
    elif notice.occasion is Occasion.BEGINS:
        said["first"] = f"{term.starts_on:%d.%m.%Y}"
        words = _("%(matter)s: the term has begun (%(first)s), the last day is %(day)s.")
    elif left == 1:
        words = _("%(matter)s: tomorrow, %(day)s, is the last day.")
    else:
        words = ngettext(
            "%(matter)s: %(count)d day is left, the last day is %(day)s.",
            "%(matter)s: %(count)d days are left, the last day is %(day)s.",
            left,
        )
    return words % said
