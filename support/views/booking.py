"""From a request to a consultation."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations.moments import said_day
from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..forms import BookForm
from ..presentation import times_for
from .found import found_request
from .thread import may_book_for_others


@require_http_methods(["GET", "POST"])
@member_required
def request_book(request: MemberRequest, pk: int) -> HttpResponse:
    """From a question to a consultation in one step: the next free times of its direction, the question filled in."""
    help_request = found_request(request, pk)
    is_own = help_request.requester_id == request.member.pk
    if not is_own and not may_book_for_others(request, help_request):
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
