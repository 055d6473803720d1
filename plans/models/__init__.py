"""Annex 1: the plan of the working group."""

from .annex import Plan, PlanQuerySet, Stage, StageQuerySet
from .reminder_rules import ReminderRules
from .tasks import (
    DUE_SOON_DAYS,
    KIND_WORDS,
    PRECISION_WORDS,
    Task,
    TaskExecutor,
    TaskNote,
    TaskQuerySet,
)

__all__ = [
    "DUE_SOON_DAYS",
    "KIND_WORDS",
    "PRECISION_WORDS",
    "Plan",
    "PlanQuerySet",
    "ReminderRules",
    "Stage",
    "StageQuerySet",
    "Task",
    "TaskExecutor",
    "TaskNote",
    "TaskQuerySet",
]
