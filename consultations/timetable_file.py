"""The timetable of a specialist's lessons out of an .ics file (RFC 5545): bytes in, weekly lessons out. Pure.

Lessons are weekly or daily series and single events. A series is counted out over the days that are asked for, without
its exceptions, and put together again as weekly lessons, so that a file of a thousand lessons becomes some dozen rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event

BYTES_MOST = 1024 * 1024
EVENTS_MOST = 1000
LESSONS_MOST = 5000  # one person gives about a thousand a year
ROWS_MOST = 500
STEPS_MOST = 50_000  # dates looked at in a file: a series may have begun long ago
# Parts of a series that are understood: what else one may write there never comes to an end, or is no timetable.
RULE_PARTS = {"FREQ", "INTERVAL", "UNTIL", "COUNT", "BYDAY", "WKST"}


class TimetableError(ValueError):
    """The file cannot be taken. `code`: "too_large", "not_ics", "too_many", "empty", "rule"; `words` of the event."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True, order=True)
class WeeklyLesson:
    """Given on `weekday` (1 is Monday) in every or every second week from a first to a last day, both inside."""

    weekday: int
    starts: time
    ends: time
    first_on: date
    last_on: date
    every_weeks: int = 1
    words: str = ""


@dataclass
class Timetable:
    """What was read. `count`: lessons, each date of a series for itself; `skipped`: events that last whole days, go
    over midnight, are cancelled or do not make one busy; `outside`: events none of whose dates were asked for."""

    lessons: list[WeeklyLesson] = field(default_factory=list)
    count: int = 0
    skipped: int = 0
    outside: int = 0


Date = tuple[datetime, datetime]  # begin and end, local to the school, without a zone


def read_timetable(content: bytes, *, zone: ZoneInfo, first: date, last: date) -> Timetable:
    """The lessons from the first to the last day, both inside, in the time of `zone`; TimetableError."""
    if len(content) > BYTES_MOST:
        raise TimetableError("too_large")
    try:
        return _read(content, zone, first, last)
    except TimetableError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise TimetableError("not_ics") from error  # the parser reads lazily, and throws these of rubbish


def _read(content: bytes, zone: ZoneInfo, first: date, last: date) -> Timetable:
    events = _events(content)
    if not events:
        raise TimetableError("empty")
    if len(events) > EVENTS_MOST:
        raise TimetableError("too_many")
    found = Timetable()
    moved = _moved(events)
    steps = iter(range(STEPS_MOST))
    dates: dict[tuple[int, time, time, str], set[date]] = {}
    for event in events:
        if not _is_busy(event):
            found.skipped += 1
            continue
        met = 0
        for starts, ends in _dates(event, zone, first, last, moved, steps):
            if starts.date() == ends.date() and starts < ends:
                key = starts.isoweekday(), starts.time(), ends.time(), _words(event)
                dates.setdefault(key, set()).add(starts.date())
                met += 1
        found.outside += not met
    found.count = sum(map(len, dates.values()))
    if found.count > LESSONS_MOST:
        raise TimetableError("too_many")
    found.lessons = sorted(
        WeeklyLesson(weekday, starts, ends, run[0], run[-1], step, words)
        for (weekday, starts, ends, words), days in dates.items()
        for run, step in _runs(sorted(days))
    )
    if len(found.lessons) > ROWS_MOST:
        raise TimetableError("too_many")
    return found


def _events(content: bytes) -> list[Event]:
    calendars = Calendar.from_ical(content.decode("utf-8-sig"), multiple=True)
    events = [event for one in calendars for event in one.walk("VEVENT")]
    return [event for event in events if _has_start(event)]


def _has_start(event: Event) -> bool:
    return isinstance(getattr(event.get("DTSTART"), "dt", None), date)


def _is_busy(event: Event) -> bool:
    is_given = str(event.get("STATUS", "")).upper() != "CANCELLED" and str(event.get("TRANSP", "")) != "TRANSPARENT"
    return is_given and isinstance(event["DTSTART"].dt, datetime) and _length(event) > timedelta(0)


def _length(event: Event) -> timedelta:
    """How long it lasts; zero if that is not told, or told as days."""
    starts = event["DTSTART"].dt
    ends = getattr(event.get("DTEND"), "dt", None)
    if isinstance(ends, datetime):
        return _plain(ends) - _plain(starts)
    length = getattr(event.get("DURATION"), "dt", None)
    return length if isinstance(length, timedelta) and length < timedelta(days=1) else timedelta(0)


def _moved(events: list[Event]) -> dict[str, set[datetime]]:
    """Dates of a series that an event of their own replaces, by the UID, in UTC or, without a zone, as written."""
    found: dict[str, set[datetime]] = {}
    for event in events:
        instead = getattr(event.get("RECURRENCE-ID"), "dt", None)
        if isinstance(instead, datetime):
            found.setdefault(str(event.get("UID")), set()).add(_plain(instead))
    return found


def _dates(
    event: Event, zone: ZoneInfo, first: date, last: date, moved: dict[str, set[datetime]], steps: Iterator[int]
) -> Iterator[Date]:
    """Each begin and end of an event from the first to the last day, in the time of the school."""
    starts, length = event["DTSTART"].dt, _length(event)
    is_series = event.get("RRULE") is not None and event.get("RECURRENCE-ID") is None
    begun = _series(event, starts, last, steps) if is_series else [starts]
    gone = {_plain(one) for one in _without(event)} | (moved.get(str(event.get("UID")), set()) if is_series else set())
    for one in begun:
        if _plain(one) in gone:
            continue
        local = _local(one, zone)
        if first <= local.date() <= last:
            yield local, _local(one + length, zone)


def _series(event: Event, starts: datetime, last: date, steps: Iterator[int]) -> Iterator[datetime]:
    """The begins of a series up to the last day, in the zone of the event."""
    rule = event["RRULE"]
    if not _is_understood(rule):
        raise TimetableError("rule", _words(event))
    text = rule.to_ical().decode()
    # UNTIL is counted here: in files of the world it is a day, a local time or a moment, as it comes.
    until = [_until(one, starts) for one in rule.get("UNTIL", [])]
    text = ";".join(part for part in text.split(";") if not part.upper().startswith("UNTIL"))
    naive = starts.replace(tzinfo=None)
    begun = iter(rrulestr(text, dtstart=naive, ignoretz=True))
    end = datetime.combine(last + timedelta(days=2), time(0))  # the zone of the event may be a day behind
    if until:
        end = min(end, *(one + timedelta(microseconds=1) for one in until))
    for one in takewhile(lambda one: one < end, begun):
        if next(steps, None) is None:
            raise TimetableError("too_many")
        yield one.replace(tzinfo=starts.tzinfo)


def _is_understood(rule: Any) -> bool:
    """A weekly series; or a daily one, of each day if it names weekdays too: else it might meet none for ever."""
    if not isinstance(rule, dict) or not RULE_PARTS.issuperset(part.upper() for part in rule):
        return False
    frequency = [str(one).upper() for one in rule.get("FREQ", [])]
    return frequency == ["WEEKLY"] or (frequency == ["DAILY"] and not ("BYDAY" in rule and "INTERVAL" in rule))


def _until(until: Any, starts: datetime) -> datetime:
    """The last moment of a series on the clock of the event; of a day its end."""
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    if until.tzinfo and starts.tzinfo:
        return until.astimezone(starts.tzinfo).replace(tzinfo=None)
    return until.replace(tzinfo=None)


def _without(event: Event) -> Iterator[datetime]:
    listed = event.get("EXDATE", [])
    for one in listed if isinstance(listed, list) else [listed]:
        yield from (day.dt for day in one.dts if isinstance(day.dt, datetime))


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """On the clock of the school; a time without a zone is the school's own already."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


def _plain(moment: datetime) -> datetime:
    """To be compared: in UTC, or without a zone as written."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _words(event: Event) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:100]


def _runs(days: list[date]) -> Iterator[tuple[list[date], int]]:
    """Rows of days that are a week, or two, apart, and how many weeks that is."""
    while days:
        step = (days[1] - days[0]).days if len(days) > 1 else 7
        step = step if step in (7, 14) else 7
        end = next((at for at in range(1, len(days)) if (days[at] - days[at - 1]).days != step), len(days))
        yield days[:end], step // 7
        days = days[end:]
