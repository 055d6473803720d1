"""Meetings of the working group: the list of minutes and the page on which they are written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.refusals import refusal_said
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import DecisionForm, MinutesForm
from ..models import Decision, Meeting, Plan, Stage, Task
from ..presentation import Standing, TaskLine, task_line, typed_into
from ..round_lines import rounds_ahead


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def meetings(request: MemberRequest) -> HttpResponse:
    return render(
        request,
        "plans/meetings.html",
        {
            "meetings": Meeting.objects.visible_to(request.member).with_people().with_decision_count(),
            "plan": Plan.objects.visible_to(request.member).in_force().first(),
        },
    )


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def meeting_new(request: MemberRequest) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.visible_to(request.member).in_force())
    lines = [task_line(one, timezone.localdate()) for one in Task.objects.of(plan).in_order()]
    meeting, is_new = operations.open_meeting(plan, by=request.member, at=timezone.now(), agenda=agenda_of(lines))
    if not is_new:
        opened = Entry.objects.visible_to(request.member).about(meeting).get(verb="plans.meeting_opened")
        words = _("This meeting is already being held: %(person)s opened it on %(moment)s. These are its minutes.")
        said = {"person": opened.author, "moment": f"{timezone.localtime(opened.happened_at):%d.%m.%Y %H:%M}"}
        messages.info(request, words % said)
    return redirect(meeting)


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def meeting(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def meeting_write(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    form = MinutesForm(request.POST, instance=_visible(request, pk), staff=_staff(request))
    if form.is_valid():
        values = form.cleaned_data.copy()
        try:
            operations.write_minutes(
                subject, by=request.member, at=timezone.now(), seen=values.pop("edition"), **values
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The minutes are saved."))
            return redirect(subject)
    return _page(request, subject, minutes_form=form, status=422)


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def decision_new(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    tasks, stages = _rows(subject)
    form = DecisionForm(request.POST, tasks=tasks, stages=stages)
    if form.is_valid():
        try:
            operations.decide(subject, by=request.member, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("due_on" if refusal.code == "term_passed" else None, refusal)
        else:
            return redirect(f"{subject.get_absolute_url()}#decisions")
    return _page(request, subject, decision_form=form, status=422)


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def decision_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Decision.objects.visible_to(request.member).select_related("meeting__plan__order")
    decision = get_object_or_404(rows, pk=pk)
    with refusal_said(request):
        operations.withdraw_decision(decision, by=request.member, at=timezone.now())
    return redirect(f"{decision.meeting.get_absolute_url()}#decisions")


@require_POST
@ability_required(Ability.REVIEW_TASKS)
def meeting_close(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _visible(request, pk)
    with refusal_said(request):
        operations.close_minutes(subject, by=request.member, at=timezone.now())
        messages.success(request, _("The minutes are closed: the decisions stand in the plan."))
    return redirect(subject)


def agenda_of(lines: list[TaskLine]) -> str:
    """What the plan itself puts before the meeting; a line for each kind of question that there is."""
    questions = [_("How the plan is carried out.")]
    for standing, words in (
        (Standing.WAITING, _("Results to accept: %(tasks)s.")),
        (Standing.OVERDUE, _("Overdue tasks: %(tasks)s.")),
        (Standing.SOON, _("Terms of the next 30 days: %(tasks)s.")),
    ):
        named = [line.number or line.question for line in lines if line.standing is standing]
        if named:
            questions.append(words % {"tasks": ", ".join(named)})
    return "\n".join(questions)


def _visible(request: MemberRequest, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.member).with_people(), pk=pk)


def _rows(subject: Meeting) -> tuple[list[Task], list[Stage]]:
    return list(Task.objects.of(subject.plan).in_order()), list(Stage.objects.of(subject.plan))


def _staff(request: MemberRequest) -> MembershipQuerySet:
    staff = Membership.objects.visible_to(request.member).working(on=timezone.localdate())
    return staff.select_related("user")


def _page(
    request: MemberRequest,
    subject: Meeting,
    *,
    minutes_form: MinutesForm | None = None,
    decision_form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The minutes; while they are open, with what the plan puts before the meeting. A refused form keeps its words."""
    tasks, stages = _rows(subject)
    today = timezone.localdate()
    lines = [task_line(one, today) for one in tasks]
    may_write = subject.closed_at is None and subject.plan.order.state == "in_force"
    if may_write:
        minutes_form = minutes_form or MinutesForm(instance=subject, staff=_staff(request))
        decision_form = decision_form or DecisionForm(tasks=tasks, stages=stages)
        if minutes_form.is_bound:  # what others saved is shown by the page; the next attempt is made beside it
            minutes_form.data = minutes_form.data.copy()
            minutes_form.data["edition"] = subject.edition
    refused = next((form for form in (minutes_form, decision_form) if form and form.errors), None)
    return render(
        request,
        "plans/meeting.html",
        {
            "meeting": subject,
            "decisions": Decision.objects.visible_to(request.member).of(subject),
            "minutes_form": minutes_form,
            "decision_form": decision_form,
            "may_write": may_write,
            "lost": typed_into(refused) if refused and not may_write else [],
            "waiting": [line for line in lines if line.standing is Standing.WAITING],
            "late": [line for line in lines if line.standing is Standing.OVERDUE],
            "rounds": rounds_ahead(subject.plan, today) if may_write else [],
            "soon": [line for line in lines if line.standing is Standing.SOON],
        },
        status=status,
    )
