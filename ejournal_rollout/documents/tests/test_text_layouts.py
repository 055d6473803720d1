"""Text files of other schools: every way of writing a table without Word (tests/data; all people are invented)."""

from datetime import date
from pathlib import Path

import pytest

from ejournal_rollout.documents.reading import Reading, draft_as_answer, read_order
from ejournal_rollout.orders.drafts import fold

DATA = Path(__file__).parent / "data"
SOURCE = Path(__file__).parents[1] / "samples" / "order-337-01-18.txt"

PLANS = {
    "aligned-columns": [
        "1 | Создание рабочей группы | до 1 сентября | Директор",
        "2 | Закупка оборудования для кабинетов | сентябрь-октябрь 2022 | Завхоз",
        "3 | Итоговый мониторинг | май 2023 | Рабочая группа",
    ],
    "annexes-in-other-order": [
        "1. | Создание рабочей группы | Сентябрь 2022 | Директор школы",
        "2. | Обучение | Октябрь 2022 | Зам. директора по УВР и технический специалист",
    ],
    "bare-lines": [
        "# 1. Подготовительный этап",
        "1.1. | Готовность базы | Май-июнь 2022 | Администрация",
        "1.2. | Анализ кадров | Май 2022 | Рабочая группа",
    ],
    "cells-with-gaps": [
        "# Раздел I. Подготовка",
        " | Анализ | Сентябрь 2022 | Администрация",
        " | Обучение | Октябрь 2022 | Рабочая группа",
    ],
    "drawn-box": [
        "# Этап 1. Подготовка",
        "1.1 | Анализ оснащения кабинетов | Сентябрь 2022 | Администрация",
        "1.2 | Издание приказа | до 15.09.2022 | Директор",
        "# Этап 2. Внедрение",
        "2.1 | Заполнение журнала | Октябрь-декабрь 2022 | Учителя-предметники",
    ],
    "plan-as-list": [
        "# 1. Подготовительный этап",
        "1.1. | Анализ оснащения. | май 2023 года | администрация",
        "1.2. | Подготовка документов | июнь-август 2023 г. | администрация, рабочая группа",
        "# 2. Основной этап",
        "2.1. | Мониторинг | ежемесячно | зам. директора по УВР",
    ],
    "semicolons": [
        "1 | Совещание при директоре | 28 августа 2022 г. | Директор",
        "2 | Обучение педагогов и родителей | сентябрь 2022 | Рабочая группа",
        "3 | Анкетирование | декабрь 2022 | ",
    ],
    "staff-list-and-wrong-day": [
        "1 | Обсуждение системы | 31.09.2021 | Иванов И.И.",
        "2 | Обсуждение регламента | октябрь | Петров П.П.",
        "2 | Итоги | май | Иванов И.И., директор",
    ],
    "title-on-annex-line": [
        "# Подготовительный этап",
        " | Анализ | сентябрь | Директор",
        "# Основной этап",
        " | Обучение | октябрь – ноябрь | Завуч",
    ],
    "whole-order-in-pipes": [
        "# I. Организационный этап",
        "1 | Проведение совещания | сентябрь | Директор",
        "2 | Обновление раздела сайта | до 15 октября | Технический специалист, зам. директора по ВР",
        "# II. Практический этап",
        "3 | Обучение учителей | в течение учебного года | Члены рабочей группы",
        "4 | Проверка журналов | ежемесячно | Заместители директора",
    ],
    "wrapped-tab-rows": [
        "# 1. Подготовительный этап",
        "1.1. | Готовность материально-технической базы | Май-июнь 2021 | Администрация, члены рабочей группы",
        "1.2. | Анализ кадров | Май 2021 | Администрация",
        "# 2. Основная работа",
        "2.1. | Мониторинг | Весь период | Администрация",
    ],
}

SCHEDULES = {
    "plus-box": [
        "Техническое | Тестов Т.Т., инженер | 101 | Понедельник, среда с 12:00 до 14:00",
        "Методическое | Завуч | 102 | вт. и чт. 13.15-14.00",
    ],
    "bare-lines": [
        "Техническое сопровождение | Технический специалист | 13 | Вторник 14.00-15.00",
        "Методическое сопровождение | Завуч | 18 | По мере необходимости",
    ],
    "annexes-in-other-order": [
        " | Тестова А.А., учитель информатики | 5 | Понедельник 14.00-15.00",
        " | Примеров Б.Б., системный администратор | 6 | Пятница 13.00-14.00",
    ],
    "whole-order-in-pipes": [
        "Техническая помощь | Тестов Т.Т. | каб. 12 | вторник, четверг 14.00-15.00",
        "Методическая помощь | Примерова О.О. | каб. 20 | среда 15.00-16.00",
    ],
}

REQUISITES = {
    "aligned-columns": ("44-од", date(2022, 8, 28), "", "2022/2023"),
    "annexes-in-other-order": ("15-од", date(2022, 9, 1), "МБОУ СОШ № 5", "2022/2023"),
    "drawn-box": ("15", date(2022, 9, 1), "МКОУ «Основная школа с. Примерное»", "2022/2023"),
    "only-regulation": ("", date(2023, 9, 1), "МБОУ «СОШ № 8»", "2023/2024"),
    "plus-box": ("118/1", date(2022, 9, 2), "МБОУ «Лицей № 2»", "2022/2023"),
    "semicolons": ("", None, "", "2022/2023"),
    "title-on-annex-line": ("126/А", date(2024, 9, 2), "МБОУ «Гимназия № 5»", "2024/2025"),
    "whole-order-in-pipes": ("215-ОД", date(2024, 8, 30), "МБОУ «СШ № 14»", "2024/2025"),
}


def read(name: str) -> Reading:
    return read_order((DATA / f"{name}.txt").read_bytes(), f"{name}.txt")


@pytest.mark.parametrize("name", PLANS)
def test_stages_and_tasks_are_found_in_every_layout(name):
    told = []
    for stage in read(name).draft.plan.stages:
        told += [f"# {stage.heading}"] if stage.heading else []
        told += [fold(" | ".join((t.number, t.question, t.term, t.executors))) for t in stage.tasks]

    assert told == [fold(line) for line in PLANS[name]]


@pytest.mark.parametrize("name", SCHEDULES)
def test_directions_are_found_in_every_layout(name):
    directions = read(name).draft.schedule.directions

    assert [fold(" | ".join((d.name, d.specialists, d.room, d.hours))) for d in directions] == [
        fold(line) for line in SCHEDULES[name]
    ]


@pytest.mark.parametrize("name", REQUISITES)
def test_number_date_school_and_year_are_found_where_they_are_printed(name):
    draft = read(name).draft

    assert (draft.number, draft.signed_on, draft.organization, str(draft.school_year)) == REQUISITES[name]


def test_chapters_and_lists_of_a_regulation():
    reading = read("only-regulation")

    assert [(clause.number, clause.text) for clause in reading.draft.regulation.clauses] == [
        ("I.", "Общие положения"),
        ("1.", "Правила определяют порядок поддержки."),
        ("2.", "Поддержку оказывает технический специалист."),
        ("II.", "Порядок обращения"),
        ("3.", "Обращение подаётся:\n• по электронной почте;\n• лично."),
        ("4.", "Ответ даётся в течение дня.\nЕсли ответ не дан, пользователь обращается к директору."),
    ]
    assert draft_as_answer(reading)["regulation"]["points"] == 4


def test_subclauses_without_a_blank_after_the_number():
    reading = read("whole-order-in-pipes")

    answer = draft_as_answer(reading)["regulation"]

    assert (answer["points"], answer["subpoints"]) == (2, 3)
    assert answer["clauses"][4] == {
        "number": "2.1",
        "text": "Пользователь имеет право:\n1) задать вопрос;\n2) получить ответ.\nОтвет даётся в течение одного дня.",
    }


def test_a_time_at_the_start_of_a_line_is_no_clause():
    clauses = read("title-on-annex-line").draft.regulation.clauses

    assert [clause.number for clause in clauses] == ["1.", "1.1", "2."]


def test_instructions_of_the_body_are_kept_and_are_no_tasks():
    draft = read("whole-order-in-pipes").draft

    assert "4. Заместителю директора по УВР Примеровой О.О. ознакомить работников" in draft.body
    assert len(draft.tasks) == 4


def test_an_annex_of_another_kind_is_not_lost_in_silence():
    remarks = read("staff-list-and-wrong-day").remarks

    assert [(one.code, one.place) for one in remarks if one.code == "annex_not_taken"] == [
        ("annex_not_taken", "Приложение 1")
    ]
    assert {"headings_disagree", "term_impossible_date", "number_twice"} < {one.code for one in remarks}


def test_a_signature_under_the_table_is_no_task():
    left = [one.printed for one in read("wrapped-tab-rows").remarks if one.code == "words_left"]

    assert left == ["Директор\t____________\tИ.И. Иванов"]


def test_an_empty_cell_among_cells_on_lines_keeps_its_column():
    text = (
        "Приложение 1\nПЛАН\n\t№\n\tМероприятия\n\tСроки\n\tИсполнители\n\n"
        "\t1\n\tАнализ\n\t\n\tДиректор\n\n\t2\n\tИтог\n\tмай\n\tЗавуч\n"
    )

    tasks = read_order(text.encode(), "order.txt").draft.tasks

    assert [(task.question, task.term, task.executors) for task in tasks] == [
        ("Анализ", "", "Директор"),
        ("Итог", "май", "Завуч"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_source_text_is_the_same_in_every_encoding(encoding, line_end):
    text = SOURCE.read_text(encoding="utf-8-sig")
    usual = read_order(SOURCE.read_bytes(), SOURCE.name)

    recoded = text.replace("\n", line_end).encode(encoding)

    assert read_order(recoded, "order.txt") == usual


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866"])
def test_old_code_pages_are_told_apart(encoding):
    text = (DATA / "bare-lines.txt").read_text().replace("«", '"').replace("»", '"').replace("№", "N")

    assert len(read_order(text.encode(encoding), "order.txt").draft.tasks) == 2


def test_the_annex_that_is_taken_over_tells_the_number_of_the_order():
    """Annex 1 (a list of people, not taken over) names 337, the plan 338: a remark asks, the plan's own words stand."""
    reading = read("staff-list-and-wrong-day")

    assert reading.draft.number == "338"
    assert "headings_disagree" in {one.code for one in reading.remarks}


def test_a_plan_written_as_a_list_gets_the_usual_columns_for_what_it_fills():
    columns = read("plan-as-list").draft.plan.columns

    assert [column.field for column in columns] == ["number", "question", "term", "executors"]
    assert all(column.header for column in columns)
