"""The same words some years later, letter for letter but for the digits (copy of an order, P33).

Only years from 2000 to 2099 are shifted; words whose new year would lie outside stay as they are.
"""

import re
from calendar import isleap
from collections.abc import Iterable

from .reading import names_impossible_date
from .words import Numeral, Sign, Token, tokens

_YEARS = (Sign.YEAR, Sign.SCHOOL_YEARS, Sign.YEARS)
_LAW = re.compile(r"(?:приказ|закон|письм|постановлен|распоряжен|протокол|фз$)")


def shift_term(words: str, years: int) -> str:
    """The words of a term `years` later: «Май-июнь 2021» five years on is «Май-июнь 2026».

    29 February becomes 28 where the new year has no such day. Words with an impossible date are
    returned as they are, so that the person who must correct them sees what was printed; dates of
    laws and orders («приказ от 15.08.2022 № 5») stay too.
    """
    signs = tokens(words)
    if names_impossible_date(signs):
        return words
    moved = [token for at, token in enumerate(signs) if token.sign in _YEARS and not _dates_a_paper(signs, at)]
    changes = [(numeral, numeral.value + years) for token in moved for numeral in token.numerals]
    if any(not 2000 <= value <= 2099 for _, value in changes):
        return words
    changes.extend((numeral, 28) for numeral in _lost_leap_days(signs, moved, years))
    return _rewritten(words, changes)


def shift_school_years(text: str, years: int) -> str:
    """Any text with only its school years moved: «в 2021-2022 учебном году», «2021/22 уч. года».

    Several in a row are moved together («в 2021-2022 и 2022-2023 учебных годах»); calendar years
    and dates, those of laws above all, are never touched.
    """
    signs = tokens(text)
    moved: list[Token] = []
    for at, token in enumerate(signs):
        if token.sign is not Sign.SCHOOL:
            continue
        at -= 1
        while at >= 0 and signs[at].sign in (Sign.SCHOOL_YEARS, Sign.YEARS) and _follow_each_other(signs[at]):
            moved.append(signs[at])
            at -= 2 if at and signs[at - 1].sign in (Sign.COMMA, Sign.DASH, Sign.TO) else 1
    changes = [(numeral, numeral.value + years) for token in moved for numeral in token.numerals]
    if any(not 2000 <= value <= 2099 for _, value in changes):
        return text
    return _rewritten(text, changes)


def _follow_each_other(token: Token) -> bool:
    first, last = token.numerals
    return last.value == first.value + 1


def _dates_a_paper(signs: list[Token], at: int) -> bool:
    """The year at `at` belongs to a law or an order: «№» or its name stands beside the date."""
    start = at
    while start and signs[start - 1].sign in (Sign.NUMBER, Sign.MONTH):
        start -= 1
    end = at + 1
    while end < len(signs) and signs[end].sign in (Sign.YEAR_WORD, Sign.YEARS_WORD):
        end += 1
    numbered = end < len(signs) and signs[end].text in ("№", "n")
    before = [token.text for token in signs[max(0, start - 2) : start]]
    return numbered or before[-1:] == ["№"] or (before[-1:] == ["от"] and bool(_LAW.match(before[0])))


def _lost_leap_days(signs: list[Token], moved: list[Token], years: int) -> Iterable[Numeral]:
    """29 before «февраля», when the first year after it is leap now and will not be."""
    for at, (number, month) in enumerate(zip(signs, signs[1:], strict=False)):
        if number.sign is Sign.NUMBER and number.value == 29 and month.sign is Sign.MONTH and month.value == 2:
            year = next((token for token in signs[at + 2 :] if token.sign in _YEARS), None)
            if year in moved and not isleap(year.numerals[-1].value + years):
                yield number.numerals[0]


def _rewritten(words: str, changes: Iterable[tuple[Numeral, int]]) -> str:
    """`words` with new numbers in the places of the old, as many digits as were printed."""
    chars = list(words)
    for numeral, value in changes:
        for place, digit in zip(reversed(numeral.places), reversed(str(value)), strict=False):
            chars[place] = digit
    return "".join(chars)
