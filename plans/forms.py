"""Forms of the plan's pages. They clean and shape; `operations` decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership

from .models import EVIDENCE_LIMITS, Evidence, Plan, Step, TaskNote

LONGEST_TEXT = 5000  # our decision: a note is a paragraph, not a report
Act = TaskNote.Act


class PlanChoiceForm(forms.Form):
    """The query string of the plan page: whose order's plan, among those that the reader may see."""

    order = forms.ModelChoiceField(queryset=Plan.objects.none(), required=False, to_field_name="order__pk")

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = plans


class TermWordsForm(forms.Form):
    """The query string of the live reading: the words, and the order or the first year of its school year."""

    words = forms.CharField(max_length=300, required=False)
    order = forms.ModelChoiceField(queryset=Order.objects.none(), required=False)
    year = forms.IntegerField(min_value=2000, max_value=2099, required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = Order.objects.visible_to(member)

    def school_year(self) -> SchoolYear | None:
        """Of a form that is valid."""
        if order := self.cleaned_data.get("order"):
            return order.school_year
        year = self.cleaned_data.get("year")
        return SchoolYear(year) if year else None


def _text(label: str, *, refusal: str = "", rows: int = 3, help_text: str = "") -> forms.CharField:
    """A field of several lines; with a `refusal` it is required."""
    return forms.CharField(
        label=label,
        required=bool(refusal),
        error_messages={"required": refusal},
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ActForm(forms.Form):
    """One act on a task. Several stand on one page, so each has its act for a prefix."""

    act: Act
    button: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=self.act.value or "note", **kwargs)


class NoteForm(ActForm):
    act, button = Act.NOTED, _("Add the note")
    text = _text(_("Note"), refusal=_("Write the text of the note."), rows=2)


class StartForm(ActForm):
    act, button = Act.STARTED, _("Begin work")


class ReportForm(ActForm):
    act, button = Act.REPORTED, _("Report the result")
    result = _text(
        _("What was achieved"),
        refusal=_("Write what was achieved."),
        help_text=_("In one or two sentences: what was done, which document was made, where it lies."),
    )


class ReviewForm(ActForm):
    """`seen` is the report that the page showed (operations.report_mark)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class AcceptForm(ReviewForm):
    act, button = Act.ACCEPTED, _("Accept the result")
    text = _text(_("Remark, if there is one"), rows=2)


class ReturnForm(ReviewForm):
    act, button = Act.RETURNED, _("Return for more work")
    reason = _text(_("Why the result is returned"), refusal=_("Write why the result is returned."), rows=2)


class ReopenForm(ActForm):
    act, button = Act.REOPENED, _("Open the task again")
    text = _text(_("Why it is opened again"), rows=2)


class CancelForm(ActForm):
    act, button = Act.CANCELLED, _("Cancel the task")
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=300,
        error_messages={"required": _("Write the grounds, e.g. the number and date of an order.")},
        help_text=_("Number and date of the order, e.g. “order of 12.01.2027 No. 5”."),
    )


ACT_FORMS: dict[Act, type[ActForm]] = {
    form.act: form for form in (NoteForm, StartForm, ReportForm, AcceptForm, ReturnForm, ReopenForm, CancelForm)
}


class EvidenceForm(forms.ModelForm):
    """A file that shows what was done; the limits stand beside the field before anything is chosen."""

    class Meta:
        model = Evidence
        fields = ["kind", "file", "name", "dated_on", "goes_into_report"]
        widgets = {
            "file": forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in EVIDENCE_LIMITS.kinds)}),
            "dated_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        error_messages = {
            "file": {"required": _("Choose the file.")},
            "kind": {"required": _("Choose what kind of paper it is.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="evidence", **kwargs)


class StepForm(forms.ModelForm):
    class Meta:
        model = Step
        fields = ["words"]
        labels = {"words": _("New step")}
        error_messages = {"words": {"required": _("Write what the step is.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="step", **kwargs)


class FlagForm(forms.Form):
    """A button that says which of two states is wanted, so that pressing it twice is pressing it once."""

    on = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class PageForm(forms.Form):
    page = forms.IntegerField(min_value=1, required=False)
