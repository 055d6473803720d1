"""The plan and the schedule as tables: the columns of the paper, and beside them what the program knows today."""

from datetime import date, time

import pytest
from django.utils import translation

from consultations.models import DirectionRole, Hours
from ejournal_rollout.documents.annex_tables import plan_spreadsheet, schedule_spreadsheet
from ejournal_rollout.documents.drafting import with_annexes
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    PlanFactory,
    RoomFactory,
    ScheduleFactory,
    SchoolFactory,
    StageFactory,
    TaskFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def russian():
    with translation.override("ru"):
        yield


@pytest.fixture
def order():
    return OrderFactory(school=SchoolFactory())


def employ(order, last_name, *roles):
    user = UserFactory(last_name=last_name, first_name="Анна", patronymic="Петровна")
    return MembershipFactory(school=order.school, user=user, roles=roles)


def plan(order, columns, stages):
    """`stages` are (heading, [fields of a task])."""
    made = PlanFactory(order=order, columns=[{"field": field, "header": header} for field, header in columns])
    for place, (heading, tasks) in enumerate(stages, start=1):
        stage = StageFactory(plan=made, position=place, heading=heading)
        for line, fields in enumerate(tasks, start=1):
            TaskFactory(stage=stage, position=line, printed_number=f"{place}.{line}.", **fields)


def as_table(make, order):
    table = make(with_annexes(Order.objects.all()).get(pk=order.pk), on=TODAY)
    return [list(table.headers), *map(list, table.rows)]


def test_a_plan_has_the_columns_of_the_paper_its_stages_days_states_and_the_executors_of_today(order):
    employ(order, "Образцова", Role.ADMINISTRATION)
    employ(order, "Условнова", Role.WORKING_GROUP)
    employ(order, "Примеров", Role.WORKING_GROUP)
    columns = [("number", "№ п/п"), ("term", "Когда\nсделать"), ("question", "Что"), ("other", "Бюджет")]
    first = {"question": "Анализ", "term": "Май-июнь 2026", "starts_on": date(2026, 5, 1), "due_on": date(2026, 6, 30)}
    first |= {"executors": [Role.ADMINISTRATION], "completed_on": date(2026, 6, 1), "purpose": ""}
    second = {"question": "=Закупка", "executors": [Role.WORKING_GROUP], "purpose": "", "due_on": date(2026, 11, 1)}
    third = {"question": "Итоги", "executors": [Role.TEACHER], "purpose": "", "other_columns": [["Бюджет", "нет"]]}
    plan(order, columns, [("1. Подготовка", [first, second]), ("2. Работа", [third])])

    assert as_table(plan_spreadsheet, order) == [
        ["Этап", "№ п/п", "Когда сделать", "Что", "Бюджет", "Первый день", "Последний день", "Статус", "Исполнители на 23.11.2026"],  # noqa: E501
        ["1. Подготовка", "1.1.", "Май-июнь 2026", "Анализ", "", date(2026, 5, 1), date(2026, 6, 30), "выполнено", "Образцова А. П."],  # noqa: E501
        ["1. Подготовка", "1.2.", "", "=Закупка", "", None, date(2026, 11, 1), "просрочено", "Примеров А. П.\nУсловнова А. П."],  # noqa: E501
        ["2. Работа", "2.1.", "", "Итоги", "нет", None, None, "не начато", "Все сотрудники школы"],
    ]  # fmt: skip


def test_a_stage_that_the_paper_prints_in_a_column_stays_there_and_is_repeated(order):
    columns = [("stage", "Раздел"), ("question", "Что")]
    tasks = [{"question": "Анализ", "purpose": ""}, {"question": "Закупка", "purpose": ""}]
    plan(order, columns, [("Подготовка", tasks), ("Работа", tasks[:1])])

    rows = as_table(plan_spreadsheet, order)

    assert [row[:2] for row in rows] == [
        ["Раздел", "Что"],
        ["Подготовка", "1.1. Анализ"],
        ["Подготовка", "1.2. Закупка"],
        ["Работа", "2.1. Анализ"],
    ]


def test_a_plan_without_stages_has_no_column_of_them(order):
    plan(order, [("question", "Что"), ("term", "Когда")], [("", [{"question": "Анализ", "purpose": ""}])])

    assert as_table(plan_spreadsheet, order)[0][:2] == ["Что", "Когда"]


def test_a_plan_without_tasks_is_a_header(order):
    PlanFactory(order=order)

    assert len(as_table(plan_spreadsheet, order)) == 1


def test_those_who_have_left_or_hold_the_role_no_more_are_not_named(order):
    employ(order, "Образцова", Role.ADMINISTRATION)
    left = employ(order, "Бывшев", Role.ADMINISTRATION)
    left.left_on = date(2026, 11, 22)
    left.save()
    former = employ(order, "Прежнева")
    RoleHolding.objects.create(
        membership=former, role=Role.ADMINISTRATION, starts_on=date(2025, 1, 1), ends_on=date(2026, 11, 22)
    )
    MembershipFactory(roles=[Role.ADMINISTRATION])  # of another school
    plan(order, [], [("", [{"executors": [Role.ADMINISTRATION]}])])

    assert as_table(plan_spreadsheet, order)[1][-1] == "Образцова А. П."


def test_a_schedule_has_the_columns_of_the_paper_and_the_hours_that_are_offered(order):
    employ(order, "Тестов", Role.TECHNICAL_SPECIALIST)
    named = employ(order, "Названова")
    schedule = ScheduleFactory(
        order=order,
        columns=[
            {"field": "direction", "header": "Направление"},
            {"field": "room", "header": "Кабинет №"},
            {"field": "hours", "header": "График"},
        ],
    )
    room = RoomFactory(school=order.school)
    made = {"schedule": schedule, "school": order.school, "room": room, "specialists_printed": "", "room_printed": "5"}
    hours = [(0, "08:00", "14:00")]
    DirectionFactory(**made, position=1, name="Техника", hours_printed="Ежедневно", hours=hours)
    weekly = DirectionFactory(**made, position=2, name="Методика", hours_printed="вт, чт", hours=[], slot_minutes=45)
    for weekday in (2, 4):
        Hours.objects.create(direction=weekly, weekday=weekday, starts=time(13, 15), ends=time(14), weeks="2, -1")
    weekly.direction_roles.all().delete()
    DirectionRole.objects.create(direction=weekly, words="Названова А.П.", person=named)
    DirectionFactory(**made, position=3, name="Акты", hours_printed="По мере", is_on_demand=True)

    assert as_table(schedule_spreadsheet, order) == [
        ["Направление", "Кабинет №", "График", "Дни и часы, как их понимает программа", "Длительность консультации, мин.", "Специалисты на 23.11.2026"],  # noqa: E501
        ["Техника", "5", "Ежедневно", "каждый рабочий день 08:00–14:00", 20, "Тестов А. П."],
        ["Методика", "5", "вт, чт", "вт, чт (недели месяца: 2, последняя) 13:15–14:00", 45, "Названова А. П."],
        ["Акты", "5", "По мере", "по мере необходимости: учителя предлагают время", None, "Тестов А. П."],
    ]  # fmt: skip


def test_directions_that_the_paper_prints_as_headings_become_a_column(order):
    schedule = ScheduleFactory(
        order=order, columns=[{"field": "specialists", "header": "Кто"}, {"field": "hours", "header": "Когда"}]
    )
    for place in (1, 2):
        DirectionFactory(schedule=schedule, school=order.school, position=place, name="Техника", room_printed="")

    rows = as_table(schedule_spreadsheet, order)

    assert [row[:3] for row in rows] == [
        ["Направление", "Кто", "Когда"],
        ["Техника", "Технический специалист", "Ежедневно\nс 8.00 -14.00"],
        ["Техника", "Технический специалист", "Ежедневно\nс 8.00 -14.00"],
    ]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_table_costs_the_same_queries_for_one_row_and_for_thirty(order, rows, django_assert_num_queries):
    employ(order, "Тестов", Role.TECHNICAL_SPECIALIST)
    TaskFactory.create_batch(rows, school=order.school, executors=[Role.WORKING_GROUP])
    DirectionFactory.create_batch(rows, school=order.school)
    subject = with_annexes(Order.objects.all()).get(pk=order.pk)

    with django_assert_num_queries(5):  # stages, tasks, executors, staff with roles
        assert len(plan_spreadsheet(subject, on=TODAY).rows) == rows
    with django_assert_num_queries(5):  # directions, hours, specialists, staff with roles
        assert len(schedule_spreadsheet(subject, on=TODAY).rows) == rows
