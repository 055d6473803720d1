"""A file that gives no order is answered with one sentence, whatever is wrong with it."""

import io
import zipfile

import pytest
from django.utils.translation import override

from ejournal_rollout.documents.reading import UnreadableFile, read_order

from .paper import PLAN_HEADER, Paper, repacked

ORDER = Paper().annex(1, "ПЛАН").table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор")).bytes()
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def packed(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/"), part)
    return stream.getvalue()


def with_document(change) -> bytes:
    def act(parts):
        parts["word/document.xml"] = change(parts["word/document.xml"])

    return repacked(ORDER, act)


def encrypted(content: bytes) -> bytes:
    """The flag that a packer sets on a protected entry, in the list of entries and before the first."""
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 8] + b"\x01\x00" + content[place + 10 :]


def bomb() -> bytes:
    return packed(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b" " * (11 * 1024 * 1024)})


CASES = {
    "empty": (b"", "order.docx", "The file is empty"),
    "blank text": (b" \n\t\r\n", "order.txt", "The file is empty"),
    "too large": (b"a" * (5 * 1024 * 1024 + 1), "order.txt", "larger than 5 MB"),
    "old Word": (OLD_WORD, "order.doc", "old Word (.doc)"),
    "old Word under a new name": (OLD_WORD, "order.docx", "old Word (.doc)"),
    "password": (OLD_WORD + "EncryptedPackage".encode("utf-16-le"), "order.docx", "protected with a password"),
    "protected entry": (encrypted(ORDER), "order.docx", "protected with a password"),
    "pdf": (b"%PDF-1.7 ...", "order.pdf", "PDF"),
    "rtf": (b"{\\rtf1 ...", "order.rtf", ".rtf"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "scan.png", "picture"),
    "photo under a Word name": (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "order.docx", "picture"),
    "web page": (b"<!DOCTYPE html><html></html>", "order.doc", "web page"),
    "rar": (b"Rar!\x1a\x07" + b"\x00" * 50, "order.rar", "archive"),
    "zip of files": (packed(**{"order.txt": b"..."}), "order.zip", "archive"),
    "excel": (packed(**{"[Content_Types].xml": b"<T/>", "xl__workbook.xml": b"<w/>"}), "order.xlsx", "Excel never"),
    "binary excel": (packed(**{"[Content_Types].xml": b"<T/>", "xl__workbook.bin": b"w"}), "order.xlsb", "(.xlsb)"),
    "old excel": (OLD_WORD + "Workbook".encode("utf-16-le"), "order.xls", "old Excel"),
    "no excel": (b"just words", "order.xlsx", "Excel never"),
    "libreoffice": (packed(mimetype=b"application/vnd.oasis.opendocument.text"), "order.odt", "LibreOffice"),
    "cut off": (ORDER[: len(ORDER) // 2], "order.docx", "damaged"),
    "not a package": (b"just words", "order.docx", "damaged"),
    "broken xml": (with_document(lambda part: part[:-40]), "order.docx", "damaged"),
    "no main part": (repacked(ORDER, lambda parts: parts.pop("word/document.xml")), "order.docx", "not a Word file"),
    "no relations": (repacked(ORDER, lambda parts: parts.pop("_rels/.rels")), "order.docx", "not a Word file"),
    "bad numbers": (
        with_document(
            lambda part: part.replace(
                b"<w:tc>",
                b'<w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val="99999999999"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>',
            )
        ),
        "order.docx",
        None,
    ),
    "declaration": (
        with_document(lambda part: part.replace(b"<w:document", b'<!DOCTYPE w [<!ENTITY a "b">]><w:document', 1)),
        "order.docx",
        "declarations",
    ),
    "declaration in UTF-16": (
        repacked(ORDER, lambda parts: parts.update({"word/styles.xml": "<!DOCTYPE w><w/>".encode("utf-16")})),
        "order.docx",
        "declarations",
    ),
    "bomb": (bomb(), "order.docx", "unpacks to more than 10 MB"),
    "too many parts": (
        packed(**{f"part{number}.xml": b"<a/>" for number in range(501)}),
        "order.docx",
        "unpacks to more than 10 MB or 500 parts",
    ),
    "deep nesting": (
        with_document(lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5000)),
        "order.docx",
        "damaged",
    ),
    "bytes": (bytes(range(256)) * 4, "order.txt", "not a text"),
    "latin letters": (b"IIpHJIo)KeHHe 1 K npHKa3y IIJIAH-rPAcDI1K pa6oTbI", "order.txt", "do not make Russian words"),
    "read in a wrong code page": (
        "Приложение 1 к приказу. План-график работы рабочей группы".encode().decode("cp1251", "ignore").encode(),
        "order.txt",
        "do not make Russian words",
    ),
    "other letters": (
        "Приложение 1 к приказу. План-график работы".encode("cp1251").decode("latin-1").encode(),
        "order.txt",
        "do not make Russian words",
    ),
    "a letter, not an order": (
        "Уважаемые родители! Собрание состоится в среду.".encode(),
        "letter.txt",
        "No plan, regulation",
    ),
    "a book": ("План мероприятий на год. ".encode() * 20_000, "order.txt", "longer than 150 pages"),
    "a long list": ("План\n".encode() * 15_001, "order.txt", "longer than 150 pages"),
    "no words": (Paper().lines("", "123").bytes(), "order.docx", "no words"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_gives_no_order_gets_one_sentence(case):
    content, name, words = CASES[case]
    if words is None:  # odd, but its words can be read
        with override("en"):
            assert len(read_order(content, name).draft.tasks) == 1
        return

    with override("en"), pytest.raises(UnreadableFile) as refusal:
        read_order(content, name)

    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_five_megabytes_are_still_read():
    text = "Приложение 1\nк приказу № 1 от 01.09.2022\nРЕГЛАМЕНТ\n1. Помощь.\n".encode()
    text += b" " * (5 * 1024 * 1024 - len(text))

    assert read_order(text, "order.txt").draft.number == "1"


def test_a_word_file_with_pieces_cut_out_anywhere_never_gives_a_traceback():
    for place in range(0, len(ORDER), 997):
        try:
            read_order(ORDER[:place] + ORDER[place + 97 :], "order.docx")
        except UnreadableFile as error:
            assert str(error)
