"""What is done around a task on its page: evidence, steps, watching."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.files.private import send_file
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.refusals import refusal_said

from .. import operations
from ..forms import EvidenceForm, FlagForm, StepForm
from ..models import Evidence, Stage, Step, Task
from .task import task_page, visible_task


@require_POST
@member_required
def evidence_new(request: MemberRequest, pk: int) -> HttpResponse:
    task = visible_task(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            operations.attach_evidence(task, by=request.member, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The file is attached."))
            return redirect(f"{task.get_absolute_url()}#evidence")
    return task_page(request, task, evidence_form=form, status=422)


@require_safe
@member_required
def evidence(request: MemberRequest, pk: int) -> FileResponse:
    subject = get_object_or_404(Evidence.objects.visible_to(request.member).published(), pk=pk)
    return send_file(subject.file, name=subject.file_name)


@require_POST
@member_required
def evidence_remove(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _own(request, Evidence, pk)
    task = subject.task
    with refusal_said(request):
        operations.remove_evidence(subject, by=request.member, at=timezone.now())
        messages.success(request, _("The file “%(name)s” is removed.") % {"name": subject.name})
    return redirect(f"{task.get_absolute_url()}#evidence")


@require_POST
@member_required
def evidence_sort(request: MemberRequest, pk: int) -> HttpResponse:
    """Into the final report, or out of it."""
    subject = _own(request, Evidence, pk)
    with refusal_said(request):
        operations.put_into_report(subject, _wanted(request), by=request.member, at=timezone.now())
    return redirect(f"{subject.task.get_absolute_url()}#evidence")


@require_POST
@member_required
def step_new(request: MemberRequest, pk: int) -> HttpResponse:
    task = visible_task(request, pk)
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            operations.add_step(task, by=request.member, at=timezone.now(), words=form.cleaned_data["words"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(f"{task.get_absolute_url()}#steps")
    return task_page(request, task, step_form=form, status=422)


@require_POST
@member_required
def step_mark(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _own(request, Step, pk)
    with refusal_said(request):
        operations.mark_step(subject, _wanted(request), by=request.member, at=timezone.now())
    return redirect(f"{subject.task.get_absolute_url()}#steps")


@require_POST
@member_required
def step_remove(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _own(request, Step, pk)
    task = subject.task
    with refusal_said(request):
        operations.remove_step(subject, by=request.member, at=timezone.now())
    return redirect(f"{task.get_absolute_url()}#steps")


@require_POST
@member_required
def task_watch(request: MemberRequest, pk: int) -> HttpResponse:
    task = visible_task(request, pk)
    return _watch(request, task, task)


@require_POST
@member_required
def stage_watch(request: MemberRequest, pk: int) -> HttpResponse:
    """Watch all tasks of the stage of task `pk`."""
    task = visible_task(request, pk)
    return _watch(request, task, task.stage)


def _watch(request: MemberRequest, task: Task, subject: Task | Stage) -> HttpResponse:
    (operations.watch if _wanted(request) else operations.unwatch)(subject, by=request.member)
    return redirect(task)


def _own(request: MemberRequest, model: type[Model], pk: int) -> Evidence | Step:
    rows = model.objects.visible_to(request.member).select_related("task__stage__plan__order")
    return get_object_or_404(rows.prefetch_related("task__executors"), pk=pk)


def _wanted(request: MemberRequest) -> bool:
    form = FlagForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data["on"]
