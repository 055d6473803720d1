"""The page by ГОСТ Р 7.0.97-2025 (margins, type, page numbers) and the few shapes that an order is made of.

All lengths are millimetres, sizes of type points. Word and LibreOffice open the file without repair.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from ejournal_rollout.xml_text import clean

from .rows import PrintedTable

A4 = (210, 297)
RIGHT, TOP, BOTTOM = 10, 20, 20
HEADING_WIDTH = 80  # the block at the right top
INDENT = 12.5
BULLETS = "91"  # the number of our list among those of the template
_MARK_SIZE, _ADDRESS_SIZE = 12, 8
QR_SIZE = 24  # with its white edge; the squares alone are more than 20
_CELL_SPACE = 2  # points above and below the words of a cell
_SCRIPTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")


@dataclass(frozen=True)
class Look:
    """What a school chooses: `size` 12 to 14, `spacing` 1 to 1.5, `left` 20 (30 for papers kept over ten years)."""

    font: str = "Times New Roman"
    size: float = 13
    spacing: float = 1.15
    left: int = 20

    @property
    def table_size(self) -> float:
        """Of tables and annex headings: a point smaller, at most 12. The standard allows smaller type in tables;
        how much is our decision: five columns of 13 points tear words apart."""
        return min(self.size - 1, 12)


class Sheet:
    """A document that grows downwards; every annex begins on a page of its own."""

    def __init__(self, look: Look, *, title: str, mark: str = "", address: str = "", qr: bool = False) -> None:
        self._look = look
        self._document = Document()
        self._is_empty = True
        self._width = 0.0
        self._set_type()
        self._set_properties(title)
        self._set_bullets()
        self._set_edges(mark, address, qr=qr)

    def bytes(self) -> bytes:
        if self._ends_in_table:
            _shrink(self._document.add_paragraph())  # Word wants a paragraph after a table
        stream = io.BytesIO()
        self._document.save(stream)
        return stream.getvalue()

    @property
    def _ends_in_table(self) -> bool:
        body = self._document.element.body
        return len(body) > 1 and body[-2].tag == qn("w:tbl")  # the last element holds the shape of the page

    # --- Pages

    def page(self, *, landscape: bool = False) -> None:
        if self._is_empty:
            section = self._document.sections[0]
            section.different_first_page_header_footer = True  # the first page has no number
        else:
            section = self._document.add_section(WD_SECTION.NEW_PAGE)
            section.different_first_page_header_footer = False
            _shrink(self._document.paragraphs[-1])
        self._is_empty = False
        width, height = reversed(A4) if landscape else A4
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin, section.right_margin = Mm(self._look.left), Mm(RIGHT)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.header_distance = section.footer_distance = Mm(8)
        self._width = width - self._look.left - RIGHT

    # --- Words

    def heading_block(self, lines: Sequence[str]) -> None:
        """«Приложение 1 / к приказу …» at the right top, its lines even at the left."""
        for line in lines:
            paragraph = self._paragraph(line, size=self._look.table_size)
            paragraph.paragraph_format.left_indent = Mm(self._width - HEADING_WIDTH)
            paragraph.paragraph_format.keep_with_next = True

    def title(self, lines: Sequence[str]) -> None:
        for place, line in enumerate(lines):
            paragraph = self._paragraph(line, align=WD_ALIGN_PARAGRAPH.CENTER, bold=True)
            shape = paragraph.paragraph_format
            shape.keep_with_next = True
            shape.space_before = Pt(12 if place == 0 else 0)
            shape.space_after = Pt(8 if place == len(lines) - 1 else 0)

    def centred(self, text: str, *, bold: bool = False, space: float = 0) -> None:
        paragraph = self._paragraph(text, align=WD_ALIGN_PARAGRAPH.CENTER, bold=bold)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(space)

    def plain(self, text: str, *, space: float = 0) -> None:
        self._paragraph(text).paragraph_format.space_before = Pt(space)

    def footnote(self, text: str, *, space: float = 0) -> None:
        """Under a table, in its type."""
        self._paragraph(text, size=self._look.table_size).paragraph_format.space_before = Pt(space)

    def heading(self, text: str) -> None:
        """Of a part; it stays on the page of what it heads."""
        shape = self._paragraph(text, bold=True).paragraph_format
        shape.keep_with_next = True
        shape.space_before, shape.space_after = Pt(10), Pt(2)

    def signature(self, post: str, name: str) -> None:
        """The post at the left edge, the name at the right one, the place to sign between them."""
        paragraph = self._paragraph(f"{post} ____________________\t{name}".rstrip())
        paragraph.paragraph_format.space_before = Pt(24)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self._width), WD_TAB_ALIGNMENT.RIGHT)

    def indented(self, text: str, *, space: float = 0, keep: bool = False) -> None:
        """`keep` holds it on the page of what follows."""
        has_breaks = "\n" in text  # justified lines that end in a break are torn apart by Word
        paragraph = self._paragraph(text, align=None if has_breaks else WD_ALIGN_PARAGRAPH.JUSTIFY)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(space)
        paragraph.paragraph_format.keep_with_next = keep or None
        paragraph.paragraph_format.first_line_indent = Mm(INDENT)
        paragraph.paragraph_format.line_spacing = self._look.spacing

    def bullet(self, text: str) -> None:
        paragraph = self._paragraph(text)
        paragraph.paragraph_format.line_spacing = self._look.spacing
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = int(BULLETS)

    def _paragraph(
        self, text: str, *, align: WD_ALIGN_PARAGRAPH | None = None, bold: bool = False, size: float | None = None
    ) -> Paragraph:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = align
        _write(paragraph, text, bold=bold, size=size)
        return paragraph

    # --- Tables

    def table(self, printed: PrintedTable, *, row_height: float = 0, last_width: float = 0) -> None:
        """Its header is repeated on every page, a row is never cut by the end of one.

        `row_height` is the least height of a row, `last_width` the width of a last column in which people sign.
        """
        columns = len(printed.columns)
        widths = widths_of(printed, self._width, self._look.table_size)
        if last_width:
            scale = (self._width - last_width) / sum(widths[:-1])
            widths = [*(width * scale for width in widths[:-1]), last_width]
        table = self._document.add_table(rows=0, cols=columns)
        table.style = "Table Grid"
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        header = self._row(table, [column.header for column in printed.columns], widths, bold=True)
        _set_flag(header, "w:tblHeader")
        above: _Row | None = None
        for row in printed.rows:
            if isinstance(row, str):
                above = None
                self._full_width(table, row, widths)
                continue
            now = self._row(table, row, widths)
            if row_height:
                now.height = Mm(row_height)
            for place, words in enumerate(row):
                if words is None:
                    _continue_above(now.cells[place], above.cells[place] if above else None)
            above = now

    def _row(self, table: Table, words: Sequence[str | None], widths: Sequence[float], *, bold: bool = False) -> _Row:
        row = table.add_row()
        _set_flag(row, "w:cantSplit")
        for cell, text, width in zip(row.cells, words, widths, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if bold else None
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_CELL_SPACE)
            _write(paragraph, text or "", bold=bold, size=self._look.table_size)
        return row

    def _full_width(self, table: Table, text: str, widths: Sequence[float]) -> None:
        row = table.add_row()
        _set_flag(row, "w:cantSplit")
        cell = row.cells[0].merge(row.cells[-1]) if len(widths) > 1 else row.cells[0]
        cell.width = Mm(sum(widths))
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(_CELL_SPACE)
        _write(paragraph, text, bold=True, size=self._look.table_size)

    # --- The document as a whole

    def _set_type(self) -> None:
        """One font for every script: Word takes Cyrillic from hAnsi, some programs from cs or eastAsia."""
        styles = self._document.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for properties in (defaults, styles["Normal"].element.get_or_add_rPr()):
            for name in ("w:rFonts", "w:sz", "w:szCs", "w:lang"):
                for one in properties.findall(qn(name)):
                    properties.remove(one)
            fonts = OxmlElement("w:rFonts")
            for script in _SCRIPTS:
                fonts.set(qn(script), self._look.font)
            properties.insert(0, fonts)
            for name in ("w:sz", "w:szCs"):
                properties.append(_valued(name, str(round(self._look.size * 2))))
            lang = OxmlElement("w:lang")
            lang.set(qn("w:val"), "ru-RU")
            properties.append(lang)
        shape = styles["Normal"].paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = 1

    def _set_properties(self, title: str) -> None:
        properties = self._document.core_properties
        properties.title, properties.language = clean(title)[:250], "ru-RU"
        properties.author = properties.comments = ""

    def _set_bullets(self) -> None:
        numbering = self._document.part.numbering_part.element
        numbering.insert(
            0,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{BULLETS}"><w:multiLevelType w:val="singleLevel"/>'
                '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/>'
                f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{Mm(INDENT + 6).twips}" w:hanging="{Mm(6).twips}"/>'
                "</w:pPr></w:lvl></w:abstractNum>"
            ),
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{BULLETS}"><w:abstractNumId w:val="{BULLETS}"/></w:num>')
        )

    def _set_edges(self, mark: str, address: str, *, qr: bool) -> None:
        """Above: the mark, and from page 2 the number in the middle; below: the address, on page 1 with its code."""
        section = self._document.sections[0]
        for header, is_numbered in ((section.first_page_header, False), (section.header, True)):
            header.is_linked_to_previous = False
            first = header.paragraphs[0]
            if is_numbered:
                first.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _page_number(first)
            if mark:
                paragraph = header.add_paragraph() if is_numbered else first
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _write(paragraph, mark, bold=True, size=_MARK_SIZE)
        for footer, has_code in ((section.first_page_footer, qr), (section.footer, False)):
            footer.is_linked_to_previous = False
            if address and has_code:
                _write_qr(footer.paragraphs[0], address)
            if address:
                _write(footer.paragraphs[0], address, size=_ADDRESS_SIZE)


def widths_of(printed: PrintedTable, width: float, size: float) -> list[float]:
    """The widths of the columns, together `width`: room for the longest word, the rest by how much stands in each."""
    letter = size * 0.21  # a wide Cyrillic letter of this size
    needs, shares = [], []
    for place, column in enumerate(printed.columns):
        cells = [column.header, *(row[place] or "" for row in printed.rows if not isinstance(row, str))]
        longest = max((len(word) for cell in cells for word in cell.split()), default=1)
        needs.append(min(longest, 18) * letter + 5)
        shares.append(math.sqrt(sum(map(len, cells))) if column.field != "number" else 0)
    spare, total = width - sum(needs), sum(shares)
    if spare <= 0 or not total:
        return [need * width / sum(needs) for need in needs]
    return [need + spare * share / total for need, share in zip(needs, shares, strict=True)]


def _write(paragraph: Paragraph, text: str, *, bold: bool = False, size: float | None = None) -> None:
    """A line break of the text is a line break on paper."""
    if not text:
        return
    run = paragraph.add_run(clean(text))
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(size)
        run._r.get_or_add_rPr().append(_valued("w:szCs", str(round(size * 2))))


def _write_qr(paragraph: Paragraph, address: str) -> None:
    """A picture in the line, whose words then stand at half its height. Blind people hear its address."""
    png = io.BytesIO()
    segno.make(address, error="m", micro=False).save(png, kind="png", scale=8, border=2)
    picture = paragraph.add_run().add_picture(png, width=Mm(QR_SIZE))
    picture._inline.docPr.set("descr", address)
    for side in ("distT", "distB", "distL", "distR"):  # LibreOffice would take three millimetres
        picture._inline.set(side, "0")
    paragraph.add_run("\xa0" * 3)
    middle = _valued("w:textAlignment", "center")
    paragraph._p.get_or_add_pPr().insert_element_before(middle, "w:textboxTightWrap", "w:outlineLvl", "w:rPr")


def _page_number(paragraph: Paragraph) -> None:
    for kind, code in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = code
        elif code:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = code
            run._r.append(instruction)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _valued(name: str, value: str) -> OxmlElement:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element


def _set_flag(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _continue_above(cell: _Cell, above: _Cell | None) -> None:
    if above is None:
        return
    if above._tc.vMerge is None:
        above._tc.vMerge = "restart"
    cell._tc.vMerge = "continue"


def _shrink(paragraph: Paragraph) -> None:
    """An empty paragraph that Word needs and nobody should see."""
    paragraph.paragraph_format.line_spacing = Pt(1)
    mark = OxmlElement("w:rPr")
    mark.append(_valued("w:sz", "2"))
    properties = paragraph._p.get_or_add_pPr()
    section = properties.find(qn("w:sectPr"))
    if section is None:
        properties.append(mark)
    else:
        section.addprevious(mark)
