"""Annex 3: the schedule of consultations, and the bookings that people make by it."""

from .bookings import SECOND_THOUGHT, Booking, BookingNote, BookingQuerySet
from .closures import YEARS, Closure, ClosureQuerySet
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
from .time_requests import ProposedTime, TimeRequest, TimeRequestQuerySet

__all__ = [
    "SCREENSHOT_LIMITS",
    "SECOND_THOUGHT",
    "YEARS",
    "Booking",
    "BookingNote",
    "BookingQuerySet",
    "Closure",
    "ClosureQuerySet",
    "Direction",
    "DirectionQuerySet",
    "DirectionRole",
    "DirectionRoleQuerySet",
    "Hours",
    "ProposedTime",
    "Room",
    "RoomQuerySet",
    "Schedule",
    "Screenshot",
    "ScreenshotQuerySet",
    "ScheduleQuerySet",
    "TimeRequest",
    "TimeRequestQuerySet",
    "Topic",
]
