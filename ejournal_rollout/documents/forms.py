"""What a person gives when a file of an order is loaded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ejournal_rollout.documents.tables.opening import MOST_BYTES
from ejournal_rollout.orders.drafts import OrderDraft, fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import ROLE_WORDS

from .differences import FIELD_WORDS
from .settling import Answer, Question, Row

YEARS_BACK, YEARS_AHEAD = 10, 2


class SchoolYearField(forms.TypedChoiceField):
    """A school year around the day `today`; gives a SchoolYear, or None where it is not required."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=SchoolYear.parse, empty_value=None, **options)

    def offer(self, years: list[SchoolYear], *, empty: str = "") -> None:
        self.choices = ([("", empty)] if empty else []) + [(str(year), str(year)) for year in years]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File of the order"),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.csv,.txt,.doc,.odt"}),
        error_messages={
            "required": _("Choose the file of the order."),
            "empty": _("The file is empty. Choose the file with the order."),
        },
    )
    school_year = SchoolYearField(
        label=_("School year"),
        required=False,
        help_text=_("Needed only if the order does not name it: for terms such as “July–August” without a year."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_year"].offer(_years(today), empty=str(_("as the order says")))
        self.fields["file"].help_text = _(
            "Word (.docx), a table of Excel (.xlsx) or with separators (.csv), or text (.txt), "
            "not larger than %(limit)d MB."
        ) % {"limit": MOST_BYTES // 1024 // 1024}

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)d MB. Remove the pictures from it and try again."),
                code="file_too_large",
                params={"limit": MOST_BYTES // 1024 // 1024},
            )
        return file


def _years(today: date) -> list[SchoolYear]:
    now = SchoolYear.of(today).first
    return [SchoolYear(first) for first in range(now + YEARS_AHEAD, now - YEARS_BACK - 1, -1)]


# The longest words that a field can store (the columns of the models), and how many lines its box shows.
_LONGEST = {
    "number": 20,
    "order number": 60,
    "term": 300,
    "direction": 300,
    "room": 100,
    "heading": 500,
    "organization": 250,
}
_LONGEST_TEXT = 20_000
_ONE_LINE = frozenset({"number", "room", "organization"})


class SettleForm(forms.Form):
    """What a person says about one row: corrected words, and what words mean that the program does not know.

    Only what the remarks ask about is offered. `staff`: who may be chosen as a specialist, as (number, name).
    """

    def __init__(
        self,
        *args: Any,
        row: Row,
        printed: Mapping[str, str],
        questions: Sequence[Question],
        answer: Answer,
        staff: Sequence[tuple[int, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=row.anchor, **kwargs)
        self.row, self.printed, self.questions, self.answer = row, printed, questions, answer
        self.names = _cells_asked_about(row, questions)
        for name in self.names:
            self.fields[name] = _cell_field(row, name, today)
        self.asks_days = any(one.field == "term" and one.code.startswith("term_") for one in questions)
        if self.asks_days:
            days = answer.days or ("", "")
            self.fields["starts_on"] = _day_field(_("First day"), days[0])
            self.fields["due_on"] = _day_field(_("Last day"), days[1])
            before = self.names[: self.names.index("term") + 1] if "term" in self.names else []
            self.order_fields([*before, "starts_on", "due_on"])
        self.parties = {
            f"party-{one.mark}": fold(one.printed)
            for one in questions
            if one.code in ("role_unknown", "person_unknown")
        }
        for name, words in self.parties.items():
            self.fields[name] = forms.ChoiceField(
                label=words, required=False, choices=_parties(row, staff), initial=answer.parties.get(words, "")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", _("The last day cannot come before the first."))
        return cleaned

    def answered(self, *, confirmed: str, by: str, at: datetime) -> Answer:
        """The answer with what was typed, and with the remark of the mark `confirmed` if there is one."""
        cells = dict(self.answer.cells)
        for name in self.names:
            if self.add_prefix(name) not in self.data:
                continue  # what was not sent was not emptied
            words = _as_words(self.cleaned_data[name])
            if fold(words) == fold(self.read_words(name)):  # blanks alone correct nothing
                cells.pop(name, None)
            else:
                cells[name] = words
        days = self.answer.days
        if self.asks_days:
            given = tuple(_as_words(self.cleaned_data[name]) for name in ("starts_on", "due_on"))
            # days that were given for other words do not hold for new ones
            is_stale = given == days and cells.get("term") != self.answer.cells.get("term")
            days = given if any(given) and not is_stale else None
        chosen = {words: self.cleaned_data[name] for name, words in self.parties.items()}
        parties = {words: choice for words, choice in (self.answer.parties | chosen).items() if choice}
        marks = {one.mark for one in self.questions} & {confirmed, *self.answer.confirmed}
        return Answer(cells, days, parties, tuple(sorted(marks)), by=by, at=at.isoformat())

    def read_words(self, name: str) -> str:
        """What the paper says in the cell."""
        return self.printed.get(name, self.row.cells[name])


class SettlePressForm(forms.Form):
    """Which button was pressed on a row: the mark of a remark to confirm, or `reopen`; neither saves what was typed.

    `seen` is the mark of the answer that the page showed at the row.
    """

    seen = forms.CharField(required=False, max_length=12)
    confirm = forms.CharField(required=False, max_length=12)
    reopen = forms.BooleanField(required=False)


def _cells_asked_about(row: Row, questions: Sequence[Question]) -> list[str]:
    asked = {one.field for one in questions}
    if any(one.code == "headings_disagree" for one in questions):
        asked |= {"number", "signed_on"}
    if any(one.code.startswith("number_") for one in questions):
        asked.add("number")
    if "" in asked and row.key:  # the remark is about the row as a whole
        return list(row.cells)
    return [name for name in row.cells if name in asked or (name.startswith("other-") and "other" in asked)]


def _cell_field(row: Row, name: str, today: date) -> forms.Field:
    words = row.cells[name]
    if name == "signed_on":
        return _day_field(FIELD_WORDS[name], words)
    if name == "school_year":
        year = SchoolYearField(label=FIELD_WORDS[name], required=False, initial=words)
        year.offer(_years(today), empty=str(_("choose")))
        return year
    header = row.draft.other[int(name.removeprefix("other-"))][0] if name.startswith("other-") else ""
    widget = forms.TextInput() if name in _ONE_LINE else forms.Textarea(attrs={"rows": min(8, 2 + len(words) // 90)})
    return forms.CharField(
        label=fold(header) or FIELD_WORDS[name],
        required=False,
        initial=words,
        max_length=_LONGEST.get(f"{row.annex} {name}") or _LONGEST.get(name, _LONGEST_TEXT),
        widget=widget,
    )


def _day_field(label: str, initial: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, initial=initial or None, widget=widget)


def _parties(row: Row, staff: Sequence[tuple[int, str]]) -> list[tuple[str, Any]]:
    roles = [(f"role:{role.value}", words) for role, words in ROLE_WORDS.items()]
    if row.annex != "schedule":
        return [("", _("choose")), *roles]
    people = [(f"person:{pk}", name) for pk, name in staff]
    return [("", _("choose")), (_("Roles"), roles), *([(_("Staff"), people)] if people else [])]


def _as_words(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n")


class ImportForm(forms.Form):
    """The last step: what the paper did not say, and a tick if remarks are still open.

    `drafts`: the draft orders that the paper may renew; none are asked about if the paper found its own order.
    `seen` is the mark of the differences that the page shows.
    """

    rest = forms.BooleanField()
    school_year = SchoolYearField(
        label=_("School year"), error_messages={"required": _("Choose the school year of the order.")}
    )
    into = forms.ModelChoiceField(
        label=_("Load as"),
        queryset=Order.objects.none(),
        required=False,
        empty_label=_("a new order"),
        help_text=_(
            "If you have corrected the file of a draft, choose this draft: you will see what changes in it first."
        ),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        draft: OrderDraft,
        open_count: int,
        drafts: QuerySet[Order] | None,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if drafts is None:
            del self.fields["into"]
        else:
            self.fields["into"].queryset = drafts
        if open_count:
            words = ngettext(
                "I leave %(count)d open remark as printed", "I leave %(count)d open remarks as printed", open_count
            )
            self.fields["rest"].label = words % {"count": open_count}
            self.fields["rest"].error_messages["required"] = _(
                "Settle the remarks that are open, or tick the box: then nothing is read into their words."
            )
        else:
            del self.fields["rest"]
        if draft.school_year or draft.signed_on:
            del self.fields["school_year"]
        else:
            self.fields["school_year"].offer(_years(today), empty=str(_("choose")))

    def show_seen(self, mark: str) -> None:
        """The form is shown beside these differences, whatever it was sent with."""
        self.initial["seen"] = mark
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = mark
