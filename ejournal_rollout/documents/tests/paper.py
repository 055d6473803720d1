"""Builds a Word file the way a school secretary would, for tests of the reader."""

import io
import zipfile
from collections.abc import Callable, Sequence

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

HEADING = ("Приложение {number}", "к приказу МБОУ «Школа № 5»", "от 01.09.2022 № 15-од")
PLAN_HEADER = ("№", "Мероприятие", "Сроки", "Исполнители")


class Paper:
    """One document; a row of a table that is a string is a cell merged over the full width."""

    def __init__(self) -> None:
        self.document = Document()

    def lines(self, *texts: str) -> "Paper":
        for text in texts:
            self.document.add_paragraph(text)
        return self

    def annex(self, number: int, *title: str) -> "Paper":
        return self.lines(*(line.format(number=number) for line in HEADING), *title)

    def table(self, *rows: Sequence[str] | str) -> "Paper":
        width = max(len(row) for row in rows if not isinstance(row, str))
        self.last = self.document.add_table(rows=0, cols=width)
        for row in rows:
            cells = self.last.add_row().cells
            if isinstance(row, str):
                cells[0].merge(cells[-1]).text = row
            else:
                for cell, text in zip(cells, row, strict=True):
                    cell.text = text
        return self

    def change(self, act: Callable[["Paper"], object]) -> "Paper":
        act(self)
        return self

    def cell(self, row: int, column: int):
        return self.last.cell(row, column)

    def merge_down(self, column: int, first: int, last: int) -> "Paper":
        """As Word does it: the lower cells keep nothing but the mark."""
        words = self.last.cell(first, column).text
        for row in range(first + 1, last + 1):
            self.last.cell(row, column).text = ""
        self.last.cell(first, column).merge(self.last.cell(last, column)).text = words
        return self

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


def run_xml(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def put(cell, xml: str) -> None:
    """Replace the cell's words by one paragraph of raw runs."""
    paragraph = cell.paragraphs[0]._p
    for run in list(paragraph):
        paragraph.remove(run)
    for element in parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"):
        paragraph.append(element)


def number_automatically(paper: Paper, levels: Sequence[tuple[str, str]]) -> str:
    """A new list with the levels ("decimal", "%1.%2."); its number for `as_item`."""
    numbering = paper.document.part.numbering_part.element
    lines = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{lines}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def as_item(paragraph, number: str, depth: int = 0) -> None:
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", str(depth)), ("w:numId", number)):
        element = OxmlElement(name)
        element.set(qn("w:val"), value)
        mark.append(element)
    properties.append(mark)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same package with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()
