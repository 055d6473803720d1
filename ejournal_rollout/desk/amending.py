"""The amending order: what was edited since the order was signed becomes its text in force by a later order."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ejournal_rollout.documents.differences import journal_changes
from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.changes import WordingChanges, changes, differences
from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.orders.wordings import wording_in_force
from ejournal_rollout.people.models import Membership

from .effect import named_staff


@dataclass(frozen=True)
class AmendingText:
    """What an amending order says: from the wording `before` to `after`."""

    before: OrderDraft
    after: OrderDraft

    @property
    def changes(self) -> WordingChanges:
        return changes(self.before, self.after)

    @property
    def mark(self) -> str:
        """The same for the same text only."""
        return f"{self.before.fingerprint[:16]}-{self.after.fingerprint[:16]}"


def text_of(amendment: Amendment) -> AmendingText | None:
    """The text of an amendment: as it was brought into force, or of a draft as the order differs now.

    None where the order was never signed. Five queries for a draft.
    """
    if amendment.state == Amendment.State.IN_FORCE:
        return AmendingText(amendment.wording_before, amendment.wording_after)
    order = with_annexes(Order.objects.all()).get(pk=amendment.order_id)
    before = wording_in_force(order)
    return AmendingText(before, draft_of(order)) if before else None


def draft_amendment(order: Order, *, by: Membership | None) -> Amendment:
    """The draft of an amending order, begun now or found; nothing of the order changes by it.

    ValidationError "not_in_force" (a draft or closed order), "nothing_to_amend".
    """
    _refuse_unless_in_force(order)
    draft = Amendment(order=order, made_by=by)
    _text_to_amend(draft)
    try:
        with transaction.atomic():
            draft.save()
            record("orders.amendment_drafted", order, by=by, school_id=order.school_id)
    except IntegrityError:  # `one_draft_amendment`: somebody has begun it, and it is one for all
        return Amendment.objects.of(order).drafts().get()
    return draft


def save_amendment(amendment: Amendment, *, number: str, signed_on: date | None, grounds: str) -> None:
    """Keep what was typed in a draft. ValidationError "not_a_draft", "number_taken"."""
    number = " ".join(number.split())
    if number and signed_on:
        _refuse_taken_number(amendment, number, signed_on)
    kept = Amendment.objects.drafts().filter(pk=amendment.pk)
    if not kept.update(number=number, signed_on=signed_on, grounds=grounds):
        raise _not_a_draft()
    amendment.refresh_from_db()


def discard_amendment(amendment: Amendment, *, by: Membership | None) -> None:
    """Throw a draft away; the order and its edits stay. ValidationError "not_a_draft"."""
    with transaction.atomic():
        deleted, _rows = Amendment.objects.drafts().filter(pk=amendment.pk).delete()
        if not deleted:
            raise _not_a_draft()
        order = amendment.order
        record("orders.amendment_discarded", order, by=by, school_id=order.school_id)


def bring_into_force(
    amendment: Amendment,
    *,
    number: str,
    signed_on: date,
    grounds: str = "",
    by: Membership | None,
    at: datetime,
    seen: str | None = None,
) -> None:
    """The order says from now on what stands in the database: both wordings are kept, whoever is named is told.

    `seen` is the mark of the text that the person read; None does not compare (the program itself acts).

    ValidationError "number_missing", "signed_in_future", "signed_before_order" (or before the last amendment),
    "number_taken", "not_a_draft" (a second person was faster), "not_in_force", "nothing_to_amend", "changed_since".
    """
    number = " ".join(number.split())
    if not number:
        raise ValidationError(_("Enter the number of the order."), code="number_missing")
    today = at.astimezone(amendment.order.school.zone).date()
    if signed_on > today:
        raise ValidationError(_("The date of the order has not come yet."), code="signed_in_future")
    try:
        with transaction.atomic():
            _enter(amendment, number, signed_on, grounds, by=by, on=today, seen=seen)
    except IntegrityError as error:  # the same number at the same moment
        raise _number_taken() from error
    amendment.refresh_from_db()


def _enter(
    amendment: Amendment,
    number: str,
    signed_on: date,
    grounds: str,
    *,
    by: Membership | None,
    on: date,
    seen: str | None,
) -> None:
    order = Order.objects.select_for_update().get(pk=amendment.order_id)
    if not Amendment.objects.drafts().filter(pk=amendment.pk).exists():
        raise _not_a_draft()
    _refuse_unless_in_force(order)
    last = Amendment.objects.of(order).in_force().last() or order
    if last.signed_on and signed_on < last.signed_on:
        words = _("The date is earlier than that of the order which it changes: %(order)s.")
        raise ValidationError(words, code="signed_before_order", params={"order": last})
    _refuse_taken_number(amendment, number, signed_on)
    text = _text_to_amend(amendment)
    if seen is not None and seen != text.mark:
        raise ValidationError(
            _("The order was edited while this page was open. Read the text of changes once more and press again."),
            code="changed_since",
        )
    won = (
        Amendment.objects.drafts()
        .filter(pk=amendment.pk)
        .update(
            state=Amendment.State.IN_FORCE,
            number=number,
            signed_on=signed_on,
            grounds=grounds,
            before=text.before.to_json(),
            after=text.after.to_json(),
            in_force_since=on,
            signatory=Membership.objects.director_of(order.school_id, on=on),
            made_by=by,
        )
    )
    if not won:
        raise _not_a_draft()
    said = journal_changes(differences(text.before, text.after))
    record("orders.amended", order, by=by, changes=said, school_id=order.school_id)
    notify(
        named_staff(order, on=on).with_people(),
        key=f"amendment-{amendment.pk}-in-force",
        words=_("%(order)s is changed by an order of %(day)s No. %(number)s. You are named in it: look at the changes.")
        % {"order": order, "day": f"{signed_on:%d.%m.%Y}", "number": number},
        address=amendment.get_absolute_url(),
    )


def _text_to_amend(amendment: Amendment) -> AmendingText:
    text = text_of(amendment)
    if text is None or not text.changes:
        words = _("Everything stands as the order in force says: there is nothing to change.")
        raise ValidationError(words, code="nothing_to_amend")
    return text


def _refuse_unless_in_force(order: Order) -> None:
    if order.state != Order.State.IN_FORCE:
        raise ValidationError(_("Only an order in force is changed by another order."), code="not_in_force")


def _refuse_taken_number(amendment: Amendment, number: str, signed_on: date) -> None:
    same = {"number": number, "signed_on": signed_on}
    school = amendment.order.school_id
    if (
        Order.objects.filter(school=school, **same).exists()
        or Amendment.objects.filter(order__school=school, **same).exclude(pk=amendment.pk).exists()
    ):
        raise _number_taken()


def _number_taken() -> ValidationError:
    return ValidationError(_("The school already has an order of this number and date."), code="number_taken")


def _not_a_draft() -> ValidationError:
    return ValidationError(
        _("Somebody has just brought this amending order into force or discarded it."), code="not_a_draft"
    )
