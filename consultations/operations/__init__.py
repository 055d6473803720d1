"""What is done in Annex 3: a consultation booked, cancelled, marked; a time asked for and agreed on; hours read."""

from .absences import bookings_in, delete_absence, tell_of_absence, write_absence
from .attendance import mark_attendance
from .booking import book_consultation, cancel_booking
from .lessons import add_lesson, consultations_in_the_way, delete_lesson, replace_timetable
from .reading import choose_specialists, find_named_persons, hours_read, read_hours_into, set_specialists
from .specialists import Standing, all_specialists, gives_help, standing_of
from .time_requests import accept_time, decline_times, may_answer, propose_times, withdraw_request

__all__ = [
    "accept_time",
    "Standing",
    "add_lesson",
    "all_specialists",
    "book_consultation",
    "bookings_in",
    "cancel_booking",
    "choose_specialists",
    "consultations_in_the_way",
    "decline_times",
    "delete_absence",
    "delete_lesson",
    "find_named_persons",
    "gives_help",
    "hours_read",
    "mark_attendance",
    "may_answer",
    "propose_times",
    "read_hours_into",
    "replace_timetable",
    "set_specialists",
    "standing_of",
    "tell_of_absence",
    "withdraw_request",
    "write_absence",
]
