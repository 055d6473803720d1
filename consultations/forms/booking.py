"""A consultation: its time and question, for whom, its move and its end."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

from ..models import SCREENSHOT_LIMITS, Direction, Screenshot, Topic
from .fields import QUESTION_LENGTH, ClockField, DayField, SpecialistField


class TimeForm(forms.Form):
    """The chosen time in hidden fields.

    `other` is the button of another time on the page of a conflict, "2026-11-24T10:20|7": it wins over the fields.
    """

    day = DayField(widget=forms.HiddenInput)
    time = ClockField(widget=forms.HiddenInput)
    specialist = SpecialistField(required=False)

    def __init__(self, *args: Any, school: int, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["specialist"].queryset = Membership.objects.filter(school=school)
        for name in ("day", "time"):
            self.fields[name].error_messages["required"] = _("Choose a time.")
        if self.is_bound and "|" in self.data.get("other", ""):
            moment, _bar, specialist = self.data["other"].partition("|")
            day, _t, clock = moment.partition("T")
            self.data = self.data.copy()
            for name, value in (("day", day), ("time", clock), ("specialist", specialist)):
                self.data[name] = value

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=self.zone)


class MoveForm(TimeForm):
    """The new time; `sequence` is the number of the change that the page showed. A teacher gives no reason."""

    sequence = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    because = forms.CharField(
        label=_("Reason (if you like)"),
        max_length=300,
        required=False,
        help_text=_("The teacher will read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, is_teacher: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_teacher:
            del self.fields["because"]


class BookForm(TimeForm):
    """The question and what may stand beside it. A file that came is kept: `kept` names it when the form returns."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False)
    question = forms.CharField(
        label=_("Your question"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "In a few words: what does not work or what you want to learn. "
            "The specialist and the administration see it."
        ),
        error_messages={"required": _("Write your question: the specialist will prepare for it.")},
    )
    school_class = forms.CharField(
        label=_("Class (if you like)"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "7-Б"}),
    )
    subject = forms.CharField(label=_("Subject (if you like)"), max_length=100, required=False)
    screenshot = forms.FileField(
        label=_("Screenshot (if you like)"),
        required=False,
        validators=[SCREENSHOT_LIMITS],
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in SCREENSHOT_LIMITS.kinds)}),
    )
    kept = forms.ModelChoiceField(Screenshot.objects.none(), required=False, widget=forms.HiddenInput)
    without = forms.BooleanField(label=_("without it"), required=False)
    beyond_limit = forms.BooleanField(label=_("book all the same, beyond the limit"), required=False)

    def __init__(self, *args: Any, direction: Direction, member: Membership, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, school=member.school_id, zone=zone, **kwargs)
        topics = list(direction.topics.all())
        self.fields["topic"].queryset = direction.topics.all()
        self.fields["topic"].choices = [("", _("Other")), *((one.pk, one.name) for one in topics)]
        if not topics:
            del self.fields["topic"]
        for name in ("question", "school_class", "subject", "screenshot"):
            # What is typed stays when another direction is chosen.
            self.fields[name].widget.attrs["hx-preserve"] = "true"
        self.fields["kept"].queryset = Screenshot.objects.unsent(member)
        # said before anything is chosen
        self.fields["screenshot"].help_text = _("PNG, JPG, WEBP or PDF, up to {limit} MB. No data of pupils.").format(
            limit=SCREENSHOT_LIMITS.megabytes
        )

    @property
    def words(self) -> dict[str, Any]:
        """What is said of the question, for the operation."""
        return {name: self.cleaned_data.get(name) for name in ("topic", "question", "school_class", "subject")}

    @property
    def kept_file(self) -> Screenshot | None:
        """The file that came with an earlier sending of the form, unless it was taken back or another has come."""
        cleaned = getattr(self, "cleaned_data", {})
        return None if cleaned.get("without") or cleaned.get("screenshot") else cleaned.get("kept")


class ForForm(forms.Form):
    """For whom one books: oneself, or a teacher who came or phoned."""

    teacher = forms.ModelChoiceField(Membership.objects.none(), label=_("Book for"), required=False)

    def __init__(self, *args: Any, staff: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teacher"].widget.attrs["class"] = "form-select"
        self.fields["teacher"].choices = [("", _("myself")), *((one.pk, one.full_name) for one in staff)]


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, is_teacher: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_teacher:
            self.fields["reason"].label = _("Reason (if you like)")
        else:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("The teacher will read it.")
            self.fields["reason"].error_messages["required"] = _("Write why: the teacher will read it.")
