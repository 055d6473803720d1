"""The plan in force at a glance, for a meeting of the working group."""

from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ejournal_rollout.people.access import MemberRequest, member_required

from ..changes import changes_since
from ..forms import SinceForm
from ..models import Meeting, Plan, Stage, Task
from ..presentation import Standing, nearest_term, stages_with_lines, summary, task_line
from ..round_lines import rounds_ahead

DAYS_OF_CHANGES = 30  # until a first meeting has been held


@require_GET
@member_required
def status(request: MemberRequest) -> HttpResponse:
    """The plan in force at a glance, for a meeting of the working group: one screen, one sheet."""
    plans = Plan.objects.visible_to(request.member)
    shown = plans.in_force().in_order().first()
    if shown is None:
        readable = list(plans.readable_with(request.abilities).in_order())
        return render(request, "plans/plan_empty.html", {"plans": readable})
    today = timezone.localdate()
    tasks = Task.objects.visible_to(request.member).of(shown).in_order().select_related("reported_by__user")
    lines = [task_line(one, today) for one in tasks]
    held = Meeting.objects.visible_to(request.member).of(shown).closed().first()
    form = SinceForm(request.GET)
    asked = form.cleaned_data["since"] if form.is_valid() else None
    since = asked or (held.held_on if held else today - timedelta(days=DAYS_OF_CHANGES))
    return render(
        request,
        "plans/status.html",
        {
            "since": since,
            "since_form": form if form.errors else SinceForm(initial={"since": since}),
            "last_meeting": held,
            "changes": changes_since(make_aware(datetime.combine(since, time())), shown, lines, reader=request.member),
            "rounds": rounds_ahead(shown, today),
            "plan": shown,
            "today": today,
            "summary": summary(lines, today),
            "groups": [
                (stage, nearest_term(stage.lines, today))
                for stage in stages_with_lines(Stage.objects.visible_to(request.member).of(shown), lines)
            ],
            "lists": [
                (words, [line for line in lines if line.standing is standing])
                for standing, words in (
                    (Standing.WAITING, _("Waiting for review")),
                    (Standing.OVERDUE, _("Overdue")),
                    (Standing.SOON, _("Due within 30 days")),
                    (Standing.BEFORE_ORDER, _("Term before the order, no result yet")),
                )
            ],
        },
    )
