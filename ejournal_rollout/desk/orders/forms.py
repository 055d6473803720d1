"""What a person gives for an order as a whole."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.spreadsheets import FORMATS

YEARS_AHEAD = 3


class CopyForm(forms.Form):
    """To which school year the order is copied: any from the next of the order or of today on."""

    school_year = forms.TypedChoiceField(label=_("School year"), coerce=SchoolYear.parse)

    def __init__(self, *args: Any, order: Order, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = SchoolYear.of(today).first
        first = min(order.first_year + 1, now)
        years = [SchoolYear(year) for year in range(first, max(order.first_year, now) + YEARS_AHEAD)]
        self.fields["school_year"].choices = [(str(year), str(year)) for year in years if year != order.school_year]
        self.fields["school_year"].initial = str(SchoolYear(max(order.first_year + 1, now)))


class PaperForm(forms.Form):
    """Which paper is asked for: one annex or (empty) the whole order, as it stands now, as it was signed, or with
    the amending orders that are in force."""

    annex = forms.ChoiceField(
        choices=[("plan", _("Plan")), ("regulation", _("Regulation")), ("schedule", _("Consultation schedule"))],
        required=False,
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        choices = [("now", _("Now")), ("signed", _("By the signed order")), ("amended", _("With changes"))]
        self.fields["as"] = forms.ChoiceField(choices=choices, required=False)

    def clean(self) -> dict[str, Any]:
        """An annex or a signed text that the order does not have is refused."""
        cleaned = super().clean() or {}
        if cleaned.get("as") == "signed" and not self.order.as_signed:
            self.add_error("as", _("This order has not been signed yet."))
        return cleaned


class SpreadsheetForm(forms.Form):
    """Which table is asked for and as what kind of file; the plan for Excel when nothing is said."""

    annex = forms.ChoiceField(choices=[("plan", _("Plan")), ("schedule", _("Consultation schedule"))], required=False)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in FORMATS], required=False)

    def clean_annex(self) -> str:
        return self.cleaned_data["annex"] or "plan"

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or "xlsx"


class EffectForm(forms.ModelForm):
    """The requisites that the director's signature gives. `closes` are the orders that the page said it closes."""

    closes = forms.ModelMultipleChoiceField(
        queryset=Order.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    class Meta:
        model = Order
        fields = ["number", "signed_on"]
        widgets = {"signed_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
        labels = {"number": _("Number of the order"), "signed_on": _("Date of the order")}

    def __init__(self, *args: Any, closes: Collection[Order], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = self.fields["signed_on"].required = True
        self.fields["number"].error_messages["required"] = _("Enter the number of the order.")
        self.fields["signed_on"].error_messages["required"] = _("Enter the date of the order.")
        self.fields["closes"].queryset = Order.objects.filter(school=self.instance.school_id)
        self.initial["closes"] = [one.pk for one in closes]

    def _post_clean(self) -> None:
        """The form only shapes what was typed: the operation decides, and the row is not touched here."""


class AmendmentForm(forms.ModelForm):
    """Number, date and grounds of an amending order. `seen` is the mark of the text that the page showed.

    A draft is kept with any of them blank; `for_force` asks for number and date.
    """

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Amendment
        fields = ["grounds", "number", "signed_on"]
        widgets = {
            "signed_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "grounds": forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
        }
        labels = {
            "grounds": _("Reason"),
            "number": _("Number of the amending order"),
            "signed_on": _("Date of the amending order"),
        }
        help_texts = {"grounds": _("As the order begins: “In connection with …”. May stay blank.")}

    def __init__(self, *args: Any, for_force: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = self.fields["signed_on"].required = for_force
        self.fields["number"].error_messages["required"] = _("Enter the number of the order.")
        self.fields["signed_on"].error_messages["required"] = _("Enter the date of the order.")

    def _post_clean(self) -> None:
        """The form only shapes what was typed: the operation decides, and the row is not touched here."""
