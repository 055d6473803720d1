"""The page of a task and the acts on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import (
    AcceptForm,
    ActForm,
    CancelForm,
    EvidenceForm,
    NoteForm,
    PageForm,
    ReopenForm,
    ReportForm,
    ReturnForm,
    StartForm,
    StepForm,
    TermWordsForm,
)
from ..listing import stages_and_tasks
from ..models import EVIDENCE_LIMITS, Evidence, Round, Step, Task, TaskNote
from ..presentation import (
    measured_on,
    page_of_plan,
    reading_words,
    task_line,
    task_reading,
    typed_into,
    words_before,
)
from ..selection import ListBackForm
from ..terms import read_term
from .acts import act_forms, executors_today
from .plan import plan_page
from .rounds import rounds_section

Act = TaskNote.Act
ENTRIES_ON_A_PAGE = 50


@require_GET
@member_required
def task(request: MemberRequest, pk: int) -> HttpResponse:
    return task_page(request, visible_task(request, pk))


@require_GET
@member_required
def task_history(request: MemberRequest, pk: int) -> HttpResponse:
    """Everything that happened to a task and its rounds, with old and new values, newest first."""
    subject = visible_task(request, pk)
    form = PageForm(request.GET)
    rounds = Round.objects.visible_to(request.member).of(subject)
    entries = Entry.objects.visible_to(request.member).about_any([subject, *rounds])
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
    tasks = tasks.with_watching(request.member).defer(None)  # its page reads the signed wording
    return get_object_or_404(tasks.select_related("reported_by__user").prefetch_related("executors"), pk=pk)


def _carry_out(
    request: MemberRequest, pk: int, form_class: type[ActForm], operation: Callable[..., Any], done: str
) -> HttpResponse:
    """Clean the form, do the act, go back to the task, or to the list from whose row it was done; a refusal shows
    that page with all that was typed."""
    subject = visible_task(request, pk)
    form = form_class(request.POST)
    back = ListBackForm(request.POST)
    if form.is_valid():
        try:
            operation(subject, by=request.member, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect(f"{back.address(changed=pk)}#task-{pk}" if back.is_valid() else subject)
    if back.is_valid() and subject.stage.plan.order.state == Order.State.IN_FORCE:
        return plan_page(request, QueryDict(back.query(mark=pk)), failed=form, status=422)
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
    forms = act_forms(subject, request.member, on=today, failed=failed)
    whole = [
        (stage, [one.task for one in tasks])
        for stage, tasks in stages_and_tasks(subject.stage.plan, reader=request.member)
    ]
    tasks = [one for _stage, own in whole for one in own]
    place = tasks.index(subject)
    row = page_of_plan(subject.stage.plan, whole).row_of(subject)
    notes = list(TaskNote.objects.visible_to(request.member).of(subject).with_authors())
    turn = next((note for note in notes if note.act in TaskNote.TURNS), None)
    return render(
        request,
        "plans/task.html",
        {
            "task": subject,
            "line": task_line(subject, measured_on(order, today)),
            "reading": task_reading(subject),
            "row": row,
            "was": words_before(row.mark.was),
            "executors": executors_today(subject, request.member, on=today),
            "notes": notes,
            "returned": turn if turn and turn.act == Act.RETURNED else None,
            "evidence": Evidence.objects.visible_to(request.member).of(subject).with_authors(),
            "steps": Step.objects.visible_to(request.member).of(subject).with_people(),
            "evidence_form": evidence_form or EvidenceForm(),
            "step_form": step_form or StepForm(),
            "rounds": rounds_section(request, subject),
            "megabytes": EVIDENCE_LIMITS.megabytes,
            "forms": {(act.value or "note"): form for act, form in forms.items()},
            "failed": failed,
            "lost": typed_into(failed) if failed and not forms else [],
            "is_own_report": subject.state == Task.State.WAITING
            and operations.is_own_report(subject, request.member, on=today),
            "before": tasks[place - 1] if place else None,
            "after": tasks[place + 1] if place + 1 < len(tasks) else None,
        },
        status=status,
    )
