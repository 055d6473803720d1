"""A .txt with tables: how converters and mail programs write them. Pure.

The layouts met so far: one cell per line after a tab (the source order), cells of a row parted by tabs,
«|» or «;», boxes of line-drawing characters, columns aligned by blanks. A table begins where header
words stand; whatever fits no layout stays a paragraph.
"""

import re
from collections.abc import Iterator

from .blocks import Block, Cell, Paragraph, Row, Table, trimmed
from .headers import is_annex, is_column, is_header, is_number, is_number_header, is_stage
from .line_ends import run_on

_BOX = "│┃║┆┇┊┋╎╏¦"
_RULE = re.compile(r"[\s|+:=_\u2500-\u257f-]+")
_WIDE_GAP = re.compile(r"\s{2,}")
_NEW_TITLE = re.compile(r"\W*(?:график|расписание)\b", re.IGNORECASE)
_MOST_COLUMNS = 12


def read_text(text: str) -> list[Block]:
    text = re.sub(r"\r\n?|\u2029|\x85", "\n", text).replace("\f", "\n\n").replace("\ufeff", "")
    lines = re.sub(r"\n{5,}", "\n\n\n\n", re.sub(r"(?<=\n) +(?=\n)", "", text)).split("\n")
    return list(_Reader([line.replace("\v", "\u2028") for line in lines]).blocks())


def _cell(text: str, span: int = 1) -> Cell:
    words = trimmed(text.replace("\u2028", "\n"))
    return Cell(words, span, blocks=(Paragraph(words),))


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._no_box_before = 0  # the lines up to here were looked at: no box with a known header

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            table = self._table()
            if table is not None:
                yield table
                continue
            words = trimmed(self._lines[self._at].replace("\u2028", "\n"))
            self._at += 1
            if words:
                yield Paragraph(words)

    def _table(self) -> Table | None:
        """The table that begins on the present line, if one does."""
        line = self._lines[self._at]
        if _is_drawn(line):
            return self._boxed_table() if self._at >= self._no_box_before else None
        if line.startswith("\t") and "\t" not in line.strip("\t"):
            return self._table_of_cells()
        for sign in ("\t", "|", ";"):
            if sign in line and is_header(_split(line, sign)):
                return self._table_of_rows(sign)
        if _WIDE_GAP.search(line.strip()) and is_header(_WIDE_GAP.split(line.strip())):
            return self._aligned_table()
        return self._table_of_lines()

    def _next_words(self, start: int) -> int:
        """The next line with words, at or after `start`; the number of lines if there is none."""
        while start < len(self._lines) and not self._lines[start].strip():
            start += 1
        return start

    # One cell per line: a tab begins a cell, a line without one goes on with it.

    def _table_of_cells(self) -> Table | None:
        first = self._at
        header, at = [], first
        while at < len(self._lines) and self._lines[at].startswith("\t") and len(header) < _MOST_COLUMNS:
            words = [self._lines[at]]
            at += 1
            while at < len(self._lines) and self._lines[at].strip() and not self._lines[at].startswith("\t"):
                words.append(self._lines[at])
                at += 1
            header.append(_cell("\n".join(words)))
        if not is_header(cell.text for cell in header):
            header, at = self._header_with_gaps(first)
        if len(header) < 2:
            return None
        cells = self._cells(at, len(header), numbered=is_number_header(header[0].text))
        return Table((tuple(header), *_grouped(cells, len(header), numbered=is_number_header(header[0].text))))

    def _header_with_gaps(self, at: int) -> tuple[list[Cell], int]:
        """The same with an empty line between all cells: the header ends where a number or a stage stands."""
        header: list[Cell] = []
        while (at := self._next_words(at)) < len(self._lines) and self._lines[at].startswith("\t"):
            cell = _cell(self._lines[at])
            if header and (is_number(cell.text) or is_stage(cell.text)) and is_header(one.text for one in header):
                return header, at
            header.append(cell)
            at += 1
            if len(header) > _MOST_COLUMNS:
                break
        return [], at

    def _cells(self, at: int, width: int, *, numbered: bool) -> list[tuple[Cell, bool]]:
        """Each cell with whether an empty line follows it. Ends where the table ends."""
        cells: list[tuple[list[str], bool]] = []
        while at < len(self._lines):
            following = at  # a line of one tab is an empty cell, not an empty line
            while following < len(self._lines) and not self._lines[following].strip(" \xa0"):
                following += 1
            gap = following > at
            if following >= len(self._lines):
                at = following
                break
            line = self._lines[following]
            if gap and cells:
                cells[-1] = (cells[-1][0], True)
            if line.startswith("\t"):
                if "\t" in line.strip("\t"):
                    break
                cells.append(([line], False))
            elif is_annex(line) or not cells or (gap and not self._goes_on(following, following - at)):
                break
            elif gap and is_stage(line) and len(cells) % width == 0 and not numbered:
                cells.append(([line], False))
            else:
                cells[-1] = ([*cells[-1][0], line], False)
            at = following + 1
        self._at = at
        return [(_cell("\n".join(lines)), gap) for lines, gap in cells]

    def _goes_on(self, at: int, gap: int) -> bool:
        """Whether a line without a tab, after `gap` empty ones, still belongs to the cells before it."""
        for line in self._lines[at:]:
            if is_annex(line):
                return False
            if line.startswith("\t"):
                return gap < 3
        return False

    # One cell per line without any mark: read only if the lines fit the columns exactly.

    def _table_of_lines(self) -> Table | None:
        header, at = [], self._at
        while at < len(self._lines) and len(header) < _MOST_COLUMNS and is_column(self._lines[at].strip()):
            header.append(self._lines[at].strip())
            at = self._next_words(at + 1)
        if len(header) < 3 or not is_header(header):
            return None
        numbered = is_number_header(header[0])
        rows: list[list[str]] = [header]
        row: list[str] = []
        while at < len(self._lines) and not is_annex(self._lines[at]):
            line = self._lines[at].strip()
            if not row and (numbered and not is_number(line) or not numbered and is_stage(line)):
                if not is_stage(line):
                    break
                rows.append([line])
            else:
                row.append(line)
            if len(row) == len(header):
                rows.append(row)
                row = []
            at = self._next_words(at + 1)
        if row or (numbered and any(len(one) > 1 and not is_number(one[0]) for one in rows[1:])):
            return None
        self._at = at
        return Table(tuple(_row(cells, len(header)) for cells in rows))

    # One row per line.

    def _table_of_rows(self, sign: str) -> Table:
        squeezed = sign == "\t" and "\t\t" in self._lines[self._at].strip("\t")
        header = _split(self._lines[self._at], sign, squeezed=squeezed)
        width = len(header)
        rows: list[list[str]] = [header]
        self._at += 1
        while self._at < len(self._lines):
            following = self._next_words(self._at)
            gap = following > self._at
            if following >= len(self._lines):
                self._at = following
                break
            line = self._whole(following, sign)
            if sign == "|" and _RULE.fullmatch(line):
                self._at += 1
                continue
            cells = _split(line, sign, squeezed=squeezed)
            if sign not in line:
                if is_annex(line) or self._leads_to_another(following, sign, header, squeezed=squeezed):
                    break
                if not self._goes_on_as_row(following, sign, rows[-1], gap=gap, width=width):
                    break
                if gap or (len(rows[-1]) in (1, width) and (line[:1].isupper() or is_stage(line))):
                    rows.append([line])
                else:
                    rows[-1][-1] += f"\n{line}"
            elif (
                1 < len(rows[-1]) < width
                and not gap
                and not is_number(cells[0])
                and len(rows[-1]) + len(cells) - 1 <= width
            ):
                rows[-1][-1] += f"\n{cells[0]}"  # a line break inside a cell
                rows[-1] += cells[1:]
            elif gap and (is_header(cells) and cells != header or _signs_off(cells, header)):
                break
            else:
                rows.append(cells)
            self._at = following + 1 + line.count("\n")
        return Table(tuple(_row(cells, width) for cells in rows))

    def _whole(self, at: int, sign: str) -> str:
        """The line with those it runs on into, if a quoted cell (as Excel copies it) holds line breaks."""
        line = self._lines[at]
        if re.search(rf'(?:^|{re.escape(sign)})"', line) and line.count('"') % 2:
            for end in range(at + 1, min(at + 20, len(self._lines))):
                joined = "\n".join(self._lines[at : end + 1])
                if joined.count('"') % 2 == 0:
                    return joined
        return line

    def _leads_to_another(self, at: int, sign: str, header: list[str], *, squeezed: bool) -> bool:
        """«График консультаций» between the rows of a plan and the header of a schedule is no row of the plan."""
        following = self._next_words(at + 1)
        if following < len(self._lines) and _RULE.fullmatch(self._lines[following]):
            following = self._next_words(following + 1)
        if following >= len(self._lines) or sign not in self._lines[following]:
            return False
        cells = _split(self._lines[following], sign, squeezed=squeezed)
        return is_header(cells) and (cells != header or bool(_NEW_TITLE.match(self._lines[at])))

    def _goes_on_as_row(self, at: int, sign: str, last: list[str], *, gap: bool, width: int) -> bool:
        """Whether a line without cell marks belongs to the table: a stage, or the rest of the last cell."""
        following = self._next_words(at + 1)
        more_rows = following < len(self._lines) and sign in self._lines[following]
        if gap:
            return more_rows and (is_stage(self._lines[at]) or following == at + 1)
        return more_rows or 1 < len(last) < width or self._lines[at][:1].islower()

    # Boxes of line-drawing characters.

    def _boxed_table(self) -> Table | None:
        first = self._at
        groups: list[list[list[str]]] = [[]]
        at = first
        while at < len(self._lines):
            line = self._lines[at].strip()
            if _RULE.fullmatch(line) and not line.isspace() and line:
                groups.append([])
            elif any(sign in line for sign in _BOX) or line.startswith("|"):
                groups[-1].append([cell.strip() for cell in re.split(f"[|{_BOX}]", line.strip(f"|{_BOX}"))])
            elif line or self._next_words(at) >= len(self._lines) or not _is_drawn(self._lines[self._next_words(at)]):
                break
            at += 1
        ruled = sum(bool(group) for group in groups) > 2  # more rules than the one under the header
        rows = [row for group in groups for row in _drawn_rows(group, ruled=ruled)]
        if not any(is_header(row) for row in rows[:3]):
            self._no_box_before = at
            return None
        self._at = at
        width = max(len(row) for row in rows)
        return Table(tuple(_row(row, width) for row in rows))

    # Columns aligned by blanks.

    def _aligned_table(self) -> Table:
        header = self._lines[self._at].expandtabs()
        starts = [found.start() for found in re.finditer(r"\S+(?: \S+)*", header)]
        rows = [_WIDE_GAP.split(header.strip())]
        numbered = is_number_header(rows[0][0])
        self._at += 1
        gap = False
        while self._at < len(self._lines):
            line = self._lines[self._at].expandtabs()
            if is_annex(line.strip()):
                break
            if not line.strip():
                gap = True
            elif not _RULE.fullmatch(line):
                pieces = [(found.start(), found.group()) for found in re.finditer(r"\S+(?: \S+)*", line)]
                if len(pieces) == 1 and (is_stage(pieces[0][1]) and pieces[0][0] < starts[1]):
                    rows.append([pieces[0][1]])
                elif len(pieces) == 1 and pieces[0][0] < starts[0] + 1 and not is_number(pieces[0][1]):
                    break
                else:
                    cells = [""] * len(starts)
                    for start, words in pieces:
                        column = max((place for place, edge in enumerate(starts) if edge <= start + 2), default=0)
                        cells[column] = f"{cells[column]} {words}".strip()
                    new = is_number(cells[0]) if numbered else _begins_row(cells) or (gap and bool(cells[0]))
                    if new or len(rows[-1]) == 1:
                        rows.append(cells)
                    else:
                        rows[-1] = [run_on(old, more, "\n") for old, more in zip(rows[-1], cells, strict=True)]
                gap = False
            self._at += 1
        return Table(tuple(_row(row, len(starts)) for row in rows))


def _split(line: str, sign: str, *, squeezed: bool = False) -> list[str]:
    if sign == "|":
        line = re.sub(r"^\s*\||\|\s*$", "", line)
    cells = re.split(r"\t+", line.strip("\t")) if squeezed else line.split(sign)
    if sign == "\t" and not squeezed:
        while len(cells) > 1 and not cells[-1].strip():
            cells.pop()
    return [_unquoted(cell.strip()) for cell in cells]


def _signs_off(cells: list[str], header: list[str]) -> bool:
    """«Директор ____ И.И. Иванов» under a numbered table is no row of it."""
    return is_number_header(header[0]) and bool(cells[0]) and not is_number(cells[0]) and len(cells) < len(header)


def _unquoted(cell: str) -> str:
    if "\n" in cell and len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    if len(cell) > 4 and cell.startswith("**") and cell.endswith("**"):
        return cell[2:-2]
    return cell


def _row(cells: list[str], width: int) -> Row:
    """A lone cell is a full-width row; a short row is filled up on the right."""
    if len(cells) == 1 and width > 1:
        return (_cell(cells[0], width),)
    return tuple(_cell(cell) for cell in [*cells, *[""] * (width - len(cells))])


def _grouped(cells: list[tuple[Cell, bool]], width: int, *, numbered: bool) -> Iterator[Row]:
    """Rows out of a run of cells. In a numbered table a number begins a row and other words there are a stage."""
    at = 0
    while at < len(cells):
        cell, gap = cells[at]
        alone = not is_number(cell.text) if numbered else (gap and is_stage(cell.text))
        if alone:
            yield (_cell(cell.text, width),)
            at += 1
            continue
        row = [cell]
        while at + len(row) < len(cells) and len(row) < width:
            following, _gap = cells[at + len(row)]
            ended = cells[at + len(row) - 1][1]
            if numbered and ended and len(row) > 1 and (is_number(following.text) and "." in following.text):
                break
            row.append(following)
        at += len(row)
        yield (*row, *[_cell("")] * (width - len(row)))


def _is_drawn(line: str) -> bool:
    return bool(line.strip()) and (any(sign in line for sign in _BOX) or bool(_RULE.fullmatch(line)))


def _drawn_rows(lines: list[list[str]], *, ruled: bool) -> Iterator[list[str]]:
    """The rows between two rules of a box: cells broken over lines are put together again."""
    row: list[str] = []
    for cells in lines:
        new_row = is_number(cells[0]) or (not ruled and _begins_row(cells))
        if row and len(cells) == len(row) and not (new_row and len(cells) > 1):
            row = [run_on(old, more) for old, more in zip(row, cells, strict=True)]
            continue
        if row:
            yield row
        row = cells
    if row:
        yield row


def _begins_row(cells: list[str]) -> bool:
    """Whether a line of a table without rules is a new row, not the rest of the cells above it."""
    filled = sum(bool(cell) for cell in cells)
    return bool(cells[0]) and not cells[0][0].islower() and 2 * filled >= len(cells)
