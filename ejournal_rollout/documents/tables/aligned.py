"""Columns that only blanks keep apart, in a .txt. Pure.

A column begins where all lines have a blank before it; where the lines leave no such place, under its header.
"""

import re
from dataclasses import dataclass

from .blocks import Table
from .headers import is_annex, is_number, is_number_header, is_stage
from .line_ends import begins_row, run_on
from .rows import full_row

RULE = re.compile(r"[\s|+:=_\u2500-\u257f-]+")
_WIDEST = 1000  # letters and blanks; a wider line is no page, and not worth the time
_PIECE = re.compile(r"\S+(?: \S+)*")


@dataclass(frozen=True)
class _Line:
    text: str
    after_gap: bool = False

    @property
    def pieces(self) -> list[tuple[int, str]]:
        return [(found.start(), found.group()) for found in _PIECE.finditer(self.text)]


def aligned_table(lines: list[str], at: int) -> tuple[Table, int]:
    """The table whose header stands on line `at`, and the line after it."""
    header = list(_PIECE.finditer(lines[at].expandtabs()))
    starts = [found.start() for found in header]
    found, end = _lines_of(lines, at, starts)
    numbered = is_number_header(header[0].group())
    edges = _edges([line.text for line in found if not _is_wide(line, starts)], header)
    rows: list[list[str]] = []
    for line in found:
        if rows and _is_wide(line, starts):
            rows.append([line.text.strip()])
            continue
        cells = _cells(line, edges)
        is_new = is_number(cells[0]) if numbered else begins_row(cells) or (line.after_gap and bool(cells[0]))
        if not rows or is_new or len(rows[-1]) == 1:
            rows.append(cells)
        else:
            rows[-1] = [run_on(old, more, "\n") for old, more in zip(rows[-1], cells, strict=True)]
    return Table(tuple(full_row(row, len(starts)) for row in rows)), end


def _lines_of(lines: list[str], at: int, starts: list[int]) -> tuple[list[_Line], int]:
    """The lines with words of the table, and the line where it ends: an annex or a paragraph at the left edge."""
    found: list[_Line] = []
    gap = False
    for place in range(at, len(lines)):
        text = lines[place].expandtabs().rstrip()
        if not text:
            gap = True
            continue
        line = _Line(text, gap)
        pieces = line.pieces
        alone = len(pieces) == 1 and pieces[0][0] <= starts[0] and not is_number(pieces[0][1])
        if is_annex(text.strip()) or (
            alone and not _is_wide(line, starts) and not RULE.fullmatch(text) and (gap or not pieces[0][1][0].islower())
        ):
            return found, place
        if not RULE.fullmatch(text):
            found.append(line)
        gap = False
    return found, len(lines)


def _is_wide(line: _Line, starts: list[int]) -> bool:
    """A stage over the whole width of the table."""
    pieces = line.pieces
    return len(pieces) == 1 and pieces[0][0] < starts[1] and is_stage(pieces[0][1])


def _edges(texts: list[str], header: list[re.Match[str]]) -> list[int]:
    """Where each column begins: after the widest strip of blanks that runs through all lines between two headers."""
    width = max(map(len, texts))
    if width > _WIDEST:
        return [0, *(one.start() for one in header[1:])]
    is_blank = [all(text[place : place + 1] in ("", " ") for text in texts) for place in range(width)]
    edges = [0]
    for left, right in zip(header, header[1:], strict=False):
        low, high = (left.start() + left.end()) // 2, (right.start() + right.end()) // 2
        strips = list(re.finditer("b+", "".join("b" if blank else "-" for blank in is_blank[low:high])))
        widest = max(strips, key=lambda strip: (len(strip.group()), strip.end()), default=None)
        edges.append(low + widest.end() if widest else right.start())
    return edges


def _cells(line: _Line, edges: list[int]) -> list[str]:
    spans = list(zip(edges, [*edges[1:], len(line.text)], strict=True))
    if all(" " in line.text[edge - 1 : edge + 1] or edge >= len(line.text) for edge in edges[1:]):
        return [line.text[first:last].strip() for first, last in spans]
    cells = [""] * len(edges)
    for start, words in line.pieces:
        column = max((place for place, edge in enumerate(edges) if edge <= start + 2), default=0)
        cells[column] = f"{cells[column]} {words}".strip()
    return cells
