"""What people do with a request for help (Annex 2). Every act writes the journal and tells the other side.

The acts of a request write its row by conditional UPDATEs: of two people at once one wins, the other is told.
Who may act is decided on the day of `at` in the zone of the school.
"""

from .answering import (
    close,
    hand_over,
    reopen,
    reopen_until,
    reply,
    solve,
    take_request,
    wait_for_teacher,
    write_internal_note,
)
from .asking import ask_for_help, may_register_for_others
from .consulting import book_for_request, link_agreed_booking, link_asked_time, link_booking, take_result
from .people import specialists_for

__all__ = [
    "ask_for_help",
    "book_for_request",
    "close",
    "hand_over",
    "link_agreed_booking",
    "link_asked_time",
    "link_booking",
    "may_register_for_others",
    "reopen",
    "reopen_until",
    "reply",
    "solve",
    "specialists_for",
    "take_request",
    "take_result",
    "wait_for_teacher",
    "write_internal_note",
]
