"""What is offered of a direction, and the address at which it is booked."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from ..free_times import FreeTime
from ..models import Direction


class Offer(NamedTuple):
    """The next free time of a direction, or in words why there is none; how many the teacher has ahead in it."""

    direction: Direction
    time: FreeTime | None
    reason: str
    ahead: int = 0

    @property
    def is_full(self) -> bool:
        """One more cannot be booked: the teacher has as many as the direction allows."""
        return self.ahead >= self.direction.open_limit

    @property
    def address(self) -> str:
        """Where it is booked: the chosen time stands in the address; "" where nothing can be asked for."""
        if self.time:
            return booking_address(self.direction, self.time.starts_at)
        if self.direction.is_on_demand:
            return reverse("consultations:time-request-new", args=[self.direction.pk])
        return ""


def booking_address(direction: Direction, starts_at: datetime, specialist: int | None = None) -> str:
    """The booking page with a day and a time chosen, where one writes; `starts_at` is local to the school."""
    chosen = {"day": f"{starts_at:%Y-%m-%d}", "time": f"{starts_at:%H:%M}"}
    if specialist:
        chosen["specialist"] = str(specialist)
    return f"{reverse('consultations:book', args=[direction.pk])}?{urlencode(chosen)}#question"
