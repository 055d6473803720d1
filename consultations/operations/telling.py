"""Who is told of a consultation, and in which words; the one who did it knows it."""

from django.utils.translation import gettext as _

from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership

from ..models import Booking
from ..moments import said_span


def told_booked(booking: Booking, by: Membership) -> None:
    words = _("Consultation {moment}: {direction}. Teacher: {teacher}, specialist: {specialist}.").format(
        moment=_said(booking),
        direction=booking.direction,
        teacher=booking.teacher.name,
        specialist=booking.specialist.name,
    )
    _tell(booking, f"booked:{booking.pk}", words, by=by)


def told_moved(booking: Booking, by: Membership, was: Booking) -> None:
    """`was` is the booking as it stood; a specialist who has it no longer is told too."""
    words = _("{person} moved the consultation {was} to {moment}: {direction}. {place}").format(
        person=by.name,
        was=_said(was),
        moment=_said(booking),
        direction=booking.direction,
        place=_("Teacher: {teacher}, specialist: {specialist}, room {room}.").format(
            teacher=booking.teacher.name, specialist=booking.specialist.name, room=booking.room or "—"
        ),
    )
    _tell(booking, _change("moved", booking), words, by=by)
    if was.specialist_id != booking.specialist_id:
        gone = _("The consultation {moment} is now given by {specialist}: {direction}.").format(
            moment=_said(was), specialist=booking.specialist.name, direction=booking.direction
        )
        _tell(booking, _change("moved", booking), gone, by=by, to=[was.specialist])


def told_cancelled(booking: Booking, by: Membership) -> None:
    words = _("The consultation {moment} is cancelled by {person}: {direction}.").format(
        moment=_said(booking), person=by.name, direction=booking.direction
    )
    if booking.cancelled_because:
        words = " ".join([words, _("Reason: {reason}").format(reason=booking.cancelled_because)])
    _tell(booking, _change("cancelled", booking), words, by=by)


def told_restored(booking: Booking, by: Membership) -> None:
    words = _("{person} took the cancellation back: the consultation {moment} takes place, {direction}.").format(
        person=by.name, moment=_said(booking), direction=booking.direction
    )
    _tell(booking, _change("restored", booking), words, by=by)


def _said(booking: Booking) -> str:
    return said_span(booking.starts_at, booking.ends_at, booking.teacher.school.zone)


def _change(what: str, booking: Booking) -> str:
    """The number of the change makes a second cancellation another message than the first."""
    return f"{what}:{booking.pk}:{booking.sequence}"


def _tell(booking: Booking, what: str, words: str, *, by: Membership, to: list[Membership] | None = None) -> None:
    told = [one for one in to or (booking.teacher, booking.specialist) if one.pk != by.pk]
    key, address = f"consultations.{what}", booking.get_absolute_url()
    notify(told, key=key, words=words, address=address, topic=Topic.CONSULTATION, about=booking)
