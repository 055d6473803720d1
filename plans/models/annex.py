"""Annex 1 as a whole: the plan of the working group and its stages."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.drafts import stage_number, stage_title
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def readable_with(self, abilities: Iterable[Ability]) -> Self:
        """Plans of draft orders are shown only to those who write them."""
        return self if Ability.EDIT_ORDER in abilities else self.exclude(order__state=Order.State.DRAFT)

    def in_force(self) -> Self:
        return self.filter(order__state=Order.State.IN_FORCE)

    def in_order(self) -> Self:
        """The newest school year first, each with its order."""
        return self.select_related("order").order_by("-order__first_year", "-order__signed_on", "-pk")


class PlanManager(models.Manager.from_queryset(PlanQuerySet)):
    def get_queryset(self) -> PlanQuerySet:
        """With the order, which every plan names."""
        return super().get_queryset().select_related("order")


class Plan(models.Model):
    """The plan-graph of one order. `columns` are [{"field", "header"}] as the paper prints them."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="plan", verbose_name=_("order"))
    heading = models.TextField(_("annex heading"), blank=True, help_text=_("The lines at the right top of the annex."))
    title = models.TextField(_("title"))
    columns = models.JSONField(_("columns"), default=list, blank=True, editable=False)

    objects = PlanManager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-order__first_year"]

    def __str__(self) -> str:
        return f"{' '.join(self.title.split())} ({self.order})"


class StageQuerySet(models.QuerySet["Stage"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(plan__order__school=member.school_id)

    def of(self, plan: Plan) -> Self:
        """The stages of one plan as the paper lists them."""
        return self.filter(plan=plan).order_by("position", "pk")


class StageManager(models.Manager.from_queryset(StageQuerySet)):
    def get_queryset(self) -> StageQuerySet:
        """With the order, which every stage names, but not its texts."""
        order = super().get_queryset().select_related("plan__order")
        return order.defer("plan__order__as_signed", "plan__order__body")


class Stage(models.Model):
    """A full-width row of the plan. `heading` is the whole row as printed; an empty one is a plan without stages."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="stages", verbose_name=_("plan"))
    position = models.PositiveSmallIntegerField(_("place in the plan"), default=1)
    heading = models.CharField(_("stage"), max_length=500, blank=True, help_text=_("E.g. “1. Preparatory stage”."))

    objects = StageManager()

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["plan", "position", "pk"]

    def __str__(self) -> str:
        heading = self.heading or _("(no stage)")
        return f"{heading} ({self.plan.order})"

    @property
    def number(self) -> str:
        return stage_number(self.heading)

    @property
    def title(self) -> str:
        return stage_title(self.heading)
