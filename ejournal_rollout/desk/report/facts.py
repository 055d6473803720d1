"""What the rooms know about a plan up to a day: plain values, gathered in six queries however many rows there are.

A fact that was taken back later (a task opened again) is not known to have been true before. Nobody is named: of
findings and consultations there are numbers only, so that whoever may read the report learns nothing about a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby

from django.db.models import Count, F, FilteredRelation, Q
from django.utils import timezone

from consultations.models import Booking, Seminar
from ejournal_rollout.orders.drafts import plain_number
from ejournal_rollout.orders.models import Amendment, Order
from ejournal_rollout.people.models import Membership
from plans.models import Evidence, Meeting, Plan, Round, Task
from support.models import HelpRequest


@dataclass(frozen=True)
class EvidenceFact:
    """A file that goes into the report; `kind` in words."""

    kind: str
    task: str
    name: str
    dated_on: date | None = None
    attached_on: date | None = None


@dataclass(frozen=True)
class TaskFact:
    """`term` are the words of now, `signed_term` those of the signed order; a day after that of the facts is None.
    `result` is one that waits for review or is accepted: words that were returned are no result."""

    stage: str
    number: str
    question: str
    term: str = ""
    signed_term: str = ""
    due_on: date | None = None
    started_on: date | None = None
    reported_on: date | None = None
    completed_on: date | None = None
    cancelled_on: date | None = None
    cancelled_because: str = ""
    result: str = ""


@dataclass(frozen=True)
class RoundFact:
    held_on: date
    task: str
    checked: str
    scope: str = ""
    findings: int = 0
    settled: int = 0


@dataclass(frozen=True)
class MeetingFact:
    words: str
    decisions: int


@dataclass(frozen=True)
class ConsultationFact:
    """How many consultations of a direction were agreed on for a month, held, missed by the teacher."""

    direction: str
    is_on_demand: bool
    month: date
    total: int
    held: int
    missed: int


@dataclass(frozen=True)
class SeminarFact:
    """A seminar that was held, and how many came."""

    day: date
    kind: str
    title: str
    came: int


@dataclass(frozen=True)
class HelpFact:
    """One request; `waited` is the time to its first answer, None where there was none yet."""

    direction: str
    form: str
    waited: timedelta | None = None


@dataclass(frozen=True)
class AmendmentFact:
    words: str
    grounds: str


@dataclass(frozen=True)
class Facts:
    on: date
    organization: str
    order: str
    school_year: str
    signed_on: date | None
    tasks: tuple[TaskFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    rounds: tuple[RoundFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    consultations: tuple[ConsultationFact, ...] = ()
    seminars: tuple[SeminarFact, ...] = ()
    requests: tuple[HelpFact, ...] = ()
    amendments: tuple[AmendmentFact, ...] = ()


def gather(plan: Plan, *, on: date, reader: Membership) -> Facts:
    """The facts up to the end of the day `on` in the school; `plan` with its order and school."""
    order, zone = plan.order, reader.school.zone
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    tasks, evidence = _tasks_and_evidence(plan, reader, on, end)
    return Facts(
        on=on,
        organization=order.organization or order.school.name,
        order=order.in_sentence,
        school_year=str(order.school_year),
        signed_on=order.signed_on,
        tasks=tasks,
        evidence=evidence,
        rounds=tuple(_rounds(plan, reader, on)),
        meetings=tuple(
            MeetingFact(str(one), one.decision_count)
            for one in Meeting.objects.visible_to(reader)
            .of(plan)
            .closed()
            .filter(held_on__lte=on)
            .with_decision_count()
            .order_by("held_on", "number")
        ),
        consultations=tuple(
            ConsultationFact(*row)
            for row in Booking.objects.visible_to(reader)
            .of_order(order)
            .counted_by_month(before=end, zone=zone)
            .values_list("direction_name", "is_on_demand", "month", "total", "held", "missed")
        ),
        seminars=tuple(
            SeminarFact(timezone.localdate(one.starts_at, zone), one.get_kind_display(), one.title, one.came_count)
            for one in Seminar.objects.visible_to(reader).held(order.school_year.starts_on, on, zone=zone)
        ),
        requests=tuple(_requests(order, end)),
        amendments=tuple(
            AmendmentFact(str(one), one.grounds)
            for one in Amendment.objects.visible_to(reader)
            .of(order)
            .in_force()
            .filter(in_force_since__lte=on)
            .defer("before", "after")
        ),
    )


def _tasks_and_evidence(
    plan: Plan, reader: Membership, on: date, end: datetime
) -> tuple[tuple[TaskFact, ...], tuple[EvidenceFact, ...]]:
    """One query: a task stands once for each of its files."""
    rows = (
        Task.objects.visible_to(reader)
        .of(plan)
        .select_related("stage")
        .annotate(
            shown=FilteredRelation(
                "evidence", condition=Q(evidence__goes_into_report=True, evidence__added_at__lt=end)
            ),
            shown_name=F("shown__name"),
            shown_kind=F("shown__kind"),
            shown_day=F("shown__dated_on"),
            shown_since=F("shown__added_at"),
        )
        .order_by("stage__position", "stage_id", "position", "pk", "shown__added_at", "shown__pk")
    )
    signed = _signed_terms(plan.order)
    tasks, evidence = [], []
    for _pk, same in groupby(rows, key=lambda task: task.pk):
        known = list(same)
        tasks.append(_task(known[0], signed, on, end.tzinfo))
        evidence += [
            EvidenceFact(
                str(Evidence.Kind(one.shown_kind).label),
                one.number,
                one.shown_name,
                one.shown_day,
                timezone.localtime(one.shown_since, end.tzinfo).date(),
            )
            for one in known
            if one.shown_kind
        ]
    kinds = [str(kind.label) for kind in Evidence.Kind]
    return tuple(tasks), tuple(sorted(evidence, key=lambda one: kinds.index(one.kind)))


def _task(task: Task, signed: dict[str, str], on: date, zone: tzinfo) -> TaskFact:
    reported_on = _until(on, timezone.localtime(task.reported_at, zone).date() if task.reported_at else None)
    completed_on = _until(on, task.completed_on)
    return TaskFact(
        stage=task.stage.heading,
        number=task.number,
        question=_line(task.question),
        term=task.term.strip(),
        signed_term=signed.get(task.number, ""),
        due_on=task.due_on,
        started_on=_until(on, task.started_on),
        reported_on=reported_on,
        completed_on=completed_on,
        cancelled_on=_until(on, task.cancelled_on),
        cancelled_because=task.cancelled_because,
        result=task.result if reported_on or completed_on else "",
    )


def _signed_terms(order: Order) -> dict[str, str]:
    """The words of the signed terms by the numbers of their tasks; a number that stands twice says nothing."""
    draft = order.signed_draft
    rows = [task for stage in draft.plan.stages for task in stage.tasks] if draft and draft.plan else []
    numbers = [plain_number(task.number) for task in rows]
    return {
        number: task.term.strip()
        for number, task in zip(numbers, rows, strict=True)
        if number and numbers.count(number) == 1
    }


def _rounds(plan: Plan, reader: Membership, on: date) -> Iterable[RoundFact]:
    held = Round.objects.visible_to(reader).of_plan(plan).held().filter(held_on__lte=on).select_related("task")
    settled = Count("findings", filter=Q(findings__settled_on__lte=on))
    for one in held.with_counts().annotate(settled_count=settled).order_by("held_on", "pk"):
        yield RoundFact(one.held_on, one.task.number, one.checked, one.scope, one.finding_count, one.settled_count)


def _requests(order: Order, end: datetime) -> Iterable[HelpFact]:
    asked = HelpRequest.objects.of_order(order).filter(asked_at__lt=end)
    rows = asked.order_by("direction__position", "direction_id", "form")
    for direction, form, asked_at, answered_at in rows.values_list(
        "direction__name", "form", "asked_at", "answered_at"
    ):
        is_answered = answered_at is not None and answered_at < end
        yield HelpFact(direction, str(HelpRequest.Form(form).label), answered_at - asked_at if is_answered else None)


def _until(on: date, day: date | None) -> date | None:
    return day if day and day <= on else None


def _line(text: str) -> str:
    return " ".join(text.split())
