"""Forms of a round's page. They clean and shape; `operations` decide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, MembershipQuerySet

from .forms import LONGEST_TEXT
from .models import Finding, Indicator, Round
from .operations import Outcome
from .recurrence import is_counted, is_share, number_in

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose the day."), "invalid": _("Write the day as 24.11.2026.")},
    )


def _area(label: str, *, rows: int, required: bool = False, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        error_messages={"required": _("Write what the check has shown.")},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class FoundField(forms.CharField):
    """What was found by an indicator: a number where it counts, else any words. What stands there already may stay."""

    def __init__(self, one: Indicator) -> None:
        norm = gettext("Agreed: %(norm)s") % {"norm": one.norm} if one.norm else ""
        most = Indicator._meta.get_field("found").max_length
        super().__init__(label=one.words, help_text=norm, max_length=most, required=False, initial=one.found)
        self._is_counted, self._is_share = is_counted(one.words, one.norm), is_share(one.words)
        if self._is_counted:
            self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        if not found or found == self.initial or not self._is_counted:
            return found
        number = number_in(found)
        if number is None:
            raise ValidationError(
                gettext("Write a number, e.g. 94 or 94,5; leave it empty if this was not measured."), code="no_number"
            )
        if self._is_share and number > 100:
            raise ValidationError(gettext("A share is not more than 100 %. Check the number."), code="over_100")
        return found


class OutcomeForm(forms.Form):
    """What a round came to; a field `found_7` for each of its indicators. The result is read by all staff."""

    prefix_of_found = "found_"
    period = forms.CharField(
        label=_("Period checked"), max_length=100, required=False, help_text=_("E.g. “1–30 September”.")
    )
    result = _area(
        _("Result"),
        rows=3,
        required=True,
        help_text=_("All staff read it: write of the school as a whole. Remarks to a teacher are added apart, below."),
    )
    conclusions = _area(_("Conclusions"), rows=2)
    recommendations = _area(_("Recommendations, with days"), rows=2)

    def __init__(self, *args: Any, indicators: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in indicators:
            self.fields[f"{self.prefix_of_found}{one.pk}"] = FoundField(one)
        self.order_fields(["seen", "held_on", "early", "period", *self._found])

    @property
    def _found(self) -> list[str]:
        return [name for name in self.fields if name.startswith(self.prefix_of_found)]

    def outcome(self) -> Outcome:
        """Of a form that is valid."""
        given = self.cleaned_data
        found = {int(name.removeprefix(self.prefix_of_found)): given[name] for name in self._found}
        words = {name: given[name] for name in ("result", "period", "conclusions", "recommendations")}
        return Outcome(found=found, **words)


class HoldForm(OutcomeForm):
    """The real day of the check; one before the planned day is asked about once more: the result may belong to another
    check of the schedule."""

    held_on = day_field(_("Held on"))
    early = forms.BooleanField(
        label=_("Yes, it was held before the planned day"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, planned_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._planned_on = planned_on
        words = gettext("The day of the check itself; it is planned for %(day)s.")
        self.fields["held_on"].help_text = words % {"day": f"{planned_on:%d.%m.%Y}"}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        held_on = given.get("held_on")
        if held_on and held_on < self._planned_on and not given["early"]:
            self.fields["early"].widget = forms.CheckboxInput()
            words = gettext(
                "This check is planned for %(day)s. If it was really held earlier, tick this below; "
                "if you mean another check of the schedule, write the result there."
            )
            said = {"day": f"{self._planned_on:%d.%m.%Y}"}
            self.add_error("held_on", ValidationError(words % said, code="held_early"))
        return given


class CorrectForm(OutcomeForm):
    """`seen` is the result that the page showed (operations.outcome_mark)."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class CancelRoundForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=Round._meta.get_field("cancelled_because").max_length,
        error_messages={"required": _("Write why the round is cancelled.")},
    )


class TeacherField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return ", ".join(filter(None, [member.full_name, member.post]))


class FindingForm(forms.Form):
    teacher = TeacherField(
        Membership.objects.none(),
        label=_("Teacher"),
        required=False,
        empty_label=_("nobody in particular"),
        help_text=_("Only this teacher, who checks, the working group and the administration will see the remark."),
        error_messages={"invalid_choice": _("This person does not work in your school.")},
    )
    place = forms.CharField(
        label=_("Class, subject"), max_length=Finding._meta.get_field("place").max_length, required=False
    )
    text = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Please write nothing personal about pupils."),
        error_messages={"required": _("Write what was found.")},
    )
    repair_by = day_field(_("Put right until"), required=False)

    def __init__(self, *args: Any, staff: MembershipQuerySet, today: date, **kwargs: Any) -> None:
        super().__init__(*args, prefix="finding", **kwargs)
        self.fields["teacher"].queryset = staff
        self.fields["repair_by"].widget.attrs["min"] = f"{today:%Y-%m-%d}"


class SettleForm(forms.Form):
    how = forms.CharField(max_length=Finding._meta.get_field("settled_how").max_length, required=False)
