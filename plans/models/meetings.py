"""Meetings of the working group: what was decided, and what became of it in the plan."""

from typing import Self

from django.db import models
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

from .annex import Plan, Stage
from .tasks import Task


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(plan__order__school=member.school_id)

    def of(self, plan: Plan) -> Self:
        return self.filter(plan=plan)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        return self.exclude(closed_at=None)

    def with_people(self) -> Self:
        return self.select_related("plan__order", "chair__user", "secretary__user")

    def with_decision_count(self) -> Self:
        return self.annotate(decision_count=Count("decisions"))

    def next_number(self) -> int:
        """The number of the next minutes among these."""
        return (self.aggregate(last=Max("number"))["last"] or 0) + 1


class Meeting(models.Model):
    """One meeting and its minutes, numbered within the plan. Open while it is held; closed minutes are not changed.

    `edition` grows with every change of the minutes: who typed beside an older one is told so.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="meetings", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("number"))
    held_on = models.DateField(_("held on"))
    chair = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    secretary = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("secretary")
    )
    present = models.TextField(_("present"), blank=True, help_text=_("One person on a line."))
    agenda = models.TextField(_("agenda"), blank=True, help_text=_("One question on a line."))
    heard = models.TextField(_("heard"), blank=True, help_text=_("What was said, in short."))
    edition = models.PositiveIntegerField(default=1, editable=False)
    closed_at = models.DateTimeField(_("minutes closed"), null=True, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="minutes_numbered_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(closed_at=None), name="one_meeting_at_a_time"),
        ]

    def __str__(self) -> str:
        return str(_("Minutes No. {number} of {day}")).format(number=self.number, day=f"{self.held_on:%d.%m.%Y}")

    def get_absolute_url(self) -> str:
        return reverse("plans:meeting", args=[self.pk])


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(meeting__plan__order__school=member.school_id)

    def of(self, meeting: Meeting) -> Self:
        return self.filter(meeting=meeting).select_related("task__stage", "stage")


class Decision(models.Model):
    """A point of the minutes. With a `task` it becomes a note of the task when the minutes are closed; with a `stage`
    it becomes a new task there, which `task` then names. With neither it stands in the minutes alone."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting"))
    words = models.TextField(_("decision"))
    executors = models.CharField(_("executor"), max_length=300, blank=True)
    due_on = models.DateField(_("term"), null=True, blank=True)
    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("task")
    )
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("new task in the stage")
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def about(self) -> str:
        """What it is about, for paper: «Задача 1.2 „Анкетирование“», «Новая задача 2.5»; "" of the minutes alone."""
        if self.task and self.stage:
            return gettext("New task %(number)s") % {"number": self.task.number}
        if self.task:
            question = " ".join(self.task.question.split())
            return gettext("Task %(number)s “%(question)s”") % {"number": self.task.number, "question": question}
        return gettext("New task in the stage “%(stage)s”") % {"stage": self.stage.heading} if self.stage else ""
