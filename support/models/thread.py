"""What is said about a request: words that both sides read, and notes for colleagues."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultations.models import Booking
from ejournal_rollout.people.models import Membership


class ThreadQuerySet(models.QuerySet):
    """Replies, or notes: the words about one request with their authors, the oldest first."""

    def about(self, help_request: models.Model) -> Self:
        return self.filter(request=help_request).select_related("author__user")


class Reply(models.Model):
    """A line in the thread, read by the requester and the specialists: words, an act, or both.

    `act` names what happened to the request with this line; an act may go without words.
    """

    class Act(models.TextChoices):
        WROTE = "", _("written")
        TAKEN = "taken", _("The request is taken.")
        HANDED_OVER = "handed_over", _("The request is handed over.")
        WAITS = "waits", _("Waiting for the teacher's answer.")
        SOLVED = "solved", _("The question is answered.")
        CLOSED = "closed", _("The request is closed.")
        HELPED = "helped", _("It helped. The request is closed.")
        NOT_HELPED = "not_helped", _("It did not help. The request is closed.")
        REOPENED = "reopened", _("The request is back in work.")
        BOOKED = "booked", _("A consultation is booked.")
        TIME_ASKED = "time_asked", _("A time of a consultation is asked for.")
        HELD = "held", _("The consultation took place.")
        MISSED = "missed", _("The teacher did not come to the consultation.")
        TO_VENDOR = "to_vendor", _("Handed over to the vendor's support.")
        FROM_VENDOR = "from_vendor", _("The vendor's support has answered.")
        MERGED = "merged", _("Merged with another request.")
        STOPPED = "stopped", _("The help is stopped under clause 5.")

    # The text of these tells what was done; the text of the others is what the author says.
    ACTS_THAT_TELL = (Act.HANDED_OVER, Act.BOOKED, Act.TIME_ASKED, Act.HELD, Act.MISSED)

    request = models.ForeignKey(
        "support.HelpRequest", models.CASCADE, related_name="replies", verbose_name=pgettext_lazy("help", "request")
    )
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    act = models.CharField(_("act"), max_length=15, choices=Act.choices, default=Act.WROTE, blank=True)
    text = models.TextField(_("text"), blank=True)
    result_of = models.ForeignKey(
        Booking, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("result of the consultation")
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(act="", text=""),
                name="reply_not_empty",
                violation_error_message=_("Write the text."),
            ),
            models.UniqueConstraint(
                fields=["request", "result_of"],
                name="result_once_in_a_request",
                violation_error_message=_("The result of this consultation stands in the request already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80] or self.get_act_display()


class InternalNote(models.Model):
    """A note for colleagues. A table of its own: no query for the requester's page can ever touch it."""

    request = models.ForeignKey(
        "support.HelpRequest",
        models.CASCADE,
        related_name="internal_notes",
        verbose_name=pgettext_lazy("help", "request"),
    )
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"))

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
