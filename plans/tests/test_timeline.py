"""The plan across months: where a bar begins and ends, what has no place, where today is."""

from datetime import date

import pytest

from ejournal_rollout.orders.models import Order
from plans.models import Plan, Stage, Task
from plans.presentation import task_line
from plans.terms import Kind, Precision
from plans.timeline import MOST_MONTHS, Point, timeline

TODAY = date(2026, 11, 23)
DAY = {"term_precision": Precision.DAY.value}
MONTH = {"term_precision": Precision.MONTH.value}


def line(pk=1, **values):
    """A task that was never saved: only its days matter here."""
    order = Order(first_year=2026, state=Order.State.IN_FORCE)
    known = {"printed_number": "1.1.", "question": "Вопрос", "stage": Stage(plan=Plan(order=order))}
    return task_line(Task(pk=pk, **(known | values)), TODAY)


def drawn(shown, row=0) -> str:
    """A row as letters, a letter a quarter: # bar, / hatched, ~ fading, ◆ milestone, ● round, | before today's cell."""
    letters = {"": ".", "bar": "#", "fade": "~", "milestone": "◆"}
    return "".join(
        ("|" if cell.is_first_after_today else "")
        + ("●" if cell.points else "/" if cell.is_hatched and cell.kind == "bar" else letters[cell.kind]) * cell.span
        for cell in shown.rows[row].cells
    )


@pytest.mark.parametrize(
    "term, expected",
    [
        # one quarter is a week or so: the 1st to the 7th or 8th of the month, and so on
        ({"starts_on": date(2026, 10, 1), "due_on": date(2026, 11, 30), **MONTH}, "####///|/"),
        ({"starts_on": date(2026, 11, 1), "due_on": date(2026, 11, 30), **MONTH}, "///|/"),
        ({"starts_on": date(2026, 10, 9), "due_on": date(2026, 11, 16), **DAY}, ".######|."),
        ({"due_on": date(2026, 11, 10), **DAY}, ".#.|."),
        ({"starts_on": date(2026, 10, 20), **DAY}, "..~~"),
    ],
)
def test_a_bar_reaches_from_its_first_to_its_last_day(term, expected):
    assert drawn(timeline([line(**term)], today=TODAY)) == expected


def test_the_months_reach_from_the_first_to_the_last_day_of_all():
    shown = timeline([line(due_on=date(2026, 11, 10), **DAY), line(due_on=date(2027, 2, 1), **DAY)], today=TODAY)
    assert [(one.year, one.month) for one in shown.months] == [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]
    assert [one.is_now for one in shown.months] == [True, False, False, False]
    assert shown.years == [(2026, 8), (2027, 8)]
    assert drawn(shown, 1) == "...|.........#..."


def test_the_whole_period_fades_over_all_months():
    whole = line(term="Весь период работы", term_kind=Kind.WHOLE_PERIOD.value)
    assert drawn(timeline([line(due_on=date(2026, 11, 10), **DAY), whole], today=TODAY), 1) == "~~~|~"


def test_a_separate_schedule_is_a_word_until_it_has_rounds():
    task = line(term="По отдельному графику", by_separate_schedule=True)
    near = line(due_on=date(2026, 11, 10), pk=2, **DAY)
    shown = timeline([near, task], today=TODAY)
    assert (shown.rows[1].words, shown.rows[1].cells) == ("по отдельному графику", ())
    with_rounds = timeline([near, task], today=TODAY, points={1: [Point(date(2026, 11, 2), "проверка")]})
    assert drawn(with_rounds, 1) == "●..|."


def test_rounds_of_neighbouring_weeks_stay_apart_and_those_of_one_week_are_told_both():
    whole = line(term="Весь период работы", term_kind=Kind.WHOLE_PERIOD.value)
    days = [date(2026, 11, 12), date(2026, 11, 5), date(2026, 11, 3)]
    shown = timeline([whole], today=TODAY, points={1: [Point(day, "Ведение журнала") for day in days]})
    assert [cell.points for cell in shown.rows[0].cells] == [
        "03.11.2026: Ведение журнала; 05.11.2026: Ведение журнала",
        "12.11.2026: Ведение журнала",
        "",
        "",
    ]


def test_a_bar_goes_on_below_a_round():
    whole = line(term="Весь период работы", term_kind=Kind.WHOLE_PERIOD.value)
    shown = timeline([whole], today=TODAY, points={1: [Point(date(2026, 11, 12), "Ведение журнала")]})
    assert drawn(shown) == "~●~|~"
    assert {cell.kind for cell in shown.rows[0].cells} == {"fade"}
    assert [cell.words for cell in shown.rows[0].cells] == ["1.1", "", "", ""]


def test_a_milestone_is_a_diamond_on_its_last_day():
    task = line(starts_on=date(2026, 10, 1), due_on=date(2026, 11, 16), is_milestone=True, **DAY)
    assert drawn(timeline([task], today=TODAY)) == "######◆|."


def test_the_number_stands_once_at_the_beginning_of_a_bar():
    (row,) = timeline([line(starts_on=date(2026, 10, 1), due_on=date(2027, 1, 31), **MONTH)], today=TODAY).rows
    assert [cell.words for cell in row.cells] == ["1.1", "", ""]
    assert row.told == "01.10.2026 – 31.01.2027"


def test_a_day_of_a_far_year_does_not_make_a_mile_of_months():
    shown = timeline([line(due_on=date(2026, 11, 10), **DAY), line(due_on=date(2126, 11, 10), **DAY)], today=TODAY)
    assert len(shown.months) == MOST_MONTHS and shown.is_cut


def test_a_plan_without_any_day_has_no_timeline():
    assert timeline([line(term="Постоянно")], today=TODAY) is None


@pytest.mark.parametrize("today", [date(2020, 1, 1), date(2030, 1, 1)])
def test_today_outside_the_plan_draws_no_line(today):
    shown = timeline([line(due_on=date(2026, 11, 10), **DAY)], today=today)
    assert "|" not in drawn(shown)


def test_every_row_is_as_wide_as_the_months():
    lines = [
        line(starts_on=date(2026, month, 1), due_on=date(2027, 13 - month, 28), is_milestone=month % 2, **MONTH)
        for month in range(1, 13)
    ]
    shown = timeline(lines, today=TODAY)
    assert {sum(cell.span for cell in row.cells) for row in shown.rows} == {shown.width}
