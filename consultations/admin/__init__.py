"""The administration edits the schedule here; bookings are made in the pages, those to come may be given anew."""

from .bookings import BookingAdmin, TimeRequestAdmin
from .rooms import RoomAdmin
from .schedule import DirectionAdmin, ScheduleAdmin
from .school_calendar import AbsenceAdmin, BellAdmin, CalendarChangeAdmin, LessonAdmin
from .seminars import SeminarAdmin

__all__ = [
    "AbsenceAdmin",
    "BellAdmin",
    "BookingAdmin",
    "CalendarChangeAdmin",
    "DirectionAdmin",
    "LessonAdmin",
    "RoomAdmin",
    "ScheduleAdmin",
    "SeminarAdmin",
    "TimeRequestAdmin",
]
