"""Cells broken over several lines: which words a hyphen at the end of a line parts. Pure.

«техничес-» and «кий» are one word, «учителя-» and «предметники» keep their hyphen. Without a dictionary this is
known by the usual parts of words written with a hyphen (our decision; the person sees the words in the preview).
"""

import re

_LONGEST_WORD = 60  # letters
_BROKEN = re.compile(r"(?P<first>(?:[А-Яа-яЁё]+-)*[А-Яа-яЁё]*[а-яё])[-‐]\Z")
_REST = re.compile(r"[а-яё]+")
_FIRST_PART = re.compile(
    r"(?:январ|феврал|март|апрел|ма|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-яё]?|сент|окт|нояб|дек|янв|фев|февр"
    r"|пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота"
    r"|план|интернет|онлайн|веб|видео|медиа|мини|пресс|бизнес|по|из|во|где|как|кто|что"
    r"|(?:педагог|учител|инженер|методист|техник)[а-яё]{0,3}"
    r"|(?:учебно|научно|военно|материально|организационно|информационно|нормативно|психолого|социально|финансово"
    r"|культурно|контрольно|календарно|лечебно|санитарно|хозяйственно|правовое|программно|технологическо)",
    re.IGNORECASE,
)
_SECOND_PART = re.compile(
    r"предметник|график|наставник|психолог|логопед|организатор|методист|практикум|лекци|консультаци|программист"
    r"|дефектолог|библиотекар|то\Z|либо\Z|нибудь\Z"
)


def begins_row(cells: list[str]) -> bool:
    """Whether a line of a table without rules is a new row, not the rest of the cells above it."""
    filled = sum(bool(cell) for cell in cells)
    return bool(cells[0]) and not cells[0][0].islower() and 2 * filled >= len(cells)


def is_broken(line: str, following: str) -> bool:
    """Whether a word begins on the line and ends on the next one."""
    return bool(_BROKEN.search(line[-_LONGEST_WORD:]) and _REST.match(following.lstrip(" ")))


def run_on(old: str, more: str, gap: str = " ") -> str:
    """One cell out of two of its lines, with `gap` between them unless a hyphen breaks a word."""
    if not old or not more:
        return old or more
    broken, rest = _BROKEN.search(old[-_LONGEST_WORD:]), _REST.match(more)
    if not broken or not rest:
        return f"{old}{more}" if old.endswith("-") else f"{old}{gap}{more}"
    if _FIRST_PART.fullmatch(broken["first"].rpartition("-")[2]) or _SECOND_PART.match(rest[0]):
        return f"{old}{more}"
    return f"{old[:-1]}{more}"
