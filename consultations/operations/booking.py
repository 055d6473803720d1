"""A consultation booked or cancelled; the same time is never given to two."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.utils import IntegrityError, OperationalError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..availability import Availability
from ..free_times import FreeTime
from ..models import Booking, Direction, Room
from ..moments import said_day, said_moment
from ..no_overlap import refusal_of
from . import refusals
from .engagements import seminars_between
from .specialists import gives_help, specialists_of
from .telling import told_booked, told_cancelled

DEADLOCK = "40P01"  # PostgreSQL's code


def book_consultation(
    direction: Direction,
    *,
    specialist: Membership | None,
    starts_at: datetime,
    teacher: Membership,
    question: str,
    by: Membership,
    at: datetime,
) -> Booking:
    """Book a consultation for `teacher`; without `specialist`, with the free one who has fewest ahead.

    `by` is the teacher, or somebody who gives help and books for a teacher who came or phoned.
    PermissionDenied if not, or if they are of different schools. ValidationError "empty_question"; "past_time";
    "time_taken" (also when lost by a moment); "teacher_taken" if the teacher is busy then; "not_free" if there are
    no hours then: a day off, too late, too far ahead.
    """
    if direction.schedule.order.school_id != teacher.school_id:
        raise PermissionDenied
    if by.pk != teacher.pk and not (
        by.school_id == teacher.school_id and gives_help(by, on=localdate(at, teacher.school.zone))
    ):
        raise PermissionDenied
    question = refusals.need_question(question)
    with kept_by_the_database(), transaction.atomic():
        day = localdate(starts_at, teacher.school.zone)
        candidates = [specialist] if specialist else specialists_of(direction, teacher, on=day)
        lock([teacher.pk, *(one.pk for one in candidates)], direction.room_id)
        availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
        free = _free(availability, direction, starts_at, specialist)
        return write_booking(
            direction,
            specialist=availability.people[free.specialist],
            teacher=teacher,
            span=(free.starts_at, free.ends_at),
            room_place=free.room_place,
            question=question,
            by=by,
            at=at,
        )


@transaction.atomic
def cancel_booking(booking: Booking, *, by: Membership, at: datetime, reason: str = "") -> None:
    """Cancel a consultation that has not begun; the others whom it concerns are told.

    By the teacher, the specialist or the administration (else PermissionDenied). ValidationError "reason_missing"
    if anybody but the teacher gives no reason; "already_cancelled"; "already_begun" at its first moment or later.
    """
    is_administration = by.may(Ability.EDIT_ORDER, on=localdate(at)) and by.school_id == booking.teacher.school_id
    if by.pk not in (booking.teacher_id, booking.specialist_id) and not is_administration:
        raise PermissionDenied
    reason = reason.strip()
    if by.pk != booking.teacher_id and not reason:
        raise ValidationError(_("Write why: the teacher will read it."), code="reason_missing")
    won = (
        Booking.objects.live()
        .filter(pk=booking.pk, starts_at__gt=at)
        .update(
            cancelled_at=at,
            cancelled_by=by,
            cancelled_because=reason,
            changed_at=at,
            sequence=F("sequence") + 1,
        )
    )
    booking.refresh_from_db(fields=["cancelled_at", "cancelled_by", "cancelled_because", "changed_at", "sequence"])
    if not won and booking.cancelled_at:
        raise ValidationError(_("This consultation is already cancelled."), code="already_cancelled")
    if not won:
        raise ValidationError(_("This consultation has begun and can no longer be cancelled."), code="already_begun")
    record("consultations.cancelled", booking, by=by, changes=[(_("reason"), "", reason)])
    told_cancelled(booking, by)


def lock(people: Iterable[int], room_id: int | None) -> None:
    """Hold the rows of the people, then of the room, in one order everywhere: else PostgreSQL answers with deadlocks.

    SQLite lets one writer in at a time by itself.
    """
    list(
        Membership.objects.select_for_update(no_key=True)
        .filter(pk__in=set(people))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if room_id:
        list(Room.objects.select_for_update(no_key=True).filter(pk=room_id).values_list("pk", flat=True))


def write_booking(
    direction: Direction,
    *,
    specialist: Membership,
    teacher: Membership,
    span: tuple[datetime, datetime],
    room_place: int | None,
    question: str,
    by: Membership,
    at: datetime,
) -> Booking:
    """Write a booking and tell of it; the people and the room are locked."""
    starts_at, ends_at = span
    # Nobody is in two places: the constraint compares teachers with teachers, this compares them with specialists.
    others = Booking.objects.live().between(starts_at, ends_at)
    if others.filter(Q(specialist=teacher)).exists():
        raise refusals.teacher_taken()
    if others.filter(Q(teacher=specialist)).exists():
        raise refusals.taken(starts_at, teacher.school.zone)
    seminars = seminars_between(teacher.school_id, starts_at, ends_at)
    if teacher.pk in seminars.people:
        raise refusals.in_seminar()
    if specialist.pk in seminars.people or direction.room_id in seminars.rooms:
        raise refusals.taken(starts_at, teacher.school.zone)
    booking = Booking(
        direction=direction,
        specialist=specialist,
        teacher=teacher,
        room=direction.room,
        room_place=room_place,
        starts_at=starts_at,
        ends_at=ends_at,
        question=question,
        booked_by=by,
        changed_at=at,
    )
    try:
        booking.full_clean()
    except ValidationError as error:
        raise refusals.in_words(error, starts_at, teacher) from error
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:  # lost by a moment to somebody who does not lock
        refusal = refusal_of(error, Booking)
        if refusal is None:
            raise
        raise refusals.in_words(refusal, starts_at, teacher) from error
    record("consultations.booked", booking, by=by)  # not the question: the journal has other readers
    told_booked(booking, by)
    return booking


@contextmanager
def kept_by_the_database() -> Iterator[None]:
    """Two people wrote at once and PostgreSQL chose a victim: for the victim the time is taken."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
            raise
        raise ValidationError(_("This time has just been taken. Choose another."), code="time_taken") from error


def _free(
    availability: Availability, direction: Direction, starts_at: datetime, specialist: Membership | None
) -> FreeTime:
    """The free time that begins at `starts_at`, or the refusal in words."""
    zone, day = availability.zone, localdate(starts_at, availability.zone)
    if starts_at <= availability.at:
        raise refusals.past(starts_at, zone)
    not_free = _("One cannot book {moment}.").format(moment=said_moment(starts_at, zone))
    if not availability.directions:
        raise ValidationError(not_free, code="not_free")
    wanted = specialist.pk if specialist else None

    def at_start(times: list[FreeTime]) -> list[FreeTime]:
        return [one for one in times if one.starts_at == starts_at]

    if free := availability.one_per_start(at_start(availability.times(direction, day, day, specialist=wanted))):
        return free[0]
    by_hours = at_start(availability.times(direction, day, day, specialist=wanted, heed_bookings=False))
    if by_hours:
        span = by_hours[0].starts_at, by_hours[0].ends_at
        mine = Q(teacher=availability.teacher) | Q(specialist=availability.teacher)
        if Booking.objects.live().between(*span).filter(mine).exists():
            raise refusals.teacher_taken()
        if availability.teacher.pk in seminars_between(availability.school.pk, *span).people:
            raise refusals.in_seminar()
        raise refusals.taken(starts_at, zone)
    if starts_at < availability.at + timedelta(minutes=direction.notice_minutes):
        reason = ngettext(
            "This must be done at least {count} minute before.",
            "This must be done at least {count} minutes before.",
            direction.notice_minutes,
        ).format(count=direction.notice_minutes)
    elif day > (horizon := availability.rules(direction).horizon(availability.today)):
        reason = _("Booking is open until {day}.").format(day=said_day(horizon))
    elif words := availability.closed(direction, day):
        reason = _("No consultations that day: {reason}.").format(reason=words)
    else:
        reason = _("There are no hours then.")
    raise ValidationError(f"{not_free} {reason}", code="not_free")
