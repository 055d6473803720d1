"""The calendar of the school: what is unusual in the coming days, and who is absent."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.people.access import MemberRequest, ability_required, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import AbsenceForm
from ..forms.calendar import DayChangeForm
from ..models import Absence, CalendarChange
from ..working_days import public_days
from .touched import warn_of_touched

DAYS_AHEAD = 366


@require_safe
@member_required
def calendar(request: MemberRequest) -> HttpResponse:
    """Changes, absences and public holidays from today on; the reason of an absence for the administration only."""
    today = timezone.localdate()
    last = today + timedelta(days=DAYS_AHEAD)
    known, unknown = public_days(today, last)
    edits = Ability.EDIT_ORDER in request.abilities
    return render(
        request,
        "consultations/calendar.html",
        {
            "changes": CalendarChange.objects.visible_to(request.member).touching(today, last).with_scope(),
            "absences": Absence.objects.visible_to(request.member).touching(today, last).with_people(),
            "public_days": known,
            "years_unknown": unknown,
            "specialists": operations.all_specialists(request.member.school, on=today) if edits else [],
            "touched": operations.touched_counts(request.member, at=timezone.now()) if edits else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def day_change(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """A day or several changed anew, or what was written of them changed; then what it has met is shown."""
    visible = CalendarChange.objects.visible_to(request.member).with_scope()
    row = get_object_or_404(visible, pk=pk) if pk else CalendarChange(school=request.member.school)
    stored_days = row.said_days if pk else ""  # the form writes what is typed into the row, refused or not
    form = DayChangeForm(request.POST or None, instance=row, member=request.member, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        operations.change_days(form.instance, by=request.member, at=timezone.now())
        change = form.instance.said_in_full.rstrip(".")
        messages.success(request, _("The calendar is changed: {change}.").format(change=change))
        return redirect(_where_it_is_settled(request))
    status = 422 if form.errors else 200
    page = {"change": row if pk else None, "stored_days": stored_days, "form": form}
    return render(request, "consultations/day_change.html", page, status=status)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def day_change_delete(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CalendarChange.objects.visible_to(request.member).with_scope(), pk=pk)
    operations.delete_day_change(row, by=request.member, at=timezone.now())
    messages.success(request, _("The change of the calendar is deleted: the day is as usual."))
    return redirect(_where_it_is_settled(request))


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def absence(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """A new absence, or one changed."""
    at = timezone.now()
    visible = Absence.objects.visible_to(request.member).with_people()
    row = get_object_or_404(visible, pk=pk) if pk else Absence()
    stored = row.specialist.name if pk else ""  # the form writes what is typed into the row, refused or not
    booked = operations.bookings_in(row, at=at) if pk else []
    staff = Membership.objects.visible_to(request.member).working(on=timezone.localdate(at)).with_people()
    form = AbsenceForm(request.POST or None, instance=row, staff=staff)
    if request.method == "POST" and form.is_valid():
        try:
            inside = operations.write_absence(form.instance, by=request.member, at=at)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("The absence is written. Those concerned have been told."))
            is_met = warn_of_touched(request, with_link=bool(inside))
            if inside:
                return redirect(form.instance)
            return redirect("consultations:touched" if is_met else "consultations:calendar")
    page = {"absence": row if pk else None, "stored_name": stored, "form": form, "inside": booked}
    return render(request, "consultations/absence.html", page)


@require_POST
@ability_required(Ability.EDIT_ORDER)
def absence_delete(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Absence.objects.visible_to(request.member).with_people(), pk=pk)
    operations.delete_absence(row, by=request.member, at=timezone.now())
    messages.success(request, _("The absence is deleted. Those concerned have been told."))
    return redirect(_where_it_is_settled(request))


def _where_it_is_settled(request: MemberRequest) -> str:
    """The list of what has been met, with a message of it; the calendar if nothing has."""
    return "consultations:touched" if warn_of_touched(request, with_link=False) else "consultations:calendar"
