"""OrderDraft -> rows. Importing the same paper twice changes nothing; a row with facts is never deleted."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from consultations.models import Direction, DirectionRole, Hours, Room, Schedule, Topic
from consultations.operations import choose_specialists, read_hours_into, set_specialists
from consultations.paper import direction_draft
from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.changes import differences, same_service
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
    rows,
)
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.orders.pairing import Key, paired
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.models import Membership, School
from plans.models import Plan, Stage, Task, TaskExecutor
from plans.operations import choose_executors, read_executors_into, read_into, take_days
from plans.paper import task_draft
from support.models import Clause, Regulation

from .differences import journal_changes
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
from .settling import Meaning

_NO_ROOM = re.compile(
    r"(?:(?:без|нет|не)\s+(?:кабинета|требуется|предусмотрен|указан|определ[её]н)\w*|нет|отсутствует|б/к)\W*",
    re.IGNORECASE,
)
_ROOM_WORD = re.compile(r"\s*(?:(?:учебн\w+\s+)?каб(?:инет\w*|\.)?|ауд(?:итория|\.)?)?\s*(?:№\s*)?", re.IGNORECASE)

_NO_MEANINGS: Mapping[str, Meaning] = MappingProxyType({})

Stored = TypeVar("Stored", bound=models.Model)


@dataclass(frozen=True)
class ImportedRow:
    """A row of an annex ("order", "plan", "regulation" or "schedule") by the name that people call it."""

    annex: str
    name: str


@dataclass
class ImportResult:
    """What the import did. `kept`: rows that the paper no longer has but that people have worked with.

    `meanings`: what a person said of the rows, by their anchor ("plan-3").
    """

    order: Order
    is_new: bool = False
    added: list[ImportedRow] = field(default_factory=list)
    changed: list[ImportedRow] = field(default_factory=list)
    removed: list[ImportedRow] = field(default_factory=list)
    kept: list[ImportedRow] = field(default_factory=list)
    meanings: Mapping[str, Meaning] = field(default_factory=dict)

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
    read: OrderDraft | None = None,
    meanings: Mapping[str, Meaning] = _NO_MEANINGS,
    seen: str | None = None,
) -> ImportResult:
    """Make a draft order of `school` from `draft`, or bring the one that came from the same paper up to it.

    `read` is the draft before a person corrected it: it tells which paper this is. The same paper is: `order` if
    given, else see `order_of_paper`. Rows are matched by number and words; a row whose words did not change is not
    touched, so dates, roles and hours set by hand stay, unless new `meanings` say otherwise. An annex that the paper
    lacks is left as it is. `by` is None when the program itself imports. `seen` is the mark of the differences that
    the person looked at (`Impact.mark`), None where nobody looked.

    ValidationError "school_year_unknown", "not_a_draft" (in force or closed, and the paper says something else),
    "number_taken", "loaded_meanwhile", "changed_meanwhile" (not those differences), "too_long", "unprintable".
    """
    try:
        with transaction.atomic():
            return _imported(
                draft, read or draft, school=school, by=by, order=order, upload=upload, meanings=meanings, seen=seen
            )
    except IntegrityError as error:  # the rare one: somebody imported the same paper at the same moment
        raise ValidationError(
            _("Somebody has just loaded this order. Open the list of orders."), code="loaded_meanwhile"
        ) from error


@dataclass(frozen=True)
class Impact:
    """What an import would do to an order: `differences` that it writes, and rows that it keeps (see ImportResult)."""

    differences: tuple[Difference, ...] = ()
    kept: tuple[Difference, ...] = ()

    @property
    def mark(self) -> str:
        """The same for the same impact; "" for none."""
        if not self.differences and not self.kept:
            return ""
        return sha256(repr((self.differences, self.kept)).encode()).hexdigest()


def impact_on(order: Order, draft: OrderDraft) -> Impact:
    """`order` comes from `with_annexes`. Costs the same however many rows there are."""
    now = draft_of(order)
    found = differences_from(now, as_imported(draft, into=now))
    lacking = [one for one in found if one.field == "row" and one.new is None]
    rows_kept = _kept_of(order, now, draft) if lacking else set()
    kept = tuple(one for one in lacking if (one.annex, one.row) in rows_kept)
    return Impact(tuple(one for one in found if one not in kept), kept)


def differences_from(now: OrderDraft, paper: OrderDraft) -> list[Difference]:
    """What the paper changes, its rows paired as the import pairs them: a new row renumbers those below it and does
    not rewrite them."""
    blank = {"plan": None, "regulation": None, "schedule": None}
    return [
        *compare(replace(now, **blank), replace(paper, **blank)),
        *(one for one in differences(now, paper) if one.annex != "order"),
    ]


def _kept_of(order: Order, now: OrderDraft, draft: OrderDraft) -> set[tuple[str, str]]:
    """(annex, row) as `rows` calls them of the rows that an import of `draft` would keep."""
    found: set[tuple[str, str]] = set()
    plan, regulation, schedule = (annex(order, name) for name in ("plan", "regulation", "schedule"))
    if plan and draft.plan:
        stages = stages_and_tasks(plan)
        tasks = [task for _stage, own in stages for task in own]
        kept = _with_facts(_match_tasks(tasks, draft.plan)[1])
        kept_stages = [stage for stage, own in stages if any(task in kept for task in own)]
        found |= _keys("plan", now.plan, [one for stage, own in stages for one in (stage, *own)], [*kept, *kept_stages])
    if regulation and draft.regulation:
        clauses = clauses_of(regulation)
        found |= _keys("regulation", now.regulation, clauses, _with_facts(_match_clauses(clauses, draft.regulation)[1]))
    if schedule and draft.schedule:
        lines = directions_of(schedule)
        found |= _keys("schedule", now.schedule, lines, _with_facts(_match_directions(lines, draft.schedule)[1]))
    return found


def _keys(name: str, now: Any, stored: list[models.Model], kept: Iterable[models.Model]) -> set[tuple[str, str]]:
    """`stored` rows stand in the order of the rows of the draft `now`."""
    kept = list(kept)
    return {(name, key) for (key, _row), one in zip(rows(now), stored, strict=True) if one in kept}


def write_draft(draft: OrderDraft, *, order: Order) -> ImportResult:
    """Bring the rows of a draft order to the words of `draft`, without journal. Call it in a transaction."""
    result = ImportResult(order)
    _write(result, draft)
    return result


def order_of_paper(
    read: OrderDraft, *, school: School, upload: Upload | None = None, draft: OrderDraft | None = None
) -> Order | None:
    """The order of the school that was made from the same paper, with its annexes.

    The one that `upload` became, else that of the number and date that were read or (in `draft`) corrected, else one
    that was made from exactly these words; if they name no year, only while it is a draft: next year the same blank
    may be filled again.
    """
    orders = with_annexes(Order.objects.filter(school=school))
    if upload is not None and upload.order_id:
        return orders.filter(pk=upload.order_id).first()
    same_words = orders.filter(paper=read.fingerprint)
    if not read.school_year and not read.signed_on:
        same_words = same_words.drafts()
    named = {(one.number, one.signed_on) for one in (read, draft or read) if one.number and one.signed_on}
    by_name = [orders.filter(number=number, signed_on=signed_on) for number, signed_on in sorted(named)]
    return next(filter(None, (found.order_by("pk").first() for found in (*by_name, same_words))), None)


def _imported(
    draft: OrderDraft,
    read: OrderDraft,
    *,
    school: School,
    by: Membership | None,
    order: Order | None,
    upload: Upload | None,
    meanings: Mapping[str, Meaning],
    seen: str | None,
) -> ImportResult:
    if any("\x00" in text for text in texts_of(draft)):
        raise ValidationError(_("The file holds signs that cannot be stored. Save it again in Word."), "unprintable")
    if upload is not None:
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if order is not None:
        order = with_annexes(Order.objects.filter(school=school)).get(pk=order.pk)
    else:
        order = order_of_paper(read, school=school, upload=upload, draft=draft)
    draft = replace(draft, school_year=_school_year(draft, order))
    if seen is not None and seen != (impact_on(order, draft).mark if order else ""):
        raise ValidationError(
            _("The order has changed since you looked at this page. Look at the differences again, then load it."),
            code="changed_meanwhile",
        )
    before = draft_of(order) if order else None
    result = ImportResult(order or Order(school=school), is_new=order is None, meanings=meanings)
    if order is not None and order.state != Order.State.DRAFT:
        if differences_from(before, as_imported(draft, into=before)):
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
        Order.objects.filter(pk=result.order.pk).update(paper=read.fingerprint)
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
        changes = journal_changes(differences_from(before, draft_of(order))) if before else ()
        record("orders.imported", order, by=by, changes=changes, school_id=order.school_id)
    if upload is None:
        return
    upload.order = order
    upload.answers = {anchor: {**one, "is_imported": True} for anchor, one in upload.answers.items()}
    upload.save(update_fields=["order", "answers"])
    if not result.changed_nothing:
        with upload.file.open("rb") as paper:
            Attachment(order=order, name=upload.name).file.save(upload.name, ContentFile(paper.read()))


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


def _match(rows: list[tuple[Stored, Any]], drafts: list[Any], *keys: Key) -> tuple[list[Stored | None], list[Stored]]:
    """For each draft the row it is on paper, or None; and the rows that no draft is. `rows` come with their drafts."""
    found = paired([draft for _row, draft in rows], drafts, *keys)
    matched = [rows[found[at]][0] if at in found else None for at, _draft in enumerate(drafts)]
    taken = set(found.values())
    return matched, [row for place, (row, _draft) in enumerate(rows) if place not in taken]


# What belongs to a row itself; anything else that hangs on it is somebody's work.
_PARTS: dict[type[models.Model], tuple[type[models.Model], ...]] = {
    Task: (TaskExecutor,),
    Clause: (),
    Direction: (DirectionRole, Hours, Topic),
}


def _with_facts(rows_: Iterable[Stored]) -> list[Stored]:
    """Those on which a note, a booking or a request hangs, and tasks on which work was begun. As many queries for one
    row as for all."""
    found = list(rows_)
    if not found:
        return []
    kind = type(found[0])
    worked = {row.pk for row in found if isinstance(row, Task) and _is_begun(row)}
    for relation in kind._meta.related_objects:
        if relation.related_model not in _PARTS[kind]:
            name = relation.field.name
            facts = relation.related_model._default_manager.filter(**{f"{name}__in": found})
            worked |= set(facts.values_list(name, flat=True))
    return [row for row in found if row.pk in worked]


def _is_begun(task: Task) -> bool:
    return bool(task.started_on or task.reported_at or task.result or not task.is_open)


def _leave_out(result: ImportResult, lost: list[Stored], name: Callable[[Stored], ImportedRow], *, after: int) -> None:
    """Remove the rows that the paper no longer has; those with facts stay, behind the `after` rows of the paper."""
    kept = _with_facts(lost)
    for row in lost:
        (result.kept if row in kept else result.removed).append(name(row))
    for position, row in enumerate(kept, start=after + 1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    if len(kept) < len(lost):
        kind = type(lost[0])
        kind.objects.filter(pk__in=[row.pk for row in lost if row not in kept]).delete()


# --- Annex 1 --------------------------------------------------------------------------------------

_TERM_COLUMNS = ("term_kind", "term_precision", "by_separate_schedule", "starts_on", "due_on", "left_without_dates")


def _write_plan(result: ImportResult, draft: PlanDraft) -> None:
    plan = annex(result.order, "plan") or Plan(order=result.order)
    _write_head(result, plan, "plan", heading=draft.heading, title=draft.title, columns=columns_to_store(draft.columns))
    old = stages_and_tasks(plan)
    found, lost = _match(
        [(stage, (place, StageDraft(stage.heading))) for place, (stage, _tasks) in enumerate(old)],
        list(enumerate(draft.stages)),
        lambda one: fold(one[1].heading),
        lambda one: one[1].number or None,
        lambda one: one[0],
    )
    written = []
    for place, (stage, stage_draft) in enumerate(zip(found, draft.stages, strict=True), start=1):
        written.append(_write_stage(result, stage or Stage(plan=plan), stage_draft, place))
    _write_tasks(result, [task for _stage, tasks in old for task in tasks], draft, written)
    for place, stage in enumerate(lost, start=len(written) + 1):
        if not stage.tasks.exists():
            result.removed.append(ImportedRow("plan", stage.heading))
            stage.delete()
        elif stage.position != place:  # with a task that was kept
            stage.position = place
            stage.save(update_fields=["position"])


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


def _match_tasks(old: list[Task], draft: PlanDraft) -> tuple[list[Task | None], list[Task]]:
    return _match(
        [(task, task_draft(task)) for task in old],
        [task for stage in draft.stages for task in stage.tasks],
        lambda task: (plain_number(task.number), fold(task.question)),
        lambda task: fold(task.question) or None,
        lambda task: plain_number(task.number) or None,
    )


def _write_tasks(result: ImportResult, old: list[Task], draft: PlanDraft, stages: list[Stage]) -> None:
    found, lost = _match_tasks(old, draft)
    left = iter(found)
    line = 0
    written: list[_Written] = []
    for stage, stage_draft in zip(stages, draft.stages, strict=True):
        line += 1
        for place, one in enumerate(stage_draft.tasks, start=1):
            line += 1
            meaning = result.meanings.get(f"plan-{line}", Meaning(is_new=False))
            written.append(_fill_task(result, next(left) or Task(stage=stage), stage, place, one, meaning))
    Task.objects.bulk_create([one.task for one in written if one.is_new])
    for one in written:
        if not one.is_new and one.changed:
            one.task.save(update_fields=one.changed)
    read_executors_into([one.task for one in written if "executors_printed" in one.changed])
    for one in written:
        parties = one.meaning.parties if one.meaning.is_new or "executors_printed" in one.changed else {}
        is_changed = bool(one.changed)
        if parties and choose_executors(one.task, parties):
            is_changed = True
        if one.is_new or is_changed:
            (result.added if one.is_new else result.changed).append(one.name)
    _leave_out(result, lost, lambda task: ImportedRow("plan", _task_name(task_draft(task))), after=len(written))


def _task_name(task: TaskDraft) -> str:
    return f"{plain_number(task.number)} {fold(task.question)}".strip()[:80]


@dataclass(frozen=True)
class _Written:
    """A task with the words of its draft, not yet saved; `changed` are its columns that differ."""

    task: Task
    name: ImportedRow
    changed: list[str]
    meaning: Meaning
    is_new: bool


def _fill_task(
    result: ImportResult, task: Task, stage: Stage, place: int, draft: TaskDraft, meaning: Meaning
) -> _Written:
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
        executors_printed=draft.executors,
        expected_result=draft.result,
        other_columns=pairs_to_store(draft.other),
    )
    is_reread = is_new or "term" in changed
    before = {name: getattr(task, name) for name in _TERM_COLUMNS}
    if is_reread:
        read_into(task, result.order.school_year)
        task.left_without_dates = False
    if is_reread or meaning.is_new:
        if meaning.days:
            take_days(task, *meaning.days)
        task.left_without_dates = task.left_without_dates or meaning.is_dateless
    changed += [name for name in _TERM_COLUMNS if getattr(task, name) != before[name]]
    return _Written(task, name, changed, meaning, is_new)


# --- Annex 2 --------------------------------------------------------------------------------------


def _write_regulation(result: ImportResult, draft: RegulationDraft) -> None:
    regulation = annex(result.order, "regulation") or Regulation(order=result.order)
    _write_head(result, regulation, "regulation", heading=draft.heading, title=draft.title)
    found, lost = _match_clauses(clauses_of(regulation), draft)
    new = []
    for place, (clause, one) in enumerate(zip(found, draft.clauses, strict=True), start=1):
        clause = clause or Clause(regulation=regulation)
        name = ImportedRow("regulation", _clause_name(one.number, one.text))
        changed = _fill(clause, name, position=place, printed_number=one.number, text=one.text)
        if clause.pk is None:
            new.append(clause)
            result.added.append(name)
        elif _save(clause, changed):
            result.changed.append(name)
    Clause.objects.bulk_create(new)
    named = lambda clause: ImportedRow("regulation", _clause_name(clause.printed_number, clause.text))  # noqa: E731
    _leave_out(result, lost, named, after=len(draft.clauses))


def _match_clauses(old: list[Clause], draft: RegulationDraft) -> tuple[list[Clause | None], list[Clause]]:
    return _match(
        [(clause, ClauseDraft(clause.printed_number, clause.text)) for clause in old],
        list(draft.clauses),
        lambda clause: (plain_number(clause.number), fold(clause.text)),
        lambda clause: fold(clause.text) or None,
        lambda clause: plain_number(clause.number) or None,
    )


def _clause_name(number: str, text: str) -> str:
    return f"{plain_number(number)} {fold(text)}".strip()[:80]


# --- Annex 3 --------------------------------------------------------------------------------------


def _write_schedule(result: ImportResult, draft: ScheduleDraft) -> None:
    schedule = annex(result.order, "schedule") or Schedule(order=result.order)
    columns = columns_to_store(draft.columns)
    _write_head(result, schedule, "schedule", heading=draft.heading, title=draft.title, columns=columns)
    found, lost = _match_directions(directions_of(schedule), draft)
    for place, (direction, one) in enumerate(zip(found, draft.directions, strict=True), start=1):
        _write_direction(result, direction or Direction(schedule=schedule), place, one)
    _leave_out(result, lost, lambda direction: ImportedRow("schedule", direction.name), after=len(draft.directions))


def _match_directions(old: list[Direction], draft: ScheduleDraft) -> tuple[list[Direction | None], list[Direction]]:
    return _match(
        [(direction, direction_draft(direction)) for direction in old],
        list(draft.directions),
        lambda direction: fold(direction.name),
        same_service,
    )


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
    meaning = result.meanings.get(f"schedule-{place}", Meaning(is_new=False))
    if direction.specialists_printed != draft.specialists:
        set_specialists(direction, draft.specialists, chosen=meaning.parties)
        is_changed = True
    elif meaning.is_new:
        is_changed |= choose_specialists(direction, meaning.parties)
    if direction.hours_printed != draft.hours or (meaning.is_new and meaning.takes_hours):
        direction.hours_printed = draft.hours
        direction.save(update_fields=["hours_printed"])
        read_hours_into(direction, is_confirmed=meaning.takes_hours)
        is_changed = True
    if is_changed:
        (result.added if is_new else result.changed).append(name)


def room_named(printed: str, *, school: School) -> Room | None:
    """The room of the school that the printed words name («18», «каб. № 18»), made if there is none.

    None for words that name no room (a dash, «нет») or are too long for a name: a person settles it.
    """
    name = fold(_ROOM_WORD.sub("", printed, count=1))
    if _NO_ROOM.fullmatch(name) or not re.search(r"\w", name) or len(name) > Room._meta.get_field("name").max_length:
        return None
    return Room.objects.get_or_create(school=school, name=name)[0]
