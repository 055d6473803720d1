"""A .docx as it is printed: tracked insertions and content controls are in, deleted and hidden text is out.

Own reading over the XML: python-docx repeats a merged cell, and loses tracked changes, content controls
and automatic numbers.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from lxml import etree

from .blocks import Block, Cell, Paragraph, Row, Table, UnreadableFile, trimmed
from .numbering import Numbering, W, is_on, value

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = W[1:-1].encode()
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sdtPr", "sdtEndPr")}
_GONE.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")  # a second copy of a text box
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CONTAINERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_SYMBOLS = {"F0B7": "•", "F0A7": "▪", "F0FC": "✓", "F0D8": "➢", "F02D": "-"}
_SIGN_CODE = re.compile(r"(?!00[01]|D[89A-F])[0-9A-F]{4}", re.IGNORECASE)  # no control sign, no half of a pair
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_COLUMNS = 63  # Word itself opens no table with more
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def read_word(parts: Mapping[str, bytes]) -> list[Block]:
    """The paragraphs and tables of the main text, text boxes before the paragraph they are fixed to."""
    main = _target(parts, "", "officeDocument")
    if main is None or main not in parts:
        raise UnreadableFile(_("This is not a Word file. Choose the Word file (.docx) with the order."))
    body = _xml(parts[main]).find(f"{W}body")
    if body is None:
        raise UnreadableFile(_("This is not a Word file. Choose the Word file (.docx) with the order."))
    if next(body.iter(f"{W}altChunk", f"{W}subDoc"), None) is not None:
        raise UnreadableFile(
            _("A part of the text is another document that only Word shows. Open the file in Word and save it again.")
        )
    numbering, styles = (_target(parts, main, kind) for kind in ("numbering", "styles"))
    reader = _Reader(
        Numbering(
            _xml(parts[numbering]) if numbering in parts else None,
            _xml(parts[styles]) if styles in parts else None,
        )
    )
    return list(reader.blocks(body))


_NOTES = re.compile(r"(?:foot|end)notes|header|footer")
_OWN_MARK = re.compile(r"\W*проект\W*|https?://\S+", re.IGNORECASE)  # edges of the page that say nothing of the order


def notes_of_word(parts: Mapping[str, bytes]) -> list[str]:
    """Words outside the main text that are printed too: footnotes, headers and footers of the page."""
    notes = []
    for name, part in parts.items():
        if _NOTES.match(posixpath.basename(name)) and not name.endswith(".rels"):
            lines = [trimmed(_words(one)) for one in _xml(part).iter(f"{W}p")]
            words = "\n".join(line for line in lines if not _OWN_MARK.fullmatch(line)).strip()
            if re.search(r"[^\W\d_]", words):
                notes.append(re.sub(r"\n{2,}", "\n", words))
    return list(dict.fromkeys(notes))


def _xml(part: bytes) -> etree._Element:
    # a file saved as "Strict Open XML" names the same elements in another namespace
    return etree.fromstring(part.replace(_STRICT, _USUAL), etree.XMLParser(**_SAFE))


def _target(parts: Mapping[str, bytes], source: str, kind: str) -> str | None:
    """The part that `source` names as its `kind`; Word for the web calls the main one document2.xml."""
    folder, name = posixpath.split(source)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in parts:
        return None
    for one in _xml(parts[relations]):
        if one.get("Type", "").endswith(f"/{kind}"):
            target = one.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return None


class _Reader:
    """Walks the text in its order, which the counting of automatic numbers needs."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        joined = ""  # words of paragraphs whose mark was deleted: they run on into the next one
        for element in _inside(parent):
            if element.tag == f"{W}tbl":
                table = self._table(element)
                if table.rows:  # all of them may have been deleted
                    yield table
                continue
            for box in _boxes(element):
                yield from self.blocks(box)
            text = joined + (self._numbering.label(element) if not joined else "") + _words(element)
            if is_gone(element.find(f"{W}pPr/{W}rPr")):
                joined = text
                continue
            joined = ""
            yield Paragraph(trimmed(text))
        if joined:
            yield Paragraph(trimmed(joined))

    def _table(self, table: etree._Element) -> Table:
        return Table(tuple(self._row(row) for row in _rows(table)))

    def _row(self, row: etree._Element) -> Row:
        cells = []
        before = _columns(value(row, f"{W}trPr/{W}gridBefore"), absent=0)
        if before:
            cells.append(Cell("", span=before))
        for element in _cells(row):
            properties = element.find(f"{W}tcPr")
            merge = value(properties, f"{W}vMerge")
            aside = value(properties, f"{W}hMerge")
            if aside is not None and aside != "restart" and cells:  # as old Word merges: the cell to the left goes on
                cells[-1] = replace(cells[-1], span=cells[-1].span + 1)
                continue
            blocks = tuple(self.blocks(element))
            cells.append(
                Cell(
                    text=trimmed("\n".join(_lines(blocks))),
                    span=max(_columns(value(properties, f"{W}gridSpan"), absent=1), 1),
                    continues=merge is not None and merge != "restart",
                    blocks=blocks,
                )
            )
        return tuple(cells)


def _columns(words: str | None, *, absent: int) -> int:
    """A number of columns. UnreadableFile for one that Word itself would refuse: it would cost memory, not paper."""
    if not words or not words.isdecimal():
        return absent
    if len(words) > 4 or int(words) > _MOST_COLUMNS:
        raise UnreadableFile(
            _("A table of the file has more columns than Word allows. Copy the table into a new Word document.")
        )
    return int(words)


def is_gone(properties: etree._Element | None) -> bool:
    """Deleted, or moved away, under tracked changes."""
    return properties is not None and any(properties.find(f"{W}{name}") is not None for name in ("del", "moveFrom"))


def _inside(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables under `parent`, also those inside content controls and insertions."""
    for element in parent:
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag in _CONTAINERS and not is_on(element, f"{W}sdtPr/{W}showingPlcHdr"):
            yield from _inside(element)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if element.tag == f"{W}tr" and not is_gone(element.find(f"{W}trPr")):
            yield element
        elif element.tag in _CONTAINERS:
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if element.tag == f"{W}tc":
            yield element
        elif element.tag in _CONTAINERS:
            yield from _cells(element)


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """A cell as lines: its paragraphs, and the rows of a table inside it with tabs between their cells."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield text
            case Table(rows):
                for row in rows:
                    yield "\t".join(cell.text for cell in row if cell.text)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    for element in paragraph:
        if element.tag in _GONE:
            continue
        if element.tag == f"{W}txbxContent":
            yield element
        else:
            yield from _boxes(element)


def _words(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph, ""))


def _pieces(parent: etree._Element, last: str) -> Iterator[str]:
    for element in parent:
        if not isinstance(element.tag, str) or element.tag in _GONE or element.tag == f"{W}txbxContent":
            continue
        if element.tag == f"{W}sdt" and is_on(element, f"{W}sdtPr/{W}showingPlcHdr"):
            continue  # the grey prompt «Место для ввода текста»
        if element.tag == f"{W}r":
            piece = _run(element, last)
        elif element.tag == _MATH_TEXT:
            piece = element.text or ""
        else:
            for piece in _pieces(element, last):
                yield piece
                last = piece or last
            continue
        yield piece
        last = piece or last


def _run(run: etree._Element, last: str) -> str:
    properties = run.find(f"{W}rPr")
    if is_on(properties, f"{W}vanish"):
        return ""
    text = "".join(_signs(run))
    raised = value(properties, f"{W}vertAlign") == "superscript"
    if raised and last[-1:].isdigit() and re.fullmatch(r"\d+", text.strip()):
        return text.translate(_RAISED)  # «8» with raised «00» is eight o'clock, not eight hundred
    return text


def _signs(run: etree._Element) -> Iterator[str]:
    for element in run:
        match element.tag.removeprefix(W) if isinstance(element.tag, str) else "":
            case "t":
                yield re.sub(r"[\n\r\t]", " ", element.text or "")
            case "tab" | "ptab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "ruby":
                yield "".join(_words(base) for base in element.iter(f"{W}rubyBase"))
            case "sym":
                code = element.get(f"{W}char", "")
                yield _SYMBOLS.get(code.upper()) or (chr(int(code, 16)) if _SIGN_CODE.fullmatch(code) else "")
