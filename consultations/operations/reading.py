"""What the order says in its printed words: the hours, and who gives the help."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db import transaction
from django.utils.timezone import localdate

from ejournal_rollout.orders.drafts import fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.parties import Party, is_named, read_parties

from ..hours import NOTES, HoursReading, Kind, Slot, read_hours
from ..models import Direction, DirectionRole, Hours

# With these doubts the hours are certain all the same; any other is settled by a person before anything is offered.
HARMLESS_DOUBTS = NOTES | {"month_assumed", "words_unread", "hours_missing", "start_missing", "end_missing"}


@transaction.atomic
def read_hours_into(direction: Direction, *, is_confirmed: bool = False) -> HoursReading:
    """Set the hours of a direction from its printed words; the doubts are for a person to settle.

    Nothing is guessed: a statement without days, start or end gives no hours, and a cell whose reading is doubtful
    gives none at all unless a person has confirmed it.
    """
    reading = read_hours(direction.hours_printed)
    direction.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(direction=direction, weekday=weekday, starts=starts, ends=ends, weeks=weeks)
        for weekday, starts, ends, weeks in hours_read(reading, is_confirmed=is_confirmed)
    )
    direction.is_on_demand = any(slot.kind == Kind.ON_DEMAND for slot in reading.slots)
    direction.save(update_fields=["is_on_demand"])
    return reading


def hours_read(reading: HoursReading, *, is_confirmed: bool = False) -> list[tuple[int, object, object, str]]:
    """(weekday, from, to, weeks) of each certain statement of a reading; weekday 0 is every working day.

    Of a doubtful reading only once a person `is_confirmed` it: nothing before.
    """
    if not is_confirmed and not HARMLESS_DOUBTS.issuperset(reading.doubts):
        return []
    return [
        (weekday, slot.start, slot.end, ",".join(str(week) for week in slot.weeks))
        for slot in reading.slots
        if slot.kind in (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY) and slot.start and slot.end
        for weekday in _weekdays(slot)
    ]


@transaction.atomic
def set_specialists(
    direction: Direction, printed: str, *, chosen: Mapping[str, str] = MappingProxyType({})
) -> list[DirectionRole]:
    """Set who gives the help from the words of the order; words that mean no known role or person stay as printed.

    Where the order names a person, that person serves and no other holder of the same post: our decision. One who is
    not found on the staff, or not alone of that name, is for a person to choose.
    `chosen` holds what a person said of words ("role:teacher", "person:7"); see `choose_specialists`.
    """
    direction.specialists_printed = printed
    direction.save(update_fields=["specialists_printed"])
    direction.direction_roles.all().delete()
    lines = DirectionRole.objects.bulk_create(
        DirectionRole(
            direction=direction,
            position=place,
            words=one.words[:300],
            role="" if one.person else one.role or "",
            person=_person_of(one, direction.schedule.order.school),
        )
        for place, one in enumerate(read_parties(printed), start=1)
    )
    choose_specialists(direction, chosen)
    return lines


@transaction.atomic
def choose_specialists(direction: Direction, chosen: Mapping[str, str]) -> bool:
    """Write what a person said of the printed words; a person of another school is nobody. Was anything changed?"""
    is_changed = False
    for line in direction.direction_roles.all() if chosen else ():
        kind, _colon, value = chosen.get(fold(line.words), "").partition(":")
        role = value if kind == "role" else ""
        staff = Membership.objects.filter(school=direction.schedule.order.school_id)
        person = staff.filter(pk=value).first() if kind == "person" else None
        if kind and (line.role, line.person_id) != (role, person.pk if person else None):
            line.role, line.person = role, person
            line.save(update_fields=["role", "person"])
            is_changed = True
    return is_changed


@transaction.atomic
def find_named_persons(order: Order) -> None:
    """Look again for the persons whom the schedule names: staff may have been added after the paper was read."""
    for line in DirectionRole.objects.unsettled().filter(direction__schedule__order=order):
        found = {_person_of(party, order.school) for party in read_parties(line.words)} - {None}
        if len(found) == 1:
            line.person = found.pop()
            line.save(update_fields=["person"])


def _weekdays(slot: Slot) -> Iterable[int]:
    return (Hours.Weekday.WORKING_DAYS.value,) if slot.working_days else slot.weekdays


def _person_of(party: Party, school: School) -> Membership | None:
    """The one working member of staff whom a party names; None if it names nobody, or not exactly one."""
    if not party.person:
        return None
    staff = Membership.objects.filter(school=school).working(on=localdate(timezone=school.zone)).select_related("user")
    found = [
        one for one in staff if is_named(party.person, one.user.last_name, one.user.first_name, one.user.patronymic)
    ]
    return found[0] if len(found) == 1 else None
