"""Asking for a time «по мере необходимости», and the answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.refusals import refusal_said

from .. import operations
from ..forms import AcceptForm, AskedForm, DeclineForm, TimeRequestForm
from ..models import TimeRequest
from ..moments import said_span
from .book import availability_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def time_request_new(request: MemberRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    availability, direction = availability_of(request, pk, at)
    if not direction.is_on_demand:
        return redirect("consultations:book", direction.pk)
    asked = AskedForm(request.GET)
    initial = {"question": asked.words(), "asked_from": asked.place()}
    form = TimeRequestForm(request.POST or None, zone=availability.zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sent = operations.propose_times(
                direction,
                teacher=request.member,
                question=form.cleaned_data["question"],
                times=form.cleaned_data["times"],
                asked_from=form.cleaned_data["asked_from"],
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
    standing = operations.standing_of(request.member, on=timezone.localdate(), roles=request.roles)
    shown = TimeRequest.objects.shown_to(request.member, **standing._asdict(), abilities=request.abilities)
    return get_object_or_404(shown.with_times(), pk=pk)


def _time_request(
    request: MemberRequest, one: TimeRequest, *, accept: AcceptForm | None = None, decline: DeclineForm | None = None
) -> HttpResponse:
    at = timezone.now()
    return render(
        request,
        "consultations/time_request.html",
        {
            "time_request": one,
            "times": [(time, time.starts_at <= at) for time in one.times.all()],
            "is_teacher": one.teacher_id == request.member.pk,
            "may_answer": one.is_waiting and operations.may_answer(one, request.member, on=timezone.localdate(at)),
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
            made = operations.accept_time(one, form.cleaned_data["time"], by=request.member, at=timezone.now())
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
            operations.decline_times(one, by=request.member, answer=form.cleaned_data["answer"], at=timezone.now())
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
        operations.withdraw_request(one, by=request.member, at=timezone.now())
        messages.success(request, _("The request is withdrawn."))
    return redirect(one)
