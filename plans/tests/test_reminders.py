"""The pure rules: which notice stands on a day."""

from datetime import date, timedelta

import pytest

from plans.reminders import Notice, Occasion, Rules, Term, standing_notices

LONG_AGO = date(2020, 9, 1)
AHEAD, BEGINS, LATE, HEAD, REVIEW, ASKED = (
    Occasion.AHEAD,
    Occasion.BEGINS,
    Occasion.LATE,
    Occasion.HEAD,
    Occasion.REVIEW,
    Occasion.ASKED,
)


def term(starts_on, due_on, **told):
    return Term(starts_on, due_on, **({"since": LONG_AGO} | told))


def calendar(term, rules=None, *, until):
    """(day, occasion, number) of every notice on the day on which it first stands, from LONG_AGO until a day."""
    known, found = set(), []
    for day in (LONG_AGO + timedelta(n) for n in range((until - LONG_AGO).days + 1)):
        for notice in standing_notices(term, rules or Rules(), on=day):
            if notice not in known:
                known.add(notice)
                assert notice.day == day  # nothing is late when somebody asks every day
                found.append((f"{day:%d.%m.%Y}", notice.occasion, notice.number))
    return found


def test_a_month_is_counted_from_its_last_day_with_a_note_on_the_first():
    assert calendar(term(date(2022, 6, 1), date(2022, 6, 30)), until=date(2022, 7, 21)) == [
        ("01.06.2022", BEGINS, 0),
        ("16.06.2022", AHEAD, 14),
        ("23.06.2022", AHEAD, 7),
        ("29.06.2022", AHEAD, 1),
        ("07.07.2022", LATE, 7),
        ("14.07.2022", LATE, 14),
        ("14.07.2022", HEAD, 0),
        ("21.07.2022", LATE, 21),
    ]


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        (date(2024, 2, 29), ["01.02.2024", "15.02.2024", "22.02.2024", "28.02.2024", "07.03.2024"]),
        (date(2023, 2, 28), ["01.02.2023", "14.02.2023", "21.02.2023", "27.02.2023", "07.03.2023"]),
    ],
)
def test_february_has_its_own_last_day_in_a_leap_year(due_on, days):
    told = calendar(term(due_on.replace(day=1), due_on), until=due_on + timedelta(13))
    assert [day for day, *_ in told] == days


def test_a_term_of_one_day_is_spoken_of_before_it_and_on_it():
    day = date(2021, 5, 20)
    assert calendar(term(day, day), until=day + timedelta(6)) == [
        ("06.05.2021", AHEAD, 14),
        ("13.05.2021", AHEAD, 7),
        ("19.05.2021", AHEAD, 1),
        ("20.05.2021", BEGINS, 0),
    ]


def test_a_term_without_a_first_day_has_no_note_on_it():
    told = calendar(term(None, date(2021, 5, 20)), until=date(2021, 5, 20))
    assert [occasion for _day, occasion, _number in told] == [AHEAD, AHEAD, AHEAD]


def test_on_the_last_day_itself_nothing_is_said_unless_the_school_lists_it():
    due_on = date(2021, 5, 20)
    assert ("20.05.2021", AHEAD, 0) not in calendar(term(None, due_on), until=due_on)
    assert calendar(term(None, due_on), Rules(days_before=(0,)), until=due_on) == [("20.05.2021", AHEAD, 0)]
    assert calendar(term(None, due_on), Rules(days_before=()), until=due_on) == []


def test_of_two_notices_on_one_day_the_later_stage_is_said():
    told = calendar(term(date(2021, 5, 6), date(2021, 5, 20)), until=date(2021, 5, 6))
    assert told == [("06.05.2021", AHEAD, 14)]


def test_the_head_is_told_after_the_days_that_the_school_sets():
    told = calendar(term(None, date(2021, 5, 20)), Rules(head_after_days=3), until=date(2021, 6, 30))
    assert [day for day, occasion, _number in told if occasion is HEAD] == ["23.05.2021"]


def test_without_a_last_day_nothing_is_ever_said():
    assert calendar(term(date(2021, 5, 1), None), until=date(2022, 8, 31)) == []


def test_what_falls_before_the_order_came_into_force_is_not_said():
    # given an order that came into force a fortnight after the last day of a task
    late = term(date(2021, 5, 1), date(2021, 9, 16), since=date(2021, 9, 30))
    assert calendar(late, until=date(2021, 10, 14)) == [
        ("30.09.2021", LATE, 14),  # falls on the very day
        ("07.10.2021", LATE, 21),
        ("14.10.2021", LATE, 28),
        ("14.10.2021", HEAD, 0),  # the head too has the days from the order on
    ]


def test_a_term_that_ended_before_the_order_is_asked_about_once():
    before = term(date(2021, 5, 1), date(2021, 6, 30), since=date(2021, 8, 31), is_before_order=True)
    assert calendar(before, until=date(2022, 8, 31)) == [("07.09.2021", ASKED, 0)]


def test_a_result_that_waits_silences_the_term_and_reminds_of_the_review():
    waiting = term(date(2021, 5, 1), date(2021, 6, 30), reported_on=date(2021, 7, 1))
    assert calendar(waiting, until=date(2021, 7, 18)) == [
        ("04.07.2021", REVIEW, 3),
        ("11.07.2021", REVIEW, 10),
        (
            "18.07.2021",
            REVIEW,
            17,
        ),
    ]
    endless = term(None, None, reported_on=date(2021, 7, 1))
    assert calendar(endless, Rules(review_after_days=5), until=date(2021, 7, 6)) == [("06.07.2021", REVIEW, 5)]


def test_after_days_of_silence_only_the_newest_notice_stands():
    june = term(date(2022, 6, 1), date(2022, 6, 30))
    assert standing_notices(june, Rules(), on=date(2022, 6, 25)) == [Notice(AHEAD, date(2022, 6, 23), 7)]
    assert standing_notices(june, Rules(), on=date(2022, 5, 31)) == []
    assert standing_notices(june, Rules(), on=date(2022, 7, 6)) == [Notice(AHEAD, date(2022, 6, 29), 1)]
    assert standing_notices(june, Rules(), on=date(2022, 8, 1)) == [
        Notice(LATE, date(2022, 7, 28), 28),
        Notice(HEAD, date(2022, 7, 14)),
    ]
