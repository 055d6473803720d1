"""The week as everybody sees it: the grid of free times, and the sheet for the door."""

from datetime import timedelta
from typing import NamedTuple

import segno
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from ejournal_rollout.people.access import MemberRequest, member_required

from ..availability import Availability
from ..forms import WeekForm, WhoseForm, midnight
from ..models import Direction, Room
from ..week import HoursOfDay, grid_of, hours_of_week, monday_of, room_words, seen_by_nobody

WEEK = timedelta(days=7)


@require_safe
@member_required
def week(request: MemberRequest) -> HttpResponse:
    """Hours down, specialists or rooms across; a free cell leads to its booking, a taken one says no more than that."""
    member, at = request.member, timezone.now()
    form = WeekForm(request.GET)
    availability = Availability(Direction.objects.all(), teacher=seen_by_nobody(member), at=at)
    first, last = monday_of(availability.today), monday_of(max(availability.last, availability.today))
    monday = min(max(monday_of(form.day_or(availability.today)), first), last)
    return render(
        request,
        "consultations/week.html",
        {
            "has_schedule": bool(availability.directions),
            "grid": grid_of(availability, member, monday, by_rooms=form.by_rooms),
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "today": availability.today,
            "address": address_outside(request, reverse("consultations:schedule")),
            "by": "rooms" if form.by_rooms else "specialists",
            "earlier": monday - WEEK if monday > first else None,
            "later": monday + WEEK if monday < last else None,
        },
    )


class DoorRow(NamedTuple):
    """A direction on the door: the words of the order, the hours of the week, and its square to point a camera at."""

    direction: Direction
    days: list[HoursOfDay]
    address: str
    code: SafeString


@require_safe
@member_required
def door(request: MemberRequest) -> HttpResponse:
    """The sheet for the door of a room, or of one direction: a week of hours, where to book, nobody's booking."""
    member = request.member
    form = WeekForm(request.GET)
    monday = monday_of(form.day_or(timezone.localdate()))
    availability = Availability(
        Direction.objects.all(), teacher=seen_by_nobody(member), at=midnight(monday, member.school.zone)
    )
    rooms: dict[Room, list[Direction]] = {}
    for direction in availability.directions:
        if direction.room:
            rooms.setdefault(direction.room, []).append(direction)
    offered = {f"room-{room.pk}": (room, directions) for room, directions in rooms.items()}
    offered |= {f"direction-{one.pk}": (one.room, [one]) for one in availability.directions}
    choices = [(f"room-{one.pk}", room_words(one)) for one in rooms]
    choices += [(f"direction-{one.pk}", one.name) for one in availability.directions]
    chosen = WhoseForm(request.GET, choices=choices)
    if not chosen.is_valid():
        raise Http404
    whose = chosen.cleaned_data["of"] or next(iter(offered), "")
    room, directions = offered.get(whose, (None, []))
    return render(
        request,
        "consultations/door.html",
        {
            "room": room,
            "rows": [_door_row(request, availability, one) for one in directions],
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "earlier": monday - WEEK,
            "later": monday + WEEK,
            "whose": whose,
            "form": WhoseForm(choices=choices, initial={"of": whose}),
        },
    )


def _door_row(request: MemberRequest, availability: Availability, direction: Direction) -> DoorRow:
    page = reverse("consultations:book", args=[direction.pk])
    address = address_outside(request, page)
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, omitsize=True)
    days = hours_of_week(availability, direction, availability.today)
    is_read = any(day.intervals for day in days) or not direction.is_on_demand
    return DoorRow(direction, days if is_read else [], address, mark_safe(drawn))  # noqa: S308  our own drawing


def address_outside(request: MemberRequest, page: str) -> str:
    """The whole address of a page, to be read from paper."""
    return f"{settings.SITE_URL}{page}" if settings.SITE_URL_IS_SET else request.build_absolute_uri(page)
