"""The plan page: filters in the address, lists under names, a task beside the list, quick acts, months."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ejournal_rollout.documents.drafting import draft_of
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    RoundFactory,
    SchoolFactory,
    StageFactory,
    TaskFactory,
)
from plans.models import SavedView, Task, TaskExecutor, TaskNote
from plans.operations import (
    accept_result,
    add_step,
    cancel_task,
    change_view,
    delete_view,
    report_task,
    save_view,
    start_task,
    watch,
    write_note,
)
from plans.selection import canonical
from plans.views.plan import ROWS_ON_A_PAGE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLAN = "/plan/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Every page is read at noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def signed_in(member):
    browser = Client(enforce_csrf_checks=False)
    browser.force_login(member.user)
    browser.member = member
    return browser


@pytest.fixture
def plan():
    """Six tasks in two stages of an order of 31.08.2026, each in another standing."""
    order = OrderFactory()
    made = PlanFactory(order=order)
    first = StageFactory(plan=made, position=1, heading="1. Подготовительный этап")
    second = StageFactory(plan=made, position=2, heading="2. Основная работа")
    group, office, everybody = [Role.WORKING_GROUP], [Role.ADMINISTRATION], [Role.TEACHER]
    made.director = MembershipFactory(school=order.school, roles=[Role.ADMINISTRATION])
    made.member = MembershipFactory(school=order.school, roles=[Role.WORKING_GROUP])
    known = [
        ("1.1.", first, date(2026, 9, 30), group, "Анализ ИКТ-компетентности", ""),
        ("1.2.", first, date(2026, 11, 30), office, "Закупка техники", "Всё оснащение"),
        ("1.3.", first, date(2026, 8, 20), group, "Положение об ЭЖ", ""),
        ("2.1.", second, date(2027, 6, 30), everybody, "Итоги", "Анализ работы"),
        ("2.2.", second, None, [], "Мониторинг", ""),
        ("2.3.", second, date(2026, 12, 23), group, "Обучение", ""),
    ]
    made.tasks = {
        number.strip("."): TaskFactory(
            stage=stage, printed_number=number, due_on=due, executors=executors, question=question, purpose=purpose,
            executors_printed="Завуч" if number == "2.2." else "члены рабочей группы",
        )
        for number, stage, due, executors, question, purpose in known
    }  # fmt: skip
    TaskExecutor.objects.create(task=made.tasks["2.2"], words="Завуч")
    report_task(made.tasks["2.3"], by=made.member, at=AT, result="Обучены все")
    return made


def words(page):
    """The text of a page as a person reads it."""
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def numbers(page):
    """The numbers of the tasks in the table, from top to bottom."""
    return re.findall(r'<td class="plan-number">(?:<del.*?</span>)?([^<]*)\.</td>', page.content.decode())


ALL = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]


@pytest.mark.parametrize(
    "query, expected",
    [
        ({}, ALL),
        ({"stage": "2"}, ["2.1", "2.2", "2.3"]),
        ({"role": "working_group"}, ["1.1", "1.3", "2.3"]),
        ({"role": "mine"}, ["1.1", "1.3", "2.1", "2.3"]),  # everybody is a teacher too
        ({"role": "watched"}, ["1.1", "1.2", "1.3", "2.2"]),
        ({"role": "none"}, ["2.2"]),
        ({"status": "open"}, ALL),
        ({"status": "overdue"}, ["1.1"]),
        ({"status": "soon"}, ["1.2"]),
        ({"status": "waiting"}, ["2.3"]),
        ({"status": "before_order"}, ["1.3"]),
        ({"status": "done"}, []),
        ({"status": "cancelled"}, []),
        ({"term": "month"}, ["1.2"]),
        ({"term": "30days"}, ["1.2", "2.3"]),  # the thirtieth day is inside
        ({"term": "quarter"}, ["1.2", "2.3"]),
        ({"term": "none"}, ["2.2"]),
        ({"q": "АНАЛИЗ"}, ["1.1", "2.1"]),  # in a question and in a purpose
        ({"q": "все оснащение"}, ["1.2"]),  # «ё» is «е»
        ({"q": "завуч"}, ["2.2"]),
        ({"q": "2.1"}, ["2.1"]),
        ({"q": "анализ нет такого"}, []),
        ({"role": "working_group", "status": "overdue", "stage": "1"}, ["1.1"]),
        ({"role": "working_group", "stage": "2", "status": "overdue"}, []),
    ],
)
def test_the_address_chooses_the_tasks(plan, query, expected):
    watch(plan.tasks["1.1"].stage, by=plan.member)
    watch(plan.tasks["2.2"], by=plan.member)

    page = signed_in(plan.member).get(PLAN, query)

    assert numbers(page) == expected


def test_words_are_sought_in_notes_steps_and_results_too(plan):
    write_note(plan.tasks["1.1"], by=plan.member, at=AT, text="Раздали анкеты")
    write_note(plan.tasks["1.1"], by=plan.member, at=AT + timedelta(hours=1), text="Ждём ответа")
    add_step(plan.tasks["1.2"], by=plan.member, at=AT, words="Собрать Анкеты")
    add_step(plan.tasks["1.2"], by=plan.member, at=AT, words="Подсчитать")
    browser = signed_in(plan.member)

    assert numbers(browser.get(PLAN, {"q": "анкет"})) == ["1.1", "1.2"]
    assert numbers(browser.get(PLAN, {"q": "собрать подсчитать"})) == ["1.2"]
    assert "вопрос, заметки, шаги" in browser.get(PLAN).content.decode()


def test_done_and_cancelled_tasks_are_found_and_are_not_open(plan):
    accept_result(plan.tasks["2.3"], by=plan.director, at=AT)
    cancel_task(plan.tasks["2.1"], by=plan.director, at=AT, grounds="Приказ № 5")
    browser = signed_in(plan.member)

    assert numbers(browser.get(PLAN, {"status": "done"})) == ["2.3"]
    assert numbers(browser.get(PLAN, {"status": "cancelled"})) == ["2.1"]
    assert numbers(browser.get(PLAN, {"status": "open"})) == ["1.1", "1.2", "1.3", "2.2"]


def test_a_chosen_filter_is_a_word_that_its_link_takes_away(plan):
    page = signed_in(plan.member).get(PLAN, {"status": "overdue", "q": "анализ", "view": "", "stage": ""})

    text = words(page)
    assert "Статус: просрочено × " in text
    assert "Поиск: анализ × Сбросить отбор 1 задача из 6" in text
    chosen = re.search(r'<p class="plan-words-chosen.*?</p>', page.content.decode(), re.S)[0]
    addresses = [unescape(one) for one in re.findall(r'href="([^"]*)"', chosen)]
    assert addresses == [f"{PLAN}?{urlencode({'q': 'анализ'})}", f"{PLAN}?status=overdue", PLAN]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "burnt"},
        {"stage": "77"},
        {"stage": "x"},
        {"role": "director"},
        {"term": "-"},
        {"group": "x"},
        {"view": "board"},
        {"q": "я" * 101},
    ],
)
def test_an_unknown_filter_shows_everything_and_says_so(plan, query):
    page = signed_in(plan.member).get(PLAN, query)

    assert page.status_code == 200
    assert numbers(page) == ALL
    assert "Такого отбора здесь нет" in words(page)


@pytest.mark.parametrize("query", [{"page": "x"}, {"task": "x"}, {"mark": "-"}, {"changed": "x"}, {"all": "maybe"}])
def test_what_is_said_of_a_place_in_the_list_never_breaks_the_page(plan, query):
    page = signed_in(plan.member).get(PLAN, query)
    assert numbers(page) == ALL
    assert "Такого отбора здесь нет" not in words(page)


@pytest.mark.parametrize(
    "group, expected",
    [
        ("", ["1. Подготовительный этап", "2. Основная работа"]),
        ("role", ["Администрация", "Член рабочей группы", "Учитель", "Роль не названа"]),
        (
            "status",
            [
                "Просрочено",
                "Срок до приказа, результата ещё нет",
                "Ждут проверки",
                "Срок в ближайшие 30 дней",
                "Открытые",
            ],
        ),
    ],
)
def test_the_list_is_grouped(plan, group, expected):
    page = signed_in(plan.member).get(PLAN, {"group": group})
    headings = [words_of(one) for one in re.findall(r'<tr class="row-stage">(.*?)</tr>', page.content.decode(), re.S)]
    assert [found[: len(asked)].lower() for found, asked in zip(headings, expected, strict=True)] == [
        one.lower() for one in expected
    ]
    assert sorted(numbers(page)) == ALL


def words_of(html):
    without_button = re.sub(r"<button.*?</button>", "", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", without_button).split())


def test_a_task_of_two_roles_stands_under_both_and_has_one_place_to_jump_to(plan):
    TaskExecutor.objects.create(task=plan.tasks["1.1"], words="Администрация", role=Role.ADMINISTRATION)
    page = signed_in(plan.member).get(PLAN, {"group": "role", "mark": plan.tasks["1.1"].pk})
    assert numbers(page).count("1.1") == 2
    assert page.content.decode().count(f'id="task-{plan.tasks["1.1"].pk}"') == 1
    assert page.content.decode().count(f'id="act-{plan.tasks["1.1"].pk}"') == 1


def test_an_empty_choice_offers_to_reset_it_and_an_empty_plan_says_who_fills_it(plan):
    nothing_found = words(signed_in(plan.member).get(PLAN, {"q": "такого нет"}))
    assert "По этому отбору задач нет. Сбросить отбор" in nothing_found

    bare = PlanFactory(order=OrderFactory())
    teacher = MembershipFactory(school=bare.order.school)
    assert "Их вносит администрация школы." in words(signed_in(teacher).get(PLAN))
    director = MembershipFactory(school=bare.order.school, roles=[Role.ADMINISTRATION])
    assert "Изменить план" in words(signed_in(director).get(PLAN)).split("В плане ещё нет задач")[1]


def test_a_printed_choice_says_that_it_is_not_the_whole_plan(plan):
    browser = signed_in(plan.member)
    assert "Не весь план, отбор: Статус: просрочено" in words(browser.get(PLAN, {"status": "overdue"}))
    assert "Не весь план" not in words(browser.get(PLAN))


def test_the_list_is_of_one_plan_keeps_bare_stages_and_shows_the_newest_note(plan):
    last_year = OrderFactory(school=plan.order.school, first_year=2025, state=Order.State.CLOSED)
    TaskFactory(stage=StageFactory(plan=PlanFactory(order=last_year)), printed_number="9.9.")
    StageFactory(plan=plan, position=3, heading="3. Этап без задач")
    for hour, text in ((9, "Утренняя"), (15, "Дневная"), (11, "Полуденная")):
        write_note(plan.tasks["1.1"], by=plan.member, at=AT.replace(hour=hour), text=text)

    page = signed_in(plan.member).get(PLAN)

    assert numbers(page) == ALL
    assert "3. Этап без задач" in words(page)
    assert f"23.11.2026, {plan.member.name} Дневная" in words(page)
    assert "Утренняя" not in words(page)
    filtered = signed_in(plan.member).get(PLAN, {"status": "open"}).content.decode()
    assert "3. Этап без задач" not in filtered.split('<table class="table-dense')[1]


# --- Lists under names


def test_a_list_is_saved_renamed_and_deleted(plan):
    browser = signed_in(plan.member)

    saved = browser.post(
        reverse("plans:view-new"), {"name": " Горит ", "query": "status=overdue&order=77&evil=1&stage=&q=ИКТ"}
    )
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("Горит", urlencode({"status": "overdue", "q": "ИКТ"}), False)
    assert saved.url == f"{PLAN}?{view.query}"
    assert "Горит" in words(browser.get(PLAN))
    assert numbers(browser.get(saved.url)) == ["1.1"]

    browser.post(reverse("plans:view-change", args=[view.pk]), {"name": "Срочно", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Срочно", True)
    assert "Срочно" in words(browser.get(reverse("plans:views")))

    browser.post(reverse("plans:view-delete", args=[view.pk]))
    assert not SavedView.objects.exists()
    assert "Списков пока нет" in words(browser.get(reverse("plans:views")))


def test_a_name_is_taken_once_and_what_was_typed_stays(plan):
    browser = signed_in(plan.member)
    save_view(by=plan.member, name="Мой", query="status=open")

    again = browser.post(reverse("plans:view-new"), {"name": "Мой", "query": "status=done"})

    assert again.status_code == 422
    assert "У вас уже есть список с таким названием." in words(again)
    assert 'value="status=done"' in again.content.decode()
    assert SavedView.objects.get().query == "status=open"
    # another person may call theirs the same
    save_view(by=plan.director, name="Мой", query="status=done")
    assert SavedView.objects.count() == 2


def test_a_nameless_list_is_not_saved(plan):
    answer = signed_in(plan.member).post(reverse("plans:view-new"), {"name": " ", "query": "status=done"})
    assert answer.status_code == 422
    assert "Напишите название списка." in words(answer)
    assert not SavedView.objects.exists()


def test_shared_lists_are_seen_by_all_staff_and_changed_by_their_owner_only(plan):
    teacher = MembershipFactory(school=plan.order.school)
    stranger = MembershipFactory(school=SchoolFactory(), roles=[Role.WORKING_GROUP])
    shared = save_view(by=plan.member, name="Для всех", query="status=open", is_shared=True)
    private = save_view(by=plan.member, name="Только моё", query="status=done")

    page = words(signed_in(teacher).get(PLAN))
    assert "Для всех" in page
    assert "Только моё" not in page
    assert list(SavedView.objects.visible_to(stranger)) == []
    browser = signed_in(teacher)
    assert browser.post(reverse("plans:view-delete", args=[shared.pk])).status_code == 403
    assert browser.post(reverse("plans:view-change", args=[shared.pk]), {"name": "x"}).status_code == 403
    assert browser.post(reverse("plans:view-delete", args=[private.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        save_view(by=teacher, name="Для всех", query="", is_shared=True)
    with pytest.raises(PermissionDenied):
        change_view(shared, by=teacher, name="Чужое", is_shared=False)
    with pytest.raises(PermissionDenied):
        delete_view(shared, by=teacher)
    assert {one.name for one in SavedView.objects.all()} == {"Для всех", "Только моё"}


def test_who_may_not_share_is_not_offered_it(plan):
    teacher = signed_in(MembershipFactory(school=plan.order.school))
    assert "показать всем сотрудникам" not in words(teacher.get(PLAN, {"status": "open"}))
    answer = teacher.post(reverse("plans:view-new"), {"name": "Мой", "query": "status=open", "is_shared": "on"})
    assert answer.status_code == 302
    assert SavedView.objects.get().is_shared is False
    assert "показать всем сотрудникам" in words(signed_in(plan.member).get(PLAN, {"status": "open"}))


def test_there_is_an_end_to_saved_lists(plan):
    for number in range(30):
        save_view(by=plan.member, name=f"Список {number}", query="")
    with pytest.raises(ValidationError) as refusal:
        save_view(by=plan.member, name="Ещё один", query="")
    assert refusal.value.code == "too_many_views"


def test_a_saved_query_keeps_only_known_words_in_one_order():
    assert canonical("q=%D0%B0&status=open&order=5&next=//evil&view=timeline") == "view=timeline&status=open&q=%D0%B0"
    assert canonical("") == ""


# --- A task beside the list


def test_a_task_is_read_beside_the_list_that_stays(plan):
    task = plan.tasks["2.3"]
    add_step(task, by=plan.member, at=AT, words="Собрать списки")
    write_note(task, by=plan.member, at=AT, text="Сдали тридцать один")
    page = signed_in(plan.member).get(PLAN, {"task": task.pk, "role": "working_group"})

    assert numbers(page) == ["1.1", "1.3", "2.3"]
    panel = re.search(r'<aside id="panel".*?</aside>', page.content.decode(), re.S)[0]
    text = words_of(panel)
    for shown in ("2.3. Обучение", "ждёт проверки", "Обучены все", "Собрать списки", "Сдали тридцать один"):
        assert shown in text
    assert plan.member.full_name in text
    assert f'href="{task.get_absolute_url()}"' in panel
    # the neighbours are those of the list, and closing keeps its filters
    assert f'href="{PLAN}?role=working_group&amp;task={plan.tasks["1.3"].pk}#panel"' in panel
    assert f'href="{PLAN}?role=working_group#task-{task.pk}"' in panel
    assert 'rel="next"' not in panel


def test_a_script_asks_for_the_panel_alone(plan):
    task = plan.tasks["1.1"]
    browser = signed_in(plan.member)
    headers = {"HX-Request": "true", "HX-Target": "panel"}

    page = browser.get(PLAN, {"task": task.pk}, headers=headers)
    assert "Анализ ИКТ-компетентности" in words(page)
    assert "<table" not in page.content.decode()
    assert "HX-Target" in page.headers["Vary"]
    # the address without a task closes it
    assert browser.get(PLAN, headers=headers).content.decode().strip() == ""


def test_a_task_of_another_school_is_not_opened_beside_the_list(plan):
    theirs = TaskFactory(school=SchoolFactory(), question="Чужая тайна")
    page = signed_in(plan.member).get(PLAN, {"task": theirs.pk, "mark": theirs.pk})
    assert page.status_code == 200
    assert "Чужая тайна" not in words(page)


# --- Quick acts


def acts_of(page, task):
    row = re.search(rf'<tr class="plan-act.*?id="act-{task.pk}".*?</tr>', page.content.decode(), re.S)
    return re.findall(rf'action="/plan/tasks/{task.pk}/(\w+)/"', row[0]) if row else None


@pytest.mark.parametrize(
    "who, number, expected",
    [
        ("member", "1.1", ["start", "report", "note"]),
        ("member", "1.2", ["note"]),  # entrusted to the administration
        ("director", "2.3", ["accept", "return", "note"]),
        ("member", "2.3", ["return", "note"]),  # one's own report is accepted by others
        ("teacher", "2.1", ["start", "report", "note"]),
        ("teacher", "1.1", None),
    ],
)
def test_a_row_offers_only_what_the_reader_may_do(plan, who, number, expected):
    plan.teacher = MembershipFactory(school=plan.order.school)
    browser, task = signed_in(getattr(plan, who)), plan.tasks[number]
    page = browser.get(PLAN, {"mark": task.pk})
    offered = f"mark={task.pk}#act-{task.pk}" in unescape(page.content.decode())
    assert (acts_of(page, task) or None) == expected
    assert offered == (expected is not None)


def test_nothing_is_offered_in_the_plan_of_a_closed_year(plan):
    Order.objects.filter(pk=plan.order.pk).update(state=Order.State.CLOSED, closed_on=date(2026, 11, 1))
    page = signed_in(plan.director).get(PLAN, {"order": plan.order.pk})
    assert numbers(page) == ALL
    assert "Отметить" not in words(page)


def test_a_quick_note_returns_to_the_same_list_with_the_row_marked(plan):
    browser, task = signed_in(plan.member), plan.tasks["1.1"]
    back = "?role=working_group&order=&page=2&evil=//x"

    answer = browser.post(reverse("plans:task-note", args=[task.pk]), {"note-text": "Звонили поставщику", "back": back})

    assert answer.url == f"{PLAN}?role=working_group&page=2&changed={task.pk}#task-{task.pk}"
    page = browser.get(answer.url)
    assert f'<tr id="task-{task.pk}" class="is-changed">' in page.content.decode()
    assert "Заметка добавлена" in words(page)
    assert "Звонили поставщику" in words(page)


def test_the_status_is_changed_in_the_row(plan):
    browser, task = signed_in(plan.member), plan.tasks["1.1"]
    browser.post(reverse("plans:task-start", args=[task.pk]), {"back": "?"})
    task.refresh_from_db()
    assert task.state == Task.State.IN_PROGRESS
    answer = browser.post(reverse("plans:task-report", args=[task.pk]), {"reported-result": "Готово", "back": "?"})
    task.refresh_from_db()
    assert task.state == Task.State.WAITING
    assert answer.url.startswith(f"{PLAN}?changed=")


def test_a_refused_quick_act_shows_the_list_with_the_row_open(plan):
    browser, task = signed_in(plan.member), plan.tasks["1.1"]
    page = browser.post(
        reverse("plans:task-report", args=[task.pk]), {"reported-result": " ", "back": "?status=overdue"}
    )
    assert page.status_code == 422
    assert numbers(page) == ["1.1"]
    assert acts_of(page, task) == ["start", "report", "note"]
    assert "Напишите, что сделано" in words(page) or "Напишите" in words(page)


def test_the_loser_of_a_race_keeps_the_words_though_the_row_left_the_list(plan):
    # given a list of overdue tasks, and a colleague who reports on one of them first
    task, browser = plan.tasks["1.1"], signed_in(plan.member)
    report_task(Task.objects.in_order().get(pk=task.pk), by=plan.director, at=AT, result="Первый")

    page = browser.post(
        reverse("plans:task-report", args=[task.pk]),
        {"reported-result": "Мой длинный ответ", "back": "?status=overdue"},
    )

    # then the row is there with the words, although it is not overdue any more
    assert page.status_code == 422
    assert "Мой длинный ответ" in page.content.decode()
    assert "note" in acts_of(page, task)
    task.refresh_from_db()
    assert task.result == "Первый"


def test_without_a_list_an_act_returns_to_the_page_of_the_task(plan):
    task = plan.tasks["1.1"]
    answer = signed_in(plan.member).post(reverse("plans:task-note", args=[task.pk]), {"note-text": "Да"})
    assert answer.url == task.get_absolute_url()


def test_every_form_of_the_list_carries_its_token(plan):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(plan.member.user)
    task = plan.tasks["1.1"]
    page = browser.get(PLAN, {"mark": task.pk, "status": "open"})
    forms = re.findall(r'<form method="post" action="([^"]*)">(.*?)</form>', page.content.decode(), re.S)
    assert len(forms) == 4  # three acts and the saving of the list
    for address, form in forms:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', form)[1]
        answer = browser.post(address, {"csrfmiddlewaretoken": token, "back": "?"})
        assert answer.status_code != 403


# --- Months


def test_the_same_choice_is_drawn_across_months(plan):
    browser = signed_in(plan.member)
    page = browser.get(PLAN, {"view": "timeline", "stage": "1"})

    table = re.search(r"<table class=\"timeline\".*?</table>", page.content.decode(), re.S)[0]
    assert re.findall(r'timeline-number">([^<]*)<', table) == ["1.1", "1.2", "1.3"]
    assert [one.strip() for one in re.findall(r'colspan="4"[^>]*>([^<]+)</th>', table)] == ["авг", "сен", "окт", "ноя"]
    text = words_of(table)
    assert "сегодня 23.11.2026" in text
    assert "30.09.2026, просрочено" in text  # read aloud
    assert "plan-number" not in page.content.decode()
    # the tabs keep the choice
    assert f'href="{PLAN}?stage=1"' in page.content.decode()


def test_a_choice_without_days_has_no_months(plan):
    page = signed_in(plan.member).get(PLAN, {"view": "timeline", "term": "none"})
    assert "нет сроков с датами" in words(page)


def test_every_row_of_the_timeline_has_as_many_columns_as_its_head(plan):
    page = signed_in(plan.member).get(PLAN, {"view": "timeline"})
    table = re.search(r"<table class=\"timeline\".*?</table>", page.content.decode(), re.S)[0]
    width = int(re.search(r'<colgroup span="(\d+)"', table)[1])
    body = table.split("</thead>")[1]
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
        assert sum(map(int, re.findall(r'<td[^>]*colspan="(\d+)"', row))) == width


# --- A thousand tasks


def many(rows):
    """A signed plan of `rows` tasks with notes and executors, one of them edited since, one amended order read."""
    order = OrderFactory()
    plan = PlanFactory(order=order)
    stages = [StageFactory(plan=plan, position=place, heading=f"{place}. Этап") for place in range(1, 5)]
    member = MembershipFactory(school=order.school, roles=[Role.WORKING_GROUP])
    tasks = Task.objects.bulk_create(
        Task(
            stage=stages[number * 4 // rows],
            position=number,
            printed_number=f"{number}.",
            question=f"Вопрос {number}",
            due_on=date(2026, 9 + number % 4, 20),
        )
        for number in range(rows)
    )
    TaskExecutor.objects.bulk_create(TaskExecutor(task=one, words="РГ", role=Role.WORKING_GROUP) for one in tasks)
    TaskNote.objects.bulk_create(TaskNote(task=one, author=member, written_at=AT, text="Идёт") for one in tasks)
    Order.objects.filter(pk=order.pk).update(as_signed=draft_of(Order.objects.get(pk=order.pk)).to_json())
    Task.objects.filter(pk=tasks[0].pk).update(term="другой срок")
    save_view(by=member, name="Список", query="status=open")
    return member, tasks


@pytest.mark.parametrize("rows", [8, 1000])
@pytest.mark.parametrize("query", ["", "?group=role&status=open&q=вопрос", "?view=timeline"])
def test_the_plan_costs_ten_queries_for_eight_tasks_and_for_a_thousand(rows, query, django_assert_num_queries):
    member, tasks = many(rows)
    browser = signed_in(member)

    # session, person, memberships, roles, unread; plans, stages with tasks, saved lists and, on the table,
    # amending orders and the journal of what no order says
    with django_assert_num_queries(9 if "timeline" in query else 10):
        page = browser.get(f"{PLAN}{query}")

    shown = page.content.decode()
    assert shown.count("data-task=") == min(rows, ROWS_ON_A_PAGE)


@pytest.mark.parametrize("rows", [8, 300])
def test_an_open_task_costs_the_same_beside_any_list(rows, django_assert_num_queries):
    member, tasks = many(rows)
    browser = signed_in(member)
    # the table, then executors and who holds their roles, notes, files, steps and rounds
    with django_assert_num_queries(16):
        browser.get(PLAN, {"task": tasks[0].pk})
    # alone: without the saved lists
    with django_assert_num_queries(15):
        browser.get(PLAN, {"task": tasks[0].pk}, headers={"HX-Request": "true", "HX-Target": "panel"})


@pytest.mark.parametrize("address", ["plans:status", "desk:home"])
def test_a_list_of_tasks_does_not_bring_the_signed_order_with_every_row(address):
    member, tasks = many(8)
    browser = signed_in(member)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse(address))
    listing = [one["sql"] for one in queries.captured_queries if '"plans_task"."question"' in one["sql"]]
    assert listing
    assert not [one for one in listing if "as_signed" in one]


def test_a_long_list_is_paged_and_whole_on_demand():
    member, tasks = many(ROWS_ON_A_PAGE + 1)
    browser = signed_in(member)

    first, last, whole = browser.get(PLAN), browser.get(PLAN, {"page": 2}), browser.get(PLAN, {"all": 1})

    assert len(numbers(first)) == ROWS_ON_A_PAGE
    assert numbers(last) == [str(ROWS_ON_A_PAGE)]
    assert "4. Этап (продолжение)" in words(last)
    assert "это не весь план" in words(first)
    assert len(numbers(whole)) == ROWS_ON_A_PAGE + 1
    assert "это не весь план" not in words(whole)
    assert "Вся таблица, для печати" in words(first)
    # a page that does not exist is the last one
    assert numbers(browser.get(PLAN, {"page": 99})) == numbers(last)


def test_a_refused_act_shows_the_page_of_its_row():
    member, tasks = many(ROWS_ON_A_PAGE + 1)
    page = signed_in(member).post(reverse("plans:task-report", args=[tasks[-1].pk]), {"back": "?"})
    assert page.status_code == 422
    assert numbers(page) == [str(ROWS_ON_A_PAGE)]
    assert acts_of(page, tasks[-1])


def test_what_people_write_is_never_html(plan):
    Task.objects.filter(pk=plan.tasks["1.1"].pk).update(
        question="<b>жирный</b>", term='"><script>', purpose="<i>", printed_number="<1>"
    )
    start_task(Task.objects.in_order().get(pk=plan.tasks["1.1"].pk), by=plan.member, at=AT, text="<u>заметка</u>")
    for query in ({}, {"view": "timeline"}, {"task": plan.tasks["1.1"].pk}, {"q": "<b>"}):
        shown = signed_in(plan.member).get(PLAN, query).content.decode()
        for tag in ("<b>жирный", '"><script>', "<1>", "<u>"):
            assert tag not in shown


def test_the_rounds_of_a_task_stand_on_the_timeline_and_cancelled_ones_do_not(client):
    school = SchoolFactory()
    member = MembershipFactory(school=school)
    task = TaskFactory(school=school, by_separate_schedule=True, term="По отдельному графику")
    for day, checked, cancelled in (
        (date(2027, 1, 12), "Заполнение тем", {}),
        (date(2027, 2, 9), "Снятая проверка", {"cancelled_on": date(2026, 11, 1), "cancelled_because": "Карантин"}),
    ):
        RoundFactory(school=school, task=task, planned_on=day, checked=checked, **cancelled)
    client.force_login(member.user)
    page = client.get(reverse("plans:plan"), {"view": "timeline"}).content.decode()
    assert "Заполнение тем" in page and "Снятая проверка" not in page
    assert page.count("timeline-round") == 1
