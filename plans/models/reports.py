"""The final report on the plan (task 2.4 of the source order): texts typed while it is prepared, facts of its day."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

from .annex import Plan


class FinalReportQuerySet(models.QuerySet["FinalReport"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(plan__order__school=member.school_id)

    def of(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def drafts(self) -> Self:
        return self.filter(frozen_at=None)

    def with_order(self) -> Self:
        return self.select_related("plan__order__school")


class FinalReport(models.Model):
    """One report. A draft shows the facts of whatever day one looks at; when it is given a number and a date, the
    whole paper of that day is kept in `paper` and nothing in it changes any more.

    `edition` grows with every change of the texts: who typed beside an older one is told so.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="reports", verbose_name=_("plan"))
    introduction = models.TextField(_("introduction"), blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    proposals = models.TextField(_("proposals"), blank=True)
    signatory_post = models.CharField(_("who signs: post"), max_length=150, blank=True)
    signatory = models.CharField(_("who signs: initials and name"), max_length=150, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)
    number = models.CharField(_("number"), max_length=60, blank=True, editable=False)
    dated_on = models.DateField(_("date"), null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("given its number"), null=True, blank=True, editable=False)
    paper = models.JSONField(null=True, blank=True, editable=False)

    objects = FinalReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("final report")
        verbose_name_plural = _("final reports")
        ordering = ["-plan__order__first_year", "-dated_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(frozen_at=None), name="one_report_in_preparation"),
            models.UniqueConstraint(fields=["plan", "number"], condition=~Q(number=""), name="report_number_once"),
            models.CheckConstraint(
                condition=Q(frozen_at=None, number="", dated_on=None, paper__isnull=True)
                | Q(frozen_at__isnull=False, number__gt="", dated_on__isnull=False, paper__isnull=False),
                name="report_frozen_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        if self.frozen_at is None:
            return str(_("Draft of the final report"))
        words = _("Final report No. {number} of {day}")
        return str(words).format(number=self.number, day=f"{self.dated_on:%d.%m.%Y}")

    def get_absolute_url(self) -> str:
        return reverse("desk:report", args=[self.pk])
