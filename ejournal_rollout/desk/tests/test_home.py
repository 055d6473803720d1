"""The first page: what waits for me, one main action, and never more than eighteen queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from consultations.models import Booking, TimeRequest
from consultations.operations import doubts
from ejournal_rollout.desk.mine import what_is_mine
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import School
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    FindingFactory,
    HelpRequestFactory,
    MembershipFactory,
    OrderFactory,
    RoundFactory,
    SchoolFactory,
    SeminarFactory,
    TaskFactory,
    order_of,
)
from plans.operations import report_task, return_result, write_note

pytestmark = pytest.mark.django_db
HOME = "/"


@pytest.fixture
def school():
    return SchoolFactory()


def mine(member, at=None):
    at = at or now()
    roles = member.roles_on(localdate(at))
    able = [one for one in ABILITIES if member.may(one, on=localdate(at))]
    return what_is_mine(member, roles=roles, abilities=able, at=at)


ABILITIES = ["edit_order", "review_tasks", "note_tasks", "give_help", "see_all_help"]


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def booking(direction, specialist, teacher, *, hours) -> Booking:
    starts_at = now() + timedelta(hours=hours)
    return Booking.objects.create(
        direction=direction,
        specialist=specialist,
        teacher=teacher,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=20),
        question="Не печатается журнал",
        booked_by=teacher,
    )


# --- One main action for each role


@pytest.mark.parametrize(
    ("roles", "name"),
    [
        ([], "consultations:schedule"),
        (["technical_specialist"], "consultations:day"),
        (["experienced_colleague"], "consultations:day"),
        (["working_group"], "plans:status"),
        (["administration"], "plans:status"),
    ],
)
def test_each_role_has_its_main_action(roles, name, school):
    order_of(school)

    assert mine(MembershipFactory(school=school, roles=roles)).main.address == reverse(name)


def test_without_an_order_the_administration_uploads_it_and_a_draft_is_put_into_effect(school):
    head = MembershipFactory(school=school, roles=["administration"])
    OrderFactory()  # of another school
    assert mine(head).main.address == reverse("documents:upload-new")

    OrderFactory(school=school, state=Order.State.DRAFT)
    assert mine(head).main.address == reverse("orders:orders")


# --- The teacher


def test_a_teacher_gets_to_the_next_free_time_by_one_link(school):
    MembershipFactory(school=school, roles=["technical_specialist"])
    direction = DirectionFactory(school=school, hours=[(0, "00:00", "23:59")])
    teacher = MembershipFactory(school=school)

    (offer,) = mine(teacher).offers
    words = signed_in(teacher).get(HOME).content.decode()

    assert offer.offer.direction == direction
    assert f"{reverse('consultations:book', args=[direction.pk])}?day=" in words
    assert "time=" in words


def test_at_the_limit_of_a_direction_a_teacher_is_led_to_what_is_booked_and_offered_no_more(school):
    helper = MembershipFactory(school=school, roles=["technical_specialist"])
    direction = DirectionFactory(school=school, hours=[(0, "00:00", "23:59")])
    teacher = MembershipFactory(school=school)
    booking(direction, helper, teacher, hours=30)
    assert "Записаться: " in signed_in(teacher).get(HOME).content.decode()
    booking(direction, helper, teacher, hours=54)

    for address in (HOME, reverse("consultations:schedule")):
        words = signed_in(teacher).get(address).content.decode()
        assert f'<a href="{reverse("consultations:bookings")}">уже 2 записи' in words
        assert "Записаться: " not in words and "#question" not in words


def test_a_teacher_finds_the_continuation_that_was_proposed_and_a_marked_consultation_is_not_unmarked(school):
    helper = MembershipFactory(school=school, roles=["technical_specialist"])
    teacher = MembershipFactory(school=school)
    held = booking(DirectionFactory(school=school), helper, teacher, hours=-30)
    unmarked = mine(helper).unmarked_count
    Booking.objects.update(came=True, follow_up="Отчёты", follow_up_proposed_at=now())

    assert (mine(teacher).to_continue, mine(helper).to_continue) == ([held], [])
    assert (unmarked, mine(helper).unmarked_count) == (1, 0)
    assert "Выбрать время" in signed_in(teacher).get(HOME).content.decode()


def test_a_teacher_sees_coming_consultations_and_open_questions_of_their_own(school):
    helper = MembershipFactory(school=school, roles=["technical_specialist"])
    direction = DirectionFactory(school=school)
    teacher, colleague = MembershipFactory(school=school), MembershipFactory(school=school)
    coming = booking(direction, helper, teacher, hours=2)
    booking(direction, helper, teacher, hours=-5)
    booking(direction, helper, colleague, hours=4)
    asked = HelpRequestFactory(school=school, requester=teacher, direction=direction)
    HelpRequestFactory(school=school, requester=teacher, direction=direction, closed_at=now())
    HelpRequestFactory(school=school, requester=colleague, direction=direction)

    found = mine(teacher)

    assert [one.booking for one in found.coming] == [coming]
    assert [one.request for one in found.asked] == [asked]
    assert (found.answering, found.nobodys, found.today, found.unmarked_count) == ([], [], [], 0)


# --- The executor and the working group


def test_an_executor_sees_open_tasks_of_their_roles_overdue_first(school):
    today = localdate()
    told = {"school": school, "executors": ["deputy_head"]}
    later = TaskFactory(**told, due_on=today + timedelta(days=200))
    late = TaskFactory(**told, due_on=today - timedelta(days=1))
    TaskFactory(**told, completed_on=today, result="готово")
    TaskFactory(school=school, executors=["administration"])
    TaskFactory(school=SchoolFactory(), executors=["deputy_head"])

    found = mine(MembershipFactory(school=school, roles=["deputy_head"]))

    assert [own.line.task for own in found.tasks] == [late, later]
    assert (found.review, found.overdue) == ([], [])


def test_the_working_group_sees_what_waits_for_review_and_what_is_overdue_with_others(school):
    waiting = TaskFactory(school=school, executors=["deputy_head"], reported_at=now(), result="готово")
    late = TaskFactory(school=school, executors=["deputy_head"], due_on=localdate() - timedelta(days=1))
    TaskFactory(school=school, executors=["deputy_head"])

    found = mine(MembershipFactory(school=school, roles=["working_group"]))

    assert [line.task for line in found.review] == [waiting]
    assert [line.task for line in found.overdue] == [late]
    assert found.tasks == []


def test_ones_own_tasks_are_as_many_as_in_the_list_of_the_plan(school):
    member = MembershipFactory(school=school, roles=["working_group"])
    stage = TaskFactory(school=school, executors=["working_group"], reported_at=now(), result="готово").stage
    TaskFactory(stage=stage, executors=["working_group"])
    TaskFactory(stage=stage, executors=["working_group"], completed_on=localdate(), result="готово")
    TaskFactory(stage=stage, executors=["administration"])

    plan = signed_in(member).get(reverse("plans:plan"))

    (count,) = [view["count"] for view in plan.context["ready_views"] if view["words"] == "Мои открытые задачи"]
    assert len(mine(member).tasks) == count == 2


def test_a_returned_result_says_why_until_it_is_reported_again(school):
    deputy = MembershipFactory(school=school, roles=["deputy_head"])
    head = MembershipFactory(school=school, roles=["administration"])
    task = TaskFactory(school=school, executors=["deputy_head"])
    report_task(task, by=deputy, at=now(), result="Анкеты собраны")
    return_result(task, by=head, at=now(), reason="Приложите сводную таблицу")
    write_note(task, by=deputy, at=now(), text="Готовлю таблицу")

    assert [own.returned for own in mine(deputy).tasks] == ["Приложите сводную таблицу"]
    assert "Приложите сводную таблицу" in signed_in(deputy).get(HOME).content.decode()

    report_task(task, by=deputy, at=now(), result="Таблица приложена")
    assert [own.returned for own in mine(deputy).tasks] == [""]


def test_a_teacher_sees_the_remarks_that_are_to_be_put_right(school):
    teacher = MembershipFactory(school=school)
    later = FindingFactory(school=school, teacher=teacher, text="Нет тем уроков", repair_by=localdate())
    late = FindingFactory(school=school, teacher=teacher, repair_by=localdate() - timedelta(days=1))
    dayless = FindingFactory(school=school, teacher=teacher)
    FindingFactory(school=school, teacher=teacher, settled_on=localdate(), settled_by=teacher)
    FindingFactory(school=school)

    found = mine(teacher).remarks

    assert [(one.finding, one.is_late) for one in found] == [(late, True), (later, False), (dayless, False)]
    assert "Нет тем уроков" in signed_in(teacher).get(HOME).content.decode()
    head = MembershipFactory(school=school, roles=["working_group"])
    assert mine(head).remarks == []
    Order.objects.filter(school=school).update(state=Order.State.DRAFT)
    assert mine(teacher).remarks == []


# --- The specialist


def test_who_checks_sees_the_missed_round_and_the_next(school):
    member, today = MembershipFactory(school=school), localdate()
    for days, words in [(-3, "Пропущена"), (5, "Скоро"), (40, "Далеко")]:
        RoundFactory(school=school, checker=member, planned_on=today + timedelta(days=days), checked=words)
    RoundFactory(school=school, planned_on=today, checked="Чужая")
    assert [line.round.checked for line in mine(member).rounds] == ["Пропущена", "Скоро"]
    assert "Мои проверки" in signed_in(member).get(HOME).content.decode()


def test_a_specialist_sees_the_day_the_unmarked_the_times_and_the_questions(school):
    helper = MembershipFactory(school=school, roles=["technical_specialist"])
    teacher = MembershipFactory(school=school)
    ours = DirectionFactory(school=school, is_on_demand=True)
    others = DirectionFactory(school=school, roles=["deputy_head"], is_on_demand=True)
    booking(ours, helper, teacher, hours=-30)
    asked = TimeRequest.objects.create(direction=ours, teacher=teacher, question="Принтер")
    TimeRequest.objects.create(direction=others, teacher=teacher, question="Отметки")
    free = HelpRequestFactory(school=school, requester=teacher, direction=ours)
    taken = HelpRequestFactory(school=school, requester=teacher, direction=others, assignee=helper)
    HelpRequestFactory(school=school, requester=teacher, direction=others)

    found = mine(helper)

    assert found.unmarked_count == 1
    assert found.times == [asked]
    assert [one.request for one in found.nobodys] == [free]
    assert [one.request for one in found.answering] == [taken]
    assert found.offers == []


def test_consultations_given_today_stand_apart_from_the_coming_ones(school):
    helper = MembershipFactory(school=school, roles=["technical_specialist"])
    direction, teacher = DirectionFactory(school=school), MembershipFactory(school=school)
    tomorrow = booking(direction, helper, teacher, hours=24)
    now_on = booking(direction, helper, teacher, hours=0)

    found = mine(helper, at=now_on.starts_at)

    assert [one.booking for one in found.today] == [now_on]
    assert [one.booking for one in found.coming] == [tomorrow]


# --- The administration


def test_the_administration_sees_what_is_wrong_in_its_own_school(school):
    order_of(school)
    head = MembershipFactory(school=school, roles=[*Role])
    assert mine(head).faults == []

    MembershipFactory(school=school, roles=["technical_specialist"])
    Message.objects.create(recipient=head, key="1", words="x", by_mail=True, attempts=99)
    Message.objects.create(recipient=MembershipFactory(), key="1", words="x", by_mail=True, attempts=99)
    head.holdings.filter(role=Role.DEPUTY_HEAD).delete()
    head = type(head).objects.get(pk=head.pk)

    addresses = [fault.action.address for fault in mine(head).faults]
    assert addresses == [
        reverse("people:staff"),
        reverse("people:staff"),
        f"{reverse('notifications:messages')}#unsent",
    ]


# --- What it costs


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("roles", [[], ["technical_specialist"], ["working_group", "deputy_head"], [*Role]])
@pytest.mark.parametrize(("is_touched", "budget"), [(False, 18), (True, 26)])
def test_the_first_page_takes_no_more_than_eighteen_queries(is_touched, budget, rows, roles, school, monkeypatch):
    """When the calendar has met a consultation, eight more, however many there are."""
    # given rows of every kind, and no day off on whatever day this is run
    monkeypatch.setattr(doubts, "public_days", lambda first, last: ([], []))
    School.objects.update(working_week=7)
    member, teacher = MembershipFactory(school=school, roles=roles), MembershipFactory(school=school)
    helper = MembershipFactory(school=school, roles=["technical_specialist"], reports_to=member)
    for number in range(rows):
        direction = DirectionFactory(school=school, hours=[] if is_touched else [(0, "00:00", "23:59")])
        TaskFactory(school=school, executors=[*Role])
        TaskFactory(school=school, executors=["technical_specialist"], reported_at=now(), result="готово")
        HelpRequestFactory(school=school, requester=member, direction=direction)
        HelpRequestFactory(school=school, requester=teacher, direction=direction)
        TimeRequest.objects.create(direction=direction, teacher=teacher, question="Принтер")
        booking(direction, helper, member, hours=24 + number)
        MembershipFactory(school=school, roles=["deputy_head"], reports_to=member)
        RoundFactory(school=school, checker=member, planned_on=localdate())
        FindingFactory(school=school, teacher=member)
        SeminarFactory(school=school, participants=[member], starts_at=now() + timedelta(days=number + 1))
    client = signed_in(member)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(HOME)

    assert page.status_code == 200
    assert len(queries) <= budget


def test_nothing_yet_is_said_in_words_for_everybody(school):
    for roles in ([], ["technical_specialist"], ["working_group"], ["administration"]):
        page = signed_in(MembershipFactory(school=school, roles=roles)).get(HOME)
        assert page.status_code == 200
        assert reverse("support:request-new") in page.content.decode()
