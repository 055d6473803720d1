"""What a careful clerk reads in the awkward orders of `awkward.py`."""

import pytest

from ejournal_rollout.documents.reading import Reading, UnreadableFile, read_order
from ejournal_rollout.documents.tests import awkward
from ejournal_rollout.documents.tests.awkward import HEAD, HOURS, PAPERS, TECHNICIAN, TERM, plan, schedule
from ejournal_rollout.documents.tests.paper import PLAN_HEADER, Paper

ONE = [("", [("1", "Анализ", TERM, HEAD)])]


def read(paper: Paper) -> Reading:
    return read_order(paper.bytes(), "order.docx")


def plan_of(reading: Reading) -> list[tuple[str, list[tuple[str, ...]]]]:
    return [
        (stage.heading, [(task.number, task.question, task.term, task.executors) for task in stage.tasks])
        for stage in reading.draft.plan.stages
    ]


def schedule_of(reading: Reading) -> list[tuple[str, ...]]:
    return [(one.name, one.specialists, one.room, one.hours) for one in reading.draft.schedule.directions]


def clauses_of(reading: Reading) -> list[tuple[str, str]]:
    return [(clause.number, clause.text) for clause in reading.draft.regulation.clauses]


def codes_of(reading: Reading) -> list[str]:
    return [one.code for one in reading.remarks if not (one.annex == "order" and one.code.endswith("_missing"))]


def two_stages(first: str, second: str, numbers: tuple[str, str] = ("1", "2")):
    return [(first, [(numbers[0], "Анализ", TERM, HEAD)]), (second, [(numbers[1], "Закупка", TERM, HEAD)])]


@pytest.mark.parametrize(
    ("name", "tasks", "codes"),
    [
        (
            "a_header_of_two_lines_repeated_on_the_next_page",
            [
                (
                    "",
                    [
                        ("1", "Анализ", "01.09.2022 – 30.09.2022", HEAD),
                        ("2", "Обучение", "01.10.2022 – 30.10.2022", HEAD),
                    ],
                )
            ],
            [],
        ),
        ("a_header_whose_upper_line_says_nothing", ONE, []),
        ("a_title_and_a_heading_inside_the_table", ONE, []),
        ("stages_in_the_second_cell", two_stages("Кадры", "Техника"), []),
        ("stages_repeated_in_every_cell", two_stages("I. Кадры", "II. Техника"), []),
        (
            "a_row_of_the_same_words_that_is_hardly_a_stage",
            [("", [("1", "Анализ", TERM, HEAD)]), ("2 по плану", [("3", "Закупка", TERM, HEAD)])],
            ["stage_repeated"],
        ),
        (
            "stages_as_lines_over_tables_with_other_columns",
            two_stages("1. Кадры", "Техника", ("1.1", "2.1")),
            [],
        ),
        (
            "rows_that_are_no_tasks",
            [("", [("1", "Анализ", TERM, HEAD), ("2", "Закупка", TERM, HEAD)])],
            ["words_left", "words_left"],
        ),
        (
            "a_question_that_goes_on_in_the_next_row",
            [("", [("1", "Анализ готовности кадров,\nобучающихся и родителей", TERM, HEAD)])],
            ["row_joined"],
        ),
        ("cells_merged_as_old_word_did", [("Кадры", [("1", "Анализ", TERM, HEAD)])], []),
        ("words_of_a_headers_cells_broken_by_hand", ONE, []),
        ("headings_with_latin_letters", ONE, ["latin_letter"] * 3),
        ("a_plan_inside_the_regulation", ONE, ["inner_plan"]),
        ("a_table_among_the_points_of_the_order", ONE, []),
        ("words_in_odd_places_of_a_cell", ONE, []),
        ("a_table_that_was_deleted_with_the_changes_marked", ONE, []),
    ],
)
def test_the_tasks_of_an_awkward_plan(name, tasks, codes):
    reading = read(PAPERS[name]())

    assert plan_of(reading) == tasks
    assert codes_of(reading) == codes


FIRST, SECOND = ("Отметки", TECHNICIAN, "4", HOURS), ("Техника", TECHNICIAN, "4", "Среда, 14.00-15.00")


@pytest.mark.parametrize(
    ("name", "rows", "codes"),
    [
        ("a_column_for_each_day", [(*FIRST[:3], "Понедельник 14.00-15.00\nСреда 15.00-16.00")], []),
        ("columns_for_the_days_under_one_title", [(*FIRST[:3], "Пн 14.00-15.00\nПт 15.00-16.00")], []),
        ("hours_from_and_to_in_columns", [(*FIRST[:3], "Среда 14.00 – 15.00")], []),
        ("a_second_line_of_hours", [(*FIRST[:3], f"{HOURS}\nСреда, 14.00-15.00")], ["row_joined"]),
        ("a_room_and_a_specialist_for_several_rows", [FIRST, SECOND], []),
        (
            "directions_as_lines_over_tables",
            [("Техника", TECHNICIAN, "4", HOURS), ("Методика", "Завуч", "5", HOURS)],
            ["no_column_direction"] * 2,
        ),
        ("other_annexes_of_the_same_order", [FIRST], ["annex_not_taken"] * 3),
    ],
)
def test_the_rows_of_an_awkward_schedule(name, rows, codes):
    reading = read(PAPERS[name]())

    assert schedule_of(reading) == rows
    assert codes_of(reading) == codes


WRITE, WAIT = "Пишите завучу.", "Ждите ответа."


@pytest.mark.parametrize(
    ("name", "clauses"),
    [
        (
            "a_plan_inside_the_regulation",
            [("1.", "Помощь оказывают специалисты."), ("2.", "Работа идёт так:"), ("3.", "Пароли не сообщаются.")],
        ),
        ("a_regulation_of_articles", [("Статья 1.", WRITE), ("Статья 2.", WAIT)]),
        ("a_regulation_whose_numbers_have_no_dots", [("1", WRITE), ("2", WAIT)]),
        ("a_regulation_in_a_table", [("1.", WRITE), ("2.", WAIT)]),
        (
            "letters_and_numbers_made_by_word",
            [("1.", "Формы помощи:\nа) лично;\nб) почтой."), ("2.", "Пароли не сообщаются.")],
        ),
        ("other_annexes_of_the_same_order", [("1.", WRITE)]),
    ],
)
def test_the_clauses_of_an_awkward_regulation(name, clauses):
    assert clauses_of(read(PAPERS[name]())) == clauses


def test_points_after_a_table_of_the_order_are_its_text():
    draft = read(awkward.a_table_among_the_points_of_the_order()).draft

    assert draft.body.endswith("1\tДовести приказ\tдо 05.09.2022\tЗавуч\n2. Контроль оставляю за собой.")


def test_a_heading_inside_the_table_gives_number_and_date_and_rows_are_counted_as_printed():
    paper = awkward.a_title_and_a_heading_inside_the_table()
    paper.cell(3, 2).text = "как получится"

    reading = read(paper)

    assert (reading.draft.number, reading.draft.plan.title) == ("15", "ПЛАН внедрения журнала")
    assert [one.place for one in reading.remarks if one.code == "term_unreadable"] == [
        "Приложение 1, таблица 1, строка 4, столбец «Сроки»"
    ]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Что делаем", "question"),
        ("Наименование мероприятий", "question"),
        ("Мероприятия (содержание деятельности, ожидаемые результаты)", "question"),
        ("Шаги", "question"),
        ("Поручение", "question"),
        ("Месяц", "term"),
        ("Временные рамки", "term"),
        ("Срок проведения мероприятия", "term"),
        ("Сроки этапа", "term"),
        ("С р о к и", "term"),
        ("Кто", "executors"),
        ("Исп-ли", "executors"),
        ("ФИО ответственного за мероприятие", "executors"),
        ("Планируемый результат", "result"),
        ("Результат мероприятия", "result"),
        ("Итоговый документ", "result"),
        ("Цель мероприятия", "purpose"),
        ("Отметка об исполнении", "other"),
        ("Фактический срок", "other"),
        ("Ответственный за контроль", "other"),
        ("Форма проведения", "other"),
    ],
)
def test_a_header_names_the_field_of_its_first_word(header, field):
    usual = ("Мероприятие", "Сроки", "Исполнители")
    own = {"question": "Мероприятие", "term": "Сроки", "executors": "Исполнители"}
    headers = [header, *(one for one in usual if one != own.get(field))]

    columns = read(plan([f"слово {place}" for place in range(len(headers))], header=headers)).draft.plan.columns

    assert columns[0].field == field


def test_of_two_columns_of_one_field_the_own_one_is_taken_and_the_other_asked_about():
    header = ("№", "Задача", "Мероприятие", "Участники", "Время", "Дата", "Ответственный")
    reading = read(plan(("1", "Кадры", "Семинар", "Учителя", "14:00", "10.05.2023", HEAD), header=header))

    assert plan_of(reading) == [("", [("1", "Семинар", "10.05.2023", HEAD)])]
    assert reading.draft.tasks[0].other == (("Задача", "Кадры"), ("Участники", "Учителя"), ("Время", "14:00"))
    assert codes_of(reading) == ["unknown_column"] * 3


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("1", "Подготовка", TERM, HEAD), ("1.1", "Анализ", TERM, HEAD)], "task_or_stage"),
        ([("1", "1) Анализ\n2) Закупка", TERM, HEAD)], "several_tasks"),
        (["I. Подготовка", "Раздел 1. Кадры", ("1", "Анализ", TERM, HEAD)], "stage_empty"),
    ],
)
def test_a_row_that_may_mean_two_things_is_asked_about(rows, code):
    assert code in codes_of(read(plan(*rows)))


def test_rows_with_nothing_but_a_question_are_tasks_and_asked_about():
    reading = read(plan(("", "Анализ", "", ""), ("", "Закупка", "", "")))

    assert [task.question for task in reading.draft.tasks] == ["Анализ", "Закупка"]
    assert codes_of(reading) == ["term_missing", "party_missing"] * 2


def test_a_line_over_each_table_is_a_stage_the_first_one_too():
    paper = Paper().annex(1, "ПЛАН", "Кадры").table(PLAN_HEADER, ("1", "Анализ", TERM, HEAD))
    paper.lines("Техника").table(PLAN_HEADER, ("2", "Закупка", TERM, HEAD))

    reading = read(paper)

    assert (reading.draft.plan.title, plan_of(reading)) == ("ПЛАН", two_stages("Кадры", "Техника"))
    assert "title_or_stage" in codes_of(reading)


def test_words_in_a_row_of_the_schedule_that_head_nothing_are_not_lost_in_silence():
    reading = read(schedule("Первый корпус", FIRST, "По остальным дням – по записи."))

    assert schedule_of(reading) == [FIRST]
    assert [one.printed for one in reading.remarks if one.code == "words_left"] == [
        "Первый корпус",
        "По остальным дням – по записи.",
    ]


@pytest.mark.parametrize("title", ["График дежурства", "Расписание занятий кружков"])
def test_a_schedule_of_another_thing_is_asked_about(title):
    paper = Paper().annex(1, title).table(("ФИО учителя", "Кабинет", "Дни"), ("Тестов Т.Т.", "5", "Вторник"))

    assert "other_subject" in codes_of(read(paper))


def test_a_plan_of_another_thing_is_asked_about():
    paper = Paper().annex(1, "ПЛАН", "воспитания").table(PLAN_HEADER, ("1", "Концерт", TERM, HEAD))

    assert codes_of(read(paper)) == ["other_subject"]


def test_an_annex_that_cannot_be_read_is_not_taken_over_and_not_lost_in_silence():
    paper = Paper().annex(1, "ПЛАН-ГРАФИК", "Утверждается отдельно.")
    paper.annex(3, "ГРАФИК КОНСУЛЬТАЦИЙ").table(awkward.SCHEDULE_HEADER, FIRST)

    reading = read(paper)

    assert reading.draft.plan is None
    assert [(one.place, one.code) for one in reading.remarks if one.code == "annex_unreadable"] == [
        ("Приложение 1", "annex_unreadable")
    ]


def test_a_file_in_which_no_annex_can_be_read_is_refused():
    with pytest.raises(UnreadableFile):
        read(Paper().annex(1, "ПЛАН-ГРАФИК").table(("Слова", "Другие слова"), ("а", "б")))


@pytest.mark.parametrize("heading", ["Прил. 1", "Приложение А", "П р и л о ж е н и е 1", "Приложение 1:"])
def test_an_annex_is_known_by_its_heading_however_it_is_written(heading):
    paper = Paper().lines("МБОУ «Школа № 5»", "ПРИКАЗ от 01.09.2022 № 15", "ПРИКАЗЫВАЮ:", "1. Утвердить план.")

    draft = read(paper.lines(heading, "План:").table(PLAN_HEADER, ("1", "Анализ", TERM, HEAD))).draft

    assert (draft.plan.heading, draft.plan.title) == (heading, "План:")
    assert draft.body.endswith("1. Утвердить план.")


def test_a_regulation_whose_heading_ends_with_a_full_stop_is_found():
    paper = Paper().lines("ПРИКАЗ от 01.09.2022 № 15", "ПРИКАЗЫВАЮ:", "1. Утвердить регламент.", "Директор И.И. Иванов")

    reading = read(paper.lines("Регламент оказания помощи.", "1. Пишите завучу."))

    assert clauses_of(reading) == [("1.", WRITE)]


def test_a_regulation_without_numbers_keeps_its_words_and_is_asked_about():
    reading = read(Paper().annex(2, "РЕГЛАМЕНТ", WRITE, WAIT))

    assert (reading.draft.regulation.title, clauses_of(reading)) == ("РЕГЛАМЕНТ", [("", f"{WRITE}\n{WAIT}")])
    assert codes_of(reading) == ["clauses_unnumbered"]


def test_numbers_of_a_lower_level_may_be_counted_through():
    paper = Paper().annex(2, "РЕГЛАМЕНТ")
    number = awkward.number_automatically(paper, [("upperRoman", "%1."), ("decimal", "%2.")])
    level = paper.document.part.numbering_part.element.find(".//{*}lvl[2]")
    level.insert(2, awkward.parse_xml(f'<w:lvlRestart {awkward.nsdecls("w")} w:val="0"/>'))
    for words, depth in (("Общее", 0), (WRITE, 1), (WAIT, 1), ("Порядок", 0), ("Всё.", 1)):
        awkward.as_item(paper.document.add_paragraph(words), number, depth)

    assert [clause for clause, _words in clauses_of(read(paper))] == ["I.", "1.", "2.", "II.", "3."]


def test_a_document_inside_the_document_is_refused_in_words():
    paper = plan(("1", "Анализ", TERM, HEAD))
    paper.document.element.body.insert(0, awkward.parse_xml(f"<w:altChunk {awkward.nsdecls('w')}/>"))

    with pytest.raises(UnreadableFile, match="Word"):
        read(paper)


def test_a_stage_with_a_term_of_its_own_is_no_task_and_is_asked_about():
    rows = (("I", "Подготовительный этап", "", ""), ("1", "Анализ", TERM, HEAD))
    rows += (("II", "Основной этап", "до мая 2023", ""), ("2", "Закупка", TERM, HEAD))
    reading = read(plan(*rows))

    assert plan_of(reading) == two_stages("I Подготовительный этап", "II Основной этап\nдо мая 2023")
    assert codes_of(reading) == ["stage_term"]


def test_of_a_beginning_and_an_end_the_missing_one_is_asked_about():
    header = ("№", "Мероприятие", "Начало", "Окончание", "Исполнители")
    reading = read(plan(("1", "Анализ", "", "25.05.2023", HEAD), header=header))

    assert plan_of(reading) == [("", [("1", "Анализ", "25.05.2023", HEAD)])]
    assert codes_of(reading) == ["term_one_sided"]


def test_aims_beside_themes_are_what_the_tasks_are_for():
    reading = read(
        plan(("1", "Семинар", "Научить всех", TERM, HEAD), header=("Пункт", "Тема", "Задачи", "Срок", "Кто"))
    )

    assert [(task.number, task.question, task.purpose) for task in reading.draft.tasks] == [
        ("1", "Семинар", "Научить всех")
    ]
    assert codes_of(reading) == []


def test_place_and_time_over_room_and_hours_are_two_columns():
    header = ("Направление", "Специалист", "", "")
    paper = schedule(("", "", "Кабинет", "Часы"), ("Отметки", TECHNICIAN, "4", HOURS), header=header)
    reading = read(awkward.two_lines(paper, 0, (0, 1), 2, 3, "Место и время"))

    assert schedule_of(reading) == [("Отметки", TECHNICIAN, "4", HOURS)]


def test_wide_rows_that_name_the_directions_leave_nothing_to_ask():
    rows = ("Техника", (TECHNICIAN, "4", HOURS), "Методика", ("Завуч", "5", HOURS))
    reading = read(schedule(*rows, header=("Специалист", "Кабинет", "График")))

    assert schedule_of(reading) == [("Техника", TECHNICIAN, "4", HOURS), ("Методика", "Завуч", "5", HOURS)]
    assert codes_of(reading) == []


def test_the_director_who_signs_the_regulation_is_no_part_of_its_last_clause():
    lines = ("РЕГЛАМЕНТ ПОМОЩИ", "1. Помощь бесплатна.", "2. Споры решает директор.", "Директор ____ Б.Б. Примеров")
    reading = read(Paper().annex(2, *lines))

    assert clauses_of(reading) == [("1.", "Помощь бесплатна."), ("2.", "Споры решает директор.")]
    assert codes_of(reading) == ["words_left"]
