"""The administration edits orders of its own school; the state is changed by the pages only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(roles=[Role.ADMINISTRATION])


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


def posted(order, **more):
    return {
        "number": order.number,
        "signed_on": f"{order.signed_on:%d.%m.%Y}",
        "first_year": order.first_year,
        "organization": order.organization,
        "body": order.body,
        "attachments-TOTAL_FORMS": 0,
        "attachments-INITIAL_FORMS": 0,
        **more,
    }


def change(client, order, **more):
    return client.post(reverse("admin:orders_order_change", args=[order.pk]), posted(order, **more))


def test_the_list_shows_the_orders_of_the_own_school_only(director, client):
    own, other = OrderFactory(school=director.school), OrderFactory()
    page = client.get(reverse("admin:orders_order_changelist"))
    assert list(page.context["cl"].queryset) == [own]
    assert change(client, other, body="чужое").status_code == 302
    other.refresh_from_db()
    assert other.body == ""


def test_a_change_is_written_in_the_journal_and_the_state_stays(director, client):
    order = OrderFactory(school=director.school, state=Order.State.DRAFT)

    assert change(client, order, organization="МБОУ «Школа»", state="in_force").status_code == 302

    order.refresh_from_db()
    assert (order.organization, order.state) == ("МБОУ «Школа»", "draft")
    entry = Entry.objects.get(verb="admin.changed")
    assert [(one["old"], one["new"]) for one in entry.changes] == [("", "МБОУ «Школа»")]


def test_number_and_date_of_a_signed_order_stay(director, client):
    order = OrderFactory(school=director.school, number="7")
    change(client, order, number="8", body="Текст")
    order.refresh_from_db()
    assert (order.number, order.body) == ("7", "Текст")


@pytest.mark.parametrize(("year", "status"), [("1999", 200), ("2000", 302), ("2199", 302), ("20266", 200)])
def test_a_mistyped_school_year_is_refused(director, client, year, status):
    draft = OrderFactory(school=director.school, state=Order.State.DRAFT)
    assert change(client, draft, first_year=year).status_code == status
    draft.refresh_from_db()
    assert (str(draft.first_year) == year) is (status == 302)


def test_an_attached_file_is_called_by_its_own_name(director, client):
    order = OrderFactory(school=director.school)
    row = {"attachments-TOTAL_FORMS": 1, "attachments-0-name": "", "attachments-0-order": order.pk}
    change(client, order, **row, **{"attachments-0-file": SimpleUploadedFile("Приказ.pdf", b"%PDF-")})
    assert Attachment.objects.get(order=order).name == "Приказ.pdf"


@pytest.mark.parametrize(("name", "size"), [("virus.exe", 10), ("page.html", 10), ("scan.pdf", 20 * 1024 * 1024 + 1)])
def test_a_file_of_another_kind_or_too_large_is_refused(director, client, name, size):
    order = OrderFactory(school=director.school)
    row = {"attachments-TOTAL_FORMS": 1, "attachments-0-name": "", "attachments-0-order": order.pk}
    page = change(client, order, **row, **{"attachments-0-file": SimpleUploadedFile(name, b"x" * size)})
    assert page.status_code == 200
    assert Attachment.objects.count() == 0


def test_orders_are_neither_added_nor_deleted_here(director, client):
    order = OrderFactory(school=director.school)
    assert client.get(reverse("admin:orders_order_add")).status_code == 403
    assert client.post(reverse("admin:orders_order_delete", args=[order.pk]), {"post": "yes"}).status_code == 403
    assert Order.objects.count() == 1


def test_the_form_of_an_order_leads_to_its_files(director, client):
    order = OrderFactory(school=director.school)
    change(
        client, order, **{"attachments-TOTAL_FORMS": 1, "attachments-0-file": SimpleUploadedFile("Приказ.txt", b"1")}
    )

    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    address = reverse("orders:attachment", args=[Attachment.objects.get().pk])
    assert f'<a href="{address}">Приказ.txt</a>' in page
    assert b"".join(client.get(address).streaming_content) == b"1"
