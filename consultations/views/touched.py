"""Consultations and seminars that a closure, a lesson or an absence has met: each is settled, all in one step."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms.touched import CANCEL, KEEP, MOVE, DecisionForm, TouchedForm, TouchedSeminarForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def touched(request: MemberRequest) -> HttpResponse:
    """The whole school for the administration, one's own for a specialist. What cannot be done is said beside the
    others that were done, and stays in the list."""
    at, own_only = timezone.now(), Ability.EDIT_ORDER not in request.abilities
    if own_only and not operations.gives_help(request.member, on=timezone.localdate(at)):
        raise PermissionDenied
    lines = _Lines(request.member, at=at, own_only=own_only)
    if request.method != "POST":
        return _page(request, lines, own_only=own_only)
    count, is_refused = 0, False
    for form, one, name in lines.forms(request.POST):
        if form.add_prefix("act") not in request.POST:  # it came into the list meanwhile
            continue
        try:
            count += _settle(request, one, form, at)
        except ValidationError as error:
            is_refused = True
            messages.error(request, f"{name}: {' '.join(error.messages)}")
    _say_done(request, count, gone=lines.gone(request.POST))
    if is_refused:  # what was typed is kept beside what is left
        return _page(request, _Lines(request.member, at=at, own_only=own_only), own_only=own_only, status=422)
    return redirect("consultations:touched")


def warn_of_touched(request: MemberRequest, *, own_only: bool = False, with_link: bool = True) -> bool:
    """Say in a message, `with_link` unless it is read on their list, how many cannot be held as agreed any more; False
    if none."""
    words = operations.touched_counts(request.member, at=timezone.now(), own_only=own_only).words
    if words and not with_link:
        messages.warning(request, words)
    elif words:
        link = format_html('<a href="{}">{}</a>', reverse("consultations:touched"), _("Move, cancel or keep them"))
        messages.warning(request, format_html("{} {}", words, link))
    return bool(words)


class _Lines:
    """What is to be settled by a member, and the forms of it."""

    def __init__(self, member: Membership, *, at: datetime, own_only: bool) -> None:
        self.bookings = operations.touched_bookings(member, at=at, own_only=own_only)
        self.seminars = operations.touched_seminars(member, at=at, own_only=own_only)

    def of_bookings(self, sent: QueryDict | None) -> list[tuple[operations.Touched, TouchedForm]]:
        return [(one, _form(TouchedForm, one, sent)) for one in self.bookings]

    def of_seminars(self, sent: QueryDict | None) -> list[tuple[operations.TouchedSeminar, TouchedSeminarForm]]:
        return [(one, _form(TouchedSeminarForm, one, sent)) for one in self.seminars]

    def forms(self, sent: QueryDict) -> list[tuple[DecisionForm, operations.Touched | operations.TouchedSeminar, str]]:
        """Each with what it is of, and the name of that."""
        found = [(form, one, one.booking.teacher.name) for one, form in self.of_bookings(sent)]
        return found + [(form, one, one.seminar.title) for one, form in self.of_seminars(sent)]

    def gone(self, sent: QueryDict) -> int:
        """How many of the decisions sent are of what is in the list no more, among those not shown neither."""
        known = {f"booking-{pk}-act" for pk in self.bookings.all}
        known |= {form.add_prefix("act") for _one, form in self.of_seminars(sent)}
        return len([name for name, act in sent.items() if name.endswith("-act") and act and name not in known])


def _form(kind: type[DecisionForm], one: Any, sent: QueryDict | None) -> DecisionForm:
    """As it was sent, where it was."""
    unbound = kind(touched=one)
    return kind(sent, touched=one) if sent and unbound.add_prefix("act") in sent else unbound


def _page(request: MemberRequest, lines: _Lines, *, own_only: bool, status: int = 200) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    shown = {
        "lines": lines.of_bookings(sent),
        "seminar_lines": lines.of_seminars(sent),
        "total": lines.bookings.total,
        "own_only": own_only,
    }
    return render(request, "consultations/touched.html", shown, status=status)


def _say_done(request: MemberRequest, count: int, *, gone: int) -> None:
    if count:
        words = ngettext(
            "{count} line is settled, those concerned are told.",
            "{count} lines are settled, those concerned are told.",
            count,
        )
        messages.success(request, words.format(count=count))
    if gone:
        words = ngettext(
            "{count} line was settled already by somebody else; it was left as it is.",
            "{count} lines were settled already by somebody else; they were left as they are.",
            gone,
        )
        messages.info(request, words.format(count=gone))


def _settle(
    request: MemberRequest, one: operations.Touched | operations.TouchedSeminar, form: DecisionForm, at: datetime
) -> bool:
    """Do what was chosen for one; False if it is decided later. ValidationError if it is not what was shown."""
    if not form.is_valid():
        raise ValidationError(_("It has changed meanwhile. Choose once more."), code="changed_meanwhile")
    by, act = request.member, form.act_chosen
    is_seminar = isinstance(one, operations.TouchedSeminar)
    if act == MOVE:
        new = {"specialist": one.specialist, "starts_at": one.time.starts_at, "because": form.words}
        operations.move_booking(one.booking, **new, by=by, at=at)
    elif act == CANCEL and is_seminar:
        operations.cancel_seminar(one.seminar, reason=form.words, by=by, at=at)
    elif act == CANCEL:
        operations.cancel_booking(one.booking, reason=form.words, by=by, at=at)
    elif act == KEEP and is_seminar:
        operations.keep_seminar(one.seminar, reason=one.reason, because=form.words, by=by, at=at)
    elif act == KEEP:
        operations.keep_booking(one.booking, reason=one.reason, because=form.words, by=by, at=at)
    return bool(act)
