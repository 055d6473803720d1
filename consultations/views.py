"""The pages of Annex 3: the schedule, booking by it, one's own consultations, the specialist's day."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.orders.wordings import view_asked
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability

from . import operations
from .availability import DAYS_SHOWN, Availability, booking_address
from .forms import (
    AcceptForm,
    AskedForm,
    AttendanceForm,
    BookForm,
    CancelForm,
    ChosenForm,
    DayForm,
    DeclineForm,
    HoursWordsForm,
    TimeRequestForm,
    midnight,
)
from .free_times import DayOverview, FreeTime
from .hours import read_hours
from .models import Booking, Direction, Room, Schedule, TimeRequest
from .moments import said_span
from .presentation import page_of_schedule, reading_words, signed_page, words_before

PAST_SHOWN = 20
NOON = 12


# --- The schedule


@require_safe
@member_required
def schedule(request: MemberRequest) -> HttpResponse:
    """Annex 3 in its printed words; beside each row the next free time and today's people. `?as=`: another wording."""
    annex = Schedule.objects.visible_to(request.member).in_force().select_related("order").first()
    availability = Availability(Direction.objects.all(), teacher=request.member, at=now())
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
            "holders": availability.holders(direction),
        }
        for direction, on_page in zip(availability.directions, page.rows if page else (), strict=False)
    ]
    context = {
        "schedule": annex,
        "annex": page,
        "signed": signed_page(page.signed) if page and page.is_signed_view else None,
        "columns": columns,
        "rows": rows,
        "shared_rooms": _shared_rooms(availability.directions),
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


# --- Booking


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def book(request: MemberRequest, pk: int) -> HttpResponse:
    """One page: day, time, question. The address holds what is chosen; a conflict gives the page back with the text."""
    member, at = request.member, now()
    availability, direction = _availability_of(request, pk, at)
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
                availability, direction = _availability_of(request, pk, at)
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


def _availability_of(request: MemberRequest, pk: int, at: datetime) -> tuple[Availability, Direction]:
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
        "morning": [as_link(one) for one in times if one.starts_at.hour < NOON],
        "afternoon": [as_link(one) for one in times if one.starts_at.hour >= NOON],
        "picked": picked,
        "picked_specialist": availability.people[picked.specialist] if picked else None,
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
        "beyond_horizon": _("not open yet"),
        "no_hours": _("no hours"),
        "too_soon": _("too late for today"),
        "all_taken": _("all taken"),
    }[overview.reason]


# --- Consultations


@require_safe
@member_required
def bookings(request: MemberRequest) -> HttpResponse:
    """What the member has booked: coming, asked for, past."""
    at = now()
    mine = Booking.objects.visible_to(request.member).of_teacher(request.member).with_people()
    past = Paginator(mine.over(at=at), PAST_SHOWN).get_page(request.GET.get("page"))
    return render(
        request,
        "consultations/bookings.html",
        {
            "coming": _with_status(mine.coming(at=at), at),
            "past": _with_status(past, at),
            "past_page": past,
            "time_requests": TimeRequest.objects.visible_to(request.member)
            .of_teacher(request.member)
            .without_booking()
            .with_times()[:PAST_SHOWN],
        },
    )


def _with_status(rows: Any, at: datetime) -> list[dict[str, Any]]:
    return [{"booking": one, "status": one.status(at=at)} for one in rows]


@require_safe
@member_required
def booking(request: MemberRequest, pk: int) -> HttpResponse:
    return _booking(request, _one_booking(request, pk))


def _one_booking(request: MemberRequest, pk: int) -> Booking:
    shown = Booking.objects.shown_to(request.member, abilities=request.abilities).with_people()
    return get_object_or_404(shown, pk=pk)


def _booking(
    request: MemberRequest, one: Booking, *, cancel: CancelForm | None = None, attendance: AttendanceForm | None = None
) -> HttpResponse:
    """The page and the slip of a consultation; the forms come back with what was typed."""
    at = now()
    is_teacher, is_specialist = one.teacher_id == request.member.pk, one.specialist_id == request.member.pk
    return render(
        request,
        "consultations/booking.html",
        {
            "booking": one,
            "status": one.status(at=at),
            "is_teacher": is_teacher,
            "is_specialist": is_specialist,
            "may_cancel": one.cancelled_at is None and one.starts_at > at,
            "may_mark": is_specialist and one.cancelled_at is None and one.starts_at <= at,
            "cancel_form": cancel or CancelForm(is_teacher=is_teacher),
            "attendance_form": attendance or AttendanceForm(initial={"outcome": one.outcome}),
        },
    )


@require_POST
@member_required
def booking_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_booking(request, pk)
    form = CancelForm(request.POST, is_teacher=one.teacher_id == request.member.pk)
    if form.is_valid():
        try:
            operations.cancel_booking(one, by=request.member, at=now(), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The consultation is cancelled. The other side has been told."))
            return redirect(one)
    return _booking(request, one, cancel=form)


@require_POST
@member_required
def booking_attendance(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_booking(request, pk)
    form = AttendanceForm(request.POST)
    if form.is_valid():
        try:
            operations.mark_attendance(one, by=request.member, at=now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Marked: {teacher}, {what}.").format(
                teacher=one.teacher.name, what=_("came") if one.came else _("did not come")
            ))  # fmt: skip
            return redirect(f"{reverse('consultations:day')}?on={localdate(one.starts_at):%Y-%m-%d}")
    return _booking(request, one, attendance=form)


@require_safe
@member_required
def day(request: MemberRequest) -> HttpResponse:
    """The specialist's day; unmarked consultations of other days and requests for a time stand on top."""
    member, at = request.member, now()
    form = DayForm(request.GET)
    on = form.day_or(localdate(at))
    start, end = midnight(on, member.school.zone), midnight(on + timedelta(days=1), member.school.zone)
    mine = Booking.objects.visible_to(member).of_specialist(member).with_people()
    return render(
        request,
        "consultations/day.html",
        {
            "on": on,
            "is_today": on == localdate(at),
            "form": DayForm(initial={"on": on}),
            "unread_day": bool(form.errors),
            "earlier": on - timedelta(days=1),
            "later": on + timedelta(days=1),
            "rows": [
                row | {"may_mark": row["booking"].cancelled_at is None and row["booking"].starts_at <= at}
                for row in _with_status(mine.between(start, end), at)
            ],
            "unmarked": [one for one in mine.unmarked(at=at)[:PAST_SHOWN] if not start <= one.starts_at < end],
            "time_requests": TimeRequest.objects.visible_to(member)
            .waiting()
            .for_specialist(member, roles=request.roles)
            .not_of(member)
            .with_times()[:PAST_SHOWN],
        },
    )


# --- "As needed"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def time_request_new(request: MemberRequest, pk: int) -> HttpResponse:
    at = now()
    availability, direction = _availability_of(request, pk, at)
    if not direction.is_on_demand:
        return redirect("consultations:book", direction.pk)
    asked = AskedForm(request.GET).words()
    form = TimeRequestForm(request.POST or None, zone=availability.zone, initial={"question": asked})
    if request.method == "POST" and form.is_valid():
        try:
            sent = operations.propose_times(
                direction,
                teacher=request.member,
                question=form.cleaned_data["question"],
                times=form.cleaned_data["times"],
                at=at,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your request is sent. The answer will come to your messages."))
            return redirect(sent)
    return render(
        request,
        "consultations/time_request_new.html",
        {"direction": direction, "form": form, "specialists": availability.holders(direction)},
    )


@require_safe
@member_required
def time_request(request: MemberRequest, pk: int) -> HttpResponse:
    return _time_request(request, _one_request(request, pk))


def _one_request(request: MemberRequest, pk: int) -> TimeRequest:
    shown = TimeRequest.objects.shown_to(request.member, roles=request.roles, abilities=request.abilities)
    return get_object_or_404(shown.with_times(), pk=pk)


def _time_request(
    request: MemberRequest, one: TimeRequest, *, accept: AcceptForm | None = None, decline: DeclineForm | None = None
) -> HttpResponse:
    at = now()
    return render(
        request,
        "consultations/time_request.html",
        {
            "time_request": one,
            "times": [(time, time.starts_at <= at) for time in one.times.all()],
            "is_teacher": one.teacher_id == request.member.pk,
            "may_answer": one.is_waiting and operations.may_answer(one, request.member, on=localdate(at)),
            "accept_form": accept,
            "decline_form": decline or DeclineForm(),
        },
    )


@require_POST
@member_required
def time_accept(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_request(request, pk)
    form = AcceptForm(request.POST, times=one.times.all())
    if form.is_valid():
        try:
            made = operations.accept_time(one, form.cleaned_data["time"], by=request.member, at=now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Agreed: {moment}. The teacher has been told.").format(
                moment=said_span(made.starts_at, made.ends_at)
            ))  # fmt: skip
            return redirect(made)
    return _time_request(request, one, accept=form)


@require_POST
@member_required
def time_decline(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_request(request, pk)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            operations.decline_times(one, by=request.member, answer=form.cleaned_data["answer"], at=now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The answer is sent to the teacher."))
            return redirect(one)
    return _time_request(request, one, decline=form)


@require_POST
@member_required
def time_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_request(request, pk)
    with refusal_said(request):
        operations.withdraw_request(one, by=request.member, at=now())
        messages.success(request, _("The request is withdrawn."))
    return redirect(one)
