"""A consultation booked; the same time is never given to two."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.utils import IntegrityError, OperationalError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ..availability import Availability
from ..free_times import FreeTime
from ..models import Booking, Direction, Room, Screenshot, Topic
from ..moments import said_day
from . import refusals
from .engagements import seminars_between
from .screenshots import attach_screenshot
from .specialists import may_book_for_others, specialists_of
from .telling import told_booked

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
    topic: Topic | None = None,
    school_class: str = "",
    subject: str = "",
    screenshot: Screenshot | None = None,
    beyond_limit: bool = False,
) -> Booking:
    """Book a consultation for `teacher`; without `specialist`, with the free one who has fewest ahead.

    `by` is the teacher, or somebody who books for a teacher who came or phoned: see `may_book_for_others`; the limit
    and the clashes are the teacher's. Who books for another may go `beyond_limit`; nobody may for oneself.
    PermissionDenied if not, or if they are of different schools. ValidationError "empty_question"; "past_time";
    "time_taken" (also when lost by a moment); "teacher_taken" if the teacher is busy then; "not_free" if there are
    no hours then: a day off, too late, too far ahead; "too_many_open" if the teacher has as many consultations ahead
    in the direction as it allows; "other_direction" if the topic is of another.
    """
    if direction.schedule.order.school_id != teacher.school_id:
        raise PermissionDenied
    if by.pk != teacher.pk and not (
        by.school_id == teacher.school_id and may_book_for_others(by, direction, on=localdate(at, teacher.school.zone))
    ):
        raise PermissionDenied
    question = refusals.need_question(question)
    if topic and topic.direction_id != direction.pk:
        raise ValidationError(_("This topic is of another direction. Choose one from the list."), "other_direction")
    with kept_by_the_database(), transaction.atomic():
        day = localdate(starts_at, teacher.school.zone)
        candidates = [specialist] if specialist else specialists_of(direction, teacher, on=day)
        lock([teacher.pk, *(one.pk for one in candidates)], direction.room_id)
        availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
        free = free_at(availability, direction, starts_at, specialist, by=by)
        if not beyond_limit or by.pk == teacher.pk:
            refuse_beyond_limit(direction, teacher, by=by, at=at)
        booking = write_booking(
            direction,
            specialist=availability.people[free.specialist],
            teacher=teacher,
            span=(free.starts_at, free.ends_at),
            room_place=free.room_place,
            question=question,
            by=by,
            at=at,
            topic=topic,
            school_class=school_class.strip(),
            subject=subject.strip(),
        )
        if screenshot:
            attach_screenshot(screenshot, booking, by=by)
        return booking


def lock(people: Iterable[int], *rooms: int | None) -> None:
    """Hold the rows of the people, then of the rooms, in one order everywhere: else PostgreSQL answers with deadlocks.

    A booking that is changed is locked after them. SQLite lets one writer in at a time by itself.
    """
    for model, wanted in ((Membership, set(people)), (Room, {room for room in rooms if room})):
        if wanted:
            rows = model.objects.select_for_update(no_key=True).filter(pk__in=wanted)
            list(rows.order_by("pk").values_list("pk", flat=True))


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
    topic: Topic | None = None,
    school_class: str = "",
    subject: str = "",
) -> Booking:
    """Write a booking and tell of it; the people and the room are locked."""
    starts_at, ends_at = span
    booking = Booking(
        direction=direction,
        specialist=specialist,
        teacher=teacher,
        room=direction.room,
        room_place=room_place,
        starts_at=starts_at,
        ends_at=ends_at,
        topic=topic,
        school_class=school_class,
        subject=subject,
        question=question,
        booked_by=by,
        booked_at=at,
        changed_at=at,
    )
    save_in_its_time(booking, by=by)
    record("consultations.booked", booking, by=by)  # not the question: the journal has other readers
    told_booked(booking, by)
    return booking


def save_in_its_time(booking: Booking, *, by: Membership, fields: Iterable[str] | None = None) -> None:
    """Save a booking, new or with other `fields`, if nobody and nothing of it is taken then; all of it is locked.

    ValidationError "time_taken", "teacher_taken".
    """
    teacher = booking.teacher
    # Nobody is in two places: the constraint compares teachers with teachers, this compares them with specialists.
    others = Booking.objects.live().between(booking.starts_at, booking.ends_at).exclude(pk=booking.pk)
    if others.filter(specialist=teacher).exists():
        raise refusals.teacher_taken(teacher, by=by)
    if others.filter(teacher=booking.specialist).exists():
        raise refusals.taken(booking.starts_at, teacher.school.zone)
    seminars = seminars_between(teacher.school_id, booking.starts_at, booking.ends_at)
    if teacher.pk in seminars.people:
        raise refusals.in_seminar(teacher, by=by)
    if booking.specialist_id in seminars.people or booking.room_id in seminars.rooms:
        raise refusals.taken(booking.starts_at, teacher.school.zone)
    try:
        booking.full_clean()
    except ValidationError as error:
        raise refusals.in_words(error, booking.starts_at, teacher, by=by) from error
    try:
        with transaction.atomic():
            booking.save(update_fields=fields)
    except IntegrityError as error:  # lost by a moment to somebody who does not lock
        refusal = refusals.of_the_database(error)
        if refusal is None:
            raise
        raise refusals.in_words(refusal, booking.starts_at, teacher, by=by) from error


def refuse_beyond_limit(direction: Direction, teacher: Membership, *, by: Membership, at: datetime) -> None:
    """ValidationError "too_many_open" if one more is too many; the teacher is locked, so two tabs are counted."""
    found = Booking.objects.open_in(direction, teacher=teacher, at=at).count()
    if found < direction.open_limit:
        return
    if by.pk == teacher.pk:
        words = ngettext(
            "You already have {count} consultation ahead in this direction, more cannot be booked. "
            "Cancel or move it in “My consultations”.",
            "You already have {count} consultations ahead in this direction, more cannot be booked. "
            "Cancel or move one in “My consultations”.",
            found,
        )
    else:
        words = ngettext(
            "The teacher already has {count} consultation ahead in this direction, more cannot be booked.",
            "The teacher already has {count} consultations ahead in this direction, more cannot be booked.",
            found,
        )
    raise ValidationError(words.format(count=found), code="too_many_open")


@contextmanager
def kept_by_the_database() -> Iterator[None]:
    """Many wrote at once: whom PostgreSQL chose as a victim finds the time taken, who waited too long reads that.

    ValidationError "time_taken", "busy" (SQLite lets one writer in at a time, and a queue may be long).
    """
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) == DEADLOCK:
            raise ValidationError(_("This time has just been taken. Choose another."), code="time_taken") from error
        if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            words = _("Very many people are writing at this moment. Nothing is lost: press the button once more.")
            raise ValidationError(words, code="busy") from error
        raise


def free_at(
    availability: Availability,
    direction: Direction,
    starts_at: datetime,
    specialist: Membership | None,
    *,
    by: Membership,
) -> FreeTime:
    """The free time that begins at `starts_at`, or the refusal in words."""
    zone, day = availability.zone, localdate(starts_at, availability.zone)
    if starts_at <= availability.at:
        raise refusals.past(starts_at, zone)
    not_free = refusals.not_free(starts_at, zone)
    if not availability.directions:
        raise ValidationError(not_free, code="not_free")
    wanted = specialist.pk if specialist else None
    ends_at = starts_at + timedelta(minutes=direction.slot_minutes)
    direction = next(one for one in availability.directions if one == direction)  # read under the lock: its room too

    def at_start(times: list[FreeTime]) -> list[FreeTime]:
        return [one for one in times if one.starts_at == starts_at]

    if free := availability.one_per_start(at_start(availability.times(direction, day, day, specialist=wanted))):
        return free[0]
    by_hours = at_start(availability.times(direction, day, day, specialist=wanted, heed_bookings=False))
    if by_hours:
        span = by_hours[0].starts_at, by_hours[0].ends_at
        mine = Q(teacher=availability.teacher) | Q(specialist=availability.teacher)
        others = Booking.objects.live().between(*span).exclude(pk=availability.moved.pk if availability.moved else None)
        if others.filter(mine).exists():
            raise refusals.teacher_taken(availability.teacher, by=by)
        if availability.teacher.pk in seminars_between(availability.school.pk, *span).people:
            raise refusals.in_seminar(availability.teacher, by=by)
        raise refusals.taken(starts_at, zone)
    if starts_at < availability.at + timedelta(minutes=direction.notice_minutes):
        reason = ngettext(
            "This must be done at least {count} minute before.",
            "This must be done at least {count} minutes before.",
            direction.notice_minutes,
        ).format(count=direction.notice_minutes)
    elif day > (horizon := availability.rules(direction).horizon(availability.today)):
        reason = _("Booking is open until {day}.").format(day=said_day(horizon))
    elif words := availability.why_not(direction, starts_at, ends_at, specialist=wanted):
        [reason] = refusals.closed(words).messages
    elif availability.teaches(starts_at, ends_at):
        raise refusals.has_lesson(availability.teacher, by=by)
    else:
        reason = _("There are no hours then.")
    raise ValidationError(f"{not_free} {reason}", code="not_free")


def lowest_free_place(room: Room | None, starts_at: datetime, ends_at: datetime, *, but: int = 0) -> int | None:
    """The lowest free place of a room, None without a room; ValidationError "time_taken" if all are taken.

    The room is locked and asked anew how many it holds. Booking number `but` takes none: it is the one to be seated.
    """
    if room is None:
        return None
    taken = set(
        Booking.objects.live()
        .between(starts_at, ends_at)
        .filter(room=room)
        .exclude(pk=but)
        .values_list("room_place", flat=True)
    )
    # Of a room that lost places some may stand above the last: they count as any other.
    if len(taken) < Room.objects.values_list("places", flat=True).get(pk=room.pk):
        return next(place for place in count(1) if place not in taken)
    raise ValidationError(
        _("Room {room} is taken at this time. Choose another time.").format(room=room), code="time_taken"
    )
