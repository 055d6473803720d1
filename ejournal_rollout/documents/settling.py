"""What a person says to the remarks on a file that was read: each is confirmed, corrected or still open. No database.

The reading itself never changes, because it tells one paper from another. Answers stand beside it, by the anchor of
their row ("plan-3", "requisites"): corrected words, days, roles and persons, confirmed remarks. From both come the
corrected draft, the remarks with their states (words that were typed are read and asked about in their turn) and the
meanings that the import writes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from django.utils.translation import gettext as _

from consultations.hours import read_hours
from consultations.operations import hours_read
from ejournal_rollout.orders.changes import ANNEXES
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    StageDraft,
    TaskDraft,
    fold,
    rows,
)
from ejournal_rollout.orders.school_name import names_another_school
from ejournal_rollout.orders.school_year import SchoolYear

from .reading import Place, Remark
from .reading.remarks import on_hours, on_letters, on_parties, on_term, remark

ORDER = "requisites"  # the anchor of what concerns the whole paper
_ATTRIBUTES = {"direction": "name"}  # fields that a draft calls otherwise
_CELLS: dict[type, tuple[str, ...]] = {  # what a person may correct in a row, as remarks call it
    OrderDraft: ("number", "signed_on", "organization", "school_year", "body"),
    StageDraft: ("heading",),
    TaskDraft: ("number", "question", "term", "purpose", "executors", "result"),
    ClauseDraft: ("number", "text"),
    DirectionDraft: ("direction", "specialists", "room", "hours"),
}
_ANNEX_CELLS = ("heading", "title")


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Answer:
    """What was said about one row. `cells` hold typed words by field, `days` the first and the last day (ISO or ""),
    `parties` a choice ("role:teacher", "person:7") by words, `confirmed` the marks of remarks.

    `is_imported`: the order has it; hands may have changed the order since, so it is not written again.
    """

    cells: dict[str, str] = field(default_factory=dict)
    days: tuple[str, str] | None = None
    parties: dict[str, str] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    by: str = ""
    at: str = ""
    is_imported: bool = False

    def says_the_same_as(self, other: Self) -> bool:
        """Whoever said it."""
        return replace(self, by="", at="", is_imported=False) == replace(other, by="", at="", is_imported=False)

    @property
    def mark(self) -> str:
        """The same for the same answer, whoever gave it; "" for none."""
        if self.says_the_same_as(Answer()):
            return ""
        said = (sorted(self.cells.items()), self.days, sorted(self.parties.items()), self.confirmed)
        return sha256(repr(said).encode()).hexdigest()[:12]

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        days = plain["days"]
        return cls(**{**plain, "days": tuple(days) if days else None, "confirmed": tuple(plain["confirmed"])})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Meaning:
    """How a person understood a row: the import writes it. `parties` as in `Answer`; `takes_hours`: doubtful hours are
    right as they were read. `is_new` is False where the order has it already."""

    days: tuple[date | None, date | None] | None = None
    is_dateless: bool = False
    parties: Mapping[str, str] = field(default_factory=dict)
    takes_hours: bool = False
    is_new: bool = True

    @property
    def says_something(self) -> bool:
        return bool(self.days or self.is_dateless or self.parties or self.takes_hours)


@dataclass(frozen=True)
class Question:
    """A remark with its state; `mark` names it in a form, `confirming` is what a person says to leave the words."""

    anchor: str
    text: str
    place: str
    code: str
    field: str
    printed: str
    state: State = State.OPEN
    by: str = ""
    at: str = ""

    @property
    def mark(self) -> str:
        return sha256("\0".join((self.code, self.field, self.printed)).encode()).hexdigest()[:12]

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def confirming(self) -> str:
        if self.code.startswith("term_") and self.code != "term_missing":
            return _("Leave without dates")
        if self.code in ("role_unknown", "person_unknown", "party_missing"):
            return _("Leave without a role")
        if self.code.startswith("hours_") and not hours_read(read_hours(self.printed), is_confirmed=True):
            return _("Leave without hours")
        if self.code == "hours_working_week_unknown":
            return _("By the working week of the school")
        if self.code == "another_school":
            return _("Yes, this is our order")
        return _("It is right so") if not self.printed else _("Read correctly")


@dataclass(frozen=True)
class Row:
    """A row of the draft: its anchor, its annex ("order" for the paper itself), its key there and its cells."""

    anchor: str
    annex: str
    key: str
    draft: Any

    @property
    def cells(self) -> dict[str, str]:
        """What may be corrected, as words."""
        if self.draft is None:
            return {}
        names = _CELLS.get(type(self.draft), _ANNEX_CELLS)
        cells = {name: _words(getattr(self.draft, _ATTRIBUTES.get(name, name))) for name in names}
        others = enumerate(getattr(self.draft, "other", ()))
        return cells | {f"other-{place}": cell for place, (_header, cell) in others}


def _words(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def rows_of(draft: OrderDraft) -> Iterator[Row]:
    """The paper, each annex and each of its rows. Correcting words never changes which row has which anchor."""
    yield Row(ORDER, "order", "", draft)
    for name in ANNEXES:
        annex = getattr(draft, name)
        yield Row(name, name, "", annex)
        for place, (key, row) in enumerate(rows(annex), start=1):
            yield Row(f"{name}-{place}", name, key, row)


def taken_over(answers: Mapping[str, Any], *, before: OrderDraft, now: OrderDraft) -> dict[str, Any]:
    """The answers to one reading for another: those to rows that both papers print with the same name and words."""
    same = {(row.annex, row.key, *row.cells.items()): row.anchor for row in rows_of(now) if row.draft is not None}
    found = {row.anchor: same.get((row.annex, row.key, *row.cells.items())) for row in rows_of(before)}
    return {found[anchor]: answer for anchor, answer in answers.items() if found.get(anchor)}


class Review:
    """One file as read, with the answers to its remarks. `draft` is the corrected one."""

    def __init__(
        self, read: OrderDraft, remarks: Iterable[Remark], answers: Mapping[str, Answer], *, school: str
    ) -> None:
        self.read, self.answers, self._school = read, answers, school
        self._read_rows = {row.anchor: row for row in rows_of(read)}
        self.draft = _corrected(read, answers)
        self.rows = {row.anchor: row for row in rows_of(self.draft)}
        self._anchors = {(row.annex, row.key): row.anchor for row in self._read_rows.values()}
        self._asked: dict[str, list[Remark]] = {}
        for one in remarks:
            self._asked.setdefault(self.anchor_of(one), []).append(one)
        self._asked.setdefault(ORDER, [])[:0] = self._on_school(read.organization)
        self._by_anchor = {anchor: list(self._questions(anchor)) for anchor in self.rows}
        self.questions = [question for own in self._by_anchor.values() for question in own]

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.is_open]

    def questions_of(self, anchor: str) -> list[Question]:
        return self._by_anchor.get(anchor, [])

    def anchor_of(self, one: Remark) -> str:
        found = self._anchors.get((one.annex, one.row_key), "")
        annex = self._read_rows.get(one.annex)
        return found if found and self._read_rows[found].draft is not None else annex.anchor if annex else ORDER

    def printed(self, anchor: str) -> dict[str, str]:
        """The words of the paper in place of which a person typed others."""
        answer = self.answers.get(anchor, Answer())
        return {name: self._read_rows[anchor].cells[name] for name in answer.cells}

    def takes_hours(self, anchor: str) -> bool:
        """Whether a person has said that the doubtful hours of the row are right as they were read."""
        about_hours = [one.state for one in self.questions_of(anchor) if one.code.startswith("hours_")]
        return State.CONFIRMED in about_hours and State.OPEN not in about_hours

    def meanings(self) -> dict[str, Meaning]:
        return {anchor: self._meaning(anchor, answer) for anchor, answer in self.answers.items()}

    def _questions(self, anchor: str) -> Iterator[Question]:
        """Those of the reading, then those that the words typed by a person raise."""
        answer = self.answers.get(anchor, Answer())
        asked = self._asked.get(anchor, [])
        again = self._asked_again(anchor, answer)
        marks = set()
        for one in asked:
            question = _question(anchor, one)
            if self._is_retyped(anchor, one, answer):
                state = State.CORRECTED
            elif one.field == "term" and again.get("term") is not None and one not in again["term"]:
                state = State.CORRECTED  # by the school year that was chosen
            else:
                state = _state(question, answer)
            marks.add(question.mark)
            yield replace(question, state=state, by=answer.by, at=answer.at)
        for one in (one for found in again.values() for one in found):
            question = _question(anchor, one)
            if question.mark not in marks:
                yield replace(question, state=_state(question, answer), by=answer.by, at=answer.at)

    def _is_retyped(self, anchor: str, one: Remark, answer: Answer) -> bool:
        if one.field != "other":
            return one.field in answer.cells
        others = {name: words for name, words in self.printed(anchor).items() if name.startswith("other-")}
        return any(one.printed in words for words in others.values())

    def _asked_again(self, anchor: str, answer: Answer) -> dict[str, list[Remark]]:
        """Remarks by field on what was corrected, and on terms that another school year now completes."""
        row = self.rows[anchor]
        found: dict[str, list[Remark]] = {}
        typed = set(answer.cells)
        if isinstance(row.draft, TaskDraft) and self.draft.school_year != self.read.school_year and row.draft.term:
            typed.add("term")
        if anchor == ORDER and "organization" in typed:
            found["organization"] = self._on_school(row.draft.organization)
        for name in sorted(typed - {"number", "signed_on", "organization", "school_year"}):
            words, place = row.cells[name], Place(row.annex, self._place(anchor, name), row.key, name)
            found[name] = [*_on_cell(row.draft, name, words, self.draft.school_year, place), *on_letters(words, place)]
        return found

    def _place(self, anchor: str, name: str) -> str:
        own = [one.place for one in self._asked.get(anchor, []) if one.field in (name, "")]
        return next(iter(own), _("typed by hand"))

    def _on_school(self, organization: str) -> list[Remark]:
        if not names_another_school(organization, self._school):
            return []
        words = _("The order names “%(named)s”, and your school is called “%(school)s” here. Is this the right file?")
        text = words % {"named": fold(organization), "school": self._school}
        place = Place("order", _("Organization"), "", "organization")
        return [remark(place, "another_school", text, organization)]

    def _meaning(self, anchor: str, answer: Answer) -> Meaning:
        draft = self.rows[anchor].draft
        confirmed = {one.code for one in self.questions_of(anchor) if one.state == State.CONFIRMED}
        return Meaning(
            days=tuple(date.fromisoformat(day) if day else None for day in answer.days) if answer.days else None,
            is_dateless=isinstance(draft, TaskDraft) and any(code.startswith("term_") for code in confirmed),
            parties=answer.parties,
            takes_hours=isinstance(draft, DirectionDraft) and self.takes_hours(anchor),
            is_new=not answer.is_imported,
        )


def _on_cell(draft: object, name: str, words: str, year: SchoolYear | None, place: Place) -> Iterator[Remark]:
    match draft, name:
        case TaskDraft(), "term":
            yield from on_term(words, year, place)
        case (TaskDraft(), "executors") | (DirectionDraft(), "specialists"):
            yield from on_parties(words, place)
        case DirectionDraft(), "hours":
            yield from on_hours(words, place)


def _question(anchor: str, one: Remark) -> Question:
    return Question(anchor, one.text, one.place, one.code, one.field, one.printed)


def _state(question: Question, answer: Answer) -> State:
    is_party = question.code in ("role_unknown", "person_unknown")
    if (question.code.startswith("term_") and answer.days) or (is_party and answer.parties.get(fold(question.printed))):
        return State.CORRECTED
    return State.CONFIRMED if question.mark in answer.confirmed else State.OPEN


# --- The corrected draft


def _corrected(read: OrderDraft, answers: Mapping[str, Answer]) -> OrderDraft:
    typed = {anchor: answer.cells for anchor, answer in answers.items() if answer.cells}
    annexes = {name: _annex(name, getattr(read, name), typed) for name in ANNEXES}
    own = dict(typed.get(ORDER, {}))
    if "signed_on" in own:
        own["signed_on"] = date.fromisoformat(own["signed_on"]) if own["signed_on"] else None
    if "school_year" in own:
        own["school_year"] = SchoolYear.parse(own["school_year"]) if own["school_year"] else None
    return replace(read, **annexes, **own)


def _annex(name: str, annex: Any, typed: Mapping[str, Mapping[str, str]]) -> Any:
    if annex is None:
        return None
    changed = [_row(row, typed.get(f"{name}-{at}", {})) for at, (_key, row) in enumerate(rows(annex), start=1)]
    if isinstance(annex, PlanDraft):
        stages = []
        for row in changed:
            if isinstance(row, StageDraft):
                stages.append(replace(row, tasks=()))
            else:
                stages[-1] = replace(stages[-1], tasks=(*stages[-1].tasks, row))
        changed = stages
    (parts,) = {one.name for one in fields(annex)} & {"stages", "clauses", "directions"}
    return replace(annex, **typed.get(name, {}), **{parts: tuple(changed)})


def _row(row: Any, cells: Mapping[str, str]) -> Any:
    if not cells:
        return row
    others = {name: words for name, words in cells.items() if name.startswith("other-")}
    if others:
        pairs = enumerate(row.other)
        row = replace(row, other=tuple((header, others.get(f"other-{at}", cell)) for at, (header, cell) in pairs))
    own = {_ATTRIBUTES.get(name, name): words for name, words in cells.items() if name not in others}
    return replace(row, **own)
