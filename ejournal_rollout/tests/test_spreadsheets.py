"""Tables leave the program as .xlsx and CSV: opened again they say the same, and nothing in them is calculated."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ejournal_rollout.spreadsheets import Spreadsheet, as_csv, as_xlsx
from ejournal_rollout.xml_text import clean

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example";"Журнал")',
    "+7 978 123-45-67",
    "-2+3+cmd|' /C calc'!A0",
    "- обновить программы",
    "@SUM(A1:A9)",
    "  =1+1",
    "\xa0\u200b=1+1",
    "\ufeff=1+1",
    "\t=1+1",
    "\tтекст",
    "\r=1+1",
    "\nтекст",
    "＝1+1",
    "\x00=1+1",
]
HARMLESS = [
    "-",
    "—",
    " - ",
    "--",
    "-5",
    "-12,5",
    "текст = слово",
    "1.2",
    "'",
    "",
    "a;b",
    'он сказал "да"',
    "#N/A",
    "1+1",
]


def table(*rows, headers=None, title="План"):
    return Spreadsheet(title, headers or [f"Графа {place}" for place, _value in enumerate(rows[0])], rows)


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).active


# --- CSV


def test_csv_has_the_mark_semicolons_and_the_line_ends_that_excel_wants():
    content = as_csv(table(["Анализ", 'с "кавычками"; и\nстрокой'], headers=["Вопрос", "Цель"]))

    assert content == '\ufeffВопрос;Цель\r\nАнализ;"с ""кавычками""; и\nстрокой"\r\n'.encode()


def test_csv_writes_days_moments_and_numbers_as_russians_do():
    moment = datetime(2026, 8, 31, 9, 5, tzinfo=UTC)

    (_headers, row) = csv_rows(as_csv(table([date(2026, 8, 31), moment, time(8, 0), 20, -1, 2.5, None])))

    assert row == ["31.08.2026", "31.08.2026 09:05", "08:00", "20", "-1", "2,5", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_shows_a_formula_instead_of_calculating_it(text):
    assert csv_rows(as_csv(table([text], headers=[text])))[1] == [f"'{clean(text)}"]
    assert csv_rows(as_csv(table([text], headers=[text])))[0] == [f"'{clean(text)}"]


@pytest.mark.parametrize("text", HARMLESS)
def test_csv_leaves_dashes_numbers_and_usual_words_alone(text):
    assert csv_rows(as_csv(table([text, "."]))) == [["Графа 0", "Графа 1"], [text, "."]]


BLANKS = " \t\r\n\xa0\u2003\u200b\ufeff\x00"


@given(st.text(BLANKS, max_size=4), st.sampled_from("=+-@＝＋－＠"), st.text("аA1(-", max_size=2), st.text(max_size=9))
def test_csv_never_begins_a_cell_with_a_sign_of_a_formula(blanks, sign, beginning, rest):
    (_headers, (cell,)) = csv_rows(as_csv(table([f"{blanks}{sign}{beginning}А{rest}"])))

    assert cell.startswith("'")


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), max_size=5))
def test_csv_opened_again_has_the_same_cells(rows):
    expected = [[clean(cell) for cell in row] for row in rows]

    found = csv_rows(as_csv(table(*rows, headers=["А", "Б"])))[1:]

    assert [[cell.removeprefix("'") for cell in row] for row in found] == [
        [cell.removeprefix("'") for cell in row] for row in expected
    ]


# --- Excel


def test_xlsx_opened_again_has_the_same_cells_and_real_days():
    rows = [
        ["Анализ\nготовности", date(2026, 5, 1), time(8, 0), 20, None],
        ["Закупка", datetime(2026, 8, 31, 9, 5), None, -1.5, ""],
    ]

    sheet = sheet_of(as_xlsx(table(*rows, headers=["Вопрос", "День", "Час", "Минуты", "Пусто"])))

    assert [one.value for one in sheet[1]] == ["Вопрос", "День", "Час", "Минуты", "Пусто"]
    assert [one.value for one in sheet[2]] == ["Анализ\nготовности", datetime(2026, 5, 1), time(8, 0), 20, None]
    assert [one.value for one in sheet[3]] == ["Закупка", datetime(2026, 8, 31, 9, 5), None, -1.5, None]
    assert [sheet.cell(2, 2).number_format, sheet.cell(3, 2).number_format] == ["dd.mm.yyyy", "dd.mm.yyyy hh:mm"]


def test_a_moment_stands_in_xlsx_by_its_own_clock():
    sheet = sheet_of(as_xlsx(table([datetime(2026, 8, 31, 9, 5, tzinfo=UTC)])))

    assert sheet.cell(2, 1).value == datetime(2026, 8, 31, 9, 5)


@pytest.mark.parametrize("text", [*FORMULAS, *HARMLESS, "#REF!", "{=1+1}"])
def test_xlsx_holds_texts_only_as_texts(text):
    content = as_xlsx(table([text, "."], headers=[text, "."]))

    for row in sheet_of(content).iter_rows():
        assert row[0].value == (clean(text) or None)
        assert row[0].data_type == "s" or not clean(text)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_xlsx_shows_signs_that_excel_would_take_for_a_coded_letter():
    with zipfile.ZipFile(io.BytesIO(as_xlsx(table(["_x0041_ _x"])))) as package:
        assert b"<t>_x005F_x0041_ _x</t>" in package.read("xl/worksheets/sheet1.xml")


def test_a_formula_stays_a_text_in_xlsx_when_somebody_edits_its_cell():
    sheet = sheet_of(as_xlsx(table(["=1+1", "Анализ", "-"])))

    assert [one.quotePrefix for one in sheet[2]] == [True, False, False]


@pytest.mark.parametrize("title", ["План [2026/2027]: «а»?*\\", "'=1'", "", "Т" * 300, "R&D & 5", "а\x00\nб", "\ud800"])
def test_any_title_names_the_sheet_and_stands_above_the_printed_page(title):
    sheet = sheet_of(as_xlsx(table(["Анализ"], title=title)))

    assert 1 <= len(sheet.title) <= 31
    assert (sheet.oddHeader.center.text or "").replace("&&", "&") == clean(title)[:200]


def test_the_sheet_is_ready_for_work_and_for_the_printer():
    sheet = sheet_of(as_xlsx(table(["Анализ", "слово " * 100], ["Закупка", "да"])))

    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:B3", "$1:$1")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width < 50
    assert sheet.row_dimensions[2].height > 10 * sheet.row_dimensions[3].height


def test_a_table_without_rows_is_its_header():
    empty = Spreadsheet("План", ["Вопрос", "Цель"], [])

    assert csv_rows(as_csv(empty)) == [["Вопрос", "Цель"]]
    assert [[one.value for one in row] for row in sheet_of(as_xlsx(empty)).iter_rows()] == [["Вопрос", "Цель"]]


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_xlsx_takes_any_text(texts):
    sheet = sheet_of(as_xlsx(table(texts)))

    assert [one.value or "" for one in sheet[2]] == [clean(text) for text in texts]
