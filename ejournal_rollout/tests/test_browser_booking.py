"""Booking as people do it: by the keyboard alone, without scripts, on a phone; and what a lost race looks like."""

import re
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations.models import Booking, Direction
from consultations.operations import book_consultation

from .test_addresses import person
from .test_addresses import school as sample_school  # noqa: F401  fixture
from .test_browser import (  # noqa: F401  fixtures
    DESKTOP,
    PHONE,
    Axe,
    browser_context_args,
    browser_type_launch_args,
    come_in,
    expect,
    picture,
    watched,
)

pytestmark = pytest.mark.django_db(transaction=True)
PNG = {"name": "Снимок.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
TIME = "#choice a.time"


@pytest.fixture
def teacher(sample_school):  # noqa: F811
    """With nothing ahead."""
    teacher = person(sample_school, "teacher2")
    Booking.objects.of_teacher(teacher).coming(at=timezone.now()).update(cancelled_at=timezone.now())
    return teacher


@pytest.fixture
def direction(teacher):
    return Direction.objects.in_force().get(schedule__order__school=teacher.school, name="Методическое сопровождение")


def page_of(direction) -> str:
    return reverse("consultations:book", args=[direction.pk])


def tab_to(page, wanted: str) -> None:
    """Press Tab until what is `wanted` has the focus, as one does who sees where the focus is."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the Tab key does not come to {wanted}")


def has_focus(page, wanted: str) -> None:
    expect(page.locator(f"{wanted}:focus")).to_have_count(1)


def taken_by_another(direction, starts_at, school) -> None:
    """Somebody is quicker; the room of the direction holds one."""
    other = person(school, "teacher")
    said = {"specialist": None, "starts_at": starts_at, "question": "Я был быстрее"}
    book_consultation(direction, teacher=other, by=other, at=timezone.now(), **said)


def test_a_booking_and_a_move_by_the_keyboard_alone(watched, live_server, teacher, direction):  # noqa: F811
    come_in(watched, live_server, teacher)
    watched.goto(live_server.url + page_of(direction))

    tab_to(watched, TIME)
    watched.keyboard.press("ArrowRight")
    watched.keyboard.press("End")
    watched.keyboard.press("ArrowLeft")
    second_last = watched.evaluate("document.activeElement.querySelector('.time-clock').innerText")
    watched.keyboard.press("Enter")
    # the choice is said, and the focus stands where one writes
    expect(watched.locator("#said")).to_contain_text(second_last)
    has_focus(watched, "#id_question")
    watched.keyboard.type("Как исправить отметку?")
    tab_to(watched, "#confirm button")
    watched.keyboard.press("Enter")
    watched.wait_for_url(re.compile(r"/consultations/\d+/$"))

    made = Booking.objects.get(teacher=teacher, question="Как исправить отметку?")
    assert f"{timezone.localtime(made.starts_at, teacher.school.zone):%H:%M}" == second_last
    tab_to(watched, "a[href$='/move/']")
    watched.keyboard.press("Enter")
    watched.wait_for_url("**/move/")
    tab_to(watched, TIME)
    watched.keyboard.press("Enter")
    has_focus(watched, "#confirm button")
    watched.keyboard.press("Enter")
    expect(watched.locator("main")).to_contain_text("Перенесено")
    moved = Booking.objects.get(pk=made.pk)
    assert (moved.sequence, moved.starts_at != made.starts_at) == (1, True)
    assert watched.troubles == []


def test_a_booking_without_scripts_that_comes_too_late_loses_neither_text_nor_screenshot(
    browser, live_server, teacher, direction
):
    context = browser.new_context(java_script_enabled=False, locale="ru-RU", viewport=DESKTOP)
    page = context.new_page()
    come_in(page, live_server, teacher)
    page.goto(live_server.url + page_of(direction))
    page.locator("#choice a.day").nth(1).click()
    page.locator(TIME).nth(2).click()
    sent = {name: page.locator(f"#chosen [name={name}]").get_attribute("value") for name in ("day", "time")}
    page.get_by_label("Тема").select_option("Отметки и их вес")
    page.get_by_label("Ваш вопрос").fill("Без скриптов")
    page.get_by_label("Класс").fill("7-Б")
    page.get_by_label("Снимок экрана").set_input_files(PNG)
    wanted = datetime.fromisoformat(f"{sent['day']}T{sent['time']}").replace(tzinfo=teacher.school.zone)
    taken_by_another(direction, wanted, teacher.school)
    page.get_by_role("button", name=re.compile("Записаться на")).click()

    expect(page.locator(".error-summary")).to_contain_text("занято")
    expect(page.get_by_label("Ваш вопрос")).to_have_value("Без скриптов")
    expect(page.get_by_label("Класс")).to_have_value("7-Б")
    expect(page.locator("main")).to_contain_text("Снимок приложен: Снимок.png")
    picture(page, "path-booking-conflict")
    page.locator(".nearest button[name=other]").last.click()
    expect(page.locator("main")).to_contain_text("Вы записаны")
    made = Booking.objects.get(teacher=teacher, question="Без скриптов")
    assert (made.topic.name, made.school_class, made.screenshot.name) == ("Отметки и их вес", "7-Б", "Снимок.png")
    # and everything after it is a link or a form too
    page.get_by_role("link", name="Перенести").click()
    page.locator(TIME).first.click()
    page.get_by_role("button", name=re.compile("Перенести на")).click()
    expect(page.locator("main")).to_contain_text("Перенесено")
    page.get_by_role("button", name="Отменить консультацию").click()
    page.get_by_role("button", name="Вернуть").click()
    expect(page.locator("main")).to_contain_text("состоится, как было назначено")
    assert Booking.objects.live().filter(pk=made.pk).exists()
    context.close()


def test_a_booking_on_a_phone_has_its_button_in_sight(watched, live_server, teacher, direction):  # noqa: F811
    come_in(watched, live_server, teacher)
    watched.set_viewport_size(PHONE)
    axe, problems = Axe(), []

    def look(name: str) -> None:
        picture(watched, f"path-booking-phone-{name}")
        wider = watched.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        problems.extend([f"{name}: {wider} px wider"] if wider > 0 else [])
        problems.extend(f"{name}: {one['id']}" for one in axe.run(watched).response["violations"])

    watched.goto(live_server.url + page_of(direction))
    look("times")
    watched.locator(TIME).first.click()
    has_focus(watched, "#id_question")
    expect(watched.locator("#confirm button")).to_be_in_viewport()
    watched.get_by_label("Ваш вопрос").fill("С телефона")
    look("question")
    watched.locator("#confirm button").click()
    expect(watched.locator("main")).to_contain_text("Вы записаны")
    look("booked")
    watched.get_by_role("link", name="Перенести").click()
    watched.locator(TIME).first.click()
    expect(watched.locator("#confirm button")).to_be_in_viewport()
    look("move")
    watched.locator("#confirm button").click()
    expect(watched.locator("main")).to_contain_text("Перенесено")
    assert problems == [] and watched.troubles == []


def test_a_time_chosen_on_the_first_page_of_a_phone_opens_where_one_writes(watched, live_server, teacher):  # noqa: F811
    come_in(watched, live_server, teacher)
    watched.set_viewport_size(PHONE)
    watched.goto(live_server.url)

    watched.get_by_role("link", name=re.compile("^Записаться: ")).first.click()

    expect(watched.get_by_label("Ваш вопрос")).to_be_in_viewport()
    expect(watched.locator("#confirm button")).to_be_in_viewport()


def test_what_is_typed_stays_when_another_direction_is_chosen_and_a_screenshot_is_pasted(
    watched,  # noqa: F811
    live_server,
    teacher,
    direction,
):
    come_in(watched, live_server, teacher)
    watched.goto(live_server.url + page_of(direction))
    watched.get_by_label("Ваш вопрос").fill("Не помню пароль")
    watched.get_by_label("Ваш вопрос").evaluate(
        """field => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])], "image.png"));
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    watched.get_by_role("link", name="Техническое сопровождение").click()

    expect(watched.get_by_label("Тема")).to_contain_text("Вход и пароль")
    expect(watched.get_by_label("Ваш вопрос")).to_have_value("Не помню пароль")
    watched.locator(TIME).first.click()
    watched.locator("#confirm button").click()
    expect(watched.locator("main")).to_contain_text("Вы записаны")
    made = Booking.objects.get(teacher=teacher, question="Не помню пароль")
    assert (made.direction.name, made.screenshot.name) == ("Техническое сопровождение", "image.png")
    assert watched.troubles == []
