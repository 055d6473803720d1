"""Signs that look like others or like nothing: for recognising words, never for storing them. Pure."""

import re

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # the soft hyphen and blanks without width: nobody sees them
_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_MIXED_WORD = re.compile(r"\b(?=\w*[А-Яа-яЁё])(?=\w*[A-Za-z])[^\W\d_]+\b")
_LATIN_WORD = re.compile(r"\b[ABCEHKMOPTXYaceopxyk]{4,}\b")
_SPACED = re.compile(r"(?<!\w)\w(?: \w){3,}(?!\w)")


def clear(text: str) -> str:
    """The same text, letter for letter as long, with Cyrillic letters for the Latin ones inside Russian words."""
    for words in (_MIXED_WORD, _LATIN_WORD):
        text = words.sub(lambda found: found.group().translate(_LOOK_ALIKES), text)
    return text


def together(text: str) -> str:
    """«П Р И К А З» as «ПРИКАЗ»."""
    return _SPACED.sub(lambda found: found.group().replace(" ", ""), text)
