"""The administration ticks several tasks in its list: they are done, their executors reminded, their rows printed."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import User
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory, SchoolFactory, StageFactory, TaskFactory
from plans.models import Task
from plans.operations import report_task

pytestmark = pytest.mark.django_db
TASKS = reverse("admin:plans_task_changelist")


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def deputy(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


@pytest.fixture
def administration(deputy):
    browser = Client()
    browser.force_login(deputy.user)
    return browser


@pytest.fixture
def holder(school):
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])


@pytest.fixture
def tasks(school, holder):
    return TaskFactory.create_batch(2, school=school, executors=[Role.TECHNICAL_SPECIALIST])


def do(browser, action, tasks, **typed):
    """What the list sends when rows are ticked and an action is chosen."""
    sent = {"action": action, "_selected_action": [task.pk for task in tasks], **typed}
    return browser.post(TASKS, sent, follow=True)


def words(answer):
    return unescape(answer.content.decode())


def reported(task, by, result="Кабинеты проверены"):
    report_task(Task.objects.get(pk=task.pk), by=by, at=datetime(2026, 11, 2, 9, tzinfo=UTC), result=result)
    task.refresh_from_db()
    return task


# --- «Выполнено»


def test_nothing_is_done_before_the_result_is_asked_for(administration, tasks):
    page = do(administration, "finish", tasks)
    assert "Что сделано" in words(page)
    assert all(task.question in words(page) for task in tasks)
    assert not Task.objects.done().exists()


def test_several_tasks_are_reported_and_accepted_at_once(administration, deputy, tasks):
    page = do(administration, "finish", tasks, finish="1", result="Акт подписан")

    assert "Выполнено 2 задачи" in words(page)
    done = Task.objects.done()
    assert {(task.result, task.reported_by_id) for task in done} == {("Акт подписан", deputy.pk)}
    assert done.count() == 2
    verbs = sorted(Entry.objects.about(tasks[0]).values_list("verb", flat=True))
    assert verbs == ["plans.accepted", "plans.reported"]


def test_nobody_is_asked_to_review_what_is_accepted_in_the_same_moment(administration, school, tasks):
    MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    do(administration, "finish", tasks, finish="1", result="Акт подписан")
    assert Task.objects.done().count() == 2
    assert not Message.objects.filter(words__contains="Примите").exists()


def test_a_result_that_waits_is_shown_and_accepted_as_its_executor_wrote_it(administration, holder, tasks):
    task = reported(tasks[0], holder)
    page = do(administration, "finish", [task])
    assert "Кабинеты проверены" in words(page)
    assert 'name="result"' not in words(page)  # nothing else has to be written

    do(administration, "finish", [task], finish="1", **{f"seen_{task.pk}": task.reported_at.isoformat()})

    task.refresh_from_db()
    assert (task.result, task.reported_by, task.state) == ("Кабинеты проверены", holder, Task.State.DONE)


def test_a_task_that_refuses_is_named_with_its_reason_and_the_others_are_done(administration, tasks):
    cancelled = TaskFactory(stage=tasks[0].stage, cancelled_on=date(2026, 11, 1), question="Снятый вопрос")
    assert "Ничего не изменится: снято." in words(do(administration, "finish", [*tasks, cancelled]))
    page = do(administration, "finish", [*tasks, cancelled], finish="1", result="Акт подписан")
    assert Task.objects.done().count() == 2
    assert "Снятый вопрос" in words(page)
    assert "уже выполнена или снята" in words(page)


def test_whoever_was_slower_keeps_the_text_and_sees_the_result_of_the_faster(administration, holder, tasks):
    task = reported(tasks[0], holder)  # after the page was opened: it carries no mark of a report
    page = words(do(administration, "finish", [task], finish="1", result="Акт подписан"))
    assert "Акт подписан" in page
    assert "Кабинеты проверены" in page
    task.refresh_from_db()
    assert task.state == Task.State.WAITING


def test_without_a_result_nothing_is_done(administration, tasks):
    page = do(administration, "finish", tasks, finish="1", result="  ")
    assert "Напишите, что сделано" in words(page)
    assert not Task.objects.done().exists()


def test_tasks_of_a_draft_are_not_done(administration, school):
    stage = StageFactory(plan__order=OrderFactory(school=school, state=Order.State.DRAFT))
    page = do(administration, "finish", [TaskFactory(stage=stage)], finish="1", result="Акт подписан")
    assert "не действует" in words(page)
    assert not Task.objects.done().exists()


def test_tasks_of_another_school_cannot_be_ticked(administration, school):
    theirs = TaskFactory(school=SchoolFactory(), executors=[Role.ADMINISTRATION])
    for action in ("finish", "remind", "print_chosen"):
        page = do(administration, action, [theirs], finish="1", result="Акт подписан")
        assert page.request["PATH_INFO"] == TASKS
    theirs.refresh_from_db()
    assert theirs.state == Task.State.NOT_STARTED
    assert not Message.objects.exists()


def test_an_operator_without_a_membership_is_offered_no_acts(tasks):
    operator = User.objects.create(email="operator@host.example", is_superuser=True)
    browser = Client()
    browser.force_login(operator)
    assert 'value="finish"' not in words(browser.get(TASKS))
    do(browser, "finish", tasks, finish="1", result="Акт подписан")
    assert not Task.objects.done().exists()


def test_more_than_a_page_of_tasks_is_not_done_at_once(administration, school):
    many = TaskFactory.create_batch(101, school=school)
    page = do(administration, "finish", many, finish="1", result="Акт подписан")
    assert "не больше 100" in words(page)
    assert not Task.objects.done().exists()


# --- «Напомнить»


def test_the_holders_of_the_roles_are_reminded_now_and_the_journal_tells_of_it(administration, deputy, holder, school):
    task = TaskFactory(
        school=school, executors=[Role.TECHNICAL_SPECIALIST], due_on=date(2027, 5, 31), question="Готовность базы"
    )
    page = do(administration, "remind", [task])

    told = Message.objects.get()
    assert (told.recipient, told.topic, told.address) == (holder, Topic.AHEAD, task.get_absolute_url())
    assert f"{deputy.name} напоминает" in told.words
    assert "Готовность базы" in told.words
    assert "31.05.2027" in told.words
    assert "Исполнителям 1 задачи отправлено напоминание" in words(page)
    assert Entry.objects.about(task).get().verb == "plans.reminded"


def test_a_term_in_words_is_said_in_words(administration, holder, school):
    task = TaskFactory(school=school, executors=[Role.TECHNICAL_SPECIALIST], term="По отдельному графику")
    do(administration, "remind", [task])
    assert "По отдельному графику" in Message.objects.get().words


def test_the_same_day_nobody_is_reminded_twice(administration, holder, tasks):
    do(administration, "remind", tasks[:1])
    page = do(administration, "remind", tasks)
    assert "сегодня уже напомнили" in words(page)
    assert Message.objects.count() == 2
    assert Entry.objects.filter(verb="plans.reminded").count() == 2


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"completed_on": date(2026, 11, 1)}, "уже выполнена или снята"),
        ({"reported_at": datetime(2026, 11, 1, tzinfo=UTC)}, "ждёт проверки"),
    ],
)
def test_nobody_is_reminded_of_what_needs_no_work(administration, holder, school, facts, reason):
    task = TaskFactory(school=school, executors=[Role.TECHNICAL_SPECIALIST], **facts)
    assert reason in words(do(administration, "remind", [task]))
    assert not Message.objects.exists()


def test_where_nobody_holds_the_role_the_page_says_so(administration, school):
    task = TaskFactory(school=school, executors=[Role.DEPUTY_HEAD])
    assert "никто не назначен" in words(do(administration, "remind", [task]))
    assert not Entry.objects.filter(verb="plans.reminded").exists()


# --- «Печать»


def test_the_ticked_tasks_stand_alone_on_the_sheet_of_their_plan(administration, school):
    first, second, third = (
        TaskFactory(school=school, question=question)
        for question in ("Первый вопрос", "Второй вопрос", "Третий вопрос")
    )
    page = do(administration, "print_chosen", [first, third])

    assert page.request["PATH_INFO"] == reverse("plans:plan")
    assert "Первый вопрос" in words(page)
    assert "Третий вопрос" in words(page)
    assert "Второй вопрос" not in words(page)
    assert "отмеченные в списке" in words(page)  # the sheet says that it is not the whole plan


def test_what_is_chosen_on_the_sheet_is_filtered_further_and_dropped_by_one_link(administration, school):
    late = TaskFactory(school=school, question="Поздний", due_on=date(2026, 9, 2))
    other = TaskFactory(school=school, question="Другой", stage=late.stage)
    TaskFactory(school=school, question="Лишний", stage=late.stage, due_on=date(2026, 9, 2))
    only = f"{late.pk}-{other.pk}"

    page = administration.get(reverse("plans:plan"), {"only": only, "status": "overdue"})
    assert ("Поздний" in words(page), "Другой" in words(page), "Лишний" in words(page)) == (True, False, False)
    assert page.context["selection"].without_filters == reverse("plans:plan")
    assert f'name="only" value="{only}"' in words(page)


@pytest.mark.parametrize("only", ["1 or 1=1", "1-", "-", "9" * 500])
def test_an_address_with_something_else_than_tasks_shows_the_whole_plan(administration, school, only):
    task = TaskFactory(school=school, question="Вопрос плана")
    page = administration.get(reverse("plans:plan"), {"only": only})
    assert task.question in words(page)
    assert page.context["selection"].is_unknown


def test_tasks_of_two_plans_do_not_fit_on_one_sheet(administration, school):
    draft = StageFactory(plan__order=OrderFactory(school=school, state=Order.State.DRAFT))
    page = do(administration, "print_chosen", [TaskFactory(school=school), TaskFactory(stage=draft)])
    assert page.request["PATH_INFO"] == TASKS
    assert "одного плана" in words(page)


def test_the_list_offers_filters_by_stage_state_and_role(administration, tasks):
    StageFactory(plan=tasks[0].stage.plan, heading="Второй этап")
    TaskFactory(stage=tasks[0].stage.plan.stages.last())
    page = words(administration.get(TASKS))
    for name in ("stage__id__exact", "state=overdue", "executors__role__exact"):
        assert name in page


def test_reminders_of_today_do_not_hinder_those_of_the_clock(administration, holder, tasks):
    do(administration, "remind", tasks[:1])
    assert timezone.localdate().isoformat() in Message.objects.get().key
    assert not Message.objects.get().key.startswith("plans.reminder:")
