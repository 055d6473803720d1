"""Word files as other schools make them: merged cells, tracked changes, automatic numbers, layout tables."""

from datetime import date

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.school_year import SchoolYear

from .paper import PLAN_HEADER, Paper, as_item, number_automatically, put, repacked, run_xml


def draft_of(paper: Paper) -> OrderDraft:
    return read_order(paper.bytes(), "order.docx").draft


def codes_of(paper: Paper) -> list[str]:
    """Codes of the remarks about rows and columns, without those about absent annexes."""
    found = read_order(paper.bytes(), "order.docx").remarks
    return [one.code for one in found if one.annex != "order"]


def plan(*rows) -> Paper:
    return Paper().annex(1, "ПЛАН-ГРАФИК").table(PLAN_HEADER, *rows)


def schedule(*rows) -> Paper:
    header = ("Направление", "Специалист", "Кабинет", "График")
    return Paper().annex(3, "ГРАФИК КОНСУЛЬТАЦИЙ").table(header, *rows)


def test_columns_are_known_by_their_words_in_any_order():
    paper = (
        Paper()
        .annex(1, "ДОРОЖНАЯ КАРТА")
        .table(
            (
                "Срок исполнения",
                "Ответственные",
                "Документ",
                "Содержание работы",
                "Цель",
                "№ п/п",
                "Отметка о выполнении",
            ),
            ("1", "2", "3", "4", "5", "6", "7"),
            ("Май 2023", "Директор", "Приказ", "Создать группу", "Порядок", "1", ""),
        )
    )

    task = draft_of(paper).tasks[0]

    assert (task.number, task.question, task.term, task.executors, task.purpose, task.result, task.other) == (
        "1",
        "Создать группу",
        "Май 2023",
        "Директор",
        "Порядок",
        "Приказ",
        (("Отметка о выполнении", ""),),
    )
    assert len(draft_of(paper).tasks) == 1
    assert codes_of(paper) == []


def test_an_unknown_column_is_kept_and_asked_about():
    paper = (
        Paper()
        .annex(1, "ПЛАН")
        .table((*PLAN_HEADER, "Финансирование"), ("1", "Закупка", "Май 2023", "Директор", "10 000 руб."))
    )

    assert draft_of(paper).tasks[0].other == (("Финансирование", "10 000 руб."),)
    assert codes_of(paper) == ["unknown_column"]


def test_a_header_repeated_on_the_next_page_is_no_task():
    paper = plan(("1", "Первое", "Май 2023", "Директор"), PLAN_HEADER, ("2", "Второе", "Июнь 2023", "Директор"))

    assert [task.question for task in draft_of(paper).tasks] == ["Первое", "Второе"]


def test_a_term_merged_over_two_tasks_belongs_to_both():
    paper = plan(("1", "Первое", "Май 2023", "Директор"), ("2", "Второе", "", "Директор")).merge_down(2, 1, 2)

    assert [task.term for task in draft_of(paper).tasks] == ["Май 2023", "Май 2023"]
    assert codes_of(paper) == []


def test_a_task_merged_over_two_rows_is_one_task_with_all_words():
    paper = plan(
        ("1", "Первое", "Май 2023", "Директор"), ("", "", "Июнь 2023", "Завуч"), ("2", "Второе", "Май 2023", "Завуч")
    )
    paper.merge_down(0, 1, 2).merge_down(1, 1, 2)

    tasks = draft_of(paper).tasks

    assert [(task.number, task.question, task.term, task.executors) for task in tasks] == [
        ("1", "Первое", "Май 2023\nИюнь 2023", "Директор\nЗавуч"),
        ("2", "Второе", "Май 2023", "Завуч"),
    ]


def test_a_direction_merged_over_two_specialists_is_two_rows_of_one_name():
    paper = schedule(
        ("Техническое", "Технический специалист", "13", "Вторник, 14.00-15.00"),
        ("", "Завуч", "14", "Среда, 14.00-15.00"),
    ).merge_down(0, 1, 2)

    assert [(one.name, one.specialists, one.room) for one in draft_of(paper).schedule.directions] == [
        ("Техническое", "Технический специалист", "13"),
        ("Техническое", "Завуч", "14"),
    ]


def test_tracked_changes_are_read_as_if_accepted():
    paper = plan(("1", "Первое", "Май 2021", "Директор"), ("2", "Лишнее", "Май 2021", "Директор"))
    inserted = f'<w:ins w:id="1" w:author="а">{run_xml("Июнь")}</w:ins>'
    removed = '<w:del w:id="2" w:author="а"><w:r><w:delText>Май</w:delText></w:r></w:del>'
    put(paper.cell(1, 2), inserted + removed + run_xml(" 2022"))
    deleted = parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="3" w:author="а"/></w:trPr>')
    paper.last.rows[2]._tr.insert(0, deleted)

    assert [(task.question, task.term) for task in draft_of(paper).tasks] == [("Первое", "Июнь 2022")]


def test_words_moved_under_tracked_changes_stand_only_where_they_went():
    paper = plan(("1", "Первое", "Май 2021", "Директор"))
    put(paper.cell(1, 1), run_xml("Первое") + f'<w:moveFrom w:id="1" w:author="а">{run_xml("Июнь 2022")}</w:moveFrom>')
    put(paper.cell(1, 2), f'<w:moveTo w:id="2" w:author="а">{run_xml("Июнь 2022")}</w:moveTo>')

    assert [(task.question, task.term) for task in draft_of(paper).tasks] == [("Первое", "Июнь 2022")]


def test_content_controls_links_and_hidden_words():
    paper = plan(("1", "Первое", "Май 2021", "Директор"))
    put(paper.cell(1, 2), f"<w:sdt><w:sdtPr/><w:sdtContent>{run_xml('Июнь 2022')}</w:sdtContent></w:sdt>")
    put(
        paper.cell(1, 1),
        f"<w:hyperlink>{run_xml('Раздел сайта')}</w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>скрыто</w:t></w:r>",
    )

    task = draft_of(paper).tasks[0]

    assert (task.question, task.term) == ("Раздел сайта", "Июнь 2022")


def test_rows_inside_a_content_control_are_read():
    paper = plan(("1", "Первое", "Май 2021", "Директор"), ("2", "Второе", "Май 2021", "Директор"))
    row = paper.last.rows[2]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[1].append(row)

    assert [task.question for task in draft_of(paper).tasks] == ["Первое", "Второе"]


def test_line_breaks_tabs_and_double_blanks_stay_as_typed():
    paper = plan(("1", "Первое", "Май 2021", "Директор"))
    put(paper.cell(1, 1), "<w:r><w:t>Первое</w:t><w:br/><w:t xml:space='preserve'> и  второе </w:t></w:r>")
    paper.cell(1, 3).text = "Директор"
    paper.cell(1, 3).add_paragraph("завуч  ")

    task = draft_of(paper).tasks[0]

    assert (task.question, task.executors) == ("Первое\n и  второе", "Директор\nзавуч")


def test_raised_minutes_are_minutes():
    paper = schedule(("Техническое", "Технический специалист", "13", ""))
    raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{}</w:t></w:r>"
    put(paper.cell(1, 3), run_xml("Вторник с 14") + raised.format("00") + run_xml(" до 15") + raised.format("30"))

    assert draft_of(paper).schedule.directions[0].hours == "Вторник с 14⁰⁰ до 15³⁰"


def test_automatic_numbers_are_printed_numbers():
    paper = plan("Подготовка", ("", "Первое", "Май 2021", "Директор"), ("", "Второе", "Май 2021", "Директор"), "Работа")
    cells = paper.last.add_row().cells
    for cell, words in zip(cells, ("", "Третье", "Май 2021", "Директор"), strict=True):
        cell.text = words
    number = number_automatically(paper, [("decimal", "%1."), ("decimal", "%1.%2.")])
    for row, depth in ((1, 0), (2, 1), (3, 1), (4, 0), (5, 1)):
        as_item(paper.cell(row, 0).paragraphs[0], number, depth)

    stages = draft_of(paper).plan.stages

    assert [(stage.heading, [task.number for task in stage.tasks]) for stage in stages] == [
        ("1. Подготовка", ["1.1.", "1.2."]),
        ("2. Работа", ["2.1."]),
    ]


def test_numbers_of_a_numbered_style_are_printed_numbers():
    paper = Paper().annex(2, "РЕГЛАМЕНТ", "помощи пользователям")
    number = number_automatically(paper, [("decimal", "%1."), ("decimal", "%1.%2.")])
    style = paper.document.styles["List Number"].element
    old = style.pPr.find("{*}numPr")
    old.getparent().replace(old, parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>'))
    paper.document.add_paragraph("Помощь оказывают специалисты.", style="List Number")
    as_item(paper.document.add_paragraph("Пароли не сообщаются."), number, 1)
    paper.document.add_paragraph("Общение должно быть корректным.", style="List Number")

    assert [(clause.number, clause.text) for clause in draft_of(paper).regulation.clauses] == [
        ("1.", "Помощь оказывают специалисты."),
        ("1.1.", "Пароли не сообщаются."),
        ("2.", "Общение должно быть корректным."),
    ]


def test_every_kind_of_bullet_is_one_bullet():
    paper = Paper().annex(2, "ПОРЯДОК", "помощи").lines("1. Формы помощи:", "- по почте;", "— лично;", "· по телефону;")
    paper.document.add_paragraph("на семинаре.", style="List Bullet")

    clause = draft_of(paper).regulation.clauses[0]

    assert clause.text == "Формы помощи:\n• по почте;\n• лично;\n• по телефону;\n• на семинаре."


def test_stage_headings_between_tables_with_one_header():
    paper = Paper().annex(1, "ПЛАН").lines("I. Подготовительный этап")
    paper.table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор"))
    paper.lines("II. Основной этап").table(("2", "Второе", "Июнь 2021", "Директор"))

    stages = draft_of(paper).plan.stages

    assert [(stage.heading, [task.question for task in stage.tasks]) for stage in stages] == [
        ("I. Подготовительный этап", ["Первое"]),
        ("II. Основной этап", ["Второе"]),
    ]
    assert draft_of(paper).plan.title == "ПЛАН"


def test_a_stage_written_in_the_cells_of_a_task():
    paper = plan(
        ("1.", "Подготовительный этап", "", ""),
        ("1.1.", "Первое", "Май 2021", "Директор"),
        ("2.", "Основной этап", "", ""),
        ("2.1.", "Второе", "Май 2021", "Директор"),
    )

    stages = draft_of(paper).plan.stages

    assert [(stage.heading, [task.question for task in stage.tasks]) for stage in stages] == [
        ("1. Подготовительный этап", ["Первое"]),
        ("2. Основной этап", ["Второе"]),
    ]


def test_a_plan_without_stages_has_one_group_without_a_heading():
    paper = plan(("1", "Первое", "Май 2021", "Директор"), ("2", "Второе", "Май 2021", "Директор"))

    stages = draft_of(paper).plan.stages

    assert [(stage.heading, len(stage.tasks)) for stage in stages] == [("", 2)]


def test_a_merged_first_column_of_stages():
    paper = (
        Paper()
        .annex(1, "ПЛАН")
        .table(
            ("Направление", "Мероприятие", "Сроки", "Исполнители"),
            ("Кадры", "Обучение", "Май 2021", "Директор"),
            ("", "Семинар", "Июнь 2021", "Директор"),
            ("Техника", "Закупка", "Июль 2021", "Директор"),
        )
        .merge_down(0, 1, 2)
    )

    stages = draft_of(paper).plan.stages

    assert [(stage.heading, [task.question for task in stage.tasks]) for stage in stages] == [
        ("Кадры", ["Обучение", "Семинар"]),
        ("Техника", ["Закупка"]),
    ]


def test_a_header_of_two_lines():
    paper = (
        Paper()
        .annex(1, "ПЛАН")
        .table(
            ("№", "Мероприятие", "Сроки", "", "Исполнители"),
            ("", "", "начало", "окончание", ""),
            ("1", "Обучение", "01.09.2022", "30.09.2022", "Директор"),
        )
    )
    for column in (0, 1, 4):
        paper.merge_down(column, 0, 1)
    paper.cell(0, 2).merge(paper.cell(0, 3)).text = "Сроки"

    tasks = draft_of(paper).tasks

    assert [(task.question, task.term, task.executors) for task in tasks] == [
        ("Обучение", "01.09.2022 – 30.09.2022", "Директор")
    ]


def test_a_table_inside_a_cell_is_read_with_the_cell():
    paper = schedule(("Техническое", "Технический специалист", "13", ""))
    inner = paper.cell(1, 3).add_table(rows=2, cols=2)
    for place, (day, hours) in enumerate((("Вторник", "14.00-15.00"), ("Среда", "15.00-16.00"))):
        inner.cell(place, 0).text, inner.cell(place, 1).text = day, hours

    assert draft_of(paper).schedule.directions[0].hours == "Вторник\t14.00-15.00\nСреда\t15.00-16.00"


def test_a_heading_that_stands_in_a_table_of_the_page():
    paper = Paper()
    paper.table(("", "Приложение 1\nк приказу МБОУ «Школа № 5»\nот 01.09.2022 № 15-од")).lines("ПЛАН")
    paper.table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор"))

    draft = draft_of(paper)

    assert (draft.number, draft.signed_on, draft.organization) == ("15-од", date(2022, 9, 1), "МБОУ «Школа № 5»")
    assert (draft.body, len(draft.tasks)) == ("", 1)


def test_a_heading_that_stands_in_a_text_box():
    paper = Paper().lines("ПЛАН").table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор"))
    box = (
        f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"<w:p>{run_xml('Приложение 1')}</w:p><w:p>{run_xml('к приказу № 7 от 02.09.2022')}</w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    paper.document.paragraphs[0]._p.append(parse_xml(box))

    draft = draft_of(paper)

    assert (draft.number, draft.signed_on, draft.plan.title) == ("7", date(2022, 9, 2), "ПЛАН")


def test_the_body_gives_number_date_and_text_and_its_points_are_no_tasks():
    paper = Paper().lines(
        "Муниципальное бюджетное общеобразовательное учреждение «Школа № 5» (МБОУ «Школа № 5»)",
        "ПРИКАЗ",
        "«05» сентября 2022 г.\t№ 12/1-ОД",
        "Об электронном журнале",
        "В соответствии с приказом от 17.12.2009 № 1993 ПРИКАЗЫВАЮ:",
        "1. Утвердить план (приложение 1) до 10.09.2022.",
        "Директор\tИ.И. Иванов",
        "Приложение 1",
        "ПЛАН",
    )
    paper.table(PLAN_HEADER, ("1", "Первое", "Май", "Директор"))

    draft = draft_of(paper)

    assert (draft.number, draft.signed_on, draft.organization) == ("12/1-ОД", date(2022, 9, 5), "МБОУ «Школа № 5»")
    assert draft.body.split("\n")[-2:] == ["1. Утвердить план (приложение 1) до 10.09.2022.", "Директор\tИ.И. Иванов"]
    assert [task.question for task in draft.tasks] == ["Первое"]
    assert draft.school_year == SchoolYear(2022)


def test_the_given_school_year_wins_over_the_printed_one():
    paper = plan(("1", "Первое", "Май", "Директор")).bytes()

    assert read_order(paper, "order.docx").draft.school_year == SchoolYear(2022)
    assert read_order(paper, "order.docx", SchoolYear(2030)).draft.school_year == SchoolYear(2030)


def test_annexes_that_name_different_orders_are_asked_about():
    paper = plan(("1", "Первое", "Май 2021", "Директор")).lines(
        "Приложение 2", "к приказу МБОУ «Школа № 5»", "от 02.09.2022 № 16-од", "РЕГЛАМЕНТ", "1. Помощь оказывают."
    )

    remarks = read_order(paper.bytes(), "order.docx").remarks

    assert [(one.code, one.place) for one in remarks if one.code == "headings_disagree"] == [
        ("headings_disagree", "Приложение 2")
    ]


def test_a_footer_of_the_page_is_not_lost_in_silence():
    paper = plan(("1", "Первое", "Май 2021", "Директор"))
    paper.document.sections[0].footer.paragraphs[0].text = "Проект от 30.08.2022"

    remarks = [one for one in read_order(paper.bytes(), "order.docx").remarks if one.code == "note_not_taken"]

    assert [one.printed for one in remarks] == ["Проект от 30.08.2022"]


def test_a_row_cut_by_a_page_break_is_joined_and_asked_about():
    paper = plan(("1", "Первое", "Май 2021", "Директор,"), ("", "", "", "рабочая группа"))

    assert [(task.number, task.executors) for task in draft_of(paper).tasks] == [("1", "Директор,\nрабочая группа")]
    assert codes_of(paper) == ["trailing_comma", "row_joined"]


def test_the_number_of_the_council_minutes_is_not_the_number_of_the_order():
    paper = Paper().table(
        ("ПРИНЯТО\nпротокол от 28.08.2022 № 1", "УТВЕРЖДАЮ\nДиректор МБОУ «Лицей № 4»\nПриказ от 30.08.2022 № 02-Д")
    )
    paper.lines("Дорожная карта").table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор"))

    draft = draft_of(paper)

    assert (draft.number, draft.signed_on, draft.organization) == ("02-Д", date(2022, 8, 30), "МБОУ «Лицей № 4»")


def test_a_sheet_of_acquaintance_is_no_schedule():
    paper = Paper().lines("ПРИКАЗ", "от 01.09.2022 № 5", "ПРИКАЗЫВАЮ:", "1. Утвердить план.", "Ознакомлены:")
    paper.table(("№", "Ф.И.О.", "Подпись", "Дата"), ("1", "Тестов Т.Т.", "", ""))
    paper.lines("Приложение 1", "ПЛАН").table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор"))

    draft = draft_of(paper)

    assert (draft.schedule, len(draft.tasks)) == (None, 1)
    assert draft.body.endswith("Тестов Т.Т.")


def test_words_under_the_table_are_not_lost_in_silence():
    paper = plan(("1", "Первое", "Май 2021", "Директор")).lines("Примечание: сроки могут меняться.")

    remarks = [one for one in read_order(paper.bytes(), "order.docx").remarks if one.code == "words_left"]

    assert [one.printed for one in remarks] == ["Примечание: сроки могут меняться."]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (("1", "Первое", "Май 2021", "Директор"), []),
        (("1", "Первое", "как получится", "Директор"), ["term_unreadable"]),
        (("1", "Первое", "31.09.2022", "Директор"), ["term_impossible_date"]),
        (("1", "Первое", "", "Директор"), ["term_missing"]),
        (("1", "Первое", "Май 2021", ""), ["party_missing"]),
        (("1", "Первое", "Май 2021", "Библиотекарь"), ["role_unknown"]),
        (("1", "Первое", "Май 2021", "Тестова А.А."), ["person_unknown"]),
        (("1", "Первое", "Май 2021", "Директор,"), ["trailing_comma"]),
        (("1", "Cоздание группы", "Май 2021", "Директор"), ["latin_letter"]),
        (("1", "e-mail и IT-класс, 5 б класс, п. 2", "Май 2021", "Директор"), []),
    ],
)
def test_a_remark_is_made_for_a_doubt_and_for_nothing_else(cells, codes):
    assert codes_of(plan(cells)) == codes


def test_a_number_printed_twice_is_asked_about():
    paper = plan(("1.1", "Первое", "Май 2021", "Директор"), ("1.1", "Второе", "Май 2021", "Директор"))

    assert codes_of(paper) == ["number_twice"]


def test_a_file_saved_as_strict_open_xml_is_read():
    def to_strict(parts):
        usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        parts["word/document.xml"] = parts["word/document.xml"].replace(usual, strict)

    content = repacked(plan(("1", "Первое", "Май 2021", "Директор")).bytes(), to_strict)

    assert [task.question for task in read_order(content, "order.docx").draft.tasks] == ["Первое"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Начало", "Окончание"),
        ("Дата начала", "Дата окончания"),
        ("Срок начала", "Срок окончания"),
        ("с", "по"),
        ("Начало работ", "Завершение работ"),
    ],
)
def test_a_beginning_and_an_end_in_two_columns_are_one_term(first, last):
    paper = (
        Paper()
        .annex(1, "ДОРОЖНАЯ КАРТА")
        .table(
            ("№", "Направление работы", first, last, "Ответственный"),
            ("1", "Закупка", "01.09.2025", "30.09.2025", "Директор"),
            ("2", "Обучение", "октябрь", "декабрь", "Директор"),
        )
    )

    assert [task.term for task in draft_of(paper).tasks] == ["01.09.2025 – 30.09.2025", "октябрь – декабрь"]
    assert [task.question for task in draft_of(paper).tasks] == ["Закупка", "Обучение"]
    assert codes_of(paper) == []


@pytest.mark.parametrize(
    "header", ["Отв.", "Ответств.", "Исп.", "Исполн.", "Отв. лицо", "Отв. лица", "Отв. исп.", "ОТВ.", "Отв-й"]
)
def test_a_shortened_header_names_the_executors(header):
    paper = Paper().annex(1, "ПЛАН").table(("Содержание", "Дата", header), ("Анализ", "Май 2023", "Директор"))

    assert [task.executors for task in draft_of(paper).tasks] == ["Директор"]
    assert codes_of(paper) == []


def test_a_shortened_header_names_the_specialists_of_the_schedule():
    paper = (
        Paper()
        .annex(3, "ГРАФИК")
        .table(("Направление", "Отв.", "Кабинет", "Время"), ("Методика", "Завуч", "14", "Среда, 14.00-15.00"))
    )

    assert [one.specialists for one in draft_of(paper).schedule.directions] == ["Завуч"]
    assert codes_of(paper) == []


def test_a_schedule_with_the_hours_in_two_columns_is_no_plan():
    paper = (
        Paper()
        .annex(3, "ПРИЁМ УЧИТЕЛЕЙ")
        .table(
            ("Направление", "Специалист", "Кабинет", "День", "С", "По"),
            ("Методика", "Завуч", "14", "Среда", "14.00", "15.00"),
        )
    )

    assert [one.name for one in draft_of(paper).schedule.directions] == ["Методика"]
    assert draft_of(paper).plan is None


def test_a_plan_written_as_a_list_may_shorten_its_labels():
    paper = Paper().annex(1, "ПЛАН", "1. Обучение. Срок: май 2023. Отв.: директор")

    assert [(task.question, task.term, task.executors) for task in draft_of(paper).tasks] == [
        ("Обучение.", "май 2023", "директор")
    ]


def test_the_mark_of_a_draft_and_an_address_on_the_edge_of_the_page_are_no_remarks_other_words_are():
    paper = Paper().annex(1, "План").table(PLAN_HEADER, ("1", "Анализ", "май", "Директор"))
    section = paper.document.sections[0]
    section.header.paragraphs[0].text = "Проект"
    section.footer.paragraphs[0].text = "https://school.example/orders/1/"
    assert "note_not_taken" not in {one.code for one in read_order(paper.bytes(), "order.docx").remarks}

    section.footer.paragraphs[0].text = "Проект согласован"
    assert "note_not_taken" in {one.code for one in read_order(paper.bytes(), "order.docx").remarks}
