"""Days of the calendar changed: closed, shortened, worked, with extra hours; and back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..models import CalendarChange


@transaction.atomic
def change_days(change: CalendarChange, *, by: Membership, at: datetime) -> None:
    """Write or change what is unusual on some days. What was agreed on for them stays: see `touched_counts`.

    Only the administration (else PermissionDenied); ValidationError of the row.
    """
    _may_change(change, by, at)
    before = CalendarChange.objects.filter(pk=change.pk).with_scope().first() if change.pk else None
    change.full_clean()
    change.save()
    said = (_("change of the calendar"), before.said_in_full if before else "", change.said_in_full)
    record("consultations.days_changed", change, by=by, changes=[said])


@transaction.atomic
def delete_day_change(change: CalendarChange, *, by: Membership, at: datetime) -> None:
    """The days are as usual after all. PermissionDenied as in `change_days`."""
    _may_change(change, by, at)
    said = (_("change of the calendar"), change.said_in_full, "")
    record("consultations.day_change_deleted", change, by=by, changes=[said])
    change.delete()


def _may_change(change: CalendarChange, by: Membership, at: datetime) -> None:
    if change.school_id != by.school_id or not by.may(Ability.EDIT_ORDER, on=localdate(at, by.school.zone)):
        raise PermissionDenied
