"""Booking a consultation and moving it: one page for the direction, the day, the time and the question."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership, MembershipQuerySet
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..availability import DAYS_SHOWN, Availability
from ..forms import AskedForm, BookForm, ChosenForm, ForForm, MoveForm, TimeForm
from ..free_times import DayOverview, FreeTime
from ..models import Booking, Direction
from ..moments import said_days, said_span
from .bookings import one_booking

NOON = 12


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def book(request: MemberRequest, pk: int) -> HttpResponse:
    """The address holds what is chosen; a conflict gives the page back with everything that was typed.

    `?teacher=`: for whom those book who may book for others.
    """
    member, at = request.member, timezone.now()
    is_sent = request.method == "POST"
    chosen = ChosenForm(request.POST if is_sent else request.GET).chosen
    staff = _staff(member, at)
    teacher = _teacher(member, chosen.get("teacher"), staff)
    availability, direction = availability_of(request, pk, at, teacher=teacher)
    helps = _may_book_for_others(request, availability, direction)
    if teacher.pk != member.pk and not helps:
        raise PermissionDenied
    asked = AskedForm(request.GET).words()
    if not availability.rows[direction].hours and direction.is_on_demand:
        query = f"?{urlencode({'question': asked})}" if asked else ""
        return redirect(f"{reverse('consultations:time-request-new', args=[direction.pk])}{query}")
    given = {"direction": direction, "member": member, "zone": availability.zone}
    form = BookForm(request.POST, request.FILES, **given) if is_sent else BookForm(initial={"question": asked}, **given)
    kept_file = None
    if is_sent:
        is_valid = form.is_valid()
        kept_file = form.kept_file
        if file := form.cleaned_data.get("screenshot"):
            # Whatever becomes of the rest: a browser would not send the file a second time.
            kept_file = operations.keep_screenshot(file, by=member, at=at)
        if is_valid:
            try:
                made = operations.book_consultation(
                    direction,
                    specialist=form.cleaned_data["specialist"],
                    starts_at=form.starts_at,
                    teacher=teacher,
                    by=member,
                    at=at,
                    screenshot=kept_file,
                    beyond_limit=form.cleaned_data["beyond_limit"],
                    **form.words,
                )
            except ValidationError as error:
                form.add_error(None, error)
                # Somebody has just booked: what was read before is old.
                availability, direction = availability_of(request, pk, at, teacher=teacher)
            else:
                return _booked(request, made)
        chosen = {"day": None, "time": None, "since": None, **ChosenForm(form.data).chosen}
        chosen["specialist"] = ChosenForm(request.GET).chosen.get("specialist")
    is_other = teacher.pk != member.pk
    kept = {"teacher": str(teacher.pk)} if is_other else {}
    if asked:
        kept["question"] = asked
    path = reverse("consultations:book", args=[direction.pk])
    open_now = availability.open_in(direction)
    page = _time_page(
        availability, direction, form=form, chosen=chosen, path=path, kept=kept, reader=member, shows_taken=helps
    )
    is_full = len(open_now) >= direction.open_limit
    page |= {
        "teacher": teacher,
        "is_other": is_other,
        "directions": [
            (one, f"{reverse('consultations:book', args=[one.pk])}{_query(kept)}", one == direction)
            for one in availability.directions
            # «По мере необходимости» each proposes times oneself.
            if not is_other or (availability.rows[one].hours and _may_book_for_others(request, availability, one))
        ],
        # Whom a teacher meets and when is read by the two and the administration only; the limit counts all.
        "open_now": [
            one
            for one in open_now
            if not is_other or one.specialist_id == member.pk or Ability.EDIT_ORDER in request.abilities
        ],
        "is_full": is_full,
        # Nothing to choose or to write; what was sent comes back all the same.
        "is_shut": not is_sent and not is_other and (is_full or availability.gives_alone(direction)),
        "gives_alone": helps and not is_other and availability.gives_alone(direction),
        "kept_file": kept_file,
    }
    has_choice = len(page["directions"]) > 1  # with one direction there is nothing to choose: no step
    page |= {"time_step": 1 + has_choice, "question_step": 2 + has_choice}
    if helps:
        others = [one for one in staff if one.pk != member.pk]
        page["for_form"] = ForForm(initial={"teacher": teacher.pk if is_other else ""}, staff=others)
    return render(request, "consultations/book.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def booking_move(request: MemberRequest, pk: int) -> HttpResponse:
    """The same page for a consultation that is agreed on: its time is given up for the chosen one."""
    at = timezone.now()
    one = one_booking(request, pk)
    availability = _availability_for(one, at)
    if not operations.may_change(one, request.member, at=at) or not availability.directions:
        messages.error(request, _("This consultation can no longer be moved."))
        return redirect(one)
    [direction] = availability.directions
    is_teacher = one.teacher_id == request.member.pk
    given = {"school": one.teacher.school_id, "zone": availability.zone, "is_teacher": is_teacher}
    is_sent = request.method == "POST"
    form = MoveForm(request.POST, **given) if is_sent else MoveForm(**given)
    if is_sent and form.is_valid():
        one.sequence = form.cleaned_data["sequence"]  # as the page showed it: who is late reads what has changed
        try:
            operations.move_booking(
                one,
                specialist=form.cleaned_data["specialist"],
                starts_at=form.starts_at,
                by=request.member,
                at=at,
                because=form.cleaned_data.get("because", ""),
            )
        except ValidationError as error:
            form.add_error(None, error)
            one = one_booking(request, pk)
            availability = _availability_for(one, at)
        else:
            moment = said_span(one.starts_at, one.ends_at)
            messages.success(request, _("Moved: {moment}. The other side has been told.").format(moment=moment))
            return redirect(one)
    if is_sent:
        chosen = {"day": None, "time": None, "since": None, **ChosenForm(form.data).chosen}
        chosen["specialist"] = ChosenForm(request.GET).chosen.get("specialist")
    else:
        chosen = ChosenForm(request.GET).chosen
    path = reverse("consultations:booking-move", args=[one.pk])
    page = _time_page(availability, direction, form=form, chosen=chosen, path=path, reader=request.member, moved=one)
    return render(request, "consultations/booking_move.html", page | {"booking": one})


def availability_of(
    request: MemberRequest, pk: int, at: datetime, *, teacher: Membership | None = None
) -> tuple[Availability, Direction]:
    """What is free in the order in force, and one of its directions; 404 if it has no such direction."""
    availability = Availability(Direction.objects.all(), teacher=teacher or request.member, at=at)
    for direction in availability.directions:
        if direction.pk == pk:
            return availability, direction
    raise Http404


def _availability_for(booking: Booking, at: datetime) -> Availability:
    direction = Direction.objects.filter(pk=booking.direction_id)
    return Availability(direction, teacher=booking.teacher, at=at, moved=booking)


def _teacher(member: Membership, chosen: int | None, staff: MembershipQuerySet) -> Membership:
    """For whom one books: oneself, or another of the `staff`."""
    if chosen in (None, member.pk):
        return member
    for one in staff:  # read once: the form offers the same
        if one.pk == chosen:
            return one
    raise Http404


def _staff(member: Membership, at: datetime) -> MembershipQuerySet:
    staff = Membership.objects.visible_to(member).working(on=timezone.localdate(at))
    return staff.select_related("user", "school").order_by("user__last_name", "user__first_name", "pk")


def _may_book_for_others(request: MemberRequest, availability: Availability, direction: Direction) -> bool:
    """As `operations.may_book_for_others` today, from what is read already."""
    return operations.books_everywhere(request.roles) or availability.serves(request.member, direction)


def _booked(request: MemberRequest, made: Booking) -> HttpResponse:
    moment = said_span(made.starts_at, made.ends_at)
    if made.teacher_id == request.member.pk:
        messages.success(request, _("You are booked: {moment}.").format(moment=moment))
        return redirect(made)
    words = _("{teacher} is booked and told: {moment}, {specialist}.")
    messages.success(
        request, words.format(teacher=made.teacher.name, moment=moment, specialist=made.specialist.full_name)
    )
    # Who books for two others is no party to it: the page of the consultation is theirs.
    is_shown = Booking.objects.shown_to(request.member, abilities=request.abilities).contains(made)
    return redirect(made if is_shown else reverse("consultations:book", args=[made.direction_id]))


def _time_page(
    availability: Availability,
    direction: Direction,
    *,
    form: TimeForm,
    chosen: dict[str, Any],
    path: str,
    reader: Membership,
    kept: dict[str, str] | None = None,
    moved: Booking | None = None,
    shows_taken: bool = False,
) -> dict[str, Any]:
    """The choice of a day and a time. `kept` is what every address of the page carries on; without a chosen day the
    nearest free one is opened, or the one nearest to what is `moved`. `shows_taken`: the taken times stand among the
    free ones, without names."""

    def others(times: list[FreeTime]) -> list[FreeTime]:
        """Without the time that what is moved has already."""
        own = (moved.starts_at, moved.specialist_id) if moved else None
        return [one for one in times if (one.starts_at, one.specialist) != own]

    today = availability.today
    offered = availability.offered(direction)
    specialists = [one for one, _days in offered]
    specialist = next((one for one in specialists if one.pk == chosen.get("specialist")), None)
    wanted = specialist.pk if specialist else None
    upcoming = availability.next(direction, wanted)
    opened = upcoming
    if moved and not chosen.get("day"):
        opened = next(iter(others(availability.nearest(direction, moved.starts_at, 2))), upcoming)
    day = chosen.get("day") or (opened.starts_at.date() if opened else today)
    since = max(chosen.get("since") or today + timedelta(days=max((day - today).days, 0) // 7 * 7), today)
    if not chosen.get("since") and (day - today).days < DAYS_SHOWN:
        since = today
    horizon = availability.rules(direction).horizon(today)
    times = others(availability.one_per_start(availability.times(direction, day, day, specialist=wanted)))
    clock = chosen.get("time")
    moment = datetime.combine(day, clock, tzinfo=availability.zone) if clock is not None else None
    # After a refusal its sentence stands above the form: the time is not offered a second time, unless it is free and
    # the teacher has too many.
    refusals = form.non_field_errors().as_data() if form.is_bound else []
    is_refused = any(one.code != "too_many_open" for one in refusals)
    picked = next((one for one in times if one.starts_at == moment), None) if not is_refused else None
    is_gone = moment is not None and picked is None
    own_then = None
    if is_gone:
        own_then = availability.own_between(moment, moment + timedelta(minutes=direction.slot_minutes))
        if own_then and reader.pk not in (own_then.teacher_id, own_then.specialist_id):
            own_then = None  # with whom and in what a teacher is busy is read by the two only
    is_same = own_then is not None and own_then.direction_id == direction.pk and not moved  # one more would be a double
    following = None if times else availability.next(direction, wanted, since=day + timedelta(days=1)) or upcoming

    def address(of: int | None = wanted, **what: Any) -> str:
        """`of`: whose times."""
        said = {name: f"{value:%Y-%m-%d}" for name, value in what.items() if isinstance(value, date)}
        said |= {name: value for name, value in what.items() if isinstance(value, str)}
        return path + _query(said | ({"specialist": str(of)} if of else {}) | (kept or {}))

    def as_link(one: FreeTime) -> dict[str, Any]:
        return {
            "time": one,
            "specialist": availability.people[one.specialist],
            "address": f"{address(day=one.starts_at.date(), time=f'{one.starts_at:%H:%M}')}#question",
            "is_chosen": one == picked,
            "value": f"{one.starts_at:%Y-%m-%dT%H:%M}|{one.specialist}",
        }

    starts = [as_link(one) for one in times]
    if shows_taken and times:
        free = {one.starts_at for one in times}
        by_hours = availability.times(direction, day, day, specialist=wanted, heed_bookings=False)
        taken = {one.starts_at: one for one in by_hours if one.starts_at not in free}
        starts = sorted([*starts, *({"time": one, "is_taken": True} for one in taken.values())], key=_start)
    days = availability.days(direction, since, since + timedelta(days=DAYS_SHOWN - 1), wanted)
    return {
        "direction": direction,
        "form": form,
        "action": path + _query({"specialist": str(wanted)} if wanted else {}),
        "specialists": specialists,
        "specialist": specialist,
        "whose": [
            (one, said_days(stands_in), address(one.pk if one else None, day=day), one == specialist)
            for one, stands_in in [(None, []), *offered]
        ],
        "days": [
            {
                "overview": one,
                "free_count": len(times) if one.on == day else one.free_count,
                "words": _why(one),
                "address": address(day=one.on, since=since),
                "is_chosen": one.on == day,
            }
            for one in days
        ],
        "earlier": address(day=day, since=max(since - timedelta(days=7), today)) if since > today else "",
        "later": address(day=day, since=since + timedelta(days=7))
        if since + timedelta(days=DAYS_SHOWN - 1) < horizon
        else "",
        "day": day,
        "day_words": next((_why(one) for one in availability.days(direction, day, day, wanted)), ""),
        "day_notes": availability.notes(direction, day),
        "morning": [one for one in starts if _start(one).hour < NOON],
        "afternoon": [one for one in starts if _start(one).hour >= NOON],
        "picked": picked,
        "picked_specialist": availability.people[picked.specialist] if picked else None,
        "is_stranger": bool(picked and availability.strangers([availability.people[picked.specialist]])),
        "is_gone": is_gone and not form.is_bound,
        "why_gone": _why_gone(availability, direction, moment, specialist, reader=reader)
        if is_gone and not own_then and not form.is_bound
        else "",
        "own_then": own_then,
        "is_same": is_same,
        "nearest": [as_link(one) for one in others(availability.nearest(direction, moment, 4))[:3]]
        if is_gone and not is_same
        else [],
        "upcoming": upcoming,
        "following": following,
        "is_before": bool(following and following.starts_at.date() < day),
        "next_free_day": address(day=following.starts_at.date()) if following else "",
        "why_nothing": "" if upcoming else availability.why_nothing(direction),
    }


def _start(one: dict[str, Any]) -> datetime:
    return one["time"].starts_at


def _why_gone(
    availability: Availability,
    direction: Direction,
    moment: datetime,
    specialist: Membership | None,
    *,
    reader: Membership,
) -> str:
    """Why a time that stands in the address cannot be booked, as the operation would say it."""
    try:
        operations.free_at(availability, direction, moment, specialist, by=reader)
    except ValidationError as error:
        return _("This time is already taken.") if error.code == "time_taken" else " ".join(error.messages)
    return _("It is agreed for this time already.")


def _query(said: dict[str, str]) -> str:
    return f"?{urlencode(said)}" if said else ""


def _why(overview: DayOverview) -> str:
    """Why a day has no free time, in one or two words."""
    return {
        "": "",
        "past": pgettext("time", "past"),
        "closed": overview.words,
        "away": overview.words,
        "beyond_horizon": _("not open yet"),
        "no_hours": _("no hours"),
        "too_soon": _("too late for today"),
        "all_taken": _("all taken"),
    }[overview.reason]
