"""Annex 3: the schedule of consultations, and the bookings that people make by it."""

from .bookings import Booking, BookingQuerySet
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
from .seminars import (
    LAST_HOURS,
    OFFER_LASTS,
    Engagement,
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
    "YEARS",
    "Booking",
    "BookingQuerySet",
    "Closure",
    "ClosureQuerySet",
    "Direction",
    "DirectionQuerySet",
    "DirectionRole",
    "DirectionRoleQuerySet",
    "Engagement",
    "Hours",
    "Participation",
    "ParticipationQuerySet",
    "ProposedTime",
    "Room",
    "RoomQuerySet",
    "Schedule",
    "ScheduleQuerySet",
    "Seminar",
    "SeminarQuerySet",
    "TimeRequest",
    "TimeRequestQuerySet",
    "Topic",
    "closing_moment",
]
