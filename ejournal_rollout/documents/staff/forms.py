"""What a person gives when a staff list is loaded."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from .cells import FIELDS, LONGEST, proposed
from .paper import StaffPaper
from .preview import Answers
from .sheets import MOST_BYTES

_CELL = re.compile(rf"cell-(\d{{1,4}})-({'|'.join(FIELDS)})")
_WHO = re.compile(r"who-(\d{1,4})")


class StaffUploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the staff list"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("Excel (.xlsx) or text with separators (.csv), not larger than 5 MB."),
        error_messages={
            "required": _("Choose the file of the staff list."),
            "empty": _("The file is empty. Choose the file with the staff list."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Leave only the staff list in it and try again."),
                code="file_too_large",
            )
        return file


class StaffImportForm(forms.Form):
    """The answers under the preview: `take`, `invite` are ticked rows, `shown` those with a box to tick; `who-3` says
    who the row of index 3 is, `cell-3-email` corrects its e-mail. Answers about rows that are not there are passed
    over."""

    starts_on = forms.DateField(
        label=_("Roles held from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, paper: StaffPaper, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": today}, **kwargs)
        self.paper = paper

    @property
    def answers(self) -> Answers:
        corrections, who = {}, {}
        for key, words in self.data.items():
            if (found := _WHO.fullmatch(key)) and int(found[1]) < len(self.paper.rows):
                who[int(found[1])] = words
            if (found := _CELL.fullmatch(key)) and int(found[1]) < len(self.paper.rows):
                index, name = int(found[1]), found[2]
                words = words.replace("\x00", "").strip()[: LONGEST[name]]
                if words != proposed(self.paper.rows[index].cells, name):  # else it is as it was shown
                    corrections[index, name] = words
        return Answers(corrections, who)

    def ticked(self, name: str) -> set[int]:
        """The rows ticked in the column `name`."""
        given = self.data.getlist(name) if self.is_bound else []
        return {int(one) for one in given if one.isdecimal() and len(one) < 5 and int(one) < len(self.paper.rows)}
