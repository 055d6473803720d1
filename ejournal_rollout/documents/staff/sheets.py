"""Opening a staff list that a stranger sent: .xlsx or text with separators, as rows of words. Pure."""

import contextlib
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from ejournal_rollout.documents.tables import UnreadableFile
from ejournal_rollout.documents.tables.encoding import decoded
from ejournal_rollout.documents.tables.opening import (
    ARCHIVES,
    BROKEN_BOOK,
    MOST_BYTES,
    OLD_OFFICE,
    PICTURES,
    damaged_book,
    unpacked_parts,
)
from ejournal_rollout.documents.tables.separated import SEPARATORS, separated_rows
from ejournal_rollout.documents.tables.workbook import FORMULA, MERGE, MOST_MERGES, rows_of

MOST_ROWS = 3000  # with words in them; our decision: no school has more people
MOST_COLUMNS = 100  # what stands further to the right is not looked at
MOST_LETTERS = 300  # of a cell; our decision: no name, post or list of roles is longer
_BLANK = re.compile(r"[\t\xa0\u2000-\u200a\u202f\u205f\u3000 ]+")
# Soft hyphens, marks of no width or of direction, control signs, and what Excel writes for a carriage return.
_UNSEEN = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|_x000D_")


@dataclass(frozen=True)
class SheetRow:
    """A row that has words. `number` as the program of tables shows it, from 1; `formulas` are the places, from 0, of
    cells that hold a formula without a value or with an error."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """`name` is "" for a text file, which has one sheet only."""

    name: str
    rows: list[SheetRow] = field(default_factory=list)
    is_hidden: bool = False


def open_sheets(content: bytes, name: str) -> list[list[Sheet]]:
    """The sheets of the file; of a text as many readings as there are separators to try.

    `name` is the file's own name, used only for its ending. UnreadableFile for a file that is empty, too large,
    damaged, protected, or of another kind.
    """
    refuse_size(content)
    _refuse_other_kinds(content, name)
    if content.startswith(b"PK"):
        return [_book(content)]
    text = _text(content)
    readings = []
    for separator in SEPARATORS:
        with contextlib.suppress(csv.Error):  # a cell longer than csv allows, if this is not the separator of the file
            readings.append([Sheet("", _kept(_lines(text, separator)))])
    if not readings:
        raise UnreadableFile(damaged_book())
    return readings


def refuse_size(content: bytes) -> None:
    """UnreadableFile for a file that is empty or larger than 5 MB."""
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFile(_("The file is empty. Choose the file with the staff list."))
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than 5 MB. Leave only the staff list in it and try again."))


def too_tangled() -> str:
    """The sentence for a file that costs more time or memory than a staff list may."""
    return _(
        "The file is too large or too tangled inside to be read. "
        "Copy the list into a new Excel book, save it as .xlsx and try again."
    )


def letter(place: int) -> str:
    """«A» for the column 0, as the program of tables calls it."""
    return get_column_letter(place + 1)


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:512].lstrip()
    save_as = _("Open it in Excel or LibreOffice, save it as .xlsx and choose that file.")
    if content.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(
                _("The file is protected with a password. Remove the password in Excel and try again.")
            )
        raise UnreadableFile(_("This is a file of an old Excel (.xls).") + " " + save_as)
    if start.startswith((b"%PDF", b"{\\rtf")) or content.startswith((*PICTURES, *ARCHIVES)):
        raise UnreadableFile(_("This is not a table. Choose an Excel file (.xlsx) or a text with separators (.csv)."))
    if re.match(rb"(?:\xef\xbb\xbf)?(?:<!doctype|<html|<\?xml)", start, re.IGNORECASE):
        raise UnreadableFile(_("This is a web page or XML, not an Excel file.") + " " + save_as)
    if name.lower().endswith((".xlsx", ".xlsm")) and not content.startswith(b"PK"):
        raise UnreadableFile(damaged_book())


def _book(content: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_other_packages(package)
            parts = unpacked_parts(package)
        return _sheets(content, parts)
    except (*BROKEN_BOOK, UnreadableFile) as error:
        if isinstance(error, _OtherKind):
            raise
        raise UnreadableFile(damaged_book()) from error


class _OtherKind(UnreadableFile):
    """A sentence that says more than "damaged"."""


def _refuse_other_packages(package: zipfile.ZipFile) -> None:
    names = set(package.namelist())
    if any(entry.flag_bits & 0x1 for entry in package.infolist()):
        raise _OtherKind(_("The file is protected with a password. Remove the password in Excel and try again."))
    if "xl/workbook.xml" in names:
        return
    if "mimetype" in names:
        raise _OtherKind(
            _("This is a LibreOffice file (.odt or .ods).")
            + " "
            + _("Open it in Excel or LibreOffice, save it as .xlsx and choose that file.")
        )
    raise _OtherKind(_("This is not a table. Choose an Excel file (.xlsx) or a text with separators (.csv)."))


def _sheets(content: bytes, parts: dict[str, bytes]) -> list[Sheet]:
    has_formulas = any(FORMULA.search(part) for name, part in parts.items() if name.startswith("xl/worksheets/"))
    options = {"read_only": True, "keep_links": False}
    values = load_workbook(io.BytesIO(content), data_only=True, **options)
    written = load_workbook(io.BytesIO(content), data_only=False, **options) if has_formulas else None
    sheets = []
    for sheet in values.worksheets:
        formulas = _formulas(written[sheet.title]) if written else frozenset()
        rows = dict(_kept_pairs(_rows(sheet, formulas)))
        _carry_down(rows, parts.get(sheet._worksheet_path, b""))
        ordered = [SheetRow(number, tuple(cells), frozenset(odd)) for number, (cells, odd) in sorted(rows.items())]
        sheets.append(Sheet(_clean(sheet.title), ordered, is_hidden=sheet.sheet_state != "visible"))
    return sheets


def _formulas(sheet: ReadOnlyWorksheet) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, place)
        for number, row in rows_of(sheet, MOST_COLUMNS)
        for place, cell in enumerate(row)
        if cell.data_type == "f"
    )


def _rows(
    sheet: ReadOnlyWorksheet, formulas: frozenset[tuple[int, int]]
) -> Iterator[tuple[int, tuple[list[str], set[int]]]]:
    for number, row in rows_of(sheet, MOST_COLUMNS):
        cells = ["" if cell.data_type == "e" else _words(cell.value) for cell in row]
        odd = {
            place
            for place, cell in enumerate(row)
            if cell.data_type == "e" or ((number, place) in formulas and not cells[place])
        }
        yield number, (cells, odd)


def _kept_pairs(
    rows: Iterable[tuple[int, tuple[list[str], set[int]]]],
) -> Iterator[tuple[int, tuple[list[str], set[int]]]]:
    count = 0
    for number, (cells, odd) in rows:
        if any(cells) or odd:
            count += 1
            if count > MOST_ROWS:
                raise _OtherKind(_too_long())
            yield number, (cells, odd)


def _too_long() -> str:
    return _("The table has more than 3000 rows, which no staff list has. Leave only the staff list in the file.")


def _carry_down(rows: dict[int, tuple[list[str], set[int]]], part: bytes) -> None:
    """The words of a cell that is merged downwards stand in each of its rows."""
    for ref in MERGE.findall(part)[:MOST_MERGES]:
        column, first, _last_column, last = range_boundaries(ref.decode())
        if first not in rows or last == first or column > MOST_COLUMNS:
            continue
        words = rows[first][0][column - 1]
        for number in range(first + 1, min(last, first + MOST_ROWS) + 1):
            if number in rows:
                rows[number][0][column - 1] = words


def _words(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return _clean(str(value))


def _clean(text: str) -> str:
    """The words without what nobody sees; one blank between them, line breaks stay."""
    lines = (_BLANK.sub(" ", line).strip() for line in _UNSEEN.sub("", text.replace("\r\n", "\n")).split("\n"))
    return "\n".join(line for line in lines if line)


def _text(content: bytes) -> str:
    try:
        return decoded(content)
    except UnreadableFile as error:
        raise UnreadableFile(
            _("This is not a table. Choose an Excel file (.xlsx) or a text with separators (.csv).")
        ) from error


def _lines(text: str, separator: str) -> Iterator[SheetRow]:
    for number, cells in separated_rows(text, separator):
        yield SheetRow(number, tuple(_clean(cell) for cell in cells[:MOST_COLUMNS]))


def _kept(rows: Iterable[SheetRow]) -> list[SheetRow]:
    kept = []
    for row in rows:
        if any(row.cells):
            kept.append(row)
            if len(kept) > MOST_ROWS:
                raise UnreadableFile(_too_long())
    return kept
