"""Two wordings of an order side by side: which row is which, what differs, which amendment changed what."""

from dataclasses import replace

import pytest

from ejournal_rollout.orders.changes import annex_changes, annex_marks, changes, differences
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    Column,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
)

AUDIT = TaskDraft("1.1.", "Осмотр техники", "Май 2021", executors="Администрация")
SURVEY = TaskDraft("1.2.", "Опрос учителей", "Июнь 2021", executors="Рабочая группа")
RULES = TaskDraft("1.3.", "Проект положения", "Июль 2021", executors="Рабочая группа")
TALK = TaskDraft("2.1.", "Семинар", "Август 2021")


def plan(*tasks, heading="1. Подготовка", second=(TALK,), **more):
    return PlanDraft(stages=(StageDraft(heading, tasks), StageDraft("2. Работа", second)), **more)


def said(changes_of_annex):
    return [
        (one.old_key or None, one.key if one.new else None, [cell.field for cell in one.cells])
        for one in changes_of_annex.rows
    ]


SIGNED = plan(AUDIT, SURVEY, RULES)


def test_the_same_words_with_other_blanks_are_no_change():
    wider = plan(replace(AUDIT, term="Май \n 2021"), SURVEY, RULES)
    assert not changes(OrderDraft(plan=SIGNED, number="1"), OrderDraft(plan=wider, number="2"))


def test_a_changed_cell_is_named_with_both_words():
    found = annex_changes("plan", SIGNED, plan(AUDIT, replace(SURVEY, term="Июль 2021"), RULES))
    (row,) = found.rows
    assert (row.key, row.old_key, not found.is_reordered) == ("1.2", "1.2", True)
    assert [(one.field, one.old, one.new) for one in row.cells] == [("term", "Июнь 2021", "Июль 2021")]


def test_an_inserted_row_only_renumbers_those_under_it():
    new = TaskDraft("1.2.", "Закупка", "Май 2021")
    found = annex_changes(
        "plan", SIGNED, plan(AUDIT, new, replace(SURVEY, number="1.3."), replace(RULES, number="1.4."))
    )
    assert said(found) == [(None, "1.2", []), ("1.2", "1.3", ["number"]), ("1.3", "1.4", ["number"])]
    assert not found.is_reordered


def test_a_removed_row_stands_where_it_stood():
    found = annex_changes("plan", SIGNED, plan(AUDIT, RULES, TaskDraft("1.4.", "Приказ")))
    assert said(found) == [("1.2", None, []), (None, "1.4", [])]
    first = annex_changes("plan", SIGNED, plan(SURVEY, RULES))
    assert said(first) == [("1.1", None, [])]


def test_other_words_under_the_same_number_are_the_same_row():
    found = annex_changes("plan", SIGNED, plan(AUDIT, replace(SURVEY, question="Анкеты", term="Май"), RULES))
    assert said(found) == [("1.2", "1.2", ["question", "term"])]


@pytest.mark.parametrize("heading", ["1. Первые шаги", "I. Подготовка", "Начало"])
def test_a_renamed_stage_is_the_stage_with_its_tasks(heading):
    assert said(annex_changes("plan", SIGNED, plan(AUDIT, SURVEY, RULES, heading=heading))) == [
        ("stage 1", f"stage {'I' if heading[0] == 'I' else 1}", ["heading"])
    ]


def test_rows_that_change_places_under_their_numbers_are_reordered():
    assert annex_changes("plan", SIGNED, plan(SURVEY, AUDIT, RULES)).is_reordered
    moved = annex_changes("plan", SIGNED, plan(AUDIT, SURVEY, second=(RULES, TALK)))
    assert (moved.is_reordered, moved.rows) == (True, ())
    by_number = plan(replace(SURVEY, number="1.1."), replace(AUDIT, number="1.2."), RULES)
    assert not annex_changes("plan", SIGNED, by_number).is_reordered  # the numbers say it


def test_a_direction_with_a_new_name_is_known_by_the_rest_of_its_row():
    help_row = DirectionDraft("Техническая помощь", "Инженер", "13", "Ежедневно")
    other = DirectionDraft("Методическая помощь", "Завуч", "18", "Ежедневно")
    old = ScheduleDraft(directions=(help_row, other))
    new = ScheduleDraft(directions=(replace(help_row, name="Сопровождение"), replace(other, room="20")))
    found = annex_changes("schedule", old, new)
    assert [(one.old_key, [cell.field for cell in one.cells]) for one in found.rows] == [
        ("Техническая помощь", ["name"]),
        ("Методическая помощь", ["room"]),
    ]


def test_heads_columns_and_texts_of_the_order_are_compared_too():
    old = OrderDraft(body="1. Создать группу.", plan=replace(SIGNED, title="ПЛАН", columns=(Column("term", "Сроки"),)))
    new = OrderDraft(
        body="1. Создать комиссию.", plan=replace(SIGNED, title="ГРАФИК", columns=(Column("term", "Срок"),))
    )
    assert [(one.annex, one.field, one.old, one.new) for one in differences(old, new)] == [
        ("order", "body", "1. Создать группу.", "1. Создать комиссию."),
        ("plan", "title", "ПЛАН", "ГРАФИК"),
        ("plan", "columns", "Сроки", "Срок"),
    ]


def test_a_new_column_is_a_change_of_its_rows():
    old, new = (plan(replace(AUDIT, other=other)) for other in ((), (("Отметка", "да"),)))
    (row,) = annex_changes("plan", old, new).rows
    assert [(one.field, one.old, one.new) for one in row.cells] == [("Отметка", "", "да")]


def test_an_annex_that_was_not_there_is_a_change():
    regulation = RegulationDraft(clauses=(ClauseDraft("1.", "Помогать."),))
    found = changes(OrderDraft(), OrderDraft(regulation=regulation))
    assert [(one.name, one.old) for one in found.annexes] == [("regulation", None)]
    assert not changes(OrderDraft(), OrderDraft())


# --- Which amendment


def marks(*wordings, now, **more):
    chain = [(None, wordings[0]), *((f"order {place}", one) for place, one in enumerate(wordings[1:], start=1))]
    return annex_marks(chain, now, **more)


def by_row(found):
    return [one.amended_by for one in found.rows]


def test_each_row_names_the_amendment_that_changed_it_last():
    first = plan(AUDIT, replace(SURVEY, term="Июль 2021"), RULES)
    second = plan(replace(AUDIT, term="Июль 2021"), replace(SURVEY, term="Июль 2021"), RULES)
    found = marks(SIGNED, first, second, now=second)
    assert by_row(found) == [None, "order 2", "order 1", None, None, None]  # stage, three tasks, stage, task
    assert not any(one.is_open or one.was for one in found.rows)


def test_a_row_keeps_its_amendment_when_a_later_one_renumbers_it():
    first = plan(AUDIT, replace(SURVEY, term="Июль 2021"), RULES)
    new = TaskDraft("1.2.", "Закупка")
    second = plan(AUDIT, new, replace(SURVEY, number="1.3.", term="Июль 2021"), replace(RULES, number="1.4."))
    found = marks(SIGNED, first, second, now=second)
    assert by_row(found) == [None, None, "order 2", "order 1", None, None, None]


def test_what_no_order_says_yet_is_open_and_shows_the_words_in_force():
    first = plan(AUDIT, replace(SURVEY, term="Июль 2021"), RULES)
    now = plan(AUDIT, replace(SURVEY, term="Август 2021"), RULES, TaskDraft("1.4.", "Приказ"))
    found = marks(SIGNED, first, now=now)
    assert [(one.was, one.is_added, one.is_open) for one in found.rows[2:5]] == [
        ({"term": "Июль 2021"}, False, True),
        ({}, False, False),
        ({}, True, True),
    ]
    assert found.rows[2].amended_by == "order 1"


def test_beside_the_signed_order_the_first_words_are_shown():
    first = plan(AUDIT, replace(SURVEY, term="Июль 2021"), RULES)
    now = plan(AUDIT, replace(SURVEY, term="Август 2021"), RULES)
    assert marks(SIGNED, first, now=now, beside_signed=True).rows[2].was == {"term": "Июнь 2021"}
    back = marks(SIGNED, first, now=first, beside_signed=True).rows[2]
    assert (back.was, back.is_open) == ({"term": "Июнь 2021"}, False)


def test_rows_that_are_gone_name_the_amendment_or_nobody():
    first = plan(AUDIT, SURVEY)
    found = marks(SIGNED, first, now=plan(AUDIT))
    assert [(one.key, one.row.question, one.amended_by) for one in found.removed] == [
        ("1.3", "Проект положения", "order 1"),
        ("1.2", "Опрос учителей", None),
    ]


def test_a_row_that_came_back_is_the_last_amendments():
    found = marks(SIGNED, plan(AUDIT, SURVEY), SIGNED, now=SIGNED)
    assert by_row(found)[3] == "order 2"
    assert found.removed == ()
