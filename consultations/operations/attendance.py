"""Whether the teacher came, and what was solved."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ..models import Booking


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
