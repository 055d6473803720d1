"""Annex 2: the regulation on help, and the requests that are answered by it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Self

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultations.models import Booking, Direction, DirectionRole, TimeRequest
from ejournal_rollout.orders.drafts import plain_number
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability, Role, abilities

BULLETS = "•·"  # the marks that reading leaves before the lines of a list


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(order__state=Order.State.IN_FORCE)

    def with_clauses(self) -> Self:
        return self.select_related("order").prefetch_related("clauses")


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
        return f"{' '.join(self.title.split())} ({self.order})"


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

    @property
    def blocks(self) -> list[tuple[bool, list[str]]]:
        """The lines as (is it a list, its lines): neighbouring bullets make one list, their mark is left out."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return [
            (is_list, [line.lstrip(BULLETS).strip() if is_list else line for line in group])
            for is_list, group in groupby(lines, key=lambda line: line[0] in BULLETS)
        ]


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
        rank = Case(When(closed_at__isnull=False, then=4), When(SOLVED, then=3), When(WAITING, then=2), default=1)
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
SOLVED = Q(closed_at=None, solved_at__isnull=False)
ENDED = Q(closed_at__isnull=False) | Q(solved_at__isnull=False)


def ready_lists(member: Membership) -> dict[str, Q]:
    """The lists of the page of requests by the names that stand in its address."""
    return {
        "mine": OPEN & (Q(requester=member) | Q(assignee=member)),
        "nobodys": NOBODYS,
        "in-work": NOT_SOLVED & Q(assignee__isnull=False, waiting_since=None),
        "waiting": WAITING,
        "solved": SOLVED,
        "closed": Q(closed_at__isnull=False),
        "all": Q(),
    }


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
    def state(self) -> "HelpRequest.State":
        if self.closed_at:
            return HelpRequest.State.CLOSED
        if self.solved_at:
            return HelpRequest.State.SOLVED
        if self.waiting_since:
            return HelpRequest.State.WAITING
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


class ThreadQuerySet(models.QuerySet):
    """Replies, or notes: the words about one request with their authors, the oldest first."""

    def about(self, help_request: HelpRequest) -> Self:
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

    # The text of these tells what was done; the text of the others is what the author says.
    ACTS_THAT_TELL = (Act.HANDED_OVER, Act.BOOKED, Act.TIME_ASKED, Act.HELD, Act.MISSED)

    request = models.ForeignKey(
        HelpRequest, models.CASCADE, related_name="replies", verbose_name=pgettext_lazy("help", "request")
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
        HelpRequest, models.CASCADE, related_name="internal_notes", verbose_name=pgettext_lazy("help", "request")
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
