"""The address of the messages page: only which page of the list."""

from django import forms


class PageForm(forms.Form):
    page = forms.IntegerField(required=False, min_value=1)
