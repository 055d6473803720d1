"""The lessons of a specialist written, taken away, or read from a timetable file; and what they meet."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..busy import Engagements
from ..models import Booking, Lesson
from ..school_calendar import SchoolCalendar
from ..timetable_file import WeeklyLesson

LESSONS_MOST = 600  # of one specialist: a file has at most five hundred rows


@transaction.atomic
def add_lesson(lesson: Lesson, *, by: Membership, at: datetime) -> None:
    """Write a lesson of one's own, or of anybody for the administration (else PermissionDenied). ValidationError."""
    _may_write(lesson.specialist, by, at)
    if Lesson.objects.of_specialist(lesson.specialist).count() >= LESSONS_MOST:
        raise ValidationError(_("There are too many lessons already: delete those that are over."), code="too_many")
    lesson.full_clean()
    lesson.save()
    record("consultations.lessons_changed", lesson.specialist, by=by, changes=[(_("lesson"), "", str(lesson))])


@transaction.atomic
def delete_lesson(lesson: Lesson, *, by: Membership, at: datetime) -> None:
    """PermissionDenied as in `add_lesson`."""
    _may_write(lesson.specialist, by, at)
    record("consultations.lessons_changed", lesson.specialist, by=by, changes=[(_("lesson"), str(lesson), "")])
    lesson.delete()


@transaction.atomic
def replace_timetable(specialist: Membership, lessons: Iterable[WeeklyLesson], *, by: Membership, at: datetime) -> None:
    """The lessons of a file instead of those of the file before; typed ones stay. PermissionDenied."""
    _may_write(specialist, by, at)
    before, _rows = Lesson.objects.of_specialist(specialist).from_file().delete()
    made = Lesson.objects.bulk_create(
        Lesson(
            specialist=specialist,
            weekday=one.weekday,
            starts=one.starts,
            ends=one.ends,
            first_on=one.first_on,
            last_on=one.last_on,
            every_weeks=one.every_weeks,
            words=one.words,
            is_from_file=True,
        )
        for one in lessons
    )
    changes = [(_("lessons from a file"), _rows_said(before), _rows_said(len(made)))]
    record("consultations.lessons_changed", specialist, by=by, changes=changes)


def consultations_in_the_way(specialist: Membership, *, at: datetime) -> list[Booking]:
    """Coming consultations of a specialist at hours of a lesson or an absence: booked before, and kept."""
    coming = Booking.objects.coming(at=at).of_specialist(specialist).with_people()
    found = list(coming.order_by("starts_at"))
    if not found:
        return []
    school = specialist.school
    first, last = localdate(at, school.zone), localdate(found[-1].ends_at, school.zone)
    calendar = SchoolCalendar.of(school, first, last)
    away = Engagements(school, first, last, calendar=calendar).away(specialist.pk, first, last)
    return [one for one in found if any(span.starts_at < one.ends_at and one.starts_at < span.ends_at for span in away)]


def _may_write(specialist: Membership, by: Membership, at: datetime) -> None:
    is_administration = by.school_id == specialist.school_id and by.may(
        Ability.EDIT_ORDER, on=localdate(at, by.school.zone)
    )
    if by.pk != specialist.pk and not is_administration:
        raise PermissionDenied


def _rows_said(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=count) if count else ""
