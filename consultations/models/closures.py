"""The days on which no consultations are given."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, School

from .rooms import Room

YEARS = range(2000, 2200)  # any other is a slip of the finger


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
