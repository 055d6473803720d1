"""How a reading of the hours is said to the person who checks it."""

from datetime import time
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from .hours import NOTES, HoursReading, Kind, Slot
from .models import Direction
from .operations import hours_read


def reading_words(reading: HoursReading) -> str:
    """«каждый рабочий день 08:00–14:00», what will be offered for booking; then what a person must settle."""
    offered = hours_read(reading)
    said = [_slot(slot) for slot in reading.slots if slot.start and slot.end] if offered else []
    if any(slot.kind == Kind.ON_DEMAND for slot in reading.slots):
        said.append(_("as needed: teachers propose times"))
    sentences = [_("Understood: {hours}.").format(hours="; ".join(said))] if said else []
    if set(reading.doubts) - NOTES or not said:
        sentences.append(_("Not all is clear: check the rows of hours below and correct them."))
    return " ".join(sentences)


def hours_words(direction: Direction) -> str:
    """The hours that are offered for booking, each on its line; reads `hours`, so prefetch them in lists."""
    if direction.is_on_demand:
        return _("as needed: teachers propose times")
    days: dict[tuple[time, time, str], list[int]] = {}
    for one in direction.hours.all():
        days.setdefault((one.starts, one.ends, one.weeks), []).append(one.weekday)
    return "\n".join(
        _slot(Slot(Kind.WEEKLY, tuple(filter(None, weekdays)), 0 in weekdays, starts, ends, _weeks(weeks)))
        for (starts, ends, weeks), weekdays in days.items()
    )


def _weeks(typed: str) -> tuple[int, ...]:
    return tuple(int(week) for week in typed.split(",") if week.strip())


def _slot(slot: Slot) -> str:
    days = _("every working day") if slot.working_days else _weekdays(slot.weekdays)
    if slot.weeks:
        weeks = ", ".join(_("last") if week == -1 else str(week) for week in slot.weeks)
        days = _("{days} (weeks of the month: {weeks})").format(days=days, weeks=weeks)
    return f"{days} {slot.start:%H:%M}–{slot.end:%H:%M}"


def _weekdays(weekdays: tuple[int, ...]) -> str:
    """«пн–пт», «вт, чт»"""
    said = []
    for _difference, group in groupby(enumerate(sorted(weekdays)), key=lambda pair: pair[1] - pair[0]):
        run = [str(WEEKDAYS_ABBR[day - 1]).lower() for _place, day in group]
        said.extend([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)
    return ", ".join(said)
