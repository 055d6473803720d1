"""Reminding of consultations and seminars the day before and an hour before (our decision in all that follows).

- The day before is told from 16:00 of the school: the lessons are over, and papers can still be found. A teacher is
  told of each consultation, a specialist gets one list of the day.
- An hour before, the specialist is told of a consultation only if none of theirs began in the hour before it: who sits
  there already needs no bell every twenty minutes.
- Whoever heard of the consultation, or of its change, after that moment needs no reminder.
- Of a seminar its leaders and those with a place are told, each of each; not those who wait or have not confirmed.
- The letter of the hour before can be turned off, as all letters can; the pages tell everybody.
- What was missed while the machine was off is said as long as it helps, in the words of the day.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import message, write
from ejournal_rollout.people.models import Membership, School

from .models import Booking, Participation, Seminar
from .moments import said_day, said_place, said_span
from .operations.seminars.telling import REMINDER as SEMINAR_REMINDER
from .operations.seminars.telling import said
from .operations.telling import REMINDER

EVENING = time(16)
HOUR = timedelta(hours=1)
AHEAD = timedelta(days=2)  # no evening before lies further off
LONGEST_LIST = 350
DAY_BEFORE, HOUR_BEFORE = "day", "hour"  # stored in keys: do not rename


def schools_to_remind(*, at: datetime) -> QuerySet[School]:
    """Where a consultation or a seminar lies near."""
    near, seminars = (model.objects.live().starting(after=at, until=at + AHEAD) for model in (Booking, Seminar))
    return School.objects.filter(
        Q(pk__in=near.values("direction__schedule__order__school")) | Q(pk__in=seminars.order_by().values("school"))
    )


@transaction.atomic
def remind_of_consultations(school: School, *, at: datetime) -> int:
    """Tell of what stands at this moment; returns how many messages are new. Twice at a time tells nothing twice.

    The rows are held: who moves a consultation meanwhile finds the reminder and takes it back, or we find the new time.
    """
    near = Booking.objects.of_school(school).live().starting(after=at - HOUR, until=at + AHEAD)
    # With those of the last hour: whoever sits there already is seen by them.
    bookings = list(near.with_people().select_for_update(of=("self",), no_key=True))
    coming = [one for one in bookings if one.starts_at > at]
    zone = school.zone
    return write([*_hour_before(bookings, coming, zone, at), *_evening_before(coming, zone, at)])


@transaction.atomic
def remind_of_seminars(school: School, *, at: datetime) -> int:
    """As of consultations: the row of a seminar is held, so whoever moves it finds the reminder."""
    near = Seminar.objects.of_school(school.pk).live().starting(after=at, until=at + AHEAD).order_by("pk")
    held = list(near.with_leaders().select_for_update(of=("self",), no_key=True))
    taken: dict[int, list[Participation]] = {}
    for line in Participation.objects.filter(seminar__in=held).taken().with_people() if held else []:
        taken.setdefault(line.seminar_id, []).append(line)
    return write([told for one in held for told in _of_seminar(one, taken.get(one.pk, []), school, at)])


def _of_seminar(seminar: Seminar, taken: list[Participation], school: School, at: datetime) -> Iterator[Message]:
    day = localdate(seminar.starts_at, school.zone)
    kind = HOUR_BEFORE if seminar.starts_at - HOUR <= at else DAY_BEFORE
    evening = datetime.combine(day - timedelta(days=1), EVENING, tzinfo=school.zone)
    due = seminar.starts_at - HOUR if kind == HOUR_BEFORE else evening
    if not seminar.changed_at < due <= at:
        return
    words = _("{when}: {seminar}.").format(
        when=_("Soon") if kind == HOUR_BEFORE else _when(day, school.zone, at), seminar=said(seminar)
    )
    for person in (*seminar.leaders.all(), *(one.participant for one in taken if one.added_at < due)):
        if _works(person, day):
            yield message(
                person,
                key=f"{SEMINAR_REMINDER}{seminar.pk}:{seminar.sequence}:{kind}",
                words=words,
                address=seminar.get_absolute_url(),
                topic=Topic.CONSULTATION,
                about=seminar,
                is_mailed=kind != HOUR_BEFORE or person.hour_letters,
            )


def _hour_before(bookings: list[Booking], coming: list[Booking], zone: ZoneInfo, at: datetime) -> Iterator[Message]:
    for one in coming:
        due = one.starts_at - HOUR
        if not one.changed_at < due <= at:
            continue
        sits_there = any(
            other.specialist_id == one.specialist_id and due <= other.starts_at < one.starts_at for other in bookings
        )
        for person in (one.teacher,) if sits_there else (one.teacher, one.specialist):
            yield from _of_one(one, person, HOUR_BEFORE, _("Soon"), zone)


def _evening_before(coming: list[Booking], zone: ZoneInfo, at: datetime) -> Iterator[Message]:
    lists: dict[tuple[Membership, date], list[Booking]] = {}
    news: set[tuple[Membership, date]] = set()
    for one in coming:
        day = localdate(one.starts_at, zone)
        due = datetime.combine(day - timedelta(days=1), EVENING, tzinfo=zone)
        if not due <= at < one.starts_at - HOUR:
            continue
        lists.setdefault((one.specialist, day), []).append(one)
        if one.changed_at < due:
            news.add((one.specialist, day))
            yield from _of_one(one, one.teacher, DAY_BEFORE, _when(day, zone, at), zone)
    for (specialist, day), theirs in lists.items():
        if (specialist, day) in news:
            yield from _list_of_day(specialist, day, theirs, zone, at)


def _when(day: date, zone: ZoneInfo, at: datetime) -> str:
    return _("Today") if day == localdate(at, zone) else _("Tomorrow")


def _works(person: Membership, day: date) -> bool:
    return person.left_on is None or day <= person.left_on


def _of_one(booking: Booking, person: Membership, kind: str, when: str, zone: ZoneInfo) -> Iterator[Message]:
    """The key knows the change: after a move one is reminded of the new time."""
    if not _works(person, localdate(booking.starts_at, zone)):
        return
    other = booking.teacher if person.pk == booking.specialist_id else booking.specialist
    words = _("{when}: consultation {moment}. With {person}: {direction}.").format(
        when=when,
        moment=said_place(said_span(booking.starts_at, booking.ends_at, zone), booking.room),
        person=other.name,
        direction=booking.direction,
    )
    yield message(
        person,
        key=f"{REMINDER}{booking.pk}:{booking.sequence}:{kind}",
        words=words,
        address=booking.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=booking,
        is_mailed=kind != HOUR_BEFORE or person.hour_letters,
    )


def _list_of_day(
    specialist: Membership, day: date, theirs: list[Booking], zone: ZoneInfo, at: datetime
) -> Iterator[Message]:
    """Once a day: who books or cancels later is told of by itself."""
    if not _works(specialist, day):
        return
    listed = "; ".join(f"{localtime(one.starts_at, zone):%H:%M} {one.teacher.name}" for one in theirs)
    words = ngettext(
        "{when}, {day}, you give {count} consultation: {list}.",
        "{when}, {day}, you give {count} consultations: {list}.",
        len(theirs),
    ).format(
        when=_when(day, zone, at), day=said_day(day), count=len(theirs), list=Truncator(listed).chars(LONGEST_LIST)
    )
    yield message(
        specialist,
        key=f"consultations.day_ahead:{day}",
        words=words,
        address=f"{reverse('consultations:day')}?on={day}",
        topic=Topic.CONSULTATION,
    )
