"""The note on a check («Справка по итогам проверки»): its parts in words, for the page and for the Word file alike.

The parts are those that schools usually write (who, when, on what ground, to what end, what was checked, results,
remarks, conclusions, recommendations, signature, acquaintance); no norm prescribes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.people.models import Membership

from .models import Finding, Round


@dataclass(frozen=True)
class NoteTable:
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each cell with the header of its column, for the cards of a phone."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class NotePart:
    heading: str
    text: str = ""
    table: NoteTable | None = None


@dataclass(frozen=True)
class RoundNote:
    """`facts` are (words, value); `signature` is (post, name as it is signed); `acquainted` are names."""

    school: str
    title: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    parts: tuple[NotePart, ...]
    day: str
    signature: tuple[str, str]
    acquainted: tuple[str, ...]

    @property
    def acquainted_heading(self) -> str:
        return _("Acquainted")

    @property
    def date_words(self) -> str:
        return pgettext("to be filled in", "date")

    @property
    def file_name(self) -> str:
        return _("Note on the check of %(day)s") % {"day": self.day} + ".docx"


def note_of(checked: Round, findings: Sequence[Finding]) -> RoundNote:
    """Of a round that was held, with all its findings; take both `with_all()` and `with_people()`."""
    task, order = checked.task, checked.task.stage.plan.order
    day = f"{checked.held_on:%d.%m.%Y}"
    ground = _("plan of the working group for %(year)s (%(order)s), task %(task)s")
    facts = [
        (_("Who checked"), checked.checker_name or checked.held_by.full_name),
        (_("When"), day),
        (
            _("Ground"),
            ground
            % {
                "year": order.school_year,
                "order": order.in_sentence,
                "task": f"{task.number} «{_line(task.question)}»",
            },
        ),
        (_("Purpose"), _line(task.purpose)),
        (_("What was checked"), checked.checked),
        (_("Classes"), checked.classes),
        (_("Subjects"), checked.subjects),
        (_("Period"), checked.period),
    ]
    measured = [(one.words, one.norm, one.found) for one in checked.indicators.all() if one.found]
    remarks = [
        (str(place), one.about, one.text, _day(one.repair_by), _settled(one))
        for place, one in enumerate(findings, start=1)
    ]
    headers = (
        pgettext("table", "No."),
        _("Teacher, class, subject"),
        _("Remark"),
        _("Put right until"),
        _("Put right"),
    )
    parts = [
        NotePart(
            _("Results"),
            checked.result,
            _table((_("Indicator"), pgettext("indicator", "Agreed"), pgettext("indicator", "Found")), measured),
        ),
        NotePart(_("Remarks"), "" if remarks else _("There are no remarks."), _table(headers, remarks)),
        NotePart(_("Conclusions"), checked.conclusions),
        NotePart(_("Recommendations"), checked.recommendations),
    ]
    return RoundNote(
        school=order.school.name,
        title=(_("NOTE"), _("on the results of the check “%(checked)s”") % {"checked": checked.checked}),
        facts=tuple((words, value) for words, value in facts if value),
        parts=tuple(part for part in parts if part.text or part.table),
        day=day,
        signature=(checked.held_by.post, signed_name(checked.held_by)),
        acquainted=tuple(dict.fromkeys(signed_name(one.teacher) for one in findings if one.teacher)),
    )


def signed_name(member: Membership) -> str:
    """«А. П. Иванова»: under a paper the initials come first."""
    last = member.user.last_name
    initials = member.name.removeprefix(last).strip()
    return f"{initials} {last}".strip() if last else member.name


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> NoteTable | None:
    rows = tuple(rows)
    return NoteTable(headers, rows) if rows else None


def _line(text: str) -> str:
    return " ".join(text.split())


def _day(day: object) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _settled(finding: Finding) -> str:
    return ", ".join(filter(None, [_day(finding.settled_on), finding.settled_how]))
