"""The page on which one asks."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations.models import Direction
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership

from .. import operations
from ..forms import AskForm, PresetForm
from .found import back_to


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
            return back_to(request, help_request)
    context = {"form": form, "has_directions": bool(choices)}
    return render(request, "support/request_new.html", context, status=422 if form.errors else 200)
