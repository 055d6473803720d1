"""The final report: the list of reports, the page on which one is prepared and read, the Word file."""

import io
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.documents.paper import look_of
from ejournal_rollout.documents.writing import DOCX
from ejournal_rollout.documents.writing.report import Report, write_report
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability
from plans import operations
from plans.models import FinalReport, Plan
from plans.presentation import measured_on, typed_into

from .composing import Texts, compose
from .facts import gather
from .forms import DayForm, FreezeForm, TextsForm


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def reports(request: MemberRequest) -> HttpResponse:
    found = FinalReport.objects.visible_to(request.member).select_related("plan__order").defer("paper")
    plan = Plan.objects.visible_to(request.member).in_force().first()
    return render(request, "desk/reports.html", {"reports": found, "plan": plan})


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def report_new(request: MemberRequest) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.visible_to(request.member).in_force())
    return redirect(operations.begin_report(plan, by=request.member, at=timezone.now()))


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def report(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def report_write(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    form = TextsForm(request.POST, instance=_visible(request, pk))
    if form.is_valid():
        texts = form.cleaned_data.copy()
        try:
            operations.write_report(subject, by=request.member, at=timezone.now(), seen=texts.pop("edition"), **texts)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The texts of the report are saved."))
            return redirect(subject)
    return _page(request, _visible(request, pk), texts_form=form, status=422)


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def report_freeze(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    form = FreezeForm(request.POST, **_days(subject))
    if form.is_valid():
        number, day = form.cleaned_data["number"].strip(), form.cleaned_data["dated_on"]
        try:
            operations.freeze_report(
                subject,
                number=number,
                dated_on=day,
                paper=_composed(request, subject, on=day, number=number).to_json(),
                by=request.member,
                at=timezone.now(),
                seen=form.cleaned_data["edition"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The report has its number and date. It is only read from now on."))
            return redirect(subject)
    return _page(request, _visible(request, pk), freeze_form=form, status=422)


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def report_docx(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    paper = _paper(request, subject, on=_asked_day(_day_form(request, subject), subject))
    content = write_report(paper, look=look_of(request.member.school))
    name = f"{subject}.docx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=DOCX)


def _visible(request: MemberRequest, pk: int) -> FinalReport:
    return get_object_or_404(FinalReport.objects.visible_to(request.member).with_order(), pk=pk)


def _day_form(request: MemberRequest, subject: FinalReport) -> DayForm:
    return DayForm(request.GET, **_days(subject))


def _days(subject: FinalReport) -> dict[str, date | None]:
    """Between which days there are facts."""
    return {"first": subject.plan.order.signed_on, "today": timezone.localdate()}


def _asked_day(form: DayForm, subject: FinalReport) -> date:
    """Today, or the last day of an order that is closed, if the address names no day of the order."""
    asked = form.cleaned_data["on"] if form.is_valid() else None
    return asked or measured_on(subject.plan.order, timezone.localdate())


def _paper(request: MemberRequest, subject: FinalReport, *, on: date) -> Report:
    """Of a report with a number what was kept; of a draft what is known of the day."""
    return Report.from_json(subject.paper) if subject.paper else _composed(request, subject, on=on)


def _composed(request: MemberRequest, subject: FinalReport, *, on: date, number: str = "") -> Report:
    texts = Texts(
        subject.introduction, subject.conclusions, subject.proposals, (subject.signatory_post, subject.signatory)
    )
    return compose(gather(subject.plan, on=on, reader=request.member), texts, number=number)


def _page(
    request: MemberRequest,
    subject: FinalReport,
    *,
    texts_form: TextsForm | None = None,
    freeze_form: FreezeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A refused form keeps its words; beside them stands what is saved."""
    day_form = _day_form(request, subject)
    on = _asked_day(day_form, subject)
    may_write = subject.frozen_at is None and subject.plan.order.state == Order.State.IN_FORCE
    for form in filter(None, [texts_form, freeze_form]):  # the page shows what others saved: the next attempt counts
        form.data = form.data.copy()
        form.data["edition"] = subject.edition
    refused = next((form for form in (texts_form, freeze_form) if form and form.errors), None)
    context = {
        "report": subject,
        "paper": _paper(request, subject, on=on),
        "on": on,
        "day_form": day_form if day_form.errors else DayForm(initial={"on": on}, **_days(subject)),
        "may_write": may_write,
        "refused": refused,
        "lost": typed_into(refused) if refused and not may_write else [],
        "texts_form": texts_form or TextsForm(instance=subject),
        "freeze_form": freeze_form
        or FreezeForm(initial={"dated_on": on, "edition": subject.edition}, **_days(subject)),
    }
    return render(request, "desk/report.html", context, status=status)
