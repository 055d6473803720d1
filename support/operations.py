"""What people do with a request for help (Annex 2). Every act writes the journal and tells the other side.

The acts of a request write its row by conditional UPDATEs: of two people at once one wins, the other is told.
Words for the requester and words for colleagues are different functions over different tables: `reply` and
`write_internal_note`. Who may act is decided on the day of `at` in the zone of the school.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultations.models import Booking, Direction, DirectionRole, TimeRequest
from consultations.moments import said_moment, said_span
from consultations.operations import book_consultation, gives_help
from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.models import Topic
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.roles import SPECIALISTS, Ability, Role

from .models import ENDED, OPEN, HelpRequest, InternalNote, Reply

# Our decision: for two weeks of work an answer may prove wrong; later it is another question, asked anew.
REOPEN_WORKING_DAYS = 10
# Each attempt is lost only to somebody who got the number, so more are never needed at one moment.
NUMBER_ATTEMPTS = 100
LONGEST_HOLIDAY = timedelta(days=150)
STATE_FIELDS = (
    "assignee", "taken_at", "answered_at", "waiting_since", "solved_at", "closed_at", "helped", "reopened_count"
)  # fmt: skip
VERBS_OF_ACTS = {
    Reply.Act.WROTE: "support.replied",
    Reply.Act.TAKEN: "support.taken",
    Reply.Act.WAITS: "support.replied",
    Reply.Act.SOLVED: "support.solved",
    Reply.Act.CLOSED: "support.closed",
    Reply.Act.HELPED: "support.closed",
    Reply.Act.NOT_HELPED: "support.closed",
    Reply.Act.REOPENED: "support.reopened",
}


@transaction.atomic
def ask_for_help(
    *,
    direction: Direction,
    question: str,
    description: str,
    form: str,
    requester: Membership,
    registered_by: Membership,
    at: datetime,
) -> HelpRequest:
    """Write a question under the next number of the year and tell the specialists of its direction.

    Who came in person or phoned is `requester`; rights and messages are theirs, whoever wrote it down. `form` is one
    of the four of clause 4. Raises PermissionDenied if `registered_by` may not write for somebody else;
    ValidationError "empty_question", "foreign_requester", "direction_not_in_force".
    """
    if requester.school_id != registered_by.school_id:
        raise ValidationError(_("This person does not work in your school."), code="foreign_requester")
    if requester.pk != registered_by.pk and not may_register_for_others(registered_by, at=at):
        raise PermissionDenied
    order = direction.schedule.order
    if order.school_id != requester.school_id or order.state != Order.State.IN_FORCE:
        raise ValidationError(_("This direction is not in the schedule in force."), code="direction_not_in_force")
    question = " ".join(question.split())
    if not question:
        raise ValidationError(_("Write your question in one line."), code="empty_question")
    help_request = _with_next_number(
        HelpRequest(
            school=requester.school,
            year=at.astimezone(requester.school.zone).year,
            requester=requester,
            registered_by=registered_by,
            direction=direction,
            question=question,
            description=description.strip(),
            form=form,
            asked_at=at,
        )
    )
    record("support.asked", help_request, by=registered_by)
    words = _("Request %(number)s, %(direction)s: %(question)s") % {
        "number": help_request.number,
        "direction": direction.name,
        "question": question,
    }
    _tell(_answering(help_request, at=at), help_request, "asked", words, but=registered_by)
    if requester.pk != registered_by.pk:
        words = _("%(name)s wrote down your question as request %(number)s.") % {
            "name": registered_by.name,
            "number": help_request.number,
        }
        _tell([requester], help_request, "registered", words)
    return help_request


@transaction.atomic
def take_request(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    """Take a request that nobody has. Of two who press the button one wins, the other is told who has it.

    Raises PermissionDenied if it is not one's own direction (Annex 2, clause 2; Annex 3, column 2);
    ValidationError "already_taken", "closed".
    """
    _specialist_only(help_request, by, at=at)
    if not _change(help_request, OPEN & Q(assignee=None), assignee=by, taken_at=at):
        _refuse_if_closed(help_request)
        _refuse_as_taken(help_request)
    _write(help_request, Reply.Act.TAKEN, "", by=by, at=at)


@transaction.atomic
def reply(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Write words that both sides read.

    Of the requester: what waited for them waits no longer; an answered or closed request goes back to work, as by
    `reopen`. Of a specialist: the first answer is timed, and a request that nobody had is taken.
    Raises PermissionDenied for anybody else; ValidationError "empty_text", "closed", "too_late".
    """
    text = _not_empty(text)
    if by.pk != help_request.requester_id:
        _answers(help_request, by, at=at)
        return _write(help_request, Reply.Act.WROTE, text, by=by, at=at)
    act = Reply.Act.WROTE
    if not _change(help_request, OPEN & Q(solved_at=None), waiting_since=None):
        _back_to_work(help_request, at=at)
        act = Reply.Act.REOPENED
    return _write(help_request, act, text, by=by, at=at)


@transaction.atomic
def write_internal_note(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> InternalNote:
    """Write words for colleagues; the requester never learns of them, the journal keeps only that there is a note.

    Raises PermissionDenied for anybody but the specialists; ValidationError "empty_text".
    """
    text = _not_empty(text)
    _specialist_only(help_request, by, at=at)
    note = InternalNote.objects.create(request=help_request, author=by, written_at=at, text=text)
    record("support.noted", help_request, by=by)
    if help_request.assignee_id:
        words = _("Request %(number)s: a note for colleagues from %(name)s.") % {
            "number": help_request.number,
            "name": by.name,
        }
        _tell(_answering(help_request, at=at), help_request, f"note-{note.pk}", words, but=by)
    return note


@transaction.atomic
def wait_for_teacher(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Ask the teacher something and wait for the answer. Refuses as `reply` of a specialist does."""
    text = _not_empty(text)
    _answers(help_request, by, at=at)
    if not _change(help_request, OPEN, waiting_since=at, solved_at=None):
        _refuse_if_closed(help_request)
    return _write(help_request, Reply.Act.WAITS, text, by=by, at=at)


@transaction.atomic
def solve(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Give the answer; the teacher then says whether it helped.

    Refuses as `reply` of a specialist does, and "already_solved".
    """
    text = _not_empty(text)
    _answers(help_request, by, at=at)
    if not _change(help_request, OPEN & Q(solved_at=None), waiting_since=None, solved_at=at):
        _refuse_if_closed(help_request)
        raise ValidationError(_("This question is already answered."), code="already_solved")
    return _write(help_request, Reply.Act.SOLVED, text, by=by, at=at)


@transaction.atomic
def close(help_request: HelpRequest, *, helped: bool | None, by: Membership, at: datetime) -> None:
    """End a request. Only the requester can say whether it helped; None says nothing of it.

    Raises PermissionDenied for anybody but the requester and the specialists;
    ValidationError "already_closed", "not_yours_to_say".
    """
    if by.pk != help_request.requester_id:
        _specialist_only(help_request, by, at=at)
        if helped is not None:
            raise ValidationError(_("Only the person who asked can say whether it helped."), code="not_yours_to_say")
    if not _change(help_request, OPEN, waiting_since=None, closed_at=at, helped=helped):
        raise ValidationError(_("This request is already closed."), code="already_closed")
    act = {True: Reply.Act.HELPED, False: Reply.Act.NOT_HELPED, None: Reply.Act.CLOSED}[helped]
    _write(help_request, act, "", by=by, at=at)


@transaction.atomic
def reopen(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    """Put an answered or closed request back to work, see `reopen_until`.

    Raises PermissionDenied for anybody but the requester and the specialists; ValidationError "not_closed", "too_late".
    """
    if by.pk != help_request.requester_id:
        _specialist_only(help_request, by, at=at)
    _back_to_work(help_request, at=at)
    _write(help_request, Reply.Act.REOPENED, "", by=by, at=at)


@transaction.atomic
def hand_over(help_request: HelpRequest, *, to: Membership, reason: str, by: Membership, at: datetime) -> None:
    """Give a request to a colleague, or take it over from one; the reason stands in the thread.

    Raises PermissionDenied for anybody but the specialists and the administration; ValidationError "empty_text",
    "closed", "not_a_specialist" if `to` gives no help that day or asked the question, "already_taken" if it is
    theirs already or a colleague was faster.
    """
    reason = _not_empty(reason)
    if not help_request.may_be_handed_over_by(by, roles=by.roles_on(_day(help_request, at))):
        raise PermissionDenied
    if not specialists_for(help_request, at=at).filter(pk=to.pk).exists():
        raise ValidationError(_("This person does not answer requests."), code="not_a_specialist")
    before = help_request.assignee_id
    if before == to.pk or not _change(help_request, OPEN & Q(assignee=before), assignee=to, taken_at=at):
        _refuse_if_closed(help_request)
        _refuse_as_taken(help_request)
    line = Reply.objects.create(
        request=help_request, author=by, written_at=at, act=Reply.Act.HANDED_OVER, text=f"{to.name}: {reason}"
    )
    old = Membership.objects.select_related("user").filter(pk=before).first()
    record("support.handed_over", help_request, by=by, changes=[(_("who answers"), old, to)])
    words = _("Request %(number)s is handed over to %(name)s: %(reason)s") % {
        "number": help_request.number,
        "name": to.name,
        "reason": reason,
    }
    told = [help_request.requester, to, *([old] if old else [])]
    _tell(told, help_request, f"line-{line.pk}", words, but=by)


@transaction.atomic
def link_booking(help_request: HelpRequest, booking: Booking, *, by: Membership, at: datetime) -> None:
    """Say that a consultation is about this request; both then show each other.

    Raises PermissionDenied for anybody but the requester and the specialists; ValidationError "not_of_requester" if
    another teacher is to come, "closed", "already_linked", "booking_cancelled".
    """
    if by.pk != help_request.requester_id:
        _specialist_only(help_request, by, at=at)
    if booking.teacher_id != help_request.requester_id:
        raise ValidationError(_("This consultation is for another teacher."), code="not_of_requester")
    if booking.cancelled_at:
        raise ValidationError(_("This consultation is cancelled."), code="booking_cancelled")
    help_request.refresh_from_db(fields=STATE_FIELDS)
    _refuse_if_closed(help_request)
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
    told = [one for one in _answering(help_request, at=at) if one.pk not in (booking.specialist_id, booking.teacher_id)]
    _tell(told if help_request.assignee_id else [], help_request, f"line-{line.pk}", words, but=by)


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
        _specialist_only(help_request, by, at=at)
    _refuse_if_closed(help_request)
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
            _change(help_request, Q(answered_at=line.written_at), answered_at=None)
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
            _change(help_request, OPEN & Q(answered_at=None), answered_at=line.written_at)
            if help_request.may_be_answered_by(by, roles=by.roles_on(_day(help_request, at))):
                _take_if_nobodys(help_request, by=by, at=at)
        record("support.consulted", help_request, by=by, changes=[(_("consultation"), before, line.text)])
        if booking.outcome or booking.follow_up:
            words = _("Request %(number)s, %(name)s: %(words)s") % {
                "number": help_request.number,
                "name": by.name,
                "words": f"{line.get_act_display()} {line.text}",
            }
            told = [help_request.requester, *(_answering(help_request, at=at) if help_request.assignee_id else [])]
            _tell(told, help_request, f"result-{booking.pk}", words, but=by)


def may_register_for_others(member: Membership, *, at: datetime) -> bool:
    """Those who answer and the administration write down the questions of people who came in or phoned."""
    day = localdate(at, member.school.zone)
    return member.may(Ability.SEE_ALL_HELP, on=day) or gives_help(member, on=day)


def specialists_for(help_request: HelpRequest, *, at: datetime) -> MembershipQuerySet:
    """Whom the request may be handed to: who gives any help that day, but not the one who asked."""
    roles = {*SPECIALISTS, *help_request.direction.roles} - {Role.TEACHER}
    in_force = DirectionRole.objects.in_force().filter(direction__schedule__order__school=help_request.school_id)
    named = in_force.exclude(person=None).values_list("person", flat=True)
    return _staff(help_request, roles, named={*named, *help_request.direction.named}, at=at)


def reopen_until(help_request: HelpRequest) -> date | None:
    """The last day (itself included) on which the request may go back to work; None while it is in work.

    Ten working days of the school after it was closed, or answered (our decision): holidays take nothing away.
    """
    ended_at = help_request.closed_at or help_request.solved_at
    if ended_at is None:
        return None
    school = help_request.school
    day = localdate(ended_at, school.zone)
    calendar = SchoolCalendar.of(school, day, day + LONGEST_HOLIDAY)  # a school closed for years gives the day too
    for _count in range(REOPEN_WORKING_DAYS):
        day = calendar.next_open(day)
    return day


# --- Who ---------------------------------------------------------------------------------------


def _specialist_only(help_request: HelpRequest, by: Membership, *, at: datetime) -> None:
    if not help_request.may_be_answered_by(by, roles=by.roles_on(_day(help_request, at))):
        raise PermissionDenied


def _staff(
    help_request: HelpRequest, roles: Iterable[Role], *, named: Iterable[int] = (), at: datetime
) -> MembershipQuerySet:
    asker = help_request.requester
    staff = Membership.objects.visible_to(asker).serving(roles, named=named, on=_day(help_request, at))
    return staff.exclude(pk=asker.pk).select_related("user")


def _answering(help_request: HelpRequest, *, at: datetime) -> list[Membership]:
    """Who is to act: the assignee, else the specialists of the direction, else the administration that appoints them.

    Our decision: an order may name roles that nobody holds, and a question must not fall between the chairs.
    """
    here = Membership.objects.visible_to(help_request.requester).working(on=_day(help_request, at))
    assignee = here.filter(pk=help_request.assignee_id).select_related("user")
    roles = set(help_request.direction.roles) - {Role.TEACHER}
    return (
        list(assignee)
        or list(_staff(help_request, roles, named=help_request.direction.named, at=at))
        or list(_staff(help_request, {Role.ADMINISTRATION}, at=at))
    )


def _day(help_request: HelpRequest, at: datetime) -> date:
    return localdate(at, help_request.school.zone)


# --- What is written ---------------------------------------------------------------------------


def _with_next_number(help_request: HelpRequest) -> HelpRequest:
    """Save under the number after the last one of the school's year; the constraint decides between two at once."""
    numbers = HelpRequest.objects.of_year(help_request.school, help_request.year)
    for _attempt in range(NUMBER_ATTEMPTS):
        last = numbers.aggregate(last=Max("sequence"))["last"] or 0
        help_request.sequence = last + 1
        try:
            with transaction.atomic():
                help_request.save(force_insert=True)
        except IntegrityError:
            if not numbers.filter(sequence=help_request.sequence).exists():
                raise
        else:
            return help_request
    raise ValidationError(_("Too many questions at once. Please send yours again."), code="numbers_busy")


def _change(help_request: HelpRequest, condition: Q, **values: object) -> bool:
    """Write `values` if the row still meets `condition`; either way the object then says what the row says."""
    won = HelpRequest.objects.filter(condition, pk=help_request.pk).update(**values)
    help_request.refresh_from_db(fields=STATE_FIELDS)
    return bool(won)


def _answers(help_request: HelpRequest, by: Membership, *, at: datetime) -> None:
    """What any answer of a specialist does: the first is timed, and a request that nobody had is taken."""
    _specialist_only(help_request, by, at=at)
    if not _change(help_request, OPEN, answered_at=Coalesce("answered_at", at)):
        _refuse_if_closed(help_request)
    _take_if_nobodys(help_request, by=by, at=at)


def _take_if_nobodys(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    if _change(help_request, OPEN & Q(assignee=None), assignee=by, taken_at=at):
        Reply.objects.create(request=help_request, author=by, written_at=at, act=Reply.Act.TAKEN)
        record("support.taken", help_request, by=by)


def _back_to_work(help_request: HelpRequest, *, at: datetime) -> None:
    until = reopen_until(help_request)
    if until and _day(help_request, at) > until:
        raise ValidationError(
            _("It could go back to work until %(day)s. Please ask a new question."),
            code="too_late",
            params={"day": f"{until:%d.%m.%Y}"},
        )
    back = {"solved_at": None, "closed_at": None, "helped": None, "reopened_count": F("reopened_count") + 1}
    if not _change(help_request, ENDED, **back):
        raise ValidationError(_("This request is in work already."), code="not_closed")


def _write(help_request: HelpRequest, act: Reply.Act, text: str, *, by: Membership, at: datetime) -> Reply:
    """A line of the thread, the journal's entry, and the message to those who did not write it."""
    line = Reply.objects.create(request=help_request, author=by, written_at=at, act=act, text=text)
    record(VERBS_OF_ACTS[act], help_request, by=by)
    words = _("Request %(number)s, %(name)s: %(words)s") % {
        "number": help_request.number,
        "name": by.name,
        "words": " ".join(filter(None, [str(line.get_act_display()) if act else "", text])),
    }
    others = _answering(help_request, at=at) if by.pk == help_request.requester_id or help_request.assignee_id else []
    _tell([help_request.requester, *others], help_request, f"line-{line.pk}", words, but=by)
    return line


def _tell(
    people: Iterable[Membership], help_request: HelpRequest, key: str, words: str, *, but: Membership | None = None
) -> None:
    told = [one for one in people if but is None or one.pk != but.pk]
    address = help_request.get_absolute_url()
    key = f"support-{help_request.pk}-{key}"
    notify(told, key=key, words=words, address=address, topic=Topic.HELP, about=help_request)


def _not_empty(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError(_("Write the text."), code="empty_text")
    return text


def _refuse_if_closed(help_request: HelpRequest) -> None:
    if help_request.closed_at:
        raise ValidationError(_("This request is closed. Put it back to work first."), code="closed")


def _refuse_as_taken(help_request: HelpRequest) -> None:
    holder = Membership.objects.select_related("user").get(pk=help_request.assignee_id)
    raise ValidationError(
        _("This request is already taken: %(name)s."), code="already_taken", params={"name": holder.name}
    )


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
