"""The list of a seminar: places, those who wait, and the place that falls free."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from consultations.models import Booking, Participation, Seminar
from consultations.operations import (
    book_consultation,
    cancel_seminar,
    confirm_place,
    give_place,
    leave_seminar,
    pass_on_offers,
    sign_up,
)
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow
from .test_no_overlap import booking

pytestmark = pytest.mark.django_db
DAY_LATER = NOW + timedelta(hours=24)


@pytest.fixture
def staff(school) -> list[Membership]:
    return MembershipFactory.create_batch(4, school=school)


@pytest.fixture
def leader(school) -> Membership:
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])


def seats(seminar: Seminar) -> list[tuple[Membership, int | None, bool]]:
    """(person, place, is it only offered), first come first."""
    lines = Participation.objects.of(seminar).live().order_by("pk")
    return [(one.participant, one.seat, one.is_offered) for one in lines]


def line_of(seminar: Seminar, member: Membership) -> Participation:
    return Participation.objects.of(seminar).live().of_member(member).get()


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


def words_to(member: Membership) -> Sequence[str]:
    return list(Message.objects.to(member).order_by("pk").values_list("words", flat=True))


def test_the_last_place_is_taken_and_the_next_one_waits(school, staff):
    seminar = SeminarFactory(school=school, participants=staff[:1])

    assert sign_up(seminar, staff[1], by=staff[1], at=NOW).seat == 2
    assert sign_up(seminar, staff[2], by=staff[2], at=NOW).is_waiting
    assert seats(seminar) == [(staff[0], 1, False), (staff[1], 2, False), (staff[2], None, False)]
    assert Entry.objects.of_verb("consultations.seminar_signed_up").count() == 2


def test_nobody_is_on_a_list_twice_and_who_left_may_come_back(school, staff):
    seminar = SeminarFactory(school=school, participants=staff[:1])

    assert refused(sign_up, seminar, staff[0], by=staff[0], at=NOW) == "already_on_list"

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)
    assert sign_up(seminar, staff[0], by=staff[0], at=NOW).seat == 1


def test_the_sign_up_closes_at_its_moment_and_leaders_enter_people_after_it(school, staff, leader):
    closes_at = moscow("25.11.2026 00:00")
    seminar = SeminarFactory(school=school, leaders=[leader], closes_at=closes_at)

    sign_up(seminar, staff[0], by=staff[0], at=closes_at - timedelta(seconds=1))
    assert refused(sign_up, seminar, staff[1], by=staff[1], at=closes_at) == "closed"
    sign_up(seminar, staff[1], by=leader, at=closes_at)

    assert [person for person, *_rest in seats(seminar)] == staff[:2]
    assert "У Вас есть место" in words_to(staff[1])[0] or "You have a place" in words_to(staff[1])[0]


def test_a_seminar_for_a_role_is_for_its_holders_only(school, leader):
    group = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    other = MembershipFactory(school=school)
    seminar = SeminarFactory(school=school, leaders=[leader], audience=[Role.WORKING_GROUP])

    sign_up(seminar, group, by=group, at=NOW)
    assert refused(sign_up, seminar, other, by=other, at=NOW) == "not_for_you"
    sign_up(seminar, other, by=leader, at=NOW)

    assert [person for person, *_rest in seats(seminar)] == [group, other]


def test_only_those_who_run_it_enter_others(school, staff):
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    seminar = SeminarFactory(school=school)

    with pytest.raises(PermissionDenied):
        sign_up(seminar, staff[0], by=staff[1], at=NOW)
    with pytest.raises(PermissionDenied):  # a stranger, even by the deputy head
        sign_up(seminar, MembershipFactory(), by=deputy, at=NOW)
    sign_up(seminar, staff[0], by=deputy, at=NOW)

    assert seats(seminar) == [(staff[0], 1, False)]


def test_a_leader_takes_no_place_at_the_own_seminar(school, leader):
    seminar = SeminarFactory(school=school, leaders=[leader])

    assert refused(sign_up, seminar, leader, by=leader, at=NOW) == "leads_it"


def test_nobody_signs_up_for_two_seminars_at_one_time(school, staff):
    SeminarFactory(school=school, participants=staff[:1])
    later = SeminarFactory(school=school, starts_at=moscow("25.11.2026 16:29"))
    after = SeminarFactory(school=school, starts_at=moscow("25.11.2026 16:30"))

    assert refused(sign_up, later, staff[0], by=staff[0], at=NOW) == "person_busy"
    assert sign_up(after, staff[0], by=staff[0], at=NOW).seat == 1


def test_who_waits_for_one_seminar_may_sign_up_for_another(school, staff):
    SeminarFactory(school=school, participants=staff[:2], waiting=[staff[2]])
    other = SeminarFactory(school=school)

    assert sign_up(other, staff[2], by=staff[2], at=NOW).seat == 1


@pytest.mark.parametrize("as_specialist", [False, True])
def test_who_has_a_consultation_then_is_refused(direction, specialist, school, staff, as_specialist):
    booking(direction, specialist, "25.11.2026 15:20", teacher=staff[0]).save()
    seminar = SeminarFactory(school=school)
    member = specialist if as_specialist else staff[0]

    assert refused(sign_up, seminar, member, by=member, at=NOW) == "person_busy"


def test_a_cancelled_seminar_takes_nobody(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader])
    cancel_seminar(seminar, reason="Болезнь", by=leader, at=NOW)

    assert refused(sign_up, seminar, staff[0], by=staff[0], at=NOW) == "already_cancelled"


def test_the_place_of_one_who_leaves_is_offered_to_the_first_who_waits(school, staff):
    seminar = SeminarFactory(school=school, participants=staff[:2], waiting=staff[2:])

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)

    assert seats(seminar) == [(staff[1], 2, False), (staff[2], 1, True), (staff[3], None, False)]
    assert line_of(seminar, staff[2]).offered_until == DAY_LATER
    assert len(words_to(staff[2])) == 1
    assert words_to(staff[3]) == []


def test_who_gives_up_the_own_place_reads_that_and_who_is_taken_off_reads_by_words_of_others(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:2])

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)
    leave_seminar(line_of(seminar, staff[1]), by=leader, at=NOW)

    [own], [others] = words_to(staff[0]), words_to(staff[1])
    assert own.startswith("Вы отказались от места: ") and others.startswith("Вас сняли с записи: ")


def test_an_offered_place_is_kept_from_newcomers_until_it_is_answered(school, staff):
    seminar = SeminarFactory(school=school, places=1, participants=staff[:1], waiting=staff[1:2])
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)

    assert sign_up(seminar, staff[3], by=staff[3], at=NOW).is_waiting

    confirm_place(line_of(seminar, staff[1]), by=staff[1], at=DAY_LATER - timedelta(seconds=1))
    assert seats(seminar) == [(staff[1], 1, False), (staff[3], None, False)]


def test_an_offer_that_nobody_answers_goes_to_the_next_and_the_first_is_told(school, staff):
    seminar = SeminarFactory(school=school, places=1, participants=staff[:1], waiting=staff[1:3])
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)

    assert pass_on_offers(at=DAY_LATER - timedelta(seconds=1)) == 0
    assert pass_on_offers(at=DAY_LATER) == 1
    assert pass_on_offers(at=DAY_LATER) == 0

    assert seats(seminar) == [(staff[2], 1, True)]
    passed = Participation.objects.get(participant=staff[1])
    assert (passed.left_at, passed.left_by) == (DAY_LATER, None)
    assert len(words_to(staff[1])) == len(["offered", "passed on"])


def test_an_offer_is_answered_in_its_time_only_and_once(school, staff):
    seminar = SeminarFactory(school=school, places=1, participants=staff[:1], waiting=staff[1:2])
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)
    line = line_of(seminar, staff[1])

    with pytest.raises(PermissionDenied):
        confirm_place(line, by=staff[3], at=NOW)
    assert refused(confirm_place, line, by=staff[1], at=DAY_LATER) == "offer_passed"
    confirm_place(line, by=staff[1], at=NOW)
    assert refused(confirm_place, line, by=staff[1], at=NOW) == "nothing_offered"


def test_an_offer_ends_two_hours_before_the_seminar_and_then_places_are_given_by_hand(school, staff, leader):
    starts_at = moscow("25.11.2026 15:00")
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:2], waiting=staff[2:])

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=starts_at - timedelta(hours=3))
    assert line_of(seminar, staff[2]).offered_until == starts_at - timedelta(hours=2)

    leave_seminar(line_of(seminar, staff[1]), by=staff[1], at=starts_at - timedelta(hours=2))
    assert line_of(seminar, staff[3]).is_waiting

    give_place(line_of(seminar, staff[3]), by=leader, at=starts_at - timedelta(hours=1))
    assert seats(seminar) == [(staff[2], 1, True), (staff[3], 2, False)]


def test_a_place_is_offered_past_those_who_are_busy_by_now_and_they_keep_their_turn(
    direction, specialist, school, staff
):
    seminar = SeminarFactory(school=school, places=1, participants=staff[:1], waiting=staff[1:3])
    booking(direction, specialist, "25.11.2026 15:20", teacher=staff[1]).save()

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)

    assert seats(seminar) == [(staff[1], None, False), (staff[2], 1, True)]


def test_a_place_is_given_by_those_who_run_it_and_never_over_the_last_one(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:2], waiting=staff[2:])
    line = line_of(seminar, staff[2])

    with pytest.raises(PermissionDenied):
        give_place(line, by=staff[2], at=NOW)
    assert refused(give_place, line, by=leader, at=NOW) == "full"


def test_one_who_has_a_place_is_given_no_second_one(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:1])

    assert refused(give_place, line_of(seminar, staff[0]), by=leader, at=NOW) == "not_on_list"


def test_nobody_leaves_a_seminar_twice_or_for_another(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:2])
    line = line_of(seminar, staff[0])

    with pytest.raises(PermissionDenied):
        leave_seminar(line, by=staff[1], at=NOW)
    leave_seminar(line, by=leader, at=NOW)
    assert refused(leave_seminar, line, by=leader, at=NOW) == "not_on_list"
    assert len(words_to(staff[0])) == 1


def test_the_list_is_left_until_the_seminar_begins(school, staff):
    seminar = SeminarFactory(school=school, participants=staff[:2])

    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=seminar.starts_at - timedelta(seconds=1))
    assert refused(leave_seminar, line_of(seminar, staff[1]), by=staff[1], at=seminar.starts_at) == "already_begun"


def test_who_came_without_signing_up_is_entered_while_there_is_a_place(school, staff, leader):
    seminar = SeminarFactory(school=school, leaders=[leader], participants=staff[:1])

    assert sign_up(seminar, staff[1], by=leader, at=seminar.starts_at).seat == 2
    assert refused(sign_up, seminar, staff[2], by=leader, at=seminar.starts_at) == "full"


def test_a_consultation_is_not_booked_over_a_seminar_of_the_teacher(direction, school, teacher):
    SeminarFactory(school=school, starts_at=moscow("24.11.2026 10:00"), participants=[teacher])

    def book(clock: str) -> Booking:
        return book_consultation(
            direction,
            specialist=None,
            starts_at=moscow(f"24.11.2026 {clock}"),
            teacher=teacher,
            question="Вопрос",
            by=teacher,
            at=NOW,
        )

    assert refused(book, "10:00") == "teacher_taken"
    assert refused(book, "11:20") == "teacher_taken"
    assert book("11:40").pk  # the seminar ends at 11:30, times begin at :00, :20 and :40


@pytest.mark.parametrize("what", ["leader", "participant", "room"])
def test_a_consultation_is_not_booked_over_a_seminar_of_the_specialist_or_in_the_room(
    direction, specialist, school, teacher, what
):
    seminar = SeminarFactory(
        school=school,
        starts_at=moscow("24.11.2026 10:00"),
        room=direction.room if what == "room" else None,
        leaders=[specialist] if what == "leader" else None,
        participants=[specialist] if what == "participant" else [],
    )

    def book() -> Booking:
        return book_consultation(
            direction,
            specialist=specialist,
            starts_at=moscow("24.11.2026 10:20"),
            teacher=teacher,
            question="Вопрос",
            by=teacher,
            at=NOW,
        )

    assert refused(book) == "time_taken"
    Seminar.objects.filter(pk=seminar.pk).update(cancelled_at=NOW)
    assert book().pk


def test_a_seminar_takes_all_of_a_room_of_several_places(direction, school, teacher):
    direction.room = RoomFactory(school=school, places=3)
    direction.save()
    SeminarFactory(school=school, starts_at=moscow("24.11.2026 10:00"), room=direction.room)

    with pytest.raises(ValidationError) as refusal:
        book_consultation(
            direction,
            specialist=None,
            starts_at=moscow("24.11.2026 10:20"),
            teacher=teacher,
            question="Вопрос",
            by=teacher,
            at=NOW,
        )
    assert refusal.value.code == "time_taken"
