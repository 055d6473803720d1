"""Seminars and trainings: the list, the page of one, its form, its sheet."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..forms.seminars import CameForm, EnterForm, ReasonForm, SeminarForm
from ..models import Participation, Seminar
from ..seminar_days import SeminarDays
from ..seminar_lines import places_words, seminar_lines
from ..sign_in import sheet_of

PAST_SHOWN = 20


@require_safe
@member_required
def seminars(request: MemberRequest) -> HttpResponse:
    at = timezone.now()
    rows = Seminar.objects.visible_to(request.member)
    past = Paginator(rows.over(at=at).for_lines(request.member), PAST_SHOWN).get_page(request.GET.get("page"))
    context = {
        "coming": seminar_lines(rows.coming(at=at).for_lines(request.member), at=at),
        "past": seminar_lines(past, at=at),
        "past_page": past,
        "may_plan": operations.may_plan_seminars(request.member, on=timezone.localdate(at)),
    }
    return render(request, "consultations/seminars.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def seminar_new(request: MemberRequest) -> HttpResponse:
    at = timezone.now()
    on = timezone.localdate(at)
    if not operations.may_plan_seminars(request.member, on=on):
        raise PermissionDenied
    form = SeminarForm(request.POST or None, member=request.member, on=on, initial={"leaders": [request.member.pk]})
    if request.method == "POST" and form.is_valid():
        leaders = list(form.cleaned_data["leaders"])
        try:
            made = operations.plan_seminar(leaders=leaders, by=request.member, at=at, **form.values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The seminar is planned. Those for whom it is have been told."))
            return redirect(made)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def seminar_change(request: MemberRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    one = _one_to_run(request, pk)
    form = SeminarForm(request.POST or None, instance=one, member=request.member, on=timezone.localdate(at))
    if request.method == "POST" and form.is_valid():
        try:
            lost = operations.change_seminar(
                one,
                leaders=list(form.cleaned_data["leaders"]),
                seen=form.cleaned_data["edition"],
                by=request.member,
                at=at,
                **form.values,
            )
        except ValidationError as error:
            form.add_error(None, error)
            form.data = form.data.copy()  # the page shows what the others saved; the next attempt is made beside it
            form.data["edition"] = Seminar.objects.values_list("sequence", flat=True).get(pk=pk)
        else:
            messages.success(request, _("Saved. Those whom it concerns have been told."))
            if lost:
                names = ", ".join(person.name for person in lost)
                messages.warning(request, _("Taken at the new time, their places are given up: {names}.").format(
                    names=names
                ))  # fmt: skip
            return redirect(one)
    return _form_page(request, form, one)


def _form_page(request: MemberRequest, form: SeminarForm, one: Seminar | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "consultations/seminar_form.html", {"form": form, "seminar": one}, status=status)


@require_safe
@member_required
def seminar(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _one(request, pk))


@require_POST
@member_required
def seminar_sign_up(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one(request, pk)
    try:
        line = operations.sign_up(one, request.member, by=request.member, at=timezone.now())
    except ValidationError as error:
        return _refused(request, one, error)
    if line.is_waiting:
        messages.success(request, _("You are on the waiting list. When a place becomes free, it is offered to you."))
    else:
        messages.success(request, _("You have a place."))
    return redirect(one)


@require_POST
@member_required
def seminar_enter(request: MemberRequest, pk: int) -> HttpResponse:
    one, at = _one_to_run(request, pk), timezone.now()
    form = EnterForm(request.POST, seminar=one, member=request.member, on=timezone.localdate(at))
    if form.is_valid():
        person = form.cleaned_data["person"]
        try:
            line = operations.sign_up(one, person, by=request.member, at=at)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("{person} waits for a place.") if line.is_waiting else _("{person} has a place.")
            messages.success(request, words.format(person=person.name))
            return redirect(f"{one.get_absolute_url()}#list")
    return _page(request, one, enter=form)


@require_POST
@member_required
def seminar_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_to_run(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            operations.cancel_seminar(one, reason=form.cleaned_data["reason"], by=request.member, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The seminar is cancelled. Everybody on the list has been told."))
            return redirect(one)
    return _page(request, one, cancel=form)


@require_POST
@member_required
def seminar_attendance(request: MemberRequest, pk: int) -> HttpResponse:
    one = _one_to_run(request, pk)
    form = CameForm(request.POST, lines=_seated(one))
    came = form.cleaned_data["came"] if form.is_valid() else []
    if form.errors:  # somebody was taken off the list while it was being ticked
        return _refused(request, one, ValidationError(_("The list has changed meanwhile. Tick it again.")))
    try:
        operations.mark_seminar(one, came=came, by=request.member, at=timezone.now())
    except ValidationError as error:
        return _refused(request, one, error)
    messages.success(
        request, ngettext("Marked: {count} person came.", "Marked: {count} persons came.", len(came)).format(
            count=len(came)
        )
    )  # fmt: skip
    return redirect(one)


@require_safe
@member_required
def seminar_sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """The sign-in sheet: A4, a signature column."""
    one = _one_to_run(request, pk)
    sheet = sheet_of(one, _seated(one))
    return render(request, "consultations/seminar_sheet.html", {"seminar": one, "sheet": sheet})


@require_POST
@member_required
def place_leave(request: MemberRequest, pk: int) -> HttpResponse:
    return _act_on_line(request, pk, operations.leave_seminar, own=_("You are off the list."), other=_("Taken off."))


@require_POST
@member_required
def place_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    words = _("The place is confirmed.")
    return _act_on_line(request, pk, operations.confirm_place, own=words, other=words)


@require_POST
@member_required
def place_give(request: MemberRequest, pk: int) -> HttpResponse:
    words = _("The place is given.")
    return _act_on_line(request, pk, operations.give_place, own=words, other=words)


def _act_on_line(request: MemberRequest, pk: int, act: Any, *, own: str, other: str) -> HttpResponse:
    """What is done with one line of a list; a line that is not for the member to see does not exist."""
    found = Participation.objects.visible_to(request.member).with_people().select_related("seminar__school")
    line = get_object_or_404(found, pk=pk)
    is_own = line.participant_id == request.member.pk
    if not is_own and not operations.may_run(line.seminar, request.member, on=timezone.localdate()):
        raise PermissionDenied
    try:
        act(line, by=request.member, at=timezone.now())
    except ValidationError as error:
        return _refused(request, line.seminar, error)
    messages.success(request, own if is_own else other)
    return redirect(line.seminar)


def _refused(request: MemberRequest, one: Seminar, error: ValidationError) -> HttpResponse:
    """The page of the seminar, with the refusal on top."""
    messages.error(request, " ".join(error.messages))
    return _page(request, _one(request, one.pk))


def _one(request: MemberRequest, pk: int) -> Seminar:
    return get_object_or_404(Seminar.objects.visible_to(request.member).for_lines(request.member), pk=pk)


def _one_to_run(request: MemberRequest, pk: int) -> Seminar:
    one = _one(request, pk)
    if not operations.may_run(one, request.member, on=timezone.localdate()):
        raise PermissionDenied
    return one


def _seated(one: Seminar) -> list[Participation]:
    """In the order of the alphabet, as a list of signatures has them."""
    return list(Participation.objects.of(one).seated().with_people().by_name())


def _page(
    request: MemberRequest, one: Seminar, *, enter: EnterForm | None = None, cancel: ReasonForm | None = None
) -> HttpResponse:
    at = timezone.now()
    on = timezone.localdate(at)
    runs, is_live = operations.may_run(one, request.member, on=on), one.cancelled_at is None
    mine = Participation.objects.of(one).live().of_member(request.member).first() if one.is_on_list else None
    has_begun = one.starts_at <= at
    is_open = is_live and one.closes_at > at and not mine and not one.leads
    context = {
        "seminar": one,
        "status": one.status(at=at),
        "places": places_words(one),
        "mine": mine,
        "place_in_line": Participation.objects.of(one).waiting().filter(pk__lte=mine.pk).count()
        if mine and mine.is_waiting
        else 0,
        "may_sign_up": is_open and (runs or one.is_for(request.roles)),
        "is_for_others": is_open and not runs and not one.is_for(request.roles),
        "is_closed": is_live and not mine and not one.leads and one.closes_at <= at,
        "calendar_says": SeminarDays.of([one]).why_closed(one, one.leaders.all()) if is_live and not has_begun else "",
        "would_wait": one.seated_count >= one.places or one.waiting_count > 0,
        "has_begun": has_begun,
        "is_live": is_live,
        "runs": runs,
    }
    if runs:
        seated = _seated(one)
        context |= {
            "seated": seated,
            "came_count": sum(bool(line.came) for line in seated),
            "waiting": list(Participation.objects.of(one).waiting().with_people()),
            "has_free": one.seated_count < one.places,
            "enter_form": enter or EnterForm(seminar=one, member=request.member, on=on),
            "cancel_form": cancel or ReasonForm(),
        }
    status = 422 if enter or cancel else 200
    return render(request, "consultations/seminar.html", context, status=status)
