"""What an amending order says: each change in the words of Russian orders."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.documents.writing.amending import amending_points
from ejournal_rollout.orders.changes import changes
from ejournal_rollout.orders.drafts import Column, DirectionDraft, OrderDraft, StageDraft, TaskDraft

SAMPLE = Path(__file__).parents[1] / "samples" / "order-337-01-18.docx"
ORDER = read_order(SAMPLE.read_bytes(), SAMPLE.name).draft
PLAN, REGULATION, SCHEDULE = ORDER.plan, ORDER.regulation, ORDER.schedule


def with_tasks(stage, *tasks):
    stages = list(PLAN.stages)
    stages[stage - 1] = replace(stages[stage - 1], tasks=tasks)
    return replace(ORDER, plan=replace(PLAN, stages=tuple(stages)))


def tasks(stage):
    return PLAN.stages[stage - 1].tasks


def with_clauses(*clauses):
    return replace(ORDER, regulation=replace(REGULATION, clauses=clauses))


def with_directions(*directions):
    return replace(ORDER, schedule=replace(SCHEDULE, directions=directions))


def points(new, old=ORDER):
    return amending_points(changes(old, new), number=old.number, signed_on=old.signed_on)


def said(new, old=ORDER):
    return [f"{one.number}. {one.words}" for one in points(new, old)]


def cells(point):
    return list(point.table.rows)


def test_one_change_stands_in_the_line_of_its_annex_with_the_row_as_a_table():
    first, second, *rest = tasks(1)
    new = with_tasks(1, first, replace(second, term="Октябрь 2021"), *rest)

    assert said(new) == [
        "1. Внести в приказ от 31.08.2021 № 337/01-18 следующее изменение:",
        "1.1. В приложении 1 пункт 1.2 изложить в следующей редакции:",
    ]
    (row,) = cells(points(new)[1])
    assert row == ("1.2.", second.question, "Октябрь 2021", second.purpose, second.executors)
    assert points(new)[1].table.columns == PLAN.columns


def test_changes_of_several_annexes_are_numbered_under_each():
    first, second, third, fourth = tasks(1)
    changed = with_tasks(1, replace(first, term="Май 2022"), second, third, fourth, TaskDraft("1.5.", "Приказ"))
    clauses = list(REGULATION.clauses)
    clauses[4] = replace(clauses[4], text="Общение должно быть вежливым.\nГрубость не допускается.")
    help_row = replace(SCHEDULE.directions[1], room="15")
    new = replace(
        changed,
        regulation=replace(REGULATION, clauses=tuple(clauses)),
        schedule=replace(SCHEDULE, directions=(SCHEDULE.directions[0], help_row, SCHEDULE.directions[2])),
    )

    assert said(new) == [
        "1. Внести в приказ от 31.08.2021 № 337/01-18 следующие изменения:",
        "1.1. В приложении 1:",
        "1.1.1. пункт 1.1 изложить в следующей редакции:",
        "1.1.2. дополнить пунктом 1.5 следующего содержания:",
        "1.2. В приложении 2 пункт 5 изложить в следующей редакции:",
        "1.3. В приложении 3 строку «Техническое сопровождение» изложить в следующей редакции:",
    ]
    assert points(new)[4].quoted == ("«5. Общение должно быть вежливым.", "Грубость не допускается.»;")
    assert cells(points(new)[5])[0][2] == "15"


def test_rows_are_removed_added_and_renumbered():
    first, second, third, fourth = tasks(1)
    gone = with_tasks(1, first, second, third)
    assert said(gone)[1:] == ["1.1. В приложении 1 пункт 1.4 исключить."]

    purchase = TaskDraft("1.2.", "Закупка")
    pushed = [replace(one, number=f"1.{place}.") for place, one in enumerate((second, third, fourth), start=3)]
    pushed[1] = replace(pushed[1], term="Май 2022")
    assert said(with_tasks(1, first, purchase, *pushed))[1:] == [
        "1.1. В приложении 1:",
        "1.1.1. дополнить пунктом 1.2 следующего содержания:",
        "1.1.2. пункт 1.2 считать пунктом 1.3;",
        "1.1.3. пункт 1.3 считать пунктом 1.4 и изложить в следующей редакции:",
        "1.1.4. пункт 1.4 считать пунктом 1.5.",
    ]


def test_stages_are_named_and_take_their_tasks_with_them():
    first, second, *rest = PLAN.stages
    renamed = replace(ORDER, plan=replace(PLAN, stages=(replace(first, heading="1. Начало"), second, *rest)))
    assert said(renamed)[1:] == ["1.1. В приложении 1 наименование этапа 1 изложить в следующей редакции:"]
    assert points(renamed)[1].quoted == ("«1. Начало».",)

    last = f"{len(PLAN.stages) + 1}"
    more = StageDraft(f"{last}. Итоги", (TaskDraft(f"{last}.1.", "Отчёт", "Май 2022"),))
    added = replace(ORDER, plan=replace(PLAN, stages=(*PLAN.stages, more)))
    assert said(added)[1:] == [f"1.1. В приложении 1 дополнить этапом {last} следующего содержания:"]
    assert cells(points(added)[1]) == [f"{last}. Итоги", (f"{last}.1.", "Отчёт", "Май 2022", "", "")]
    assert said(ORDER, added)[1:] == [f"1.1. В приложении 1 этап {last} исключить."]


def test_rows_without_a_number_are_called_by_their_words():
    bare = with_tasks(1, *(replace(one, number="") for one in tasks(1)))
    first, second, third, fourth = bare.plan.stages[0].tasks

    def now(*rows):
        return replace(
            bare, plan=replace(bare.plan, stages=(replace(bare.plan.stages[0], tasks=rows), *bare.plan.stages[1:]))
        )

    name = "Проектирование нормативного и регламентационного обеспечения"
    assert said(now(first, second, replace(third, term="Май"), fourth), bare)[1:] == [
        f"1.1. В приложении 1 строку «{name}» изложить в следующей редакции:"
    ]
    assert said(now(first, second, third, TaskDraft("", "Закупка"), fourth), bare)[1:] == [
        f"1.1. В приложении 1 после строки «{name}» дополнить строкой следующего содержания:"
    ]
    assert said(now(first, second, fourth), bare)[1:] == [f"1.1. В приложении 1 строку «{name}» исключить."]


def test_a_clause_that_goes_leaves_its_number_unless_the_others_move_up():
    *first, fifth, sixth = REGULATION.clauses
    assert said(with_clauses(*first, sixth))[1:] == ["1.1. В приложении 2 пункт 5 признать утратившим силу."]
    assert said(with_clauses(*first, replace(sixth, number="5.")))[1:] == [
        "1.1. В приложении 2:",
        "1.1.1. пункт 5 исключить;",
        "1.1.2. пункт 6 считать пунктом 5.",
    ]


def test_rows_of_the_schedule_come_and_go():
    first, *others = SCHEDULE.directions
    assert said(with_directions(*others))[1:] == [f"1.1. В приложении 3 строку «{first.name}» исключить."]
    new = DirectionDraft("Родителям", "Классный руководитель", "7", "Среда")
    assert said(with_directions(first, new, *others))[1:] == [
        f"1.1. В приложении 3 после строки «{first.name}» дополнить строкой следующего содержания:"
    ]
    assert said(with_directions(new, first, *others))[1:] == [
        "1.1. В приложении 3 дополнить строкой следующего содержания:"
    ]


@pytest.mark.parametrize(
    "new",
    [
        with_tasks(1, *reversed(tasks(1))),  # other places under the same numbers
        with_tasks(1, *tasks(1), replace(tasks(1)[0], question="Вторая строка с тем же номером")),
        replace(ORDER, plan=replace(PLAN, columns=(*PLAN.columns, Column("other", "Отметка")))),
    ],
    ids=["places", "numbers", "columns"],
)
def test_what_words_cannot_tell_safely_is_told_by_the_whole_annex(new):
    assert said(new)[1:] == ["1.1. Приложение 1 изложить в новой редакции (прилагается)."]


def test_annexes_come_and_go_as_a_whole():
    assert said(replace(ORDER, regulation=None))[1:] == ["1.1. Приложение 2 признать утратившим силу."]
    assert said(ORDER, replace(ORDER, schedule=None))[1:] == ["1.1. Дополнить приложением 3 (прилагается)."]


def test_an_annex_is_called_as_its_heading_prints_it():
    def under(heading):
        return replace(ORDER, plan=replace(PLAN, heading=heading))

    old = under("Приложение № 2\nк приказу")
    assert said(replace(old, plan=replace(old.plan, title="ПЛАН")), old)[1:] == [
        "1.1. В приложении № 2 наименование изложить в следующей редакции:"
    ]
    bare = under("")
    assert said(replace(bare, plan=replace(bare.plan, title="ПЛАН")), bare)[1:] == [
        "1.1. В плане-графике наименование изложить в следующей редакции:"
    ]


def test_points_of_the_order_are_changed_one_by_one_or_the_text_as_a_whole():
    old = OrderDraft(
        number="5", signed_on=date(2026, 8, 31), body="ПРИКАЗЫВАЮ:\n1. Создать группу.\n2. Утвердить план."
    )
    one = replace(old, body=old.body.replace("группу", "комиссию"))
    assert said(one, old) == [
        "1. Внести в приказ от 31.08.2026 № 5 следующее изменение:",
        "1.1. Пункт 1 приказа изложить в следующей редакции:",
    ]
    assert points(one, old)[1].quoted == ("«1. Создать комиссию.».",)
    assert said(replace(old, body=f"{old.body}\n3. Контроль."), old)[1:] == [
        "1.1. Текст приказа изложить в следующей редакции:"
    ]
