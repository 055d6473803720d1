"""What people type in Annex 3. A form cleans and shapes; the operations decide."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import Membership

from .models import SCREENSHOT_LIMITS, Absence, Bell, Booking, Direction, Lesson, Screenshot, Topic
from .moments import said_span
from .timetable_file import BYTES_MOST

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M", "%H-%M", "%H"]
QUESTION_LENGTH = 2000


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class DayField(forms.DateField):
    """A day as the browser sends it or as a person types it: 31.08.2021, 31.8.21, 2021-08-31.

    A year outside of this century is a slip of the finger.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            error_messages={"invalid": _("Write the day as 24.11.2026.")},
            widget=kwargs.pop("widget", DayInput()),
            **kwargs,
        )

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 2000 <= day.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class ClockField(forms.TimeField):
    """10:20, 10.20 or 10-20."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=TIME_FORMATS,
            error_messages={"invalid": _("Write the time as 10:20.")},
            widget=kwargs.pop("widget", TimeInput()),
            **kwargs,
        )


class SpecialistField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), widget=forms.HiddenInput, **kwargs)

    def label_from_instance(self, member: Membership) -> str:
        return member.name


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
    """The new time; `sequence` is the number of the change that the page showed."""

    sequence = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


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


class PageForm(forms.Form):
    """Which page of a list; what cannot be read is the first."""

    page = forms.IntegerField(required=False, min_value=1)

    @property
    def number(self) -> int:
        return (self.cleaned_data["page"] if self.is_valid() else None) or 1


class DayForm(forms.Form):
    """Which day of the specialist; a day that cannot be read is today."""

    on = DayField(required=False, label=_("Day"), widget=DayInput(**{"class": "form-control"}))

    def day_or(self, today: date) -> date:
        return (self.cleaned_data["on"] if self.is_valid() else None) or today


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


class StaffField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return member.full_name


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
        return self.cleaned_data["last_on"] or self.cleaned_data.get("first_on")


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


class WhoseForm(forms.Form):
    """`?of=room-3`: whose list or sheet, one of those that the page offers."""

    of = forms.ChoiceField(label=_("Whose"), required=False, widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = choices


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


class HoursWordsForm(forms.Form):
    words = forms.CharField(required=False, strip=False, max_length=5000)


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


class AttendanceForm(forms.Form):
    """Came or not, by one button; with words only where there are fields for them. `back`: the day that was shown."""

    came = forms.TypedChoiceField(
        choices=[("yes", _("Came")), ("no", _("Did not come")), ("unmarked", _("Take the mark back"))],
        coerce=lambda value: {"yes": True, "no": False}.get(value),
        empty_value=None,
        error_messages={"required": _("Choose: came or did not come.")},
    )
    outcome = forms.CharField(label=_("What was solved"), max_length=QUESTION_LENGTH, required=False)
    follow_up = forms.CharField(
        label=_("What is left to do"),
        max_length=300,
        required=False,
        help_text=_("If one meeting was not enough. The teacher reads it too; nothing is asked for if it is empty."),
    )
    back = DayField(required=False)

    @property
    def said(self) -> dict[str, Any]:
        """What was said: words that had no field are None, they stay as they are."""
        given = self.cleaned_data
        words = {name: given[name] if name in self.data else None for name in ("outcome", "follow_up")}
        return {"came": given["came"], **words}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for colleagues"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the text.")},
    )


class RatingForm(forms.Form):
    rating = forms.TypedChoiceField(
        choices=Booking.Rating.choices,
        coerce=lambda value: Booking.Rating(int(value)),
        error_messages={"required": _("Choose one of the three.")},
    )


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


class TimeRequestForm(forms.Form):
    """A question and up to three times, each a day and a clock time; `asked_from`: see `AskedForm`."""

    asked_from = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    question = forms.CharField(
        label=_("Your question"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "In a few words: what does not work or what you want to learn. "
            "The specialists and the administration see it."
        ),
        error_messages={"required": _("Write your question: the specialist will prepare for it.")},
    )
    day_1 = DayField(label=_("Day"), required=False)
    time_1 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)
    day_2 = DayField(label=_("Day"), required=False)
    time_2 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)
    day_3 = DayField(label=_("Day"), required=False)
    time_3 = ClockField(label=pgettext_lazy("of day", "Time"), required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"day_{number}"], self[f"time_{number}"]) for number in (1, 2, 3)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        times = []
        for number in (1, 2, 3):
            day, clock = given.get(f"day_{number}"), given.get(f"time_{number}")
            if day and clock is not None:
                times.append(datetime.combine(day, clock, tzinfo=self.zone))
            elif day and f"time_{number}" not in self.errors:
                self.add_error(f"time_{number}", _("Add the time."))
            elif clock is not None and f"day_{number}" not in self.errors:
                self.add_error(f"day_{number}", _("Add the day."))
        if not times and not any(name.startswith(("day_", "time_")) for name in self.errors):
            self.add_error("day_1", ValidationError(_("Propose at least one time."), code="no_times"))
        given["times"] = times
        return given


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Why, and when it would suit"),
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write to the teacher why, and which time would suit.")},
    )


class AcceptForm(forms.Form):
    """Which of the proposed times; the choices are those of the request."""

    time = forms.ModelChoiceField(queryset=None, error_messages={"required": _("Choose one of the times.")})

    def __init__(self, *args: Any, times: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time"].queryset = times


class TouchedForm(forms.Form):
    """What to do with a consultation on a closed day. A choice names what was shown: if that changed, it is invalid."""

    MOVE, CANCEL, KEEP = "move", "cancel", "keep"
    act = forms.ChoiceField(widget=forms.RadioSelect(attrs={"class": "form-check-input"}))

    def __init__(self, *args: Any, touched: Any, **kwargs: Any) -> None:
        """`touched`: `operations.Touched`."""
        booking, choices = touched.booking, []
        if touched.time:
            moment = said_span(touched.time.starts_at, touched.time.ends_at, booking.teacher.school.zone)
            words = _("Move to {moment}, {specialist}").format(moment=moment, specialist=touched.specialist.name)
            seen = f"{booking.sequence}|{touched.time.starts_at.isoformat()}|{touched.specialist.pk}"
            choices.append((f"{self.MOVE}|{seen}", words))
        choices += [
            (f"{self.CANCEL}|{booking.sequence}", _("Cancel, the reason is told")),
            (self.KEEP, _("Leave it as it is")),
        ]
        super().__init__(*args, prefix=f"booking-{booking.pk}", initial={"act": choices[0][0]}, **kwargs)
        self.fields["act"].choices = choices
        if not touched.time:
            self.initial["act"] = self.KEEP


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day of the school."""
    return datetime.combine(day, time(0), tzinfo=zone)
