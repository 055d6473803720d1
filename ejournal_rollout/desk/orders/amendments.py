"""The pages of an amending order: its text, its paper, its coming into force."""

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.desk.amending import (
    bring_into_force,
    discard_amendment,
    draft_amendment,
    save_amendment,
    text_of,
)
from ejournal_rollout.documents.paper import look_of
from ejournal_rollout.documents.writing import (
    CONTROL,
    SIGNING_POST,
    amending_points,
    amendment_letterhead,
    amendment_name,
    order_words,
    preamble,
    write_amendment,
)
from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability

from .forms import AmendmentForm
from .views import DOCX

FIELD_OF_REFUSAL = {
    "number_missing": "number",
    "number_taken": "number",
    "signed_in_future": "signed_on",
    "signed_before_order": "signed_on",
}
STATUS_KINDS = {Amendment.State.DRAFT: "action", Amendment.State.IN_FORCE: "done"}


@require_POST
@ability_required(Ability.EDIT_ORDER)
def amend(request: MemberRequest, pk: int) -> HttpResponse:
    """«Составить приказ об изменениях»: begins the draft or finds it."""
    order = get_object_or_404(Order.objects.visible_to(request.member), pk=pk)
    try:
        return redirect(draft_amendment(order, by=request.member))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(order)


@require_safe
@member_required
def amendment(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _readable(request, pk))


@require_safe
@member_required
def amendment_docx(request: MemberRequest, pk: int) -> HttpResponse:
    """The amending order as a Word file: of a draft as its text is now, else as it was signed."""
    subject = _readable(request, pk)
    text = text_of(subject)
    if text is None or not text.changes:
        raise Http404
    content = write_amendment(
        text.changes,
        text.after,
        number=subject.number,
        signed_on=subject.signed_on,
        grounds=subject.grounds,
        signatory=_signatory(subject),
        look=look_of(request.member.school),
    )
    name = amendment_name(subject.number, subject.signed_on)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=DOCX)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def amendment_save(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _readable(request, pk)
    form = AmendmentForm(request.POST, instance=subject)
    if form.is_valid():
        try:
            save_amendment(subject, **_typed(form))
        except ValidationError as refusal:
            form.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal)
        else:
            messages.success(request, _("The draft is kept. Nothing of the order has changed."))
            return redirect(subject)
    return _page(request, subject, form)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def amendment_bring_into_force(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _readable(request, pk)
    form = AmendmentForm(request.POST, instance=subject, for_force=True)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            bring_into_force(subject, **_typed(form), by=request.member, at=timezone.now(), seen=seen)
        except ValidationError as refusal:
            form.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal)
        else:
            messages.success(request, _("The changes are in force: every changed row names this order."))
            return redirect(subject)
    return _page(request, _readable(request, pk), form)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def amendment_discard(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _readable(request, pk)
    with refusal_said(request):
        discard_amendment(subject, by=request.member)
        messages.success(request, _("The draft of the amending order is discarded. The edits of the order stay."))
    return redirect(subject.order)


def _signatory(subject: Amendment) -> str:
    """Who signs a draft today; what is in force keeps the name of its day."""
    if subject.state == Amendment.State.DRAFT:
        return Membership.objects.director_of(subject.order.school_id, on=timezone.localdate())
    return subject.signatory


def _readable(request: MemberRequest, pk: int) -> Amendment:
    rows = Amendment.objects.readable_by(request.member, request.abilities)
    return get_object_or_404(rows.select_related("order__school", "made_by__user"), pk=pk)


def _typed(form: AmendmentForm) -> dict[str, object]:
    return {name: form.cleaned_data[name] for name in ("number", "signed_on", "grounds")}


def _page(request: MemberRequest, subject: Amendment, form: AmendmentForm | None = None) -> HttpResponse:
    """A refused form stands above the text as it is now, and its hidden mark is of this text."""
    text = text_of(subject)
    found = text.changes if text else None
    order = subject.order
    is_draft = subject.state == Amendment.State.DRAFT
    known = {
        "amendment": subject,
        "order": order,
        "is_draft": is_draft,
        "status_kind": STATUS_KINDS[subject.state],
        "requisites": order_words(subject.number, subject.signed_on),
        "preamble": preamble(subject.grounds),
        "control": CONTROL,
        "letterhead": amendment_letterhead(text.after) if text else [],
        "signing_post": SIGNING_POST,
        "signatory": _signatory(subject),
        "points": amending_points(found, number=order.number, signed_on=order.signed_on) if found else [],
    }
    if is_draft:
        form = form or AmendmentForm(instance=subject)
        known["mark"] = text.mark if text else ""
    known["form"] = form
    return render(request, "orders/amendment.html", known, status=422 if form and form.errors else 200)
