"""How a day, a moment and a place are said to people: «вт, 24 ноября, 10:20»."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def said_day(day: date) -> str:
    """«вт, 24 ноября»"""
    words = date_format(day, "D, j E")
    return words[:1].lower() + words[1:] if (get_language() or "").startswith("ru") else words


def said_days(days: Iterable[date]) -> str:
    """Days in their order, those that follow one another together: «3–4 декабря, 30 декабря – 2 января»."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_said_run(run[0], run[-1]) for run in runs)


def _said_run(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "j E")
    if first.month == last.month:
        return f"{first.day}–{date_format(last, 'j E')}"
    return f"{date_format(first, 'j E')} – {date_format(last, 'j E')}"


def said_moment(moment: datetime, zone: tzinfo | None = None) -> str:
    """«вт, 24 ноября, 10:20» in `zone`, or in the zone of the request."""
    local = localtime(moment, zone)
    return f"{said_day(local.date())}, {local:%H:%M}"


def said_clock(moment: datetime, zone: tzinfo | None = None) -> str:
    """«24.11.2026, 09:20»: a moment in a sentence that may be read on another day."""
    return f"{localtime(moment, zone):%d.%m.%Y, %H:%M}"


def said_span(starts_at: datetime, ends_at: datetime, zone: tzinfo | None = None) -> str:
    """«вт, 24 ноября, 10:20–10:40»"""
    return f"{said_moment(starts_at, zone)}–{localtime(ends_at, zone):%H:%M}"


def said_place(moment: str, room: object) -> str:
    """«вт, 24 ноября, 10:20–10:40, кабинет 13»; without a room the moment alone."""
    return ", ".join([moment, _("room {room}").format(room=room)]) if room else moment
