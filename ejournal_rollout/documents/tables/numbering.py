"""Automatic numbers of Word («1.1.», «•»), which stand in no text: computed as Word prints them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "•"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN += ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"  # as Word counts: without ё, й, ъ, ы, ь
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_LEVELS = 9
_MOST_NUMBER = 3999  # a larger one is printed in figures: a million has a thousand Roman M


@dataclass
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""
    legal: bool = False
    gap: str = " "
    restart: int | None = None  # begins anew after a paragraph of a level above this one; None: above its own


@dataclass
class _List:
    """One `w:num`: its levels, and the counters it shares with every list of the same definition."""

    levels: dict[int, _Level]
    counters: list[int | None]
    restarts: dict[int, int] = field(default_factory=dict)


def value(element: etree._Element | None, path: str = "") -> str | None:
    """`w:val` of the element (or of its child); None where it is absent, "" where it has no value."""
    found = element.find(path) if element is not None and path else element
    return None if found is None else found.get(f"{W}val", "")


def is_on(element: etree._Element | None, path: str) -> bool:
    return value(element, path) not in (None, "0", "false", "off")


class Numbering:
    """Gives each paragraph its printed number; ask once for every paragraph, in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {style.get(f"{W}styleId"): style for style in _children(styles, "style")}
        definitions = {one.get(f"{W}abstractNumId"): one for one in _children(numbering, "abstractNum")}
        counters: dict[str, list[int | None]] = {key: [None] * _LEVELS for key in definitions}
        numbers = {one.get(f"{W}numId"): one for one in _children(numbering, "num")}
        self._lists: dict[str, _List] = {}
        for key, number in numbers.items():
            definition_key = value(number, f"{W}abstractNumId") or ""
            link = value(definitions.get(definition_key), f"{W}numStyleLink")
            if link:  # the definition only points to a list style, which names the real list
                linked = value(self._styles.get(link), f"{W}pPr/{W}numPr/{W}numId")
                definition_key = value(numbers.get(linked), f"{W}abstractNumId") or definition_key
            if definition_key not in definitions:
                continue
            one = _List(_levels(definitions[definition_key]), counters[definition_key])
            for override in _children(number, "lvlOverride"):
                depth = int(override.get(f"{W}ilvl", "0"))
                start = value(override, f"{W}startOverride")
                if start:
                    one.restarts[depth] = int(start)
                one.levels |= _levels(override)
            self._lists[key] = one

    def label(self, paragraph: etree._Element) -> str:
        """The number with the blank after it, «• » for a bullet, "" for a paragraph outside lists."""
        number, depth = self._place(paragraph.find(f"{W}pPr"))
        one = self._lists.get(number or "")
        if one is None or depth not in one.levels:
            return ""
        level = one.levels[depth]
        if level.form == "bullet":
            return f"{BULLET} "
        self._count(one, depth)
        printed = level.text
        for place in range(depth + 1):
            upper = one.levels.get(place, _Level())
            form = "decimal" if level.legal else upper.form
            printed = printed.replace(f"%{place + 1}", _printed(one.counters[place] or 0, form))
        return printed + level.gap if printed.strip() else ""

    def _count(self, one: _List, depth: int) -> None:
        for place in range(depth):
            if one.counters[place] is None:
                one.counters[place] = one.levels.get(place, _Level()).start
        restart = one.restarts.pop(depth, None)
        current = one.counters[depth]
        if restart is not None:
            one.counters[depth] = restart
        else:
            one.counters[depth] = one.levels[depth].start if current is None else current + 1
        for place in range(depth + 1, _LEVELS):
            restart = one.levels.get(place, _Level()).restart
            if restart is None or depth < restart:
                one.counters[place] = None

    def _place(self, properties: etree._Element | None) -> tuple[str | None, int]:
        """The list and the level of a paragraph: its own, else those of its style."""
        number = value(properties, f"{W}numPr/{W}numId")
        depth = value(properties, f"{W}numPr/{W}ilvl")
        style = value(properties, f"{W}pStyle")
        seen: set[str] = set()
        while number is None and style in self._styles and style not in seen:
            seen.add(style)
            element = self._styles[style]
            number = value(element, f"{W}pPr/{W}numPr/{W}numId")
            if number is not None and depth is None:
                depth = value(element, f"{W}pPr/{W}numPr/{W}ilvl")
                if depth is None and number in self._lists:
                    levels = self._lists[number].levels
                    depth = next((str(place) for place, level in levels.items() if level.style == style), None)
            style = value(element, f"{W}basedOn")
        return number, min(int(depth or 0), _LEVELS - 1) if (depth or "0").isdigit() else 0


def _children(element: etree._Element | None, name: str) -> Iterable[etree._Element]:
    return () if element is None else element.findall(f"{W}{name}")


def _levels(element: etree._Element) -> dict[int, _Level]:
    levels = {}
    for one in _children(element, "lvl"):
        start, restart = value(one, f"{W}start") or "1", value(one, f"{W}lvlRestart") or ""
        levels[int(one.get(f"{W}ilvl", "0"))] = _Level(
            start=int(start) if start.isdigit() else 1,
            form=value(one, f"{W}numFmt") or "decimal",
            text=value(one, f"{W}lvlText") or "",
            style=value(one, f"{W}pStyle") or "",
            legal=is_on(one, f"{W}isLgl"),
            gap="" if value(one, f"{W}suff") == "nothing" else " ",
            restart=int(restart) if restart.isdigit() else None,
        )
    return levels


def _printed(number: int, form: str) -> str:
    if number > _MOST_NUMBER:
        return str(number)
    match form:
        case "none":
            return ""
        case "upperRoman" | "lowerRoman":
            roman = _roman(number)
            return roman if form == "upperRoman" else roman.lower()
        case "russianLower" | "russianUpper":
            letter = _RUSSIAN[(number - 1) % len(_RUSSIAN)]
            return letter if form == "russianLower" else letter.upper()
        case "lowerLetter" | "upperLetter":
            letter = _LATIN[(number - 1) % len(_LATIN)]
            return letter if form == "lowerLetter" else letter.upper()
        case "decimalZero":
            return f"{number:02d}"
    return str(number)


def _roman(number: int) -> str:
    def step(state: tuple[int, str], sign: tuple[int, str]) -> tuple[int, str]:
        rest, printed = state
        return rest % sign[0], printed + sign[1] * (rest // sign[0])

    return reduce(step, _ROMAN, (number, ""))[1]
