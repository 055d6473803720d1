"""A request and what is done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consultations.operations import may_book_for_others as books_for_others
from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.refusals import refusal_said

from .. import operations
from ..forms import CloseForm, HandOverForm, WordsForm
from ..models import HelpRequest, InternalNote, Reply
from ..presentation import thread
from .found import back_to, found_request

ON_HISTORY = 50


@require_GET
@member_required
def request_page(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, found_request(request, pk))


@require_POST
@member_required
def request_take(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, operations.take_request, _("The request is yours."))


@require_POST
@member_required
def request_close(request: MemberRequest, pk: int) -> HttpResponse:
    form = CloseForm(request.POST)
    helped = form.cleaned_data["helped"] if form.is_valid() else None
    return _act(request, pk, operations.close, _("The request is closed."), helped=helped)


@require_POST
@member_required
def request_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    return _act(request, pk, operations.reopen, _("The request is back in work."))


@require_POST
@member_required
def request_reply(request: MemberRequest, pk: int) -> HttpResponse:
    return _say(request, pk, operations.reply)


@require_POST
@member_required
def request_wait(request: MemberRequest, pk: int) -> HttpResponse:
    return _say(request, pk, operations.wait_for_teacher)


@require_POST
@member_required
def request_solve(request: MemberRequest, pk: int) -> HttpResponse:
    return _say(request, pk, operations.solve)


@require_POST
@member_required
def request_note(request: MemberRequest, pk: int) -> HttpResponse:
    return _say(request, pk, operations.write_internal_note, is_note=True)


@require_http_methods(["GET", "POST"])
@member_required
def request_hand_over(request: MemberRequest, pk: int) -> HttpResponse:
    help_request = found_request(request, pk)
    if not help_request.may_be_handed_over_by(request.member, roles=request.roles):
        raise PermissionDenied
    now = timezone.now()
    colleagues = operations.specialists_for(help_request, at=now)
    form = HandOverForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            operations.hand_over(help_request, **form.cleaned_data, by=request.member, at=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The request is handed over to %(name)s.") % {"name": form.cleaned_data["to"]})
            return back_to(request, help_request)
    context = {"help_request": help_request, "form": form}
    return render(request, "support/request_hand_over.html", context, status=422 if form.errors else 200)


def may_book_for_others(request: MemberRequest, help_request: HelpRequest) -> bool:
    """Whoever answers the request and books in its direction for others."""
    may_answer = help_request.may_be_answered_by(request.member, roles=request.roles)
    return may_answer and books_for_others(request.member, help_request.direction, on=timezone.localdate())


def _act(request: MemberRequest, pk: int, act: Callable[..., None], done: str, **said: Any) -> HttpResponse:
    """An act without words: the refusal stands on the page to which one returns."""
    help_request = found_request(request, pk)
    with refusal_said(request):
        act(help_request, **said, by=request.member, at=timezone.now())
        messages.success(request, done)
    return redirect(help_request)


def _say(
    request: MemberRequest, pk: int, act: Callable[..., Reply | InternalNote], is_note: bool = False
) -> HttpResponse:
    """An act with words: they are kept in the page that refuses them."""
    help_request = found_request(request, pk)
    form = WordsForm(request.POST, auto_id=("note_%s" if is_note else "reply_%s"))
    if form.is_valid():
        try:
            line = act(help_request, **form.cleaned_data, by=request.member, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The note is saved.") if is_note else _("Your words are sent."))
            return redirect(f"{help_request.get_absolute_url()}#{'note' if is_note else 'reply'}-{line.pk}")
    if is_note and not help_request.may_be_answered_by(request.member, roles=request.roles):
        raise PermissionDenied  # an empty note too is none of their business
    return _page(request, help_request, **{"note_form" if is_note else "reply_form": form})


def _page(request: MemberRequest, help_request: HelpRequest, **forms: WordsForm) -> HttpResponse:
    member = request.member
    is_own = help_request.requester_id == member.pk
    is_closed, is_waiting = help_request.closed_at is not None, help_request.waiting_since is not None
    may_answer = help_request.may_be_answered_by(member, roles=request.roles)
    notes = InternalNote.objects.about(help_request) if may_answer else ()
    entries = Entry.objects.visible_to(member).about(help_request)[:ON_HISTORY]
    until = operations.reopen_until(help_request)
    state = help_request.state
    may_write = (is_own or may_answer) and not help_request.is_ended_for_good
    may_reopen = may_write and until is not None and timezone.localdate() <= until
    context = {
        "help_request": help_request,
        "now": timezone.now(),
        "is_own": is_own,
        "may_answer": may_answer,
        "lines": thread(help_request, Reply.objects.about(help_request), notes),
        "bookings": list(help_request.bookings.with_people()),
        "history": [entry for entry in entries if may_answer or entry.verb != "support.noted"],
        "may_take": may_answer and help_request.assignee_id is None and not is_closed,
        "may_close": may_write and not is_closed,
        "may_say_helped": is_own and help_request.answered_at and not is_closed and not is_waiting,
        "may_book": (is_own or may_book_for_others(request, help_request)) and not is_closed,
        "may_hand_over": help_request.may_be_handed_over_by(member, roles=request.roles) and not is_closed,
        "may_solve": may_answer and state not in (HelpRequest.State.SOLVED, HelpRequest.State.CLOSED),
        "may_reopen": may_reopen,
        "reopen_until": until,
        "may_reply": may_answer and not is_closed or is_own and may_write and (until is None or may_reopen),
        "reply_form": WordsForm(auto_id="reply_%s"),
        "note_form": WordsForm(auto_id="note_%s"),
        **forms,
    }
    return render(request, "support/request.html", context, status=422 if forms else 200)
