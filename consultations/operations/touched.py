"""Consultations that a closure, lesson, absence or other hours have met since: found, moved or cancelled at once."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from ejournal_rollout.people.models import Membership

from ..availability import Availability
from ..free_times import FreeTime
from ..models import Booking, Direction, TimeRequest

SHOWN = 30  # at once; a free time is looked for near each of them


class Touched(NamedTuple):
    """A consultation that cannot be given as it stands, why in words, and the nearest free time with its specialist."""

    booking: Booking
    reason: str
    time: FreeTime | None
    specialist: Membership | None


def touched_bookings(member: Membership, *, at: datetime) -> list[Touched]:
    """Coming consultations of the school of `member` that the calendar or the hours do not allow any more, the nearest
    first.

    At most `SHOWN`. Seven queries, and as many for each that is found.
    """
    nobody = Membership(school=member.school)
    availability = Availability(Direction.objects.all(), teacher=nobody, at=at)
    directions = {one.pk: one for one in availability.directions}
    coming = Booking.objects.of_school(member.school).coming(at=at).filter(starts_at__gt=at).with_people()
    coming = coming.annotate(is_agreed=Exists(TimeRequest.objects.filter(booking=OuterRef("pk"))))
    found = []
    for booking in coming.order_by("starts_at", "pk"):
        if len(found) == SHOWN:
            break
        direction = directions.get(booking.direction_id)
        reason = direction and _reason(availability, direction, booking)
        if reason:
            proposed = {one.time.starts_at for one in found if one.time}
            found.append(_with_proposal(booking, reason, proposed, at=at))
    return found


def _reason(availability: Availability, direction: Direction, booking: Booking) -> str:
    """What was agreed by a proposal of times needs no hours."""
    span, specialist = (booking.starts_at, booking.ends_at), booking.specialist_id
    reason = availability.why_not(direction, *span, specialist=specialist)
    return reason or ("" if booking.is_agreed else availability.outside_hours(direction, *span, specialist=specialist))


def _with_proposal(booking: Booking, reason: str, proposed: set[datetime], *, at: datetime) -> Touched:
    """A time proposed to one is not proposed to another: all are moved in one step."""
    own = Direction.objects.filter(pk=booking.direction_id)
    availability = Availability(own, teacher=booking.teacher, at=at, moved=booking)
    nearest = availability.nearest(availability.directions[0], booking.starts_at, len(proposed) + 1)
    time = next((one for one in nearest if one.starts_at not in proposed), None)
    return Touched(booking, reason, time, availability.people[time.specialist] if time else None)
