"""A seminar planned, changed, cancelled; its attendance marked."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ...busy import Engagements
from ...models import Participation, Seminar
from ...moments import said_span
from ...school_calendar import SchoolCalendar
from ...seminar_days import SeminarDays
from .. import refusals
from ..booking import kept_by_the_database, lock
from ..engagements import taken_between
from ..telling import with_reason
from .places import clip_offers, move_seats, offer_free_places
from .rules import locked, may_plan_seminars, may_run, need_live, need_to_run
from .telling import said, take_back_reminders, tell, tell_freed, tell_taken


def plan_seminar(*, leaders: Collection[Membership], by: Membership, at: datetime, **values: Any) -> Seminar:
    """Write a seminar and tell those for whom it is that they may sign up.

    PermissionDenied unless `by` may plan, and for leaders, room or direction of another school. ValidationError
    "no_leaders"; "not_a_leader" if a specialist plans for others (the deputy head and the administration do);
    "past_time"; "person_busy", "room_taken"; "day_closed" unless `in_spite_of` holds just what the calendar says
    against the time (a training on a Saturday may be meant); and what the model says of its fields.
    """
    on = localdate(at, by.school.zone)
    if not may_plan_seminars(by, on=on):
        raise PermissionDenied
    seminar = Seminar(school=by.school, planned_by=by, planned_at=at, changed_at=at, **values)
    _need_own_school(seminar, leaders)
    with kept_by_the_database(), transaction.atomic():
        lock([one.pk for one in leaders], seminar.room_id)
        _need_time(seminar, leaders, coming=leaders, at=at)
        _need_open_day(seminar, leaders)
        seminar.save()
        seminar.leaders.set(leaders)
        if not may_run(seminar, by, on=on):
            raise ValidationError(
                _("Choose yourself among the leaders: for others the deputy head plans."), code="not_a_leader"
            )
        record("consultations.seminar_planned", seminar, by=by)
        _announce(seminar, leaders, by=by, at=at)
    return seminar


def change_seminar(
    seminar: Seminar, *, leaders: Collection[Membership], seen: int, by: Membership, at: datetime, **values: Any
) -> list[Membership]:
    """Change a seminar; whom it concerns is told of another time, place, or leader. New places are offered at once.

    Whoever is taken at the new time loses the place, is told why, and is in the answer. `seen` is the `sequence` that
    the form showed. PermissionDenied to those who do not run it. ValidationError as of `plan_seminar`;
    "changed_meanwhile"; "already_cancelled"; "already_begun" for another time of one that has begun;
    "too_few_places" if more have a place.
    """
    need_to_run(seminar, by, on=localdate(at, by.school.zone))
    with kept_by_the_database(), transaction.atomic():
        changed = locked(seminar)
        need_live(changed)
        if changed.sequence != seen:
            raise ValidationError(
                _("Somebody has changed this seminar meanwhile. Your words are kept below: compare and save again."),
                code="changed_meanwhile",
            )
        before = list(changed.leaders.all())
        was, arranged = _told_facts(changed, before), _arranged(changed, before)
        began, span = changed.starts_at <= at, (changed.starts_at, changed.ends_at)
        changes = _changes(changed, leaders, values)
        in_spite_of = values.pop("in_spite_of", "")
        for name, value in values.items():
            setattr(changed, name, value)
        _need_own_school(changed, leaders)
        is_moved = (changed.starts_at, changed.ends_at) != span
        if is_moved and began:
            raise ValidationError(_("This seminar has begun: its time is not changed any more."), code="already_begun")
        on_list = list(Participation.objects.of(changed).live().with_people())
        lock([one.pk for one in leaders] + [one.participant_id for one in on_list], changed.room_id)
        coming = [] if began else [one for one in leaders if is_moved or one not in before]
        _need_time(changed, leaders, coming=coming, at=at if is_moved else None)
        if _arranged(changed, leaders) != arranged and not began:
            changed.in_spite_of = in_spite_of
            _need_open_day(changed, leaders)
        changed.sequence, changed.changed_at = changed.sequence + 1, at
        changed.save()
        changed.leaders.set(leaders)
        taken = taken_between(changed.school_id, changed.starts_at, changed.ends_at, but=changed).people
        led = {one.pk for one in leaders}
        lost = [one for one in on_list if one.participant_id in led or (one.seat and one.participant_id in taken)]
        Participation.objects.filter(pk__in=[one.pk for one in lost]).update(left_at=at, left_by=by)
        move_seats(changed)
        clip_offers(changed)
        record("consultations.seminar_changed", changed, by=by, changes=changes)
        _tell_change(changed, was, leaders, on_list, lost, by=by, at=at)
        offer_free_places(changed, at=at)
    seminar.refresh_from_db()
    return [one.participant for one in lost if one.participant_id not in led]


def cancel_seminar(seminar: Seminar, *, reason: str, by: Membership, at: datetime) -> None:
    """It does not take place: everybody on the list and the leaders are told.

    PermissionDenied to those who do not run it. ValidationError "reason_missing", "already_cancelled", "already_held"
    once its attendance is marked.
    """
    need_to_run(seminar, by, on=localdate(at, by.school.zone))
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Write why: those who signed up will read it."), code="reason_missing")
    with kept_by_the_database(), transaction.atomic():
        cancelled = locked(seminar)
        need_live(cancelled)
        if cancelled.marked_at:
            raise ValidationError(_("This seminar has already been held."), code="already_held")
        cancelled.cancelled_at, cancelled.cancelled_by, cancelled.cancelled_because = at, by, reason
        cancelled.sequence, cancelled.changed_at = cancelled.sequence + 1, at
        cancelled.save()
        record("consultations.seminar_cancelled", cancelled, by=by, changes=[(_("reason"), "", reason)])
        words = _("Cancelled: {seminar}. Reason: {reason}").format(seminar=said(cancelled), reason=reason)
        on_list = Participation.objects.of(cancelled).live().with_people()
        taken, waiting = _taken_and_waiting(cancelled.leaders.with_people(), on_list)
        key = f"seminar_cancelled:{seminar.pk}:{seminar.sequence}"
        tell_freed(cancelled, taken, key, words, by=by, at=at)
        tell(cancelled, waiting, key, words, but=by)
    seminar.refresh_from_db()


def keep_seminar(seminar: Seminar, *, reason: str, by: Membership, at: datetime, because: str = "") -> None:
    """It takes place all the same, whatever the calendar says by now (`reason`): those concerned are told, and why
    (`because`, where that is another one).

    PermissionDenied to those who do not run it. ValidationError "already_cancelled", "already_begun",
    "changed_meanwhile".
    """
    need_to_run(seminar, by, on=localdate(at, by.school.zone))
    with kept_by_the_database(), transaction.atomic():
        kept = locked(seminar)
        need_live(kept)
        if kept.starts_at <= at:
            raise ValidationError(_("This seminar has begun already."), code="already_begun")
        if kept.sequence != seminar.sequence:
            raise ValidationError(_("Somebody has changed this seminar meanwhile."), code="changed_meanwhile")
        kept.in_spite_of, kept.sequence, kept.changed_at = reason, kept.sequence + 1, at
        kept.save(update_fields=["in_spite_of", "sequence", "changed_at"])
        changes = [(_("in spite of"), "", reason)]
        words = _("It takes place all the same: {seminar}, although: {reason}")
        words = words.format(seminar=said(kept), reason=reason)
        if (because := because.strip()) and because != reason:
            changes.append((_("reason"), "", because))
            words = with_reason(f"{words}.", because)
        record("consultations.seminar_kept", kept, by=by, changes=changes)
        on_list = Participation.objects.of(kept).live().with_people()
        taken, waiting = _taken_and_waiting(kept.leaders.with_people(), on_list)
        key = f"seminar_kept:{kept.pk}:{kept.sequence}"
        tell_taken(kept, taken, key, words, by=by, at=at)
        tell(kept, waiting, key, words, but=by)
    seminar.refresh_from_db()


def mark_seminar(seminar: Seminar, *, came: Collection[int], by: Membership, at: datetime) -> None:
    """Say which of those with a place came (by the number of their line); a mark may be corrected.

    PermissionDenied to those who do not run it. ValidationError "not_begun", "already_cancelled".
    """
    need_to_run(seminar, by, on=localdate(at, by.school.zone))
    if seminar.starts_at > at:
        raise ValidationError(_("This seminar has not begun yet."), code="not_begun")
    with kept_by_the_database(), transaction.atomic():
        marked = locked(seminar)
        need_live(marked)
        seated = Participation.objects.of(marked).seated()
        came_count = seated.filter(pk__in=came).update(came=True, offered_until=None)
        missed_count = seated.exclude(pk__in=came).update(came=False)
        Seminar.objects.filter(pk=marked.pk).update(marked_at=at)
        changes = [(_("came"), "", came_count), (_("did not come"), "", missed_count)]
        record("consultations.seminar_attendance", marked, by=by, changes=changes)
    seminar.marked_at = at


def _need_own_school(seminar: Seminar, leaders: Iterable[Membership]) -> None:
    owners = [one.school_id for one in (*leaders, seminar.room) if one]
    owners += [seminar.direction.schedule.order.school_id] if seminar.direction else []
    if set(owners) - {seminar.school_id}:
        raise PermissionDenied


def _need_time(
    seminar: Seminar, leaders: Collection[Membership], *, coming: Collection[Membership], at: datetime | None
) -> None:
    """The leaders and the room are free, `coming` of them have no lesson and are not absent, and the words are in
    order; with `at`, it lies ahead."""
    zone = seminar.school.zone
    if not leaders:
        raise ValidationError(_("Choose who leads the seminar."), code="no_leaders")
    seminar.full_clean()
    if at and seminar.starts_at <= at:
        raise refusals.past(seminar.starts_at, zone)
    seated = Participation.objects.of(seminar).seated().count() if seminar.pk else 0
    if seminar.places < seated:
        raise ValidationError(
            ngettext(
                "{count} person already has a place: there cannot be fewer.",
                "{count} persons already have a place: there cannot be fewer.",
                seated,
            ).format(count=seated),
            code="too_few_places",
        )
    taken = taken_between(seminar.school_id, seminar.starts_at, seminar.ends_at, but=seminar)
    for one in leaders:
        if span := taken.people.get(one.pk):
            raise refusals.person_busy(one, span)
    if coming:
        _need_leaders_there(seminar, coming)
    if span := taken.rooms.get(seminar.room_id):
        raise refusals.room_taken(seminar.room, span, zone)


def _need_leaders_there(seminar: Seminar, leaders: Iterable[Membership]) -> None:
    """No leader has a lesson then or is absent that day."""
    day = localdate(seminar.starts_at, seminar.school.zone)
    engagements = Engagements(seminar.school, day, day, calendar=SchoolCalendar.of(seminar.school, day, day))
    for one in leaders:
        for span in engagements.away(one.pk, day, day):
            if span.starts_at < seminar.ends_at and seminar.starts_at < span.ends_at:
                raise refusals.person_busy(one, (span.starts_at, span.ends_at))


def _need_open_day(seminar: Seminar, leaders: Collection[Membership]) -> None:
    """Its `in_spite_of`, as it was typed, is what the calendar says; then it is kept, "" where nothing is said."""
    reason = SeminarDays.of([seminar]).why_closed(seminar, leaders)
    if reason and seminar.in_spite_of != reason:
        words = _("At that time: %(reason)s. Choose another, or tick below that it is held all the same.")
        raise ValidationError(words, code="day_closed", params={"reason": reason})
    seminar.in_spite_of = reason


def _arranged(seminar: Seminar, leaders: Iterable[Membership]) -> tuple[Any, ...]:
    """What the calendar has a say in."""
    return (
        seminar.starts_at,
        seminar.ends_at,
        seminar.room_id,
        seminar.direction_id,
        {one.pk for one in leaders},
    )


def _told_facts(seminar: Seminar, leaders: Iterable[Membership]) -> tuple[Any, ...]:
    """What those on the list must hear of when it changes."""
    return seminar.starts_at, seminar.ends_at, seminar.where, {one.pk for one in leaders}


def _changes(seminar: Seminar, leaders: Iterable[Membership], values: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """(field, old, new) for the journal, before they are written."""
    zone = seminar.school.zone
    was, now = ((one.starts_at, one.ends_at) for one in (seminar, Seminar(**values)))
    changes = [(_("time"), *(said_span(*span, zone) for span in (was, now)))]
    for name in values.keys() - {"starts_at", "ends_at", "closes_at", "in_spite_of"}:
        old, new = getattr(seminar, name), values[name]
        changes.append((str(Seminar._meta.get_field(name).verbose_name), old, new))
    names = [", ".join(sorted(one.name for one in some)) for some in (seminar.leaders.all(), leaders)]
    return [one for one in [*changes, (_("leaders"), *names)] if one[1] != one[2]]


def _announce(seminar: Seminar, leaders: Collection[Membership], *, by: Membership, at: datetime) -> None:
    """Those for whom it is may sign up; its leaders hear that they lead it."""
    on = localdate(at, by.school.zone)
    led = {one.pk for one in leaders}
    tell_taken(
        seminar,
        Membership.objects.filter(pk__in=led).with_people(),
        f"seminar_led:{seminar.pk}",
        _("You lead: {seminar}.").format(seminar=said(seminar)),
        by=by,
        at=at,
    )
    staff = Membership.objects.visible_to(by).working(on=on).exclude(pk__in=led).with_people()
    invited = [one for one in staff if seminar.is_for(one.roles_on(on))]
    words = _("Sign up: {seminar}.").format(seminar=said(seminar))
    tell(seminar, invited, f"seminar_planned:{seminar.pk}:{seminar.sequence}", words, but=by)


def _tell_change(
    seminar: Seminar,
    was: tuple[Any, ...],
    leaders: Collection[Membership],
    on_list: Collection[Participation],
    lost: Collection[Participation],
    *,
    by: Membership,
    at: datetime,
) -> None:
    gone = {one.pk for one in lost}
    busy, _waited = _taken_and_waiting([], [one for one in lost if one.participant not in leaders])
    words = _("Moved: {seminar}. You are taken at that time, so your place is given up.").format(seminar=said(seminar))
    tell_freed(seminar, busy, f"seminar_lost:{seminar.pk}:{seminar.sequence}", words, by=by, at=at)
    if _told_facts(seminar, leaders) == was:
        return
    leading = Membership.objects.filter(pk__in={one.pk for one in leaders} | was[-1]).with_people()
    staying = [one for one in on_list if one.pk not in gone]
    taken, waiting = _taken_and_waiting([one for one in leading if one in leaders], staying)
    freed = [one for one in leading if one not in leaders and one not in taken]
    names = ", ".join(one.name for one in leading if one in leaders)
    words = _("Changed: {seminar}. Leaders: {leaders}.").format(seminar=said(seminar), leaders=names)
    key = f"seminar_changed:{seminar.pk}:{seminar.sequence}"
    take_back_reminders(seminar, taken, at=at)
    tell_taken(seminar, taken, key, words, by=by, at=at)
    tell_freed(seminar, freed, key, words, by=by, at=at)
    tell(seminar, waiting, key, words, but=by)


def _taken_and_waiting(
    leaders: Iterable[Membership], on_list: Iterable[Participation]
) -> tuple[list[Membership], list[Membership]]:
    """Whose time the seminar takes for certain, and who waits or has not confirmed a place; nobody is in both."""
    taken = {one.pk: one for one in leaders}
    taken |= {one.participant_id: one.participant for one in on_list if one.is_taken}
    waiting = [one.participant for one in on_list if one.participant_id not in taken]
    return list(taken.values()), waiting
