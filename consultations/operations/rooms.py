"""A room that holds fewer consultations than before."""

from datetime import datetime
from itertools import count

from django.db import transaction
from django.db.models import F

from ..models import Booking, Room
from .booking import lock

ABOVE_ALL = 1000  # places on which nobody sits


@transaction.atomic
def seat_anew(room: Room, *, at: datetime) -> list[Booking]:
    """Give those to come in a room its places that are left; the ones for whom none is left, in order of time.

    Nobody is told: a place has no name, and nobody is moved. The rest keep their time, room and a place above the
    last, so that they are counted; a person moves or cancels them.
    """
    lock([], room.pk)
    places = Room.objects.values_list("places", flat=True).get(pk=room.pk)
    live = Booking.objects.live().filter(room=room)
    if not live.filter(ends_at__gt=at, room_place__gt=places).exists():
        return []
    free_from = dict(live.filter(starts_at__lte=at, ends_at__gt=at).values_list("room_place", "ends_at"))
    to_come = live.filter(starts_at__gt=at)
    seats: dict[int, int] = {}
    for one in to_come.order_by("starts_at", "pk"):
        seats[one.pk] = next(place for place in count(1) if free_from.get(place, at) <= one.starts_at)
        free_from[seats[one.pk]] = one.ends_at
    to_come.update(room_place=F("room_place") + ABOVE_ALL)  # two that change places would meet
    for pk, place in seats.items():
        Booking.objects.filter(pk=pk).update(room_place=place)
    return list(live.filter(ends_at__gt=at, room_place__gt=places).with_people().order_by("starts_at", "pk"))
