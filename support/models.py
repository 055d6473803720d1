"""Annex 2: the regulation on help, and the requests that are answered by it."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Booking, Direction, DirectionRole
from ejournal_rollout.orders.drafts import plain_number
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability, Role


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(order__state=Order.State.IN_FORCE)


class Regulation(models.Model):
    """The regulation of one order."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="regulation", verbose_name=_("order"))
    heading = models.TextField(_("annex heading"), blank=True, help_text=_("The lines at the right top of the annex."))
    title = models.TextField(_("title"))

    objects = RegulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["-order__first_year"]

    def __str__(self) -> str:
        return f"{' '.join(self.title.split())} ({self.order.school_year})"


class Clause(models.Model):
    """A numbered clause with all its lines; a line that begins with «• » is a bullet."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="clauses", verbose_name=_("regulation"))
    position = models.PositiveSmallIntegerField(_("place in the regulation"), default=1)
    printed_number = models.CharField(_("number"), max_length=20, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.printed_number} {' '.join(self.text.split())}".strip()[:120]

    @property
    def number(self) -> str:
        return plain_number(self.printed_number)

    @property
    def anchor(self) -> str:
        """«clause-5», «clause-2-1»: the address of the clause on the page of the regulation."""
        return f"clause-{self.number.replace('.', '-') or self.position}"


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def visible_to(self, member: Membership, *, roles: Iterable[Role], abilities: Iterable[Ability]) -> Self:
        """Own ones; those of directions that one's roles serve; all, for the administration."""
        ours = self.filter(school=member.school_id)
        if Ability.SEE_ALL_HELP in abilities:
            return ours
        mine = Q(requester=member) | Q(assignee=member)
        if Ability.GIVE_HELP in abilities:
            served = DirectionRole.objects.filter(role__in=list(roles)).values("direction")
            return ours.filter(mine | Q(direction__in=served))
        return ours.filter(mine)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def nobodys(self) -> Self:
        return self.open().filter(assignee=None)

    def with_people(self) -> Self:
        return self.select_related("requester__user", "assignee__user", "direction")


class HelpRequest(models.Model):
    """A question of a user of the journal, asked and answered under Annex 2.

    `form` is one of the four of clause 4. The state is told by facts: see `state`. The number is said aloud: 2026-041.
    """

    class Form(models.TextChoices):
        ONLINE = "online", _("on-line, while working in the journal")
        EMAIL = "email", _("by e-mail")
        CONSULTATION = "consultation", _("at a consultation by the schedule")
        SEMINAR = "seminar", _("at a seminar or training")

    class State(models.TextChoices):
        NEW = "new", _("new")
        IN_WORK = "in_work", _("in work")
        WAITING = "waiting", _("waiting for the teacher")
        SOLVED = "solved", _("answered")
        CLOSED = "closed", _("closed")

    school = models.ForeignKey(School, models.CASCADE, related_name="help_requests", verbose_name=_("school"))
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the year"))
    requester = models.ForeignKey(Membership, models.PROTECT, related_name="help_requests", verbose_name=_("who asks"))
    registered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("registered by"))
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="help_requests", verbose_name=_("direction"))
    question = models.CharField(_("question"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    form = models.CharField(_("form of help"), max_length=15, choices=Form.choices, default=Form.ONLINE)
    asked_at = models.DateTimeField(_("asked"))
    assignee = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answers")
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("waiting for the teacher since"), null=True, blank=True)
    solved_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    helped = models.BooleanField(_("helped"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    bookings = models.ManyToManyField(
        Booking, blank=True, related_name="help_requests", verbose_name=_("consultations")
    )

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("help request")
        verbose_name_plural = _("help requests")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "sequence"], name="request_number_once"),
        ]
        indexes = [models.Index(fields=["school", "closed_at", "-asked_at"], name="requests_open_first")]

    def __str__(self) -> str:
        return f"{self.number} {self.question}"

    def get_absolute_url(self) -> str:
        return reverse("support:request", args=[self.pk])

    @property
    def number(self) -> str:
        return f"{self.year}-{self.sequence:03d}"

    @property
    def state(self) -> "HelpRequest.State":
        if self.closed_at:
            return HelpRequest.State.CLOSED
        if self.solved_at:
            return HelpRequest.State.SOLVED
        if self.waiting_since:
            return HelpRequest.State.WAITING
        return HelpRequest.State.IN_WORK if self.assignee_id else HelpRequest.State.NEW


class Reply(models.Model):
    """A message in the thread: the requester and the specialists read it."""

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="replies", verbose_name=_("request"))
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class InternalNote(models.Model):
    """A note for colleagues. A table of its own: no query for the requester's page can ever touch it."""

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="internal_notes", verbose_name=_("request"))
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
