"""Evidence, steps and watching: who may, what is kept, who is told."""

import re
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory, SchoolFactory, StageFactory, TaskFactory
from plans.models import Evidence, Step, Task, Watch
from plans.operations import (
    add_step,
    attach_evidence,
    mark_step,
    put_into_report,
    remove_evidence,
    report_task,
    start_task,
    unwatch,
    watch,
    write_note,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 act"


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def executor(school):
    return MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])


@pytest.fixture
def task(school):
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    return Task.objects.select_related("stage__plan__order").get(pk=task.pk)


def attached(task, by, **values):
    told = {"file": SimpleUploadedFile("акт.pdf", PDF), "kind": Evidence.Kind.LOCAL_ACT} | values
    return attach_evidence(task, by=by, at=AT, **told)


def told(member) -> list[str]:
    return list(Message.objects.to(member).order_by("pk").values_list("words", flat=True))


@pytest.mark.parametrize(
    "roles, may",
    [
        ([Role.EXPERIENCED_COLLEAGUE], True),  # an executor of this task
        ([Role.WORKING_GROUP], True),
        ([Role.ADMINISTRATION], True),
        ([Role.DEPUTY_HEAD], True),
        ([Role.TECHNICAL_SPECIALIST], False),
        ([], False),
    ],
)
def test_who_may_write_notes_keeps_evidence_and_steps(school, task, roles, may):
    member = MembershipFactory(school=school, roles=roles)
    for act in (lambda: attached(task, member), lambda: add_step(task, by=member, at=AT, words="Раздать анкеты")):
        if may:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert Evidence.objects.count() == Step.objects.count() == may


def test_evidence_keeps_its_kind_day_and_name_and_the_journal_knows_it(task, executor):
    one = attached(task, executor, name="Положение об ЭЖ", dated_on=date(2026, 11, 20), goes_into_report=True)
    assert (one.kind, one.dated_on, one.goes_into_report) == ("local_act", date(2026, 11, 20), True)
    assert one.file_name == "Положение об ЭЖ.pdf"
    assert list(Evidence.objects.for_report()) == [one]
    assert Entry.objects.get(verb="plans.evidence_added").changes[0]["new"] == "Положение об ЭЖ"


def test_a_file_without_a_name_is_called_as_it_is(task, executor):
    assert attached(task, executor).name == "акт.pdf"
    assert attached(task, executor).file_name == "акт.pdf"


def test_a_file_that_may_not_be_attached_is_named_and_nothing_is_kept(task, executor):
    with pytest.raises(ValidationError, match="setup.exe"):
        attached(task, executor, file=SimpleUploadedFile("setup.exe", b"MZ"))
    assert not Evidence.objects.exists() and not Entry.objects.filter(verb="plans.evidence_added").exists()


def test_only_who_attached_a_file_and_the_administration_remove_it(school, task, executor):
    other, head = (MembershipFactory(school=school, roles=[one]) for one in (Role.WORKING_GROUP, Role.ADMINISTRATION))
    first, second = attached(task, executor), attached(task, executor)
    with pytest.raises(PermissionDenied):
        remove_evidence(first, by=other, at=AT)
    remove_evidence(first, by=executor, at=AT)
    remove_evidence(second, by=head, at=AT)
    assert not Evidence.objects.exists()
    assert Entry.objects.filter(verb="plans.evidence_removed").count() == 2


def test_a_file_is_sorted_into_the_report_once(task, executor):
    one = attached(task, executor)
    put_into_report(one, True, by=executor, at=AT)
    put_into_report(one, True, by=executor, at=AT)
    one.refresh_from_db()
    assert one.goes_into_report
    assert Entry.objects.filter(verb="plans.evidence_sorted").count() == 1


def test_a_step_is_ticked_by_one_person_and_the_second_changes_nothing(school, task, executor):
    other = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    step = add_step(task, by=executor, at=AT, words="  Раздать анкеты ")
    assert mark_step(step, True, by=executor, at=AT)
    assert not mark_step(step, True, by=other, at=AT)
    step.refresh_from_db()
    assert (step.words, step.done_by, step.done_on) == ("Раздать анкеты", executor, date(2026, 11, 23))
    assert mark_step(step, False, by=other, at=AT)
    step.refresh_from_db()
    assert (step.done_by, step.done_on) == (None, None)


@pytest.mark.parametrize("words, count, code", [("  ", 0, "text_required"), ("Ещё один", 50, "too_many_steps")])
def test_a_step_needs_words_and_a_list_an_end(task, executor, words, count, code):
    Step.objects.bulk_create(Step(task=task, position=place, words="Шаг") for place in range(count))
    with pytest.raises(ValidationError) as refused:
        add_step(task, by=executor, at=AT, words=words)
    assert refused.value.code == code


@pytest.mark.parametrize("state", [Order.State.DRAFT, Order.State.CLOSED])
def test_nothing_is_added_to_an_order_that_is_not_in_force(school, executor, state):
    stage = StageFactory(plan__order=OrderFactory(school=school, state=state))
    task = TaskFactory(stage=stage, executors=[Role.EXPERIENCED_COLLEAGUE])
    for act in (lambda: attached(task, executor), lambda: add_step(task, by=executor, at=AT, words="Шаг")):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "order_not_in_force"


def test_who_watches_a_task_is_told_of_every_act_and_not_of_ones_own(school, task, executor):
    watcher = MembershipFactory(school=school)
    watch(task, by=watcher)
    watch(task, by=watcher)  # once more is the same
    watch(task, by=executor)
    write_note(task, by=executor, at=AT, text="Анкеты розданы")
    start_task(task, by=executor, at=AT)
    attached(task, executor)
    assert len(told(watcher)) == 3
    assert "Анкеты розданы" in told(watcher)[0] and "акт.pdf" in told(watcher)[2]
    assert told(executor) == []
    unwatch(task, by=watcher)
    write_note(task, by=executor, at=AT, text="Собраны")
    assert len(told(watcher)) == 3


def test_who_watches_a_stage_is_told_of_its_tasks_only(school, task, executor):
    watcher = MembershipFactory(school=school)
    watch(task.stage, by=watcher)
    elsewhere = TaskFactory(
        stage=StageFactory(plan=task.stage.plan, position=9), executors=[Role.EXPERIENCED_COLLEAGUE]
    )
    write_note(elsewhere, by=executor, at=AT, text="Не здесь")
    write_note(task, by=executor, at=AT, text="Здесь")
    assert [("Здесь" in words) for words in told(watcher)] == [True]


def test_a_reviewer_who_watches_is_told_once_in_the_words_meant_for_reviewers(school, task, executor):
    reviewer = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    watch(task, by=reviewer)
    watch(task.stage, by=reviewer)
    report_task(task, by=executor, at=AT, result="Готово")
    (words,) = told(reviewer)
    assert "примите" in words.lower()


def test_who_has_left_is_told_no_more(school, task, executor):
    watcher = MembershipFactory(school=school)
    watch(task, by=watcher)
    watcher.left_on = date(2026, 1, 1)
    watcher.save()
    write_note(task, by=executor, at=AT, text="Анкеты розданы")
    assert told(watcher) == []


# --- Pages ---------------------------------------------------------------------------------------


@pytest.fixture
def browser(client, executor):
    client.force_login(executor.user)
    return client


def post(browser, name, row, **values):
    return browser.post(reverse(f"plans:{name}", args=[row.pk]), values)


def test_a_file_goes_up_and_comes_down_under_its_name(browser, task):
    answer = post(
        browser,
        "evidence-new",
        task,
        **{
            "evidence-kind": "memo",
            "evidence-file": SimpleUploadedFile("записка.pdf", PDF),
            "evidence-name": "Записка",
        },
    )
    one = Evidence.objects.get()
    assert answer.url == f"{task.get_absolute_url()}#evidence"
    down = browser.get(reverse("plans:evidence", args=[one.pk]))
    assert b"".join(down.streaming_content) == PDF
    assert "attachment" in down["Content-Disposition"]


def test_a_refused_file_keeps_the_rest_of_what_was_typed(browser, task):
    values = {
        "evidence-kind": "photo",
        "evidence-file": SimpleUploadedFile("фото.exe", b"MZ"),
        "evidence-name": "Кабинет 18",
        "evidence-dated_on": "2026-11-20",
    }
    page = post(browser, "evidence-new", task, **values)
    assert page.status_code == 422
    words = page.content.decode()
    assert "Кабинет 18" in words and "2026-11-20" in words and "фото.exe" in words
    assert '<details class="d-print-none" open>' in words


def test_the_limits_are_said_before_a_file_is_chosen(browser, task):
    assert "до 20 МБ" in browser.get(task.get_absolute_url()).content.decode()


def test_a_step_without_words_gets_a_sentence(browser, task):
    page = post(browser, "step-new", task, **{"step-words": " "})
    assert page.status_code == 422
    assert "Напишите, в чём состоит шаг." in page.content.decode()


def test_paper_has_the_steps_by_name_and_no_empty_headings(browser, task, executor):
    def printed(section):
        return "d-print-none" not in re.search(rf'<section class="([^"]*)" id="{section}">', page)[1]

    page = browser.get(task.get_absolute_url()).content.decode()
    assert not any(printed(one) for one in ("steps", "evidence", "notes"))
    mark_step(add_step(task, by=executor, at=AT, words="Раздать анкеты"), True, by=executor, at=AT)
    add_step(task, by=executor, at=AT, words="Собрать")
    page = browser.get(task.get_absolute_url()).content.decode()
    assert printed("steps")
    assert '<span class="print-only">☑ Раздать анкеты</span>' in page
    assert '<span class="print-only">☐ Собрать</span>' in page


def test_a_file_is_asked_about_before_it_is_gone(browser, task, executor):
    attached(task, executor, name="Акт", goes_into_report=True)
    page = browser.get(task.get_absolute_url()).content.decode()
    assert "Убрать файл «Акт»? Вернуть его будет нельзя. В итоговый отчёт он не попадёт." in page
    assert page.index("В итоговый отчёт он") < page.index("Да, убрать файл")


def test_steps_and_watching_go_by_buttons(browser, task, executor):
    post(browser, "step-new", task, **{"step-words": "Раздать анкеты"})
    step = Step.objects.get()
    post(browser, "step-mark", step, on="1")
    post(browser, "task-watch", task, on="1")
    post(browser, "stage-watch", task, on="1")
    step.refresh_from_db()
    assert step.done_by == executor
    assert Watch.objects.visible_to(executor).count() == 2
    page = browser.get(task.get_absolute_url()).content.decode()
    assert "Не следить за задачей" in page and "Не следить за всем этапом" in page
    post(browser, "task-watch", task, on="0")
    post(browser, "step-remove", step)
    assert Watch.objects.visible_to(executor).count() == 1
    assert not Step.objects.exists()
    assert post(browser, "task-watch", task, on="maybe").status_code == 404


def test_a_teacher_reads_the_files_and_sees_no_buttons(client, school, task, executor):
    attached(task, executor)
    add_step(task, by=executor, at=AT, words="Раздать анкеты")
    client.force_login(MembershipFactory(school=school).user)
    page = client.get(task.get_absolute_url()).content.decode()
    assert "акт.pdf" in page and "Раздать анкеты" in page
    assert reverse("plans:evidence-new", args=[task.pk]) not in page
    assert post(client, "step-new", task, **{"step-words": "Моё"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_a_task_costs_the_same_with_many_files_and_steps(
    browser, task, executor, rows, django_assert_max_num_queries
):
    for place in range(rows):
        attached(task, executor)
        mark_step(add_step(task, by=executor, at=AT, words=f"Шаг {place}"), True, by=executor, at=AT)
    browser.get(task.get_absolute_url())
    with django_assert_max_num_queries(15):
        browser.get(task.get_absolute_url())


@pytest.mark.parametrize("rows", [1, 60])
def test_the_history_has_everything_page_by_page(browser, task, executor, rows, django_assert_max_num_queries):
    for place in range(rows):
        write_note(task, by=executor, at=AT, text=f"Заметка № {place}.")
    address = reverse("plans:task-history", args=[task.pk])
    with django_assert_max_num_queries(12):
        first = browser.get(address).content.decode()
    assert f"Заметка № {rows - 1}." in first
    if rows > 50:
        assert "Заметка № 0." not in first
        assert "Заметка № 0." in browser.get(address, {"page": 2}).content.decode()
