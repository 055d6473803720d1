"""Many at once at one seminar: never more people than places, nobody in two places, no faults. Twenty rounds each."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.utils import IntegrityError

from consultations.models import Booking, Participation, Seminar
from consultations.operations import (
    book_consultation,
    change_seminar,
    confirm_place,
    leave_seminar,
    pass_on_offers,
    plan_seminar,
    sign_up,
)
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 20
DAY_LATER = NOW + timedelta(hours=24)


def kinds(answers: list[object]) -> Counter:
    """How often each kind of answer came: what was made, the code of a refusal, or the name of a fault."""
    return Counter(
        answer.code
        if isinstance(answer, ValidationError)
        else type(answer).__name__
        if not isinstance(answer, Exception)
        else repr(answer)
        for answer in answers
    )


def need_true_list(seminar: Seminar) -> None:
    """No more than the places, each place once, nobody twice."""
    lines = list(Participation.objects.of(seminar).live())
    taken = [one.seat for one in lines if one.seat]
    people = [one.participant_id for one in lines]
    places = Seminar.objects.get(pk=seminar.pk).places
    assert len(taken) == len(set(taken)) <= places
    assert max(taken, default=0) <= places
    assert len(people) == len(set(people))


def test_of_ten_who_sign_up_at_once_for_three_places_three_have_one_and_seven_wait(school):
    people = MembershipFactory.create_batch(10, school=school)

    for _ in range(ROUNDS):
        seminar = SeminarFactory(school=school, places=3)
        answers = at_once([lambda one=one, to=seminar: sign_up(to, one, by=one, at=NOW) for one in people])

        assert kinds(answers) == {"Participation": 10}
        assert sorted(Participation.objects.of(seminar).seated().values_list("seat", flat=True)) == [1, 2, 3]
        assert Participation.objects.of(seminar).waiting().count() == 7
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_at=NOW)


def test_one_person_in_ten_tabs_stands_on_the_list_once(school, teacher):
    for _ in range(ROUNDS):
        seminar = SeminarFactory(school=school)
        answers = at_once([lambda to=seminar: sign_up(to, teacher, by=teacher, at=NOW)] * 10)

        assert kinds(answers) == {"Participation": 1, "already_on_list": 9}
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_at=NOW)


def test_leaving_coming_confirming_passing_on_and_fewer_places_at_once_never_seat_too_many(school):
    chance = random.Random(18)
    leader = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    people = MembershipFactory.create_batch(10, school=school)

    def fewer_or_more(seminar: Seminar, places: int) -> None:
        seen = Seminar.objects.get(pk=seminar.pk)
        times = {name: getattr(seen, name) for name in ("starts_at", "ends_at", "closes_at", "title")}
        change_seminar(seminar, leaders=[leader], seen=seen.sequence, by=leader, at=NOW, places=places, **times)

    for _ in range(ROUNDS):
        seminar = SeminarFactory(
            school=school, leaders=[leader], places=3, participants=people[:3], waiting=people[3:6]
        )
        lines = list(Participation.objects.of(seminar).order_by("pk"))
        leave_seminar(lines[0], by=people[0], at=NOW)  # its place is offered to the fourth
        acts = [
            lambda to=lines[3]: confirm_place(to, by=to.participant, at=NOW),
            lambda: pass_on_offers(at=DAY_LATER),
            lambda to=lines[1]: leave_seminar(to, by=to.participant, at=NOW),
            lambda to=lines[4]: leave_seminar(to, by=to.participant, at=NOW),
            lambda to=seminar: fewer_or_more(to, 2),
            lambda to=seminar: fewer_or_more(to, 4),
            *(lambda one=one, to=seminar: sign_up(to, one, by=one, at=NOW) for one in people[6:]),
        ]
        chance.shuffle(acts)

        answers = at_once(acts)

        refusals = {"offer_passed", "nothing_offered", "too_few_places", "changed_meanwhile", "not_on_list"}
        assert set(kinds(answers)) <= {"NoneType", "int", "Participation", *refusals}
        need_true_list(seminar)
        # whoever waits does so because every place is taken
        waits = Participation.objects.of(seminar).waiting().exists()
        seated = Participation.objects.of(seminar).seated().count()
        assert not waits or seated == Seminar.objects.get(pk=seminar.pk).places
        Seminar.objects.filter(pk=seminar.pk).update(cancelled_at=NOW)


def test_one_who_signs_up_for_two_seminars_at_one_time_gets_one(school, teacher):
    for _ in range(ROUNDS):
        seminars = SeminarFactory.create_batch(4, school=school)
        answers = at_once([lambda to=one: sign_up(to, teacher, by=teacher, at=NOW) for one in seminars])

        assert kinds(answers) == {"Participation": 1, "person_busy": 3}
        Seminar.objects.update(cancelled_at=NOW)


def test_a_teacher_who_books_and_signs_up_at_one_moment_gets_one_of_both(direction, school, teacher):
    seminar = SeminarFactory(school=school, starts_at=moscow("24.11.2026 10:00"))
    for _ in range(ROUNDS):
        answers = at_once([_booking_of(direction, teacher), lambda: sign_up(seminar, teacher, by=teacher, at=NOW)] * 3)

        made = kinds(answers)
        assert made["Booking"] + made["Participation"] == 1
        assert set(made) <= {"Booking", "Participation", "person_busy", "teacher_taken", "already_on_list"}
        Booking.objects.update(cancelled_at=NOW)
        Participation.objects.update(left_at=NOW)


@pytest.mark.parametrize("what", ["room", "leader"])
def test_a_seminar_planned_over_a_consultation_that_is_booked_at_the_same_moment_gets_the_room_or_not(
    school, specialist, what
):
    room = RoomFactory(school=school, places=2)
    direction = DirectionFactory(school=school, room=room)
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    teachers = MembershipFactory.create_batch(2, school=school)
    start = moscow("24.11.2026 10:00")
    times = {"starts_at": start, "ends_at": start + timedelta(hours=1), "closes_at": start}
    leader, place = (deputy, room) if what == "room" else (specialist, None)

    def plan() -> Seminar:
        return plan_seminar(leaders=[leader], by=deputy, at=NOW, title="Вес отметки", room=place, **times)

    for _ in range(ROUNDS):
        answers = at_once([*(_booking_of(direction, one) for one in teachers), plan, plan])

        made = kinds(answers)
        assert set(made) <= {"Booking", "Seminar", "time_taken", "person_busy", "room_taken"}
        assert made["Seminar"] <= 1
        assert bool(made["Booking"]) != bool(made["Seminar"])
        Booking.objects.update(cancelled_at=NOW)
        Seminar.objects.update(cancelled_at=NOW)


def test_a_place_written_past_the_operations_is_given_once(school):
    seminar = SeminarFactory(school=school)
    people = MembershipFactory.create_batch(10, school=school)
    rows = [Participation(seminar=seminar, participant=one, seat=1, added_by=one) for one in people]

    answers = at_once([one.save for one in rows])

    assert Counter(type(one) for one in answers) == {type(None): 1, IntegrityError: 9}


def _booking_of(direction, teacher: Membership):
    return lambda: book_consultation(
        direction,
        specialist=None,
        starts_at=moscow("24.11.2026 10:20"),
        teacher=teacher,
        question="Вопрос",
        by=teacher,
        at=NOW,
    )
