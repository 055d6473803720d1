"""Forms of the plan's pages. They clean and shape; `operations` decide."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership

from .models import EVIDENCE_LIMITS, Decision, Evidence, Meeting, SavedView, Stage, Step, Task, TaskNote
from .selection import LONGEST_QUERY, canonical

LONGEST_TEXT = 5000  # our decision: a note is a paragraph, not a report
Act = TaskNote.Act


class DayInput(forms.DateInput):
    """The browser's own choice of a day; typed days are understood too."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class PlanChoiceForm(forms.Form):
    """Of the query string of the plan page: whose order's plan."""

    order = forms.IntegerField(min_value=1, required=False)


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
    text = _text(_("Note, if there is one"), rows=2)


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
            "dated_on": DayInput(),
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


class SinceForm(forms.Form):
    """The query string of the page for a meeting: the day from which changes are shown."""

    since = forms.DateField(label=_("Changes since"), required=False, widget=DayInput(attrs={"class": "form-control"}))

    def clean_since(self) -> date | None:
        since = self.cleaned_data["since"]
        if since and since > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."), code="in_future")
        return since


class MinutesForm(forms.ModelForm):
    """The head of the minutes; `edition` is the one that the page showed."""

    edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Meeting
        fields = ["held_on", "chair", "secretary", "present", "agenda", "heard"]
        widgets = {
            "held_on": DayInput(),
            "present": forms.Textarea(attrs={"rows": 4}),
            "agenda": forms.Textarea(attrs={"rows": 4}),
            "heard": forms.Textarea(attrs={"rows": 4}),
        }
        error_messages = {"held_on": {"required": _("Enter the day of the meeting.")}}

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(staff)
        for name in ("chair", "secretary"):
            self.fields[name].queryset = staff
            self.fields[name].choices = [("", _("nobody yet")), *((one.pk, one.full_name) for one in people)]
        self.initial["edition"] = self.instance.edition


class DecisionForm(forms.ModelForm):
    class Meta:
        model = Decision
        fields = ["words", "task", "stage", "executors", "due_on"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3}), "due_on": DayInput()}
        error_messages = {"words": {"required": _("Write what was decided.")}}
        help_texts = {
            "task": _("The decision becomes a note of this task."),
            "stage": _("Instead of a task: the decision becomes a new task at the end of this stage."),
        }

    def __init__(self, *args: Any, tasks: list[Task], stages: list[Stage], **kwargs: Any) -> None:
        super().__init__(*args, prefix="decision", **kwargs)
        for name, rows, empty in (("task", tasks, _("no task")), ("stage", stages, _("no new task"))):
            field = self.fields[name]
            field.queryset = field.queryset.filter(pk__in=[row.pk for row in rows])
            field.choices = [("", empty), *((row.pk, _shown(row)) for row in rows)]


def _shown(row: Task | Stage) -> str:
    words = f"{row.number} {row.question}".strip() if isinstance(row, Task) else row.heading
    return Truncator(" ".join(words.split())).chars(90)


class SavedViewForm(forms.ModelForm):
    """The name of a list; `query` is what the page of the list filtered by."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]
        error_messages = {"name": {"required": _("Write a name for the list.")}}

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        view = kwargs.get("instance")
        super().__init__(*args, auto_id=f"list-{view.pk if view else 'new'}-%s", **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    def clean_query(self) -> str:
        return canonical(self.cleaned_data["query"])

    def _post_clean(self) -> None:
        """The form only shapes what was typed: the operation decides."""
