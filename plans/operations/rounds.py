"""Rounds: planned for days, held with a result; what was found in them stands in `findings`.

Who may do what (the order says only «по отдельному графику»; our decision):
- the working group and the administration plan rounds, move, repeat and cancel them;
- who checks (a person, a role, else the executors of the task) writes the result and the findings; so may those above.

Only rounds of the order in force change. Of two people at once one wins: the condition stands in the UPDATE.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify, settle
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.roles import Ability, Role, abilities

from ..models import Indicator, Round, RoundQuerySet, Task
from .acting import day_at, named, reviewers, tell_watchers, written

MOST_DAYS = 60  # our decision: every week of a school year, and some more


@dataclass(frozen=True)
class Check:
    """What is checked, of whom and by whom: the same for all rounds of a series. `indicators` are (words, norm)."""

    checked: str
    classes: str = ""
    subjects: str = ""
    checker: Membership | None = None
    checker_role: str = ""
    checker_words: str = ""
    indicators: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Outcome:
    """What a round came to; `found` is what was measured, by the pk of the indicator."""

    result: str
    period: str = ""
    conclusions: str = ""
    recommendations: str = ""
    found: Mapping[int, str] | None = None


def may_plan(task: Task, by: Membership, *, on: date) -> bool:
    """Plan, move, repeat and cancel rounds of the task. Reads stage, plan and order."""
    order = task.stage.plan.order
    return order.school_id == by.school_id and order.state == Order.State.IN_FORCE and _reviews(by, on)


def may_check(checked: Round, by: Membership, *, on: date) -> bool:
    """Write the result and the findings. Reads task, stage, plan, order and executors."""
    is_in_force = checked.task.stage.plan.order.state == Order.State.IN_FORCE
    return is_in_force and reads_all_findings(checked, by, on=on)


def reads_all_findings(checked: Round, member: Membership, *, on: date) -> bool:
    """See every remark of the round, and so its note: also after the order is closed."""
    is_ours = checked.task.stage.plan.order.school_id == member.school_id
    return is_ours and (_reviews(member, on) or checked.is_checked_by(member, roles=member.roles_on(on)))


def checkers_of(checked: Round, *, on: date) -> MembershipQuerySet:
    """Who checks, as people who work at the school that day."""
    staff = Membership.objects.filter(school=checked.task.stage.plan.order.school_id).select_related("user")
    if checked.checker_id:
        return staff.working(on=on).filter(pk=checked.checker_id)
    if checked.checker_role:
        return staff.holding(Role(checked.checker_role), on=on)
    roles = {executor.role for executor in checked.task.executors.all()} - {"", Role.TEACHER}
    return staff.holding(*roles, on=on)


def outcome_mark(checked: Round) -> str:
    """What tells one result of a round from another: the form of correction carries it."""
    words = (checked.period, checked.result, checked.conclusions, checked.recommendations)
    return sha256("\0".join(words).encode()).hexdigest()[:16]


@transaction.atomic
def plan_rounds(
    task: Task, check: Check, *, days: Sequence[date], by: Membership, at: datetime, repeats: Round | None = None
) -> list[Round]:
    """Plan the same check for each of `days`; those who check are told once.

    Raises PermissionDenied if `by` belongs neither to the working group nor to the administration;
    ValidationError "order_not_in_force", "task_finished", "checked_required", "foreign_checker", "no_days",
    "too_many_days", "day_out_of_year", "already_planned", "already_repeated".
    """
    day = day_at(at, by)
    _require_planner(task, by, day)
    if not task.is_open:
        raise ValidationError(_("This task is done or cancelled: no rounds are planned for it."), code="task_finished")
    checked = written(check.checked, _("Write what is checked."), "checked_required")
    if check.checker and (check.checker.school_id != by.school_id or not check.checker.roles_on(day)):
        raise ValidationError(_("This person does not work in your school."), code="foreign_checker")
    days = sorted(set(days))
    require_days(task, days)
    rounds = [
        Round(
            task=task,
            planned_on=one,
            checked=checked,
            classes=check.classes,
            subjects=check.subjects,
            checker=check.checker,
            checker_role=check.checker_role,
            checker_words=check.checker_words,
            repeats=repeats,
            planned_by=by,
            planned_at=at,
        )
        for one in days
    ]
    for one in rounds:
        one.validate_constraints()
    with _said_by_the_database():
        Round.objects.bulk_create(rounds)
    Indicator.objects.bulk_create(
        Indicator(round=one, position=place, words=words, norm=norm)
        for one in rounds
        for place, (words, norm) in enumerate(check.indicators, start=1)
    )
    for one in rounds:
        record("plans.round_planned", one, by=by, changes=[(_("planned day"), "", f"{one.planned_on:%d.%m.%Y}")])
    all_days = ", ".join(f"{one:%d.%m.%Y}" for one in days)
    record("plans.rounds_planned", task, by=by, changes=[(checked, "", all_days)])
    _tell_of_planning(rounds, by, day)
    return rounds


@transaction.atomic
def repeat_round(earlier: Round, *, planned_on: date, by: Membership, at: datetime) -> Round:
    """Plan the same check again, with the same lines, to see what was put right.

    Raises as `plan_rounds` does, and ValidationError "not_held" of a round without a result,
    "repeated_before" of a day that does not come after the round.
    """
    if earlier.held_on is None:
        raise ValidationError(_("First write the result of this round."), code="not_held")
    if planned_on <= earlier.held_on:
        raise ValidationError(_("The repeated check comes after the first one."), code="repeated_before")
    check = Check(
        checked=earlier.checked,
        classes=earlier.classes,
        subjects=earlier.subjects,
        checker=earlier.checker,
        checker_role=earlier.checker_role,
        checker_words=earlier.checker_words,
        indicators=[(one.words, one.norm) for one in earlier.indicators.all()],
    )
    (repeated,) = plan_rounds(earlier.task, check, days=[planned_on], by=by, at=at, repeats=earlier)
    return repeated


@transaction.atomic
def move_round(checked: Round, *, planned_on: date, by: Membership, at: datetime) -> None:
    """Set another day for a round without a result; those who check are told.

    Raises PermissionDenied as `plan_rounds`; ValidationError "order_not_in_force", "day_out_of_year",
    "already_planned", "same_day", "not_planned" if it was held, cancelled or moved meanwhile.
    """
    day = day_at(at, by)
    _require_planner(checked.task, by, day)
    before = checked.planned_on
    if planned_on == before:
        raise ValidationError(_("The round stands on this day already."), code="same_day")
    require_days(checked.task, [planned_on])
    moved = Round.objects.planned().filter(planned_on=before)
    with _said_by_the_database():
        _change(checked, moved, _not_planned(), planned_on=planned_on)
    changes = [(_("planned day"), f"{before:%d.%m.%Y}", f"{planned_on:%d.%m.%Y}")]
    entry = record("plans.round_moved", checked, by=by, changes=changes)
    words = _("Check “%(checked)s” (task %(task)s) is moved from %(before)s to %(day)s.")
    said = {"before": f"{before:%d.%m.%Y}", "day": f"{planned_on:%d.%m.%Y}"}
    _tell_checkers(checked, by, day, key=f"plans.round_moved:{entry.pk}", words=words % (_said(checked) | said))


@transaction.atomic
def cancel_round(checked: Round, *, reason: str, by: Membership, at: datetime) -> None:
    """Take a round without a result out of the schedule; it stays in the list, struck through.

    Raises PermissionDenied as `plan_rounds`; ValidationError "order_not_in_force", "reason_required", "not_planned".
    """
    day = day_at(at, by)
    _require_planner(checked.task, by, day)
    reason = written(reason, _("Write why the round is cancelled."), "reason_required")
    _change(checked, Round.objects.planned(), _not_planned(), cancelled_on=day, cancelled_because=reason)
    _settle_reminders(checked, at)
    record("plans.round_cancelled", checked, by=by, changes=[(_("reason"), "", reason)])
    words = _("Check “%(checked)s” of %(day)s (task %(task)s) is cancelled: %(reason)s")
    said = {"day": f"{checked.planned_on:%d.%m.%Y}", "reason": reason}
    _tell_checkers(checked, by, day, key=f"plans.round_cancelled:{checked.pk}", words=words % (_said(checked) | said))


@transaction.atomic
def hold_round(checked: Round, outcome: Outcome, *, held_on: date, by: Membership, at: datetime) -> None:
    """Write that a round was held and what it came to; the working group is told, and who watches the task.

    Raises PermissionDenied if `by` does not check here (see `may_check`); ValidationError "order_not_in_force",
    "result_required", "held_in_future", "day_out_of_year", "not_planned" if it is held already or cancelled: the first
    result stays.
    """
    day = day_at(at, by)
    require_checker(checked, by, day)
    if held_on > day:
        raise ValidationError(
            _("This day is still to come: a result is written after the check."), code="held_in_future"
        )
    require_days(checked.task, [held_on])
    words = _words(outcome)
    _change(checked, Round.objects.planned(), _not_planned(), held_on=held_on, held_by=by, **words)
    _settle_reminders(checked, at)
    changes = [
        (_("held on"), "", f"{held_on:%d.%m.%Y}"),
        *_changes(checked, {}, words),
        *_measure(checked, outcome.found),
    ]
    record("plans.round_held", checked, by=by, changes=changes)
    told = _("%(person)s has held the check “%(checked)s” (task %(task)s).") % (_said(checked) | {"person": by.name})
    key = f"plans.round_held:{checked.pk}"
    _tell([person for person in reviewers(by, day) if person.pk != by.pk], checked, key=key, words=told)
    tell_watchers(checked.task, by, key=key, words=told)


@transaction.atomic
def correct_round(checked: Round, outcome: Outcome, *, seen: str, by: Membership, at: datetime) -> None:
    """Put right the words of a held round; `seen` is `outcome_mark` of the words that were read.

    Raises PermissionDenied as `hold_round`; ValidationError "order_not_in_force", "result_required", "not_held",
    "changed_meanwhile" if a colleague has corrected it since it was read.
    """
    require_checker(checked, by, day_at(at, by))
    if checked.held_on is None:
        raise ValidationError(_("First write the result of this round."), code="not_held")
    refusal = ValidationError(
        _("A colleague has changed the result meanwhile. It stands above; your words are kept below."),
        code="changed_meanwhile",
    )
    if seen != outcome_mark(checked):
        raise refusal
    words = _words(outcome)
    before = {name: getattr(checked, name) for name in words}
    _change(checked, Round.objects.held().filter(**before), refusal, **words)
    changes = [*_changes(checked, before, words), *_measure(checked, outcome.found)]
    if changes:
        record("plans.round_corrected", checked, by=by, changes=changes)


def _reviews(by: Membership, on: date) -> bool:
    return Ability.REVIEW_TASKS in abilities(by.roles_on(on))


def _require_planner(task: Task, by: Membership, day: date) -> None:
    if task.stage.plan.order.school_id != by.school_id or not _reviews(by, day):
        raise PermissionDenied
    _require_in_force(task)


def require_checker(checked: Round, by: Membership, day: date) -> None:
    """PermissionDenied unless `may_check` holds for `by`; ValidationError "order_not_in_force"."""
    if not reads_all_findings(checked, by, on=day):
        raise PermissionDenied
    _require_in_force(checked.task)


def _require_in_force(task: Task) -> None:
    if task.stage.plan.order.state != Order.State.IN_FORCE:
        raise ValidationError(
            _("The order of this task is not in force: its rounds are only read."), code="order_not_in_force"
        )


def require_days(task: Task, days: Sequence[date]) -> None:
    """Within the two calendar years of the school year (plans begin before it); another day is a slip of the finger."""
    if not days:
        raise ValidationError(_("Choose at least one day."), code="no_days")
    if len(days) > MOST_DAYS:
        raise ValidationError(
            _("These are more than %(most)d days. Choose fewer."), code="too_many_days", params={"most": MOST_DAYS}
        )
    year = task.stage.plan.order.school_year
    wrong = [day for day in days if not year.first <= day.year <= year.first + 1]
    if wrong:
        raise ValidationError(
            _("%(day)s does not belong to the school year %(year)s. Check the day."),
            code="day_out_of_year",
            params={"day": f"{wrong[0]:%d.%m.%Y}", "year": year},
        )


def _settle_reminders(checked: Round, at: datetime) -> None:
    settle(checked.task, Topic.AHEAD, Topic.LATE, address=checked.get_absolute_url(), at=at)


@contextmanager
def _said_by_the_database() -> Iterator[None]:
    """Of two who plan the same at once the constraint stops the second, in a person's words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(_("The same check is already planned for this day."), code="already_planned") from error


def _not_planned() -> ValidationError:
    return ValidationError(
        _("This round has already been held, moved or cancelled by a colleague. Your text is kept below."),
        code="not_planned",
    )


def _change(checked: Round, among: RoundQuerySet, refusal: ValidationError, **facts: object) -> None:
    if not among.filter(pk=checked.pk).update(**facts):
        raise refusal
    for name, fact in facts.items():
        setattr(checked, name, fact)


def _words(outcome: Outcome) -> dict[str, str]:
    return {
        "result": written(outcome.result, _("Write what the check has shown."), "result_required"),
        "period": outcome.period.strip(),
        "conclusions": outcome.conclusions.strip(),
        "recommendations": outcome.recommendations.strip(),
    }


def _changes(checked: Round, before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = {name: str(Round._meta.get_field(name).verbose_name) for name in after}
    return [(names[name], before.get(name, ""), new) for name, new in after.items() if before.get(name, "") != new]


def _measure(checked: Round, found: Mapping[int, str] | None) -> list[tuple[str, str, str]]:
    """Write what was measured; answers with the changes."""
    changed = []
    for one in checked.indicators.all() if found else ():
        new = found.get(one.pk, one.found).strip()
        if new != one.found:
            changed.append((one.words, one.found, new))
            one.found = new
            one.save(update_fields=["found"])
    return changed


def _said(checked: Round) -> dict[str, str]:
    return {"checked": checked.checked, "task": named(checked.task)}


def _tell_checkers(checked: Round, by: Membership, day: date, *, key: str, words: str) -> None:
    _tell(checkers_of(checked, on=day).exclude(pk=by.pk), checked, key=key, words=words)


def _tell(people: Iterable[Membership], checked: Round, *, key: str, words: str) -> None:
    notify(people, key=key, words=words, address=checked.get_absolute_url(), topic=Topic.PLAN, about=checked.task)


def _tell_of_planning(rounds: Sequence[Round], by: Membership, day: date) -> None:
    first = rounds[0]
    words = ngettext(
        "You are to check “%(checked)s” (task %(task)s) on %(day)s.",
        "You are to check “%(checked)s” (task %(task)s): %(count)d times, first on %(day)s.",
        len(rounds),
    )
    said = {"count": len(rounds), "day": f"{first.planned_on:%d.%m.%Y}"}
    _tell_checkers(first, by, day, key=f"plans.rounds_planned:{first.pk}", words=words % (_said(first) | said))
