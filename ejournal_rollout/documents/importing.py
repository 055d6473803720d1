"""OrderDraft -> rows. Importing the same paper twice changes nothing; a row with facts is never deleted."""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from consultations.models import Direction, DirectionRole, Hours, Room, Schedule
from consultations.operations import read_hours_into, set_specialists
from consultations.paper import direction_draft
from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    Difference,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    compare,
    fold,
    plain_number,
)
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership, School
from plans.models import Plan, Stage, Task, TaskExecutor
from plans.operations import read_into, set_executors
from plans.paper import task_draft
from support.models import Clause, Regulation

from .drafting import (
    annex,
    clauses_of,
    columns_to_store,
    directions_of,
    draft_of,
    pairs_to_store,
    stages_and_tasks,
    texts_of,
    with_annexes,
)
from .models import Upload

_NO_ROOM = re.compile(
    r"(?:(?:без|нет|не)\s+(?:кабинета|требуется|предусмотрен|указан|определ[её]н)\w*|нет|отсутствует|б/к)\W*",
    re.IGNORECASE,
)
_ROOM_WORD = re.compile(r"\s*(?:(?:учебн\w+\s+)?каб(?:инет\w*|\.)?|ауд(?:итория|\.)?)?\s*(?:№\s*)?", re.IGNORECASE)

Stored = TypeVar("Stored", bound=models.Model)


@dataclass(frozen=True)
class ImportedRow:
    """A row of an annex ("order", "plan", "regulation" or "schedule") by the name that people call it."""

    annex: str
    name: str


@dataclass
class ImportResult:
    """What the import did. `kept`: rows that the paper no longer has but that people have worked with."""

    order: Order
    is_new: bool = False
    added: list[ImportedRow] = field(default_factory=list)
    changed: list[ImportedRow] = field(default_factory=list)
    removed: list[ImportedRow] = field(default_factory=list)
    kept: list[ImportedRow] = field(default_factory=list)

    @property
    def changed_nothing(self) -> bool:
        return not (self.is_new or self.added or self.changed or self.removed)


def import_order(
    draft: OrderDraft,
    *,
    school: School,
    by: Membership | None,
    order: Order | None = None,
    upload: Upload | None = None,
) -> ImportResult:
    """Make a draft order of `school` from `draft`, or bring the one that came from the same paper up to it.

    The same paper is: `order` if given, the order that `upload` became, the school's order of the same number and
    date, else a draft order that was made from exactly these words. Rows are matched by number and words; a row
    whose words did not change is not touched, so dates, roles and hours set by hand stay. An annex that the paper
    lacks is left as it is. `by` is None when the program itself imports.

    ValidationError "school_year_unknown", "not_a_draft" (in force or closed, and the paper says something else),
    "number_taken", "loaded_meanwhile", "too_long", "unprintable".
    """
    try:
        with transaction.atomic():
            return _imported(draft, school=school, by=by, order=order, upload=upload)
    except IntegrityError as error:  # the rare one: somebody imported the same paper at the same moment
        raise ValidationError(
            _("Somebody has just loaded this order. Open the list of orders."), code="loaded_meanwhile"
        ) from error


def write_draft(draft: OrderDraft, *, order: Order) -> ImportResult:
    """Bring the rows of a draft order to the words of `draft`, without journal. Call it in a transaction."""
    result = ImportResult(order)
    _write(result, draft)
    return result


def order_of_paper(draft: OrderDraft, *, school: School, upload: Upload | None = None) -> Order | None:
    """The order of the school that was made from the same paper, with its annexes."""
    orders = with_annexes(Order.objects.filter(school=school))
    if upload is not None and upload.order_id:
        return orders.filter(pk=upload.order_id).first()
    if draft.number and draft.signed_on:
        return orders.filter(number=draft.number, signed_on=draft.signed_on).first()
    return orders.drafts().filter(paper=draft.fingerprint).order_by("pk").first()


def _imported(
    draft: OrderDraft, *, school: School, by: Membership | None, order: Order | None, upload: Upload | None
) -> ImportResult:
    if any("\x00" in text for text in texts_of(draft)):
        raise ValidationError(_("The file holds signs that cannot be stored. Save it again in Word."), "unprintable")
    if upload is not None:
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if order is not None:
        order = with_annexes(Order.objects.filter(school=school)).get(pk=order.pk)
    else:
        order = order_of_paper(draft, school=school, upload=upload)
    fingerprint = draft.fingerprint
    draft = replace(draft, school_year=_school_year(draft, order))
    before = draft_of(order) if order else None
    result = ImportResult(order or Order(school=school), is_new=order is None)
    if order is not None and order.state != Order.State.DRAFT:
        if compare(before, as_imported(draft, into=before)):
            raise ValidationError(
                _(
                    "%(order)s is not a draft any more, and this file says something else. An order in force is "
                    "changed in the administration pages or replaced by a new order."
                ),
                code="not_a_draft",
                params={"order": order},
            )
    else:
        _write(result, as_imported(draft, into=before) if before else draft)
        Order.objects.filter(pk=result.order.pk).update(paper=fingerprint)
    _remember(result, before, by=by, upload=upload)
    return result


def _school_year(draft: OrderDraft, order: Order | None) -> SchoolYear:
    if draft.school_year:
        return draft.school_year
    if order is not None:
        return order.school_year
    if draft.signed_on:
        return SchoolYear.of_order(draft.signed_on)
    raise ValidationError(
        _("The file does not say for which school year the order is. Choose the school year."),
        code="school_year_unknown",
    )


def as_imported(draft: OrderDraft, *, into: OrderDraft) -> OrderDraft:
    """What `into` becomes by the paper: an annex, a number, a date or a year that the paper lacks stay."""
    lacking = ("number", "signed_on", "school_year", "plan", "regulation", "schedule")
    return replace(draft, **{name: getattr(into, name) for name in lacking if not getattr(draft, name)})


def _write_order(result: ImportResult, draft: OrderDraft) -> None:
    order = result.order
    changed = _fill(
        order,
        ImportedRow("order", draft.number),
        number=draft.number,
        signed_on=draft.signed_on,
        first_year=draft.school_year.first,
        organization=draft.organization,
        body=draft.body,
    )
    if order.pk is None or changed:
        order.validate_constraints()
        order.save()
        if not result.is_new:
            result.changed.append(ImportedRow("order", str(order)))


def _write(result: ImportResult, draft: OrderDraft) -> None:
    _write_order(result, draft)
    if draft.plan:
        _write_plan(result, draft.plan)
    if draft.regulation:
        _write_regulation(result, draft.regulation)
    if draft.schedule:
        _write_schedule(result, draft.schedule)


def _remember(result: ImportResult, before: OrderDraft | None, *, by: Membership | None, upload: Upload | None) -> None:
    """The journal, and the paper beside its order."""
    order = result.order
    if not result.changed_nothing:
        # fresh from the database: the heads of annexes that `order` carries may be older than the rows
        result.order = order = with_annexes(Order.objects.all()).get(pk=order.pk)
        changes = [(_place(one), one.old, one.new) for one in (compare(before, draft_of(order)) if before else [])]
        record("orders.imported", order, by=by, changes=changes, school_id=order.school_id)
    if upload is None:
        return
    if upload.order_id != order.pk:
        upload.order = order
        upload.save(update_fields=["order"])
    if not result.changed_nothing:
        with upload.file.open("rb") as paper:
            Attachment(order=order, name=upload.name).file.save(upload.name, ContentFile(paper.read()))


def _place(difference: Difference) -> str:
    return " ".join(filter(None, [difference.annex, difference.row, difference.field]))


# --- Rows -----------------------------------------------------------------------------------------


def _fill(row: models.Model, place: ImportedRow, **values: Any) -> list[str]:
    """Set what differs and return its names; nothing is saved. ValidationError "too_long" names the place."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        column = row._meta.get_field(name)
        longest = getattr(column, "max_length", None)
        if longest and isinstance(values[name], str) and len(values[name]) > longest:
            raise ValidationError(
                _("%(row)s: “%(field)s” is longer than %(longest)d letters. Shorten it in the file and load it again."),
                code="too_long",
                params={"row": place.name or place.annex, "field": column.verbose_name, "longest": longest},
            )
        setattr(row, name, values[name])
    return changed


def _save(row: models.Model, changed: Iterable[str]) -> bool:
    """Save a new row whole, an old one only in what changed; False if there was nothing to save."""
    if row.pk is None:
        row.save()
        return True
    names = list(changed)
    if names:
        row.save(update_fields=names)
    return bool(names)


Key = Callable[[Any, int], Hashable | None]


def _match(rows: list[tuple[Stored, Any]], drafts: list[Any], *keys: Key) -> tuple[list[Stored | None], list[Stored]]:
    """For each draft the row it is on paper, or None, and the rows that no draft is.

    `rows` are with their own drafts. Each key in turn pairs what the keys before it left; a key gives None for
    what it cannot tell.
    """
    found: list[Stored | None] = [None] * len(drafts)
    left = list(range(len(rows)))
    for key in keys:
        places: dict[Hashable, list[int]] = {}
        for place in left:
            places.setdefault(key(rows[place][1], place), []).append(place)
        for at, draft in enumerate(drafts):
            wanted = key(draft, at)
            if found[at] is None and wanted is not None and places.get(wanted):
                place = places[wanted].pop(0)
                found[at] = rows[place][0]
                left.remove(place)
    return found, [rows[place][0] for place in left]


def has_facts(row: models.Model, *parts: type[models.Model]) -> bool:
    """Whether anything but its own `parts` hangs on the row: a note, a booking, a request."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
        if relation.related_model not in parts
    )


def _remove(result: ImportResult, row: models.Model, name: ImportedRow, *, keep: bool) -> None:
    if keep:
        result.kept.append(name)
    else:
        result.removed.append(name)
        row.delete()


# --- Annex 1 --------------------------------------------------------------------------------------


def _write_plan(result: ImportResult, draft: PlanDraft) -> None:
    plan = annex(result.order, "plan") or Plan(order=result.order)
    _write_head(result, plan, "plan", heading=draft.heading, title=draft.title, columns=columns_to_store(draft.columns))
    old = stages_and_tasks(plan)
    stages = [(stage, StageDraft(stage.heading)) for stage, _tasks in old]
    found, lost = _match(
        stages,
        list(draft.stages),
        lambda stage, place: fold(stage.heading),
        lambda stage, place: stage.number or None,
        lambda stage, place: place,
    )
    written = []
    for place, (stage, stage_draft) in enumerate(zip(found, draft.stages, strict=True), start=1):
        written.append(_write_stage(result, stage or Stage(plan=plan), stage_draft, place))
    _write_tasks(result, [task for _stage, tasks in old for task in tasks], draft, written)
    for stage in lost:
        kept = stage.tasks.exists()
        _remove(result, stage, ImportedRow("plan", str(stage)), keep=kept)
        if kept:
            Stage.objects.filter(pk=stage.pk).update(position=len(written) + 1)


def _write_head(result: ImportResult, head: models.Model, name: str, **values: Any) -> None:
    is_new = head.pk is None
    if _save(head, _fill(head, ImportedRow(name, ""), **values)) and not is_new:
        result.changed.append(ImportedRow(name, str(head._meta.verbose_name)))


def _write_stage(result: ImportResult, stage: Stage, draft: StageDraft, place: int) -> Stage:
    name = ImportedRow("plan", draft.heading)
    is_new = stage.pk is None
    if _save(stage, _fill(stage, name, heading=draft.heading, position=place)) and draft.heading:
        (result.added if is_new else result.changed).append(name)
    return stage


def _write_tasks(result: ImportResult, old: list[Task], draft: PlanDraft, stages: list[Stage]) -> None:
    new = [
        (stage, place, task)
        for stage, stage_draft in zip(stages, draft.stages, strict=True)
        for place, task in enumerate(stage_draft.tasks, start=1)
    ]
    found, lost = _match(
        [(task, task_draft(task)) for task in old],
        [task for _stage, _place, task in new],
        lambda task, place: (plain_number(task.number), fold(task.question)),
        lambda task, place: fold(task.question) or None,
        lambda task, place: plain_number(task.number) or None,
    )
    for task, (stage, place, one) in zip(found, new, strict=True):
        _write_task(result, task or Task(stage=stage), stage, place, one)
    for task in lost:
        keep = bool(
            task.started_on or task.reported_at or task.result or not task.is_open or has_facts(task, TaskExecutor)
        )
        _remove(result, task, ImportedRow("plan", _task_name(task_draft(task))), keep=keep)
        if keep:
            Task.objects.filter(pk=task.pk).update(position=len(new) + task.position)


def _task_name(task: TaskDraft) -> str:
    return f"{plain_number(task.number)} {fold(task.question)}".strip()[:80]


def _write_task(result: ImportResult, task: Task, stage: Stage, place: int, draft: TaskDraft) -> None:
    name = ImportedRow("plan", _task_name(draft))
    is_new = task.pk is None
    changed = _fill(
        task,
        name,
        stage=stage,
        position=place,
        printed_number=draft.number,
        question=draft.question,
        term=draft.term,
        purpose=draft.purpose,
        expected_result=draft.result,
        other_columns=pairs_to_store(draft.other),
    )
    if is_new or "term" in changed:
        read_into(task, result.order.school_year)
        changed += ["term_kind", "term_precision", "by_separate_schedule", "starts_on", "due_on"]
    is_changed = _save(task, changed)
    if task.executors_printed != draft.executors:
        set_executors(task, draft.executors)
        is_changed = True
    if is_changed:
        (result.added if is_new else result.changed).append(name)


# --- Annex 2 --------------------------------------------------------------------------------------


def _write_regulation(result: ImportResult, draft: RegulationDraft) -> None:
    regulation = annex(result.order, "regulation") or Regulation(order=result.order)
    _write_head(result, regulation, "regulation", heading=draft.heading, title=draft.title)
    old = clauses_of(regulation)
    found, lost = _match(
        [(clause, ClauseDraft(clause.printed_number, clause.text)) for clause in old],
        list(draft.clauses),
        lambda clause, place: (plain_number(clause.number), fold(clause.text)),
        lambda clause, place: fold(clause.text) or None,
        lambda clause, place: plain_number(clause.number) or None,
    )
    for place, (clause, one) in enumerate(zip(found, draft.clauses, strict=True), start=1):
        clause = clause or Clause(regulation=regulation)
        name = ImportedRow("regulation", _clause_name(one.number, one.text))
        is_new = clause.pk is None
        if _save(clause, _fill(clause, name, position=place, printed_number=one.number, text=one.text)):
            (result.added if is_new else result.changed).append(name)
    for clause in lost:
        name = ImportedRow("regulation", _clause_name(clause.printed_number, clause.text))
        _remove(result, clause, name, keep=has_facts(clause))


def _clause_name(number: str, text: str) -> str:
    return f"{plain_number(number)} {fold(text)}".strip()[:80]


# --- Annex 3 --------------------------------------------------------------------------------------


def _write_schedule(result: ImportResult, draft: ScheduleDraft) -> None:
    schedule = annex(result.order, "schedule") or Schedule(order=result.order)
    columns = columns_to_store(draft.columns)
    _write_head(result, schedule, "schedule", heading=draft.heading, title=draft.title, columns=columns)
    old = directions_of(schedule)
    found, lost = _match(
        [(direction, direction_draft(direction)) for direction in old],
        list(draft.directions),
        lambda direction, place: fold(direction.name),
    )
    for place, (direction, one) in enumerate(zip(found, draft.directions, strict=True), start=1):
        _write_direction(result, direction or Direction(schedule=schedule), place, one)
    for direction in lost:
        keep = has_facts(direction, DirectionRole, Hours)
        _remove(result, direction, ImportedRow("schedule", direction.name), keep=keep)
        if keep:
            Direction.objects.filter(pk=direction.pk).update(position=len(draft.directions) + direction.position)


def _write_direction(result: ImportResult, direction: Direction, place: int, draft: DirectionDraft) -> None:
    name = ImportedRow("schedule", fold(draft.name)[:80])
    is_new = direction.pk is None
    changed = _fill(
        direction,
        name,
        position=place,
        name=draft.name,
        room_printed=draft.room,
        other_columns=pairs_to_store(draft.other),
    )
    if "room_printed" in changed:
        direction.room = room_named(draft.room, school=result.order.school)
        changed.append("room")
    is_changed = _save(direction, changed)
    if direction.specialists_printed != draft.specialists:
        set_specialists(direction, draft.specialists)
        is_changed = True
    if direction.hours_printed != draft.hours:
        _write_hours(direction, draft.hours)
        is_changed = True
    if is_changed:
        (result.added if is_new else result.changed).append(name)


def _write_hours(direction: Direction, printed: str) -> None:
    direction.hours_printed = printed
    direction.save(update_fields=["hours_printed"])
    read_hours_into(direction)


def room_named(printed: str, *, school: School) -> Room | None:
    """The room of the school that the printed words name («18», «каб. № 18»), made if there is none.

    None for words that name no room (a dash, «нет») or are too long for a name: a person settles it.
    """
    name = fold(_ROOM_WORD.sub("", printed, count=1))
    if _NO_ROOM.fullmatch(name) or not re.search(r"\w", name) or len(name) > Room._meta.get_field("name").max_length:
        return None
    return Room.objects.get_or_create(school=school, name=name)[0]
