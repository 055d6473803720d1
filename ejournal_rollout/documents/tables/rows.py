"""Rows of a table made from the words of its cells. Pure."""

from .blocks import Cell, Paragraph, Row, trimmed

LINE_BREAK = "\u2028"  # inside a cell, while its row is one line


def cell(text: str, span: int = 1) -> Cell:
    words = trimmed(text.replace(LINE_BREAK, "\n"))
    return Cell(words, span, blocks=(Paragraph(words),))


def full_row(cells: list[str], width: int) -> Row:
    """A lone cell is a full-width row; a short row is filled up on the right."""
    if len(cells) == 1 and width > 1:
        return (cell(cells[0], width),)
    return tuple(cell(words) for words in [*cells, *[""] * (width - len(cells))])
