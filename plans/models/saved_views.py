"""A chosen list of tasks under a name: the filters of the plan page, kept by one person."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, member: Membership) -> Self:
        """One's own, and what colleagues of the school have shared; one's own first."""
        own = Q(member=member)
        shared = Q(member__school=member.school_id, is_shared=True)
        return self.filter(own | shared).annotate(is_own=own).order_by("-is_own", "name", "pk")

    def owned_by(self, member: Membership) -> Self:
        return self.filter(member=member)


class SavedView(models.Model):
    """`query` is the canonical query string of the filters (`plans.selection`): it holds in every school year."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="plan_views", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=500, editable=False)
    is_shared = models.BooleanField(_("shown to all staff of the school"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "name"],
                name="plan_view_named_once",
                violation_error_code="name_taken",
                violation_error_message=_("You have a list of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
