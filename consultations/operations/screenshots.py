"""A screenshot kept from the form to the consultation, and forgotten if nothing came of it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.db import transaction

from ejournal_rollout.people.models import Membership

from ..models import Booking, Screenshot

KEPT_UNSENT = timedelta(days=1)  # who comes back later begins anew (our decision)
NAME_LENGTH = Screenshot._meta.get_field("name").max_length


@transaction.atomic
def keep_screenshot(file: File, *, by: Membership, at: datetime) -> Screenshot:
    """Keep an uploaded file for the form of `by`; ValidationError if it is not what may be attached."""
    name = Path(file.name).name
    suffix = Path(name).suffix
    kept = Screenshot(file=file, name=f"{name.removesuffix(suffix)[: NAME_LENGTH - len(suffix)]}{suffix}")
    kept.added_by, kept.added_at = by, at
    kept.full_clean()
    kept.save()
    return kept


def attach_screenshot(screenshot: Screenshot, booking: Booking, *, by: Membership) -> None:
    """Put what `by` has kept beside the question of a new booking; call it in the transaction of the booking.

    Of two forms that carry the same file the first gets it.
    """
    Screenshot.objects.unsent(by).filter(pk=screenshot.pk).update(booking=booking)


def forget_screenshots(*, at: datetime) -> int:
    """Delete the files of forms that were never sent; returns how many."""
    count, _rows = Screenshot.objects.abandoned(since=at - KEPT_UNSENT).delete()
    return count
