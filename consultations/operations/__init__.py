"""What is done in Annex 3: consultations booked, cancelled, marked; times asked for and agreed on; seminars; hours."""

from .attendance import mark_attendance
from .booking import book_consultation, cancel_booking
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .seminars import (
    cancel_seminar,
    change_seminar,
    confirm_place,
    give_place,
    leave_seminar,
    mark_seminar,
    may_plan_seminars,
    may_run,
    pass_on_offers,
    plan_seminar,
    sign_up,
)
from .specialists import gives_help
from .telling import letters_said, told_booked, told_cancelled, told_moved, told_restored
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request

__all__ = [
    "accept_time",
    "book_consultation",
    "cancel_booking",
    "cancel_seminar",
    "change_seminar",
    "choose_specialists",
    "confirm_place",
    "decline_times",
    "find_named_persons",
    "give_place",
    "gives_help",
    "hours_read",
    "leave_seminar",
    "letters_said",
    "mark_attendance",
    "mark_seminar",
    "may_answer",
    "may_plan_seminars",
    "may_run",
    "pass_on_offers",
    "plan_seminar",
    "propose_times",
    "read_hours_into",
    "set_specialists",
    "sign_up",
    "told_booked",
    "told_cancelled",
    "told_moved",
    "told_restored",
    "withdraw_request",
]
