"""Pages of the plan: the annex, a task, the status page of the working group."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.drafts import PlanDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.wordings import RowOnPage, view_asked
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.models import ROLE_WORDS, RoleHolding
from ejournal_rollout.people.roles import Ability, Role

from . import operations
from .changes import changes_since
from .forms import (
    ACT_FORMS,
    AcceptForm,
    ActForm,
    CancelForm,
    EvidenceForm,
    NoteForm,
    PageForm,
    PlanChoiceForm,
    ReopenForm,
    ReportForm,
    ReturnForm,
    SinceForm,
    StartForm,
    StepForm,
    TermWordsForm,
)
from .models import EVIDENCE_LIMITS, Evidence, Meeting, Plan, Stage, Step, Task, TaskNote
from .presentation import (
    Standing,
    annex_cells,
    annex_columns,
    as_lines,
    measured_on,
    page_of_plan,
    reading_words,
    signed_columns,
    signed_stages,
    stages_with_lines,
    summary,
    task_line,
    task_reading,
    words_before,
)
from .round_views import rounds_section
from .terms import read_term

Act = TaskNote.Act
ENTRIES_ON_A_PAGE = 50
DAYS_OF_CHANGES = 30  # until a first meeting has been held


@require_GET
@member_required
def plan(request: MemberRequest) -> HttpResponse:
    """Annex 1 as it stands today; `?order=` shows the plan of another order of the school, `?as=` another wording."""
    readable = Plan.objects.visible_to(request.member).readable_with(request.abilities).in_order()
    choice = PlanChoiceForm(request.GET, plans=readable)
    if not choice.is_valid():
        raise Http404
    plans = list(readable)
    shown = choice.cleaned_data["order"] or next((one for one in plans if one.order.state == "in_force"), None)
    if shown is None:
        return render(request, "plans/plan_empty.html", {"plans": plans})
    today = timezone.localdate()
    on = measured_on(shown.order, today)
    tasks = list(Task.objects.visible_to(request.member).of(shown).with_last_note().in_order())
    notes = TaskNote.objects.visible_to(request.member).last_of(tasks)
    lines = [task_line(one, on, notes.get(one.pk)) for one in tasks]
    columns = annex_columns(shown)
    groups = stages_with_lines(Stage.objects.visible_to(request.member).of(shown), lines)
    stages = [(group.stage, [line.task for line in group.lines]) for group in groups]
    annex = page_of_plan(shown, stages, view_asked(request.GET))
    marks = iter(annex.rows)
    return render(
        request,
        "plans/plan.html",
        {
            "plan": shown,
            "plans": plans,
            "annex": annex,
            "query": f"order={shown.order_id}&" if shown.order.state != Order.State.IN_FORCE else "",
            "title": as_lines(shown.title),
            "heading": as_lines(shown.heading),
            "columns": columns,
            "signed": _signed_page(annex.signed) if annex.is_signed_view else None,
            "groups": [
                (
                    group,
                    next(marks),  # of the stage, then of its tasks
                    [
                        (line, row, list(annex_cells(line.task, columns, row.mark.was)))
                        for line, row in zip(group.lines, marks, strict=False)
                    ],
                )
                for group in groups
            ],
            "summary": summary(lines, on),
        },
    )


def _signed_page(signed: PlanDraft) -> dict[str, Any]:
    return {
        "heading": as_lines(signed.heading),
        "title": as_lines(signed.title),
        "columns": [header for _field, header in signed_columns(signed)],
        "stages": signed_stages(signed),
    }


@require_GET
@member_required
def status(request: MemberRequest) -> HttpResponse:
    """The plan in force at a glance, for a meeting of the working group: one screen, one sheet."""
    plans = Plan.objects.visible_to(request.member)
    shown = plans.in_force().in_order().first()
    if shown is None:
        readable = list(plans.readable_with(request.abilities).in_order())
        return render(request, "plans/plan_empty.html", {"plans": readable})
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.member).of(shown).in_order().select_related("reported_by__user")
    lines = [task_line(one, today) for one in tasks]
    held = Meeting.objects.visible_to(request.member).of(shown).filter(held_on__lt=today).first()
    form = SinceForm(request.GET)
    asked = form.cleaned_data["since"] if form.is_valid() else None
    since = asked or (held.held_on if held else today - timedelta(days=DAYS_OF_CHANGES))
    return render(
        request,
        "plans/status.html",
        {
            "since": since,
            "since_form": SinceForm(initial={"since": since}),
            "last_meeting": held,
            "changes": changes_since(make_aware(datetime.combine(since, time())), shown, lines, reader=request.member),
            "plan": shown,
            "today": today,
            "summary": summary(lines, today),
            "groups": stages_with_lines(Stage.objects.visible_to(request.member).of(shown), lines),
            "lists": [
                (words, [line for line in lines if line.standing is standing])
                for standing, words in (
                    (Standing.WAITING, _("Waiting for review")),
                    (Standing.OVERDUE, _("Overdue")),
                    (Standing.SOON, _("Due within 30 days")),
                    (Standing.BEFORE_ORDER, _("Term before the order, no result yet")),
                )
            ],
        },
    )


@require_GET
@member_required
def task(request: MemberRequest, pk: int) -> HttpResponse:
    return task_page(request, visible_task(request, pk))


@require_GET
@member_required
def task_history(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything that happened to a task, with old and new values, newest first."""
    subject = visible_task(request, pk)
    form = PageForm(request.GET)
    entries = Entry.objects.visible_to(request.member).about(subject)
    page = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(form.cleaned_data["page"] if form.is_valid() else 1)
    return render(request, "plans/task_history.html", {"task": subject, "page": page})


@require_POST
@member_required
def task_note(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, NoteForm, operations.write_note, _("The note is added."))


@require_POST
@member_required
def task_start(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, StartForm, operations.start_task, _("The task is in progress."))


@require_POST
@member_required
def task_report(request: MemberRequest, pk: int) -> HttpResponse:
    done = _("Thank you. The result is sent to the working group. Papers that show it may be attached below.")
    return _carry_out(request, pk, ReportForm, operations.report_task, done)


@require_POST
@member_required
def task_accept(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, AcceptForm, operations.accept_result, _("The result is accepted: the task is done."))


@require_POST
@member_required
def task_return(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(
        request, pk, ReturnForm, operations.return_result, _("The result is returned; its author is told.")
    )


@require_POST
@member_required
def task_reopen(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, ReopenForm, operations.reopen_task, _("The task is open again."))


@require_POST
@member_required
def task_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    return _carry_out(request, pk, CancelForm, operations.cancel_task, _("The task is cancelled."))


@require_GET
@ability_required(Ability.EDIT_ORDER)
def term_reading(request: MemberRequest) -> HttpResponse:
    """A piece of HTML: what the words of a term mean. The admin asks it while one types."""
    form = TermWordsForm(request.GET, member=request.member)
    if not form.is_valid():
        raise Http404
    words = form.cleaned_data["words"]
    term = read_term(words, form.school_year())
    return render(
        request,
        "plans/_term_reading.html",
        {"reading": reading_words(term) if words else "", "is_doubtful": bool(term.doubt)},
    )


def visible_task(request: MemberRequest, pk: int) -> Task:
    tasks = Task.objects.visible_to(request.member).readable_with(request.abilities).in_order()
    tasks = tasks.with_watching(request.member)
    return get_object_or_404(tasks.select_related("reported_by__user").prefetch_related("executors"), pk=pk)


def _carry_out(
    request: MemberRequest, pk: int, form_class: type[ActForm], operation: Callable[..., Any], done: str
) -> HttpResponse:
    """Clean the form, do the act, go back to the task; a refusal shows the page with all that was typed."""
    subject = visible_task(request, pk)
    form = form_class(request.POST)
    if form.is_valid():
        try:
            operation(subject, by=request.member, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect(subject)
    return task_page(request, visible_task(request, pk), failed=form, status=422)


def task_page(
    request: HttpRequest,
    subject: Task,
    failed: ActForm | None = None,
    *,
    evidence_form: EvidenceForm | None = None,
    step_form: StepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a task; a form that was refused comes with what was typed."""
    today = timezone.localdate()
    order = subject.stage.plan.order
    acts = operations.open_acts(subject, request.member, on=today)
    # a returned report is amended; a review tells which report was read
    initial = {"result": subject.result, "seen": operations.report_mark(subject)}
    forms = {act: ACT_FORMS[act](initial=initial) for act in acts}
    if failed is not None:
        typed = next((field.value() for field in failed.visible_fields()), "")
        if failed.act in forms:
            forms[failed.act] = failed
            if "seen" in failed.fields:  # the page shows the report of this moment
                failed.data = failed.data.copy()
                failed.data[failed.add_prefix("seen")] = initial["seen"]
        elif Act.NOTED in forms:  # the act is no longer possible: what was typed may still be said as a note
            forms[Act.NOTED] = NoteForm(initial={"text": typed})
    tasks = list(Task.objects.of(subject.stage.plan).in_order())
    place = tasks.index(subject)
    entries = list(Entry.objects.visible_to(request.member).about(subject)[:ENTRIES_ON_A_PAGE])
    row = _row_of(subject, tasks, entries)
    return render(
        request,
        "plans/task.html",
        {
            "task": subject,
            "line": task_line(subject, measured_on(order, today)),
            "reading": task_reading(subject),
            "row": row,
            "was": words_before(row.mark.was),
            "executors": _executors_today(request, subject),
            "notes": TaskNote.objects.visible_to(request.member).of(subject).with_authors(),
            "evidence": Evidence.objects.visible_to(request.member).of(subject).with_authors(),
            "steps": Step.objects.visible_to(request.member).of(subject).with_people(),
            "evidence_form": evidence_form or EvidenceForm(),
            "step_form": step_form or StepForm(),
            "rounds": rounds_section(request, subject),
            "megabytes": EVIDENCE_LIMITS.megabytes,
            "forms": {(act.value or "note"): form for act, form in forms.items()},
            "failed": failed,
            "is_own_report": subject.state == Task.State.WAITING
            and operations.is_own_report(subject, request.member, on=today),
            "before": tasks[place - 1] if place else None,
            "after": tasks[place + 1] if place + 1 < len(tasks) else None,
        },
        status=status,
    )


def _executors_today(request: MemberRequest, subject: Task) -> list[dict[str, Any]]:
    """Each executor of column 5 with the people who hold its role today."""
    today = timezone.localdate()
    holders: dict[str, list[str]] = {}
    for holding in RoleHolding.objects.visible_to(request.member).on(today).select_related("membership__user"):
        if holding.membership.left_on is None or today <= holding.membership.left_on:
            holders.setdefault(holding.role, []).append(holding.membership.full_name)
    return [
        {
            "words": executor.words,
            "role": ROLE_WORDS.get(executor.role, ""),
            "is_everybody": executor.role == Role.TEACHER,
            "people": holders.get(executor.role, []),
        }
        for executor in subject.executors.all()
    ]


def _row_of(subject: Task, tasks: list[Task], entries: list[Entry]) -> RowOnPage:
    """How the task stands beside its order; `tasks` are all of its plan in printed order, `entries` its journal."""
    stages = [(own[0].stage, own) for own in (list(group) for _pk, group in groupby(tasks, lambda one: one.stage_id))]
    return page_of_plan(subject.stage.plan, stages, entries=entries).row_of(subject)
