"""What changed in the plan since a moment: one line for each task, from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.models import Membership

from .models import Plan, Round, Task
from .presentation import TaskLine


@dataclass
class TaskChanges:
    """A task and what was done to it, the oldest act first; the same act again is told once, with its last moment."""

    line: TaskLine
    acts: list[Entry] = field(default_factory=list)


def changes_since(moment: datetime, plan: Plan, lines: Iterable[TaskLine], *, reader: Membership) -> list[TaskChanges]:
    """The tasks of `lines` to which something happened from `moment` on, in the order of the lines; what happened to
    a round happened to its task. Two queries."""
    journal, kind_of_round = Entry.objects.visible_to(reader).since(moment), ContentType.objects.get_for_model(Round)
    rounds = Round.objects.visible_to(reader).of_plan(plan)
    task_of = dict(rounds.values_list("pk", "task"))
    entries = journal.about_rows(Task.objects.of(plan)) | journal.about_rows(rounds)
    acts: dict[int, dict[str, Entry]] = {}
    # newest first: the last of each kind stays; planning is told of the task once for all its rounds
    for entry in entries.exclude(verb="plans.round_planned"):
        task = task_of[entry.object_id] if entry.content_type_id == kind_of_round.pk else entry.object_id
        acts.setdefault(task, {}).setdefault(entry.verb, entry)
    return [
        TaskChanges(line, sorted(acts[line.task.pk].values(), key=lambda entry: entry.happened_at))
        for line in lines
        if line.task.pk in acts
    ]
