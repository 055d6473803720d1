"""The first page: what waits for this person today, and one main action.

Everything is asked once and shared out in Python: the page may cost ten queries beside the frame's five.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.availability import Availability, Offer
from consultations.models import Booking, Direction, Seminar, TimeRequest
from consultations.moments import said_moment, said_span
from consultations.operations import touched_counts
from consultations.seminar_lines import Status as SeminarStatus
from consultations.seminar_lines import mine_words
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import SPECIALISTS, Ability, Role
from ejournal_rollout.people.staff_list import lacks_supervisor, unappointed
from plans.models import DUE_SOON_DAYS, Finding, Round, Task, TaskNote
from plans.presentation import Standing, TaskLine, task_line
from plans.round_lines import RoundLine, round_lines
from support.models import HelpRequest
from support.presentation import Status, status_of

from .unsettled import current_order, unsettled_count

SHOWN = 7  # lines of one section; the rest stands behind its link
READ = 200  # rows read for one section at most
URGENCY = [Standing.OVERDUE, Standing.SOON, Standing.BEFORE_ORDER, Standing.OPEN, Standing.WAITING]


class Action(NamedTuple):
    words: str
    address: str


class Fault(NamedTuple):
    """What is wrong, in words, and where it is put right."""

    words: str
    action: Action


class Consultation(NamedTuple):
    booking: Booking
    when: str
    other: str  # the one on the other side of the table


class MySeminar(NamedTuple):
    seminar: Seminar
    when: str
    mine: SeminarStatus | None


class FreeOffer(NamedTuple):
    offer: Offer
    when: str  # «вт, 24 ноября, 10:20», "" where there is no time


class Remark(NamedTuple):
    """A remark of a check to oneself that is not put right yet."""

    finding: Finding
    is_late: bool


class OwnTask(NamedTuple):
    line: TaskLine
    returned: str  # why its result was returned, "" where it was not


class Question(NamedTuple):
    request: HelpRequest
    status: Status


@dataclass
class Mine:
    """What the first page shows; an empty list hides its section."""

    main: Action
    faults: list[Fault] = field(default_factory=list)
    offers: list[FreeOffer] = field(default_factory=list)
    today: list[Consultation] = field(default_factory=list)
    coming: list[Consultation] = field(default_factory=list)
    to_continue: list[Booking] = field(default_factory=list)
    seminars: list[MySeminar] = field(default_factory=list)
    unmarked_count: int = 0
    times: list[TimeRequest] = field(default_factory=list)
    review: list[TaskLine] = field(default_factory=list)
    overdue: list[TaskLine] = field(default_factory=list)
    tasks: list[OwnTask] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    rounds: list[RoundLine] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    answering: list[Question] = field(default_factory=list)
    nobodys: list[Question] = field(default_factory=list)
    gives_help: bool = False
    edits_order: bool = False
    reviews: bool = False


def what_is_mine(member: Membership, *, roles: Collection[Role], abilities: Collection[Ability], at: datetime) -> Mine:
    """Everything of the first page of `member` at the moment `at`.

    Whom the schedule names without a role sees the page of a specialist; other staff without abilities, free times.
    """
    today = localdate(at)
    schedule = None if abilities else Availability(Direction.objects.all(), teacher=member, at=at)
    if schedule and schedule.names(member):
        abilities, schedule = {Ability.GIVE_HELP}, None
    mine = Mine(
        main=_main_action(abilities),
        gives_help=Ability.GIVE_HELP in abilities,
        edits_order=Ability.EDIT_ORDER in abilities,
        reviews=Ability.REVIEW_TASKS in abilities,
    )
    _add_consultations(mine, member, at=at, today=today)
    _add_seminars(mine, member, at=at)
    _add_tasks(mine, member, roles=roles, today=today)
    ahead = Round.objects.visible_to(member).in_force().planned().until(today + timedelta(days=DUE_SOON_DAYS))
    own_rounds = ahead.checked_by(member, roles=roles).for_lists().in_order()
    mine.rounds = round_lines(own_rounds[:SHOWN], on=today)
    remarks = Finding.objects.visible_to(member).to(member).published().unsettled().by_urgency()
    mine.remarks = [Remark(one, one.is_late(on=today)) for one in remarks.select_related("round")[:SHOWN]]
    _add_questions(mine, member, roles=roles)
    if abilities:
        serving = [role for role in roles if role in SPECIALISTS]
        waiting = TimeRequest.objects.visible_to(member).waiting().for_specialist(member, roles=serving).not_of(member)
        mine.times = list(waiting.select_related("direction", "teacher__user")[:SHOWN])
    if mine.edits_order:
        _add_faults(mine, member, today=today)
    if abilities:
        _add_touched(mine, member, at=at)
    if schedule:
        offers = [schedule.offer(direction) for direction in schedule.directions]
        mine.offers = [FreeOffer(one, said_moment(one.time.starts_at) if one.time else "") for one in offers]
    return mine


def _main_action(abilities: Collection[Ability]) -> Action:
    if Ability.REVIEW_TASKS in abilities:
        return Action(_("Status of the plan"), reverse("plans:status"))
    if Ability.GIVE_HELP in abilities:
        return Action(_("My consultation day"), reverse("consultations:day"))
    return Action(_("Book a consultation"), reverse("consultations:schedule"))


def _add_consultations(mine: Mine, member: Membership, *, at: datetime, today: date) -> None:
    own = Booking.objects.concerning(member)
    rows = own.coming(at=at) | own.unmarked(at=at) | own.to_be_continued_by(member)
    for booking in reversed(rows.with_people().order_by("-starts_at")[:READ]):
        if booking.ends_at <= at:
            mine.unmarked_count += booking.specialist_id == member.pk and booking.came is None
            if booking.came is not None:  # why else would one that is marked be among them
                mine.to_continue.append(booking)
            continue
        gives = booking.specialist_id == member.pk
        other = booking.teacher if gives else booking.specialist
        line = Consultation(booking, said_span(booking.starts_at, booking.ends_at), other.name)
        if gives and localdate(booking.starts_at) == today:
            mine.today.append(line)
        elif len(mine.coming) < SHOWN:
            mine.coming.append(line)


def _add_seminars(mine: Mine, member: Membership, *, at: datetime) -> None:
    waiting = Seminar.objects.visible_to(member).waiting_for(member, at=at).with_mine(member)
    for one in waiting.select_related("room")[:SHOWN]:
        words = mine_words(one) if one.ends_at > at else one.status(at=at)
        mine.seminars.append(MySeminar(one, said_span(one.starts_at, one.ends_at), words))


def _add_tasks(mine: Mine, member: Membership, *, roles: Collection[Role], today: date) -> None:
    """One query for one's own tasks and for the review: a plan has tens of rows.

    One's own are those of the list «My open tasks» of the plan; what one may accept waits beside them too.
    """
    open_tasks = Task.objects.visible_to(member).in_force().open().in_order()
    own = Task.objects.entrusted_to_roles(roles).filter(pk=OuterRef("pk"))
    reasons = TaskNote.objects.reasons_of_return(OuterRef("pk"))
    for task in open_tasks.annotate(is_own=Exists(own), returned=Subquery(reasons)):
        line = task_line(task, today)
        if mine.reviews and line.standing is Standing.WAITING:
            mine.review.append(line)
        if task.is_own:
            mine.tasks.append(OwnTask(line, task.returned or ""))
        elif mine.reviews and line.is_late:
            mine.overdue.append(line)
    mine.tasks.sort(key=lambda own: (URGENCY.index(own.line.standing), own.line.task.due_on or date.max))


def _add_questions(mine: Mine, member: Membership, *, roles: Collection[Role]) -> None:
    for one in HelpRequest.objects.visible_to(member, roles=roles).open().with_people().by_need()[:READ]:
        question = Question(one, status_of(one, member))
        if one.requester_id == member.pk:
            mine.asked.append(question)
        elif one.assignee_id == member.pk:
            if one.solved_at is None:
                mine.answering.append(question)
        elif one.assignee_id is None and one.solved_at is None:
            mine.nobodys.append(question)


def _add_touched(mine: Mine, member: Membership, *, at: datetime) -> None:
    """What a closure or an absence has met: of the school for the administration, one's own for a specialist."""
    if words := touched_counts(member, at=at, own_only=not mine.edits_order).words:
        mine.faults.append(Fault(words, Action(_("Settle them"), reverse("consultations:touched"))))


def _add_faults(mine: Mine, member: Membership, *, today: date) -> None:
    in_force = Order.objects.in_force().filter(school=OuterRef("pk"))
    drafts = Order.objects.drafts().filter(school=OuterRef("pk"))
    dead = Message.objects.dead().filter(recipient__school=OuterRef("pk")).order_by()
    school = (
        School.objects.visible_to(member)
        .annotate(has_order=Exists(in_force), has_draft=Exists(drafts), has_dead=Exists(dead))
        .annotate(order_key=Subquery(current_order()))
        .annotate(unsettled_count=unsettled_count(OuterRef("order_key")))
        .get()
    )
    if not school.has_order and school.has_draft:
        mine.main = Action(_("Put the order into effect"), reverse("orders:orders"))
        mine.faults.append(Fault(_("The order is still a draft: nobody but the administration sees it."), mine.main))
    elif not school.has_order:
        mine.main = Action(_("Upload the order"), reverse("documents:upload-new"))
        mine.faults.append(
            Fault(_("No order is in force. Upload the Word file of the signed order: the site reads it."), mine.main)
        )
    if count := school.unsettled_count:
        words = ngettext(
            "In the order {count} place is not settled: a term, executors or hours were not understood.",
            "In the order {count} places are not settled: terms, executors or hours were not understood.",
            count,
        )
        to_order = f"{reverse('orders:order', args=[school.order_key])}#to-settle"
        mine.faults.append(Fault(words.format(count=count), Action(_("Look through the order"), to_order)))
    staff = list(Membership.objects.visible_to(member).working(on=today).with_people().with_supervisors())
    to_staff = Action(_("Staff"), reverse("people:staff"))
    if roles := unappointed(staff, on=today):
        mine.faults.append(Fault(_("Nobody holds these roles: {roles}.").format(roles=", ".join(roles)), to_staff))
    if count := sum(lacks_supervisor(one, on=today) for one in staff):
        words = ngettext(
            "{count} specialist has no direct supervisor (clause 5).",
            "{count} specialists have no direct supervisor (clause 5).",
            count,
        )
        mine.faults.append(Fault(words.format(count=count), to_staff))
    if school.has_dead:
        mine.faults.append(
            Fault(
                _("Some letters could not be sent by mail."),
                Action(_("Unsent letters"), f"{reverse('notifications:messages')}#unsent"),
            )
        )
