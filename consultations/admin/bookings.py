"""Consultations booked, and times asked for: made in the pages, here they are looked up; those to come given anew."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedTabularInline
from ejournal_rollout.people.models import Membership

from .. import operations
from ..models import Booking, ProposedTime, TimeRequest
from .people import PeopleByName


class BookingForm(forms.ModelForm):
    """Another specialist, room or time by the rule of the pages, with its sentence where it refuses.

    `shown` is the number of the change (`sequence`) that the page showed. What may be overruled is refused first, with
    its sentence in `read`; only who has ticked `despite` under this very sentence overrules it. The operation writes
    while the form may still refuse: Django's administration pages keep both in one transaction.
    """

    by: Membership
    because = forms.CharField(
        label=_("Reason of the change"),
        max_length=300,
        required=False,
        help_text=_("If you like. Everybody whom the change concerns reads it in the message."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 70}),
    )
    despite = forms.BooleanField(
        label=_("All the same"),
        required=False,
        help_text=_("Only if the two have agreed on it. The journal will keep that you decided so."),
        widget=forms.HiddenInput,
    )
    shown = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Booking
        fields = ["specialist", "room", "starts_at"]
        help_texts = {"starts_at": _("The length stays as it is.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = self.instance.sequence
        if "specialist" in self.fields:
            self._put_specialists_first()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        booking = Booking.objects.with_people().get(pk=self.instance.pk)
        booking.sequence = given.pop("shown")
        read = given.pop("read")
        given["despite"] = read if given["despite"] else ""
        try:
            operations.reassign_booking(booking, by=self.by, at=timezone.now(), **given)
        except ValidationError as refusal:
            if refusal.code == "not_free":
                self._ask_whether_despite(refusal.message)
            raise
        self.instance.refresh_from_db()
        return given

    def _post_clean(self) -> None:
        """Django would put what was refused into the row, and the heading would say that it stands."""

    def _ask_whether_despite(self, refusal: str) -> None:
        """The tick of an earlier refusal does not count for another one."""
        self.data = self.data.copy()
        self.data.pop("despite", None)
        self.data["read"] = refusal
        self.fields["despite"].widget = forms.CheckboxInput()
        self.add_error("despite", _("Change what you have chosen, or tick this and save once more."))

    def _put_specialists_first(self) -> None:
        """Who gives help in the direction that day, then the others; the teacher is no choice."""
        field, booking = self.fields["specialist"], self.instance
        day = timezone.localdate(booking.starts_at)
        own = set(operations.specialists_of(booking.direction, booking.teacher, on=day).values_list("pk", flat=True))
        staff = [one for one in field.queryset if one.pk != booking.teacher_id]

        def lines(is_own: bool) -> list[tuple[int, str]]:
            return [(one.pk, field.label_from_instance(one)) for one in staff if (one.pk in own) == is_own]

        field.choices = [(_("Specialists of the direction"), lines(True)), (_("Other members of staff"), lines(False))]


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
        rows = super().get_queryset(request).with_people().prefetch_related("direction__direction_roles")
        return rows.select_related("booked_by__user", "cancelled_by__user", "topic")

    def has_change_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        may = super().has_change_permission(request, obj) and request.member is not None
        return may and (obj is None or operations.may_change(obj, request.member, at=timezone.now()))

    def get_fields(self, request: HttpRequest, obj: Booking | None = None) -> list[str]:
        if not self.has_change_permission(request, obj):
            return self.fields
        told = self.fields.index("starts_at") + 1
        return [*self.fields[:told], "because", "despite", *self.fields[told:], "shown", "read"]

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
