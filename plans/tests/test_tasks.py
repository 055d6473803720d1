"""The acts on a task: who may, what is refused, what is told and recorded."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, RoundFactory, SchoolFactory, TaskFactory
from plans.models import Task, TaskNote
from plans.operations import (
    Act,
    Outcome,
    accept_result,
    cancel_task,
    hold_round,
    open_acts,
    read_into,
    reopen_task,
    report_task,
    return_result,
    set_executors,
    start_task,
    write_note,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACTS = {
    Act.NOTED: lambda task, by: write_note(task, by=by, at=AT, text="Анкеты розданы"),
    Act.STARTED: lambda task, by: start_task(task, by=by, at=AT),
    Act.REPORTED: lambda task, by: report_task(task, by=by, at=AT, result="Учтено 12 компьютеров"),
    Act.ACCEPTED: lambda task, by: accept_result(task, by=by, at=AT),
    Act.RETURNED: lambda task, by: return_result(task, by=by, at=AT, reason="Нет акта"),
    Act.REOPENED: lambda task, by: reopen_task(task, by=by, at=AT),
    Act.CANCELLED: lambda task, by: cancel_task(task, by=by, at=AT, grounds="Приказ от 12.01.2027 № 5"),
}


def fresh(task):
    """The task as the next request would read it."""
    return Task.objects.select_related("stage__plan__order", "reported_by").get(pk=task.pk)


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def staff(school):
    """One person of each kind; the executor is a deputy head, whom column 5 of the task names."""
    return {
        "teacher": MembershipFactory(school=school),
        "executor": MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE]),
        "working group": MembershipFactory(school=school, roles=[Role.WORKING_GROUP]),
        "administration": MembershipFactory(school=school, roles=[Role.ADMINISTRATION]),
        "administration of another school": MembershipFactory(roles=[Role.ADMINISTRATION, Role.WORKING_GROUP]),
    }


@pytest.fixture
def task(school, staff):
    return fresh(TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE]))


def in_state(task, staff, state):
    """The task brought to a state by its usual way; the report is the executor's."""
    if state in ("waiting", "done"):
        report_task(task, by=staff["executor"], at=AT, result="Учтено 12 компьютеров")
    if state == "done":
        accept_result(task, by=staff["administration"], at=AT)
    if state == "cancelled":
        cancel_task(task, by=staff["administration"], at=AT, grounds="Приказ № 5")
    return fresh(task)


RIGHTS = {  # act, in which state -> who may
    (Act.NOTED, "open"): {"executor", "working group", "administration"},
    (Act.STARTED, "open"): {"executor", "administration"},
    (Act.REPORTED, "open"): {"executor", "administration"},
    (Act.ACCEPTED, "waiting"): {"working group", "administration"},
    (Act.RETURNED, "waiting"): {"working group", "administration"},
    (Act.REOPENED, "done"): {"working group", "administration"},
    (Act.REOPENED, "cancelled"): {"administration"},
    (Act.CANCELLED, "open"): {"administration"},
}
PEOPLE = ["teacher", "executor", "working group", "administration", "administration of another school"]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(("act", "state"), RIGHTS)
def test_each_act_is_open_to_those_whom_the_order_names(task, staff, act, state, person):
    task = in_state(task, staff, state)
    by = staff[person]

    if person in RIGHTS[act, state]:
        assert act in open_acts(task, by, on=AT.date())
        ACTS[act](task, by)
        assert TaskNote.objects.filter(task=task, act=act, author=by).count() == 1
    else:
        assert act not in open_acts(task, by, on=AT.date())
        with pytest.raises(PermissionDenied):
            ACTS[act](task, by)
        assert not TaskNote.objects.filter(act=act, author=by).exists()


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", [Order.State.DRAFT, Order.State.CLOSED])
def test_tasks_of_a_draft_or_of_a_closed_year_do_not_change(task, staff, state, act):
    Order.objects.update(state=state)
    task = fresh(task)

    assert open_acts(task, staff["administration"], on=AT.date()) == frozenset()
    with pytest.raises(ValidationError) as refusal:
        ACTS[act](task, staff["administration"])
    assert refusal.value.code == "order_not_in_force"


def test_a_role_counts_only_on_the_days_on_which_it_is_held(task, school):
    was = MembershipFactory(school=school)
    RoleHolding.objects.create(
        membership=was, role=Role.EXPERIENCED_COLLEAGUE, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 22)
    )
    with pytest.raises(PermissionDenied):
        start_task(task, by=was, at=AT)
    start_task(task, by=was, at=datetime(2026, 11, 22, 20, 59, tzinfo=UTC))  # 23:59 of the last day in Moscow
    assert fresh(task).started_on == date(2026, 11, 22)


def test_a_report_keeps_the_result_tells_the_reviewers_and_writes_the_journal(task, staff):
    report_task(task, by=staff["executor"], at=AT, result="  Учтено 12 компьютеров ")

    task = fresh(task)
    assert (task.state, task.result, task.reported_by) == (
        Task.State.WAITING,
        "Учтено 12 компьютеров",
        staff["executor"],
    )
    told = Message.objects.values_list("recipient", flat=True)
    assert set(told) == {staff["working group"].pk, staff["administration"].pk}
    entry = Entry.objects.get(verb="plans.reported")
    assert [(change["old"], change["new"]) for change in entry.changes] == [
        (str(Task.State.NOT_STARTED.label), str(Task.State.WAITING.label)),
        ("", "Учтено 12 компьютеров"),
    ]


def test_the_second_report_is_refused_and_the_first_result_stays(task, staff):
    # given two executors who have opened the same page
    mine, theirs = fresh(task), fresh(task)
    report_task(mine, by=staff["executor"], at=AT, result="Учтено 12 компьютеров")

    # when the slower one reports too
    with pytest.raises(ValidationError) as refusal:
        report_task(theirs, by=staff["administration"], at=AT, result="Ничего")

    # then nothing is overwritten
    assert refusal.value.code == "already_reported"
    assert fresh(task).result == "Учтено 12 компьютеров"
    assert TaskNote.objects.filter(act=Act.REPORTED).count() == 1


@pytest.mark.parametrize(
    ("act", "state", "code"),
    [
        (Act.STARTED, "waiting", "already_started"),
        (Act.REPORTED, "done", "already_reported"),
        (Act.ACCEPTED, "open", "not_waiting"),
        (Act.ACCEPTED, "done", "not_waiting"),
        (Act.RETURNED, "open", "not_waiting"),
        (Act.RETURNED, "cancelled", "not_waiting"),
        (Act.REOPENED, "waiting", "not_finished"),
        (Act.CANCELLED, "done", "already_finished"),
        (Act.CANCELLED, "cancelled", "already_finished"),
    ],
)
def test_an_act_that_comes_too_late_or_too_early_is_refused(task, staff, act, state, code):
    task = in_state(task, staff, state)
    before = Task.objects.filter(pk=task.pk).values().get()

    with pytest.raises(ValidationError) as refusal:
        ACTS[act](task, staff["administration"])

    assert refusal.value.code == code
    assert Task.objects.filter(pk=task.pk).values().get() == before


@pytest.mark.parametrize(
    ("state", "act", "code"),
    [
        ("open", lambda task, by: write_note(task, by=by, at=AT, text=" \n"), "text_required"),
        ("open", lambda task, by: report_task(task, by=by, at=AT, result=" "), "result_required"),
        ("waiting", lambda task, by: return_result(task, by=by, at=AT, reason=""), "reason_required"),
        ("open", lambda task, by: cancel_task(task, by=by, at=AT, grounds=" "), "grounds_required"),
    ],
)
def test_words_are_required_where_others_must_understand_the_act(task, staff, state, act, code):
    task = in_state(task, staff, state)
    notes = TaskNote.objects.count()
    with pytest.raises(ValidationError) as refusal:
        act(task, staff["administration"])
    assert refusal.value.code == code
    assert TaskNote.objects.count() == notes


def test_a_member_of_the_working_group_does_not_accept_their_own_report(school, staff):
    task = fresh(TaskFactory(school=school, executors=[Role.WORKING_GROUP]))
    report_task(task, by=staff["working group"], at=AT, result="Готово")

    assert Act.ACCEPTED not in open_acts(fresh(task), staff["working group"], on=AT.date())
    with pytest.raises(ValidationError) as refusal:
        accept_result(fresh(task), by=staff["working group"], at=AT)
    assert refusal.value.code == "own_report"

    # but a colleague of the group does
    accept_result(fresh(task), by=MembershipFactory(school=school, roles=[Role.WORKING_GROUP]), at=AT)
    assert fresh(task).completed_on == date(2026, 11, 23)


def test_the_administration_may_accept_its_own_report_because_there_may_be_nobody_else(task, staff):
    report_task(task, by=staff["administration"], at=AT, result="Готово")
    accept_result(fresh(task), by=staff["administration"], at=AT)
    assert fresh(task).state == Task.State.DONE
    # nobody is told of what they did themselves
    assert [message.recipient for message in Message.objects.all()] == [staff["working group"]]


def test_a_report_that_was_changed_since_the_page_was_read_is_not_accepted_unread(task, staff):
    seen = in_state(task, staff, "waiting")
    return_result(fresh(task), by=staff["administration"], at=AT, reason="Нет акта")
    again = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    report_task(fresh(task), by=staff["executor"], at=again, result="Другой результат")

    with pytest.raises(ValidationError) as refusal:
        accept_result(seen, by=staff["working group"], at=again)
    assert refusal.value.code == "not_waiting"


def test_a_returned_report_goes_back_to_its_author_with_the_reason_and_the_words(task, staff):
    task = in_state(task, staff, "waiting")
    Message.objects.all().delete()

    return_result(task, by=staff["working group"], at=AT, reason="Нет акта")

    task = fresh(task)
    assert (task.state, task.reported_by, task.result) == (Task.State.IN_PROGRESS, None, "Учтено 12 компьютеров")
    message = Message.objects.get()
    assert message.recipient == staff["executor"]
    assert "Нет акта" in message.words


def test_the_author_of_an_accepted_report_is_told(task, staff):
    task = in_state(task, staff, "waiting")
    Message.objects.all().delete()
    accept_result(task, by=staff["working group"], at=AT, text="Спасибо")
    assert [message.recipient for message in Message.objects.all()] == [staff["executor"]]


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_finished_task_is_opened_again_with_its_result_and_its_executors_are_told(task, staff, state):
    finished = in_state(task, staff, state)
    Message.objects.all().delete()

    reopen_task(finished, by=staff["administration"], at=AT, text="Ошибка")

    task = fresh(task)
    assert task.state == Task.State.IN_PROGRESS
    assert (task.result, task.cancelled_because) == (finished.result, "")
    assert [message.recipient for message in Message.objects.all()] == [staff["executor"]]


def test_words_of_a_term_are_read_into_days_and_unclear_words_give_none(task):
    task.term = "Май-июнь 2027"
    read_into(task, task.stage.plan.order.school_year)
    assert (task.starts_on, task.due_on, task.term_kind, task.term_precision) == (
        date(2027, 5, 1),
        date(2027, 6, 30),
        "range",
        "month",
    )

    task.term = "Весь период работы\nПо отдельному графику"
    read_into(task, task.stage.plan.order.school_year)
    assert (task.due_on, task.term_kind, task.by_separate_schedule) == (None, "whole_period", True)

    task.term = "когда рак свистнет"
    assert read_into(task, task.stage.plan.order.school_year).doubt
    assert (task.starts_on, task.due_on, task.term_kind) == (None, None, "unparsable")


def test_executors_are_read_from_the_words_and_unknown_words_stay(task):
    set_executors(task, "Администрация, члены рабочей группы, родительский комитет")
    task.refresh_from_db()
    assert task.executors_printed == "Администрация, члены рабочей группы, родительский комитет"
    assert list(task.executors.values_list("words", "role")) == [
        ("Администрация", Role.ADMINISTRATION),
        ("члены рабочей группы", Role.WORKING_GROUP),
        ("родительский комитет", ""),
    ]

    set_executors(task, "Администрация, ")
    assert list(task.executors.values_list("words", "role")) == [("Администрация", Role.ADMINISTRATION)]


def test_everybody_is_a_teacher_so_a_task_of_all_teachers_is_everybodys(school):
    task = fresh(TaskFactory(school=school, executors=[Role.TEACHER]))
    anybody = MembershipFactory(school=school)
    report_task(task, by=anybody, at=AT, result="Готово")
    assert fresh(task).reported_by == anybody


def test_what_was_asked_is_settled_when_it_is_done_by_whomever(school, staff):
    # given an executor who was reminded of the task, and of a round of it
    task = TaskFactory(school=school, executors=[Role.EXPERIENCED_COLLEAGUE])
    checked = RoundFactory(task=task)
    for key, address in (("task", task.get_absolute_url()), ("round", checked.get_absolute_url())):
        notify([staff["executor"]], key=key, words=key, address=address, topic=Topic.LATE, about=task)

    # when the result is reported, then the executor need not be late any more, but still holds the round
    report_task(task, by=staff["executor"], at=AT, result="Учтено 12 компьютеров")
    assert not_settled(staff["executor"]) == [Topic.LATE]
    assert not_settled(staff["working group"]) == not_settled(staff["administration"]) == [Topic.REVIEW]

    # when one reviews, then nobody else is asked; of the next report all are asked again
    return_result(task, by=staff["working group"], at=AT, reason="Нет акта")
    assert not_settled(staff["administration"]) == []
    report_task(task, by=staff["executor"], at=AT, result="Учтено 12 компьютеров, акт № 3")
    assert not_settled(staff["administration"]) == [Topic.REVIEW]
    accept_result(fresh(task), by=staff["working group"], at=AT)
    assert not_settled(staff["administration"]) == []

    # and the round has its reminder until it is held
    outcome = Outcome(result="Проверено")
    hold_round(checked, outcome, held_on=AT.date(), by=staff["administration"], at=AT)
    assert Topic.LATE not in not_settled(staff["executor"])


def not_settled(person):
    """The topics on which something is still asked of a person."""
    asked = Message.objects.to(person).unread().of_topics(Topic.AHEAD, Topic.LATE, Topic.REVIEW)
    return list(asked.values_list("topic", flat=True))
