"""One's own messages; for the administration also the letters that mail did not take."""

from django.contrib.messages import error, success
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.roles import Ability

from .forms import PageForm
from .models import Digest, Message
from .operations import mail_again, mark_all_read

MESSAGES_ON_A_PAGE = 30
UNSENT_SHOWN = 30


@require_safe
@member_required
def messages(request: MemberRequest) -> HttpResponse:
    form = PageForm(request.GET)
    number = form.cleaned_data["page"] if form.is_valid() else 1
    page = Paginator(Message.objects.to(request.member), MESSAGES_ON_A_PAGE).get_page(number or 1)
    unsent: list[Message | Digest] = []
    if Ability.EDIT_ORDER in request.abilities:
        for letters in (Digest.objects, Message.objects):
            unsent += letters.visible_to(request.member).dead().with_recipients()[:UNSENT_SHOWN]
    return render(request, "notifications/messages.html", {"page": page, "unsent": unsent})


@require_POST
@member_required
def read_all(request: MemberRequest) -> HttpResponse:
    mark_all_read(request.member, at=now())
    return redirect("notifications:messages")


@require_POST
@ability_required(Ability.EDIT_ORDER)
def send_again(request: MemberRequest, pk: int) -> HttpResponse:
    return _again(request, get_object_or_404(Message.objects.visible_to(request.member), pk=pk))


@require_POST
@ability_required(Ability.EDIT_ORDER)
def send_daily_again(request: MemberRequest, pk: int) -> HttpResponse:
    return _again(request, get_object_or_404(Digest.objects.visible_to(request.member), pk=pk))


def _again(request: MemberRequest, letter: Message | Digest) -> HttpResponse:
    try:
        mail_again(letter, by=request.member)
    except ValidationError as refusal:
        error(request, " ".join(refusal.messages))
    else:
        success(request, _("The letter will be sent again."))
    return redirect("notifications:messages")
