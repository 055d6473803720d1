"""The role table: every address of the site and who may come. A new address without a row here fails.

Persons are those of the sample school, by their key in `desk/sample_school.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from consultations.models import (
    Absence,
    Booking,
    CalendarChange,
    Direction,
    Lesson,
    Participation,
    Screenshot,
    Seminar,
    TimeRequest,
)
from ejournal_rollout.documents.models import StaffUpload, Upload
from ejournal_rollout.notifications.models import Digest, Message
from ejournal_rollout.orders.models import Amendment, Attachment, Order
from ejournal_rollout.people.models import Membership, School
from plans.models import Decision, Evidence, FinalReport, Finding, Meeting, Round, SavedView, Step, Task
from support.models import HelpRequest

ALL = frozenset({"director", "deputy", "group", "technician", "colleague", "teacher", "teacher2"})
ADMINISTRATION = frozenset({"director", "deputy"})
REVIEWERS = ADMINISTRATION | {"group"}
Row = Callable[[School], object]


def _in_force(school: School) -> Order:
    return Order.objects.in_force().get(school=school)


def _closed(school: School) -> Order:
    return Order.objects.exclude(pk=_in_force(school).pk).filter(school=school).first()


def _task(number: str) -> Row:
    tasks = Task.objects.in_force()
    return lambda school: next(
        task.pk for task in tasks.filter(stage__plan__order__school=school).in_order() if task.number == number
    )


def _evidence(school: School) -> int:
    return Evidence.objects.get(task__stage__plan__order__school=school).pk


def _step(school: School) -> int:
    return Step.objects.filter(task__stage__plan__order__school=school).first().pk


def _meeting(school: School) -> int:
    return Meeting.objects.open().get(plan__order__school=school).pk


def _decision(school: School) -> int:
    return Decision.objects.get(meeting=_meeting(school)).pk


def _report(school: School) -> int:
    return FinalReport.objects.drafts().get(plan__order__school=school).pk


def _saved_view(school: School) -> int:
    return SavedView.objects.get(member__school=school).pk


def _direction(school: School) -> int:
    return Direction.objects.in_force().filter(schedule__order__school=school, is_on_demand=False).first().pk


def _on_demand(school: School) -> int:
    return Direction.objects.in_force().filter(schedule__order__school=school, is_on_demand=True).first().pk


def _booking(school: School) -> int:
    return Booking.objects.get(teacher__school=school, teacher__user__email="teacher@demo.example").pk


def _screenshot(school: School) -> int:
    return Screenshot.objects.get(booking=_booking(school)).pk


def _day_change(school: School) -> int:
    return CalendarChange.objects.filter(school=school).first().pk


def _absence(school: School) -> int:
    return Absence.objects.get(specialist__school=school).pk


def _lesson(school: School) -> int:
    return Lesson.objects.filter(specialist__school=school).first().pk


def _of_group(school: School) -> int:
    return Membership.objects.get(school=school, user__email="group@demo.example").pk


def _seminar(school: School) -> int:
    """The training that the technician leads."""
    return Seminar.objects.get(school=school, kind=Seminar.Kind.TRAINING).pk


def _seminar_line(school: School) -> int:
    """Of `teacher`, who waits."""
    return Participation.objects.waiting().get(seminar__school=school).pk


def _time_request(school: School) -> int:
    return TimeRequest.objects.filter(teacher__school=school).first().pk


def _help(school: School) -> int:
    """The request of `teacher`, in the technician's hands."""
    return HelpRequest.objects.filter(school=school).order_by("sequence").first().pk


def _teacher(school: School) -> int:
    return Membership.objects.get(school=school, user__email="teacher@demo.example").pk


def _message(school: School) -> int:
    return Message.objects.filter(recipient__school=school).first().pk


def _amendment(state: str) -> Row:
    return lambda school: Amendment.objects.get(order__school=school, state=state).pk


def _rounds(school: School):
    return Round.objects.in_force().filter(task__stage__plan__order__school=school)


def _held_round(school: School) -> int:
    return _rounds(school).held().get().pk


def _coming_round(school: School) -> int:
    return _rounds(school).planned().get().pk


def _finding(school: School) -> int:
    return Finding.objects.get(round__in=_rounds(school)).pk


def _digest(school: School) -> int:
    return Digest.objects.filter(recipient__school=school).first().pk


@dataclass(frozen=True)
class Page:
    """A page: `who` gets 200, the rest 403 or 404; `of` gives the row that its address names. It asks the database at
    most `queries` times."""

    who: frozenset[str] = ALL
    of: Row | None = None
    queries: int = 12


@dataclass(frozen=True)
class Fragment(Page):
    """A piece of a page that a script asks for."""


@dataclass(frozen=True)
class Change:
    """Answers POST only; a row of another school does not exist (404)."""

    of: Row | None = None


@dataclass(frozen=True)
class File:
    """A file of the school, served after the member check."""

    who: frozenset[str]
    of: Row | None = None


HELPERS = frozenset({"director", "deputy", "technician", "teacher"})
RUNNERS = frozenset({"director", "deputy", "technician"})  # of a seminar that the technician leads
PARTIES = frozenset({"teacher", "deputy", "director"})

REVIEWERS = frozenset({"director", "deputy", "group"})

TABLE: dict[str, Page | Change | File] = {
    "desk:home": Page(queries=18),
    "desk:history": Page(ADMINISTRATION),
    "desk:switch-school": Change(),
    "desk:calendars": Page(),
    "desk:calendars-replace": Change(),
    "people:me": Page(),
    "people:letters": Change(),
    "people:shortcuts": Change(),
    "people:staff": Page(ADMINISTRATION),
    "people:member-new": Page(ADMINISTRATION),
    "people:member-invite": Change(_teacher),
    "people:member-renew-password": Change(_teacher),
    "notifications:messages": Page(),
    "notifications:read-all": Change(),
    "notifications:message-send-again": Change(_message),
    "notifications:digest-send-again": Change(_digest),
    "orders:orders": Page(),
    "orders:order": Page(of=lambda school: _in_force(school).pk),
    "orders:copy": Change(lambda school: _in_force(school).pk),
    "orders:put-into-effect": Page(ADMINISTRATION, lambda school: Order.objects.get(school=school, state="draft").pk),
    "orders:close": Change(lambda school: _in_force(school).pk),
    "orders:docx": File(ALL, lambda school: _in_force(school).pk),
    "orders:spreadsheet": File(ALL, lambda school: _in_force(school).pk),
    "orders:amend": Change(lambda school: _in_force(school).pk),
    "orders:amendment": Page(ADMINISTRATION, _amendment("draft")),
    "orders:amendment-save": Change(_amendment("draft")),
    "orders:amendment-in-force": Change(_amendment("draft")),
    "orders:amendment-discard": Change(_amendment("draft")),
    "orders:amendment-docx": File(ALL, _amendment("in_force")),
    "orders:attachment": File(ALL, lambda school: Attachment.objects.get(order__school=school).pk),
    "documents:upload-new": Page(ADMINISTRATION),
    "documents:upload": Page(ADMINISTRATION, lambda school: Upload.objects.get(school=school).pk),
    "documents:staff:upload-new": Page(ADMINISTRATION),
    "documents:staff:sample": File(ADMINISTRATION),
    "documents:staff:upload": Page(ADMINISTRATION, lambda school: StaffUpload.objects.get(school=school).pk),
    "documents:staff:import": Change(lambda school: StaffUpload.objects.get(school=school).pk),
    "documents:settle": Change(lambda school: (Upload.objects.get(school=school).pk, "requisites")),
    "documents:import": Change(lambda school: Upload.objects.get(school=school).pk),
    "plans:plan": Page(),
    "plans:task": Page(of=_task("1.4"), queries=15),  # everything about a task: eight kinds of rows of its own
    "plans:views": Page(),
    "plans:view-new": Change(),
    "plans:view-change": Change(_saved_view),
    "plans:view-delete": Change(_saved_view),
    "plans:status": Page(),
    "plans:told": Page(frozenset({"director", "deputy", "group"})),
    "plans:reminder-rules": Page(ADMINISTRATION),
    "plans:term-reading": Fragment(ADMINISTRATION),
    "plans:task-note": Change(_task("1.4")),
    "plans:task-start": Change(_task("1.4")),
    "plans:task-report": Change(_task("1.4")),
    "plans:task-accept": Change(_task("1.4")),
    "plans:task-return": Change(_task("1.4")),
    "plans:task-reopen": Change(_task("1.4")),
    "plans:task-cancel": Change(_task("1.4")),
    "plans:task-history": Page(of=_task("1.4")),
    "plans:evidence-new": Change(_task("1.4")),
    "plans:step-new": Change(_task("1.4")),
    "plans:task-watch": Change(_task("1.4")),
    "plans:stage-watch": Change(_task("1.4")),
    "plans:meetings": Page(REVIEWERS),
    "plans:meeting-new": Change(),
    "plans:meeting": Page(REVIEWERS, _meeting),
    "plans:meeting-write": Change(_meeting),
    "plans:decision-new": Change(_meeting),
    "plans:meeting-close": Change(_meeting),
    "plans:decision-withdraw": Change(_decision),
    "desk:minutes": File(REVIEWERS, _meeting),
    "desk:reports": Page(REVIEWERS),
    "desk:report-new": Change(),
    "desk:report": Page(REVIEWERS, _report, queries=13),
    "desk:report-write": Change(_report),
    "desk:report-freeze": Change(_report),
    "desk:report-docx": File(REVIEWERS, _report),
    "plans:evidence": File(ALL, _evidence),
    "plans:evidence-remove": Change(_evidence),
    "plans:evidence-sort": Change(_evidence),
    "plans:step-mark": Change(_step),
    "plans:step-remove": Change(_step),
    "plans:round": Page(of=_held_round),
    "plans:round-hold": Change(_held_round),
    "plans:round-correct": Change(_held_round),
    "plans:round-cancel": Change(_coming_round),
    "plans:finding-new": Change(_held_round),
    "plans:finding-settle": Change(_finding),
    "plans:round-note": Page(REVIEWERS, _held_round),
    "desk:rounds-new": Page(REVIEWERS, _task("2.1")),
    "desk:round-move": Page(REVIEWERS, _coming_round),
    "desk:round-repeat": Page(REVIEWERS, _held_round),
    "desk:round-docx": File(REVIEWERS, _held_round),
    "desk:finding-help": Page(REVIEWERS, _finding),
    "desk:finding-consultation": Page(REVIEWERS, _finding),
    "consultations:schedule": Page(queries=16),
    "consultations:book": Page(of=_direction, queries=14),
    "consultations:bookings": Page(),
    "consultations:booking": Page(frozenset({"teacher", "technician", "director", "deputy"}), _booking),
    "consultations:booking-move": Page(
        frozenset({"teacher", "technician", "director", "deputy"}), _booking, queries=14
    ),
    "consultations:booking-cancel": Change(_booking),
    "consultations:booking-restore": Change(_booking),
    "consultations:screenshot": File(frozenset({"teacher", "technician", "director", "deputy"}), _screenshot),
    "consultations:booking-attendance": Change(_booking),
    "consultations:booking-note": Change(_booking),
    "consultations:booking-rate": Change(_booking),
    "consultations:follow-up-propose": Change(_booking),
    "consultations:follow-up-done": Change(_booking),
    "consultations:week": Page(),
    "consultations:door": Page(),
    "consultations:day": Page(),
    "consultations:day-list": Page(ALL - {"teacher", "teacher2"}),
    "consultations:calendar": Page(),
    "consultations:day-change-new": Page(ADMINISTRATION),
    "consultations:day-change": Page(ADMINISTRATION, _day_change),
    "consultations:day-change-delete": Change(_day_change),
    "consultations:touched": Page(ALL - {"teacher", "teacher2"}, queries=19),
    "consultations:absence-new": Page(ADMINISTRATION),
    "consultations:absence": Page(ADMINISTRATION, _absence),
    "consultations:absence-delete": Change(_absence),
    "consultations:lessons": Page(),
    "consultations:lessons-of": Page(REVIEWERS, _of_group, queries=13),
    "consultations:lesson-delete": Change(_lesson),
    "consultations:timetable": Change(_of_group),
    "consultations:timetable-save": Change(_of_group),
    "consultations:report": Page(ALL - {"teacher", "teacher2"}),
    "consultations:report-file": File(ALL - {"teacher", "teacher2"}),
    "consultations:hours-reading": Fragment(ADMINISTRATION),
    "consultations:seminars": Page(),
    "consultations:seminar-new": Page(HELPERS - {"teacher"} | {"group", "colleague"}),
    "consultations:seminar": Page(of=_seminar),
    "consultations:seminar-change": Page(RUNNERS, _seminar),
    "consultations:seminar-sheet": Page(RUNNERS, _seminar),
    "desk:seminar-sheet": File(RUNNERS, _seminar),
    "consultations:seminar-sign-up": Change(_seminar),
    "consultations:seminar-enter": Change(_seminar),
    "consultations:seminar-cancel": Change(_seminar),
    "consultations:seminar-attendance": Change(_seminar),
    "consultations:place-leave": Change(_seminar_line),
    "consultations:place-confirm": Change(_seminar_line),
    "consultations:place-give": Change(_seminar_line),
    "consultations:time-request-new": Page(of=_on_demand),
    "consultations:time-request": Page(frozenset({"teacher", "deputy", "group", "director"}), _time_request),
    "consultations:time-accept": Change(_time_request),
    "consultations:time-decline": Change(_time_request),
    "consultations:time-withdraw": Change(_time_request),
    "support:regulation": Page(),
    "support:requests": Page(),
    "support:request-new": Page(),
    "support:request": Page(HELPERS, _help),
    "support:request-take": Change(_help),
    "support:request-reply": Change(_help),
    "support:request-note": Change(_help),
    "support:request-wait": Change(_help),
    "support:request-solve": Change(_help),
    "support:request-hand-over": Page(frozenset({"technician", "director", "deputy"}), _help),
    "support:request-close": Change(_help),
    "support:request-reopen": Change(_help),
    "support:request-book": Page(frozenset({"teacher", "technician"}), _help, queries=15),
}
# Doors: open to whoever holds the key, or before one has signed in.
PUBLIC = {"people:invitation", "people:invitation-join", "desk:calendar"}
# Another package's pages: only about the person who is signed in.
OWN_PAGES = ("account_", "mfa_", "socialaccount_")


def names_of_the_site() -> set[str]:
    """Every named address of our own rooms and of the packages, the admin apart."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> Iterable[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from _names(one.url_patterns, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield f"{namespace}{one.name}"
