"""The words of a term as signs: "до «15» сент. 2022 г." is BEFORE NUMBER MONTH YEAR YEAR_WORD.

Folding is for meaning only (blanks, dashes, quotes, ё, Latin look-alikes); every numeral remembers
where its digits stand in the printed words, so that `shifting` can rewrite them in place.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum, auto

from ejournal_rollout.people.look_alikes import cyrillic


class Sign(StrEnum):
    """What a word or a short phrase is, whatever its case and ending."""

    NUMBER = auto()  # a day, or which quarter; also «20-го», «первое»
    ROMAN = auto()
    MONTH = auto()
    YEAR = auto()
    SCHOOL_YEARS = auto()  # «2021/22», «2021-2022 учебный»: two years in a row
    YEARS = auto()  # «2021-2022» without «учебный»
    YEAR_WORD = auto()  # г., год
    YEARS_WORD = auto()  # гг., годы
    SCHOOL = auto()  # уч., учебный
    QUARTER = auto()
    HALF_YEAR = auto()
    HALF = auto()  # половина (месяца)
    TEN_DAYS = auto()  # декада
    WEEKDAY = auto()
    FROM = auto()  # с
    TO = auto()  # по
    BEFORE = auto()  # до
    BY = auto()  # к
    NOT_LATER = auto()
    NOT_EARLIER = auto()
    IN = auto()
    WITHIN = auto()  # в течение
    ALL = auto()  # весь
    END = auto()
    BEGINNING = auto()
    DAY_OF_MONTH = auto()  # числа
    MONTH_WORD = auto()  # месяца
    EACH = auto()  # каждый
    LAST = auto()  # последний
    OF_EACH_MONTH = auto()
    OF_EACH_WEEK = auto()
    WHOLE_PERIOD = auto()
    SCHEDULE = auto()
    ON_DEMAND = auto()
    RECURRING = auto()
    ANNUAL = auto()
    SEQUEL = auto()  # далее: what follows holds after what was said
    CONDITION = auto()  # при наличии ...
    DASH = auto()
    COMMA = auto()
    SILENT = auto()  # adds nothing: «в срок до», «по 31 мая включительно»
    WORD = auto()  # a word we do not know
    JUNK = auto()


@dataclass(frozen=True)
class Numeral:
    """A number and the places of its digits in the printed words (empty for «первое», «II»)."""

    value: int
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Token:
    sign: Sign
    text: str
    numerals: tuple[Numeral, ...] = ()

    @property
    def value(self) -> int:
        return self.numerals[0].value


# ---------------------------------------------------------------- folding

_DASHES = "-‐‑‒–—―−﹘﹣－"
_QUOTES = "«»\"'„“”‟‹›‘’`"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def _fold(words: str) -> tuple[str, list[int]]:
    """The words in small Cyrillic letters, and for each character its place in `words`."""
    chars: list[str] = []
    places: list[int] = []
    hyphenated = False
    for place, char in enumerate(words):
        if unicodedata.combining(char) and chars:  # й written as и with a breve
            composed = unicodedata.normalize("NFC", chars[-1] + char)
            chars[-1] = composed if len(composed) == 1 else chars[-1]
            continue
        if char in _INVISIBLE or (hyphenated and char in "\r\n"):
            hyphenated = hyphenated or char == "\u00ad"  # a soft hyphen breaks the line inside a word
            continue
        hyphenated = False
        if char.isspace() or char in _QUOTES:
            char = " "
        elif char in _DASHES:
            char = "-"
        elif "\u2160" <= char <= "\u217f":  # Roman numerals that are one character
            char = unicodedata.normalize("NFKC", char)
        if char == " " and chars and chars[-1] == " ":
            continue
        for part in char:
            chars.append(part)
            places.append(place)
    text = re.sub(r"[^\W\d_]+", _fold_word, "".join(chars))
    return text, places


def _fold_word(found: re.Match[str]) -> str:
    word = cyrillic(found[0].replace("І", "I").replace("і", "i"))
    # letter by letter: a few foreign letters become two in lower case, and places would slip
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in word).replace("ё", "е")


# ---------------------------------------------------------------- lexicon

_UCH = r"уч(?:ебн[а-я]*)?(?![а-я])"
_ORDINAL = r"(?:-?(?:го|ого|е|ое|й|ый|ой|я|ая|ю|ую|м|ом|му|ому|х)(?![а-я]))?"
_COUNT = (
    r"(?:[0-9]{1,2}(?:-[0-9]{1,2})?|од(?:ин|на|ного|ной|ну)|дв(?:а|е|ух)|тр(?:и|ех)|четыр(?:е|ех)|пят[ьи]|"
    r"нескольк(?:о|их))"
)
_ORDINAL_WORD = r"(?:перв|втор|трет|четверт|последн)[а-я]{2,3}"
_PERIOD = (
    r"(?:рабоч[а-я]+ |учебн[а-я]+ )?(?:день|дня|недел[июяь]|месяц[а-я]{0,3}|четверт[иьей]+|триместр[а-я]?|"
    r"квартал[а-я]?|полугоди[еяй]|полгода)"
)
_WORK = (
    r"(?: (?:работ|внедрен|реализац|переход|использован|исполнен|эксплуатац|проект|план|дорожн|карт|электронн|журнал|"
    r"систем|мероприят|апробац|действ|приказ|обучен|опытн|эж|эд|(?:на|к)(?= (?:электр|использ|безбумаж)))[а-я]*)*"
)
_WHOSE = (
    r"(?: (?:работ|рабоч|групп|школ|учрежден|организац|контрол|внутришкольн|вшк|мероприят|консультац|администрац|"
    r"проверок|обучен|заседан|методическ|совет|проведен|курсов|отдел|управлен|департамент|министерств|семинар|"
    r"педсовет|совещан|мониторинг|повышен|квалификац)[а-я]*)*"
)
_ASKED = (
    r"(?: (?:заявк|заявок|заявлен|обращен|вопрос|запрос|проблем|затруднен|необходимост|учител|педагог|родител|"
    r"пользовател|работник|сотрудник|участник|специалист|администрац|информац|документ|от)[а-я]*)*"
)

# The first shape that fits wins, so longer phrases stand before their parts. A shape with several
# groups gives a sign to each: «01.09.22» is the same NUMBER MONTH YEAR as «1 сентября 2022».
_NUMERIC = [
    ((Sign.YEAR, Sign.MONTH, Sign.NUMBER), r"(20[0-9]{2})-([0-9]{2})-([0-9]{2})(?![0-9-])"),
    (
        (Sign.NUMBER, Sign.MONTH, Sign.YEAR),
        r"([0-9]{1,2}) *\. *([0-9]{1,2}) *\. *(20[0-9]{2}|[0-9]{2})(?![0-9]|[.:][0-9])",
    ),
    ((Sign.NUMBER, Sign.MONTH, Sign.YEAR), r"([0-9]{2})-([0-9]{2})-(20[0-9]{2})(?![0-9-])"),
    ((Sign.NUMBER, Sign.MONTH), r"([0-9]{1,2})\.(0[1-9]|1[0-2])(?![0-9]|[.,:/][0-9])"),
    ((Sign.MONTH, Sign.YEAR), r"(0[1-9]|1[0-2])\.(20[0-9]{2})(?![0-9]|[.:][0-9])"),
    ((Sign.SCHOOL_YEARS,), rf"(20[0-9]{{2}}) *[-/] *(20[0-9]{{2}}|[0-9]{{2}})(?= *{_UCH})"),
    ((Sign.SCHOOL_YEARS,), rf"([0-9]{{2}}) *[-/] *([0-9]{{2}})(?= *{_UCH})"),
    ((Sign.SCHOOL_YEARS,), r"(20[0-9]{2}) */ *(20[0-9]{2}|[0-9]{2})(?![0-9]|[./-][0-9])"),
    ((Sign.YEARS,), r"(20[0-9]{2}) *- *(20[0-9]{2})(?![0-9]|[./-][0-9])"),
    ((Sign.YEAR,), rf"(20[0-9]{{2}}){_ORDINAL}(?![0-9]|[.:][0-9])"),
    # «1. Сентябрь» and «1) сентябрь» are items of a list, not the first of September
    ((Sign.JUNK,), r"[0-9]+(?:[.,:/][0-9]+)+|[0-9]{3,}|[0-9]{1,2} ?[.)]"),
]
_PHRASES = [
    (
        Sign.SILENT,
        r"(?:в )?срок(?:и|ом)?(?: исполнения| проведения)?(?: ?[-:])?|включительно|текущ(?:его|ем|ий)(?= уч)",
    ),
    (Sign.SILENT, r"в теч(?:ени[еи])? (?:рабочего|учебного) дня|но(?= не (?:реже|менее|чаще|более))"),
    (
        Sign.WHOLE_PERIOD,
        rf"(?:(?:(?:в течени[еи]|на протяжении|за|на) )?(?:весь|всего) (?:период|срок)а?|"
        rf"(?:в течени[еи]|на протяжении) (?:период|срок)а){_WORK}",
    ),
    (Sign.WHOLE_PERIOD, r"постоянно|круглый год|непрерывно|круглогодично|бессрочно|на постоянной основе"),
    (
        Sign.SCHEDULE,
        r"(?:по|согласно|в соответствии с)"
        r"(?: (?:отдельн|утвержденн|индивидуальн|соответствующ|специальн|особ|сво|общ|единому|годов)[а-я]*)*"
        rf" (?:план|график|расписани|циклограмм)[а-я]*(?:-график[а-я]*)?{_WHOSE}",
    ),
    (Sign.ON_DEMAND, r"(?:по мере|по|при|в случае) необходимости|при возникновении необходимости"),
    (Sign.ON_DEMAND, rf"(?:по мере|при) (?:поступлени|возникновени|обращени|появлени)[яию]{_ASKED}"),
    (Sign.ON_DEMAND, rf"по (?:запрос|требовани|обращени|заявк|заявлени|просьб)[а-я]*{_ASKED}"),
    (Sign.ON_DEMAND, r"по (?:предварительной )?записи"),
    (
        Sign.ANNUAL,
        rf"(?:не (?:реже|менее|чаще|более)(?: чем)? )?(?:{_COUNT} )?(?:раза?|дважды|трижды) в (?:учебный )?год",
    ),
    (Sign.ANNUAL, r"ежегодно|кажд(?:ый|ого|ом)(?: учебн[а-я]+)? год[ау]?"),
    (
        Sign.RECURRING,
        rf"(?:не (?:реже|менее|чаще|более)(?: чем)? )?(?:{_COUNT} )?(?:раза?|дважды|трижды) в (?:{_COUNT} )?{_PERIOD}",
    ),
    (Sign.RECURRING, r"еже(?:дневно|недельно|месячно|квартально|урочно)|регулярно|систематически|периодически"),
    (Sign.RECURRING, rf"в (?:конце|начале) кажд(?:ого|ой) {_PERIOD}"),
    (Sign.RECURRING, rf"по (?:окончании|итогам) кажд(?:ого|ой) {_PERIOD}"),
    (Sign.RECURRING, r"по (?:будн|будним дн|рабочим дн)[ая]м"),
    (
        Sign.RECURRING,
        rf"(?:{_ORDINAL_WORD}|[1-5]{_ORDINAL}) (?:(?:рабоч|учебн)[а-я]{{2}} )?(?:день|недел[яюи]) (?:каждого )?месяца",
    ),
    (
        Sign.OF_EACH_MONTH,
        r"(?:каждого|следующего|последующего) месяца|месяца *,? *следующего за отчетным[а-я ]*?периодом",
    ),
    (Sign.OF_EACH_MONTH, r"месяца *,? *следующего за отчетным(?: месяцем| кварталом)?"),
    (
        Sign.RECURRING,
        rf"кажд(?:ый|ую|ое|ые|ая)(?: {_ORDINAL_WORD})?(?: {_COUNT})? {_PERIOD}(?! месяца)",
    ),
    (Sign.EACH, r"кажд(?:ый|ую|ое|ая|ые)"),
    (Sign.SEQUEL, r"(?:а )?(?:далее|затем)(?: ?-)?"),
    (Sign.CONDITION, r"при (?:наличии|условии)"),
    (Sign.WITHIN, r"в теч(?:ени[еи])?|на протяжении"),
    (Sign.SILENT, r"(?:(?:в|на|за) )?период(?: ?:)?"),
    (Sign.NOT_LATER, r"не поздн(?:ее|ей)|не позже"),
    (Sign.NOT_EARLIER, r"не ран(?:ее|ьше)"),
    (Sign.IN, r"в|во|на"),
    (Sign.FROM, r"(?:начиная )?со?"),
    (Sign.TO, r"по"),
    (Sign.BEFORE, r"до"),
    (Sign.BY, r"ко?"),
    (Sign.ALL, r"весь|всего"),
    (Sign.END, r"конц[ау]|окончания|завершения"),
    (Sign.BEGINNING, r"начал[ау]"),
    (Sign.DAY_OF_MONTH, r"числ[аоу]"),
    (Sign.MONTH_WORD, r"месяц[аеу]?"),
    (Sign.OF_EACH_WEEK, r"каждой недели"),
    (Sign.LAST, r"последн(?:ий|яя|юю|ее|его|ей)"),
    (Sign.YEARS_WORD, r"г\. ?г|гг|год(?:ы|ов|ах|ам)"),
    (Sign.YEAR_WORD, r"г|год[ауе]?|годом"),
    (Sign.SCHOOL, _UCH),
    (Sign.QUARTER, r"кв|квартал[а-я]{0,2}"),
    (Sign.HALF_YEAR, r"полуг|пол|п/г|пг|полугоди[а-я]{1,2}"),
    (Sign.HALF, r"половин[аеуы]"),
    (Sign.TEN_DAYS, r"декад[аеуы]"),
    (Sign.COMMA, r"и"),
]
_ORDINAL_WORDS = [
    r"перв(?:ый|ое|ого|ом|ому|ая|ой|ую)",
    r"втор(?:ой|ое|ого|ом|ому|ая|ую)",
    r"трет(?:ий|ье|ьего|ьем|ьему|ья|ьей|ью)",
    r"четверт(?:ый|ое|ого|ом|ому)",
]
_WEEKDAYS = [
    r"понедельник[а-я]{0,2}|пн",
    r"вторник[а-я]{0,2}|вт",
    r"сред(?:а|ы|е|у|ой|ам)|ср",
    r"четверг[а-я]{0,2}|чт",
    r"пятниц[а-я]{1,2}|пт",
    r"суббот[а-я]{1,2}|сб",
    r"воскресень[а-я]{1,2}|вс",
]
_MONTHS = [
    r"январ[ьяюе]м?|янв",
    r"феврал[ьяюе]м?|февр?",
    r"март(?:а|у|е|ом)?|мар",
    r"апрел[ьяюе]м?|апр",
    r"ма[йяюе]|маем",
    r"июн[ьяюе]м?|июн",
    r"июл[ьяюе]м?|июл",
    r"август(?:а|у|е|ом)?|авг",
    r"сентябр[ьяюе]м?|сент?",
    r"октябр[ьяюе]м?|окт",
    r"ноябр[ьяюе]м?|нояб?",
    r"декабр[ьяюе]м?|дек",
]


@dataclass(frozen=True)
class _Shape:
    """How a sign looks. `value` is for words that mean a number without a digit."""

    signs: tuple[Sign, ...]
    pattern: re.Pattern[str]
    value: int = 0


def _word(sign: Sign, pattern: str, value: int = 0) -> _Shape:
    return _Shape((sign,), re.compile(rf"(?:{pattern})(?![а-яa-z])"), value)


_SHAPES = [
    *(_Shape(signs, re.compile(pattern)) for signs, pattern in _NUMERIC),
    *(_Shape((Sign.ROMAN,), re.compile(rf"{roman}{_ORDINAL}(?![a-z])"), value) for roman, value in _ROMAN.items()),
    *(_word(Sign.MONTH, pattern, value) for value, pattern in enumerate(_MONTHS, start=1)),
    *(_word(Sign.WEEKDAY, pattern, value) for value, pattern in enumerate(_WEEKDAYS, start=1)),
    *(_word(sign, pattern) for sign, pattern in _PHRASES),
    *(_word(Sign.NUMBER, pattern, value) for value, pattern in enumerate(_ORDINAL_WORDS, start=1)),
    _Shape((Sign.NUMBER,), re.compile(rf"([0-9]{{1,2}}){_ORDINAL}")),
    _Shape((Sign.DASH,), re.compile(r"[-÷…]|\.{2,}")),
    _Shape((Sign.COMMA,), re.compile("[,;:]")),
    _Shape((Sign.SILENT,), re.compile("[ .()]")),
    _Shape((Sign.WORD,), re.compile(r"[^\W\d_]+")),
    _Shape((Sign.JUNK,), re.compile(".", re.DOTALL)),
]


def tokens(words: str) -> list[Token]:
    """All signs of `words` in order; every character belongs to some sign, silent ones are left out."""
    text, places = _fold(words)
    found: list[Token] = []
    start = 0
    while start < len(text):
        shape, match = next((s, m) for s in _SHAPES if (m := s.pattern.match(text, start)))
        found.extend(_tokens_of(shape, match, places))
        start = match.end()
    return [token for token in found if token.sign is not Sign.SILENT]


def _tokens_of(shape: _Shape, match: re.Match[str], places: list[int]) -> list[Token]:
    numerals = tuple(
        Numeral(int(match[group]), tuple(places[match.start(group) : match.end(group)]))
        for group in range(1, match.re.groups + 1)
    )
    if shape.value:
        numerals = (Numeral(shape.value),)
    if shape.signs == (Sign.SCHOOL_YEARS,):
        first, last = (_full_year(numeral) for numeral in numerals)
        sign = Sign.SCHOOL_YEARS if last.value == first.value + 1 else Sign.JUNK
        return [Token(sign, match[0], (first, last))]
    if len(shape.signs) == 1:
        return [Token(shape.signs[0], match[0], numerals)]
    parts = [
        Token(sign, match[0], (_full_year(numeral) if sign is Sign.YEAR else numeral,))
        for sign, numeral in zip(shape.signs, numerals, strict=True)
    ]
    if shape.signs[0] is Sign.YEAR:  # 2022-09-01 in the order of 01.09.2022
        parts.reverse()
    return parts


def _full_year(numeral: Numeral) -> Numeral:
    return Numeral(numeral.value + 2000, numeral.places) if numeral.value < 100 else numeral
