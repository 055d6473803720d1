"""The consultations that people agree on."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth, TruncTime
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability

from ..no_overlap import NoOverlap
from .calendar_changes import SCOPES, CalendarChange
from .rooms import Room
from .schedule import Direction, Topic

# Whoever has just booked or cancelled may take it back for so long (our decision).
SECOND_THOUGHT = timedelta(minutes=10)


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, member: Membership) -> Self:
        """Bookings of the school; what another teacher asked is told to nobody: pages narrow further."""
        return self.filter(direction__schedule__order__school=member.school_id)

    def concerning(self, member: Membership) -> Self:
        """Those in which the member is the teacher or the specialist."""
        return self.filter(Q(teacher=member) | Q(specialist=member))

    def shown_to(self, member: Membership, *, abilities: Collection[Ability]) -> Self:
        """Whose page the member may open: one's own, for the administration any of the school."""
        visible = self.visible_to(member)
        return visible if Ability.EDIT_ORDER in abilities else visible.concerning(member)

    def of_school(self, school: School) -> Self:
        return self.filter(direction__schedule__order__school=school)

    def of_order(self, order: Order) -> Self:
        return self.filter(direction__schedule__order=order)

    def beginning(self, first: date, last: date, *, zone: tzinfo) -> Self:
        """Those that begin from the first to the last day of the school, both inside."""
        start = datetime.combine(first, time(0), tzinfo=zone)
        end = datetime.combine(last + timedelta(days=1), time(0), tzinfo=zone)
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def chosen(self, *, direction: str = "", specialist: int | None = None) -> Self:
        """Of a direction by its name, which holds in every year, and of a specialist by number; without both, all."""
        found = self.filter(direction__name=direction) if direction else self
        return found.filter(specialist=specialist) if specialist else found

    def counted(self, *by: str, at: datetime, zone: tzinfo) -> Self:
        """How many there are, by direction, month of the school and the fields `by`: rows of numbers, nobody's words.

        `total` is without the cancelled: the sum of held, missed, unmarked (over, and nobody has said whether the
        teacher came) and ahead (not over at the moment `at`). `time_held` is None where none was held.
        """
        live = Q(cancelled_at=None)
        held = live & Q(came=True)
        counted = self.values(
            "direction",
            *by,
            direction_name=F("direction__name"),
            is_on_demand=F("direction__is_on_demand"),
            month=TruncMonth("starts_at", tzinfo=zone, output_field=models.DateField()),
        ).annotate(
            total=Count("pk", filter=live),
            held=Count("pk", filter=held),
            missed=Count("pk", filter=live & Q(came=False)),
            unmarked=Count("pk", filter=live & Q(came=None, ends_at__lte=at)),
            ahead=Count("pk", filter=live & Q(came=None, ends_at__gt=at)),
            cancelled=Count("pk", filter=Q(cancelled_at__isnull=False)),
            time_held=Sum(F("ends_at") - F("starts_at"), filter=held),
        )
        return counted.order_by("direction__position", "direction_id", "month", *by)

    def counted_by_month(self, *, before: datetime, zone: tzinfo) -> Self:
        """The live ones that began before a moment, by direction and month."""
        return self.live().filter(starts_at__lt=before).counted(at=before, zone=zone)

    def specialists(self) -> models.QuerySet[Membership]:
        """Who gave or gives them, by name."""
        found = Membership.objects.filter(pk__in=self.order_by().values("specialist")).select_related("user")
        return found.order_by("user__last_name", "user__first_name", "pk")

    def of_teacher(self, member: Membership) -> Self:
        return self.filter(teacher=member)

    def of_specialist(self, member: Membership) -> Self:
        return self.filter(specialist=member)

    def live(self) -> Self:
        return self.filter(cancelled_at=None)

    def coming(self, *, at: datetime) -> Self:
        """Live and not yet ended."""
        return self.live().filter(ends_at__gt=at)

    def over(self, *, at: datetime) -> Self:
        """Ended or cancelled, the latest first."""
        return self.filter(Q(ends_at__lte=at) | Q(cancelled_at__isnull=False)).order_by("-starts_at", "-pk")

    def open_in(self, direction: Direction, *, teacher: Membership, at: datetime) -> Self:
        """What one teacher has ahead in a direction: these are limited in number."""
        return self.coming(at=at).filter(direction=direction, teacher=teacher)

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def starting(self, *, after: datetime, until: datetime) -> Self:
        """Those that begin in (after, until]."""
        return self.filter(starts_at__gt=after, starts_at__lte=until)

    def inside(self, change: CalendarChange) -> Self:
        """Those in the hours that a change of the calendar closes, of the room, direction or specialist that it names.

        `change.school` is read. A consultation never goes over midnight.
        """
        hours = change.closed_hours()
        if not hours:
            return self.none()
        zone = change.school.zone
        start = datetime.combine(change.first_on, time(0), tzinfo=zone)
        end = datetime.combine(change.last_on + timedelta(days=1), time(0), tzinfo=zone)
        found = self.filter(direction__schedule__order__school=change.school_id).between(start, end)
        found = found.annotate(clock=TruncTime("starts_at", tzinfo=zone), clock_end=TruncTime("ends_at", tzinfo=zone))
        parts = Q(pk__in=[])
        for starts, ends in hours:
            parts |= Q(clock_end__gt=starts, clock__lt=ends) if ends else Q(clock_end__gt=starts)
        found = found.filter(parts)
        for scope in SCOPES:
            if getattr(change, f"{scope}_id"):
                found = found.filter(**{scope: getattr(change, f"{scope}_id")})
        return found

    def unmarked(self, *, at: datetime, just_marked: int | None = None) -> Self:
        """Past ones of which nobody has said whether the teacher came; `just_marked` keeps its place among them."""
        return self.live().filter(Q(came=None) | Q(pk=just_marked), ends_at__lte=at)

    def to_follow_up(self) -> Self:
        """Those after which something is left to do: not said to be done, and no later one of the teacher is booked."""
        later = Booking.objects.live().filter(
            teacher=OuterRef("teacher"), direction=OuterRef("direction"), starts_at__gt=OuterRef("starts_at")
        )
        return self.live().exclude(follow_up="").filter(~Exists(later), follow_up_done_at=None)

    def to_be_continued_by(self, teacher: Membership) -> Self:
        """Those after which the specialist asked the teacher to choose a time for what is left to do."""
        return self.to_follow_up().filter(teacher=teacher, follow_up_proposed_at__isnull=False)

    def engagements(self) -> models.QuerySet:
        """The rows of `Meeting`."""
        fields = "specialist", "teacher", "room", "room_place", "starts_at", "ends_at", "pk", "direction"
        return self.order_by().values_list(*fields)

    def with_people(self) -> Self:
        return self.select_related("direction__schedule__order", "room", "teacher__user", "specialist__user")


class Booking(models.Model):
    """A consultation agreed on: [starts_at, ends_at) with a specialist in a room for a teacher.

    It stores its own times, room and specialist: a change of the schedule moves nobody silently. `room_place` is the
    place taken in a room that holds several consultations at once. `sequence` grows with every change of which the
    two must hear, `changed_at` is the moment of the last one: calendar programs go by them. What came of it stands in
    `came`, `outcome`, `follow_up` (what is left to do, "" for nothing) and in the teacher's `rating`.
    """

    class Rating(models.IntegerChoices):
        HELPED = 3, _("it helped")
        PARTLY = 2, _("it helped in part")
        NOT_HELPED = 1, _("it did not help")

    direction = models.ForeignKey(Direction, models.PROTECT, related_name="bookings", verbose_name=_("direction"))
    specialist = models.ForeignKey(
        Membership, models.PROTECT, related_name="consultations_given", verbose_name=_("specialist")
    )
    teacher = models.ForeignKey(
        Membership, models.PROTECT, related_name="consultations_booked", verbose_name=_("teacher")
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("room")
    )
    room_place = models.PositiveSmallIntegerField(_("place in the room"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("topic")
    )
    school_class = models.CharField(_("class"), max_length=20, blank=True)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    question = models.TextField(_("question"))
    booked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("booked by"))
    booked_at = models.DateTimeField(_("booked"), default=now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=now, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(pgettext_lazy("consultation", "cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cancelled by")
    )
    cancelled_because = models.CharField(_("reason"), max_length=300, blank=True)
    # Why the calendar does not allow it any more, where people have decided that it takes place all the same.
    in_spite_of = models.CharField(_("in spite of"), max_length=300, blank=True, editable=False)
    came = models.BooleanField(_("came"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    follow_up = models.CharField(_("left to do"), max_length=300, blank=True)
    follow_up_proposed_at = models.DateTimeField(_("continuation proposed"), null=True, blank=True)
    follow_up_done_at = models.DateTimeField(_("nothing more is left to do since"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("the teacher's rating"), null=True, blank=True, choices=Rating.choices)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="booking_ends_after_start",
                violation_error_message=_("A consultation must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(room=None, room_place=None) | Q(room__isnull=False, room_place__gte=1),
                name="booking_room_with_place",
                violation_error_message=_("A room goes with a place in it."),
            ),
            NoOverlap(
                name="specialist_in_one_place",
                resources=["specialist"],
                start="starts_at",
                end="ends_at",
                condition=Q(cancelled_at=None),
                violation_error_code="specialist_taken",
                violation_error_message=_("The specialist is taken at this time."),
            ),
            NoOverlap(
                name="room_not_over_full",
                resources=["room", "room_place"],
                start="starts_at",
                end="ends_at",
                condition=Q(cancelled_at=None),
                violation_error_code="room_taken",
                violation_error_message=_("The room is taken at this time."),
            ),
            NoOverlap(
                name="teacher_in_one_place",
                resources=["teacher"],
                start="starts_at",
                end="ends_at",
                condition=Q(cancelled_at=None),
                violation_error_code="teacher_taken",
                violation_error_message=_("You already have a consultation at this time."),
            ),
        ]
        indexes = [
            models.Index(fields=["specialist", "starts_at"], name="booking_by_specialist"),
            models.Index(fields=["room", "starts_at"], name="booking_by_room"),
            models.Index(fields=["teacher", "starts_at"], name="booking_by_teacher"),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%d.%m.%Y %H:%M} {self.direction}"

    def get_absolute_url(self) -> str:
        return reverse("consultations:booking", args=[self.pk])

    @property
    def teacher_changes_until(self) -> datetime:
        """Until when (this moment itself is inside) the teacher may cancel or move it; reads `direction`.

        What has just been booked may be taken back for ten minutes even if it begins soon; never once it has begun.
        """
        cut_off = self.starts_at - timedelta(minutes=self.direction.cancel_minutes)
        return min(max(cut_off, self.booked_at + SECOND_THOUGHT), self.starts_at)

    @property
    def restored_until(self) -> datetime | None:
        """Until when (this moment itself is inside) whoever cancelled it may take that back; None if not cancelled."""
        return min(self.cancelled_at + SECOND_THOUGHT, self.starts_at) if self.cancelled_at else None

    def status(self, *, at: datetime) -> tuple[str, str]:
        """The shape and the words of its state; a past one without a mark is nobody's fault yet."""
        if self.cancelled_at:
            return "withdrawn", pgettext_lazy("consultation", "cancelled")
        if self.came is not None:
            return ("done", _("took place")) if self.came else ("withdrawn", _("did not come"))
        if self.ends_at <= at:
            return "action", _("attendance not marked")
        if self.starts_at <= at:
            return "action", _("going on now")
        return "idle", pgettext_lazy("consultation", "coming")

    @property
    def is_to_follow_up(self) -> bool:
        """Whether something is said to be left to do."""
        return bool(self.follow_up) and self.follow_up_done_at is None and self.cancelled_at is None

    @property
    def continuation_address(self) -> str:
        """Where the teacher chooses a time for what is left to do: with the same specialist, the question written."""
        page = reverse("consultations:book", args=[self.direction_id])
        return f"{page}?{urlencode({'question': self.follow_up, 'specialist': self.specialist_id})}"

    def may_be_rated(self, *, at: datetime) -> bool:
        """One that is over, and to which the teacher came for all that is known."""
        return self.cancelled_at is None and self.came is not False and self.ends_at <= at


class BookingNoteQuerySet(models.QuerySet["BookingNote"]):
    def about(self, booking: Booking) -> Self:
        return self.filter(booking=booking).select_related("author__user")


class BookingNote(models.Model):
    """A note for colleagues. A table of its own: no query for the teacher's page can ever touch it."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="notes", verbose_name=_("consultation"))
    author = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"))

    objects = BookingNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a consultation")
        verbose_name_plural = _("notes on consultations")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
