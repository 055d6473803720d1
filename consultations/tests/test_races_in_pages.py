"""The same time wanted by several people at once, through the pages, twenty times over on each database.

A crowd of fifty takes a minute of the processor for twenty rounds: it runs three of them, all with RACES=full.

Exactly the allowed number gets it; the others read why not; no answer is a fault, and no two wait for each other.
What is taken away in the last test shows what keeps it so.
"""

import os
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from consultations.models import Booking, ProposedTime, TimeRequest
from consultations.no_overlap import NoOverlap
from consultations.operations import book_consultation, cancel_booking, propose_times
from consultations.operations import booking as booking_operations
from consultations.views import book as book_page
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow
from .test_races import at_once, overlaps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
ROUNDS = 20
ROUNDS_OF_A_CROWD = ROUNDS if os.environ.get("RACES") == "full" else 3
WON, LOST = 302, 200  # the page of what was agreed on; the same page with the reason


@dataclass(frozen=True)
class Press:
    """One person presses a button."""

    by: Membership
    address: str
    sent: dict[str, object]


@dataclass(frozen=True)
class Race:
    """What is pressed at once in a round, and what must be true after it."""

    presses: list[Press]
    winners: set[int]  # how many may win
    is_true: Callable[[], bool] = lambda: True


def booking_of(direction, teacher, *, time="10:20", specialist=None) -> Press:
    sent = {"day": "2026-11-24", "time": time, "question": "Вопрос"}
    if specialist:
        sent["specialist"] = specialist.pk
    return Press(teacher, reverse("consultations:book", args=[direction.pk]), sent)


def booked(direction, teacher, when="24.11.2026 10:20", *, specialist=None) -> Booking:
    said = {"specialist": specialist, "starts_at": moscow(when), "teacher": teacher, "question": "Вопрос"}
    return book_consultation(direction, by=teacher, at=NOW, **said)


def technicians(school, count: int) -> list[Membership]:
    return MembershipFactory.create_batch(count, school=school, roles=[Role.TECHNICAL_SPECIALIST])


# --- The races: each is given a school and answers with what makes a round anew


def one_time(school, clients: int = 50) -> Callable[[], Race]:
    technicians(school, 1)
    direction = DirectionFactory(school=school)
    teachers = MembershipFactory.create_batch(clients, school=school)
    return lambda: Race([booking_of(direction, one) for one in teachers], {1})


def overlapping_times_of_one_specialist(school) -> Callable[[], Race]:
    technicians(school, 1)
    short, long = (DirectionFactory(school=school, slot_minutes=minutes) for minutes in (20, 30))
    teachers = MembershipFactory.create_batch(4, school=school)
    times = [(short, "10:20"), (long, "10:00"), (short, "10:20"), (long, "10:30")]
    presses = [booking_of(where, one, time=time) for one, (where, time) in zip(teachers, times, strict=True)]
    # 10:00–10:30 and 10:30–11:00 may stand side by side, 10:20–10:40 with neither
    return lambda: Race(presses, {1, 2}, lambda: not overlaps())


def one_exclusive_room_and_two_specialists(school) -> Callable[[], Race]:
    specialists = technicians(school, 2)
    room = RoomFactory(school=school)
    directions = [DirectionFactory(school=school, room=room) for _ in range(2)]
    presses = [
        booking_of(direction, teacher, specialist=specialist)
        for teacher, direction, specialist in zip(
            MembershipFactory.create_batch(4, school=school), directions * 2, specialists * 2, strict=True
        )
    ]
    return lambda: Race(presses, {1})


def one_teacher_in_two_tabs(school) -> Callable[[], Race]:
    technicians(school, 2)
    directions = [DirectionFactory(school=school) for _ in range(2)]
    [teacher] = MembershipFactory.create_batch(1, school=school)
    return lambda: Race([booking_of(one, teacher) for one in directions], {1})


def move_against_book(school) -> Callable[[], Race]:
    technicians(school, 1)
    direction = DirectionFactory(school=school)
    mover, *others = MembershipFactory.create_batch(4, school=school)

    def anew() -> Race:
        moved = booked(direction, mover, "24.11.2026 09:00")
        sent = {"day": "2026-11-24", "time": "10:20", "sequence": moved.sequence}
        move = Press(mover, reverse("consultations:booking-move", args=[moved.pk]), sent)

        def is_true() -> bool:
            moved.refresh_from_db()
            stood = {moscow("24.11.2026 09:00"), moscow("24.11.2026 10:20")}
            taken = Booking.objects.live().filter(starts_at=moscow("24.11.2026 10:20")).count()
            return taken == 1 and moved.cancelled_at is None and moved.starts_at in stood

        return Race([move, *(booking_of(direction, one) for one in others)], {1}, is_true)

    return anew


def two_moves_change_places(school) -> Callable[[], Race]:
    """Each wants the room, the specialist and the time that the other has."""
    specialists = technicians(school, 2)
    directions = [DirectionFactory(school=school) for _ in range(2)]
    teachers = MembershipFactory.create_batch(2, school=school)

    def anew() -> Race:
        stand = [
            booked(direction, teacher, specialist=specialist)
            for direction, teacher, specialist in zip(directions, teachers, specialists, strict=True)
        ]
        presses = [
            Press(
                one.teacher,
                reverse("consultations:booking-move", args=[one.pk]),
                {"day": "2026-11-24", "time": "10:20", "specialist": other.pk, "sequence": one.sequence},
            )
            for one, other in zip(stand, reversed(specialists), strict=True)
        ]
        return Race(presses, {0}, lambda: not overlaps() and Booking.objects.live().count() == 2)

    return anew


def taking_back_against_book(school) -> Callable[[], Race]:
    technicians(school, 1)
    direction = DirectionFactory(school=school)
    first, *others = MembershipFactory.create_batch(4, school=school)

    def anew() -> Race:
        cancelled = booked(direction, first)
        cancel_booking(cancelled, by=first, at=NOW)
        back = Press(first, reverse("consultations:booking-restore", args=[cancelled.pk]), {})
        # Taking back answers with the page of the consultation either way: who won is read from the rows.
        return Race([back, *(booking_of(direction, one) for one in others)], {1, 2}, _one_stands)

    return anew


def cancelling_against_moving(school) -> Callable[[], Race]:
    """Of the two who wait for one row, the second reads what has become of it: another specialist, or cancelled."""
    specialist, other = technicians(school, 2)
    direction = DirectionFactory(school=school)
    [teacher] = MembershipFactory.create_batch(1, school=school)
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])

    def anew() -> Race:
        one = booked(direction, teacher, specialist=specialist)
        cancel = Press(head, reverse("consultations:booking-cancel", args=[one.pk]), {"reason": "Урок"})
        sent = {"day": "2026-11-24", "time": "11:00", "specialist": other.pk, "sequence": one.sequence}
        move = Press(teacher, reverse("consultations:booking-move", args=[one.pk]), sent)
        return Race([cancel, move], {1, 2}, lambda: not Booking.objects.live().exists())

    return anew


def a_room_of_three_places(school) -> Callable[[], Race]:
    technicians(school, 8)
    direction = DirectionFactory(school=school, room=RoomFactory(school=school, places=3))
    teachers = MembershipFactory.create_batch(8, school=school)

    def is_true() -> bool:
        return sorted(Booking.objects.values_list("room_place", flat=True)) == [1, 2, 3]

    return lambda: Race([booking_of(direction, one) for one in teachers], {3}, is_true)


def on_demand_in_one_room(school) -> Callable[[], Race]:
    """Two specialists agree to two teachers for one exclusive room, while a third teacher books it by the hours."""
    [technician] = technicians(school, 1)
    heads = MembershipFactory.create_batch(2, school=school, roles=[Role.DEPUTY_HEAD])
    room = RoomFactory(school=school)
    asked_in = DirectionFactory(school=school, room=room, roles=[Role.DEPUTY_HEAD], is_on_demand=True)
    by_hours = DirectionFactory(school=school, room=room)
    *asking, other = MembershipFactory.create_batch(3, school=school)

    def anew() -> Race:
        TimeRequest.objects.all().delete()
        presses = [booking_of(by_hours, other, specialist=technician)]
        for teacher, head in zip(asking, heads, strict=True):
            asked = propose_times(
                asked_in, teacher=teacher, question="Вопрос", times=[moscow("24.11.2026 10:20")], at=NOW
            )
            address = reverse("consultations:time-accept", args=[asked.pk])
            presses.append(Press(head, address, {"time": ProposedTime.objects.get(time_request=asked).pk}))
        return Race(presses, {1}, _one_stands)

    return anew


def on_demand_of_one_request(school) -> Callable[[], Race]:
    """Two specialists agree to the two times of one request, in a room that has place for both."""
    heads = MembershipFactory.create_batch(2, school=school, roles=[Role.DEPUTY_HEAD])
    direction = DirectionFactory(
        school=school, room=RoomFactory(school=school, places=3), roles=[Role.DEPUTY_HEAD], is_on_demand=True
    )
    [teacher] = MembershipFactory.create_batch(1, school=school)
    times = [moscow("24.11.2026 10:20"), moscow("25.11.2026 11:00")]

    def anew() -> Race:
        TimeRequest.objects.all().delete()
        asked = propose_times(direction, teacher=teacher, question="Вопрос", times=times, at=NOW)
        address = reverse("consultations:time-accept", args=[asked.pk])
        proposed = ProposedTime.objects.filter(time_request=asked)
        return Race(
            [Press(head, address, {"time": time.pk}) for head, time in zip(heads, proposed, strict=True)],
            {1},
            _one_stands,
        )

    return anew


def _one_stands() -> bool:
    return Booking.objects.live().count() == 1


# --- How they are run


class Site:
    """The site as browsers reach it: cookies, middleware, views; a fault is an answer 500, as it is for people."""

    def __init__(self) -> None:
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.handler.load_middleware()
        self.sessions: dict[int, str] = {}

    def press(self, press: Press) -> int:
        factory = RequestFactory()
        factory.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[press.by.pk]
        return self.handler(factory.post(press.address, press.sent).environ).status_code

    def sign_in(self, members: set[Membership]) -> None:
        for one in members:
            if one.pk not in self.sessions:
                client = Client()
                client.force_login(one.user)
                self.sessions[one.pk] = client.session.session_key


def run(site: Site, race: Race) -> Counter:
    """How often each status was answered when all press at once; an exception stands as its own words."""
    site.sign_in({one.by for one in race.presses})
    answers = at_once([lambda press=press: site.press(press) for press in race.presses])
    return Counter(answer if isinstance(answer, int) else repr(answer) for answer in answers)


def deadlocks() -> int:
    """How many the database has counted since it was made; SQLite has none, it has one writer at a time."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


@pytest.fixture
def plain_page(monkeypatch):
    """The page of a conflict without its choice of times: thousands of them are drawn here, and read elsewhere."""
    monkeypatch.setattr(book_page, "_time_page", lambda *args, **kwargs: {})
    monkeypatch.setattr(book_page, "render", lambda *args: HttpResponse())


@pytest.mark.parametrize(
    "scenario",
    [
        one_time,
        overlapping_times_of_one_specialist,
        one_exclusive_room_and_two_specialists,
        one_teacher_in_two_tabs,
        move_against_book,
        two_moves_change_places,
        taking_back_against_book,
        cancelling_against_moving,
        a_room_of_three_places,
        on_demand_in_one_room,
        on_demand_of_one_request,
    ],
)
@pytest.mark.usefixtures("plain_page")
def test_in_twenty_rounds_exactly_the_allowed_number_wins_and_nothing_is_a_fault(scenario, school):
    anew, site, before = scenario(school), Site(), deadlocks()

    for _round in range(ROUNDS_OF_A_CROWD if scenario is one_time else ROUNDS):
        race = anew()
        answers = run(site, race)

        assert set(answers) <= {WON, LOST}
        assert answers[WON] in race.winners, answers
        assert race.is_true()
        assert overlaps() == []
        TimeRequest.objects.all().delete()
        Booking.objects.all().delete()
    assert deadlocks() == before


# --- What keeps it so


@contextmanager
def without_the_constraints() -> Iterator[None]:
    rules = [one for one in Booking._meta.constraints if isinstance(one, NoOverlap)]
    with connection.schema_editor() as editor:
        for rule in rules:
            editor.execute(rule.remove_sql(Booking, editor), params=None)
    try:
        yield
    finally:
        Booking.objects.all().delete()
        with connection.schema_editor() as editor:
            for rule in rules:
                editor.execute(rule.create_sql(Booking, editor), params=None)


@contextmanager
def without_the_lock(monkeypatch) -> Iterator[None]:
    """No rows held, no transaction; and nobody writes before all have read that the time is free."""
    barrier, full_clean = threading.Barrier(2), Booking.full_clean

    def read_and_wait(booking: Booking) -> None:
        full_clean(booking)
        barrier.wait(timeout=120)

    with monkeypatch.context() as patch:
        patch.setattr(booking_operations, "lock", lambda *args: None)
        patch.setattr(booking_operations, "transaction", SimpleNamespace(atomic=nullcontext))
        patch.setattr(Booking, "full_clean", read_and_wait)
        yield


@pytest.mark.usefixtures("plain_page")
@pytest.mark.parametrize(
    ("has_lock", "has_constraints", "stand"),
    [(True, True, 1), (False, True, 1), (True, False, 1), (False, False, 2)],
)
def test_without_lock_and_constraint_the_race_gives_doubles_and_each_alone_prevents_them(
    school, monkeypatch, has_lock, has_constraints, stand
):
    race, site = one_time(school, clients=2)(), Site()
    site.sign_in({one.by for one in race.presses})

    with (
        nullcontext() if has_constraints else without_the_constraints(),
        nullcontext() if has_lock else without_the_lock(monkeypatch),
    ):
        answers = run(site, race)

        assert answers == Counter({WON: stand, LOST: 2 - stand} if stand == 1 else {WON: 2})
        assert Booking.objects.count() == stand
        assert len(overlaps()) == stand - 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no single writer to wait for")
def test_who_waited_too_long_for_the_one_writer_reads_that_and_keeps_the_question(direction, teacher, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)
    connection.close()
    client = Client()
    client.force_login(teacher.user)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as other:
        other.execute("BEGIN IMMEDIATE")

        press = booking_of(direction, teacher)
        page = client.post(press.address, press.sent)

    assert page.status_code == 200
    assert page.context["form"].non_field_errors().as_data()[0].code == "busy"
    assert page.context["form"]["question"].value() == "Вопрос"
    assert not Booking.objects.exists()
