"""Annex 2 as it stands on paper: the regulation and its clauses."""

from itertools import groupby
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.orders.drafts import plain_number
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership

BULLETS = "•·"  # the marks that reading leaves before the lines of a list


class RegulationQuerySet(models.QuerySet["Regulation"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def in_force(self) -> Self:
        return self.filter(order__state=Order.State.IN_FORCE)

    def with_clauses(self) -> Self:
        return self.select_related("order").prefetch_related("clauses")


class Regulation(models.Model):
    """The regulation of one order."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="regulation", verbose_name=_("order"))
    heading = models.TextField(_("annex heading"), blank=True, help_text=_("The lines at the right top of the annex."))
    title = models.TextField(_("title"))

    objects = RegulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("regulation")
        verbose_name_plural = _("regulations")
        ordering = ["-order__first_year"]

    def __str__(self) -> str:
        return f"{' '.join(self.title.split())} ({self.order})"


class Clause(models.Model):
    """A numbered clause with all its lines; a line that begins with «• » is a bullet."""

    regulation = models.ForeignKey(Regulation, models.CASCADE, related_name="clauses", verbose_name=_("regulation"))
    position = models.PositiveSmallIntegerField(_("place in the regulation"), default=1)
    printed_number = models.CharField(_("number"), max_length=20, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.printed_number} {' '.join(self.text.split())}".strip()[:120]

    @property
    def number(self) -> str:
        return plain_number(self.printed_number)

    @property
    def anchor(self) -> str:
        """«clause-5», «clause-2-1»: the address of the clause on the page of the regulation."""
        return f"clause-{self.number.replace('.', '-') or self.position}"

    @property
    def blocks(self) -> list[tuple[bool, list[str]]]:
        """The lines as (is it a list, its lines): neighbouring bullets make one list, their mark is left out."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return [
            (is_list, [line.lstrip(BULLETS).strip() if is_list else line for line in group])
            for is_list, group in groupby(lines, key=lambda line: line[0] in BULLETS)
        ]
