"""From a request to a consultation, and its result back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from consultations.models import Booking, TimeRequest
from consultations.moments import said_moment, said_span
from consultations.operations import book_consultation
from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ..models import OPEN, HelpRequest, Reply
from .people import day_of, specialist_only, who_answers
from .writing import STATE_FIELDS, change_if, refuse_if_closed, take_if_nobodys, tell_people


@transaction.atomic
def link_booking(help_request: HelpRequest, booking: Booking, *, by: Membership, at: datetime) -> None:
    """Say that a consultation is about this request; both then show each other.

    Raises PermissionDenied for anybody but the requester and the specialists; ValidationError "not_of_requester" if
    another teacher is to come, "closed", "already_linked", "booking_cancelled".
    """
    if by.pk != help_request.requester_id:
        specialist_only(help_request, by, at=at)
    if booking.teacher_id != help_request.requester_id:
        raise ValidationError(_("This consultation is for another teacher."), code="not_of_requester")
    if booking.cancelled_at:
        raise ValidationError(_("This consultation is cancelled."), code="booking_cancelled")
    help_request.refresh_from_db(fields=STATE_FIELDS)
    refuse_if_closed(help_request)
    if help_request.bookings.filter(pk=booking.pk).exists():
        raise ValidationError(_("This consultation is already linked to the request."), code="already_linked")
    _link(help_request, booking, by=by, at=at)


def _link(help_request: HelpRequest, booking: Booking, *, by: Membership, at: datetime) -> None:
    help_request.bookings.add(booking)
    line = Reply.objects.create(
        request=help_request,
        author=by,
        written_at=at,
        act=Reply.Act.BOOKED,
        text=_when_and_where(booking, help_request),
    )
    record("support.booked", help_request, by=by, changes=[(_("consultation"), None, line.text)])
    words = _("Request %(number)s: a consultation is booked, %(when)s.") % {
        "number": help_request.number,
        "when": line.text,
    }
    # The two who are to meet are told by the booking itself.
    told = [
        one for one in who_answers(help_request, at=at) if one.pk not in (booking.specialist_id, booking.teacher_id)
    ]
    tell_people(told if help_request.assignee_id else [], help_request, f"line-{line.pk}", words, but=by)


@transaction.atomic
def book_for_request(
    help_request: HelpRequest,
    *,
    starts_at: datetime,
    question: str,
    by: Membership,
    at: datetime,
    specialist: Membership | None = None,
) -> Booking:
    """Book a consultation on the request's direction for the one who asked, and link it: all or nothing.

    Refuses as `consultations.operations.book_consultation` and `link_booking` do.
    """
    if by.pk != help_request.requester_id:
        specialist_only(help_request, by, at=at)
    refuse_if_closed(help_request)
    booking = book_consultation(
        help_request.direction,
        specialist=specialist,
        starts_at=starts_at,
        teacher=help_request.requester,
        question=question,
        by=by,
        at=at,
    )
    link_booking(help_request, booking, by=by, at=at)
    return booking


@transaction.atomic
def link_asked_time(help_request: HelpRequest, time_request: TimeRequest, *, at: datetime) -> None:
    """The one who asked has proposed times for a consultation; the one that is agreed on comes back to this request.

    Nothing happens if the request is another's, or closed: the times are proposed all the same.
    """
    if help_request.requester_id != time_request.teacher_id or help_request.closed_at:
        return
    help_request.time_requests.add(time_request)
    zone = help_request.school.zone
    times = "; ".join(said_moment(one.starts_at, zone) for one in time_request.times.all())
    Reply.objects.create(
        request=help_request, author=time_request.teacher, written_at=at, act=Reply.Act.TIME_ASKED, text=times
    )
    record("support.time_proposed", help_request, by=time_request.teacher, changes=[(_("proposed times"), "", times)])


@transaction.atomic
def link_agreed_booking(time_request: TimeRequest, booking: Booking, *, by: Membership, at: datetime) -> None:
    """A time asked for from a request is agreed on: the consultation is linked to it, as by `link_booking`.

    Whoever gives the consultation need not be one who answers the request; a closed one is left alone.
    """
    for help_request in time_request.help_requests.open().with_people().with_specialists():
        _link(help_request, booking, by=by, at=at)


@transaction.atomic
def take_result(booking: Booking, *, by: Membership, at: datetime) -> None:
    """Write what came of a consultation into the requests it came from: one line in each, which follows corrections.

    A held consultation is an answer: the first is timed, and a request that nobody had is taken. A mark taken back
    takes its line along. The one who asked hears once, when there are words. A closed request stays closed.
    """
    found = HelpRequest.objects.filter(bookings=booking).with_people().with_specialists()
    for help_request in found.select_for_update(of=("self",)):
        line = Reply.objects.filter(request=help_request, result_of=booking).first()
        before = line.text if line else ""
        if line and not booking.came:  # it was the first answer and proves none
            change_if(help_request, Q(answered_at=line.written_at), answered_at=None)
        if booking.came is None:
            if line:
                line.delete()
                record("support.consulted", help_request, by=by, changes=[(_("consultation"), before, "")])
            continue
        line = line or Reply(request=help_request, result_of=booking, written_at=at)
        line.author, line.text = by, _result_of(booking, help_request)
        line.act = Reply.Act.HELD if booking.came else Reply.Act.MISSED
        line.save()
        if booking.came:
            change_if(help_request, OPEN & Q(answered_at=None), answered_at=line.written_at)
            if help_request.may_be_answered_by(by, roles=by.roles_on(day_of(help_request, at))):
                take_if_nobodys(help_request, by=by, at=at)
        record("support.consulted", help_request, by=by, changes=[(_("consultation"), before, line.text)])
        if booking.outcome or booking.follow_up:
            words = _("Request %(number)s, %(name)s: %(words)s") % {
                "number": help_request.number,
                "name": by.name,
                "words": f"{line.get_act_display()} {line.text}",
            }
            told = [help_request.requester, *(who_answers(help_request, at=at) if help_request.assignee_id else [])]
            tell_people(told, help_request, f"result-{booking.pk}", words, but=by)


def _result_of(booking: Booking, help_request: HelpRequest) -> str:
    """«вт, 24 ноября, 10:20–10:40. Показано, как исправить отметку. Осталось: отчёты»"""
    left = _("Left to do: %(what)s") % {"what": booking.follow_up} if booking.follow_up else ""
    when = said_span(booking.starts_at, booking.ends_at, help_request.school.zone)
    return ". ".join(one.rstrip(".") for one in (when, booking.outcome, left) if one)


def _when_and_where(booking: Booking, help_request: HelpRequest) -> str:
    """«вт, 24 ноября, 10:20–10:40, кабинет 13, Примерова А. П.»"""
    when = said_span(booking.starts_at, booking.ends_at, help_request.school.zone)
    room = _("room %(room)s") % {"room": booking.room.name} if booking.room else ""
    return ", ".join(filter(None, [when, room, booking.specialist.name]))
