"""An order carried to another school year: words and dates follow, states begin anew, people stay (P33)."""

import re
from calendar import isleap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from consultations.models import Direction, DirectionRole, Hours, Topic
from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    fold,
    plain_number,
)
from ejournal_rollout.orders.headings import without_amendments
from ejournal_rollout.orders.models import Order, heading_with
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership
from plans.models import Task, TaskExecutor
from plans.operations import read_into
from plans.terms import Kind, read_term, shift_school_years, shift_term

from .drafting import draft_of, with_annexes
from .importing import write_draft

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAYS = ("starts_on", "due_on")
# What the administration settled by hand in a direction, and what a copy keeps.
_SETTLED = (
    "room",
    "is_on_demand",
    "slot_minutes",
    "gap_minutes",
    "notice_minutes",
    "horizon_days",
    "cancel_minutes",
    "open_limit",
)


def copy_order(order: Order, *, to: SchoolYear, by: Membership | None) -> Order:
    """A draft order for the school year `to` with the words of `order` carried there; number and date stay blank.

    Terms and school years in the texts move by as many years as lie between the two orders; notes, reports and
    results stay with the old order. Executors, rooms, hours and topics as settled by hand are kept; days entered by
    hand move as the words do.

    ValidationError "same_year"; "already_copied" if a copy for this year is being prepared: see `copy_in_preparation`.
    """
    if to.first == order.first_year:
        raise ValidationError(_("The order is already for this school year. Choose another one."), code="same_year")
    try:
        with transaction.atomic():
            if copy_in_preparation(order, to=to):
                raise _already_copied(to)
            return _copied(with_annexes(Order.objects.all()).get(pk=order.pk), to=to, by=by)
    except IntegrityError as error:  # two pressed the button at once; `one_draft_copy_a_year` let one through
        raise _already_copied(to) from error


def copy_in_preparation(order: Order, *, to: SchoolYear) -> Order | None:
    return Order.objects.drafts().filter(copied_from=order.pk, first_year=to.first).first()


def _already_copied(to: SchoolYear) -> ValidationError:
    return ValidationError(
        _("A copy of this order for %(year)s is being prepared already."),
        code="already_copied",
        params={"year": to},
    )


def _copied(order: Order, *, to: SchoolYear, by: Membership | None) -> Order:
    copy = Order.objects.create(school=order.school, first_year=to.first, copied_from=order)
    write_draft(shifted(draft_of(order), to=to), order=copy)
    _keep_what_was_settled(order, copy)
    record("orders.copied", copy, by=by, changes=[(_("school year"), order.school_year, to)], school_id=order.school_id)
    return with_annexes(Order.objects.all()).get(pk=copy.pk)


def shifted(draft: OrderDraft, *, to: SchoolYear) -> OrderDraft:
    """The draft in the words of the school year `to`; the annexes wait for their own date and number."""
    years = to.first - draft.school_year.first

    def words(text: str) -> str:
        return shift_school_years(text, years)

    def other(cells: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple((header, words(cell)) for header, cell in cells)

    def task(one: TaskDraft) -> TaskDraft:
        return replace(
            one,
            question=words(one.question),
            term=shift_term(one.term, years),
            purpose=words(one.purpose),
            executors=words(one.executors),
            result=words(one.result),
            other=other(one.other),
        )

    def stage(one: StageDraft) -> StageDraft:
        return replace(one, heading=words(one.heading), tasks=tuple(task(row) for row in one.tasks))

    def clause(one: ClauseDraft) -> ClauseDraft:
        return replace(one, text=words(one.text))

    def direction(one: DirectionDraft) -> DirectionDraft:
        return replace(one, name=words(one.name), hours=words(one.hours), other=other(one.other))

    return replace(
        draft,
        number="",
        signed_on=None,
        school_year=to,
        body=words(draft.body),
        plan=_annex(draft.plan, words, stages=stage),
        regulation=_annex(draft.regulation, words, clauses=clause),
        schedule=_annex(draft.schedule, words, directions=direction),
    )


def _annex(
    annex: PlanDraft | RegulationDraft | ScheduleDraft | None, words: Callable[[str], str], **rows_of: Callable
) -> PlanDraft | RegulationDraft | ScheduleDraft | None:
    if annex is None:
        return None
    changed = {name: tuple(shift(row) for row in getattr(annex, name)) for name, shift in rows_of.items()}
    heading = heading_with(without_amendments(annex.heading), number="", signed_on=None)
    return replace(annex, heading=heading, title=words(annex.title), **changed)


def terms_to_settle(draft: OrderDraft) -> Iterator[tuple[str, TaskDraft]]:
    """(number or question, task) of each term that a person must look at: not understood, or of far years.

    After a copy these are the terms that could not be carried along. A year is far when it is neither of the two
    of the school year nor the one before them (the source order begins in May before its year).
    """
    for task in draft.tasks:
        if task.term:
            term = read_term(task.term, draft.school_year)
            near = range(draft.school_year.first - 1, draft.school_year.first + 2)
            strange = any(int(year) not in near for year in _YEAR.findall(task.term))
            if term.doubt or term.kind == Kind.UNPARSABLE or strange:
                yield plain_number(task.number) or fold(task.question)[:60], task


def _keep_what_was_settled(order: Order, copy: Order) -> None:
    """The copy has the same rows in the same order, so they are paired by place."""
    tasks = [list(Task.objects.filter(stage__plan__order=one).in_order()) for one in (order, copy)]
    for old, new in zip(*tasks, strict=True):
        new.executors.all().delete()
        TaskExecutor.objects.bulk_create(
            TaskExecutor(task=new, position=one.position, words=one.words, role=one.role, is_lead=one.is_lead)
            for one in old.executors.all()
        )
        if old.is_milestone:
            new.is_milestone = True
            new.save(update_fields=["is_milestone"])
        _keep_days(order, old, new)
    directions = [
        list(Direction.objects.filter(schedule__order=one).select_related("room").order_by("position", "pk"))
        for one in (order, copy)
    ]
    for old, new in zip(*directions, strict=True):
        for name in _SETTLED:
            setattr(new, name, getattr(old, name))
        new.save(update_fields=_SETTLED)
        new.hours.all().delete()
        Hours.objects.bulk_create(
            Hours(direction=new, weekday=one.weekday, starts=one.starts, ends=one.ends, weeks=one.weeks)
            for one in old.hours.all()
        )
        new.direction_roles.all().delete()
        DirectionRole.objects.bulk_create(
            DirectionRole(direction=new, position=one.position, words=one.words, role=one.role, person_id=one.person_id)
            for one in old.direction_roles.all()
        )
        Topic.objects.bulk_create(
            Topic(direction=new, position=one.position, name=one.name) for one in old.topics.all()
        )


def _keep_days(order: Order, old: Task, new: Task) -> None:
    """Days that a person entered instead of those of the words follow by as many years as the words."""
    by_words = Task(term=old.term)
    read_into(by_words, order.school_year)
    if all(getattr(old, name) == getattr(by_words, name) for name in _DAYS):
        return
    years = new.stage.plan.order.first_year - order.first_year
    for name in _DAYS:
        setattr(new, name, _years_later(getattr(old, name), years))
    new.term_kind, new.term_precision = old.term_kind, old.term_precision
    new.save(update_fields=[*_DAYS, "term_kind", "term_precision"])


def _years_later(day: date | None, years: int) -> date | None:
    """The same day of the year; 29 February becomes 28 where there is none."""
    if day is None:
        return None
    is_lost = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return day.replace(year=day.year + years, day=28 if is_lost else day.day)
