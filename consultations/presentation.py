"""How a reading of the hours is said to the person who checks it, and how the schedule stands beside its order."""

from collections.abc import Sequence
from datetime import time
from itertools import groupby
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from ejournal_rollout.orders.changes import RowMark
from ejournal_rollout.orders.drafts import ScheduleDraft
from ejournal_rollout.orders.wordings import AnnexPage, View

from .hours import NOTES, HoursReading, Kind, Slot
from .models import Direction, Schedule
from .operations import hours_read
from .paper import direction_on_paper, schedule_draft


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


def page_of_schedule(schedule: Schedule, directions: Sequence[Direction], view: View = View.NOW) -> AnnexPage:
    """What the schedule marks beside its order; `directions` are all of it in printed order."""
    now = schedule_draft(schedule, directions)
    return AnnexPage(schedule.order, "schedule", now, head=schedule, subjects=directions, view=view)


def words_before(mark: RowMark, column: dict[str, str]) -> str:
    """Other words of a cell in the wording compared with, "—" for an empty cell; "" where they are the same."""
    field = {"direction": "name", "other": column["header"]}.get(column["field"], column["field"])
    return (mark.was[field].strip() or "—") if field in mark.was else ""


def signed_page(signed: ScheduleDraft) -> dict[str, Any]:
    """The schedule on paper, for a page that only reads it."""
    columns = Schedule(columns=[{"field": one.field, "header": one.header} for one in signed.columns]).columns_to_show
    rows = [
        [{"header": column["header"], "words": direction_on_paper(one, place).cell(column)} for column in columns]
        for place, one in enumerate(signed.directions, start=1)
    ]
    return {
        "heading": signed.heading,
        "title": signed.title,
        "columns": [column["header"] for column in columns],
        "stages": [("", rows)],
    }
