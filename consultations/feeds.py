"""Consultations and seminars as events of a calendar, for letters and feeds. Nobody's question is told in them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.people.models import Membership

from .models import Booking, BookingQuerySet, Room, Seminar, SeminarQuerySet


def booking_event(booking: Booking, *, reader: Membership, address: Callable[[str], str]) -> CalendarEvent:
    """A consultation for one of its two; reads the people, so select them. `address` makes a path into an address.

    It changes together with the booking's sequence only, and stays under its name when cancelled.
    """
    other = booking.teacher if reader.pk == booking.specialist_id else booking.specialist
    summary = _("Consultation: %(direction)s (%(person)s)") % {
        "direction": booking.direction.name,
        "person": other.name,
    }
    if booking.cancelled_at:
        state = pgettext("consultation", "cancelled")
        summary = pgettext("calendar", "%(summary)s (%(state)s)") % {"summary": summary, "state": state}
    told = [(_("Specialist"), booking.specialist), (_("Teacher"), booking.teacher)]
    return CalendarEvent(
        uid=f"booking-{booking.pk}@{site_mark()}",
        sequence=booking.sequence,
        changed_at=booking.changed_at,
        summary=summary,
        starts=booking.starts_at,
        ends=booking.ends_at,
        description="\n".join(f"{words}: {person.full_name}" for words, person in told),
        address=address(booking.get_absolute_url()),
        place=_("room {room}").format(room=booking.room.name) if booking.room else "",
        is_cancelled=booking.cancelled_at is not None,
        is_busy=True,
    )


def booking_events(
    member: Membership, *, since: date, until: date, address: Callable[[str], str]
) -> list[CalendarEvent]:
    """The consultations that `member` gives or has booked, on the days between (both inside); cancelled ones too.

    One query. The school's time zone is the active one.
    """
    mine = Booking.objects.visible_to(member).concerning(member)
    return [booking_event(one, reader=member, address=address) for one in _on_days(mine, since, until).with_people()]


def room_events(room: Room, *, since: date, until: date) -> list[CalendarEvent]:
    """When a room is taken, on the days between (both inside), and nothing more: B38 tells others «занято» only.

    One query. The school's time zone is the active one.
    """
    return [
        CalendarEvent(
            uid=f"booking-{one.pk}@{site_mark()}",
            sequence=one.sequence,
            changed_at=one.changed_at,
            summary=_("Taken (cancelled)") if one.cancelled_at else _("Taken"),
            starts=one.starts_at,
            ends=one.ends_at,
            place=_("room {room}").format(room=room.name),
            is_cancelled=one.cancelled_at is not None,
            is_busy=True,
        )
        for one in _on_days(room.bookings.all(), since, until)
    ]


def seminar_events(
    seminars: SeminarQuerySet, *, since: date, until: date, address: Callable[[str], str]
) -> list[CalendarEvent]:
    """Each of `seminars` that falls between `since` and `until` (both inside): two queries.

    For a person give those `busy_for` them, for a room those `of_room`; cancelled ones too, which are struck out.
    Nothing of who takes part: who knows the address of a feed may be nobody of the school. The school's time zone is
    the active one. `address` makes a path of the site into an address for the reader.
    """
    return [seminar_event(one, address) for one in _on_days(seminars, since, until).with_leaders()]


def seminar_event(seminar: Seminar, address: Callable[[str], str]) -> CalendarEvent:
    """The same for everybody; reads `room` and `leaders` with their users."""
    summary = _("%(kind)s: %(title)s") % {
        "kind": str(seminar.get_kind_display()).capitalize(),
        "title": seminar.title,
    }
    if seminar.cancelled_at:
        summary = pgettext("calendar", "%(summary)s (%(state)s)") % {
            "summary": summary,
            "state": pgettext("seminar", "cancelled"),
        }
    told = [
        (_("Leaders"), ", ".join(one.name for one in seminar.leaders.all())),
        (_("What it is about"), " ".join(seminar.about.split())),
        (_("Reason"), seminar.cancelled_because),
    ]
    return CalendarEvent(
        uid=f"seminar-{seminar.pk}@{site_mark()}",
        sequence=seminar.sequence,
        changed_at=seminar.changed_at,
        summary=summary,
        starts=seminar.starts_at,
        ends=seminar.ends_at,
        description="\n".join(f"{words}: {value}" for words, value in told if value),
        address=address(seminar.get_absolute_url()),
        place=seminar.where,
        is_cancelled=seminar.cancelled_at is not None,
        is_busy=True,
    )


def _on_days(rows: BookingQuerySet | SeminarQuerySet, since: date, until: date) -> Any:
    return rows.between(
        make_aware(datetime.combine(since, time())), make_aware(datetime.combine(until + timedelta(days=1), time()))
    )
