"""How a day, a moment and a place are said to people: «вт, 24 ноября, 10:20»."""

from datetime import date, datetime, tzinfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def said_day(day: date) -> str:
    """«вт, 24 ноября»"""
    words = date_format(day, "D, j E")
    return words[:1].lower() + words[1:] if (get_language() or "").startswith("ru") else words


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
