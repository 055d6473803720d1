"""A table as rows of named cells: columns by the words of their headers, never by their place. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ejournal_rollout.documents.tables import Cell, Row, Table
from ejournal_rollout.documents.tables.headers import is_header, is_number, is_sheet
from ejournal_rollout.orders.drafts import Column, fold

_FIRST_ROWS = 5  # a header stands among them; above it there may be a caption


@dataclass(frozen=True)
class NamedRow:
    """A row under a header. `cells` by column; `merged_above` are the columns whose cell continues from above;
    `line` is the row's number in the table, from 1. A full-width row has its words in `heading`; they are `repeated` if
    they stand in every cell instead."""

    line: int
    cells: tuple[str, ...] = ()
    merged_above: frozenset[int] = frozenset()
    wide: tuple[int, ...] = ()
    heading: str = ""
    repeated: bool = False

    @property
    def filled(self) -> list[int]:
        return [place for place, words in enumerate(self.cells) if words]


@dataclass(frozen=True)
class Header:
    """The columns of a table with the grid columns on which they begin.

    `first` is its upper row and `row` the first one under it, both from 0. `lines` are its rows as printed: a header
    repeated on the next page is one of them, or differs from it by the ends of its words.
    """

    columns: tuple[Column, ...]
    starts: tuple[int, ...]
    width: int
    first: int
    row: int
    lines: frozenset[tuple[str, ...]]

    def places(self, name: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.field == name]

    def place(self, name: str) -> int | None:
        return next(iter(self.places(name)), None)


def find_header(
    table: Table, fits: Callable[[list[str]], bool], name_fields: Callable[[list[str]], list[str]]
) -> Header | None:
    """The header among the first rows, with its lower lines where «Сроки» stands over «начало» and «окончание»."""
    for at in range(min(_FIRST_ROWS, len(table.rows))):
        columns, last = _positions(table.rows[at]), at
        if len(columns) < 2:
            continue  # a caption
        while last + 1 < len(table.rows) and _is_lower_line(table.rows[last + 1], columns):
            last += 1
            columns = _parted(columns, table.rows[last])
        words = [cell.text for _start, cell in columns]
        if fits(words):
            return Header(
                tuple(map(Column, name_fields(words), words)),
                tuple(start for start, _cell in columns),
                columns[-1][0] + columns[-1][1].span,
                at,
                last + 1,
                frozenset(_printed(row) for row in table.rows[at : last + 1]),
            )
    return None


def header_words(table: Table) -> list[str]:
    """The words of the table's header, whether of a plan or of a schedule; [] where it has none."""
    header = find_header(table, is_header, lambda words: ["" for _word in words])
    return [column.header for column in header.columns] if header else []


def without_caption(table: Table) -> tuple[list[str], Table]:
    """Lone cells over the header («ПЛАН-ГРАФИК», «Приложение 1 …») as lines, and the table under them."""
    header = find_header(table, is_header, lambda words: ["" for _word in words])
    captions = [_printed(row) for row in table.rows[: header.first]] if header else []
    if not captions or any(len(words) > 1 for words in captions):
        return [], table
    lines = [cell.text for row in table.rows[: header.first] for cell in row if cell.text]
    return lines, table.without_first(header.first)


def _is_lower_line(row: Row, columns: list[tuple[int, Cell]]) -> bool:
    """Whether the row parts a cell of the header above it: beside its words there is nothing of its own."""
    if any(is_number(cell.text) for cell in row):
        return False
    wide = [range(start, start + cell.span) for start, cell in columns if cell.span > 1]
    under = [any(start in span for span in wide) for start, _cell in _positions(row)]
    filled = [bool(cell.text) and not cell.continues for cell in row]
    if any(cell.continues for cell in row):
        return any(filled)
    return any(filled) and not any(words and not inside for words, inside in zip(filled, under, strict=True))


def _parted(columns: list[tuple[int, Cell]], below: Row) -> list[tuple[int, Cell]]:
    """Each lower cell is a column, named by both lines."""
    parted = []
    for start, cell in _positions(below):
        top = next((one for edge, one in reversed(columns) if edge <= start), columns[0][1])
        words = "\n".join(filter(None, (top.text, "" if cell.continues else cell.text)))
        parted.append((start, Cell(words, cell.span)))
    return parted


def _positions(row: Row) -> list[tuple[int, Cell]]:
    positions, start = [], 0
    for cell in row:
        positions.append((start, cell))
        start += cell.span
    return positions


def _printed(row: Row) -> tuple[str, ...]:
    return tuple(fold(cell.text) for cell in row if cell.text)


def rows_under(table: Table, header: Header, first: int) -> Iterator[NamedRow]:
    """The rows of the table from `first` on, without repeated headers, column numbers and empty rows."""
    above = [""] * len(header.columns)
    for place, row in enumerate(table.rows[first:], start=first):
        words = _printed(row)
        if not words or _repeats(words, row, header) or _counts_columns(words, len(row)):
            continue
        heading = _full_width(row, header)
        if heading:
            yield NamedRow(table.line(place), heading=heading, repeated=len(row) == len(header.columns) > 1)
            continue
        by_index = len(row) == len(header.columns)
        cells = [""] * len(header.columns)
        merged, wide = set(), []
        for index, (start, cell) in enumerate(_positions(row)):
            column = index if by_index else max((n for n, edge in enumerate(header.starts) if edge <= start), default=0)
            if cell.continues:
                cells[column] = above[column]
                merged.add(column)
            elif cell.text:
                cells[column] = f"{cells[column]}\n{cell.text}" if cells[column] else cell.text
                if not by_index and sum(start < edge < start + cell.span for edge in header.starts) > 0:
                    wide.append(column)
        above = cells
        yield NamedRow(table.line(place), tuple(cells), frozenset(merged), tuple(wide))


def goes_on(table: Table, header: Header) -> bool:
    """Whether a table without such a header has the columns of the one above it, and is no sheet of signatures."""
    first = [cell.text for cell in table.rows[0]] if table.rows else []
    return table.width in (header.width, len(header.columns)) and not is_sheet(first)


def _repeats(words: tuple[str, ...], row: Row, header: Header) -> bool:
    """Whether the row is the header again."""
    if words in header.lines:
        return True
    cells = [cell.text for cell in row]
    titles = [column.header for column in header.columns]
    return (
        len(cells) == len(titles)
        and is_header(cells)
        and not any(map(str.isdigit, "".join(cells)))
        and all(fold(cell)[:4].lower() == fold(title)[:4].lower() for cell, title in zip(cells, titles, strict=True))
    )


def _full_width(row: Row, header: Header) -> str:
    """The words of a stage: one printed cell over at least all columns but one, or the same words in every cell."""
    filled = [cell.text for cell in row if cell.text]
    number, *others = filled if len(filled) > 1 and is_number(filled[0]) else ["", *filled]
    if len(row) == len(header.columns) == len(filled) and len(others) > 2 and len(set(others)) == 1:
        return f"{number} {others[0]}".strip()
    widest = max(row, key=lambda cell: cell.span)
    is_wide = len(header.columns) > 1 and widest.span > 1 and widest.span >= header.width - 1
    return widest.text if is_wide and len(filled) == 1 else ""


_COUNTED = ("1 2 3 4 5 6 7 8 9 10 11 12", "I II III IV V VI VII VIII IX X XI XII", "А Б В Г Д Е Ж З И К Л М")


def _counts_columns(words: tuple[str, ...], width: int) -> bool:
    """«1 2 3 4 5» or «А Б В Г» under the header."""
    signs = [word.strip("().").upper() for word in words]
    return 1 < len(signs) == width and any(signs == counted.split()[:width] for counted in _COUNTED)


_LINE_NUMBER = re.compile(r"\s*\d{1,2}[.)](?!\d)[ \t\xa0]*(?=\S)")


def split_number(words: str) -> tuple[str, str]:
    """«1.1. Готовность базы» -> («1.1.», «Готовность базы»), for plans whose numbers have no column."""
    found = re.match(r"(\d{1,2}(?:\.\d{1,2})*\.(?!\d)|\d{1,2}(?:\.\d{1,2})+(?=\s)|\d{1,2}\))[ \t\xa0]*(?=\S)", words)
    return (found[1], words[found.end() :]) if found and not is_list(words) else ("", words)


def is_list(words: str) -> bool:
    """Whether several lines of a cell are numbered: «1) Анализ», «2) Обучение»."""
    return sum(bool(_LINE_NUMBER.match(line)) for line in words.split("\n")) > 1


def named_by_numbers(header: Header, rows: list[NamedRow]) -> Header:
    """A column of numbers that is not called so: without a header, or with one that another column has too."""
    if header.place("number") is not None or not rows:
        return header
    for place, column in enumerate(header.columns):
        cells = [row.cells[place] for row in rows if row.cells and row.cells[place]]
        is_second = column.field in ("question", "direction") and len(header.places(column.field)) > 1
        spare = not column.header or is_second
        if spare and cells and sum(map(is_number, cells)) * 2 > len(cells):
            columns = list(header.columns)
            columns[place] = Column("number", column.header)
            return replace(header, columns=tuple(columns))
    return header
