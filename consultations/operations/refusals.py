"""Why a time or a question is refused, in the words that people read."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.utils import IntegrityError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership

from ..models import Booking, Room
from ..moments import said_moment, said_span
from ..no_overlap import refusal_of


def need_question(question: str) -> str:
    """The question without the blanks around it; ValidationError "empty_question"."""
    if not question.strip():
        raise ValidationError(_("Write your question: the specialist will prepare for it."), code="empty_question")
    return question.strip()


def of_the_database(error: IntegrityError) -> ValidationError | None:
    """The refusal behind a constraint of bookings that the database kept; None if it is another."""
    return refusal_of(error, Booking)


def in_words(error: ValidationError, starts_at: datetime, teacher: Membership, *, by: Membership) -> ValidationError:
    """What a broken constraint of a booking means for the one who books; any other error as it is."""
    errors = [one for found in error.error_dict.values() for one in found] if hasattr(error, "error_dict") else [error]
    codes = {one.code for one in errors}
    if "teacher_taken" in codes:
        return teacher_taken(teacher, by=by)
    if codes & {"specialist_taken", "room_taken"}:
        return taken(starts_at, teacher.school.zone)
    return error


def taken(starts_at: datetime, zone: object) -> ValidationError:
    """Somebody was quicker; `zone` is the school's, here and below."""
    return ValidationError(
        _("{moment} has just been taken. Choose another time: your question is kept.").format(
            moment=said_moment(starts_at, zone)
        ),
        code="time_taken",
    )


def teacher_taken(teacher: Membership, *, by: Membership) -> ValidationError:
    """The teacher is busy then, as a teacher or as a specialist; `by` is who reads it, here and below.

    To anybody but the teacher it is the same sentence, whatever takes the time.
    """
    return _busy(_("You already have a consultation at this time."), teacher, by)


def has_lesson(teacher: Membership, *, by: Membership) -> ValidationError:
    return _busy(_("You have a lesson at this time."), teacher, by)


def in_seminar(teacher: Membership, *, by: Membership) -> ValidationError:
    """The teacher has a place at a seminar then, or leads it."""
    return _busy(_("You take part in a seminar at this time."), teacher, by)


def _busy(words: str, teacher: Membership, by: Membership) -> ValidationError:
    if by.pk != teacher.pk:
        words = _("At this time the teacher already has a booking or something else to do.")
    return ValidationError(words, code="teacher_taken")


def not_free(starts_at: datetime, zone: object) -> str:
    """How a refusal begins that goes on with the reason."""
    return _("One cannot book {moment}.").format(moment=said_moment(starts_at, zone))


def closed(reason: str) -> ValidationError:
    """By the calendar nothing is given then, as `Availability.why_not` says."""
    return ValidationError(_("No consultations that day: {reason}.").format(reason=reason), code="not_free")


def past(starts_at: datetime, zone: object) -> ValidationError:
    """The moment lies behind."""
    local = localtime(starts_at, zone)
    return ValidationError(
        _("{moment} is already past. Choose a later time.").format(moment=f"{local:%d.%m.%Y %H:%M}"), code="past_time"
    )


def self_busy(person: Membership, span: tuple[datetime, datetime]) -> ValidationError:
    return ValidationError(
        _("At that time you already have another meeting: {span}. Cancel it first.").format(
            span=said_span(*span, person.school.zone)
        ),
        code="person_busy",
    )


def person_busy(person: Membership, span: tuple[datetime, datetime]) -> ValidationError:
    """Who is busy and when, but not with whom or with what."""
    return ValidationError(
        _("{person} is busy at that time: {span}.").format(
            person=person.name, span=said_span(*span, person.school.zone)
        ),
        code="person_busy",
    )


def room_taken(room: Room, span: tuple[datetime, datetime], zone: object) -> ValidationError:
    return ValidationError(
        _("Room {room} is taken at that time: {span}.").format(room=room, span=said_span(*span, zone)),
        code="room_taken",
    )
