"""The specialist's day."""

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import DayForm, midnight
from ..models import Booking, Seminar, TimeRequest
from .bookings import PAST_SHOWN, with_status


@require_safe
@member_required
def day(request: MemberRequest) -> HttpResponse:
    """The specialist's day; unmarked consultations of other days and requests for a time stand on top."""
    member, at = request.member, timezone.now()
    form = DayForm(request.GET)
    on = form.day_or(timezone.localdate(at))
    start, end = midnight(on, member.school.zone), midnight(on + timedelta(days=1), member.school.zone)
    standing = operations.standing_of(member, on=timezone.localdate(at), roles=request.roles)
    mine = Booking.objects.visible_to(member).of_specialist(member).with_people()
    seminars = Seminar.objects.visible_to(member).led_by(member).live()
    unmarked = mine.unmarked(at=at, just_marked=form.just_marked)[:PAST_SHOWN]
    rows = with_status(mine.between(start, end), at)
    to_follow_up = mine.to_follow_up().prefetch_related("direction__direction_roles").order_by("starts_at")[:PAST_SHOWN]
    # Who only stood in leaves it to the teacher to choose a time.
    books_in = partial(operations.may_book_for_others, member, on=timezone.localdate(at), standing=standing)
    return render(
        request,
        "consultations/day.html",
        {
            "on": on,
            "seminars": seminars.between(start, end).with_mine(member).select_related("room"),
            "gives_help": Ability.GIVE_HELP in request.abilities or bool(rows),
            "is_today": on == timezone.localdate(at),
            "form": DayForm(initial={"on": on}),
            "unread_day": "on" in form.errors,
            "earlier": on - timedelta(days=1),
            "later": on + timedelta(days=1),
            "rows": [
                row | {"may_mark": row["booking"].cancelled_at is None and row["booking"].starts_at <= at}
                for row in rows
            ],
            "unmarked": [row for row in with_status(unmarked, at) if not start <= row["booking"].starts_at < end],
            "to_follow_up": [(one, books_in(one.direction)) for one in to_follow_up],
            "time_requests": TimeRequest.objects.visible_to(member)
            .waiting()
            .for_specialist(member, **standing._asdict())
            .not_of(member)
            .with_times()[:PAST_SHOWN],
        },
    )
