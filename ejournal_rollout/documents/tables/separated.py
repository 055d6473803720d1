"""A text with separators (.csv): its rows, whatever the separator. Pure."""

import contextlib
import csv
import re
from collections.abc import Iterator

from .blocks import Block
from .sheets import Sheet, blocks_of_sheets, first_header

SEPARATORS = (";", ",", "\t")
ENDINGS = (".csv", ".tsv")


def separated_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, and the number of its first line: a cell in quotation marks may have several.

    csv.Error for a cell longer than 131072 letters, as when this is not the separator of the file.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    if re.fullmatch(r"sep=.", lines[0]):
        lines[0] = ""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    number = 1
    for cells in reader:
        yield number, cells
        number = reader.line_num + 1


def read_separated(text: str) -> list[Block] | None:
    """None if no separator shows the header of a table that we know. UnreadableFile for a table beyond all limits.

    The right separator shows a header first: others may find words of one in the middle of a cell.
    """
    readings: list[tuple[int, Sheet]] = []
    for separator in SEPARATORS:
        with contextlib.suppress(csv.Error):
            sheet = Sheet("", separator=separator)
            for number, cells in separated_rows(text, separator):
                sheet.add(number, cells)
            if (line := first_header(sheet)) is not None:
                readings.append((line, sheet))
    return blocks_of_sheets([min(readings, key=lambda one: one[0])[1]]) if readings else None
