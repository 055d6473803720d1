"""Why a time or a question is refused, in the words that people read."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership

from ..models import Room
from ..moments import said_moment, said_span


def need_question(question: str) -> str:
    """The question without the blanks around it; ValidationError "empty_question"."""
    if not question.strip():
        raise ValidationError(_("Write your question: the specialist will prepare for it."), code="empty_question")
    return question.strip()


def in_words(error: ValidationError, starts_at: datetime, teacher: Membership) -> ValidationError:
    """What a broken constraint of a booking means for the one who books; any other error as it is."""
    errors = [one for found in error.error_dict.values() for one in found] if hasattr(error, "error_dict") else [error]
    codes = {one.code for one in errors}
    if "teacher_taken" in codes:
        return teacher_taken()
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


def teacher_taken() -> ValidationError:
    """The teacher is busy then, as a teacher or as a specialist."""
    return ValidationError(_("You already have a consultation at this time."), code="teacher_taken")


def past(starts_at: datetime, zone: object) -> ValidationError:
    """The moment lies behind."""
    local = localtime(starts_at, zone)
    return ValidationError(
        _("{moment} is already past. Choose a later time.").format(moment=f"{local:%d.%m.%Y %H:%M}"), code="past_time"
    )


def in_seminar() -> ValidationError:
    """The teacher leads a seminar then, or has a place in one."""
    return ValidationError(_("You take part in a seminar at this time."), code="teacher_taken")


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
