"""How people are told of a seminar. With letters to those whom it takes goes the event: calendars follow."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.notifications.operations import message, notify, take_back, write
from ejournal_rollout.people.models import Membership

from ...feeds import seminar_event
from ...models import Seminar
from ...moments import said_span

REMINDER = "consultations.seminar_reminder:"  # how the keys of reminders begin


def said(seminar: Seminar) -> str:
    """«обучающий семинар «Отметки и их вес», вт, 24 ноября, 14:00–15:30, кабинет 18»"""
    when = said_span(seminar.starts_at, seminar.ends_at, seminar.school.zone)
    words = _("{kind} “{title}”, {when}").format(kind=seminar.get_kind_display(), title=seminar.title, when=when)
    return f"{words}, {seminar.where}" if seminar.where else words


def tell(seminar: Seminar, people: Iterable[Membership], key: str, words: str, *, but: Membership | None) -> None:
    """Tell each of `people` once, `but` the one who did it; `key` is unique for the act."""
    notify(
        [one for one in people if but is None or one.pk != but.pk],
        key=f"consultations.{key}",
        words=words,
        address=seminar.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=seminar,
    )


def tell_taken(
    seminar: Seminar, people: Iterable[Membership], key: str, words: str, *, by: Membership, at: datetime
) -> None:
    """Tell those whom the seminar takes; `by`, if among them, for the sake of the letter and without a bell."""
    _tell_with(_event(seminar, at), seminar, people, key, words, by=by, at=at)


def tell_freed(
    seminar: Seminar, people: Iterable[Membership], key: str, words: str, *, by: Membership, at: datetime
) -> None:
    """Tell those whom it takes no longer: it leaves their calendars, and what reminded them of it is taken back."""
    freed = list(people)
    take_back_reminders(seminar, freed, at=at)
    _tell_with(replace(_event(seminar, at), is_cancelled=True), seminar, freed, key, words, by=by, at=at)


def take_back_reminders(seminar: Seminar, people: Iterable[Membership], *, at: datetime) -> None:
    take_back(Message.objects.about(seminar).filter(key__startswith=REMINDER, recipient__in=list(people)), at=at)


def _event(seminar: Seminar, at: datetime) -> CalendarEvent:
    """As it stands in this transaction. Who left and comes back has the same edition of it, of a later moment."""
    current = Seminar.objects.with_leaders().get(pk=seminar.pk)
    return replace(seminar_event(current, lambda path: urljoin(settings.SITE_URL, path)), changed_at=at)


def _tell_with(
    event: CalendarEvent,
    seminar: Seminar,
    people: Iterable[Membership],
    key: str,
    words: str,
    *,
    by: Membership,
    at: datetime,
) -> None:
    told = [
        message(
            one,
            key=f"consultations.{key}",
            words=words,
            address=seminar.get_absolute_url(),
            topic=Topic.CONSULTATION,
            about=seminar,
            event=event,
        )
        for one in people
    ]
    for one in told:
        if one.recipient_id == by.pk:
            one.read_at = at
    write(told)
