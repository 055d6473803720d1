"""What gathers around a task while people work on it: evidence, a list of steps, those who watch."""

from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.files.private import PAPERS, PICTURES, TABLES, FileLimits, RandomName, forget_with_row
from ejournal_rollout.people.models import Membership

from .annex import Stage
from .tasks import Task

EVIDENCE_LIMITS = FileLimits((*PAPERS, *TABLES, "pptx", "odp", *PICTURES), megabytes=20)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(task__stage__plan__order__school=member.school_id)

    def published(self) -> Self:
        """Of orders in force or closed: what all staff may read."""
        return self.filter(task__in=Task.objects.published())

    def of(self, task: Task) -> Self:
        return self.filter(task=task)

    def for_report(self) -> Self:
        return self.filter(goes_into_report=True)

    def with_authors(self) -> Self:
        return self.select_related("added_by__user")


class Evidence(models.Model):
    """A file that shows what was done on a task, of one of the kinds that the final report sorts by."""

    class Kind(models.TextChoices):
        LOCAL_ACT = "local_act", _("local act")
        MEMO = "memo", _("memo")
        PHOTO = "photo", _("photo")
        REPORT = "report", _("report")
        OTHER = "other", _("another paper")

    task = models.ForeignKey(Task, models.CASCADE, related_name="evidence", verbose_name=_("task"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    file = models.FileField(_("file"), upload_to=RandomName("evidence"), validators=[EVIDENCE_LIMITS])
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Empty: the name of the file itself."))
    dated_on = models.DateField(
        _("date of the paper"), null=True, blank=True, help_text=_("E.g. the day on which the act was adopted.")
    )
    goes_into_report = models.BooleanField(_("goes into the final report"), default=False)
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def file_name(self) -> str:
        """Its name with the extension of the file, for a download."""
        suffix = Path(self.file.name).suffix
        return self.name if self.name.lower().endswith(suffix) else f"{self.name}{suffix}"


forget_with_row(Evidence)


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(task__stage__plan__order__school=member.school_id)

    def of(self, task: Task) -> Self:
        return self.filter(task=task)

    def with_people(self) -> Self:
        return self.select_related("done_by__user")


class Step(models.Model):
    """One step of a task on its checklist: short words, ticked off by somebody on a day."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="steps", verbose_name=_("task"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    words = models.CharField(_("step"), max_length=200)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words


class WatchQuerySet(models.QuerySet["Watch"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own: who watches what is nobody else's matter."""
        return self.filter(member=member)

    def on(self, task: Task) -> Self:
        """Watches of the task itself or of its whole stage."""
        return self.filter(Q(task=task) | Q(stage=task.stage_id))


class Watch(models.Model):
    """A person wants to be told what happens to a task, or to all tasks of a stage."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="watches", verbose_name=_("person"))
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="watches", verbose_name=_("task")
    )
    stage = models.ForeignKey(
        Stage, models.CASCADE, null=True, blank=True, related_name="watches", verbose_name=_("stage")
    )

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watching")
        verbose_name_plural = _("watching")
        constraints = [
            models.UniqueConstraint(fields=["member", "task"], name="task_watched_once"),
            models.UniqueConstraint(fields=["member", "stage"], name="stage_watched_once"),
            models.CheckConstraint(
                condition=Q(task=None, stage__isnull=False) | Q(task__isnull=False, stage=None),
                name="watch_is_of_a_task_or_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.task or self.stage}"
