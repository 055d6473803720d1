"""Who is asking, and for which school: `request.member`, `request.roles`, `request.abilities`.

Every view begins with `@member_required` and narrows its rows to `visible_to(request.member)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from .models import Membership
from .roles import Ability, Role, abilities

View = TypeVar("View", bound=Callable[..., HttpResponse])
SESSION_KEY = "current_membership"


class MemberRequest(HttpRequest):
    """A request after `member_required`: for annotations only."""

    member: Membership
    memberships: list[Membership]
    roles: frozenset[Role]
    abilities: frozenset[Ability]


class CurrentSchoolMiddleware:
    """Finds the school in which the person acts, sets its time zone for the request.

    A person of several schools chooses one (kept in the session); the first is taken until then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member, request.memberships = None, []
        request.roles, request.abilities = frozenset(), frozenset()
        if request.user.is_authenticated:
            mine = Membership.objects.filter(user=request.user).with_people().order_by("pk")
            # each school has its own today: on its last day of work a person is in, on the next one out
            request.memberships = [one for one in mine if one.roles_on(timezone.localdate(timezone=one.school.zone))]
            chosen = request.session.get(SESSION_KEY)
            request.member = next(
                (one for one in request.memberships if one.pk == chosen), next(iter(request.memberships), None)
            )
        if request.member is None:
            return self.get_response(request)
        request.member.user = request.user
        with timezone.override(request.member.school.zone):
            request.roles = request.member.roles_on(timezone.localdate())
            request.abilities = request.user.acting_abilities = abilities(request.roles)
            return self.get_response(request)


def current_school(request: HttpRequest) -> dict[str, Any]:
    """For templates: `member`, `memberships` and `may`, e.g. {% if may.edit_order %}."""
    return {
        "member": getattr(request, "member", None),
        "memberships": getattr(request, "memberships", []),
        "may": {ability.value: True for ability in getattr(request, "abilities", ())},
    }


def member_required(view: View) -> View:
    """Let in staff of a school; ask others to sign in. A person of no school gets a page that says so."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.member is None:
            return render(request, "people/no_school.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def ability_required(*wanted: Ability) -> Callable[[View], View]:
    """`member_required`, and at least one of the abilities; otherwise 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.abilities.intersection(wanted):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return member_required(guarded)

    return decorate
