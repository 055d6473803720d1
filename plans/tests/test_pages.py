"""The pages of the plan in a browser's eyes: who sees what, what a form keeps, what a page costs."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.orders.drafts import OrderDraft, PlanDraft, StageDraft, TaskDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    SchoolFactory,
    StageFactory,
    TaskFactory,
)
from plans.models import Task, TaskExecutor, TaskNote
from plans.operations import accept_result, report_task, return_result, start_task, write_note

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Every page is read at noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def school():
    return SchoolFactory()


def signed_in(school, *roles):
    member = MembershipFactory(school=school, roles=roles)
    browser = Client()
    browser.force_login(member.user)
    browser.member = member
    return browser


def words(page):
    """The text of a page as a person reads it."""
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_plan_looks_like_the_annex_with_its_state_beside_it(school):
    # given a plan with a stage, two tasks and a note
    stage = StageFactory(
        plan=PlanFactory(
            order=OrderFactory(school=school),
            heading="Приложение 1\nк приказу",
            title="ПЛАН-ГРАФИК          работы рабочей группы",
            columns=[
                {"field": "number", "header": "№ п/п"},
                {"field": "question", "header": "Рассматриваемые вопросы"},
                {"field": "term", "header": "Сроки"},
                {"field": "purpose", "header": "Цель"},
                {"field": "executors", "header": "Исполнители (функциональные обязанности)"},
            ],
        ),
        heading="1. Подготовительный этап",
    )
    late = TaskFactory(stage=stage, printed_number="1.1.", term="Май-сентябрь 2026", due_on=date(2026, 9, 30))
    TaskFactory(stage=stage, printed_number="1.2.", executors_printed="Администрация,")
    write_note(late, by=MembershipFactory(school=school, roles=[Role.WORKING_GROUP]), at=AT, text="Ждём счёт")

    page = signed_in(school).get(reverse("plans:plan"))

    text = words(page)
    headers = ["№ п/п", "Рассматриваемые вопросы", "Сроки", "Цель", "Исполнители (функциональные обязанности)"]
    assert " ".join([*headers, "Статус", "Последняя заметка"]) in text
    assert "ПЛАН-ГРАФИК\nработы рабочей группы" in page.content.decode()
    assert "1. Подготовительный этап выполнено 0 из 2, 1 просрочена" in text
    assert "Май-сентябрь 2026 просрочено на 54 дня" in text
    assert "Ждём счёт" in text
    assert "2 задачи: 1 просрочена." in text


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("address", "most"), [("plans:plan", 10), ("plans:status", 13)])
def test_a_list_of_tasks_costs_the_same_for_one_and_for_thirty(
    school, rows, address, most, django_assert_max_num_queries
):
    reader = signed_in(school, Role.WORKING_GROUP)
    author = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    for task in TaskFactory.create_batch(rows, school=school, executors=[Role.WORKING_GROUP]):
        report_task(task, by=author, at=AT, result="Готово")

    # session, person, memberships, roles, unread; the plan asks for its list at once, the status page for its stages,
    # tasks, the last meeting, rounds and, of the journal, kinds of record and what happened
    with django_assert_max_num_queries(most):
        page = reader.get(reverse(address))

    assert page.content.decode().count("/plan/tasks/") >= rows


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_a_task_costs_the_same_for_one_note_and_for_thirty(school, rows, django_assert_max_num_queries):
    reader = signed_in(school, Role.WORKING_GROUP)
    task = TaskFactory(school=school, executors=[Role.WORKING_GROUP, Role.ADMINISTRATION])
    for _number in range(rows):
        author = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
        write_note(task, by=author, at=AT, text="Заметка как заметка")
    reader.get(task.get_absolute_url())  # Django keeps the content types after the first page

    with django_assert_max_num_queries(15):
        page = reader.get(task.get_absolute_url())

    assert words(page).count("Заметка как заметка") >= rows


def test_another_schools_plan_and_tasks_do_not_exist(school):
    theirs = TaskFactory(school=SchoolFactory())
    stranger = signed_in(school, Role.ADMINISTRATION)

    assert stranger.get(theirs.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("plans:plan"), {"order": theirs.stage.plan.order_id}).status_code == 404
    assert theirs.question not in words(stranger.get(reverse("plans:plan")))
    assert theirs.question not in words(stranger.get(reverse("plans:status")))
    for act in ("note", "start", "report", "accept", "return", "reopen", "cancel"):
        assert stranger.post(reverse(f"plans:task-{act}", args=[theirs.pk]), {}).status_code == 404
    reading = {"words": "Июнь", "order": theirs.stage.plan.order_id}
    assert stranger.get(reverse("plans:term-reading"), reading).status_code == 404


def test_a_draft_is_read_by_the_administration_only(school):
    draft = TaskFactory(stage=StageFactory(plan__order=OrderFactory(school=school, state=Order.State.DRAFT)))
    query = {"order": draft.stage.plan.order_id}

    administration, group = signed_in(school, Role.ADMINISTRATION), signed_in(school, Role.WORKING_GROUP)
    assert "Это черновик" in words(administration.get(reverse("plans:plan"), query))
    assert administration.get(draft.get_absolute_url()).status_code == 200
    assert group.get(reverse("plans:plan"), query).status_code == 404
    assert group.get(draft.get_absolute_url()).status_code == 404


def test_the_plan_of_a_closed_year_is_read_as_it_stood_on_its_last_day(school):
    order = OrderFactory(
        school=school,
        first_year=2025,
        signed_on=date(2025, 8, 31),
        state=Order.State.CLOSED,
        closed_on=date(2026, 6, 30),
    )
    TaskFactory(stage=StageFactory(plan__order=order), due_on=date(2026, 6, 25))
    page = signed_in(school).get(reverse("plans:plan"), {"order": order.pk})
    assert "просрочено на 5 дней" in words(page)


@pytest.mark.parametrize("query", ["order=abc", "order=999999", "order=99999999999999999999"])
def test_an_address_with_a_wrong_order_is_not_found(school, query):
    assert signed_in(school).get(f"{reverse('plans:plan')}?{query}").status_code == 404


def test_without_a_plan_the_administration_is_sent_to_load_an_order_and_others_are_told_whom_to_ask(school):
    for address in ("plans:plan", "plans:status"):
        administration = signed_in(school, Role.ADMINISTRATION).get(reverse(address))
        assert reverse("documents:upload-new") in administration.content.decode()
        teacher = signed_in(school).get(reverse(address))
        assert "План ещё не загружен. Обратитесь к администрации школы" in words(teacher)
        assert reverse("documents:upload-new") not in teacher.content.decode()


def test_when_no_order_is_in_force_the_old_plan_is_offered(school):
    closed = OrderFactory(school=school, state=Order.State.CLOSED, closed_on=date(2026, 8, 31))
    old = TaskFactory(stage=StageFactory(plan__order=closed))
    page = signed_in(school).get(reverse("plans:plan"))
    assert "Сейчас ни один приказ не действует" in words(page)
    assert f"?order={old.stage.plan.order_id}" in page.content.decode()


FORMS = {"note", "start", "report", "accept", "return", "reopen", "cancel"}


def forms_on(page):
    return {act for act in FORMS if re.search(rf'action="/plan/tasks/\d+/{act}/"', page.content.decode())}


@pytest.mark.parametrize(
    ("roles", "state", "shown"),
    [
        ((), "open", set()),
        ((Role.EXPERIENCED_COLLEAGUE,), "open", {"note", "start", "report"}),
        ((Role.WORKING_GROUP,), "open", {"note"}),
        ((Role.ADMINISTRATION,), "open", {"note", "start", "report", "cancel"}),
        ((Role.EXPERIENCED_COLLEAGUE,), "waiting", {"note"}),
        ((Role.WORKING_GROUP,), "waiting", {"note", "accept", "return"}),
        ((Role.WORKING_GROUP,), "done", {"note", "reopen"}),
        ((), "done", set()),
    ],
)
def test_a_task_offers_only_what_the_person_may_do(school, roles, state, shown):
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    if state != "open":
        report_task(task, by=director, at=AT, result="Готово")
    if state == "done":
        accept_result(task, by=director, at=AT)

    assert forms_on(signed_in(school, *roles).get(task.get_absolute_url())) == shown


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("note", {"note-text": "Текст"}),
        ("start", {}),
        ("report", {"reported-result": "Готово"}),
        ("accept", {}),
        ("return", {"returned-reason": "Нет акта"}),
        ("reopen", {}),
        ("cancel", {"cancelled-grounds": "Приказ"}),
    ],
)
def test_a_teacher_who_is_no_executor_changes_nothing_even_by_hand(school, act, fields):
    task = TaskFactory(school=school, executors=[Role.WORKING_GROUP])
    before = Task.objects.filter(pk=task.pk).values().get()
    answer = signed_in(school).post(reverse(f"plans:task-{act}", args=[task.pk]), fields)
    assert answer.status_code == 403
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert not TaskNote.objects.exists()


@pytest.mark.parametrize("act", sorted(FORMS))
def test_nothing_changes_by_following_a_link(school, act):
    task = TaskFactory(school=school, executors=[Role.ADMINISTRATION])
    answer = signed_in(school, Role.ADMINISTRATION).get(reverse(f"plans:task-{act}", args=[task.pk]))
    assert answer.status_code == 405


def test_an_executor_reports_with_the_form_that_the_page_shows(school):
    # given a browser that checks the token, as life does
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    member = MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member.user)
    page = browser.get(task.get_absolute_url()).content.decode()
    form = re.search(r'<form method="post" action="([^"]*/report/)">(.*?)</form>', page, re.S)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form[2])[1]
    field = re.search(r'<textarea[^>]*name="([^"]+)"', form[2])[1]

    # when it is sent without the token, then with it
    assert browser.post(form[1], {field: "Учтено 12 компьютеров"}).status_code == 403
    answer = browser.post(form[1], {field: "Учтено 12 компьютеров", "csrfmiddlewaretoken": token}, follow=True)

    # then the page thanks and shows the result
    assert "Результат отправлен рабочей группе" in words(answer)
    assert "Учтено 12 компьютеров" in words(answer)
    assert Task.objects.get().reported_by == member


def test_a_returned_result_stands_with_its_reason_above_the_form_until_it_is_reported_again(school):
    executor = signed_in(school, Role.DEPUTY_HEAD)
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    task = TaskFactory(school=school, executors=[Role.DEPUTY_HEAD])
    report_task(task, by=executor.member, at=AT, result="Анкеты собраны")
    return_result(task, by=head, at=AT + timedelta(minutes=1), reason="Приложите сводную таблицу")
    write_note(task, by=executor.member, at=AT + timedelta(minutes=2), text="Готовлю таблицу")

    said = words(executor.get(task.get_absolute_url()))

    assert said.index("возвращён на доработку: Приложите сводную таблицу") < said.index("Задача выполнена?")
    assert said.index("Задача выполнена?") < said.index("Анкеты собраны")

    report_task(task, by=executor.member, at=AT + timedelta(minutes=3), result="Таблица приложена")
    assert "возвращён на доработку:" not in words(executor.get(task.get_absolute_url()))


def test_the_working_group_accepts_and_returns_in_the_browser(school):
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    executor = MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    group = signed_in(school, Role.WORKING_GROUP)
    report_task(task, by=executor, at=AT, result="Готово")

    refused = group.post(reverse("plans:task-return", args=[task.pk]), {"returned-reason": " "})
    assert refused.status_code == 422
    assert "Напишите, почему результат возвращён." in words(refused)
    returned = group.post(reverse("plans:task-return", args=[task.pk]), {"returned-reason": "Нет акта"}, follow=True)
    assert "возвращён на доработку" in words(returned)

    report_task(Task.objects.get(), by=executor, at=AT, result="Готово, акт № 12")
    accepted = group.post(reverse("plans:task-accept", args=[task.pk]), {"accepted-text": "Спасибо"}, follow=True)
    assert "Результат принят: задача выполнена." in words(accepted)
    assert Task.objects.get().completed_on == AT.date()


def test_the_executor_who_comes_second_keeps_the_text_and_may_add_it_as_a_note(school):
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    report_task(
        task, by=MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE]), at=AT, result="Учтено 12"
    )
    late = signed_in(school, Role.EXPERIENCED_COLLEAGUE)

    answer = late.post(reverse("plans:task-report", args=[task.pk]), {"reported-result": "Учтено 13 & ещё"})

    assert answer.status_code == 422
    assert "уже сообщили о выполнении" in words(answer)
    note = re.search(r'<textarea[^>]*name="note-text"[^>]*>(.*?)</textarea>', answer.content.decode(), re.S)
    assert unescape(note[1]).strip() == "Учтено 13 & ещё"
    assert Task.objects.get().result == "Учтено 12"


@pytest.mark.parametrize("back", [{}, {"back": "?status=overdue"}])
def test_words_for_a_task_whose_order_was_closed_meanwhile_are_shown(school, back):
    closed = OrderFactory(school=school, state=Order.State.CLOSED, closed_on=date(2026, 8, 31))
    task = TaskFactory(stage=StageFactory(plan__order=closed), executors=[Role.EXPERIENCED_COLLEAGUE])
    executor = signed_in(school, Role.EXPERIENCED_COLLEAGUE)
    answer = executor.post(reverse("plans:task-note", args=[task.pk]), {"note-text": "Роздано 12 анкет", **back})
    assert answer.status_code == 422
    assert '<dd class="preserve">Роздано 12 анкет</dd>' in answer.content.decode()


def test_an_empty_or_endless_text_comes_back_with_a_sentence(school):
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    executor = signed_in(school, Role.EXPERIENCED_COLLEAGUE)
    for result in ("", "я" * 5001):
        answer = executor.post(reverse("plans:task-report", args=[task.pk]), {"reported-result": result})
        assert answer.status_code == 422
        assert 'class="error-summary"' in answer.content.decode()
        assert result in answer.content.decode()
    assert Task.objects.get().reported_at is None


def test_what_people_write_is_shown_as_text_and_never_as_a_page(school):
    task = TaskFactory(school=school, question="<b>Вопрос</b>")
    author = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    write_note(task, by=author, at=AT, text="<script>alert(1)</script>")
    for address in (task.get_absolute_url(), reverse("plans:plan")):
        page = signed_in(school).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>Вопрос" not in page
        assert "&lt;script&gt;alert" in page


def test_the_page_of_a_task_names_todays_executors_and_the_roles_that_nobody_holds(school):
    task = TaskFactory(school=school, executors=[Role.ADMINISTRATION, Role.TECHNICAL_SPECIALIST, Role.TEACHER])
    TaskExecutor.objects.create(task=task, position=4, words="родительский комитет")
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION], user__last_name="Орлова")
    MembershipFactory(school=school, roles=[Role.ADMINISTRATION], user__last_name="Ушедшая", left_on=date(2026, 11, 22))
    MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Чужая")  # another school

    text = words(signed_in(school).get(task.get_absolute_url()))

    assert director.full_name in text
    assert "Ушедшая" not in text
    assert "Чужая" not in text
    assert "technical_specialist Сегодня никто не назначен." in text
    assert "teacher Все сотрудники школы" in text
    assert "родительский комитет Эти слова не называют ни одной роли сайта." in text


def test_the_page_of_a_task_says_how_its_term_was_understood_and_what_happened(school):
    task = TaskFactory(
        school=school,
        term="Май-июнь 2027",
        starts_on=date(2027, 5, 1),
        due_on=date(2027, 6, 30),
        term_kind="range",
        term_precision="month",
        executors=[Role.ADMINISTRATION],
    )
    start_task(task, by=MembershipFactory(school=school, roles=[Role.ADMINISTRATION]), at=AT, text="Начали")
    reader = signed_in(school)
    text = words(reader.get(task.get_absolute_url()))
    assert "Понято как: 01.05.2027–30.06.2027, точность — месяц" in text
    assert "История изменений" in text
    text = words(reader.get(reverse("plans:task-history", args=[task.pk])))
    assert "Состояние: было: не начато → в работе" in text


def test_one_goes_from_task_to_task_in_the_order_of_the_paper(school):
    first, second, third = (TaskFactory(school=school, position=place) for place in (1, 2, 3))
    TaskFactory(school=SchoolFactory())
    reader = signed_in(school)

    def neighbours(task):
        page = reader.get(task.get_absolute_url()).content.decode()
        return [(found := re.search(rf'rel="{rel}" href="([^"]+)"', page)) and found[1] for rel in ("prev", "next")]

    assert neighbours(first) == [None, second.get_absolute_url()]
    assert neighbours(second) == [first.get_absolute_url(), third.get_absolute_url()]
    assert neighbours(third) == [second.get_absolute_url(), None]


def test_the_status_page_counts_by_stage_and_lists_what_a_meeting_needs(school):
    stage = StageFactory(plan__order=OrderFactory(school=school), heading="1. Подготовительный этап")
    facts = {
        "Выполненная": {"completed_on": date(2026, 11, 1)},
        "Просроченная": {"due_on": date(2026, 11, 22)},
        "Скорая": {"due_on": date(2026, 12, 23)},
        "Нескорая": {"due_on": date(2026, 12, 24)},
        "Доприказная": {"due_on": date(2026, 8, 31)},
    }
    for question, fact in facts.items():
        TaskFactory(stage=stage, question=question, **fact)
    reported = TaskFactory(stage=stage, question="Отчитанная", executors=[Role.ADMINISTRATION])
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    report_task(reported, by=director, at=AT, result="Акт № 12")

    page = signed_in(school, Role.WORKING_GROUP).get(reverse("plans:status"))

    text = words(page)
    assert "1. Подготовительный этап 1 из 6 1 1 23.12.2026 1 1" in text
    lists = re.findall(r"<section class=\"panel\">.*?</section>", page.content.decode(), re.S)
    shown = [[question for question in [*facts, "Отчитанная"] if f">{question}<" in one] for one in lists]
    assert shown == [["Отчитанная"], ["Просроченная"], ["Скорая"], ["Доприказная"]]
    assert f'href="{reported.get_absolute_url()}#review"' in page.content.decode()
    # the link to accept is for those who may
    assert "#review" not in signed_in(school).get(reverse("plans:status")).content.decode()


def test_the_reading_of_a_term_answers_while_one_types(school):
    administration = signed_in(school, Role.ADMINISTRATION)
    order = OrderFactory(school=school, first_year=2026)
    address = reverse("plans:term-reading")

    def reading(**query):
        return words(administration.get(address, query))

    assert reading(words="Июнь", order=order.pk) == "Понято как: 01.06.2027–30.06.2027, точность — месяц"
    assert reading(words="Июнь", year=2020) == "Понято как: 01.06.2021–30.06.2021, точность — месяц"
    assert reading(words="Июнь") == "Не понято: не назван год."
    assert reading(words="") == ""
    assert administration.get(address, {"words": "я" * 301}).status_code == 404
    assert signed_in(school, Role.WORKING_GROUP).get(address, {"words": "Июнь"}).status_code == 403


@pytest.mark.parametrize("name", ["plans:plan", "plans:status", "plans:term-reading"])
def test_a_stranger_is_asked_to_sign_in(name):
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_words_that_were_changed_after_signing_stand_beside_those_of_the_order(school):
    task = TaskFactory(school=school, printed_number="1.4.", term="Июнь 2027", question="Согласование документов")
    Order.objects.update(
        as_signed=OrderDraft(
            plan=PlanDraft(
                stages=(
                    StageDraft(
                        tasks=(
                            TaskDraft(
                                number="1.4.",
                                term="Май 2027",
                                question="Согласование  документов",
                                purpose=task.purpose,
                            ),
                        )
                    ),
                )
            )
        ).to_json()
    )
    for address in (reverse("plans:plan"), task.get_absolute_url()):
        page = signed_in(school).get(address)
        struck_out = re.findall(r"<del\b.*?</del>", page.content.decode(), re.S)
        assert len(struck_out) == 1
        assert "Май 2027" in struck_out[0]
        assert "Июнь 2027" in words(page)


def test_a_report_that_took_the_place_of_the_one_on_the_screen_is_not_accepted_unread(school):
    # given a page with the first report
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    executor = MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    group = signed_in(school, Role.WORKING_GROUP)
    report_task(task, by=executor, at=AT, result="Первый отчёт")
    page = group.get(task.get_absolute_url()).content.decode()
    seen = re.search(r'name="accepted-seen" value="([^"]+)"', page)[1]

    # when a colleague returns it, the executor reports anew, and the first page is sent
    return_result(Task.objects.get(), by=group.member, at=AT, reason="Нет акта")
    report_task(Task.objects.get(), by=executor, at=AT + timedelta(minutes=5), result="Второй отчёт")
    accept = reverse("plans:task-accept", args=[task.pk])
    answer = group.post(accept, {"accepted-text": "Спасибо", "accepted-seen": seen})

    # then the page shows the second report, and now it may be accepted
    assert answer.status_code == 422
    assert "Второй отчёт" in words(answer)
    assert Task.objects.get().completed_on is None
    again = re.search(r'name="accepted-seen" value="([^"]+)"', answer.content.decode())[1]
    assert group.post(accept, {"accepted-text": "Спасибо", "accepted-seen": again}).status_code == 302


def test_work_begins_with_a_note_or_without(school):
    browser = signed_in(school, Role.TECHNICAL_SPECIALIST)
    first, second = TaskFactory.create_batch(2, school=school, executors=[Role.TECHNICAL_SPECIALIST])

    browser.post(reverse("plans:task-start", args=[first.pk]), {"started-text": "Ждём счёт"})
    browser.post(reverse("plans:task-start", args=[second.pk]))

    assert list(TaskNote.objects.order_by("pk").values_list("task", "act", "text")) == [
        (first.pk, "started", "Ждём счёт"),
        (second.pk, "started", ""),
    ]


def test_the_administration_is_told_that_it_accepts_its_own_report(school):
    administration = signed_in(school, Role.ADMINISTRATION)
    task = TaskFactory(school=school)
    other = signed_in(school, Role.ADMINISTRATION)
    report_task(Task.objects.in_order().get(), by=administration.member, at=AT, result="Готово")
    said = "Это ваш собственный отчёт. Администрация может принять его сама"
    assert said in words(administration.get(task.get_absolute_url()))
    assert said not in words(other.get(task.get_absolute_url()))


def test_the_printed_sheet_of_a_meeting_has_whole_names(school):
    question = "Подготовка учителей к работе с электронным журналом " * 4
    TaskFactory(school=school, question=question, due_on=date(2026, 11, 20))
    page = signed_in(school).get(reverse("plans:status")).content.decode()
    assert f'<span class="print-only">{question}</span>' in page
    assert '<span class="d-print-none">Подготовка' in page and "…</span>" in page


def test_the_menu_shows_where_one_is(school):
    browser = signed_in(school, Role.ADMINISTRATION, Role.WORKING_GROUP)
    task = TaskFactory(school=school, by_separate_schedule=True)
    for address, section in (
        (reverse("desk:home"), ["Моё"]),
        (reverse("desk:rounds-new", args=[task.pk]), ["План"]),
        (reverse("desk:reports"), ["План"]),
        (reverse("desk:history"), []),
    ):
        menu = re.search(r'<nav class="site-nav".*?</nav>', browser.get(address).content.decode(), re.S)[0]
        assert re.findall(r'aria-current="page">([^<]+)<', menu) == section
