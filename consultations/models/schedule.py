"""Annex 3 as the order prints it: the schedule, its directions, who gives the help and in which hours."""

from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import ROLE_WORDS, Membership
from ejournal_rollout.people.roles import Role

from .rooms import Room


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


class DirectionQuerySet(models.QuerySet["Direction"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(schedule__order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(schedule__order__state=Order.State.IN_FORCE)

    def names(self) -> models.QuerySet:
        """Those of the newest order first; a direction that stands in several orders comes several times."""
        return self.order_by("-schedule__order__first_year", "position", "pk").values_list("name", flat=True)


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
    cancel_minutes = models.PositiveIntegerField(
        _("teachers cancel and move not later than, minutes before"),
        default=60,
        validators=[MaxValueValidator(14 * 24 * 60)],
    )
    open_limit = models.PositiveSmallIntegerField(
        _("consultations ahead of one teacher, at most"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
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


class Topic(models.Model):
    """What people come with in a direction: chosen from a list at booking, counted in the reports (our decision)."""

    direction = models.ForeignKey(Direction, models.CASCADE, related_name="topics", verbose_name=_("direction"))
    position = models.PositiveSmallIntegerField(_("place"), default=1)
    name = models.CharField(_("topic"), max_length=150)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["direction", "name"],
                name="topic_once_per_direction",
                violation_error_message=_("The direction already has this topic."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DirectionRoleQuerySet(models.QuerySet["DirectionRole"]):
    def of_school(self, school_id: int) -> Self:
        return self.filter(direction__schedule__order__school=school_id)

    def in_force(self) -> Self:
        return self.filter(direction__schedule__order__state=Order.State.IN_FORCE)

    def of_specialist(self, member: Membership, *, roles: Iterable[Role], instead_of: Iterable[int] = ()) -> Self:
        """Those that mean a member of the staff: by one of `roles`, by name, or by the name of one who is absent."""
        return self.filter(Q(role__in=list(roles)) | Q(person__in=[member.pk, *instead_of]))

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
