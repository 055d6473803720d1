"""The plan as the paper has it, from records that are read already."""

from collections.abc import Iterable

from ejournal_rollout.orders.drafts import PlanDraft, StageDraft, TaskDraft, columns_of

from .models import Plan, Stage, Task

# What a task of the paper is called in the database.
TASK_COLUMNS = {
    "number": "printed_number",
    "question": "question",
    "term": "term",
    "purpose": "purpose",
    "executors": "executors_printed",
    "result": "expected_result",
    "other": "other_columns",
}


def task_draft(task: Task) -> TaskDraft:
    cells = {name: getattr(task, column) for name, column in TASK_COLUMNS.items()}
    return TaskDraft(**cells | {"other": tuple((header, cell) for header, cell in cells["other"])})


def task_on_paper(draft: TaskDraft) -> Task:
    """A task that stands on paper only: not to be saved."""
    cells = {column: getattr(draft, name) for name, column in TASK_COLUMNS.items()}
    return Task(**cells | {"other_columns": [list(pair) for pair in draft.other]})


def plan_draft(plan: Plan, stages: Iterable[tuple[Stage, Iterable[Task]]]) -> PlanDraft:
    """`stages` with their tasks, both in printed order."""
    return PlanDraft(
        heading=plan.heading,
        title=plan.title,
        columns=columns_of(plan.columns),
        stages=tuple(StageDraft(stage.heading, tuple(map(task_draft, tasks))) for stage, tasks in stages),
    )
