"""Rounds: what is planned, held, found and settled, who may, and who learns of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import PLAN_TOPICS, Message, Topic
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role, abilities
from ejournal_rollout.tests.factories import (
    FindingFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    TaskFactory,
)
from plans import operations
from plans.models import Finding, Round, TaskExecutor
from plans.operations import Check, Outcome
from plans.recurrence import Pace, days_from, indicator_lines, read_indicators
from plans.round_reminders import RoundNotice, remind_of_rounds, standing_notice

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
GROUP, TECHNICIAN = Role.WORKING_GROUP, Role.TECHNICAL_SPECIALIST


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def group(school):
    return MembershipFactory(school=school, roles=[GROUP])


@pytest.fixture
def task(school):
    return TaskFactory(school=school, by_separate_schedule=True, executors=[Role.ADMINISTRATION])


def refused(code):
    """What is refused with this code; a constraint says its own among the errors of the row."""

    class Refusal:
        def __enter__(self):
            self.inner = pytest.raises(ValidationError)
            self.told = self.inner.__enter__()

        def __exit__(self, *error):
            passed = self.inner.__exit__(*error)
            assert [one.code for one in _flat(self.told.value)] == [code]
            return passed

    return Refusal()


def _flat(error):
    return error.error_list if hasattr(error, "error_list") else sum(error.error_dict.values(), [])


def told(member):
    return list(Message.objects.filter(recipient=member).order_by("pk").values_list("words", flat=True))


# --- Days


def test_a_month_too_short_gives_its_last_day_and_the_next_one_the_day_again():
    days = days_from(date(2026, 12, 31), Pace.MONTHS, every=1, until=date(2027, 3, 31))
    assert list(days) == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@pytest.mark.parametrize(
    ("pace", "every", "until", "days"),
    [
        (Pace.ONCE, 1, date(2026, 9, 1), [7]),
        (Pace.WEEKS, 2, date(2026, 10, 5), [7, 21]),
        (Pace.WEEKS, 2, date(2026, 9, 20), [7]),
        (Pace.WEEKS, 2, date(2026, 9, 21), [7, 21]),
        (Pace.WEEKS, 1, date(2026, 9, 6), []),
    ],
)
def test_the_last_day_is_inside_and_once_asks_for_none(pace, every, until, days):
    found = days_from(date(2026, 9, 7), pace, every=every, until=until)
    assert [day.day for day in found if day.month == 9] == days


def test_a_list_typed_line_by_line_is_read_and_written_back():
    text = "Уроки с темой, %: 100\n\nЗамечания: итоги\nТолько слова\n: "
    read = read_indicators(text)
    assert read == (("Уроки с темой, %", "100"), ("Замечания", "итоги"), ("Только слова", ""))
    assert read_indicators(indicator_lines(read)) == read


# --- Planning


def test_a_series_is_planned_in_one_go_and_who_checks_is_told_once(task, group):
    technician = MembershipFactory(school=group.school, roles=[TECHNICIAN])
    check = Check("Ведение журнала", classes="7-А", checker_role=TECHNICIAN, indicators=[("Темы, %", "100")])
    days = [date(2027, 1, 12), date(2026, 12, 15)]

    rounds = operations.plan_rounds(task, check, days=days, by=group, at=AT)

    assert [one.planned_on for one in rounds] == sorted(days)
    assert [(one.words, one.norm, one.found) for one in rounds[1].indicators.all()] == [("Темы, %", "100", "")]
    (words,) = told(technician)
    assert "«Ведение журнала»" in words and "2 раза" in words and "15.12.2026" in words
    assert Entry.objects.about(rounds[0]).get().verb == "plans.round_planned"
    assert Entry.objects.about(task).get().verb == "plans.rounds_planned"


def test_without_a_name_the_executors_check_but_never_all_teachers(task, group):
    TaskExecutor.objects.create(task=task, position=2, words="учителя", role=Role.TEACHER)
    head = MembershipFactory(school=group.school, roles=[Role.ADMINISTRATION])
    teacher = MembershipFactory(school=group.school)

    (checked,) = operations.plan_rounds(task, Check("Журнал"), days=[date(2026, 12, 15)], by=group, at=AT)

    assert (len(told(head)), told(teacher)) == (1, [])
    assert list(operations.checkers_of(checked, on=TODAY)) == [head]
    assert not checked.is_checked_by(teacher, roles=[Role.TEACHER])


@pytest.mark.parametrize(
    ("day", "is_fine"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2027, 12, 31), True),
        (date(2028, 1, 1), False),
    ],
)
def test_a_day_belongs_to_the_years_of_the_order(task, group, day, is_fine):
    plan = lambda: operations.plan_rounds(task, Check("Журнал"), days=[day], by=group, at=AT)  # noqa: E731
    if is_fine:
        assert plan()[0].planned_on == day
    else:
        with refused("day_out_of_year"):
            plan()


def test_the_same_check_is_not_planned_twice_for_a_day_but_again_after_it_was_cancelled(task, group):
    plan = lambda: operations.plan_rounds(  # noqa: E731
        task, Check("Журнал", classes="7-А"), days=[date(2026, 12, 15)], by=group, at=AT
    )
    (first,) = plan()
    with refused("already_planned"):
        plan()
    operations.cancel_round(first, reason="карантин", by=group, at=AT)
    assert plan()[0].pk != first.pk


@pytest.mark.parametrize(
    ("check", "days", "code"),
    [
        (Check(" "), [TODAY], "checked_required"),
        (Check("Журнал"), [], "no_days"),
        (Check("Журнал"), [TODAY + timedelta(days=n) for n in range(61)], "too_many_days"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_reason(task, group, check, days, code):
    with refused(code):
        operations.plan_rounds(task, check, days=days, by=group, at=AT)
    assert not Round.objects.exists()


def test_a_checker_of_another_school_and_a_finished_task_are_refused(task, group):
    stranger = MembershipFactory()
    with refused("foreign_checker"):
        operations.plan_rounds(task, Check("Журнал", checker=stranger), days=[TODAY], by=group, at=AT)
    task.completed_on = TODAY
    with refused("task_finished"):
        operations.plan_rounds(task, Check("Журнал"), days=[TODAY], by=group, at=AT)


def test_the_database_itself_refuses_what_makes_no_sense(school, group):
    checked = RoundFactory(school=school)
    for facts in (
        {"held_on": TODAY, "held_by": group, "result": ""},
        {"cancelled_on": TODAY, "cancelled_because": ""},
        {"held_on": TODAY, "held_by": group, "result": "да", "cancelled_on": TODAY, "cancelled_because": "нет"},
        {"checker": group, "checker_role": GROUP},
        {"checker_role": Role.TEACHER},
        {"repeats": checked},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=checked.pk).update(**facts)


def test_a_round_is_moved_once_by_whoever_was_faster_and_who_checks_is_told(school, group):
    checker = MembershipFactory(school=school)
    checked = RoundFactory(school=school, checker=checker)
    slow = Round.objects.get(pk=checked.pk)

    operations.move_round(checked, planned_on=date(2026, 12, 16), by=group, at=AT)

    with refused("not_planned"):
        operations.move_round(slow, planned_on=date(2026, 12, 17), by=group, at=AT)
    with refused("same_day"):
        operations.move_round(checked, planned_on=date(2026, 12, 16), by=group, at=AT)
    assert Round.objects.get().planned_on == date(2026, 12, 16)
    (words,) = told(checker)
    assert "15.12.2026" in words and "16.12.2026" in words


# --- Holding


def test_the_first_result_stays_and_the_second_is_refused(school, group):
    checked = RoundFactory(school=school, checker=group)
    indicator = checked.indicators.create(words="Темы, %", norm="100")
    slow = Round.objects.get(pk=checked.pk)

    operations.hold_round(checked, Outcome(" 94 % ", found={indicator.pk: "94"}), held_on=TODAY, by=group, at=AT)

    with refused("not_planned"):
        operations.hold_round(slow, Outcome("Всё хорошо"), held_on=TODAY, by=group, at=AT)
    held = Round.objects.get()
    assert (held.held_on, held.held_by, held.result) == (TODAY, group, "94 %")
    assert held.indicators.get().found == "94"
    assert {"field": "Темы, %", "old": "", "new": "94"} in Entry.objects.about(held).get().changes


@pytest.mark.parametrize(("day", "code"), [(TODAY, ""), (TODAY + timedelta(days=1), "held_in_future")])
def test_a_result_is_written_on_the_day_itself_and_not_before(school, group, day, code):
    checked = RoundFactory(school=school)
    hold = lambda: operations.hold_round(checked, Outcome("да"), held_on=day, by=group, at=AT)  # noqa: E731
    if code:
        with refused(code):
            hold()
    else:
        hold()
    assert (Round.objects.get().held_on is None) == bool(code)


def test_a_result_needs_words_and_a_cancelled_round_takes_none(school, group):
    checked = RoundFactory(school=school)
    with refused("result_required"):
        operations.hold_round(checked, Outcome(" "), held_on=TODAY, by=group, at=AT)
    operations.cancel_round(checked, reason="карантин", by=group, at=AT)
    with refused("not_planned"):
        operations.hold_round(checked, Outcome("да"), held_on=TODAY, by=group, at=AT)


def test_a_correction_is_made_to_the_words_that_were_read(school, group):
    checked = RoundFactory(school=school)
    with refused("not_held"):
        operations.correct_round(checked, Outcome("да"), seen="", by=group, at=AT)
    operations.hold_round(checked, Outcome("Првоерено"), held_on=TODAY, by=group, at=AT)
    seen, slow = operations.outcome_mark(checked), Round.objects.get()

    operations.correct_round(checked, Outcome("Проверено"), seen=seen, by=group, at=AT)

    for late in (checked, slow):  # one that has read the old words, one that has read the old row
        with refused("changed_meanwhile"):
            operations.correct_round(late, Outcome("Иначе"), seen=seen, by=group, at=AT)
    assert Round.objects.get().result == "Проверено"
    assert Entry.objects.of_verb("plans.round_corrected").get().changes == [
        {"field": "результат", "old": "Првоерено", "new": "Проверено"}
    ]


def test_a_repeated_check_looks_at_the_same_and_is_planned_once(school, group):
    first = RoundFactory(school=school, classes="7-А", checker=group)
    first.indicators.create(words="Темы, %", norm="100", found="94")
    with refused("not_held"):
        operations.repeat_round(first, planned_on=date(2027, 1, 15), by=group, at=AT)
    operations.hold_round(first, Outcome("94 %"), held_on=TODAY, by=group, at=AT)
    with refused("repeated_before"):
        operations.repeat_round(first, planned_on=TODAY, by=group, at=AT)

    again = operations.repeat_round(first, planned_on=TODAY + timedelta(days=1), by=group, at=AT)

    assert (again.repeats, again.checked, again.classes, again.checker) == (first, first.checked, "7-А", group)
    assert [(one.words, one.norm, one.found) for one in again.indicators.all()] == [("Темы, %", "100", "")]
    with refused("already_repeated"):
        operations.repeat_round(first, planned_on=date(2027, 1, 15), by=group, at=AT)


@pytest.mark.parametrize(
    ("facts", "on", "state"),
    [
        ({}, date(2026, 12, 15), Round.State.PLANNED),
        ({}, date(2026, 12, 16), Round.State.MISSED),
        ({"held_on": date(2026, 12, 20)}, date(2026, 12, 31), Round.State.HELD),
        ({"cancelled_on": date(2026, 12, 1)}, date(2026, 12, 31), Round.State.CANCELLED),
    ],
)
def test_the_state_is_told_by_facts(facts, on, state):
    assert Round(planned_on=date(2026, 12, 15), **facts).state(on=on) is state


# --- Findings


def test_a_remark_is_told_to_its_teacher_and_again_when_it_is_settled(school, group):
    teacher = MembershipFactory(school=school)
    checked = RoundFactory(school=school)

    finding = operations.write_finding(
        checked, text="Нет тем", teacher=teacher, place="7-Б", repair_by=date(2026, 11, 30), by=group, at=AT
    )
    operations.settle_finding(finding, how="темы записаны", by=group, at=AT)

    assert [("Нет тем" in one, "30.11.2026" in one, "темы записаны" in one) for one in told(teacher)] == [
        (True, True, False),
        (False, False, True),
    ]
    assert (finding.settled_on, finding.settled_by) == (TODAY, group)
    with refused("already_settled"):
        operations.settle_finding(Finding.objects.get(), how="", by=group, at=AT)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": " "}, "text_required"),
        ({"text": "Нет тем", "repair_by": TODAY - timedelta(days=1)}, "repair_in_past"),
        ({"text": "Нет тем", "repair_by": TODAY}, ""),
    ],
)
def test_a_remark_needs_words_and_time_to_put_it_right(school, group, given, code):
    checked = RoundFactory(school=school)
    write = lambda: operations.write_finding(checked, by=group, at=AT, **given)  # noqa: E731
    if code:
        with refused(code):
            write()
    else:
        write()
    assert Finding.objects.exists() == (not code)


def test_another_schools_teacher_and_a_cancelled_round_get_no_remark(school, group):
    checked = RoundFactory(school=school)
    with refused("foreign_teacher"):
        operations.write_finding(checked, text="Нет тем", teacher=MembershipFactory(), by=group, at=AT)
    operations.cancel_round(checked, reason="карантин", by=group, at=AT)
    with refused("round_cancelled"):
        operations.write_finding(checked, text="Нет тем", by=group, at=AT)


def test_help_after_a_remark_is_offered_once(school, group):
    finding = FindingFactory(school=school)
    operations.follow_finding(finding, outcome="Обращение 2026-001", path="/help/1/", by=group, at=AT)
    with refused("already_followed"):
        operations.follow_finding(finding, outcome="Обращение 2026-002", path="/help/2/", by=group, at=AT)
    assert Finding.objects.get().outcome_path == "/help/1/"


# --- Rights

# Who may plan, check (and so read every remark), and sees the remark to the teacher of the table.
RIGHTS = {
    "administration": (True, True, True),
    "working group": (True, True, True),
    "who checks": (False, True, True),
    "the teacher concerned": (False, False, True),
    "deputy head": (False, False, False),
    "technical specialist": (False, False, False),
    "another teacher": (False, False, False),
    "another school's group": (False, False, False),
}


@pytest.mark.parametrize("who", RIGHTS)
def test_a_remark_to_a_person_is_not_for_all_staff(school, who):
    people = {
        "administration": MembershipFactory(school=school, roles=[Role.ADMINISTRATION]),
        "working group": MembershipFactory(school=school, roles=[GROUP]),
        "who checks": MembershipFactory(school=school),
        "the teacher concerned": MembershipFactory(school=school),
        "deputy head": MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD]),
        "technical specialist": MembershipFactory(school=school, roles=[TECHNICIAN]),
        "another teacher": MembershipFactory(school=school),
        "another school's group": MembershipFactory(roles=[GROUP]),
    }
    checked = RoundFactory(school=school, checker=people["who checks"])
    FindingFactory(round=checked, school=school, teacher=people["the teacher concerned"])
    member = people[who]
    roles = member.roles_on(TODAY)

    assert (
        operations.may_plan(checked.task, member, on=TODAY),
        operations.may_check(checked, member, on=TODAY),
        Finding.objects.visible_to(member, roles=roles, abilities=abilities(roles)).exists(),
    ) == RIGHTS[who]


@pytest.mark.parametrize(("role", "sees"), [(TECHNICIAN, True), (Role.DEPUTY_HEAD, False)])
def test_whoever_holds_the_role_that_checks_sees_the_remarks(school, role, sees):
    FindingFactory(school=school, round=RoundFactory(school=school, checker_role=TECHNICIAN))
    member = MembershipFactory(school=school, roles=[role])
    roles = member.roles_on(TODAY)
    assert Finding.objects.visible_to(member, roles=roles, abilities=abilities(roles)).exists() == sees


def test_who_may_not_is_refused_by_every_act(school):
    checked, teacher = RoundFactory(school=school), MembershipFactory(school=school)
    finding = FindingFactory(round=checked, school=school)
    for act in (
        lambda: operations.plan_rounds(checked.task, Check("Журнал"), days=[TODAY], by=teacher, at=AT),
        lambda: operations.move_round(checked, planned_on=TODAY, by=teacher, at=AT),
        lambda: operations.cancel_round(checked, reason="нет", by=teacher, at=AT),
        lambda: operations.hold_round(checked, Outcome("да"), held_on=TODAY, by=teacher, at=AT),
        lambda: operations.write_finding(checked, text="Нет тем", by=teacher, at=AT),
        lambda: operations.settle_finding(finding, how="", by=teacher, at=AT),
        lambda: operations.follow_finding(finding, outcome="да", path="/", by=teacher, at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_rounds_of_a_closed_order_are_only_read(school, group):
    checked = RoundFactory(school=school)
    order = checked.task.stage.plan.order
    order.state = Order.State.CLOSED
    for act in (
        lambda: operations.plan_rounds(checked.task, Check("Журнал"), days=[TODAY], by=group, at=AT),
        lambda: operations.hold_round(checked, Outcome("да"), held_on=TODAY, by=group, at=AT),
    ):
        with refused("order_not_in_force"):
            act()
    assert not operations.may_check(checked, group, on=TODAY)
    assert operations.reads_all_findings(checked, group, on=TODAY)


# --- Reminders


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2026, 12, 7), None),
        (date(2026, 12, 8), 7),
        (date(2026, 12, 13), 7),
        (date(2026, 12, 14), 1),
        (date(2026, 12, 15), 1),
        (date(2026, 12, 16), 0),
        (date(2026, 12, 29), 0),
        (date(2026, 12, 30), None),
    ],
)
def test_the_newest_notice_stands(on, days):
    notice = standing_notice(date(2026, 12, 15), since=date(2026, 9, 1), on=on)
    assert (notice.days if notice else None) == days


def test_nothing_is_said_that_fell_due_before_the_round_was_written_down():
    planned_on = date(2026, 12, 15)
    assert standing_notice(planned_on, since=date(2026, 12, 9), on=date(2026, 12, 9)) is None
    assert standing_notice(planned_on, since=date(2026, 12, 8), on=date(2026, 12, 8)) == RoundNotice(
        date(2026, 12, 8), 7
    )
    assert standing_notice(planned_on, since=date(2026, 12, 17), on=date(2026, 12, 17)) is None


def test_who_checks_is_reminded_twice_and_of_a_missed_round_the_group_too_each_once(school, group):
    checker = MembershipFactory(school=school)
    RoundFactory(school=school, checker=checker)
    RoundFactory(school=school, checker=checker, cancelled_on=TODAY, cancelled_because="карантин")
    day = date(2026, 12, 1)
    while day <= date(2027, 1, 31):
        remind_of_rounds(school, on=day)
        remind_of_rounds(school, on=day)
        day += timedelta(days=1)

    in_a_week, tomorrow, missed = told(checker)
    assert in_a_week.startswith("Через 7 дней, 15.12.2026")
    assert tomorrow.startswith("Завтра, 15.12.2026")
    assert "результата нет" in missed
    assert told(group) == [missed]


def test_a_round_moved_to_another_day_is_reminded_of_anew_and_a_held_one_never(school, group):
    checker = MembershipFactory(school=school)
    moved = RoundFactory(school=school, checker=checker)
    RoundFactory(school=school, checker=checker, held_on=TODAY, held_by=group, result="да")
    remind_of_rounds(school, on=date(2026, 12, 14))
    Round.objects.filter(pk=moved.pk).update(planned_on=date(2026, 12, 16))
    remind_of_rounds(school, on=date(2026, 12, 15))
    assert [words.split(",")[1].strip() for words in told(checker)] == ["15.12.2026", "16.12.2026"]


def test_where_nobody_holds_the_role_that_checks_the_group_is_reminded(school, group):
    RoundFactory(school=school, checker_role=TECHNICIAN)
    remind_of_rounds(school, on=date(2026, 12, 14))
    assert len(told(group)) == 1


def test_another_school_and_a_closed_order_are_left_alone(school, group):
    RoundFactory(checker_role=GROUP)
    closed = RoundFactory(school=school, checker=group)
    Order.objects.filter(school=school).update(state=Order.State.CLOSED, closed_on=TODAY)
    assert closed.planned_on == date(2026, 12, 15)
    assert remind_of_rounds(school, on=date(2026, 12, 14)) == 0
    assert not Message.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_rounds_that_have_nothing_to_tell_cost_nothing(school, rows, django_assert_max_num_queries):
    for _place in range(rows):
        RoundFactory(school=school, planned_on=date(2027, 5, 15))
    with django_assert_max_num_queries(6):
        assert remind_of_rounds(school, on=date(2026, 12, 14)) == 0


def test_many_rounds_are_told_by_as_many_queries_as_one(school):
    counted = []
    for rows in (1, 30):
        for _place in range(rows):
            RoundFactory(school=school, checker=MembershipFactory(school=school))
        with CaptureQueriesContext(connection) as queries:
            assert remind_of_rounds(school, on=date(2026, 12, 14)) == rows
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_remark_waits_for_no_letter_of_the_day_and_stands_on_no_list_of_what_was_sent(school, group):
    teacher = MembershipFactory(school=school)
    checked = RoundFactory(school=school, checker=teacher)
    operations.move_round(checked, planned_on=date(2026, 12, 16), by=group, at=AT)
    operations.write_finding(checked, text="Нет тем", teacher=teacher, by=group, at=AT)
    topics = dict(Message.objects.filter(recipient=teacher).values_list("topic", "words"))
    assert "Нет тем" in topics[Topic.OTHER] and "перенесена" in topics[Topic.PLAN]
    assert Topic.OTHER not in PLAN_TOPICS
