"""A schedule that names its specialists by name, from the paper to the first page."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.urls import reverse

from consultations.models import DirectionRole, TimeRequest
from ejournal_rollout.desk.effect import put_into_effect
from ejournal_rollout.desk.unsettled import unsettled
from ejournal_rollout.documents.copying import copy_order
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory

PAPER = Path(__file__).resolve().parents[2] / "documents" / "tests" / "data" / "order-tab-rows.txt"
NOON = datetime(2026, 9, 1, 9, tzinfo=UTC)  # 12:00 in Moscow
PRINTED = "Условнова Е.Е., заместитель директора"

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def deputy(school):
    """Named in another direction, and a deputy head like the one who is named here."""
    return MembershipFactory(
        school=school,
        roles=[Role.DEPUTY_HEAD],
        user__last_name="Примерова",
        user__first_name="Ольга",
        user__patronymic="Олеговна",
    )


def appoint_named(school):
    return MembershipFactory(
        school=school, user__last_name="Условнова", user__first_name="Елена", user__patronymic="Егоровна"
    )


def imported(school):
    return import_order(read_order(PAPER.read_bytes(), PAPER.name).draft, school=school, by=None).order


def in_force(order):
    put_into_effect(order, number="7", signed_on=date(2026, 9, 1), by=None, at=NOON)
    return order


def line(order):
    return DirectionRole.objects.get(direction__schedule__order=order, words=PRINTED)


def holders(client, member, name="Нормативное сопровождение"):
    client.force_login(member.user)
    rows = client.get(reverse("consultations:schedule")).context["rows"]
    return next(row["holders"] for row in rows if row["direction"].name == name)


def test_the_paper_names_the_person_and_only_this_person_is_offered(school, deputy, client):
    named, teacher = appoint_named(school), MembershipFactory(school=school)

    order = in_force(imported(school))

    assert holders(client, teacher) == [named]
    assert holders(client, teacher, "Методическое сопровождение") == [deputy]
    assert (line(order).role, line(order).person) == ("", named)
    assert not any(PRINTED in one.words for one in unsettled(order))


def test_a_person_who_is_not_on_the_staff_is_replaced_by_nobody(school, deputy, client):
    order = in_force(imported(school))

    assert holders(client, deputy) == []
    assert line(order) in DirectionRole.objects.unsettled()
    assert any(PRINTED in one.words for one in unsettled(order))


def test_a_person_added_before_the_order_comes_into_force_is_found_and_told(school, deputy):
    order = imported(school)
    late = appoint_named(school)

    in_force(order)

    assert line(order).person == late
    assert Message.objects.filter(recipient=late, key=f"order-{order.pk}-in-force").exists()


def test_the_copy_for_the_next_year_keeps_the_person_whom_the_administration_chose(school):
    order = imported(school)
    chosen = MembershipFactory(school=school)
    DirectionRole.objects.filter(pk=line(order).pk).update(person=chosen)

    copy = copy_order(order, to=SchoolYear(2026), by=None)

    assert line(copy).person == chosen


def test_the_first_page_of_the_named_person_is_that_of_a_specialist(
    school, deputy, client, django_assert_max_num_queries
):
    named, teacher = appoint_named(school), MembershipFactory(school=school)
    order = in_force(imported(school))
    asked = TimeRequest.objects.create(direction=line(order).direction, teacher=teacher, question="?")

    for member, shown in ((named, [asked]), (deputy, []), (teacher, [])):
        client.force_login(member.user)
        with django_assert_max_num_queries(18):
            page = client.get("/").context["mine"]
        assert page.times == shown
        assert (str(page.main.address) == reverse("consultations:day")) is (member in (named, deputy))
