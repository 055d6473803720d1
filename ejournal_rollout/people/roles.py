"""The roles that the order names, and what each may do. Pure.

The order names posts, not persons (Annex 1, column 5; Annex 2, clause 2; Annex 3, column 2);
persons hold a role from a date to a date.
"""

from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATION = "administration"  # «Администрация», «Директор»
    WORKING_GROUP = "working_group"  # «члены рабочей группы»
    TECHNICAL_SPECIALIST = "technical_specialist"  # clause 2: «технический специалист»
    DEPUTY_HEAD = "deputy_head"  # clause 2: «заместителем директора по УР»
    EXPERIENCED_COLLEAGUE = "experienced_colleague"  # clause 2: «работниками школы, имеющими опыт работы с ЭЖ»
    TEACHER = "teacher"  # the users whom Annex 2 promises help


class Ability(StrEnum):
    EDIT_ORDER = "edit_order"  # the admin: orders, plan, schedule, regulation, people
    REVIEW_TASKS = "review_tasks"  # accept a report or return it with a reason
    NOTE_TASKS = "note_tasks"  # write a dated note on a task
    GIVE_HELP = "give_help"  # answer requests, hold consultations
    SEE_ALL_HELP = "see_all_help"  # every request of the school, for the numbers and the oversight


# Clause 2 of Annex 2 lists three kinds of specialists; Annex 3 adds the working group.
SPECIALISTS = frozenset({Role.TECHNICAL_SPECIALIST, Role.DEPUTY_HEAD, Role.EXPERIENCED_COLLEAGUE, Role.WORKING_GROUP})

_ABILITIES: dict[Role, frozenset[Ability]] = {
    Role.ADMINISTRATION: frozenset(
        {Ability.EDIT_ORDER, Ability.REVIEW_TASKS, Ability.NOTE_TASKS, Ability.SEE_ALL_HELP}
    ),
    Role.WORKING_GROUP: frozenset({Ability.REVIEW_TASKS, Ability.NOTE_TASKS, Ability.GIVE_HELP}),
    Role.TECHNICAL_SPECIALIST: frozenset({Ability.GIVE_HELP}),
    Role.DEPUTY_HEAD: frozenset({Ability.GIVE_HELP, Ability.NOTE_TASKS}),
    Role.EXPERIENCED_COLLEAGUE: frozenset({Ability.GIVE_HELP}),
    Role.TEACHER: frozenset(),
}


def abilities(roles: frozenset[Role]) -> frozenset[Ability]:
    """Everything that at least one of `roles` may do."""
    return frozenset().union(*(_ABILITIES[role] for role in roles))
