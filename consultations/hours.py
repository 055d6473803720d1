"""Reading the words of the column "График консультаций" (Annex 3).

`read_hours` never raises and never guesses. What it did not understand becomes a doubt, and a person is asked.
The words are read strictly: days, times and a few known phrases; a word that may change their meaning ("except",
"even weeks", "after the lessons") makes the whole cell unreadable rather than half read.

Doubts are stable codes:

- "empty": there are no words; "unreadable": not understood, or an impossible time such as 25.00;
- "days_missing": hours without days; "hours_missing": days without hours; "start_missing", "end_missing";
- "reversed": the end is not after the start; "unlikely_time": before 6:00, after 22:30 or 14.03, perhaps a date;
- "dash_unclear": 14-15 may be 14:15 or two till three; "last_day_unclear": "с понедельника до пятницы";
- "days_twice": a day is named by two statements; "overlap": two times of one day overlap;
- "pairing_unclear": "вт, чт 9.00-10.00, 14.00-15.00" may mean both times on both days or a time for each day;
- "one_of_several": "вторник или четверг": is one of them meant, and which?
- "month_assumed": "последняя среда" without "месяца"; "break_inside": a break is named, start and end do not show it;
- "words_unread": the statement is read, other words of the cell are not;
- "working_week_unknown": "ежедневно" means the working days of the school, five or six: a note, not a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from itertools import combinations, groupby

from .hours_cell import Cell, Days, Times
from .hours_words import UnreadableError, plain, tokens_of


class Kind(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ON_DEMAND = "on_demand"
    UNPARSABLE = "unparsable"


@dataclass(frozen=True)
class Slot:
    """One statement of the cell.

    `weekdays`: 1 is Monday, 7 is Sunday. `working_days`: the working week of the school instead of named days.
    `start`, `end`: local times, [start, end); None when the words do not tell. `weeks`: which such weekday of the
    month, 1 to 5, -1 is the last; empty means every week. An unparsable statement keeps what is certain in it
    (hours without days keep their hours), and must not be offered for booking.
    """

    kind: Kind
    weekdays: tuple[int, ...] = ()
    working_days: bool = False
    start: time | None = None
    end: time | None = None
    weeks: tuple[int, ...] = ()


LONGEST = 2000  # letters; a cell of the order has some thirty, and a page of text is not a schedule
_UNREAD = frozenset({"unreadable", "words_unread"})
_BROKEN_WORD = re.compile(r"(?<=[а-яё])[-‐][^\S\n]*\n\s*(?=[а-яё])")  # «еже-» and «дневно» on two lines
_BROKEN_PHRASE = re.compile(r"(?<=[а-яё])[^\S\n]*\n\s*(?=[а-яё])")  # «по предварительной» and «записи»
NOTES = frozenset({"working_week_unknown"})


@dataclass(frozen=True)
class HoursReading:
    """The words as printed and what they say; there is always at least one slot."""

    words: str
    slots: tuple[Slot, ...]
    doubts: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Nobody need be asked about the words themselves; the school's working week is asked elsewhere."""
        return NOTES.issuperset(self.doubts)


def read_hours(words: str) -> HoursReading:
    """Read one cell of the column; `words` may hold line breaks. Never raises."""
    if len(words) > LONGEST:
        return HoursReading(words, (Slot(Kind.UNPARSABLE),), ("unreadable",))
    reading = _read(words)
    whole = _BROKEN_PHRASE.sub(" ", _BROKEN_WORD.sub("", words))
    if not _UNREAD.isdisjoint(reading.doubts) and whole != words:
        without_breaks = _read(whole)
        if _UNREAD.isdisjoint(without_breaks.doubts):
            return replace(without_breaks, words=words)
    return reading


def _read(words: str) -> HoursReading:
    text = plain(words)
    if not re.search(r"[^\W_]", text):
        return HoursReading(words, (Slot(Kind.UNPARSABLE),), ("empty",))
    try:
        cell = Cell(tokens_of(text))
        slots = _Reading(cell).slots()
    except UnreadableError:
        return HoursReading(words, (Slot(Kind.UNPARSABLE),), ("unreadable",))
    return HoursReading(words, slots, tuple(dict.fromkeys(cell.doubts)))


@dataclass
class _Statement:
    days: list[Days] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)


class _Reading:
    """The days and times of one cell joined into statements, and the statements turned into slots."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.doubts = cell.doubts

    def slots(self) -> tuple[Slot, ...]:
        elements = self.cell.elements()
        away = [days for days in elements if isinstance(days, Days) and days.away]
        statements = _statements([element for element in elements if element not in away])
        if away:
            _take_away(away, statements)
        slots = [slot for statement in statements for slot in self._slots_of(statement)]
        is_asked_for = self.cell.has_requests or (not slots and (self.cell.has_appointments or self.cell.has_contacts))
        if is_asked_for and all(slot.kind != Kind.ON_DEMAND for slot in slots):
            slots.append(Slot(Kind.ON_DEMAND))
        if not slots:
            raise UnreadableError
        if any(slot.working_days for slot in slots):
            self.doubts.append("working_week_unknown")
        self._compare(slots)
        return tuple(slots)

    def _slots_of(self, statement: _Statement) -> list[Slot]:
        slots = []
        for weekdays, weeks, daily in self._days_of(statement.days):
            if weeks:
                plain = Slot(Kind.MONTHLY, weekdays, weeks=weeks)
            elif daily:
                plain = Slot(Kind.DAILY, working_days=True)
            else:
                plain = Slot(Kind.WEEKLY if weekdays else Kind.UNPARSABLE, weekdays)
            if not statement.times:
                if self.cell.has_requests or self.cell.has_appointments or self.cell.has_contacts:
                    plain = replace(plain, kind=Kind.ON_DEMAND)
                self.doubts.append("hours_missing")
                slots.append(plain)
            if len(weekdays) == len(statement.times) > 1 and all(len(days.weekdays) == 1 for days in statement.days):
                self.doubts.append("pairing_unclear")
            for times in statement.times:
                if times.start and times.end and times.start >= times.end:
                    self.doubts.append("reversed")
                    slots.append(replace(plain, kind=Kind.UNPARSABLE))
                else:
                    slots.append(replace(plain, start=times.start, end=times.end))
        return slots

    def _days_of(self, days: list[Days]) -> list[tuple[tuple[int, ...], tuple[int, ...], bool]]:
        """The days of one statement as (weekdays, weeks, daily), days of the same weeks put together."""
        if not days:
            self.doubts.append("days_missing")
            return [((), (), False)]
        named = [weekday for item in days if not item.weeks for weekday in item.weekdays]
        if len(set(named)) < len(named):
            self.doubts.append("days_twice")
        named = sorted(set(named))
        if any(item.daily for item in days):
            if any(item.weeks for item in days) or (named and not set(named) >= {1, 2, 3, 4, 5}):
                raise UnreadableError
            return [(tuple(named), (), not named)]
        monthly = [item for item in days if item.weeks]
        if not monthly:
            if self.cell.has_month:
                raise UnreadableError
            return [(tuple(named), (), False)]
        if named or (
            any(item.each and item.weeks not in {(1,), (-1,)} for item in monthly) and not self.cell.has_month
        ):
            raise UnreadableError  # "каждый второй вторник" is every other Tuesday
        if not self.cell.has_month:
            self.doubts.append("month_assumed")
        return [
            (tuple(sorted({weekday for item in items for weekday in item.weekdays})), weeks, False)
            for weeks, items in ((weeks, list(group)) for weeks, group in groupby(monthly, key=lambda item: item.weeks))
        ]

    def _compare(self, slots: list[Slot]) -> None:
        for one, other in combinations(slots, 2):
            if Kind.ON_DEMAND in (one.kind, other.kind) or one.weeks or other.weeks:
                continue
            if (one.weekdays, one.working_days) == (other.weekdays, other.working_days):
                if (
                    one.start
                    and other.start
                    and one.start < (other.end or time.max)
                    and other.start < (one.end or time.max)
                ):
                    self.doubts.append("overlap")
            elif set(one.weekdays) & set(other.weekdays) or one.working_days or other.working_days:
                self.doubts.append("days_twice")


def _statements(elements: list[Days | Times]) -> list[_Statement]:
    """Days with their times. The days come first ("вторник 14-15, среда 15-16") or everywhere last."""
    runs = [(kind, list(group)) for kind, group in groupby(elements, key=type)]
    if not runs:
        return []
    if runs[0][0] is Times and len(runs) > 1:
        if runs[-1][0] is Times:
            raise UnreadableError
        return [_Statement(days, times) for (_, times), (_, days) in zip(runs[::2], runs[1::2], strict=True)]
    if runs[0][0] is Times:
        return [_Statement([], runs[0][1])]
    times_of = [times for _, times in runs[1::2]] + [[]] * (len(runs) % 2)
    if len(runs) % 2 and any(len(times) > 1 for times in times_of):
        raise UnreadableError
    return [_Statement(days, times) for (_, days), times in zip(runs[::2], times_of, strict=True)]


def _take_away(away: list[Days], statements: list[_Statement]) -> None:
    """ "Ежедневно, кроме субботы" is Monday to Friday; without Friday alone, the working week decides: ask."""
    if any(days.daily or days.weeks for days in away) or not all(statement.days for statement in statements):
        raise UnreadableError
    days_away = {weekday for days in away for weekday in days.weekdays}
    is_exception = any(days.away == "except" for days in away)
    if is_exception and len(statements) != 1:
        raise UnreadableError
    for statement in statements:
        if any(days.daily for days in statement.days):
            if len(statement.days) > 1 or not days_away & {6, 7} or (days_away - {6, 7} and len(days_away) > 1):
                raise UnreadableError
            statement.days = [Days(tuple(range(1, 6 if 6 in days_away else 7)))]
            continue
        named = {weekday for days in statement.days for weekday in days.weekdays}
        if is_exception and not days_away <= named:
            raise UnreadableError
        statement.days = [
            replace(days, weekdays=tuple(day for day in days.weekdays if day not in days_away))
            for days in statement.days
        ]
        statement.days = [days for days in statement.days if days.weekdays]
        if not statement.days:
            raise UnreadableError
