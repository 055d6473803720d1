"""The list of a day on paper, for signatures: of a specialist or of a room."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..forms import DayForm, WhoseForm, midnight
from ..models import Booking, DirectionRole, Room, Seminar
from ..week import room_words

BLANK_LINES = 6  # for those who come without a booking


@require_safe
@member_required
def day_list(request: MemberRequest) -> HttpResponse:
    """Who is booked on a day, with a column for signatures; it goes from hand to hand, so no questions stand in it.

    Specialists take their own list and those of the rooms where they serve, the administration any.
    """
    member = request.member
    on = DayForm(request.GET).day_or(timezone.localdate())
    people, rooms = _offered(request, on)
    if not people and not rooms and Ability.EDIT_ORDER not in request.abilities:
        raise PermissionDenied
    choices = [(f"specialist-{one.pk}", one.full_name) for one in people]
    choices += [(f"room-{one.pk}", room_words(one)) for one in rooms]
    own = next((value for value, _words in choices if value == f"specialist-{member.pk}"), "")
    chosen = WhoseForm(request.GET, choices=choices)
    if not chosen.is_valid():
        raise Http404
    whose = chosen.cleaned_data["of"] or own or next((value for value, _words in choices), "")
    kind, _dash, number = whose.partition("-")
    specialist = next((one for one in people if kind == "specialist" and str(one.pk) == number), None)
    room = next((one for one in rooms if kind == "room" and str(one.pk) == number), None)
    start, end = midnight(on, member.school.zone), midnight(on + timedelta(days=1), member.school.zone)
    booked = Booking.objects.visible_to(member).live().between(start, end).with_people().select_related("topic")
    booked = booked.filter(room=room) if room else booked.filter(specialist=specialist)
    held = Seminar.objects.visible_to(member).live().between(start, end).with_mine(member).select_related("room")
    return render(
        request,
        "consultations/day_list.html",
        {
            "on": on,
            "specialist": specialist,
            "room": room,
            "rows": booked if whose else (),
            "seminars": held.of_room(room) if room else held.led_by(specialist) if specialist else (),
            "blank_lines": range(BLANK_LINES),
            "form": WhoseForm(choices=choices, initial={"of": whose}),
            "day_form": DayForm(initial={"on": on}),
        },
    )


def _offered(request: MemberRequest, on: date) -> tuple[list[Membership], list[Room]]:
    """The specialists and the rooms whose lists the member may take."""
    member = request.member
    is_administration = Ability.EDIT_ORDER in request.abilities
    served = DirectionRole.objects.in_force().filter(direction__schedule__order__school=member.school_id)
    if not is_administration:
        served = served.of_specialist(member, roles=request.roles)
    served = list(served.exclude(role="", person=None).values_list("role", "person", "direction__room"))
    if is_administration:
        people = Membership.objects.visible_to(member).with_people()
        # Whoever has a booking of that day has a list, whatever the schedule says by now.
        booked = Booking.objects.visible_to(member).live().filter(
            starts_at__lt=midnight(on + timedelta(days=1), member.school.zone),
            ends_at__gt=midnight(on, member.school.zone),
        )  # fmt: skip
        serving = people.serving(
            {role for role, _person, _room in served if role},
            named={person for _role, person, _room in served if person},
            on=on,
        )
        ours = Q(pk__in=serving.values("pk")) | Q(pk__in=booked.values("specialist"))
        found = list(people.filter(ours).order_by("user__last_name", "user__first_name", "pk"))
        return found, list(Room.objects.visible_to(member))
    gives_help = Ability.GIVE_HELP in request.abilities or bool(served)
    rooms = {room for _role, _person, room in served if room}
    return [member] if gives_help else [], list(Room.objects.visible_to(member).filter(pk__in=rooms))
