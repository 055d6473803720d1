"""Who gives help: by a role, because the order names the person, or instead of one who is absent."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ejournal_rollout.people.models import Membership, MembershipQuerySet, School
from ejournal_rollout.people.roles import Ability, Role, abilities

from ..models import Absence, Direction, DirectionRole
from ..models.absences import by_person, stand_in


class Standing(NamedTuple):
    """By which roles a member gives help, those of the absent ones included, and whom of these the member replaces."""

    roles: frozenset[Role]
    instead_of: frozenset[int] = frozenset()


def standing_of(member: Membership, *, on: date, roles: Iterable[Role] | None = None) -> Standing:
    """Of a member that day; nothing of one who has left. `roles`: the member's own, if they are known already."""
    own = frozenset(member.roles_on(on) if roles is None else roles)
    if not own:
        return Standing(own)
    absences = by_person(_absences(member.school_id, on))
    replaced = frozenset(pk for pk in absences if pk != member.pk and stand_in(pk, on, absences) == member.pk)
    people = Membership.objects.filter(pk__in=replaced).prefetch_related("holdings") if replaced else ()
    return Standing(own | {role for one in people for role in one.roles_on(on)}, replaced)


def gives_help(member: Membership, *, on: date) -> bool:
    """Whether a member is a specialist that day: by a role, by name in the schedule in force, or standing in."""
    own = member.roles_on(on)
    if not own or Ability.GIVE_HELP in abilities(own):
        return bool(own)
    standing = standing_of(member, on=on, roles=own)
    named = DirectionRole.objects.in_force().filter(person__in=[member.pk, *standing.instead_of])
    return Ability.GIVE_HELP in abilities(standing.roles) or named.exists()


def books_everywhere(roles: frozenset[Role]) -> bool:
    """Whether holders of `roles` book for a teacher in every direction: the administration and the deputy head."""
    return Role.DEPUTY_HEAD in roles or Ability.EDIT_ORDER in abilities(roles)


def may_book_for_others(
    member: Membership, direction: Direction, *, on: date, standing: Standing | None = None
) -> bool:
    """Who books in a direction for a teacher who came or phoned (our decision): whoever gives help in it that day, a
    deputy on the days of standing in, and those who do everywhere. «Учитель» is everybody and gives nobody this right.

    Reads `direction_roles`; and absences, of those who do not give the help themselves, unless `standing` is known.
    """
    roles = member.roles_on(on)
    if not roles or books_everywhere(roles):
        return bool(roles)
    meant = {*direction.roles, *direction.named} - {Role.TEACHER}
    if meant & {*roles, member.pk}:
        return True
    standing = standing or standing_of(member, on=on, roles=roles)
    return bool(meant & {*standing.roles, *standing.instead_of})


def specialists_of(direction: Direction, teacher: Membership, *, on: date) -> MembershipQuerySet:
    """Who gives the help that day, a deputy instead of an absent one; but not to themselves."""
    staff = Membership.objects.visible_to(teacher)
    own = staff.serving(direction.roles, named=direction.named, on=on)
    if absences := by_person(_absences(teacher.school_id, on)):
        there = {stand_in(pk, on, absences) for pk in own.values_list("pk", flat=True)}
        own = staff.working(on=on).filter(pk__in=there - {None})
    return own.exclude(pk=teacher.pk)


def all_specialists(school: School, *, on: date) -> list[Membership]:
    """Whoever gives help in the schedule in force that day, by name; deputies of absent ones are not counted."""
    in_force = DirectionRole.objects.in_force().filter(direction__schedule__order__school=school)
    rows = list(in_force.values_list("role", "person"))
    roles, named = {role for role, _person in rows if role}, {person for _role, person in rows if person}
    staff = Membership.objects.filter(school=school).select_related("user")
    return list(staff.serving(roles, named=named, on=on))


def _absences(school_id: int, on: date) -> Iterable[Absence]:
    return Absence.objects.of_school(school_id).touching(on, on)
