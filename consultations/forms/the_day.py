"""What is said of a consultation that was: came or not, the result, a note, a rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Booking
from .fields import QUESTION_LENGTH, DayField


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
