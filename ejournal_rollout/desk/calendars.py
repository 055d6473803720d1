"""Calendars of the site: what a person, or the whole school, has on which day.

The feeds are read by programs without signing in: who knows the secret address reads it, until it is replaced or its
person leaves the school. They hold terms and rounds of the plan, which all staff may
read, and nothing of findings, requests or complaints.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_POST, require_safe

from ejournal_rollout.calendars.ical import calendar_bytes, months_from
from ejournal_rollout.calendars.operations import calendar_secret, member_of_secret, replace_calendar_secret
from ejournal_rollout.people.access import MemberRequest, member_required
from plans.feeds import round_events, term_events
from plans.models import Round, Task

MONTHS_BACK, MONTHS_AHEAD = 2, 12
FEEDS = {
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
    feeds = []
    for kind, (name, words) in FEEDS.items():
        address = request.build_absolute_uri(reverse("desk:calendar", args=[kind, secret]))
        webcal = f"webcal:{address.partition(':')[2]}"  # the scheme that phones give to their calendar
        feeds.append({"kind": kind, "name": name, "words": words, "address": address, "webcal": webcal})
    return render(request, "desk/calendars.html", {"feeds": feeds, "back": MONTHS_BACK, "ahead": MONTHS_AHEAD})


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
    if member is None or kind not in FEEDS:
        raise Http404
    school = member.school
    with override(school.zone):
        today = localdate()
        roles = member.roles_on(today)
        if not roles:
            raise Http404
        tasks = Task.objects.visible_to(member).published()
        rounds = Round.objects.visible_to(member).published()
        if kind == "mine":
            tasks, rounds = tasks.of_interest_to(member, roles), rounds.checked_by(member, roles=roles)
        window = {"since": months_from(today, -MONTHS_BACK), "until": months_from(today, MONTHS_AHEAD)}
        address = request.build_absolute_uri
        events = term_events(tasks, address=address, **window) + round_events(rounds, address=address, **window)
    name = f"{FEEDS[kind][0]}: {school.name}"
    answer = HttpResponse(calendar_bytes(name, events, zone=school.zone), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{kind}.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
