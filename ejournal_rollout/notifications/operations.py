"""How people are told: `notify` writes, `deliver` mails, `rescue` picks up what fell."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .models import BACKOFF_MINUTES, LEASE, Message

STUCK_AFTER = timedelta(minutes=15)  # every background task of ours is far shorter and may run twice


def notify(recipients: Iterable[Membership], *, key: str, words: str, address: str) -> None:
    """Tell each of `recipients` once. Call it inside the transaction of the act, with `user` selected."""
    for recipient in {one.pk: one for one in recipients}.values():
        by_mail = settings.MAIL_ENABLED and bool(recipient.user.email) and recipient.user.has_usable_password()
        message, is_new = Message.objects.get_or_create(
            recipient=recipient, key=key, defaults={"words": words[:500], "address": address, "by_mail": by_mail}
        )
        if is_new and by_mail:
            deliver.enqueue(message.pk)


@task()
def deliver(message_id: int) -> str:
    """Mail one message. Safe to run twice: the row knows, not the queue."""
    now = timezone.now()
    mine = (
        Message.objects.undelivered()
        .not_leased(at=now)
        .filter(pk=message_id)
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not mine:
        return "not waiting, or in another worker's hands"
    message = Message.objects.select_related("recipient__user").get(pk=message_id)
    try:
        _mail(message)  # no transaction is open here: on SQLite it would hold the only write lock
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a header that cannot be is a ValueError
        Message.objects.filter(pk=message_id).update(last_error=str(error), leased_until=None)
        if message.attempts <= len(BACKOFF_MINUTES):
            pause = timedelta(minutes=BACKOFF_MINUTES[message.attempts - 1])
            deliver.using(run_after=now + pause).enqueue(message_id)
        return "failed"
    Message.objects.filter(pk=message_id).update(sent_at=timezone.now(), leased_until=None, last_error="")
    return "sent"


def mark_all_read(member: Membership, *, at: datetime) -> int:
    """The member has seen the messages written until `at`; returns how many were new."""
    return Message.objects.to(member).unread().filter(created_at__lte=at).update(read_at=at)


@transaction.atomic
def mail_again(message: Message, *, by: Membership) -> None:
    """Start anew with a letter that was given up.

    PermissionDenied unless `by` belongs to the administration of the recipient's school; ValidationError "not_dead"
    if the letter was sent or is still being tried.
    """
    if by.school_id != message.recipient.school_id or not by.may(Ability.EDIT_ORDER, on=timezone.localdate()):
        raise PermissionDenied
    if not Message.objects.dead().filter(pk=message.pk).update(attempts=0, leased_until=None):
        raise ValidationError(_("This letter does not wait for another attempt."), code="not_dead")
    deliver.enqueue(message.pk)
    record("notifications.mailed_again", message, by=by)


def rescue(*, at: datetime) -> int:
    """Give stuck tasks back to the queue; returns how many. A worker that was killed leaves its task RUNNING."""
    return (
        DBTaskResult.objects.running().filter(started_at__lt=at - STUCK_AFTER).update(status="READY", started_at=None)
    )


def _mail(message: Message) -> None:
    link = urljoin(settings.SITE_URL, message.address)
    site, one_line = _("Electronic journal"), " ".join(message.words.split())  # a header is one line
    EmailMessage(
        subject=f"{site}: {one_line[:120]}",
        body=f"{message.words}\n\n{link}\n",
        to=[message.recipient.user.email],
        headers={"Message-ID": message.mail_id, "Auto-Submitted": "auto-generated"},
    ).send()
