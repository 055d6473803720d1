"""The administration edits the plan here: the words of the order; facts are made in the pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.history.recorded_admin import (
    PrintedText,
    RecordedAdmin,
    RecordedRows,
    RecordedStackedInline,
    RecordedTabularInline,
)
from ejournal_rollout.orders.annex_admin import AnnexAdmin
from ejournal_rollout.orders.models import Order

from .admin_actions import TaskActions
from .models import Plan, Round, Stage, Task, TaskExecutor, TaskNote, TaskQuerySet
from .operations import read_into, set_executors
from .presentation import DOUBT_WORDS, measured_on, task_line, task_reading
from .terms import Kind, Precision

SHORT_TEXT = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 70})}}


class TermWords(forms.Textarea):
    """The field of a term's words, with the address that tells their meaning while one types.

    An area, because the words may stand on two lines in the order.
    """

    class Media:
        js = ["plans/term_reading.js"]
        css = {"all": ["plans/term_reading.css"]}


class TaskForm(forms.ModelForm):
    """A task with the live reading of its term.

    Words that were changed are read again, unless the days were changed in the same form: a person's days win.
    Words that are not understood are refused without new days, the tick `keep_days` (the old ones are right) or
    `leave_without_dates`; all that was typed stays.
    """

    term = PrintedText(
        label=_("term"),
        max_length=Task._meta.get_field("term").max_length,
        required=False,
        help_text=_("The words of the order."),
        widget=TermWords(attrs={"rows": 2, "cols": 40}),
    )
    leave_without_dates = forms.BooleanField(
        label=_("leave without dates"),
        required=False,
        help_text=_("For a term that names no days. Such a task is never overdue."),
    )
    keep_days = forms.BooleanField(
        label=_("keep these days"),
        required=False,
        help_text=_("The first and the last day stay as they stand here, whatever the words say."),
    )

    class Meta:
        model = Task
        fields = ["stage", "term", "starts_on", "due_on"]  # each admin class names its own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].label = capfirst(self.fields["term"].label)
        self.fields["leave_without_dates"].initial = self.instance.left_without_dates
        order = self._order()
        address = reverse("plans:term-reading")
        self.fields["term"].widget.attrs["data-term-reading"] = f"{address}?order={order.pk}" if order else address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "term" in self.changed_data and not {"term", "starts_on", "due_on"} & self.errors.keys():
            self._read_term(cleaned)
        elif {"starts_on", "due_on"} & set(self.changed_data) and not {"starts_on", "due_on"} & self.errors.keys():
            self._take_days_by_hand(cleaned)
        has_no_days = self.instance.term_kind == Kind.UNPARSABLE and not (
            cleaned.get("starts_on") or cleaned.get("due_on")
        )
        self.instance.left_without_dates = has_no_days and bool(cleaned.get("leave_without_dates"))
        return cleaned

    def _order(self) -> Order | None:
        """Whose school year completes a term without a year; a task being added has chosen its stage or not yet."""
        stage = self.cleaned_data.get("stage") if hasattr(self, "cleaned_data") else None
        if stage is None and (self.instance.stage_id or self.instance._state.fields_cache.get("stage")):
            stage = self.instance.stage
        return stage.plan.order if stage and stage.plan_id else None

    def _read_term(self, cleaned: dict[str, Any]) -> None:
        order = self._order()
        reading = Task(term=cleaned["term"])
        term = read_into(reading, order.school_year if order else None)
        for name in ("term_kind", "term_precision", "by_separate_schedule"):
            setattr(self.instance, name, getattr(reading, name))
        is_by_hand = bool({"starts_on", "due_on"} & set(self.changed_data)) or cleaned.get("keep_days", False)
        has_own_days = is_by_hand and (cleaned.get("starts_on") or cleaned.get("due_on"))
        is_unclear = bool(term.doubt) or term.kind is Kind.UNPARSABLE
        if cleaned["term"] and is_unclear and not has_own_days and not cleaned.get("leave_without_dates"):
            message = _(
                "The term “%(words)s” could not be understood (%(doubt)s). Enter the first and the last day yourself, "
                "or tick “keep these days” or “leave without dates”."
            )
            doubt = DOUBT_WORDS.get(term.doubt, DOUBT_WORDS["unreadable"])
            self.add_error(
                "term",
                forms.ValidationError(message, code="term_unclear", params={"words": cleaned["term"], "doubt": doubt}),
            )
            return
        if is_by_hand:
            self._take_days_by_hand(cleaned, reading)
            return
        for name in ("starts_on", "due_on"):
            if cleaned.get(name) != getattr(reading, name):
                self.changed_data.append(name)  # the journal tells of the days too
            cleaned[name] = getattr(reading, name)

    def _take_days_by_hand(self, cleaned: dict[str, Any], reading: Task | None = None) -> None:
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if reading is not None and (starts_on, due_on) == (reading.starts_on, reading.due_on):
            return
        self.instance.term_precision = Precision.DAY if starts_on or due_on else Precision.NONE
        if self.instance.term_kind == Kind.UNPARSABLE and (starts_on or due_on):
            whole = Kind.DAY if starts_on == due_on else Kind.RANGE
            self.instance.term_kind = whole if starts_on else Kind.UNTIL


class StageInline(RecordedTabularInline):
    model = Stage
    fields = ["position", "heading"]
    show_change_link = True


class TaskInline(RecordedStackedInline):
    model = Task
    form = TaskForm
    fields = [
        ("position", "printed_number"),
        "question",
        "term",
        ("starts_on", "due_on"),
        ("keep_days", "leave_without_dates"),
        "purpose",
        "executors_printed",
    ]
    formfield_overrides = SHORT_TEXT
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).in_order()

    def view_on_site(self, task: Task) -> str:
        return task.get_absolute_url()


class ExecutorForm(forms.ModelForm):
    def validate_constraints(self) -> None:
        """One lead among the rows of this page, not of the database: the mark may pass from one row to another."""


class ExecutorRows(RecordedRows):
    def clean(self) -> None:
        super().clean()
        if len(self._leads()) > 1:
            (constraint,) = TaskExecutor._meta.constraints
            raise ValidationError(constraint.violation_error_message, code=constraint.violation_error_code)

    def save(self, commit: bool = True) -> list[TaskExecutor]:
        if self.instance.pk and any("is_lead" in form.changed_data for form in self.forms):
            self.instance.executors.update(is_lead=False)  # the old mark goes before the new one comes
        return super().save(commit)

    def _leads(self) -> list[forms.ModelForm]:
        return [form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("is_lead")]


class ExecutorInline(RecordedTabularInline):
    model = TaskExecutor
    form = ExecutorForm
    formset = ExecutorRows
    fields = ["position", "words", "role", "is_lead"]


def _read_executors_again(form: TaskForm) -> None:
    if "executors_printed" in form.changed_data:
        set_executors(form.instance, form.cleaned_data["executors_printed"])


@admin.register(Plan)
class PlanAdmin(AnnexAdmin):
    readonly_fields = ["order"]
    formfield_overrides = SHORT_TEXT
    inlines = [StageInline]


@admin.register(Stage)
class StageAdmin(RecordedAdmin):
    list_display = ["__str__", "position"]
    list_filter = [("plan", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan__order"]
    search_fields = ["heading"]
    ordering = ["-plan__order__first_year", "plan", "position", "pk"]
    inlines = [TaskInline]

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for one in formset.forms:
            if isinstance(one, TaskForm) and one not in formset.deleted_forms:
                _read_executors_again(one)


class StateFilter(admin.SimpleListFilter):
    """Tasks by their state; overdue is computed on the day of asking."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("open", pgettext_lazy("tasks", "open")),
            ("overdue", pgettext_lazy("tasks", "overdue")),
            ("waiting", pgettext_lazy("tasks", "waiting for review")),
            ("done", pgettext_lazy("tasks", "done")),
            ("cancelled", pgettext_lazy("tasks", "cancelled")),
        ]

    def queryset(self, request: HttpRequest, queryset: TaskQuerySet) -> TaskQuerySet:
        match self.value():
            case "open":
                return queryset.open()
            case "overdue":
                return queryset.overdue(on=timezone.localdate())
            case "waiting":
                return queryset.waiting_for_review()
            case "done":
                return queryset.done()
            case "cancelled":
                return queryset.cancelled()
        return queryset


@admin.register(Task)
class TaskAdmin(TaskActions, RecordedAdmin):
    form = TaskForm
    list_display = ["printed_number", "question_words", "term", "days", "state_words", "year"]
    list_display_links = ["printed_number", "question_words"]
    list_filter = [
        StateFilter,
        ("stage", admin.RelatedOnlyFieldListFilter),
        "due_on",
        "executors__role",
        "by_separate_schedule",
    ]
    search_fields = ["printed_number", "question", "term", "purpose", "executors_printed"]
    list_select_related = ["stage__plan__order"]
    ordering = ["-stage__plan__order__first_year", "stage__position", "stage_id", "position", "pk"]
    formfield_overrides = SHORT_TEXT
    readonly_fields = ["term_reading", "state_words"]
    fieldsets = [
        (None, {"fields": ["stage", "position", "printed_number", "question"]}),
        (
            _("Term"),
            {
                "fields": ["term", "term_reading", ("starts_on", "due_on"), "keep_days", "leave_without_dates"],
                "description": _(
                    "The words are kept as printed. When you change them, the days are read from them again; "
                    "days that you enter yourself are kept."
                ),
            },
        ),
        (_("Other columns"), {"fields": ["purpose", "executors_printed", "expected_result", "is_milestone"]}),
        (_("State"), {"fields": ["state_words"]}),
    ]
    inlines = [ExecutorInline]

    def save_related(self, request: HttpRequest, form: TaskForm, formsets: Iterable[Any], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not any(formset.has_changed() for formset in formsets):  # roles chosen by hand win over the words
            _read_executors_again(form)

    @admin.display(description=_("question"), ordering="question")
    def question_words(self, task: Task) -> str:
        return Truncator(task.question).chars(90)

    @admin.display(description=_("first and last day"), ordering="due_on")
    def days(self, task: Task) -> str:
        return " – ".join(f"{day:%d.%m.%Y}" for day in (task.starts_on, task.due_on) if day) or "—"

    @admin.display(description=_("school year"), ordering="stage__plan__order__first_year")
    def year(self, task: Task) -> str:
        return str(task.stage.plan.order.school_year)

    @admin.display(description=_("reading of the term"))
    def term_reading(self, task: Task) -> str:
        return task_reading(task, is_headed=True) if task.pk else "—"

    @admin.display(description=_("state"))
    def state_words(self, task: Task) -> str:
        """As every page of the site says it."""
        return task_line(task, measured_on(task.stage.plan.order, timezone.localdate())).status_words

    def view_on_site(self, task: Task) -> str:
        return task.get_absolute_url()


@admin.register(TaskNote)
class TaskNoteAdmin(RecordedAdmin):
    """Facts: shown, not edited."""

    list_display = ["written_at", "task", "author", "act", "text"]
    list_select_related = ["task", "author__user"]
    list_filter = ["act", ("task", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["text"]
    date_hierarchy = "written_at"


@admin.register(Round)
class RoundAdmin(RecordedAdmin):
    """Facts: shown, not edited. Findings concern persons and stay on the page of their round."""

    list_display = ["planned_on", "checked", "task", "checker", "checker_role", "held_on", "cancelled_on"]
    list_select_related = ["task", "checker__user"]
    list_filter = ["planned_on", "checker_role", ("task", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["checked", "classes", "subjects", "result"]
    date_hierarchy = "planned_on"

    def view_on_site(self, checked: Round) -> str:
        return checked.get_absolute_url()
