"""A row of the plan: its words are text; what people do with it are facts beside it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.orders.drafts import plain_number
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import ROLE_WORDS, Membership
from ejournal_rollout.people.roles import Ability, Role

from ..terms import Kind, Precision
from .annex import Plan, Stage

DUE_SOON_DAYS = 30
KIND_WORDS = {
    Kind.RANGE: _("from month to month"),
    Kind.MONTH: _("month"),
    Kind.DAY: _("day"),
    Kind.UNTIL: _("until a day"),
    Kind.WHOLE_PERIOD: _("whole period of work"),
    Kind.SEPARATE_SCHEDULE: _("by a separate schedule"),
    Kind.RECURRING: _("recurring"),
    Kind.ON_DEMAND: _("as needed"),
    Kind.UNPARSABLE: _("without dates"),
}
PRECISION_WORDS = {Precision.DAY: _("day"), Precision.MONTH: _("month"), Precision.NONE: _("no dates")}


class TaskQuerySet(models.QuerySet["Task"]):
    """The words in which the rest of the code speaks about tasks."""

    def visible_to(self, member: Membership) -> Self:
        return self.filter(stage__plan__order__school=member.school_id)

    def in_force(self) -> Self:
        """Tasks of the order that is in force."""
        return self.filter(stage__plan__order__state=Order.State.IN_FORCE)

    def published(self) -> Self:
        """Of orders in force or closed: what all staff may read."""
        return self.exclude(stage__plan__order__state=Order.State.DRAFT)

    def readable_with(self, abilities: Iterable[Ability]) -> Self:
        """Tasks of draft orders are shown only to those who write them."""
        return self if Ability.EDIT_ORDER in abilities else self.published()

    def of(self, plan: Plan) -> Self:
        return self.filter(stage__plan=plan)

    def with_watching(self, member: Membership) -> Self:
        """Each task with `is_watched` and `stage_is_watched` by `member`."""
        own = member.watches
        return self.annotate(
            is_watched=Exists(own.filter(task=OuterRef("pk"))),
            stage_is_watched=Exists(own.filter(stage=OuterRef("stage"))),
        )

    def of_interest_to(self, member: Membership, roles: Iterable[Role]) -> Self:
        """Entrusted to one of `roles`, or watched by `member`, alone or with the whole stage."""
        own = member.watches.order_by()
        watched = Q(pk__in=own.filter(stage=None).values("task")) | Q(stage__in=own.filter(task=None).values("stage"))
        return self.filter(watched | Q(pk__in=TaskExecutor.objects.filter(role__in=list(roles)).values("task")))

    def in_order(self) -> Self:
        """As the paper lists them, with what a row needs to print itself. Without the texts of the order: each row
        would bring the whole signed wording once more; `defer(None)` brings them for one task."""
        return (
            self.select_related("stage__plan__order")
            .defer("stage__plan__order__as_signed", "stage__plan__order__body")
            .order_by("stage__position", "stage_id", "position", "pk")
        )

    def open(self) -> Self:
        return self.filter(completed_on=None, cancelled_on=None)

    def done(self) -> Self:
        return self.exclude(completed_on=None)

    def cancelled(self) -> Self:
        return self.exclude(cancelled_on=None)

    def finished(self) -> Self:
        """Done or cancelled."""
        return self.exclude(completed_on=None, cancelled_on=None)

    def waiting_for_review(self) -> Self:
        return self.open().exclude(reported_at=None)

    def to_remind_of(self) -> Self:
        """Open tasks with a last day or a result that waits: nothing else has a day to remind of."""
        return self.open().exclude(due_on=None, reported_at=None)

    def overdue(self, *, on: date) -> Self:
        """Open tasks whose last day lies before `on` (on the last day itself a task is in time), not waiting
        for review and not before the order."""
        late = self.open().filter(due_on__lt=on, reported_at=None)
        return late.exclude(due_on__lte=F("stage__plan__order__signed_on"))

    def entrusted_to_roles(self, roles: Iterable[Role]) -> Self:
        """Tasks whose executors (column 5) name at least one of `roles`."""
        return self.filter(pk__in=TaskExecutor.objects.filter(role__in=list(roles)).values("task"))


class Task(models.Model):
    """One question of the plan, its term and its executors (Annex 1, columns 1-5).

    `term` keeps the order's own words; `starts_on` and `due_on` (both inside) are what was read from them or set
    by the administration. No `due_on` means: never overdue. The state is told by facts: see `state`.
    """

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        WAITING = "waiting", _("waiting for review")
        DONE = "done", _("done")
        CANCELLED = "cancelled", pgettext_lazy("task", "cancelled")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="tasks", verbose_name=_("stage"))
    position = models.PositiveSmallIntegerField(_("place in the stage"), default=1)
    printed_number = models.CharField(_("number"), max_length=20, blank=True, help_text=_("As printed, e.g. “1.4.”."))
    question = models.TextField(_("question"))
    term = models.CharField(_("term"), max_length=300, blank=True, help_text=_("The words of the order."))
    term_kind = models.CharField(
        _("kind of term"),
        max_length=20,
        choices=[(kind.value, words) for kind, words in KIND_WORDS.items()],
        default=Kind.UNPARSABLE.value,
    )
    term_precision = models.CharField(
        _("precision"),
        max_length=10,
        choices=[(precision.value, words) for precision, words in PRECISION_WORDS.items()],
        default=Precision.NONE.value,
    )
    by_separate_schedule = models.BooleanField(_("by a separate schedule"), default=False)
    # The administration has said that these words give no days: nobody is asked about them again.
    left_without_dates = models.BooleanField(default=False, editable=False)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    due_on = models.DateField(_("last day"), null=True, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    executors_printed = models.TextField(_("executors"), blank=True, help_text=_("The words of the order."))
    expected_result = models.TextField(_("expected result"), blank=True)
    other_columns = models.JSONField(default=list, blank=True, editable=False)
    is_milestone = models.BooleanField(_("milestone"), default=False)

    started_on = models.DateField(_("started on"), null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True, editable=False)
    reported_by = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
        editable=False,
    )
    result = models.TextField(_("result"), blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    cancelled_on = models.DateField(_("cancelled on"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("grounds"), max_length=300, blank=True, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["stage__position", "stage_id", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")),  # an unknown day passes
                name="task_due_not_before_start",
                violation_error_code="due_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(completed_on=None) | Q(cancelled_on=None),
                name="task_not_both_done_and_cancelled",
                violation_error_message=_("A task is either done or cancelled."),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="task_by_last_day")]

    def __str__(self) -> str:
        return f"{self.number} {' '.join(self.question.split())}".strip()

    def get_absolute_url(self) -> str:
        return reverse("plans:task", args=[self.pk])

    @property
    def number(self) -> str:
        """As one says it: «1.4»; "" where the order prints none."""
        return plain_number(self.printed_number)

    @property
    def state(self) -> "Task.State":
        if self.cancelled_on:
            return Task.State.CANCELLED
        if self.completed_on:
            return Task.State.DONE
        if self.reported_at:
            return Task.State.WAITING
        return Task.State.IN_PROGRESS if self.started_on else Task.State.NOT_STARTED

    @property
    def is_open(self) -> bool:
        return self.completed_on is None and self.cancelled_on is None

    @property
    def is_before_the_order(self) -> bool:
        """The term had ended by the day of signing; reads `stage.plan.order`, so select it."""
        signed_on = self.stage.plan.order.signed_on
        return bool(self.due_on and signed_on and self.due_on <= signed_on)

    def is_overdue(self, *, on: date) -> bool:
        late = self.is_open and self.reported_at is None and self.due_on is not None and self.due_on < on
        return late and not self.is_before_the_order

    def is_due_soon(self, *, on: date) -> bool:
        """Open, not waiting for review, and the last day is `on` or one of the next DUE_SOON_DAYS days."""
        near = self.due_on is not None and on <= self.due_on <= on + timedelta(days=DUE_SOON_DAYS)
        return near and self.is_open and self.reported_at is None

    @property
    def told_roles(self) -> frozenset[Role]:
        """The roles of column 5 whose holders are told of the task; «all teachers» are not told one by one
        (our decision). Reads `executors`, so prefetch them in lists."""
        return frozenset(Role(executor.role) for executor in self.executors.all() if executor.role) - {Role.TEACHER}

    def is_entrusted_to(self, roles: Iterable[Role]) -> bool:
        """Does column 5 name one of `roles`?"""
        return not self.roles_named.isdisjoint(roles)

    @property
    def roles_named(self) -> frozenset[str]:
        """The roles of column 5, "" among them where words name none; reads `executors`, so prefetch them in lists.
        A list that knows them without the rows of executors says them itself (`plans.listing`)."""
        known = self.__dict__.get("roles_named")
        return frozenset(executor.role for executor in self.executors.all()) if known is None else known

    @roles_named.setter
    def roles_named(self, known: frozenset[str]) -> None:
        self.__dict__["roles_named"] = known


class TaskExecutorQuerySet(models.QuerySet["TaskExecutor"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(task__stage__plan__order__school=member.school_id)


class TaskExecutor(models.Model):
    """One executor of a task as the order words it (column 5); `role` is empty where the words name no known role.

    `is_lead` is our mark beside the words of the order: of several executors one may answer for the whole.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="executors", verbose_name=_("task"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    words = models.CharField(_("words of the order"), max_length=300)
    role = models.CharField(
        _("role"), max_length=30, blank=True, choices=[(role.value, words) for role, words in ROLE_WORDS.items()]
    )
    is_lead = models.BooleanField(
        _("lead"), default=False, help_text=_("Answers for the whole task. Does not appear on paper.")
    )

    objects = TaskExecutorQuerySet.as_manager()

    class Meta:
        verbose_name = _("executor")
        verbose_name_plural = _("executors")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(is_lead=True),
                name="one_lead_of_a_task",
                violation_error_code="two_leads",
                violation_error_message=_("One executor of a task leads, not several."),
            )
        ]

    def __str__(self) -> str:
        return self.words


class TaskNoteQuerySet(models.QuerySet["TaskNote"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(task__stage__plan__order__school=member.school_id)

    def of(self, task: Task) -> Self:
        return self.filter(task=task)

    def with_authors(self) -> Self:
        return self.select_related("author__user")

    def reasons_of_return(self, task: OuterRef) -> models.QuerySet:
        """For a subquery: why the result of `task` was returned, nothing where something else became of it since."""
        turns = self.filter(task=task, act__in=TaskNote.TURNS).order_by("-written_at", "-pk")[:1]
        returned = When(act=TaskNote.Act.RETURNED, then="text")
        return turns.values(reason=Case(returned, output_field=models.TextField()))


class TaskNote(models.Model):
    """A dated note on a task: what was done, said or decided. `act` names the change of state that it came with."""

    class Act(models.TextChoices):
        NOTED = "", _("note")
        STARTED = "started", _("work started")
        REPORTED = "reported", _("result reported")
        ACCEPTED = "accepted", _("result accepted")
        RETURNED = "returned", _("returned for more work")
        REOPENED = "reopened", _("reopened")
        CANCELLED = "cancelled", pgettext_lazy("task", "cancelled")

    TURNS = (Act.REPORTED, Act.ACCEPTED, Act.RETURNED, Act.REOPENED, Act.CANCELLED)  # what becomes of a result

    task = models.ForeignKey(Task, models.CASCADE, related_name="notes", verbose_name=_("task"))
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    act = models.CharField(_("act"), max_length=12, blank=True, choices=Act.choices)
    text = models.TextField(_("text"), blank=True)

    objects = TaskNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.text or self.get_act_display()
