"""Two persons press the same button at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from ejournal_rollout.desk.amending import bring_into_force, draft_amendment
from ejournal_rollout.desk.effect import put_into_effect
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.tests.factories import OrderFactory, PlanFactory, SchoolFactory
from plans.models import Plan, Task

SAMPLE = Path(__file__).resolve().parents[2] / "documents" / "samples" / "order-337-01-18.docx"
NOON = datetime(2026, 9, 1, 9, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="on SQLite writers stand in a queue, so these races are run on PostgreSQL"
    ),
]


def at_once(*acts):
    """The answers of acts begun together: "done" or the code of the refusal."""
    start = Barrier(len(acts))

    def answer(act):
        try:
            start.wait(timeout=20)
            act()
        except ValidationError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(people.map(answer, acts))


def drafts(school, count):
    orders = [OrderFactory(school=school, state=Order.State.DRAFT, number="", signed_on=None) for _one in range(count)]
    for order in orders:
        PlanFactory(order=order)
    return orders


def test_one_of_eight_orders_comes_into_force_and_the_others_hear_that_somebody_was_faster():
    school = SchoolFactory()
    old = OrderFactory(school=school)

    def act(order, number):
        return lambda: put_into_effect(
            order, number=str(number), signed_on=date(2026, 9, 1), by=None, at=NOON, closes=[old.pk]
        )

    answers = at_once(*(act(order, number) for number, order in enumerate(drafts(school, 8))))

    assert answers == ["another_in_force"] * 7 + ["done"]
    assert Order.objects.in_force().count() == 1
    assert Order.objects.get(pk=old.pk).state == "closed"


def test_one_order_is_put_into_effect_once():
    (order,) = drafts(SchoolFactory(), 1)

    def act():
        put_into_effect(Order.objects.get(pk=order.pk), number="5", signed_on=date(2026, 9, 1), by=None, at=NOON)

    assert at_once(*[act] * 4) == ["done"] + ["not_a_draft"] * 3


def test_one_amending_order_comes_into_force_once_and_is_drawn_up_once():
    (order,) = drafts(SchoolFactory(), 1)
    put_into_effect(order, number="5", signed_on=date(2026, 9, 1), by=None, at=NOON)
    Plan.objects.filter(order=order).update(title="ПЛАН")

    assert at_once(*[lambda: draft_amendment(Order.objects.get(pk=order.pk), by=None)] * 4) == ["done"] * 4
    amendment = Amendment.objects.get()

    def act(number):
        return lambda: bring_into_force(
            Amendment.objects.get(pk=amendment.pk), number=number, signed_on=date(2026, 9, 1), by=None, at=NOON
        )

    assert at_once(*(act(str(number)) for number in range(6, 10))) == ["done"] + ["not_a_draft"] * 3


def test_the_same_paper_loaded_by_four_persons_makes_one_order():
    school = SchoolFactory()
    draft = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft

    answers = at_once(*[lambda: import_order(draft, school=school, by=None)] * 4)

    assert set(answers) <= {"done", "loaded_meanwhile"}
    assert "done" in answers
    assert Order.objects.count() == 1
    assert Task.objects.count() == 8


def test_one_copy_is_made_for_a_year():
    order = OrderFactory()
    PlanFactory(order=order)

    answers = at_once(*[lambda: copy_order(order, to=SchoolYear(2027), by=None)] * 4)

    assert answers == ["already_copied"] * 3 + ["done"]
    assert Order.objects.filter(copied_from=order).count() == 1
