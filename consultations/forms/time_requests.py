"""A time that is agreed on where the order sets no hours."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import QUESTION_LENGTH, ClockField, DayField


class TimeRequestForm(forms.Form):
    """A question and up to three times, each a day and a clock time; `asked_from`: see `AskedForm`."""

    asked_from = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    question = forms.CharField(
        label=_("Your question"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "In a few words: what does not work or what you want to learn. "
            "The specialists and the administration see it."
        ),
        error_messages={"required": _("Write your question: the specialist will prepare for it.")},
    )
    day_1 = DayField(label=_("Day"), required=False)
    time_1 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)
    day_2 = DayField(label=_("Day"), required=False)
    time_2 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)
    day_3 = DayField(label=_("Day"), required=False)
    time_3 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"day_{number}"], self[f"time_{number}"]) for number in (1, 2, 3)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        times = []
        for number in (1, 2, 3):
            day, clock = given.get(f"day_{number}"), given.get(f"time_{number}")
            if day and clock is not None:
                times.append(datetime.combine(day, clock, tzinfo=self.zone))
            elif day and f"time_{number}" not in self.errors:
                self.add_error(f"time_{number}", _("Add the time."))
            elif clock is not None and f"day_{number}" not in self.errors:
                self.add_error(f"day_{number}", _("Add the day."))
        if not times and not any(name.startswith(("day_", "time_")) for name in self.errors):
            self.add_error("day_1", ValidationError(_("Propose at least one time."), code="no_times"))
        given["times"] = times
        return given


class AcceptForm(forms.Form):
    """Which of the proposed times; the choices are those of the request."""

    time = forms.ModelChoiceField(queryset=None, error_messages={"required": _("Choose one of the times.")})

    def __init__(self, *args: Any, times: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time"].queryset = times


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Why, and when it would suit"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write to the teacher why, and which time would suit.")},
    )
