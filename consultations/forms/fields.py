"""A day, a clock time and a person, as people write or choose them."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%H-%M", "%H"]
QUESTION_LENGTH = 2000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class DayField(forms.DateField):
    """A day as the browser sends it or as a person types it: 31.08.2021, 31.8.21, 2021-08-31.

    A year outside of this century is a slip of the finger.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            error_messages={"invalid": _("Write the day as 24.11.2026.")},
            widget=kwargs.pop("widget", DayInput()),
            **kwargs,
        )

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 2000 <= day.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class ClockField(forms.TimeField):
    """10:20, 10.20 or 10-20."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=TIME_FORMATS,
            error_messages={"invalid": _("Write the time as 10:20.")},
            widget=kwargs.pop("widget", TimeInput()),
            **kwargs,
        )


class SpecialistField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), widget=forms.HiddenInput, **kwargs)

    def label_from_instance(self, member: Membership) -> str:
        return member.name


class StaffField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return member.full_name
