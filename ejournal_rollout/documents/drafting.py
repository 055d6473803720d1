"""The order as it stands in the database now, as one `OrderDraft`: letter for letter what was imported."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from consultations.models import Direction, Schedule
from consultations.paper import schedule_draft
from ejournal_rollout.orders.drafts import (
    Column,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    columns_of,
)
from ejournal_rollout.orders.models import Order
from plans.models import Plan, Stage, Task
from plans.paper import TASK_COLUMNS
from support.models import Clause, Regulation
from support.paper import regulation_draft


def with_annexes(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with the heads of their three annexes; `draft_of` then costs three queries more (one for each annex)."""
    return orders.select_related("school", "plan", "regulation", "schedule")


def draft_of(order: Order) -> OrderDraft:
    """The words of the order and its annexes as they stand now.

    The heads of the annexes are those that `order` carries: give an order fresh from `with_annexes`.
    """
    return OrderDraft(
        number=order.number,
        signed_on=order.signed_on,
        organization=order.organization,
        school_year=order.school_year,
        body=order.body,
        plan=plan_of(order),
        regulation=_regulation(order),
        schedule=_schedule(order),
    )


def annex(order: Order, name: str) -> Any:
    """Its "plan", "regulation" or "schedule"; None where the order has none."""
    try:
        return getattr(order, name)
    except ObjectDoesNotExist:
        return None


def stages_and_tasks(plan: Plan) -> list[tuple[Stage, list[Task]]]:
    """In printed order, a stage without tasks too; each task carries its stage and plan."""
    stages = list(plan.stages.order_by("position", "pk"))
    known = {stage.pk: stage for stage in stages}
    tasks: dict[int, list[Task]] = {}
    for pk, own in groupby(_tasks(plan), key=lambda task: task.stage_id):
        tasks[pk] = list(own)
        for task in tasks[pk]:
            task.stage = known[pk]
    return [(stage, tasks.get(stage.pk, [])) for stage in stages]


def _tasks(plan: Plan) -> QuerySet[Task]:
    return Task.objects.filter(stage__plan=plan).order_by("stage__position", "stage_id", "position", "pk")


def clauses_of(regulation: Regulation) -> list[Clause]:
    return list(regulation.clauses.order_by("position", "pk"))


def directions_of(schedule: Schedule) -> list[Direction]:
    return list(schedule.directions.order_by("position", "pk"))


def plan_of(order: Order) -> PlanDraft | None:
    plan = annex(order, "plan")
    if plan is None:
        return None
    return PlanDraft(
        heading=plan.heading,
        title=plan.title,
        columns=columns_of(plan.columns),
        stages=tuple(_stages(plan)),
    )


def _stages(plan: Plan) -> Iterator[StageDraft]:
    """In one query: each task with its stage, a stage without tasks as one row of blanks."""
    lines = plan.stages.order_by("position", "pk", "tasks__position", "tasks__pk").values_list(
        "pk", "heading", "tasks__pk", *(f"tasks__{column}" for column in TASK_COLUMNS.values())
    )
    for (_pk, heading), own in groupby(lines, key=lambda line: line[:2]):
        found = [dict(zip(TASK_COLUMNS, line[3:], strict=True)) for line in own if line[2] is not None]
        tasks = tuple(TaskDraft(**cells | {"other": _pairs(cells["other"])}) for cells in found)
        yield StageDraft(heading, tasks)


def _regulation(order: Order) -> RegulationDraft | None:
    regulation = annex(order, "regulation")
    return None if regulation is None else regulation_draft(regulation, clauses_of(regulation))


def _schedule(order: Order) -> ScheduleDraft | None:
    schedule = annex(order, "schedule")
    return None if schedule is None else schedule_draft(schedule, directions_of(schedule))


def _pairs(stored: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(*one) for one in stored)


def _pair(header: str, cell: str) -> tuple[str, str]:
    return header, cell


def columns_to_store(columns: Iterable[Column]) -> list[dict[str, str]]:
    return [{"field": column.field, "header": column.header} for column in columns]


def pairs_to_store(other: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in other]


def texts_of(draft: OrderDraft) -> Iterator[str]:
    """Every text of the draft, for checks that ask about all of them."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, list | tuple):
            for one in value:
                yield from walk(one)

    return walk(draft.to_json())
