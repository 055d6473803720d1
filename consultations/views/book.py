"""Booking a consultation: one page for the day, the time and the question."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..availability import DAYS_SHOWN, Availability, booking_address
from ..forms import AskedForm, BookForm, ChosenForm
from ..free_times import DayOverview, FreeTime
from ..models import Direction
from ..moments import said_span

NOON = 12


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def book(request: MemberRequest, pk: int) -> HttpResponse:
    """One page: day, time, question. The address holds what is chosen; a conflict gives the page back with the text."""
    member, at = request.member, timezone.now()
    availability, direction = availability_of(request, pk, at)
    asked = AskedForm(request.GET).words()
    if not availability.rows[direction].hours and direction.is_on_demand:
        return redirect(f"{reverse('consultations:time-request-new', args=[direction.pk])}{_kept(asked, mark='?')}")
    if request.method == "POST":
        form = BookForm(request.POST, school=member.school_id, zone=availability.zone)
        if form.is_valid():
            try:
                made = operations.book_consultation(
                    direction,
                    specialist=form.cleaned_data["specialist"],
                    starts_at=form.starts_at,
                    teacher=member,
                    question=form.cleaned_data["question"],
                    by=member,
                    at=at,
                )
            except ValidationError as error:
                form.add_error(None, error)
                # Somebody has just booked: what was read before is old.
                availability, direction = availability_of(request, pk, at)
            else:
                messages.success(
                    request,
                    _("You are booked: {moment}.").format(moment=said_span(made.starts_at, made.ends_at)),
                )
                return redirect(made)
        chosen = {"day": None, "time": None, "specialist": None, "since": None, **ChosenForm(form.data).chosen}
        chosen["specialist"] = ChosenForm(request.GET).chosen.get("specialist")
    else:
        form = BookForm(school=member.school_id, zone=availability.zone, initial={"question": asked})
        chosen = ChosenForm(request.GET).chosen
    page = _booking_page(availability, direction, form=form, chosen=chosen, kept=_kept(asked))
    return render(request, "consultations/book.html", page)


def availability_of(request: MemberRequest, pk: int, at: datetime) -> tuple[Availability, Direction]:
    """What is free in the order in force, and one of its directions; 404 if it has no such direction."""
    availability = Availability(Direction.objects.all(), teacher=request.member, at=at)
    for direction in availability.directions:
        if direction.pk == pk:
            return availability, direction
    raise Http404


def _booking_page(
    availability: Availability, direction: Direction, *, form: BookForm, chosen: dict[str, Any], kept: str
) -> dict[str, Any]:
    """`kept` is what every address of the page carries on: a question that came with the first one."""
    today = availability.today
    specialists = availability.specialists(direction)
    specialist = next((one for one in specialists if one.pk == chosen.get("specialist")), None)
    wanted = specialist.pk if specialist else None
    upcoming = availability.next(direction, wanted)
    day = chosen.get("day") or (upcoming.starts_at.date() if upcoming else today)
    since = max(chosen.get("since") or today + timedelta(days=max((day - today).days, 0) // 7 * 7), today)
    if not chosen.get("since") and (day - today).days < DAYS_SHOWN:
        since = today
    horizon = availability.rules(direction).horizon(today)
    times = availability.one_per_start(availability.times(direction, day, day, specialist=wanted))
    clock = chosen.get("time")
    moment = datetime.combine(day, clock, tzinfo=availability.zone) if clock is not None else None
    # After a refusal its sentence stands above the form: the time is not offered a second time.
    is_refused = bool(form.non_field_errors()) if form.is_bound else False
    picked = next((one for one in times if one.starts_at == moment), None) if not is_refused else None
    is_gone = moment is not None and picked is None
    page = reverse("consultations:book", args=[direction.pk])

    def address(**what: Any) -> str:
        return _address(page, specialist=wanted, **what) + kept

    def as_link(one: FreeTime) -> dict[str, Any]:
        return {
            "time": one,
            "specialist": availability.people[one.specialist],
            "address": f"{booking_address(direction, one.starts_at, wanted)}{kept}#question",
            "is_chosen": one == picked,
            "value": f"{one.starts_at:%Y-%m-%dT%H:%M}|{one.specialist}",
        }

    days = availability.days(direction, since, since + timedelta(days=DAYS_SHOWN - 1), wanted)
    return {
        "direction": direction,
        "form": form,
        "specialists": specialists,
        "specialist": specialist,
        "whose": [
            (one, _address(page, specialist=one.pk if one else None, day=day) + kept, one == specialist)
            for one in (None, *specialists)
        ],
        "days": [
            {
                "overview": one,
                "words": _why(one),
                "address": address(day=one.on, since=since),
                "is_chosen": one.on == day,
            }
            for one in days
        ],
        "earlier": address(day=day, since=max(since - timedelta(days=7), today)) if since > today else "",
        "later": address(day=day, since=since + timedelta(days=7))
        if since + timedelta(days=DAYS_SHOWN - 1) < horizon
        else "",
        "day": day,
        "day_words": next((_why(one) for one in availability.days(direction, day, day, wanted)), ""),
        "day_notes": availability.notes(direction, day),
        "morning": [as_link(one) for one in times if one.starts_at.hour < NOON],
        "afternoon": [as_link(one) for one in times if one.starts_at.hour >= NOON],
        "picked": picked,
        "picked_specialist": availability.people[picked.specialist] if picked else None,
        "is_stranger": bool(picked and availability.strangers([availability.people[picked.specialist]])),
        "is_gone": is_gone and not form.is_bound,
        "nearest": [as_link(one) for one in availability.nearest(direction, moment)] if is_gone else [],
        "upcoming": upcoming,
        "kept": kept,
        "why_nothing": "" if upcoming else availability.why_nothing(direction),
    }


def _address(page: str, *, specialist: int | None, **what: date | None) -> str:
    chosen = [f"{name}={value:%Y-%m-%d}" for name, value in what.items() if value]
    if specialist:
        chosen.append(f"specialist={specialist}")
    return f"{page}?{'&'.join(chosen)}"


def _kept(asked: str, *, mark: str = "&") -> str:
    """The question as a part of an address; "" where none is asked yet."""
    return f"{mark}{urlencode({'question': asked})}" if asked else ""


def _why(overview: DayOverview) -> str:
    """Why a day has no free time, in one or two words."""
    return {
        "": "",
        "past": pgettext("time", "past"),
        "closed": overview.words,
        "away": overview.words,
        "beyond_horizon": _("not open yet"),
        "no_hours": _("no hours"),
        "too_soon": _("too late for today"),
        "all_taken": _("all taken"),
    }[overview.reason]
