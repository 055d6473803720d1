"""One's own consultations, the page of one, and the acts on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.files.private import send_file
from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..forms import AttendanceForm, CancelForm, NoteForm, PageForm, RatingForm
from ..models import Booking, BookingNote, Screenshot, Seminar, TimeRequest
from ..seminar_lines import seminar_lines

PAST_SHOWN = 20


@require_safe
@member_required
def bookings(request: MemberRequest) -> HttpResponse:
    """What the member has booked: coming, asked for, past."""
    at = timezone.now()
    mine = Booking.objects.visible_to(request.member).of_teacher(request.member).with_people()
    seminars = Seminar.objects.visible_to(request.member).concerning(request.member).coming(at=at)
    past = Paginator(mine.over(at=at), PAST_SHOWN).get_page(PageForm(request.GET).number)
    return render(
        request,
        "consultations/bookings.html",
        {
            "coming": [
                row | {"may_change": operations.may_change(row["booking"], request.member, at=at)}
                for row in with_status(mine.coming(at=at), at)
            ],
            "seminars": seminar_lines(seminars.for_lines(request.member), at=at),
            "past": with_status(past, at),
            "past_page": past,
            "time_requests": TimeRequest.objects.visible_to(request.member)
            .of_teacher(request.member)
            .without_booking()
            .with_times()[:PAST_SHOWN],
        },
    )


def with_status(rows: Any, at: datetime) -> list[dict[str, Any]]:
    """Bookings for the list, each with the shape and the words of its state."""
    return [{"booking": one, "status": one.status(at=at)} for one in rows]


@require_safe
@member_required
def booking(request: MemberRequest, pk: int) -> HttpResponse:
    return _booking(request, one_booking(request, pk))


def one_booking(request: MemberRequest, pk: int) -> Booking:
    """A consultation that the member may open; 404 for any other."""
    shown = Booking.objects.shown_to(request.member, abilities=request.abilities)
    shown = shown.with_people().select_related("topic", "screenshot", "booked_by__user", "cancelled_by__user")
    return get_object_or_404(shown, pk=pk)


def _booking(
    request: MemberRequest,
    one: Booking,
    *,
    cancel: CancelForm | None = None,
    attendance: AttendanceForm | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    """The page and the slip of a consultation; the forms come back with what was typed."""
    at = timezone.now()
    letters = operations.letters_said(one, reader=request.member)
    is_teacher, is_specialist = one.teacher_id == request.member.pk, one.specialist_id == request.member.pk
    may_read_notes = operations.may_read_notes(one, request.member, at=at)
    return render(
        request,
        "consultations/booking.html",
        {
            "booking": one,
            "status": one.status(at=at),
            "is_teacher": is_teacher,
            "is_specialist": is_specialist,
            "letters": letters,
            "is_to_continue": (
                is_teacher
                and one.follow_up_proposed_at is not None
                and Booking.objects.to_be_continued_by(request.member).contains(one)
            ),
            "is_letter_stuck": any(letter.is_stuck for letter in letters),
            "may_change": operations.may_change(one, request.member, at=at),
            "is_over": one.cancelled_at is not None or one.ends_at <= at,
            "is_too_late": is_teacher and one.cancelled_at is None and one.teacher_changes_until < at < one.starts_at,
            "may_choose": (
                is_specialist
                and one.is_to_follow_up
                and operations.may_book_for_others(request.member, one.direction, on=timezone.localdate(at))
            ),
            "may_restore": operations.may_restore(one, request.member, at=at),
            "may_mark": is_specialist and one.cancelled_at is None and one.starts_at <= at,
            "cancel_form": cancel or CancelForm(is_teacher=is_teacher),
            "attendance_form": attendance
            or AttendanceForm(initial={"outcome": one.outcome, "follow_up": one.follow_up}),
            "may_read_notes": may_read_notes,
            "notes": BookingNote.objects.about(one) if may_read_notes else (),
            "note_form": note or NoteForm(),
            "ratings": Booking.Rating.choices if is_teacher and one.may_be_rated(at=at) else (),
        },
    )


@require_POST
@member_required
def booking_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    one = one_booking(request, pk)
    form = CancelForm(request.POST, is_teacher=one.teacher_id == request.member.pk)
    if form.is_valid():
        try:
            operations.cancel_booking(one, by=request.member, at=timezone.now(), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The consultation is cancelled. The other side has been told."))
            return redirect(one)
    return _booking(request, one, cancel=form)


@require_POST
@member_required
def booking_restore(request: MemberRequest, pk: int) -> HttpResponse:
    one = one_booking(request, pk)
    try:
        operations.restore_booking(one, by=request.member, at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The consultation takes place as before. The other side has been told."))
    return redirect(one)


@require_safe
@member_required
def screenshot(request: MemberRequest, pk: int) -> FileResponse:
    shown = Screenshot.objects.shown_to(request.member, abilities=request.abilities)
    one = get_object_or_404(shown, pk=pk)
    return send_file(one.file, name=one.name)


@require_POST
@member_required
def booking_attendance(request: MemberRequest, pk: int) -> HttpResponse:
    one = one_booking(request, pk)
    form = AttendanceForm(request.POST)
    if form.is_valid():
        try:
            operations.mark_attendance(one, by=request.member, at=timezone.now(), **form.said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{one.teacher.name}: {one.status(at=timezone.now())[1]}.")
            held_on = timezone.localdate(one.starts_at)
            shown = form.cleaned_data["back"] or held_on
            kept = "" if shown == held_on else f"&marked={one.pk}"  # it stays where it was tapped, for the result
            return redirect(f"{reverse('consultations:day')}?on={shown:%Y-%m-%d}{kept}#booking-{one.pk}")
    return _booking(request, one, attendance=form)


@require_POST
@member_required
def booking_note(request: MemberRequest, pk: int) -> HttpResponse:
    one = one_booking(request, pk)
    form = NoteForm(request.POST)
    if not operations.may_read_notes(one, request.member, at=timezone.now()):
        raise PermissionDenied  # an empty note too is none of their business
    if form.is_valid():
        operations.write_booking_note(one, text=form.cleaned_data["text"], by=request.member, at=timezone.now())
        messages.success(request, _("The note is saved. The teacher does not see it."))
        return redirect(f"{one.get_absolute_url()}#notes")
    return _booking(request, one, note=form)


@require_POST
@member_required
def booking_rate(request: MemberRequest, pk: int) -> HttpResponse:
    form = RatingForm(request.POST)
    rating = form.cleaned_data["rating"] if form.is_valid() else None
    if rating is None:
        messages.error(request, " ".join(form.errors["rating"]))
        return redirect(one_booking(request, pk))
    return _act(request, pk, operations.rate_consultation, _("Thank you: your rating is saved."), rating=rating)


@require_POST
@member_required
def follow_up_propose(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, operations.propose_continuation, _("The teacher has been asked to choose a time."))


@require_POST
@member_required
def follow_up_done(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, operations.finish_follow_up, _("Nothing more is left to do here."))


def _act(request: MemberRequest, pk: int, act: Callable[..., None], done: str, **said: Any) -> HttpResponse:
    """An act without words: the refusal stands on the page to which one returns."""
    one = one_booking(request, pk)
    try:
        act(one, by=request.member, at=timezone.now(), **said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect(one)
