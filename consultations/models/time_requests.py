"""Directions «По мере необходимости»: the times that a teacher proposes, and the answer."""

from collections.abc import Collection, Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability, Role

from .bookings import Booking
from .schedule import Direction, DirectionRole


class TimeRequestQuerySet(models.QuerySet["TimeRequest"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(direction__schedule__order__school=member.school_id)

    def waiting(self) -> Self:
        return self.filter(booking=None, declined_at=None, withdrawn_at=None)

    def for_specialist(self, member: Membership, *, roles: Iterable[Role], instead_of: Iterable[int] = ()) -> Self:
        """Those that a member with `roles` may answer, for oneself or for those who are absent."""
        own = DirectionRole.objects.of_specialist(member, roles=roles, instead_of=instead_of)
        return self.filter(direction__in=own.values("direction"))

    def of_teacher(self, member: Membership) -> Self:
        return self.filter(teacher=member)

    def not_of(self, member: Membership) -> Self:
        return self.exclude(teacher=member)

    def without_booking(self) -> Self:
        """Waiting, declined or withdrawn: the agreed ones are shown as consultations."""
        return self.filter(booking=None)

    def shown_to(
        self,
        member: Membership,
        *,
        roles: Iterable[Role],
        abilities: Collection[Ability],
        instead_of: Iterable[int] = (),
    ) -> Self:
        """Whose page the member may open: the teacher, who may answer, the administration."""
        visible = self.visible_to(member)
        if Ability.EDIT_ORDER in abilities:
            return visible
        answered = DirectionRole.objects.of_specialist(member, roles=roles, instead_of=instead_of)
        return visible.filter(Q(teacher=member) | Q(direction__in=answered.values("direction")))

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
