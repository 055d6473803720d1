"""The rooms of the school in which consultations are given."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, School


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
