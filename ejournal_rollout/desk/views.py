"""The first page, the journal, the change of school."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.access import SESSION_KEY, MemberRequest, ability_required, member_required
from ejournal_rollout.people.roles import Ability

from .forms import JournalFilter, SwitchSchoolForm
from .mine import SHOWN, what_is_mine

ENTRIES_ON_A_PAGE = 50


@require_safe
@member_required
def home(request: MemberRequest) -> HttpResponse:
    mine = what_is_mine(request.member, roles=request.roles, abilities=request.abilities, at=now())
    return render(request, "desk/home.html", {"mine": mine, "shown": SHOWN})


@require_safe
@ability_required(Ability.EDIT_ORDER)
def history(request: MemberRequest) -> HttpResponse:
    form = JournalFilter(request.GET, member=request.member)
    entries = Entry.objects.visible_to(request.member)
    if form.is_valid():
        entries = entries.made_by(form.cleaned_data["person"]).of_verb(form.cleaned_data["verb"])
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(form.cleaned_data.get("page") or 1)
    chosen = {name: value for name, value in request.GET.items() if name in ("person", "verb") and value}
    query = f"{urlencode(chosen)}&" if chosen else ""
    context = {"form": form, "page": page, "chosen": chosen, "query": query}
    return render(request, "desk/history.html", context)


@require_POST
@member_required
def switch_school(request: MemberRequest) -> HttpResponse:
    """Only among one's own places of work; anything else changes nothing."""
    form = SwitchSchoolForm(request.POST, memberships=request.memberships)
    if form.is_valid():
        request.session[SESSION_KEY] = form.cleaned_data["membership"]
    return redirect("desk:home")
