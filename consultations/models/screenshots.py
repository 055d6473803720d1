"""A picture of the screen, or a page in PDF, shown to the specialist with the question."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.files.private import FileLimits, RandomName, forget_with_row
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .bookings import Booking

SCREENSHOT_LIMITS = FileLimits(("png", "jpg", "jpeg", "webp", "pdf"), megabytes=5)


class ScreenshotQuerySet(models.QuerySet["Screenshot"]):
    def shown_to(self, member: Membership, *, abilities: Collection[Ability]) -> Self:
        """Of a consultation: to the two and to the administration of the school. Not yet sent: to its owner."""
        of_bookings = Booking.objects.shown_to(member, abilities=abilities)
        return self.filter(Q(booking__in=of_bookings) | Q(booking=None, added_by=member))

    def unsent(self, member: Membership) -> Self:
        """Kept for a member while the form about it is not sent yet."""
        return self.filter(booking=None, added_by=member)

    def abandoned(self, *, since: datetime) -> Self:
        """Never sent with a question, added before a moment."""
        return self.filter(booking=None, added_at__lt=since)


class Screenshot(models.Model):
    """A file beside the question of a consultation. It is kept as soon as it is uploaded.

    Without a `booking` it waits for the form that came back (a browser does not send a file twice by itself).
    """

    booking = models.OneToOneField(
        Booking, models.CASCADE, null=True, blank=True, related_name="screenshot", verbose_name=_("consultation")
    )
    file = models.FileField(_("file"), upload_to=RandomName("screenshots"), validators=[SCREENSHOT_LIMITS])
    name = models.CharField(_("name"), max_length=200)
    added_by = models.ForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    objects = ScreenshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("screenshot")
        verbose_name_plural = _("screenshots")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name


forget_with_row(Screenshot)
