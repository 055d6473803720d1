"""What is done in Annex 3: consultations booked, moved, cancelled, marked; times asked for and agreed on."""

from .attendance import mark_attendance
from .booking import book_consultation
from .changing import cancel_booking, may_change, may_restore, move_booking, reassign_booking, restore_booking
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .rooms import seat_anew
from .screenshots import forget_screenshots, keep_screenshot
from .specialists import gives_help, may_book_for_others
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request

__all__ = [
    "accept_time",
    "book_consultation",
    "cancel_booking",
    "choose_specialists",
    "decline_times",
    "find_named_persons",
    "forget_screenshots",
    "gives_help",
    "hours_read",
    "keep_screenshot",
    "mark_attendance",
    "may_answer",
    "may_book_for_others",
    "may_change",
    "may_restore",
    "move_booking",
    "propose_times",
    "read_hours_into",
    "reassign_booking",
    "restore_booking",
    "seat_anew",
    "set_specialists",
    "withdraw_request",
]
