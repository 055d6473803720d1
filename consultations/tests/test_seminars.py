"""A seminar planned, changed, cancelled, marked; what it takes, and who is told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import override

from consultations.availability import Availability
from consultations.feeds import seminar_events
from consultations.models import Absence, Booking, Direction, Participation, Seminar, closing_moment
from consultations.operations import (
    cancel_seminar,
    change_seminar,
    leave_seminar,
    mark_seminar,
    plan_seminar,
    sign_up,
)
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import MOSCOW, NOW, moscow
from .test_no_overlap import booking
from .test_seminar_places import line_of, refused, seats, words_to

pytestmark = pytest.mark.django_db
START, END = moscow("25.11.2026 15:00"), moscow("25.11.2026 16:30")


@pytest.fixture
def staff(school) -> list[Membership]:
    return MembershipFactory.create_batch(3, school=school)


@pytest.fixture
def deputy(school) -> Membership:
    return MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])


def values(**changed) -> dict:
    given = {"title": "Отметки и их вес", "starts_at": START, "ends_at": END, "closes_at": START, "places": 2}
    return given | changed


def plan(by: Membership, *leaders: Membership, **changed) -> Seminar:
    return plan_seminar(leaders=list(leaders), by=by, at=NOW, **values(**changed))


def change(seminar: Seminar, by: Membership, *, at=NOW, leaders=None, seen=None, **changed) -> list[Membership]:
    fields = ("title", "starts_at", "ends_at", "closes_at", "places", "room", "kind")
    given = {name: getattr(seminar, name) for name in fields} | changed
    if given["closes_at"] > given["starts_at"]:
        given["closes_at"] = given["starts_at"]
    return change_seminar(
        seminar,
        leaders=list(seminar.leaders.all()) if leaders is None else leaders,
        seen=seminar.sequence if seen is None else seen,
        by=by,
        at=at,
        **given,
    )


def test_those_for_whom_a_seminar_is_hear_of_it_and_its_leader_that_he_leads(school, specialist, deputy):
    group = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    teacher, stranger = MembershipFactory(school=school), MembershipFactory(roles=[Role.WORKING_GROUP])

    seminar = plan(deputy, specialist, audience=[Role.WORKING_GROUP])

    assert {one.recipient for one in Message.objects.all()} == {group, specialist}
    assert words_to(group) != words_to(specialist)
    assert words_to(teacher) == words_to(stranger) == []
    assert Entry.objects.about(seminar).get().verb == "consultations.seminar_planned"


def test_a_specialist_plans_for_oneself_and_the_deputy_head_for_anybody(school, specialist, deputy):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])

    assert plan(deputy, specialist).pk
    assert plan(other, other).pk
    with pytest.raises(ValidationError) as refusal:
        plan(other, specialist, starts_at=END, ends_at=END + timedelta(hours=1))
    assert refusal.value.code == "not_a_leader"
    assert Seminar.objects.count() == 2


def test_a_teacher_plans_no_seminar(school, teacher, specialist):
    with pytest.raises(PermissionDenied):
        plan(teacher, specialist)


@pytest.mark.parametrize("what", ["leader", "room", "direction"])
def test_nothing_of_another_school_goes_into_a_seminar(specialist, deputy, what):
    stranger = MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    leader = stranger if what == "leader" else specialist
    of_stranger = {
        "leader": {},
        "room": {"room": RoomFactory(school=stranger.school)},
        "direction": {"direction": DirectionFactory(school=stranger.school)},
    }[what]

    with pytest.raises(PermissionDenied):
        plan(deputy, leader, **of_stranger)


def test_a_seminar_needs_a_leader_and_lies_ahead(deputy, specialist):
    assert refused(plan, deputy) == "no_leaders"
    past = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1), "closes_at": NOW}
    assert refused(plan, deputy, specialist, **past) == "past_time"


def test_neither_leader_nor_room_is_in_two_places(school, specialist, deputy):
    room = RoomFactory(school=school, places=5)
    SeminarFactory(school=school, leaders=[specialist], room=room)
    later = {"starts_at": END - timedelta(minutes=1), "ends_at": END + timedelta(hours=1)}
    after = {"starts_at": END, "ends_at": END + timedelta(hours=1)}

    assert refused(plan, deputy, specialist, **later) == "person_busy"
    assert refused(plan, deputy, deputy, room=room, **later) == "room_taken"
    assert plan(deputy, specialist, room=room, **after).pk


def test_a_seminar_is_not_planned_over_consultations(direction, specialist, teacher, deputy):
    booking(direction, specialist, "25.11.2026 15:20", teacher=teacher, room=direction.room, room_place=1).save()

    assert refused(plan, deputy, specialist) == "person_busy"
    assert refused(plan, deputy, deputy, room=direction.room) == "room_taken"
    Booking.objects.update(cancelled_at=NOW)
    assert plan(deputy, specialist, room=direction.room).pk


def test_no_time_of_a_seminar_is_offered_for_consultations(direction, school, specialist, teacher):
    SeminarFactory(school=school, leaders=[specialist], starts_at=moscow("24.11.2026 10:00"))

    availability = Availability(Direction.objects.all(), teacher=teacher, at=NOW)
    day = date(2026, 11, 24)
    times = [f"{one.starts_at:%H:%M}" for one in availability.times(direction, day, day)]

    assert "09:40" in times
    assert "11:40" in times
    assert not [one for one in times if "10:00" <= one < "11:40"]


def test_a_room_of_three_places_is_not_offered_while_a_seminar_takes_it(direction, school, teacher):
    direction.room.places = 3
    direction.room.save()
    SeminarFactory(school=school, room=direction.room, starts_at=moscow("24.11.2026 08:00"))

    availability = Availability(Direction.objects.all(), teacher=teacher, at=NOW)
    day = date(2026, 11, 24)

    assert f"{availability.times(direction, day, day)[0].starts_at:%H:%M}" == "09:40"  # it ends at 9:30


def test_everybody_on_the_list_hears_of_another_time_and_nobody_of_another_description(school, staff, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=staff[:2], waiting=staff[2:])

    change(seminar, specialist, title="Вес отметки")
    assert not Message.objects.exists()

    change(seminar, specialist, starts_at=START + timedelta(days=1), ends_at=END + timedelta(days=1))
    assert {one.recipient for one in Message.objects.unread()} == set(staff)  # and no bell rings of the own act
    assert seminar.sequence == 2
    assert seminar.changed_at == NOW


def test_who_is_busy_at_the_new_time_loses_the_place_and_is_told_why(direction, school, staff, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=staff[:2], waiting=staff[2:])
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    booking(direction, other, "26.11.2026 15:20", teacher=staff[0]).save()

    lost = change(seminar, specialist, starts_at=START + timedelta(days=1), ends_at=END + timedelta(days=1))

    assert lost == [staff[0]]
    assert seats(seminar) == [(staff[1], 2, False), (staff[2], 1, True)]
    assert len(words_to(staff[0])) == 1
    assert words_to(staff[0]) != words_to(staff[1])


def test_a_seminar_is_not_planned_for_a_day_on_which_its_leader_is_absent(school, specialist, deputy):
    day = values()["starts_at"].astimezone(MOSCOW).date()
    Absence.objects.create(specialist=specialist, first_on=day, last_on=day)

    assert refused(plan, deputy, specialist) == "person_busy"
    assert not Seminar.objects.exists()


def test_a_seminar_is_not_moved_onto_what_its_leader_has(direction, school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    booking(direction, specialist, "26.11.2026 15:20", teacher=teacher).save()

    moved = {"starts_at": START + timedelta(days=1), "ends_at": END + timedelta(days=1)}
    assert refused(change, seminar, specialist, **moved) == "person_busy"
    assert Seminar.objects.get().starts_at == START


def test_more_places_are_offered_to_those_who_wait(school, staff, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist], places=1, participants=staff[:1], waiting=staff[1:])

    change(seminar, specialist, places=2)

    assert seats(seminar) == [(staff[0], 1, False), (staff[1], 2, True), (staff[2], None, False)]


def test_there_are_never_fewer_places_than_people_who_have_one(school, staff, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist], places=3, participants=staff)
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)

    assert refused(change, seminar, specialist, places=1) == "too_few_places"
    change(seminar, specialist, places=2)

    assert sorted(seat for _person, seat, _offered in seats(seminar)) == [1, 2]


def test_a_change_beside_another_change_is_refused_and_overwrites_nothing(school, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    change(seminar, specialist, title="Первый")

    assert refused(change, seminar, specialist, seen=0, title="Второй") == "changed_meanwhile"
    assert Seminar.objects.get().title == "Первый"


def test_only_those_who_run_a_seminar_change_and_cancel_it(school, specialist, staff):
    seminar = SeminarFactory(school=school, participants=staff[:1])

    for member in (specialist, staff[0], MembershipFactory(roles=[Role.DEPUTY_HEAD])):
        with pytest.raises(PermissionDenied):
            change(seminar, member, title="Другой")
        with pytest.raises(PermissionDenied):
            cancel_seminar(seminar, reason="Другой", by=member, at=NOW)
        with pytest.raises(PermissionDenied):
            mark_seminar(seminar, came=[], by=member, at=END)


def test_a_seminar_that_has_begun_keeps_its_time_and_may_get_more_places(school, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist])

    moved = {"starts_at": START + timedelta(days=1), "ends_at": END + timedelta(days=1)}
    assert refused(change, seminar, specialist, at=START, **moved) == "already_begun"
    change(seminar, specialist, at=START, places=9)
    assert seminar.places == 9


def test_a_new_leader_who_had_a_place_gives_it_up(school, specialist, staff, deputy):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=[deputy, staff[0]])

    assert change(seminar, specialist, leaders=[specialist, deputy]) == []
    assert seats(seminar) == [(staff[0], 2, False)]


def test_of_a_cancelled_seminar_everybody_on_the_list_hears_with_the_reason(school, specialist, staff, deputy):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=staff[:2], waiting=staff[2:])

    assert refused(cancel_seminar, seminar, reason=" ", by=deputy, at=NOW) == "reason_missing"
    cancel_seminar(seminar, reason="Карантин", by=deputy, at=NOW)
    assert refused(cancel_seminar, seminar, reason="Ещё раз", by=deputy, at=NOW) == "already_cancelled"

    told = Message.objects.all()
    assert {one.recipient for one in told} == {*staff, specialist}
    assert all("Карантин" in one.words for one in told)


def test_attendance_is_marked_in_one_act_and_may_be_corrected(school, specialist, staff):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=staff[:2], waiting=staff[2:])
    first, second = line_of(seminar, staff[0]), line_of(seminar, staff[1])

    assert refused(mark_seminar, seminar, came=[], by=specialist, at=START - timedelta(seconds=1)) == "not_begun"
    mark_seminar(seminar, came=[first.pk], by=specialist, at=START)
    mark_seminar(seminar, came=[second.pk, line_of(seminar, staff[2]).pk], by=specialist, at=END)

    came = dict(Participation.objects.of(seminar).values_list("participant", "came"))
    assert came == {staff[0].pk: False, staff[1].pk: True, staff[2].pk: None}
    assert refused(cancel_seminar, seminar, reason="Поздно", by=specialist, at=END) == "already_held"
    [held] = Seminar.objects.held(date(2026, 11, 25), date(2026, 11, 25), zone=MOSCOW)
    assert held.came_count == 1
    assert not Seminar.objects.held(date(2026, 11, 26), date(2026, 12, 31), zone=MOSCOW).exists()


def test_the_state_of_a_seminar_is_told_from_its_facts(school, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist])

    assert seminar.status(at=START - timedelta(seconds=1))[0] == "idle"
    assert seminar.status(at=START)[0] == seminar.status(at=END)[0] == "action"
    assert seminar.status(at=START)[1] != seminar.status(at=END)[1]
    mark_seminar(seminar, came=[], by=specialist, at=END)
    assert seminar.status(at=END)[0] == "done"


def test_the_sign_up_closes_with_its_day_and_at_the_beginning_at_the_latest():
    assert closing_moment(None, START) == START
    assert closing_moment(date(2026, 11, 24), START) == moscow("25.11.2026 00:00")
    assert closing_moment(date(2026, 11, 25), START) == START


def test_a_calendar_has_what_one_leads_and_where_one_has_a_place_and_strikes_out_what_is_cancelled(
    school, specialist, staff
):
    room = RoomFactory(school=school, name="18")
    seminar = SeminarFactory(
        school=school, leaders=[specialist], participants=staff[:2], waiting=staff[2:], room=room, title="Вес отметки"
    )
    SeminarFactory(school=school, starts_at=START + timedelta(days=1))
    cancel_seminar(seminar, reason="Карантин", by=specialist, at=NOW)

    def events(rows) -> list:
        day = date(2026, 11, 25)
        with override(MOSCOW):
            return seminar_events(rows, since=day, until=day, address=str)

    for member in (specialist, staff[0]):
        [event] = events(Seminar.objects.busy_for(member))
        assert event.uid == f"seminar-{seminar.pk}@{site_mark()}"
        assert (event.starts, event.ends, event.sequence, event.is_cancelled) == (START, END, 1, True)
        assert "Вес отметки" in event.summary
        assert staff[0].user.last_name not in event.description
    assert events(Seminar.objects.busy_for(staff[2])) == []
    assert len(events(Seminar.objects.of_room(room))) == 1
    assert len(events(Seminar.objects.visible_to(specialist))) == 1


def test_the_free_place_of_a_moved_seminar_is_offered_no_longer_than_two_hours_before_it(school, specialist, staff):
    seminar = SeminarFactory(school=school, leaders=[specialist], places=1, participants=staff[:1], waiting=staff[1:2])
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=NOW)
    earlier = moscow("24.11.2026 09:00")

    change(seminar, specialist, starts_at=earlier, ends_at=earlier + timedelta(hours=1))

    assert line_of(seminar, staff[1]).offered_until == earlier - timedelta(hours=2)


def test_a_leader_signs_up_for_another_seminar_only_when_free(school, specialist):
    SeminarFactory(school=school, leaders=[specialist])
    other = SeminarFactory(school=school)

    assert refused(sign_up, other, specialist, by=specialist, at=NOW) == "person_busy"


def test_an_unmarked_seminar_waits_for_its_leader_until_it_is_marked(school, specialist, staff):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=staff[:1])

    def waiting(member: Membership, at) -> bool:
        return Seminar.objects.waiting_for(member, at=at).exists()

    assert waiting(staff[0], END - timedelta(seconds=1))
    assert not waiting(staff[0], END)
    assert waiting(specialist, END)
    mark_seminar(seminar, came=[], by=specialist, at=END)
    assert not waiting(specialist, END)
