"""What came of a consultation: whether the teacher came, what was solved, what is left to do, how it helped."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..models import Booking, BookingNote
from ..moments import said_day
from ..signals import consultation_marked


@transaction.atomic
def mark_attendance(
    booking: Booking,
    *,
    by: Membership,
    came: bool | None,
    outcome: str | None = None,
    follow_up: str | None = None,
    at: datetime,
) -> None:
    """Say whether the teacher came, what was solved and what is left to do; None of the last two leaves their words.

    A mark may be corrected, and taken back by `came=None`. What waits for the result hears `consultation_marked`.
    Only by the booking's specialist (else PermissionDenied). ValidationError "not_begun" before it begins,
    "already_cancelled" if it did not take place.
    """
    before = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if by.pk != before.specialist_id:
        raise PermissionDenied
    if before.cancelled_at:
        raise ValidationError(_("This consultation is already cancelled."), code="already_cancelled")
    if before.starts_at > at:
        raise ValidationError(_("This consultation has not begun yet."), code="not_begun")
    booking.came = came
    booking.outcome = before.outcome if outcome is None else outcome.strip()
    booking.follow_up = before.follow_up if follow_up is None else " ".join(follow_up.split())
    written = ["came", "outcome", "follow_up"]
    if booking.follow_up != before.follow_up:
        booking.follow_up_done_at = booking.follow_up_proposed_at = None
        written += ["follow_up_done_at", "follow_up_proposed_at"]
    if all(getattr(booking, name) == getattr(before, name) for name in written):
        return
    booking.save(update_fields=written)
    words = {None: "", True: _("came"), False: _("did not come")}
    changes = [
        (_("attendance"), words[before.came], words[came]),
        (_("outcome"), before.outcome, booking.outcome),
        (_("left to do"), before.follow_up, booking.follow_up),
    ]
    record(
        "consultations.attendance",
        booking,
        by=by,
        changes=[(name, old, new) for name, old, new in changes if old != new],
    )
    consultation_marked.send(Booking, booking=booking, by=by, at=at)


@transaction.atomic
def propose_continuation(booking: Booking, *, by: Membership, at: datetime) -> None:
    """Ask the teacher to choose a time for what is left to do; the question is already written at that address.

    Only by the specialist (else PermissionDenied). ValidationError "nothing_left", "already_proposed".
    """
    if by.pk != booking.specialist_id:
        raise PermissionDenied
    _need_something_left(booking)
    left = Booking.objects.filter(pk=booking.pk, follow_up=booking.follow_up, follow_up_proposed_at=None)
    if not left.update(follow_up_proposed_at=at):
        raise ValidationError(_("The teacher has been asked already."), code="already_proposed")
    booking.follow_up_proposed_at = at
    record("consultations.follow_up_proposed", booking, by=by)
    words = _("{person} proposes to continue the consultation of {day}: {left}. Choose a time.").format(
        person=by.name, day=said_day(localdate(booking.starts_at, by.school.zone)), left=booking.follow_up
    )
    notify(
        [booking.teacher],
        key=f"consultations.follow_up_proposed:{booking.pk}:{at.timestamp()}",
        words=words,
        address=booking.continuation_address,
        topic=Topic.CONSULTATION,
        about=booking,
    )


@transaction.atomic
def finish_follow_up(booking: Booking, *, by: Membership, at: datetime) -> None:
    """Nothing more is left to do. By the specialist or the administration; ValidationError "nothing_left"."""
    if by.pk != booking.specialist_id and not _is_administration(by, booking, at):
        raise PermissionDenied
    _need_something_left(booking)
    if Booking.objects.filter(pk=booking.pk, follow_up_done_at=None).update(follow_up_done_at=at):
        record("consultations.follow_up_done", booking, by=by, changes=[(_("left to do"), booking.follow_up, "")])
    booking.follow_up_done_at = at


@transaction.atomic
def write_booking_note(booking: Booking, *, text: str, by: Membership, at: datetime) -> BookingNote:
    """Write words for colleagues; the teacher never learns of them, the journal keeps only that there is a note.

    By who may read them (else PermissionDenied), see `may_read_notes`. ValidationError "empty_text".
    """
    if not may_read_notes(booking, by, at=at):
        raise PermissionDenied
    if not text.strip():
        raise ValidationError(_("Write the text."), code="empty_text")
    note = BookingNote.objects.create(booking=booking, author=by, written_at=at, text=text.strip())
    record("consultations.noted", booking, by=by)
    return note


def may_read_notes(booking: Booking, member: Membership, *, at: datetime) -> bool:
    """The specialist and the administration; never the teacher, whatever their other roles."""
    if member.pk == booking.teacher_id:
        return False
    return member.pk == booking.specialist_id or _is_administration(member, booking, at)


@transaction.atomic
def rate_consultation(booking: Booking, *, by: Membership, rating: Booking.Rating, at: datetime) -> None:
    """Say how it helped, in three steps; the teacher may think again.

    Only by the teacher (else PermissionDenied). ValidationError "not_over": not ended, cancelled, or missed.
    """
    if by.pk != booking.teacher_id:
        raise PermissionDenied
    before = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if not before.may_be_rated(at=at):
        raise ValidationError(_("A consultation is rated when it has been held."), code="not_over")
    if before.rating == rating:
        return
    booking.rating = rating
    booking.save(update_fields=["rating"])
    changes = [(_("the teacher's rating"), before.get_rating_display(), booking.get_rating_display())]
    record("consultations.rated", booking, by=by, changes=changes)


def _is_administration(member: Membership, booking: Booking, at: datetime) -> bool:
    zone = member.school.zone
    return member.school_id == booking.teacher.school_id and member.may(Ability.EDIT_ORDER, on=localdate(at, zone))


def _need_something_left(booking: Booking) -> None:
    booking.refresh_from_db(fields=["follow_up", "follow_up_done_at", "cancelled_at"])
    if not booking.is_to_follow_up:
        raise ValidationError(_("Nothing is left to do after this consultation."), code="nothing_left")
