"""Which coming consultations and seminars the calendar or the hours may have met, seen by the database alone: all that
are met and some more, for the price of a query."""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractIsoWeekDay, TruncDate, TruncTime
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import RoleHolding, School

from ..models import (
    Absence,
    BookingQuerySet,
    CalendarChange,
    DirectionRole,
    Hours,
    Lesson,
    SeminarQuerySet,
    TimeRequest,
)
from ..working_days import public_days

AHEAD = timedelta(days=400)  # a school year and more: nothing is agreed on beyond it


def bookings_in_doubt(coming: BookingQuerySet, school: School, *, at: datetime) -> BookingQuerySet:
    """`coming` ones of the order in force and of those closed since."""
    named = Hours.objects.filter(direction=OuterRef("direction"), weekday=OuterRef("weekday"))
    doubt = _changed(school) | _public_holiday(school, at) | _away(specialist=OuterRef("specialist"))
    doubt |= (_weekend(school) & ~Exists(named)) | _not_appointed() | _outside_hours(named)
    return _dated(coming, school).filter(doubt)


def seminars_in_doubt(coming: SeminarQuerySet, school: School, *, at: datetime) -> SeminarQuerySet:
    doubt = _changed(school) | _public_holiday(school, at) | _weekend(school)
    return _dated(coming, school).filter(doubt | _away(specialist__seminars_led=OuterRef("pk")))


def _dated(rows: BookingQuerySet | SeminarQuerySet, school: School) -> BookingQuerySet | SeminarQuerySet:
    zone = school.zone
    return rows.annotate(
        day=TruncDate("starts_at", tzinfo=zone),
        weekday=ExtractIsoWeekDay("starts_at", tzinfo=zone),
        clock=TruncTime("starts_at", tzinfo=zone),
        clock_end=TruncTime("ends_at", tzinfo=zone),
    )


def _changed(school: School) -> Q:
    changes = CalendarChange.objects.filter(school=school)
    return Q(Exists(changes.touching(OuterRef("day"), OuterRef("day"))))


def _public_holiday(school: School, at: datetime) -> Q:
    today = localdate(at, school.zone)
    known = public_days(today, today + AHEAD)[0]
    found = Q(pk__in=[])
    for first, last, _name in known:
        found |= Q(day__range=(first, last))
    return found


def _weekend(school: School) -> Q:
    """A training on a Saturday is planned knowingly, and is in no doubt while nothing else speaks against it."""
    return Q(weekday__gt=school.working_week) & ~Q(in_spite_of=_("day off"))


def _away(**person: OuterRef) -> Q:
    """An absence that day, or a lesson then."""
    absence = Absence.objects.filter(**person).touching(OuterRef("day"), OuterRef("day"))
    lesson = Lesson.objects.filter(**person, weekday=OuterRef("weekday")).touching(OuterRef("day"), OuterRef("day"))
    met = lesson.filter(starts__lt=OuterRef("clock_end"), ends__gt=OuterRef("clock"))
    return Q(Exists(absence)) | Q(Exists(met))


def _not_appointed() -> Q:
    """Neither by a role nor by name; who stands in for another is one of those in doubt."""
    held = RoleHolding.objects.on(OuterRef(OuterRef("day"))).filter(
        membership=OuterRef(OuterRef("specialist")), role=OuterRef("role")
    )
    row = DirectionRole.objects.filter(direction=OuterRef("direction"))
    appointed = row.filter(Q(person=OuterRef("specialist")) | Exists(held))
    return ~Exists(appointed) | Q(specialist__left_on__lt=F("day"))


def _outside_hours(named: Hours) -> Q:
    """«Ежедневно» beside a named Saturday means the other days; hours of some weeks only hold nothing for certain."""
    hours = Hours.objects.filter(direction=OuterRef("direction"))
    held = hours.filter(weeks="", starts__lte=OuterRef("clock"), ends__gte=OuterRef("clock_end"))
    of_its_day = Exists(held.filter(weekday=OuterRef("weekday")))
    of_every_day = Exists(held.filter(weekday=Hours.Weekday.WORKING_DAYS)) & (Q(weekday__lt=6) | ~Exists(named))
    agreed = TimeRequest.objects.filter(booking=OuterRef("pk"))
    by_agreement = Exists(agreed) | (Q(direction__is_on_demand=True) & ~Exists(hours))
    return ~(of_its_day | of_every_day | by_agreement)
