"""An order comes into force: words, people, the order before it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from ejournal_rollout.desk.effect import named_roles, put_into_effect, unfilled_roles
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.operations import close_order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory, PlanFactory, SchoolFactory
from plans.models import Plan

SAMPLE = Path(__file__).resolve().parents[2] / "documents" / "samples" / "order-337-01-18.docx"
NOON = datetime(2026, 9, 1, 9, tzinfo=UTC)  # 12:00 in Moscow

pytestmark = pytest.mark.django_db


def imported(school):
    return import_order(read_order(SAMPLE.read_bytes(), SAMPLE.name).draft, school=school, by=None).order


def now_in_database(order):
    return draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))


def test_the_order_is_in_force_with_its_words_of_that_day():
    director = MembershipFactory(roles=[Role.ADMINISTRATION])
    order = imported(director.school)
    words = now_in_database(order)

    put_into_effect(order, number="337/01-18", signed_on=date(2021, 8, 31), by=director, at=NOON)

    assert (order.state, order.in_force_since) == ("in_force", date(2026, 9, 1))
    assert order.signed_draft == words  # the printed headings too: number and date were there already
    entry = Entry.objects.get(verb="orders.put_into_effect")
    assert (entry.by, entry.object_id) == (director.user, order.pk)


def test_the_blanks_of_a_copy_get_date_and_number():
    order = copy_order(imported(SchoolFactory()), to=SchoolYear(2026), by=None)
    Order.objects.filter(pk=order.pk).update(number="5", signed_on=date(2026, 8, 31))  # typed in the admin

    put_into_effect(order, number=" 5 ", signed_on=date(2026, 8, 31), by=None, at=NOON)

    draft = now_in_database(order)
    assert [one.heading.splitlines()[-1] for one in (draft.plan, draft.regulation, draft.schedule)] == [
        "от 31.08.2026 № 5"
    ] * 3
    assert order.signed_draft == draft


def test_the_order_before_is_closed_and_named():
    school = SchoolFactory()
    old = OrderFactory(school=school)
    elsewhere = OrderFactory()
    order = imported(school)

    put_into_effect(order, number="6", signed_on=date(2026, 9, 1), by=None, at=NOON, closes=[old.pk])

    old.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (old.state, old.closed_on, order.replaces) == ("closed", date(2026, 9, 1), old)
    assert elsewhere.state == "in_force"


def test_whoever_is_named_is_told_and_the_administration_hears_of_empty_roles():
    school = SchoolFactory()
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    group = MembershipFactory(school=school, roles=[Role.WORKING_GROUP, Role.DEPUTY_HEAD])
    MembershipFactory(school=school)  # a teacher, whom the order does not name
    MembershipFactory(roles=[Role.ADMINISTRATION])  # of another school
    order = imported(school)

    put_into_effect(order, number="6", signed_on=date(2026, 9, 1), by=director, at=NOON)

    told = sorted(Message.objects.values_list("recipient", "key"))
    assert told == sorted(
        [
            (director.pk, f"order-{order.pk}-in-force"),
            (group.pk, f"order-{order.pk}-in-force"),
            (director.pk, f"order-{order.pk}-unfilled"),
        ]
    )
    named = (Role.ADMINISTRATION, Role.WORKING_GROUP, Role.TECHNICAL_SPECIALIST, Role.DEPUTY_HEAD)
    assert named_roles(order) == named
    assert unfilled_roles(order, on=date(2026, 9, 1)) == (Role.TECHNICAL_SPECIALIST,)


@pytest.mark.parametrize(
    ("number", "signed_on", "code"),
    [
        ("  ", date(2026, 9, 1), "number_missing"),
        ("6", date(2026, 9, 2), "signed_in_future"),
        ("6", date(26, 9, 1), "signed_long_ago"),
        ("7", date(2026, 8, 1), "number_taken"),
    ],
)
def test_refusals_leave_the_draft_a_draft(number, signed_on, code):
    school = SchoolFactory()
    closed = OrderFactory(school=school, number="7", signed_on=date(2026, 8, 1), state=Order.State.CLOSED)
    order = imported(school)

    with pytest.raises(ValidationError) as refusal:
        put_into_effect(order, number=number, signed_on=signed_on, by=None, at=NOON)

    assert refusal.value.code == code
    assert list(Order.objects.drafts()) == [order]
    assert Message.objects.count() == 0
    assert closed.state == "closed"


def test_an_order_without_annexes_is_not_put_into_effect():
    order = OrderFactory(state=Order.State.DRAFT)
    with pytest.raises(ValidationError) as refusal:
        put_into_effect(order, number="6", signed_on=date(2026, 8, 31), by=None, at=NOON)
    assert refusal.value.code == "no_annexes"
    PlanFactory(order=order)
    put_into_effect(order, number="6", signed_on=date(2026, 8, 31), by=None, at=NOON)
    assert Plan.objects.in_force().count() == 1


def test_the_second_of_two_persons_is_told_that_somebody_was_faster():
    school = SchoolFactory()
    old = OrderFactory(school=school)
    one, two = imported(school), copy_order(imported(school), to=SchoolYear(2026), by=None)

    put_into_effect(one, number="8", signed_on=date(2026, 9, 1), by=None, at=NOON, closes=[old.pk])
    with pytest.raises(ValidationError) as refusal:
        put_into_effect(two, number="9", signed_on=date(2026, 9, 1), by=None, at=NOON, closes=[old.pk])
    with pytest.raises(ValidationError) as again:
        put_into_effect(one, number="8", signed_on=date(2026, 9, 1), by=None, at=NOON)

    assert (refusal.value.code, again.value.code) == ("another_in_force", "not_a_draft")
    assert list(Order.objects.in_force()) == [one]


def test_an_order_is_closed_once():
    order = OrderFactory()
    close_order(order, by=None, on=date(2026, 9, 30))
    with pytest.raises(ValidationError) as refusal:
        close_order(order, by=None, on=date(2026, 10, 1))
    assert refusal.value.code == "not_in_force"
    assert order.closed_on == date(2026, 9, 30)
    assert Entry.objects.filter(verb="orders.closed").count() == 1
