"""The administration edits the schedule here; bookings are made in the pages, those to come may be given anew."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recorded_admin import PrintedText, RecordedAdmin, RecordedTabularInline
from ejournal_rollout.orders.annex_admin import AnnexAdmin
from ejournal_rollout.people.models import Membership

from . import operations
from .models import (
    Absence,
    Bell,
    Booking,
    CalendarChange,
    Direction,
    DirectionRole,
    Hours,
    Lesson,
    Participation,
    ProposedTime,
    Room,
    Schedule,
    Seminar,
    TimeRequest,
    Topic,
)
from .moments import said_span
from .presentation import reading_words

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


class RoomForm(forms.ModelForm):
    """The school is not a field of the form, so its rule is asked here, in the person's words."""

    school_id: int | None = None

    class Meta:
        model = Room
        fields = ["name", "places"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        school = self.instance.school_id or self.school_id
        if Room.objects.filter(school=school, name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("The school already has a room of this name."), code="room_once_per_school")
        return name


@admin.register(Room)
class RoomAdmin(RecordedAdmin):
    form = RoomForm
    list_display = ["name", "places"]
    search_fields = ["name"]

    def get_form(self, request: HttpRequest, obj: Room | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.school_id = request.member.school_id if request.member else None
        return form

    def save_model(self, request: HttpRequest, obj: Room, form: RoomForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "places" in form.changed_data and (crowded := operations.seat_anew(obj, at=timezone.now())):
            words = ngettext(
                "{count} consultation to come has no place left in this room. It stands until you give it another room "
                "or time:",
                "{count} consultations to come have no place left in this room. They stand until you give them another "
                "room or time:",
                len(crowded),
            ).format(count=len(crowded))
            self.message_user(request, _with_links(words, crowded, _admin_address), messages.WARNING)


class PeopleByName:
    """Choices of people are read with their names, in one query."""

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        choices = super().get_field_queryset(db, db_field, request)
        return choices.select_related("user") if choices.model is Membership else choices


class SpansDays(forms.ModelForm):
    """A row of days; for one day the last need not be written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_on"].required = False
        self.fields["last_on"].help_text = _("Leave empty for one day.")

    def clean_last_on(self) -> date | None:
        return self.cleaned_data["last_on"] or self.cleaned_data.get("first_on")


@admin.register(CalendarChange)
class CalendarChangeAdmin(PeopleByName, RecordedAdmin):
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
            self.message_user(request, _said_inside(inside), messages.WARNING)


@admin.register(Absence)
class AbsenceAdmin(PeopleByName, RecordedAdmin):
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
        if request.member is not None and (
            inside := operations.tell_of_absence(obj, by=request.member, at=timezone.now())
        ):
            self.message_user(request, _said_inside(inside), messages.WARNING)


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


def _said_inside(inside: list[Booking]) -> str:
    """Consultations that a closure leaves standing, each a link to the page where it is cancelled."""
    words = ngettext(
        "{count} consultation is already booked for these days. Cancel it on its page, the teacher will be told:",
        "{count} consultations are already booked for these days. Cancel them on their pages, the teachers will be "
        "told:",
        len(inside),
    ).format(count=len(inside))
    return _with_links(words, inside, Booking.get_absolute_url)


def _with_links(words: str, bookings: list[Booking], address: Callable[[Booking], str]) -> str:
    links = format_html_join(
        "; ",
        '<a href="{}">{}, {}</a>',
        ((address(one), said_span(one.starts_at, one.ends_at), one.teacher.name) for one in bookings),
    )
    all_of_them = format_html('<a href="{}">{}</a>', reverse("consultations:touched"), _("Or all at once"))
    return format_html("{} {}. {}", words, links, all_of_them)


def _admin_address(booking: Booking) -> str:
    return reverse("admin:consultations_booking_change", args=[booking.pk])


class BookingForm(forms.ModelForm):
    """Another specialist, room or time by the rule of the pages, with its sentence where it refuses.

    `shown` is the number of the change (`sequence`) that the page showed. The operation writes while the form may still
    refuse: Django's administration pages keep both in one transaction.
    """

    by: Membership
    shown = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Booking
        fields = ["specialist", "room", "starts_at"]
        help_texts = {"starts_at": _("The length stays as it is.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = self.instance.sequence

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors:
            booking = Booking.objects.with_people().get(pk=self.instance.pk)
            booking.sequence = given.pop("shown")
            operations.reassign_booking(booking, by=self.by, at=timezone.now(), **given)
        return given


@admin.register(Booking)
class BookingAdmin(PeopleByName, RecordedAdmin):
    """Facts: shown; of those to come the specialist, the room and the time may be given anew."""

    form = BookingForm
    fields = [
        "direction", "teacher", "specialist", "room", "starts_at", "ends_at", "topic", "school_class", "subject",
        "question", "booked_by", "booked_at", "cancelled_at", "cancelled_by", "cancelled_because", "came", "outcome",
    ]  # fmt: skip
    list_display = ["starts_at", "direction", "specialist", "teacher", "room", "came", "cancelled_at"]
    list_filter = [("direction", admin.RelatedOnlyFieldListFilter), "came"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_people().select_related("booked_by__user", "cancelled_by__user")

    def has_change_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        may = super().has_change_permission(request, obj) and request.member is not None
        return may and (obj is None or operations.may_change(obj, request.member, at=timezone.now()))

    def get_fields(self, request: HttpRequest, obj: Booking | None = None) -> list[str]:
        return [*self.fields, "shown"] if self.has_change_permission(request, obj) else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> list[str]:
        return [name for name in self.fields if name not in BookingForm.Meta.fields]

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        choices = super().get_field_queryset(db, db_field, request)
        return choices.working(on=timezone.localdate()) if db_field.name == "specialist" else choices

    def get_form(self, request: HttpRequest, obj: Booking | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.member
        return form

    def save_model(self, request: HttpRequest, obj: Booking, form: BookingForm, change: bool) -> None:
        """It is written, told of and in the journal already."""


class ProposedTimeInline(RecordedTabularInline):
    model = ProposedTime


@admin.register(TimeRequest)
class TimeRequestAdmin(RecordedAdmin):
    """Facts: shown, not edited."""

    list_display = ["asked_at", "direction", "teacher", "booking", "declined_at", "withdrawn_at"]
    list_select_related = ["direction", "teacher__user", "booking__direction"]
    list_filter = [("direction", admin.RelatedOnlyFieldListFilter)]
    inlines = [ProposedTimeInline]


class ParticipationInline(RecordedTabularInline):
    model = Participation
    fields = ["participant", "seat", "offered_until", "added_at", "left_at", "came"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_people()


@admin.register(Seminar)
class SeminarAdmin(RecordedAdmin):
    """Facts: shown, not edited. They are planned and changed in the pages, where nobody is put in two places."""

    list_display = ["starts_at", "kind", "title", "room", "places", "marked_at", "cancelled_at"]
    list_display_links = ["starts_at", "title"]
    list_select_related = ["room"]
    list_filter = ["kind"]
    search_fields = ["title"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    inlines = [ParticipationInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_leaders().select_related("planned_by__user", "cancelled_by__user")
