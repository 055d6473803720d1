"""What changed in the plan since a moment: one line for each task, from the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.models import Membership

from .models import Plan, Task
from .presentation import TaskLine


@dataclass
class TaskChanges:
    """A task and what was done to it, the oldest act first; the same act again is told once, with its last moment."""

    line: TaskLine
    acts: list[Entry] = field(default_factory=list)


def changes_since(moment: datetime, plan: Plan, lines: Iterable[TaskLine], *, reader: Membership) -> list[TaskChanges]:
    """The tasks of `lines` to which something happened from `moment` on, in the order of the lines. One query."""
    entries = Entry.objects.visible_to(reader).about_rows(Task.objects.of(plan)).since(moment)
    acts: dict[int, dict[str, Entry]] = {}
    for entry in entries:  # newest first: the last of each kind stays
        acts.setdefault(entry.object_id, {}).setdefault(entry.verb, entry)
    return [
        TaskChanges(line, sorted(acts[line.task.pk].values(), key=lambda entry: entry.happened_at))
        for line in lines
        if line.task.pk in acts
    ]
