"""What every page of a request begins with."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ejournal_rollout.people.access import MemberRequest

from ..models import HelpRequest, HelpRequestQuerySet


def visible_requests(request: MemberRequest) -> HelpRequestQuerySet:
    return HelpRequest.objects.visible_to(request.member, roles=request.roles, abilities=request.abilities)


def found_request(request: MemberRequest, pk: int) -> HelpRequest:
    return get_object_or_404(visible_requests(request).with_people().with_specialists(), pk=pk)


def back_to(request: MemberRequest, help_request: HelpRequest) -> HttpResponse:
    """To the request, or to the lists for one who may not read it: it is another's, or was given away."""
    return redirect(help_request if visible_requests(request).contains(help_request) else "support:requests")
