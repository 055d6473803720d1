"""How people are told: `notify` writes, `deliver` mails, `write_digests` gathers, `rescue` picks up what fell."""

import smtplib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from ejournal_rollout.calendars.ical import CalendarEvent, Party, invitation_bytes, method_of
from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability

from .models import (
    BACKOFF_MINUTES,
    LEASE,
    PLAN_TOPICS,
    Digest,
    Letter,
    LetterQuerySet,
    Message,
    MessageQuerySet,
    Topic,
    Trouble,
    mark_of,
)

STUCK_AFTER = timedelta(minutes=15)  # every background task of ours is far shorter and may run twice


def notify(
    recipients: Iterable[Membership],
    *,
    key: str,
    words: str,
    address: str,
    topic: Topic = Topic.OTHER,
    about: models.Model | None = None,
) -> None:
    """Tell each of `recipients` once. Call it inside the transaction of the act, with `user` selected.

    `topic` decides whether it may wait for the letter of the day; `about` is the row that it tells of.
    """
    write(message(one, key=key, words=words, address=address, topic=topic, about=about) for one in recipients)


def message(
    recipient: Membership,
    *,
    key: str,
    words: str,
    address: str,
    topic: Topic = Topic.OTHER,
    about: models.Model | None = None,
    event: CalendarEvent | None = None,
    is_mailed: bool = True,
) -> Message:
    """A message for `write`. A letter goes only to those who have an address and an account and want letters.

    `event` goes with the letter, for the calendar of the recipient; it is kept as it is now, whatever happens later.
    Not `is_mailed`: the person wants no letters of this kind.
    """
    trouble = _no_letter_because(recipient) or ("" if is_mailed else Trouble.NOT_WANTED)
    may_wait = recipient.letters == Membership.Letters.DAILY and topic in PLAN_TOPICS
    wants = not trouble
    return Message(
        recipient=recipient,
        key=key,
        words=words[:500],
        address=address,
        topic=topic,
        about=mark_of(about) if about else "",
        by_mail=wants and not may_wait,
        in_digest=wants and may_wait,
        trouble=trouble,
        calendar=_invitation(event, recipient) if event and wants else "",
    )


def _no_letter_because(recipient: Membership) -> Trouble | str:
    """Why a person gets no letters; "" for who does."""
    if not settings.MAIL_ENABLED:
        return Trouble.NO_MAIL
    if not recipient.user.email:
        return Trouble.NO_ADDRESS
    if not recipient.user.has_usable_password():
        return Trouble.NO_ACCOUNT
    return Trouble.NOT_WANTED if recipient.letters == Membership.Letters.NONE else ""


def _invitation(event: CalendarEvent, recipient: Membership) -> str:
    """The site invites, and only the reader is named with an address: whose else it is, the words say."""
    name, mail = parseaddr(settings.DEFAULT_FROM_EMAIL)
    school = recipient.school
    invitation = invitation_bytes(
        event,
        organizer=Party(name or school.name, mail),
        attendee=Party(recipient.full_name, recipient.user.email),
        zone=school.zone,
    )
    return invitation.decode()


def write(messages: Iterable[Message]) -> int:
    """Write those that were not told before and queue their letters; returns how many are new.

    Three queries, however many messages, and one for each letter of its own.
    """
    wanted = {(one.recipient_id, one.key): one for one in messages}
    if not wanted:
        return 0
    recipients, keys = ({pair[place] for pair in wanted} for place in (0, 1))
    known = Message.objects.filter(recipient__in=recipients, key__in=keys)
    told = set(known.values_list("recipient", "key"))
    new = [one for pair, one in wanted.items() if pair not in told]
    Message.objects.bulk_create(new, ignore_conflicts=True)  # of two at the same moment "told_once" lets one win
    mailed = {(one.recipient_id, one.key) for one in new if one.by_mail}
    if mailed:
        for pk, *pair in known.undelivered().values_list("pk", "recipient", "key"):
            if tuple(pair) in mailed:
                deliver.enqueue(pk)
    return len(new)


def settle(subject: models.Model, *topics: Topic, address: str, at: datetime) -> None:
    """What was asked on `topics` about a row is done: whoever was told to `address` need not act any more."""
    told = Message.objects.about(subject).of_topics(*topics).unsettled()
    told.filter(address=address).update(settled_at=at)


def take_back(told: MessageQuerySet, *, at: datetime) -> None:
    """What was told is true no longer: letters still waiting are not sent, the bell does not ring for it any more.

    The messages stay in the pages. A letter in a worker's hands at this moment goes out.
    """
    told.filter(by_mail=True, sent_at=None).update(by_mail=False, trouble=Trouble.OUTDATED)
    told.unread().update(read_at=at)


@transaction.atomic
def write_digests(school: School, *, on: date) -> int:
    """Gather what waits into one letter of the day for each person; returns how many letters are new.

    Twice on a day it writes nothing twice: a person with a letter of that day waits until the next one. Of two at the
    same moment one fails on "one_digest_a_day" and takes everything back.
    """
    if not settings.MAIL_ENABLED:
        return 0
    waiting = Message.objects.for_digest(on=on).filter(recipient__school=school)
    having = Digest.objects.filter(recipient__school=school, day=on)
    people = set(waiting.exclude(recipient__in=having.values("recipient")).values_list("recipient", flat=True))
    if not people:
        return 0
    digests = Digest.objects.bulk_create(Digest(recipient_id=one, day=on) for one in sorted(people))
    theirs = having.filter(recipient=OuterRef("recipient")).values("pk")[:1]
    waiting.filter(recipient__in=people).update(digest=Subquery(theirs))
    for digest in digests:
        deliver_digest.enqueue(digest.pk)
    return len(digests)


@task()
def deliver(message_id: int) -> str:
    """Mail one message. Safe to run twice: the row knows, not the queue."""
    return _deliver(Message.objects.all(), message_id, again=deliver)


@task()
def deliver_digest(digest_id: int) -> str:
    """Mail one letter of the day, as `deliver`."""
    return _deliver(Digest.objects.all(), digest_id, again=deliver_digest)


def _deliver(letters: LetterQuerySet, pk: int, *, again: Task) -> str:
    now = timezone.now()
    this = letters.filter(pk=pk)
    mine = this.undelivered().not_leased(at=now).update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    if not mine:
        return "not waiting, or in another worker's hands"
    letter = this.with_recipients().get()
    try:
        _mail(letter)  # no transaction is open here: on SQLite it would hold the only write lock
    except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a header that cannot be is a ValueError
        this.update(last_error=str(error), trouble=_trouble(error), leased_until=None)
        if letter.attempts <= len(BACKOFF_MINUTES):
            pause = timedelta(minutes=BACKOFF_MINUTES[letter.attempts - 1])
            again.using(run_after=now + pause).enqueue(pk)
        return "failed"
    this.update(sent_at=timezone.now(), leased_until=None, last_error="", trouble="")
    return "sent"


def _trouble(error: OSError | ValueError) -> Trouble:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return Trouble.ADDRESS_REFUSED
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPSenderRefused():
            return Trouble.SITE_REFUSED
        case smtplib.SMTPServerDisconnected():
            return Trouble.SILENT
        case smtplib.SMTPException() | ValueError():
            return Trouble.OTHER
    return Trouble.SILENT


def mark_all_read(member: Membership, *, at: datetime) -> int:
    """The member has seen the messages written until `at`; returns how many were new."""
    return Message.objects.to(member).unread().filter(created_at__lte=at).update(read_at=at)


@transaction.atomic
def mail_again(letter: Message | Digest, *, by: Membership) -> None:
    """Start anew with a letter that was given up.

    PermissionDenied unless `by` belongs to the administration of the recipient's school; ValidationError "not_dead"
    if the letter was sent or is still being tried.
    """
    if by.school_id != letter.recipient.school_id or not by.may(Ability.EDIT_ORDER, on=timezone.localdate()):
        raise PermissionDenied
    if not type(letter).objects.dead().filter(pk=letter.pk).update(attempts=0, leased_until=None):
        raise ValidationError(_("This letter does not wait for another attempt."), code="not_dead")
    (deliver if isinstance(letter, Message) else deliver_digest).enqueue(letter.pk)
    record("notifications.mailed_again", letter, by=by)


def rescue(*, at: datetime) -> int:
    """Give stuck tasks back to the queue; returns how many. A worker that was killed leaves its task RUNNING."""
    return (
        DBTaskResult.objects.running().filter(started_at__lt=at - STUCK_AFTER).update(status="READY", started_at=None)
    )


def _mail(letter: Letter) -> None:
    site = _("Electronic journal")
    subject, body = _digest_words(letter) if isinstance(letter, Digest) else _message_words(letter)
    mail = EmailMultiAlternatives(
        subject=f"{site}: {subject}",
        body=body,
        to=[letter.recipient.user.email],
        headers={"Message-ID": letter.mail_id, "Auto-Submitted": "auto-generated"},
    )
    if isinstance(letter, Message) and letter.calendar:
        # Outlook, Gmail and Thunderbird read the alternative; others know only files that are attached.
        mail.attach_alternative(letter.calendar, f"text/calendar; method={method_of(letter.calendar)}")
        mail.attach("invite.ics", letter.calendar.encode(), "application/ics")
    mail.send()


def _message_words(told: Message) -> tuple[str, str]:
    one_line = " ".join(told.words.split())  # a header is one line
    return Truncator(one_line).chars(120), f"{told.words}\n\n{_link(told.address)}\n"


def _digest_words(digest: Digest) -> tuple[str, str]:
    subject = _("news of %(day)s") % {"day": f"{digest.day:%d.%m.%Y}"}
    items = [f"— {one.words}\n  {_link(one.address)}" for one in digest.messages.order_by("pk")]
    why = _("You chose one letter a day. Change it here: %(link)s") % {"link": _link(reverse("people:me"))}
    return subject, "\n\n".join([*items, why]) + "\n"


def _link(address: str) -> str:
    return urljoin(settings.SITE_URL, address)
