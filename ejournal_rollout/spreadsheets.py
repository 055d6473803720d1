"""Tables for other programs: .xlsx, and CSV as Russian Excel opens it. What people typed never becomes a formula. Pure.

A cell is a text, a number, a day, a moment (printed by its own clock), a time of day, or None for an empty cell.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from textwrap import wrap
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from .xml_text import clean

Value = str | int | float | date | datetime | time | None

_EXCEL_FORMATS = {datetime: "dd.mm.yyyy hh:mm", date: "dd.mm.yyyy", time: "hh:mm"}
_PRINTED_FORMATS = {datetime: "%d.%m.%Y %H:%M", date: "%d.%m.%Y", time: "%H:%M"}
# A formula begins with one of these signs (East Asian programs take the wide ones too), whatever blanks stand before;
# a tab or a new line at the beginning may move the text into a neighbouring cell.
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]|[ \xa0]*[\t\n]")
_HARMLESS = re.compile(r"-?\d+(?:[.,]\d+)?|[\s-]*")  # a number below zero; «-», by which paper says "nothing"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as the letter A
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")  # of the sheets of a workbook
_WIDEST, _NARROWEST = 36, 8  # columns, in letters
_FILTER_BUTTON = 3  # letters
_LINE, _HIGHEST = 15, 409  # points: a line of type; a row of Excel
_FONT = "Calibri"


@dataclass(frozen=True)
class Spreadsheet:
    """Rows under their headers, each as long as `headers`. `title` names the sheet and stands above printed pages."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]


def could_be_formula(text: str) -> bool:
    """Might a table program calculate this instead of showing it? `text` is already `clean`."""
    return bool(_FORMULA.match(text)) and not _HARMLESS.fullmatch(text)


def as_csv(table: Spreadsheet, *_more: Spreadsheet) -> bytes:
    """Semicolons, UTF-8 with its mark, lines end in CR LF. A possible formula gets an apostrophe before it.

    The first table only: a file of CSV holds no more.

    Excel guesses when it opens CSV and makes days of numbers such as 1.2; the .xlsx leaves no room for that.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    for row in (table.headers, *table.rows):
        writer.writerow([_printed(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _printed(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = clean(value)
        return f"'{text}" if could_be_formula(text) else text
    if type(value) in _PRINTED_FORMATS:
        return f"{value:{_PRINTED_FORMATS[type(value)]}}"
    return str(value).replace(".", ",")


def as_xlsx(table: Spreadsheet, *more: Spreadsheet) -> bytes:
    """A sheet for each table: the header stays in sight and is printed on every page, each column can be filtered.

    Texts are written as texts, so that nothing is calculated; Excel cuts a cell after 32767 characters.
    """
    book = Workbook()
    book.properties.creator, book.properties.title = None, clean(table.title)
    book.remove(book.active)
    for one in (table, *more):
        name = _NOT_IN_NAMES.sub("-", clean(one.title)).replace("\n", " ").strip("' ")[:31] or "1"
        _write(book.create_sheet(name), one)  # a name that is taken gets a number
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write(sheet: Worksheet, table: Spreadsheet) -> None:
    widths = list(_widths(table))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width + _FILTER_BUTTON
    for place, row in enumerate((table.headers, *table.rows), start=1):
        for column, value in enumerate(row, start=1):
            _fill(sheet.cell(place, column), value)
        sheet.row_dimensions[place].height = _height(row, widths)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(name=_FONT, bold=True), PatternFill("solid", start_color="E8F0F7")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _set_up_page(sheet, table.title)


def _fill(cell: Cell, value: Value) -> None:
    horizontal = "left" if isinstance(value, str) else "center"
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=horizontal)
    if value is None:
        return
    if isinstance(value, str):
        text = clean(value)
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # whatever the library takes it for
        cell.quotePrefix = could_be_formula(text)  # it stays a text when somebody edits the cell
        return
    cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if type(value) in _EXCEL_FORMATS:
        cell.number_format = _EXCEL_FORMATS[type(value)]


def _widths(table: Spreadsheet) -> Iterator[float]:
    """Room for the longest word; a long text gets more, but by its root, so that it breaks into lines."""
    for place in range(len(table.headers)):
        cells = [_printed(row[place]) for row in (table.headers, *table.rows)]
        word = max((len(one) for cell in cells for one in cell.split()), default=0)
        line = max((len(one) for cell in cells for one in cell.splitlines()), default=0)
        text = 2 * math.sqrt(max(map(len, cells)))
        yield min(max(word, min(line, text), _NARROWEST), _WIDEST)


def _height(row: Sequence[Value], widths: Sequence[float]) -> float:
    """Points. LibreOffice does not measure wrapped rows of a file by itself, Excel not always."""
    lines = (
        sum(max(len(wrap(line, int(width) + 1)), 1) for line in _printed(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
    )
    return min(max(lines, default=1) * _LINE, _HIGHEST)


def _set_up_page(sheet: Worksheet, title: str) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0  # as many pages down as it takes
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.75, bottom=0.75, header=0.4, footer=0.4)  # inches
    sheet.print_title_rows = "1:1"
    sheet.print_options.gridLines = True
    sheet.oddHeader.center.text = clean(title)[:200].replace("&", "&&") or None
    sheet.oddFooter.center.text = "&P / &N"


@dataclass(frozen=True)
class Format:
    """How a table leaves the program: the kind of file as browsers call it, and its writer."""

    content_type: str
    write: Callable[..., bytes]  # of one table and perhaps more


FORMATS = MappingProxyType(
    {
        "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        "csv": Format("text/csv; charset=utf-8", as_csv),
    }
)
