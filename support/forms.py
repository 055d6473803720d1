"""What is typed into the pages of help. Forms clean; operations decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Direction, DirectionQuerySet
from ejournal_rollout.people.models import Membership, MembershipQuerySet

from .models import HelpRequest
from .presentation import OF_SPECIALISTS

MOST_WORDS = 10_000


class PersonField(forms.ModelChoiceField):
    """A colleague by full name and post."""

    def label_from_instance(self, member: Membership) -> str:
        return ", ".join(filter(None, [member.full_name, member.post]))


class ListForm(forms.Form):
    """The address of the list; what is not understood counts as not given."""

    list = forms.ChoiceField(choices=[(name, name) for name in OF_SPECIALISTS], required=False)
    page = forms.IntegerField(min_value=1, required=False)

    def clean(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in self.fields}


class PresetForm(forms.Form):
    """`?direction=` of the page on which one asks."""

    direction = forms.ModelChoiceField(Direction.objects.none(), required=False)

    def __init__(self, *args: Any, directions: DirectionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].queryset = directions


class AskForm(forms.Form):
    """The question comes first. `staff`, where one may write for others, adds the field of who asks."""

    question = forms.CharField(
        label=_("What is your question? In one line"),
        max_length=300,
        error_messages={"required": _("Write your question in one line.")},
    )
    direction = forms.ModelChoiceField(
        Direction.objects.none(),
        label=_("Direction"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the direction of your question."),
            "invalid_choice": _("There is no such direction in the schedule. Choose another."),
        },
    )
    description = forms.CharField(
        label=_("What happened, what you have tried"),
        max_length=MOST_WORDS,
        required=False,
        help_text=_("You may leave it empty. Please write no passwords and nothing personal about pupils."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    form = forms.ChoiceField(
        label=_("How would you like to be helped?"),
        choices=HelpRequest.Form.choices,
        initial=HelpRequest.Form.ONLINE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you would like to be helped.")},
    )

    def __init__(
        self, *args: Any, directions: DirectionQuerySet, staff: MembershipQuerySet | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["direction"].queryset = directions
        if staff is not None:
            self.fields["requester"] = PersonField(
                staff,
                label=_("Who asks"),
                empty_label=None,
                help_text=_("Choose a colleague who came in person or phoned."),
                error_messages={"invalid_choice": _("This person does not work in your school.")},
            )


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
