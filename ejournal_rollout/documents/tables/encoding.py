"""The letters of a .txt whose encoding nobody tells. Pure."""

import codecs

from django.utils.translation import gettext as _

from .blocks import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = ("cp1251", "koi8-r", "cp866", "mac-cyrillic")
# Three letters in a row that Russian orders are full of; the text in a wrong code page has hardly any.
_COMMON = ("при", "ени", "ния", "ого", "про", "ста", "ест", "ель", "ать", "ром", "пла", "ной", "ски", "ват", "ник")
# The high bytes of UTF-16 here: Latin and figures, Cyrillic, quotation marks and dashes, №, lines of boxes.
_HIGH_BYTES = bytes((0x00, 0x04, 0x20, 0x21, 0x25))
_LOOKED_AT = 4000  # bytes


def decoded(content: bytes) -> str:
    """The text of a .txt in UTF-8, UTF-16 or an old Russian code page. UnreadableFile for bytes of no text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\x00" in content:
        for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
            high = content[first:_LOOKED_AT:2]
            if len(high.translate(None, _HIGH_BYTES)) < len(high) / 20:
                return content.decode(encoding, errors="replace")
        raise UnreadableFile(_("This is not a text. Choose the Word file (.docx) or a text file (.txt)."))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        texts = [content.decode(page, errors="replace") for page in _CODE_PAGES]
        return max(texts, key=_likeness)


def _likeness(text: str) -> int:
    small = text.lower()
    return sum(small.count(letters) for letters in _COMMON)
