"""A reading as plain values: the JSON of `manage.py read_order`. Pure."""

import re
from typing import Any

from consultations.hours import Slot, read_hours
from ejournal_rollout.orders.drafts import (
    DirectionDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    TaskDraft,
    fold,
    plain_number,
)
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.parties import read_parties
from plans.terms import read_term

from .order import Reading


def draft_as_answer(reading: Reading) -> dict[str, Any]:
    """Names, dates and kinds for a program; days as ISO, times as HH:MM, what is absent as None."""
    draft = reading.draft
    return {
        "order": {
            "number": draft.number or None,
            "date": draft.signed_on.isoformat() if draft.signed_on else None,
            "organization": draft.organization or None,
        },
        "school_year": str(draft.school_year) if draft.school_year else None,
        "plan": _plan(draft.plan, draft.school_year) if draft.plan else None,
        "regulation": _regulation(draft.regulation) if draft.regulation else None,
        "schedule": _schedule(draft.schedule) if draft.schedule else None,
        "remarks": [{"text": one.text, "place": one.place, "printed": one.printed} for one in reading.remarks],
    }


def _plan(plan: PlanDraft, year: SchoolYear | None) -> dict[str, Any]:
    return {
        "title": fold(plan.title),
        "stages": [
            {
                "number": stage.number or None,
                "title": fold(stage.title) or None,
                "tasks": [_task(task, year) for task in stage.tasks],
            }
            for stage in plan.stages
        ],
    }


def _task(task: TaskDraft, year: SchoolYear | None) -> dict[str, Any]:
    term = read_term(task.term, year)
    answer = {
        "number": plain_number(task.number) or None,
        "title": fold(task.question),
        "deadline_text": task.term,
        "start": term.starts_on.isoformat() if term.starts_on else None,
        "end": term.due_on.isoformat() if term.due_on else None,
        "deadline_kind": str(term.kind),
        "goal": task.purpose or None,
        "result": task.result or None,
        "executors": [fold(party.words) for party in read_parties(task.executors)],
    }
    if term.by_schedule:
        answer["by_separate_schedule"] = True
    if task.other:
        answer["other"] = [{"column": fold(header), "text": words} for header, words in task.other]
    return answer


def _regulation(regulation: RegulationDraft) -> dict[str, Any]:
    # «I. …» and «Раздел 1» head chapters; «Статья 1» and «Пункт 1» are clauses
    numbered = [one for one in regulation.clauses if re.match(r"\d|статья|пункт", one.number, re.IGNORECASE)]
    return {
        "title": fold(regulation.title),
        "points": sum(not clause.is_subclause for clause in numbered),
        "subpoints": sum(clause.is_subclause for clause in numbered),
        "clauses": [{"number": plain_number(clause.number), "text": clause.text} for clause in regulation.clauses],
    }


def _schedule(schedule: ScheduleDraft) -> dict[str, Any]:
    return {"title": fold(schedule.title), "rows": [_row(direction) for direction in schedule.directions]}


def _row(direction: DirectionDraft) -> dict[str, Any]:
    answer = {
        "direction": fold(direction.name) or None,
        "specialists": [fold(party.words) for party in read_parties(direction.specialists)],
        "room": direction.room or None,
        "hours_text": direction.hours,
        "slots": [_slot(slot) for slot in read_hours(direction.hours).slots],
    }
    if direction.other:
        answer["other"] = [{"column": fold(header), "text": words} for header, words in direction.other]
    return answer


def _slot(slot: Slot) -> dict[str, Any]:
    answer = {
        "weekdays": "working_days" if slot.working_days else list(slot.weekdays),
        "start": slot.start.strftime("%H:%M") if slot.start else None,
        "end": slot.end.strftime("%H:%M") if slot.end else None,
        "kind": str(slot.kind),
    }
    if slot.weeks:
        answer["weeks"] = list(slot.weeks)
        answer["note"] = "weeks of month " + " and ".join("last" if week == -1 else str(week) for week in slot.weeks)
    return answer
