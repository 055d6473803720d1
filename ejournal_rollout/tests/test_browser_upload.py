"""Loading an order as people do it: by the keyboard alone, without scripts, and on a slow line."""

import re

import pytest
from django.urls import reverse

from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.tests.paper import PLAN_HEADER, Paper
from ejournal_rollout.people.roles import Role
from plans.models import Task

from .factories import MembershipFactory, SchoolFactory
from .test_browser import (  # noqa: F401  fixtures
    Axe,
    browser_context_args,
    browser_type_launch_args,
    come_in,
    expect,
    picture,
    watched,
)

pytestmark = pytest.mark.django_db(transaction=True)

PAPER = (
    Paper()
    .annex(1, "План-график перехода на электронный журнал")
    .table(
        PLAN_HEADER,
        ("1.1", "Обсуждение на педсовете", "после каникул", "Родительский комитет"),
        ("1.2", "Настройка журнала", "до снега", "Администрация"),
    )
    .bytes()
)
FILE = {"name": "order.docx", "mimeType": "application/octet-stream", "buffer": PAPER}


@pytest.fixture
def director():
    return MembershipFactory(school=SchoolFactory(name="МБОУ «Школа № 5»"), roles=[Role.ADMINISTRATION])


def upload(page, live_server, file=FILE):
    page.goto(live_server.url + reverse("documents:upload-new"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Прочитать файл").click()
    page.wait_for_url("**/upload/*/")


def left(page):
    return page.locator("#remarks-title")


def test_remarks_are_settled_and_the_order_is_loaded_by_the_keyboard_alone(watched, live_server, director):  # noqa: F811
    come_in(watched, live_server, director)
    upload(watched, live_server)
    expect(left(watched)).to_have_text("Замечания: осталось 6 из 6")

    # the first remark of the paper: confirmed
    watched.get_by_role("link", name="К следующему замечанию").first.focus()
    watched.keyboard.press("Enter")
    watched.keyboard.press("Tab")  # the link to the plan
    watched.keyboard.press("Tab")
    expect(watched.locator(":focus")).to_contain_text("Так и есть")
    watched.keyboard.press("Enter")
    expect(left(watched)).to_have_text("Замечания: осталось 5 из 6")
    assert watched.url.endswith("#requisites")

    # the term of 1.1: corrected, from its row
    row = watched.locator("#plan-2 + .remarks-row")
    row.locator("summary").focus()
    watched.keyboard.press("Enter")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Control+A")
    watched.keyboard.type("Октябрь 2022")
    watched.keyboard.press("Control+Enter")
    expect(left(watched)).to_have_text("Замечания: осталось 4 из 6")
    expect(watched.locator("#plan-2")).to_contain_text("на бумаге: «после каникул»")
    expect(watched.locator("#plan-2")).to_contain_text("01.10.2022–31.10.2022")

    # a line break in a field of one line stores what was typed and confirms nothing
    watched.locator("#plan-2 + .remarks-row summary").click()
    watched.locator("#plan-2 + .remarks-row select").select_option(label="Член рабочей группы")
    watched.locator("#id_plan-2-due_on").press("Enter")
    expect(left(watched)).to_have_text("Замечания: осталось 3 из 6")
    assert {one["confirmed"] == [] for one in [Upload.objects.get().answers["plan-2"]]} == {True}

    watched.locator("#plan-3 + .remarks-row summary").click()
    picture(watched, "path-settling")
    found = Axe().run(watched)
    assert found.violations_count == 0, found.generate_report()
    watched.set_viewport_size({"width": 360, "height": 740})
    assert watched.evaluate("document.documentElement.scrollWidth") <= 360

    watched.locator("#id_rest").focus()
    watched.keyboard.press("Space")
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")
    watched.wait_for_url(re.compile("/orders/"))
    task = Task.objects.get(printed_number="1.1")
    assert (task.term, task.executors.get().role) == ("Октябрь 2022", Role.WORKING_GROUP)
    assert watched.troubles == []


def test_remarks_are_settled_without_scripts(browser, browser_context_args, live_server, director):  # noqa: F811
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    come_in(page, live_server, director)
    upload(page, live_server)
    row = page.locator("#plan-3 + .remarks-row")
    row.locator("summary").click()
    row.locator("textarea").fill("31.09.2022")
    row.get_by_role("button", name="Записать исправление").last.click()
    expect(row).to_contain_text("день, которого нет")

    row.get_by_role("button", name="Оставить без дат").click()
    expect(page.locator("#plan-3")).to_contain_text("на бумаге: «до снега»")
    expect(left(page)).to_have_text("Замечания: осталось 5 из 7")
    page.locator("#id_rest").check()
    page.get_by_role("button", name="Загрузить в систему").click()
    page.wait_for_url(re.compile("/orders/"))
    assert Task.objects.get(printed_number="1.2").left_without_dates
    context.close()


def test_a_word_of_any_length_pushes_no_column_out_of_sight(watched, live_server, director):  # noqa: F811
    come_in(watched, live_server, director)
    word = "Заведующая" * 20
    orders = Paper().annex(1, "План-график").table(PLAN_HEADER, ("1.1", word, "Май 2026", word)).bytes()
    people = f"ФИО;Должность;E-mail;Роли\nОбразцова Вера Ильинична;{word};{word};{word}\n".encode()
    watched.set_viewport_size({"width": 1280, "height": 900})

    upload(watched, live_server, FILE | {"buffer": orders})
    order_page = watched.evaluate("document.documentElement.scrollWidth")
    watched.goto(live_server.url + reverse("documents:staff:upload-new"))
    watched.locator("input[type=file]").set_input_files(FILE | {"name": "staff.csv", "buffer": people})
    watched.locator("main form:has(input[type=file]) button").click()
    watched.wait_for_url("**/staff/*/")
    staff_page = watched.evaluate("document.documentElement.scrollWidth")

    assert (order_page, staff_page) == (1280, 1280)


def test_while_a_file_is_read_the_page_says_so_and_sends_it_once(watched, live_server, director):  # noqa: F811
    come_in(watched, live_server, director)
    watched.goto(live_server.url + reverse("documents:upload-new"))
    note = watched.locator("[data-progress-note]")
    expect(note).to_be_empty()
    sent = []

    def keep_waiting(route):
        if route.request.method == "POST":
            sent.append(route)
            route.fulfill(status=204)  # the browser stays on the page, as while it waits
        else:
            route.continue_()

    watched.route("**/upload/", keep_waiting)
    watched.locator("input[type=file]").set_input_files(FILE)
    button = watched.get_by_role("button", name="Прочитать файл")

    button.click()

    expect(note).to_have_text(re.compile("не дольше 20"))
    expect(note.locator("progress")).to_be_visible()
    watched.evaluate("document.querySelector('form[data-progress]').requestSubmit()")
    watched.wait_for_timeout(300)
    assert len(sent) == 1

    # when the browser brings the page back, it is ready again
    watched.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(note).to_be_empty()
    expect(button).to_be_enabled()
    watched.unroute("**/upload/")
    button.click()
    watched.wait_for_url("**/upload/*/")
    assert Upload.objects.count() == 1
