"""What is due by the clock: the morning of each school, consultations and seminars that come near, tasks that fell,
files that nobody has sent or loaded, places at seminars that nobody has confirmed."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consultations.operations import forget_screenshots, pass_on_offers
from consultations.reminding import remind_of_consultations, remind_of_seminars, schools_to_remind
from ejournal_rollout.documents.staff.importing import forget_lists
from ejournal_rollout.notifications.operations import rescue, write_digests
from ejournal_rollout.people.models import School
from plans.models import ReminderRules
from plans.reminding import begin_day, is_due, remind
from plans.round_reminders import remind_of_rounds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What one stroke of the clock did; `failed` are schools whose reminders will be tried again."""

    rescued: int = 0
    reminders: int = 0
    digests: int = 0
    failed: int = 0
    forgotten: int = 0
    passed_on: int = 0


def strike(*, at: datetime) -> Done:
    """Do what is due at this moment. Safe to run at any time, twice and at the same time too.

    Each school has its own morning: once a day, not before its hour, in its time zone. One query for all schools that
    have nothing to do yet or any more, one for all that have no consultation or seminar near. The failure of one school
    is logged and does not stop the others.
    """
    acts = [
        (school, _morning) for school in School.objects.select_related("reminder_rules") if _has_morning(school, at)
    ]
    acts += [(school, _consultations) for school in schools_to_remind(at=at)]
    reminders = digests = 0
    failed = set()
    for school, act in acts:
        try:
            told, letters = act(school, at=at)
        except Exception:  # whatever is wrong in one school, the others are reminded
            log.exception("Reminding school %s failed; it will be tried again.", school.pk)
            failed.add(school)
        else:
            reminders, digests = reminders + told, digests + letters
    forgotten = forget_lists(at=at)
    forget_screenshots(at=at)
    return Done(rescue(at=at), reminders, digests, len(failed), forgotten, pass_on_offers(at=at))


def _has_morning(school: School, at: datetime) -> bool:
    return is_due(getattr(school, "reminder_rules", None) or ReminderRules(school=school), at=at)


def _consultations(school: School, *, at: datetime) -> tuple[int, int]:
    return remind_of_consultations(school, at=at) + remind_of_seminars(school, at=at), 0


@transaction.atomic
def _morning(school: School, *, at: datetime) -> tuple[int, int]:
    """Reminders first, so that the letter of the day holds them; all or nothing."""
    today = timezone.localdate(at, school.zone)
    if not begin_day(school, on=today):
        return 0, 0
    told = remind(school, on=today) + remind_of_rounds(school, on=today)
    return told, write_digests(school, on=today)
