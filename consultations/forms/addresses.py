"""What stands in the addresses of the pages; what cannot be read counts as not said."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import QUESTION_LENGTH, ClockField, DayField, DayInput


class ChosenForm(forms.Form):
    """The state of the booking page as its address holds it; what cannot be read counts as not chosen."""

    day = DayField(required=False)
    time = ClockField(required=False)
    specialist = forms.IntegerField(required=False, min_value=1)
    teacher = forms.IntegerField(required=False, min_value=1)
    since = DayField(required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class AskedForm(forms.Form):
    """`?question=`: words that a person has written elsewhere on the site, offered again and not asked for twice.

    `?asked_from=`: where that was, in the words of that room.
    """

    question = forms.CharField(required=False, max_length=QUESTION_LENGTH)
    asked_from = forms.CharField(required=False, max_length=40)

    def words(self) -> str:
        return self.cleaned_data["question"] if self.is_valid() else ""

    def place(self) -> str:
        return self.cleaned_data["asked_from"] if self.is_valid() else ""


class PageForm(forms.Form):
    """Which page of a list; what cannot be read is the first."""

    page = forms.IntegerField(required=False, min_value=1)

    @property
    def number(self) -> int:
        return (self.cleaned_data["page"] if self.is_valid() else None) or 1


class DayForm(forms.Form):
    """Which day of the specialist; a day that cannot be read is today. `marked`: what was marked on it."""

    on = DayField(required=False, label=_("Day"), widget=DayInput(**{"class": "form-control"}))
    marked = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def day_or(self, today: date) -> date:
        return self._read("on") or today

    @property
    def just_marked(self) -> int | None:
        return self._read("marked")

    def _read(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


class WeekForm(forms.Form):
    """Which week, by any of its days, and what stands across; what cannot be read is this week, specialists."""

    since = DayField(required=False)
    by = forms.ChoiceField(required=False, choices=[("specialists", ""), ("rooms", "")])

    def day_or(self, today: date) -> date:
        self.is_valid()
        return self.cleaned_data.get("since") or today

    @property
    def by_rooms(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("by") == "rooms"


class WhoseForm(forms.Form):
    """`?of=room-3`: whose list or sheet, one of those that the page offers."""

    of = forms.ChoiceField(label=_("Whose"), required=False, widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = choices


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day of the school."""
    return datetime.combine(day, time(0), tzinfo=zone)
