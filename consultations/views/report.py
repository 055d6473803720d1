"""The report on consultations: the page and its files."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.roles import Ability
from ejournal_rollout.spreadsheets import FORMATS

from ..forms.reports import ReportForm
from ..models import Booking, BookingQuerySet, Direction, DirectionRole, Seminar, SeminarQuerySet
from ..reports import FATES, Report, gather, period_words


@require_safe
@member_required
def report(request: MemberRequest) -> HttpResponse:
    """Numbers of consultations in tables and plots: of all for whoever reviews the plan, else of one's own."""
    form, shown = _report(request)
    sections = [(one, mark_safe(one.plot)) for one in shown.sections]  # noqa: S308  our own markup, words escaped
    context = {
        "form": form,
        "report": shown,
        "total": shown.total,
        "fates": FATES,
        "sections": sections if shown.cells else [],
        "period_words": period_words(shown.period),
        "is_own": not _sees_all(request),
    }
    return render(request, "consultations/report.html", context)


@require_safe
@member_required
def report_file(request: MemberRequest) -> HttpResponse:
    """What the page shows, for Excel (a sheet for each table) or as CSV (all in one table)."""
    form, shown = _report(request)
    if form.is_unknown:
        raise Http404
    kind = form.cleaned_data["kind"] or "xlsx"
    title = ", ".join([_("Report on consultations"), period_words(shown.period)])
    return FileResponse(
        io.BytesIO(FORMATS[kind].write(*shown.tables(title))),
        as_attachment=True,
        filename=f"{title.replace('/', '-')}.{kind}",
        content_type=FORMATS[kind].content_type,
    )


def _report(request: MemberRequest) -> tuple[ReportForm, Report]:
    """What the address asks for, of what the member may see; PermissionDenied for who gives no help."""
    member, bookings, seminars = request.member, _bookings(request), _seminars(request)
    names = _names(bookings, seminars) if _sees_all(request) else {}
    form = ReportForm(
        request.GET,
        this_year=SchoolYear.of(timezone.localdate()),
        years=map(SchoolYear, Order.objects.visible_to(member).values_list("first_year", flat=True)),
        directions=dict.fromkeys(Direction.objects.visible_to(member).names()),
        specialists=names,
    )
    chosen = [one.chosen(**form.chosen) for one in (bookings, seminars)]
    names = names or {member.pk: member.name}
    return form, gather(*chosen, form.period_chosen, at=timezone.now(), reader=member, names=names)


def _sees_all(request: MemberRequest) -> bool:
    return Ability.REVIEW_TASKS in request.abilities


def _names(bookings: BookingQuerySet, seminars: SeminarQuerySet) -> dict[int, str]:
    """Who gave consultations or leads seminars, by name."""
    people = (bookings.specialists() | seminars.leaders().select_related("user")).order_by(
        "user__last_name", "user__first_name", "pk"
    )
    return {one.pk: one.name for one in people}


def _seminars(request: MemberRequest) -> SeminarQuerySet:
    visible = Seminar.objects.visible_to(request.member)
    return visible if _sees_all(request) else visible.led_by(request.member)


def _bookings(request: MemberRequest) -> BookingQuerySet:
    visible, member = Booking.objects.visible_to(request.member), request.member
    if _sees_all(request):
        return visible
    own = visible.of_specialist(member)
    serves = DirectionRole.objects.of_school(member.school_id).of_specialist(member, roles=request.roles)
    gives_help = Ability.GIVE_HELP in request.abilities or serves.exists() or own.exists()
    if not gives_help and not _seminars(request).exists():
        raise PermissionDenied
    return own
