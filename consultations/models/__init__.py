"""Annex 3: the schedule of consultations, and the bookings that people make by it."""

from .absences import Absence, AbsenceQuerySet
from .bookings import SECOND_THOUGHT, Booking, BookingNote, BookingQuerySet
from .calendar_changes import YEARS, CalendarChange, CalendarChangeQuerySet
from .lessons import Bell, BellQuerySet, Lesson, LessonQuerySet
from .rooms import Room, RoomQuerySet
from .schedule import (
    Direction,
    DirectionQuerySet,
    DirectionRole,
    DirectionRoleQuerySet,
    Hours,
    Schedule,
    ScheduleQuerySet,
    Topic,
)
from .screenshots import SCREENSHOT_LIMITS, Screenshot, ScreenshotQuerySet
from .seminars import (
    LAST_HOURS,
    OFFER_LASTS,
    Meeting,
    Participation,
    ParticipationQuerySet,
    Seminar,
    SeminarQuerySet,
    closing_moment,
)
from .time_requests import ProposedTime, TimeRequest, TimeRequestQuerySet

__all__ = [
    "LAST_HOURS",
    "OFFER_LASTS",
    "SCREENSHOT_LIMITS",
    "SECOND_THOUGHT",
    "YEARS",
    "Absence",
    "AbsenceQuerySet",
    "Bell",
    "BellQuerySet",
    "Booking",
    "BookingNote",
    "BookingQuerySet",
    "CalendarChange",
    "CalendarChangeQuerySet",
    "Direction",
    "DirectionQuerySet",
    "DirectionRole",
    "DirectionRoleQuerySet",
    "Hours",
    "Lesson",
    "LessonQuerySet",
    "Participation",
    "ParticipationQuerySet",
    "ProposedTime",
    "Room",
    "RoomQuerySet",
    "Schedule",
    "ScheduleQuerySet",
    "Screenshot",
    "ScreenshotQuerySet",
    "Seminar",
    "Meeting",
    "SeminarQuerySet",
    "TimeRequest",
    "TimeRequestQuerySet",
    "Topic",
    "closing_moment",
]
