"""What the reader did not understand for certain: sentences for the person who checks the paper.

A remark never changes the words; it says where they stand and asks. Its `code` is stable, its text is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from consultations.hours import read_hours
from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.parties import ends_with_comma, read_parties
from plans.terms import Doubt, Kind, Term, read_term


@dataclass(frozen=True)
class Place:
    """Where on the paper: the annex ("order", "plan", "regulation" or "schedule") and words for a person."""

    annex: str
    words: str
    row_key: str = ""
    field: str = ""


@dataclass(frozen=True)
class Remark:
    """One doubt. `printed` holds the words as printed, "" where nothing is printed; `row_key` calls the row as
    `compare` does ("1.2", "6", a direction's name), and `field` its field, so a page can jump there."""

    text: str
    place: str
    code: str
    printed: str = ""
    row_key: str = ""
    field: str = ""
    annex: str = "order"


def remark(place: Place, code: str, text: str, printed: str = "") -> Remark:
    return Remark(text, place.words, code, printed, place.row_key, place.field, place.annex)


# Our decision: a roll-out plan looks back a year or two and ahead for five; a farther year is more often a slip.
_YEARS_BEFORE, _YEARS_AFTER = 2, 6


def beside_table(above: int) -> str:
    """Where a paragraph stands that has `above` tables of its annex above it."""
    return _("after table %(number)s") % {"number": above} if above else _("before table %(number)s") % {"number": 1}


def on_term(words: str, year: SchoolYear | None, place: Place) -> Iterator[Remark]:
    """Remarks on one cell of terms (Annex 1)."""
    if not words:
        yield remark(place, "term_missing", _("No term is printed. The task will never be overdue: is that right?"))
        return
    term = read_term(words, year)
    if term.kind == Kind.UNPARSABLE or term.doubt:
        code = term.doubt or "unreadable"
        yield remark(place, f"term_{code}", _term_question(code) % {"words": fold(words)}, words)
    elif year and any(not -_YEARS_BEFORE <= one.year - year.first <= _YEARS_AFTER for one in _days(term)):
        text = _("The term “%(words)s” lies far from the school year of the order. Is the year right?")
        yield remark(place, "term_far", text % {"words": fold(words)}, words)


def _days(term: Term) -> list[date]:
    return [day for day in (term.starts_on, term.due_on) if day]


def _term_question(code: str) -> str:
    questions = {
        Doubt.IMPOSSIBLE_DATE: _("The term “%(words)s” names a day that does not exist. Enter the first and last day."),
        Doubt.YEAR_MISSING: _("The term “%(words)s” names no year. Enter the first and last day."),
        Doubt.SEVERAL_STATEMENTS: _(
            "The term “%(words)s” says several things. Enter the first and last day that count."
        ),
        Doubt.REVERSED: _("The term “%(words)s” ends before it begins. Enter the first and last day."),
        Doubt.WRONG_WEEKDAY: _("The date in “%(words)s” is another day of the week. Enter the first and last day."),
    }
    return questions.get(code) or _(
        "The term “%(words)s” is not clear. Enter its first and last day, or leave it without dates."
    )


def on_hours(words: str, place: Place) -> Iterator[Remark]:
    """Remarks on one cell of consultation hours (Annex 3): one per doubt."""
    if not words:
        yield remark(place, "hours_missing", _("No hours are printed. Enter days and hours, or choose “as needed”."))
        return
    for code in read_hours(words).doubts:
        yield remark(place, f"hours_{code}", _hours_question(code) % {"words": fold(words)}, words)


def _hours_question(code: str) -> str:
    questions = {
        "working_week_unknown": _(
            "“%(words)s”: “daily” means the working days of the school. Has the school a five- or a six-day week?"
        ),
        "days_missing": _("“%(words)s”: there are hours but no days. Enter the days of the week."),
        "hours_missing": _("“%(words)s”: there are days but no hours. Enter the hours."),
        "start_missing": _("“%(words)s”: it is not said when the consultation begins. Enter the hours."),
        "end_missing": _("“%(words)s”: it is not said when the consultation ends. Enter the hours."),
        "reversed": _("“%(words)s”: the end is not after the beginning. Correct the hours."),
        "unlikely_time": _("“%(words)s”: an unusual time for a school. Is it right?"),
        "overlap": _("“%(words)s”: two times of one day overlap. Correct the hours."),
        "break_inside": _("“%(words)s”: a break is named. Enter the hours before and after it."),
        "words_unread": _("“%(words)s”: the hours are read, some other words are not. Is everything right?"),
    }
    return questions.get(code) or _("“%(words)s”: the hours are not clear. Enter the days and hours.")


def on_parties(words: str, place: Place) -> Iterator[Remark]:
    """Remarks on one cell of executors (Annex 1) or specialists (Annex 3)."""
    parties = read_parties(words)
    if not parties:
        yield remark(place, "party_missing", _("Nobody is named here. Choose who is responsible."), words)
    for party in parties:
        if party.unseparated:
            yield remark(
                place,
                "party_unseparated",
                _("“%(words)s” is read as several parties although nothing stands between them. Is that right?")
                % {"words": fold(words)},
                words,
            )
        if party.assumed:
            yield remark(
                place,
                "post_assumed",
                _("“%(words)s” is read as one person with the post. Is that right, or are they two?")
                % {"words": fold(party.words)},
                party.words,
            )
        if party.role is None:
            code = "person_unknown" if party.person else "role_unknown"
            question = _party_question(is_person=bool(party.person), annex=place.annex)
            yield remark(place, code, question % {"words": fold(party.words)}, party.words)
    if parties and ends_with_comma(words):
        yield remark(
            place,
            "trailing_comma",
            _("After “%(words)s” nobody follows. Is somebody missing?") % {"words": fold(words)},
            words,
        )


def _party_question(*, is_person: bool, annex: str) -> str:
    """Executors of a plan are roles; only a schedule names who serves."""
    if is_person:
        return _("“%(words)s”: a person without a role of this order. Choose who it is.")
    if annex == "plan":
        return _("“%(words)s” is no role of this order. Choose the role.")
    return _("“%(words)s” is no role of this order. Choose the role or the person.")


# A lone small letter that is no Russian word: «Анализ работы й по переходу».
_LONE_LETTER = re.compile(r"(?<![\w.«\"(/№-])(?<!\d )(?<!класс )[бгдежзйлмнпртфхцчшщъыь](?![\w.»\")/-])")
_AROUND = 60  # letters before and after, of which whole words are shown
_LOW_QUOTE = re.compile(r"(?<=\w)‚")
_MIXED_WORD = re.compile(r"\b(?=[\w]*[А-Яа-яЁё])(?=[\w]*[A-Za-z])[^\W\d_]+\b")
_UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # may show other words than are stored
_LATIN_LETTER = re.compile(r"(?<=[а-яё] )[aceokxy](?= [а-яё\d])")


def on_letters(text: str, place: Place) -> Iterator[Remark]:
    """Remarks on signs that look like slips of the hand. They are kept; a person decides."""
    for found in _LONE_LETTER.finditer(text):
        yield _slip(place, "lone_letter", _("A lone letter in “%(words)s”: a slip of the hand?"), text, found)
    for found in _LOW_QUOTE.finditer(text):
        yield _slip(place, "low_quote", _("A low quotation mark in place of a comma in “%(words)s”?"), text, found)
    for found in (*_MIXED_WORD.finditer(text), *_LATIN_LETTER.finditer(text)):
        yield _slip(place, "latin_letter", _("A Latin letter in the Russian words “%(words)s”?"), text, found)
    if found := _UNSEEN.search(text):
        yield _slip(
            place, "unseen_sign", _("An invisible sign stands in “%(words)s”. Type the words anew."), text, found
        )
    if "\ufffd" in text:
        found = re.search("\ufffd", text)
        yield _slip(place, "lost_letter", _("A letter is lost in “%(words)s”. Correct the word."), text, found)


def _slip(place: Place, code: str, question: str, text: str, found: re.Match[str]) -> Remark:
    """The question with the words around the sign, as printed."""
    before = re.search(r"(?:\S+\s+){0,2}\S*\Z", text[max(0, found.start() - _AROUND) : found.start()])
    after = re.match(r"\S*(?:\s+\S+){0,2}", text[found.end() : found.end() + _AROUND])
    around = f"{before.group() if before else ''}{found.group()}{after.group() if after else ''}"
    return remark(place, code, question % {"words": fold(around)}, around)
