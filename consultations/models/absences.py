"""When a specialist is absent, and who stands in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership

from .calendar_changes import YEARS


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(specialist__school=member.school_id)

    def of_school(self, school_id: int) -> Self:
        return self.filter(specialist__school=school_id)

    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_on__lte=last, last_on__gte=first)

    def with_people(self) -> Self:
        return self.select_related("specialist__user", "specialist__school", "deputy__user")


class Absence(models.Model):
    """A specialist is absent from the first to the last day, both inside; `deputy` gives the consultations instead.

    The reason is for the administration: teachers read «отсутствует» and nothing more. When the deputy is absent too,
    the deputy of the deputy stands in.
    """

    specialist = models.ForeignKey(Membership, models.CASCADE, related_name="absences", verbose_name=_("who is absent"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("Only the administration reads it."))
    deputy = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in",
        verbose_name=_("who stands in"),
        help_text=_("Gives the consultations of the absent one. Empty: nobody does."),
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="absence_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(deputy=None) | ~Q(deputy=F("specialist")),
                name="nobody_stands_in_for_oneself",
                violation_error_code="own_deputy",
                violation_error_message=_("A person cannot stand in for themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialist}: {self.said_days}"

    def get_absolute_url(self) -> str:
        return reverse("consultations:absence", args=[self.pk])

    @property
    def said_days(self) -> str:
        """«28.11.2026» or «01.11.2026–08.11.2026»"""
        return "–".join(f"{day:%d.%m.%Y}" for day in dict.fromkeys((self.first_on, self.last_on)))

    @property
    def said_in_full(self) -> str:
        """«23.11.2026–27.11.2026 — Петров П. П.: отсутствует, замещает Иванова А. П.»; without the reason."""
        words = gettext("{person} is absent, {deputy} stands in") if self.deputy else gettext("{person} is absent")
        said = words.format(person=self.specialist.name, deputy=self.deputy and self.deputy.name)
        return f"{self.said_days} — {said}"

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def clean(self) -> None:
        """Two administrators at the same moment could make a circle: `stand_in` then finds nobody."""
        slips = [name for name in ("first_on", "last_on") if (day := getattr(self, name)) and day.year not in YEARS]
        if slips:
            raise ValidationError({name: ValidationError(_("Check the year."), code="year") for name in slips})
        if not (self.specialist_id and self.first_on and self.last_on):
            return
        school = self.specialist.school_id
        if self.deputy_id and self.deputy.school_id != school:
            raise ValidationError({"deputy": _("The deputy must work in the same school.")})
        others = Absence.objects.of_school(school).touching(self.first_on, self.last_on).exclude(pk=self.pk)
        absences = by_person(others.with_people())
        if same := absences.get(self.specialist_id):
            raise ValidationError(
                _("%(person)s is already absent: %(days)s. Change that absence."),
                code="absent_already",
                params={"person": self.specialist, "days": same[0].said_days},
            )
        if self.deputy_id and self._leads_back(self.deputy_id, self.first_on, self.last_on, absences):
            raise ValidationError(
                {
                    "deputy": ValidationError(
                        _("%(person)s is absent in these days too, and the one who stands in there is %(specialist)s."),
                        code="circle",
                        params={"person": self.deputy, "specialist": self.specialist},
                    )
                }
            )

    def _leads_back(self, person: int, first: date, last: date, absences: Mapping[int, list["Absence"]]) -> bool:
        """Whether on one of the days `person` would be replaced, at last, by the absent one."""
        for one in absences.get(person, ()):
            start, end = max(first, one.first_on), min(last, one.last_on)
            if start > end or not one.deputy_id:
                continue
            if one.deputy_id == self.specialist_id or self._leads_back(one.deputy_id, start, end, absences):
                return True
        return False


def by_person(absences: Iterable[Absence]) -> dict[int, list[Absence]]:
    """Absences by the number of the one who is absent."""
    found: dict[int, list[Absence]] = {}
    for one in absences:
        found.setdefault(one.specialist_id, []).append(one)
    return found


def stand_in(person: int, day: date, absences: Mapping[int, Iterable[Absence]]) -> int | None:
    """Who is there instead of `person` that day: the person, if not absent; else the last deputy of the chain."""
    seen: set[int] = set()
    while absence := next((one for one in absences.get(person, ()) if one.covers(day)), None):
        seen.add(person)
        if absence.deputy_id is None or absence.deputy_id in seen:
            return None
        person = absence.deputy_id
    return person
