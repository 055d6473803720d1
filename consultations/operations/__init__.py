"""What is done in Annex 3: consultations booked, moved, cancelled, marked; times agreed on; seminars; hours read."""

from .absences import bookings_in, delete_absence, tell_of_absence, write_absence
from .attendance import (
    finish_follow_up,
    mark_attendance,
    may_read_notes,
    propose_continuation,
    rate_consultation,
    write_booking_note,
)
from .booking import book_consultation
from .calendar_changes import change_days, delete_day_change
from .changing import (
    cancel_booking,
    keep_booking,
    may_change,
    may_restore,
    move_booking,
    reassign_booking,
    restore_booking,
)
from .lessons import add_lesson, consultations_in_the_way, delete_lesson, replace_timetable
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .rooms import seat_anew
from .screenshots import forget_screenshots, keep_screenshot
from .seminars import (
    cancel_seminar,
    change_seminar,
    confirm_place,
    give_place,
    keep_seminar,
    leave_seminar,
    mark_seminar,
    may_plan_seminars,
    may_run,
    pass_on_offers,
    plan_seminar,
    sign_up,
)
from .specialists import Standing, all_specialists, gives_help, may_book_for_others, specialists_of, standing_of
from .telling import letters_said, told_booked, told_cancelled, told_kept, told_moved, told_restored
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request
from .touched import Touched, TouchedCounts, TouchedSeminar, touched_bookings, touched_counts, touched_seminars

__all__ = [
    "Standing",
    "Touched",
    "TouchedCounts",
    "TouchedSeminar",
    "accept_time",
    "add_lesson",
    "all_specialists",
    "book_consultation",
    "bookings_in",
    "cancel_booking",
    "cancel_seminar",
    "change_days",
    "change_seminar",
    "choose_specialists",
    "confirm_place",
    "consultations_in_the_way",
    "decline_times",
    "delete_absence",
    "delete_day_change",
    "delete_lesson",
    "find_named_persons",
    "finish_follow_up",
    "forget_screenshots",
    "give_place",
    "gives_help",
    "hours_read",
    "keep_booking",
    "keep_screenshot",
    "keep_seminar",
    "leave_seminar",
    "letters_said",
    "mark_attendance",
    "mark_seminar",
    "may_answer",
    "may_book_for_others",
    "may_change",
    "may_plan_seminars",
    "may_read_notes",
    "may_restore",
    "may_run",
    "move_booking",
    "pass_on_offers",
    "plan_seminar",
    "propose_continuation",
    "propose_times",
    "rate_consultation",
    "read_hours_into",
    "reassign_booking",
    "replace_timetable",
    "restore_booking",
    "seat_anew",
    "set_specialists",
    "sign_up",
    "specialists_of",
    "standing_of",
    "tell_of_absence",
    "told_booked",
    "told_cancelled",
    "told_kept",
    "told_moved",
    "told_restored",
    "touched_bookings",
    "touched_counts",
    "touched_seminars",
    "withdraw_request",
    "write_absence",
    "write_booking_note",
]
