"""What the words of a task mean: read from them, or said by a person."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.parties import read_parties

from ..models import Task, TaskExecutor
from ..terms import Kind, Precision, Term, read_term


def read_into(task: Task, school_year: SchoolYear | None) -> Term:
    """Read the words of the term into the task's kind, precision and days; nothing is saved.

    Words that are not understood give no days: look at `doubt` of the answer.
    """
    term = read_term(task.term, school_year)
    task.term_kind = term.kind.value
    task.term_precision = term.precision.value
    task.by_separate_schedule = term.by_schedule
    task.starts_on, task.due_on = term.starts_on, term.due_on
    return term


def set_executors(task: Task, printed: str) -> None:
    """Write the words of column 5 and read the roles from them; roles set by hand before are replaced.

    Words that name no known role stay as an executor without a role (a person settles it in the admin).
    """
    with transaction.atomic():
        task.executors_printed = printed
        task.save(update_fields=["executors_printed"])
        read_executors_into([task])


@transaction.atomic
def read_executors_into(tasks: Sequence[Task]) -> None:
    """As `set_executors`, of tasks saved with their words; costs the same for one task and for three hundred.

    The lead stays with words that are still there.
    """
    before = TaskExecutor.objects.filter(task__in=tasks)
    leads = dict(before.filter(is_lead=True).values_list("task", "words"))
    before.delete()
    rows = []
    for task in tasks:
        lead = leads.get(task.pk)
        for place, party in enumerate(read_parties(task.executors_printed), start=1):
            words = party.words[:300]
            rows.append(
                TaskExecutor(
                    task=task, position=place, words=words, role=party.role or "", is_lead=bool(lead) and words == lead
                )
            )
            lead = None if words == lead else lead  # the same words twice: the first leads
    TaskExecutor.objects.bulk_create(rows)


@transaction.atomic
def choose_executors(task: Task, chosen: Mapping[str, str]) -> bool:
    """Write the roles that a person chose for printed words ("role:teacher"). Was anything changed?"""
    is_changed = False
    for line in task.executors.all():
        kind, _colon, role = chosen.get(fold(line.words), "").partition(":")
        if kind == "role" and line.role != role:
            line.role = role
            line.save(update_fields=["role"])
            is_changed = True
    return is_changed


def take_days(task: Task, starts_on: date | None, due_on: date | None) -> None:
    """The days that a person says the term means (both inside, either may be None); nothing is saved."""
    task.starts_on, task.due_on = starts_on, due_on
    task.term_precision = Precision.DAY if starts_on or due_on else Precision.NONE
    if task.term_kind == Kind.UNPARSABLE and (starts_on or due_on):
        whole = Kind.DAY if starts_on == due_on else Kind.RANGE
        task.term_kind = whole if starts_on else Kind.UNTIL
