"""The rooms and how many consultations each holds at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recorded_admin import RecordedAdmin

from .. import operations
from ..models import Room
from .links import admin_address, with_links


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
            self.message_user(request, with_links(words, crowded, admin_address), messages.WARNING)
