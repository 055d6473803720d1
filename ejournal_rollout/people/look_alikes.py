"""Latin letters in Russian words: «Aдминистpaция», «BT» typed with the wrong keyboard. For meaning only. Pure."""

import re

_RUSSIAN = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_WORD = re.compile(r"[A-Za-zА-Яа-яЁё]+")
_RUSSIAN_LETTER = re.compile(r"[А-Яа-яЁё]")
_ONLY_LOOK_ALIKES = re.compile(r"[ABCEHKMOPTXYaceopxyk]+")


def cyrillic(text: str) -> str:
    """The text with such letters made Russian; every letter keeps its place. «IT», «Zoom» stay as they are."""
    return _WORD.sub(_russian, text)


def _russian(found: re.Match[str]) -> str:
    word = found[0]
    if _RUSSIAN_LETTER.search(word) or _ONLY_LOOK_ALIKES.fullmatch(word):
        return word.translate(_RUSSIAN)
    return word
