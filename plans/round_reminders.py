"""When people are reminded of a round, and in which words (features P11, P12; days are our decision).

Who checks is reminded 7 days and 1 day before. When the day has passed without a result, who checks and the working
group are told once. What was missed (the machine was off, a person was appointed later) is not caught up: only the
newest notice stands, the one about a missed round for two weeks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import message, write
from ejournal_rollout.people.models import Membership, School

from .models import Round
from .operations import named
from .reminding import Staff

DAYS_BEFORE = (7, 1)
MISSED_STANDS_DAYS = 14


@dataclass(frozen=True)
class RoundNotice:
    """`days` before the planned day (7 or 1); 0 is the notice that the round was missed. `day`: when it fell due."""

    day: date
    days: int

    @property
    def is_missed(self) -> bool:
        return self.days == 0


def standing_notice(planned_on: date, *, since: date, on: date) -> RoundNotice | None:
    """The newest notice that has fallen due by `on` and still stands; pure.

    Nothing is said that fell due before `since`, the day on which the round was written down (that day itself counts:
    who plans for tomorrow wants it remembered), nor of a round missed more than two weeks ago.
    """
    if on > planned_on + timedelta(days=MISSED_STANDS_DAYS):
        return None
    ahead = [RoundNotice(planned_on - timedelta(days=days), days) for days in DAYS_BEFORE]
    fallen = [one for one in [*ahead, RoundNotice(planned_on + timedelta(days=1), 0)] if since <= one.day <= on]
    return fallen[-1] if fallen else None


@transaction.atomic
def remind_of_rounds(school: School, *, on: date) -> int:
    """Tell a school of its coming and missed rounds; returns how many messages are new.

    Only of the order in force. Twice on a day tells nothing twice; a round moved to another day is told anew.
    """
    standing = list(_standing(school, on))
    return write(_messages(standing, Staff(school, on=on), on)) if standing else 0


def reminder_words(checked: Round, notice: RoundNotice, *, on: date) -> str:
    """The sentence as it is true on the day `on`, which may be later than the day of the notice."""
    left = (checked.planned_on - on).days
    said = {
        "checked": checked.checked,
        "task": named(checked.task),
        "day": f"{checked.planned_on:%d.%m.%Y}",
        "count": left,
    }
    if notice.is_missed:
        words = _(
            "Check “%(checked)s” (task %(task)s) was planned for %(day)s and has no result. "
            "Write the result or choose another day."
        )
    elif left == 0:
        words = _("Today, %(day)s: check “%(checked)s” (task %(task)s).")
    elif left == 1:
        words = _("Tomorrow, %(day)s: check “%(checked)s” (task %(task)s).")
    else:
        words = ngettext(
            "In %(count)d day, on %(day)s: check “%(checked)s” (task %(task)s).",
            "In %(count)d days, on %(day)s: check “%(checked)s” (task %(task)s).",
            left,
        )
    return words % said


def _standing(school: School, on: date) -> Iterator[tuple[Round, RoundNotice]]:
    first, last = on - timedelta(days=MISSED_STANDS_DAYS), on + timedelta(days=max(DAYS_BEFORE))
    rounds = Round.objects.filter(task__stage__plan__order__school=school).in_force().planned().between(first, last)
    for checked in rounds.with_task().prefetch_related("task__executors").in_order():
        since = localdate(checked.planned_at, school.zone)
        if notice := standing_notice(checked.planned_on, since=since, on=on):
            yield checked, notice


def _messages(standing: Iterable[tuple[Round, RoundNotice]], staff: Staff, on: date) -> Iterator[Message]:
    for checked, notice in standing:
        for person in _recipients(checked, notice, staff):
            yield message(
                person,
                key=f"plans.round_reminder:{checked.pk}:{checked.planned_on}:{notice.days}",
                words=reminder_words(checked, notice, on=on),
                address=checked.get_absolute_url(),
                topic=Topic.LATE if notice.is_missed else Topic.AHEAD,
                about=checked.task,  # so that it stands among all that was told of the task
            )


def _recipients(checked: Round, notice: RoundNotice, staff: Staff) -> list[Membership]:
    """Who checks; of a missed round, and where nobody holds the role that checks, the working group too."""
    people = [one for one in staff.members if checked.is_checked_by(one, roles=staff.roles[one.pk])]
    others = [one for one in staff.reviewers(None) if one not in people]
    return people + others if notice.is_missed or not people else people
