"""The pages of an order: who reads what, what each button does."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    ClauseFactory,
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    RegulationFactory,
    SchoolFactory,
    StageFactory,
    TaskFactory,
)
from plans.models import Task

SAMPLE = Path(__file__).resolve().parents[2] / "documents" / "samples" / "order-337-01-18.docx"

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(roles=[Role.ADMINISTRATION])


@pytest.fixture
def draft(director):
    paper = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    return import_order(paper, school=director.school, by=director).order


def signed_in(member, **options):
    client = Client(**options)
    client.force_login(member.user)
    return client


def words(page):
    return " ".join(page.content.decode().split())


def test_staff_see_published_orders_and_the_administration_drafts_too(director, draft):
    closed = OrderFactory(school=director.school, state=Order.State.CLOSED)
    in_force = OrderFactory(school=director.school)
    OrderFactory()  # of another school
    teacher = MembershipFactory(school=director.school)

    def listed(member):
        page = signed_in(member).get(reverse("orders:orders"))
        return {order for order, _kind in page.context["orders"]}

    assert listed(teacher) == {closed, in_force}
    assert listed(director) == {closed, in_force, draft}


def test_a_draft_does_not_exist_for_a_teacher(director, draft):
    teacher = signed_in(MembershipFactory(school=director.school))
    attachment = Attachment.objects.create(order=draft, name="Приказ.docx", file=ContentFile(b"x", name="x.docx"))

    assert teacher.get(draft.get_absolute_url()).status_code == 404
    assert teacher.get(reverse("orders:attachment", args=[attachment.pk])).status_code == 404
    assert teacher.get(reverse("orders:put-into-effect", args=[draft.pk])).status_code == 403
    for name in ("orders:copy", "orders:close", "orders:put-into-effect"):
        assert teacher.post(reverse(name, args=[draft.pk])).status_code == 403
    assert signed_in(director).get(draft.get_absolute_url()).status_code == 200


def test_another_schools_order_does_not_exist(draft):
    stranger = signed_in(MembershipFactory(roles=[Role.ADMINISTRATION]))
    attachment = Attachment.objects.create(order=draft, name="Приказ.docx", file=ContentFile(b"x", name="x.docx"))
    Order.objects.update(state=Order.State.IN_FORCE)

    assert stranger.get(draft.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("orders:put-into-effect", args=[draft.pk])).status_code == 404
    assert stranger.get(reverse("orders:attachment", args=[attachment.pk])).status_code == 404
    for name in ("orders:copy", "orders:close", "orders:put-into-effect"):
        answer = stranger.post(reverse(name, args=[draft.pk]), {"number": "1", "signed_on": "2026-09-01"})
        assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_for_one_order_and_for_thirty(director, rows, django_assert_num_queries):
    for _one in range(rows):
        order = OrderFactory(school=director.school, state=Order.State.CLOSED)
        PlanFactory(order=order)
        ClauseFactory(regulation=RegulationFactory(order=order))
    client = signed_in(director)
    client.get(reverse("orders:orders"))

    with django_assert_num_queries(6):  # session, user, memberships, holdings, orders, unread
        page = client.get(reverse("orders:orders"))

    assert page.content.decode().count('id="order-') == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_an_order_costs_the_same_for_one_row_and_for_thirty(director, rows, django_assert_num_queries):
    order = OrderFactory(school=director.school)
    TaskFactory.create_batch(rows, school=director.school, executors=[Role.WORKING_GROUP])
    DirectionFactory.create_batch(rows, school=director.school)
    ClauseFactory.create_batch(rows, regulation=RegulationFactory(order=order))
    client = signed_in(director)
    client.get(order.get_absolute_url())

    with django_assert_num_queries(12):
        client.get(order.get_absolute_url())


def test_a_changed_term_stands_beside_the_signed_one(director, draft):
    client = signed_in(director, enforce_csrf_checks=True)
    page = client.get(reverse("orders:put-into-effect", args=[draft.pk]))
    token = page.context["csrf_token"]
    answer = client.post(
        reverse("orders:put-into-effect", args=[draft.pk]),
        {"number": "337/01-18", "signed_on": "2021-08-31", "csrfmiddlewaretoken": str(token)},
    )
    assert answer.status_code == 302
    assert "Май-июнь 2021" not in words(client.get(draft.get_absolute_url()))

    Task.objects.filter(printed_number="1.1.").update(term="Сентябрь 2021")

    shown = words(client.get(draft.get_absolute_url()))
    assert '<del class="preserve">Май-июнь 2021</del>' in shown
    assert '<ins class="preserve">Сентябрь 2021</ins>' in shown


@pytest.mark.parametrize("name", ["orders:copy", "orders:close", "orders:put-into-effect"])
def test_nothing_changes_without_the_token_of_the_form(director, draft, name):
    client = signed_in(director, enforce_csrf_checks=True)
    assert client.post(reverse(name, args=[draft.pk]), {"number": "1", "signed_on": "2021-08-31"}).status_code == 403
    assert list(Order.objects.all()) == [draft]


def test_a_wrong_date_keeps_what_was_typed(director, draft):
    client = signed_in(director)
    answer = client.post(
        reverse("orders:put-into-effect", args=[draft.pk]), {"number": "59- ОД", "signed_on": "2222-01-01"}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors.as_data()["signed_on"][0].code == "signed_in_future"
    assert 'value="59- ОД"' in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", "337/01-18")


def test_the_page_that_showed_another_order_in_force_is_refused(director, draft):
    client = signed_in(director)
    seen = OrderFactory(school=director.school)
    page = client.get(reverse("orders:put-into-effect", args=[draft.pk]))
    assert page.context["closes"] == [seen]
    assert f'name="closes" value="{seen.pk}"' in page.content.decode()
    Order.objects.filter(pk=seen.pk).update(state=Order.State.CLOSED)
    newer = OrderFactory(school=director.school)

    answer = client.post(
        reverse("orders:put-into-effect", args=[draft.pk]),
        {"number": "337/01-18", "signed_on": "2021-08-31", "closes": [seen.pk]},
    )

    assert answer.context["form"].errors.as_data()["__all__"][0].code == "another_in_force"
    assert list(Order.objects.in_force()) == [newer]


def test_the_page_of_coming_into_force_is_cheap(director, draft, django_assert_max_num_queries):
    client = signed_in(director)
    client.get(draft.get_absolute_url())
    with django_assert_max_num_queries(12):
        page = client.get(reverse("orders:put-into-effect", args=[draft.pk]))
    assert page.status_code == 200


@pytest.mark.parametrize(("years_later", "is_warned"), [(-1, True), (0, False), (1, True)])
def test_an_order_of_another_school_year_is_warned_of_and_not_refused(director, years_later, is_warned):
    now = SchoolYear.of(localdate())
    present = OrderFactory(school=director.school, first_year=now.first)
    draft = OrderFactory(
        school=director.school, first_year=now.first + years_later, state=Order.State.DRAFT, in_force_since=None
    )
    PlanFactory(order=draft)
    client = signed_in(director)
    address = reverse("orders:put-into-effect", args=[draft.pk])

    page = client.get(address)
    answer = client.post(address, {"number": "1", "signed_on": localdate().isoformat(), "closes": [present.pk]})

    assert page.context["other_year"] == (str(now) if is_warned else "")
    assert words(page).count(str(now)) == (2 if is_warned else 1)  # else only what opens
    assert answer.url == draft.get_absolute_url()
    assert list(Order.objects.in_force()) == [draft]


@pytest.mark.parametrize(
    ("organization", "is_warned"), [("МБОУ «Школа № 9»", True), ('мбоу  "Школа № 12"', False), ("", False)]
)
def test_an_order_of_another_school_is_warned_of(organization, is_warned):
    director = MembershipFactory(school=SchoolFactory(name="МБОУ «Школа № 12»"), roles=[Role.ADMINISTRATION])
    draft = OrderFactory(school=director.school, organization=organization, state=Order.State.DRAFT)
    PlanFactory(order=draft)

    page = signed_in(director).get(reverse("orders:put-into-effect", args=[draft.pk]))

    assert page.context["is_of_another_school"] is is_warned
    assert (reverse("admin:orders_order_change", args=[draft.pk]) in page.content.decode()) is is_warned


def test_a_copy_is_made_once_and_the_second_press_leads_to_it(director, draft):
    client = signed_in(director)
    first = client.post(reverse("orders:copy", args=[draft.pk]), {"school_year": "2026/2027"})
    second = client.post(reverse("orders:copy", args=[draft.pk]), {"school_year": "2026/2027"})

    copy = Order.objects.get(copied_from=draft)
    assert (first.url, second.url) == (copy.get_absolute_url(), copy.get_absolute_url())
    wrong = client.post(reverse("orders:copy", args=[draft.pk]), {"school_year": "1990/1991"})
    assert wrong.status_code == 422
    assert Order.objects.count() == 2


def test_a_copy_opens_at_its_top_with_the_message_and_what_to_do_next(director, draft):
    client = signed_in(director)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert f'action="{reverse("orders:copy", args=[draft.pk])}"' in page  # an anchor here would outlive the redirect

    shown = client.post(reverse("orders:copy", args=[draft.pk]), {"school_year": "2026/2027"}, follow=True)

    copy = Order.objects.get(copied_from=draft)
    assert shown.redirect_chain == [(copy.get_absolute_url(), 302)]
    assert len(shown.context["messages"]) > 0
    page = shown.content.decode()
    put = reverse("orders:put-into-effect", args=[copy.pk])
    assert page.count(put) == 1
    assert page.index('id="next"') < page.index(put) < page.index('id="annexes"')
    assert 'id="next"' not in client.get(draft.get_absolute_url()).content.decode()


@pytest.mark.parametrize("is_told", [True, False])
def test_who_is_told_is_said_truly_before_and_after(director, is_told):
    draft = OrderFactory(school=director.school, state=Order.State.DRAFT)
    stage = StageFactory(plan=PlanFactory(order=draft))
    TaskFactory(stage=stage, executors=[Role.ADMINISTRATION if is_told else Role.TECHNICAL_SPECIALIST])
    client = signed_in(director)
    address = reverse("orders:put-into-effect", args=[draft.pk])

    before = words(client.get(address))
    shown = client.post(address, {"number": "1", "signed_on": "2026-09-01"}, follow=True)

    draft.refresh_from_db()
    assert draft.state == "in_force"
    assert ("Сообщение получит 1 человек" in before, "Сообщать пока некому" in before) == (is_told, not is_told)
    levels = [one.level_tag for one in shown.context["messages"]]
    assert levels == (["success"] if is_told else ["success", "warning"])
    assert ("Всем, кто в нём назван" in words(shown)) is is_told


def test_a_closed_order_is_still_read(director):
    order = OrderFactory(school=director.school)
    PlanFactory(order=order)
    client = signed_in(director)

    answer = client.post(reverse("orders:close", args=[order.pk]), follow=True)

    order.refresh_from_db()
    assert (order.state, answer.status_code) == ("closed", 200)
    assert signed_in(MembershipFactory(school=director.school)).get(order.get_absolute_url()).status_code == 200


def test_a_file_of_the_order_comes_as_an_attachment_under_its_own_name():
    order = OrderFactory(school=SchoolFactory(), signed_on=date(2026, 8, 31))
    file = ContentFile(b"<script>alert(1)</script>", name="../../evil.html")
    attachment = Attachment.objects.create(order=order, name='Приказ "о журнале".docx\r\nX: y', file=file)
    teacher = signed_in(MembershipFactory(school=order.school))

    answer = teacher.get(reverse("orders:attachment", args=[attachment.pk]))

    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert attachment.file.name.startswith("orders/")
    attachment.file.storage.delete(attachment.file.name)
    assert teacher.get(reverse("orders:attachment", args=[attachment.pk])).status_code == 404
