"""What is chosen on the way to a consultation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import MOST_WORDS


class BookForm(forms.Form):
    """One of the times that the page offers, and the question with which the teacher comes."""

    starts_at = forms.TypedChoiceField(
        label=_("Time"),
        coerce=datetime.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time has just been taken. Choose another."),
        },
    )
    question = forms.CharField(
        label=_("Question for the consultation"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the question for the consultation.")},
    )

    def __init__(self, *args: Any, times: Sequence[datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].choices = [(time.isoformat(), f"{time:%H:%M}") for time in times]
