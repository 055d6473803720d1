"""How people are told of a seminar."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership

from ...models import Seminar
from ...moments import said_span


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
