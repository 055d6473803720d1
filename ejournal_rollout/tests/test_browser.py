"""The site as people meet it: headless Chromium, every page as every role, and the two paths of the house.

Without Playwright or Chromium these tests are left out, and say so; with BROWSER=required they fail instead.
Pictures of every page are saved into the git-ignored folder `screens/`.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.desk.sample_school import PASSWORD, PEOPLE
from ejournal_rollout.orders.models import Order
from plans.models import Stage, Task

from .addresses import TABLE, Fragment, Page
from .test_addresses import address, person
from .test_addresses import school as sample_school  # noqa: F401  the fixture with a row behind every address

REQUIRED = os.environ.get("BROWSER") == "required"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect
except ImportError:
    if REQUIRED:
        raise
    pytest.skip("left out: the browser tests need requirements-dev.txt", allow_module_level=True)
if CHROMIUM is None and not REQUIRED:
    pytest.skip("left out: the browser tests need Chromium", allow_module_level=True)

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in the test's thread
SCREENS = Path(__file__).resolve().parents[2] / "screens"
pytestmark = pytest.mark.django_db(transaction=True)

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    quiet = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*args, *quiet, "--no-first-run"]}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "ru-RU", "timezone_id": "Europe/Simferopol", "viewport": DESKTOP}


@pytest.fixture
def watched(page, live_server):
    """The page, with a list of everything that should not have happened on it."""
    page.troubles = []
    page.on("console", lambda line: page.troubles.append(f"console: {line.text}") if line.type == "error" else None)
    page.on("pageerror", lambda error: page.troubles.append(f"script: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:"))
            else page.troubles.append(f"foreign request: {request.url}")
        ),
    )
    return page


def come_in(page, live_server, member):
    """Signed in without the form, for those tests that are not about signing in."""
    client = Client()
    client.force_login(member.user)
    session = client.cookies["sessionid"].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def sign_in(page, live_server, email):
    page.goto(live_server.url + reverse("account_login"))
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url(live_server.url + reverse("desk:home"))


def pages_of(key, school):
    """(name, address) of every page of the table that this person may open."""
    return [
        (name, address(name, row, school))
        for name, row in TABLE.items()
        if isinstance(row, Page) and not isinstance(row, Fragment) and key in row.who
    ]


def picture(page, name):
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def test_a_teacher_books_in_three_clicks_from_the_first_page_and_sees_it_in_mine(watched, live_server, sample_school):  # noqa: F811
    sign_in(watched, live_server, "teacher2@demo.example")
    clicks = 0
    # first click: the next free time on the first page
    watched.locator("main a[href*='/consultations/direction/'][href*='time=']").first.click()
    clicks += 1
    watched.locator("textarea[name=question]").fill("Как поставить отметку за контрольную?")
    watched.get_by_role("button", name=re.compile("Записаться на")).click()
    clicks += 1
    expect(watched.locator("main")).to_contain_text("Как поставить отметку за контрольную?")
    picture(watched, "path-booked")
    watched.goto(live_server.url + reverse("consultations:bookings"))
    expect(watched.locator("main")).to_contain_text("Как поставить отметку за контрольную?")
    assert clicks <= 3
    assert watched.troubles == []


def test_the_administration_changes_a_term_in_the_admin_and_sees_it_on_the_plan_page(
    watched,
    live_server,
    sample_school,  # noqa: F811
):
    order = Order.objects.in_force().get(school=sample_school)
    task = next(one for one in Task.objects.filter(stage__plan__order=order).in_order() if one.number == "2.4")
    sign_in(watched, live_server, "deputy@demo.example")
    watched.goto(live_server.url + reverse("admin:plans_task_change", args=[task.pk]))
    watched.locator("#id_term").fill(f"до 25 мая {order.first_year + 1} г.")
    # the live reading stands beside the field before anything is saved
    expect(watched.locator("body")).to_contain_text(f"25.05.{order.first_year + 1}")
    picture(watched, "path-admin-term")
    watched.locator("input[name=_save]").click()
    watched.goto(live_server.url + reverse("plans:plan"))
    row = watched.locator(f"#task-{task.pk}")
    expect(row).to_contain_text(f"до 25 мая {order.first_year + 1} г.")
    task.refresh_from_db()
    assert (task.due_on.day, task.due_on.month) == (25, 5)
    assert watched.troubles == []


@pytest.mark.parametrize("key", [one.key for one in PEOPLE if one.key != "teacher2"])
def test_every_page_of_a_role_is_accessible_quiet_and_fits_a_phone(watched, live_server, sample_school, key):  # noqa: F811
    member = person(sample_school, key)
    come_in(watched, live_server, member)
    axe, problems = Axe(), []
    pages = pages_of(key, sample_school)
    pages += [(name, reverse(name)) for name in ("account_change_password", "account_logout", "mfa_index")]
    if key == "director":
        pages += [
            ("admin:index", reverse("admin:index")),
            ("admin:plans_task_changelist", reverse("admin:plans_task_changelist")),
        ]
    for name, path in pages:
        picture_name = f"{key}-{re.sub('[^a-z]+', '-', name)}"
        for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
            watched.set_viewport_size(viewport)
            answer = watched.goto(live_server.url + path)
            picture(watched, f"{picture_name}-{size}")
            if answer.status != 200:
                problems.append(f"{name}: {answer.status}")
            if size == "phone" and not name.startswith("admin:"):
                wider = watched.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if wider > 0:
                    problems.append(f"{name}: {wider} px wider than a phone")
            if not name.startswith("admin:"):
                found = axe.run(watched).response["violations"]
                problems += [
                    f"{name} ({size}): {one['id']} {one['nodes'][0]['target']} ({len(one['nodes'])})" for one in found
                ]
        problems += [f"{name}: {trouble}" for trouble in watched.troubles]
        watched.troubles.clear()
    assert not problems, "\n".join(problems)


def test_the_door_is_accessible_and_says_what_is_wrong_in_russian(watched, live_server, sample_school):  # noqa: F811
    watched.goto(live_server.url + reverse("desk:home"))
    picture(watched, "door-desktop")
    assert Axe().run(watched).response["violations"] == []
    watched.locator("#id_login").fill("teacher@demo.example")
    watched.locator("#id_password").fill("не тот пароль")
    watched.get_by_role("button", name="Войти").click()
    expect(watched.locator("main")).to_contain_text(re.compile("[Пп]арол"))
    expect(watched.locator("#id_login")).to_have_value("teacher@demo.example")
    watched.set_viewport_size(PHONE)
    picture(watched, "door-phone")
    assert watched.troubles == []


def sheet_words(text):
    """The words of a cell, wherever the lines of the page or of the paper end."""
    return " ".join(text.split())


def test_the_plan_is_printed_as_the_sheet_of_the_annex(watched, live_server, sample_school):  # noqa: F811
    plan = Order.objects.in_force().get(school=sample_school).plan
    come_in(watched, live_server, person(sample_school, "deputy"))
    watched.goto(live_server.url + reverse("plans:plan"))
    SCREENS.mkdir(exist_ok=True)
    sheet = watched.pdf(path=SCREENS / "print-plans-plan.pdf", prefer_css_page_size=True)
    watched.set_viewport_size(PHONE)  # who prints from a phone gets the table, not its cards
    watched.emulate_media(media="print")
    printed = watched.evaluate(
        """() => {
            // who amended a row, and what is for the ear, are not words of the annex
            for (const one of document.querySelectorAll(".row-mark, .visually-hidden")) one.remove();
            const rows = (part) => [...document.querySelectorAll(`main ${part} tr`)].map((row) =>
                [...row.cells].filter((cell) => cell.checkVisibility()).map((cell) => cell.innerText.trim()));
            const style = (selector) => getComputedStyle(document.querySelector(selector));
            return {
                heading: document.querySelector(".annex-heading").innerText,
                title: document.querySelector(".annex-title").innerText,
                header: rows("thead"), rows: rows("tbody"),
                shapes: [style("thead").display, style("tbody tr").breakInside],
            };
        }"""
    )
    # A4 on its side, every page
    assert set(re.findall(rb"/MediaBox \[([^]]+)\]", sheet)) == {b"0 0 841.91998 594.95996"}
    assert sheet_words(printed["heading"]) == sheet_words(plan.heading)
    assert sheet_words(printed["title"]) == sheet_words(plan.title)
    assert printed["header"] == [[sheet_words(column["header"]) for column in plan.columns]]
    assert [list(map(sheet_words, row)) for row in printed["rows"]] == [
        row
        for stage in Stage.objects.of(plan)
        for row in [
            [sheet_words(stage.heading)],
            *(
                [
                    task.printed_number,
                    *map(sheet_words, (task.question, task.term, task.purpose, task.executors_printed)),
                ]
                for task in Task.objects.filter(stage=stage).in_order()
            ),
        ]
    ]
    assert printed["shapes"] == ["table-header-group", "avoid"]
    assert watched.troubles == []


@pytest.mark.parametrize("key", ["deputy", "teacher", "technician"])
def test_nothing_that_one_presses_or_fills_in_is_printed(watched, live_server, sample_school, key):  # noqa: F811
    come_in(watched, live_server, person(sample_school, key))
    watched.set_viewport_size(PHONE)
    pages = pages_of(key, sample_school)
    if key == "deputy":
        pages += [(name, reverse(name)) for name in ("admin:index", "admin:plans_task_changelist")]
    problems = []
    for name, path in pages:
        watched.goto(live_server.url + path)
        watched.emulate_media(media="print")
        problems += watched.evaluate(
            """(name) => [...document.querySelectorAll(
                "nav, button, .btn, form:not(:has(table)), header.site-header, footer"
            )].filter((one) => one.checkVisibility()).map((one) => `${name}: ${one.outerHTML.slice(0, 120)}`)""",
            name,
        )
        # a sheet has columns, whatever the width of the screen
        problems += watched.evaluate(
            """(name) => [...document.querySelectorAll("main td")].filter((cell) => cell.checkVisibility())
                .filter((cell) => getComputedStyle(cell).display !== "table-cell")
                .map((cell) => `${name}: ${cell.outerHTML}`)""",
            name,
        )
        # every sheet says whose it is and of what day
        foot = watched.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper-foot')")
        if not name.startswith("admin:") and str(sample_school) not in foot.replace("\\", ""):
            problems.append(f"{name}: no foot, but {foot!r}")
        watched.emulate_media(media="screen")
    assert not problems, "\n".join(problems)


def test_printed_sheets_are_saved_for_the_eye(watched, live_server, sample_school):  # noqa: F811
    come_in(watched, live_server, person(sample_school, "deputy"))
    SCREENS.mkdir(exist_ok=True)
    for name in ("plans:status", "consultations:schedule", "support:regulation"):
        watched.goto(live_server.url + address(name, TABLE[name], sample_school))
        sheet = SCREENS / f"print-{name.replace(':', '-')}.pdf"
        watched.pdf(path=sheet, prefer_css_page_size=True)
        assert sheet.stat().st_size > 5000
    assert watched.troubles == []


def test_a_task_opens_beside_the_plan_and_the_keyboard_goes_on(watched, live_server, sample_school):  # noqa: F811
    tasks = list(Task.objects.in_force().filter(stage__plan__order__school=sample_school).in_order())
    come_in(watched, live_server, person(sample_school, "deputy"))
    watched.goto(live_server.url + reverse("plans:plan"))
    panel, heading = watched.locator("#panel"), watched.locator("#panel-title")
    link = watched.locator(f"#task-{tasks[0].pk} a[data-task]")

    link.focus()
    watched.keyboard.press("Enter")
    expect(heading).to_contain_text(tasks[0].question.split("\n")[0][:20])
    expect(heading).to_be_focused()
    assert f"task={tasks[0].pk}" in watched.url
    picture(watched, "plan-panel")
    assert Axe().run(watched).response["violations"] == []

    watched.keyboard.press("ArrowDown")
    expect(heading).to_contain_text(tasks[1].printed_number)
    expect(watched.locator(f"#task-{tasks[1].pk} a[aria-current]")).to_have_count(1)
    assert f"task={tasks[1].pk}" in watched.url
    watched.keyboard.press("ArrowUp")
    expect(heading).to_contain_text(tasks[0].printed_number)

    # the list of keys lies above: no key reaches the task behind it
    watched.keyboard.press("?")
    expect(watched.locator("#shortcuts")).to_be_visible()
    before = watched.url
    watched.keyboard.press("ArrowDown")
    watched.keyboard.press("Escape")
    expect(watched.locator("#shortcuts")).to_be_hidden()
    watched.wait_for_load_state("networkidle")
    assert watched.url == before
    expect(heading).to_contain_text(tasks[0].printed_number)

    # on a narrow desk the question keeps its room: the executors stand in the panel
    width = watched.viewport_size["width"]
    watched.set_viewport_size({"width": 1110, "height": 800})
    expect(watched.locator(".plan-table th.plan-executors")).to_be_hidden()
    assert watched.locator(".plan-table th.plan-question").bounding_box()["width"] > 240
    watched.set_viewport_size({"width": width, "height": 800})

    # back in the browser is the task before, as a whole page
    watched.go_back()
    expect(heading).to_contain_text(tasks[1].printed_number)
    expect(watched.locator(".plan-table")).to_be_visible()
    watched.keyboard.press("Escape")
    expect(panel).to_be_empty()
    expect(watched.locator(f"#task-{tasks[1].pk} a[data-task]")).to_be_focused()
    assert "task=" not in watched.url
    assert watched.troubles == []


def test_filters_change_the_list_at_once_and_stand_in_the_address(watched, live_server, sample_school):  # noqa: F811
    come_in(watched, live_server, person(sample_school, "deputy"))
    watched.goto(live_server.url + reverse("plans:plan"))

    watched.get_by_label("Статус", exact=True).select_option("waiting")
    expect(watched.locator(".plan-words-chosen")).to_contain_text("Статус: ждёт проверки")
    expect(watched.locator("#plan-found")).to_contain_text("Показана 1 задача")
    watched.wait_for_url("**/plan/?status=waiting")
    # a stage folds on the screen, not on paper
    row = watched.locator(".plan-table td.plan-number").first
    watched.locator("[data-fold]").first.click()
    expect(row).to_be_hidden()
    watched.emulate_media(media="print")
    expect(row).to_be_visible()
    watched.emulate_media(media="screen")
    watched.locator("[data-fold]").first.click()

    # quick acts open under their row, with the first field ready
    watched.locator(".plan-mark").first.click()
    expect(watched.locator(".plan-act textarea").first).to_be_focused()
    picture(watched, "plan-quick-acts")
    assert Axe().run(watched).response["violations"] == []
    watched.locator(".plan-act [name=note-text]").fill("Отмечено из списка")
    watched.locator(".plan-act").get_by_role("button", name="Добавить заметку").click()
    watched.wait_for_url("**/plan/?status=waiting&changed=*")
    expect(watched.locator("tr.is-changed")).to_contain_text("Отмечено из списка")

    watched.locator(".plan-words-chosen a").first.click()
    watched.wait_for_url(live_server.url + reverse("plans:plan"))
    assert watched.troubles == []


def test_the_plan_on_a_phone_opens_the_page_of_a_task_and_scrolls_only_its_months(
    watched,
    live_server,
    sample_school,  # noqa: F811
):
    come_in(watched, live_server, person(sample_school, "group"))
    watched.set_viewport_size(PHONE)
    for name, query in (("timeline", "view=timeline"), ("views", "status=open&q=анализ"), ("groups", "group=role")):
        watched.goto(f"{live_server.url}{reverse('plans:plan')}?{query}")
        picture(watched, f"plan-{name}-phone")
        assert watched.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert Axe().run(watched).response["violations"] == []
    watched.goto(f"{live_server.url}{reverse('plans:plan')}?view=timeline")
    region = watched.locator(".timeline-scroll")
    assert region.evaluate("one => one.scrollWidth > one.clientWidth")
    watched.goto(live_server.url + reverse("plans:plan"))
    watched.locator("a[data-task]").first.click()
    watched.wait_for_url("**/plan/tasks/*/")
    assert watched.troubles == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_timeline_on_a_phone_shows_the_month_of_today(browser, live_server, sample_school, has_scripts):  # noqa: F811
    context = browser.new_context(java_script_enabled=has_scripts, locale="ru-RU", viewport=PHONE)
    page = context.new_page()
    come_in(page, live_server, person(sample_school, "group"))
    page.goto(f"{live_server.url}{reverse('plans:plan')}?view=timeline")
    if not has_scripts:
        page.get_by_role("link", name="к сегодняшнему дню").click()
    assert stands_in_sight(page)
    if has_scripts:  # also after another choice of tasks, which loads the list alone
        page.get_by_text("Отбор и поиск").click()
        page.get_by_label("Статус").select_option("open")
        page.wait_for_url("**status=open*")
        assert stands_in_sight(page)
    context.close()


def stands_in_sight(page) -> bool:
    """Is the head of today's month to be seen between the column of tasks and the edge of the screen?"""
    tasks, month = (
        page.locator(f".timeline thead {one}").bounding_box() for one in (".timeline-task", ".timeline-now")
    )
    return tasks["x"] + tasks["width"] <= month["x"] and month["x"] + month["width"] <= PHONE["width"]


def test_the_timeline_is_one_table_on_a_sheet_on_its_side(watched, live_server, sample_school):  # noqa: F811
    come_in(watched, live_server, person(sample_school, "deputy"))
    watched.goto(f"{live_server.url}{reverse('plans:plan')}?view=timeline")
    SCREENS.mkdir(exist_ok=True)
    sheet = watched.pdf(path=SCREENS / "print-plans-timeline.pdf", prefer_css_page_size=True)
    assert re.findall(rb"/MediaBox \[([^]]+)\]", sheet) == [b"0 0 841.91998 594.95996"]
    assert watched.troubles == []


def test_the_plan_without_scripts_is_the_same_plan(browser, live_server, sample_school):  # noqa: F811
    task = Task.objects.in_force().filter(stage__plan__order__school=sample_school).in_order().first()
    context = browser.new_context(java_script_enabled=False, locale="ru-RU", viewport=DESKTOP)
    page = context.new_page()
    come_in(page, live_server, person(sample_school, "deputy"))
    page.goto(live_server.url + reverse("plans:plan"))
    page.get_by_label("Поиск").fill("АНАЛИЗ готовности")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(page.locator(".plan-table td.plan-number")).to_have_text(["1.2."])
    page.get_by_role("link", name="Сбросить отбор").click()
    page.locator(f"#task-{task.pk} a[data-task]").click()
    expect(page.locator("#panel-title")).to_contain_text(task.printed_number)
    page.get_by_role("link", name="Закрыть панель").click()
    page.locator(f"#task-{task.pk} .plan-mark").click()
    page.locator(".plan-act [name=note-text]").fill("Без скриптов")
    page.locator(".plan-act").get_by_role("button", name="Добавить заметку").click()
    expect(page.locator("tr.is-changed")).to_contain_text("Без скриптов")
    context.close()


def test_single_keys_go_to_the_search_and_open_their_list_but_never_inside_a_field(
    watched,
    live_server,
    sample_school,  # noqa: F811
):
    come_in(watched, live_server, person(sample_school, "teacher"))
    watched.goto(live_server.url + reverse("plans:plan"))
    keys, search = watched.locator("#shortcuts"), watched.locator("main input[type=search]")
    expect(keys).to_be_hidden()

    watched.keyboard.press("?")
    expect(keys).to_be_visible()
    assert Axe().run(watched).response["violations"] == []
    picture(watched, "shortcuts")
    watched.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    watched.keyboard.press("?")
    expect(keys.get_by_role("button", name="Закрыть")).to_be_focused()
    watched.keyboard.press("Enter")
    expect(keys).to_be_hidden()

    watched.keyboard.press("/")
    expect(search).to_be_focused()
    watched.keyboard.type("а/б?")
    expect(search).to_have_value("а/б?")
    expect(keys).to_be_hidden()

    # from a page without a search the key leads to the plan
    watched.goto(live_server.url + reverse("people:me"))
    watched.keyboard.press("/")
    watched.wait_for_url(f"{live_server.url}{reverse('plans:plan')}#search")
    expect(search).to_be_focused()

    # turned off, they do nothing
    watched.goto(live_server.url + reverse("people:me"))
    watched.keyboard.press("?")
    keys.get_by_role("link", name="Выключить их").click()
    expect(keys).to_be_hidden()
    watched.get_by_role("button", name="Выключить").click()
    expect(watched.get_by_role("button", name="Включить")).to_be_visible()
    watched.keyboard.press("?")
    watched.keyboard.press("/")
    expect(keys).to_have_count(0)
    assert watched.url.startswith(live_server.url + reverse("people:me"))
    assert watched.troubles == []
