"""What is done in Annex 3: a consultation booked, cancelled, marked; a time asked for and agreed on; hours read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.utils import IntegrityError, OperationalError
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, MembershipQuerySet, School
from ejournal_rollout.people.parties import Party, is_named, read_parties
from ejournal_rollout.people.roles import Ability, Role, abilities

from .availability import Availability
from .free_times import FreeTime
from .hours import NOTES, HoursReading, Kind, Slot, read_hours
from .models import Booking, Direction, DirectionRole, Hours, ProposedTime, Room, TimeRequest
from .moments import said_day, said_moment, said_span
from .no_overlap import refusal_of

DEADLOCK = "40P01"  # PostgreSQL's code
TIMES_PROPOSED = 3
# With these doubts the hours are certain all the same; any other is settled by a person before anything is offered.
HARMLESS_DOUBTS = NOTES | {"month_assumed", "words_unread", "hours_missing", "start_missing", "end_missing"}


# --- Booking


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
    question = _asked(question)
    with _kept_by_the_database(), transaction.atomic():
        day = localdate(starts_at, teacher.school.zone)
        candidates = [specialist] if specialist else _specialists(direction, teacher, on=day)
        _lock([teacher.pk, *(one.pk for one in candidates)], direction.room_id)
        availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
        free = _free(availability, direction, starts_at, specialist)
        return _write_booking(
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
        .update(cancelled_at=at, cancelled_by=by, cancelled_because=reason)
    )
    booking.refresh_from_db(fields=["cancelled_at", "cancelled_by", "cancelled_because"])
    if not won and booking.cancelled_at:
        raise ValidationError(_("This consultation is already cancelled."), code="already_cancelled")
    if not won:
        raise ValidationError(_("This consultation has begun and can no longer be cancelled."), code="already_begun")
    record("consultations.cancelled", booking, by=by, changes=[(_("reason"), "", reason)])
    words = _("The consultation {moment} is cancelled by {person}: {direction}.").format(
        moment=_said(booking), person=by.name, direction=booking.direction
    )
    if reason:
        words = " ".join([words, _("Reason: {reason}").format(reason=reason)])
    _tell(booking, "consultations.cancelled", words, but=by)


@transaction.atomic
def mark_attendance(booking: Booking, *, by: Membership, came: bool, outcome: str = "", at: datetime) -> None:
    """Say whether the teacher came and what was solved; a mark may be corrected.

    Only by the booking's specialist (else PermissionDenied). ValidationError "not_begun" before it begins,
    "already_cancelled" if it did not take place.
    """
    if by.pk != booking.specialist_id:
        raise PermissionDenied
    if booking.starts_at > at:
        raise ValidationError(_("This consultation has not begun yet."), code="not_begun")
    marked = Booking.objects.live().filter(pk=booking.pk).update(came=came, outcome=outcome.strip())
    if not marked:
        raise ValidationError(_("This consultation is already cancelled."), code="already_cancelled")
    words = {None: "", True: _("came"), False: _("did not come")}
    changes = [(_("attendance"), words[booking.came], words[came]), (_("outcome"), booking.outcome, outcome.strip())]
    record("consultations.attendance", booking, by=by, changes=changes)
    booking.came, booking.outcome = came, outcome.strip()


# --- "As needed"


@transaction.atomic
def propose_times(
    direction: Direction, *, teacher: Membership, question: str, times: Sequence[datetime], at: datetime
) -> TimeRequest:
    """Ask for a consultation at one of up to three times; the specialists of the direction are told.

    ValidationError "empty_question", "no_times", "too_many_times", "past_time", "not_free" (closed, or beyond what
    may be booked), "not_on_demand", "already_asked" (one waiting request in a direction is enough: our decision);
    PermissionDenied in another school.
    """
    if direction.schedule.order.school_id != teacher.school_id:
        raise PermissionDenied
    question = _asked(question)
    times = sorted(set(times))
    availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
    if not direction.is_on_demand or not availability.directions:
        raise ValidationError(_("In this direction times are booked by the hours."), code="not_on_demand")
    if not times:
        raise ValidationError(_("Propose at least one time."), code="no_times")
    if len(times) > TIMES_PROPOSED:
        raise ValidationError(_("Propose no more than three times."), code="too_many_times")
    for one in times:
        _may_be_proposed(one, availability, direction)
    # The lock lets a double click pass here one after the other on PostgreSQL, as on SQLite.
    _lock([teacher.pk], None)
    if TimeRequest.objects.waiting().filter(direction=direction, teacher=teacher).exists():
        raise ValidationError(
            _("You have already asked in this direction. Wait for the answer or withdraw the request."),
            code="already_asked",
        )
    time_request = TimeRequest.objects.create(direction=direction, teacher=teacher, question=question)
    ProposedTime.objects.bulk_create(ProposedTime(time_request=time_request, starts_at=one) for one in times)
    zone = teacher.school.zone
    record(
        "consultations.time_requested",
        time_request,
        by=teacher,
        changes=[(_("proposed times"), "", "; ".join(said_moment(one, zone) for one in times))],
    )
    notify(
        _who_answers(direction, teacher, on=localdate(at, zone)),
        key=f"consultations.time_requested:{time_request.pk}",
        words=_("{teacher} asks for a consultation: {direction}. Choose one of the proposed times.").format(
            teacher=teacher.name, direction=direction
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )
    return time_request


def accept_time(time_request: TimeRequest, proposed: ProposedTime, *, by: Membership, at: datetime) -> Booking:
    """Agree to one of the proposed times; `by` gives the consultation.

    Only who gives help in the direction that day (else PermissionDenied). ValidationError "already_answered",
    "past_time", "time_taken", "teacher_taken", "order_closed" (the teacher proposes again by the new schedule).
    """
    direction, teacher = time_request.direction, time_request.teacher
    zone = teacher.school.zone
    starts_at, ends_at = proposed.starts_at, proposed.starts_at + timedelta(minutes=direction.slot_minutes)
    if proposed.time_request_id != time_request.pk or not may_answer(time_request, by, on=localdate(at, zone)):
        raise PermissionDenied
    if not may_answer(time_request, by, on=localdate(starts_at, zone)):
        raise PermissionDenied
    if starts_at <= at:
        raise _past(starts_at, zone)
    if not Direction.objects.in_force().filter(pk=direction.pk).exists():
        raise ValidationError(
            _("The order of this schedule is closed. Ask the teacher to propose a time by the new schedule."),
            code="order_closed",
        )
    with _kept_by_the_database(), transaction.atomic():
        _lock([by.pk, teacher.pk], direction.room_id)
        booking = _write_booking(
            direction,
            specialist=by,
            teacher=teacher,
            span=(starts_at, ends_at),
            room_place=_lowest_free_place(direction.room, starts_at, ends_at),
            question=time_request.question,
            by=by,
            at=at,
        )
        if not TimeRequest.objects.waiting().filter(pk=time_request.pk).update(booking=booking):
            raise _answered()
        record(
            "consultations.time_accepted",
            time_request,
            by=by,
            changes=[(_("time"), "", said_span(starts_at, ends_at, zone))],
        )
    time_request.booking = booking
    return booking


@transaction.atomic
def decline_times(time_request: TimeRequest, *, by: Membership, answer: str, at: datetime) -> None:
    """None of the times suits; `answer` says what does. ValidationError "answer_missing", "already_answered"."""
    zone = time_request.teacher.school.zone
    if not may_answer(time_request, by, on=localdate(at, zone)):
        raise PermissionDenied
    answer = answer.strip()
    if not answer:
        raise ValidationError(_("Write to the teacher why, and which time would suit."), code="answer_missing")
    waiting = TimeRequest.objects.waiting().filter(pk=time_request.pk)
    if not waiting.update(declined_at=at, declined_by=by, answer=answer):
        raise _answered()
    time_request.refresh_from_db()
    record("consultations.time_declined", time_request, by=by, changes=[(_("answer"), "", answer)])
    notify(
        [time_request.teacher],
        key=f"consultations.time_declined:{time_request.pk}",
        words=_("{person} cannot come at the times that you proposed ({direction}): {answer}").format(
            person=by.name, direction=time_request.direction, answer=answer
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )


@transaction.atomic
def withdraw_request(time_request: TimeRequest, *, by: Membership, at: datetime) -> None:
    """The teacher no longer needs it. PermissionDenied to others; ValidationError "already_answered"."""
    if by.pk != time_request.teacher_id:
        raise PermissionDenied
    if not TimeRequest.objects.waiting().filter(pk=time_request.pk).update(withdrawn_at=at):
        raise _answered()
    time_request.refresh_from_db()
    record("consultations.time_withdrawn", time_request, by=by)
    notify(
        _who_answers(time_request.direction, by, on=localdate(at, by.school.zone)),
        key=f"consultations.time_withdrawn:{time_request.pk}",
        words=_("{teacher} has withdrawn the request for a time: {direction}.").format(
            teacher=by.name, direction=time_request.direction
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )


def may_answer(time_request: TimeRequest, member: Membership, *, on: date) -> bool:
    """Whether a member gives help in the direction of the request that day; nobody answers oneself."""
    roles = member.roles_on(on)  # none of one who has left
    return (
        member.pk != time_request.teacher_id
        and member.school_id == time_request.teacher.school_id
        and bool(roles)
        and time_request.direction.direction_roles.of_specialist(member, roles=roles).exists()
    )


def gives_help(member: Membership, *, on: date) -> bool:
    """Whether a member is a specialist that day: by a role, or because the schedule in force names the person."""
    roles = member.roles_on(on)  # none of one who has left
    by_role = Ability.GIVE_HELP in abilities(roles)
    return by_role or (bool(roles) and DirectionRole.objects.in_force().filter(person=member).exists())


# --- What the order says


@transaction.atomic
def read_hours_into(direction: Direction) -> HoursReading:
    """Set the hours of a direction from its printed words; the doubts are for a person to settle.

    Nothing is guessed: a statement without days, start or end gives no hours, and a cell whose reading is doubtful
    gives none at all.
    """
    reading = read_hours(direction.hours_printed)
    direction.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(direction=direction, weekday=weekday, starts=starts, ends=ends, weeks=weeks)
        for weekday, starts, ends, weeks in hours_read(reading)
    )
    direction.is_on_demand = any(slot.kind == Kind.ON_DEMAND for slot in reading.slots)
    direction.save(update_fields=["is_on_demand"])
    return reading


def hours_read(reading: HoursReading) -> list[tuple[int, object, object, str]]:
    """(weekday, from, to, weeks) of each certain statement of a reading; weekday 0 is every working day."""
    if not HARMLESS_DOUBTS.issuperset(reading.doubts):
        return []
    return [
        (weekday, slot.start, slot.end, ",".join(str(week) for week in slot.weeks))
        for slot in reading.slots
        if slot.kind in (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY) and slot.start and slot.end
        for weekday in _weekdays(slot)
    ]


@transaction.atomic
def set_specialists(direction: Direction, printed: str) -> list[DirectionRole]:
    """Set who gives the help from the words of the order; words that mean no known role or person stay as printed.

    Where the order names a person, that person serves and no other holder of the same post: our decision. One who is
    not found on the staff, or not alone of that name, is for a person to choose.
    """
    direction.specialists_printed = printed
    direction.save(update_fields=["specialists_printed"])
    direction.direction_roles.all().delete()
    return DirectionRole.objects.bulk_create(
        DirectionRole(
            direction=direction,
            position=place,
            words=one.words[:300],
            role="" if one.person else one.role or "",
            person=_person_of(one, direction.schedule.order.school),
        )
        for place, one in enumerate(read_parties(printed), start=1)
    )


@transaction.atomic
def find_named_persons(order: Order) -> None:
    """Look again for the persons whom the schedule names: staff may have been added after the paper was read."""
    for line in DirectionRole.objects.unsettled().filter(direction__schedule__order=order):
        found = {_person_of(party, order.school) for party in read_parties(line.words)} - {None}
        if len(found) == 1:
            line.person = found.pop()
            line.save(update_fields=["person"])


# --- Inside


def _weekdays(slot: Slot) -> Iterable[int]:
    return (Hours.Weekday.WORKING_DAYS.value,) if slot.working_days else slot.weekdays


def _person_of(party: Party, school: School) -> Membership | None:
    """The one working member of staff whom a party names; None if it names nobody, or not exactly one."""
    if not party.person:
        return None
    staff = Membership.objects.filter(school=school).working(on=localdate(timezone=school.zone)).select_related("user")
    found = [
        one for one in staff if is_named(party.person, one.user.last_name, one.user.first_name, one.user.patronymic)
    ]
    return found[0] if len(found) == 1 else None


def _specialists(direction: Direction, teacher: Membership, *, on: date) -> MembershipQuerySet:
    """Who gives the help that day, but not to themselves."""
    staff = Membership.objects.visible_to(teacher).exclude(pk=teacher.pk)
    return staff.serving(direction.roles, named=direction.named, on=on)


def _asked(question: str) -> str:
    if not question.strip():
        raise ValidationError(_("Write your question: the specialist will prepare for it."), code="empty_question")
    return question.strip()


def _lock(people: Iterable[int], room_id: int | None) -> None:
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


def _free(
    availability: Availability, direction: Direction, starts_at: datetime, specialist: Membership | None
) -> FreeTime:
    """The free time that begins at `starts_at`, or the refusal in words."""
    zone, day = availability.zone, localdate(starts_at, availability.zone)
    if starts_at <= availability.at:
        raise _past(starts_at, zone)
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
            raise _teacher_taken()
        raise _taken(starts_at, zone)
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


def _may_be_proposed(moment: datetime, availability: Availability, direction: Direction) -> None:
    zone, day = availability.zone, localdate(moment, availability.zone)
    if moment <= availability.at:
        raise _past(moment, zone)
    if day > availability.rules(direction).last_day or moment > availability.at + timedelta(days=366):
        raise ValidationError(
            _("{day} is after the school year of the order.").format(day=f"{day:%d.%m.%Y}"), code="not_free"
        )
    if day <= availability.last_shown and (words := availability.closed_words(day)):
        raise ValidationError(
            _("{day}: the school is closed ({reason}). Choose another day.").format(day=said_day(day), reason=words),
            code="not_free",
        )


def _write_booking(
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
        raise _teacher_taken()
    if others.filter(Q(teacher=specialist)).exists():
        raise _taken(starts_at, teacher.school.zone)
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
    )
    try:
        booking.full_clean()
    except ValidationError as error:
        raise _in_words(error, starts_at, teacher) from error
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:  # lost by a moment to somebody who does not lock
        refusal = refusal_of(error, Booking)
        if refusal is None:
            raise
        raise _in_words(refusal, starts_at, teacher) from error
    record("consultations.booked", booking, by=by)  # not the question: the journal has other readers
    words = _("Consultation {moment}: {direction}. Teacher: {teacher}, specialist: {specialist}.").format(
        moment=_said(booking), direction=direction, teacher=teacher.name, specialist=specialist.name
    )
    _tell(booking, "consultations.booked", words, but=by)
    return booking


@contextmanager
def _kept_by_the_database() -> Iterator[None]:
    """Two people wrote at once and PostgreSQL chose a victim: for the victim the time is taken."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) != DEADLOCK:
            raise
        raise ValidationError(_("This time has just been taken. Choose another."), code="time_taken") from error


def _in_words(error: ValidationError, starts_at: datetime, teacher: Membership) -> ValidationError:
    errors = [one for found in error.error_dict.values() for one in found] if hasattr(error, "error_dict") else [error]
    codes = {one.code for one in errors}
    if "teacher_taken" in codes:
        return _teacher_taken()
    if codes & {"specialist_taken", "room_taken"}:
        return _taken(starts_at, teacher.school.zone)
    return error


def _taken(starts_at: datetime, zone: object) -> ValidationError:
    return ValidationError(
        _("{moment} has just been taken. Choose another time: your question is kept.").format(
            moment=said_moment(starts_at, zone)
        ),
        code="time_taken",
    )


def _teacher_taken() -> ValidationError:
    return ValidationError(_("You already have a consultation at this time."), code="teacher_taken")


def _past(starts_at: datetime, zone: object) -> ValidationError:
    local = localtime(starts_at, zone)
    return ValidationError(
        _("{moment} is already past. Choose a later time.").format(moment=f"{local:%d.%m.%Y %H:%M}"), code="past_time"
    )


def _answered() -> ValidationError:
    return ValidationError(_("This request has already been answered or withdrawn."), code="already_answered")


def _lowest_free_place(room: Room | None, starts_at: datetime, ends_at: datetime) -> int | None:
    """The lowest free place of a room, None without a room; ValidationError "time_taken" if all are taken."""
    if room is None:
        return None
    taken = set(
        Booking.objects.live().between(starts_at, ends_at).filter(room=room).values_list("room_place", flat=True)
    )
    for place in range(1, room.places + 1):
        if place not in taken:
            return place
    raise ValidationError(
        _("Room {room} is taken at this time. Choose another time.").format(room=room), code="time_taken"
    )


def _who_answers(direction: Direction, teacher: Membership, *, on: date) -> list[Membership]:
    """The specialists of a direction; where nobody is appointed, the administration, lest the request lie unseen."""
    found = list(_specialists(direction, teacher, on=on).with_people())
    return found or list(Membership.objects.visible_to(teacher).with_people().holding(Role.ADMINISTRATION, on=on))


def _said(booking: Booking) -> str:
    return said_span(booking.starts_at, booking.ends_at, booking.teacher.school.zone)


def _tell(booking: Booking, key: str, words: str, *, but: Membership) -> None:
    told = [one for one in (booking.teacher, booking.specialist) if one.pk != but.pk]
    address = booking.get_absolute_url()
    notify(told, key=f"{key}:{booking.pk}", words=words, address=address, topic=Topic.CONSULTATION, about=booking)
