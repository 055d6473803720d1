"""The source order (documents/samples): every word as printed, remarks only where the paper is odd."""

import json
from datetime import date
from pathlib import Path

import pytest

from ejournal_rollout.documents.reading import Reading, draft_as_answer, read_order
from ejournal_rollout.orders.drafts import Column, OrderDraft, compare
from ejournal_rollout.orders.school_year import SchoolYear

SAMPLES = Path(__file__).parents[1] / "samples"


def read(ending: str) -> Reading:
    path = SAMPLES / f"order-337-01-18.{ending}"
    return read_order(path.read_bytes(), path.name)


@pytest.fixture(scope="module", params=["docx", "txt"])
def reading(request) -> Reading:
    return read(request.param)


def test_the_order_is_known_by_the_headings_of_its_annexes(reading):
    draft = reading.draft
    assert (draft.number, draft.signed_on, draft.organization, draft.school_year, draft.body) == (
        "337/01-18",
        date(2021, 8, 31),
        "МОУ «СШ № 3 им. Я.И. Чапичева»",
        SchoolYear(2021),
        "",
    )


def test_the_plan_has_two_stages_of_four_tasks(reading):
    assert [
        (stage.number, stage.title, [task.number for task in stage.tasks]) for stage in reading.draft.plan.stages
    ] == [
        ("1", "Подготовительный этап", ["1.1.", "1.2.", "1.3.", "1.4."]),
        ("2", "Основная работа", ["2.1.", "2.2.", "2.3.", "2.4."]),
    ]


def test_each_column_of_the_plan_keeps_its_words(reading):
    plan = reading.draft.plan
    assert plan.heading == "Приложение 1\nк приказу  МОУ «СШ № 3\nим. Я.И. Чапичева»\nот 31.08.2021 № 337/01-18"
    assert plan.title == "ПЛАН-ГРАФИК\nработы рабочей группы по внедрению единой системы электронных журналов"
    assert plan.columns == (
        Column("number", "№ п/п"),
        Column("question", "Рассматриваемые вопросы"),
        Column("term", "Сроки"),
        Column("purpose", "Цель"),
        Column("executors", "Исполнители (функциональные обязанности членов рабочей группы)"),
    )
    assert [task.term for task in reading.draft.tasks] == [
        "Май-июнь 2021",
        "Май-сентябрь 2021",
        "Май-август 2021",
        "Июль-август\n2021",
        "Весь период работы\nПо отдельному графику",
        "Весь период работы\nПо отдельному графику",
        "Весь период работы",
        "Июнь 2022",
    ]
    assert [task.executors for task in reading.draft.tasks] == [
        "Администрация",
        "Администрация, члены рабочей группы",
        "Администрация, члены рабочей группы",
        "Администрация, члены рабочей группы",
        "Администрация, члены рабочей группы",
        "Администрация,",
        "Администрация, члены рабочей группы",
        "Администрация, члены рабочей группы",
    ]
    assert reading.draft.tasks[4].question == (
        "Организация работ внедрению электронных журналов.\nМониторинг работы по\n"
        "использованию единой системы электронных журналов"
    )
    assert reading.draft.tasks[7].purpose == "Анализ работы й по переходу на электронный журнал."


def test_the_regulation_has_six_clauses_with_their_lists_and_paragraphs(reading):
    clauses = reading.draft.regulation.clauses
    assert [(clause.number, len(clause.text.split("\n"))) for clause in clauses] == [
        ("1.", 1),
        ("2.", 4),
        ("3.", 1),
        ("4.", 5),
        ("5.", 3),
        ("6.", 1),
    ]
    assert clauses[1].text == (
        "Консультационная и методическая помощь по вопросам работы ЭЖ может быть оказана следующими специалистами:\n"
        "• технический специалист;\n• заместителем директора по УР;\n• работниками школы, имеющими опыт работы с ЭЖ."
    )
    assert clauses[5].text.startswith("Пользователи ЭЖ имеют право использовать справочные материалы ЭЖ‚ не нарушая")


def test_the_schedule_has_three_directions(reading):
    schedule = reading.draft.schedule
    assert schedule.title == (
        "ГРАФИК\nпроведения консультаций по работе электронными журналами в 2021-2022 учебном году"
    )
    assert [(one.name, one.specialists, one.room, one.hours) for one in schedule.directions] == [
        ("Разработка локальных актов", "Зам. директора по УР Члены рабочей группы", "18", "По мере необходимости"),
        ("Техническое сопровождение", "Технический специалист", "13", "Ежедневно\nс 8.00 -14.00"),
        ("Методическое сопровождение", "Зам. директора по УР Члены рабочей группы", "18", "Ежедневно\n с 8.00 -14.00"),
    ]


def test_remarks_stand_only_where_the_paper_is_odd(reading):
    assert [(one.code, one.annex, one.row_key, one.field) for one in reading.remarks] == [
        ("body_missing", "order", "", ""),
        ("trailing_comma", "plan", "2.2", "executors"),
        ("lone_letter", "plan", "2.4", "purpose"),
        ("low_quote", "regulation", "6", "text"),
        ("party_unseparated", "schedule", "Разработка локальных актов", "specialists"),
        ("hours_working_week_unknown", "schedule", "Техническое сопровождение", "hours"),
        ("hours_working_week_unknown", "schedule", "Методическое сопровождение", "hours"),
        ("party_unseparated", "schedule", "Методическое сопровождение", "specialists"),
    ]
    assert all(one.text and one.place for one in reading.remarks)
    assert reading.remarks[2].printed == "Анализ работы й по переходу"


def test_the_word_file_and_the_text_file_give_one_draft():
    word, text = read("docx"), read("txt")

    assert compare(word.draft, text.draft) == []
    assert word == text


def test_the_draft_survives_storing_as_json(reading):
    stored = json.dumps(reading.draft.to_json())

    assert OrderDraft.from_json(json.loads(stored)) == reading.draft


def test_two_statements_in_one_cell_stay_two(reading):
    answer = draft_as_answer(reading)

    tasks = {task["number"]: task for stage in answer["plan"]["stages"] for task in stage["tasks"]}
    assert (tasks["2.1"]["deadline_kind"], tasks["2.1"]["by_separate_schedule"]) == ("whole_period", True)
    assert (tasks["2.3"]["deadline_kind"], "by_separate_schedule" in tasks["2.3"]) == ("whole_period", False)
    assert (tasks["1.4"]["start"], tasks["1.4"]["end"]) == ("2021-07-01", "2021-08-31")
