"""Terms and rounds of the plan as events of a calendar."""

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

from .models import Round, RoundQuerySet, Task, TaskQuerySet

LONGEST_SUMMARY = 120
ROUND_ENDS = [("cancelled_on", Round.State.CANCELLED.label), ("held_on", Round.State.HELD.label)]


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


def round_events(
    rounds: RoundQuerySet, *, since: date, until: date, address: Callable[[str], str]
) -> list[CalendarEvent]:
    """Each of `rounds` that falls between `since` and `until` (both inside) on its day: two queries.

    A held round stands on the day on which it was held. Nothing of what was found: who knows the address of a feed may
    be nobody of the school.
    """
    rounds = rounds.on_days(since, until)
    marks = Entry.objects.marks_of(rounds)
    return [_round_event(one, marks.get(one.pk), address) for one in rounds.with_task().in_order()]


def _round_event(checked: Round, mark: Mark | None, address: Callable[[str], str]) -> CalendarEvent:
    day = checked.held_on or checked.planned_on
    summary = _("Check: %(checked)s") % {"checked": Truncator(checked.checked).chars(LONGEST_SUMMARY)}
    if ended := [words for fact, words in ROUND_ENDS if getattr(checked, fact)]:
        summary = pgettext("calendar", "%(summary)s (%(state)s)") % {"summary": summary, "state": ended[0]}
    told = [
        (_("Task"), f"{checked.task.number} {checked.task.question}".strip()),
        (_("Classes"), checked.classes),
        (_("Subjects"), checked.subjects),
        (_("Who checks"), checked.checker_name or checked.task.executors_printed),
    ]
    return CalendarEvent(
        uid=f"round-{checked.pk}@{site_mark()}",
        sequence=mark.times if mark else 0,
        changed_at=max(checked.planned_at, mark.last) if mark else checked.planned_at,
        summary=summary,
        starts=day,
        ends=day,
        description="\n".join(f"{words}: {fold(str(value))}" for words, value in told if value),
        address=address(checked.get_absolute_url()),
        is_cancelled=checked.cancelled_on is not None,
    )
