"""The answers that pages give: what is free, why nothing is, what is unusual; in words."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role

from ..busy import Kind
from ..free_times import Away, is_within
from ..models import Direction, Meeting
from ..moments import said_day
from .known import DAYS_SHOWN
from .offers import Offer
from .times import Times


class Availability(Times):
    """Free times of `directions` at the moment `at`, as the teacher sees them.

    All of it is read at once, six queries: the directions with roles and hours, who serves in them when, changes of
    the calendar, live bookings and seminars, lessons, absences. Only directions of the order in force; nobody gives a
    consultation to themselves.
    """

    def open_in(self, direction: Direction) -> list[Meeting]:
        """What the teacher has ahead in a direction, as far as times are offered."""
        own = [one for one in self.engagements.bookings if one.teacher_id == self.teacher.pk and one.ends_at > self.at]
        return [one for one in own if one.direction_id == direction.pk]

    def own_between(self, starts_at: datetime, ends_at: datetime) -> Meeting | None:
        """The consultation that the teacher takes or gives and that touches [starts_at, ends_at)."""
        own = [one for one in self.engagements.bookings if self.teacher.pk in (one.teacher_id, one.specialist_id)]
        return next((one for one in own if one.starts_at < ends_at and starts_at < one.ends_at), None)

    def holders(self, direction: Direction) -> list[Membership]:
        """Today's people of the direction, the one who looks included; a deputy instead of an absent one."""
        services = [one for one in self.services_in(direction) if one.covers(self.today)]
        found = {one.person.pk: one.person for one in services}
        return [one for one in found.values() if not self.engagements.is_absent(one.pk, self.today)]

    def offer(self, direction: Direction) -> Offer:
        free = self.next(direction) if self.rows[direction].hours else None
        return Offer(direction, free, "" if free else self.why_nothing(direction), len(self.open_in(direction)))

    def why_nothing(self, direction: Direction) -> str:
        """In words, why no time of a direction can be booked, and when the next one is."""
        reason = self._why_nothing(direction)
        if not self.specialists(direction) or not self.rows[direction].hours:
            return reason
        if opening := self.opening(direction):
            return _("{reason}; the next time is {day}, it can be booked from {opens_on}").format(
                reason=reason, day=said_day(opening.time.starts_at.date()), opens_on=said_day(opening.opens_on)
            )
        return _("{reason}; there is no other time in this school year").format(reason=reason)

    def _why_nothing(self, direction: Direction) -> str:
        row = self.rows[direction]
        if not self.services_in(direction):
            return _("nobody is appointed to give this help")
        if not self.specialists(direction):
            return _("you give this help yourself")
        if not row.hours:
            return _("by agreement") if direction.is_on_demand else _("the hours are not set in the schedule")
        rules = self.rules(direction)
        horizon = rules.horizon(self.today)
        if horizon < self.today:
            return _("the school year of the order is over")
        days = self.days(direction, self.today, horizon)
        until = said_day(horizon)
        if any(one.reason == "all_taken" for one in days):
            return _("everything is taken until {day}").format(day=until)
        reasons = [one.words for one in days if one.reason in ("closed", "away") and one.words != _("day off")]
        if reasons:
            return _("no consultations until {day}: {reason}").format(
                day=until, reason=Counter(reasons).most_common(1)[0][0]
            )
        return _("no consultations until {day}").format(day=until)

    def gives_alone(self, direction: Direction) -> bool:
        """Whether nobody but the one who looks gives help in a direction."""
        return bool(self.services_in(direction)) and not self.specialists(direction)

    def serves(self, member: Membership, direction: Direction) -> bool:
        """Whether a member gives help in a direction today, or stands in, by more than being a teacher."""
        own = (one for one in self.services_in(direction) if one.person.pk == member.pk and one.role != Role.TEACHER)
        return any(one.covers(self.today) for one in own)

    def names(self, member: Membership) -> bool:
        """Whether the schedule names a member by name."""
        return any(member.pk in row.named for row in self.rows.values())

    def why_not(
        self, direction: Direction, starts_at: datetime, ends_at: datetime, *, specialist: int | None = None
    ) -> str:
        """In words, why by the calendar nobody, or not this specialist, gives a consultation in [starts_at, ends_at);
        "" when it may be given."""
        day = localdate(starts_at, self.zone)
        if words := self.closed(direction, day):
            return words
        people = [one for one in self.specialists(direction, on=day) if specialist in (None, one.pk)]
        if not people:
            return _("the specialist is not appointed for this day")
        away = [self._away(direction, one, day, day) for one in people]
        met = [[one for one in spans if one.starts_at < ends_at and starts_at < one.ends_at] for spans in away]
        if met and all(met):
            return met[0][0].words
        is_opened = any(one.opens and one.first_on == day for one in self._extra(direction, people))
        return "" if is_opened else self.day_off(direction, day)

    def outside_hours(
        self, direction: Direction, starts_at: datetime, ends_at: datetime, *, specialist: int | None
    ) -> str:
        """In words, that the hours of now, of one specialist or of anybody, do not hold [starts_at, ends_at); "" when
        they do, or all is by agreement."""
        if direction.is_on_demand and not self.rows[direction].hours:
            return ""
        people = [one for one in self.specialists(direction) if one.pk == specialist]
        span = [localtime(moment, self.zone) for moment in (starts_at, ends_at)]
        hours, extra = self._hours(direction, specialist), self._extra(direction, people)
        if is_within(hours, extra, *span, worked_as=self.calendar.worked_as):
            return ""
        return _("outside the hours of the schedule")

    def objections(
        self, direction: Direction, starts_at: datetime, ends_at: datetime, *, specialist: Membership
    ) -> tuple[list[str], list[str]]:
        """In words, what speaks against [starts_at, ends_at) by the calendar, and what of a person, who may be anybody
        of the school: not appointed, absent, a lesson. Other meetings and the hours are not asked."""
        day = localdate(starts_at, self.zone)

        def met(spans: list[Away]) -> list[str]:
            return list(
                dict.fromkeys(one.words for one in spans if one.starts_at < ends_at and starts_at < one.ends_at)
            )

        is_opened = any(one.opens and one.first_on == day for one in self._extra(direction, [specialist]))
        closed = self.closed(direction, day) or ("" if is_opened else self.day_off(direction, day))
        by_calendar = [closed] if closed else met(self._closed_hours(direction, specialist, day, day))
        return by_calendar, met(self._not_there(direction, specialist, day, day))

    def teaches(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the one who looks has a lesson of the own in [starts_at, ends_at)."""
        day = localdate(starts_at, self.zone)
        own = [one for one in self.engagements.away(self.teacher.pk, day, day) if one.kind == Kind.LESSON]
        return any(one.starts_at < ends_at and starts_at < one.ends_at for one in own)

    def notes(self, direction: Direction, day: date) -> list[str]:
        """What is unusual on a day on which consultations are given, in words."""
        own = [one.pk for one in self.specialists(direction, on=day)]
        known = {"direction": direction.pk, "room": direction.room_id}
        changes = [
            one
            for one in self.changes
            if one.covers(day) and any(one.concerns(specialist=person, **known) for person in own)
        ]
        said = [_("{change}: {reason}").format(change=one.said, reason=one.reason) for one in changes]
        for service in self.services_in(direction):
            if service.instead_of and service.covers(day):
                said.append(
                    _("{absent} is absent, {deputy} stands in").format(
                        absent=service.instead_of.name, deputy=service.person.name
                    )
                )
        return list(dict.fromkeys(said))

    def news(self) -> list[str]:
        """What is unusual in the days that one sees first, in words and by day: changes of the calendar, absences."""
        last = self.today + timedelta(days=DAYS_SHOWN - 1)
        absences = [one for several in self.engagements.absences.values() for one in several]
        found = [*self.changes, *(one for one in absences if one.specialist_id in self.people)]
        coming = [one for one in found if one.first_on <= last]
        return [one.said_in_full for one in sorted(coming, key=lambda one: (one.first_on, one.last_on))]


def next_free_times(member: Membership, at: datetime) -> list[Offer]:
    """The next free time of each direction in force, as (direction, time or None, reason in words); six queries."""
    availability = Availability(Direction.objects.all(), teacher=member, at=at)
    return [availability.offer(direction) for direction in availability.directions]
