"""Help after a finding: a request registered for the teacher, or a consultation proposed to the teacher."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consultations.models import Direction
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.access import MemberRequest, member_required
from plans.models import Finding
from plans.operations import follow_finding, may_check
from support.models import HelpRequest
from support.operations import ask_for_help, may_register_for_others

from .forms import HelpForm, RequestForm


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def finding_help(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the finding down as a help request of the teacher; the specialists of the direction are told."""
    finding = _found(request, pk)
    form = RequestForm(request.POST or None, directions=_directions(request), finding=finding)
    if request.method == "POST" and form.is_valid():
        try:
            made = _register(request, finding, form)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            words = _("The question is written down as request %(number)s. The teacher and the specialists are told.")
            messages.success(request, words % {"number": made.number})
            return redirect(finding)
    return _page(request, finding, form, "desk/finding_help.html")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def finding_consultation(request: MemberRequest, pk: int) -> HttpResponse:
    """Propose a consultation: the teacher gets a link to the booking page with the question already written.

    Nobody books for a teacher who was not asked: the time is the teacher's choice (our decision).
    """
    finding = _found(request, pk)
    form = HelpForm(request.POST or None, directions=_directions(request), finding=finding)
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, finding, form.cleaned_data["direction"], form.cleaned_data["question"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The teacher is told and will choose a time."))
            return redirect(finding)
    return _page(request, finding, form, "desk/finding_consultation.html")


@transaction.atomic
def _register(request: MemberRequest, finding: Finding, form: RequestForm) -> HelpRequest:
    at, given = timezone.now(), form.cleaned_data
    made = ask_for_help(
        direction=given["direction"],
        question=given["question"],
        description=given["description"],
        form=HelpRequest.Form.ONLINE,
        requester=finding.teacher,
        registered_by=request.member,
        at=at,
    )
    outcome = _("Help request %(number)s") % {"number": made.number}
    follow_finding(finding, outcome=outcome, path=made.get_absolute_url(), by=request.member, at=at)
    return made


@transaction.atomic
def _propose(request: MemberRequest, finding: Finding, direction: Direction, question: str) -> None:
    path = f"{reverse('consultations:book', args=[direction.pk])}?{urlencode({'question': question})}"
    outcome = _("Book the proposed consultation: %(direction)s") % {"direction": direction.name}
    follow_finding(finding, outcome=outcome[:200], path=path, by=request.member, at=timezone.now())
    words = _("%(person)s proposes a consultation to you: %(direction)s. Open the remark and choose a time.")
    said = {"person": request.member.name, "direction": direction.name}
    notify(
        [finding.teacher],
        key=f"desk.consultation_proposed:{finding.pk}",
        words=words % said,
        address=finding.get_absolute_url(),
    )


def _found(request: MemberRequest, pk: int) -> Finding:
    """A remark to a teacher in which the member checks and may write down questions of others."""
    visible = Finding.objects.visible_to(request.member, roles=request.roles, abilities=request.abilities)
    finding = get_object_or_404(visible.with_round().exclude(teacher=None), pk=pk)
    may_offer = may_check(finding.round, request.member, on=timezone.localdate())
    if not may_offer or not may_register_for_others(request.member, at=timezone.now()):
        raise PermissionDenied
    return finding


def _directions(request: MemberRequest):
    return Direction.objects.visible_to(request.member).in_force()


def _page(request: MemberRequest, finding: Finding, form: HelpForm, template: str) -> HttpResponse:
    context = {"finding": finding, "form": form, "has_directions": form.fields["direction"].queryset.exists()}
    return render(request, template, context, status=422 if form.errors else 200)
