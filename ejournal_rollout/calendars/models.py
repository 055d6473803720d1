"""Secret addresses under which calendar programs read without signing in."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership


class CalendarKeyQuerySet(models.QuerySet["CalendarKey"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own only: not even the administration reads the address of another."""
        return self.filter(member=member)


class CalendarKey(models.Model):
    """How often a person has replaced their calendar addresses; who never did has no row. See `operations`."""

    member = models.OneToOneField(
        Membership, models.CASCADE, primary_key=True, related_name="calendar_key", verbose_name=_("person")
    )
    replaced = models.PositiveIntegerField(_("times replaced"), default=0, editable=False)

    objects = CalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a calendar")
        verbose_name_plural = _("keys of calendars")

    def __str__(self) -> str:
        return str(self.member)
