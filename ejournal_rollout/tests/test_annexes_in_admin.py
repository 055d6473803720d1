"""The annexes of several orders in the administration pages: each says whose it is."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    RegulationFactory,
    ScheduleFactory,
    StageFactory,
)

pytestmark = pytest.mark.django_db
ANNEXES = {
    "plans_plan": PlanFactory,
    "consultations_schedule": ScheduleFactory,
    "support_regulation": RegulationFactory,
}


@pytest.fixture
def head():
    return MembershipFactory(roles=[Role.ADMINISTRATION])


@pytest.fixture
def orders(head):
    """Two of one school year: the second took the place of the first."""
    closed = OrderFactory(school=head.school, number="12", signed_on=date(2026, 8, 28), state=Order.State.CLOSED)
    return [closed, OrderFactory(school=head.school, number="15", signed_on=date(2026, 9, 3))]


def rows(head, name):
    """The words of the rows of a list, without tags."""
    client = Client()
    client.force_login(head.user)
    page = client.get(reverse(f"admin:{name}_changelist")).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(re.sub("<[^>]+>", " ", row)).split()) for row in table.split("</tr>")[:-1]]


@pytest.mark.parametrize("name", ANNEXES)
def test_annexes_of_one_school_year_are_told_apart_by_their_orders(name, head, orders):
    for order in orders:
        ANNEXES[name](order=order, title="О журнале")
    assert sorted(rows(head, name)) == [
        "О журнале (Приказ от 03.09.2026 № 15) действует",
        "О журнале (Приказ от 28.08.2026 № 12) закрыт",
    ]


def test_stages_of_one_school_year_are_told_apart_too(head, orders):
    for order in orders:
        StageFactory(plan__order=order, position=1, heading="1. Подготовка")
    assert sorted(rows(head, "plans_stage")) == [
        "1. Подготовка (Приказ от 03.09.2026 № 15) 1",
        "1. Подготовка (Приказ от 28.08.2026 № 12) 1",
    ]
