"""What was read from a file, row by row: the words of the paper and, beside them, how they were understood."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consultations.hours import Kind, read_hours
from consultations.models import Hours
from consultations.operations import hours_read
from ejournal_rollout.orders.drafts import ClauseDraft, Difference, DirectionDraft, StageDraft, TaskDraft, fold
from ejournal_rollout.people.models import ROLE_WORDS, Membership
from ejournal_rollout.people.parties import is_named, read_parties
from plans.presentation import reading_words
from plans.terms import read_term

from .differences import where_words
from .forms import SettleForm
from .settling import ANNEXES, Answer, Question, Review, Row, State


@dataclass(frozen=True)
class PartyReading:
    """One executor or specialist and whom it means; `role` is "" where a person must choose."""

    words: str
    role: str


@dataclass(frozen=True)
class Cell:
    """A cell as it will be loaded. `printed`: the paper's words in place of which a person typed these. `old`: what
    the order has now, if that differs."""

    words: str
    printed: str | None = None
    old: str | None = None


@dataclass(frozen=True)
class AskedQuestion:
    """A remark on its row; `label` is on the button that leaves the words as printed."""

    question: Question
    label: str


@dataclass(frozen=True)
class PreviewRow:
    """A row of an annex, an annex ("heading") or the paper itself: its words, how they are understood, its remarks.

    `anchor` is its id; `next` the anchor of the next open remark below, "" if there is none. `form` settles the
    remarks; None where there are none.
    """

    anchor: str
    kind: str
    draft: Any
    cells: Mapping[str, Cell]
    others: tuple[tuple[str, Cell], ...] = ()
    asked: tuple[AskedQuestion, ...] = ()
    form: SettleForm | None = None
    next: str = ""
    term: str = ""
    parties: tuple[PartyReading, ...] = ()
    hours: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def has_open(self) -> bool:
        return any(one.question.is_open for one in self.asked)

    @property
    def is_settled_by_hand(self) -> bool:
        """Whether there is an answer to take back."""
        return any(not one.question.is_open for one in self.asked)

    @property
    def has_news(self) -> bool:
        """Whether a cell that is usually folded up has something to show."""
        hidden = [*(self.cells.get(name) for name in ("purpose", "result")), *(cell for _header, cell in self.others)]
        return any(cell and (cell.printed is not None or cell.old is not None) for cell in hidden)


@dataclass(frozen=True)
class PreviewRemark:
    """An open question; `anchor` leads to its row."""

    text: str
    place: str
    anchor: str


@dataclass(frozen=True)
class Preview:
    order: PreviewRow
    heads: Mapping[str, PreviewRow]  # by annex
    plan: tuple[PreviewRow, ...]
    regulation: tuple[PreviewRow, ...]
    schedule: tuple[PreviewRow, ...]
    remarks: tuple[PreviewRemark, ...]
    settled_count: int

    @property
    def count(self) -> int:
        return len(self.remarks) + self.settled_count


class Reader:
    """Puts a review into words. `staff`: the working staff, for the persons whom a schedule names or a person chose.

    `bound` is a form that was refused; it stands in place of the row's own.
    """

    def __init__(
        self,
        review: Review,
        *,
        staff: Sequence[Membership],
        today: date,
    ) -> None:
        self.review, self.staff, self.today = review, staff, today
        self.bound: SettleForm | None = None
        self.old: dict[tuple[str, str, str], str | None] = {}
        self.names = {f"person:{one.pk}": str(one) for one in staff}
        self.names |= {f"role:{role.value}": str(words) for role, words in ROLE_WORDS.items()}

    def take_differences(self, differences: Iterable[Difference]) -> None:
        """What the order has in place of the words of the file."""
        # a removed row may have had the number that another row has now
        self.old = {
            (one.annex, one.row, one.field): one.old
            for one in differences
            if not (one.field == "row" and one.new is None)
        }

    def preview(self) -> Preview:
        open_questions = self.review.open_questions
        places = {anchor: place for place, anchor in enumerate(self.review.rows)}
        open_at = list(dict.fromkeys(one.anchor for one in open_questions))
        found: dict[str, list[PreviewRow]] = {name: [] for name in ("order", *ANNEXES)}
        for anchor, row in self.review.rows.items():
            following = bisect_right(open_at, places[anchor], key=places.__getitem__)
            found[row.annex].append(self._row(row, open_at[following] if following < len(open_at) else ""))
        return Preview(
            order=found["order"][0],
            heads={name: found[name][0] for name in ANNEXES},
            **{name: tuple(found[name][1:]) for name in ANNEXES},
            remarks=tuple(PreviewRemark(one.text, self._called(one), one.anchor) for one in open_questions),
            settled_count=len(self.review.questions) - len(open_questions),
        )

    def form_of(self, anchor: str, *data: Any) -> SettleForm:
        return SettleForm(
            *data,
            row=self.review.rows[anchor],
            printed=self.review.printed(anchor),
            questions=self.review.questions_of(anchor),
            answer=self.review.answers.get(anchor, Answer()),
            staff=[(one.pk, str(one)) for one in self.staff],
            today=self.today,
        )

    def _called(self, question: Question) -> str:
        """The row as people call it; without one, the place on the paper."""
        row = self.review.rows[question.anchor]
        return where_words(row.annex, row.key) if row.key and "/" not in row.key else question.place

    def _row(self, row: Row, following: str) -> PreviewRow:
        questions = self.review.questions_of(row.anchor)
        printed = self.review.printed(row.anchor)
        cells = {}
        for name, words in row.cells.items():
            old = self.old.get((row.annex, row.key, _as_compared(row, name)))
            cells[name] = Cell(words, printed.get(name), old)
        own = PreviewRow(
            anchor=row.anchor,
            kind=_kind(row),
            draft=row.draft,
            cells=cells,
            others=tuple(
                (header, cells[f"other-{at}"]) for at, (header, _cell) in enumerate(getattr(row.draft, "other", ()))
            ),
            asked=tuple(AskedQuestion(one, self._label(row, one)) for one in questions),
            form=self._form(row.anchor) if questions else None,
            next=following,
            is_new=(row.annex, row.key, "row") in self.old,
        )
        answer = self.review.answers.get(row.anchor, Answer())
        match row.draft:
            case TaskDraft(term=term, executors=executors):
                return replace(own, term=self._term(row, term, answer), parties=self._parties(row, executors, answer))
            case DirectionDraft(specialists=specialists, hours=hours):
                takes = self.review.takes_hours(row.anchor)
                return replace(
                    own,
                    parties=self._parties(row, specialists, answer, are_named=True),
                    hours=hours_words(hours, is_confirmed=takes),
                )
        return own

    def _form(self, anchor: str) -> SettleForm:
        return self.bound if self.bound and self.bound.row.anchor == anchor else self.form_of(anchor)

    def _label(self, row: Row, question: Question) -> str:
        if question.code == "person_unknown" and row.annex == "schedule" and self._person(question.printed):
            return _("Read correctly")
        return question.confirming

    def _term(self, row: Row, words: str, answer: Answer) -> str:
        if answer.days:
            first, last = (date.fromisoformat(day) if day else None for day in answer.days)
            return _("Chosen by a person: %(days)s") % {"days": days_words(first, last)}
        if not words.strip():
            return _("No term is printed.")
        if any(one.field == "term" and one.code.startswith("term_") for one in self._confirmed(row)):
            return _("Without dates: the term is not overdue at any time.")
        return reading_words(read_term(words, self.review.draft.school_year), is_headed=True)

    def _confirmed(self, row: Row) -> list[Question]:
        return [one for one in self.review.questions_of(row.anchor) if one.state == State.CONFIRMED]

    def _parties(self, row: Row, printed: str, answer: Answer, *, are_named: bool = False) -> tuple[PartyReading, ...]:
        left = {one.printed for one in self._confirmed(row) if one.code in ("role_unknown", "person_unknown")}
        found = []
        for party in read_parties(printed):
            meant = str(ROLE_WORDS[party.role]) if party.role else ""
            if are_named and party.person:  # the person serves, and no other holder of the same post
                unfound = _("%(name)s: not on the staff list yet") % {"name": party.person}
                meant = self._person(party.words) or (unfound if meant else "")
            if not meant and party.words in left:
                meant = _("%(words)s: without a role") % {"words": fold(party.words)}
            chosen = self.names.get(answer.parties.get(fold(party.words), ""))
            found.append(PartyReading(words=party.words, role=chosen or meant))
        return tuple(found)

    def _person(self, words: str) -> str:
        """The only one of the staff whom the words name, as the import will find them."""
        persons = [party.person for party in read_parties(words) if party.person]
        found = [
            one
            for one in self.staff
            if any(is_named(name, one.user.last_name, one.user.first_name, one.user.patronymic) for name in persons)
        ]
        return str(found[0]) if len(found) == 1 else ""


def needs_staff(review: Review) -> bool:
    """Whether the schedule names a person, or somebody whom a person has to choose."""
    schedule = review.draft.schedule
    cells = [direction.specialists for direction in schedule.directions] if schedule else []
    return any(party.person or not party.role for cell in cells for party in read_parties(cell))


def _as_compared(row: Row, name: str) -> str:
    """The field as differences call it: a column without a field by its header."""
    if name == "direction":
        return "name"
    return row.draft.other[int(name.removeprefix("other-"))][0] if name.startswith("other-") else name


def _kind(row: Row) -> str:
    kinds = {StageDraft: "stage", TaskDraft: "task", ClauseDraft: "clause", DirectionDraft: "direction"}
    return kinds.get(type(row.draft), "heading")


def days_words(first: date | None, last: date | None) -> str:
    """«01.09.2026–30.09.2026»; one day alone, «from …» or «until …» where the other is not given."""
    if first and last:
        return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"
    words = _("from %(day)s") if first else _("until %(day)s")
    return words % {"day": f"{first or last:%d.%m.%Y}"}


def hours_words(printed: str, *, is_confirmed: bool = False) -> tuple[str, ...]:
    """One line for each interval of hours that can be booked; a sentence where the words give none.

    Doubtful ones come under the question whether they are right, until a person `is_confirmed` them.
    """
    if not printed.strip():
        return (_("No hours are printed."),)
    reading = read_hours(printed)
    days: dict[tuple[Any, Any, str], list[str]] = {}
    for weekday, starts, ends, weeks in hours_read(reading, is_confirmed=True):
        days.setdefault((starts, ends, weeks), []).append(str(Hours.Weekday(weekday).label))
    lines = [
        f"{', '.join(names).capitalize()}: {starts:%H:%M}–{ends:%H:%M}" + (f" ({_weeks(weeks)})" if weeks else "")
        for (starts, ends, weeks), names in days.items()
    ]
    if any(slot.kind == Kind.ON_DEMAND for slot in reading.slots):
        lines.append(_("As needed: the teacher proposes times, the specialist chooses one."))
    if days and not is_confirmed and not hours_read(reading):
        lines.insert(0, _("If it is right:"))
    return tuple(lines) or (_("Not understood: there is nothing to book until the hours are entered."),)


def _weeks(weeks: str) -> str:
    return _("weeks of the month: %(numbers)s") % {
        "numbers": ", ".join(_("the last") if one == "-1" else one for one in weeks.split(","))
    }
