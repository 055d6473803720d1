"""Terms of the plan as events of a calendar."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.utils.text import Truncator
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.history.models import Entry, Mark
from ejournal_rollout.orders.drafts import fold

from .models import Task, TaskQuerySet

LONGEST_SUMMARY = 120


def term_events(tasks: TaskQuerySet, *, since: date, until: date, address: Callable[[str], str]) -> list[CalendarEvent]:
    """The last day of each of `tasks` that falls between `since` and `until` (both inside): two queries.

    A term of months is told on its last day too, with the order's words beside it; a task without a last day has no
    place in a calendar. Everything told grows from facts, so it changes only together with its sequence. `address`
    makes a path of the site into an address for the reader. The school's time zone is the active one.
    """
    tasks = tasks.filter(due_on__gte=since, due_on__lte=until)
    marks = Entry.objects.marks_of(tasks)
    return [_term_event(task, marks.get(task.pk), address) for task in tasks.in_order()]


def _term_event(task: Task, mark: Mark | None, address: Callable[[str], str]) -> CalendarEvent:
    order = task.stage.plan.order
    began = make_aware(datetime.combine(order.in_force_since or order.school_year.starts_on, time()))
    told = _("Term %(number)s: %(question)s") if task.number else _("Term: %(question)s")
    summary = told % {"number": task.number, "question": Truncator(fold(task.question)).chars(LONGEST_SUMMARY)}
    if not task.is_open:
        summary = pgettext("calendar", "%(summary)s (%(state)s)") % {"summary": summary, "state": task.state.label}
    return CalendarEvent(
        uid=f"task-{task.pk}@{site_mark()}",
        sequence=mark.times if mark else 0,
        changed_at=max(began, mark.last) if mark else began,
        summary=summary,
        starts=task.due_on,
        ends=task.due_on,
        description=_description(task),
        address=address(task.get_absolute_url()),
        is_cancelled=task.state is Task.State.CANCELLED,
    )


def _description(task: Task) -> str:
    told = [
        (_("Term by the order"), task.term),
        (_("Purpose"), task.purpose),
        (_("Executors"), task.executors_printed),
        (_("State"), task.state.label),
    ]
    return "\n".join(f"{words}: {fold(str(value))}" for words, value in told if value)
