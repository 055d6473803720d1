"""What is typed into a request. Forms clean; operations decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, MembershipQuerySet

from .fields import MOST_WORDS, PersonField


class WordsForm(forms.Form):
    """Words of a reply or of a note."""

    text = forms.CharField(
        label=_("Text"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the text.")},
    )


class HandOverForm(forms.Form):
    to = PersonField(
        Membership.objects.none(),
        label=_("To whom"),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("This person does not answer requests."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The teacher will read it too."),
        error_messages={"required": _("Write the reason in a few words.")},
    )

    def __init__(self, *args: Any, colleagues: MembershipQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues


class CloseForm(forms.Form):
    """ "yes", "no" or nothing said about whether it helped."""

    helped = forms.TypedChoiceField(
        choices=[("", ""), ("yes", "yes"), ("no", "no")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
