"""The ready lists of requests."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from consultations.operations import gives_help
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.roles import Ability

from ..forms import ListForm
from ..presentation import empty_words, tabs
from .found import visible_requests

ON_A_PAGE = 50
NEWEST_FIRST = {"closed", "all"}


@require_GET
@member_required
def requests(request: MemberRequest) -> HttpResponse:
    """The ready lists; without `?list=` the first that has something in it."""
    visible = visible_requests(request)
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
