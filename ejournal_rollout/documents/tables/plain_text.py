"""A .txt with tables: how converters and mail programs write them. Pure.

The layouts met so far: one cell per line after a tab (the source order), cells of a row parted by tabs,
«|» or «;», boxes of line-drawing characters, columns aligned by blanks, one cell per line after its name.
A table begins where header words stand; whatever fits no layout stays a paragraph.
"""

import re
from collections.abc import Iterator
from itertools import islice, zip_longest

from ejournal_rollout.people.look_alikes import cyrillic

from .aligned import RULE, aligned_table
from .blocks import Block, Cell, Paragraph, Row, Table, trimmed
from .headers import is_annex, is_column, is_header, is_number, is_number_header, is_stage
from .line_ends import begins_row, is_broken, run_on
from .records import table_of_records
from .rows import LINE_BREAK, full_row
from .rows import cell as _cell

_BOX = "│┃║┆┇┊┋╎╏¦"
_WIDE_GAP = re.compile(r"\s{2,}")
_HTML_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CSV_CELL = re.compile(r'(?:(?<=;)|^)(?:\s*"(?:[^"]|"")*"\s*(?=;|$)|[^;]*)')
_NEW_TITLE = re.compile(r"\W*(?:график|расписание)\b", re.IGNORECASE)
_TITLE = re.compile(r"\W*(?:план|график|расписани|дорожн|комплекс|сетевой)", re.IGNORECASE)
_MOST_COLUMNS = 12
_MOST_HEADER_LINES = 4


def read_text(text: str) -> list[Block]:
    text = re.sub(r"\r\n?|\u2029|\x85", "\n", text).replace("\f", "\n\n").replace("\ufeff", "")
    lines = re.sub(r"\n{5,}", "\n\n\n\n", re.sub(r"(?<=\n) +(?=\n)", "", text)).split("\n")
    return list(_Reader([_upright(line.replace("\v", LINE_BREAK)) for line in lines]).blocks())


def _upright(line: str) -> str:
    """«! 1 ! Анализ !» as a row between upright lines: some keyboards had none."""
    words = line.strip()
    is_row = words.startswith("!") and words.endswith("!") and words.count("!") > 2
    return line.replace("!", "|") if is_row else line


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._no_box_before = 0  # the lines up to here were looked at: no box with a known header
        self._no_records_before = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            table = self._table()
            if table is not None:
                yield table
                continue
            words = trimmed(self._lines[self._at].replace(LINE_BREAK, "\n"))
            self._at += 1
            while is_broken(words, rest := self._lines[self._at] if self._at < len(self._lines) else ""):
                words = run_on(words, trimmed(rest))
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
            if header := self._header_of_rows(sign, self._at):
                return self._table_of_rows(sign, header)
        if _WIDE_GAP.search(line.strip()) and is_header(_WIDE_GAP.split(line.strip())):
            table, self._at = aligned_table(self._lines, self._at)
            return table
        return self._table_of_records() or self._table_of_lines()

    def _table_of_records(self) -> Table | None:
        if self._at < self._no_records_before:
            return None
        table, end = table_of_records(self._lines, self._at)
        if table is None:
            self._no_records_before = end
        else:
            self._at = end
        return table

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
        ends = self._header_end(header)
        if ends < len(header):  # no empty line stands between the header and the rows
            header = header[:ends]
            at = self._line_of_cell(first, ends)
        if not is_header(cell.text for cell in header):
            header, at = self._header_with_gaps(first)
        if len(header) < 2:
            return None
        cells = self._cells(at, len(header), numbered=is_number_header(header[0].text))
        return Table((tuple(header), *_grouped(cells, len(header), numbered=is_number_header(header[0].text))))

    @staticmethod
    def _header_end(cells: list[Cell]) -> int:
        """How many of the cells that follow each other without a gap are the header: all, or those naming columns."""
        names = [is_column(cell.text) for cell in cells]
        if sum(names) * 2 > len(cells):
            return len(cells)
        numbered = is_number_header(cells[0].text)
        ends = next((at for at, cell in enumerate(cells) if (is_number(cell.text) if numbered else not names[at])), 0)
        return ends if is_header(cell.text for cell in cells[:ends]) else len(cells)

    def _line_of_cell(self, at: int, count: int) -> int:
        """The line on which the cell stands that has `count` others before it, from line `at` on."""
        begins = (place for place in range(at, len(self._lines)) if self._lines[place].startswith("\t"))
        return next(islice(begins, count, None))

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
        if header and _TITLE.match(cyrillic(header[0])) and is_header(header[1:]):
            return None  # the table begins on the next line
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
        if row or len(rows) == 1 or (numbered and any(len(one) > 1 and not is_number(one[0]) for one in rows[1:])):
            return None
        self._at = at
        return Table(tuple(full_row(cells, len(header)) for cells in rows))

    # One row per line.

    def _header_of_rows(self, sign: str, at: int) -> str:
        """The line with the header, or several that make one: «Срок» and «исполнения» in one cell of tab rows."""
        line = self._lines[at] if at < len(self._lines) else ""
        header = line if sign in line and is_header(_split(line, sign)) else ""
        if sign != "\t" or not (header or is_column(line.strip())) or self._heads_table(at):
            return header
        for count in range(2, _MOST_HEADER_LINES + 1):
            lines = self._lines[at : at + count]
            cells = _split(LINE_BREAK.join(lines), sign)
            if not all(one.strip() for one in lines) or not all(is_column(cell) for cell in cells):
                break
            if is_header(cells) and len(cells) > len(_split(header, sign)):
                header = LINE_BREAK.join(lines)
        return header

    def _heads_table(self, at: int) -> bool:
        """«График консультаций» right above the header is a title and no word of it."""
        line = self._lines[at]
        if "\t" in line or " " not in line.strip() or not _TITLE.match(cyrillic(line)):
            return False
        below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        return below.startswith("\t") or bool(self._header_of_rows("\t", at + 1))

    def _table_of_rows(self, sign: str, printed: str) -> Table:
        squeezed = sign == "\t" and "\t\t" in printed.strip("\t")
        header = _split(printed, sign, squeezed=squeezed)
        width, numbered = len(header), is_number_header(header[0])
        is_open = sign == "|" and not printed.lstrip().startswith("|")  # a line that begins with «|» has an empty cell
        rows: list[list[str]] = [header]
        self._at += 1 + printed.count(LINE_BREAK)
        while self._at < len(self._lines):
            following = self._next_words(self._at)
            gap = following > self._at
            if following >= len(self._lines):
                self._at = following
                break
            line = self._whole(following, sign)
            if sign == "|" and RULE.fullmatch(line):
                self._at += 1
                continue
            cells = _split(f"|{line}" if is_open else line, sign, squeezed=squeezed)
            if sign == "|" and _stands_under(printed, line) and _is_rest(cells, header, numbered=numbered):
                rows[-1] = [run_on(old, more) for old, more in zip_longest(rows[-1], cells, fillvalue="")]
            elif sign not in line:
                if is_annex(line) or self._leads_to_another(following, sign, header, squeezed=squeezed):
                    break
                if not self._goes_on_as_row(following, sign, rows[-1], gap=gap, width=width):
                    break
                if gap or (len(rows[-1]) in (1, width) and (line[:1].isupper() or is_stage(line))):
                    rows.append([line])
                else:
                    rows[-1][-1] = run_on(rows[-1][-1], line.strip(), "\n")
            elif (
                1 < len(rows[-1]) < width
                and not gap
                and not is_number(cells[0])
                and len(rows[-1]) + len(cells) - 1 <= width
            ):
                rows[-1][-1] = run_on(rows[-1][-1], cells[0], "\n")  # a line break inside a cell
                rows[-1] += cells[1:]
            elif gap and (is_header(cells) and cells != header or _signs_off(cells, header)):
                break
            else:
                rows.append(cells)
            self._at = following + 1 + line.count("\n")
        return Table(tuple(full_row(cells, width) for cells in rows))

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
        if following < len(self._lines) and RULE.fullmatch(self._lines[following]):
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
            if RULE.fullmatch(line) and not line.isspace() and line:
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
        return Table(tuple(full_row(row, width) for row in rows))


def _split(line: str, sign: str, *, squeezed: bool = False) -> list[str]:
    if sign == "|":
        line = _HTML_BREAK.sub(LINE_BREAK, re.sub(r"^\s*\||\|\s*$", "", line))
    if sign == ";" and '"' in line:
        return [_unquoted(found.group().strip()) for found in _CSV_CELL.finditer(line)]
    cells = re.split(r"\t+", line.strip("\t")) if squeezed else line.split(sign)
    if sign == "\t" and not squeezed:
        while len(cells) > 1 and not cells[-1].strip():
            cells.pop()
    return [_unquoted(cell.strip()) for cell in cells]


def _stands_under(header: str, line: str) -> bool:
    """Both have their upright lines in the same places, as a table has that was drawn by hand."""
    return [at for at, sign in enumerate(header) if sign == "|"] == [at for at, sign in enumerate(line) if sign == "|"]


def _is_rest(cells: list[str], header: list[str], *, numbered: bool) -> bool:
    """Whether the cells are the rest of those above them; a stage without a number and a second header begin a row."""
    if cells == header or len(cells) != len(header) or (sum(map(bool, cells)) == 1 and is_stage("".join(cells))):
        return False
    return not cells[0] or not is_number(cells[0]) if numbered else not begins_row(cells)


def _signs_off(cells: list[str], header: list[str]) -> bool:
    """«Директор ____ И.И. Иванов» under a numbered table is no row of it."""
    return is_number_header(header[0]) and bool(cells[0]) and not is_number(cells[0]) and len(cells) < len(header)


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and re.search(r'\n|;|""', cell[1:-1]):
        return cell[1:-1].replace('""', '"')
    if len(cell) > 4 and cell.startswith("**") and cell.endswith("**"):
        return cell[2:-2]
    return cell


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
    return bool(line.strip()) and (any(sign in line for sign in _BOX) or bool(RULE.fullmatch(line)))


def _drawn_rows(lines: list[list[str]], *, ruled: bool) -> Iterator[list[str]]:
    """The rows between two rules of a box: cells broken over lines are put together again."""
    row: list[str] = []
    for cells in lines:
        new_row = is_number(cells[0]) or (not ruled and begins_row(cells))
        if row and len(cells) == len(row) and not (new_row and len(cells) > 1):
            row = [run_on(old, more) for old, more in zip(row, cells, strict=True)]
            continue
        if row:
            yield row
        row = cells
    if row:
        yield row
