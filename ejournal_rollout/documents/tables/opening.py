"""Opening a file that a stranger sent: what it is, and whether it is safe to look inside."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from .blocks import Block, Cell, ForeignFormat, Paragraph, Table, UnreadableFile
from .encoding import decoded
from .pages import without_running_heads
from .plain_text import read_text
from .separated import ENDINGS, read_separated
from .word import notes_of_word, read_word
from .workbook import read_workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 500
MOST_RATIO = 200  # unpacked to packed, of an XML part above 1 MB; plans have 30 to 120
MOST_TAGS = 500_000  # in one part; a plan of 1000 rows has 75 000 and more
MOST_CELLS = 60_000  # cells and paragraphs, empty ones too
MOST_LINES = 15_000  # lines or cells with words
MOST_LETTERS = 300_000  # 150 pages without blanks; our decision: a longer text is no order

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF", b"\x00\x00\x01\x00")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    etree.LxmlError,
    EOFError,
    RuntimeError,
    ValueError,
)
# What openpyxl meets a strange file with; its XML errors are SyntaxErrors.
BROKEN_BOOK = (
    *BROKEN,
    InvalidFileException,
    OSError,  # no part that it knows as a workbook
    OverflowError,
    LookupError,
    TypeError,
    AttributeError,
    SyntaxError,
)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Word writes; the others unpack without a limit
_STRANGE_PATH = re.compile(r"^[/\\]|^\w:|(?:^|[/\\])\.\.(?:[/\\]|$)|[\x00-\x1f]")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']\s*([\w.:-]*)""", re.IGNORECASE)
_ENCODINGS = (b"", b"utf-8", b"utf8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"windows-1251")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # also what turns the direction of writing
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LETTER = re.compile(r"[^\W\d_]")
# «РџСЂРёР»РѕР¶РµРЅРёРµ» (UTF-8 taken for cp1251): every other letter is a capital Р or С
_TWICE_ENCODED = re.compile(r"(?:[РС][^\sА-Яа-я]|[РС][°-я])")


@dataclass(frozen=True)
class Printed:
    """What stands on the paper: the main text in its order, and `notes`: footnotes, headers and footers."""

    blocks: list[Block]
    notes: list[str]


def open_paper(content: bytes, name: str) -> Printed:
    """Paragraphs and tables of the file.

    `name` is the file's own name, used only for its ending. UnreadableFile for a file that is empty, too
    large, damaged, protected, of another kind, or whose letters are not Russian.
    """
    refuse_size(content)
    _refuse_other_kinds(content, name)
    if _is_book(content):
        blocks, notes = _book(content), []
    elif content.startswith(b"PK"):
        try:
            parts = _parts(content)
            blocks, notes = read_word(parts), notes_of_word(parts)
        except BROKEN as error:
            raise UnreadableFile(
                _("The file is damaged and cannot be opened. Open it in Word, save it again as .docx and try again.")
            ) from error
    else:
        text = decoded(content)
        _refuse_long_text(text)
        blocks, notes = _text_with_separators(text, name), []
        if blocks is None:
            text, notes = without_running_heads(text)
            blocks = read_text(text)
    _refuse_strange_letters(blocks)
    return Printed(blocks, notes)


def refuse_size(content: bytes) -> None:
    """UnreadableFile for a file that is empty or larger than 5 MB."""
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableFile(_("The file is empty. Choose the file with the order."))
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("The file is larger than 5 MB. Remove the pictures from it and try again."))


def _is_book(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "xl/workbook.xml" in package.namelist()
    except BROKEN:
        return False


def _book(content: bytes) -> list[Block]:
    """The sheets of an .xlsx, after every limit has been checked on the packed file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if any(entry.flag_bits & 0x1 for entry in package.infolist()):
            raise UnreadableFile(
                _("The file is protected with a password. Remove the password in Excel and try again.")
            )
        try:
            parts = unpacked_parts(package)
        except (*BROKEN_BOOK, UnreadableFile) as error:
            raise UnreadableFile(damaged_book()) from error
        if _has_macros(parts.get("[Content_Types].xml", b""), set(package.namelist())):
            raise UnreadableFile(
                _("The file holds macros. Save it in Excel as .xlsx, which has none, and choose that file.")
            )
    try:
        return read_workbook(content, parts)
    except BROKEN_BOOK as error:
        raise UnreadableFile(damaged_book()) from error


def damaged_book() -> str:
    """The sentence for an .xlsx that nobody can open."""
    return _(
        "The file is damaged, or holds what Excel never writes. "
        "Open it in Excel, save it again as .xlsx and choose that file."
    )


def _text_with_separators(text: str, name: str) -> list[Block] | None:
    """None for a text that is not called a table, or has no header of one: it is read as any other."""
    return read_separated(text) if PurePath(name).suffix.lower() in ENDINGS else None


def _refuse_long_text(text: str) -> None:
    lines = sum(1 for line in text.splitlines() if line.strip())
    if lines > MOST_LINES or sum(map(len, text.split())) > MOST_LETTERS:
        raise UnreadableFile(
            _("The text is longer than 150 pages, which no order is. Choose the file with the order and its annexes.")
        )


def _refuse_other_kinds(content: bytes, name: str) -> None:
    start = content[:512].lstrip()
    ending = PurePath(name).suffix.lower()
    save_as_docx = _("Open it in Word or LibreOffice, save it as .docx and choose that file.")
    if content.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(_("The file is protected with a password. Remove the password in Word and try again."))
        if "Workbook".encode("utf-16-le") in content or ending == ".xls":
            raise UnreadableFile(_("This is a file of an old Excel (.xls).") + " " + _save_as_xlsx())
        sentence = _("This is a file of an old Word (.doc).") + " " + save_as_docx
        if "WordDocument".encode("utf-16-le") in content:
            raise ForeignFormat(sentence, "doc")
        raise UnreadableFile(sentence)
    if start.startswith(b"{\\rtf"):
        raise UnreadableFile(_("This is an .rtf file.") + " " + save_as_docx)
    if start.startswith(b"%PDF"):
        raise UnreadableFile(
            _("This is a PDF file; its tables cannot be read for certain. Choose the Word file (.docx).")
        )
    if content.startswith(PICTURES) or content[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        raise UnreadableFile(_("This is a picture, not a text. Choose the Word file (.docx) or a text file (.txt)."))
    if content.startswith(ARCHIVES):
        raise UnreadableFile(_("This is an archive. Take the file with the order out of it and choose that file."))
    if re.match(rb"(?:\xef\xbb\xbf)?(?:<!doctype|<html|<\?xml)", start, re.IGNORECASE):
        raise UnreadableFile(_("This is a web page or XML, not a Word file.") + " " + save_as_docx)
    if ending in (".xlsx", ".xlsm") and not content.startswith(b"PK"):
        raise UnreadableFile(damaged_book())
    if ending in (".docx", ".docm", ".dotx") and not content.startswith(b"PK"):
        raise UnreadableFile(
            _("The file is damaged and cannot be opened. Open it in Word, save it again as .docx and try again.")
        )


def _save_as_xlsx() -> str:
    return _("Open it in Excel or LibreOffice, save it as .xlsx and choose that file.")


def _parts(content: bytes) -> Mapping[str, bytes]:
    """The XML parts of a .docx by their names, after every limit has been checked on the packed file."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = unpacked_parts(package)
        names = set(package.namelist())
        _refuse_other_packages(package, names)
        _refuse_other_types(parts["[Content_Types].xml"], names)
        return parts


def unpacked_parts(package: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML parts of any office file by their names; UnreadableFile if a limit is passed or XML is not plain."""
    entries = package.infolist()
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(_("The file is protected with a password. Remove the password in Word and try again."))
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise UnreadableFile(
            _("The file unpacks to more than 10 MB or 500 parts. Remove the pictures from it and try again.")
        )
    _refuse_strange_entries(entries)
    parts = {}
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            part = parts[entry.filename] = _unpacked(package, entry)
            _refuse_strange_xml(part)
    return parts


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry. Never more than it says itself, whatever it really holds: `ZipFile.read` would unpack it all first."""
    with package.open(entry) as file:
        part = file.read(entry.file_size + 1)
    if len(part) != entry.file_size:
        raise zipfile.BadZipFile
    return part


def _refuse_strange_entries(entries: list[zipfile.ZipInfo]) -> None:
    """UnreadableFile for a package that no office program writes: its list of entries alone tells."""
    lowered = [entry.filename.lower() for entry in entries]
    if (
        len(set(lowered)) < len(lowered)
        or any(entry.compress_type not in _PACKINGS for entry in entries)
        or any(_STRANGE_PATH.search(entry.orig_filename) for entry in entries)
    ):
        raise UnreadableFile(_("The file is packed in a way that Word never uses. Save it again in Word as .docx."))
    unpacked_here = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if any(one.file_size > max(MOST_RATIO * one.compress_size, 1024 * 1024) for one in unpacked_here):
        raise UnreadableFile(too_tangled())


def _refuse_strange_xml(part: bytes) -> None:
    plain = part.replace(b"\x00", b"")  # UTF-16 hides nothing from what follows
    encoding = _ENCODING.search(plain[:400])
    is_xml = plain[:4].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") or not plain.strip()
    if (
        not is_xml
        or (encoding and encoding.group(1).lower() not in _ENCODINGS)
        or _DECLARATION.search(part)
        or _DECLARATION.search(plain)
    ):
        raise UnreadableFile(_("The file holds declarations that Word never writes. Save it again in Word as .docx."))
    if plain.count(b"<") > MOST_TAGS:
        raise UnreadableFile(too_tangled())


def too_tangled() -> str:
    """The sentence for a file that costs more time or memory than an order may."""
    return _(
        "The file is too large or too tangled inside to be read. "
        "Copy its text into a new Word document, save that as .docx and try again."
    )


def _refuse_other_types(types: bytes, names: set[str]) -> None:
    """What the package says about itself. Macros are refused: colleagues would be given the file to open."""
    plain = types.replace(b"\x00", b"").lower()
    if _has_macros(types, names):
        raise UnreadableFile(
            _("The file holds macros. Save it in Word as .docx, which has none, and choose that file.")
        )
    if b"wordprocessingml" not in plain:
        raise UnreadableFile(_("This is not a Word file. Choose the Word file (.docx) with the order."))


def _has_macros(types: bytes, names: set[str]) -> bool:
    is_called_so = b"macroenabled" in types.replace(b"\x00", b"").lower()
    return is_called_so or any(PurePath(name).name.lower() == "vbaproject.bin" for name in names)


def _refuse_other_packages(package: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names and b"opendocument" in _unpacked(package, package.getinfo("mimetype"))[:100]:
        sentence = _("This is a LibreOffice file (.odt or .ods).") + " "
        if b"opendocument.spreadsheet" in _unpacked(package, package.getinfo("mimetype"))[:100]:
            raise UnreadableFile(sentence + _save_as_xlsx())
        sentence += _("Open it in Word or LibreOffice, save it as .docx and choose that file.")
        if b"opendocument.text" in _unpacked(package, package.getinfo("mimetype"))[:100]:
            raise ForeignFormat(sentence, "odt")
        raise UnreadableFile(sentence)
    if "xl/workbook.bin" in names:
        raise UnreadableFile(_("This is an Excel file of another kind (.xlsb).") + " " + _save_as_xlsx())
    if "ppt/presentation.xml" in names:
        raise UnreadableFile(_("This is a presentation. Choose the Word file (.docx) with the order."))
    if "[Content_Types].xml" not in names:
        raise UnreadableFile(_("This is an archive. Take the file with the order out of it and choose that file."))


def _refuse_strange_letters(blocks: list[Block]) -> None:
    texts = _texts(blocks)
    if len(texts) > MOST_CELLS:
        raise UnreadableFile(too_tangled())
    text = "\n".join(texts)
    _refuse_long_text(text)
    letters = len(_LETTER.findall(text))
    if not letters:
        raise UnreadableFile(_("There are no words in the file. If it is a scan, ask for the Word file (.docx)."))
    cyrillic = len(_CYRILLIC.findall(text))
    twice = 2 * len(_TWICE_ENCODED.findall(text))
    controls = len(_CONTROL.findall(text))
    if (
        "\x00" in text
        or controls > letters / 20
        or cyrillic < 0.5 * letters
        or text.count("\ufffd") > letters / 20
        or twice > 0.6 * letters
    ):
        raise UnreadableFile(
            _(
                "The letters of this file do not make Russian words: its text layer or encoding is spoilt. "
                "Choose the Word file (.docx) from which it was made."
            )
        )


def _texts(blocks: list[Block]) -> list[str]:
    texts = []
    for block in blocks:
        match block:
            case Paragraph(text):
                texts.append(text)
            case Table(rows):
                texts += [cell.text for row in rows for cell in row if isinstance(cell, Cell)]
    return texts
