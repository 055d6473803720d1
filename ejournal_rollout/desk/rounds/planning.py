"""Planning rounds by the calendar of the school: a series of days, another day, a repeated check."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability
from plans import operations
from plans.models import Round, Task
from plans.operations.rounds import MOST_DAYS
from plans.recurrence import indicator_lines

from .forms import OneDayForm, SeriesForm
from .school_days import school_days

WEIGHT = re.compile(r"\bвес(а|у|ом|е|ов)?\b", re.IGNORECASE)  # «Мониторинг „веса“ отметки»


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.REVIEW_TASKS)
def rounds_new(request: MemberRequest, pk: int) -> HttpResponse:
    """First the days are shown and ticked, then those that are ticked are planned; one page for both."""
    tasks = Task.objects.visible_to(request.member).in_force().in_order()
    task = get_object_or_404(tasks.prefetch_related("executors"), pk=pk)
    staff = Membership.objects.visible_to(request.member).working(on=timezone.localdate()).select_related("user")
    if request.method != "POST":
        year = task.stage.plan.order.school_year
        initial = {**_usual_check(task), "until": task.due_on or date(year.first + 1, 5, 31)}
        return _series_page(request, task, SeriesForm(initial=initial, staff=staff))
    form = SeriesForm(request.POST, staff=staff)
    if form.is_valid() and (request.POST.get("show") or not form.chosen_days()):
        days = form.proposed_days(most=MOST_DAYS)
        _refuse_at_once(task, days, form)
        if form.is_valid():
            form.offer_days(days, school_days(request.member.school, days))
        return _series_page(request, task, form, status=422 if form.errors else 200)
    if form.is_valid():
        try:
            planned = operations.plan_rounds(
                task, form.check(), days=form.chosen_days(), by=request.member, at=timezone.now()
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            words = ngettext("%(count)d check is planned.", "%(count)d checks are planned.", len(planned))
            messages.success(request, words % {"count": len(planned)})
            return redirect(f"{task.get_absolute_url()}#rounds")
    _show_ticked(form, request)
    return _series_page(request, task, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.REVIEW_TASKS)
def round_move(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _found(request, pk)
    if not checked.is_planned:
        return redirect(checked)

    def move(day: date) -> Round:
        operations.move_round(checked, planned_on=day, by=request.member, at=timezone.now())
        return checked

    title, button = _("Another day for the check"), _("Move the check")
    return _one_day(request, checked, move, title=title, button=button, initial=checked.planned_on)


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.REVIEW_TASKS)
def round_repeat(request: MemberRequest, pk: int) -> HttpResponse:
    checked = _found(request, pk)
    if checked.held_on is None:
        return redirect(checked)

    def repeat(day: date) -> Round:
        return operations.repeat_round(checked, planned_on=day, by=request.member, at=timezone.now())

    return _one_day(request, checked, repeat, title=_("Repeated check"), button=_("Plan the repeated check"))


def _found(request: MemberRequest, pk: int) -> Round:
    checked = get_object_or_404(Round.objects.visible_to(request.member).in_force().with_all(), pk=pk)
    if not operations.may_plan(checked.task, request.member, on=timezone.localdate()):
        raise PermissionDenied
    return checked


def _one_day(
    request: MemberRequest,
    checked: Round,
    act: Callable[[date], Round],
    *,
    title: str,
    button: str,
    initial: date | None = None,
) -> HttpResponse:
    form = OneDayForm(request.POST or None, initial={"planned_on": initial})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["planned_on"]
        calendar = school_days(request.member.school, [day])
        if (reason := calendar.why_closed(day)) and not form.cleaned_data["anyway"]:
            form.ask_again(reason, calendar.next_open(day))
        else:
            try:
                result = act(day)
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                messages.success(
                    request, _("The check is planned for %(day)s.") % {"day": f"{result.planned_on:%d.%m.%Y}"}
                )
                return redirect(result)
    context = {"round": checked, "form": form, "title": title, "button": button}
    return render(request, "desk/round_day.html", context, status=422 if form.errors else 200)


def _series_page(request: MemberRequest, task: Task, form: SeriesForm, status: int = 200) -> HttpResponse:
    has_days = bool(form.fields["days"].choices)
    return render(request, "desk/rounds_new.html", {"task": task, "form": form, "has_days": has_days}, status=status)


def _refuse_at_once(task: Task, days: Sequence[date], form: SeriesForm) -> None:
    """What planning would refuse is said beside its field before the days are shown."""
    for field, some in (("first_on", days[:1]), ("until", days)):
        try:
            operations.require_days(task, some)
        except ValidationError as refusal:
            form.add_error(field, refusal)
            return


def _show_ticked(form: SeriesForm, request: MemberRequest) -> None:
    """After a refusal the ticked days stand there as they were."""
    ticked = [date.fromisoformat(value) for value, _words in form.fields["days"].choices]
    chosen = form.data.getlist("days")
    form.offer_days(ticked, school_days(request.member.school, ticked))
    form.data.setlist("days", chosen)


def _usual_check(task: Task) -> dict[str, str]:
    """A list to begin with, for the two kinds of rounds that schools hold; every word of it may be changed."""
    if WEIGHT.search(task.question):
        kinds = [_("Control work"), _("Independent work"), _("Oral answer"), _("Homework")]
        return {"checked": _("Weight of marks"), "indicators": "\n".join(f"{one}:" for one in kinds)}
    usual = [
        (_("Lessons with topic and date, %"), "100"),
        (_("Homework written, %"), "95"),
        (_("Written on the day of the lesson, %"), "90"),
        (_("Cells with an absence and a mark together"), "0"),
    ]
    return {"checked": _("Keeping of the journal"), "indicators": indicator_lines(usual)}
