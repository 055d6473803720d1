"""The order as a Word file: who gets it, what it is called, what stands in it."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.paper import look_of
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.documents.writing import Look
from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import School
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    ClauseFactory,
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    RegulationFactory,
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


def ask_table(member, order, query=""):
    return signed_in(member).get(reverse("orders:spreadsheet", args=[order.pk]) + query)


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


def test_what_no_order_says_is_marked_on_every_sheet_as_it_stands_now(director, order, paper):
    note = "1.1: изменено без приказа, в приказе: сроки — «Май-июнь 2021»."
    page, filtered = (signed_in(director).get(reverse("plans:plan") + query) for query in ("", "?q=1.2"))
    assert page.context["paper_notes"] == [note]
    assert note in page.content.decode()
    assert filtered.context["paper_notes"] == []

    for query in ("", "?annex=plan"):
        answer = content(ask(director, order, query))
        assert note in _paragraphs(answer)
        read = read_order(answer, "now.docx").draft  # the note is no part of the order
        assert read.plan.stages[1:] == paper.plan.stages[1:]
        assert query or (read.regulation, read.schedule) == (paper.regulation, paper.schedule)
    assert note not in _paragraphs(content(ask(director, order, "?as=signed")))


def _paragraphs(docx):
    return [one.text for one in Document(io.BytesIO(docx)).paragraphs]


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


# --- As the school wants its paper


def test_a_file_has_the_font_and_the_size_that_the_school_has_chosen(director, order):
    School.objects.filter(pk=director.school_id).update(paper_font="PT Astra Serif", paper_size=14)

    style = Document(io.BytesIO(content(ask(director, order)))).styles["Normal"].element.rPr

    fonts = {style.find(qn("w:rFonts")).get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")}
    assert fonts == {"PT Astra Serif"}
    assert {style.find(qn(name)).get(qn("w:val")) for name in ("w:sz", "w:szCs")} == {"28"}


def test_a_school_that_has_chosen_nothing_gets_the_usual_look(director):
    assert look_of(director.school) == Look()


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", "/orders/{pk}/"),
        ("?annex=plan", "/plan/?order={pk}"),
        ("?annex=regulation", "/orders/{pk}/"),
        ("?annex=schedule", "/orders/{pk}/"),
    ],
)
def test_the_first_page_tells_where_the_paper_is_read_today_if_the_school_wants_it(
    director, order, settings, query, page
):
    settings.SITE_URL, settings.SITE_URL_IS_SET = "https://journal.school.example", True
    expected = "https://journal.school.example" + page.format(pk=order.pk)

    def footer():
        part = Document(io.BytesIO(content(ask(director, order, query)))).sections[0].first_page_footer
        return part.paragraphs[0].text.strip(), part._element.xpath(".//wp:docPr/@descr")

    assert footer() == ("", [])
    School.objects.update(paper_address=True)
    assert footer() == (expected, [expected])
    assert signed_in(director).get(expected.removeprefix("https://journal.school.example")).status_code == 200


def test_a_site_that_was_told_no_address_prints_the_one_by_which_it_was_reached(director, order, settings):
    settings.SITE_URL, settings.SITE_URL_IS_SET = "http://127.0.0.1:8000", False
    School.objects.update(paper_address=True)

    part = Document(io.BytesIO(content(ask(director, order)))).sections[0].first_page_footer

    assert part.paragraphs[0].text.strip() == f"http://testserver{order.get_absolute_url()}"


def test_the_address_does_not_change_what_is_read_from_the_file(director, order, paper):
    School.objects.update(paper_address=True)

    assert read_order(content(ask(director, order, "?as=signed")), "signed.docx").draft == paper


def test_the_administration_chooses_the_look_of_its_own_school_and_the_journal_tells_it(director, order):
    client = signed_in(director)
    address = reverse("admin:people_school_change", args=[director.school_id])
    assert f'href="{address}"' in client.get(order.get_absolute_url()).content.decode()
    told = {"name": director.school.name, "time_zone": "Europe/Moscow", "working_week": 5}

    refused = client.post(address, told | {"paper_font": "Comic Sans MS", "paper_size": 72})
    client.post(address, told | {"paper_font": "Arial", "paper_size": 12, "paper_address": "on"})

    assert set(refused.context["adminform"].form.errors) == {"paper_font", "paper_size"}
    school = School.objects.get(pk=director.school_id)
    assert (school.paper_font, school.paper_size, school.paper_address) == ("Arial", 12, True)
    entry = Entry.objects.get(verb="admin.changed")
    assert [(one["old"], one["new"]) for one in entry.changes] == [
        ("Times New Roman", "Arial"),
        ("13", "12"),
        ("нет", "да"),
    ]


def test_those_who_may_not_choose_the_look_are_not_sent_there(director, order):
    page = signed_in(MembershipFactory(school=director.school)).get(order.get_absolute_url()).content.decode()

    assert reverse("admin:people_school_change", args=[director.school_id]) not in page


# --- Tables


@pytest.mark.parametrize(("annex", "word", "title"), [("plan", "план", "План"), ("schedule", "график", "График")])
def test_a_teacher_takes_the_plan_and_the_schedule_for_excel_and_as_csv(director, order, annex, word, title):
    teacher = MembershipFactory(school=director.school)

    excel, comma = (ask_table(teacher, order, f"?annex={annex}&kind={kind}") for kind in ("xlsx", "csv"))

    sheet = load_workbook(io.BytesIO(content(excel))).active
    rows = list(csv.reader(io.StringIO(content(comma).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert sheet.title.startswith(title)
    assert [cell.value for cell in sheet[1]] == rows[0]
    assert (sheet.max_row, sheet.max_column) == (len(rows), len(rows[0]))
    assert file_name(excel).startswith(f"Приказ 337-01-18 от 31.08.2021, {word}")
    assert (file_name(excel)[-5:], file_name(comma)[-4:]) == (".xlsx", ".csv")
    assert (excel.headers["Content-Type"], comma.headers["Content-Type"]) == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "text/csv; charset=utf-8",
    )


def test_a_table_says_what_stands_in_the_plan_now(director, order):
    sheet = load_workbook(io.BytesIO(content(ask_table(director, order)))).active

    assert sheet.cell(2, 4).value == "Сентябрь 2021"


def test_tables_of_a_draft_are_for_the_administration_only(director):
    draft = OrderFactory(school=director.school, state=Order.State.DRAFT, number="", signed_on=None)
    TaskFactory(stage=StageFactory(plan__order=draft))

    answer = ask_table(director, draft, "?annex=plan")

    assert file_name(answer) == "Приказ (проект) 2026-2027, план.xlsx"
    assert ask_table(MembershipFactory(school=director.school), draft, "?annex=plan").status_code == 404
    assert ask_table(MembershipFactory(roles=[Role.ADMINISTRATION]), draft, "?annex=plan").status_code == 404


@pytest.mark.parametrize("query", ["?annex=regulation", "?annex=x", "?kind=docx", "?annex=schedule"])
def test_only_tables_that_there_are_are_given(director, query):
    order = OrderFactory(school=director.school)
    TaskFactory(stage=StageFactory(plan__order=order))

    assert ask_table(director, order).status_code == 200
    assert ask_table(director, order, query).status_code == 404


def test_the_pages_of_the_order_of_its_plan_and_schedule_lead_to_their_tables(director, order):
    client = signed_in(director)
    address = reverse("orders:spreadsheet", args=[order.pk])
    pages = {
        order.get_absolute_url(): ["plan", "schedule"],
        reverse("plans:plan"): ["plan"],
        reverse("consultations:schedule"): ["schedule"],
    }
    for page, annexes in pages.items():
        found = re.findall(rf'href="{address}\?annex=(\w+)&amp;kind=(\w+)"', client.get(page).content.decode())
        assert found == [(annex, kind) for annex in annexes for kind in ("xlsx", "csv")], page


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
