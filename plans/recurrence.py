"""Days that come again; lists typed line by line, and the numbers measured by them. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum

from ejournal_rollout.calendars.ical import months_from

NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*%?")


class Pace(StrEnum):
    ONCE = "once"
    WEEKS = "weeks"
    MONTHS = "months"


def days_from(first: date, pace: Pace, *, every: int, until: date) -> Iterator[date]:
    """`first` and every so many weeks or months after it, up to `until` (inside).

    A month too short for the day of `first` gives its last day, the next one the day of `first` again. `every` is
    at least 1. Nothing if `until` comes before `first`, except ONCE: it asks no `until`.
    """
    if pace is Pace.ONCE:
        yield first
        return
    times, day = 0, first
    while day <= until:
        yield day
        times += every
        day = first + timedelta(weeks=times) if pace is Pace.WEEKS else months_from(first, times)


def read_indicators(text: str) -> tuple[tuple[str, str], ...]:
    """(words, norm) of each line; the norm stands behind the last colon: «Записано в день урока, %: 90»."""
    read = (_read_indicator(line.strip()) for line in text.splitlines())
    return tuple((words, norm) for words, norm in read if words)


def indicator_lines(indicators: Iterable[tuple[str, str]]) -> str:
    """The text from which `read_indicators` reads the same."""
    return "\n".join(f"{words}: {norm}" if norm or ":" in words else words for words, norm in indicators)


def is_share(words: str) -> bool:
    """Of a hundred: «Уроки с темой и датой, %»."""
    return words.rstrip().endswith("%")


def is_counted(words: str, norm: str) -> bool:
    """What is found there is a number: a share, or what is agreed is a number. The weight of a mark may be words."""
    return is_share(words) or number_in(norm) is not None


def number_in(text: str) -> float | None:
    """«94», «94,5», «94 %»; None if there is anything else."""
    whole = NUMBER.fullmatch(text.strip())
    return float(whole[1].replace(",", ".")) if whole else None


def _read_indicator(line: str) -> tuple[str, str]:
    words, colon, norm = line.rpartition(":")
    return (words.strip(), norm.strip()) if colon and words.strip() else (line.strip(":").strip(), "")
