"""The cell of hours as a row of days and times, before they are joined into statements by `hours`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time

from .hours_words import Token, UnreadableError


@dataclass(frozen=True)
class Days:
    """Days in a row: named, or the school's working days; `away`: "except", "closed" if the words take them away."""

    weekdays: tuple[int, ...] = ()
    daily: bool = False
    weeks: tuple[int, ...] = ()
    each: bool = False
    away: str = ""


@dataclass(frozen=True)
class Times:
    start: time | None
    end: time | None


_SEPARATORS = {"stop", "line", "and", "or", "dash"}
_ON_DEMAND = {"request", "appointment", "contact", "mail"}
_CLOCKS = {"clock", "comma_clock", "half_day", "pair", "spaced_clock", "hour", "number"}


class Cell:
    """The tokens of one cell, read once from left to right into days and times."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.doubts: list[str] = []
        self.has_month = any(token.kind == "month" for token in tokens)
        self.has_requests = self.has_appointments = self.has_contacts = False

    def _kind(self, ahead: int = 0) -> str:
        place = self.place + ahead
        return self.tokens[place].kind if 0 <= place < len(self.tokens) else ""

    def _skip(self, *kinds: str) -> bool:
        skipped = False
        while self._kind() in kinds:
            self.place += 1
            skipped = True
        return skipped

    # Days.

    def _read_days(self) -> Days | None:
        """Days at this place, with the words before them; None (and nothing read) when there are none."""
        began = self.place
        openings = set()
        while self._kind() in {"each", "along", "from"} or (
            self._kind() and self.tokens[self.place].text in {"в", "во"}
        ):
            openings.add(self._kind())
            self.place += 1
        weeks = self._read_weeks()
        if self._kind() == "daily" and not weeks:
            self.place += 1
            return Days(daily=True)
        if self._kind() != "day":
            if weeks:
                raise UnreadableError
            self.place = began
            return None
        first = self.tokens[self.place]
        self.place += 1
        last = self._read_last_day(first)
        if (weeks and last != first.number) or ("from" in openings and last == first.number):
            raise UnreadableError  # "со вторника с 14.00" is no Tuesday
        return Days(tuple(range(first.number, last + 1)), weeks=weeks, each="each" in openings)

    def _read_weeks(self) -> tuple[int, ...]:
        """ "2-я и 4-я"; bare numbers count only in front of a day, with the word "месяца" in the cell."""
        began, weeks = self.place, []
        numbers = {"ordinal", "number"} if self.has_month else {"ordinal"}
        while self._kind() in numbers:
            token = self.tokens[self.place]
            weeks.append(token.number or int(token.text))
            self.place += 1
            if self._kind() == "and" or (self._kind() == "stop" and self.tokens[self.place].text == ","):
                self.place += self._kind(1) in numbers
        if not weeks or (self._kind() != "day" and self.tokens[began].kind == "number"):
            self.place = began
            return ()
        if not all(-1 <= week <= 5 and week for week in weeks) or len(set(weeks)) < len(weeks):
            raise UnreadableError
        return tuple(sorted(weeks, key=lambda week: (week < 0, week)))

    def _read_last_day(self, first: Token) -> int:
        """The last day of "пн-пт", "с понедельника по пятницу"; a lone day is its own last day."""
        if self._kind(1) != "day" or self._kind() not in {"dash", "along", "until"}:
            return first.number
        joint, last = self.tokens[self.place], self.tokens[self.place + 1]
        if joint.kind == "along" and re.search(r"[ая]м$", last.text):  # "по вторникам, по четвергам"
            return first.number
        if joint.kind == "until":
            self.doubts.append("last_day_unclear")
        if last.number <= first.number:
            raise UnreadableError
        self.place += 2
        return last.number

    # Times.

    def _read_times(self) -> Times | None:
        """A time or two at this place; None (and nothing read) when there are none."""
        began = self.place
        opening = ""
        if self._kind() == "pair_hours":
            hours = self.tokens[self.place].groups
            self.place += 1
            return self._checked(_clock(hours[0]), _clock(hours[1]))
        if self._kind() in {"from", "after", "until"} or self.tokens[began].text == "в":
            opening = self._kind()
            self.place += 1
        if self._kind() == "pair_hours":
            if opening != "from":
                raise UnreadableError
            return self._read_times()
        if self._kind() not in _CLOCKS:
            self.place = began
            return None
        pair = self._read_pair_of_hours(opening)
        if pair:
            return pair
        if self._kind() in {"number", "comma_clock", "spaced_clock"} and not opening and not self._joint(1):
            raise UnreadableError  # a stray number: a room, a class, an hour?
        first = self._read_clock()
        joint = self._joint(0)
        if not joint:
            if opening == "until":
                self.doubts.append("start_missing")
                return self._checked(None, first)
            self.doubts.append("end_missing")
            return self._checked(first, None)
        if opening == "until":
            raise UnreadableError
        joints = {self.tokens[self.place + step].kind for step in range(joint)}
        self.place += joint
        last = self._read_clock()
        if "along" in joints and 1 <= first.minute <= 12 and 1 <= last.minute <= 12:
            raise UnreadableError  # "с 10.09 по 20.10" are dates
        if self._kind() == "dash" and self._kind(1) in _CLOCKS:
            raise UnreadableError
        return self._checked(first, last)

    def _joint(self, ahead: int) -> int:
        """How many tokens from `ahead` on join a time to the next time: "-", "до", "- до"; 0 when it stands alone."""
        began = ahead
        ahead += self._kind(ahead) == "unit"
        if self._kind(ahead) == "line":
            ahead += 1
        joined = False
        for kinds in ({"dash"}, {"line"}, {"until", "along"}):
            if self._kind(ahead) in kinds:
                joined = joined or kinds != {"line"}
                ahead += 1
        return ahead - began if joined and self._kind(ahead) in _CLOCKS else 0

    def _read_pair_of_hours(self, opening: str) -> Times | None:
        """ "9-12" is a range and "15-50" a time; a hyphen that may be either is a doubt, not a guess kept silent."""
        if self._kind() != "pair" or opening in {"until", "after", "filler"} or self._joint(1):
            return None
        first, dash, last = self.tokens[self.place].groups
        is_time = len(last) == 2 and (int(last) > 23 or last[0] == "0" or int(last) <= int(first))
        if is_time:
            return None
        if len(last) == 2 and int(last) % 5 == 0 and dash == "-":
            self.doubts.append("dash_unclear")
        self.place += 1
        return self._checked(_clock(first), _clock(last))

    def _read_clock(self) -> time:
        token = self.tokens[self.place]
        self.place += 1
        self._skip("unit")
        if token.kind in {"hour", "number"}:
            return _clock(token.groups[0])
        if token.kind == "pair":
            if len(token.groups[2]) < 2:
                raise UnreadableError
            return _clock(token.groups[0], token.groups[2])
        if token.kind == "half_day":
            hour, part = int(token.groups[0]), token.groups[1]
            first = {"утра": 4, "дня": 12, "вечера": 17}[part]
            hour += 12 if part != "утра" and hour < 12 else 0
            if not first <= hour <= first + 7 or hour > 23:
                raise UnreadableError
            return time(hour)
        return _clock(*token.groups)

    def _checked(self, start: time | None, end: time | None) -> Times:
        for moment in (start, end):
            if moment and (not time(6) <= moment <= time(22, 30) or moment.minute % 5):
                self.doubts.append("unlikely_time")
        return Times(start, end)

    def elements(self) -> list[Days | Times]:
        elements: list[Days | Times] = []
        away = ""
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            if token.kind == "dash" and self._kind(-1) == "day" and self._kind(1) == "line" and self._kind(2) == "day":
                raise UnreadableError  # a day with a dash for "none", and the next day in the next line
            if days := self._read_days():
                if self._is_day_alone_in_line_before(token):
                    self.doubts.append("pairing_unclear")
                elements.append(replace(days, away=away))
            elif times := self._read_times():
                if away and any(isinstance(element, Times) for element in elements):
                    raise UnreadableError  # "пн-чт с 9 до 12, кроме среды, пятница 14-15"
                away = ""
                elements.append(times)
            elif token.kind in {"except", "closed"}:
                self.place += 1
                if token.kind == "closed" and self._close(elements):
                    continue
                away = token.kind
                self._skip("stop", "dash", "each")
                if self._kind() not in {"day", "along"}:
                    raise UnreadableError
            elif token.kind == "break":
                self._read_break(elements)
            elif token.kind == "word":
                self._read_word()
            else:
                self._read_phrase(token, away)
                if token.kind == "line" or (token.kind == "stop" and token.text != ","):
                    away = ""
        return elements

    def _is_day_alone_in_line_before(self, first: Token) -> bool:
        """ "Среда", and in the next line "четверг 14.00": has Wednesday these hours, or none?"""
        began = next(place for place, token in enumerate(self.tokens) if token is first)
        before = [token.kind for token in self.tokens[max(began - 3, 0) : began]]
        return before[-2:] == ["day", "line"] and before[:-2] in ([], ["line"]) and self._kind() not in {"line", ""}

    @staticmethod
    def _close(elements: list[Days | Times]) -> bool:
        """Close the days just read ("сб, вс - выходной"); False when there are none ("выходной: воскресенье")."""
        place = len(elements)
        while place and isinstance(elements[place - 1], Days):
            place -= 1
        elements[place:] = [replace(days, away="closed") for days in elements[place:]]
        return place < len(elements)

    def _read_break(self, elements: list[Days | Times]) -> None:
        """Breaks do not change start and end; the doubt tells the person that there is one."""
        self.doubts.append("break_inside")
        self.place += 1
        self._skip("stop", "dash", "filler", "line")
        if self._skip("minutes"):
            return
        doubts_count = len(self.doubts)
        if self.place < len(self.tokens) and self._read_times():
            del self.doubts[doubts_count:]
        elif len(elements) > 1 and _is_inside(elements[-1], elements[-2]):
            elements.pop()  # "9.00-17.00, 13.00-14.00 обед"

    def _read_word(self) -> None:
        """An unknown word apart from the statement is a doubt; between a day and its time it may change both."""
        began = self.place
        self._skip("word", "filler")
        before, after = self._kind(began - 1 - self.place), self._kind()
        is_apart = before in _SEPARATORS | {"", "room", "contact", "mail"} or after in _SEPARATORS | {""}
        if not is_apart:
            raise UnreadableError
        self.doubts.append("words_unread")

    def _read_phrase(self, token: Token, away: str) -> None:
        self.place += 1
        match token.kind:
            case "request":
                self.has_requests = True
            case "appointment":
                self.has_appointments = True
            case "contact" | "mail":
                self.has_contacts = True
            case "holidays" if away:
                pass
            case "or":
                if {self._kind(-2), self._kind()} & _ON_DEMAND:
                    self.has_requests = True
                else:
                    self.doubts.append("one_of_several")
            case "stop" | "line" | "and" | "dash" | "filler" | "month" | "room" | "unit" | "each" | "whole_day":
                pass
            case _:
                raise UnreadableError


def _is_inside(times: Days | Times, others: Days | Times) -> bool:
    if not (isinstance(times, Times) and isinstance(others, Times)):
        return False
    known = times.start and times.end and others.start and others.end
    return bool(known and others.start <= times.start and times.end <= others.end)


def _clock(hours: str, minutes: str = "0") -> time:
    if int(hours) > 23 or int(minutes) > 59:
        raise UnreadableError
    return time(int(hours), int(minutes))
