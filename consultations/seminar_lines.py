"""A seminar as a line of a list: its state, the places, and what the one who looks has there."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Seminar

Status = tuple[str, str]


class SeminarLine(NamedTuple):
    """`mine` is None for one who neither leads nor is on the list."""

    seminar: Seminar
    status: Status
    places: str
    mine: Status | None


def seminar_lines(seminars: Iterable[Seminar], *, at: datetime) -> list[SeminarLine]:
    """Of a queryset or a page `for_lines`: two queries for any count of seminars."""
    return [SeminarLine(one, one.status(at=at), places_words(one), mine_words(one)) for one in seminars]


def places_words(seminar: Seminar) -> str:
    """«свободно 3 из 20», «мест нет, ждут: 2»; reads what `with_counts` adds."""
    free = max(seminar.places - seminar.seated_count, 0)
    if free and not seminar.waiting_count:
        return ngettext("{free} of {count} place free", "{free} of {count} places free", seminar.places).format(
            free=free, count=seminar.places
        )
    words = ngettext("the {count} place is taken", "all {count} places are taken", seminar.places).format(
        count=seminar.places
    )
    if seminar.waiting_count:
        words = _("{places}, waiting: {count}").format(places=words, count=seminar.waiting_count)
    return words


def mine_words(seminar: Seminar) -> Status | None:
    """Reads what `with_mine` adds."""
    if seminar.leads:
        return "idle", _("you lead")
    if not seminar.is_on_list:
        return None
    if seminar.my_came is not None:
        return ("done", _("you were there")) if seminar.my_came else ("withdrawn", _("you did not come"))
    if seminar.my_seat is None:
        return "paused", _("you wait for a place")
    if seminar.my_offered_until:
        return "urgent", _("confirm your place")
    return "done", _("you have a place")
