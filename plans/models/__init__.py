"""Annex 1: the plan of the working group."""

from .annex import Plan, PlanQuerySet, Stage, StageQuerySet
from .meetings import Decision, Meeting
from .reminder_rules import ReminderRules
from .reports import FinalReport
from .rounds import CHECKING_ROLES, Finding, FindingQuerySet, Indicator, Round, RoundQuerySet
from .saved_views import SavedView
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
    "CHECKING_ROLES",
    "DUE_SOON_DAYS",
    "EVIDENCE_LIMITS",
    "KIND_WORDS",
    "PRECISION_WORDS",
    "Decision",
    "Evidence",
    "FinalReport",
    "Finding",
    "FindingQuerySet",
    "Indicator",
    "Meeting",
    "Plan",
    "PlanQuerySet",
    "ReminderRules",
    "Round",
    "RoundQuerySet",
    "SavedView",
    "Stage",
    "StageQuerySet",
    "Step",
    "Task",
    "TaskExecutor",
    "TaskNote",
    "TaskQuerySet",
    "Watch",
]
