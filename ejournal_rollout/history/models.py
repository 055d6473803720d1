"""What happened: one append-only journal for the whole site.

This room lies under all others, people too: it names schools and users by label and imports nobody.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _


class Mark(NamedTuple):
    """The number of acts on a row, which only grows, and the moment of the last one."""

    times: int
    last: datetime


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, member: Any) -> Self:
        return self.of_school(member.school_id)

    def of_school(self, school_id: int) -> Self:
        return self.filter(school=school_id)

    def made_by(self, user: Any | None) -> Self:
        """What one person did; None asks for everybody."""
        return self.all() if user is None else self.filter(by=user)

    def of_verb(self, verb: str) -> Self:
        """Acts of one kind; "" asks for all."""
        return self.filter(verb=verb) if verb else self.all()

    def about(self, subject: models.Model) -> Self:
        """All that happened to one row, newest first."""
        return self.about_any([subject])

    def about_any(self, subjects: Iterable[models.Model], *, deleted: Iterable[str] = ()) -> Self:
        """All that happened to one of several rows, or to rows deleted under one of these names, newest first.

        Each entry comes with `content_type` selected. The rows may be of several models.
        """
        gone = list(deleted)
        asked = Q(verb="admin.deleted", subject__in=gone) if gone else Q()
        pks: dict[type[models.Model], list[int]] = {}
        for one in subjects:
            pks.setdefault(type(one), []).append(one.pk)
        for model, own in pks.items():
            kind = Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
            asked |= kind & Q(object_id__in=own)
        return self.select_related("content_type").filter(asked)

    def about_rows(self, rows: "models.QuerySet[Any]") -> Self:
        """All that happened to any of `rows` (of one model), newest first."""
        kind = ContentType.objects.get_for_model(rows.model)
        return self.filter(content_type=kind, object_id__in=rows.order_by().values("pk"))

    def since(self, moment: datetime) -> Self:
        return self.filter(happened_at__gte=moment)

    def marks_of(self, rows: "models.QuerySet[Any]") -> dict[int, "Mark"]:
        """How often and when last something happened to each of `rows` (of one model), by primary key. One query."""
        counted = (
            self.about_rows(rows).order_by().values("object_id").annotate(times=Count("pk"), last=Max("happened_at"))
        )
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
    "people.member_changed": _("person changed"),
    "people.list_loaded": _("staff list loaded"),
    "people.invited": _("invitation made"),
    "people.invitation_accepted": _("invitation accepted"),
    "people.new_password_offered": _("link for a new password made"),
    "people.password_renewed": _("new password set"),
    "people.shortcuts_chosen": _("shortcuts of the keyboard turned on or off"),
    "people.letters_chosen": _("letters chosen"),
    "notifications.mailed_again": _("letter sent again"),
    "calendars.address_replaced": _("calendar address replaced"),
    "orders.imported": _("order imported"),
    "orders.copied": _("order copied to another school year"),
    "orders.put_into_effect": _("order put into effect"),
    "orders.closed": _("order closed"),
    "orders.amendment_drafted": _("amending order begun"),
    "orders.amendment_discarded": _("draft of an amending order discarded"),
    "orders.amended": _("order amended"),
    "plans.noted": _("note written"),
    "plans.started": _("work started"),
    "plans.reported": _("result reported"),
    "plans.accepted": _("result accepted"),
    "plans.returned": _("result returned"),
    "plans.reopened": _("task reopened"),
    "plans.cancelled": _("task cancelled"),
    "plans.reminded": _("reminder sent"),
    "plans.meeting_opened": _("meeting opened"),
    "plans.minutes_written": _("minutes changed"),
    "plans.decided": _("decision of a meeting"),
    "plans.minutes_closed": _("minutes closed"),
    "plans.report_begun": _("final report begun"),
    "plans.report_written": _("final report changed"),
    "plans.report_frozen": _("final report given its number"),
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
    "consultations.moved": _("consultation moved"),
    "consultations.cancelled": _("consultation cancelled"),
    "consultations.kept": _("consultation takes place all the same"),
    "consultations.restored": _("cancelled consultation taken back"),
    "consultations.attendance": _("attendance marked"),
    "consultations.noted": _("note on a consultation written"),
    "consultations.rated": _("consultation rated"),
    "consultations.follow_up_proposed": _("continuation of a consultation proposed"),
    "consultations.follow_up_done": _("nothing more left to do after a consultation"),
    "consultations.time_requested": _("time requested"),
    "consultations.time_accepted": _("proposed time accepted"),
    "consultations.time_declined": _("proposed times declined"),
    "consultations.time_withdrawn": _("request for a time withdrawn"),
    "consultations.lessons_changed": _("lessons changed"),
    "consultations.days_changed": _("calendar changed"),
    "consultations.day_change_deleted": _("change of the calendar deleted"),
    "consultations.absence": _("absence written"),
    "consultations.absence_changed": _("absence changed"),
    "consultations.absence_deleted": _("absence deleted"),
    "consultations.seminar_planned": _("seminar planned"),
    "consultations.seminar_changed": _("seminar changed"),
    "consultations.seminar_cancelled": _("seminar cancelled"),
    "consultations.seminar_kept": _("seminar takes place all the same"),
    "consultations.seminar_signed_up": _("signed up for a seminar"),
    "consultations.seminar_left": _("taken off the list of a seminar"),
    "consultations.seminar_offered": _("place at a seminar offered"),
    "consultations.seminar_confirmed": _("place at a seminar confirmed"),
    "consultations.seminar_given": _("place at a seminar given"),
    "consultations.seminar_attendance": _("attendance of a seminar marked"),
    "support.asked": _("help asked"),
    "support.taken": _("request taken"),
    "support.handed_over": _("request handed over"),
    "support.replied": _("reply written"),
    "support.noted": _("internal note written"),
    "support.solved": _("request answered"),
    "support.closed": _("request closed"),
    "support.reopened": _("request reopened"),
    "support.booked": _("consultation booked from a request"),
    "support.consulted": _("result of a consultation taken into the request"),
    "support.vendor_asked": _("request handed over to the vendor's support"),
    "support.vendor_answered": _("answer of the vendor's support"),
    "support.merged": _("request merged with another"),
    "support.stopped": _("help stopped under clause 5"),
    "support.time_proposed": _("time of a consultation asked for from a request"),
}
