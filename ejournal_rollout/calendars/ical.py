"""Events as calendar programs read them (RFC 5545). Pure: values in, bytes out; the same values give the same bytes.

Folding, escaping and the blocks of time zones are icalendar's work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress

MAKER = "-//ejournal_rollout//RU"
REFRESH = timedelta(hours=4)  # our decision: a term moves seldom, and a school's line is thin


@dataclass(frozen=True)
class CalendarEvent:
    """One line of a calendar: whole days (`date`, the last one inside) or a span of moments (aware `datetime`).

    `uid` stays the same for the life of the event; `sequence` grows with every change; `changed_at` is the moment of
    the last one. An event `is_cancelled` stays in the calendar, so that programs strike it out.
    """

    uid: str
    sequence: int
    changed_at: datetime
    summary: str
    starts: date | datetime
    ends: date | datetime
    description: str = ""
    address: str = ""
    place: str = ""
    is_cancelled: bool = False
    is_busy: bool = False


@dataclass(frozen=True)
class Party:
    """Who invites or is invited: a name and a mail address."""

    name: str
    mail: str


def calendar_bytes(name: str, events: Iterable[CalendarEvent], *, zone: ZoneInfo) -> bytes:
    """A whole calendar (text/calendar, UTF-8). Moments are told in `zone`, with its rules beside them."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    ordered = sorted(events, key=lambda event: event.uid)
    _add_zone(calendar, zone, ordered)
    for event in ordered:
        calendar.add_component(_event(event, zone))
    return calendar.to_ical()


def invitation_bytes(event: CalendarEvent, *, organizer: Party, attendee: Party, zone: ZoneInfo) -> bytes:
    """One event as a letter brings it to one person (RFC 5546): METHOD REQUEST, or CANCEL if it `is_cancelled`.

    The organizer must be somebody else than the reader: calendar programs enter nothing for whom they take for the
    organizer. No answer is asked for (RSVP): what is booked is booked, plans are changed on the site.
    """
    calendar = _calendar()
    calendar.add("method", "CANCEL" if event.is_cancelled else "REQUEST")
    invitation = _event(event, zone)
    invitation.add("organizer", _address(organizer, {}))
    asked = {"cutype": "INDIVIDUAL", "role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "FALSE"}
    invitation.add("attendee", _address(attendee, asked))
    _add_zone(calendar, zone, [event])
    calendar.add_component(invitation)
    return calendar.to_ical()


def method_of(invitation: str) -> str:
    """REQUEST or CANCEL, for the Content-Type of its letter: both must say the same (RFC 6047)."""
    return str(Calendar.from_ical(invitation)["method"])


def months_from(day: date, months: int) -> date:
    """The day of the month so many months on (back, if negative); the last one where the month is shorter."""
    first = day.replace(day=1)
    total = first.year * 12 + first.month - 1 + months
    after = total + 1
    last = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return min(last, last.replace(day=min(day.day, last.day)))


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _add_zone(calendar: Calendar, zone: ZoneInfo, events: Iterable[CalendarEvent]) -> None:
    """The rules of `zone` for the years that events with an hour touch."""
    if years := sorted(event.starts.year for event in events if isinstance(event.starts, datetime)):
        calendar.add_component(_rules(zone.key, years[0] - 1, years[-1] + 2))


@lru_cache(maxsize=100)  # a zone without changes costs twenty milliseconds
def _rules(zone: str, first_year: int, last_year: int) -> Timezone:
    return Timezone.from_tzid(zone, first_date=date(first_year, 1, 1), last_date=date(last_year, 1, 1))


def _address(party: Party, said: dict[str, str]) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.mail}")
    for name, value in ({"cn": party.name} | said).items():
        address.params[name] = value
    return address


def _event(told: CalendarEvent, zone: ZoneInfo) -> Event:
    event = Event()
    changed_at = told.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", told.uid)
    event.add("sequence", told.sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("summary", told.summary)
    if isinstance(told.starts, datetime):
        event.add("dtstart", told.starts.astimezone(zone))
        event.add("dtend", told.ends.astimezone(zone))
    else:
        event.add("dtstart", told.starts)
        event.add("dtend", told.ends + timedelta(days=1))  # the end of whole days lies outside them
    for key, words in (("description", told.description), ("url", told.address), ("location", told.place)):
        if words:
            event.add(key, words)
    event.add("status", "CANCELLED" if told.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if told.is_busy and not told.is_cancelled else "TRANSPARENT")
    return event
