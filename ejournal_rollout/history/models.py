"""What happened: one append-only journal for the whole site.

This room lies under all others, people too: it names schools and users by label and imports nobody.
"""

from datetime import datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _


class Mark(NamedTuple):
    """The number of acts on a row, which only grows, and the moment of the last one."""

    times: int
    last: datetime


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, member: Any) -> Self:
        return self.filter(school=member.school_id)

    def made_by(self, user: Any | None) -> Self:
        """What one person did; None asks for everybody."""
        return self.all() if user is None else self.filter(by=user)

    def of_verb(self, verb: str) -> Self:
        """Acts of one kind; "" asks for all."""
        return self.filter(verb=verb) if verb else self.all()

    def about(self, subject: models.Model) -> Self:
        """All that happened to one row, newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def marks_of(self, rows: "models.QuerySet[Any]") -> dict[int, "Mark"]:
        """How often and when last something happened to each of `rows` (of one model), by primary key. One query."""
        about = self.filter(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=rows.values("pk"))
        counted = about.order_by().values("object_id").annotate(times=Count("pk"), last=Max("happened_at"))
        return {one["object_id"]: Mark(one["times"], one["last"]) for one in counted}


class Entry(models.Model):
    """One act: who, when, what was done to what, and the old and new values.

    `author` keeps the person's words of that day, so the line stays true after the account is gone.
    `changes` is a list of {"field", "old", "new"} in words.
    """

    school = models.ForeignKey("people.School", models.CASCADE, verbose_name=_("school"), null=True, blank=True)
    happened_at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("who"))
    author = models.CharField(_("author"), max_length=250, blank=True)
    verb = models.CharField(_("act"), max_length=60)
    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("record"))
    subject = models.CharField(_("about"), max_length=300)
    changes = models.JSONField(_("changes"), default=list, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal of changes")
        ordering = ["-happened_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-happened_at"], name="history_of_a_record")]

    def __str__(self) -> str:
        return f"{self.happened_at:%d.%m.%Y %H:%M} {self.verb}: {self.subject}"

    @property
    def verb_words(self) -> str:
        """The act in words of the active language; an unknown verb shows as it is stored."""
        return str(VERBS.get(self.verb, self.verb))


# Every verb that `record` may be given. The words stand in the journal's pages.
VERBS = {
    "admin.added": _("added in the administration pages"),
    "admin.changed": _("changed in the administration pages"),
    "admin.deleted": _("deleted in the administration pages"),
    "people.member_added": _("person added"),
    "people.invited": _("invitation made"),
    "people.invitation_accepted": _("invitation accepted"),
    "people.new_password_offered": _("link for a new password made"),
    "people.password_renewed": _("new password set"),
    "people.letters_chosen": _("letters chosen"),
    "notifications.mailed_again": _("letter sent again"),
    "calendars.address_replaced": _("calendar address replaced"),
    "orders.imported": _("order imported"),
    "orders.copied": _("order copied to another school year"),
    "orders.put_into_effect": _("order put into effect"),
    "orders.closed": _("order closed"),
    "plans.noted": _("note written"),
    "plans.started": _("work started"),
    "plans.reported": _("result reported"),
    "plans.accepted": _("result accepted"),
    "plans.returned": _("result returned"),
    "plans.reopened": _("task reopened"),
    "plans.cancelled": _("task cancelled"),
    "plans.evidence_added": _("evidence attached"),
    "plans.evidence_removed": _("evidence removed"),
    "plans.evidence_sorted": _("evidence for the final report chosen"),
    "plans.steps_changed": _("steps changed"),
    "plans.rounds_planned": _("rounds planned"),
    "plans.round_planned": _("round planned"),
    "plans.round_moved": _("round moved to another day"),
    "plans.round_held": _("round held"),
    "plans.round_corrected": _("result of a round corrected"),
    "plans.round_cancelled": _("round cancelled"),
    "plans.finding_written": _("finding written"),
    "plans.finding_settled": _("finding settled"),
    "plans.finding_followed": _("help offered after a finding"),
    "plans.reminders_set": _("reminders set"),
    "consultations.booked": _("consultation booked"),
    "consultations.cancelled": _("consultation cancelled"),
    "consultations.attendance": _("attendance marked"),
    "consultations.time_requested": _("time requested"),
    "consultations.time_accepted": _("proposed time accepted"),
    "consultations.time_declined": _("proposed times declined"),
    "consultations.time_withdrawn": _("request for a time withdrawn"),
    "support.asked": _("help asked"),
    "support.taken": _("request taken"),
    "support.handed_over": _("request handed over"),
    "support.replied": _("reply written"),
    "support.noted": _("internal note written"),
    "support.solved": _("request answered"),
    "support.closed": _("request closed"),
    "support.reopened": _("request reopened"),
    "support.booked": _("consultation booked from a request"),
}
