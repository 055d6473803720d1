"""Fields that several forms have."""

from django import forms

from ejournal_rollout.people.models import Membership

MOST_WORDS = 10_000


class PersonField(forms.ModelChoiceField):
    """A colleague by full name and post."""

    def label_from_instance(self, member: Membership) -> str:
        return ", ".join(filter(None, [member.full_name, member.post]))
