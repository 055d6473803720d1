"""What was sent to whom about the plan, and how the school wishes to be reminded."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ejournal_rollout.notifications.models import PLAN_TOPICS, Message
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability

from .. import reminding
from ..models import Task
from ..reminder_forms import ReminderRulesForm, ToldFilter

MESSAGES_ON_A_PAGE = 50


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def told(request: MemberRequest) -> HttpResponse:
    """Only what concerns the plan: messages about consultations and help are between two people."""
    tasks = Task.objects.visible_to(request.member).readable_with(request.abilities).in_order()
    form = ToldFilter(request.GET, member=request.member, tasks=tasks)
    sent = Message.objects.visible_to(request.member).of_topics(*PLAN_TOPICS).with_recipients().select_related("digest")
    if is_fitting := form.is_valid():
        chosen = form.cleaned_data
        sent = sent.about(chosen["task"]).to(chosen["person"]).of_topics(chosen["topic"])
    page = Paginator(sent, MESSAGES_ON_A_PAGE).get_page(form.cleaned_data.get("page") or 1)
    names = ("task", "person", "topic") if is_fitting else ()
    query = {name: value for name in names if (value := request.GET.get(name))}
    return render(
        request,
        "plans/told.html",
        {
            "form": form,
            "page": page,
            "chosen": query,
            "narrowed_to": form.narrowed_to() if is_fitting else "",
            "query": f"{urlencode(query)}&" if query else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def reminder_rules(request: MemberRequest) -> HttpResponse:
    school = request.member.school
    form = ReminderRulesForm(request.POST or None, instance=reminding.rules_of(school))
    if request.method == "POST" and form.is_valid():
        reminding.set_rules(school, by=request.member, **form.cleaned_data)
        messages.success(request, _("The reminders are set. They hold from the next morning."))
        return redirect("plans:reminder-rules")
    heads = reminding.heads_of(school, on=timezone.localdate())
    status = 422 if form.errors else 200
    return render(request, "plans/reminder_rules.html", {"form": form, "heads": heads}, status=status)
