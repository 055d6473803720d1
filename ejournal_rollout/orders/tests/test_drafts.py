"""The order on paper as a value: its JSON, the names of its rows, its differences."""

from dataclasses import replace
from datetime import date

import pytest

from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    Column,
    Difference,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    compare,
    rows,
)
from ejournal_rollout.orders.school_year import SchoolYear

ORDER = OrderDraft(
    number="337/01-18",
    signed_on=date(2021, 8, 31),
    organization="МОУ «СШ № 3»",
    school_year=SchoolYear(2021),
    body="ПРИКАЗЫВАЮ:\n1. Утвердить.",
    plan=PlanDraft(
        heading="Приложение 1",
        title="ПЛАН-ГРАФИК",
        columns=(Column("number", "№ п/п"), Column("other", "Отметка")),
        stages=(
            StageDraft(
                "1. Подготовительный этап",
                (
                    TaskDraft("1.1.", "Готовность", "Май-июнь 2021", other=(("Отметка", "да"),)),
                    TaskDraft("", "Без номера"),
                ),
            ),
            StageDraft("2. Основная работа", (TaskDraft("1.1.", "Повтор номера"),)),
        ),
    ),
    regulation=RegulationDraft("", "РЕГЛАМЕНТ", (ClauseDraft("1.", "Помощь."), ClauseDraft("2.1.", "Пароли."))),
    schedule=ScheduleDraft("", "ГРАФИК", (), (DirectionDraft("Техническое", "Специалист", "13", "Ежедневно"),)),
)


def test_a_draft_survives_its_json():
    assert OrderDraft.from_json(ORDER.to_json()) == ORDER
    assert OrderDraft.from_json(OrderDraft().to_json()) == OrderDraft()


def test_rows_are_called_as_people_call_them():
    assert [key for key, _row in rows(ORDER.plan)] == ["stage 1", "1.1", "1/2", "stage 2", "1.1 (2)"]
    assert [key for key, _row in rows(ORDER.regulation)] == ["1", "2.1"]
    assert [key for key, _row in rows(ORDER.schedule)] == ["Техническое"]
    assert list(rows(None)) == []


def test_equal_drafts_and_blanks_alone_make_no_difference():
    assert compare(ORDER, ORDER) == []
    assert compare(ORDER, replace(ORDER, organization="МОУ  «СШ №\n3»")) == []


def with_first_task(**changes):
    stage = ORDER.plan.stages[0]
    tasks = (replace(stage.tasks[0], **changes), *stage.tasks[1:])
    return replace(ORDER, plan=replace(ORDER.plan, stages=(replace(stage, tasks=tasks), *ORDER.plan.stages[1:])))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (replace(ORDER, number="5"), Difference("order", "", "number", "337/01-18", "5")),
        (with_first_task(term="Июнь"), Difference("plan", "1.1", "term", "Май-июнь 2021", "Июнь")),
        (with_first_task(other=(("Отметка", "нет"),)), Difference("plan", "1.1", "Отметка", "да", "нет")),
        (
            replace(ORDER, regulation=replace(ORDER.regulation, clauses=ORDER.regulation.clauses[:1])),
            Difference("regulation", "2.1", "row", "Пароли.", None),
        ),
        (
            replace(ORDER, schedule=replace(ORDER.schedule, title="РАСПИСАНИЕ")),
            Difference("schedule", "", "title", "ГРАФИК", "РАСПИСАНИЕ"),
        ),
    ],
)
def test_a_difference_names_its_place_and_both_texts(new, expected):
    assert compare(ORDER, new) == [expected]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("в 2021-2022 учебном году", 2021),
        ("2021/22 уч. года", 2021),
        ("2021–2023 учебный год", None),
        ("2021-2022", None),
        ("", None),
    ],
)
def test_the_school_year_is_found_in_words(words, first):
    found = SchoolYear.named_in(words)
    assert (found.first if found else None) == first


@pytest.mark.parametrize(
    ("signed_on", "first"), [(date(2021, 5, 31), 2020), (date(2021, 6, 1), 2021), (date(2022, 1, 10), 2021)]
)
def test_an_order_of_the_summer_prepares_the_coming_year(signed_on, first):
    assert SchoolYear.of_order(signed_on) == SchoolYear(first)


@pytest.mark.parametrize("text", ["2021/2023", "2021", "21/22", ""])
def test_years_that_do_not_follow_each_other_are_no_school_year(text):
    with pytest.raises(ValueError):
        SchoolYear.parse(text)
