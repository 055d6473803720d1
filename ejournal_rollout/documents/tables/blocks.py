"""What stands on paper, whatever the file: paragraphs and tables in their order. Pure."""

import re
from dataclasses import dataclass, replace

from .letters import UNSEEN

_UNSEEN = re.compile(f"[{UNSEEN}]")


class UnreadableFile(Exception):
    """The file gives no order; `str()` is one sentence that tells a person what to do."""


class ForeignFormat(UnreadableFile):
    """A file that LibreOffice could turn into a .docx; `ending` is "doc" or "odt"."""

    def __init__(self, sentence: str, ending: str) -> None:
        super().__init__(sentence)
        self.ending = ending


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as printed: an automatic number or bullet stands before its words, a line break is "\\n"."""

    text: str


@dataclass(frozen=True)
class Cell:
    """A cell as printed. `span` counts the columns it covers; `continues` is the lower part of a vertical
    merge, whose words stand above. `blocks` are its paragraphs and tables, for a table that only lays out a page."""

    text: str
    span: int = 1
    continues: bool = False
    blocks: tuple["Block", ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """`lines` are the numbers of the rows as a program of tables shows them; without them rows count from 1.

    `begins_annex`: no heading stands between this table of a sheet and one of another kind above it.
    """

    rows: tuple[Row, ...]
    lines: tuple[int, ...] = ()
    begins_annex: bool = False

    @property
    def width(self) -> int:
        return max((sum(cell.span for cell in row) for row in self.rows), default=0)

    def line(self, place: int) -> int:
        """The number of a row for the places in remarks; `place` counts from 0."""
        return self.lines[place] if self.lines else place + 1

    def without_first(self, count: int) -> "Table":
        """The rows under the first `count`; each keeps its number."""
        lines = tuple(self.line(place) for place in range(count, len(self.rows)))
        return replace(self, rows=self.rows[count:], lines=lines)


Block = Paragraph | Table


def trimmed(text: str) -> str:
    """The same words without blanks at the ends of lines, empty lines at the ends and signs that nobody sees.

    Blanks before a line inside the text stay: they were typed («Ежедневно\\n с 8.00»).
    """
    seen = _UNSEEN.sub("", text)
    return "\n".join(line.rstrip(" \t\r\xa0") for line in seen.split("\n")).strip(" \t\r\n\xa0")
