"""The administration gives consultations to come another specialist, room or time: by the rule of the pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from consultations.models import Booking, Room
from consultations.operations import (
    accept_time,
    book_consultation,
    cancel_booking,
    move_booking,
    propose_times,
    reassign_booking,
    restore_booking,
    seat_anew,
)
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, OrderFactory, RoomFactory

from .conftest import NOW, moscow
from .test_changing import code_of
from .test_races import at_once, overlaps
from .test_races_in_pages import deadlocks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def head(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION], user__last_name="Завучева")


@pytest.fixture
def colleague(school):
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Сменная")


@pytest.fixture
def admin(head) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(head.user)
    return client


def booked(direction, teacher, when="24.11.2026 10:20", *, specialist=None) -> Booking:
    said = {"specialist": specialist, "starts_at": moscow(when), "teacher": teacher, "question": "Вопрос"}
    return book_consultation(direction, by=teacher, at=NOW, **said)


def address_of(booking) -> str:
    return reverse("admin:consultations_booking_change", args=[booking.pk])


def change(admin, booking, **fields):
    sent = {
        "specialist": booking.specialist_id,
        "room": booking.room_id or "",
        "starts_at_0": "24.11.2026",
        "starts_at_1": "10:20",
        "shown": booking.sequence,
    }
    return admin.post(address_of(booking), sent | fields)


def refusal(page) -> tuple[str, str]:
    """The code and the sentence of the form."""
    assert page.status_code == 200, page.status_code
    [error] = page.context["adminform"].form.non_field_errors().as_data()
    return error.code, error.messages[0]


# --- What is changed


def test_the_specialist_the_room_and_the_time_are_changed_told_and_written_in_the_journal(
    admin, direction, teacher, specialist, colleague, head
):
    one = booked(direction, teacher, specialist=specialist)
    room = RoomFactory(school=direction.room.school, name="31")

    answer = change(admin, one, specialist=colleague.pk, room=room.pk, starts_at_1="12:50")

    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.specialist, one.room, one.room_place) == (colleague, room, 1)
    assert (one.starts_at, one.ends_at - one.starts_at) == (moscow("24.11.2026 12:50"), timedelta(minutes=20))
    assert (one.sequence, one.changed_at, one.question) == (1, NOW, "Вопрос")
    told = Message.objects.filter(key__regex=r"^consultations\.(moved|handed_over)")
    assert {message.recipient for message in told} == {teacher, specialist, colleague}
    entry = Entry.objects.get(verb="consultations.moved")
    assert entry.by == head.user
    assert {one["new"] for one in entry.changes} >= {colleague.name, "31"}
    assert not Entry.objects.filter(verb="admin.changed").exists()


def test_a_form_sent_unchanged_changes_and_tells_nothing(admin, direction, teacher):
    one = booked(direction, teacher)

    assert change(admin, one).status_code == 302

    one.refresh_from_db()
    assert one.sequence == 0
    assert not Message.objects.filter(key__regex=r"^consultations\.(moved|handed_over)").exists()


def test_a_room_is_taken_away_and_given_back(admin, direction, teacher):
    one = booked(direction, teacher)

    change(admin, one, room="")
    one.refresh_from_db()
    assert (one.room, one.room_place) == (None, None)
    change(admin, one, room=direction.room_id)
    one.refresh_from_db()
    assert (one.room, one.room_place) == (direction.room, 1)


def test_what_is_over_cancelled_or_of_another_school_is_not_changed(admin, direction, teacher, specialist, clock):
    cancelled, past = booked(direction, teacher, "24.11.2026 11:00"), booked(direction, teacher)
    cancel_booking(cancelled, by=teacher, at=NOW)
    stranger = booked(
        DirectionFactory(school=(school := OrderFactory().school)),
        MembershipFactory(school=school),
        specialist=MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST]),
    )
    clock.at = moscow("24.11.2026 10:20")

    for one in (cancelled, past):
        assert admin.get(address_of(one)).status_code == 200
        assert change(admin, one, starts_at_1="12:00").status_code == 403
    assert admin.get(address_of(stranger)).status_code == 302  # as a row that does not exist
    assert admin.post(reverse("admin:consultations_booking_add"), {}).status_code == 403
    assert admin.post(reverse("admin:consultations_booking_delete", args=[past.pk]), {"post": "yes"}).status_code == 403
    for member in (teacher, specialist):
        client = Client()
        client.force_login(member.user)
        assert client.get(address_of(past)).status_code in (302, 403)


def test_no_other_field_is_changed_by_a_forged_form(admin, direction, teacher, school):
    one = booked(direction, teacher)

    change(admin, one, question="подмена", teacher=MembershipFactory(school=school).pk, starts_at_1="11:00")

    one.refresh_from_db()
    assert (one.question, one.teacher, one.starts_at) == ("Вопрос", teacher, moscow("24.11.2026 11:00"))


# --- What is refused: with the sentence of the pages


def test_a_clash_is_refused_with_the_sentence_of_the_pages(admin, direction, teacher, specialist, colleague, school):
    room = direction.room
    elsewhere = DirectionFactory(school=school)
    one = booked(direction, teacher, "24.11.2026 09:00", specialist=specialist)
    booked(direction, MembershipFactory(school=school), specialist=specialist)
    booked(elsewhere, teacher, "24.11.2026 12:00", specialist=colleague)
    own = {"starts_at_1": "09:00"}

    code, words = refusal(change(admin, one))
    assert code == "time_taken" and room.name in words
    code, words = refusal(change(admin, one, room=""))
    assert code == "time_taken"
    with pytest.raises(Exception) as in_a_page:
        booked(elsewhere, MembershipFactory(school=school), specialist=specialist)
    assert in_a_page.value.messages == [words]
    assert refusal(change(admin, one, starts_at_1="12:00"))[0] == "teacher_taken"
    assert refusal(change(admin, one, specialist=teacher.pk, **own))[0] == "no_specialist"
    assert refusal(change(admin, one, starts_at_0="20.11.2026"))[0] == "past_time"
    one.refresh_from_db()
    assert (one.starts_at, one.sequence) == (moscow("24.11.2026 09:00"), 0)


def test_who_teaches_elsewhere_then_gives_no_consultation(admin, direction, teacher, specialist, colleague, school):
    one = booked(direction, teacher, specialist=specialist)
    booked(DirectionFactory(school=school), colleague, specialist=MembershipFactory(
        school=school, roles=[Role.TECHNICAL_SPECIALIST]))  # fmt: skip

    assert refusal(change(admin, one, specialist=colleague.pk))[0] == "time_taken"


def test_who_was_slower_reads_what_has_changed(admin, direction, teacher):
    one = booked(direction, teacher)
    move_booking(one, specialist=None, starts_at=moscow("24.11.2026 11:00"), by=teacher, at=NOW)

    assert refusal(change(admin, one, shown=0, starts_at_1="12:00"))[0] == "changed_meanwhile"


def test_a_room_or_a_person_of_another_school_is_no_choice(admin, direction, teacher):
    one = booked(direction, teacher)

    page = change(admin, one, room=RoomFactory().pk, specialist=MembershipFactory().pk)

    assert set(page.context["adminform"].form.errors) == {"room", "specialist"}


def test_a_constraint_lost_by_a_moment_is_the_same_sentence_and_no_fault(
    admin, direction, teacher, specialist, school, monkeypatch
):
    # given somebody who does not lock, and writes after all was read
    one = booked(direction, teacher, "24.11.2026 09:00", specialist=specialist)
    other = booked(direction, MembershipFactory(school=school), specialist=specialist)
    monkeypatch.setattr(Booking, "full_clean", lambda *args, **kwargs: None)

    code, _words = refusal(change(admin, one, room=""))

    assert code == "time_taken"
    other.refresh_from_db()
    one.refresh_from_db()
    assert (one.starts_at, other.starts_at) == (moscow("24.11.2026 09:00"), moscow("24.11.2026 10:20"))


# --- Rooms


def test_a_room_of_three_places_is_full_with_three_for_the_administration_too(admin, school):
    room = RoomFactory(school=school, places=3)
    shared = DirectionFactory(school=school, room=room)
    people = MembershipFactory.create_batch(4, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    for specialist in people[:3]:
        booked(shared, MembershipFactory(school=school), specialist=specialist)
    late = booked(DirectionFactory(school=school), MembershipFactory(school=school), specialist=people[3])

    assert refusal(change(admin, late, room=room.pk))[0] == "time_taken"
    cancel_booking(one := Booking.objects.get(room_place=2), by=one.teacher, at=NOW)
    assert change(admin, late, room=room.pk).status_code == 302
    late.refresh_from_db()
    assert late.room_place == 2


def crowded(school, *times: str) -> tuple[Room, list[Booking]]:
    """A room of three places with a consultation at each of the times."""
    room = RoomFactory(school=school, places=3)
    shared = DirectionFactory(school=school, room=room)
    people = MembershipFactory.create_batch(len(times), school=school, roles=[Role.TECHNICAL_SPECIALIST])
    made = [
        booked(shared, MembershipFactory(school=school), f"24.11.2026 {time}", specialist=one)
        for time, one in zip(times, people, strict=True)
    ]
    return room, made


def test_fewer_places_of_a_room_are_said_with_links_and_nobody_is_moved(admin, school):
    room, made = crowded(school, "10:20", "10:20", "10:20", "11:00")

    page = admin.post(
        reverse("admin:consultations_room_change", args=[room.pk]), {"name": room.name, "places": 2}, follow=True
    )

    words = page.content.decode()
    assert address_of(made[2]) in words
    assert not any(address_of(one) in words for one in (made[0], made[1], made[3]))
    assert [one.sequence for one in Booking.objects.all()] == [0, 0, 0, 0]
    assert not Message.objects.filter(key__regex=r"^consultations\.(moved|handed_over)").exists()


def test_those_who_stay_are_given_the_places_that_are_left(school):
    room, made = crowded(school, "10:20", "10:20", "10:20")
    for one in made[:2]:
        cancel_booking(one, by=one.teacher, at=NOW)
    Room.objects.filter(pk=room.pk).update(places=1)

    assert seat_anew(room, at=NOW) == []
    made[2].refresh_from_db()
    assert made[2].room_place == 1


def test_one_who_has_begun_keeps_the_place(school):
    room, made = crowded(school, "10:20", "10:20", "10:40", "10:40")
    Booking.objects.filter(pk=made[2].pk).update(room_place=3)
    Booking.objects.filter(pk=made[0].pk).update(ends_at=moscow("24.11.2026 11:00"))
    Room.objects.filter(pk=room.pk).update(places=2)

    over = seat_anew(room, at=moscow("24.11.2026 10:25"))

    assert [one.pk for one in over] == [made[3].pk]
    assert overlaps() == []
    assert Booking.objects.get(pk=made[0].pk).room_place == 1


def test_a_room_that_lost_places_takes_nobody_until_fewer_sit_in_it_than_it_holds(school):
    room, made = crowded(school, "10:20", "10:20", "10:20")
    Room.objects.filter(pk=room.pk).update(places=2)
    seat_anew(room, at=NOW)
    shared = made[0].direction
    MembershipFactory.create_batch(2, school=school, roles=[Role.TECHNICAL_SPECIALIST])

    assert code_of(booked, shared, MembershipFactory(school=school)) == "time_taken"
    cancel_booking(made[1], by=made[1].teacher, at=NOW)  # two are left, at places 1 and 3
    assert code_of(booked, shared, MembershipFactory(school=school)) == "time_taken"
    cancel_booking(made[0], by=made[0].teacher, at=NOW)
    assert booked(shared, MembershipFactory(school=school)).room_place == 1
    assert code_of(restore_booking, made[1], by=made[1].teacher, at=NOW) == "time_taken"


def test_a_time_on_demand_is_agreed_to_only_while_the_room_has_a_place(school):
    room, made = crowded(school, "10:20", "10:20")
    head = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    asked_in = DirectionFactory(school=school, room=room, roles=[Role.DEPUTY_HEAD], is_on_demand=True)
    teacher = MembershipFactory(school=school)
    asked = propose_times(asked_in, teacher=teacher, question="?", times=[moscow("24.11.2026 10:20")], at=NOW)
    asked.direction.room  # read before the room lost a place  # noqa: B018
    Room.objects.filter(pk=room.pk).update(places=2)

    assert code_of(accept_time, asked, asked.times.get(), by=head, at=NOW) == "time_taken"
    Room.objects.filter(pk=room.pk).update(places=3)
    assert accept_time(asked, asked.times.get(), by=head, at=NOW).room_place == 3


# --- The order of locks: people, rooms, bookings, each by number


@pytest.mark.django_db(transaction=True)
def test_all_that_is_done_at_once_with_two_rooms_and_two_specialists_waits_in_one_order(school, head):
    rooms = RoomFactory.create_batch(2, school=school, places=2)
    directions = [DirectionFactory(school=school, room=room, open_limit=50) for room in rooms]
    people = MembershipFactory.create_batch(2, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    teachers = MembershipFactory.create_batch(4, school=school)
    before = deadlocks()
    for number in range(10):
        answers = at_once(everything(directions, people, teachers, head, day=f"{24 + number % 3}.11.2026"))

        assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, ValidationError)] == []
        assert overlaps() == []
        Booking.objects.all().delete()
    assert deadlocks() == before


def everything(directions, people, teachers, head, *, day) -> list[Callable[[], object]]:
    """Two consultations change people and rooms, one of them moves, one is cancelled; two others are booked."""
    rooms = [one.room for one in directions]
    one, other = (
        booked(directions[number], teachers[number], f"{day} {number + 11}:00", specialist=people[number])
        for number in (0, 1)
    )

    def book(number: int) -> Callable[[], object]:
        who = people[1 - number]
        return lambda: booked(directions[number], teachers[number + 2], f"{day} {number + 11}:00", specialist=who)

    def give(what: Booking, to: int) -> Callable[[], object]:
        given = {"specialist": people[to], "room": rooms[to], "starts_at": what.starts_at}
        return lambda: reassign_booking(what, by=head, at=NOW, **given)

    def move() -> Booking:
        return move_booking(one, specialist=people[1], starts_at=other.starts_at, by=one.teacher, at=NOW)

    def cancel() -> None:
        cancel_booking(other, by=other.teacher, at=NOW)

    return [give(one, 1), give(other, 0), book(0), book(1), move, cancel, lambda: seat_anew(rooms[0], at=NOW)]
