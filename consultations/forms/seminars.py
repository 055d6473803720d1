"""What is typed about seminars. A form cleans and shapes; the operations decide."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.people.models import ROLE_WORDS, Membership, MembershipQuerySet
from ejournal_rollout.people.roles import SPECIALISTS, Role

from ..models import Direction, DirectionRole, Participation, Room, Seminar, closing_moment
from .fields import ClockField, DayField

# Everybody on the staff is a teacher in the sense of Annex 2: to choose them is to choose nobody.
AUDIENCES = [role for role in Role if role != Role.TEACHER]


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return ", ".join(filter(None, [member.name, member.post]))


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, member: Membership) -> str:
        return ", ".join(filter(None, [member.name, member.post]))


class SeminarForm(forms.ModelForm):
    """A seminar, new or changed. `edition` is the one that the page showed."""

    leaders = PeopleField(
        label=_("Leaders"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who leads the seminar.")},
    )
    day = DayField(label=_("Day"))
    begins = ClockField(label=pgettext_lazy("seminar", "From"))
    ends = ClockField(label=pgettext_lazy("seminar", "To"))
    closes_on = DayField(
        label=_("Last day of the sign-up"), required=False, help_text=_("Empty: until the seminar begins.")
    )
    audience = forms.MultipleChoiceField(
        label=_("For whom"),
        required=False,
        choices=[(role.value, ROLE_WORDS[role]) for role in AUDIENCES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: for all staff."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    in_spite_of = forms.CharField(required=False, max_length=300)  # a box that is ticked, with what the calendar says

    class Meta:
        model = Seminar
        fields = ["kind", "title", "about", "direction", "room", "place_words", "places"]
        widgets = {"about": forms.Textarea(attrs={"rows": 3})}

    field_order = [
        "kind",
        "title",
        "about",
        "leaders",
        "day",
        "begins",
        "ends",
        "room",
        "place_words",
        "places",
        "closes_on",
        "audience",
        "direction",
        "edition",
    ]

    def __init__(self, *args: Any, member: Membership, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = member.school.zone
        self.fields["leaders"].queryset = _may_lead(member, self.instance, on=on)
        self.fields["direction"].queryset = _directions(member, self.instance)
        self.fields["direction"].empty_label = _("no one direction")
        self.fields["room"].queryset = Room.objects.visible_to(member)
        self.fields["room"].empty_label = _("not in a room of the list")
        if self.instance.pk:
            self.initial |= self._moments()

    def _moments(self) -> dict[str, Any]:
        starts, ends = (localtime(one, self.zone) for one in (self.instance.starts_at, self.instance.ends_at))
        closes = localtime(self.instance.closes_at, self.zone)
        return {
            "day": starts.date(),
            "begins": starts.time(),
            "ends": ends.time(),
            # "With the day" is stored as its end, midnight of the next.
            "closes_on": None if closes == starts else date.fromordinal(closes.toordinal() - 1),
            "leaders": [one.pk for one in self.instance.leaders.all()],
            "audience": self.instance.audience,
            "edition": self.instance.sequence,
            "in_spite_of": self.instance.in_spite_of,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        begins, ends = given.get("begins"), given.get("ends")
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", _("The seminar must end after it begins."))
        return given

    @property
    def values(self) -> dict[str, Any]:
        """What `plan_seminar` and `change_seminar` take beside the leaders and the edition."""
        given = self.cleaned_data
        starts_at, ends_at = (
            datetime.combine(given["day"], given[name], tzinfo=self.zone) for name in ("begins", "ends")
        )
        return {name: given[name] for name in (*self._meta.fields, "audience")} | {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "closes_at": closing_moment(given["closes_on"], starts_at),
            "in_spite_of": given["in_spite_of"],
        }

    @property
    def objection(self) -> str:
        """What the calendar says against the time that was refused, or against which it is held already."""
        refused = [one for one in self.non_field_errors().as_data() if one.code == "day_closed"]
        return refused[0].params["reason"] if refused else self["in_spite_of"].value() or ""


class EnterForm(forms.Form):
    """Somebody of the staff who is not on the list yet."""

    person = PersonField(
        label=_("Member of staff"),
        queryset=Membership.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose whom to enter.")},
    )

    def __init__(self, *args: Any, seminar: Seminar, member: Membership, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Participation.objects.of(seminar).live().values("participant")
        staff = Membership.objects.visible_to(member).working(on=on).select_related("user")
        leaders = [one.pk for one in seminar.leaders.all()]
        self.fields["person"].queryset = staff.exclude(pk__in=there).exclude(pk__in=leaders)


class CameForm(forms.Form):
    """Which lines of the list are ticked; a line of another seminar counts as not ticked."""

    came = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, lines: list[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = [(str(one.pk), one.participant.name) for one in lines]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Those who signed up will read it."),
        error_messages={"required": _("Write why: those who signed up will read it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _may_lead(member: Membership, seminar: Seminar, *, on: date) -> MembershipQuerySet:
    """Specialists by role or by name, and whoever leads this one already."""
    named = DirectionRole.objects.in_force().filter(person__school=member.school_id).values_list("person", flat=True)
    leading = [one.pk for one in seminar.leaders.all()] if seminar.pk else []
    staff = Membership.objects.visible_to(member).select_related("user")
    return staff.serving(SPECIALISTS, named=[*named, *leading, member.pk], on=on)


def _directions(member: Membership, seminar: Seminar) -> Any:
    of_school = Direction.objects.visible_to(member)
    return of_school.in_force() | of_school.filter(pk=seminar.direction_id)
