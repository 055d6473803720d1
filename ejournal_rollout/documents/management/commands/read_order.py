"""`manage.py read_order FILE`: what a file of an order says, without storing it."""

import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ejournal_rollout.documents.preview import hours_words
from ejournal_rollout.documents.reading import Reading, UnreadableFile, draft_as_answer
from ejournal_rollout.documents.reading_apart import read_order_apart
from ejournal_rollout.documents.tables.opening import MOST_BYTES
from ejournal_rollout.orders.drafts import PlanDraft, RegulationDraft, ScheduleDraft, fold
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.parties import read_parties
from plans.presentation import reading_words
from plans.terms import read_term

_WIDTH = 100  # letters of a question or a clause; the whole words stand in the JSON


class Command(BaseCommand):
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Read an order (.docx, .txt; .doc and .odt where LibreOffice is installed) and print what it says. "
            "Nothing is stored; no database is needed."
        )
        parser.add_argument("file", metavar=_("FILE"))
        parser.add_argument("--school-year", metavar="2021/2022", help=_("to which terms without a year belong"))
        parser.add_argument("--json", action="store_true", help=_("print the whole reading as JSON"))

    def handle(self, *args: Any, file: str, school_year: str | None, **options: Any) -> None:
        with override("ru"):
            try:
                reading = read_order_apart(_content(Path(file)), Path(file).name, _school_year(school_year))
            except UnreadableFile as error:  # CommandError would put its own name before the sentence
                self.stderr.write(" ".join(str(error).split()))
                sys.exit(1)
            if options["json"]:
                text = json.dumps(draft_as_answer(reading), ensure_ascii=False, indent=2)
            else:
                text = _summary(reading)
        self.stdout.write(text)


def _school_year(text: str | None) -> SchoolYear | None:
    if text is None:
        return None
    try:
        return SchoolYear.parse(text)
    except ValueError as error:
        raise UnreadableFile(_("Write the school year as 2021/2022.")) from error


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)  # one byte more shows that the file is too large
    except FileNotFoundError as error:
        raise UnreadableFile(_("There is no file “%(name)s”. Check its name.") % {"name": path}) from error
    except IsADirectoryError as error:
        raise UnreadableFile(_("“%(name)s” is a folder. Name the file with the order.") % {"name": path}) from error
    except PermissionError as error:
        raise UnreadableFile(
            _("The file “%(name)s” may not be read by you. Ask for permission.") % {"name": path}
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableFile(_("The file “%(name)s” cannot be opened.") % {"name": path}) from error


def _summary(reading: Reading) -> str:
    draft = reading.draft
    signed_on = f"{draft.signed_on:%d.%m.%Y}" if draft.signed_on else "—"
    lines = [
        _("Order No. %(number)s of %(date)s, %(school)s, school year %(year)s")
        % {
            "number": draft.number or "—",
            "date": signed_on,
            "school": draft.organization or "—",
            "year": draft.school_year or "—",
        }
    ]
    if draft.plan:
        stages = sum(bool(stage.heading) for stage in draft.plan.stages)
        lines.append(
            _("Plan")
            + ": "
            + ngettext("%(count)s stage", "%(count)s stages", stages) % {"count": stages}
            + ", "
            + ngettext("%(count)s task", "%(count)s tasks", len(draft.tasks)) % {"count": len(draft.tasks)}
        )
        lines += _plan(draft.plan, draft.school_year)
    if draft.regulation:
        count = sum(bool(clause.number) for clause in draft.regulation.clauses)
        lines.append(
            _("Regulation") + ": " + ngettext("%(count)s clause", "%(count)s clauses", count) % {"count": count}
        )
        lines += _regulation(draft.regulation)
    if draft.schedule:
        count = len(draft.schedule.directions)
        lines.append(
            _("Schedule") + ": " + ngettext("%(count)s direction", "%(count)s directions", count) % {"count": count}
        )
        lines += _schedule(draft.schedule)
    lines.append(_("To check:") if reading.remarks else _("There are no doubts."))
    lines += [f"- {one.place}: {fold(one.text)}" for one in reading.remarks]
    return "\n".join(lines)


def _plan(plan: PlanDraft, year: SchoolYear | None) -> Iterator[str]:
    for stage in plan.stages:
        if stage.heading:
            yield f"  {_short(stage.heading)}"
        for task in stage.tasks:
            yield _row(task.number, task.question)
            term = reading_words(read_term(task.term, year), is_headed=True) if task.term else ""
            yield _cell(_("Term"), task.term, term)
            yield _cell(_("Executors"), "; ".join(fold(party.words) for party in read_parties(task.executors)))


def _regulation(regulation: RegulationDraft) -> Iterator[str]:
    for clause in regulation.clauses:
        yield _row(clause.number, clause.text)


def _schedule(schedule: ScheduleDraft) -> Iterator[str]:
    for direction in schedule.directions:
        yield _row("", direction.name)
        yield _cell(_("Specialists"), "; ".join(fold(party.words) for party in read_parties(direction.specialists)))
        yield _cell(_("Room"), direction.room)
        yield _cell(_("Hours"), direction.hours, "; ".join(hours_words(direction.hours)) if direction.hours else "")


def _row(number: str, words: str) -> str:
    return f"    {number} {_short(words) or '—'}" if number else f"    {_short(words) or '—'}"


def _cell(name: str, printed: str, reading: str = "") -> str:
    """«Срок: до 10 сентября → не позднее 10.09.2025»: the words of the paper, then how they are understood."""
    return f"        {name}: {fold(printed) or '—'}" + (f" → {reading}" if reading else "")


def _short(words: str) -> str:
    return textwrap.shorten(words, _WIDTH, placeholder=" …")
