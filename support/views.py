"""Pages of help: the regulation, the lists of requests, a request and what is done with it."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consultations.models import Direction
from consultations.moments import said_day
from consultations.operations import gives_help
from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.wordings import AnnexPage, RowOnPage, view_asked
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability

from . import operations
from .forms import AskForm, BookForm, CloseForm, HandOverForm, ListForm, PresetForm, WordsForm
from .models import HelpRequest, HelpRequestQuerySet, InternalNote, Regulation, Reply
from .paper import regulation_draft, regulation_on_paper
from .presentation import empty_words, tabs, thread, times_for

ON_A_PAGE = 50
NEWEST_FIRST = {"closed", "all"}
ON_HISTORY = 50


@require_GET
@member_required
def regulation(request: MemberRequest) -> HttpResponse:
    """Annex 2 of the order in force, its clauses in full; `?as=` shows another wording."""
    found = Regulation.objects.visible_to(request.member).in_force().with_clauses().first()
    if found is None:
        return render(request, "support/regulation.html", {"regulation": None})
    clauses = list(found.clauses.all())
    now = regulation_draft(found, clauses)
    view = view_asked(request.GET)
    annex = AnnexPage(found.order, "regulation", now, head=found, subjects=clauses, view=view)
    shown, rows = (found, zip(clauses, annex.rows, strict=True))
    if annex.is_signed_view:
        shown, clauses = regulation_on_paper(annex.signed)
        rows = ((clause, RowOnPage()) for clause in clauses)
    context = {"regulation": found, "shown": shown, "annex": annex, "rows": list(rows)}
    return render(request, "support/regulation.html", context)


@require_GET
@member_required
def requests(request: MemberRequest) -> HttpResponse:
    """The ready lists; without `?list=` the first that has something in it."""
    visible = _visible(request)
    form = ListForm(request.GET)
    form.is_valid()
    counts = visible.counts(request.member)
    sees_others = Ability.SEE_ALL_HELP in request.abilities or gives_help(request.member, on=timezone.localdate())
    lists = tabs(counts, sees_others=sees_others)
    names = [tab.name for tab in lists]
    chosen = form.cleaned_data["list"]
    if chosen not in names:
        chosen = next((tab.name for tab in lists if tab.count), names[0])
    rows = visible.in_list(chosen, request.member).with_people().with_last_line()
    if chosen not in NEWEST_FIRST:
        rows = rows.by_need()
    pages = Paginator(rows, ON_A_PAGE)
    pages.count = counts[chosen]
    context = {
        "tabs": lists,
        "chosen": chosen,
        "requests": pages.get_page(form.cleaned_data["page"]),
        "now": timezone.now(),
        "empty_words": empty_words(chosen, sees_others=sees_others),
    }
    return render(request, "support/requests.html", context)


@require_http_methods(["GET", "POST"])
@member_required
def request_new(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    directions = Direction.objects.visible_to(request.member).in_force()
    choices = list(directions)
    staff = None
    if operations.may_register_for_others(request.member, at=now):
        staff = (
            Membership.objects.visible_to(request.member)
            .working(on=timezone.localdate())
            .select_related("user", "school")
        )
    preset = PresetForm(request.GET, directions=directions)
    preset.is_valid()
    first = choices[0] if len(choices) == 1 else preset.cleaned_data.get("direction")
    initial = {"direction": first, "requester": request.member}
    form = AskForm(request.POST or None, directions=directions, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = {"requester": request.member, **form.cleaned_data}
        try:
            help_request = operations.ask_for_help(**asked, registered_by=request.member, at=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("Your question is written down as request %(number)s. The specialists have been told.")
                % {"number": help_request.number},
            )
            return _back_to(request, help_request)
    context = {"form": form, "has_directions": bool(choices)}
    return render(request, "support/request_new.html", context, status=422 if form.errors else 200)


@require_GET
@member_required
def request_page(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


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
    help_request = _found(request, pk)
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
            return _back_to(request, help_request)
    context = {"help_request": help_request, "form": form}
    return render(request, "support/request_hand_over.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required
def request_book(request: MemberRequest, pk: int) -> HttpResponse:
    """From a question to a consultation in one step: the next free times of its direction, the question filled in."""
    help_request = _found(request, pk)
    is_own = help_request.requester_id == request.member.pk
    if not is_own and not _may_book_for_others(request, help_request):
        raise PermissionDenied
    if help_request.closed_at:
        messages.error(request, _("This request is closed. Put it back to work first."))
        return redirect(help_request)
    now = timezone.now()
    times = times_for(help_request, at=now)
    starts = [timezone.localtime(time.starts_at) for time in times.free]
    question = "\n".join(filter(None, [help_request.question, help_request.description]))
    form = BookForm(request.POST or None, times=starts, initial={"question": question})
    if request.method == "POST" and form.is_valid():
        try:
            operations.book_for_request(help_request, **form.cleaned_data, by=request.member, at=now)
        except ValidationError as error:
            form.add_error(None, error)
            times = times_for(help_request, at=now)  # what was free a moment ago is not
            starts = [timezone.localtime(time.starts_at) for time in times.free]
        else:
            messages.success(request, _("The consultation is booked."))
            return redirect(help_request)
    context = {
        "help_request": help_request,
        "form": form,
        "is_own": is_own,
        "days": [(said_day(day), list(group)) for day, group in groupby(starts, key=lambda start: start.date())],
        "chosen": form["starts_at"].value(),
        "reason": times.reason,
    }
    return render(request, "support/request_book.html", context, status=422 if form.errors else 200)


# --- Shared by the acts ------------------------------------------------------------------------


def _visible(request: MemberRequest) -> HelpRequestQuerySet:
    return HelpRequest.objects.visible_to(request.member, roles=request.roles, abilities=request.abilities)


def _found(request: MemberRequest, pk: int) -> HelpRequest:
    return get_object_or_404(_visible(request).with_people().with_specialists(), pk=pk)


def _may_book_for_others(request: MemberRequest, help_request: HelpRequest) -> bool:
    """Whoever answers the request and gives consultations at all."""
    may_answer = help_request.may_be_answered_by(request.member, roles=request.roles)
    return may_answer and gives_help(request.member, on=timezone.localdate())


def _back_to(request: MemberRequest, help_request: HelpRequest) -> HttpResponse:
    """To the request, or to the lists for one who may not read it: it is another's, or was given away."""
    return redirect(help_request if _visible(request).contains(help_request) else "support:requests")


def _act(request: MemberRequest, pk: int, act: Callable[..., None], done: str, **said: Any) -> HttpResponse:
    """An act without words: the refusal stands on the page to which one returns."""
    help_request = _found(request, pk)
    with refusal_said(request):
        act(help_request, **said, by=request.member, at=timezone.now())
        messages.success(request, done)
    return redirect(help_request)


def _say(
    request: MemberRequest, pk: int, act: Callable[..., Reply | InternalNote], is_note: bool = False
) -> HttpResponse:
    """An act with words: they are kept in the page that refuses them."""
    help_request = _found(request, pk)
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
    may_write = is_own or may_answer
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
        "may_book": (is_own or _may_book_for_others(request, help_request)) and not is_closed,
        "may_hand_over": help_request.may_be_handed_over_by(member, roles=request.roles) and not is_closed,
        "may_solve": may_answer and state not in (HelpRequest.State.SOLVED, HelpRequest.State.CLOSED),
        "may_reopen": may_reopen,
        "reopen_until": until,
        "may_reply": may_answer and not is_closed or is_own and (until is None or may_reopen),
        "reply_form": WordsForm(auto_id="reply_%s"),
        "note_form": WordsForm(auto_id="note_%s"),
        **forms,
    }
    return render(request, "support/request.html", context, status=422 if forms else 200)
