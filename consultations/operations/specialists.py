"""Who gives help: by a role, or because the order names the person."""

from datetime import date

from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.roles import Ability, abilities

from ..models import Direction, DirectionRole


def gives_help(member: Membership, *, on: date) -> bool:
    """Whether a member is a specialist that day: by a role, or because the schedule in force names the person."""
    roles = member.roles_on(on)  # none of one who has left
    by_role = Ability.GIVE_HELP in abilities(roles)
    return by_role or (bool(roles) and DirectionRole.objects.in_force().filter(person=member).exists())


def may_book_for_others(member: Membership, *, on: date) -> bool:
    """Whoever gives help, and the administration, book for a teacher who came or phoned (our decision)."""
    return member.may(Ability.EDIT_ORDER, on=on) or gives_help(member, on=on)


def specialists_of(direction: Direction, teacher: Membership, *, on: date) -> MembershipQuerySet:
    """Who gives the help that day, but not to themselves."""
    staff = Membership.objects.visible_to(teacher).exclude(pk=teacher.pk)
    return staff.serving(direction.roles, named=direction.named, on=on)
