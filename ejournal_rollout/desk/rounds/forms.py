"""Forms of planning rounds and of help after a finding."""

from collections.abc import Iterable
from datetime import date
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Direction, DirectionQuerySet
from consultations.moments import said_day
from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from plans.models import CHECKING_ROLES, Finding, Indicator, Round
from plans.operations import Check
from plans.recurrence import Pace, days_from, is_share, number_in, read_indicators

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
MOST_INDICATORS = 30
LONGEST_QUESTION = 300  # as long as the question of a help request


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("Write the day as 24.11.2026."),
        }
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=DAY_FORMATS, widget=widget, error_messages=messages, **kwargs)


class CheckerField(forms.ChoiceField):
    """Who checks: the executors, a role of the order or a person; cleaned into (person or None, role or "")."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self._people: dict[str, Membership] = {}

    def offer(self, staff: Iterable[Membership]) -> None:
        self._people = {f"person-{one.pk}": one for one in staff}
        people = [(value, ", ".join(filter(None, [one.full_name, one.post]))) for value, one in self._people.items()]
        self.choices = [
            ("", _("executors of the task")),
            (_("Roles"), CHECKING_ROLES),
            (_("People"), people),
        ]

    def clean(self, value: Any) -> tuple[Membership | None, str]:
        chosen = super().clean(value)
        person = self._people.get(chosen)
        return person, "" if person else chosen


class SeriesForm(forms.Form):
    """A check and its days. `days` are the ticked ones: they are what is planned, whatever the pace above says."""

    checked = forms.CharField(
        label=gettext_lazy("What is checked"),
        max_length=Round._meta.get_field("checked").max_length,
        error_messages={"required": gettext_lazy("Write what is checked.")},
    )
    classes = forms.CharField(
        label=gettext_lazy("Classes"), max_length=200, required=False, help_text=gettext_lazy("E.g. “5–9” or “7-Б”.")
    )
    subjects = forms.CharField(label=gettext_lazy("Subjects"), max_length=200, required=False)
    checker = CheckerField(label=gettext_lazy("Who checks"))
    checker_words = forms.CharField(
        label=gettext_lazy("Who checks, in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("If the list does not say it all, e.g. “with the heads of subject groups”."),
    )
    indicators = forms.CharField(
        label=gettext_lazy("What is measured"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "One line each; behind a colon what is agreed in your school: the norm, or the weight of a mark. "
            "It is only a list to begin with: change it or leave it empty."
        ),
    )
    first_on = DayField(label=gettext_lazy("First day"))
    pace = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[
            (Pace.ONCE.value, gettext_lazy("once")),
            (Pace.WEEKS.value, gettext_lazy("every so many weeks")),
            (Pace.MONTHS.value, gettext_lazy("every so many months")),
        ],
        initial=Pace.MONTHS.value,
    )
    every = forms.IntegerField(
        label=gettext_lazy("Every how many weeks or months"), min_value=1, max_value=12, initial=1, required=False
    )
    until = DayField(label=gettext_lazy("Until"), required=False)
    days = forms.MultipleChoiceField(label=gettext_lazy("Days"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, staff: MembershipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checker"].offer(staff)
        if self.is_bound:  # any day may be ticked: the operation refuses what is out of the school year
            self.fields["days"].choices = [(day, day) for day in self.data.getlist("days") if _is_day(day)]

    def clean_indicators(self) -> tuple[tuple[str, str], ...]:
        indicators = read_indicators(self.cleaned_data["indicators"])
        if len(indicators) > MOST_INDICATORS:
            raise ValidationError(_("These are more than %(most)d lines."), params={"most": MOST_INDICATORS})
        for name, place in (("words", 0), ("norm", 1)):
            most = Indicator._meta.get_field(name).max_length
            long = next((one[place] for one in indicators if len(one[place]) > most), "")
            if long:
                raise ValidationError(_("This line is too long: %(line)s"), params={"line": Truncator(long).chars(60)})
        over = next((words for words, norm in indicators if is_share(words) and (number_in(norm) or 0) > 100), "")
        if over:
            raise ValidationError(_("A share is not more than 100 %%: %(line)s"), params={"line": over})
        return indicators

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        pace = given.get("pace")
        if pace and pace != Pace.ONCE:
            given["every"] = given.get("every") or 1
            first, until = given.get("first_on"), given.get("until")
            if not until and "until" not in self.errors:
                self.add_error("until", ValidationError(_("Choose the last day."), code="required"))
            elif first and until and until < first:
                self.add_error("until", ValidationError(_("The last day cannot come before the first."), code="until"))
        return given

    def check(self) -> Check:
        """Of a form that is valid."""
        given = self.cleaned_data
        person, role = given["checker"]
        return Check(
            checked=given["checked"],
            classes=given["classes"],
            subjects=given["subjects"],
            checker=person,
            checker_role=role,
            checker_words=given["checker_words"],
            indicators=given["indicators"],
        )

    def chosen_days(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]

    def proposed_days(self, *, most: int) -> list[date]:
        """The days of the pace, of a form that is valid; not more than one more than `most`."""
        given = self.cleaned_data
        pace = Pace(given["pace"])
        days = days_from(given["first_on"], pace, every=given["every"] or 1, until=given["until"] or given["first_on"])
        return [day for day, _place in zip(days, range(most + 1), strict=False)]

    def offer_days(self, days: Iterable[date], calendar: SchoolCalendar) -> None:
        """Each day with a tick; of a day off the next working day is ticked instead, and the person decides.

        A day off falls out where the series goes on before the school works again: no check takes the place of two.
        """
        rows: dict[date, str] = {}
        ticked: set[date] = set()
        series = sorted(set(days))
        for day, following in zip_longest(series, series[1:]):
            reason = calendar.why_closed(day)
            instead = calendar.next_open(day) if reason else day
            if instead == day:
                rows[day] = reason
                ticked.add(day)
            elif following and following <= instead:
                rows[day] = _("%(reason)s: the day falls out") % {"reason": reason}
            else:
                rows[day] = reason
                rows[instead] = _("instead of %(day)s") % {"day": said_day(day)}
                ticked.add(instead)
        self.fields["days"].choices = [
            (day.isoformat(), f"{said_day(day)} {day.year}" + (f" — {words}" if words else ""))
            for day, words in sorted(rows.items())
        ]
        self.data = self.data.copy()
        self.data.setlist("days", [day.isoformat() for day in sorted(ticked)])


class OneDayForm(forms.Form):
    """A day for one round; a day off is asked about once more."""

    planned_on = DayField(label=gettext_lazy("Day"))
    anyway = forms.BooleanField(
        label=gettext_lazy("On this day all the same"), required=False, widget=forms.HiddenInput
    )

    def ask_again(self, reason: str, instead: date) -> None:
        """The day is off: it may be taken all the same, or the next working day."""
        self.fields["anyway"].widget = forms.CheckboxInput()
        words = _("The school is closed on this day: %(reason)s. The next working day is %(day)s.")
        said = {"reason": reason, "day": f"{said_day(instead)} {instead.year}"}
        self.add_error("planned_on", ValidationError(words % said, code="day_off"))


class HelpForm(forms.Form):
    """What the specialists will read about a finding."""

    direction = forms.ModelChoiceField(
        Direction.objects.none(),
        label=gettext_lazy("Direction"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the direction of the question.")},
    )
    question = forms.CharField(
        label=gettext_lazy("Question in one line"),
        max_length=LONGEST_QUESTION,
        error_messages={"required": gettext_lazy("Write the question in one line.")},
    )

    def __init__(self, *args: Any, directions: DirectionQuerySet, finding: Finding, **kwargs: Any) -> None:
        said = ": ".join(filter(None, [finding.place, finding.text]))
        initial = {"question": Truncator(fold(said)).chars(LONGEST_QUESTION)}
        if len(directions) == 1:
            initial["direction"] = directions[0]
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["direction"].queryset = directions


class RequestForm(HelpForm):
    description = forms.CharField(
        label=gettext_lazy("What else the specialist must know"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, finding=finding, **kwargs)
        checked = finding.round
        ground = _("After the check “%(checked)s” of %(day)s, task %(task)s.") % {
            "checked": checked.checked,
            "day": f"{checked.held_on or checked.planned_on:%d.%m.%Y}",
            "task": checked.task.number,
        }
        self.initial["description"] = f"{ground}\n{finding.text}"


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
