"""What must be told: an outbox whose rows are read in the pages and, if wished, go out by mail.

A message goes out as a letter of its own, or in the one letter of the day (`Digest`) of those who chose so.
"""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

# Minutes to wait after the first, second ... failure; then the message is a dead letter that the
# administration sees. Our decision: a mail server that is down for a day is a mail server that is down.
BACKOFF_MINUTES = (1, 5, 30, 120, 720)
LEASE = timedelta(minutes=2)


class Topic(models.TextChoices):
    """What a message is about. Stored: do not rename."""

    AHEAD = "ahead", _("a term comes")
    LATE = "late", _("a term has passed")
    REVIEW = "review", _("a result waits")
    PLAN = "plan", _("news of the plan")
    ORDER = "order", _("orders")
    CONSULTATION = "consultation", _("consultations")
    HELP = "help", _("help requests")
    OTHER = "other", _("other")


# What the one letter of the day gathers, and what the page "What was sent" shows (our decision). Of consultations and
# help one must know at once, and they concern two people only.
PLAN_TOPICS = (Topic.AHEAD, Topic.LATE, Topic.REVIEW, Topic.PLAN)


class Trouble(models.TextChoices):
    """Why a letter was not sent, in words for everybody. Stored: do not rename."""

    NO_MAIL = "no_mail", _("the site sends no letters")
    NO_ADDRESS = "no_address", _("no mail address is known")
    NO_ACCOUNT = "no_account", _("the account is not opened yet")
    NOT_WANTED = "not_wanted", _("the person wants no letters")
    OUTDATED = "outdated", _("plans have changed meanwhile")
    SILENT = "silent", _("the mail server does not answer")
    SITE_REFUSED = "site_refused", _("the mail server does not let the site in")
    ADDRESS_REFUSED = "address_refused", _("the mail server refuses the address")
    OTHER = "other", _("the mail server did not take it")


class LetterQuerySet(models.QuerySet):
    """Letters on their way: messages and digests are sent by the same rules."""

    def undelivered(self) -> Self:
        """Wanted by mail, not sent and not given up."""
        return self.filter(sent_at=None, attempts__lte=len(BACKOFF_MINUTES))

    def dead(self) -> Self:
        return self.filter(sent_at=None, attempts__gt=len(BACKOFF_MINUTES))

    def not_leased(self, *, at: datetime) -> Self:
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=at))

    def with_recipients(self) -> Self:
        return self.select_related("recipient__user")


class Letter(models.Model):
    """The state of a letter's delivery. Mail goes out at least once (a crash after the server's "250" sends twice,
    under the same Message-ID)."""

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    trouble = models.CharField(_("why not sent"), max_length=20, choices=Trouble.choices, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent by mail"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def mail_id(self) -> str:
        """The fixed Message-ID of its mail."""
        return f"<{self._meta.model_name}-{self.pk}@ejournal-rollout>"

    @property
    def again_address(self) -> str:
        """Where the administration starts anew with a letter that was given up."""
        return reverse(f"notifications:{self._meta.model_name}-send-again", args=[self.pk])

    @property
    def is_dead(self) -> bool:
        return self.sent_at is None and self.attempts > len(BACKOFF_MINUTES)


class DigestQuerySet(LetterQuerySet):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(recipient__school=member.school_id)


class Digest(Letter):
    """The one letter of a day to one person; `day` is the school's. Its words are those of its messages."""

    recipient = models.ForeignKey(Membership, models.CASCADE, related_name="digests", verbose_name=_("recipient"))
    day = models.DateField(_("day"))

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of the day")
        verbose_name_plural = _("letters of the day")
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return str(_("Letter of the day {day:%d.%m.%Y}")).format(day=self.day)


class MessageQuerySet(LetterQuerySet):
    def visible_to(self, member: Membership) -> Self:
        """The messages of the school, for the administration; a person's own are `to(member)`."""
        return self.filter(recipient__school=member.school_id)

    def to(self, member: Membership | None) -> Self:
        """What one person was told; None asks for everybody."""
        return self.filter(recipient=member) if member else self.all()

    def unread(self) -> Self:
        """Neither read nor settled meanwhile: what the bell counts."""
        return self.unsettled().filter(read_at=None)

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def undelivered(self) -> Self:
        return super().undelivered().filter(by_mail=True)

    def dead(self) -> Self:
        return super().dead().filter(by_mail=True)

    def of_topics(self, *topics: str) -> Self:
        """Of these topics; "" asks for all."""
        wanted = [topic for topic in topics if topic]
        return self.filter(topic__in=wanted) if wanted else self.all()

    def about(self, subject: models.Model | None) -> Self:
        """What was told about one row; None asks for everything."""
        return self.filter(about=mark_of(subject)) if subject else self.all()

    def for_digest(self, *, on: date) -> Self:
        """Waiting for the letter of the day: what was read in the pages or settled meanwhile is not mailed any more."""
        waiting = self.unread().filter(in_digest=True, digest=None)
        working = waiting.filter(Q(recipient__left_on=None) | Q(recipient__left_on__gte=on))
        return working.exclude(recipient__letters=Membership.Letters.NONE)


def mark_of(subject: models.Model) -> str:
    """How a message names the row that it is about: «plans.task:12»."""
    return f"{subject._meta.label_lower}:{subject.pk}"


class Message(Letter):
    """One thing told to one person. Written in the transaction of the act that it tells of.

    `key` makes telling twice impossible: the same act and recipient give the same key.
    `address` is a path of this site; `about` names the row (`mark_of`), so that all that was told of it can be found.
    `settled_at`: what it asks for was done since, by whomever; it stays as it was written.
    `by_mail`: has a letter of its own; `in_digest`: goes with the letter of the day, `digest` once that is written.
    `calendar`: the event that the letter brings (text/calendar, RFC 5546), as it was at the moment of the act.
    """

    recipient = models.ForeignKey(Membership, models.CASCADE, related_name="messages", verbose_name=_("recipient"))
    key = models.CharField(max_length=200)
    words = models.CharField(_("words"), max_length=500)
    address = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    topic = models.CharField(_("topic"), max_length=15, choices=Topic.choices, default=Topic.OTHER)
    about = models.CharField(max_length=80, blank=True, editable=False, db_index=True)
    by_mail = models.BooleanField(_("by mail too"), default=False)
    in_digest = models.BooleanField(_("in the letter of the day"), default=False)
    calendar = models.TextField(blank=True, editable=False)
    digest = models.ForeignKey(
        Digest, models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name=_("letter of the day")
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="told_once")]

    def __str__(self) -> str:
        return self.words

    @property
    def is_new(self) -> bool:
        return self.read_at is None and self.settled_at is None

    @property
    def mail_words(self) -> str:
        """What became of its letter, with the reason if it was not sent; reads `digest`, so select it."""
        letter = self if self.by_mail else self.digest
        why = (letter or self).get_trouble_display()
        if letter is None:
            words = _("waits for the letter of the day") if self.in_digest and self.is_new else _("no letter")
        elif letter.sent_at:
            words = _("sent on {moment}") if self.by_mail else _("in the letter of the day, sent on {moment}")
            return str(words).format(moment=f"{localtime(letter.sent_at):%d.%m.%Y %H:%M}")
        elif letter.is_dead:
            words = _("could not be sent")
        else:
            words = _("not sent yet, tried again") if why else _("on its way")
        return f"{words}: {why}" if why else str(words)
