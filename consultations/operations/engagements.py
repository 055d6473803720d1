"""Who and which room is taken at a time by seminars and by consultations: both ask here before they write.

Ask after `lock`: on PostgreSQL the answer holds only while the rows of the people and of the room are held.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ..models import Booking, Meeting, Seminar

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Taken:
    """Members and rooms by number, each with the span of what takes them."""

    people: dict[int, Span] = field(default_factory=dict)
    rooms: dict[int, Span] = field(default_factory=dict)


def seminars_between(school_id: int, start: datetime, end: datetime, *, but: Seminar | None = None) -> Taken:
    """Whom and what the seminars of a school take in [start, end). One query."""
    taken = Taken()
    seminars = Seminar.objects.of_school(school_id).live().between(start, end).but(but)
    for row in seminars.engagements():
        one = Meeting(*row)
        taken.people[one.teacher_id] = one.starts_at, one.ends_at
        if one.room_id:
            taken.rooms[one.room_id] = one.starts_at, one.ends_at
    return taken


def taken_between(school_id: int, start: datetime, end: datetime, *, but: Seminar | None = None) -> Taken:
    """The same, with the consultations. Two queries."""
    taken = seminars_between(school_id, start, end, but=but)
    for one in Booking.objects.live().between(start, end).filter(teacher__school=school_id):
        span = one.starts_at, one.ends_at
        taken.people[one.teacher_id] = taken.people[one.specialist_id] = span
        if one.room_id:
            taken.rooms[one.room_id] = span
    return taken
