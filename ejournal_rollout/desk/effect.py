"""Putting an order into effect: the one act that touches every room."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consultations.models import DirectionRole
from consultations.operations import find_named_persons
from ejournal_rollout.documents.drafting import annex, draft_of, with_annexes
from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.changes import ANNEXES
from ejournal_rollout.orders.models import Order, has_blanks, heading_with
from ejournal_rollout.people.models import ROLE_WORDS, Membership, MembershipQuerySet, RoleHolding
from ejournal_rollout.people.roles import Role
from plans.models import TaskExecutor


def named_roles(order: Order) -> tuple[Role, ...]:
    """The roles that the plan and the schedule name, in the order of `Role`. One query."""
    in_plan, in_schedule = _naming(order)
    return _in_order(in_plan.union(in_schedule))


def unfilled_roles(order: Order, *, on: date) -> tuple[Role, ...]:
    """Those of `named_roles` that nobody holds that day (N4). All staff are teachers, so that one is never empty.

    One query.
    """
    staff = Membership.objects.filter(school=order.school_id).working(on=on)
    held = RoleHolding.objects.on(on).filter(membership__in=staff).order_by().values("role")
    in_plan, in_schedule = (rows.exclude(role__in=held).exclude(role=Role.TEACHER) for rows in _naming(order))
    return _in_order(in_plan.union(in_schedule))


def _naming(order: Order) -> tuple[QuerySet, QuerySet]:
    in_plan = TaskExecutor.objects.filter(task__stage__plan__order=order).exclude(role="")
    in_schedule = DirectionRole.objects.filter(direction__schedule__order=order).exclude(role="")
    return in_plan.order_by().values_list("role", flat=True), in_schedule.order_by().values_list("role", flat=True)


def _in_order(roles: Iterable[str]) -> tuple[Role, ...]:
    found = set(roles)
    return tuple(role for role in Role if role in found)


def holders(order: Order, roles: Iterable[Role], *, on: date) -> MembershipQuerySet:
    """Staff who hold one of `roles` that day; «учителя» are everybody."""
    staff = Membership.objects.filter(school=order.school_id)
    wanted = set(roles)
    return staff.working(on=on) if Role.TEACHER in wanted else staff.holding(*wanted, on=on)


def named_staff(order: Order, *, on: date) -> MembershipQuerySet:
    """Working staff whom the order concerns: by a role that it names, or by name in the schedule. Two queries."""
    by_name = DirectionRole.objects.filter(direction__schedule__order=order).exclude(person=None).values("person")
    staff = Membership.objects.filter(school=order.school_id).working(on=on)
    return staff.filter(Q(pk__in=holders(order, named_roles(order), on=on).values("pk")) | Q(pk__in=by_name))


def role_words(roles: Iterable[Role]) -> str:
    return ", ".join(str(ROLE_WORDS[role]) for role in roles)


def put_into_effect(
    order: Order,
    *,
    number: str,
    signed_on: date,
    by: Membership | None,
    at: datetime,
    closes: Iterable[int] | None = None,
) -> None:
    """Bring a draft order into force under its number and date; the one in force until now is closed.

    The annex headings get date and number, the words of this day are kept as signed, whoever holds a role named in
    the order is told, and the administration learns of roles that nobody holds. `closes`: the orders that the
    person was told would be closed; None does not compare (the program itself acts).

    ValidationError "number_missing", "signed_in_future", "signed_long_ago" (before 2000), "no_annexes", "not_a_draft",
    "number_taken", "another_in_force" (a second person was faster, or the order in force is not the one shown).
    """
    number = " ".join(number.split())
    if not number:
        raise ValidationError(_("Enter the number of the order."), code="number_missing")
    today = at.astimezone(order.school.zone).date()
    if signed_on > today:
        raise ValidationError(_("The date of the order has not come yet."), code="signed_in_future")
    if signed_on.year < 2000:
        raise ValidationError(_("Check the year."), code="signed_long_ago")
    try:
        with transaction.atomic():
            _enter(order, number, signed_on, by=by, on=today, closes=closes)
    except IntegrityError as error:
        raise _another_in_force() from error
    order.refresh_from_db()


def _enter(
    order: Order, number: str, signed_on: date, *, by: Membership | None, on: date, closes: Iterable[int] | None
) -> None:
    before = with_annexes(Order.objects.all()).get(pk=order.pk)
    heads = [head for head in (annex(before, name) for name in ANNEXES) if head is not None]
    if not heads:
        raise ValidationError(
            _("The order has no annexes yet: load its file or fill in the plan first."), code="no_annexes"
        )
    same_number = Order.objects.filter(school=order.school_id, number=number, signed_on=signed_on)
    if same_number.exclude(pk=order.pk).exists():
        raise ValidationError(_("The school already has an order of this number and date."), code="number_taken")
    previous = list(Order.objects.in_force().filter(school=order.school_id).exclude(pk=order.pk))
    if closes is not None and {one.pk for one in previous} != set(closes):
        raise _another_in_force()
    Order.objects.in_force().filter(pk__in=[one.pk for one in previous]).update(state=Order.State.CLOSED, closed_on=on)
    # Two drafts may be put into effect at once: the constraint "one_order_in_force" lets one of them win.
    won = (
        Order.objects.drafts()
        .filter(pk=order.pk)
        .update(
            state=Order.State.IN_FORCE,
            number=number,
            signed_on=signed_on,
            in_force_since=on,
            replaces=previous[0] if previous else None,
        )
    )
    if not won:
        raise ValidationError(_("This order is not a draft any more."), code="not_a_draft")
    is_printed_already = (before.number, before.signed_on) == (number, signed_on)
    if not is_printed_already or any(has_blanks(head.heading) for head in heads):
        for head in heads:
            head.heading = heading_with(head.heading, number=number, signed_on=signed_on)
            head.save(update_fields=["heading"])
    find_named_persons(before)
    fresh = with_annexes(Order.objects.all()).get(pk=order.pk)
    fresh.as_signed = draft_of(fresh).to_json()
    fresh.save(update_fields=["as_signed"])
    record("orders.put_into_effect", fresh, by=by, school_id=fresh.school_id)
    for one in previous:
        record("orders.closed", one, by=by, school_id=one.school_id)
    _tell(fresh, on=on)


def _tell(order: Order, *, on: date) -> None:
    address = order.get_absolute_url()
    notify(
        named_staff(order, on=on).with_people(),
        key=f"order-{order.pk}-in-force",
        words=_("%(order)s is in force. You are named in it: look at the plan and the schedule.") % {"order": order},
        address=address,
        topic=Topic.ORDER,
        about=order,
    )
    unfilled = unfilled_roles(order, on=on)
    if unfilled:
        notify(
            holders(order, [Role.ADMINISTRATION], on=on).with_people(),
            key=f"order-{order.pk}-unfilled",
            words=_("%(order)s names roles that nobody holds: %(roles)s. Appoint people to them.")
            % {"order": order, "roles": role_words(unfilled)},
            address=address,
            topic=Topic.ORDER,
            about=order,
        )


def _another_in_force() -> ValidationError:
    return ValidationError(
        _("Somebody has just put another order into force. Look at the list of orders and decide again."),
        code="another_in_force",
    )
