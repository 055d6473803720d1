"""Consultations as events of a calendar: for letters and for feeds. Nobody's question is told in any of them."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.people.models import Membership

from .models import Booking


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
