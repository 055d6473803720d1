"""How a task reads on a day: overdue and its borders, terms without days, the sentence of state."""

from datetime import UTC, date, datetime

import pytest

from ejournal_rollout.orders.models import Order
from ejournal_rollout.tests.factories import SchoolFactory, TaskFactory
from plans.models import Task
from plans.operations import read_into
from plans.presentation import Standing, annex_cells, annex_columns, nearest_term, reading_words, summary, task_line
from plans.terms import read_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return SchoolFactory()


def line(school, on, **facts):
    """A task of an order signed on 31.08.2026, looked at on the day `on`."""
    task = TaskFactory(school=school, **facts)
    if "term" in facts and "due_on" not in facts:
        read_into(task, task.stage.plan.order.school_year)
        task.save()
    return task_line(Task.objects.in_order().get(pk=task.pk), on)


@pytest.mark.parametrize(
    ("on", "standing", "words"),
    [
        (date(2026, 10, 1), Standing.OPEN, "осталось 31 день"),
        (date(2026, 10, 2), Standing.SOON, "осталось 30 дней"),
        (date(2026, 10, 31), Standing.SOON, "остался 1 день"),
        (date(2026, 11, 1), Standing.SOON, "сегодня последний день"),
        (date(2026, 11, 2), Standing.OVERDUE, "просрочено на 1 день"),
        (date(2026, 11, 3), Standing.OVERDUE, "просрочено на 2 дня"),
        (date(2026, 11, 6), Standing.OVERDUE, "просрочено на 5 дней"),
        (date(2026, 11, 22), Standing.OVERDUE, "просрочено на 21 день"),
    ],
)
def test_a_task_is_in_time_on_its_last_day_and_overdue_the_day_after(school, on, standing, words):
    one = line(school, on, term="до 01.11.2026", due_on=date(2026, 11, 1))
    expected = words.replace("осталось 31 день", "остался 31 день")
    assert (one.standing, one.term_state) == (standing, expected)
    assert (standing is Standing.OVERDUE) == (one.status_kind == "urgent") == one.is_late


def test_a_month_is_overdue_only_when_it_has_ended(school):
    assert line(school, date(2027, 6, 30), term="Июнь 2027").standing is Standing.SOON
    assert line(school, date(2027, 7, 1), term="Июнь 2027").standing is Standing.OVERDUE


def test_a_term_that_ended_by_the_day_of_signing_asks_for_a_result_and_is_not_red(school):
    before = line(school, date(2026, 11, 23), term="Июль-август\n\n2026")  # ends on 31.08, the day of signing
    assert (before.standing, before.status_words, before.status_kind) == (
        Standing.BEFORE_ORDER,
        "до приказа",
        "action",
    )
    assert before.term_state == "до издания приказа: нужен результат"
    day_later = line(school, date(2026, 11, 23), term="до 01.09.2026", due_on=date(2026, 9, 1))
    assert day_later.standing is Standing.OVERDUE


@pytest.mark.parametrize(
    ("facts", "standing", "kind"),
    [
        ({"reported_at": datetime(2026, 11, 1, tzinfo=UTC)}, Standing.WAITING, "paused"),
        ({"completed_on": date(2026, 11, 20)}, Standing.DONE, "done"),
        ({"cancelled_on": date(2026, 11, 20)}, Standing.CANCELLED, "withdrawn"),
    ],
)
def test_what_is_reported_done_or_cancelled_is_never_red(school, facts, standing, kind):
    late = line(school, date(2026, 12, 1), due_on=date(2026, 10, 1), term="до 01.10.2026", **facts)
    assert (late.standing, late.status_kind, late.is_late) == (standing, kind, False)


def test_a_done_task_is_not_asked_for_a_result_before_the_order(school):
    done = line(school, date(2026, 12, 1), due_on=date(2026, 6, 30), completed_on=date(2026, 9, 3))
    assert (done.standing, done.term_state) == (Standing.DONE, "выполнено 03.09.2026")


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("Весь период работы", "срок — весь период"),
        ("Весь период работы\nПо отдельному графику", "без даты: по отдельному графику"),
        ("По отдельному графику", "без даты: по отдельному графику"),
        ("Ежемесячно", "без даты: повторяется"),
        ("По мере необходимости", "без даты: по мере необходимости"),
        ("когда рак свистнет", "без даты"),
        ("", "срок не указан"),
    ],
)
def test_a_term_without_a_last_day_says_so_and_is_never_overdue(school, term, words):
    one = line(school, date(2036, 1, 1), term=term)
    assert (one.standing, one.term_state) == (Standing.OPEN, words)


def test_nobody_is_late_by_a_draft(school):
    task = TaskFactory(school=school, due_on=date(2026, 10, 1))
    Order.objects.update(state=Order.State.DRAFT, signed_on=None)
    assert task_line(Task.objects.in_order().get(pk=task.pk), date(2027, 1, 1)).standing is Standing.OPEN


def test_the_queries_and_the_lines_agree_on_every_day(school):
    """The lists by query and the words on a line are two ways to the same answer."""
    for facts in (
        {"due_on": date(2026, 8, 31)},
        {"due_on": date(2026, 9, 1)},
        {"due_on": date(2026, 10, 1), "started_on": date(2026, 9, 1)},
        {"due_on": date(2026, 10, 1), "reported_at": datetime(2026, 9, 20, tzinfo=UTC)},
        {"due_on": date(2026, 10, 1), "completed_on": date(2026, 9, 20)},
        {"due_on": date(2026, 10, 1), "cancelled_on": date(2026, 9, 20)},
        {"due_on": None},
    ):
        TaskFactory(school=school, **facts)
    for on in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 1), date(2026, 10, 2)):
        lines = [task_line(task, on) for task in Task.objects.in_order()]
        for standing, tasks in (
            (Standing.OVERDUE, Task.objects.overdue(on=on)),
            (Standing.WAITING, Task.objects.waiting_for_review()),
            (Standing.DONE, Task.objects.done()),
            (Standing.CANCELLED, Task.objects.cancelled()),
        ):
            assert {one.task for one in lines if one.standing is standing} == set(tasks), (on, standing)


def test_the_sentence_of_state_counts_what_matters(school):
    on = date(2026, 11, 23)
    lines = [
        *(line(school, on, completed_on=date(2026, 9, 1)) for _ in range(4)),
        line(school, on, due_on=date(2026, 10, 1)),
        line(school, on, term="Июнь 2027"),
        line(school, on, term="Весь период работы"),
        line(school, on, due_on=date(2027, 12, 1)),
    ]
    assert summary(lines, on) == "8 задач: 4 выполнено, 1 просрочена, ближайший срок — 30 июня 2027."
    assert summary(lines[:1], on) == "1 задача: 1 выполнена."
    assert summary(lines[6:7], on) == "1 задача."


def test_the_nearest_term_is_one_that_is_still_to_come_and_not_reported(school):
    on = date(2026, 11, 23)
    reported = {"reported_at": datetime(2026, 11, 20, tzinfo=UTC), "result": "Акт"}
    late, told, today = (
        line(school, on, due_on=day, **facts) for day, facts in [(date(2026, 11, 22), {}), (on, reported), (on, {})]
    )
    far = line(school, on, due_on=date(2027, 6, 30))
    assert nearest_term([late, told, far], on) == date(2027, 6, 30)
    assert nearest_term([far, today], on) == on
    assert nearest_term([late, told], on) is None


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ("Май-июнь 2026", "Понято как: 01.05.2026–30.06.2026, точность — месяц"),
        ("до 01.09.2026", "Понято как: не позднее 01.09.2026, точность — день"),
        (
            "Весь период работы По отдельному графику",
            "Понято как: весь период работы, без последнего дня, по отдельному графику",
        ),
        ("31.09.2026", "Не понято: такого дня нет в календаре."),
    ],
)
def test_the_reading_of_a_term_is_said_in_words(words, reading):
    assert reading_words(read_term(words)) == reading


def test_columns_stand_as_on_paper_and_other_columns_take_their_own_cells(school):
    task = TaskFactory(
        school=school, term="Май", expected_result="Акт", other_columns=[["Отметка", "вып."], ["Ссылка", "п. 3"]]
    )
    plan = task.stage.plan
    plan.columns = [
        {"field": "number", "header": "№"},
        {"field": "other", "header": "Отметка"},
        {"field": "stage", "header": "Этап"},
        {"field": "question", "header": "Мероприятия"},
        {"field": "term", "header": "Начало"},
        {"field": "term", "header": "Окончание"},
        {"field": "result", "header": "Документ"},
        {"field": "other", "header": "Ссылка"},
    ]
    columns = annex_columns(plan)
    assert [header for _field, header in columns] == ["№", "Отметка", "Мероприятия", "Начало", "Документ", "Ссылка"]
    assert [cell.words for cell in annex_cells(task, columns)] == [
        task.printed_number,
        "вып.",
        task.question,
        "Май",
        "Акт",
        "п. 3",
    ]
