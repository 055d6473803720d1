"""Who hears what of a consultation. With each letter goes the event, so that calendars follow.

The teacher and the specialist are always told. Who acts is told too, for the sake of the letter, but hears no bell.
Call these inside the transaction of the act, after `sequence` and `changed_at` are set: the event is written down as
it is at that moment.
"""

from dataclasses import dataclass, replace
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import message, take_back, write
from ejournal_rollout.people.models import Membership

from ..feeds import booking_event
from ..models import Booking
from ..moments import said_place, said_span

REMINDER = "consultations.reminder:"  # how the keys of reminders begin


def told_booked(booking: Booking, by: Membership) -> None:
    words = _("Consultation {moment}: {direction}. Teacher: {teacher}, specialist: {specialist}.").format(
        moment=_said(booking),
        direction=booking.direction,
        teacher=booking.teacher.name,
        specialist=booking.specialist.name,
    )
    if by.pk not in (booking.teacher_id, booking.specialist_id):
        words = " ".join([words, _("Booked by {person}.").format(person=by.name)])
    _tell(booking, "consultations.booked", words, by=by)


def told_moved(booking: Booking, by: Membership, was: Booking, because: str = "") -> None:
    """`was` is the booking as it stood; a specialist who gives it no longer is told too, and why."""
    _take_back_reminders(booking)
    moment, before = _said(booking), _said(was)
    words = _(
        "{person} has moved the consultation ({direction}): it was {before}, it is {moment}. Specialist: {specialist}."
    ).format(
        person=by.name, direction=booking.direction, before=before, moment=moment, specialist=booking.specialist.name
    )
    _tell(booking, "consultations.moved", with_reason(words, because), by=by)
    if was.specialist_id != booking.specialist_id:
        words = _("The consultation {moment} ({direction}) is given by {specialist} now. You are free.").format(
            moment=before, direction=booking.direction, specialist=booking.specialist.name
        )
        gone = replace(
            _event(was, was.specialist), sequence=booking.sequence, changed_at=booking.changed_at, is_cancelled=True
        )
        told = _message(booking, "consultations.handed_over", with_reason(words, because), was.specialist, by, gone)
        told.address = reverse("consultations:day")  # the page of the consultation is closed to them now
        write([told])


def told_cancelled(booking: Booking, by: Membership) -> None:
    _take_back_reminders(booking)
    words = _("The consultation {moment} is cancelled by {person}: {direction}.").format(
        moment=_said(booking), person=by.name, direction=booking.direction
    )
    _tell(booking, "consultations.cancelled", with_reason(words, booking.cancelled_because), by=by)


def told_kept(booking: Booking, by: Membership, although: str, because: str = "") -> None:
    """Of a day that is closed, or of a specialist who was said to be absent."""
    words = _("{person}: the consultation {moment} takes place all the same ({direction}), although: {reason}").format(
        moment=_said(booking), person=by.name, direction=booking.direction, reason=although
    )
    _tell(booking, "consultations.kept", with_reason(f"{words}." if because else words, because), by=by)


def told_restored(booking: Booking, by: Membership) -> None:
    words = _(
        "The consultation {moment} will take place: {person} has taken back that it is cancelled ({direction})."
    ).format(moment=_said(booking), person=by.name, direction=booking.direction)
    _tell(booking, "consultations.restored", words, by=by)


@dataclass(frozen=True)
class LetterSaid:
    """What became of the last letter to one of the two; `is_stuck`: it should have gone and did not yet."""

    person: Membership
    words: str
    is_stuck: bool


def letters_said(booking: Booking, *, reader: Membership) -> list[LetterSaid]:
    """Of the last change, first the reader's own. Why another gets no letters is not told. One query."""
    told = Message.objects.about(booking).exclude(key__startswith=REMINDER)
    last = {one.recipient_id: one for one in told.order_by("pk")}
    two = sorted((booking.teacher, booking.specialist), key=lambda person: person.pk != reader.pk)
    return [_letter_said(last[person.pk], person, reader) for person in two if person.pk in last]


def _letter_said(last: Message, person: Membership, reader: Membership) -> LetterSaid:
    words = last.mail_words if last.by_mail or person.pk == reader.pk else _("no letter, is told on the site")
    if person.pk != reader.pk and last.read_at:
        words = ", ".join([words, _("read on the site")]) if last.by_mail else _("read on the site")
    return LetterSaid(person, words, is_stuck=last.by_mail and not last.sent_at and bool(last.trouble))


def with_reason(words: str, reason: str) -> str:
    return " ".join([words, _("Reason: {reason}").format(reason=reason)]) if reason else words


def _said(booking: Booking) -> str:
    """«вт, 24 ноября, 10:20–10:40, кабинет 13»"""
    return said_place(said_span(booking.starts_at, booking.ends_at, booking.teacher.school.zone), booking.room)


def _take_back_reminders(booking: Booking) -> None:
    take_back(Message.objects.about(booking).filter(key__startswith=REMINDER), at=booking.changed_at)


def _tell(booking: Booking, key: str, words: str, *, by: Membership) -> None:
    write(_message(booking, key, words, one, by, _event(booking, one)) for one in (booking.teacher, booking.specialist))


def _event(booking: Booking, reader: Membership) -> CalendarEvent:
    return booking_event(booking, reader=reader, address=lambda path: urljoin(settings.SITE_URL, path))


def _message(
    booking: Booking, key: str, words: str, recipient: Membership, by: Membership, event: CalendarEvent
) -> Message:
    told = message(
        recipient,
        key=f"{key}:{booking.pk}:{booking.sequence}",
        words=words,
        address=booking.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=booking,
        event=event,
    )
    if recipient.pk == by.pk:
        told.read_at = booking.changed_at
    return told
