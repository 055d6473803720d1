"""How an act is written: the row, the line of the thread, the journal, the messages."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership

from ..models import OPEN, HelpRequest, Reply
from .people import who_answers

STATE_FIELDS = (
    "assignee", "taken_at", "answered_at", "waiting_since", "vendor_since", "solved_at", "closed_at", "stopped_at",
    "merged_into", "helped", "reopened_count", "version",
)  # fmt: skip
VERBS_OF_ACTS = {
    Reply.Act.WROTE: "support.replied",
    Reply.Act.TAKEN: "support.taken",
    Reply.Act.WAITS: "support.replied",
    Reply.Act.SOLVED: "support.solved",
    Reply.Act.CLOSED: "support.closed",
    Reply.Act.HELPED: "support.closed",
    Reply.Act.NOT_HELPED: "support.closed",
    Reply.Act.REOPENED: "support.reopened",
    Reply.Act.TO_VENDOR: "support.vendor_asked",
    Reply.Act.FROM_VENDOR: "support.vendor_answered",
    Reply.Act.MERGED: "support.merged",
    Reply.Act.STOPPED: "support.stopped",
}


def take_if_nobodys(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    if change_if(help_request, OPEN & Q(assignee=None), assignee=by, taken_at=at):
        Reply.objects.create(request=help_request, author=by, written_at=at, act=Reply.Act.TAKEN)
        record("support.taken", help_request, by=by)


def change_if(help_request: HelpRequest, condition: Q, **values: object) -> bool:
    """Write `values` if the row still meets `condition`; either way the object then says what the row says."""
    won = HelpRequest.objects.filter(condition, pk=help_request.pk).update(**values)
    help_request.refresh_from_db(fields=STATE_FIELDS)
    return bool(won)


def write_line(help_request: HelpRequest, act: Reply.Act, text: str, *, by: Membership, at: datetime) -> Reply:
    """A line of the thread, the journal's entry, and the message to those who did not write it."""
    line = Reply.objects.create(request=help_request, author=by, written_at=at, act=act, text=text)
    record(VERBS_OF_ACTS[act], help_request, by=by)
    words = _("Request %(number)s, %(name)s: %(words)s") % {
        "number": help_request.number,
        "name": by.name,
        "words": " ".join(filter(None, [str(line.get_act_display()) if act else "", text])),
    }
    others = who_answers(help_request, at=at) if by.pk == help_request.requester_id or help_request.assignee_id else []
    tell_people([help_request.requester, *others], help_request, f"line-{line.pk}", words, but=by)
    return line


def tell_people(
    people: Iterable[Membership], help_request: HelpRequest, key: str, words: str, *, but: Membership | None = None
) -> None:
    told = [one for one in people if but is None or one.pk != but.pk]
    address = help_request.get_absolute_url()
    key = f"support-{help_request.pk}-{key}"
    notify(told, key=key, words=words, address=address, topic=Topic.HELP, about=help_request)


def not_empty(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError(_("Write the text."), code="empty_text")
    return text


def refuse_if_closed(help_request: HelpRequest) -> None:
    if help_request.closed_at:
        raise ValidationError(_("This request is closed. Put it back to work first."), code="closed")
