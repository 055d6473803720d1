"""What people give for the final report: its texts, the day looked at, its number and date."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import FinalReport


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class DatedForm(forms.Form):
    """Its days lie between `first` (None: any) and `today`, both inside."""

    def __init__(self, *args: Any, first: date | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first, self._today = first, today

    def known(self, day: date | None) -> date | None:
        if day and (day > self._today or (self._first and day < self._first)):
            raise forms.ValidationError(_("Choose a day from the day of the order up to today."), code="foreign_day")
        return day


class DayForm(DatedForm):
    """The query string: the facts of which day."""

    on = forms.DateField(label=_("Facts on"), required=False, widget=DayInput(**{"class": "form-control"}))

    def clean_on(self) -> date | None:
        return self.known(self.cleaned_data["on"])


class TextsForm(forms.ModelForm):
    """`edition` is the one that the page showed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = FinalReport
        fields = ["introduction", "conclusions", "proposals", "signatory_post", "signatory"]
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("introduction", "conclusions", "proposals")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["edition"] = self.instance.edition


class FreezeForm(DatedForm):
    number = forms.CharField(
        label=_("Number"), max_length=60, error_messages={"required": _("Enter the number of the report.")}
    )
    dated_on = forms.DateField(
        label=_("Date"),
        widget=DayInput(),
        help_text=_("The report keeps the facts of this day."),
        error_messages={"required": _("Enter the date of the report.")},
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def clean_dated_on(self) -> date | None:
        return self.known(self.cleaned_data["dated_on"])
