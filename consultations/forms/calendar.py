"""What is typed about unusual days. The form shapes; the model knows what fits together."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import Membership

from ..models import CalendarChange, Direction, Room
from .fields import ClockField, DayField, StaffField


class DayChangeForm(forms.ModelForm):
    """A change of a day or several; for one day the last need not be written."""

    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    starts = ClockField(label=pgettext_lazy("hours", "From"), required=False)
    ends = ClockField(label=pgettext_lazy("hours", "To"), required=False)
    specialist = StaffField(
        Membership.objects.none(), label=_("Only this specialist"), required=False, empty_label=_("all")
    )

    class Meta:
        model = CalendarChange
        fields = [
            "kind",
            "first_on",
            "last_on",
            "starts",
            "ends",
            "as_weekday",
            "reason",
            "room",
            "direction",
            "specialist",
        ]
        widgets = {"reason": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, member: Membership, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.visible_to(member)
        kept = Direction.objects.visible_to(member).filter(pk=self.instance.direction_id)
        self.fields["direction"].queryset = Direction.objects.visible_to(member).in_force() | kept
        staff = Membership.objects.visible_to(member).working(on=on).with_people()
        self.fields["specialist"].queryset = staff
        for name in ("room", "direction"):
            self.fields[name].empty_label = _("all")

    def clean_last_on(self) -> date | None:
        return self.cleaned_data["last_on"] or self.cleaned_data.get("first_on") or self.instance.last_on
