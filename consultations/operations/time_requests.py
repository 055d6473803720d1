"""«По мере необходимости»: a time asked for and agreed on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role

from ..availability import Availability
from ..models import Booking, Direction, ProposedTime, TimeRequest
from ..moments import said_day, said_moment, said_span
from ..signals import time_agreed, times_proposed
from . import refusals
from .booking import kept_by_the_database, lock, lowest_free_place, write_booking
from .specialists import specialists_of, standing_of

TIMES_PROPOSED = 3


@kept_by_the_database()
@transaction.atomic
def propose_times(
    direction: Direction,
    *,
    teacher: Membership,
    question: str,
    times: Sequence[datetime],
    at: datetime,
    asked_from: str = "",
) -> TimeRequest:
    """Ask for a consultation at one of up to three times; the specialists of the direction are told.

    `asked_from` is where the teacher came from, as the room above wrote it: told on by `times_proposed`.
    ValidationError "empty_question", "no_times", "too_many_times", "past_time", "not_free" (closed, or beyond what
    may be booked), "not_on_demand", "already_asked" (one waiting request in a direction is enough: our decision);
    PermissionDenied in another school.
    """
    if direction.schedule.order.school_id != teacher.school_id:
        raise PermissionDenied
    question = refusals.need_question(question)
    times = sorted(set(times))
    availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
    if not direction.is_on_demand or not availability.directions:
        raise ValidationError(_("In this direction times are booked by the hours."), code="not_on_demand")
    if not times:
        raise ValidationError(_("Propose at least one time."), code="no_times")
    if len(times) > TIMES_PROPOSED:
        raise ValidationError(_("Propose no more than three times."), code="too_many_times")
    for one in times:
        _may_be_proposed(one, availability, direction)
    # The lock lets a double click pass here one after the other on PostgreSQL, as on SQLite.
    lock([teacher.pk], None)
    if TimeRequest.objects.waiting().filter(direction=direction, teacher=teacher).exists():
        raise ValidationError(
            _("You have already asked in this direction. Wait for the answer or withdraw the request."),
            code="already_asked",
        )
    time_request = TimeRequest.objects.create(direction=direction, teacher=teacher, question=question)
    ProposedTime.objects.bulk_create(ProposedTime(time_request=time_request, starts_at=one) for one in times)
    zone = teacher.school.zone
    record(
        "consultations.time_requested",
        time_request,
        by=teacher,
        changes=[(_("proposed times"), "", "; ".join(said_moment(one, zone) for one in times))],
    )
    notify(
        _who_answers(direction, teacher, on=localdate(at, zone)),
        key=f"consultations.time_requested:{time_request.pk}",
        words=_("{teacher} asks for a consultation: {direction}. Choose one of the proposed times.").format(
            teacher=teacher.name, direction=direction
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )
    times_proposed.send(TimeRequest, time_request=time_request, asked_from=asked_from, at=at)
    return time_request


def accept_time(time_request: TimeRequest, proposed: ProposedTime, *, by: Membership, at: datetime) -> Booking:
    """Agree to one of the proposed times; `by` gives the consultation.

    Only who gives help in the direction that day (else PermissionDenied). ValidationError "already_answered",
    "past_time", "time_taken", "teacher_taken", also by a lesson of the teacher, "not_free" if a closure, a
    lesson or an absence of `by` was written since, "order_closed" (the teacher proposes again by the new schedule).
    """
    direction, teacher = time_request.direction, time_request.teacher
    zone = teacher.school.zone
    starts_at, ends_at = proposed.starts_at, proposed.starts_at + timedelta(minutes=direction.slot_minutes)
    if proposed.time_request_id != time_request.pk or not may_answer(time_request, by, on=localdate(at, zone)):
        raise PermissionDenied
    if not may_answer(time_request, by, on=localdate(starts_at, zone)):
        raise PermissionDenied
    if starts_at <= at:
        raise refusals.past(starts_at, zone)
    if not Direction.objects.in_force().filter(pk=direction.pk).exists():
        raise ValidationError(
            _("The order of this schedule is closed. Ask the teacher to propose a time by the new schedule."),
            code="order_closed",
        )
    with kept_by_the_database(), transaction.atomic():
        lock([by.pk, teacher.pk], direction.room_id)
        availability = Availability(Direction.objects.filter(pk=direction.pk), teacher=teacher, at=at)
        if reason := availability.why_not(direction, starts_at, ends_at, specialist=by.pk):
            raise refusals.closed(reason)
        if availability.teaches(starts_at, ends_at):
            raise refusals.has_lesson(teacher, by=by)
        booking = write_booking(
            direction,
            specialist=by,
            teacher=teacher,
            span=(starts_at, ends_at),
            room_place=lowest_free_place(direction.room, starts_at, ends_at),
            question=time_request.question,
            by=by,
            at=at,
        )
        if not TimeRequest.objects.waiting().filter(pk=time_request.pk).update(booking=booking):
            raise _answered()
        record(
            "consultations.time_accepted",
            time_request,
            by=by,
            changes=[(_("time"), "", said_span(starts_at, ends_at, zone))],
        )
        time_agreed.send(TimeRequest, time_request=time_request, booking=booking, by=by, at=at)
    time_request.booking = booking
    return booking


@kept_by_the_database()
@transaction.atomic
def decline_times(time_request: TimeRequest, *, by: Membership, answer: str, at: datetime) -> None:
    """None of the times suits; `answer` says what does. ValidationError "answer_missing", "already_answered"."""
    zone = time_request.teacher.school.zone
    if not may_answer(time_request, by, on=localdate(at, zone)):
        raise PermissionDenied
    answer = answer.strip()
    if not answer:
        raise ValidationError(_("Write to the teacher why, and which time would suit."), code="answer_missing")
    waiting = TimeRequest.objects.waiting().filter(pk=time_request.pk)
    if not waiting.update(declined_at=at, declined_by=by, answer=answer):
        raise _answered()
    time_request.refresh_from_db()
    record("consultations.time_declined", time_request, by=by, changes=[(_("answer"), "", answer)])
    notify(
        [time_request.teacher],
        key=f"consultations.time_declined:{time_request.pk}",
        words=_("{person} cannot come at the times that you proposed ({direction}): {answer}").format(
            person=by.name, direction=time_request.direction, answer=answer
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )


@kept_by_the_database()
@transaction.atomic
def withdraw_request(time_request: TimeRequest, *, by: Membership, at: datetime) -> None:
    """The teacher no longer needs it. PermissionDenied to others; ValidationError "already_answered"."""
    if by.pk != time_request.teacher_id:
        raise PermissionDenied
    if not TimeRequest.objects.waiting().filter(pk=time_request.pk).update(withdrawn_at=at):
        raise _answered()
    time_request.refresh_from_db()
    record("consultations.time_withdrawn", time_request, by=by)
    notify(
        _who_answers(time_request.direction, by, on=localdate(at, by.school.zone)),
        key=f"consultations.time_withdrawn:{time_request.pk}",
        words=_("{teacher} has withdrawn the request for a time: {direction}.").format(
            teacher=by.name, direction=time_request.direction
        ),
        address=time_request.get_absolute_url(),
        topic=Topic.CONSULTATION,
        about=time_request,
    )


def may_answer(time_request: TimeRequest, member: Membership, *, on: date) -> bool:
    """Whether a member gives help in the direction of the request that day, or stands in; nobody answers oneself."""
    standing = standing_of(member, on=on)
    served = time_request.direction.direction_roles.of_specialist(member, **standing._asdict())
    return (
        member.pk != time_request.teacher_id
        and member.school_id == time_request.teacher.school_id
        and bool(standing.roles)
        and served.exists()
    )


def _may_be_proposed(moment: datetime, availability: Availability, direction: Direction) -> None:
    zone, day = availability.zone, localdate(moment, availability.zone)
    if moment <= availability.at:
        raise refusals.past(moment, zone)
    if day > availability.rules(direction).last_day or moment > availability.at + timedelta(days=366):
        raise ValidationError(
            _("{day} is after the school year of the order.").format(day=f"{day:%d.%m.%Y}"), code="not_free"
        )
    if words := availability.calendar.why_closed(day):
        raise ValidationError(
            _("{day}: the school is closed ({reason}). Choose another day.").format(day=said_day(day), reason=words),
            code="not_free",
        )


def _answered() -> ValidationError:
    return ValidationError(_("This request has already been answered or withdrawn."), code="already_answered")


def _who_answers(direction: Direction, teacher: Membership, *, on: date) -> list[Membership]:
    """The specialists of a direction; where nobody is appointed, the administration, lest the request lie unseen."""
    found = list(specialists_of(direction, teacher, on=on).with_people())
    return found or list(Membership.objects.visible_to(teacher).with_people().holding(Role.ADMINISTRATION, on=on))
