"""What a person gives when a file of an order is loaded."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.documents.tables.opening import MOST_BYTES
from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear

YEARS_BACK, YEARS_AHEAD = 10, 2


class SchoolYearField(forms.TypedChoiceField):
    """A school year around the day `today`; gives a SchoolYear, or None where it is not required."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=SchoolYear.parse, empty_value=None, **options)

    def offer(self, years: list[SchoolYear], *, empty: str = "") -> None:
        self.choices = ([("", empty)] if empty else []) + [(str(year), str(year)) for year in years]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the order"),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,.doc,.odt"}),
        error_messages={
            "required": _("Choose the file of the order."),
            "empty": _("The file is empty. Choose the file with the order."),
        },
    )
    school_year = SchoolYearField(
        label=_("School year"),
        required=False,
        help_text=_("Needed only if the order does not name it: for terms such as “July–August” without a year."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = SchoolYear.of(today).first
        years = [SchoolYear(first) for first in range(now + YEARS_AHEAD, now - YEARS_BACK - 1, -1)]
        self.fields["school_year"].offer(years, empty=str(_("as the order says")))
        self.fields["file"].help_text = _("Word (.docx) or text (.txt), not larger than %(limit)d MB.") % {
            "limit": MOST_BYTES // 1024 // 1024
        }

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)d MB. Remove the pictures from it and try again."),
                code="file_too_large",
                params={"limit": MOST_BYTES // 1024 // 1024},
            )
        return file


class ImportForm(forms.Form):
    """The last step: what the paper did not say, and a tick under the remarks if there are any.

    `drafts`: the draft orders that the paper may renew; none are asked about if the paper found its own order.
    """

    reviewed = forms.BooleanField(
        label=_("I have looked through the remarks"),
        error_messages={"required": _("Look through the remarks and tick the box.")},
    )
    school_year = SchoolYearField(
        label=_("School year"), error_messages={"required": _("Choose the school year of the order.")}
    )
    into = forms.ModelChoiceField(
        label=_("Load as"),
        queryset=Order.objects.none(),
        required=False,
        empty_label=_("a new order"),
        help_text=_("If you have corrected the file of a draft, choose this draft: its rows will be renewed."),
    )

    def __init__(
        self,
        *args: Any,
        draft: OrderDraft,
        has_remarks: bool,
        drafts: QuerySet[Order] | None,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if drafts is None:
            del self.fields["into"]
        else:
            self.fields["into"].queryset = drafts
        if not has_remarks:
            del self.fields["reviewed"]
        if draft.school_year or draft.signed_on:
            del self.fields["school_year"]
        else:
            now = SchoolYear.of(today).first
            years = [SchoolYear(first) for first in range(now + YEARS_AHEAD, now - YEARS_BACK - 1, -1)]
            self.fields["school_year"].offer(years, empty=str(_("choose")))
