"""The order of 2021/2022 carried to 2026/2027 (P33)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from consultations.models import Direction
from ejournal_rollout.documents.copying import copy_in_preparation, copy_order, shifted, terms_to_settle
from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.drafts import OrderDraft, PlanDraft, StageDraft, TaskDraft
from ejournal_rollout.orders.models import Order, heading_with
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory
from plans.models import Task, TaskExecutor, TaskNote

HERE = Path(__file__).parent
WORD = HERE.parent / "samples" / "order-337-01-18.docx"
TAB_ROWS = HERE / "data" / "order-tab-rows.txt"
NEXT = SchoolYear(2026)

pytestmark = pytest.mark.django_db


def imported(path=WORD):
    return import_order(read_order(path.read_bytes(), path.name).draft, school=SchoolFactory(), by=None).order


def now_in_database(order):
    return draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))


def test_words_of_the_source_order_follow_to_the_new_school_year():
    copy = copy_order(imported(), to=NEXT, by=None)

    draft = now_in_database(copy)
    assert (copy.state, copy.number, copy.signed_on, copy.first_year) == ("draft", "", None, 2026)
    assert [" ".join(task.term.split()) for task in draft.tasks] == [
        "Май-июнь 2026",
        "Май-сентябрь 2026",
        "Май-август 2026",
        "Июль-август 2026",
        "Весь период работы По отдельному графику",
        "Весь период работы По отдельному графику",
        "Весь период работы",
        "Июнь 2027",
    ]
    assert "в 2026-2027 учебном году" in draft.schedule.title
    assert draft.plan.heading.endswith("от ____________ № ______")
    assert "2021" not in str(draft.to_json())
    task = Task.objects.get(stage__plan__order=copy, printed_number="1.1.")
    assert (task.starts_on, task.due_on) == (date(2026, 5, 1), date(2026, 6, 30))


def test_words_of_another_school_follow_too():
    draft = now_in_database(copy_order(imported(TAB_ROWS), to=SchoolYear(2026), by=None))

    assert [" ".join(task.term.split()) for task in draft.tasks] == [
        "Август 2026 года",
        "до 01.09.2026",
        "Август-сентябрь 2026 г.",
        "Сентябрь 2026 года",
        "Октябрь 2026 – март 2027",
        "По мере необходимости",
        "Ежемесячно, до 5 числа",
        "II полугодие 2026/2027 уч. года",
        "Не позднее 15.06.2027",
    ]
    assert draft.plan.heading.splitlines()[-1] == "от ____________ № ______"


def test_only_words_with_years_change():
    order = imported()
    before, after = now_in_database(order), now_in_database(copy_order(order, to=NEXT, by=None))

    assert [task.question for task in after.tasks] == [task.question for task in before.tasks]
    assert [task.executors for task in after.tasks] == [task.executors for task in before.tasks]
    assert after.regulation.clauses == before.regulation.clauses
    assert after.schedule.directions == before.schedule.directions
    assert after.plan.columns == before.plan.columns


def test_the_lead_among_the_executors_is_copied_and_not_seen_on_paper():
    order = imported()
    lead = TaskExecutor.objects.filter(task__printed_number="1.2.").first()
    before = now_in_database(order)
    TaskExecutor.objects.filter(pk=lead.pk).update(is_lead=True)

    copy = copy_order(order, to=NEXT, by=None)

    copied = TaskExecutor.objects.get(task__stage__plan__order=copy, is_lead=True)
    assert (copied.task.printed_number, copied.words, copied.role) == ("1.2.", lead.words, lead.role)
    assert now_in_database(order) == before


def test_work_begins_anew_and_the_old_order_stays_as_it_was():
    order = imported()
    author = MembershipFactory(school=order.school)
    done = Task.objects.get(printed_number="1.1.")
    Task.objects.update(started_on=date(2021, 5, 5), completed_on=date(2021, 6, 1), result="Готово")
    TaskNote.objects.create(task=done, author=author, written_at=datetime(2021, 6, 1, tzinfo=UTC), text="Сделано")
    before = now_in_database(order)

    copy = copy_order(order, to=NEXT, by=author)

    assert now_in_database(order) == before
    states = set(Task.objects.filter(stage__plan__order=copy).values_list("started_on", "completed_on", "result"))
    assert states == {(None, None, "")}
    assert TaskNote.objects.filter(task__stage__plan__order=copy).count() == 0
    entry = Entry.objects.get(verb="orders.copied")
    assert (entry.object_id, entry.by) == (copy.pk, author.user)
    assert entry.changes == [{"field": entry.changes[0]["field"], "old": "2021/2022", "new": "2026/2027"}]


def test_what_the_administration_settled_by_hand_is_kept():
    order = imported()
    TaskExecutor.objects.filter(task__printed_number="2.2.").update(role=Role.DEPUTY_HEAD)
    direction = Direction.objects.get(name="Техническое сопровождение")
    direction.slot_minutes = 30
    direction.cancel_minutes, direction.open_limit = 120, 3
    direction.save()
    direction.topics.create(name="Пароль и вход")
    direction.hours.update(weekday=2)

    copy = copy_order(order, to=NEXT, by=None)

    assert TaskExecutor.objects.get(task__stage__plan__order=copy, task__printed_number="2.2.").role == Role.DEPUTY_HEAD
    kept = Direction.objects.get(schedule__order=copy, name="Техническое сопровождение")
    assert (kept.slot_minutes, kept.room, [one.weekday for one in kept.hours.all()]) == (30, direction.room, [2])
    assert (kept.cancel_minutes, kept.open_limit) == (120, 3)
    assert [topic.name for topic in kept.topics.all()] == ["Пароль и вход"]


def test_a_second_copy_for_the_same_year_is_refused_and_the_first_is_named():
    order = imported()
    copy = copy_order(order, to=NEXT, by=None)

    with pytest.raises(ValidationError) as refusal:
        copy_order(order, to=NEXT, by=None)

    assert refusal.value.code == "already_copied"
    assert copy_in_preparation(order, to=NEXT) == copy
    assert copy_order(order, to=SchoolYear(2027), by=None) != copy
    Order.objects.filter(pk=copy.pk).update(state=Order.State.CLOSED)
    assert copy_order(order, to=NEXT, by=None) != copy


def test_a_copy_to_its_own_year_is_refused():
    order = imported()
    with pytest.raises(ValidationError) as refusal:
        copy_order(order, to=order.school_year, by=None)
    assert refusal.value.code == "same_year"
    assert Order.objects.count() == 1


def test_a_term_that_could_not_be_carried_is_named():
    terms = ("Май 2021", "31.06.2022", "когда-нибудь", "Июль-август", "Весь период работы")
    tasks = tuple(TaskDraft(number=f"{place}.", term=term) for place, term in enumerate(terms, start=1))
    draft = OrderDraft(school_year=SchoolYear(2021), plan=PlanDraft(stages=(StageDraft("", tasks),)))

    named = [(key, task.term) for key, task in terms_to_settle(shifted(draft, to=NEXT))]

    assert named == [("2", "31.06.2022"), ("3", "когда-нибудь")]
    assert list(terms_to_settle(replace(draft, plan=None))) == []


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("к приказу школы\nот 31.08.2021 № 337/01-18", "к приказу школы\nот 01.09.2026 № 5-О"),
        ("приказом от «30» августа 2024 г. № 59- ОД", "приказом от 01.09.2026 № 5-О ОД"),
        ("приказом № 6а от 29.08.2022", "приказом № 5-О от 01.09.2026"),
        ("приказом МАОУ «Гимназия № 977»\nот 15.08.2023 № 01", "приказом МАОУ «Гимназия № 977»\nот 01.09.2026 № 5-О"),
        (
            "протокол от 30.08.2021 № 1\nприказом от 31.08.2021 № 7",
            "протокол от 30.08.2021 № 1\nприказом от 01.09.2026 № 5-О",
        ),
        ("к приказу от ____________ № ______", "к приказу от 01.09.2026 № 5-О"),
        ("Приложение 1", "Приложение 1"),
    ],
)
def test_the_heading_takes_the_date_and_number_of_its_own_order(heading, expected):
    assert heading_with(heading, number="5-О", signed_on=date(2026, 9, 1)) == expected


@pytest.mark.parametrize(
    ("entered", "carried"),
    [
        ((date(2021, 5, 11), date(2021, 6, 15)), (date(2026, 5, 11), date(2026, 6, 15))),
        ((None, date(2024, 2, 29)), (None, date(2029, 2, 28))),
        ((None, None), (None, None)),  # somebody has said: without dates
    ],
)
def test_days_entered_by_hand_are_carried_along(entered, carried):
    order = imported()
    Task.objects.filter(stage__plan__order=order, printed_number="1.1.").update(
        starts_on=entered[0], due_on=entered[1], term_precision="day"
    )

    copy = copy_order(order, to=NEXT, by=None)

    task = Task.objects.get(stage__plan__order=copy, printed_number="1.1.")
    assert (task.starts_on, task.due_on, task.term_precision) == (*carried, "day")
    # and what nobody touched follows its words
    other = Task.objects.get(stage__plan__order=copy, printed_number="1.2.")
    assert (other.starts_on, other.due_on, other.term_precision) == (date(2026, 5, 1), date(2026, 9, 30), "month")
