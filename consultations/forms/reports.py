"""What the address of the report on consultations chooses."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.periods import Period, months_of, quarters_of
from ejournal_rollout.spreadsheets import FORMATS

from ..reports import period_words


class ReportForm(forms.Form):
    """The query string of the report: without a period this school year. A value that means nothing is left out."""

    period = forms.ChoiceField(label=_("Period"))
    direction = forms.ChoiceField(label=_("Direction"), required=False)
    specialist = forms.TypedChoiceField(label=_("Specialist"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in FORMATS], required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        query: QueryDict,
        *,
        this_year: SchoolYear,
        years: Iterable[SchoolYear],
        directions: Iterable[str],
        specialists: dict[int, str],
    ) -> None:
        query = query.copy()
        asked = query.get("period") or Period.of_school_year(this_year).key
        try:
            self.period_chosen = Period.parse(asked)
        except ValueError:
            self.period_chosen = Period.of_school_year(this_year)
        query["period"] = self.period_chosen.key
        super().__init__(query, auto_id="report-%s")
        every = ("", _("all"))
        self.fields["period"].choices = self._periods({this_year, *years})
        self.fields["direction"].choices = [every, *((name, Truncator(name).chars(70)) for name in directions)]
        self.fields["specialist"].choices = [every, *((pk, name) for pk, name in specialists.items())]
        if len(specialists) < 2:
            del self.fields["specialist"]
        for field in self.visible_fields():
            field.field.widget.attrs["class"] = "form-select"
        self.is_unknown = not self.is_valid() or asked != self.period_chosen.key

    def _periods(self, years: set[SchoolYear]) -> list[tuple[str, list[tuple[str, str]]]]:
        """The school years, then the quarters and months of the one that is shown."""
        shown = self.period_chosen.school_year
        years_known = [Period.of_school_year(one) for one in sorted({*years, shown}, reverse=True)]
        groups = ((_("School year"), years_known), (_("Quarter"), quarters_of(shown)), (_("Month"), months_of(shown)))
        return [(words, [(one.key, capfirst(period_words(one))) for one in periods]) for words, periods in groups]

    @property
    def chosen(self) -> dict[str, Any]:
        """`direction` (its name) and `specialist` (a number), where one is chosen."""
        return {name: self.cleaned_data[name] for name in ("direction", "specialist") if self.cleaned_data.get(name)}

    @property
    def query(self) -> str:
        """The address of what is shown."""
        return urlencode({"period": self.period_chosen.key, **self.chosen})

    @property
    def words(self) -> list[str]:
        """What is chosen, for the head of the report on paper: «Направление: Техника»."""
        return [f"{self[name].label}: {dict(self.fields[name].choices)[value]}" for name, value in self.chosen.items()]
