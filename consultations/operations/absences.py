"""Absences of specialists: written, changed, taken away; and who is told."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..busy import days_between
from ..models import Absence, Booking
from ..models.absences import by_person, stand_in
from ..moments import said_span


@transaction.atomic
def write_absence(absence: Absence, *, by: Membership, at: datetime) -> list[Booking]:
    """Write or change an absence and tell of it; the consultations booked in its days are answered, they stay.

    Only the administration (else PermissionDenied). ValidationError of the row: "ends_before_start", "own_deputy",
    "absent_already", "circle".
    """
    _may_write(absence, by, at)
    before = Absence.objects.filter(pk=absence.pk).with_people().first() if absence.pk else None
    absence.full_clean()
    absence.save()
    verb = "consultations.absence_changed" if before else "consultations.absence"
    # Not the reason: the journal has other readers.
    record(verb, absence, by=by, changes=[(_("absence"), before.said_in_full if before else "", absence.said_in_full)])
    return tell_of_absence(absence, by=by, at=at)


@transaction.atomic
def delete_absence(absence: Absence, *, by: Membership, at: datetime) -> None:
    """The specialist is not absent after all; those who were to stand in are told. PermissionDenied."""
    _may_write(absence, by, at)
    record("consultations.absence_deleted", absence, by=by, changes=[(_("absence"), absence.said_in_full, "")])
    told = [one for one in (absence.specialist, absence.deputy) if one and one.pk != by.pk]
    notify(
        told,
        key=f"consultations.absence_deleted:{absence.pk}",
        words=_("There is no absence after all: {absence}.").format(absence=absence.said_in_full),
        address=reverse("consultations:calendar"),
        topic=Topic.CONSULTATION,
        about=absence,
    )
    absence.delete()


def tell_of_absence(absence: Absence, *, by: Membership, at: datetime) -> list[Booking]:
    """Tell the absent one, those who stand in and the teachers booked in its days; answers with these bookings."""
    key = f"consultations.absence:{absence.pk}:{absence.first_on}:{absence.last_on}"
    calendar = reverse("consultations:calendar")
    if absence.specialist_id != by.pk:
        notify(
            [absence.specialist],
            key=key,
            words=_("Your absence is written down: {absence}.").format(absence=absence.said_in_full),
            address=calendar,
            topic=Topic.CONSULTATION,
            about=absence,
        )
    for deputy, absent in _who_stands_in(absence).items():
        names = ", ".join(one.name for one in absent)
        notify(
            [deputy] if deputy.pk != by.pk else [],
            key=f"{key}:{','.join(str(one.pk) for one in absent)}",
            words=_("You give consultations instead of {names}: {days}.").format(names=names, days=absence.said_days),
            address=f"{reverse('consultations:day')}?on={absence.first_on:%Y-%m-%d}",
            topic=Topic.CONSULTATION,
            about=absence,
        )
    inside = list(bookings_in(absence, at=at))
    for one in inside:
        notify(
            [one.teacher] if one.teacher_id != by.pk else [],
            key=f"{key}:{one.pk}",
            words=_("{specialist} will be absent: {moment}. Choose another time or wait: you will be told.").format(
                specialist=absence.specialist.name,
                moment=said_span(one.starts_at, one.ends_at, absence.specialist.school.zone),
            ),
            address=one.get_absolute_url(),
            topic=Topic.CONSULTATION,
            about=one,
        )
    return inside


def bookings_in(absence: Absence, *, at: datetime) -> list[Booking]:
    """Coming consultations of the absent one on the days of the absence."""
    zone = absence.specialist.school.zone
    coming = Booking.objects.coming(at=at).of_specialist(absence.specialist).with_people()
    return [one for one in coming if absence.covers(localdate(one.starts_at, zone))]


def _who_stands_in(absence: Absence) -> dict[Membership, list[Membership]]:
    """Whom the absence lets stand in, for whom: for the absent one, and for those who were replaced by them."""
    in_days = Absence.objects.of_school(absence.specialist.school_id).touching(absence.first_on, absence.last_on)
    rows = list(in_days.with_people())
    people = {one.pk: one for row in rows for one in (row.specialist, row.deputy) if one}
    after, before = by_person(rows), by_person(one for one in rows if one.pk != absence.pk)
    found: dict[Membership, dict[Membership, None]] = {}
    for absent in after:
        for day in days_between(absence.first_on, absence.last_on):
            deputy = _changed(absent, day, before, after)
            if deputy is not None:
                found.setdefault(people[deputy], {})[people[absent]] = None
    return {deputy: list(absent) for deputy, absent in found.items()}


def _changed(
    absent: int, day: date, before: Mapping[int, list[Absence]], after: Mapping[int, list[Absence]]
) -> int | None:
    """Who stands in that day and did not before."""
    deputy = stand_in(absent, day, after)
    return deputy if deputy not in (absent, stand_in(absent, day, before)) else None


def _may_write(absence: Absence, by: Membership, at: datetime) -> None:
    is_own_school = absence.specialist.school_id == by.school_id
    if not is_own_school or not by.may(Ability.EDIT_ORDER, on=localdate(at, by.school.zone)):
        raise PermissionDenied
