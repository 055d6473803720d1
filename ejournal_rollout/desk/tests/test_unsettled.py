"""What was not understood in the paper stays in sight until somebody puts it right."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from consultations.models import DirectionRole, Hours
from ejournal_rollout.desk.mine import what_is_mine
from ejournal_rollout.desk.unsettled import terms_to_look_at, unsettled
from ejournal_rollout.documents.drafting import draft_of
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Ability, Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    ScheduleFactory,
    StageFactory,
    TaskFactory,
)
from plans.models import Task, TaskExecutor

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(roles=[*Role])


@pytest.fixture
def order(director):
    """A draft in which one thing of each kind was not understood; everything else is clear."""
    order = OrderFactory(school=director.school, state=Order.State.DRAFT)
    stage = StageFactory(plan=PlanFactory(order=order), position=1)
    strange = TaskFactory(stage=stage, position=1, term="когда получится")
    TaskExecutor.objects.create(task=strange, words="Хранитель музея", role="")
    TaskFactory(
        stage=stage, position=2, term="Май 2027", term_kind="month", due_on=date(2027, 5, 31), executors=[*Role]
    )
    TaskFactory(stage=stage, position=3, term="как-нибудь", due_on=date(2027, 5, 31))  # a person entered the day
    TaskFactory(stage=stage, position=4, term="Весь период", term_kind="whole_period")
    TaskFactory(stage=stage, position=6, term="по погоде", left_without_dates=True)  # a person has said so
    TaskFactory(stage=stage, position=5, term="как-нибудь", completed_on=date(2026, 9, 1))
    schedule = ScheduleFactory(order=order)
    DirectionFactory(school=director.school, schedule=schedule, position=1)
    DirectionFactory(school=director.school, schedule=schedule, position=2, is_on_demand=True)
    unclear = DirectionFactory(school=director.school, schedule=schedule, position=3, name="Музей", hours=[])
    DirectionRole.objects.create(direction=unclear, words="Хранитель музея", role="")
    return order


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def first_page(member):
    return what_is_mine(member, roles=[Role.ADMINISTRATION], abilities=[Ability.EDIT_ORDER], at=now())


def test_each_unclear_place_leads_to_the_page_where_it_is_put_right(order, director, django_assert_num_queries):
    task = Task.objects.get(term="когда получится")
    direction = order.schedule.directions.get(name="Музей")
    to_task = reverse("admin:plans_task_change", args=[task.pk])
    to_direction = reverse("admin:consultations_direction_change", args=[direction.pk])

    with django_assert_num_queries(1):
        found = unsettled(order)

    assert [one.address for one in found] == [to_task, to_task, to_direction, to_direction]
    words = [one.words for one in found]
    assert ["Хранитель музея" in one for one in words] == [True, False, False, True]
    assert "когда получится" in words[1]
    assert "с 8.00 -14.00" in words[2]
    for address in (order.get_absolute_url(), reverse("orders:put-into-effect", args=[order.pk])):
        page = signed_in(director).get(address)
        assert page.context["unsettled"] == found
        assert page.content.decode().count(f'<a href="{to_task}">') == 2
        assert page.content.decode().count(f'<a href="{to_direction}">') == 2


def test_the_first_page_counts_them_and_leads_to_the_order(order, director):
    to_order = f"{order.get_absolute_url()}#to-settle"
    (fault,) = [one for one in first_page(director).faults if one.action.address == to_order]
    assert "4" in fault.words
    assert 'id="to-settle"' in signed_in(director).get(order.get_absolute_url()).content.decode()

    stranger = MembershipFactory(roles=[*Role])
    assert to_order not in [one.action.address for one in first_page(stranger).faults]


def test_the_order_in_force_comes_before_a_draft_and_a_closed_one_is_not_asked(order, director):
    order.state = Order.State.CLOSED
    order.save(update_fields=["state"])
    assert [one for one in first_page(director).faults if "#to-settle" in one.action.address] == []

    in_force = OrderFactory(school=director.school)
    TaskFactory(school=director.school, term="когда получится")
    OrderFactory(school=director.school, state=Order.State.DRAFT)
    (fault,) = [one for one in first_page(director).faults if "#to-settle" in one.action.address]
    assert fault.action.address == f"{in_force.get_absolute_url()}#to-settle"


def test_what_was_put_right_is_not_named_any_more(order, director):
    Task.objects.filter(term="когда получится").update(due_on=date(2027, 5, 31), term_kind="until")
    TaskExecutor.objects.filter(role="").update(role=Role.WORKING_GROUP)
    DirectionRole.objects.filter(role="").update(role=Role.TECHNICAL_SPECIALIST)
    Hours.objects.create(direction=order.schedule.directions.get(name="Музей"), weekday=1, starts="10:00", ends="11:00")

    assert unsettled(order) == []
    assert [one for one in first_page(director).faults if "#to-settle" in one.action.address] == []


def test_a_term_of_far_years_is_named_apart_because_it_has_dates(order):
    TaskFactory(stage=order.plan.stages.get(), position=6, term="Май 2015", term_kind="month")
    assert [task.term for _number, task in terms_to_look_at(draft_of(order))] == ["Май 2015"]
