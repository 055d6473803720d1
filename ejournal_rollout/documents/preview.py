"""What was read from a file, row by row: the words of the paper and, beside them, how they were understood."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consultations.hours import Kind, read_hours
from consultations.models import Hours
from consultations.operations import hours_read
from ejournal_rollout.orders.drafts import ClauseDraft, DirectionDraft, OrderDraft, StageDraft, TaskDraft, rows
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import ROLE_WORDS
from ejournal_rollout.people.parties import read_parties
from plans.presentation import reading_words
from plans.terms import read_term

from .differences import where_words


@dataclass(frozen=True)
class PartyReading:
    """One executor or specialist and the role it means; `role` is "" where a person must choose."""

    words: str
    role: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of an annex: `draft` as printed, `readings` as understood, `remarks` to settle. `anchor` is its id."""

    anchor: str
    kind: str
    draft: Any
    remarks: tuple[dict[str, str], ...] = ()
    term: str = ""
    parties: tuple[PartyReading, ...] = ()
    hours: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreviewRemark:
    """A question to the person; `anchor` leads to its row, "" where the paper as a whole is meant."""

    text: str
    place: str
    anchor: str


@dataclass(frozen=True)
class Preview:
    plan: tuple[PreviewRow, ...]
    regulation: tuple[PreviewRow, ...]
    schedule: tuple[PreviewRow, ...]
    remarks: tuple[PreviewRemark, ...]


def preview_of(draft: OrderDraft, remarks: Iterable[dict[str, str]]) -> Preview:
    """`remarks` as an Upload stores them."""
    remarks = list(remarks)
    annexes: dict[str, tuple[PreviewRow, ...]] = {}
    anchors: dict[tuple[str, str], str] = {("order", ""): "requisites"}
    for name in ("plan", "regulation", "schedule"):
        annex = getattr(draft, name)
        if annex is not None:
            anchors[name, ""] = name
        found = []
        for place, (key, row) in enumerate(rows(annex), start=1):
            anchors[name, key] = f"{name}-{place}"
            own = tuple(one for one in remarks if (one.get("annex"), one.get("row")) == (name, key))
            found.append(_row(f"{name}-{place}", row, own, draft.school_year))
        annexes[name] = tuple(found)
    return Preview(
        **annexes,
        remarks=tuple(
            PreviewRemark(
                text=one["text"],
                place=_place(one),
                anchor=anchors.get((one.get("annex", ""), one.get("row", "")))
                or anchors.get((one.get("annex", ""), ""), ""),
            )
            for one in remarks
        ),
    )


def _place(remark: dict[str, str]) -> str:
    """The row as people call it; without one, the place on the paper."""
    row = remark.get("row", "")
    return where_words(remark["annex"], row) if row and "/" not in row else remark.get("place", "")


def _row(anchor: str, row: Any, remarks: tuple[dict[str, str], ...], year: SchoolYear | None) -> PreviewRow:
    match row:
        case StageDraft():
            return PreviewRow(anchor, "stage", row, remarks)
        case TaskDraft():
            return PreviewRow(
                anchor,
                "task",
                row,
                remarks,
                term=reading_words(read_term(row.term, year), is_headed=True)
                if row.term.strip()
                else _("No term is printed."),
                parties=_parties(row.executors),
            )
        case DirectionDraft():
            return PreviewRow(
                anchor, "direction", row, remarks, parties=_parties(row.specialists), hours=hours_words(row.hours)
            )
        case ClauseDraft():
            return PreviewRow(anchor, "clause", row, remarks)
    raise TypeError(row)


def _parties(printed: str) -> tuple[PartyReading, ...]:
    return tuple(
        PartyReading(words=party.words, role=str(ROLE_WORDS[party.role]) if party.role else "")
        for party in read_parties(printed)
    )


def hours_words(printed: str) -> tuple[str, ...]:
    """One line for each interval of hours that can be booked; a sentence where the words give none."""
    if not printed.strip():
        return (_("No hours are printed."),)
    reading = read_hours(printed)
    days: dict[tuple[Any, Any, str], list[str]] = {}
    for weekday, starts, ends, weeks in hours_read(reading):
        days.setdefault((starts, ends, weeks), []).append(str(Hours.Weekday(weekday).label))
    lines = [
        f"{', '.join(names).capitalize()}: {starts:%H:%M}–{ends:%H:%M}" + (f" ({_weeks(weeks)})" if weeks else "")
        for (starts, ends, weeks), names in days.items()
    ]
    if any(slot.kind == Kind.ON_DEMAND for slot in reading.slots):
        lines.append(_("As needed: the teacher proposes times, the specialist chooses one."))
    return tuple(lines) or (_("Not understood: there is nothing to book until the hours are entered."),)


def _weeks(weeks: str) -> str:
    return _("weeks of the month: %(numbers)s") % {
        "numbers": ", ".join(_("the last") if one == "-1" else one for one in weeks.split(","))
    }
