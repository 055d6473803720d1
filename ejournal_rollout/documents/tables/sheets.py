"""Sheets of a table program as the paragraphs and tables of a paper, whatever file they come from. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from ejournal_rollout.documents.own_columns import own_places, stage_header
from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.spreadsheets import could_be_formula

from .blocks import Block, Cell, Paragraph, Row, Table, UnreadableFile, trimmed
from .headers import is_annex, is_header, is_number_header, is_plan_header, is_schedule_header
from .rows import cell

MOST_ROWS = 5000  # of a sheet, empty ones too; our decision: a plan of 1000 tasks with stages has fewer
MOST_COLUMNS = 63  # as in Word
MOST_MERGED = 60_000  # rows of merged cells, one counted as often as cells are merged in it

_NAMELESS = re.compile(r"\W*(?:лист|таблица|страница|sheet|table|page|worksheet)?\s*\d*\W*", re.IGNORECASE)
_DAY_AND_MONTH = re.compile(r"0?([1-9]|[1-3]\d)\.0?([1-9]|1[0-2])")


@dataclass(frozen=True)
class Merge:
    """Cells merged into one; rows by their numbers, columns from 0, borders inclusive."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass
class Sheet:
    """`rows` are those with words, by their numbers as the table program shows them. `name` is "" for a text file.

    `separator` is that of a text. `has_days_for_numbers`: the program may have made the day 01.02 of the number «1.2»
    that was typed.
    """

    name: str
    merges: Sequence[Merge] = ()
    has_days_for_numbers: bool = False
    separator: str = ""
    rows: dict[int, list[str]] = field(default_factory=dict)

    def add(self, number: int, cells: Sequence[str]) -> None:
        """UnreadableFile for words beyond the last row or column that is read: nothing is left out in silence."""
        words = [_printed(one) for one in cells]
        while words and not words[-1]:
            words.pop()
        if not words:
            return
        if number > MOST_ROWS or len(words) > MOST_COLUMNS:
            raise UnreadableFile(
                _(
                    "The sheet has words below row 5000 or to the right of column 63, where no plan reaches. "
                    "Leave only the tables of the order in the file."
                )
            )
        self.rows[number] = words


def _printed(text: str) -> str:
    """The words without the apostrophe by which a possible formula is made harmless."""
    words = trimmed(text.replace("\r\n", "\n").replace("\r", "\n"))
    return words[1:] if words.startswith("'") and could_be_formula(words[1:]) else words


def first_header(sheet: Sheet) -> int | None:
    """The number of the row."""
    return next((number for number, cells in sheet.rows.items() if _is_header(cells)), None)


def _lines(cells: Sequence[str], separator: str) -> list[str]:
    """A row outside all tables: each cell a paragraph, but a sentence that the separator has parted is one again."""
    if separator and all(cells):
        return [separator.join(cells) if separator.isspace() else f"{separator} ".join(cells)]
    return [words for words in cells if words]


def blocks_of_sheets(sheets: Sequence[Sheet]) -> list[Block]:
    """A table begins at each header that we know; what stands above it and between tables are paragraphs."""
    blocks: list[Block] = []
    last: list[str] = []  # the header of the table above
    for sheet in sheets:
        for part in _parts(sheet):
            header = [words for words in sheet.rows[part[0]] if words]
            if not is_header(header):
                blocks += [Paragraph(line) for number in part for line in _lines(sheet.rows[number], sheet.separator)]
                continue
            if part[0] == next(iter(sheet.rows)) and not _NAMELESS.fullmatch(sheet.name):
                blocks.append(Paragraph(trimmed(sheet.name)))
            is_other = bool(last) and not _kinds(header) & _kinds(last)
            blocks.append(replace(_table(sheet, part), begins_annex=is_other))
            last = header
    return blocks


def _parts(sheet: Sheet) -> Iterator[list[int]]:
    """The rows of the sheet, cut before each header and before each annex, with the lines that stand right over it."""
    part: list[int] = []
    header: list[str] = []
    for number, cells in sheet.rows.items():
        words = [one for one in cells if one]
        if _is_header(cells) and words != header:
            above = _lines_at_end(sheet, part) if header else []
            yield from filter(None, (part[: len(part) - len(above)], above))
            part, header = [], words
        elif header and len(words) == 1 and is_annex(words[0]):
            yield part
            part, header = [], []
        part.append(number)
    if part:
        yield part


def _lines_at_end(sheet: Sheet, part: list[int]) -> list[int]:
    """The rows at the end, up to the last one with several cells: a title over the table that follows."""
    count = 0
    while count < len(part) - 1 and sum(map(bool, sheet.rows[part[-1 - count]])) == 1:
        count += 1
    return part[len(part) - count :]


def _is_header(cells: Sequence[str]) -> bool:
    return is_header(words for words in cells if words)


def _kinds(header: Sequence[str]) -> set[str]:
    kinds = {"plan": is_plan_header(header), "schedule": is_schedule_header(header)}
    return {kind for kind, fits in kinds.items() if fits}


def _table(sheet: Sheet, part: list[int]) -> Table:
    """The rows without columns that are empty throughout, and without those that our own tables add to the paper."""
    grid = {number: dict(enumerate(sheet.rows[number])) for number in part}
    titles = {column: fold(words) for column, words in grid[part[0]].items() if words}
    places = own_places(list(titles.values()))
    own = {column for place, column in enumerate(titles) if place in places}
    used = sorted({column for row in grid.values() for column, words in row.items() if words} - own)
    stage = used[0] if own and titles.get(used[0]) == stage_header() else None
    if sheet.has_days_for_numbers:
        _restore_numbers(grid, [column for column, title in titles.items() if is_number_header(title)])
    merged = _merged(sheet.merges, part)
    columns = [column for column in used if column != stage]
    rows: list[Row] = []
    lines: list[int] = []
    heading = ""
    for number in part:
        found = grid[number].get(stage, "") if number != part[0] else ""
        if found and found != heading:
            rows.append((cell(found, len(columns)),))
            lines.append(number)
            heading = found
        rows.append(tuple(_row(grid[number], columns, merged.get(number, {}))))
        lines.append(number)
    return Table(tuple(rows), tuple(lines))


def _row(words: dict[int, str], columns: list[int], merged: dict[int, tuple[int, bool]]) -> Iterator[Cell]:
    covered = -1
    for column in columns:
        if column <= covered:
            continue
        covered, continues = merged.get(column, (column, False))
        span = sum(column <= other <= covered for other in columns)
        yield replace(cell(words.get(column, ""), span), continues=continues)


def _merged(merges: Sequence[Merge], part: list[int]) -> dict[int, dict[int, tuple[int, bool]]]:
    """By row and first column: the last column of the merged cell, and whether its words stand in a row above."""
    found: dict[int, dict[int, tuple[int, bool]]] = {}
    count = 0
    for merge in merges:
        for number in part:
            if merge.first_row <= number <= merge.last_row:
                count += 1
                found.setdefault(number, {})[merge.first_column] = (merge.last_column, number > merge.first_row)
        if count > MOST_MERGED:
            raise UnreadableFile(_("Too many cells of the sheet are merged. Leave only the tables of the order in it."))
    return found


def _restore_numbers(grid: dict[int, dict[int, str]], columns: list[int]) -> None:
    """«1.2» again in a column of numbers, where the program of tables made the day 01.02 of it."""
    for row in grid.values():
        for column in columns:
            if found := _DAY_AND_MONTH.fullmatch(row.get(column, "")):
                row[column] = ".".join(found.groups())
