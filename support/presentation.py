"""How a request is shown: its status, its age, its thread, the times at which to talk it over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consultations.availability import Availability
from consultations.free_times import FreeTime
from consultations.models import Direction
from ejournal_rollout.people.models import Membership

from .models import HelpRequest, InternalNote, Reply

TIMES_OFFERED = 12
DAYS_LOOKED_AT = 7

OF_OWN_ONLY = ("mine", "waiting", "with-vendor", "solved", "closed", "all")
OF_SPECIALISTS = ("mine", "nobodys", "in-work", "waiting", "with-vendor", "solved", "closed", "all")


class Status(NamedTuple):
    kind: str
    words: str


def status_of(help_request: HelpRequest, member: Membership) -> Status:
    """The colour says what *this* reader has to do: what waits for the teacher is amber for the teacher only."""
    is_own = help_request.requester_id == member.pk
    state = help_request.state
    if state == HelpRequest.State.WAITING:
        return Status("action", _("waiting for your answer")) if is_own else Status("paused", state.label)
    if state == HelpRequest.State.VENDOR:
        return Status("paused", state.label)
    if state == HelpRequest.State.STOPPED:
        return Status("withdrawn", state.label)
    if state in (HelpRequest.State.SOLVED, HelpRequest.State.CLOSED):
        return Status("done", state.label)
    return Status("idle" if is_own else "action", state.label)


def age_of(help_request: HelpRequest, at: datetime) -> str:
    """«3 дня»: how long the question has been open; of a closed one the day of its closing."""
    if help_request.closed_at:
        return f"{localtime(help_request.closed_at):%d.%m.%Y}"
    if at - help_request.asked_at < timedelta(minutes=1):
        return _("just now")
    return timesince(help_request.asked_at, at, depth=1)


class Tab(NamedTuple):
    name: str
    words: str
    count: int


def tabs(counts: dict[str, int], *, sees_others: bool) -> list[Tab]:
    """The ready lists that a person may have something in, with their counts."""
    words = {
        "mine": _("My open"),
        "nobodys": _("Nobody's"),
        "in-work": _("In work"),
        "waiting": _("Waiting for the teacher") if sees_others else _("Waiting for me"),
        "with-vendor": _("With the vendor"),
        "solved": _("Answered"),
        "closed": _("Closed"),
        "all": _("All"),
    }
    return [Tab(name, words[name], counts[name]) for name in (OF_SPECIALISTS if sees_others else OF_OWN_ONLY)]


def empty_words(name: str, *, sees_others: bool) -> str:
    """Why a ready list is empty, in a sentence."""
    if not sees_others:
        return {
            "mine": _("You have no open questions. Ask one, and a specialist of the school will answer."),
            "waiting": _("Nobody is waiting for your answer."),
            "with-vendor": _("None of your questions is with the vendor's support."),
            "solved": _("There are no answers for you to confirm."),
            "closed": _("None of your questions is closed yet."),
            "all": _("You have not asked for help yet. Any question on the journal is welcome."),
        }[name]
    return {
        "mine": _("You have no open requests. Look into “Nobody's”: somebody may be waiting."),
        "nobodys": _("Every request has been taken. There is nothing to pick up."),
        "in-work": _("No request is in work now."),
        "waiting": _("No request waits for a teacher's answer."),
        "with-vendor": _("No request is with the vendor's support."),
        "solved": _("No answer waits for the teacher to confirm it."),
        "closed": _("No request is closed yet."),
        "all": _("Nobody has asked for help yet."),
    }[name]


@dataclass(frozen=True)
class Line:
    """A line of the thread. `kind`: "requester", "specialist", "act" (small, centred) or "note" (for colleagues)."""

    kind: str
    anchor: str
    author: str
    at: datetime
    text: str = ""
    act: str = ""


def thread(help_request: HelpRequest, replies: Iterable[Reply], notes: Iterable[InternalNote]) -> list[Line]:
    """The question, the replies and the notes as one column, the oldest first."""
    asked = Line(
        "requester",
        "question",
        help_request.requester.name,
        help_request.asked_at,
        help_request.description or help_request.question,
        _("written down by %(name)s") % {"name": help_request.registered_by.name}
        if help_request.registered_by_id != help_request.requester_id
        else "",
    )
    lines = [_line(help_request, one) for one in replies]
    lines += [Line("note", f"note-{one.pk}", one.author.name, one.written_at, one.text) for one in notes]
    return [asked, *sorted(lines, key=lambda line: line.at)]


def _line(help_request: HelpRequest, one: Reply) -> Line:
    kind = "requester" if one.author_id == help_request.requester_id else "specialist"
    if not one.text or one.act in Reply.ACTS_THAT_TELL:
        kind = "act"
    act = one.get_act_display() if one.act else ""
    return Line(kind, f"reply-{one.pk}", one.author.name, one.written_at, one.text, act)


class Times(NamedTuple):
    """The next free times of a request's direction, or in words why there are none."""

    free: Sequence[FreeTime]
    reason: str


def times_for(help_request: HelpRequest, *, at: datetime) -> Times:
    """When the one who asked may come: the next free times of the direction, as the schedule page counts them."""
    directions = Direction.objects.filter(pk=help_request.direction_id)
    availability = Availability(directions, teacher=help_request.requester, at=at)
    if not availability.directions:
        return Times([], _("This direction belongs to an order that is no longer in force."))
    [direction] = availability.directions
    found: list[FreeTime] = []
    first, horizon = availability.today, availability.rules(direction).horizon(availability.today)
    while first <= horizon and len(found) < TIMES_OFFERED:
        last = min(first + timedelta(days=DAYS_LOOKED_AT - 1), horizon)
        found += availability.one_per_start(availability.times(direction, first, last))
        first = last + timedelta(days=1)
    return Times(found[:TIMES_OFFERED], "" if found else availability.why_nothing(direction))
