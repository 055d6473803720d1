"""What the paper of an order left open: each thing in words, with the page where a person puts it right."""

from typing import NamedTuple

from django.db.models import Case, CharField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.models import Direction
from ejournal_rollout.documents.copying import terms_to_settle
from ejournal_rollout.orders.drafts import OrderDraft, TaskDraft, fold, plain_number
from ejournal_rollout.orders.models import Order
from plans.models import Task
from plans.terms import Kind, read_term

SHOWN = 100  # letters of a name or of words; the page behind the link has them whole


class Unsettled(NamedTuple):
    words: str
    address: str


def unsettled(order: Order) -> list[Unsettled]:
    """In the order of the annexes: terms without dates, executors, hours and specialists that were not understood.

    Finished tasks are left out; a term that gives no dates stays until somebody enters them or says that it has none.
    One query.
    """
    first, *others = (
        rows.order_by().annotate(kind=Value(kind, CharField())).values_list("kind", "place", "pk", number, name, words)
        for kind, rows, number, name, words in _parts(order.pk)
    )
    found = sorted(first.union(*others, all=True), key=lambda row: (row[0] in _OF_SCHEDULE, *row[1:3], row[0]))
    return [_said(kind, pk, number, name, words) for kind, _place, pk, number, name, words in found]


def current_order() -> QuerySet[Order]:
    """Of the outer school: its order in force, else the newest draft. A subquery of one key."""
    in_force_first = Case(When(state=Order.State.IN_FORCE, then=0), default=1)
    ours = Order.objects.filter(school=OuterRef("pk")).exclude(state=Order.State.CLOSED)
    return ours.order_by(in_force_first, "-pk").values("pk")[:1]


def unsettled_count(order: OuterRef) -> Func:
    """How many lines `unsettled` has for the order of the outer row, as an expression."""
    none = Value(0, IntegerField())
    return sum((Subquery(_count(rows), IntegerField()) for _kind, rows, *_names in _parts(order)), start=none)


def _count(rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(found=Func(F("pk"), function="COUNT")).values("found")


def terms_to_look_at(draft: OrderDraft) -> list[tuple[str, TaskDraft]]:
    """Those of `terms_to_settle` that give dates all the same, but doubtful ones or of far years."""
    found = terms_to_settle(draft)
    return [(key, task) for key, task in found if read_term(task.term, draft.school_year).kind is not Kind.UNPARSABLE]


_OF_SCHEDULE = ("hours", "specialist")


def _parts(order: int | OuterRef) -> list[tuple[str, QuerySet, str, str, str]]:
    """(kind, rows, columns of number, name and words) for each kind of what is unsettled."""
    tasks = Task.objects.filter(stage__plan__order=order).open()
    directions = Direction.objects.filter(schedule__order=order)
    dateless = tasks.filter(term_kind=Kind.UNPARSABLE, starts_on=None, due_on=None, left_without_dates=False).exclude(
        term=""
    )
    in_plan = F("stage__position") * 1000 + F("position")
    return [
        ("term", dateless.annotate(place=in_plan), "printed_number", "question", "term"),
        (
            "executor",
            tasks.filter(executors__role="").annotate(place=in_plan),
            "printed_number",
            "question",
            "executors__words",
        ),
        (
            "hours",
            directions.filter(is_on_demand=False, hours=None).annotate(place=F("position"), no=Value("", CharField())),
            "no",
            "name",
            "hours_printed",
        ),
        (
            "specialist",
            directions.filter(direction_roles__role="", direction_roles__person=None).annotate(
                place=F("position"), no=Value("", CharField())
            ),
            "no",
            "name",
            "direction_roles__words",
        ),
    ]


def _said(kind: str, pk: int, number: str, name: str, words: str) -> Unsettled:
    row, words = plain_number(number) or _short(name), _short(words)
    match kind:
        case "term":
            said = _("Task %(row)s: the term “%(words)s” gives no dates. Enter the first and the last day.")
        case "executor":
            said = _("Task %(row)s: it is not clear who “%(words)s” is. Choose the role of the executor.")
        case "hours" if words:
            said = _("Consultations “%(row)s”: the hours “%(words)s” were not understood. Enter days and hours.")
        case "hours":
            said = _("Consultations “%(row)s”: no hours are printed. Enter days and hours or tick “as needed”.")
        case _:
            said = _("Consultations “%(row)s”: it is not clear who “%(words)s” is. Choose a role or a person.")
    page = "admin:consultations_direction_change" if kind in _OF_SCHEDULE else "admin:plans_task_change"
    return Unsettled(said % {"row": row, "words": words}, reverse(page, args=[pk]))


def _short(words: str) -> str:
    words = fold(words)
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rstrip()}…"
