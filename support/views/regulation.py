"""The page of Annex 2."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ejournal_rollout.orders.wordings import AnnexPage, RowOnPage, view_asked
from ejournal_rollout.people.access import MemberRequest, member_required

from ..models import Regulation
from ..paper import regulation_draft, regulation_on_paper


@require_GET
@member_required
def regulation(request: MemberRequest) -> HttpResponse:
    """Annex 2 of the order in force, its clauses in full; `?as=` shows another wording."""
    found = Regulation.objects.visible_to(request.member).in_force().with_clauses().first()
    if found is None:
        return render(request, "support/regulation.html", {"regulation": None})
    clauses = list(found.clauses.all())
    now = regulation_draft(found, clauses)
    view = view_asked(request.GET)
    annex = AnnexPage(found.order, "regulation", now, head=found, subjects=clauses, view=view)
    shown, rows = (found, zip(clauses, annex.rows, strict=True))
    if annex.is_signed_view:
        shown, clauses = regulation_on_paper(annex.signed)
        rows = ((clause, RowOnPage()) for clause in clauses)
    context = {"regulation": found, "shown": shown, "annex": annex, "rows": list(rows)}
    return render(request, "support/regulation.html", context)
