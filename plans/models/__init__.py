"""Annex 1: the plan of the working group."""

from .annex import Plan, PlanQuerySet, Stage, StageQuerySet
from .tasks import (
    DUE_SOON_DAYS,
    KIND_WORDS,
    PRECISION_WORDS,
    Task,
    TaskExecutor,
    TaskNote,
    TaskQuerySet,
)
from .work import EVIDENCE_LIMITS, Evidence, Step, Watch

__all__ = [
    "DUE_SOON_DAYS",
    "EVIDENCE_LIMITS",
    "KIND_WORDS",
    "PRECISION_WORDS",
    "Evidence",
    "Plan",
    "PlanQuerySet",
    "Stage",
    "StageQuerySet",
    "Step",
    "Task",
    "TaskExecutor",
    "TaskNote",
    "TaskQuerySet",
    "Watch",
]
