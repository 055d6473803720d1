"""How one school wishes to be reminded; without a row the usual rules hold."""

import re
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, School

from ..reminders import Rules

FARTHEST_DAYS_BEFORE = 60
MOST_DAYS_BEFORE = 6  # our decision: more is noise
USUAL = Rules()
_NUMBERS = re.compile(r"\d{1,3}")


def read_days_before(words: str) -> tuple[int, ...]:
    """«14, 7, 1» as numbers, the largest first, each once; "" is none.

    ValidationError "not_numbers", "too_far" (more than 60 days), "too_many" (more than six).
    """
    parts = re.split(r"[\s,;]+", words.strip(" \t\r\n,;"))
    if parts == [""]:
        return ()
    if not all(_NUMBERS.fullmatch(part) for part in parts):
        raise ValidationError(_("Write numbers of days with commas between them, e.g. 14, 7, 1."), code="not_numbers")
    days = sorted({int(part) for part in parts}, reverse=True)
    if days[0] > FARTHEST_DAYS_BEFORE:
        raise ValidationError(
            _("A reminder comes at most %(days)d days before the last day."),
            code="too_far",
            params={"days": FARTHEST_DAYS_BEFORE},
        )
    if len(days) > MOST_DAYS_BEFORE:
        raise ValidationError(
            _("At most %(count)d reminders come before the last day: leave the most useful ones."),
            code="too_many",
            params={"count": MOST_DAYS_BEFORE},
        )
    return tuple(days)


def days_as_words(days: tuple[int, ...]) -> str:
    return ", ".join(map(str, days))


class ReminderRulesQuerySet(models.QuerySet["ReminderRules"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)


class ReminderRules(models.Model):
    """`days_before` are the words of the list («14, 7, 1»); `hour` is the school's own morning: nothing goes out
    before it. `done_on` is the last day whose reminders were made: see `plans.reminding.begin_day`."""

    school = models.OneToOneField(
        School, models.CASCADE, related_name="reminder_rules", verbose_name=_("school"), editable=False
    )
    days_before = models.CharField(
        _("Days before the last day"),
        max_length=60,
        blank=True,
        default=days_as_words(USUAL.days_before),
        validators=[read_days_before],
        help_text=_("With commas. 0 is the last day itself; leave it empty and nobody is reminded before it."),
    )
    head_after_days = models.PositiveSmallIntegerField(
        _("Days after the last day until the head of the working group is told"),
        default=USUAL.head_after_days,
        validators=[
            MinValueValidator(1, _("At least one day: on the last day itself a task is in time.")),
            MaxValueValidator(180, _("At most half a year (180 days).")),
        ],
    )
    review_after_days = models.PositiveSmallIntegerField(
        _("Days until a result that waits for review is spoken of again"),
        default=USUAL.review_after_days,
        validators=[
            MinValueValidator(1, _("At least one day: of the report itself the working group is told at once.")),
            MaxValueValidator(60, _("At most 60 days.")),
        ],
        help_text=_("Then every seven days."),
    )
    hour = models.PositiveSmallIntegerField(
        _("Not before this hour of the morning"),
        default=7,
        validators=[
            MinValueValidator(0, _("Write an hour from 0 to 20.")),
            MaxValueValidator(20, _("Write an hour from 0 to 20.")),
        ],
        help_text=_("By the clock of the school."),
    )
    done_on = models.DateField(null=True, blank=True, editable=False)

    objects = ReminderRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminders of a school")
        verbose_name_plural = _("reminders of schools")

    def __str__(self) -> str:
        return str(_("Reminders"))

    @property
    def rules(self) -> Rules:
        return Rules(read_days_before(self.days_before), self.head_after_days, self.review_after_days)
