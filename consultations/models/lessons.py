"""The lessons that specialists give themselves: in these hours they give no consultations."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability

from .calendar_changes import YEARS
from .schedule import Hours


class BellQuerySet(models.QuerySet["Bell"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)


class Bell(models.Model):
    """When the lesson of a number is: whoever writes a lesson may choose the number instead of the time."""

    school = models.ForeignKey(School, models.CASCADE, related_name="bells", verbose_name=_("school"), editable=False)
    number = models.PositiveSmallIntegerField(_("number of the lesson"))
    starts = models.TimeField(pgettext_lazy("hours", "from"))
    ends = models.TimeField(pgettext_lazy("hours", "to"))

    objects = BellQuerySet.as_manager()

    class Meta:
        verbose_name = _("bell")
        verbose_name_plural = _("bells")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="bell_ends_after_start",
                violation_error_code="lesson_ends_before_start",
                violation_error_message=_("The lesson must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return gettext("lesson {number}, {starts}–{ends}").format(
            number=self.number, starts=f"{self.starts:%H:%M}", ends=f"{self.ends:%H:%M}"
        )


class LessonQuerySet(models.QuerySet["Lesson"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(specialist__school=member.school_id)

    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_on__lte=last, last_on__gte=first)

    def of_specialist(self, member: Membership) -> Self:
        return self.filter(specialist=member)

    def editable_by(self, member: Membership, *, abilities: Collection[Ability]) -> Self:
        """One's own; for the administration those of the whole school."""
        visible = self.visible_to(member)
        return visible if Ability.EDIT_ORDER in abilities else visible.filter(specialist=member)

    def from_file(self) -> Self:
        return self.filter(is_from_file=True)


class Lesson(models.Model):
    """A lesson of a specialist on a weekday, from a first to a last day, both inside; hours are the school's own.

    A lesson every second week is given in the week of `first_on`. No lessons are given on days off and in school
    holidays. `is_from_file`: read from a timetable file, which the next file replaces.
    """

    class Weeks(models.IntegerChoices):
        EVERY = 1, _("every week")
        SECOND = 2, _("every second week, beginning with the first day")

    specialist = models.ForeignKey(Membership, models.CASCADE, related_name="lessons", verbose_name=_("specialist"))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=[choice for choice in Hours.Weekday.choices if choice[0]]
    )
    starts = models.TimeField(pgettext_lazy("hours", "from"))
    ends = models.TimeField(pgettext_lazy("hours", "to"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    every_weeks = models.PositiveSmallIntegerField(_("how often"), choices=Weeks.choices, default=Weeks.EVERY)
    words = models.CharField(_("class and subject"), max_length=100, blank=True)
    is_from_file = models.BooleanField(_("from a timetable file"), default=False, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a specialist", "lesson")
        verbose_name_plural = pgettext_lazy("of specialists", "lessons")
        ordering = ["weekday", "starts", "first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="lesson_ends_after_start",
                violation_error_code="lesson_ends_before_start",
                violation_error_message=_("The lesson must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="lesson_days_in_order",
                violation_error_code="ends_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]
        indexes = [models.Index(fields=["specialist", "last_on"], name="lesson_by_specialist")]

    def __str__(self) -> str:
        said = f"{self.get_weekday_display()} {self.said_hours}"
        return f"{said}, {self.words}" if self.words else said

    @property
    def said_hours(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        slips = [name for name in ("first_on", "last_on") if (day := getattr(self, name)) and day.year not in YEARS]
        if slips:
            raise ValidationError({name: ValidationError(_("Check the year."), code="year") for name in slips})

    def is_given_on(self, day: date, weekday: int) -> bool:
        """Whether it is given on `day`, which goes by the timetable of `weekday`."""
        if weekday != self.weekday or not self.first_on <= day <= self.last_on:
            return False
        return (_monday(day) - _monday(self.first_on)).days // 7 % self.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
