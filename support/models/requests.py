"""Questions of the users of the journal, and who reads them."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Booking, Direction, DirectionRole, TimeRequest
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability, Role, abilities

from .thread import Reply


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """The words in which the rest of the code speaks about requests."""

    def visible_to(self, member: Membership, *, roles: Iterable[Role] = (), abilities: Iterable[Ability] = ()) -> Self:
        """Own ones and those one answers; of directions that one serves; all, for the administration.

        `roles` and `abilities` are those of today, from the request.
        """
        ours = self.filter(school=member.school_id)
        if Ability.SEE_ALL_HELP in abilities:
            return ours
        served = directions_served_by(member, roles=roles)
        return ours.filter(Q(requester=member) | Q(assignee=member) | Q(direction__in=served))

    def of_year(self, school: School, year: int) -> Self:
        return self.filter(school=school, year=year)

    def of_order(self, order: Order) -> Self:
        """In directions of an order, whoever asks: for numbers only."""
        return self.filter(direction__schedule__order=order)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def in_list(self, name: str, member: Membership) -> Self:
        """Those of one of the ready lists, see `ready_lists`; KeyError if there is no such list."""
        return self.filter(ready_lists(member)[name])

    def counts(self, member: Membership) -> dict[str, int]:
        """How many requests stand in each of the ready lists: one query."""
        return self.order_by().aggregate(
            **{name: Count("pk", filter=condition) for name, condition in ready_lists(member).items()}
        )

    def by_need(self) -> Self:
        """Who must act first: in work, then waiting, answered, closed; the oldest question first."""
        rank = Case(
            When(closed_at__isnull=False, then=4), When(SOLVED, then=3), When(WAITING | WITH_VENDOR, then=2), default=1
        )
        return self.order_by(rank, "asked_at", "pk")

    def from_mark(self, mark: str) -> Self:
        """The request whose `address_mark` it is; none for any other word."""
        kind, _dash, number = mark.partition("-")
        is_ours = kind == "help" and number.isascii() and number.isdigit() and len(number) < 16
        return self.filter(pk=int(number)) if is_ours else self.none()

    def with_people(self) -> Self:
        return self.select_related("requester__user", "assignee__user", "registered_by__user", "direction", "school")

    def with_specialists(self) -> Self:
        """With what `may_be_answered_by` reads."""
        return self.prefetch_related("direction__direction_roles")

    def with_last_line(self) -> Self:
        """With `last_line`: the newest words of the thread, None where nobody has written yet."""
        newest = Reply.objects.filter(request=OuterRef("pk")).exclude(text="").exclude(act__in=Reply.ACTS_THAT_TELL)
        newest = newest.order_by("-written_at", "-pk")
        return self.annotate(last_line=Subquery(newest.values("text")[:1]))


def directions_served_by(member: Membership, *, roles: Iterable[Role]) -> models.QuerySet:
    """The directions whose column «Ф.И.О., должность специалиста» names the member or one of `roles`.

    Everybody on the staff is a teacher, so that word makes nobody a specialist: questions stay private.
    """
    serving = [role for role in roles if role != Role.TEACHER]
    return DirectionRole.objects.of_specialist(member, roles=serving).values("direction")


OPEN = Q(closed_at=None)
NOT_SOLVED = Q(closed_at=None, solved_at=None)


NOBODYS = NOT_SOLVED & Q(assignee=None)
WAITING = NOT_SOLVED & Q(waiting_since__isnull=False)
WITH_VENDOR = NOT_SOLVED & Q(waiting_since=None, vendor_since__isnull=False)
SOLVED = Q(closed_at=None, solved_at__isnull=False)


ENDED = Q(closed_at__isnull=False) | Q(solved_at__isnull=False)


def ready_lists(member: Membership) -> dict[str, Q]:
    """The lists of the page of requests by the names that stand in its address."""
    return {
        "mine": OPEN & (Q(requester=member) | Q(assignee=member)),
        "nobodys": NOBODYS,
        "in-work": NOT_SOLVED & Q(assignee__isnull=False, waiting_since=None, vendor_since=None),
        "waiting": WAITING,
        "with-vendor": WITH_VENDOR,
        "solved": SOLVED,
        "closed": Q(closed_at__isnull=False),
        "all": Q(),
    }


class HelpRequest(models.Model):
    """A question of a user of the journal, asked and answered under Annex 2.

    `form` is one of the four of clause 4. The state is told by facts: see `state`. The number is said aloud: 2026-041.
    `version` grows with every act: who answers sends along the one that was read, see `operations.writing`.
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
        VENDOR = "vendor", _("with the vendor")
        SOLVED = "solved", _("answered")
        CLOSED = "closed", _("closed")
        STOPPED = "stopped", _("stopped (clause 5)")

    school = models.ForeignKey(School, models.CASCADE, related_name="help_requests", verbose_name=_("school"))
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the year"))
    requester = models.ForeignKey(Membership, models.PROTECT, related_name="help_requests", verbose_name=_("who asks"))
    registered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("registered by"))
    direction = models.ForeignKey(Direction, models.PROTECT, related_name="help_requests", verbose_name=_("direction"))
    question = models.CharField(_("question"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    form = models.CharField(_("form of help"), max_length=15, choices=Form.choices, default=Form.ONLINE)
    blocks_work = models.BooleanField(_("work is impossible now"), default=False)
    asked_at = models.DateTimeField(_("asked"))
    assignee = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answers")
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("waiting for the teacher since"), null=True, blank=True)
    vendor_since = models.DateTimeField(_("with the vendor since"), null=True, blank=True)
    solved_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped under clause 5"), null=True, blank=True)
    helped = models.BooleanField(_("helped"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    bookings = models.ManyToManyField(
        Booking, blank=True, related_name="help_requests", verbose_name=_("consultations")
    )
    time_requests = models.ManyToManyField(
        TimeRequest, blank=True, related_name="help_requests", verbose_name=_("requests for a time"), editable=False
    )

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("help request")
        verbose_name_plural = _("help requests")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "sequence"],
                name="request_number_once",
                violation_error_code="number_taken",
                violation_error_message=_("A request of this number exists already."),
            ),
            models.CheckConstraint(
                condition=Q(assignee=None, taken_at=None) | Q(assignee__isnull=False, taken_at__isnull=False),
                name="request_taken_by_somebody",
                violation_error_message=_("A request is taken by somebody at some moment, or by nobody."),
            ),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(solved_at=None, closed_at=None),
                name="request_waits_only_open",
                violation_error_message=_("An answered or closed request waits for nobody."),
            ),
            models.CheckConstraint(
                condition=Q(vendor_since=None) | Q(solved_at=None, closed_at=None),
                name="request_with_vendor_only_open",
                violation_error_message=_("An answered or closed request is with the vendor no longer."),
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None, merged_into=None) | Q(closed_at__isnull=False),
                name="request_stopped_or_merged_is_closed",
                violation_error_message=_("A stopped or merged request is closed."),
            ),
            models.CheckConstraint(
                condition=Q(helped=None) | Q(closed_at__isnull=False),
                name="request_helped_when_closed",
                violation_error_message=_("Whether it helped is said when the request is closed."),
            ),
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
    def address_mark(self) -> str:
        """What the addresses of other rooms carry for one who comes from this request; see `from_mark`."""
        return f"help-{self.pk}"

    @property
    def is_ended_for_good(self) -> bool:
        """Stopped under clause 5, or merged with another: nobody writes into it any more, and it never goes back."""
        return self.stopped_at is not None or self.merged_into_id is not None

    @property
    def state(self) -> "HelpRequest.State":
        if self.stopped_at:
            return HelpRequest.State.STOPPED
        if self.closed_at:
            return HelpRequest.State.CLOSED
        if self.solved_at:
            return HelpRequest.State.SOLVED
        if self.waiting_since:
            return HelpRequest.State.WAITING
        if self.vendor_since:
            return HelpRequest.State.VENDOR
        return HelpRequest.State.IN_WORK if self.assignee_id else HelpRequest.State.NEW

    def may_be_answered_by(self, member: Membership, *, roles: Iterable[Role]) -> bool:
        """Whether the member is a specialist here; nobody is one in a question of their own.

        Reads `direction.direction_roles`, so prefetch them.
        """
        if member.pk == self.requester_id or member.school_id != self.school_id:
            return False
        if member.pk == self.assignee_id or (roles and member.pk in self.direction.named):
            return True
        return bool(set(self.direction.roles) & set(roles) - {Role.TEACHER})

    def may_be_handed_over_by(self, member: Membership, *, roles: Iterable[Role]) -> bool:
        """The specialists, and the administration: it is told when nobody holds the role that would answer."""
        if member.pk == self.requester_id or member.school_id != self.school_id:
            return False
        return self.may_be_answered_by(member, roles=roles) or Ability.SEE_ALL_HELP in abilities(frozenset(roles))
