"""When no consultations are given: lessons, absences, closed days; the hours of the order in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import Membership

from ..models import Absence, Bell, Lesson
from ..timetable_file import BYTES_MOST
from .fields import ClockField, DayField, StaffField


class LessonForm(forms.ModelForm):
    """A lesson of a specialist; the number of a lesson stands for its time."""

    number = forms.ModelChoiceField(Bell.objects.none(), label=_("Lesson"), required=False)
    starts = ClockField(label=pgettext_lazy("lesson", "Begins"), required=False)
    ends = ClockField(label=pgettext_lazy("lesson", "Ends"), required=False)
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"))

    class Meta:
        model = Lesson
        fields = ["weekday", "number", "starts", "ends", "words", "first_on", "last_on", "every_weeks"]

    def __init__(self, *args: Any, bells: Iterable[Bell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not bells:  # read once, here
            del self.fields["number"]
            return
        self.fields["number"].queryset = bells
        self.fields["number"].choices = [("", _("by the time below")), *((one.pk, str(one)) for one in bells)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if bell := given.get("number"):
            given["starts"], given["ends"] = bell.starts, bell.ends
        elif not (given.get("starts") and given.get("ends")) and not self.errors:
            self.add_error("starts", _("Write when the lesson begins and ends."))
        return given


class TimetableForm(forms.Form):
    """A timetable file; what stands in it is read by `timetable_file`."""

    file = forms.FileField(
        label=_("Timetable file (.ics)"),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        help_text=_("Up to 1 MB. You will see what was understood before anything is stored."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_MOST:
            raise ValidationError(refusal_of_timetable("too_large"), code="too_large")
        return file


def refusal_of_timetable(code: str, event: str = "") -> str:
    """Why a timetable file cannot be taken, and what to do."""
    return {
        "too_large": _("The file is larger than 1 MB. Export the lessons of one specialist only."),
        "not_ics": _("This is not a calendar file. Export the timetable as .ics (iCalendar) and choose that file."),
        "too_many": _("There are too many events in the file. Export the lessons of one specialist and one year."),
        "empty": _("There are no events in the file. Check which calendar was exported."),
        "rule": _("The event “{event}” is repeated in a way that lessons are not. Make it weekly and export again."),
    }[code].format(event=event)


class AbsenceForm(forms.ModelForm):
    """An absence; for one day the last need not be written."""

    specialist = StaffField(Membership.objects.none(), label=_("Who is absent"))
    first_on = DayField(label=_("First day"))
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for one day."))
    deputy = StaffField(
        Membership.objects.none(),
        label=_("Who stands in"),
        required=False,
        empty_label=_("nobody"),
        help_text=_("Gives the consultations of the absent one in these days."),
    )

    class Meta:
        model = Absence
        fields = ["specialist", "first_on", "last_on", "deputy", "reason"]

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("specialist", "deputy"):
            self.fields[name].queryset = staff

    def clean_last_on(self) -> date | None:
        return self.cleaned_data["last_on"] or self.cleaned_data.get("first_on") or self.instance.last_on


class HoursWordsForm(forms.Form):
    words = forms.CharField(required=False, strip=False, max_length=5000)
