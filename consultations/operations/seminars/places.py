"""The list of a seminar: sign up, leave, wait; a place that falls free is offered to the first who waits.

Our decision (B19): the place is kept for the first of those waiting who is free at that time, and for nobody else,
until it is confirmed; who does not answer in time is taken off the list and told so, and the place goes to the next.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ...models import LAST_HOURS, OFFER_LASTS, Participation, Seminar
from ...moments import said_moment
from .. import refusals
from ..booking import kept_by_the_database, lock
from ..engagements import taken_between
from .rules import locked, may_run, need_live, need_to_run
from .telling import said, tell, tell_freed, tell_taken


def sign_up(seminar: Seminar, participant: Membership, *, by: Membership, at: datetime) -> Participation:
    """Take a place, or wait for one when all are taken or others wait already.

    `by` is the participant, or one who runs the seminar (else PermissionDenied): these enter people of any role, after
    the sign-up has closed and when it has begun too, and past those who wait. ValidationError "already_cancelled";
    "closed"; "not_for_you"; "leads_it"; "already_on_list"; "person_busy"; "full" once it has begun.
    """
    on = localdate(at, participant.school.zone)
    runs = may_run(seminar, by, on=on)
    if participant.school_id != seminar.school_id or not participant.roles_on(on):
        raise PermissionDenied
    if by.pk != participant.pk and not runs:
        raise PermissionDenied
    with kept_by_the_database(), transaction.atomic():
        seminar = locked(seminar)
        need_live(seminar)
        if not runs and seminar.closes_at <= at:
            raise ValidationError(_("The sign-up is closed. Ask those who lead the seminar."), code="closed")
        if not runs and not seminar.is_for(participant.roles_on(on)):
            raise ValidationError(
                _("This seminar is for others: {audience}.").format(audience=seminar.audience_words),
                code="not_for_you",
            )
        if seminar.is_led_by(participant):
            raise ValidationError(_("{person} leads this seminar.").format(person=participant.name), code="leads_it")
        on_list = Participation.objects.of(seminar)
        if on_list.live().of_member(participant).exists():
            raise ValidationError(
                _("{person} is already on the list.").format(person=participant.name), code="already_on_list"
            )
        lock([participant.pk], None)
        _need_free(seminar, participant, by=by)
        free = _free_seats(seminar)
        if not free and seminar.starts_at <= at:
            raise _full()
        must_wait = not free or (not runs and on_list.waiting().exists())
        line = Participation.objects.create(
            seminar=seminar,
            participant=participant,
            seat=None if must_wait else free[0],
            added_by=by,
            added_at=at,
        )
        state = _("waits for a place") if must_wait else _("has a place")
        record("consultations.seminar_signed_up", seminar, by=by, changes=[(participant.name, "", state)])
        words = _("You are on the waiting list: {seminar}.") if must_wait else _("You have a place: {seminar}.")
        words, key = words.format(seminar=said(seminar)), f"seminar_entered:{line.pk}"
        if must_wait:
            tell(seminar, [participant], key, words, but=by)
        else:
            tell_taken(seminar, [participant], key, words, by=by, at=at)
    return line


def leave_seminar(line: Participation, *, by: Membership, at: datetime) -> None:
    """Give up the place, or stop waiting; the place is offered to the next.

    By the participant or one who runs the seminar (else PermissionDenied). ValidationError "not_on_list",
    "already_cancelled", "already_begun".
    """
    seminar = _need_right(line, by, at)
    with kept_by_the_database(), transaction.atomic():
        seminar = locked(seminar)
        need_live(seminar)
        if seminar.starts_at <= at:
            raise ValidationError(_("This seminar has begun: the list is not left any more."), code="already_begun")
        left = Participation.objects.live().filter(pk=line.pk)
        had_place = left.taken().exists()
        if not left.update(left_at=at, left_by=by):
            raise _not_on_list()
        record("consultations.seminar_left", seminar, by=by, changes=[(_("participant"), line.participant.name, "")])
        is_own = by.pk == line.participant_id
        words = _("You have given up the place: {seminar}.") if is_own else _("You are taken off the list: {seminar}.")
        words = words.format(seminar=said(seminar))
        key = f"seminar_taken_off:{line.pk}"
        if had_place:
            tell_freed(seminar, [line.participant], key, words, by=by, at=at)
        else:
            tell(seminar, [line.participant], key, words, but=by)
        offer_free_places(seminar, at=at)
    line.refresh_from_db()


def confirm_place(line: Participation, *, by: Membership, at: datetime) -> None:
    """Take the place that was offered. ValidationError "nothing_offered", "offer_passed", "already_cancelled".

    By the participant, or one who runs the seminar and was told by telephone (else PermissionDenied).
    """
    seminar = _need_right(line, by, at)
    with kept_by_the_database(), transaction.atomic():
        seminar = locked(seminar)
        need_live(seminar)
        offered = Participation.objects.offered().filter(pk=line.pk)
        if not offered.filter(offered_until__gt=at).update(offered_until=None):
            if offered.exists():
                raise ValidationError(_("The time to confirm this place is over."), code="offer_passed")
            raise ValidationError(_("There is no place to confirm."), code="nothing_offered")
        changes = [(_("participant"), "", line.participant.name)]
        record("consultations.seminar_confirmed", seminar, by=by, changes=changes)
        words = _("You have a place: {seminar}.").format(seminar=said(seminar))
        tell_taken(seminar, [line.participant], f"seminar_confirmed:{line.pk}", words, by=by, at=at)
    line.refresh_from_db()


def give_place(line: Participation, *, by: Membership, at: datetime) -> None:
    """Give a free place to one who waits, out of turn and without waiting for an answer.

    By one who runs the seminar (else PermissionDenied). ValidationError "full", "not_on_list" (gone, or seated by now),
    "person_busy", "already_cancelled".
    """
    need_to_run(line.seminar, by, on=localdate(at, by.school.zone))
    with kept_by_the_database(), transaction.atomic():
        seminar = locked(line.seminar)
        need_live(seminar)
        lock([line.participant_id], None)
        _need_free(seminar, line.participant, by=by)
        free = _free_seats(seminar)
        if not free:
            raise _full()
        if not Participation.objects.waiting().filter(pk=line.pk).update(seat=free[0]):
            raise _not_on_list()
        record("consultations.seminar_given", seminar, by=by, changes=[(_("participant"), "", line.participant.name)])
        words = _("You have a place: {seminar}.").format(seminar=said(seminar))
        tell_taken(seminar, [line.participant], f"seminar_given:{line.pk}", words, by=by, at=at)
    line.refresh_from_db()


def pass_on_offers(*, at: datetime) -> int:
    """Take places that nobody confirmed in time and offer them to the next; returns how many. For the clock.

    Each seminar in a transaction of its own; one query when there is nothing to pass on.
    """
    return sum(_pass_on(seminar, at=at) for seminar in Seminar.objects.with_passed_offers(at=at))


@transaction.atomic
def _pass_on(seminar: Seminar, *, at: datetime) -> int:
    seminar = locked(seminar)
    passed = list(Participation.objects.of(seminar).offered().filter(offered_until__lte=at).with_people())
    if seminar.cancelled_at or not passed:
        return 0
    Participation.objects.filter(pk__in=[one.pk for one in passed]).update(left_at=at)
    for one in passed:
        changes = [(_("not confirmed in time"), one.participant.name, "")]
        record("consultations.seminar_left", seminar, by=None, changes=changes, school_id=seminar.school_id)
        words = _("The place was not confirmed in time and goes to the next: {seminar}. You may sign up again.")
        tell(seminar, [one.participant], f"seminar_passed:{one.pk}", words.format(seminar=said(seminar)), but=None)
    offer_free_places(seminar, at=at)
    return len(passed)


def offer_free_places(seminar: Seminar, *, at: datetime) -> None:
    """Offer every free place to the first of those waiting who are free then; the seminar's row is held."""
    until = min(at + OFFER_LASTS, seminar.starts_at - LAST_HOURS)
    free = _free_seats(seminar)
    waiting = list(Participation.objects.of(seminar).waiting().with_people()) if free and until > at else []
    if not waiting:
        return
    lock([one.participant_id for one in waiting], None)
    taken = taken_between(seminar.school_id, seminar.starts_at, seminar.ends_at, but=seminar).people
    fitting = [one for one in waiting if one.participant_id not in taken]
    for seat, one in zip(free, fitting, strict=False):
        one.seat, one.offered_until = seat, until
        one.save(update_fields=["seat", "offered_until"])
        name = one.participant.name
        changes = [(_("participant"), "", name)]
        record("consultations.seminar_offered", seminar, by=None, changes=changes, school_id=seminar.school_id)
        words = _("A place has become free: {seminar}. Confirm it until {moment}, then it goes to the next.").format(
            seminar=said(seminar), moment=said_moment(until, seminar.school.zone)
        )
        tell(seminar, [one.participant], f"seminar_offered:{one.pk}", words, but=None)


def move_seats(seminar: Seminar) -> None:
    """Number anew the places above the last one, after their count has shrunk; the seminar's row is held."""
    above = Participation.objects.of(seminar).seated().filter(seat__gt=seminar.places)
    for seat, one in zip(_free_seats(seminar), list(above), strict=False):
        one.seat = seat
        one.save(update_fields=["seat"])


def clip_offers(seminar: Seminar) -> None:
    """No offer lasts into the last two hours of a seminar that was moved to an earlier time."""
    last = seminar.starts_at - LAST_HOURS
    Participation.objects.of(seminar).offered().filter(offered_until__gt=last).update(offered_until=last)


def _free_seats(seminar: Seminar) -> list[int]:
    taken = set(Participation.objects.of(seminar).seated().values_list("seat", flat=True))
    return [seat for seat in range(1, seminar.places + 1) if seat not in taken]


def _need_free(seminar: Seminar, participant: Membership, *, by: Membership) -> None:
    """Nobody is in two places; the participant's row is held."""
    taken = taken_between(seminar.school_id, seminar.starts_at, seminar.ends_at, but=seminar).people
    if span := taken.get(participant.pk):
        raise (
            refusals.self_busy(participant, span)
            if by.pk == participant.pk
            else refusals.person_busy(participant, span)
        )


def _need_right(line: Participation, by: Membership, at: datetime) -> Seminar:
    if by.pk != line.participant_id:
        need_to_run(line.seminar, by, on=localdate(at, by.school.zone))
    return line.seminar


def _full() -> ValidationError:
    return ValidationError(_("All places are taken. Add places first."), code="full")


def _not_on_list() -> ValidationError:
    return ValidationError(_("This person is no longer on the list, or has a place already."), code="not_on_list")
