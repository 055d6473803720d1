"""Differences between two drafts in words for a table: where, what, before, after."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ejournal_rollout.orders.drafts import Difference, fold

ANNEX_WORDS = {
    "order": gettext_lazy("Order"),
    "plan": gettext_lazy("Plan"),
    "regulation": gettext_lazy("Regulation"),
    "schedule": gettext_lazy("Schedule"),
}
FIELD_WORDS = {
    "number": gettext_lazy("number"),
    "signed_on": gettext_lazy("date"),
    "organization": gettext_lazy("organization"),
    "school_year": gettext_lazy("school year"),
    "body": gettext_lazy("text of the order"),
    "heading": gettext_lazy("heading"),
    "title": gettext_lazy("title"),
    "columns": gettext_lazy("headers of columns"),
    "row": gettext_lazy("whole row"),
    "places of rows": gettext_lazy("places of rows"),
    "name": gettext_lazy("direction"),
    "text": gettext_lazy("text"),
    "question": gettext_lazy("question"),
    "term": gettext_lazy("term"),
    "purpose": gettext_lazy("purpose"),
    "executors": gettext_lazy("executors"),
    "result": gettext_lazy("expected result"),
    "direction": gettext_lazy("direction"),
    "specialists": gettext_lazy("specialists"),
    "room": gettext_lazy("room"),
    "hours": gettext_lazy("hours"),
}


@dataclass(frozen=True)
class DifferenceLine:
    """One row of the table. `old` or `new` is None where that side has no such row at all."""

    where: str
    what: str
    old: str | None
    new: str | None


def difference_lines(differences: Iterable[Difference]) -> list[DifferenceLine]:
    return [
        DifferenceLine(
            where=where_words(one.annex, one.row), what=field_words(one.field), old=_shown(one.old), new=_shown(one.new)
        )
        for one in differences
    ]


def journal_changes(differences: Iterable[Difference]) -> list[tuple[str, str | None, str | None]]:
    """(«План, 1.2, срок», old, new) as the journal keeps them."""
    return [(f"{line.where}, {line.what}", line.old, line.new) for line in difference_lines(differences)]


def field_words(field: str) -> str:
    """The name of a field; a column without a field is called by its header."""
    return str(FIELD_WORDS.get(field, fold(field)))


def where_words(annex: str, row: str) -> str:
    """«План, 1.2»; a row without a number is told by its annex alone."""
    words = str(ANNEX_WORDS.get(annex, annex))
    if row.startswith("stage "):
        stage = _("stage %(number)s") % {"number": row.removeprefix("stage ")}
        return f"{words}, {stage}"
    return f"{words}, {row}" if row and "/" not in row else words


def _shown(text: str | None) -> str | None:
    return text if text is None else text.strip()
