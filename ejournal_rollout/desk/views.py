"""The first page, the journal, the change of school."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.access import SESSION_KEY, MemberRequest, ability_required, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability
from plans.models import Round, Task

from .forms import JournalFilter, SwitchSchoolForm
from .mine import SHOWN, what_is_mine

ENTRIES_ON_A_PAGE = 50
WITH_PAGES = (Task, Round, Order)


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
    _link_to_pages(page.object_list, request.member)
    chosen = {name: value for name, value in request.GET.items() if name in ("person", "verb") and value}
    query = f"{urlencode(chosen)}&" if chosen else ""
    context = {"form": form, "page": page, "chosen": chosen, "query": query}
    return render(request, "desk/history.html", context)


def _link_to_pages(entries: Iterable[Entry], member: Membership) -> None:
    """Each entry gets the `address` of the page that it is about, if that is still there; a query for each model."""
    for model in WITH_PAGES:
        kind = ContentType.objects.get_for_model(model)
        own = [entry for entry in entries if entry.content_type_id == kind.pk]
        rows = model.objects.visible_to(member).only("pk").in_bulk({entry.object_id for entry in own})
        for entry in own:
            if row := rows.get(entry.object_id):
                entry.address = row.get_absolute_url()


@require_POST
@member_required
def switch_school(request: MemberRequest) -> HttpResponse:
    """Only among one's own places of work; anything else changes nothing."""
    form = SwitchSchoolForm(request.POST, memberships=request.memberships)
    if form.is_valid():
        request.session[SESSION_KEY] = form.cleaned_data["membership"]
    return redirect("desk:home")
