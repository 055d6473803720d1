"""What paper says under an annex of the words that the signed order does not have. An inspector reads the sheet
without the marks of the page: what no order says must not look as if it had been signed."""

from collections.abc import Collection, Iterator

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .changes import Annex, AnnexMarks, Row, RowMark
from .drafts import StageDraft, TaskDraft, fold, rows
from .models import Amendment

LONGEST_QUOTE = 300  # our decision: a whole clause is read on the page that compares


def paper_notes(
    annex: Annex, marks: AnnexMarks[Amendment], *, with_orders: bool, among: Collection[int] | None = None
) -> list[str]:
    """A line for each row (of the places `among` the rows) that no order says as it stands; `with_orders` also for
    those that an amending order changed, where the sheet does not say so beside the row. What is gone and the head
    are told only under the whole annex. `marks` are those beside the wording in force."""
    headers = {one.field: one.header for one in getattr(annex, "columns", ())}
    notes = []
    for place, ((key, row), mark) in enumerate(zip(rows(annex), marks.rows, strict=True)):
        if among is None or place in among:
            notes += _row_notes(_name(key, row), mark, headers, with_orders=with_orders)
    if among is None:
        if was := "; ".join(f"«{_quoted(words)}»" for words in marks.heads.values()):
            notes.append(_("Head of the annex: changed without an order; in the order: %(words)s.") % {"words": was})
        gone = (_name(one.key, one.row) for one in marks.removed if one.amended_by is None)
        notes += [_("%(row)s: taken out without an order.") % {"row": name} for name in gone]
    return notes


def _row_notes(name: str, mark: RowMark[Amendment], headers: dict[str, str], *, with_orders: bool) -> Iterator[str]:
    if with_orders and mark.amended_by:
        told = {"row": name, "day": f"{mark.amended_by.signed_on:%d.%m.%Y}", "number": mark.amended_by.number}
        yield _("%(row)s: in the wording of the order of %(day)s No. %(number)s.") % told
    if mark.is_open and mark.is_added:
        yield _("%(row)s: a new row, in no order yet.") % {"row": name}
    elif mark.is_open:
        cells = "; ".join(f"{_header(field, headers)}«{_quoted(words)}»" for field, words in mark.was.items())
        yield _("%(row)s: changed without an order; in the order: %(cells)s.") % {"row": name, "cells": cells}


def _header(field: str, headers: dict[str, str]) -> str:
    """«сроки — » before the words of a column; a row of one cell needs none."""
    if field in ("heading", "text"):
        return ""
    header = pgettext("paper note", "number") if field == "number" else fold(headers.get(field, field)).lower()
    return f"{header} — "


def _name(key: str, row: Row) -> str:
    match row:
        case StageDraft():
            return _quoted(row.heading)
        case TaskDraft() if not row.number:
            return _quoted(row.question)
    return key


def _quoted(words: str) -> str:
    return Truncator(fold(words)).chars(LONGEST_QUOTE) or "—"
