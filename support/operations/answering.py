"""What the two sides do with a request. Words for the requester and words for colleagues go different ways."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultations.school_calendar import SchoolCalendar
from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import Membership

from ..models import ENDED, OPEN, HelpRequest, InternalNote, Reply
from .people import day_of, specialist_only, specialists_for, who_answers
from .writing import change_if, not_empty, refuse_if_closed, take_if_nobodys, tell_people, write_line

# Our decision: for two weeks of work an answer may prove wrong; later it is another question, asked anew.
REOPEN_WORKING_DAYS = 10
LONGEST_HOLIDAY = timedelta(days=150)


@transaction.atomic
def take_request(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    """Take a request that nobody has. Of two who press the button one wins, the other is told who has it.

    Raises PermissionDenied if it is not one's own direction (Annex 2, clause 2; Annex 3, column 2);
    ValidationError "already_taken", "closed".
    """
    specialist_only(help_request, by, at=at)
    if not change_if(help_request, OPEN & Q(assignee=None), assignee=by, taken_at=at):
        refuse_if_closed(help_request)
        refuse_as_taken(help_request)
    write_line(help_request, Reply.Act.TAKEN, "", by=by, at=at)


@transaction.atomic
def reply(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Write words that both sides read.

    Of the requester: what waited for them waits no longer; an answered or closed request goes back to work, as by
    `reopen`. Of a specialist: the first answer is timed, and a request that nobody had is taken.
    Raises PermissionDenied for anybody else; ValidationError "empty_text", "closed", "too_late".
    """
    text = not_empty(text)
    if by.pk != help_request.requester_id:
        _answers(help_request, by, at=at)
        return write_line(help_request, Reply.Act.WROTE, text, by=by, at=at)
    act = Reply.Act.WROTE
    if not change_if(help_request, OPEN & Q(solved_at=None), waiting_since=None):
        _back_to_work(help_request, at=at)
        act = Reply.Act.REOPENED
    return write_line(help_request, act, text, by=by, at=at)


@transaction.atomic
def write_internal_note(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> InternalNote:
    """Write words for colleagues; the requester never learns of them, the journal keeps only that there is a note.

    Raises PermissionDenied for anybody but the specialists; ValidationError "empty_text".
    """
    text = not_empty(text)
    specialist_only(help_request, by, at=at)
    note = InternalNote.objects.create(request=help_request, author=by, written_at=at, text=text)
    record("support.noted", help_request, by=by)
    if help_request.assignee_id:
        words = _("Request %(number)s: a note for colleagues from %(name)s.") % {
            "number": help_request.number,
            "name": by.name,
        }
        tell_people(who_answers(help_request, at=at), help_request, f"note-{note.pk}", words, but=by)
    return note


@transaction.atomic
def wait_for_teacher(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Ask the teacher something and wait for the answer. Refuses as `reply` of a specialist does."""
    text = not_empty(text)
    _answers(help_request, by, at=at)
    if not change_if(help_request, OPEN, waiting_since=at, solved_at=None):
        refuse_if_closed(help_request)
    return write_line(help_request, Reply.Act.WAITS, text, by=by, at=at)


@transaction.atomic
def solve(help_request: HelpRequest, *, text: str, by: Membership, at: datetime) -> Reply:
    """Give the answer; the teacher then says whether it helped.

    Refuses as `reply` of a specialist does, and "already_solved".
    """
    text = not_empty(text)
    _answers(help_request, by, at=at)
    if not change_if(help_request, OPEN & Q(solved_at=None), waiting_since=None, vendor_since=None, solved_at=at):
        refuse_if_closed(help_request)
        raise ValidationError(_("This question is already answered."), code="already_solved")
    return write_line(help_request, Reply.Act.SOLVED, text, by=by, at=at)


@transaction.atomic
def close(help_request: HelpRequest, *, helped: bool | None, by: Membership, at: datetime) -> None:
    """End a request. Only the requester can say whether it helped; None says nothing of it.

    Raises PermissionDenied for anybody but the requester and the specialists;
    ValidationError "already_closed", "not_yours_to_say".
    """
    if by.pk != help_request.requester_id:
        specialist_only(help_request, by, at=at)
        if helped is not None:
            raise ValidationError(_("Only the person who asked can say whether it helped."), code="not_yours_to_say")
    if not change_if(help_request, OPEN, waiting_since=None, vendor_since=None, closed_at=at, helped=helped):
        raise ValidationError(_("This request is already closed."), code="already_closed")
    act = {True: Reply.Act.HELPED, False: Reply.Act.NOT_HELPED, None: Reply.Act.CLOSED}[helped]
    write_line(help_request, act, "", by=by, at=at)


@transaction.atomic
def reopen(help_request: HelpRequest, *, by: Membership, at: datetime) -> None:
    """Put an answered or closed request back to work, see `reopen_until`.

    Raises PermissionDenied for anybody but the requester and the specialists; ValidationError "not_closed", "too_late".
    """
    if by.pk != help_request.requester_id:
        specialist_only(help_request, by, at=at)
    _back_to_work(help_request, at=at)
    write_line(help_request, Reply.Act.REOPENED, "", by=by, at=at)


@transaction.atomic
def hand_over(help_request: HelpRequest, *, to: Membership, reason: str, by: Membership, at: datetime) -> None:
    """Give a request to a colleague, or take it over from one; the reason stands in the thread.

    Raises PermissionDenied for anybody but the specialists and the administration; ValidationError "empty_text",
    "closed", "not_a_specialist" if `to` gives no help that day or asked the question, "already_taken" if it is
    theirs already or a colleague was faster.
    """
    reason = not_empty(reason)
    if not help_request.may_be_handed_over_by(by, roles=by.roles_on(day_of(help_request, at))):
        raise PermissionDenied
    if not specialists_for(help_request, at=at).filter(pk=to.pk).exists():
        raise ValidationError(_("This person does not answer requests."), code="not_a_specialist")
    before = help_request.assignee_id
    if before == to.pk or not change_if(help_request, OPEN & Q(assignee=before), assignee=to, taken_at=at):
        refuse_if_closed(help_request)
        refuse_as_taken(help_request)
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
    tell_people(told, help_request, f"line-{line.pk}", words, but=by)


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


def _answers(help_request: HelpRequest, by: Membership, *, at: datetime) -> None:
    """What any answer of a specialist does: the first is timed, and a request that nobody had is taken."""
    specialist_only(help_request, by, at=at)
    if not change_if(help_request, OPEN, answered_at=Coalesce("answered_at", at)):
        refuse_if_closed(help_request)
    take_if_nobodys(help_request, by=by, at=at)


def _back_to_work(help_request: HelpRequest, *, at: datetime) -> None:
    if help_request.stopped_at:
        raise ValidationError(_("The help is stopped under clause 5. Please ask a new question."), code="stopped")
    if help_request.merged_into_id:
        raise ValidationError(
            _("This request is merged with %(number)s. Please write there."),
            code="merged",
            params={"number": help_request.merged_into.number},
        )
    until = reopen_until(help_request)
    if until and day_of(help_request, at) > until:
        raise ValidationError(
            _("It could go back to work until %(day)s. Please ask a new question."),
            code="too_late",
            params={"day": f"{until:%d.%m.%Y}"},
        )
    back = {"solved_at": None, "closed_at": None, "helped": None, "reopened_count": F("reopened_count") + 1}
    if not change_if(help_request, ENDED & Q(stopped_at=None, merged_into=None), **back):
        raise ValidationError(_("This request is in work already."), code="not_closed")


def refuse_as_taken(help_request: HelpRequest) -> None:
    holder = Membership.objects.select_related("user").get(pk=help_request.assignee_id)
    raise ValidationError(
        _("This request is already taken: %(name)s."), code="already_taken", params={"name": holder.name}
    )
