"""Which times of a direction are free."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.timezone import localdate

from ejournal_rollout.people.models import Membership

from ..free_times import DayOverview, FreeTime, days_overview, free_times, nearest, one_per_start
from ..models import Direction
from .known import DAYS_SHOWN, KnownOfDirections


class Opening(NamedTuple):
    """A time that cannot be booked yet, and the day from which it can."""

    time: FreeTime
    opens_on: date


class Times(KnownOfDirections):
    """The free times, and who gives them when several could."""

    def times(
        self,
        direction: Direction,
        first: date,
        last: date,
        *,
        specialist: int | None = None,
        heed_bookings: bool = True,
        heed_away: bool = True,
    ) -> list[FreeTime]:
        """Every free time from the first to the last day; without `heed_bookings`, by the hours alone, and without
        `heed_away` also when the specialist has a lesson or is absent."""
        heed = {"heed_bookings": heed_bookings, "heed_away": heed_away}
        known = self._known(direction, specialist, (first, last), **heed)
        return free_times(self._hours(direction, specialist), self.rules(direction), days=(first, last), **known)

    def days(self, direction: Direction, first: date, last: date, specialist: int | None = None) -> list[DayOverview]:
        known = self._known(direction, specialist, (first, last))
        return days_overview(self._hours(direction, specialist), self.rules(direction), days=(first, last), **known)

    def one_per_start(self, times: Iterable[FreeTime]) -> list[FreeTime]:
        """ "Anyone free" has the fewest consultations ahead; one who cannot sign in is chosen if no other is free.

        What is moved stays with its specialist.
        """
        strangers = {one.pk for one in self.strangers(self.people.values())}
        load = Counter(one.specialist_id for one in self.engagements.bookings)
        if self.moved:
            load[self.moved.specialist_id] = -1
            strangers.discard(self.moved.specialist_id)
        return one_per_start(list(times), load, strangers)

    def strangers(self, people: Iterable[Membership]) -> list[Membership]:
        """Those who cannot sign in: of a consultation they hear from people only, and pages say so."""
        return [one for one in people if not (one.user.is_active and one.user.has_usable_password())]

    def nearest(self, direction: Direction, wanted: datetime, count: int = 3) -> list[FreeTime]:
        """The free times nearest to `wanted`, looked for from a week before to two weeks after."""
        day = localdate(wanted, self.zone)
        found = self.times(direction, day - timedelta(days=7), day + timedelta(days=DAYS_SHOWN))
        if not found:
            found = self.times(direction, self.today, self.rules(direction).horizon(self.today))
        return nearest(self.one_per_start(found), wanted, count)

    def first_from(self, direction: Direction, wanted: datetime) -> FreeTime | None:
        """The first free time at `wanted` or later, on its day rather one that touches no other meeting of the teacher;
        where there is none up to the horizon, the last one before."""
        first, horizon, portion = localdate(wanted, self.zone), self.rules(direction).horizon(self.today), 2
        while first <= horizon:
            last = min(first + timedelta(days=portion - 1), horizon)
            later = [one for one in self.one_per_start(self.times(direction, first, last)) if one.starts_at >= wanted]
            if later:
                of_its_day = [one for one in later if one.starts_at.date() == later[0].starts_at.date()]
                return min(of_its_day, key=lambda one: (self._touches_another(one), one.starts_at))
            first, portion = last + timedelta(days=1), portion * 3
        before = self.one_per_start(self.times(direction, self.today, min(localdate(wanted, self.zone), horizon)))
        return next((one for one in reversed(before) if one.starts_at < wanted), None)

    def _touches_another(self, time: FreeTime) -> bool:
        """Whether the teacher goes to it from another consultation or seminar, or from it to another."""
        own = self._booked[0].get(self.teacher.pk, ())
        return any(time.starts_at == one.ends_at or one.starts_at == time.ends_at for one in own)

    def next(
        self, direction: Direction, specialist: int | None = None, *, since: date | None = None
    ) -> FreeTime | None:
        """The next free time, on the day `since` at the earliest; days are looked at in growing portions, because most
        often the first has one."""
        first, horizon, portion = max(since or self.today, self.today), self.rules(direction).horizon(self.today), 2
        while first <= horizon:
            last = min(first + timedelta(days=portion - 1), horizon)
            if found := self.times(direction, first, last, specialist=specialist):
                return self.one_per_start(found)[0]
            first, portion = last + timedelta(days=1), portion * 3
        return None

    def opening(self, direction: Direction, specialist: int | None = None) -> Opening | None:
        """The first time after the horizon, of which the hours of this school year are known."""
        rules = self.rules(direction)
        far = replace(rules, horizon_days=max((rules.last_day - self.today).days, 0))
        hours = self._hours(direction, specialist)
        first, portion = max(rules.horizon(self.today), self.today) + timedelta(days=1), DAYS_SHOWN
        while first <= rules.last_day:
            days = first, min(first + timedelta(days=portion - 1), rules.last_day)
            if found := free_times(hours, far, days=days, **self._known(direction, specialist, days)):
                return Opening(found[0], found[0].starts_at.date() - timedelta(days=rules.horizon_days))
            first, portion = days[1] + timedelta(days=1), portion * 2
        return None
