"""What must be told: an outbox whose rows are read in the pages and, if wished, go out by mail."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

# Minutes to wait after the first, second ... failure; then the message is a dead letter that the
# administration sees. Our decision: a mail server that is down for a day is a mail server that is down.
BACKOFF_MINUTES = (1, 5, 30, 120, 720)
LEASE = timedelta(minutes=2)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, member: Membership) -> Self:
        """The messages of the school, for the administration; a person's own are `to(member)`."""
        return self.filter(recipient__school=member.school_id)

    def to(self, member: Membership) -> Self:
        return self.filter(recipient=member)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def undelivered(self) -> Self:
        """Wanted by mail, not sent and not given up."""
        return self.filter(by_mail=True, sent_at=None, attempts__lte=len(BACKOFF_MINUTES))

    def dead(self) -> Self:
        return self.filter(by_mail=True, sent_at=None, attempts__gt=len(BACKOFF_MINUTES))

    def not_leased(self, *, at: datetime) -> Self:
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=at))


class Message(models.Model):
    """One thing told to one person. Written in the transaction of the act that it tells of.

    `key` makes telling twice impossible: the same act and recipient give the same key.
    `address` is a path of this site. Mail goes out at least once (a crash after the server's "250" sends twice,
    under the same Message-ID).
    """

    recipient = models.ForeignKey(Membership, models.CASCADE, related_name="messages", verbose_name=_("recipient"))
    key = models.CharField(max_length=200)
    words = models.CharField(_("words"), max_length=500)
    address = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    by_mail = models.BooleanField(_("by mail too"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent by mail"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="told_once")]

    def __str__(self) -> str:
        return self.words

    @property
    def mail_id(self) -> str:
        """The fixed Message-ID of its mail."""
        return f"<message-{self.pk}@ejournal-rollout>"
