"""The wordings of an order: as signed, as amended, as it stands now; and what a page of an annex marks.

"The wording in force" is what the newest amendment in force says, or the signed order. What differs from it was
changed by nobody's order yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django import forms
from django.db import models
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.history.models import Entry

from .changes import ANNEXES, Annex, Row, RowMark, annex_changes, annex_marks, cells_of
from .drafts import ClauseDraft, OrderDraft, StageDraft, TaskDraft, fold, plain_number, rows
from .models import Amendment, Order
from .paper_notes import paper_notes


class View(models.TextChoices):
    """How the page of an annex is looked at: `NOW` beside the wording in force, `COMPARED` beside the signed one."""

    NOW = "", _("As it stands now")
    COMPARED = "compare", _("Beside the signed order")
    SIGNED = "signed", _("As signed")


class _ViewForm(forms.Form):
    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.fields["as"] = forms.ChoiceField(choices=View.choices, required=False)


def view_asked(query: QueryDict) -> View:
    """`?as=` of the address; what is not known shows the order as it stands now."""
    form = _ViewForm(query)
    return View(form.cleaned_data["as"]) if form.is_valid() else View.NOW


def wording_in_force(order: Order) -> OrderDraft | None:
    """None until the order is signed. One query."""
    newest = Amendment.objects.of(order).in_force().last()
    return newest.wording_after if newest else order.signed_draft


def with_amendments(orders: models.QuerySet[Order]) -> tuple[Order, list[Amendment]] | None:
    """One order and all its amending orders, the oldest first; None if it is not among `orders`. One query: the order
    comes once for each of them."""
    names = ("pk", "number", "signed_on", "grounds", "state", "before", "after", "in_force_since", "made_by_id")
    columns = {f"its_{name}": F(f"amendments__{name}") for name in names}
    found = list(orders.annotate(**columns).order_by("amendments__pk"))
    if not found:
        return None
    rows = [{name: getattr(one, f"its_{name}") for name in names} for one in found]
    return found[0], [Amendment(order=found[0], **row) for row in rows if row["pk"]]


def notes_under(now: OrderDraft, signed: OrderDraft, amendments: Sequence[Amendment]) -> dict[str, list[str]]:
    """The notes under each annex of `now` on a sheet that has no other marks; `amendments` are those in force."""
    notes = {}
    for name in ANNEXES:
        if annex := getattr(now, name):
            wordings = [(None, getattr(signed, name)), *((one, getattr(one.wording_after, name)) for one in amendments)]
            notes[name] = paper_notes(annex, annex_marks(wordings, annex), with_orders=True)
    return notes


@dataclass(frozen=True)
class LastChange:
    """Who changed a row, and when; empty where the journal does not know."""

    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class RowOnPage:
    """A row with its mark; `change` is set where no order says yet what stands there."""

    mark: RowMark[Amendment] = RowMark()
    change: LastChange | None = None


@dataclass(frozen=True)
class GoneRow:
    """A row that the order had; `change` is set where no order removed it."""

    words: str
    amended_by: Amendment | None
    change: LastChange | None = None


class AnnexPage:
    """An annex as its page shows it: what differs, who changed it, which order amended it.

    `subjects` are the records of the rows of `now` in the same order, `head` that of the annex. Costs two queries
    whatever has changed: the amendments, and the journal if something differs and `entries` of it are not given.
    """

    def __init__(
        self,
        order: Order,
        name: str,
        now: Annex | None,
        *,
        head: models.Model,
        subjects: Sequence[models.Model],
        view: View = View.NOW,
        entries: Sequence[Entry] | None = None,
    ) -> None:
        self._known_entries = entries
        self.order, self.now = order, now
        self._head, self._subjects = head, subjects
        signed = order.signed_draft
        self.signed: Annex | None = getattr(signed, name) if signed else None
        self.view = view if self.signed else View.NOW
        self.amendments = list(Amendment.objects.of(order).in_force()) if signed else []
        wordings = [(None, self.signed), *((one, getattr(one.wording_after, name)) for one in self.amendments)]
        is_compared = self.view is View.COMPARED
        self._marks = annex_marks(wordings, now, beside_signed=is_compared) if signed else None
        self.has_signed_other_words = bool(signed and annex_changes(name, self.signed, now))

    @property
    def is_signed_view(self) -> bool:
        return self.view is View.SIGNED

    @property
    def is_compared(self) -> bool:
        return self.view is View.COMPARED

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(value of `as`, words, is it chosen); nothing where the order stands as it was signed."""
        differs = self.signed and (self.has_signed_other_words or self.view is not View.NOW)
        return [(one.value, one.label, one is self.view) for one in View] if differs else []

    @property
    def heads(self) -> dict[str, str]:
        """The heading and the title before, where they differ from words that stood there."""
        return {name: words for name, words in self._marks.heads.items() if words.strip()} if self._marks else {}

    @property
    def head_change(self) -> LastChange | None:
        """Who edited the head of the annex, where no order says what stands there."""
        if not self.heads:
            return None
        own = (one for one in self._entries if _is_about(one, self._head))
        return _last(next(own, None))

    @cached_property
    def rows(self) -> list[RowOnPage]:
        """One for each row of `now`."""
        if self._marks is None:
            return [RowOnPage() for _row in self._subjects]
        return [
            RowOnPage(mark, self._change(subject, row, mark) if mark.is_open else None)
            for mark, subject, (_key, row) in zip(self._marks.rows, self._subjects, rows(self.now), strict=True)
        ]

    def row_of(self, subject: models.Model) -> RowOnPage:
        """The mark of one record; ValueError if it is not a row of the annex."""
        return self.rows[list(self._subjects).index(subject)]

    @cached_property
    def gone(self) -> list[GoneRow]:
        removed = self._marks.removed if self._marks else ()
        return [
            GoneRow(_said(one.row), one.amended_by, None if one.amended_by else self._deletion(one.row))
            for one in removed
        ]

    def paper_notes(self, subjects: Collection[models.Model] | None = None) -> list[str]:
        """What stands under the printed annex, or under those `subjects` of it that are printed; the sheet that
        compares says it beside the rows."""
        if self._marks is None or self.now is None or self.view is not View.NOW:
            return []
        among = None if subjects is None else {place for place, one in enumerate(self._subjects) if one in subjects}
        return paper_notes(self.now, self._marks, with_orders=False, among=among)

    # --- Who it was

    @cached_property
    def _entries(self) -> list[Entry]:
        """What the journal says of all rows that no order has settled, newest first."""
        if self._known_entries is not None:
            return list(self._known_entries)
        open_rows = [one for one, mark in zip(self._subjects, self._marks.rows, strict=True) if mark.is_open]
        deleted = [_named(one.row) for one in self._marks.removed if one.amended_by is None]
        if self.heads:
            open_rows.append(self._head)
        if not open_rows and not deleted:
            return []
        return list(Entry.objects.of_school(self.order.school_id).about_any(open_rows, deleted=deleted))

    def _change(self, subject: models.Model, row: Row, mark: RowMark[Amendment]) -> LastChange:
        """The newest entry that gave one of the changed cells its present words, else the newest edit of the row."""
        own = [one for one in self._entries if _is_about(one, subject) and one.verb.startswith("admin.")]
        present = {fold(words) for name, words in cells_of(row).items() if name in mark.was and words.strip()}
        giving = (one for one in own if any(fold(change["new"]) in present for change in one.changes))
        return _last(next(giving, next(iter(own), None)))

    def _deletion(self, row: Row) -> LastChange:
        name = _named(row)
        return _last(next((one for one in self._entries if one.verb == "admin.deleted" and one.subject == name), None))


def _last(entry: Entry | None) -> LastChange:
    return LastChange(entry.author, entry.happened_at) if entry else LastChange()


def _is_about(entry: Entry, subject: models.Model) -> bool:
    kind = entry.content_type
    return entry.object_id == subject.pk and (kind.app_label, kind.model) == (
        subject._meta.app_label,
        subject._meta.model_name,
    )


def _named(row: Row) -> str:
    """The name of a row's record, under which the journal keeps its deletion."""
    match row:
        case TaskDraft():
            return f"{plain_number(row.number)} {fold(row.question)}".strip()[:300]
        case ClauseDraft():
            return f"{row.number} {fold(row.text)}".strip()[:120]
        case StageDraft():
            return row.heading
    return row.name[:300]


def _said(row: Row) -> str:
    """«1.4. Согласование документов · Май 2021»"""
    words = (fold(cell) for name, cell in cells_of(row).items() if name != "number" and cell.strip())
    number = row.number if isinstance(row, TaskDraft | ClauseDraft) else ""
    return f"{number} {' · '.join(words)}".strip()
