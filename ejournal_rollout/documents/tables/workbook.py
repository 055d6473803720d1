"""An .xlsx as sheets of words: cells as they are shown, merged ones as one; nothing is ever calculated. Pure."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .blocks import Block, UnreadableFile
from .sheets import MOST_COLUMNS, Merge, Sheet, blocks_of_sheets

LAST_ROW = 1_048_576  # of Excel
MOST_MERGES = 5000
MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ESCAPED = re.compile(r"_x(?!D[89A-F])([0-9A-Fa-f]{4})_")  # Excel writes _x000D_ for a carriage return
_NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # what a number format prints as it stands, and its colours
_MONTHS = (
    *("", "январь", "февраль", "март", "апрель", "май", "июнь", "июль"),
    *("август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)


def read_workbook(content: bytes, parts: Mapping[str, bytes]) -> list[Block]:
    """`parts` are the unpacked XML parts of the same file, within their limits. Hidden sheets are not printed.

    Errors of openpyxl come through: the file is damaged then.
    """
    has_formulas = any(FORMULA.search(part) for name, part in parts.items() if name.startswith("xl/worksheets/"))
    values = _opened(content, are_values=True)
    written = _opened(content, are_values=False) if has_formulas else None
    sheets = []
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            continue
        formulas = _formulas(written[sheet.title]) if written else {}
        found = Sheet(sheet.title, _merges(parts.get(sheet._worksheet_path, b"")), has_days_for_numbers=True)
        for number, row in rows_of(sheet, MOST_COLUMNS + 1):
            words = [shown(cell) or formulas.get((number, place), "") for place, cell in enumerate(row)]
            found.add(number, words)
        sheets.append(found)
    return blocks_of_sheets(sheets)


def _opened(content: bytes, *, are_values: bool):  # noqa: ANN202
    return load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=are_values)


def rows_of(sheet: ReadOnlyWorksheet, columns: int) -> Iterator[tuple[int, tuple]]:
    """The rows with their numbers, the first `columns` cells of each; rows that the file leaves out are skipped."""
    sheet.reset_dimensions()  # what the file says about its size need not be true
    last = None
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=columns), start=1):
        if row is not last:  # the rows of a gap are one and the same object, perhaps a million times
            yield number, row
        last = row


def _formulas(sheet: ReadOnlyWorksheet) -> dict[tuple[int, int], str]:
    """The words of formulas, for cells that hold no value."""
    return {
        (number, place): str(cell.value)
        for number, row in rows_of(sheet, MOST_COLUMNS + 1)
        for place, cell in enumerate(row)
        if cell.data_type == "f"
    }


def _merges(part: bytes) -> list[Merge]:
    refs = MERGE.findall(part)
    if len(refs) > MOST_MERGES:
        raise UnreadableFile(_("Too many cells of the sheet are merged. Leave only the tables of the order in it."))
    merges = []
    for ref in refs:
        column, row, last_column, last_row = range_boundaries(ref.decode())
        merges.append(Merge(row, last_row, column - 1, last_column - 1))
    return merges


def shown(cell: ReadOnlyCell) -> str:
    """The value as its format shows it, so far as the words of a plan need it: days, months, times, «1.10»."""
    value, form = cell.value, _NO_DATE.sub("", cell.number_format or "").lower()
    match value:
        case None:
            return ""
        case bool():
            return "ИСТИНА" if value else "ЛОЖЬ"
        case date():
            return _day(value, form)
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case float() if fixed := re.fullmatch(r"0\.(0{1,9})", form):
            return f"{value:.{len(fixed[1])}f}"
        case float():
            return f"{value:.15g}"
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _day(value: date, form: str) -> str:
    """Excel makes a day of «май 2021» and of «1.9», and shows them without what nobody typed."""
    if "y" in form and "d" not in form:
        return f"{_MONTHS[value.month]} {value.year}"
    if "d" in form and "y" not in form:
        return f"{value:%d.%m}"
    has_time = isinstance(value, datetime) and (value.hour or value.minute)
    return f"{value:%d.%m.%Y %H:%M}" if has_time else f"{value:%d.%m.%Y}"
