"""What is done in Annex 3: consultations booked, moved, cancelled, marked; times asked for and agreed on."""

from .attendance import (
    finish_follow_up,
    mark_attendance,
    may_read_notes,
    propose_continuation,
    rate_consultation,
    write_booking_note,
)
from .booking import book_consultation
from .changing import cancel_booking, may_change, may_restore, move_booking, restore_booking
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .screenshots import forget_screenshots, keep_screenshot
from .specialists import gives_help, may_book_for_others
from .telling import letters_said, told_booked, told_cancelled, told_moved, told_restored
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request

__all__ = [
    "accept_time",
    "book_consultation",
    "cancel_booking",
    "choose_specialists",
    "decline_times",
    "find_named_persons",
    "forget_screenshots",
    "finish_follow_up",
    "gives_help",
    "hours_read",
    "keep_screenshot",
    "letters_said",
    "mark_attendance",
    "may_answer",
    "may_book_for_others",
    "may_change",
    "may_restore",
    "move_booking",
    "may_read_notes",
    "propose_continuation",
    "propose_times",
    "rate_consultation",
    "read_hours_into",
    "restore_booking",
    "set_specialists",
    "told_booked",
    "told_cancelled",
    "told_moved",
    "told_restored",
    "withdraw_request",
    "write_booking_note",
]
