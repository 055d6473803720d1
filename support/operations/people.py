"""Who may act on a request and who is told."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from consultations.models import DirectionRole
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.roles import SPECIALISTS, Role

from ..models import HelpRequest


def specialists_for(help_request: HelpRequest, *, at: datetime) -> MembershipQuerySet:
    """Whom the request may be handed to: who gives any help that day, but not the one who asked."""
    roles = {*SPECIALISTS, *help_request.direction.roles} - {Role.TEACHER}
    in_force = DirectionRole.objects.in_force().filter(direction__schedule__order__school=help_request.school_id)
    named = in_force.exclude(person=None).values_list("person", flat=True)
    return staff_for(help_request, roles, named={*named, *help_request.direction.named}, at=at)


def specialist_only(help_request: HelpRequest, by: Membership, *, at: datetime) -> None:
    if not help_request.may_be_answered_by(by, roles=by.roles_on(day_of(help_request, at))):
        raise PermissionDenied


def staff_for(
    help_request: HelpRequest, roles: Iterable[Role], *, named: Iterable[int] = (), at: datetime
) -> MembershipQuerySet:
    asker = help_request.requester
    staff = Membership.objects.visible_to(asker).serving(roles, named=named, on=day_of(help_request, at))
    return staff.exclude(pk=asker.pk).select_related("user")


def who_answers(help_request: HelpRequest, *, at: datetime) -> list[Membership]:
    """Who is to act: the assignee, else the specialists of the direction, else the administration that appoints them.

    Our decision: an order may name roles that nobody holds, and a question must not fall between the chairs.
    """
    here = Membership.objects.visible_to(help_request.requester).working(on=day_of(help_request, at))
    assignee = here.filter(pk=help_request.assignee_id).select_related("user")
    roles = set(help_request.direction.roles) - {Role.TEACHER}
    return (
        list(assignee)
        or list(staff_for(help_request, roles, named=help_request.direction.named, at=at))
        or list(staff_for(help_request, {Role.ADMINISTRATION}, at=at))
    )


def day_of(help_request: HelpRequest, at: datetime) -> date:
    return localdate(at, help_request.school.zone)
