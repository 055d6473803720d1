"""What is done in Annex 3: a consultation booked, cancelled, marked; a time asked for and agreed on; hours read."""

from .attendance import mark_attendance
from .booking import book_consultation, cancel_booking
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .specialists import gives_help
from .telling import letters_said, told_booked, told_cancelled, told_moved, told_restored
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request

__all__ = [
    "accept_time",
    "book_consultation",
    "cancel_booking",
    "choose_specialists",
    "decline_times",
    "find_named_persons",
    "gives_help",
    "hours_read",
    "letters_said",
    "mark_attendance",
    "may_answer",
    "propose_times",
    "read_hours_into",
    "set_specialists",
    "told_booked",
    "told_cancelled",
    "told_moved",
    "told_restored",
    "withdraw_request",
]
