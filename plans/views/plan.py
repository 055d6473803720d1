"""The plan page: Annex 1 as a table or across months, its filters, a task beside the list, quick acts in a row."""

from functools import cached_property
from itertools import chain, groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from ejournal_rollout.orders.drafts import PlanDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.wordings import AnnexPage, RowOnPage, view_asked
from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..forms import ActForm, PlanChoiceForm
from ..listing import stages_and_tasks
from ..models import Evidence, Plan, Round, SavedView, Stage, Step, Task, TaskNote
from ..presentation import (
    TaskLine,
    annex_columns,
    as_lines,
    measured_on,
    nearest_term,
    page_of_plan,
    signed_columns,
    signed_stages,
    summary,
    task_line,
    task_reading,
    words_before,
)
from ..round_lines import round_lines
from ..rows import PlanRows, joined, timeline_row
from ..selection import FILTERS, READY_VIEWS, UNFILTERED, Group, Selection, Shape
from ..timeline import Point, timeline
from .acts import act_forms, executors_today

Act = TaskNote.Act
ROWS_ON_A_PAGE = 200  # our decision: what a screen scrolls through and a browser draws at once
QUICK_ACTS = {
    Act.STARTED: "plans:task-start",
    Act.REPORTED: "plans:task-report",
    Act.ACCEPTED: "plans:task-accept",
    Act.RETURNED: "plans:task-return",
    Act.NOTED: "plans:task-note",
}
NOTES_IN_PANEL = 5


@require_GET
@member_required
def plan(request: MemberRequest) -> HttpResponse:
    return plan_page(request, request.GET)


def plan_page(
    request: MemberRequest, query: QueryDict, *, failed: ActForm | None = None, status: int = 200
) -> HttpResponse:
    """The page at the address `query`; a quick act that was refused (`failed`, of the row `mark`) keeps its words."""
    plans = list(Plan.objects.visible_to(request.member).readable_with(request.abilities).in_order())
    shown = _chosen(plans, query)
    if shown is None:
        return render(request, "plans/plan_empty.html", {"plans": plans})
    page = _PlanPage(request, shown, query, failed)
    if request.htmx.target == "panel":
        response = render(request, "plans/_panel.html", page.panel())
    else:
        response = render(request, "plans/plan.html", {"plans": plans, **page.context()}, status=status)
    if request.htmx.target == "plan-list":
        response["HX-Push-Url"] = page.selection.address()  # without the fields that were left empty
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _chosen(plans: list[Plan], query: QueryDict) -> Plan | None:
    """The plan of `?order=`, else the one in force. One that the reader may not see does not exist."""
    choice = PlanChoiceForm(query)
    if not choice.is_valid():
        raise Http404
    number = choice.cleaned_data["order"]
    found = [one for one in plans if (one.order_id == number if number else one.order.state == Order.State.IN_FORCE)]
    if number and not found:
        raise Http404
    return found[0] if found else None


class _PlanPage:
    """What is asked of one plan: its stages and tasks in one query, its wordings in one, its journal in one more where
    something differs from the order; the lists under names in one."""

    def __init__(self, request: MemberRequest, shown: Plan, query: QueryDict, failed: ActForm | None) -> None:
        self.request, self.shown, self.failed = request, shown, failed
        self.today = timezone.localdate()
        self.on = measured_on(shown.order, self.today)
        self.by_stage = stages_and_tasks(shown, reader=request.member, is_searched=bool(query.get("q")))
        self.stages = [stage for stage, _tasks in self.by_stage]
        self.listed = [one for _stage, tasks in self.by_stage for one in tasks]
        self.lines = [task_line(one.task, self.on, one.note) for one in self.listed]
        self._beside = {one.task.pk: one.words for one in self.listed}
        self._watched = {one.task.pk for one in self.listed if one.is_watched}
        self._place = {stage.pk: place for place, stage in enumerate(self.stages, start=1)}
        order = shown.order_id if shown.order.state != Order.State.IN_FORCE else None
        self.wording = view_asked(query)
        self.selection = Selection(query, stages=self.stages, order=order, wording=self.wording)
        self.asked = self.selection.asked
        self.picked = self._shown()
        self._is_marked = False
        self.groups = self.selection.groups(self.picked, self.stages)

    @cached_property
    def annex(self) -> AnnexPage:
        own = [(stage, [one.task for one in tasks]) for stage, tasks in self.by_stage]
        return page_of_plan(self.shown, own, self.wording)

    @cached_property
    def marks(self) -> dict[Stage | Task, RowOnPage]:
        own = ((stage, *(one.task for one in tasks)) for stage, tasks in self.by_stage)
        return dict(zip(chain.from_iterable(own), self.annex.rows, strict=True))

    def _shown(self) -> list[TaskLine]:
        """What is picked; the row of a refused act is there in any case, because it keeps what was typed."""
        picked = self._pick(self.selection)
        if self.failed is None:
            return picked
        names = {line.task.pk for line in picked} | {self.asked.mark}
        return [line for line in self.lines if line.task.pk in names]

    def _pick(self, selection: Selection) -> list[TaskLine]:
        return selection.pick(
            self.lines,
            on=self.on,
            roles=self.request.roles,
            watched=self._watched,
            place=self._place,
            beside=self._beside,
        )

    def context(self) -> dict[str, Any]:
        selection, order = self.selection, self.shown.order
        is_timeline = self.asked.view == Shape.TIMELINE
        context: dict[str, Any] = {
            "plan": self.shown,
            "selection": selection,
            "is_timeline": is_timeline,
            "shapes": [
                (words, selection.address(view=value), value == self.asked.view) for value, words in Shape.choices
            ],
            "title": as_lines(self.shown.title),
            "heading": as_lines(self.shown.heading),
            "query": f"order={order.pk}&" if order.state != Order.State.IN_FORCE else "",
            "summary": summary(self.lines, self.on),
            "total": len(self.lines),
            "found": len(self.picked),
            "today": self.today,
            "ready_views": self._ready_views(),
            "saved_views": self._saved_views(),
        }
        if is_timeline:
            context |= self._timeline()
        elif self.annex.is_signed_view:
            context |= {"annex": self.annex, "signed": _signed_page(self.annex.signed)}
        else:
            context |= {"annex": self.annex, **self._table()}
        return {**context, **(self.panel() if self.asked.task else {})}

    # --- Lists under names

    def _ready_views(self) -> list[dict[str, Any]]:
        """The lists that everybody has, each with its number of tasks; grouping and shape stay as they are."""
        views = []
        for words, filters in READY_VIEWS:
            address = self.selection.address(**UNFILTERED | filters)
            found = Selection(QueryDict(urlencode(filters)), stages=self.stages)
            is_chosen = {name: value for name, value in self.selection.kept.items() if name in FILTERS} == filters
            views.append({"words": words, "address": address, "count": len(self._pick(found)), "is_chosen": is_chosen})
        return views

    def _saved_views(self) -> list[dict[str, Any]]:
        views = SavedView.objects.visible_to(self.request.member).select_related("member__user")
        return [{"view": one, "is_chosen": one.query == self.selection.query} for one in views]

    # --- The list

    def _page(self) -> tuple[Page | None, list[tuple[Group, list[TaskLine], bool]]]:
        """The page asked for (None: all) and its groups, each with its lines there and whether it goes on from the
        page before."""
        flat = [(place, line) for place, group in enumerate(self.groups) for line in group.lines]
        if len(flat) <= ROWS_ON_A_PAGE or self.asked.all:
            return None, [(group, list(group.lines), False) for group in self.groups]
        number = self.asked.page or 1
        if self.failed is not None:
            number = 1 + [line.task.pk for _place, line in flat].index(self.asked.mark) // ROWS_ON_A_PAGE
        page = Paginator(flat, ROWS_ON_A_PAGE).get_page(number)
        first = flat[page.start_index() - 2][0] if page.number > 1 else None
        return page, [
            (self.groups[place], [line for _place, line in lines], place == first)
            for place, lines in groupby(page.object_list, key=lambda one: one[0])
        ]

    def _pages(self, page: Page | None) -> dict[str, Any]:
        if page is None:
            return {"page": None}
        address = self.selection.address
        return {
            "page": page,
            "earlier": address(page=page.previous_page_number()) if page.has_previous() else "",
            "later": address(page=page.next_page_number()) if page.has_next() else "",
            "whole": address(all=1),
        }

    def _table(self) -> dict[str, Any]:
        columns = annex_columns(self.shown)
        rows = PlanRows(
            columns,
            self.marks,
            is_compared=self.annex.is_compared,
            task_address=self.selection.row_addresses("task"),
            mark_address=self.selection.row_addresses("mark"),
            may_mark=lambda line: bool(self._quick_acts(line.task)),
            opened=self.asked.task,
            changed=self.asked.changed,
        )
        page, groups = self._page()
        is_whole = page is None and not self.selection.is_filtered
        printed = {one for group, lines, _goes_on in groups for one in (group.stage, *(line.task for line in lines))}
        return {
            "columns": columns,
            "paper_notes": self.annex.paper_notes(None if is_whole else printed),
            **self._pages(page),
            "groups": [
                {
                    "group": group,
                    "nearest": nearest_term(group.lines, self.on),
                    "mark": self.marks.get(group.stage),
                    "goes_on": goes_on,
                    "rows": joined(
                        chain.from_iterable((rows.row(line), self._act_row(line, columns)) for line in lines)
                    ),
                }
                for group, lines, goes_on in groups
            ],
        }

    def _timeline(self) -> dict[str, Any]:
        """The months of all that is picked, also where the list is paged."""
        drawn = timeline(self.picked, today=self.today, points=self._rounds())
        if drawn is None:
            return {"timeline": None, "groups": []}
        rows = {row.line.task: row for row in drawn.rows}
        address = self.selection.row_addresses("task")
        page, groups = self._page()
        return {
            "timeline": drawn,
            **self._pages(page),
            "groups": [
                {
                    "group": group,
                    "goes_on": goes_on,
                    "rows": joined(timeline_row(rows[line.task], drawn.width, address) for line in lines),
                }
                for group, lines, goes_on in groups
            ],
        }

    def _rounds(self) -> dict[int, list[Point]]:
        """The rounds of each task by its key: on the day they were held, else on that for which they are planned."""
        points: dict[int, list[Point]] = {}
        for one in Round.objects.visible_to(self.request.member).live().of_plan(self.shown):
            points.setdefault(one.task_id, []).append(Point(one.held_on or one.planned_on, one.checked))
        return points

    # --- Quick acts in a row

    def _quick_acts(self, task: Task) -> list[Act]:
        acts = operations.open_acts(task, self.request.member, on=self.today)
        return [act for act in QUICK_ACTS if act in acts]

    def _act_row(self, line: TaskLine, columns: list[tuple[str, str]]) -> str:
        if line.task.pk != self.asked.mark or self._is_marked:
            return ""
        self._is_marked = True  # a task may stand under several headings: its forms stand under the first
        forms = act_forms(line.task, self.request.member, on=self.today, failed=self.failed)
        quick = [
            (reverse(address, args=[line.task.pk]), forms[act]) for act, address in QUICK_ACTS.items() if act in forms
        ]
        fields = [field for _address, form in quick for field in form.visible_fields()]
        for field in fields:
            field.field.widget.attrs["rows"] = 1
        if fields and self.failed is None:
            fields[0].field.widget.attrs["autofocus"] = True
        return render_to_string(
            "plans/_act_row.html",
            {
                "line": line,
                "forms": quick,
                "failed": self.failed,
                "width": len(columns) + 2,
                "back": f"?{self.selection.address(page=self.asked.page).partition('?')[2]}",
                "close": self.selection.address(page=self.asked.page),
            },
            self.request,
        )

    # --- A task beside the list

    def panel(self) -> dict[str, Any]:
        """The task that is open, with its neighbours in the list; an empty panel where none is asked for."""
        one = next((one for one in self.listed if one.task.pk == self.asked.task), None)
        if one is None:
            return {"selection": self.selection}
        task, member = one.task, self.request.member
        places = list(dict.fromkeys(line.task.pk for group in self.groups for line in group.lines))
        place = places.index(task.pk) if task.pk in places else None
        address = self.selection.row_addresses("task")
        row = self.marks[task]
        notes = list(TaskNote.objects.visible_to(member).of(task).with_authors()[: NOTES_IN_PANEL + 1])
        return {
            "selection": self.selection,
            "task": task,
            "line": task_line(task, self.on),
            "reading": task_reading(task),
            "row": row,
            "was": words_before(row.mark.was),
            "executors": executors_today(task, member, on=self.today),
            "notes": notes[:NOTES_IN_PANEL],
            "has_more_notes": len(notes) > NOTES_IN_PANEL,
            "evidence": list(Evidence.objects.visible_to(member).of(task)),
            "rounds": round_lines(Round.objects.visible_to(member).of(task).for_lists().in_order(), on=self.today),
            "steps": list(Step.objects.visible_to(member).of(task)),
            "close": self.selection.address(page=self.asked.page),
            "before": address(places[place - 1]) if place else "",
            "after": address(places[place + 1]) if place is not None and place + 1 < len(places) else "",
        }


def _signed_page(signed: PlanDraft) -> dict[str, Any]:
    return {
        "heading": as_lines(signed.heading),
        "title": as_lines(signed.title),
        "columns": [header for _field, header in signed_columns(signed)],
        "stages": signed_stages(signed),
    }
