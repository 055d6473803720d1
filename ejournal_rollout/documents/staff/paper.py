"""The staff list as printed: rows with named cells, and what was not read. Pure."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from ejournal_rollout.documents.tables import UnreadableFile

from .columns import NAMES, Header, find_header, header_of
from .sheets import MOST_LETTERS, Sheet, SheetRow, letter, open_sheets

MOST_PEOPLE = 1000  # our decision: more are loaded in parts
# What stands under a list or between its rows.
_NOT_A_PERSON = re.compile(
    r".*_{2}|(?:итого|всего|исполнитель|составил|согласовано|утверждаю|утверждено|подпись|м\.\s?п\.|дата|примечани[ея]"
    r"|ваканси[яи]|вакантно|директор|заместитель|руководитель|начальник|секретарь)(?![а-яё])",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Remark:
    """What a person must look at: where it stands (`row` 0: the whole sheet), and the words as printed."""

    text: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    printed: str = ""

    @property
    def place(self) -> str:
        parts = [_("sheet “{name}”").format(name=self.sheet)] if self.sheet else []
        parts += [_("row {number}").format(number=self.row)] if self.row else []
        parts += [_("column “{name}”").format(name=self.column)] if self.column else []
        place = ", ".join(parts) or _("the file")
        return place[:1].upper() + place[1:]


@dataclass(frozen=True)
class StaffRow:
    """A person's row. `cells` by the fields of `columns.FIELDS`, empty ones left out; `headers` as printed."""

    number: int
    cells: dict[str, str]
    remarks: list[tuple[str, str]] = field(default_factory=list)  # (field, what is wrong with the cell)


@dataclass(frozen=True)
class StaffPaper:
    sheet: str
    headers: dict[str, str]
    rows: list[StaffRow]
    remarks: list[Remark]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """LookupError, TypeError or ValueError if it is not what `to_json` gave."""
        rows = [
            StaffRow(int(one["number"]), dict(one["cells"]), [(name, text) for name, text in one["remarks"]])
            for one in stored["rows"]
        ]
        remarks = [Remark(**one) for one in stored["remarks"]]
        return cls(str(stored["sheet"]), dict(stored["headers"]), rows, remarks)


def read_staff(content: bytes, name: str) -> StaffPaper:
    """The rows of the first sheet that has a header with names. UnreadableFile with a sentence, if there is none."""
    readings = [
        (sheets, at)
        for sheets in open_sheets(content, name)
        if (at := next((at for at, sheet in enumerate(_visible(sheets)) if find_header(sheet) is not None), None))
        is not None
    ]
    if not readings:
        raise UnreadableFile(
            _(
                "No row with the names of columns was found among the first 20 rows. "
                "Write «ФИО», «Должность» and so on above the columns, as the sample has it, and try again."
            )
        )
    # of several separators the one that finds the most columns
    sheets, at = max(readings, key=lambda reading: _found_columns(_visible(reading[0])[reading[1]]))
    chosen = _visible(sheets)[at]
    paper = _read(chosen)
    others = [_other_sheet(sheet) for sheet in sheets if sheet is not chosen and sheet.rows]
    return StaffPaper(paper.sheet, paper.headers, paper.rows, [*others, *paper.remarks])


def _visible(sheets: list[Sheet]) -> list[Sheet]:
    return [sheet for sheet in sheets if not sheet.is_hidden] or sheets


def _found_columns(sheet: Sheet) -> int:
    header = header_of(sheet.rows[find_header(sheet)])
    return len(header.fields) + len(header.unread)


def _other_sheet(sheet: Sheet) -> Remark:
    if find_header(sheet) is not None:
        text = _("This sheet holds a list too; it was not read. Load it from a file of its own, if it is needed.")
    else:
        text = _("This sheet was not read: it has no column with names.")
    return Remark(text, sheet=sheet.name)


def _read(sheet: Sheet) -> StaffPaper:
    first = find_header(sheet)
    header = header_of(sheet.rows[first])
    headers = dict(header.printed)
    headers_found = [header]
    rows: list[StaffRow] = []
    remarks: list[Remark] = []
    for row in sheet.rows[first + 1 :]:
        if again := header_of(row):  # at the top of the next page, or the lower line of a header of two
            header = again
            headers |= again.printed
            headers_found.append(again)
            continue
        if _is_row_of_numbers(row):
            continue
        read = _row(row, header)
        if read is None:
            if words := _said(row, header):
                text = _("No person was found in this row; it was not read.")
                remarks.append(Remark(text, sheet=sheet.name, row=row.number, printed=words))
            continue
        rows.append(read)
    if not rows:
        raise UnreadableFile(_("There are no people under the names of columns. Choose the file with the staff list."))
    if len(rows) > MOST_PEOPLE:
        raise UnreadableFile(_("There are more than 1000 people in the file. Load them in parts."))
    return StaffPaper(sheet.name, headers, rows, [*_about_columns(sheet, headers_found), *remarks])


def _about_columns(sheet: Sheet, headers: Iterable[Header]) -> list[Remark]:
    unread = dict.fromkeys(words for header in headers for words in header.unread)
    doubled = dict.fromkeys(words for header in headers for words in header.doubled)
    found = []
    if unread:
        text = _("These columns are not needed and were not read: {names}.")
        found.append(Remark(text.format(names=", ".join(f"«{one}»" for one in unread)), sheet=sheet.name))
    if doubled:
        text = _("An earlier column says the same, so these were not read: {names}.")
        found.append(Remark(text.format(names=", ".join(f"«{one}»" for one in doubled)), sheet=sheet.name))
    return found


def _is_row_of_numbers(row: SheetRow) -> bool:
    """«1 2 3 4»: the numbers of the columns; also a number that stands alone in an empty row."""
    words = [one for one in row.cells if one]
    return all(one.rstrip(".").isdigit() for one in words) and not row.formulas


def _said(row: SheetRow, header: Header) -> str:
    """The words of a row without its own number, in short."""
    words = [one for place, one in enumerate(row.cells) if one and (place in header.fields or not one.isdigit())]
    return " | ".join(" ".join(one.split()) for one in words)[:150]


def _row(row: SheetRow, header: Header) -> StaffRow | None:
    cells: dict[str, str] = {}
    remarks: list[tuple[str, str]] = []
    for place, name in header.fields.items():
        words = row.cells[place] if place < len(row.cells) else ""
        if place in row.formulas:
            remarks.append(
                (
                    name,
                    _("The cell {cell} holds a formula without a value.").format(cell=f"{letter(place)}{row.number}"),
                )
            )
        if len(words) > MOST_LETTERS:
            words = words[:MOST_LETTERS]
            remarks.append((name, _("The words are longer than 300 letters and were cut.")))
        if words:
            cells[name] = words
    name = " ".join(cells[one] for one in NAMES if one in cells)
    if not name:
        return StaffRow(row.number, cells, remarks) if any(one in NAMES for one, _text in remarks) else None
    if _NOT_A_PERSON.match(name) or (cells.keys() <= set(NAMES) and not _may_be_a_name(name)):
        return None
    return StaffRow(row.number, cells, remarks)


def _may_be_a_name(words: str) -> bool:
    """Two words or more, each with a capital letter; a heading such as «Учителя начальных классов» is none."""
    parts = words.replace(".", ". ").split()
    return len(parts) >= 2 and all(part[0].isupper() for part in parts)
