"""Orders as secretaries really make them: each a Word file that has something awkward in it, for several tests."""

from collections.abc import Callable

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from .paper import PLAN_HEADER, Paper, as_item, number_automatically, put, run_xml

TERM, HEAD, TECHNICIAN = "Май 2023", "Директор", "Технический специалист"
SCHEDULE_HEADER = ("Направление", "Специалист", "Кабинет", "График")
HOURS = "Вторник, 14.00-15.00"
PAPERS: dict[str, Callable[[], Paper]] = {}


def awkward(make: Callable[[], Paper]) -> Callable[[], Paper]:
    PAPERS[make.__name__] = make
    return make


def plan(*rows, header=PLAN_HEADER) -> Paper:
    return Paper().annex(1, "ПЛАН-ГРАФИК").table(header, *rows)


def schedule(*rows, header=SCHEDULE_HEADER) -> Paper:
    return Paper().annex(3, "ГРАФИК КОНСУЛЬТАЦИЙ").table(header, *rows)


def two_lines(paper: Paper, header: int, alone: tuple[int, ...], first: int, last: int, words: str) -> Paper:
    """Merge a header of two rows as Word does: single columns downwards, one title over several columns."""
    for column in alone:
        paper.merge_down(column, header, header + 1)
    paper.cell(header, first).merge(paper.cell(header, last)).text = words
    return paper


@awkward
def a_header_of_two_lines_repeated_on_the_next_page():
    header = (("№", "Мероприятие", "Сроки", "", "Исполнители"), ("", "", "начало", "окончание", ""))
    paper = Paper().annex(1, "ПЛАН")
    paper.table(*header, ("1", "Анализ", "01.09.2022", "30.09.2022", HEAD))
    two_lines(paper, 0, (0, 1, 4), 2, 3, "Сроки")
    rows = (*header, ("2", "Обучение", "01.10.2022", "30.10.2022", HEAD))
    for row in rows:
        for cell, words in zip(paper.last.add_row().cells, row, strict=True):
            cell.text = words
    return two_lines(paper, 3, (0, 1, 4), 2, 3, "Сроки")


@awkward
def a_header_whose_upper_line_says_nothing():
    paper = plan(("", "", "Срок", "Ответственный"), ("1", "Анализ", TERM, HEAD), header=("№", "Мероприятие", "", ""))
    return two_lines(paper, 0, (0, 1), 2, 3, "Исполнение")


@awkward
def a_title_and_a_heading_inside_the_table():
    heading = "Приложение 1 к приказу МБОУ «Школа № 5» от 01.09.2022 № 15"
    return Paper().table(heading, "ПЛАН внедрения журнала", PLAN_HEADER, ("1", "Анализ", TERM, HEAD))


@awkward
def stages_in_the_second_cell():
    rows = (("", "Кадры", "", ""), ("1", "Анализ", TERM, HEAD), ("", "Техника", "", ""), ("2", "Закупка", TERM, HEAD))
    return plan(*rows)


@awkward
def stages_repeated_in_every_cell():
    return plan(("I. Кадры",) * 4, ("1", "Анализ", TERM, HEAD), ("II. Техника",) * 4, ("2", "Закупка", TERM, HEAD))


@awkward
def a_row_of_the_same_words_that_is_hardly_a_stage():
    return plan(("1", "Анализ", TERM, HEAD), ("2", *("по плану",) * 3), ("3", "Закупка", TERM, HEAD))


@awkward
def stages_as_lines_over_tables_with_other_columns():
    paper = Paper().annex(1, "ПЛАН").lines("1. Кадры").table(PLAN_HEADER, ("1.1", "Анализ", TERM, HEAD))
    other = ("№", "Исполнители", "Мероприятие", "Сроки")
    return paper.lines("Техника").table(other, ("2.1", HEAD, "Закупка", TERM))


@awkward
def rows_that_are_no_tasks():
    return plan(
        ("1.", "2.", "3.", "4."),
        ("А", "Б", "В", "Г"),
        ("1", "Анализ", TERM, HEAD),
        ("№", "Мероприятия", "Срок", "Исполнитель"),
        ("2", "Закупка", TERM, HEAD),
        ("", "Итого: 2 мероприятия", "", ""),
        "Директор ____________ И.И. Иванов",
    )


@awkward
def a_question_that_goes_on_in_the_next_row():
    return plan(("1", "Анализ готовности кадров,", TERM, HEAD), ("", "обучающихся и родителей", "", ""))


@awkward
def cells_merged_as_old_word_did():
    paper = plan(("Кадры", "", "", ""), ("1", "Анализ", TERM, HEAD))
    for place, cell in enumerate(paper.last.rows[1]._tr.tc_lst):
        start = ' w:val="restart"' if place == 0 else ""
        cell.get_or_add_tcPr().append(parse_xml(f"<w:hMerge {nsdecls('w')}{start}/>"))
    return paper


@awkward
def words_of_a_headers_cells_broken_by_hand():
    header = ("№\xa0п/п", "Мероприя-\nтие", "Сро\xadки испол\nнения", "Oтветст\nвенные")
    return plan(("1", "Ана\xadлиз", TERM, HEAD), header=header)


@awkward
def headings_with_latin_letters():
    heading = ("Пpилoжение 1", "к пpиказу МБОУ «Школа № 5»", "от 01.09.2022 № 15", "ПЛAН")
    return Paper().lines(*heading).table(("№", "Мepоприятие", "Сроки", "Исполнители"), ("1", "Анализ", TERM, HEAD))


@awkward
def a_column_for_each_day():
    header = ("Направление", "Специалист", "Кабинет", "Понедельник", "Вторник", "Среда")
    return schedule(("Отметки", TECHNICIAN, "4", "14.00-15.00", "—", "15.00-16.00"), header=header)


@awkward
def columns_for_the_days_under_one_title():
    header = ("Направление", "Специалист", "Кабинет", "", "")
    paper = schedule(
        ("", "", "", "Пн", "Пт"), ("Отметки", TECHNICIAN, "4", "14.00-15.00", "15.00-16.00"), header=header
    )
    return two_lines(paper, 0, (0, 1, 2), 3, 4, "Дни консультаций")


@awkward
def hours_from_and_to_in_columns():
    header = ("Направление", "Специалист", "№ кабинета", "День", "С", "По")
    return schedule(("Отметки", TECHNICIAN, "4", "Среда", "14.00", "15.00"), header=header)


@awkward
def a_second_line_of_hours():
    return schedule(("Отметки", TECHNICIAN, "4", HOURS), ("", "", "", "Среда, 14.00-15.00"))


@awkward
def a_room_and_a_specialist_for_several_rows():
    paper = schedule(("Отметки", TECHNICIAN, "4", HOURS), ("Техника", "", "", "Среда, 14.00-15.00"))
    return paper.merge_down(1, 1, 2).merge_down(2, 1, 2)


@awkward
def directions_as_lines_over_tables():
    header = ("Специалист", "Кабинет", "График")
    paper = Paper().annex(3, "ГРАФИК КОНСУЛЬТАЦИЙ").lines("Техника").table(header, (TECHNICIAN, "4", HOURS))
    return paper.lines("Методика").table(header, ("Завуч", "5", HOURS))


@awkward
def a_plan_inside_the_regulation():
    paper = Paper().annex(2, "РЕГЛАМЕНТ ПОМОЩИ", "1. Помощь оказывают специалисты.", "2. Работа идёт так:")
    return paper.table(PLAN_HEADER, ("1", "Анализ", TERM, HEAD)).lines("3. Пароли не сообщаются.")


@awkward
def a_regulation_of_articles():
    return Paper().annex(2, "РЕГЛАМЕНТ ПОМОЩИ", "Статья 1. Пишите завучу.", "Статья 2. Ждите ответа.")


@awkward
def a_regulation_whose_numbers_have_no_dots():
    return Paper().annex(2, "РЕГЛАМЕНТ ПОМОЩИ", "1 Пишите завучу.", "2 Ждите ответа.")


@awkward
def a_regulation_in_a_table():
    return Paper().annex(2, "РЕГЛАМЕНТ ПОМОЩИ").table(("1.", "Пишите завучу."), ("2.", "Ждите ответа."))


@awkward
def letters_and_numbers_made_by_word():
    paper = Paper().annex(2, "РЕГЛАМЕНТ ПОМОЩИ")
    number = number_automatically(paper, [("decimal", "%1."), ("russianLower", "%2)")])
    for words, depth in (("Формы помощи:", 0), ("лично;", 1), ("почтой.", 1), ("Пароли не сообщаются.", 0)):
        as_item(paper.document.add_paragraph(words), number, depth)
    return paper


@awkward
def other_annexes_of_the_same_order():
    paper = Paper().annex(1, "СОСТАВ РАБОЧЕЙ ГРУППЫ")
    paper.table(("№", "Ф.И.О.", "Должность", "Направление работы"), ("1", "Тестов Т.Т.", HEAD, "Общее руководство"))
    paper.annex(2, "ПОЛОЖЕНИЕ", "о рабочей группе", "1. Группа собирается раз в месяц.")
    paper.annex(3, "РЕГЛАМЕНТ", "оказания помощи", "1. Пишите завучу.")
    paper.annex(4, "График обучения").table(
        ("№", "Тема", "Дата", "Кабинет", "Ответственный"), ("1", "Отметки", "10.09.2022", "5", "Завуч")
    )
    return paper.annex(5, "ГРАФИК КОНСУЛЬТАЦИЙ").table(SCHEDULE_HEADER, ("Отметки", TECHNICIAN, "4", HOURS))


@awkward
def a_table_among_the_points_of_the_order():
    points = ("МБОУ «Школа № 5»", "П Р И К А З", "01.09.2022 № 15-од", "П Р И К А З Ы В А Ю:", "1. Выполнить:")
    paper = Paper().lines(*points).table(PLAN_HEADER, ("1", "Довести приказ", "до 05.09.2022", "Завуч"))
    return (
        paper.lines("2. Контроль оставляю за собой.").annex(1, "ПЛАН").table(PLAN_HEADER, ("1", "Анализ", TERM, HEAD))
    )


@awkward
def words_in_odd_places_of_a_cell():
    paper = plan(("1", "", "", HEAD))
    ruby = (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run_xml('х')}</w:rt><w:rubyBase>{run_xml('Ана')}</w:rubyBase></w:ruby></w:r>"
    )
    put(paper.cell(1, 1), f"{ruby}<w:bdo>{run_xml('ли')}</w:bdo><w:r><w:softHyphen/><w:t>з</w:t></w:r>")
    put(paper.cell(1, 2), f"<w:fldSimple w:instr='DATE'>{run_xml('Май')}</w:fldSimple>{run_xml(' 2023')}")
    return paper


@awkward
def a_table_that_was_deleted_with_the_changes_marked():
    paper = plan(("1", "Анализ", TERM, HEAD)).table(PLAN_HEADER, ("2", "Старое", TERM, HEAD))
    for row in paper.last.rows:
        row._tr.insert(0, parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="3" w:author="а"/></w:trPr>'))
    return paper
