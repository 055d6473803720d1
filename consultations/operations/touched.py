"""Consultations and seminars that a closure, lesson, absence or other hours have met since, and what is proposed."""

from copy import copy
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.people.models import Membership, School

from ..availability import Availability
from ..free_times import FreeTime
from ..models import Booking, BookingQuerySet, Direction, Seminar, SeminarQuerySet, TimeRequest
from ..seminar_days import SeminarDays, joined
from .doubts import bookings_in_doubt, seminars_in_doubt

SHOWN = 30  # at once; a free time is looked for near each of them


class Touched(NamedTuple):
    """A consultation that cannot be given as it stands, why in words, and the time proposed with its specialist."""

    booking: Booking
    reason: str
    time: FreeTime | None
    specialist: Membership | None


class TouchedList(list[Touched]):
    """The nearest of those met, of which `all` are known by number."""

    all: frozenset[int] = frozenset()

    @property
    def total(self) -> int:
        return len(self.all)


class TouchedSeminar(NamedTuple):
    seminar: Seminar
    reason: str


class TouchedCounts(NamedTuple):
    bookings: int
    seminars: int

    @property
    def total(self) -> int:
        return self.bookings + self.seminars

    @property
    def words(self) -> str:
        """«2 консультации, 1 семинар: в это время закрыто, урок или отсутствие…»; "" when there is none."""
        said = []
        if self.bookings:
            words = ngettext("{count} consultation", "{count} consultations", self.bookings)
            said.append(words.format(count=self.bookings))
        if self.seminars:
            words = ngettext("{count} seminar", "{count} seminars", self.seminars)
            said.append(words.format(count=self.seminars))
        if not said:
            return ""
        return _("{what} cannot be held as agreed: the day is closed, or the specialist is not there.").format(
            what=_(" and ").join(said)
        )


def touched_bookings(member: Membership, *, at: datetime, own_only: bool = False) -> TouchedList:
    """Coming consultations of the school of `member` that the calendar or the hours do not allow any more, the nearest
    first; with `own_only`, those that the member gives.

    At most `SHOWN`, each with the first free time after its own; no time is proposed to two. Eight queries.
    """
    availability = _availability(member.school, at=at)
    directions = {one.pk: one for one in availability.directions}
    met, found = _met(availability, _coming(member, at=at, own_only=own_only)), TouchedList()
    found.all = frozenset(booking.pk for booking, _reason in met)
    for booking, reason in met[:SHOWN]:
        seen, direction = availability.seen_by(booking.teacher, moved=booking), directions[booking.direction_id]
        time = seen.first_from(direction, booking.starts_at)
        found.append(Touched(booking, reason, time, seen.people[time.specialist] if time else None))
        if time:
            availability.engagements.bookings.append(_as_moved(booking, direction, time))
    return found


def touched_seminars(member: Membership, *, at: datetime, own_only: bool = False) -> list[TouchedSeminar]:
    """Coming seminars of the school on whose days the calendar has changed, or whose leader is not there, the nearest
    first; with `own_only`, those that the member leads. Five queries."""
    coming = list(_coming_seminars(member, at=at, own_only=own_only).with_leaders())
    if not coming:
        return []
    days = SeminarDays.of(coming)
    met = [TouchedSeminar(one, days.why_not(one, one.leaders.all())) for one in coming]
    return [one for one in met if one.reason and one.reason != one.seminar.in_spite_of]


def touched_counts(member: Membership, *, at: datetime, own_only: bool = False) -> TouchedCounts:
    """How many there are of both. Two queries while the calendar, the lessons and the hours are as they were."""
    school = member.school
    bookings, seminars = _coming(member, at=at, own_only=own_only), 0
    met = []
    if bookings_in_doubt(bookings, school, at=at).exists():
        met = _met(_availability(school, at=at), bookings)
    if seminars_in_doubt(_coming_seminars(member, at=at, own_only=own_only), school, at=at).exists():
        seminars = len(touched_seminars(member, at=at, own_only=own_only))
    return TouchedCounts(len(met), seminars)


def reason_against(booking: Booking, *, at: datetime) -> str:
    """Why a coming consultation is in the list, in the very words; "" when it is not."""
    availability = _availability(booking.teacher.school, at=at, direction=booking.direction_id)
    is_agreed = TimeRequest.objects.filter(booking=booking).exists()
    return "".join(_reason(availability, one, booking, is_agreed=is_agreed) for one in availability.directions)


def _availability(school: School, *, at: datetime, direction: int | None = None) -> Availability:
    """As nobody in particular sees it; of one direction or of all."""
    directions = Direction.objects.filter(pk=direction) if direction else Direction.objects.all()
    return Availability(directions, teacher=Membership(school=school), at=at)


def _coming(member: Membership, *, at: datetime, own_only: bool) -> BookingQuerySet:
    coming = Booking.objects.of_school(member.school).coming(at=at).filter(starts_at__gt=at)
    return (coming.of_specialist(member) if own_only else coming).order_by("starts_at", "pk")


def _coming_seminars(member: Membership, *, at: datetime, own_only: bool) -> SeminarQuerySet:
    coming = Seminar.objects.visible_to(member).coming(at=at).filter(starts_at__gt=at)
    return coming.led_by(member) if own_only else coming


def _met(availability: Availability, coming: BookingQuerySet) -> list[tuple[Booking, str]]:
    """Each with the reason, but those of which people have decided already."""
    directions = {one.pk: one for one in availability.directions}
    agreed = Exists(TimeRequest.objects.filter(booking=OuterRef("pk")))
    found = []
    for booking in coming.with_people().annotate(is_agreed=agreed):
        direction = directions.get(booking.direction_id)
        reason = _reason(availability, direction, booking, is_agreed=booking.is_agreed) if direction else ""
        if reason and reason != booking.in_spite_of:
            found.append((booking, reason))
    return found


def _reason(availability: Availability, direction: Direction, booking: Booking, *, is_agreed: bool) -> str:
    """What was agreed by a proposal of times needs no hours."""
    span = booking.starts_at, booking.ends_at
    direction = copy(direction)
    direction.room = booking.room  # it is given there: closures of that room count
    by_calendar, of_person = availability.objections(direction, *span, specialist=booking.specialist)
    if not (by_calendar or of_person or is_agreed):
        by_calendar = [availability.outside_hours(direction, *span, specialist=booking.specialist_id)]
    return joined([*by_calendar, *of_person])


def _as_moved(booking: Booking, direction: Direction, time: FreeTime) -> Booking:
    """As it will be, never saved: nobody else is proposed what is taken then."""
    return Booking(
        starts_at=time.starts_at,
        ends_at=time.ends_at,
        direction_id=direction.pk,
        specialist_id=time.specialist,
        teacher_id=booking.teacher_id,
        room_id=direction.room_id,
        room_place=time.room_place,
    )
