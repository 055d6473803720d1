"""A school with two directions and one person of each kind. Invented people."""

from types import SimpleNamespace

import pytest

from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, SchoolFactory


@pytest.fixture
def staff(db):
    """`technician` serves the direction `technical`, `deputy` serves `methodical`; `stranger` works elsewhere."""
    school = SchoolFactory()
    return SimpleNamespace(
        school=school,
        technical=DirectionFactory(school=school, name="Техническое сопровождение", roles=[Role.TECHNICAL_SPECIALIST]),
        methodical=DirectionFactory(school=school, name="Методическое сопровождение", roles=[Role.DEPUTY_HEAD]),
        teacher=MembershipFactory(school=school, user__last_name="Примерова"),
        neighbour=MembershipFactory(school=school, user__last_name="Соседова"),
        technician=MembershipFactory(
            school=school, user__last_name="Тестов", user__first_name="Иван", roles=[Role.TECHNICAL_SPECIALIST]
        ),
        second_technician=MembershipFactory(
            school=school, user__last_name="Вторый", user__first_name="Олег", roles=[Role.TECHNICAL_SPECIALIST]
        ),
        deputy=MembershipFactory(school=school, user__last_name="Условная", roles=[Role.DEPUTY_HEAD]),
        head=MembershipFactory(school=school, user__last_name="Главный", roles=[Role.ADMINISTRATION]),
        stranger=MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST, Role.ADMINISTRATION]),
    )
