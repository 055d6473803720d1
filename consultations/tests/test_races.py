"""Fifty people press the button at once: one wins, forty-nine read why not, nobody sees an error page."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse

from consultations.models import Booking, ProposedTime, Room
from consultations.no_overlap import refusal_of
from consultations.operations import accept_time, book_consultation, propose_times
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow
from .test_no_overlap import booking

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 50


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each act gave or raised, all begun at one moment in threads of their own."""
    barrier = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at every kind
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def codes(answers: list[object]) -> Counter:
    """How often each kind of answer came: "booked", the code of a refusal, or the name of a fault."""
    return Counter(
        "booked"
        if isinstance(answer, Booking)
        else answer.code
        if isinstance(answer, ValidationError)
        else repr(answer)
        for answer in answers
    )


def overlaps() -> list[tuple[Booking, Booking]]:
    live = Booking.objects.live()
    return [
        (one, other)
        for one, other in combinations(live, 2)
        if one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        and (
            one.specialist_id == other.specialist_id
            or one.teacher_id == other.teacher_id
            or (one.room_id, one.room_place) == (other.room_id, other.room_place)
        )
    ]


def test_fifty_teachers_book_one_time_and_one_wins(direction, school):
    teachers = MembershipFactory.create_batch(CROWD, school=school)

    answers = at_once(
        [
            lambda teacher=teacher: book_consultation(
                direction,
                specialist=None,
                starts_at=moscow("24.11.2026 10:20"),
                teacher=teacher,
                question="Вопрос",
                by=teacher,
                at=NOW,
            )
            for teacher in teachers
        ]
    )

    assert codes(answers) == {"booked": 1, "time_taken": CROWD - 1}
    assert Booking.objects.count() == 1


def test_fifty_browsers_book_one_time_and_forty_nine_get_the_page_back(direction, school, clock):
    clients = []
    for teacher in MembershipFactory.create_batch(CROWD, school=school):
        client = Client()
        client.force_login(teacher.user)
        clients.append(client)
    address = reverse("consultations:book", args=[direction.pk])
    sent = {"day": "2026-11-24", "time": "10:20", "question": "Как выставить вес отметки?"}

    answers = at_once([lambda client=client: client.post(address, sent) for client in clients])

    assert Counter(getattr(answer, "status_code", repr(answer)) for answer in answers) == {302: 1, 200: CROWD - 1}
    for page in answers:
        if page.status_code == 200:
            words = page.content.decode()
            assert "Как выставить вес отметки?" in words
            assert page.context["form"].non_field_errors().as_data()[0].code == "time_taken"
            assert len(page.context["nearest"]) == 3
    assert Booking.objects.count() == 1


def test_fifty_rows_written_past_the_operation_leave_one(direction, specialist, school):
    rows = [
        booking(direction, specialist, "24.11.2026 10:20", teacher=teacher)
        for teacher in MembershipFactory.create_batch(CROWD, school=school)
    ]

    answers = at_once([row.save for row in rows])

    kinds = Counter(
        refusal_of(answer, Booking).code if isinstance(answer, IntegrityError) else repr(answer) for answer in answers
    )
    assert kinds["None"] == 1  # save() gives None
    assert kinds["specialist_taken"] == CROWD - 1
    assert Booking.objects.count() == 1


def test_one_teacher_in_fifty_tabs_books_once(direction, teacher, school):
    MembershipFactory.create_batch(CROWD, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    direction.room = None
    direction.save()

    answers = at_once(
        [
            lambda: book_consultation(
                direction,
                specialist=None,
                starts_at=moscow("24.11.2026 10:20"),
                teacher=teacher,
                question="Вопрос",
                by=teacher,
                at=NOW,
            )
        ]
        * CROWD
    )

    assert codes(answers) == {"booked": 1, "teacher_taken": CROWD - 1}


def test_a_room_of_two_places_takes_two_of_fifty(school):
    MembershipFactory.create_batch(5, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    shared = DirectionFactory(school=school, room=RoomFactory(school=school, places=2))
    teachers = MembershipFactory.create_batch(20, school=school)

    answers = at_once(
        [
            lambda teacher=teacher: book_consultation(
                shared,
                specialist=None,
                starts_at=moscow("24.11.2026 10:20"),
                teacher=teacher,
                question="Вопрос",
                by=teacher,
                at=NOW,
            )
            for teacher in teachers
        ]
    )

    assert codes(answers) == {"booked": 2, "time_taken": 18}
    assert sorted(Booking.objects.values_list("room_place", flat=True)) == [1, 2]


def test_random_specialists_rooms_and_lengths_never_overlap_and_never_end_in_a_fault(school):
    chance = random.Random(18)
    specialists = MembershipFactory.create_batch(4, school=school, roles=[Role.TECHNICAL_SPECIALIST])
    rooms = RoomFactory.create_batch(2, school=school)
    directions = [
        DirectionFactory(school=school, room=chance.choice(rooms), slot_minutes=chance.choice([20, 30, 60]))
        for _ in range(5)
    ]
    teachers = MembershipFactory.create_batch(8, school=school)

    def act() -> Callable[[], object]:
        chosen = {
            "specialist": chance.choice([None, *specialists]),
            "teacher": chance.choice([*teachers, *specialists]),
            "starts_at": moscow(f"24.11.2026 {chance.choice([10, 11])}:00"),
        }
        direction = chance.choice(directions)
        return lambda: book_consultation(direction, question="Вопрос", by=chosen["teacher"], at=NOW, **chosen)

    answers = at_once([act() for _ in range(40)])

    assert set(codes(answers)) <= {"booked", "time_taken", "teacher_taken", "not_free"}
    assert codes(answers)["booked"] >= 2
    assert overlaps() == []


def test_two_specialists_accept_different_times_of_one_request_and_one_wins(school, teacher):
    specialists = MembershipFactory.create_batch(6, school=school, roles=[Role.DEPUTY_HEAD])
    on_demand = DirectionFactory(
        school=school, roles=[Role.DEPUTY_HEAD], is_on_demand=True, room=RoomFactory(school=school, places=9)
    )
    asked = propose_times(
        on_demand,
        teacher=teacher,
        question="Локальный акт",
        times=[moscow("24.11.2026 10:20"), moscow("25.11.2026 11:00")],
        at=NOW,
    )
    proposed = list(ProposedTime.objects.filter(time_request=asked))

    answers = at_once(
        [
            lambda one=one, time=proposed[place % 2]: accept_time(asked, time, by=one, at=NOW)
            for place, one in enumerate(specialists)
        ]
    )

    assert codes(answers)["booked"] == 1
    assert set(codes(answers)) <= {"booked", "already_answered", "teacher_taken"}
    assert Booking.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time and no deadlocks")
def test_the_victim_of_a_deadlock_reads_that_the_time_is_taken(direction, specialist, teacher):
    # PostgreSQL ends whoever has waited for a second, most often the booking; a busy machine may end the other side
    for _attempt in range(5):
        if answers := _deadlock(direction, specialist, teacher):
            break
        Booking.objects.all().delete()

    assert codes(answers) == {"time_taken": 1}
    assert not Booking.objects.exists()


def _deadlock(direction, specialist, teacher) -> list:
    """Answers to the one who books against somebody with another order of locks; none if that one was the victim."""
    answers = []

    def book() -> None:
        try:
            answers.append(
                book_consultation(
                    direction,
                    specialist=specialist,
                    starts_at=moscow("24.11.2026 10:20"),
                    teacher=teacher,
                    question="Вопрос",
                    by=teacher,
                    at=NOW,
                )
            )
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    booking_now = threading.Thread(target=book)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # given somebody who holds the room and will want the specialist: against our order of locks
            Room.objects.select_for_update().get(pk=direction.room_id)
            booking_now.start()
            # when the booking holds the specialist and waits for the room
            waiting = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            while booking_now.is_alive() and not answers:
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(waiting)
                if cursor.fetchone()[0]:
                    break
            Membership.objects.select_for_update().get(pk=specialist.pk)
    except OperationalError:
        return []
    finally:
        booking_now.join()
    return answers
