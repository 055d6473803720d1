"""When people are reminded of a term (features P11, P12). Pure: days in, notices out.

The order is silent about reminders, so all of this is our decision:

- Days are calendar days: weekends, holidays and vacations count too.
- Before: on the first day of the term, and a set number of days before its last day. A term that is given in months
  ends on the last day of its last month, so the same counting serves it. On the last day itself nothing is said,
  unless the school lists 0.
- After: weekly to the executors (7, 14, 21 ... days after the last day), once to the head of the working group.
- A result that waits for review is not late: only the working group is reminded, after some days, then weekly.
- A term that had ended before the order was signed is asked about once, gently, a week after the order came into force.
- Nothing that falls before the day on which the order came into force is ever said.
- What was missed (the machine was off, the term was moved, a person was appointed later) is not caught up in full:
  only the newest notice stands, see `standing_notices`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEK_DAYS = 7


class Occasion(StrEnum):
    """Why a notice is due. Stored in keys of messages: do not rename."""

    BEGINS = "begins"
    AHEAD = "ahead"
    LATE = "late"
    ASKED = "asked"  # the term ended before the order
    HEAD = "head"  # to the head of the working group
    REVIEW = "review"  # to those who accept results


@dataclass(frozen=True)
class Rules:
    """How one school wishes to be reminded; all numbers are days.

    `days_before`: before the last day, 0 is the last day itself. `head_after_days`: after the last day (from 1).
    `review_after_days`: after the report (from 1).
    """

    days_before: tuple[int, ...] = (14, 7, 1)
    head_after_days: int = 14
    review_after_days: int = 3


@dataclass(frozen=True)
class Term:
    """An open thing that has a term: a task, a round. First and last day are inside; without `due_on` it is never late.

    `since`: the day on which it came to be known, i.e. the order came into force. `reported_on`: its result waits
    for review since that day. `is_before_order`: the term had ended by the day of signing.
    """

    starts_on: date | None
    due_on: date | None
    since: date
    reported_on: date | None = None
    is_before_order: bool = False


@dataclass(frozen=True)
class Notice:
    """`day` is the day on which it falls; `number` tells the notices of one occasion apart (days before or after)."""

    occasion: Occasion
    day: date
    number: int = 0


def standing_notices(term: Term, rules: Rules, *, on: date) -> list[Notice]:
    """What people should know by the day `on` (inside): the newest notice to the executors and the one to the head,
    or the newest to the reviewers. Of several on one day the later stage counts.

    The same notice stands until a newer one takes its place: whoever sends must remember what was sent.
    """
    if term.reported_on:
        tracks = [_to_reviewers(term.reported_on, rules, on)]
    elif term.due_on is None:
        tracks = []
    elif term.is_before_order:
        tracks = [iter([Notice(Occasion.ASKED, term.since + timedelta(WEEK_DAYS))])]
    else:
        tracks = [_to_executors(term, term.due_on, rules, on), _to_head(term, term.due_on, rules)]
    newest = (_newest(track, since=term.since, on=on) for track in tracks)
    return [notice for notice in newest if notice is not None]


def _newest(track: Iterator[Notice], *, since: date, on: date) -> Notice | None:
    fallen = [notice for notice in track if since <= notice.day <= on]
    return sorted(fallen, key=lambda notice: notice.day)[-1] if fallen else None  # stable: the later stage wins a day


def _to_executors(term: Term, due_on: date, rules: Rules, on: date) -> Iterator[Notice]:
    if term.starts_on:
        yield Notice(Occasion.BEGINS, term.starts_on)
    for days in sorted(rules.days_before, reverse=True):
        yield Notice(Occasion.AHEAD, due_on - timedelta(days), days)
    for days in range(WEEK_DAYS, (on - due_on).days + 1, WEEK_DAYS):
        yield Notice(Occasion.LATE, due_on + timedelta(days), days)


def _to_head(term: Term, due_on: date, rules: Rules) -> Iterator[Notice]:
    """Of a term that ended before its order came into force the head learns as many days after that day."""
    yield Notice(Occasion.HEAD, max(due_on, term.since) + timedelta(rules.head_after_days))


def _to_reviewers(reported_on: date, rules: Rules, on: date) -> Iterator[Notice]:
    for days in range(rules.review_after_days, (on - reported_on).days + 1, WEEK_DAYS):
        yield Notice(Occasion.REVIEW, reported_on + timedelta(days), days)
