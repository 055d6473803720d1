"""The lessons of a specialist: typed one by one, or read from a timetable file."""

from datetime import date, time
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.access import MemberRequest, member_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .. import operations
from ..forms import LessonForm, TimetableForm, refusal_of_timetable
from ..models import Bell, Lesson
from ..timetable_file import Timetable, TimetableError, WeeklyLesson, read_timetable
from .touched import warn_of_touched

SALT = "consultations.timetable"
PREVIEW_SECONDS = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def lessons(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """The lessons of a specialist by weekdays; a form for one more."""
    specialist = _specialist(request, pk)
    form = _lesson_form(request, specialist)
    if request.method == "POST" and form.is_valid():
        form.instance.specialist = specialist
        try:
            operations.add_lesson(form.instance, by=request.member, at=timezone.now())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("The lesson is written: at this time nobody can book."))
            _warn(request)
            return redirect(_address(request, specialist))
    return _page(request, specialist, form, TimetableForm())


@require_POST
@member_required
def lesson_delete(request: MemberRequest, pk: int) -> HttpResponse:
    editable = Lesson.objects.editable_by(request.member, abilities=request.abilities)
    lesson = get_object_or_404(editable.select_related("specialist__user", "specialist__school"), pk=pk)
    operations.delete_lesson(lesson, by=request.member, at=timezone.now())
    messages.success(request, _("The lesson is deleted: {lesson}.").format(lesson=lesson))
    return redirect(_address(request, lesson.specialist))


@require_POST
@member_required
def timetable(request: MemberRequest, pk: int) -> HttpResponse:
    """What a file was understood as; nothing is stored yet."""
    specialist = _specialist(request, pk)
    form = TimetableForm(request.POST, request.FILES)
    if form.is_valid():
        first, last = _year(specialist)
        content = form.cleaned_data["file"].read()
        try:
            read = read_timetable(content, zone=specialist.school.zone, first=first, last=last)
        except TimetableError as error:
            form.add_error("file", refusal_of_timetable(error.code, error.words))
        else:
            return render(
                request,
                "consultations/timetable.html",
                {
                    "specialist": specialist,
                    "timetable": read,
                    "days": _by_weekdays(_row(one) for one in read.lessons),
                    "signed": _signed(read, specialist),
                    "first": first,
                    "last": last,
                    "replaced": Lesson.objects.of_specialist(specialist).from_file().count(),
                    "back": _address(request, specialist),
                },
            )
    return _page(request, specialist, _lesson_form(request, specialist, typed=False), form)


@require_POST
@member_required
def timetable_save(request: MemberRequest, pk: int) -> HttpResponse:
    """Store what the page of the preview showed."""
    specialist = _specialist(request, pk)
    try:
        read = _unsigned(request.POST.get("timetable", ""), specialist)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old. Choose the file again."))
        return redirect(_address(request, specialist))
    operations.replace_timetable(specialist, read, by=request.member, at=timezone.now())
    words = ngettext("The timetable is stored: {count} row.", "The timetable is stored: {count} rows.", len(read))
    messages.success(request, words.format(count=len(read)))
    _warn(request)
    return redirect(_address(request, specialist))


def _warn(request: MemberRequest) -> None:
    """Of the whole school for the administration, else of one's own."""
    warn_of_touched(request, own_only=Ability.EDIT_ORDER not in request.abilities)


def _page(request: MemberRequest, specialist: Membership, form: LessonForm, file_form: TimetableForm) -> HttpResponse:
    of_specialist = Lesson.objects.visible_to(request.member).of_specialist(specialist)
    coming = of_specialist.filter(last_on__gte=timezone.localdate())
    return render(
        request,
        "consultations/lessons.html",
        {
            "specialist": specialist,
            "is_own": specialist.pk == request.member.pk,
            "days": _by_weekdays(coming),
            "form": form,
            "file_form": file_form,
            "in_the_way": operations.consultations_in_the_way(specialist, at=timezone.now()),
        },
    )


def _specialist(request: MemberRequest, pk: int | None) -> Membership:
    """Oneself; for the administration anybody of the staff. Everybody else is not found."""
    if pk in (None, request.member.pk):
        return request.member
    staff = Membership.objects.visible_to(request.member)
    if Ability.EDIT_ORDER not in request.abilities:
        staff = staff.none()
    return get_object_or_404(staff.select_related("user", "school"), pk=pk)


def _lesson_form(request: MemberRequest, specialist: Membership, *, typed: bool = True) -> LessonForm:
    today = timezone.localdate()
    initial = {"first_on": today, "last_on": _year(specialist)[1]}
    return LessonForm(
        request.POST if typed and request.method == "POST" else None,
        bells=Bell.objects.visible_to(request.member),
        instance=Lesson(specialist=specialist),
        initial=initial,
    )


def _year(specialist: Membership) -> tuple[date, date]:
    """The first and last day of the school year of the order in force, else of today."""
    order = Order.objects.in_force().filter(school=specialist.school_id).first()
    year = order.school_year if order else SchoolYear.of(timezone.localdate())
    return year.starts_on, year.ends_on


def _address(request: MemberRequest, specialist: Membership) -> str:
    if specialist.pk == request.member.pk:
        return reverse("consultations:lessons")
    return reverse("consultations:lessons-of", args=[specialist.pk])


def _by_weekdays(rows: Any) -> list[tuple[str, list[Lesson]]]:
    """(weekday in words, its lessons), in order."""
    return [(words, list(group)) for words, group in groupby(rows, key=lambda one: one.get_weekday_display())]


def _row(one: WeeklyLesson) -> Lesson:
    return Lesson(
        weekday=one.weekday,
        starts=one.starts,
        ends=one.ends,
        first_on=one.first_on,
        last_on=one.last_on,
        every_weeks=one.every_weeks,
        words=one.words,
    )


def _signed(read: Timetable, specialist: Membership) -> str:
    """What was read, to come back with the button of the preview; nobody can change it on the way."""
    rows = [
        (one.weekday, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}", str(one.first_on), str(one.last_on),
         one.every_weeks, one.words)
        for one in read.lessons
    ]  # fmt: skip
    return signing.dumps({"specialist": specialist.pk, "rows": rows}, salt=SALT, compress=True)


def _unsigned(signed: str, specialist: Membership) -> list[WeeklyLesson]:
    """BadSignature if it is not what was signed for this specialist within the hour."""
    kept = signing.loads(signed, salt=SALT, max_age=PREVIEW_SECONDS)
    if kept["specialist"] != specialist.pk:
        raise signing.BadSignature
    return [
        WeeklyLesson(
            weekday,
            time.fromisoformat(starts),
            time.fromisoformat(ends),
            date.fromisoformat(first_on),
            date.fromisoformat(last_on),
            every_weeks,
            words,
        )
        for weekday, starts, ends, first_on, last_on, every_weeks, words in kept["rows"]
    ]
