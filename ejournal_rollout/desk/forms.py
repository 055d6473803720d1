"""The filter of the journal (an address that does not fit shows everything, with a sentence); the change of school."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.history.models import VERBS
from ejournal_rollout.people.models import Membership, User


class JournalFilter(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("everybody")
    )
    verb = forms.ChoiceField(label=_("What"), required=False)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.visible_to(member)
        by_words = sorted(((verb, str(words)) for verb, words in VERBS.items()), key=lambda pair: pair[1])
        self.fields["verb"].choices = [("", _("everything")), *by_words]
        for field in ("person", "verb"):
            self.fields[field].widget.attrs["class"] = "form-select"


class SwitchSchoolForm(forms.Form):
    """One of the person's own places of work."""

    membership = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, memberships: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].choices = [(one.pk, str(one.school)) for one in memberships]
