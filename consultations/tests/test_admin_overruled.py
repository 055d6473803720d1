"""The administration is asked what the page of booking asks; what people have agreed on all the same is overruled by a
tick under the refusal that was read; the reason of a change is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consultations import busy
from consultations.models import Absence, CalendarChange
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, RoomFactory, SeminarFactory

from .conftest import moscow
from .test_admin_of_bookings import address_of, booked, change, refusal
from .test_calendar_changes import changed
from .test_lessons import written as given_lesson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEDNESDAY = date(2026, 11, 25)
ON_WEDNESDAY = {"starts_at_0": "25.11.2026"}
Kind = CalendarChange.Kind


@pytest.fixture
def admin(school) -> Client:
    client = Client()
    client.force_login(MembershipFactory(school=school, roles=[Role.ADMINISTRATION]).user)
    return client


def told_of_changes():
    return Message.objects.filter(key__regex=r"^consultations\.(moved|handed_over)")


def is_as_it_was(booking) -> bool:
    booking.refresh_from_db()
    return (booking.starts_at, booking.sequence, told_of_changes().count()) == (moscow("24.11.2026 10:20"), 0, 0)


def ticked_under(refused) -> dict[str, str]:
    """What the page of a refusal sends when its tick is set."""
    return {"despite": "on", "read": refused.context["adminform"].form["read"].value()}


# --- What is asked: each of them stands in the way of a teacher too


def closed(school, room, specialist) -> str:
    return changed(school, Kind.CLOSED, WEDNESDAY, reason="Авария отопления").reason


def room_closed(school, room, specialist) -> str:
    return changed(school, Kind.CLOSED, WEDNESDAY, reason="Замена окон", room=room).reason


def shortened(school, room, specialist) -> str:
    return changed(school, Kind.SHORTENED, WEDNESDAY, hours=(None, "10:00"), reason="Педсовет").reason


def lesson(school, room, specialist) -> str:
    given_lesson(specialist, weekday=3, starts="10:00", ends="10:45")
    return busy.Kind.LESSON.words


def absence(school, room, specialist) -> str:
    Absence.objects.create(specialist=specialist, first_on=WEDNESDAY, last_on=WEDNESDAY)
    return busy.Kind.ABSENCE.words


@pytest.mark.parametrize("stand_in_the_way", [closed, room_closed, shortened, lesson, absence])
def test_what_the_page_refuses_is_refused_here_and_may_be_overruled(
    admin, direction, teacher, specialist, school, stand_in_the_way
):
    one = booked(direction, teacher, specialist=specialist)
    reason = stand_in_the_way(school, direction.room, specialist)
    with pytest.raises(ValidationError) as in_the_page:
        booked(direction, MembershipFactory(school=school), "25.11.2026 10:20", specialist=specialist)

    refused = change(admin, one, **ON_WEDNESDAY, because="Просила сама")

    code, words = refusal(refused)
    assert code == in_the_page.value.code == "not_free"
    assert words.startswith(in_the_page.value.messages[0].split(".")[0]) and reason in words
    assert is_as_it_was(one)
    assert refused.context["original"].starts_at == one.starts_at
    assert refused.context["adminform"].form["because"].value() == "Просила сама"
    assert change(admin, one, **ON_WEDNESDAY, **ticked_under(refused)).status_code == 302
    one.refresh_from_db()
    assert one.starts_at == moscow("25.11.2026 10:20")
    assert reason in Entry.objects.get(verb="consultations.moved").changes[-1]["new"]


@pytest.mark.parametrize(
    ("clock_time", "is_asked"), [("07:59", True), ("08:00", False), ("13:40", False), ("13:41", True)]
)
def test_outside_the_hours_is_asked(admin, direction, teacher, clock_time, is_asked):
    one = booked(direction, teacher)

    answer = change(admin, one, starts_at_1=clock_time)

    assert answer.status_code == (200 if is_asked else 302)
    assert not is_asked or refusal(answer)[0] == "not_free"


def test_who_gives_no_help_in_the_direction_is_asked_about_by_name(admin, direction, teacher, school):
    one, colleague = booked(direction, teacher), MembershipFactory(school=school)

    refused = change(admin, one, specialist=colleague.pk)

    assert colleague.name in refusal(refused)[1]
    assert is_as_it_was(one)
    assert change(admin, one, specialist=colleague.pk, **ticked_under(refused)).status_code == 302
    one.refresh_from_db()
    assert one.specialist == colleague


def test_a_lesson_of_the_teacher_is_asked_about(admin, direction, teacher):
    one = booked(direction, teacher)
    given_lesson(teacher, weekday=3, starts="10:00", ends="10:45")

    assert refusal(change(admin, one, **ON_WEDNESDAY))[0] == "not_free"
    assert is_as_it_was(one)


def test_of_two_rooms_the_one_chosen_is_asked_about(admin, direction, teacher, school):
    one, other = booked(direction, teacher), RoomFactory(school=school, name="31")
    changed(school, Kind.CLOSED, WEDNESDAY, reason="Ремонт", room=other)

    assert "Ремонт" in refusal(change(admin, one, room=other.pk, **ON_WEDNESDAY))[1]
    assert change(admin, one, **ON_WEDNESDAY).status_code == 302


def test_a_tick_counts_for_the_refusal_that_was_read_and_for_no_other(admin, direction, teacher, school):
    one = booked(direction, teacher)
    changed(school, Kind.CLOSED, WEDNESDAY, reason="Карантин")
    ticked = ticked_under(change(admin, one, **ON_WEDNESDAY))

    # when something else is sent under the same tick, or nothing was read
    evening = change(admin, one, starts_at_1="18:00", **ticked)

    assert refusal(evening)[0] == "not_free"
    assert not evening.context["adminform"].form["despite"].value()
    assert refusal(change(admin, one, **ON_WEDNESDAY, despite="on"))[0] == "not_free"
    assert is_as_it_was(one)


def test_what_cannot_be_is_not_overruled(admin, direction, teacher, specialist, school):
    one = booked(direction, teacher, specialist=specialist)
    booked(direction, MembershipFactory(school=school), "25.11.2026 11:00", specialist=specialist)
    SeminarFactory(
        school=school, leaders=[specialist], starts_at=moscow("25.11.2026 12:00"), ends_at=moscow("25.11.2026 13:00")
    )
    changed(school, Kind.CLOSED, WEDNESDAY, reason="Карантин")
    for clock_time in ("11:00", "12:20"):
        assert refusal(change(admin, one, **ON_WEDNESDAY, starts_at_1=clock_time, despite="on"))[0] == "time_taken"
    assert refusal(change(admin, one, starts_at_0="20.11.2026", despite="on"))[0] == "past_time"
    assert refusal(change(admin, one, starts_at_0="01.09.2027", despite="on"))[0] == "year_over"
    assert is_as_it_was(one)


# --- The form


def test_the_tick_is_shown_only_under_a_refusal_that_it_overrules(admin, direction, teacher, school):
    one = booked(direction, teacher)
    changed(school, Kind.CLOSED, WEDNESDAY)
    tick = '<input type="checkbox" name="despite"'

    assert tick not in admin.get(address_of(one)).content.decode()
    assert tick not in change(admin, one, starts_at_0="20.11.2026").content.decode()
    assert tick in change(admin, one, **ON_WEDNESDAY).content.decode()


def test_specialists_of_the_direction_are_offered_first_and_the_teacher_is_not(
    admin, direction, teacher, specialist, school
):
    other = MembershipFactory(school=school, user__last_name="Аверина")
    one = booked(direction, teacher)

    form = admin.get(address_of(one)).context["adminform"].form

    groups = [[pk for pk, _name in lines] for _words, lines in form.fields["specialist"].choices]
    assert groups[0] == [specialist.pk]
    assert other.pk in groups[1] and teacher.pk not in groups[1]


def test_the_reason_of_a_change_is_told_to_all_whom_it_concerns(admin, direction, teacher, specialist, school):
    colleague = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    one = booked(direction, teacher, specialist=specialist)

    change(admin, one, specialist=colleague.pk, because=" Техников на курсах ")

    told = told_of_changes()
    assert {message.recipient for message in told} == {teacher, specialist, colleague}
    assert all("Техников на курсах" in message.words for message in told)
    assert Entry.objects.get(verb="consultations.moved").changes[-1]["new"] == "Техников на курсах"
