"""The address of the lists."""

from typing import Any

from django import forms

from ..presentation import OF_SPECIALISTS


class ListForm(forms.Form):
    """The address of the list; what is not understood counts as not given."""

    list = forms.ChoiceField(choices=[(name, name) for name in OF_SPECIALISTS], required=False)
    page = forms.IntegerField(min_value=1, required=False)

    def clean(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in self.fields}
