"""The order as a Word file: who gets it, what it is called, what stands in it."""

import io
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    ClauseFactory,
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    RegulationFactory,
    TaskFactory,
)
from plans.models import Task

SAMPLE = Path(__file__).resolve().parents[2] / "documents" / "samples" / "order-337-01-18.docx"

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(roles=[Role.ADMINISTRATION])


@pytest.fixture
def paper():
    return read_order(SAMPLE.read_bytes(), SAMPLE.name).draft


@pytest.fixture
def order(director, paper):
    """In force, with one term changed since it was signed."""
    order = import_order(paper, school=director.school, by=director).order
    Order.objects.filter(pk=order.pk).update(state=Order.State.IN_FORCE, as_signed=paper.to_json())
    Task.objects.filter(printed_number="1.1.").update(term="Сентябрь 2021")
    return Order.objects.get(pk=order.pk)


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def ask(member, order, query=""):
    return signed_in(member).get(reverse("orders:docx", args=[order.pk]) + query)


def content(answer):
    return b"".join(answer.streaming_content)


def file_name(answer):
    return unquote(answer.headers["Content-Disposition"].split("filename*=utf-8''")[1])


def test_a_teacher_takes_the_order_in_force_as_it_stands_now_or_as_it_was_signed(director, order, paper):
    teacher = MembershipFactory(school=director.school)

    now, signed = ask(teacher, order), ask(teacher, order, "?as=signed")

    assert (file_name(now), file_name(signed)) == (
        "Приказ 337-01-18 от 31.08.2021.docx",
        "Приказ 337-01-18 от 31.08.2021, как подписан.docx",
    )
    assert now.headers["Content-Disposition"].startswith("attachment")
    assert read_order(content(now), "now.docx").draft.tasks[0].term == "Сентябрь 2021"
    assert read_order(content(signed), "signed.docx").draft == paper


@pytest.mark.parametrize(("annex", "word"), [("plan", "план"), ("regulation", "регламент"), ("schedule", "график")])
def test_one_annex_is_a_file_of_its_own(director, order, annex, word):
    answer = ask(director, order, f"?annex={annex}")

    draft = read_order(content(answer), "annex.docx").draft
    assert [name for name in ("plan", "regulation", "schedule") if getattr(draft, name)] == [annex]
    assert f", {word}" in file_name(answer)


def test_a_draft_is_marked_and_given_to_the_administration_only(director, paper):
    draft = OrderFactory(school=director.school, state=Order.State.DRAFT, number="", signed_on=None)
    ClauseFactory(regulation=RegulationFactory(order=draft))

    answer = ask(director, draft)

    headers = [one.text for one in Document(io.BytesIO(content(answer))).sections[0].first_page_header.paragraphs]
    assert headers == ["ПРОЕКТ"]
    assert file_name(answer).startswith("Приказ (проект)")
    assert ask(MembershipFactory(school=director.school), draft).status_code == 404


def test_an_order_with_number_and_date_has_no_mark(director, order):
    headers = Document(io.BytesIO(content(ask(director, order)))).sections[0].first_page_header.paragraphs
    assert [one.text for one in headers] == [""]


def test_another_schools_order_does_not_exist(order):
    assert ask(MembershipFactory(roles=[Role.ADMINISTRATION]), order).status_code == 404


@pytest.mark.parametrize("query", ["?annex=admin", "?as=tomorrow", "?annex=plan&as=", "?annex="])
def test_only_known_papers_are_given(director, order, query):
    assert ask(director, order, query).status_code == (404 if query in ("?annex=admin", "?as=tomorrow") else 200)


def test_what_an_order_does_not_have_is_not_given(director):
    order = OrderFactory(school=director.school, body="", as_signed=None)

    for query in ("", "?annex=plan", "?as=signed"):
        assert ask(director, order, query).status_code == 404
    assert (
        reverse("orders:docx", args=[order.pk])
        not in signed_in(director).get(order.get_absolute_url()).content.decode()
    )


def test_each_page_of_the_order_leads_to_its_file(director, order):
    client = signed_in(director)
    address = reverse("orders:docx", args=[order.pk])
    pages = {
        order.get_absolute_url(): ["", "?as=signed", "?annex=plan", "?annex=regulation", "?annex=schedule"],
        reverse("plans:plan"): ["?annex=plan"],
        reverse("support:regulation"): ["?annex=regulation"],
        reverse("consultations:schedule"): ["?annex=schedule"],
    }
    for page, queries in pages.items():
        words = client.get(page).content.decode()
        assert [query for query in queries if f'href="{address}{query}"' not in words] == [], page


@pytest.mark.parametrize("rows", [1, 30])
def test_a_file_costs_the_same_queries_for_one_row_and_for_thirty(director, rows, django_assert_num_queries):
    order = OrderFactory(school=director.school)
    TaskFactory.create_batch(rows, school=director.school, executors=[Role.WORKING_GROUP])
    DirectionFactory.create_batch(rows, school=director.school)
    ClauseFactory.create_batch(rows, regulation=RegulationFactory(order=order))
    client = signed_in(director)
    client.get(order.get_absolute_url())

    with django_assert_num_queries(8):  # session, user, memberships, holdings, order, three annexes
        answer = client.get(reverse("orders:docx", args=[order.pk]))

    assert len(Document(io.BytesIO(content(answer))).tables[0].rows) > rows
