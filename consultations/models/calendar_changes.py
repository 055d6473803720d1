"""What a school changes in its calendar: days closed, shortened or worked, extra hours, school holidays."""

from datetime import date, time
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.people.models import Membership, School

from .rooms import Room
from .schedule import Direction, Hours

YEARS = range(2000, 2200)  # any other is a slip of the finger
SCOPES = ("room", "direction", "specialist")
ONE_SCOPE = Q(room=None, direction=None) | Q(room=None, specialist=None) | Q(direction=None, specialist=None)


class CalendarChangeQuerySet(models.QuerySet["CalendarChange"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)

    def touching(self, first: date, last: date) -> Self:
        return self.filter(first_on__lte=last, last_on__gte=first)

    def of_school(self) -> Self:
        """Those that speak of the whole school, not of a room, a direction or a specialist."""
        return self.filter(room=None, direction=None, specialist=None)

    def with_scope(self) -> Self:
        return self.select_related("room", "direction", "specialist__user")


class CalendarChange(models.Model):
    """Days (both ends inside) that differ from the ordinary ones, and why: the reason is shown to teachers.

    Of the whole school, or of one room, one direction or one specialist. `starts` and `ends` are local: a closure
    with them takes that part of the day only, shortened days and extra hours lie between them. Extra hours of one
    day count on a day off too, those of several days on working days only (our decision).
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("closed: no consultations")
        SHORTENED = "shortened", _("shortened day")
        EXTRA = "extra", _("extra hours")
        WORKING = "working", _("working day")
        HOLIDAYS = "holidays", _("school holidays, no consultations")
        OPEN_HOLIDAYS = "open_holidays", _("school holidays, consultations as usual")

    school = models.ForeignKey(
        School, models.CASCADE, related_name="calendar_changes", verbose_name=_("school"), editable=False
    )
    kind = models.CharField(_("what changes"), max_length=20, choices=Kind.choices, default=Kind.CLOSED)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    starts = models.TimeField(
        pgettext_lazy("hours", "from"),
        null=True,
        blank=True,
        help_text=_("Closed: leave empty for the whole day. Shortened day: consultations from … to … only."),
    )
    ends = models.TimeField(pgettext_lazy("hours", "to"), null=True, blank=True)
    as_weekday = models.PositiveSmallIntegerField(
        _("by the timetable of"),
        choices=[choice for choice in Hours.Weekday.choices if choice[0]],
        null=True,
        blank=True,
        help_text=_("Only for a working day: a Saturday worked instead of a Friday goes by the hours of Friday."),
    )
    reason = models.CharField(_("reason"), max_length=200, help_text=_("Teachers read it on the booking page."))
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, verbose_name=_("only this room"))
    direction = models.ForeignKey(
        Direction, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only this direction")
    )
    specialist = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only this specialist")
    )

    objects = CalendarChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of the calendar")
        verbose_name_plural = _("changes of the calendar")
        ordering = ["first_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="change_ends_not_before_start",
                violation_error_code="ends_before_start",
                violation_error_message=_("The last day cannot come before the first."),
            ),
            models.CheckConstraint(
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gt=F("starts")),
                name="change_hours_end_after_start",
                violation_error_code="hours_end_before_start",
                violation_error_message=_("The hours must end after they begin."),
            ),
            models.CheckConstraint(
                condition=ONE_SCOPE,
                name="change_of_one_thing",
                violation_error_code="two_scopes",
                violation_error_message=_("Choose a room, a direction or a specialist, not several of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_days}: {self.get_kind_display()} ({self.reason})"

    @property
    def said_days(self) -> str:
        """«28.11.2026» or «01.11.2026–08.11.2026»"""
        days = dict.fromkeys((self.first_on, self.last_on))
        return "–".join(f"{day:%d.%m.%Y}" for day in days)

    @property
    def said_hours(self) -> str:
        """«10:00–12:00», «from 10:00», «to 12:00»; "" for whole days."""
        if self.starts and self.ends:
            return f"{self.starts:%H:%M}–{self.ends:%H:%M}"
        if self.starts:
            return gettext("from {time}").format(time=f"{self.starts:%H:%M}")
        return gettext("to {time}").format(time=f"{self.ends:%H:%M}") if self.ends else ""

    @property
    def said(self) -> str:
        """«сокращённый день, до 12:00», «рабочий день, как пятница»"""
        weekday = ""
        if self.as_weekday:
            weekday = gettext("as on {weekday}").format(weekday=self.get_as_weekday_display())
        return ", ".join(filter(None, [str(self.get_kind_display()), self.said_hours, weekday]))

    @property
    def said_in_full(self) -> str:
        """«28.11.2026 — рабочий день, как пятница: Вместо 4 ноября»; reads what is concerned."""
        whom = f" ({self.concerned})" if self.concerned else ""
        return f"{self.said_days}{whom} — {self.said}: {self.reason}"

    @property
    def because(self) -> str:
        """The reason as a part of a sentence: without a full stop of its own."""
        return self.reason.rstrip(". ") or self.reason

    @property
    def concerned(self) -> Room | Direction | Membership | None:
        """The room, direction or specialist of which alone it speaks; None: the whole school."""
        return self.room or self.direction or self.specialist

    @property
    def is_of_school(self) -> bool:
        return not any(getattr(self, f"{scope}_id") for scope in SCOPES)

    @property
    def closes_days(self) -> bool:
        """Whether nobody gives consultations on its days, in its scope."""
        whole = self.kind == self.Kind.CLOSED and not (self.starts or self.ends)
        return whole or self.kind == self.Kind.HOLIDAYS

    @property
    def is_without_lessons(self) -> bool:
        return self.kind in (self.Kind.HOLIDAYS, self.Kind.OPEN_HOLIDAYS)

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on

    def closed_hours(self) -> list[tuple[time, time | None]]:
        """The parts of its days in which consultations are not given; None is the end of the day."""
        midnight = time(0)
        if self.kind == self.Kind.SHORTENED:
            before = [(midnight, self.starts)] if self.starts else []
            return before + ([(self.ends, None)] if self.ends else [])
        if self.closes_days or self.kind == self.Kind.CLOSED:
            return [(self.starts or midnight, self.ends)]
        return []

    def concerns(self, *, direction: int | None, room: int | None, specialist: int | None) -> bool:
        """Whether it speaks of consultations of a direction, in its room, by a specialist; numbers of rows."""
        known = {"direction": direction, "room": room, "specialist": specialist}
        return all(getattr(self, f"{scope}_id") in (None, known[scope]) for scope in SCOPES)

    def closes(self, day: date, starts: time, ends: time) -> bool:
        """Whether it takes a part of [starts, ends) of a day, which are local, from consultations."""
        return self.covers(day) and any(
            closed < ends and (opens is None or starts < opens) for closed, opens in self.closed_hours()
        )

    def clean(self) -> None:
        errors: dict[str, ValidationError] = {}
        for name in ("first_on", "last_on"):
            if (day := getattr(self, name)) and day.year not in YEARS:
                errors[name] = ValidationError(_("Check the year."), code="year")
        kind = self.Kind
        if self.kind == kind.EXTRA and not (self.starts and self.ends):
            errors["starts"] = ValidationError(_("Write from when to when the extra hours are."), code="hours_missing")
        if self.kind == kind.SHORTENED and not (self.starts or self.ends):
            errors["ends"] = ValidationError(_("Write to what time consultations are given."), code="hours_missing")
        if self.kind in (kind.WORKING, kind.HOLIDAYS, kind.OPEN_HOLIDAYS):
            if self.starts or self.ends:
                errors["starts"] = ValidationError(_("Here whole days change: leave the hours empty."), code="hours")
            if not self.is_of_school:
                scope = next(name for name in SCOPES if getattr(self, f"{name}_id"))
                errors[scope] = ValidationError(_("This concerns the whole school: leave it empty."), code="scope")
        if self.as_weekday and self.kind != kind.WORKING:
            errors["as_weekday"] = ValidationError(_("Only a working day has a timetable of another."), code="weekday")
        if errors:
            raise ValidationError(errors)
