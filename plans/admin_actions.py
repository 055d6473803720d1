"""What the administration does with several ticked tasks at once; a task that refuses is named, the others are done."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .forms import LONGEST_TEXT
from .models import Task, TaskQuerySet
from .operations import finish_task, named, report_mark
from .reminding import remind_of_task

AT_ONCE = 100  # our decision: as many as the list shows on a page, more is not read before it is done


class FinishForm(forms.Form):
    """What was achieved: asked for where a task has no result that waits. `seen_<task>` is the report that was read."""

    result = forms.CharField(
        label=gettext_lazy("What was achieved"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )

    def __init__(self, tasks: Iterable[Task], data: QueryDict | None = None) -> None:
        super().__init__(data)
        for task in tasks:
            self.fields[f"seen_{task.pk}"] = forms.CharField(
                required=False, initial=report_mark(task), widget=forms.HiddenInput
            )

    def seen(self, task: Task) -> str:
        return self.cleaned_data[f"seen_{task.pk}"]


class TaskActions(admin.ModelAdmin):
    """The acts of the list of tasks. An operator without a membership is nobody in the school and has none of them."""

    actions = ["finish", "remind", "print_chosen"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if request.member is None:
            for name in self.actions:
                actions.pop(name, None)
        return actions

    @admin.action(description=gettext_lazy("Done"), permissions=["change"])
    def finish(self, request: HttpRequest, queryset: TaskQuerySet) -> HttpResponse | None:
        """Ask for the result, then report and accept; the refused tasks stay with what was typed."""
        tasks = self._chosen(request, queryset)
        if not tasks:
            return None
        if "finish" not in request.POST:
            return self._ask_for_result(request, tasks, FinishForm(tasks))
        form = FinishForm(tasks, request.POST)
        if not form.is_valid():
            return self._ask_for_result(request, tasks, form)
        at, result = timezone.now(), form.cleaned_data["result"]
        refused = self._each(
            tasks, lambda task: finish_task(task, by=request.member, at=at, result=result, seen=form.seen(task))
        )
        if done := len(tasks) - len(refused):
            words = ngettext("%(count)d task is done.", "%(count)d tasks are done.", done)
            self.message_user(request, words % {"count": done}, messages.SUCCESS)
        if not refused:
            return None
        # as they stand now: somebody else may have been faster
        tasks = self._rows(Task.objects.visible_to(request.member).filter(pk__in=[task.pk for task in refused]))
        reasons = {task.pk: reason for task, reason in refused.items()}
        return self._ask_for_result(request, tasks, FinishForm(tasks), result=result, reasons=reasons)

    @admin.action(description=gettext_lazy("Remind the executors"), permissions=["change"])
    def remind(self, request: HttpRequest, queryset: TaskQuerySet) -> None:
        tasks, at = self._chosen(request, queryset), timezone.now()
        refused = self._each(tasks, lambda task: remind_of_task(task, by=request.member, at=at))
        if done := len(tasks) - len(refused):
            words = ngettext(
                "The executors of %(count)d task are reminded.", "The executors of %(count)d tasks are reminded.", done
            )
            self.message_user(request, words % {"count": done}, messages.SUCCESS)
        for task, reason in refused.items():
            words = _("Task %(task)s: %(reason)s") % {"task": named(task), "reason": reason}
            self.message_user(request, words, messages.WARNING)

    @admin.action(description=gettext_lazy("Print"), permissions=["change"])
    def print_chosen(self, request: HttpRequest, queryset: TaskQuerySet) -> HttpResponse | None:
        """The plan page with the ticked tasks only: it prints as Annex 1."""
        tasks = self._chosen(request, queryset)
        if not tasks:
            return None
        orders = {task.stage.plan.order_id for task in tasks}
        if len(orders) > 1:
            self.message_user(request, _("Choose tasks of one plan: a sheet has one heading."), messages.WARNING)
            return None
        query = QueryDict(mutable=True)
        query.update({"order": orders.pop(), "only": "-".join(str(task.pk) for task in tasks)})
        return HttpResponseRedirect(f"{reverse('plans:plan')}?{query.urlencode()}")

    def _chosen(self, request: HttpRequest, queryset: TaskQuerySet) -> list[Task]:
        tasks = self._rows(queryset)
        if len(tasks) > AT_ONCE:
            words = _("Choose at most %(count)d tasks at once.") % {"count": AT_ONCE}
            self.message_user(request, words, messages.WARNING)
            return []
        return tasks

    def _rows(self, queryset: TaskQuerySet) -> list[Task]:
        return list(queryset.in_order().prefetch_related("executors")[: AT_ONCE + 1])

    def _each(self, tasks: list[Task], act: Callable[[Task], object]) -> dict[Task, str]:
        """Do it with each, every one for itself; the tasks that refused with their reasons."""
        refused = {}
        for task in tasks:
            try:
                act(task)
            except ValidationError as error:
                refused[task] = " ".join(error.messages)
            except PermissionDenied:
                refused[task] = _("Your roles do not permit this.")
        return refused

    def _ask_for_result(
        self,
        request: HttpRequest,
        tasks: list[Task],
        form: FinishForm,
        *,
        result: str = "",
        reasons: dict[int, str] | None = None,
    ) -> HttpResponse:
        form.initial["result"] = result
        rows = [
            {"task": task, "seen": form[f"seen_{task.pk}"], "reason": (reasons or {}).get(task.pk, "")}
            for task in tasks
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mark tasks as done"),
            "opts": self.opts,
            "form": form,
            "rows": rows,
            "is_result_needed": any(not task.reported_at for task in tasks),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/plans/task/finish.html", context)
