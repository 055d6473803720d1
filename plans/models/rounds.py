"""Rounds of a task «по отдельному графику»: dated checks, what each looked at and what it found.

The order names no such days, so all of this is our decision (for tasks such as 2.1 and 2.2 of the source order:
monitoring of the journal and of the weight of marks).
"""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import ROLE_WORDS, Membership
from ejournal_rollout.people.roles import Ability, Role

from .annex import Plan
from .tasks import Task, TaskExecutor

# Everybody on the staff is a teacher: that word would make nobody the one who checks, and show everybody the findings.
CHECKING_ROLES = [(role.value, words) for role, words in ROLE_WORDS.items() if role is not Role.TEACHER]


def _serving(roles: Iterable[Role]) -> list[Role]:
    return [role for role in roles if role != Role.TEACHER]


class RoundQuerySet(models.QuerySet["Round"]):
    """The words in which the rest of the code speaks about rounds."""

    def visible_to(self, member: Membership) -> Self:
        """When, what and with which result is read by all staff; see `Finding` for what concerns persons."""
        return self.filter(task__stage__plan__order__school=member.school_id)

    def published(self) -> Self:
        """Of orders in force or closed."""
        return self.filter(task__in=Task.objects.published())

    def in_force(self) -> Self:
        return self.filter(task__in=Task.objects.in_force())

    def of(self, task: Task) -> Self:
        return self.filter(task=task)

    def of_plan(self, plan: Plan) -> Self:
        return self.filter(task__stage__plan=plan)

    def between(self, first: date, last: date) -> Self:
        """Planned for a day from `first` to `last`, both inside."""
        return self.filter(planned_on__gte=first, planned_on__lte=last)

    def on_days(self, first: date, last: date) -> Self:
        """Whose day (that on which it was held, else the planned one) lies between, both inside."""
        return self.annotate(day=Coalesce("held_on", "planned_on")).filter(day__gte=first, day__lte=last)

    def planned(self) -> Self:
        """Neither held nor cancelled: coming or missed."""
        return self.filter(held_on=None, cancelled_on=None)

    def held(self) -> Self:
        return self.exclude(held_on=None)

    def until(self, last: date) -> Self:
        """Planned for a day up to `last`, inside."""
        return self.filter(planned_on__lte=last)

    def missed(self, *, on: date) -> Self:
        """The planned day lies before `on` and nobody has written a result."""
        return self.planned().filter(planned_on__lt=on)

    def live(self) -> Self:
        return self.filter(cancelled_on=None)

    def checked_by(self, member: Membership, *, roles: Iterable[Role]) -> Self:
        """Those in which a member with `roles` is the one who checks, see `Round.is_checked_by`."""
        serving = _serving(roles)
        entrusted = TaskExecutor.objects.filter(role__in=serving).values("task")
        nobody_named = Q(checker=None, checker_role="", task__in=entrusted)
        return self.filter(Q(checker=member) | Q(checker_role__in=serving) | nobody_named)

    def for_lists(self) -> Self:
        """With what a line prints: the number of the task, who checks."""
        return self.select_related("task", "checker__user")

    def with_task(self) -> Self:
        return self.select_related("task__stage__plan__order", "checker__user")

    def with_all(self) -> Self:
        """With what the page of a round and its note read: three queries."""
        people = self.with_task().select_related("task__stage__plan__order__school", "repeats", "held_by__user")
        return people.prefetch_related("task__executors", "indicators")

    def with_counts(self) -> Self:
        """Adds `finding_count` and `unsettled_count`; shown to those only who may see every finding."""
        unsettled = Count("findings", filter=Q(findings__settled_on=None))
        return self.annotate(finding_count=Count("findings"), unsettled_count=unsettled)

    def in_order(self) -> Self:
        return self.order_by("planned_on", "pk")


class Round(models.Model):
    """One check on a day, of a task without days of its own. The state is told by facts: see `state`.

    Who checks is a person, or whoever holds a role, or (neither is named) the executors of the task; `checker_words`
    add what neither says. `repeats` is the earlier round that this one looks at again.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("round", "planned")
        MISSED = "missed", pgettext_lazy("round", "missed")
        HELD = "held", pgettext_lazy("round", "held")
        CANCELLED = "cancelled", pgettext_lazy("round", "cancelled")

    task = models.ForeignKey(Task, models.CASCADE, related_name="rounds", verbose_name=_("task"))
    planned_on = models.DateField(_("planned day"))
    checked = models.CharField(_("what is checked"), max_length=300)
    classes = models.CharField(_("classes"), max_length=200, blank=True)
    subjects = models.CharField(_("subjects"), max_length=200, blank=True)
    checker = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rounds_checked",
        verbose_name=_("who checks: person"),
    )
    checker_role = models.CharField(_("who checks: role"), max_length=30, blank=True, choices=CHECKING_ROLES)
    checker_words = models.CharField(_("who checks: in words"), max_length=200, blank=True)
    repeats = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="repeated_by", verbose_name=_("repeats")
    )
    planned_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    planned_at = models.DateTimeField(_("written down"))

    held_on = models.DateField(_("held on"), null=True, blank=True)
    held_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("result written by")
    )
    period = models.CharField(_("period checked"), max_length=100, blank=True)
    result = models.TextField(_("result"), blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    recommendations = models.TextField(_("recommendations"), blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True)
    cancelled_because = models.CharField(_("reason"), max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "planned_on", "checked", "classes", "subjects"],
                condition=Q(cancelled_on=None),
                name="round_once_a_day",
                violation_error_code="already_planned",
                violation_error_message=_("The same check is already planned for this day."),
            ),
            models.UniqueConstraint(
                fields=["repeats"],
                condition=Q(cancelled_on=None),
                name="round_repeated_once",
                violation_error_code="already_repeated",
                violation_error_message=_("A repeated check is already planned."),
            ),
            models.CheckConstraint(
                condition=Q(repeats=None) | ~Q(repeats=F("pk")),
                name="round_repeats_another",
                violation_error_message=_("A round cannot repeat itself."),
            ),
            models.CheckConstraint(
                condition=Q(checker=None) | Q(checker_role=""),
                name="round_checked_by_person_or_role",
                violation_error_message=_("Choose a person or a role, not both."),
            ),
            models.CheckConstraint(
                condition=~Q(checker_role=Role.TEACHER.value),
                name="round_not_checked_by_everybody",
                violation_error_message=_("Everybody on the staff is a teacher. Choose another role or a person."),
            ),
            models.CheckConstraint(
                condition=Q(held_on=None, held_by=None)
                | Q(held_on__isnull=False, held_by__isnull=False, result__gt=""),
                name="round_held_with_result",
                violation_error_message=_("A round that was held has a result."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | Q(held_on=None, cancelled_because__gt=""),
                name="round_cancelled_with_reason",
                violation_error_message=_("A round is cancelled for a reason, and not after it was held."),
            ),
        ]
        indexes = [models.Index(fields=["planned_on"], name="round_by_day")]

    def __str__(self) -> str:
        return f"{self.planned_on:%d.%m.%Y} {self.checked}"

    def get_absolute_url(self) -> str:
        return reverse("plans:round", args=[self.pk])

    def state(self, *, on: date) -> "Round.State":
        """On the planned day itself a round is not missed yet."""
        if self.cancelled_on:
            return Round.State.CANCELLED
        if self.held_on:
            return Round.State.HELD
        return Round.State.MISSED if self.planned_on < on else Round.State.PLANNED

    @property
    def is_planned(self) -> bool:
        return self.held_on is None and self.cancelled_on is None

    @property
    def checker_name(self) -> str:
        """Who checks, in words; "" where nobody is named: then it is a matter of the task's executors."""
        named = self.checker.full_name if self.checker else self.get_checker_role_display()
        return ", ".join(filter(None, [str(named), self.checker_words]))

    @property
    def scope(self) -> str:
        """Of which classes and subjects, and for which period."""
        return "; ".join(filter(None, [self.classes, self.subjects, self.period]))

    def is_checked_by(self, member: Membership, *, roles: Iterable[Role]) -> bool:
        """Reads the task's executors where nobody is named, so prefetch them."""
        if self.checker_id:
            return self.checker_id == member.pk
        serving = _serving(roles)
        return self.checker_role in serving if self.checker_role else self.task.is_entrusted_to(serving)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(round__task__stage__plan__order__school=member.school_id)


class Indicator(models.Model):
    """One line of what a round measures: in words, what is agreed («100», a mark's weight), what was found."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="indicators", verbose_name=_("round"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    words = models.CharField(_("indicator"), max_length=200)
    norm = models.CharField(_("agreed"), max_length=60, blank=True)
    found = models.CharField(_("found"), max_length=60, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, member: Membership, *, roles: Iterable[Role] = (), abilities: Iterable[Ability] = ()) -> Self:
        """A remark to a teacher is not for all staff: the working group and the administration see it, who checks,
        and the teacher whom it concerns. `roles` and `abilities` are those of today, from the request."""
        ours = self.filter(round__task__stage__plan__order__school=member.school_id)
        if Ability.REVIEW_TASKS in abilities:
            return ours
        return ours.filter(Q(teacher=member) | Q(round__in=Round.objects.checked_by(member, roles=roles)))

    def of(self, checked: Round) -> Self:
        return self.filter(round=checked)

    def with_people(self) -> Self:
        return self.select_related("teacher__user", "settled_by__user")

    def with_round(self) -> Self:
        return self.select_related(
            "round__task__stage__plan__order", "round__checker__user", "teacher__user", "teacher__school"
        ).prefetch_related("round__task__executors")

    def to(self, member: Membership) -> Self:
        """Remarks to this teacher."""
        return self.filter(teacher=member)

    def published(self) -> Self:
        """Of orders in force or closed."""
        return self.filter(round__in=Round.objects.published())

    def unsettled(self) -> Self:
        return self.filter(settled_on=None)

    def by_urgency(self) -> Self:
        """What is to be put right first stands first; without a day, last."""
        return self.order_by(F("repair_by").asc(nulls_last=True), "pk")


class Finding(models.Model):
    """A remark of a round: whom and which class and subject it concerns, until when it is to be put right.

    `outcome` says what was made of it («обращение 2026-041»), `outcome_path` where that is; rooms above write both.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="findings", verbose_name=_("round"))
    teacher = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("teacher")
    )
    place = models.CharField(_("class, subject"), max_length=150, blank=True)
    text = models.TextField(_("remark"))
    repair_by = models.DateField(_("put right until"), null=True, blank=True)
    found_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("written by"))
    found_at = models.DateTimeField(_("written"))
    settled_on = models.DateField(_("put right on"), null=True, blank=True)
    settled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    settled_how = models.CharField(_("how it was settled"), max_length=300, blank=True)
    outcome = models.CharField(_("what was made of it"), max_length=200, blank=True)
    outcome_path = models.TextField(_("its address"), blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("round", "finding")
        verbose_name_plural = pgettext_lazy("round", "findings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="finding_not_empty"),
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_by=None) | Q(settled_on__isnull=False, settled_by__isnull=False),
                name="finding_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        whom = self.teacher.name if self.teacher else ""
        return f"{self.round}: {', '.join(filter(None, [whom, self.place])) or self.text}"

    def get_absolute_url(self) -> str:
        return f"{self.round.get_absolute_url()}#finding-{self.pk}"

    @property
    def about(self) -> str:
        """Whom and what it concerns, in words."""
        return ", ".join(filter(None, [self.teacher.full_name if self.teacher else "", self.place]))

    def is_late(self, *, on: date) -> bool:
        return self.settled_on is None and self.repair_by is not None and self.repair_by < on
