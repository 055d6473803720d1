"""The administration edits the plan: its own school's rows, terms read again, everything in the journal."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, StageFactory, TaskFactory, order_of
from plans.models import Stage, Task, TaskNote
from plans.operations import set_executors

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def administration(school):
    browser = Client()
    browser.force_login(MembershipFactory(school=school, roles=[Role.ADMINISTRATION]).user)
    return browser


@pytest.fixture
def task(school):
    return TaskFactory(
        school=school,
        term="Май-июнь\n\n2027",
        starts_on=date(2027, 5, 1),
        due_on=date(2027, 6, 30),
        term_kind="range",
        term_precision="month",
        question="Первая строка\nвторая строка",
        executors_printed="Администрация",
        executors=[Role.ADMINISTRATION],
    )


def typed(page):
    """What the form of an admin page would send if nothing were touched: a browser's new lines included."""
    html = page.content.decode()
    html = html[html.index("<form", html.index('id="content"')) :]
    sent = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type", "text")
        if "name" not in attributes or kind == "submit" or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        sent[attributes["name"]] = unescape(attributes.get("value", "on" if kind == "checkbox" else ""))
    for name, text in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.S):
        sent[name] = unescape(text).replace("\n", "\r\n")
    for name, options in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: value for name, value in sent.items() if "__prefix__" not in name}


def change(task):
    return reverse("admin:plans_task_change", args=[task.pk])


def save(browser, task, **fields):
    """Change fields in the form of the task and save it."""
    return browser.post(change(task), typed(browser.get(change(task))) | fields)


def test_saving_an_untouched_form_changes_no_letter_and_writes_no_changes(administration, task):
    before = Task.objects.filter(pk=task.pk).values().get()
    assert save(administration, task).status_code == 302
    assert Task.objects.filter(pk=task.pk).values().get() == before
    assert [entry.changes for entry in Entry.objects.all()] == [[]]


def test_changed_words_of_a_term_are_read_again_and_the_journal_tells_of_words_and_days(administration, task):
    assert save(administration, task, term="до 15.03.2027").status_code == 302

    task.refresh_from_db()
    assert (task.term, task.starts_on, task.due_on) == ("до 15.03.2027", None, date(2027, 3, 15))
    assert (task.term_kind, task.term_precision) == ("until", "day")
    changes = {change["field"]: (change["old"], change["new"]) for change in Entry.objects.get().changes}
    assert changes["Срок"] == ("Май-июнь\n\n2027", "до 15.03.2027")
    assert changes["Последний день"] == ("30.06.2027", "15.03.2027")


def test_a_term_without_a_year_takes_it_from_the_school_year_of_the_order(administration, task):
    save(administration, task, term="Февраль")
    task.refresh_from_db()
    assert (task.starts_on, task.due_on) == (date(2027, 2, 1), date(2027, 2, 28))


def test_days_entered_by_a_person_win_over_the_words(administration, task):
    assert save(administration, task, term="до конца четверти", due_on="26.10.2026", starts_on="").status_code == 302
    task.refresh_from_db()
    assert (task.term, task.starts_on, task.due_on) == ("до конца четверти", None, date(2026, 10, 26))
    assert (task.term_kind, task.term_precision) == ("until", "day")


def test_unclear_words_are_refused_with_a_sentence_and_everything_typed_stays(administration, task):
    answer = save(administration, task, term="когда рак свистнет", purpose="Новая цель", starts_on="", due_on="")

    # then (both days were removed by hand: that is an answer only together with the tick)
    assert answer.status_code == 200
    text = unescape(answer.content.decode())
    assert "Не удалось понять срок «когда рак свистнет»" in text
    assert "оставить без дат" in text
    assert {"term": "когда рак свистнет", "purpose": "Новая цель"}.items() <= typed(answer).items()
    task.refresh_from_db()
    assert task.term == "Май-июнь\n\n2027"


def test_unclear_words_with_the_old_days_untouched_are_refused_too(administration, task):
    assert save(administration, task, term="когда рак свистнет").status_code == 200
    task.refresh_from_db()
    assert task.due_on == date(2027, 6, 30)


def test_unclear_words_with_the_old_days_are_kept_when_the_administration_says_so(administration, task):
    before = (task.starts_on, task.due_on)
    assert before[1] is not None

    days = {"starts_on": before[0] or "", "due_on": before[1]}
    assert save(administration, task, term="когда рак свистнет", keep_days="on", **days).status_code == 302

    task.refresh_from_db()
    assert (task.term, task.starts_on, task.due_on) == ("когда рак свистнет", *before)


def test_unclear_words_are_kept_without_dates_when_the_administration_says_so(administration, task):
    assert save(administration, task, term="когда рак свистнет", leave_without_dates="on").status_code == 302
    task.refresh_from_db()
    assert task.left_without_dates
    assert (task.term, task.starts_on, task.due_on, task.term_kind) == ("когда рак свистнет", None, None, "unparsable")
    # and the next change of another field asks nothing again
    assert save(administration, task, purpose="Иная цель").status_code == 302


def test_the_last_day_does_not_come_before_the_first(administration, task):
    answer = save(administration, task, starts_on="01.07.2027")
    assert answer.status_code == 200
    assert "Последний день не может быть раньше первого" in answer.content.decode()


def test_changed_words_of_executors_are_read_into_roles_again(administration, task):
    save(administration, task, executors_printed="Администрация, члены рабочей группы")
    assert list(task.executors.values_list("words", "role")) == [
        ("Администрация", Role.ADMINISTRATION),
        ("члены рабочей группы", Role.WORKING_GROUP),
    ]


def test_a_role_chosen_by_hand_in_the_same_form_wins_over_the_words(administration, task):
    save(
        administration,
        task,
        **{"executors_printed": "Родительский комитет", "executors-0-role": Role.DEPUTY_HEAD.value},
    )
    assert list(task.executors.values_list("role", flat=True)) == [Role.DEPUTY_HEAD]


def test_the_form_shows_how_the_term_was_read_without_scripts_and_where_to_ask_with_them(administration, task):
    page = unescape(administration.get(change(task)).content.decode())
    assert "01.05.2027–30.06.2027, точность — месяц" in page
    asked = f"{reverse('plans:term-reading')}?order={task.stage.plan.order_id}"
    assert f'data-term-reading="{asked}"' in page
    assert "plans/term_reading.js" in page


def test_tasks_of_a_stage_are_edited_together_and_added(administration, task):
    address = reverse("admin:plans_stage_change", args=[task.stage_id])
    sent = typed(administration.get(address))
    sent |= {
        "tasks-0-term": "Сентябрь",
        "tasks-0-executors_printed": "члены рабочей группы",
        "tasks-TOTAL_FORMS": "2",
        "tasks-1-position": "2",
        "tasks-1-question": "Новый вопрос",
        "tasks-1-term": "Весь период работы",
        "tasks-1-executors_printed": "Администрация",
        "tasks-1-stage": str(task.stage_id),
        "tasks-1-id": "",
    }

    assert administration.post(address, sent).status_code == 302

    task.refresh_from_db()
    assert (task.due_on, [one.role for one in task.executors.all()]) == (date(2026, 9, 30), [Role.WORKING_GROUP])
    added = Task.objects.get(question="Новый вопрос")
    assert (added.term_kind, [one.role for one in added.executors.all()]) == ("whole_period", [Role.ADMINISTRATION])


def test_one_unclear_term_among_the_tasks_of_a_stage_refuses_the_whole_form(administration, task):
    address = reverse("admin:plans_stage_change", args=[task.stage_id])
    sent = typed(administration.get(address)) | {"heading": "Иной этап", "tasks-0-term": "когда рак свистнет"}
    answer = administration.post(address, sent)
    assert answer.status_code == 200
    assert "Не удалось понять срок" in answer.content.decode()
    assert Stage.objects.get(pk=task.stage_id).heading != "Иной этап"


def test_stages_are_edited_on_the_page_of_the_plan(administration, task):
    address = reverse("admin:plans_plan_change", args=[task.stage.plan_id])
    sent = typed(administration.get(address)) | {"title": "НОВЫЙ ПЛАН", "stages-0-heading": "I. Этап"}
    assert administration.post(address, sent).status_code == 302
    stage = Stage.objects.select_related("plan").get(pk=task.stage_id)
    assert (stage.plan.title, stage.heading) == ("НОВЫЙ ПЛАН", "I. Этап")


def test_a_deleted_task_leaves_a_line_in_the_journal(administration, task):
    address = reverse("admin:plans_stage_change", args=[task.stage_id])
    assert (
        administration.post(address, typed(administration.get(address)) | {"tasks-0-DELETE": "on"}).status_code == 302
    )
    assert not Task.objects.exists()
    assert Entry.objects.about(task).get().verb == "admin.deleted"


@pytest.mark.parametrize(
    ("page", "row"), [("plans_plan_change", "stages-0-DELETE"), ("plans_stage_change", "tasks-0-DELETE")]
)
def test_a_task_with_a_note_is_not_deleted_by_a_tick_beside_its_row(administration, school, task, page, row):
    # given a task on which somebody has written a note
    TaskNote.objects.create(
        task=task, author=MembershipFactory(school=school), written_at=timezone.now(), text="Анкеты розданы"
    )
    address = reverse(f"admin:{page}", args=[task.stage.plan_id if "plan_change" in page else task.stage_id])

    # when it, or its stage, is ticked for deletion among the rows
    answer = administration.post(address, typed(administration.get(address)) | {row: "on"})

    # then the form says why not, the note stays and the journal tells of no deletion
    assert "с этим уже работали" in answer.content.decode()
    assert TaskNote.objects.get().task == task
    assert not Entry.objects.filter(verb="admin.deleted").exists()


def test_the_administration_meets_no_row_of_another_school(administration, task):
    other = SchoolFactory()
    theirs = TaskFactory(stage=StageFactory(plan__order=order_of(other), heading="Чужой этап"), question="Чужой вопрос")
    for model, pk in (("task", theirs.pk), ("stage", theirs.stage_id), ("plan", theirs.stage.plan_id)):
        listed = administration.get(reverse(f"admin:plans_{model}_changelist")).content.decode()
        assert "Чуж" not in listed, model
        for act in ("change", "delete", "history"):
            answer = administration.get(reverse(f"admin:plans_{model}_{act}", args=[pk]), follow=True)
            assert "Чуж" not in answer.content.decode(), (model, act)
    assert "Чужой этап" not in administration.get(change(task)).content.decode()
    # nor can a task be moved there by hand
    assert save(administration, task, stage=str(theirs.stage_id)).status_code == 200
    task.refresh_from_db()
    assert task.stage_id != theirs.stage_id


@pytest.mark.parametrize("roles", [[], [Role.WORKING_GROUP], [Role.DEPUTY_HEAD]])
def test_others_than_the_administration_do_not_enter(school, task, roles):
    browser = Client()
    browser.force_login(MembershipFactory(school=school, roles=roles).user)
    assert browser.get(change(task)).status_code in (302, 403)
    assert "Первая строка" not in browser.get(change(task), follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_tasks_costs_the_same_for_one_and_for_thirty(
    administration, school, rows, django_assert_max_num_queries
):
    TaskFactory.create_batch(rows, school=school)
    with django_assert_max_num_queries(11):
        page = administration.get(reverse("admin:plans_task_changelist"))
    assert page.content.decode().count('class="field-question_words"') == rows


def test_tasks_are_found_by_state_role_and_words(administration, school):
    done = TaskFactory(school=school, question="Первый", completed_on=date(2026, 9, 1), executors=[Role.DEPUTY_HEAD])
    late = TaskFactory(school=school, question="Второй", due_on=date(2026, 9, 1), executors=[Role.WORKING_GROUP])
    waiting = TaskFactory(school=school, question="Третий", reported_at=datetime(2026, 9, 1, tzinfo=UTC))
    dropped = TaskFactory(school=school, question="Четвёртый", cancelled_on=date(2026, 9, 1))

    def found(**query):
        page = administration.get(reverse("admin:plans_task_changelist"), query).content.decode()
        return [task for task in (done, late, waiting, dropped) if f">{task.question}<" in page]

    assert found(state="open") == [late, waiting]
    assert found(state="overdue") == [late]
    assert found(state="waiting") == [waiting]
    assert found(state="done") == [done]
    assert found(state="cancelled") == [dropped]
    assert found(executors__role__exact=Role.DEPUTY_HEAD.value) == [done]
    assert found(q="втор") == [late] or found(q="Втор") == [late]  # SQLite does not fold Cyrillic letters


# --- The leading executor


@pytest.fixture
def shared(school):
    """A task of two executors; the first leads."""
    task = TaskFactory(
        school=school,
        executors_printed="Администрация, члены рабочей группы",
        executors=[Role.ADMINISTRATION, Role.WORKING_GROUP],
    )
    task.executors.filter(position=1).update(is_lead=True)
    return task


def leads(task):
    return list(task.executors.filter(is_lead=True).values_list("role", flat=True))


def test_a_task_has_one_lead_at_most(shared):
    with pytest.raises(IntegrityError), transaction.atomic():
        shared.executors.update(is_lead=True)


def test_the_mark_of_the_lead_passes_to_another_executor_and_the_journal_tells_of_both(administration, shared):
    sent = typed(administration.get(change(shared))) | {"executors-1-is_lead": "on"}
    del sent["executors-0-is_lead"]
    assert administration.post(change(shared), sent).status_code == 302
    assert leads(shared) == [Role.WORKING_GROUP]
    told = [change for entry in Entry.objects.all() for change in entry.changes]
    assert sorted((one["field"], one["old"], one["new"]) for one in told) == [
        ("Ответственный", "да", "нет"),
        ("Ответственный", "нет", "да"),
    ]


def test_two_leads_are_refused_with_a_sentence(administration, shared):
    answer = save(administration, shared, **{"executors-1-is_lead": "on"})
    assert "может быть только один" in answer.content.decode()
    assert leads(shared) == [Role.ADMINISTRATION]


def test_the_lead_may_be_taken_away_and_may_leave_with_the_row(administration, shared):
    sent = typed(administration.get(change(shared)))
    del sent["executors-0-is_lead"]
    assert administration.post(change(shared), sent).status_code == 302
    assert leads(shared) == []
    shared.executors.filter(position=1).update(is_lead=True)
    save(administration, shared, **{"executors-0-DELETE": "on", "executors-1-is_lead": "on"})
    assert leads(shared) == [Role.WORKING_GROUP]


def test_changes_of_other_columns_keep_the_lead(administration, shared):
    save(administration, shared, purpose="Новая цель", **{"executors-1-role": Role.DEPUTY_HEAD.value})
    assert leads(shared) == [Role.ADMINISTRATION]


def test_changed_words_keep_the_lead_whose_words_are_still_there(shared):
    set_executors(shared, "члены рабочей группы, администрация")
    assert leads(shared) == []  # other words, even if only by a capital letter
    shared.executors.filter(position=2).update(is_lead=True)
    set_executors(shared, "администрация, учителя")
    assert leads(shared) == [Role.ADMINISTRATION]
    assert [one.is_lead for one in shared.executors.all()] == [True, False]


def test_the_lead_is_named_on_the_page_of_the_task_and_beside_the_list(administration, shared):
    for address in (shared.get_absolute_url(), f"{reverse('plans:plan')}?task={shared.pk}"):
        page = unescape(administration.get(address).content.decode())
        assert page.count("ответственный") == 1, address


def test_deleting_a_task_of_an_order_in_force_says_what_to_do_instead(administration, task):
    page = administration.get(reverse("admin:plans_task_delete", args=[task.pk]))
    assert "снимите задачу с плана на её странице" in page.content.decode()

    chosen = {"action": "delete_selected", "_selected_action": [task.pk]}
    page = administration.post(reverse("admin:plans_task_changelist"), chosen)
    assert "снимите задачу с плана на её странице" in page.content.decode()

    Order.objects.update(state=Order.State.DRAFT)
    page = administration.get(reverse("admin:plans_task_delete", args=[task.pk]))
    assert "снимите задачу с плана" not in page.content.decode()


def test_the_list_of_tasks_counts_in_good_russian_and_deletes_last(administration, task):
    html = administration.get(reverse("admin:plans_task_changelist")).content.decode()

    assert "<h1>Задачи</h1>" in html
    assert "Задачи: 1" in html
    assert re.findall(r'<option value="(\w+)"', html[html.index('name="action"') :])[-1] == "delete_selected"


def test_the_administration_reads_the_same_state_as_the_site(administration, school):
    TaskFactory(school=school, started_on=date(2026, 1, 1), due_on=timezone.localdate() - timedelta(days=1))
    Order.objects.update(signed_on=date(2020, 1, 1))
    html = administration.get(reverse("admin:plans_task_changelist")).content.decode()
    assert '<td class="field-state_words">просрочено</td>' in html
