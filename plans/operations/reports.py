"""The final report: begin it, write its texts, give it a number and a date. The working group and the administration
do, for the order in force. Where the facts come from is known above (`desk/report/`); here they are kept."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, RoleHolding
from ejournal_rollout.people.roles import Ability, Role

from ..models import FinalReport, Plan
from ..round_note import signed_name
from .acting import day_at


def begin_report(plan: Plan, *, by: Membership, at: datetime) -> FinalReport:
    """A draft to be signed by today's head of the working group, or the draft that is there already.

    Raises PermissionDenied; ValidationError "order_not_in_force".
    """
    _require(plan, by, at)
    day = day_at(at, by)
    heads = RoleHolding.objects.visible_to(by).on(day).heads().filter(role=Role.WORKING_GROUP)
    head = heads.select_related("membership__user").first()
    post = (head and head.membership.post) or _("Head of the working group")
    try:
        with transaction.atomic():
            report = FinalReport.objects.create(
                plan=plan, signatory_post=post, signatory=signed_name(head.membership) if head else ""
            )
            record("plans.report_begun", report, by=by)
    except IntegrityError:
        return FinalReport.objects.of(plan).drafts().get()
    return report


@transaction.atomic
def write_report(report: FinalReport, *, by: Membership, at: datetime, seen: int, **texts: str) -> None:
    """Change the typed texts of a draft; `seen` is the edition that the page showed.

    Raises PermissionDenied; ValidationError "order_not_in_force", "report_frozen", "changed_meanwhile".
    """
    _require(report.plan, by, at)
    _change(report, seen, **texts)
    changes = [
        (str(FinalReport._meta.get_field(name).verbose_name), getattr(report, name), new) for name, new in texts.items()
    ]
    record("plans.report_written", report, by=by, changes=[one for one in changes if one[1] != one[2]])


@transaction.atomic
def freeze_report(
    report: FinalReport,
    *,
    number: str,
    dated_on: date,
    paper: dict[str, Any],
    by: Membership,
    at: datetime,
    seen: int,
) -> None:
    """Give the report its number and date; `paper` is all that it says on that day, and stays so.

    Raises PermissionDenied; ValidationError "order_not_in_force", "report_frozen", "changed_meanwhile",
    "foreign_day", "number_taken".
    """
    _require(report.plan, by, at)
    signed_on = report.plan.order.signed_on
    if dated_on > day_at(at, by) or (signed_on and dated_on < signed_on):
        raise ValidationError(_("Choose a day from the day of the order up to today."), code="foreign_day")
    try:
        with transaction.atomic():
            _change(report, seen, number=number.strip(), dated_on=dated_on, frozen_at=at, paper=paper)
    except IntegrityError:
        raise ValidationError(
            _("A report of this number is there already: give it another one."), code="number_taken"
        ) from None
    report.number, report.dated_on, report.frozen_at = number.strip(), dated_on, at
    record("plans.report_frozen", report, by=by)


def _require(plan: Plan, by: Membership, at: datetime) -> None:
    if plan.order.school_id != by.school_id or not by.may(Ability.REVIEW_TASKS, on=day_at(at, by)):
        raise PermissionDenied
    if plan.order.state != Order.State.IN_FORCE:
        raise ValidationError(
            _("The order of this plan is not in force: its reports are only read."), code="order_not_in_force"
        )


def _change(report: FinalReport, seen: int, **values: Any) -> None:
    """In one UPDATE, if nobody was faster."""
    drafts = FinalReport.objects.drafts().filter(pk=report.pk)
    if drafts.filter(edition=seen).update(**values, edition=F("edition") + 1):
        return
    if drafts.exists():
        raise ValidationError(
            _("Somebody has changed this report meanwhile. Your words are kept below: compare and save again."),
            code="changed_meanwhile",
        )
    raise ValidationError(_("This report has its number and date and is not changed any more."), code="report_frozen")
