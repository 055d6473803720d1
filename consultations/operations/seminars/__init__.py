"""Seminars and trainings (Annex 2, clause 4)."""

from .places import confirm_place, give_place, leave_seminar, pass_on_offers, sign_up
from .planning import cancel_seminar, change_seminar, keep_seminar, mark_seminar, plan_seminar
from .rules import may_plan_seminars, may_run

__all__ = [
    "cancel_seminar",
    "change_seminar",
    "confirm_place",
    "give_place",
    "keep_seminar",
    "leave_seminar",
    "mark_seminar",
    "may_plan_seminars",
    "may_run",
    "pass_on_offers",
    "plan_seminar",
    "sign_up",
]
