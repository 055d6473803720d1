"""Consultations inside a new closure or absence: each is moved to the time proposed or cancelled, all in one step."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import TouchedForm


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def touched(request: MemberRequest) -> HttpResponse:
    """The list; what cannot be done is said beside the others that were done, and stays in the list."""
    at = timezone.now()
    found = operations.touched_bookings(request.member, at=at)
    if request.method != "POST":
        lines = [(one, TouchedForm(touched=one)) for one in found]
        return render(request, "consultations/touched.html", {"lines": lines})
    count = 0
    for one in found:
        form = TouchedForm(request.POST, touched=one)
        if not form.is_valid():  # it came into the list meanwhile, or was changed: it is shown again
            continue
        try:
            count += _settle(request, one, form, at)
        except ValidationError as error:
            messages.error(request, f"{one.booking.teacher.name}: {' '.join(error.messages)}")
    if count:
        words = ngettext(
            "{count} consultation is settled, its teacher and specialist are told.",
            "{count} consultations are settled, their teachers and specialists are told.",
            count,
        )
        messages.success(request, words.format(count=count))
    return redirect("consultations:touched")


def _settle(request: MemberRequest, one: operations.Touched, form: TouchedForm, at: datetime) -> bool:
    """Do what was chosen for one consultation; False if it stays as it is."""
    match form.cleaned_data["act"].partition("|")[0]:
        case TouchedForm.CANCEL:
            because = _("No consultations that day: {reason}.").format(reason=one.reason)
            operations.cancel_booking(one.booking, by=request.member, at=at, reason=because)
        case TouchedForm.MOVE:
            operations.move_booking(
                one.booking, specialist=one.specialist, starts_at=one.time.starts_at, by=request.member, at=at
            )
        case _:
            return False
    return True
