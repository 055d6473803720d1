"""Seminars, trainings and group consultations (Annex 2, clause 4), and who takes part in them."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import ROLE_WORDS, Membership
from ejournal_rollout.people.roles import Role

from .rooms import Room
from .schedule import Direction


class Meeting(NamedTuple):
    """What a consultation or a seminar takes for [starts_at, ends_at): persons, and a place in a room.

    A seminar takes one person, named twice, and all of its room: `room_place` is None. `pk` and `direction_id` are
    those of the consultation.
    """

    specialist_id: int
    teacher_id: int
    room_id: int | None
    room_place: int | None
    starts_at: datetime
    ends_at: datetime
    pk: int | None = None
    direction_id: int | None = None

    def get_absolute_url(self) -> str:
        return reverse("consultations:booking", args=[self.pk])


class SeminarQuerySet(models.QuerySet["Seminar"]):
    def visible_to(self, member: Membership) -> Self:
        """Those of the school; who takes part is told to those who run it only."""
        return self.of_school(member.school_id)

    def of_school(self, school_id: int) -> Self:
        return self.filter(school=school_id)

    def of_room(self, room: Room) -> Self:
        return self.filter(room=room)

    def concerning(self, member: Membership) -> Self:
        """Those which the member leads, or in which the member has a place or waits for one."""
        on_list = Participation.objects.live().filter(seminar=OuterRef("pk"), participant=member)
        leads = Seminar.leaders.through.objects.filter(seminar=OuterRef("pk"), membership=member)
        return self.filter(Exists(on_list) | Exists(leads))

    def led_by(self, specialist: Membership | int) -> Self:
        return self.filter(
            Exists(Seminar.leaders.through.objects.filter(seminar=OuterRef("pk"), membership=specialist))
        )

    def chosen(self, *, direction: str = "", specialist: int | None = None) -> Self:
        """As of consultations: of a direction by its name, led by a specialist; without both, all."""
        found = self.filter(direction__name=direction) if direction else self
        return found.led_by(specialist) if specialist else found

    def leaders(self) -> models.QuerySet[Membership]:
        leading = Seminar.leaders.through.objects.filter(seminar__in=self.order_by())
        return Membership.objects.filter(pk__in=leading.values("membership"))

    def busy_for(self, member: Membership) -> Self:
        """Those which the member leads or has a place in: what stands in the member's calendar."""
        seated = Participation.objects.seated().filter(seminar=OuterRef("pk"), participant=member)
        leads = Seminar.leaders.through.objects.filter(seminar=OuterRef("pk"), membership=member)
        return self.filter(Exists(seated) | Exists(leads))

    def waiting_for(self, member: Membership, *, at: datetime) -> Self:
        """Coming ones that concern the member, and past ones that the member led and has not marked."""
        leads = Exists(Seminar.leaders.through.objects.filter(seminar=OuterRef("pk"), membership=member))
        ahead = Q(ends_at__gt=at) | Q(leads, marked_at=None)
        return self.concerning(member).live().filter(ahead)

    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def coming(self, *, at: datetime) -> Self:
        """Live and not yet ended, the nearest first: `with_counts` would drop the order of the model."""
        return self.live().filter(ends_at__gt=at).order_by("starts_at", "pk")

    def over(self, *, at: datetime) -> Self:
        """Ended or cancelled, the latest first."""
        return self.filter(Q(ends_at__lte=at) | Q(cancelled_at__isnull=False)).order_by("-starts_at", "-pk")

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def starting(self, *, after: datetime, until: datetime) -> Self:
        """Those that begin in (after, until]."""
        return self.filter(starts_at__gt=after, starts_at__lte=until)

    def but(self, seminar: "Seminar | None") -> Self:
        return self.exclude(pk=seminar.pk) if seminar and seminar.pk else self

    def with_passed_offers(self, *, at: datetime) -> Self:
        """Those in which somebody was offered a place and has not confirmed it in time."""
        passed = Participation.objects.offered().filter(seminar=OuterRef("pk"), offered_until__lte=at)
        return self.live().filter(Exists(passed))

    def with_counts(self) -> Self:
        """Adds `seated_count` (offered places too) and `waiting_count`."""
        on_list = Q(participations__left_at=None)
        return self.annotate(
            seated_count=Count("participations", filter=on_list & Q(participations__seat__isnull=False)),
            waiting_count=Count("participations", filter=on_list & Q(participations__seat=None)),
        )

    def with_mine(self, member: Membership) -> Self:
        """Adds what the member has there: `leads`, and of the own line `is_on_list`, `my_…`."""
        leads = Seminar.leaders.through.objects.filter(seminar=OuterRef("pk"), membership=member)
        own = Q(participations__participant=member, participations__left_at=None)
        return self.annotate(
            leads=Exists(leads),
            mine=FilteredRelation("participations", condition=own),
            is_on_list=Q(mine__isnull=False),
            my_seat=F("mine__seat"),
            my_offered_until=F("mine__offered_until"),
            my_came=F("mine__came"),
        )

    def with_leaders(self) -> Self:
        leaders = Prefetch("leaders", Membership.objects.select_related("user"))
        return self.select_related("room", "direction", "school").prefetch_related(leaders)

    def for_lines(self, member: Membership) -> Self:
        """As a list or a page shows them to a member."""
        return self.with_counts().with_mine(member).with_leaders()

    def engagements(self) -> models.QuerySet:
        """The rows of `Meeting`: whom they take, leaders and holders of places, offered ones too."""
        seminars = self.order_by()
        leading = Seminar.leaders.through.objects.filter(seminar__in=seminars)
        seated = Participation.objects.seated().order_by().filter(seminar__in=seminars)
        leader_rows, seat_rows = _engaged(leading, "membership"), _engaged(seated, "participant")
        return leader_rows.union(seat_rows, all=True)

    def held(self, first: date, last: date, *, zone: tzinfo) -> Self:
        """Those whose attendance is marked, from the first to the last day (both inside), each with `came_count`."""
        start = datetime.combine(first, time(0), tzinfo=zone)
        end = datetime.combine(last + timedelta(days=1), time(0), tzinfo=zone)
        held = self.live().filter(marked_at__isnull=False, starts_at__gte=start, starts_at__lt=end)
        came = Count("participations", filter=Q(participations__came=True, participations__left_at=None))
        return held.annotate(came_count=came)


def _engaged(rows: models.QuerySet, person: str) -> models.QuerySet:
    # PostgreSQL asks of what type nothing is
    no_place, no_key = (
        Cast(Value(None), kind()) for kind in (models.PositiveSmallIntegerField, models.BigIntegerField)
    )
    named = rows.annotate(one=F(person), again=F(person), no_place=no_place, no_pk=no_key, no_direction=no_key)
    span = "seminar__starts_at", "seminar__ends_at"
    return named.values_list("one", "again", "seminar__room", "no_place", *span, "no_pk", "no_direction")


class Seminar(models.Model):
    """A meeting at which several are taught at once: [starts_at, ends_at), with so many places.

    Its leaders, its room (all of it, however many consultations it holds) and whoever has a place are taken then.
    `audience` are the roles that may sign up; none means all staff. `sequence` grows with every change, so it is the
    edition of the form too; `changed_at` is the moment of the last one.
    """

    class Kind(models.TextChoices):
        """The words of clause 4, and the group consultation that its «и т.п.» leaves room for."""

        SEMINAR = "seminar", _("seminar")
        TRAINING = "training", _("training")
        GROUP = "group", _("group consultation")

    school = models.ForeignKey(
        "people.School", models.CASCADE, related_name="seminars", verbose_name=_("school"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SEMINAR)
    title = models.CharField(pgettext_lazy("seminar", "topic"), max_length=200)
    about = models.TextField(_("what it is about"), blank=True, max_length=2000)
    direction = models.ForeignKey(
        Direction, models.PROTECT, null=True, blank=True, related_name="seminars", verbose_name=_("direction")
    )
    leaders = models.ManyToManyField(Membership, related_name="seminars_led", verbose_name=_("leaders"))
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="seminars", verbose_name=_("room")
    )
    place_words = models.CharField(
        _("place, if not a room"), max_length=300, blank=True, help_text=_("E.g. the link of a video meeting.")
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    closes_at = models.DateTimeField(_("sign-up closes"))
    places = models.PositiveSmallIntegerField(
        _("places"), default=20, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    audience = models.JSONField(_("for whom"), default=list, blank=True)
    planned_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    planned_at = models.DateTimeField(_("planned"), default=now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=now, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(pgettext_lazy("seminar", "cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cancelled by")
    )
    cancelled_because = models.CharField(_("reason"), max_length=300, blank=True)
    marked_at = models.DateTimeField(_("attendance marked"), null=True, blank=True, editable=False)
    # What the calendar says against it (`seminar_days`), where people have decided that it takes place all the same.
    in_spite_of = models.CharField(_("in spite of"), max_length=300, blank=True, editable=False)

    objects = SeminarQuerySet.as_manager()

    class Meta:
        verbose_name = _("seminar or training")
        verbose_name_plural = _("seminars and trainings")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="seminar_ends_after_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The seminar must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__lte=F("starts_at")),
                name="seminar_sign_up_closes_before_start",
                violation_error_code="closes_after_start",
                violation_error_message=_("The sign-up closes at the beginning at the latest."),
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="seminar_has_places",
                violation_error_message=_("A seminar has at least one place."),
            ),
        ]
        indexes = [
            models.Index(fields=["school", "starts_at"], name="seminar_by_school"),
            models.Index(fields=["room", "starts_at"], name="seminar_by_room"),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%d.%m.%Y %H:%M} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("consultations:seminar", args=[self.pk])

    @property
    def where(self) -> str:
        """The room or the words in its stead; reads `room`."""
        return str(_("room {room}")).format(room=self.room.name) if self.room else self.place_words

    @property
    def audience_words(self) -> str:
        return ", ".join(str(ROLE_WORDS[Role(one)]) for one in self.audience) or str(_("all staff"))

    def is_for(self, roles: Collection[Role]) -> bool:
        return not self.audience or bool({Role(one) for one in self.audience} & set(roles))

    def is_led_by(self, member: Membership) -> bool:
        """Reads `leaders`, so prefetch them in lists."""
        return member in self.leaders.all()

    def status(self, *, at: datetime) -> tuple[str, str]:
        """The shape and the words of its state."""
        if self.cancelled_at:
            return "withdrawn", pgettext_lazy("seminar", "cancelled")
        if self.marked_at:
            return "done", pgettext_lazy("seminar", "held")
        if self.ends_at <= at:
            return "action", _("attendance not marked")
        if self.starts_at <= at:
            return "action", _("going on now")
        return "idle", pgettext_lazy("seminar", "planned")


# Our decision: an offered place waits a day for its answer, and is offered to nobody in the last two hours, in which
# nobody could answer; then those who run the seminar give it by hand.
OFFER_LASTS = timedelta(hours=24)
LAST_HOURS = timedelta(hours=2)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(seminar__school=member.school_id)

    def of(self, seminar: Seminar) -> Self:
        return self.filter(seminar=seminar)

    def of_member(self, member: Membership) -> Self:
        return self.filter(participant=member)

    def live(self) -> Self:
        """On the list, with a place or waiting."""
        return self.filter(left_at=None)

    def seated(self) -> Self:
        """With a place, confirmed or only offered."""
        return self.live().filter(seat__isnull=False)

    def offered(self) -> Self:
        return self.seated().filter(offered_until__isnull=False)

    def taken(self) -> Self:
        """With a place for certain."""
        return self.seated().filter(offered_until=None)

    def waiting(self) -> Self:
        """Without a place, first come first."""
        return self.live().filter(seat=None).order_by("pk")

    def by_name(self) -> Self:
        return self.order_by("participant__user__last_name", "participant__user__first_name", "pk")

    def with_people(self) -> Self:
        return self.select_related("participant__user", "participant__school")


class Participation(models.Model):
    """A line on the list of a seminar. `seat` is the number of the place that one has; without it one waits.

    With `offered_until` the place is kept until that moment and must be confirmed. Who left has `left_at`; without
    `left_by` the offer was not confirmed in time. Coming back makes a new line, at the end of the list.
    """

    seminar = models.ForeignKey(
        Seminar, models.CASCADE, related_name="participations", verbose_name=_("seminar or training")
    )
    participant = models.ForeignKey(
        Membership, models.PROTECT, related_name="participations", verbose_name=_("participant")
    )
    seat = models.PositiveSmallIntegerField(_("number of the place"), null=True, blank=True)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    added_at = models.DateTimeField(_("signed up"), default=now)
    added_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("signed up by"))
    left_at = models.DateTimeField(_("left the list"), null=True, blank=True)
    left_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken off by")
    )
    came = models.BooleanField(_("came"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "seat"],
                condition=Q(left_at=None),
                name="seat_of_a_seminar_once",
                violation_error_message=_("This place has just been taken."),
            ),
            models.UniqueConstraint(
                fields=["seminar", "participant"],
                condition=Q(left_at=None),
                name="on_the_list_once",
                violation_error_message=_("This person is already on the list."),
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=False) | Q(offered_until=None, came=None),
                name="without_a_seat_nothing_to_confirm",
                violation_error_message=_("Only a place can be offered or attended."),
            ),
            models.CheckConstraint(
                condition=Q(seat=None) | Q(seat__gte=1),
                name="seats_count_from_one",
                violation_error_message=_("Places are counted from one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.participant)

    @property
    def is_waiting(self) -> bool:
        return self.left_at is None and self.seat is None

    @property
    def is_taken(self) -> bool:
        """A place for certain, now or until it was lost."""
        return self.seat is not None and self.offered_until is None

    @property
    def is_offered(self) -> bool:
        return self.left_at is None and self.offered_until is not None


def closing_moment(closes_on: date | None, starts_at: datetime) -> datetime:
    """When the sign-up closes: with the day `closes_on`, at the latest when the seminar begins."""
    if closes_on is None:
        return starts_at
    end_of_day = datetime.combine(closes_on + timedelta(days=1), time(0), tzinfo=starts_at.tzinfo)
    return min(end_of_day, starts_at)
