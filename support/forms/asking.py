"""What one types to ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.models import Direction, DirectionQuerySet
from ejournal_rollout.people.models import MembershipQuerySet

from ..models import HelpRequest
from .fields import MOST_WORDS, PersonField


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
