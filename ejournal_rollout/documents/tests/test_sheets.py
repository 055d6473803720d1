"""A plan and a schedule in a table file: .csv of every make and .xlsx, read by the words of their headers."""

import re
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ejournal_rollout.documents.annex_tables import plan_spreadsheet, schedule_spreadsheet
from ejournal_rollout.documents.drafting import with_annexes
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading import UnreadableFile, read_order
from ejournal_rollout.orders.drafts import Column, fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.spreadsheets import as_csv, as_xlsx
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory
from plans.models import Task

from .books import FIRST, PLAN_HEADER, SHEET, book, packed, parts_of, with_part

SAMPLE = Path(__file__).parent.parent / "samples" / "order-337-01-18.docx"
HEADING = "Приложение 1\nк приказу МБОУ «Школа № 5»\nот 01.09.2026 № 15-од"
SCHEDULE = (("Направление", "Специалист", "Кабинет", "График"), ("Техника", "Инженер", 12, "вторник 14.00-15.00"))


@pytest.fixture(autouse=True)
def russian():
    with override("ru"):
        yield


def tasks_of(content, name="plan.xlsx"):
    return [
        (stage.heading, task.number, task.question, task.term, task.executors)
        for stage in read_order(content, name).draft.plan.stages
        for task in stage.tasks
    ]


def codes(reading):
    return [one.code for one in reading.remarks]


# --- Text with separators

TEXT = (
    "№{0}Рассматриваемые вопросы{0}Сроки{0}Исполнители\n"
    "1. Подготовка{0}{0}{0}\n"
    '1.1{0}"Анализ, проверка; ""пробы"""{0}до 1 октября 2026{0}"Директор\nРабочая группа"\n'
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_text_is_read_in_every_encoding_with_every_separator(separator, encoding, ending):
    content = TEXT.format(separator).replace("\n", ending).encode(encoding)

    assert tasks_of(content, "plan.csv") == [
        ("1. Подготовка", "1.1", 'Анализ, проверка; "пробы"', "до 1 октября 2026", "Директор\nРабочая группа")
    ]


def test_lines_over_the_table_are_its_heading_and_remarks_count_lines_as_the_program_of_tables_does():
    content = "sep=;\nПриложение 1 к приказу от 01.09.2026 № 15-од;;\nПЛАН;;\n;;\n№;Вопрос;Сроки\n1;Анализ;31.09.2026\n"

    reading = read_order(content.encode(), "plan.csv")

    assert (reading.draft.number, reading.draft.signed_on) == ("15-од", date(2026, 9, 1))
    assert reading.draft.plan.title == "ПЛАН"
    assert "строка 6" in next(one.place for one in reading.remarks if one.field == "term")


def test_a_text_called_a_table_that_is_laid_out_otherwise_is_read_as_a_text():
    content = "ПЛАН\n№ | Вопрос | Сроки\n1 | Анализ | май 2026\n".encode()

    assert tasks_of(content, "plan.csv") == [("", "1", "Анализ", "май 2026", "")]


@pytest.mark.parametrize("name", ["order-tab-rows.txt", "semicolons.txt"])
def test_a_whole_order_in_a_text_with_separators_is_the_same_order_under_the_name_of_a_table(name):
    content = (Path(__file__).parent / "data" / name).read_bytes()

    assert read_order(content, "order.csv").draft == read_order(content, "order.txt").draft


def test_a_clause_with_the_separator_of_the_tables_stays_one_clause():
    clauses = "Приложение 2\nРЕГЛАМЕНТ\n1. Помогают: инженер; методист.\n"
    content = f"№;Вопрос;Сроки\n1;Анализ;май 2026\n{clauses}".encode()

    assert read_order(content, "plan.csv").draft.regulation.clauses[0].text == "Помогают: инженер; методист."


def test_what_was_made_harmless_for_excel_is_read_as_it_was_typed():
    content = "№;Вопрос;Сроки\n1;'=Закупка;май 2026\n2;'сентябрьские' проверки;май 2026\n".encode()

    assert [one[2] for one in tasks_of(content, "plan.csv")] == ["=Закупка", "'сентябрьские' проверки"]


# --- Workbooks


def test_the_sheets_of_a_workbook_are_the_annexes_of_the_order():
    content = book([HEADING], ["План-график"], [], PLAN_HEADER, FIRST, more={"Лист2": SCHEDULE})

    draft = read_order(content, "plan.xlsx").draft

    assert (draft.number, str(draft.school_year), draft.organization) == ("15-од", "2026/2027", "МБОУ «Школа № 5»")
    assert draft.plan.title == "План-график"
    assert [(one.name, one.room, one.hours) for one in draft.schedule.directions] == [
        ("Техника", "12", "вторник 14.00-15.00")
    ]


@pytest.mark.parametrize("title", ["График консультаций", "Кто поможет", "Sheet2"])
def test_a_schedule_under_the_plan_on_one_sheet_is_an_annex_of_its_own(title):
    draft = read_order(book(PLAN_HEADER, FIRST, [], [title], *SCHEDULE), "plan.xlsx").draft

    assert len(draft.tasks) == 1
    assert (draft.schedule.title, len(draft.schedule.directions)) == (title, 1)


def test_a_plan_on_several_sheets_is_one_plan_and_their_names_are_its_stages():
    content = book(PLAN_HEADER, FIRST, title="1 этап", more={"2 этап": (PLAN_HEADER, ("2.1", *FIRST[1:]))})

    assert [one[:2] for one in tasks_of(content)] == [("", "1.1"), ("2 этап", "2.1")]


def test_the_regulation_may_stand_on_a_sheet_too():
    clauses = (["Приложение 2"], ["РЕГЛАМЕНТ"], ["1. Учитель обращается к специалисту."], ["2. Ответ дают за день."])

    draft = read_order(book(PLAN_HEADER, FIRST, *clauses, more={"Лист3": SCHEDULE}), "plan.xlsx").draft

    assert [one.number for one in draft.regulation.clauses] == ["1.", "2."]
    assert (len(draft.tasks), len(draft.schedule.directions)) == (1, 1)


def test_hidden_sheets_are_not_printed_and_not_read():
    with pytest.raises(UnreadableFile):
        read_order(book(["Слова"], more={"Черновик": (PLAN_HEADER, FIRST)}, hidden=["Черновик"]), "plan.xlsx")


def test_days_months_and_numbers_are_the_words_that_were_typed():
    """Excel makes a day of «1.2», of «май 2026» and of «01.09»; it must not become another term."""
    content = book(
        ("№", "Вопрос", "Сроки"),
        (datetime(2026, 2, 1), "Номер стал днём", datetime(2026, 5, 1)),
        (1.1, "Номер стал числом", datetime(2026, 9, 1)),
        (1.1, "Номер с нулём", date(2026, 11, 5)),
        (4, "Часы", time(14, 30)),
        formats={"A2": "d-mmm", "C2": "mmm-yy", "C3": "d-mmm", "A4": "0.00", "C4": "dd.mm.yyyy"},
    )

    assert [(one[1], one[3]) for one in tasks_of(content)] == [
        ("1.2", "май 2026"),
        ("1.1", "01.09"),
        ("1.10", "05.11.2026"),
        ("4", "14:30"),
    ]


def test_a_formula_is_its_value_as_it_was_stored_or_its_own_words():
    parts = parts_of(book(PLAN_HEADER, ("1", "=A1+1", "=TODAY()", "", "Директор")))
    value = re.compile(rb"<v ?/>|<v></v>")
    assert len(value.findall(parts[SHEET])) == 2
    content = packed(parts | {SHEET: value.sub(b"<v>7</v>", parts[SHEET], count=1)})

    assert [one[2:4] for one in tasks_of(content)] == [("7", "=TODAY()")]


def test_empty_columns_and_rows_inside_a_table_say_nothing():
    content = book(
        [],
        ["", "№", "", "Вопрос", "Сроки"],
        [],
        ["", "1", "", "Анализ", "май 2026"],
        [],
        ["", 2, "", "Итоги", "июнь 2026"],
    )

    reading = read_order(content, "plan.xlsx")

    assert reading.draft.plan.columns == (Column("number", "№"), Column("question", "Вопрос"), Column("term", "Сроки"))
    assert [task.number for task in reading.draft.tasks] == ["1", "2"]
    assert not {"unknown_column", "row_joined"} & set(codes(reading))


def libreoffice() -> bytes:
    """As LibreOffice writes a sheet: merged cells have their empty cells, and the last row of the sheet is there."""
    words = {
        "A1": "План-график на 2026-2027 учебный год",
        **{"A3": "№ п/п", "B3": "Мероприятие", "C3": "Сроки", "E3": "Исполнители", "C4": "начало", "D4": "окончание"},
        "A5": "1. Подготовительный этап",
        **{"A6": "1.1", "B6": "Анализ", "C6": "сентябрь 2026", "D6": "октябрь 2026", "E6": "Директор"},
        "A7": "2. Основной этап",
        **{"A8": "2.1", "B8": "Обучение", "C8": "15.11.2026", "D8": "01.02.2027", "E8": "Директор"},
        "E9": "Рабочая группа",
    }
    merged = ("A1:G1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "A5:E5", "A7:G7", "A8:A9", "B8:B9", "C8:C9", "D8:D9")
    rows = "".join(
        f'<row r="{row}" customFormat="false" ht="12.8" hidden="false" outlineLevel="0" collapsed="false">'
        + "".join(
            f'<c r="{place}" s="0" t="inlineStr"><is><t xml:space="preserve">{words[place]}</t></is></c>'
            if place in words
            else f'<c r="{place}" s="0"/>'
            for place in (f"{column}{row}" for column in "ABCDEFG")
        )
        + "</row>"
        for row in range(1, 10)
    )
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    return with_part(
        SHEET,
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="A1:G1048576"/><sheetData>{rows}<row r="1048576" ht="12.8"/></sheetData>'
        f'<mergeCells count="{len(merged)}">{merges}</mergeCells></worksheet>'.encode(),
    )


def test_merged_cells_of_libreoffice_are_stages_two_lines_of_a_header_and_tasks_of_several_rows():
    reading = read_order(libreoffice(), "plan.xlsx")

    assert (reading.draft.plan.title, str(reading.draft.school_year)) == (
        "План-график на 2026-2027 учебный год",
        "2026/2027",
    )
    assert tasks_of(libreoffice()) == [
        ("1. Подготовительный этап", "1.1", "Анализ", "сентябрь 2026 – октябрь 2026", "Директор"),
        ("2. Основной этап", "2.1", "Обучение", "15.11.2026 – 01.02.2027", "Директор\nРабочая группа"),
    ]
    assert not {"wide_cell", "stage_repeated", "row_joined"} & set(codes(reading))


# --- Our own tables


@pytest.fixture
def order(db):
    """The source order, loaded; its title is not in the tables, its words are."""
    draft = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
    made = import_order(draft, school=SchoolFactory(), by=None).order
    return with_annexes(Order.objects.all()).get(pk=made.pk)


def columns(part):
    return [(column.field, fold(column.header)) for column in part.columns]


@pytest.mark.parametrize(("write", "name"), [(as_csv, "plan.csv"), (as_xlsx, "plan.xlsx")])
def test_our_own_table_of_a_plan_is_read_back_as_the_same_plan(order, write, name):
    Task.objects.filter(stage__plan=order.plan).update(completed_on=date(2021, 6, 1))
    printed = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft.plan

    reading = read_order(write(plan_spreadsheet(order, on=date(2021, 11, 23))), name)

    assert reading.draft.plan.stages == printed.stages
    assert columns(reading.draft.plan) == columns(printed)
    assert "unknown_column" not in codes(reading)


@pytest.mark.parametrize(("write", "name"), [(as_csv, "hours.csv"), (as_xlsx, "hours.xlsx")])
def test_our_own_table_of_a_schedule_is_read_back_as_the_same_schedule(order, write, name):
    printed = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft.schedule

    read = read_order(write(schedule_spreadsheet(order, on=date(2021, 11, 23))), name).draft.schedule

    assert read.directions == printed.directions
    assert columns(read) == columns(printed)


def test_a_column_of_the_paper_is_kept_though_it_is_called_as_one_of_ours():
    header = ("№", "Вопрос", "Сроки", "Статус")
    ours = ("Первый день", "Последний день", "Статус", "Исполнители на 23.11.2026")
    row = ("1", "Анализ", "май 2026", "важно")

    own = read_order(book(header, row), "plan.xlsx").draft.tasks[0]
    both = read_order(book((*header, *ours), (*row, "", "", "начато", "Образцова А. П.")), "plan.xlsx").draft.tasks[0]

    assert own.other == both.other == (("Статус", "важно"),)
    assert both.executors == ""


# --- The page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_a_table_is_loaded_through_the_preview_which_asks_for_what_it_does_not_say(name):
    director = MembershipFactory(roles=[Role.ADMINISTRATION])
    client = Client()
    client.force_login(director.user)
    content = TEXT.format(";").encode() if name == "plan.csv" else book(PLAN_HEADER, FIRST)

    client.post(reverse("documents:upload-new"), {"file": SimpleUploadedFile(name, content)})
    upload = Upload.objects.get()
    page = client.get(upload.get_absolute_url())
    refused = client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on"})
    client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on", "school_year": "2026/2027"})

    asked = {one["code"] for one in upload.remarks}
    assert {"number_missing", "date_missing", "year_missing", "organization_missing", "body_missing"} <= asked
    assert page.status_code == 200
    assert refused.status_code == 422
    order = Order.objects.get()
    assert (order.number, order.signed_on, str(order.school_year)) == ("", None, "2026/2027")
    assert [one.printed_number for one in Task.objects.all()] == ["1.1"]
    attachment = order.attachments.get()
    attachment.full_clean()
    assert attachment.name == name


@pytest.mark.django_db
def test_the_page_says_that_it_takes_tables():
    client = Client()
    client.force_login(MembershipFactory(roles=[Role.ADMINISTRATION]).user)

    page = client.get(reverse("documents:upload-new")).content.decode()

    assert ".xlsx" in page
    assert ".csv" in page
