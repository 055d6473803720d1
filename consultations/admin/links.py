"""Consultations named in a message of the administration pages, each a link."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Booking
from ..moments import said_span
from ..operations import TouchedCounts


def said_touched(counts: TouchedCounts) -> str:
    """Coming consultations and seminars that cannot be held any more as agreed, with a link to their list."""
    link = format_html('<a href="{}">{}</a>', reverse("consultations:touched"), _("Move, cancel or keep them"))
    return format_html("{} {}", counts.words, link)


def said_inside(inside: list[Booking]) -> str:
    """Consultations that a closure leaves standing, each a link to the page where it is moved or cancelled."""
    words = ngettext(
        "{count} consultation is already booked for these days. Move or cancel it, the teacher will be told:",
        "{count} consultations are already booked for these days. Move or cancel them, the teachers will be told:",
        len(inside),
    ).format(count=len(inside))
    return with_links(words, inside, Booking.get_absolute_url)


def with_links(words: str, bookings: list[Booking], address: Callable[[Booking], str]) -> str:
    links = format_html_join(
        "; ",
        '<a href="{}">{}, {}</a>',
        ((address(one), said_span(one.starts_at, one.ends_at), one.teacher.name) for one in bookings),
    )
    all_of_them = format_html('<a href="{}">{}</a>', reverse("consultations:touched"), _("Or all at once"))
    return format_html("{} {} — {}", words, links, all_of_them)


def admin_address(booking: Booking) -> str:
    return reverse("admin:consultations_booking_change", args=[booking.pk])
