"""What is done with an order as a whole and needs no knowledge of its annexes."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from .models import Order


@transaction.atomic
def close_order(order: Order, *, by: Membership | None, on: date) -> None:
    """Close an order in force; `on` is its last day. Its plan and schedule stay readable.

    ValidationError "not_in_force" if it is a draft or somebody was faster.
    """
    won = Order.objects.in_force().filter(pk=order.pk).update(state=Order.State.CLOSED, closed_on=on)
    if not won:
        raise ValidationError(_("Only an order in force can be closed."), code="not_in_force")
    order.refresh_from_db()
    record("orders.closed", order, by=by, school_id=order.school_id)
