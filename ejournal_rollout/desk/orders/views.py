"""The orders of the school: list, one order, its copy, its coming into force, its end."""

import io
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.desk.effect import named_staff, put_into_effect, role_words, unfilled_roles
from ejournal_rollout.desk.unsettled import terms_to_look_at, unsettled
from ejournal_rollout.documents.annex_tables import SPREADSHEETS
from ejournal_rollout.documents.copying import copy_in_preparation, copy_order, terms_to_settle
from ejournal_rollout.documents.differences import difference_lines
from ejournal_rollout.documents.drafting import annex, draft_of, plan_of, with_annexes
from ejournal_rollout.documents.paper import word_file
from ejournal_rollout.documents.writing import ANNEXES, DOCX, as_amended, paper_name
from ejournal_rollout.files.private import send_file
from ejournal_rollout.orders.changes import changes, differences
from ejournal_rollout.orders.drafts import OrderDraft, TaskDraft
from ejournal_rollout.orders.models import Amendment, Attachment, Order
from ejournal_rollout.orders.operations import close_order
from ejournal_rollout.orders.school_name import names_another_school
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.orders.wordings import notes_under, with_amendments
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability
from ejournal_rollout.spreadsheets import FORMATS
from plans.presentation import as_lines

from .forms import CopyForm, EffectForm, PaperForm, SpreadsheetForm

FIELD_OF_REFUSAL = {"signed_in_future": "signed_on", "signed_long_ago": "signed_on", "number_taken": "number"}
STATUS_KINDS = {Order.State.DRAFT: "action", Order.State.IN_FORCE: "done", Order.State.CLOSED: "idle"}


@dataclass(frozen=True)
class AnnexLine:
    """One annex of the order: what it is called, where it is read, what is in it. `count` is None if it is absent."""

    key: str
    name: str
    title: str
    address: str
    count: str | None

    @property
    def has_table(self) -> bool:
        return self.count is not None and self.key in SPREADSHEETS


def readable(request: MemberRequest) -> QuerySet[Order]:
    return Order.objects.readable_by(request.member, request.abilities)


@require_safe
@member_required
def orders(request: MemberRequest) -> HttpResponse:
    rows = (
        readable(request)
        .annotate(
            task_count=Count("plan__stages__tasks", distinct=True),
            clause_count=Count("regulation__clauses", distinct=True),
            direction_count=Count("schedule__directions", distinct=True),
        )
        .order_by(*Order._meta.ordering)
    )  # an aggregate forgets the model's own
    return render(request, "orders/orders.html", {"orders": [(one, STATUS_KINDS[one.state]) for one in rows]})


@require_safe
@member_required
def order(request: MemberRequest, pk: int) -> HttpResponse:
    return _order_page(request, pk)


def _order_page(request: MemberRequest, pk: int, form: CopyForm | None = None, *, status: int = 200) -> HttpResponse:
    orders = with_annexes(readable(request)).select_related("replaces", "copied_from").filter(pk=pk)
    found = with_amendments(orders)
    if found is None:
        raise Http404
    subject, amendments = found
    draft = draft_of(subject)
    may_edit = Ability.EDIT_ORDER in request.abilities
    known = {
        "order": subject,
        "status_kind": STATUS_KINDS[subject.state],
        "annexes": _annexes(subject, draft),
        "has_paper": _has_paper(draft),
        "attachments": list(subject.attachments.all()),
        "copy_form": form or CopyForm(order=subject, today=timezone.localdate()),
    } | _wordings(subject, draft, amendments, may_edit=may_edit)
    if subject.state != Order.State.IN_FORCE:
        known["regulation"], known["schedule"] = draft.regulation, draft.schedule
    if may_edit and subject.state != Order.State.CLOSED:
        known["unfilled"] = role_words(unfilled_roles(subject, on=timezone.localdate()))
        known["terms"] = terms_to_look_at(draft)
        known["unsettled"] = unsettled(subject)
    return render(request, "orders/order.html", known, status=status)


def _wordings(subject: Order, draft: OrderDraft, amendments: list[Amendment], *, may_edit: bool) -> dict[str, object]:
    """The amending orders, and what stands here that no order says."""
    settled = [one for one in amendments if one.state == Amendment.State.IN_FORCE]
    in_force = settled[-1].wording_after if settled else subject.signed_draft
    edited = list(differences(in_force, draft)) if in_force else []
    in_preparation = [one for one in amendments if one not in settled and may_edit]
    return {
        "amendments": settled,
        "amendment_draft": in_preparation[0] if in_preparation else None,
        "differences": difference_lines(edited),
        "differs_from_signed": bool(edited or settled),
        "may_amend": may_edit and subject.state == Order.State.IN_FORCE and bool(edited or in_preparation),
    }


def _annexes(subject: Order, draft: OrderDraft) -> list[AnnexLine]:
    """The three annexes. The rooms show the order in force; of another order only the plan has a page there,
    its regulation and schedule stand further down on the page of the order itself."""
    in_force = subject.state == Order.State.IN_FORCE
    plan, regulation, schedule = draft.plan, draft.regulation, draft.schedule
    return [
        AnnexLine(
            "plan",
            _("Plan"),
            as_lines(plan.title) if plan else "",
            reverse("plans:plan") + ("" if in_force else f"?order={subject.pk}"),
            _("tasks: %(count)d") % {"count": len(draft.tasks)} if plan else None,
        ),
        AnnexLine(
            "regulation",
            _("Regulation"),
            as_lines(regulation.title) if regulation else "",
            reverse("support:regulation") if in_force else "#regulation",
            _("clauses: %(count)d") % {"count": len(regulation.clauses)} if regulation else None,
        ),
        AnnexLine(
            "schedule",
            _("Consultation schedule"),
            as_lines(schedule.title) if schedule else "",
            reverse("consultations:schedule") if in_force else "#schedule",
            _("directions: %(count)d") % {"count": len(schedule.directions)} if schedule else None,
        ),
    ]


@require_safe
@member_required
def order_docx(request: MemberRequest, pk: int) -> HttpResponse:
    """The order as a Word file: whole or one annex, as it stands now, as it was signed or as it was amended."""
    found = with_amendments(with_annexes(readable(request)).filter(pk=pk))
    if found is None:
        raise Http404
    subject, amendments = found
    form = PaperForm(request.GET, order=subject)
    if not form.is_valid():
        raise Http404
    name, wording = form.cleaned_data["annex"], form.cleaned_data["as"]
    settled = [one for one in amendments if one.state == Amendment.State.IN_FORCE]
    draft = _worded(subject, settled, wording)
    if draft is None or (name and getattr(draft, name) is None) or not _has_paper(draft):
        raise Http404
    site = settings.SITE_URL if settings.SITE_URL_IS_SET else request.build_absolute_uri("/")
    signed = subject.signed_draft
    notes = notes_under(draft, signed, settled) if signed and not wording else {}
    return FileResponse(
        io.BytesIO(word_file(subject, draft, name, site=site, notes=notes)),
        as_attachment=True,
        filename=paper_name(draft, name, wording=wording),
        content_type=DOCX,
    )


@require_safe
@member_required
def order_spreadsheet(request: MemberRequest, pk: int) -> HttpResponse:
    """The plan or the schedule as it stands now, for Excel or as CSV."""
    subject = get_object_or_404(with_annexes(readable(request)), pk=pk)
    form = SpreadsheetForm(request.GET)
    if not form.is_valid() or annex(subject, form.cleaned_data["annex"]) is None:
        raise Http404
    name, kind = form.cleaned_data["annex"], form.cleaned_data["kind"]
    table = SPREADSHEETS[name](subject, on=timezone.localdate())
    requisites = OrderDraft(number=subject.number, signed_on=subject.signed_on, school_year=subject.school_year)
    return FileResponse(
        io.BytesIO(FORMATS[kind].write(table)),
        as_attachment=True,
        filename=paper_name(requisites, name, ending=kind),
        content_type=FORMATS[kind].content_type,
    )


def _worded(subject: Order, amendments: list[Amendment], wording: str) -> OrderDraft | None:
    """The order in the wording that is asked for; None where it has no such wording. `amendments` are in force."""
    if wording == "signed":
        return subject.signed_draft
    if wording != "amended":
        return draft_of(subject)
    draft = amendments[-1].wording_after if amendments else None
    for one in amendments:  # under each annex the last order that changed it
        changed = [annex.name for annex in changes(one.wording_before, one.wording_after).annexes]
        draft = as_amended(draft, changed, number=one.number, signed_on=one.signed_on)
    return draft


def _has_paper(draft: OrderDraft) -> bool:
    return bool(draft.body) or any(getattr(draft, name) for name in ANNEXES)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def order_copy(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(with_annexes(Order.objects.visible_to(request.member)), pk=pk)
    form = CopyForm(request.POST, order=subject, today=timezone.localdate())
    if not form.is_valid():
        return _order_page(request, pk, form, status=422)
    to = form.cleaned_data["school_year"]
    try:
        copy = copy_order(subject, to=to, by=request.member)
    except ValidationError as error:
        made_before = copy_in_preparation(subject, to=to)
        if made_before is None:
            form.add_error("school_year", error)
            return _order_page(request, pk, form, status=422)
        messages.info(request, _("A copy for this school year is being prepared already: here it is."))
        return redirect(made_before)
    messages.success(
        request, _("The order is copied for %(year)s. Look through it and put it into effect.") % {"year": to}
    )
    _tell_of_terms(request, list(terms_to_settle(draft_of(copy))))
    return redirect(copy)


def _tell_of_terms(request: MemberRequest, terms: list[tuple[str, TaskDraft]]) -> None:
    if terms:
        words = _("These terms could not be carried over, correct them by hand: %(terms)s.")
        shown = "; ".join(f"{key} — {' '.join(task.term.split())}" for key, task in terms)
        messages.warning(request, words % {"terms": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def order_put_into_effect(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(with_annexes(Order.objects.visible_to(request.member)), pk=pk)
    if subject.state != Order.State.DRAFT:
        messages.info(request, _("This order is not a draft any more."))
        return redirect(subject)
    closes = list(Order.objects.visible_to(request.member).in_force())
    form = EffectForm(request.POST if request.method == "POST" else None, instance=subject, closes=closes)
    if form.is_valid():
        try:
            put_into_effect(
                subject,
                number=form.cleaned_data["number"],
                signed_on=form.cleaned_data["signed_on"],
                by=request.member,
                at=timezone.now(),
                closes=[one.pk for one in form.cleaned_data["closes"]],
            )
        except ValidationError as error:
            form.add_error(FIELD_OF_REFUSAL.get(error.code), error)
        else:
            _tell_in_force(request, subject)
            return redirect(subject)
    known = {"order": subject, "form": form, "closes": closes} | _what_follows(subject, on=timezone.localdate())
    return render(request, "orders/put_into_effect.html", known, status=422 if form.errors else 200)


def _tell_in_force(request: MemberRequest, subject: Order) -> None:
    if _told_count(subject, on=timezone.localdate()):
        messages.success(request, _("The order is in force. Everybody named in it has been told."))
    else:
        messages.success(request, _("The order is in force."))
        messages.warning(
            request, _("Nobody has been told: no member of staff is named in it. Appoint people on the page “Staff”.")
        )


def _told_count(subject: Order, *, on: date) -> int:
    return named_staff(subject, on=on).count()


def _what_follows(subject: Order, *, on: date) -> dict[str, object]:
    words = {"plan": _("plan"), "regulation": _("regulation"), "schedule": _("consultation schedule")}
    missing = [word for name, word in words.items() if annex(subject, name) is None]
    now = SchoolYear.of(on)
    return {
        "other_year": str(now) if subject.school_year != now else "",
        "is_of_another_school": names_another_school(subject.organization, subject.school.name),
        "has_annexes": len(missing) < len(words),
        "missing": ", ".join(missing),
        "terms": terms_to_look_at(OrderDraft(school_year=subject.school_year, plan=plan_of(subject))),
        "unsettled": unsettled(subject),
        "unfilled": role_words(unfilled_roles(subject, on=on)),
        "told_count": _told_count(subject, on=on),
    }


@require_POST
@ability_required(Ability.EDIT_ORDER)
def order_close(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Order.objects.visible_to(request.member), pk=pk)
    with refusal_said(request):
        close_order(subject, by=request.member, on=timezone.localdate())
        messages.success(request, _("The order is closed. Its plan and schedule can still be read."))
    return redirect(subject)


@require_safe
@member_required
def attachment(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Attachment.objects.of(readable(request)), pk=pk)
    return send_file(subject.file, name=subject.name)
