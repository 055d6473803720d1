"""The plan and the schedule as tables for Excel: the columns of the paper, then what the program knows today."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from consultations.paper import direction_draft
from consultations.presentation import hours_words
from ejournal_rollout.orders.drafts import Column, PlanDraft, ScheduleDraft, StageDraft, columns_of, fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.spreadsheets import Spreadsheet, Value
from plans.paper import task_draft
from plans.presentation import measured_on, task_line

from .drafting import directions_of, stages_and_tasks
from .own_columns import plan_headers, schedule_headers, stage_header
from .writing.rows import PrintedTable, plan_table, schedule_table


def plan_spreadsheet(order: Order, *, on: date) -> Spreadsheet:
    """One row for each task; its stage is a column, so that rows can be sorted and filtered.

    `order` comes from `with_annexes` and has a plan; executors are those of the day `on`. Five queries.
    """
    found = stages_and_tasks(order.plan)
    tasks = [task for _stage, own in found for task in own]
    prefetch_related_objects(tasks, "executors")
    stages = [StageDraft(stage.heading, tuple(map(task_draft, own))) for stage, own in found]
    printed = plan_table(PlanDraft("", "", columns_of(order.plan.columns), tuple(stages)))
    has_stages = any(stage.heading for stage in stages) and not _has(printed, "stage")
    staff = _staff(order, on=on)
    rows: list[list[Value]] = []
    for task, cells in zip(tasks, _rows(printed), strict=True):
        line = task_line(task, measured_on(order, on))
        first: list[Value] = [task.stage.heading] if has_stages else []
        # a cell that continues the one above is one of the stage
        own = [task.stage.heading if cell is None else cell for cell in cells]
        people = _names(staff, [Role(one.role) for one in task.executors.all() if one.role], on=on)
        rows.append([*first, *own, task.starts_on, task.due_on, line.status_words, people])
    headers = [
        *([stage_header()] if has_stages else []),
        *_headers(printed.columns),
        *plan_headers(f"{on:%d.%m.%Y}"),
    ]
    return Spreadsheet(_("Plan %(year)s") % {"year": order.school_year}, headers, rows)


def schedule_spreadsheet(order: Order, *, on: date) -> Spreadsheet:
    """One row for each direction, with the hours as they are offered for booking.

    `order` comes from `with_annexes` and has a schedule; specialists are those of the day `on`. Five queries.
    """
    directions = directions_of(order.schedule)
    prefetch_related_objects(directions, "hours", "direction_roles")
    drafts = tuple(map(direction_draft, directions))
    printed = schedule_table(ScheduleDraft("", "", columns_of(order.schedule.columns), drafts))
    has_names = _has(printed, "direction")
    staff = _staff(order, on=on)
    rows: list[list[Value]] = []
    for direction, cells in zip(directions, _rows(printed), strict=True):
        first: list[Value] = [] if has_names else [direction.name]
        minutes = None if direction.is_on_demand else direction.slot_minutes
        people = _names(staff, direction.roles, named=direction.named, on=on)
        rows.append([*first, *cells, hours_words(direction), minutes, people])
    headers = [
        *([] if has_names else [_("Direction")]),
        *_headers(printed.columns),
        *schedule_headers(f"{on:%d.%m.%Y}"),
    ]
    return Spreadsheet(_("Consultation schedule %(year)s") % {"year": order.school_year}, headers, rows)


def _has(printed: PrintedTable, field: str) -> bool:
    return any(column.field == field for column in printed.columns)


def _rows(printed: PrintedTable) -> list[tuple[str | None, ...]]:
    """Without the full-width ones: those have become a column."""
    return [row for row in printed.rows if not isinstance(row, str)]


def _headers(columns: Iterable[Column]) -> list[str]:
    return [fold(column.header) for column in columns]


def _staff(order: Order, *, on: date) -> list[Membership]:
    return list(Membership.objects.filter(school=order.school_id).working(on=on).with_people())


def _names(staff: Iterable[Membership], roles: Collection[Role], *, named: Collection[int] = (), on: date) -> str:
    """Who holds one of `roles` that day or is `named` by the order, a line each; teachers are everybody."""
    if Role.TEACHER in roles:
        return _("All staff of the school")
    wanted = set(roles)
    return "\n".join(one.name for one in staff if one.pk in named or wanted & one.roles_on(on))


SPREADSHEETS = {"plan": plan_spreadsheet, "schedule": schedule_spreadsheet}
