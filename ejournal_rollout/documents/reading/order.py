"""A file of an order -> OrderDraft with remarks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from ejournal_rollout.documents.tables import UnreadableFile, open_paper
from ejournal_rollout.documents.tables.letters import together
from ejournal_rollout.orders.drafts import OrderDraft, PlanDraft, RegulationDraft, ScheduleDraft, fold, plain_number
from ejournal_rollout.orders.school_year import SchoolYear

from .annexes import CLAUSE, Section, has_other_subject, split, words_of
from .plan import read_plan
from .regulation import read_regulation
from .remarks import Place, Remark, on_letters, remark
from .requisites import Requisites, of_body, of_heading
from .schedule import read_schedule

MOST_REMARKS = 3000  # our decision: nobody settles more, and a plan of 300 rows, each doubtful, has fewer


@dataclass(frozen=True)
class Reading:
    """What the paper says, and what a person must look at. `remarks` stand in the order of the paper."""

    draft: OrderDraft
    remarks: tuple[Remark, ...]


def read_order(content: bytes, name: str, school_year: SchoolYear | None = None) -> Reading:
    """Read the file `name`. `school_year` serves terms that name no year; without it the year that the order
    names, else the year that its date prepares. UnreadableFile, whatever is wrong with the file."""
    try:
        return _read(content, name, school_year)
    except UnreadableFile:
        raise
    except (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        # a stranger's file may be broken in ways nobody has thought of; the page must still answer with a sentence
        raise UnreadableFile(
            _("The file is damaged and cannot be opened. Open it in Word, save it again as .docx and try again.")
        ) from error


def _read(content: bytes, name: str, school_year: SchoolYear | None) -> Reading:
    paper = open_paper(content, name)
    body, sections = split(paper.blocks)
    requisites, remarks = _requisites(body, sections)
    year = school_year or _named_year(body, [one for one in sections if one.kind], requisites.signed_on)
    parts, found = _annexes(sections, year)
    remarks += found
    if not parts:
        raise UnreadableFile(
            _(
                "No plan, regulation or consultation schedule was found in the file. "
                "Choose the file in which the annexes of the order stand."
            )
        )
    remarks += [_note(words) for words in paper.notes]
    draft = OrderDraft(
        number=requisites.number,
        signed_on=requisites.signed_on,
        organization=requisites.organization,
        school_year=year,
        body="\n".join(body),
        **parts,
    )
    all_remarks = (*_missing(draft), *_on_body(body), *remarks)
    if len(all_remarks) > MOST_REMARKS:
        raise UnreadableFile(
            _("Too much of this file is not clear: its text is spoilt. Choose the Word file (.docx) as it was signed.")
        )
    return Reading(draft, all_remarks)


def _annexes(
    sections: list[Section], year: SchoolYear | None
) -> tuple[dict[str, PlanDraft | RegulationDraft | ScheduleDraft], list[Remark]]:
    """Each kind of annex once: the first that can be read, one about the journal before one about other things."""
    parts: dict[str, PlanDraft | RegulationDraft | ScheduleDraft] = {}
    remarks: list[list[Remark]] = [[] for _section in sections]
    for place in sorted(range(len(sections)), key=lambda place: has_other_subject(sections[place])):
        section = sections[place]
        if section.kind in parts or not section.kind:
            remarks[place] = [_not_taken(section)]
            continue
        part, found = _read_annex(section, year)
        if part is None:
            remarks[place] = [_unreadable(section)]
        else:
            parts[section.kind] = part
            remarks[place] = [*_on_heading(section), *found]
    return parts, [one for found in remarks for one in found]


def _read_annex(
    section: Section, year: SchoolYear | None
) -> tuple[PlanDraft | RegulationDraft | ScheduleDraft | None, list[Remark]]:
    """The annex with its remarks; None if not one row could be read: an empty annex must not replace a full one."""
    match section.kind:
        case "plan":
            plan, found = read_plan(section, year)
            return (plan if any(stage.tasks for stage in plan.stages) else None), found
        case "regulation":
            regulation, found = read_regulation(section)
            return (regulation if regulation.clauses else None), found
    schedule, found = read_schedule(section)
    return (schedule if schedule.directions else None), found


def _unreadable(section: Section) -> Remark:
    words = "\n".join([*section.heading, *section.title, *(words_of(block) for block in section.content)])
    text = _("“%(title)s”: not one row of this annex could be read, so it is not taken over. Enter it by hand.")
    title = fold(" ".join(section.title) or words)[:120]
    return remark(Place("order", section.label or _("Annex")), "annex_unreadable", text % {"title": title}, words)


def _on_heading(section: Section) -> Iterator[Remark]:
    place = Place(section.kind, section.label or fold(" ".join(section.title))[:60], "", "title")
    for line in (*section.heading, *section.title):
        yield from on_letters(together(line), place)
    if section.is_inner and section.kind == "plan":
        text = _("The plan was found inside the regulation: “%(title)s”. Is it the plan of this order?")
        title = fold(" ".join(section.title))
        yield remark(place, "inner_plan", text % {"title": title}, title)
    if has_other_subject(section):
        text = _(
            "“%(title)s” does not say that it is about the electronic journal. Does this annex belong to the order?"
        )
        title = fold(" ".join(section.title))
        yield remark(place, "other_subject", text % {"title": title}, title)


def _note(words: str) -> Remark:
    text = _("A footnote or the edge of the page says “%(words)s”; it is not taken over.") % {"words": fold(words)}
    return remark(_order(), "note_not_taken", text, words)


def _on_body(lines: list[str]) -> Iterator[Remark]:
    """Slips of the hand in the order's own text, by its numbered point or its paragraph."""
    for number, line in enumerate(lines, start=1):
        point = CLAUSE.match(line)
        where = _("clause %(number)s") if point else _("paragraph %(number)s")
        words = where % {"number": plain_number(point["number"]) if point else number}
        yield from on_letters(line, Place("order", ", ".join((_("The order"), words)), "", "body"))


def _order(field: str = "") -> Place:
    return Place("order", _("The order"), "", field)


def _requisites(body: list[str], sections: list[Section]) -> tuple[Requisites, list[Remark]]:
    """Number, date and school: from the body, else from the first annex; what is taken over goes before the rest."""
    own = of_body(body) if body else Requisites()
    headings = [(section, of_heading(section.heading)) for section in sections]
    remarks: list[Remark] = []

    def first(name: str, *, body_first: bool = True) -> str | date | None:
        by_worth = sorted(headings, key=lambda pair: not pair[0].kind)
        found = [getattr(one, name) for _section, one in by_worth]
        return next(filter(None, [getattr(own, name), *found] if body_first else [*found, getattr(own, name)]), None)

    number, signed_on = first("number") or "", first("signed_on")
    organization = first("organization", body_first=False) or ""
    for section, one in headings:
        place = Place("order", section.label or _("Annex"), "", "number")
        if (one.number and one.number != number) or (one.signed_on and one.signed_on != signed_on):
            heading = " ".join(section.heading)
            remarks.append(
                remark(
                    place,
                    "headings_disagree",
                    _("The heading names another order: “%(words)s”. Which number and date are right?")
                    % {"words": fold(heading)},
                    heading,
                )
            )
        if one.organization and fold(one.organization) != fold(organization):
            remarks.append(
                remark(
                    replace(place, field="organization"),
                    "schools_disagree",
                    _("The heading names the school “%(words)s”, another annex “%(other)s”.")
                    % {"words": one.organization, "other": organization},
                    one.organization,
                )
            )
    for wrong in filter(None, [own.wrong_date, *(one.wrong_date for _section, one in headings)]):
        text = _("There is no such day as “%(words)s”. Enter the date of the order.") % {"words": wrong}
        remarks.append(remark(_order("signed_on"), "wrong_date", text, wrong))
    return Requisites(number, signed_on, organization), remarks


def _named_year(body: list[str], sections: list[Section], signed_on: date | None) -> SchoolYear | None:
    """The school year in the titles, else in the body; else the one the date prepares; else any named in the rows."""
    titles = " ".join(line for section in sections for line in section.title)
    named = SchoolYear.named_in(titles) or SchoolYear.named_in(" ".join(body))
    if named or signed_on:
        return named or SchoolYear.of_order(signed_on)
    return SchoolYear.named_in("\n".join(words_of(block) for section in sections for block in section.content))


def _not_taken(section: Section) -> Remark:
    words = "\n".join([*section.heading, *section.title, *(words_of(block) for block in section.content)])
    title = fold(" ".join(section.title) or words)[:120]
    return remark(
        Place("order", section.label or _("Annex")),
        "annex_not_taken",
        _("“%(title)s” is no plan, regulation or schedule, or there are two of its kind; it is not taken over.")
        % {"title": title},
        words,
    )


def _missing(draft: OrderDraft) -> list[Remark]:
    """What a whole order has and this paper has not."""
    absent = [
        (not draft.body, "", "body_missing", _("The text of the order itself is not in the file: only its annexes.")),
        (not draft.number, "number", "number_missing", _("The number of the order was not found. Enter it.")),
        (not draft.signed_on, "signed_on", "date_missing", _("The date of the order was not found. Enter it.")),
        (
            not draft.organization,
            "organization",
            "organization_missing",
            _("The name of the school was not found. Enter it."),
        ),
        (
            not draft.school_year,
            "school_year",
            "year_missing",
            _("The school year was not found. Terms without a year have no dates until it is chosen."),
        ),
        (draft.plan is None, "plan", "plan_missing", _("There is no plan (Annex 1) in the file.")),
        (
            draft.regulation is None,
            "regulation",
            "regulation_missing",
            _("There is no regulation (Annex 2) in the file."),
        ),
        (
            draft.schedule is None,
            "schedule",
            "schedule_missing",
            _("There is no consultation schedule (Annex 3) in the file."),
        ),
    ]
    return [remark(_order(field), code, text) for is_absent, field, code, text in absent if is_absent]
