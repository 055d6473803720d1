"""The whole plan for a list, in one query: stages with their tasks and what a row says beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any

from django.db.models import Aggregate, CharField, Exists, F, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from ejournal_rollout.people.models import Membership, User

from .models import Plan, Stage, Step, Task, TaskExecutor, TaskNote, Watch

_COLUMNS = [field.attname for field in Task._meta.concrete_fields]
_BESIDE = ("its_note", "its_roles", "is_watched", "its_notes", "its_steps")
_AUTHOR = ("last_name", "first_name", "patronymic", "email")


class _Joined(Aggregate):
    """The words of a group with commas between, on both databases; Django has one of its own since 6.0."""

    function = "GROUP_CONCAT"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')")


@dataclass(frozen=True)
class ListedTask:
    """A task that knows its stage, plan and roles; its last note; whether the reader watches it or its stage; for a
    search the words of all its notes and steps."""

    task: Task
    note: TaskNote | None
    is_watched: bool
    words: str = ""


def stages_and_tasks(
    plan: Plan, *, reader: Membership, is_searched: bool = False
) -> list[tuple[Stage, list[ListedTask]]]:
    """All stages in printed order, one without tasks too. One query; `plan` lends its order to every row."""
    its = OuterRef("tasks__pk")
    newest = TaskNote.objects.filter(task=its).order_by("-written_at", "-pk")
    author = {f"author_{name}": F(f"author__user__{name}") for name in _AUTHOR}
    roles = TaskExecutor.objects.filter(task=its).order_by().values("task").annotate(all=_Joined("role"))
    notes = TaskNote.objects.filter(task=its).order_by().values("task").annotate(all=_Joined("text"))
    steps = Step.objects.filter(task=its).order_by().values("task").annotate(all=_Joined("words"))
    nothing = Value("", output_field=CharField())
    rows = (
        Stage.objects.visible_to(reader)
        .of(plan)
        .order_by("position", "pk", "tasks__position", "tasks__pk")
        .annotate(
            its_note=Subquery(
                newest.values(facts=JSONObject(written_at="written_at", act="act", text="text", **author))[:1],
                output_field=JSONField(),
            ),
            its_roles=Subquery(roles.values("all")),
            is_watched=Exists(Watch.objects.visible_to(reader).filter(Q(task=its) | Q(stage=OuterRef("pk")))),
            its_notes=Subquery(notes.values("all")) if is_searched else nothing,
            its_steps=Subquery(steps.values("all")) if is_searched else nothing,
        )
        .values_list("pk", "position", "heading", *_BESIDE, *map("tasks__{}".format, _COLUMNS))
    )
    found = []
    for (pk, position, heading), own in groupby(rows, key=lambda row: row[:3]):
        stage = Stage(pk=pk, position=position, heading=heading, plan=plan)
        found.append((stage, list(_tasks(stage, own))))
    return found


def _tasks(stage: Stage, rows: Iterator[tuple[Any, ...]]) -> Iterator[ListedTask]:
    for row in rows:
        note, roles, is_watched, notes, steps, *values = row[3:]
        if values[0] is None:  # a stage without tasks is one row of blanks
            continue
        task = Task.from_db(None, _COLUMNS, values)
        task.stage = stage
        task.roles_named = frozenset() if roles is None else frozenset(roles.split(","))
        words = " ".join(filter(None, (notes, steps)))
        yield ListedTask(task, _note(task, note) if note else None, is_watched, words)


def _note(task: Task, facts: dict[str, Any]) -> TaskNote:
    written_at = parse_datetime(facts["written_at"])
    if written_at.tzinfo is None:  # SQLite keeps moments without a zone
        written_at = written_at.replace(tzinfo=UTC)
    author = Membership(user=User(**{name: facts[f"author_{name}"] for name in _AUTHOR}))
    return TaskNote(task=task, author=author, written_at=written_at, act=facts["act"], text=facts["text"])
