"""Consultations and seminars that a closure, a lesson or an absence has met: each is settled, all in one step."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, member_required
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
    bookings = operations.touched_bookings(request.member, at=at, own_only=own_only)
    seminars = operations.touched_seminars(request.member, at=at, own_only=own_only)
    if request.method != "POST":
        lines = {
            "lines": [(one, TouchedForm(touched=one)) for one in bookings],
            "seminar_lines": [(one, TouchedSeminarForm(touched=one)) for one in seminars],
        }
        return render(request, "consultations/touched.html", lines | {"own_only": own_only})
    forms = [(TouchedForm(request.POST, touched=one), one, one.booking.teacher.name) for one in bookings]
    forms += [(TouchedSeminarForm(request.POST, touched=one), one, one.seminar.title) for one in seminars]
    count = 0
    for form, one, name in forms:
        if f"{form.prefix}-act" not in request.POST:  # it came into the list meanwhile
            continue
        try:
            count += _settle(request, one, form, at)
        except ValidationError as error:
            messages.error(request, f"{name}: {' '.join(error.messages)}")
    if count:
        words = ngettext(
            "{count} line is settled, those concerned are told.",
            "{count} lines are settled, those concerned are told.",
            count,
        )
        messages.success(request, words.format(count=count))
    return redirect("consultations:touched")


def warn_of_touched(request: MemberRequest, *, own_only: bool = False) -> bool:
    """Say in a message, with a link to their list, how many cannot be held as agreed any more; False if none."""
    words = operations.touched_counts(request.member, at=timezone.now(), own_only=own_only).words
    if words:
        link = format_html('<a href="{}">{}</a>', reverse("consultations:touched"), _("Move, cancel or keep them"))
        messages.warning(request, format_html("{} {}", words, link))
    return bool(words)


def _settle(
    request: MemberRequest, one: operations.Touched | operations.TouchedSeminar, form: DecisionForm, at: datetime
) -> bool:
    """Do what was chosen for one; False if it is decided later. ValidationError if it is not what was shown."""
    if not form.is_valid():
        raise ValidationError(_("It has changed meanwhile. Choose once more."), code="changed_meanwhile")
    by, act = request.member, form.act_chosen
    is_seminar = isinstance(one, operations.TouchedSeminar)
    if act == MOVE:
        time = one.time
        operations.move_booking(one.booking, specialist=one.specialist, starts_at=time.starts_at, by=by, at=at)
    elif act == CANCEL and is_seminar:
        operations.cancel_seminar(one.seminar, reason=form.words, by=by, at=at)
    elif act == CANCEL:
        operations.cancel_booking(one.booking, reason=form.words, by=by, at=at)
    elif act == KEEP and is_seminar:
        operations.keep_seminar(one.seminar, reason=one.reason, by=by, at=at)
    elif act == KEEP:
        operations.keep_booking(one.booking, reason=one.reason, by=by, at=at)
    return bool(act)
