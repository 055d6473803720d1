"""A table as rows of named cells: columns by the words of their headers, never by their place. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ejournal_rollout.documents.tables import Cell, Row, Table
from ejournal_rollout.documents.tables.headers import is_number
from ejournal_rollout.orders.drafts import Column, fold

_FIRST_ROWS = 5  # a header stands among them; above it there may be a caption


@dataclass(frozen=True)
class NamedRow:
    """A row under a header. `cells` by column; `merged_above` are the columns whose cell continues from above;
    `line` is the row's place in the table, from 1. A full-width row has its words in `heading`."""

    line: int
    cells: tuple[str, ...] = ()
    merged_above: frozenset[int] = frozenset()
    wide: tuple[int, ...] = ()
    heading: str = ""

    @property
    def filled(self) -> list[int]:
        return [place for place, words in enumerate(self.cells) if words]


@dataclass(frozen=True)
class Header:
    """The columns of a table with the grid columns on which they begin."""

    columns: tuple[Column, ...]
    starts: tuple[int, ...]
    width: int
    row: int  # the first row under the header

    def places(self, name: str) -> list[int]:
        return [place for place, column in enumerate(self.columns) if column.field == name]

    def place(self, name: str) -> int | None:
        return next(iter(self.places(name)), None)


def find_header(
    table: Table, fits: Callable[[list[str]], bool], name_fields: Callable[[list[str]], list[str]]
) -> Header | None:
    """The header among the first rows, with a second line of it if cells are merged downwards."""
    for at, row in enumerate(table.rows[:_FIRST_ROWS]):
        words = [cell.text for cell in row]
        if not fits(words):
            continue
        columns = _positions(row)
        names = dict(zip((start for start, _cell in columns), name_fields(words), strict=True))
        below = table.rows[at + 1] if at + 1 < len(table.rows) else ()
        if any(cell.continues for cell in below):
            return _two_lines(columns, names, below, at, name_fields)
        return Header(
            tuple(Column(names[start], cell.text) for start, cell in columns),
            tuple(start for start, _cell in columns),
            sum(cell.span for cell in row),
            at + 1,
        )
    return None


def _two_lines(
    columns: list[tuple[int, Cell]],
    names: dict[int, str],
    below: Row,
    at: int,
    name_fields: Callable[[list[str]], list[str]],
) -> Header:
    """«Сроки» over «начало» and «окончание»: each lower cell is a column, named by both."""
    found: list[Column] = []
    starts: list[int] = []
    for start, cell in _positions(below):
        top_start, top = next((one for one in reversed(columns) if one[0] <= start), columns[0])
        if cell.continues or not cell.text:
            found.append(Column(names[top_start], top.text))
        else:
            own = name_fields([cell.text])[0]
            found.append(Column(names[top_start] or own, f"{top.text}\n{cell.text}"))
        starts.append(start)
    return Header(tuple(found), tuple(starts), starts[-1] + below[-1].span, at + 2)


def _positions(row: Row) -> list[tuple[int, Cell]]:
    positions, start = [], 0
    for cell in row:
        positions.append((start, cell))
        start += cell.span
    return positions


def rows_under(table: Table, header: Header, first: int) -> Iterator[NamedRow]:
    """The rows of the table from `first` on, without repeated headers, column numbers and empty rows."""
    above = [""] * len(header.columns)
    titles = [fold(column.header) for column in header.columns]
    for place, row in enumerate(table.rows[first:], start=first):
        words = [fold(cell.text) for cell in row if cell.text]
        if not words or words == [title for title in titles if title] or _counts_columns(words, len(row)):
            continue
        if len(words) == 1 and _is_full_width(row, header):
            yield NamedRow(place + 1, heading=next(cell.text for cell in row if cell.text))
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
        yield NamedRow(place + 1, tuple(cells), frozenset(merged), tuple(wide))


def _is_full_width(row: Row, header: Header) -> bool:
    """One printed cell over at least all columns but one: a stage, not a task."""
    widest = max(row, key=lambda cell: cell.span)
    return len(header.columns) > 1 and widest.text != "" and widest.span > 1 and widest.span >= header.width - 1


def _counts_columns(words: list[str], width: int) -> bool:
    """«1 2 3 4 5» under the header."""
    return len(words) > 1 and len(words) == width and words == [str(number) for number in range(1, width + 1)]


def split_number(words: str) -> tuple[str, str]:
    """«1.1. Готовность базы» -> («1.1.», «Готовность базы»), for plans whose numbers have no column."""
    found = re.match(r"(\d{1,2}(?:\.\d{1,2})*\.(?!\d)|\d{1,2}(?:\.\d{1,2})+(?=\s))[ \t\xa0]*(?=\S)", words)
    return (found[1], words[found.end() :]) if found else ("", words)


def named_by_numbers(header: Header, rows: list[NamedRow]) -> Header:
    """A column without a header whose cells are numbers is the column of numbers."""
    if header.place("number") is not None or not rows:
        return header
    for place, column in enumerate(header.columns):
        cells = [row.cells[place] for row in rows if row.cells and row.cells[place]]
        if not column.header and cells and sum(map(is_number, cells)) * 2 > len(cells):
            columns = list(header.columns)
            columns[place] = Column("number", column.header)
            return Header(tuple(columns), header.starts, header.width, header.row)
    return header
