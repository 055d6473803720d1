"""Annex 3: the schedule of consultations, and the bookings that people make by it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import ROLE_WORDS, Membership, School
from ejournal_rollout.people.roles import Ability, Role

from .no_overlap import NoOverlap

YEARS = range(2000, 2200)  # any other is a slip of the finger


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(order__state=Order.State.IN_FORCE)


class ScheduleManager(models.Manager.from_queryset(ScheduleQuerySet)):
    def get_queryset(self) -> ScheduleQuerySet:
        """With the order, which every schedule names."""
        return super().get_queryset().select_related("order")


class Schedule(models.Model):
    """The schedule of one order. `columns` are [{"field", "header"}] as the paper prints them."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="schedule", verbose_name=_("order"))
    heading = models.TextField(_("annex heading"), blank=True, help_text=_("The lines at the right top of the annex."))
    title = models.TextField(_("title"))
    columns = models.JSONField(_("columns"), default=list, blank=True, editable=False)

    objects = ScheduleManager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["-order__first_year"]

    def __str__(self) -> str:
        return f"{' '.join(self.title.split())} ({self.order})"

    @property
    def columns_to_show(self) -> list[dict[str, str]]:
        """The printed columns; of a schedule made by hand, the four of the annex.

        Two columns of one field (day and time, name and post) were read as one: the first of them stands for both.
        A column of directions is shown even where the paper prints none: the page is chosen from by it.
        """
        columns: list[dict[str, str]] = []
        for column in self.columns:
            if column["field"] == "other" or all(column["field"] != one["field"] for one in columns):
                columns.append(column)
        if columns and all(column["field"] != "direction" for column in columns):
            columns.insert(0, {"field": "direction", "header": _("Direction")})
        return columns or [
            {"field": "direction", "header": _("Direction")},
            {"field": "specialists", "header": _("Specialist")},
            {"field": "room", "header": _("Room")},
            {"field": "hours", "header": _("Hours of consultations")},
        ]


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)


class Room(models.Model):
    """A room of the school and how many consultations it holds at once; 1 makes it exclusive."""

    school = models.ForeignKey(School, models.CASCADE, related_name="rooms", verbose_name=_("school"), editable=False)
    name = models.CharField(_("number or name"), max_length=60)
    places = models.PositiveSmallIntegerField(
        _("consultations at once"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"],
                name="room_once_per_school",
                violation_error_message=_("The school already has a room of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DirectionQuerySet(models.QuerySet["Direction"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(schedule__order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(schedule__order__state=Order.State.IN_FORCE)


class Direction(models.Model):
    """A row of Annex 3: what help, from whom, in which room, when. The printed words stay beside what was read.

    `is_on_demand`: the hours are «По мере необходимости»; the teacher proposes times, the specialist accepts one.
    """

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="directions", verbose_name=_("schedule"))
    position = models.PositiveSmallIntegerField(_("place in the schedule"), default=1)
    name = models.CharField(_("direction"), max_length=300)
    specialists_printed = models.TextField(_("specialists"), blank=True, help_text=_("The words of the order."))
    room_printed = models.CharField(_("room in the order"), max_length=100, blank=True)
    hours_printed = models.TextField(_("hours"), blank=True, help_text=_("The words of the order."))
    other_columns = models.JSONField(default=list, blank=True, editable=False)
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="directions", verbose_name=_("room")
    )
    is_on_demand = models.BooleanField(_("as needed, by proposed times"), default=False)
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of a consultation, minutes"), default=20, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    gap_minutes = models.PositiveSmallIntegerField(
        _("gap between consultations, minutes"), default=0, validators=[MaxValueValidator(120)]
    )
    notice_minutes = models.PositiveIntegerField(
        _("book not later than, minutes before"), default=60, validators=[MaxValueValidator(14 * 24 * 60)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("book not earlier than, days ahead"), default=30, validators=[MaxValueValidator(366)]
    )

    objects = DirectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("direction")
        verbose_name_plural = _("directions")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    def cell(self, column: dict[str, str]) -> str:
        """What stands in a column of the annex for this row; reads `room`."""
        match column["field"]:
            case "number":
                return f"{self.position}."
            case "direction":
                return self.name
            case "specialists":
                return self.specialists_printed
            case "room":
                return self.room_printed or (self.room.name if self.room else "")
            case "hours":
                return self.hours_printed
        return dict(self.other_columns).get(column["header"], "")

    @property
    def roles(self) -> list[Role]:
        """The roles that give this help; reads `direction_roles`, so prefetch them."""
        return [Role(one.role) for one in self.direction_roles.all() if one.role]

    @property
    def named(self) -> set[int]:
        """The members of staff whom the order names for this help; reads `direction_roles`, so prefetch them."""
        return {one.person_id for one in self.direction_roles.all() if one.person_id}


class DirectionRoleQuerySet(models.QuerySet["DirectionRole"]):
    def in_force(self) -> Self:
        return self.filter(direction__schedule__order__state=Order.State.IN_FORCE)

    def of_specialist(self, member: Membership, *, roles: Iterable[Role]) -> Self:
        """Those that mean a member of the staff: by one of `roles`, or by name."""
        return self.filter(Q(role__in=list(roles)) | Q(person=member))

    def unsettled(self) -> Self:
        """Those of which only the printed words are known: nobody gives help by them."""
        return self.filter(role="", person=None)


class DirectionRole(models.Model):
    """One of the specialists of a direction as the order words it: the holders of a role, or the person it names.

    Both are empty where the words mean neither, or a person who is not found on the staff: a person settles that.
    """

    direction = models.ForeignKey(
        Direction, models.CASCADE, related_name="direction_roles", verbose_name=_("direction")
    )
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    words = models.CharField(_("words of the order"), max_length=300)
    role = models.CharField(
        _("role"), max_length=30, blank=True, choices=[(role.value, words) for role, words in ROLE_WORDS.items()]
    )
    person = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="named_in",
        verbose_name=_("member of staff"),
        help_text=_("The person whom the order names. Without a role, only this person gives the help."),
    )

    objects = DirectionRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialist of the direction")
        verbose_name_plural = _("specialists of the direction")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words


class Hours(models.Model):
    """An interval of consultation hours of a direction, in the school's own time.

    `weekday` 0 stands for «ежедневно»: every working day of the school. `weeks` narrows to weeks of the month:
    "2,4" is the second and fourth such weekday, "-1" the last.
    """

    class Weekday(models.IntegerChoices):
        WORKING_DAYS = 0, _("every working day")
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    direction = models.ForeignKey(Direction, models.CASCADE, related_name="hours", verbose_name=_("direction"))
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices, default=Weekday.WORKING_DAYS)
    starts = models.TimeField(pgettext_lazy("hours", "from"))
    ends = models.TimeField(pgettext_lazy("hours", "to"))
    weeks = models.CharField(
        _("weeks of the month"),
        max_length=20,
        blank=True,
        help_text=_("Empty: every week. E.g. 2,4 or -1 for the last."),
    )

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="hours_end_after_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The hours must end after they begin."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        if not set(self.weeks.replace(" ", "").split(",")) <= {"", "1", "2", "3", "4", "5", "-1"}:
            raise ValidationError({"weeks": _("Write numbers from 1 to 5 with commas, or -1 for the last week.")})


class ClosureQuerySet(models.QuerySet["Closure"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)

    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_on__lte=last, last_on__gte=first)


class Closure(models.Model):
    """Days without consultations (both ends inside) and why: the reason is shown to teachers.

    Of the whole school, or of one room or one specialist.
    """

    school = models.ForeignKey(
        School, models.CASCADE, related_name="closures", verbose_name=_("school"), editable=False
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, verbose_name=_("only this room"))
    specialist = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only this specialist")
    )

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="closure_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_on:%d.%m.%Y}–{self.last_on:%d.%m.%Y}: {self.reason}"

    def clean(self) -> None:
        slips = [name for name in ("first_on", "last_on") if (day := getattr(self, name)) and day.year not in YEARS]
        if slips:
            raise ValidationError({name: ValidationError(_("Check the year."), code="year") for name in slips})


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

    def of_order(self, order: Order) -> Self:
        return self.filter(direction__schedule__order=order)

    def counted_by_month(self, *, before: datetime, zone: tzinfo) -> Self:
        """How many began before a moment, by direction and month of the school: rows of numbers, nobody's words."""
        begun = self.live().filter(starts_at__lt=before)
        counted = begun.values(
            "direction",
            direction_name=F("direction__name"),
            is_on_demand=F("direction__is_on_demand"),
            month=TruncMonth("starts_at", tzinfo=zone, output_field=models.DateField()),
        ).annotate(total=Count("pk"), held=Count("pk", filter=Q(came=True)), missed=Count("pk", filter=Q(came=False)))
        return counted.order_by("direction__position", "direction_id", "month")

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

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that touch [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def inside(self, closure: Closure) -> Self:
        """Those on the days of a closure, of its room or its specialist if it names one."""
        zone = closure.school.zone
        start = datetime.combine(closure.first_on, time(0), tzinfo=zone)
        end = datetime.combine(closure.last_on + timedelta(days=1), time(0), tzinfo=zone)
        found = self.filter(direction__schedule__order__school=closure.school_id).between(start, end)
        if closure.room_id:
            found = found.filter(room=closure.room_id)
        if closure.specialist_id:
            found = found.filter(specialist=closure.specialist_id)
        return found

    def unmarked(self, *, at: datetime) -> Self:
        """Past ones of which nobody has said whether the teacher came."""
        return self.live().filter(ends_at__lte=at, came=None)

    def with_people(self) -> Self:
        return self.select_related("direction__schedule__order", "room", "teacher__user", "specialist__user")


class Booking(models.Model):
    """A consultation agreed on: [starts_at, ends_at) with a specialist in a room for a teacher.

    It stores its own times, room and specialist: a change of the schedule moves nobody silently. `room_place` is the
    place taken in a room that holds several consultations at once.
    """

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
    question = models.TextField(_("question"))
    booked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("booked by"))
    booked_at = models.DateTimeField(_("booked"), auto_now_add=True)
    cancelled_at = models.DateTimeField(pgettext_lazy("consultation", "cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cancelled by")
    )
    cancelled_because = models.CharField(_("reason"), max_length=300, blank=True)
    came = models.BooleanField(_("came"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)

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


class TimeRequestQuerySet(models.QuerySet["TimeRequest"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(direction__schedule__order__school=member.school_id)

    def waiting(self) -> Self:
        return self.filter(booking=None, declined_at=None, withdrawn_at=None)

    def for_specialist(self, member: Membership, *, roles: Iterable[Role]) -> Self:
        """Those that a member with `roles` may answer."""
        return self.filter(direction__in=DirectionRole.objects.of_specialist(member, roles=roles).values("direction"))

    def of_teacher(self, member: Membership) -> Self:
        return self.filter(teacher=member)

    def not_of(self, member: Membership) -> Self:
        return self.exclude(teacher=member)

    def without_booking(self) -> Self:
        """Waiting, declined or withdrawn: the agreed ones are shown as consultations."""
        return self.filter(booking=None)

    def shown_to(self, member: Membership, *, roles: Iterable[Role], abilities: Collection[Ability]) -> Self:
        """Whose page the member may open: the teacher, who may answer, the administration."""
        visible = self.visible_to(member)
        if Ability.EDIT_ORDER in abilities:
            return visible
        answered = DirectionRole.objects.of_specialist(member, roles=roles).values("direction")
        return visible.filter(Q(teacher=member) | Q(direction__in=answered))

    def with_times(self) -> Self:
        return self.select_related("direction__schedule__order", "teacher__user", "declined_by__user").prefetch_related(
            "times"
        )


class TimeRequest(models.Model):
    """A direction «По мере необходимости»: the teacher proposes up to three times, a specialist accepts one."""

    direction = models.ForeignKey(Direction, models.PROTECT, related_name="time_requests", verbose_name=_("direction"))
    teacher = models.ForeignKey(Membership, models.PROTECT, related_name="time_requests", verbose_name=_("teacher"))
    question = models.TextField(_("question"))
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="time_request", verbose_name=_("consultation")
    )
    declined_at = models.DateTimeField(pgettext_lazy("request for a time", "declined"), null=True, blank=True)
    declined_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("declined by")
    )
    answer = models.TextField(_("answer"), blank=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("request for a time", "withdrawn"), null=True, blank=True)

    objects = TimeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a time")
        verbose_name_plural = _("requests for a time")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.direction}: {self.teacher}"

    def get_absolute_url(self) -> str:
        return reverse("consultations:time-request", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.booking_id is None and self.declined_at is None and self.withdrawn_at is None

    @property
    def status(self) -> tuple[str, str]:
        """The shape and the words of its state, as the teacher who asked reads it."""
        if self.booking_id:
            return "done", _("time agreed")
        if self.declined_at:
            return "action", _("another time is needed")
        if self.withdrawn_at:
            return "withdrawn", pgettext_lazy("request for a time", "withdrawn")
        return "paused", _("waits for an answer")


class ProposedTime(models.Model):
    """One of the times that the teacher proposes; its length is the direction's."""

    time_request = models.ForeignKey(TimeRequest, models.CASCADE, related_name="times", verbose_name=_("request"))
    starts_at = models.DateTimeField(_("begins"))

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["time_request", "starts_at"], name="time_proposed_once")]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%d.%m.%Y %H:%M}"
