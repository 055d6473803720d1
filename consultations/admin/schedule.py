"""The schedule and its directions: who, where, when, and how a booking is made there."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.history.recorded_admin import PrintedText, RecordedAdmin, RecordedTabularInline
from ejournal_rollout.orders.annex_admin import AnnexAdmin

from .. import operations
from ..models import Direction, DirectionRole, Hours, Schedule, Topic
from ..presentation import reading_words

SHORT_TEXT = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 70})}}


class HoursWords(forms.Textarea):
    """The field of the printed hours, with the address that tells their meaning while one types."""

    class Media:
        js = ["consultations/hours_reading.js"]


class DirectionForm(forms.ModelForm):
    hours_printed = PrintedText(
        label=_("Hours"),
        required=False,
        help_text=_("The words of the order. When you change them, the rows of hours below are read from them again."),
        widget=HoursWords(attrs={"rows": 3, "cols": 70}),
    )

    class Meta:
        model = Direction
        fields = ["schedule", "name", "hours_printed", "room"]  # the admin class names its own

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours_printed"].widget.attrs["data-hours-reading"] = reverse("consultations:hours-reading")


class DirectionInline(RecordedTabularInline):
    model = Direction
    fields = ["position", "name", "room"]
    show_change_link = True

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """The rooms are read once, not for each row."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field


class HoursInline(RecordedTabularInline):
    model = Hours


class TopicInline(RecordedTabularInline):
    model = Topic
    extra = 1


class DirectionRoleInline(RecordedTabularInline):
    model = DirectionRole
    fields = ["position", "words", "role", "person"]

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        choices = super().get_field_queryset(db, db_field, request)
        return choices.select_related("user") if db_field.name == "person" else choices

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """The staff is read once, not for each row."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field


@admin.register(Schedule)
class ScheduleAdmin(AnnexAdmin):
    formfield_overrides = SHORT_TEXT
    inlines = [DirectionInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Schedule | None = None) -> list[str]:
        return ["order"] if obj else []


@admin.register(Direction)
class DirectionAdmin(RecordedAdmin):
    form = DirectionForm
    list_display = ["name", "schedule", "specialists_printed", "room", "hours_printed", "is_on_demand"]
    list_select_related = ["schedule__order", "room"]
    list_filter = [("schedule", admin.RelatedOnlyFieldListFilter), "is_on_demand"]
    search_fields = ["name", "specialists_printed"]
    ordering = ["-schedule__order__first_year", "position", "pk"]
    formfield_overrides = SHORT_TEXT
    fieldsets = [
        (None, {"fields": ["schedule", "position", "name"]}),
        (_("Who and where"), {"fields": ["specialists_printed", "room_printed", "room"]}),
        (_("When"), {"fields": ["hours_printed", "is_on_demand"]}),
        (
            _("Booking"),
            {
                "fields": [
                    ("slot_minutes", "gap_minutes"),
                    ("notice_minutes", "horizon_days"),
                    ("cancel_minutes", "open_limit"),
                ]
            },
        ),
    ]
    inlines = [HoursInline, TopicInline, DirectionRoleInline]

    def save_related(self, request: HttpRequest, form: DirectionForm, formsets: Iterable[Any], change: bool) -> None:
        """Words that were changed are read again, unless the rows read from them were edited in the same form."""
        super().save_related(request, form, formsets, change)
        edited = {formset.model for formset in formsets if formset.has_changed()}
        direction = form.instance
        if "hours_printed" in form.changed_data and Hours not in edited:
            chosen = direction.is_on_demand
            reading = operations.read_hours_into(direction)
            if "is_on_demand" in form.changed_data:  # a person's tick wins over the words
                direction.is_on_demand = chosen
                direction.save(update_fields=["is_on_demand"])
            level = messages.INFO if reading.is_certain else messages.WARNING
            self.message_user(request, reading_words(reading), level)
        if "specialists_printed" in form.changed_data and DirectionRole not in edited:
            lines = operations.set_specialists(direction, direction.specialists_printed)
            if unknown := [one.words for one in lines if not one.role and one.person is None]:
                self.message_user(
                    request,
                    _("Choose a role or a member of staff for: {words}.").format(words="; ".join(unknown)),
                    messages.WARNING,
                )
