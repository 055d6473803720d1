"""Calendars of the site: what a person, or the whole school, has on which day.

The feeds are read by programs without signing in: who knows the secret address reads it, until it is replaced or its
person leaves the school. They hold terms and rounds of the plan, which all staff may read, and one's own
consultations with the name of the other; of a room only when it is taken. Nothing of questions, findings, requests or
complaints.
"""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from consultations.feeds import booking_events, room_events, seminar_events
from consultations.models import Room, Seminar
from ejournal_rollout.calendars.ical import CalendarEvent, calendar_bytes, months_from
from ejournal_rollout.calendars.operations import calendar_secret, member_of_secret, replace_calendar_secret
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from plans.feeds import round_events, term_events
from plans.models import Round, Task

MONTHS_BACK, MONTHS_AHEAD = 2, 12
ROOM = "room-"  # and its number: the feed of a room
FEEDS = {
    "consultations": (
        gettext_lazy("My consultations"),
        gettext_lazy("Those that you have booked and those that you give: when, where and with whom."),
    ),
    "mine": (
        gettext_lazy("My terms"),
        gettext_lazy(
            "Terms of the tasks of your roles and of those that you watch, and the rounds in which you check."
        ),
    ),
    "school": (gettext_lazy("Plan of the school"), gettext_lazy("Terms of all tasks of the plan, and all rounds.")),
}


@require_safe
@never_cache
@member_required
def calendars(request: MemberRequest) -> HttpResponse:
    """The addresses of one's own feeds and how to give them to a calendar program."""
    secret = calendar_secret(request.member)

    def feed(kind: str, name: str, words: str) -> dict[str, str]:
        address = request.build_absolute_uri(reverse("desk:calendar", args=[kind, secret]))
        webcal = f"webcal:{address.partition(':')[2]}"  # the scheme that phones give to their calendar
        return {"kind": kind, "name": name, "words": words, "address": address, "webcal": webcal}

    rooms = Room.objects.visible_to(request.member)
    shown = {
        "feeds": [feed(kind, name, words) for kind, (name, words) in FEEDS.items()],
        "rooms": [feed(f"{ROOM}{room.pk}", room.name, "") for room in rooms],
        "back": MONTHS_BACK,
        "ahead": MONTHS_AHEAD,
    }
    return render(request, "desk/calendars.html", shown)


@require_POST
@member_required
def calendars_replace(request: MemberRequest) -> HttpResponse:
    replace_calendar_secret(request.member)
    messages.success(request, _("The addresses are new. Give them to your calendar programs: the old ones are closed."))
    return redirect("desk:calendars")


@require_safe
@conditional_page
def calendar(request: HttpRequest, kind: str, secret: str) -> HttpResponse:
    """A feed: from two months ago to twelve months ahead, orders that are closed by now too."""
    member = member_of_secret(secret)
    if member is None:
        raise Http404
    school = member.school
    with override(school.zone):
        today = localdate()
        roles = member.roles_on(today)
        if not roles:
            raise Http404
        window = {"since": months_from(today, -MONTHS_BACK), "until": months_from(today, MONTHS_AHEAD)}
        name, events = _feed(kind, member, roles, window, request.build_absolute_uri)
    name = f"{name}: {school.name}"
    answer = HttpResponse(calendar_bytes(name, events, zone=school.zone), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{kind}.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _feed(
    kind: str, member: Membership, roles: frozenset[Role], window: dict[str, date], address: Callable[[str], str]
) -> tuple[str, list[CalendarEvent]]:
    """The name and the events of a feed; 404 for one that is not."""
    if kind == "consultations":
        seminars = Seminar.objects.visible_to(member).busy_for(member)
        booked = booking_events(member, address=address, **window)
        return FEEDS[kind][0], booked + seminar_events(seminars, address=address, **window)
    if kind in FEEDS:
        tasks = Task.objects.visible_to(member).published()
        rounds = Round.objects.visible_to(member).published()
        if kind == "mine":
            tasks, rounds = tasks.of_interest_to(member, roles), rounds.checked_by(member, roles=roles)
        terms = term_events(tasks, address=address, **window)
        return FEEDS[kind][0], terms + round_events(rounds, address=address, **window)
    number = kind.removeprefix(ROOM)
    if number == kind or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    room = get_object_or_404(Room.objects.visible_to(member), pk=int(number))
    seminars = seminar_events(Seminar.objects.of_room(room), address=address, **window)
    return _("Room %(room)s") % {"room": room.name}, room_events(room, **window) + seminars
