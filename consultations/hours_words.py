"""The words met in the column "График консультаций": what `hours` reads is first cut into known words here.

A word that may change the meaning of the days and times beside it ("except", "even weeks", "after the lessons",
a month, a date) is dangerous: with it the whole cell is unreadable.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ejournal_rollout.people.look_alikes import cyrillic

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹°º˚ᵒ", "01234567890000")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0301"))


def plain(words: str) -> str:
    """Small Cyrillic letters, "е" for "ё", one kind of hyphen and one of dash, minutes in superscript as 8:00."""
    text = words.translate(_INVISIBLE)
    text = re.sub(r"([0-9]) ?([⁰¹²³⁴⁵⁶⁷⁸⁹°º˚ᵒ]{2})", lambda m: f"{m[1]}:{m[2].translate(_SUPERSCRIPTS)}", text)
    text = unicodedata.normalize("NFKC", text.replace("№", "#"))
    text = re.sub(r"(?<=[0-9][.:])[OoОо]{2}(?!\w)", "00", text)
    text = cyrillic(text).casefold().replace("ё", "е")
    text = re.sub(r"[‐‑]", "-", re.sub(r"[‒–—―−]", "–", text))
    text = re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", "\n", text)
    text = re.sub(r" ?\n[ \n]*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()
    text = re.sub(r"([а-я]{2,})-\n([а-я]+)", _unhyphened, text)
    text = re.sub(r"(?<=\S)([-–])\n", r"\1 ", text)
    return re.sub(r"(?m)(?:^|(?<=; ))[0-9](?:\)|\.(?= [а-я]))", "", text)  # the number of a list item


_DAYS = (
    r"понедельник(?:а|у|ом|е|и|ов|ам|ами|ах)?|понед|пон|пнд|пн",
    r"вторник(?:а|у|ом|е|и|ов|ам|ами|ах)?|вторн|втр|вт",
    r"сред(?:а|ы|е|у|ой|ам|ами|ах)?|срд|ср",
    r"четверг(?:а|у|ом|е|и|ов|ам|ами|ах)?|чтв|чт",
    r"пятниц(?:а|ы|е|у|ей|ам|ами|ах)?|пятн|птн|пт",
    r"суббот(?:а|ы|е|у|ой|ам|ами|ах)?|субб|суб|сбт|сб",
    r"воскресень(?:е|я|ю|ем|ям|ями|ях)|воскр|вск|вс",
)
_ORDINALS = {
    r"перв(?:ый|ая|ую|ое|ой|ого|ом|ые)": 1,
    r"втор(?:ой|ая|ую|ое|ого|ом|ые)": 2,
    r"трет(?:ий|ья|ью|ье|ьей|ьего|ьем|ьи)": 3,
    r"четверт(?:ый|ая|ую|ое|ой|ого|ом|ые)": 4,
    r"пят(?:ый|ая|ую|ое|ой|ого|ом|ые)": 5,
    r"последн(?:ий|яя|юю|ее|ей|его|ем|ие)": -1,
    r"i": 1,
    r"ii": 2,
    r"iii": 3,
    r"iv": 4,
}

_WHO = (
    r"(?: (?:с )?(?:педагог|учител|работник|сотрудник|пользовател|родител|коллег|специалист|администраци|"
    r"преподавател|обративш)[а-я]*)?"
)
_SUBJECT = r"(?: (?:вопрос|обращени|заявок|необходимост|затруднени|проблем|запрос)[а-я]*)?"
_REQUESTS = (
    r"(?:по|при) (?:мере )?(?:необходимости|возможности)|в случае необходимости|по мере обращени(?:я|й)|"
    rf"(?:по мере|при) (?:возникновени|поступлени)[а-я]+{_SUBJECT}|"
    r"(?:по )?(?:(?:предварительн|индивидуальн|личн|взаимн|устн|письменн)[а-я]+ )?"
    rf"(?:соглас(?:ованию|ование)|договоренност[а-я]+|запрос(?:у|ам)|заявк(?:е|ам)|обращени(?:ю|ям)|просьб[а-я]+|"
    rf"требовани[а-я]+|звонку){_WHO}(?: времени)?|"
    r"в (?:любое|удобное|любое удобное)(?: для (?:вас|педагога|учителя))?(?: рабочее)? время|в рабочем порядке"
)
_APPOINTMENT = r"(?:по |только по )?(?:(?:предварительн|личн|электронн)[а-я]+ )?запис(?:и|ь|ью)"
_NUMBER_OF_ROOM = r"[0-9]{1,4}[а-яa-z]?(?:[/-][0-9]{1,3})?(?![0-9]|[.:][0-9])"
_ROOM_WORD = r"(?:каб(?:инет[а-я]*)?|ауд(?:итори[а-я]*)?|помещени[а-я]+|комнат[а-я]*|корпус[а-я]*)\b\.?"
_HOUR = r"(?:часов|часа|час|ч)(?![а-я])\.?"
_NOT_IN_NUMBER = r"(?<![0-9])(?<![0-9][.:,])"
_NUMBER_ENDS = r"(?![0-9]|[.:][0-9])"

# The order matters: the first pattern that fits at a place wins.
_LEXICON: tuple[tuple[str, str], ...] = (
    ("space", r" "),
    ("line", r"\n"),
    ("mail", r"[^\s@]{1,64}@[^\s@]+|(?:https?://|www\.)\S+"),
    ("danger", r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}|[0-9]{3,}[.:]|[0-9]{1,2}[.:][0-9]{3,}"),
    ("mail", r"\+7[ (-]*[0-9][0-9 ()-]{8,}[0-9]|8[ -]?\(?[0-9]{3,5}\)?[ -]?[0-9][0-9 -]{3,}[0-9]"),
    (
        "contact",
        r"(?:по )?(?:телефон(?:у|ам)?|тел|моб)\b\.?:?(?: ?(?![0-9]{1,2}-[0-9]{2} ?[-–] ?[0-9]{1,2}-[0-9]{2}(?![0-9-]))"
        r"\+?[0-9(](?:[ ()-]*[0-9]){4,}(?![0-9]|[.:][0-9]))?",
    ),
    ("contact", r"(?:по |на )?(?:электронн[а-я]+ )?почт[а-я]+|по e-?mail"),
    ("room", rf"{_ROOM_WORD} ?(?:# ?)?{_NUMBER_OF_ROOM}(?:(?: и |, ?)[0-9]{{1,4}}(?= ?(?:\)|$)))?"),
    ("room", rf"[0-9]{{1,4}}(?:-?(?:й|м|ый|ом))? {_ROOM_WORD}|# ?{_NUMBER_OF_ROOM}"),
    ("room", rf"{_ROOM_WORD}(?: (?:информатики|директора|завуча|психолога|физики|химии|математики))?"),
    ("room", r"(?:компьютерн[а-я]+ класс[а-я]*|[1-9] этаж[а-я]*)"),
    ("room", r"учительск(?:ая|ой)|библиотек[аи]|актов(?:ый|ом) зале?|приемн(?:ая|ой)|методкабинете?"),
    ("danger", r"(?:до|после) (?:обеда|перерыва)|не\b[ а-я]*?(?=[0-9\n,;.(]|$)|второй половине|первой половине"),
    ("appointment", _APPOINTMENT),
    ("request", _REQUESTS),
    ("whole_day", r"(?:в течени[еи]|весь)(?: всего)?(?: рабочего| учебного| рабочий)? (?:дня|день)"),
    ("whole_day", r"в (?:рабочее|учебное) время"),
    ("daily", r"ежедневно|каждый день|по будням|в будни|будни|по рабочим(?: дням)?"),
    ("daily", r"(?:каждый |в |во все |по )?(?:рабоч|учебн|будн)(?:ий|ый|ие|ые|им|ым) (?:день|дни|дням)"),
    ("month", r"(?:каждого |в )?месяца?\b|ежемесячно|мес\b\.?"),
    ("filler", r"без (?:обеденного )?(?:перерыва|обеда)(?: на обед)?"),
    ("break", r"(?:с )?(?:(?:обеденн|технологическ)[а-я]+ )?перерыв[а-я]*(?: на обед)?|обед(?:енный)?\b"),
    (
        "filler",
        r"(?:кроме|за исключением|исключая) (?:выходных|праздничных|праздников)(?: дней)?"
        r"(?:(?: и|,) (?:нерабочих )?(?:выходных|праздничных|праздников)(?: дней)?)?",
    ),
    ("except", r"кроме|за исключением|исключая"),
    ("holidays", r"(?:нерабочих )?праздничных(?: дней)?|праздников"),
    ("closed", r"выходн(?:ой|ые)(?: день| дни)?|нерабочи[ей](?: день| дни)?"),
    ("each", r"кажд(?:ый|ую|ое|ая|ые)(?: неделю)?|еженедельно"),
    *((f"day{number}", rf"(?:{forms})(?![а-я])\.?") for number, forms in enumerate(_DAYS, start=1)),
    *((f"ordinal{number}", rf"(?:{forms})\b") for forms, number in _ORDINALS.items()),
    ("ordinal", r"[1-5]-?(?:ый|ий|ой|ая|ую|ое|ей|го|ье|ья|ью|й|я|ю|е)\b"),
    ("clock", rf"{_NOT_IN_NUMBER}([0-9]{{1,2}}) ?{_HOUR} ?([0-9]{{1,2}}) ?(?:минут[а-я]*|мин|м)(?![а-я])\.?"),
    ("clock", rf"{_NOT_IN_NUMBER}([0-9]{{1,2}}) ?{_HOUR} ?([0-9]{{2}})(?! ?(?:{_HOUR}|[0-9.:-]))"),
    ("clock", rf"([0-9]{{1,2}})-([0-9]{{2}})(?= ?[-–] ?[0-9]{{1,2}}-[0-9]{{2}}{_NUMBER_ENDS})"),
    ("clock", rf"([0-9]{{1,2}})(?: ?: ?|\.|=)([0-9]{{2}}){_NUMBER_ENDS}"),
    ("clock", r"([0-9]{1,2})\. ([0-5][05])(?![0-9]| ?[.:-] ?[0-9])"),
    ("comma_clock", rf"([0-9]{{1,2}}),([0-5][05]){_NUMBER_ENDS}"),
    ("half_day", rf"([0-9]{{1,2}})(?: ?{_HOUR})? (утра|дня|вечера)\b"),
    ("pair_hours", rf"([0-9]{{1,2}})[-–]([0-9]{{1,2}}) ?{_HOUR}"),
    ("pair", rf"([0-9]{{1,2}})([-–])([0-9]{{1,2}}){_NUMBER_ENDS}"),
    ("spaced_clock", rf"([0-9]{{1,2}}) ([0-5][05])(?![0-9]|[.:-][0-9]| ?{_HOUR})"),
    ("hour", rf"([0-9]{{1,2}}) ?{_HOUR}"),
    ("minutes", r"[0-9]{1,3} ?(?:минут[а-я]*|мин(?![а-я])\.?)"),
    ("number", rf"([0-9]{{1,2}}){_NUMBER_ENDS}"),
    ("unit", _HOUR),
    ("dash", r"[-–]|\.{2,}"),
    ("filler", r"по московскому времени"),
    ("from", r"(?:с|со|от)\b"),
    ("after", r"после\b"),
    ("until", r"до\b"),
    ("along", r"по\b"),
    ("or", r"(?:или|либо)\b"),
    ("and", r"(?:а также|и)\b|[/&+]"),
    ("stop", r"[,;:.()\[\]«»\"|!*•·]"),
    ("filler", r"(?:в|во|на)\b|(?:часы|время|день|дни|график|режим)(?: (?:приема|консультаций|работы))?\b"),
    ("filler", r"прием[а-я]*|консультаци[а-я]+|проводи?тся|проводятся|только|мск|очно|онлайн|on-?line|дистанционно"),
    (
        "danger",
        r"(?:не)?четн[а-я]+|класс[а-я]*|соответственно|недел[а-я]+|через|урок[а-я]*|урочн[а-я]+|смен[а-я]*|перемен[а-я]*|каникул[а-я]*|числ[а-я]+|"
        r"четверт[а-я]+|полугод[а-я]+|год[а-я]*|раза?|занят[а-я]+|расписани[а-я]+|графику?|свободн[а-я]+|внеурочн[а-я]+|"
        r"ранее|раньше|позднее|позже|начал[а-я]*|кон[ец][а-я]*|выходн[а-я]+|праздн[а-я]+|нет|кроме|предпоследн[а-я]+|"
        r"половин[а-я]+|полдень|полудня|половина|отмен[а-я]+|временно|январ[а-я]|феврал[а-я]|март[а-я]?|апрел[а-я]|ма[йяе]|"
        r"июн[а-я]|июл[а-я]|август[а-я]?|сентябр[а-я]|октябр[а-я]|ноябр[а-я]|декабр[а-я]|поочередно|чередуясь|круглосуточно",
    ),
    ("word", r"[^\W\d_]+\.?"),
    ("danger", r"."),
)
# A word of the lexicon never begins or ends inside another word; marks and numbers do as they like.
_SCANNER = [
    (kind, re.compile(rf"(?:(?<![а-яa-z])|(?![а-яa-z]))(?:{pattern})(?:(?<![а-яa-z])|(?![а-яa-z]))", re.DOTALL))
    for kind, pattern in _LEXICON
]
_DAY = re.compile("|".join(_DAYS))


def _unhyphened(parts: re.Match[str]) -> str:
    """A day's name that the cell's edge broke in two ("понедель-" and "ник"); "пн-" and "пт" stay a range."""
    if _DAY.fullmatch(parts[1] + parts[2]) and not _DAY.fullmatch(parts[1]):
        return parts[1] + parts[2]
    return parts[0]


class UnreadableError(Exception):
    """The cell says something this reader does not understand, so nothing of it may be believed."""


class Token(NamedTuple):
    kind: str
    text: str
    groups: tuple[str | None, ...] = ()
    number: int = 0


def _first_match(text: str, place: int) -> tuple[str, re.Match[str]]:
    for kind, pattern in _SCANNER:
        match = pattern.match(text, place)
        if match and match.end() > place:
            return kind, match
    raise UnreadableError


def tokens_of(text: str) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        kind, match = _first_match(text, place)
        place = match.end()
        if kind == "danger":
            raise UnreadableError
        if kind == "space":
            continue
        name = kind.rstrip("-0123456789")
        number = int(kind[len(name) :] or 0)
        if kind == "ordinal":
            number = int(match[0][0])
        tokens.append(Token(name, match[0], match.groups(), number))
    return tokens
