"""Who is reminded of what: one school on one day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ejournal_rollout.notifications.models import Message, Topic
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, OrderFactory, SchoolFactory, TaskFactory
from plans.models import ReminderRules, Task
from plans.operations import accept_result, cancel_task, report_task, return_result
from plans.reminding import remind

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 31)


@pytest.fixture
def school():
    """Its order is in force since 31.08.2026."""
    return SchoolFactory()


@pytest.fixture
def executor(school):
    return MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])


@pytest.fixture
def director(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


def october(school, **changed):
    """«Октябрь 2026», entrusted to the deputy head."""
    told = {"starts_on": date(2026, 10, 1), "due_on": DUE, "term_precision": "month", "executors": [Role.DEPUTY_HEAD]}
    told |= {"question": "Анкетирование", "printed_number": "1.2."}
    return TaskFactory(school=school, **(told | changed))


def head_of(school):
    head = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    RoleHolding.objects.filter(membership=head).update(is_head=True)
    return head


def at(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def fresh(task):
    return Task.objects.select_related("stage__plan__order", "reported_by").get(pk=task.pk)


def told(school, day):
    """(person, words) of what is new after the school was reminded on a day."""
    before = set(Message.objects.values_list("pk", flat=True))
    count = remind(school, on=day)
    new = Message.objects.exclude(pk__in=before).select_related("recipient__user").order_by("pk")
    assert count == len(new)
    return [(one.recipient, one.words.removeprefix("Задача 1.2 «Анкетирование»: ")) for one in new]


def play(school, first, last):
    """{day: who} of every reminder of those days."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return {day: people for day in days if (people := [person for person, _words in told(school, day)])}


def everybody(played):
    return {person for people in played.values() for person in people}


# --- Words and their day


def test_the_words_are_true_on_the_day_on_which_they_are_said(school, executor):
    october(school)
    assert told(school, date(2026, 9, 30)) == []
    for day, words in (
        (date(2026, 10, 1), "начался октябрь 2026 года, последний день срока — 31.10.2026."),
        (date(2026, 10, 17), "осталось 14 дней, последний день — 31.10.2026."),
        (date(2026, 10, 30), "завтра, 31.10.2026, последний день."),
    ):
        assert told(school, day) == [(executor, words)]
        assert told(school, day) == []


def test_after_days_without_tick_the_newest_missed_notice_is_said_once_in_todays_words(school, executor):
    october(school)
    # given a machine that was off from the 14th to the 26th: the notice of the 24th was missed, of the 17th too
    told(school, date(2026, 10, 13))

    assert told(school, date(2026, 10, 27)) == [(executor, "осталось 4 дня, последний день — 31.10.2026.")]
    assert told(school, date(2026, 10, 28)) == []


def test_the_notice_of_the_eve_that_comes_too_late_says_that_the_term_has_passed(school, executor):
    october(school)
    told(school, date(2026, 10, 29))
    late = "срок прошёл 31.10.2026, 2 дня назад. Сообщите о результате или напишите, что мешает."
    assert told(school, date(2026, 11, 2)) == [(executor, late)]
    assert Message.objects.get(topic=Topic.LATE).words.endswith(late)


def test_on_its_day_a_term_of_one_day_is_called_the_last(school, executor):
    october(school, starts_on=DUE, term_precision="day")
    told(school, date(2026, 10, 30))
    assert told(school, DUE) == [(executor, "сегодня, 31.10.2026, последний день.")]


def test_a_term_by_days_names_its_first_day(school, executor):
    october(school, starts_on=date(2026, 10, 20), term_precision="day")
    told(school, date(2026, 10, 19))
    assert told(school, date(2026, 10, 20)) == [(executor, "срок начался 20.10.2026, последний день — 31.10.2026.")]


def test_a_moved_term_is_reminded_of_anew(school, executor):
    task = october(school)
    told(school, date(2026, 10, 17))
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 11, 30))

    assert told(school, date(2026, 10, 18)) == [
        (executor, "начался октябрь 2026 года, последний день срока — 30.11.2026.")
    ]
    assert told(school, date(2026, 11, 16)) == [(executor, "осталось 14 дней, последний день — 30.11.2026.")]
    # moved to a day that is near, the newest notice comes the next morning
    Task.objects.filter(pk=task.pk).update(due_on=date(2026, 11, 20))
    assert told(school, date(2026, 11, 17)) == [(executor, "осталось 3 дня, последний день — 20.11.2026.")]


# --- Silence


@pytest.mark.parametrize(
    "changed",
    [
        {"due_on": None},
        {"due_on": None, "starts_on": None},
        {"completed_on": date(2026, 9, 1)},
        {"cancelled_on": date(2026, 9, 1)},
    ],
)
def test_without_a_last_day_done_or_cancelled_a_task_is_silent(school, executor, director, changed):
    october(school, **changed)
    assert play(school, date(2026, 9, 1), date(2026, 12, 31)) == {}


@pytest.mark.parametrize("state", [Order.State.DRAFT, Order.State.CLOSED])
def test_only_the_order_in_force_speaks(school, executor, state):
    october(school)
    assert told(school, date(2026, 10, 17))
    Order.objects.update(state=state)
    assert play(school, date(2026, 10, 24), date(2026, 11, 30)) == {}


def test_an_act_ends_the_reminders(school, executor, director):
    reported, cancelled = october(school), october(school)
    report_task(fresh(reported), by=executor, at=at(DUE), result="Сделано")
    accept_result(fresh(reported), by=director, at=at(DUE))
    cancel_task(fresh(cancelled), by=director, at=at(DUE), grounds="Приказ № 5")
    assert play(school, date(2026, 11, 1), date(2026, 12, 31)) == {}


def test_an_order_that_came_late_does_not_flood(school, executor, director):
    october(school, question="До подписания", due_on=date(2026, 8, 31), starts_on=date(2026, 8, 1))
    october(school)
    Order.objects.update(in_force_since=date(2026, 11, 10))

    assert play(school, date(2026, 11, 1), date(2026, 11, 24)) == {
        date(2026, 11, 14): [executor],  # a fortnight after the last day
        date(2026, 11, 17): [executor],  # the one before the order is asked about after a week
        date(2026, 11, 21): [executor],
        date(2026, 11, 24): [director],  # the head's fortnight begins with the order
    }


# --- To whom


def test_all_teachers_are_not_told_one_by_one_but_somebody_is(school, director):
    MembershipFactory.create_batch(3, school=school)
    october(school, executors=[Role.TEACHER])
    assert [person for person, _words in told(school, date(2026, 10, 17))] == [director]


def test_where_nobody_holds_the_role_the_head_learns_of_the_term(school, director):
    head = head_of(school)
    october(school)
    assert play(school, date(2026, 10, 17), date(2026, 11, 14)) == {
        day: [head] for day in (date(2026, 10, 17), date(2026, 10, 24), date(2026, 10, 30), date(2026, 11, 7))
    } | {date(2026, 11, 14): [head]}  # once, not as the head again


def test_a_person_of_two_roles_is_told_once(school):
    both = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD, Role.WORKING_GROUP])
    october(school, executors=[Role.DEPUTY_HEAD, Role.WORKING_GROUP])
    assert [person for person, _words in told(school, date(2026, 10, 17))] == [both]


def test_who_has_left_or_serves_another_school_is_not_told(school, executor):
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], left_on=date(2026, 10, 16))
    leaving = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], left_on=date(2026, 10, 17))
    MembershipFactory(roles=[Role.DEPUTY_HEAD])
    october(school)
    assert {person for person, _words in told(school, date(2026, 10, 17))} == {executor, leaving}
    assert {person for person, _words in told(school, date(2026, 10, 24))} == {executor}


def test_a_person_appointed_in_the_middle_gets_the_newest_notice_only(school, executor):
    october(school)
    play(school, date(2026, 10, 1), date(2026, 10, 18))
    new = MembershipFactory(school=school)
    RoleHolding.objects.create(membership=new, role=Role.DEPUTY_HEAD, starts_on=date(2026, 10, 20))

    assert told(school, date(2026, 10, 19)) == []
    assert told(school, date(2026, 10, 20)) == [(new, "осталось 11 дней, последний день — 31.10.2026.")]


def test_the_head_of_the_group_is_told_once_of_what_others_have_not_done(school, executor, director):
    head = head_of(school)
    MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    october(school)
    told(school, date(2026, 11, 13))

    words = "просрочка 14 дней (последний день был 31.10.2026), о результате не сообщили."
    assert (head, words) in told(school, date(2026, 11, 14))
    assert everybody(play(school, date(2026, 11, 15), date(2026, 12, 31))) == {executor}


def test_a_changed_setting_does_not_tell_the_head_again(school, executor, director):
    october(school)
    assert director in [person for person, _words in told(school, date(2026, 11, 14))]
    ReminderRules.objects.create(school=school, head_after_days=20)
    assert everybody(play(school, date(2026, 11, 15), date(2026, 12, 1))) == {executor}


def test_a_head_who_is_an_executor_is_reminded_as_one_and_not_twice_on_a_day(school):
    head = head_of(school)
    october(school, executors=[Role.WORKING_GROUP])
    told(school, date(2026, 11, 7))
    assert [person for person, _words in told(school, date(2026, 11, 14))] == [head]


def test_the_days_are_those_that_the_school_has_set(school, executor, director):
    ReminderRules.objects.create(school=school, days_before="3, 0", head_after_days=2)
    ReminderRules.objects.create(school=SchoolFactory(), days_before="5")
    october(school, starts_on=None)
    assert play(school, date(2026, 10, 1), date(2026, 11, 6)) == {
        date(2026, 10, 28): [executor],
        DUE: [executor],
        date(2026, 11, 2): [director],
    }


# --- Review


def test_a_waiting_result_is_recalled_to_the_working_group_but_not_to_its_author(school, director):
    author, other = (MembershipFactory(school=school, roles=[Role.WORKING_GROUP]) for _ in range(2))
    task = october(school, executors=[Role.WORKING_GROUP], due_on=None)  # without a last day too
    report_task(fresh(task), by=author, at=at(date(2026, 10, 5)), result="Сделано")

    assert play(school, date(2026, 10, 6), date(2026, 10, 15)) == {
        date(2026, 10, 8): [other],
        date(2026, 10, 15): [other],
    }
    assert (
        Message.objects.filter(topic=Topic.REVIEW)
        .first()
        .words.endswith("результат ждёт проверки 10 дней. Примите его или верните на доработку.")
    )


def test_where_no_other_member_of_the_group_is_left_the_administration_is_asked_to_review(school, director):
    author = MembershipFactory(school=school, roles=[Role.WORKING_GROUP])
    task = october(school, executors=[Role.WORKING_GROUP])
    report_task(fresh(task), by=author, at=at(date(2026, 10, 5)), result="Сделано")
    assert [person for person, _words in told(school, date(2026, 10, 8))] == [director]


def test_a_returned_result_makes_the_task_late_again(school, executor, director):
    task = october(school)
    report_task(fresh(task), by=executor, at=at(date(2026, 10, 30)), result="Сделано")
    assert everybody(play(school, DUE, date(2026, 11, 8))) == {director}
    return_result(fresh(task), by=director, at=at(date(2026, 11, 8)), reason="Нет акта")

    late = "срок прошёл 31.10.2026, 9 дней назад. Сообщите о результате или напишите, что мешает."
    assert told(school, date(2026, 11, 9)) == [(executor, late)]


def test_the_day_of_a_report_is_the_schools_own():
    kamchatka = SchoolFactory(time_zone="Asia/Kamchatka")
    author, other = (MembershipFactory(school=kamchatka, roles=[Role.WORKING_GROUP]) for _ in range(2))
    task = october(kamchatka, executors=[Role.WORKING_GROUP])
    # 13:00 UTC of the 5th is the 6th there
    report_task(fresh(task), by=author, at=datetime(2026, 10, 5, 13, tzinfo=UTC), result="Сделано")
    assert told(kamchatka, date(2026, 10, 8)) == []
    assert [person for person, _words in told(kamchatka, date(2026, 10, 9))] == [other]


# --- What a message knows


def test_a_reminder_knows_its_task_and_leads_to_it(school, executor):
    task, other = october(school), october(school)
    remind(school, on=date(2026, 10, 17))
    message = Message.objects.about(task).get()
    assert (message.topic, message.address) == (Topic.AHEAD, f"/plan/tasks/{task.pk}/")
    assert Message.objects.about(other).count() == 1


def test_the_number_of_queries_does_not_grow_with_tasks_and_people():
    counts = []
    for number in (1, 20):
        school = SchoolFactory()
        OrderFactory(school=school)
        for _ in range(number):
            MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
            october(school)
        with CaptureQueriesContext(connection) as queries:
            assert remind(school, on=date(2026, 10, 17)) == number * number
        inserts = [one for one in queries if one["sql"].startswith("INSERT")]
        with CaptureQueriesContext(connection) as quiet:
            assert remind(school, on=date(2026, 10, 18)) == 0
        counts.append((len(queries) - len(inserts), len(quiet)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 10
    assert Membership.objects.count() == 21
