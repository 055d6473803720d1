"""The schedule: Annex 3 in its printed words, with what is free."""

from collections import defaultdict

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ejournal_rollout.orders.wordings import view_asked
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.roles import Ability

from ..availability import Availability
from ..forms import HoursWordsForm
from ..hours import read_hours
from ..models import Direction, Room, Schedule, Seminar
from ..presentation import page_of_schedule, reading_words, signed_page, words_before
from ..seminar_lines import seminar_lines

SEMINARS_SHOWN = 5


@require_safe
@member_required
def schedule(request: MemberRequest) -> HttpResponse:
    """Annex 3 in its printed words; beside each row the next free time and today's people. `?as=`: another wording."""
    at = timezone.now()
    annex = Schedule.objects.visible_to(request.member).in_force().select_related("order").first()
    availability = Availability(Direction.objects.all(), teacher=request.member, at=at)
    columns = annex.columns_to_show if annex else []
    page = page_of_schedule(annex, availability.directions, view_asked(request.GET)) if annex else None
    rows = [
        {
            "direction": direction,
            "on_page": on_page,
            "cells": [
                (column["header"], direction.cell(column), words_before(on_page.mark, column)) for column in columns
            ],
            "offer": availability.offer(direction),
            "holders": (holders := availability.holders(direction)),
            "strangers": availability.strangers(holders),
        }
        for direction, on_page in zip(availability.directions, page.rows if page else (), strict=False)
    ]
    coming = Seminar.objects.visible_to(request.member).coming(at=at)
    context = {
        "schedule": annex,
        "annex": page,
        "signed": signed_page(page.signed) if page and page.is_signed_view else None,
        "columns": columns,
        "rows": rows,
        "news": availability.news(),
        "shared_rooms": _shared_rooms(availability.directions),
        "seminars": seminar_lines(coming.for_lines(request.member)[:SEMINARS_SHOWN], at=at),
        "gives_help": Ability.GIVE_HELP in request.abilities or request.member.pk in availability.people,
    }
    return render(request, "consultations/schedule.html", context)


def _shared_rooms(directions: list[Direction]) -> list[tuple[Room, str]]:
    """Rooms that the order gives to several directions, with the names of these."""
    served: dict[Room, list[str]] = defaultdict(list)
    for one in directions:
        if one.room:
            served[one.room].append(f"«{one.name}»")
    return [(room, ", ".join(names)) for room, names in served.items() if len(names) > 1]


@require_safe
@ability_required(Ability.EDIT_ORDER)
def hours_reading(request: MemberRequest) -> HttpResponse:
    """What printed hours mean, in plain text. The admin asks it while one types."""
    form = HoursWordsForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    return HttpResponse(reading_words(read_hours(words)) if words.strip() else "", content_type="text/plain")
