"""Annexes known by their heading alone: without a number, in ordinary case, with a stage or a table right under it."""

import pytest

from ejournal_rollout.documents.reading import Reading, read_order

from .paper import PLAN_HEADER, Paper

ORDER = "МБОУ «Лицей № 12»\nПРИКАЗ\nот 29.08.2025 № 214-ОД\n\nПРИКАЗЫВАЮ:\n{instructions}\n\n"
INSTRUCTIONS = "1. Утвердить план работы.\n2. Контроль оставляю за собой."
PLAN = "План работы\n\n| № | Мероприятие | Сроки | Исполнители |\n| 1 | Обучение | май 2026 | Директор |\n\n"
CLAUSES = "1. Вопросы задаются завучу.\n2. Ответ даётся за день.\n"
SCHEDULE = (
    "\n| Направление | Специалист | Кабинет | Дни и часы |\n| Отметки | Технический специалист | 4 | вт 14:00-15:00 |\n"
)


def read(*parts: str, instructions: str = INSTRUCTIONS) -> Reading:
    return read_order((ORDER.format(instructions=instructions) + "".join(parts)).encode(), "order.txt")


def clauses_of(reading: Reading) -> list[str]:
    regulation = reading.draft.regulation
    return [clause.number for clause in regulation.clauses] if regulation else []


def left(reading: Reading) -> list[str]:
    return [one.printed for one in reading.remarks if one.code in ("words_left", "annex_not_taken")]


@pytest.mark.parametrize(
    "heading",
    [
        "Регламент оказания помощи учителям",
        "Порядок оказания консультационной помощи",
        "Положение о методической помощи",
        "Правила обращения за помощью",
        "Регламент\nоказания консультационной помощи\nучителям",
        "Регламент помощи\n\nНастоящий регламент определяет, как учителя получают помощь.\n\nОбщие положения",
    ],
)
@pytest.mark.parametrize("before", ["", PLAN])
def test_a_regulation_headed_in_ordinary_case_is_found(heading, before):
    reading = read(before, heading, "\n\n", CLAUSES)

    assert clauses_of(reading)[-2:] == ["1.", "2."]
    assert reading.draft.regulation.title.startswith(heading.split("\n")[0])
    assert left(reading) == []


def test_a_regulation_under_a_heading_of_word_after_a_page_break_is_found():
    paper = (
        Paper()
        .lines("МБОУ СОШ № 9", "ПРИКАЗ № 41 от 01.09.2025", "План-график")
        .table(PLAN_HEADER, ("1", "Обучение", "Май 2026", "Директор"))
    )
    paper.document.add_page_break()
    paper.document.add_heading("Регламент оказания консультационной помощи", 1)
    paper.lines("1. Помощь оказывает технический специалист.", "2. Вопросы — по почте.")

    reading = read_order(paper.bytes(), "order.docx")

    assert clauses_of(reading) == ["1.", "2."]
    assert left(reading) == []


def test_clauses_counted_on_from_the_instructions_are_clauses_of_the_regulation():
    reading = read(PLAN, "Регламент помощи\n3. Вопросы задаются завучу.\n4. Ответ даётся за день.\n")

    assert clauses_of(reading) == ["3.", "4."]


@pytest.mark.parametrize("heading", ["Регламент помощи", "РЕГЛАМЕНТ ПОМОЩИ"])
def test_clauses_numbered_with_brackets_are_no_part_of_a_title(heading):
    reading = read(PLAN, heading, "\n1) Пишите завучу.\n2) Ждите.\n\nГрафик консультаций\n", SCHEDULE)

    assert (reading.draft.regulation.title, clauses_of(reading)) == (heading, ["1)", "2)"])
    assert reading.draft.schedule.title == "График консультаций"


@pytest.mark.parametrize(
    "instructions",
    [
        "1. Утвердить Регламент оказания помощи.\n2. Контроль оставляю за собой.",
        "1. Утвердить:\nРегламент оказания помощи\n2. Контроль оставляю за собой.",
        "Утвердить:\nПорядок оказания помощи\n1. Директору довести приказ.",
        "Регламент оказания помощи (приложение 2) ввести с сентября\n1. Завучу довести приказ.",
        "Порядок оказания помощи утвердить.\n1. Завучу довести приказ.",
        "1. Утвердить\nПоложение о помощи\n1.1. Завучу довести приказ.",
        "- Регламент оказания помощи\n1. Завучу довести приказ.",
    ],
)
def test_words_about_a_regulation_inside_the_order_are_no_heading(instructions):
    draft = read(PLAN, instructions=instructions).draft

    assert draft.regulation is None
    assert instructions.split("\n")[-1] in draft.body


def test_an_order_about_a_regulation_is_no_regulation():
    text = "МБОУ «Лицей № 12»\nПРИКАЗ\nот 29.08.2025 № 214-ОД\n\nРегламент помощи\n\nПРИКАЗЫВАЮ:\n1. Утвердить.\n"

    assert read_order((text + PLAN).encode(), "order.txt").draft.regulation is None


def test_a_chapter_of_the_regulation_is_no_second_regulation():
    reading = read("Регламент помощи\n1. Общее.\nПорядок обращения\n1. Вопросы задаются завучу.\n")

    assert clauses_of(reading) == ["1.", "1."]
    assert "annex_not_taken" not in [one.code for one in reading.remarks]


@pytest.mark.parametrize("heading", ["РЕГЛАМЕНТ ПОМОЩИ", "Регламент помощи"])
@pytest.mark.parametrize("before", ["", PLAN])
@pytest.mark.parametrize(
    ("line", "title"), [("\nКонсультации проводятся по графику:", "Консультации проводятся по графику:"), ("", "")]
)
def test_a_schedule_inside_the_regulation_takes_nothing_from_it(heading, before, line, title):
    reading = read(before, heading, "\n1. Пишите специалисту.\n", line, SCHEDULE)

    draft = reading.draft
    assert (draft.regulation.title, [one.text for one in draft.regulation.clauses]) == (
        heading,
        ["Пишите специалисту."],
    )
    assert (draft.schedule.title, [one.name for one in draft.schedule.directions]) == (title, ["Отметки"])
    assert left(reading) == []


def test_clauses_after_the_table_belong_to_the_regulation_too():
    reading = read("Регламент помощи\n1. Консультации идут по графику:\n", SCHEDULE, "\n2. Ответ даётся за день.\n")

    assert [one.text for one in reading.draft.regulation.clauses] == [
        "Консультации идут по графику:",
        "Ответ даётся за день.",
    ]
    assert reading.draft.schedule.directions[0].name == "Отметки"
    assert left(reading) == []


def test_the_schedule_of_its_own_annex_wins_over_a_table_inside_the_regulation():
    own = "График консультаций" + SCHEDULE.replace("Отметки", "Методика")

    reading = read("РЕГЛАМЕНТ ПОМОЩИ\n1. Пишите специалисту.\n", SCHEDULE, "\n", own)

    assert [one.name for one in reading.draft.schedule.directions] == ["Методика"]
    assert "Отметки" in reading.draft.regulation.clauses[0].text


@pytest.mark.parametrize("gap", ["", "\n"])
def test_the_title_of_the_schedule_is_no_row_of_the_plan_above_it(gap):
    draft = read(PLAN.rstrip("\n"), "\n", gap, "График консультаций", SCHEDULE).draft

    assert [stage.heading for stage in draft.plan.stages] == [""]
    assert draft.schedule.title == "График консультаций"


LIST = (
    "Приложение № 1 к приказу от 01.09.2024 г. № 55\n\nПлан внедрения электронного журнала\n\n{first}\n\n"
    "1. Обследовать компьютеры. Срок: до 20 сентября 2024 г. Ответственный: технический специалист.\n\n"
    "{second}\n\n2. Вести журнал. Срок: в течение учебного года. Ответственные: учителя.\n"
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Этап I. Подготовка (август - сентябрь 2024)", "Этап II. Работа"),
        ("Этап 1. Подготовка", "Этап 2. Работа"),
        ("I этап – подготовительный", "II этап – основной"),
        ("1-й этап: подготовка", "2-й этап: работа"),
        ("I. Подготовка", "II. Работа"),
        ("Раздел 1. Подготовка", "Раздел 2. Работа"),
        ("Блок 1. Подготовка", "Блок 2. Работа"),
        ("Подготовительный этап", "Основной этап"),
        ("Этап подготовки", "Этап внедрения"),
    ],
)
def test_the_first_stage_is_not_glued_to_the_title_of_the_plan(first, second):
    plan = read_order(LIST.format(first=first, second=second).encode(), "order.txt").draft.plan

    assert plan.title == "План внедрения электронного журнала"
    assert [(stage.heading, [task.number for task in stage.tasks]) for stage in plan.stages] == [
        (first, ["1."]),
        (second, ["2."]),
    ]


def test_a_line_between_the_title_and_the_first_stage_stays_in_the_title():
    text = LIST.format(first="На 2024-2025 учебный год.\n\nЭтап I. Подготовка", second="Этап II. Работа")

    plan = read_order(text.encode(), "order.txt").draft.plan

    assert plan.title == "План внедрения электронного журнала\nНа 2024-2025 учебный год."
    assert [stage.heading for stage in plan.stages] == ["Этап I. Подготовка", "Этап II. Работа"]


def test_a_stage_right_under_the_title_in_one_paragraph_of_word_is_a_stage():
    paper = (
        Paper()
        .annex(1, "ПЛАН ВНЕДРЕНИЯ\nЭтап 1. Подготовка")
        .table(PLAN_HEADER, ("1", "Обучение", "Май 2026", "Директор"))
    )

    plan = read_order(paper.bytes(), "order.docx").draft.plan

    assert (plan.title, [stage.heading for stage in plan.stages]) == ("ПЛАН ВНЕДРЕНИЯ", ["Этап 1. Подготовка"])


def test_a_plan_written_as_a_list_of_stages_needs_no_number_of_an_annex():
    text = LIST.format(first="Этап I. Подготовка", second="Этап II. Работа").split("\n\n", 1)[1]

    plan = read(text).draft.plan

    assert [stage.heading for stage in plan.stages] == ["Этап I. Подготовка", "Этап II. Работа"]
