"""A consultation cancelled, taken back, moved to another time: the time given up is free at once."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..availability import Availability
from ..models import Booking, Direction, Room
from ..moments import said_clock, said_day, said_span
from ..seminar_days import joined
from . import refusals
from .booking import free_at, kept_by_the_database, lock, lowest_free_place, refuse_beyond_limit, save_in_its_time
from .specialists import specialists_of
from .telling import told_cancelled, told_kept, told_moved, told_restored
from .touched import reason_against


@kept_by_the_database()
@transaction.atomic
def cancel_booking(booking: Booking, *, by: Membership, at: datetime, reason: str = "") -> None:
    """Cancel a consultation that has not begun; the others whom it concerns are told.

    By the teacher until the cut-off of the direction, by the specialist or the administration until it begins (else
    PermissionDenied). ValidationError "reason_missing" if anybody but the teacher gives no reason;
    "already_cancelled"; "already_begun" at its first moment or later; "too_late" for the teacher after the cut-off.
    """
    need_party(booking, by, at=at)
    reason = reason.strip()
    if by.pk != booking.teacher_id and not reason:
        raise ValidationError(_("Write why: the teacher will read it."), code="reason_missing")
    current = _locked(booking)
    _refuse_change(current, by, at=at)
    Booking.objects.filter(pk=booking.pk).update(
        cancelled_at=at, cancelled_by=by, cancelled_because=reason, changed_at=at, sequence=F("sequence") + 1
    )
    booking.refresh_from_db()
    record("consultations.cancelled", booking, by=by, changes=[(_("reason"), "", reason)])
    told_cancelled(booking, by)


def restore_booking(booking: Booking, *, by: Membership, at: datetime) -> Booking:
    """Take a cancellation back within ten minutes, if the time is still free; the others are told.

    Only who cancelled it (else PermissionDenied). ValidationError "not_cancelled"; "too_late" after
    `Booking.restored_until`; "order_closed"; "not_free" if the day was closed meanwhile; "time_taken"; "teacher_taken",
    also by a lesson; "too_many_open" if another was booked instead.
    """
    with kept_by_the_database(), transaction.atomic():
        lock([booking.teacher_id, booking.specialist_id], booking.room_id)
        current = _locked(booking)
        if current.cancelled_at is None:
            raise ValidationError(_("This consultation is not cancelled."), code="not_cancelled")
        if current.cancelled_by_id != by.pk:
            raise PermissionDenied
        if at > current.restored_until or current.starts_at <= at:
            raise ValidationError(_("It is too late to take this back. Book the time again."), code="too_late")
        _need_order_in_force(current)
        _need_open_time(current, by=by, at=at)
        refuse_beyond_limit(current.direction, current.teacher, by=by, at=at)
        current.room_place = lowest_free_place(current.room, current.starts_at, current.ends_at)
        reason = current.cancelled_because
        current.cancelled_at = current.cancelled_by = None
        current.cancelled_because = ""
        _save_changed(current, "room_place", "cancelled_at", "cancelled_by", "cancelled_because", by=by, at=at)
        record("consultations.restored", current, by=by, changes=[(_("reason"), reason, "")])
        told_restored(current, by)
    booking.refresh_from_db()
    return booking


def move_booking(
    booking: Booking,
    *,
    specialist: Membership | None,
    starts_at: datetime,
    by: Membership,
    at: datetime,
    because: str = "",
) -> Booking:
    """Give a consultation another time in its direction, in one step with the old one given up; both are told, and why.

    Without `specialist`, with the same one if free then, else with who has fewest ahead. The room is the direction's
    of now. Who may, and until when, as in `cancel_booking`; a refusal leaves everything as it was.
    ValidationError "already_cancelled", "already_begun", "too_late", "order_closed", "same_time", "changed_meanwhile"
    if it is not as `booking` has it, and those of `book_consultation` about the time.
    """
    need_party(booking, by, at=at)
    teacher = booking.teacher
    zone = teacher.school.zone
    with kept_by_the_database(), transaction.atomic():
        day = localdate(starts_at, zone)
        direction = Direction.objects.select_related("room", "schedule__order").get(pk=booking.direction_id)
        candidates = [specialist] if specialist else specialists_of(direction, teacher, on=day)
        people = [teacher.pk, booking.specialist_id, *(one.pk for one in candidates)]
        lock(people, booking.room_id, direction.room_id)
        current = _locked(booking)
        _refuse_change(current, by, at=at)
        if current.sequence != booking.sequence:
            raise changed_meanwhile(current)
        _need_order_in_force(current)
        if current.starts_at == starts_at and specialist in (None, current.specialist):
            raise ValidationError(_("The consultation is at this time already. Choose another."), code="same_time")
        availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at, moved=current)
        free = free_at(availability, direction, starts_at, specialist, by=by)
        was = Booking.objects.with_people().get(pk=booking.pk)
        current.starts_at, current.ends_at = free.starts_at, free.ends_at
        current.specialist = availability.people[free.specialist]
        current.room, current.room_place = direction.room, free.room_place
        _save_changed(current, "starts_at", "ends_at", "specialist", "room", "room_place", by=by, at=at)
        record("consultations.moved", current, by=by, changes=[*_changes(was, current), *_said_why(because)])
        told_moved(current, by, was, because.strip())
    booking.refresh_from_db()
    return booking


def keep_booking(booking: Booking, *, reason: str, by: Membership, at: datetime, because: str = "") -> None:
    """It takes place all the same, whatever the calendar says by now (`reason`): the two are told, and why (`because`,
    where that is another one).

    By the specialist or the administration (else PermissionDenied). ValidationError "already_cancelled",
    "already_begun", "changed_meanwhile" if it is not as `booking` has it.
    """
    need_party(booking, by, at=at)
    if by.pk != booking.specialist_id and not by.may(Ability.EDIT_ORDER, on=localdate(at)):
        raise PermissionDenied
    with transaction.atomic():
        current = _locked(booking)
        _refuse_change(current, by, at=at)
        if current.sequence != booking.sequence:
            raise changed_meanwhile(current)
        because = "" if because.strip() == reason else because.strip()
        current.sequence, current.changed_at, current.in_spite_of = current.sequence + 1, at, reason
        current.save(update_fields=["sequence", "changed_at", "in_spite_of"])
        changes = [(_("in spite of"), "", reason), *_said_why(because)]
        record("consultations.kept", current, by=by, changes=changes)
        told_kept(current, by, reason, because)
    booking.refresh_from_db()


def reassign_booking(
    booking: Booking,
    *,
    specialist: Membership,
    room: Room | None,
    starts_at: datetime,
    by: Membership,
    at: datetime,
    because: str = "",
    despite: str = "",
) -> Booking:
    """The administration gives a coming consultation another specialist, room or time, of the same length; all of whom
    it concerns are told, and why.

    What the calendar, the hours, a lesson or an absence speak against is refused as anywhere; people may have agreed on
    it all the same (our decision): `despite` is the refusal that `by` has read and overrules, word for word.

    PermissionDenied unless `by` is of the administration of the school and all is of it. ValidationError
    "already_cancelled", "already_begun", "too_late", "changed_meanwhile", "order_closed" as in `move_booking`;
    "past_time", "time_taken", "teacher_taken" as in `book_consultation`; "no_specialist" if the one chosen does not
    work at the school that day or is the teacher; "year_over" after the school year of the order; "not_free", the only
    one that can be overruled. Nothing is written or told if nothing is other than it was.
    """
    teacher, zone = booking.teacher, booking.teacher.school.zone
    schools = {teacher.school_id, specialist.school_id, room.school_id if room else teacher.school_id, by.school_id}
    if len(schools) > 1 or not by.may(Ability.EDIT_ORDER, on=localdate(at, zone)):
        raise PermissionDenied
    with kept_by_the_database(), transaction.atomic():
        lock([teacher.pk, booking.specialist_id, specialist.pk], booking.room_id, room.pk if room else None)
        current = _locked(booking)
        _refuse_change(current, by, at=at)
        if current.sequence != booking.sequence:
            raise changed_meanwhile(current)
        _need_order_in_force(current)
        if starts_at <= at:
            raise refusals.past(starts_at, zone)
        staff = Membership.objects.visible_to(teacher).working(on=localdate(starts_at, zone)).exclude(pk=teacher.pk)
        if not staff.contains(specialist):
            words = _("{person} cannot give this consultation. Choose another member of staff.")
            raise ValidationError(words.format(person=specialist.name), code="no_specialist")
        was = Booking.objects.with_people().get(pk=booking.pk)
        current.ends_at = starts_at + (was.ends_at - was.starts_at)
        current.starts_at, current.specialist, current.room = starts_at, specialist, room
        if changes := _changes(was, current):
            current.room_place = lowest_free_place(room, current.starts_at, current.ends_at, but=current.pk)
            _save_changed(current, "starts_at", "ends_at", "specialist", "room", "room_place", by=by, at=at)
            changes += _said_why(because)
            if said := _overruled(current, despite, at=at):
                changes.append((_("although"), "", said))
                Booking.objects.filter(pk=booking.pk).update(in_spite_of=reason_against(current, at=at))
            record("consultations.moved", current, by=by, changes=changes)
            told_moved(current, by, was, because.strip())
    booking.refresh_from_db()
    return booking


def may_change(booking: Booking, member: Membership, *, at: datetime) -> bool:
    """Whether a member may cancel or move a consultation at the moment `at`: for the pages."""
    try:
        need_party(booking, member, at=at)
        _refuse_change(booking, member, at=at)
    except (PermissionDenied, ValidationError):
        return False
    return True


def may_restore(booking: Booking, member: Membership, *, at: datetime) -> bool:
    """Whether a member may take a cancellation back at the moment `at`, if the time is still free."""
    until = booking.restored_until
    return until is not None and at <= until and at < booking.starts_at and booking.cancelled_by_id == member.pk


def need_party(booking: Booking, member: Membership, *, at: datetime) -> None:
    """PermissionDenied unless a member is the teacher, the specialist, or of the administration of the school."""
    if member.pk in (booking.teacher_id, booking.specialist_id):
        return
    if member.school_id != booking.teacher.school_id or not member.may(Ability.EDIT_ORDER, on=localdate(at)):
        raise PermissionDenied


def _refuse_change(booking: Booking, by: Membership, *, at: datetime) -> None:
    if booking.cancelled_at:
        raise ValidationError(_("This consultation is already cancelled."), code="already_cancelled")
    if booking.starts_at <= at:
        raise ValidationError(_("This consultation has begun: it can no longer be changed."), code="already_begun")
    if by.pk == booking.teacher_id and at > booking.teacher_changes_until:
        raise ValidationError(
            _("It could be cancelled or moved until {moment}. Ask the specialist ({specialist}).").format(
                moment=said_clock(booking.teacher_changes_until, booking.teacher.school.zone),
                specialist=booking.specialist.name,
            ),
            code="too_late",
        )


def changed_meanwhile(booking: Booking) -> ValidationError:
    """Somebody else has moved it while one was choosing."""
    said = said_span(booking.starts_at, booking.ends_at, booking.teacher.school.zone)
    words = _("This consultation was changed meanwhile, now it is {moment}. Choose once more.").format(moment=said)
    return ValidationError(words, code="changed_meanwhile")


def _locked(booking: Booking) -> Booking:
    """The row as it is now, held until the end of the transaction: of two changes at once one sees the other's.

    Held first and read with its people after: PostgreSQL would join the row that it waited for to the people of before,
    and find nothing.
    """
    Booking.objects.select_for_update(no_key=True).values_list("pk").get(pk=booking.pk)
    return Booking.objects.with_people().get(pk=booking.pk)


def _need_order_in_force(booking: Booking) -> None:
    if not Direction.objects.in_force().filter(pk=booking.direction_id).exists():
        raise ValidationError(_("The order of this schedule is closed. Book by the new schedule."), code="order_closed")


def _need_open_time(booking: Booking, *, by: Membership, at: datetime) -> None:
    """A closure, a lesson or an absence may have been written since it was cancelled."""
    availability = Availability(Direction.objects.filter(pk=booking.direction_id), teacher=booking.teacher, at=at)
    [direction] = availability.directions
    if reason := availability.why_not(direction, booking.starts_at, booking.ends_at, specialist=booking.specialist_id):
        raise refusals.closed(reason.rstrip("."))
    if availability.teaches(booking.starts_at, booking.ends_at):
        raise refusals.has_lesson(booking.teacher, by=by)


def _overruled(booking: Booking, despite: str, *, at: datetime) -> str:
    """What speaks against it, read and overruled; "" when nothing does. ValidationError "not_free" of any other."""
    availability = Availability(
        Direction.objects.filter(pk=booking.direction_id), teacher=booking.teacher, at=at, moved=booking
    )
    [direction] = availability.directions
    last_day = availability.rules(direction).last_day
    if localdate(booking.starts_at, availability.zone) > last_day:
        words = refusals.not_free(booking.starts_at, availability.zone)
        reason = _("Booking is open until {day}.").format(day=said_day(last_day))
        raise ValidationError(f"{words} {reason}", code="year_over")
    direction.room = booking.room  # it is given there: closures of that room count
    span, specialist = (booking.starts_at, booking.ends_at), booking.specialist
    by_calendar, of_person = availability.objections(direction, *span, specialist=specialist)
    is_known = specialist in availability.specialists(direction)
    sentences = [
        " ".join(refusals.closed(joined(by_calendar)).messages) if by_calendar else "",
        f"{specialist.name}: {'; '.join(of_person)}." if of_person else "",
        _("There are no hours then.")
        if not by_calendar
        and availability.outside_hours(direction, *span, specialist=specialist.pk if is_known else None)
        else "",
        _("The teacher has a lesson then.") if availability.teaches(*span) else "",
    ]
    said = " ".join(one for one in sentences if one)
    if not said:
        return ""
    refusal = f"{refusals.not_free(booking.starts_at, availability.zone)} {said}"
    if despite != refusal:
        raise ValidationError(refusal, code="not_free")
    return said


def _said_why(because: str) -> list[tuple[str, str, str]]:
    return [(_("reason"), "", because.strip())] if because.strip() else []


def _save_changed(booking: Booking, *fields: str, by: Membership, at: datetime) -> None:
    """Save a changed booking under the number of its change; calendars and letters go by it."""
    booking.sequence, booking.changed_at, booking.in_spite_of = booking.sequence + 1, at, ""
    save_in_its_time(booking, by=by, fields=[*fields, "sequence", "changed_at", "in_spite_of"])


def _changes(was: Booking, booking: Booking) -> list[tuple[str, str, str]]:
    zone = booking.teacher.school.zone

    def words(one: Booking) -> dict[str, str]:
        return {
            _("time"): said_span(one.starts_at, one.ends_at, zone),
            _("specialist"): one.specialist.name,
            _("room"): str(one.room or ""),
        }

    before, after = words(was), words(booking)
    return [(name, before[name], after[name]) for name in before if before[name] != after[name]]
