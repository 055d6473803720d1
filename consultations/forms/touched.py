"""What is decided of consultations and seminars that the calendar has met since they were agreed on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..moments import said_span
from ..operations import Touched, TouchedSeminar

MOVE, CANCEL, KEEP, LATER = "move", "cancel", "keep", ""


class DecisionForm(forms.Form):
    """One decision. A choice names what was shown: if that has changed since, the form is invalid."""

    act = forms.ChoiceField(required=False, widget=forms.RadioSelect(attrs={"class": "form-check-input"}))
    reason = forms.CharField(
        required=False,
        max_length=300,
        label=_("Reason; those concerned read it"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )

    def decide(self, *, reason: str, sequence: int, first: tuple[str, Any] | None) -> None:
        """`first` stands before the others and is chosen already; `reason` is read where no other is typed."""
        choices = [
            (f"{CANCEL}|{sequence}", _("Cancel; they are told")),
            (f"{KEEP}|{sequence}|{reason}", _("It takes place all the same; they are told")),
            (LATER, _("Decide later")),
        ]
        self.fields["act"].choices = [*([first] if first else []), *choices]
        self.initial = {"act": first[0] if first else LATER, "reason": reason}

    @property
    def act_chosen(self) -> str:
        return self.cleaned_data["act"].partition("|")[0]

    @property
    def words(self) -> str:
        """Why it is moved, cancelled or kept; the reason of the list where none is left."""
        return self.cleaned_data["reason"].strip() or self.initial["reason"]


class TouchedForm(DecisionForm):
    def __init__(self, *args: Any, touched: Touched, **kwargs: Any) -> None:
        booking, time = touched.booking, touched.time
        super().__init__(*args, prefix=f"booking-{booking.pk}", **kwargs)
        move = None
        if time:
            moment = said_span(time.starts_at, time.ends_at, time.starts_at.tzinfo)
            words = _("Move to {moment}, {specialist}").format(moment=moment, specialist=touched.specialist.name)
            move = f"{MOVE}|{booking.sequence}|{time.starts_at.isoformat()}|{touched.specialist.pk}", words
        self.decide(reason=touched.reason, sequence=booking.sequence, first=move)


class TouchedSeminarForm(DecisionForm):
    def __init__(self, *args: Any, touched: TouchedSeminar, **kwargs: Any) -> None:
        seminar = touched.seminar
        super().__init__(*args, prefix=f"seminar-{seminar.pk}", **kwargs)
        self.decide(reason=touched.reason, sequence=seminar.sequence, first=None)
