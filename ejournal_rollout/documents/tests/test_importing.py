"""Paper -> rows -> the same paper; importing again; rows with facts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from consultations.models import Booking, Direction, Hours, Room
from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.documents.importing import ImportedRow, impact_on, import_order, room_named
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.history.models import Entry
from ejournal_rollout.orders.drafts import OrderDraft, PlanDraft, StageDraft, TaskDraft
from ejournal_rollout.orders.models import Attachment, Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory
from plans.models import Stage, Task, TaskExecutor, TaskNote
from support.models import Clause

HERE = Path(__file__).parent
WORD = HERE.parent / "samples" / "order-337-01-18.docx"
TEXT = HERE.parent / "samples" / "order-337-01-18.txt"
TAB_ROWS = HERE / "data" / "order-tab-rows.txt"

pytestmark = pytest.mark.django_db


def paper(path=WORD):
    return read_order(path.read_bytes(), path.name).draft


def now_in_database(order):
    return draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))


def with_task(draft, row, /, **changes):
    """The draft with one task of its plan changed; without it, if `question` is None."""
    stages = tuple(
        replace(
            stage,
            tasks=tuple(
                replace(task, **changes) if task.number == row else task
                for task in stage.tasks
                if task.number != row or changes.get("question", "") is not None
            ),
        )
        for stage in draft.plan.stages
    )
    return replace(draft, plan=replace(draft.plan, stages=stages))


@pytest.mark.parametrize("path", [WORD, TEXT, TAB_ROWS], ids=lambda path: path.name)
def test_what_was_imported_is_read_back_letter_for_letter(path):
    draft = paper(path)

    result = import_order(draft, school=SchoolFactory(), by=None)

    assert now_in_database(result.order) == draft
    assert draft.plan
    assert draft.regulation
    assert draft.schedule


def test_the_source_order_becomes_rows_with_their_meaning():
    school = SchoolFactory()

    order = import_order(paper(), school=school, by=None).order

    assert (order.state, order.number, order.signed_on) == ("draft", "337/01-18", date(2021, 8, 31))
    assert (Stage.objects.count(), Task.objects.count(), Clause.objects.count()) == (2, 8, 6)
    task = Task.objects.get(printed_number="1.1.")
    assert (task.starts_on, task.due_on) == (date(2021, 5, 1), date(2021, 6, 30))
    assert list(task.executors.values_list("role", flat=True)) == [Role.ADMINISTRATION]
    technical = Direction.objects.get(name="Техническое сопровождение")
    assert (technical.room.name, technical.room.school) == ("13", school)
    assert [(one.weekday, f"{one.starts:%H:%M}", f"{one.ends:%H:%M}") for one in technical.hours.all()] == [
        (0, "08:00", "14:00")
    ]
    assert Direction.objects.get(name="Разработка локальных актов").is_on_demand
    assert sorted(Room.objects.values_list("name", flat=True)) == ["13", "18"]


def test_the_same_paper_twice_changes_nothing():
    school = SchoolFactory()
    first = import_order(paper(), school=school, by=None)
    rows = [set(model.objects.values_list("pk", flat=True)) for model in (Order, Task, TaskExecutor, Clause, Hours)]

    second = import_order(paper(), school=school, by=None)

    assert first.is_new
    assert second.changed_nothing
    assert (second.order, second.kept) == (first.order, [])
    assert rows == [
        set(model.objects.values_list("pk", flat=True)) for model in (Order, Task, TaskExecutor, Clause, Hours)
    ]
    assert Entry.objects.filter(verb="orders.imported").count() == 1


def test_the_lead_among_the_executors_outlives_a_paper_that_changes_other_words():
    order = import_order(paper(), school=SchoolFactory(), by=None).order
    lead = TaskExecutor.objects.filter(task__printed_number="1.2.").first()
    TaskExecutor.objects.filter(pk=lead.pk).update(is_lead=True)
    plan = paper().plan
    stage = plan.stages[0]
    tasks = tuple(replace(one, purpose="Иная цель") if one.number == "1.2." else one for one in stage.tasks)
    changed = replace(paper(), plan=replace(plan, stages=(replace(stage, tasks=tasks), *plan.stages[1:])))

    import_order(changed, school=order.school, by=None)

    assert Task.objects.get(printed_number="1.2.").purpose == "Иная цель"
    assert TaskExecutor.objects.filter(is_lead=True).get() == lead


def test_a_paper_without_number_and_date_finds_its_draft_by_its_words():
    school = SchoolFactory()
    draft = replace(paper(), number="", signed_on=None)
    first = import_order(draft, school=school, by=None)
    Task.objects.filter(printed_number="1.2.").update(purpose="Исправлено в системе")

    assert import_order(draft, school=school, by=None).order == first.order
    assert import_order(with_task(draft, "1.1.", question="Другое"), school=school, by=None).is_new


def test_only_the_rows_that_the_paper_changed_are_written():
    # given an order whose dates and executors were settled by hand
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    Task.objects.filter(printed_number="2.1.").update(starts_on=date(2021, 9, 1), due_on=date(2022, 5, 31))
    TaskExecutor.objects.filter(task__printed_number="2.2.").update(role=Role.DEPUTY_HEAD)
    Hours.objects.filter(direction__name="Техническое сопровождение").update(weekday=3)

    # when a paper with another term of 1.1 and another clause 5 comes
    draft = with_task(paper(), "1.1.", term="Июнь 2021")
    clauses = tuple(
        replace(one, text="Общение вежливое.") if one.number == "5." else one for one in draft.regulation.clauses
    )
    draft = replace(draft, regulation=replace(draft.regulation, clauses=clauses))
    result = import_order(draft, school=school, by=None)

    # then these two rows changed, and nothing that was set by hand
    changed = [(row.annex, row.name.split()[0]) for row in result.changed]
    assert changed == [("plan", "1.1"), ("regulation", "5")]
    assert Task.objects.get(printed_number="1.1.").starts_on == date(2021, 6, 1)
    assert Task.objects.get(printed_number="2.1.").due_on == date(2022, 5, 31)
    assert TaskExecutor.objects.get(task__printed_number="2.2.").role == Role.DEPUTY_HEAD
    assert Hours.objects.get(direction__name="Техническое сопровождение").weekday == 3
    assert now_in_database(result.order) == draft
    changes = Entry.objects.filter(verb="orders.imported").first().changes
    assert changes[0] == {"field": "План, 1.1, срок", "old": "Май-июнь 2021", "new": "Июнь 2021"}


def test_a_row_with_a_note_is_kept_and_named_and_one_without_is_removed():
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    noted = Task.objects.get(printed_number="1.2.")
    author = MembershipFactory(school=school)
    TaskNote.objects.create(task=noted, author=author, written_at=datetime(2021, 6, 1, tzinfo=UTC), text="Начали")

    draft = with_task(with_task(paper(), "1.2.", question=None), "1.3.", question=None)
    result = import_order(draft, school=school, by=None)

    assert [row.name.split()[0] for row in result.kept] == ["1.2"]
    assert [row.name.split()[0] for row in result.removed] == ["1.3"]
    assert Task.objects.get(pk=noted.pk).notes.count() == 1
    numbers = [task.number for task in now_in_database(result.order).tasks]
    assert numbers == ["1.1.", "1.4.", "1.2.", "2.1.", "2.2.", "2.3.", "2.4."]


def test_a_completed_task_keeps_its_facts_when_its_number_changes():
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    Task.objects.filter(printed_number="1.3.").update(completed_on=date(2021, 8, 1), result="Готово")

    import_order(with_task(paper(), "1.3.", number="1.5."), school=school, by=None)

    assert Task.objects.get(printed_number="1.5.").result == "Готово"
    assert Task.objects.count() == 8


def test_a_direction_with_a_consultation_is_kept():
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    technical = Direction.objects.get(name="Техническое сопровождение")
    teacher = MembershipFactory(school=school)
    Booking.objects.create(
        direction=technical,
        specialist=MembershipFactory(school=school),
        teacher=teacher,
        booked_by=teacher,
        starts_at=datetime(2021, 9, 6, 9, tzinfo=UTC),
        ends_at=datetime(2021, 9, 6, 10, tzinfo=UTC),
    )

    draft = paper()
    without = tuple(one for one in draft.schedule.directions if "сопровождение" not in one.name)
    result = import_order(replace(draft, schedule=replace(draft.schedule, directions=without)), school=school, by=None)

    assert result.kept == [ImportedRow("schedule", "Техническое сопровождение")]
    assert result.removed == [ImportedRow("schedule", "Методическое сопровождение")]


def test_a_direction_with_a_new_name_is_the_same_direction():
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    technical = Direction.objects.get(name="Техническое сопровождение")
    technical.topics.create(name="Пароль и вход")
    draft = paper()
    renamed = tuple(
        replace(one, name="Настройка электронного журнала") if one.name == technical.name else one
        for one in draft.schedule.directions
    )
    draft = replace(draft, schedule=replace(draft.schedule, directions=renamed))
    order = with_annexes(Order.objects.all()).get()

    told = [(one.field, one.new) for one in impact_on(order, draft).differences]
    result = import_order(draft, school=school, by=None)

    assert told == [("name", "Настройка электронного журнала")]
    assert (result.added, result.removed) == ([], [])
    assert Direction.objects.get(pk=technical.pk).name == "Настройка электронного журнала"
    assert [topic.name for topic in technical.topics.all()] == ["Пароль и вход"]  # what people come with stays


def test_topics_alone_do_not_keep_a_direction_that_the_paper_no_longer_has():
    school = SchoolFactory()
    import_order(paper(), school=school, by=None)
    Direction.objects.get(name="Техническое сопровождение").topics.create(name="Пароль и вход")

    draft = paper()
    without = tuple(one for one in draft.schedule.directions if one.name != "Техническое сопровождение")
    result = import_order(replace(draft, schedule=replace(draft.schedule, directions=without)), school=school, by=None)

    assert (result.kept, result.removed) == ([], [ImportedRow("schedule", "Техническое сопровождение")])


def test_an_annex_that_the_paper_lacks_is_left_as_it_is():
    school = SchoolFactory()
    order = import_order(paper(), school=school, by=None).order

    result = import_order(replace(paper(), schedule=None), school=school, by=None)

    assert result.changed_nothing
    assert now_in_database(order) == paper()


def test_a_paper_without_annexes_makes_an_order_without_annexes():
    draft = replace(paper(), plan=None, regulation=None, schedule=None)

    order = import_order(draft, school=SchoolFactory(), by=None).order

    assert now_in_database(order) == draft


def test_stages_without_headings_and_rows_without_numbers_survive():
    draft = OrderDraft(
        number="5",
        signed_on=date(2024, 8, 1),
        school_year=SchoolYear(2024),
        plan=PlanDraft(
            title="План",
            stages=(
                StageDraft("", (TaskDraft(question="Приказ"), TaskDraft(question="Приказ"), TaskDraft(question=""))),
                StageDraft("Раздел пустой"),
            ),
        ),
    )
    school = SchoolFactory()

    order = import_order(draft, school=school, by=None).order

    assert now_in_database(order) == draft
    assert import_order(draft, school=school, by=None).changed_nothing


@pytest.mark.parametrize("state", [Order.State.IN_FORCE, Order.State.CLOSED])
def test_an_order_in_force_is_not_overwritten(state):
    school = SchoolFactory()
    order = import_order(paper(), school=school, by=None).order
    Order.objects.update(state=state)

    assert import_order(paper(), school=school, by=None).changed_nothing
    with pytest.raises(ValidationError) as refusal:
        import_order(with_task(paper(), "1.1.", term="Июнь 2021"), school=school, by=None)

    assert refusal.value.code == "not_a_draft"
    assert now_in_database(order) == paper()


def test_another_school_gets_its_own_order_of_the_same_number():
    first = import_order(paper(), school=SchoolFactory(), by=None)
    second = import_order(paper(), school=SchoolFactory(), by=None)

    assert first.order != second.order
    assert second.is_new
    assert Room.objects.count() == 4


def test_without_a_school_year_and_a_date_a_person_is_asked():
    draft = replace(paper(), school_year=None, signed_on=None)
    with pytest.raises(ValidationError) as refusal:
        import_order(draft, school=SchoolFactory(), by=None)
    assert refusal.value.code == "school_year_unknown"

    assert (
        import_order(replace(draft, signed_on=date(2021, 8, 31)), school=SchoolFactory(), by=None).order.first_year
        == 2021
    )


@pytest.mark.parametrize(("length", "is_refused"), [(300, False), (301, True)])
def test_a_cell_longer_than_its_place_is_refused_with_its_row_and_nothing_stays(length, is_refused):
    draft = with_task(paper(), "1.4.", term="я" * length)
    if not is_refused:
        import_order(draft, school=SchoolFactory(), by=None)
        return
    with pytest.raises(ValidationError) as refusal:
        import_order(draft, school=SchoolFactory(), by=None)
    assert refusal.value.code == "too_long"
    assert "1.4" in refusal.value.messages[0]
    assert Order.objects.count() == 0


def test_an_upload_finds_its_order_again_and_its_file_stands_beside_it():
    member = MembershipFactory(roles=[Role.ADMINISTRATION])
    draft = replace(paper(), number="", signed_on=None)
    upload = Upload(school=member.school, uploaded_by=member, name="Приказ.docx", draft=draft.to_json())
    upload.file.save("Приказ.docx", ContentFile(WORD.read_bytes()))

    first = import_order(draft, school=member.school, by=member, upload=upload)
    Order.objects.update(number="7")  # typed by hand meanwhile
    upload.refresh_from_db()
    second = import_order(draft, school=member.school, by=member, upload=upload)

    assert second.order == first.order
    assert second.order.number == "7"
    assert [one.name for one in Attachment.objects.filter(order=first.order)] == ["Приказ.docx"]
    assert Attachment.objects.get().file.read() == WORD.read_bytes()
    assert "Приказ" not in Attachment.objects.get().file.name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("18", "18"),
        ("каб. № 18", "18"),
        ("Кабинет 305", "305"),
        ("актовый зал", "актовый зал"),
        ("-", None),
        ("—", None),
        ("нет", None),
        ("Нет.", None),
        ("без кабинета", None),
        ("Нетребко", "Нетребко"),
        ("", None),
    ],
)
def test_the_room_is_the_one_that_the_words_name(printed, name):
    school = SchoolFactory()
    room = room_named(printed, school=school)
    assert (room.name if room else None) == name
    assert room_named(printed, school=school) == room


def test_the_order_in_the_database_is_read_in_a_fixed_number_of_queries(django_assert_num_queries):
    order = import_order(paper(), school=SchoolFactory(), by=None).order
    with django_assert_num_queries(4):  # order with annexes, stages with tasks, clauses, directions
        now_in_database(order)
