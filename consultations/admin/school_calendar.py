"""When nobody is there: changes of the calendar, absences, own lessons and the bells that they go by."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.history.recorded_admin import RecordedAdmin

from .. import operations
from ..models import Absence, Bell, Booking, CalendarChange, Lesson
from .links import said_inside, said_touched
from .people import PeopleByName


class SpansDays(forms.ModelForm):
    """A row of days; for one day the last need not be written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_on"].required = False
        self.fields["last_on"].help_text = _("Leave empty for one day.")

    def clean_last_on(self) -> date | None:
        return self.cleaned_data["last_on"] or self.cleaned_data.get("first_on") or self.instance.last_on


class ChangesDays(RecordedAdmin):
    """Says after each change what cannot be held as agreed any more."""

    def say_what_is_met(self, request: HttpRequest, *, inside: Sequence[Booking] = ()) -> None:
        """Consultations `inside` are named one by one already."""
        if request.member is None:
            return
        counts = operations.touched_counts(request.member, at=timezone.now())
        if inside:
            counts = counts._replace(bookings=0)
        if counts.total:
            self.message_user(request, said_touched(counts), messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        super().delete_model(request, obj)
        self.say_what_is_met(request)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        super().delete_queryset(request, queryset)
        self.say_what_is_met(request)


@admin.register(CalendarChange)
class CalendarChangeAdmin(PeopleByName, ChangesDays):
    form = SpansDays
    list_display = ["said_days", "kind", "said_hours", "reason", "concerned"]
    list_display_links = ["said_days", "reason"]
    list_filter = ["kind"]
    fieldsets = [
        (None, {"fields": ["kind", ("first_on", "last_on"), ("starts", "ends"), "as_weekday", "reason"]}),
        (_("Only for a part of the school (else leave empty)"), {"fields": ["room", "direction", "specialist"]}),
    ]
    date_hierarchy = "first_on"
    ordering = ["-first_on"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_scope()

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        choices = super().get_field_queryset(db, db_field, request)
        return choices.in_force() if db_field.name == "direction" else choices

    @admin.display(description=_("days"), ordering="first_on")
    def said_days(self, change: CalendarChange) -> str:
        return change.said_days

    @admin.display(description=_("hours"))
    def said_hours(self, change: CalendarChange) -> str:
        return change.said_hours

    @admin.display(description=_("for whom"))
    def concerned(self, change: CalendarChange) -> str:
        return str(change.concerned or _("the whole school"))

    def save_model(self, request: HttpRequest, obj: CalendarChange, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        inside = list(Booking.objects.inside(obj).coming(at=timezone.now()).with_people())
        if inside:
            self.message_user(request, said_inside(inside), messages.WARNING)
        self.say_what_is_met(request, inside=inside)


@admin.register(Absence)
class AbsenceAdmin(PeopleByName, ChangesDays):
    form = SpansDays
    list_display = ["said_days", "specialist", "deputy", "reason"]
    list_display_links = ["said_days", "specialist"]
    list_select_related = ["specialist__user", "deputy__user"]
    fields = ["specialist", ("first_on", "last_on"), "deputy", "reason"]
    date_hierarchy = "first_on"
    ordering = ["-first_on"]

    @admin.display(description=_("days"), ordering="first_on")
    def said_days(self, absence: Absence) -> str:
        return absence.said_days

    def save_model(self, request: HttpRequest, obj: Absence, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        inside = operations.tell_of_absence(obj, by=request.member, at=timezone.now()) if request.member else []
        if inside:
            self.message_user(request, said_inside(inside), messages.WARNING)
        self.say_what_is_met(request, inside=inside)


@admin.register(Bell)
class BellAdmin(RecordedAdmin):
    list_display = ["number", "starts", "ends"]
    fields = ["number", ("starts", "ends")]


@admin.register(Lesson)
class LessonAdmin(PeopleByName, RecordedAdmin):
    list_display = ["specialist", "weekday", "said_hours", "words", "first_on", "last_on", "is_from_file"]
    list_select_related = ["specialist__user"]
    list_filter = [("specialist", admin.RelatedOnlyFieldListFilter), "weekday"]
    fields = ["specialist", "weekday", ("starts", "ends"), "words", ("first_on", "last_on"), "every_weeks"]

    @admin.display(description=_("hours"))
    def said_hours(self, lesson: Lesson) -> str:
        return lesson.said_hours
