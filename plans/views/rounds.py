"""Pages of rounds: the schedule of checks on the page of a task, a round, its printed note."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..models import Finding, Round, Task
from ..presentation import typed_into
from ..round_forms import CancelRoundForm, CorrectForm, FindingForm, HoldForm, SettleForm
from ..round_lines import round_lines, round_status
from ..round_note import note_of

FIELD_OF_REFUSAL = {"held_in_future": "held_on", "repair_in_past": "repair_by", "foreign_teacher": "teacher"}


def rounds_section(request: MemberRequest, task: Task) -> dict[str, Any] | None:
    """What `plans/_rounds.html` shows on the page of a task; None where there is nothing to show. One query."""
    today = timezone.localdate()
    may_plan = task.is_open and operations.may_plan(task, request.member, on=today)
    sees_findings = Ability.REVIEW_TASKS in request.abilities
    rounds = Round.objects.visible_to(request.member).of(task).for_lists().in_order()
    lines = round_lines(rounds.with_counts() if sees_findings else rounds, on=today)
    if not (lines or may_plan or task.by_separate_schedule):
        return None
    return {"lines": lines, "may_plan": may_plan, "sees_findings": sees_findings}


@require_GET
@member_required
def round_page(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _visible_round(request, pk))


@require_POST
@member_required
def round_hold(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _visible_round(request, pk)
    form = HoldForm(request.POST, planned_on=checked.planned_on, indicators=checked.indicators.all())

    def hold() -> None:
        operations.hold_round(
            checked, form.outcome(), held_on=form.cleaned_data["held_on"], by=request.member, at=timezone.now()
        )

    return _carry_out(request, checked, form, "hold", hold, _("The result is written."))


@require_POST
@member_required
def round_correct(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _visible_round(request, pk)
    form = CorrectForm(request.POST, indicators=checked.indicators.all())

    def correct() -> None:
        operations.correct_round(
            checked, form.outcome(), seen=form.cleaned_data["seen"], by=request.member, at=timezone.now()
        )

    return _carry_out(request, checked, form, "correct", correct, _("The result is corrected."))


@require_POST
@member_required
def round_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _visible_round(request, pk)
    form = CancelRoundForm(request.POST)

    def cancel() -> None:
        operations.cancel_round(checked, by=request.member, at=timezone.now(), **form.cleaned_data)

    return _carry_out(request, checked, form, "cancel", cancel, _("The round is cancelled; who checks is told."))


@require_POST
@member_required
def finding_new(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _visible_round(request, pk)
    form = _finding_form(request, request.POST)

    def write() -> None:
        operations.write_finding(checked, by=request.member, at=timezone.now(), **form.cleaned_data)

    return _carry_out(request, checked, form, "finding", write, _("The remark is written."), anchor="#findings")


@require_POST
@member_required
def finding_settle(request: MemberRequest, pk: int) -> HttpResponse:
    visible = Finding.objects.visible_to(request.member, roles=request.roles, abilities=request.abilities)
    finding = get_object_or_404(visible.with_round(), pk=pk)
    form = SettleForm(request.POST)
    with refusal_said(request):
        if form.is_valid():
            operations.settle_finding(finding, how=form.cleaned_data["how"], by=request.member, at=timezone.now())
            messages.success(request, _("The remark is settled."))
        else:
            messages.error(request, _("Say it in fewer words, please."))
    return redirect(finding)


@require_GET
@member_required
def round_note(request: MemberRequest, pk: int) -> HttpResponse:
    """The note as it is printed; only for those who see every remark."""
    checked = _visible_round(request, pk)
    if checked.held_on is None:
        raise Http404
    if not operations.reads_all_findings(checked, request.member, on=timezone.localdate()):
        raise PermissionDenied
    findings = list(Finding.objects.of(checked).with_people())
    return render(request, "plans/round_note.html", {"round": checked, "note": note_of(checked, findings)})


def _visible_round(request: MemberRequest, pk: int) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.member).published().with_all(), pk=pk)


def _finding_form(request: MemberRequest, typed: Any = None) -> FindingForm:
    today = timezone.localdate()
    staff = Membership.objects.visible_to(request.member).working(on=today).select_related("user")
    return FindingForm(typed, staff=staff, today=today)


def _carry_out(
    request: MemberRequest, checked: Round, form: Form, name: str, act: Callable[[], None], done: str, anchor: str = ""
) -> HttpResponse:
    """Do the act, go back to the round; a refusal shows the page with all that was typed."""
    if form.is_valid():
        try:
            act()
        except ValidationError as refusal:
            form.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal)
        else:
            messages.success(request, done)
            return redirect(f"{checked.get_absolute_url()}{anchor}")
    return _page(request, _visible_round(request, checked.pk), failed=(name, form), status=422)


def _page(
    request: HttpRequest, checked: Round, failed: tuple[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a round; what was typed into a form that is no longer there is shown all the same."""
    today, member = timezone.localdate(), request.member
    may_plan = operations.may_plan(checked.task, member, on=today)
    may_check = operations.may_check(checked, member, on=today) and checked.cancelled_on is None
    forms = _forms(request, checked, may_check=may_check, may_plan=may_plan)
    name, form = failed or ("", None)
    if name in ("hold", "correct") and "correct" in forms:
        name, form = "correct", _as_correction(form, checked)
    if form is not None and name in forms:
        forms[name] = form
    findings = Finding.objects.visible_to(member, roles=request.roles, abilities=request.abilities)
    return render(
        request,
        "plans/round.html",
        {
            "round": checked,
            "task": checked.task,
            "status": round_status(checked, on=today),
            "findings": [(one, one.is_late(on=today)) for one in findings.of(checked).with_people()],
            "repeated": Round.objects.live().filter(repeats=checked).first() if checked.held_on else None,
            "reads_all": operations.reads_all_findings(checked, member, on=today),
            "forms": forms,
            "failed": form,
            "failed_name": name,
            "lost": typed_into(form) if form and name not in forms else [],
            "may_plan": may_plan,
            "may_check": may_check,
            "may_offer": may_check and not {Ability.GIVE_HELP, Ability.SEE_ALL_HELP}.isdisjoint(request.abilities),
        },
        status=status,
    )


def _forms(request: HttpRequest, checked: Round, *, may_check: bool, may_plan: bool) -> dict[str, Form]:
    """What the member can do with the round now, by the names of the acts."""
    forms: dict[str, Form] = {}
    indicators = checked.indicators.all()
    if may_check and checked.is_planned:
        initial = {"held_on": timezone.localdate()}
        forms["hold"] = HoldForm(initial=initial, planned_on=checked.planned_on, indicators=indicators)
    if may_check and checked.held_on:
        words = {name: getattr(checked, name) for name in ("period", "result", "conclusions", "recommendations")}
        seen = operations.outcome_mark(checked)
        forms["correct"] = CorrectForm(initial={**words, "seen": seen}, indicators=indicators)
    if may_check:
        forms["finding"] = _finding_form(request)
    if may_plan and checked.is_planned:
        forms["cancel"] = CancelRoundForm()
    return forms


def _as_correction(form: Form, checked: Round) -> CorrectForm:
    """What was typed, to be compared with the result that stands now and sent once more."""
    typed = form.data.copy()
    typed["seen"] = operations.outcome_mark(checked)
    again = CorrectForm(typed, indicators=checked.indicators.all())
    again.full_clean()
    for refusal in (*form.non_field_errors(), *form.errors.get("held_on", ())):
        again.add_error(None, refusal)
    return again
