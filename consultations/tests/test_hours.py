"""The column "График консультаций" of Annex 3: what a careful person reads in its words, and what is asked instead."""

from __future__ import annotations

import csv
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.hours import Kind, Slot, read_hours

WEEK = "working_week_unknown"


def at(words: str) -> time | None:
    return time.fromisoformat(words) if words else None


def weekly(days: str, start: str = "", end: str = "") -> Slot:
    return Slot(Kind.WEEKLY, tuple(map(int, days)), start=at(start), end=at(end))


def monthly(days: str, weeks: tuple[int, ...], start: str = "", end: str = "") -> Slot:
    return Slot(Kind.MONTHLY, tuple(map(int, days)), start=at(start), end=at(end), weeks=weeks)


def daily(start: str = "", end: str = "") -> Slot:
    return Slot(Kind.DAILY, working_days=True, start=at(start), end=at(end))


ON_DEMAND = Slot(Kind.ON_DEMAND)
UNREADABLE = Slot(Kind.UNPARSABLE)


def examples() -> list[dict[str, str]]:
    with (Path(__file__).parent / "hours.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", examples(), ids=lambda row: row["expression"])
def test_written_forms_of_hours_are_read_as_a_careful_person_reads_them(row):
    reading = read_hours(row["expression"].replace("\\n", "\n"))

    (slot,) = reading.slots
    weekdays = "working_days" if slot.working_days else ",".join(map(str, slot.weekdays))
    assert (weekdays, slot.start, slot.end) == (row["weekdays"], at(row["start"]), at(row["end"]))
    assert slot.kind in row["kind"].split("/")
    assert "unreadable" in reading.doubts or row["kind"] != "unparsable"


def written_hours() -> list[tuple[str, str]]:
    """What schools write, with one reading each, or "asked"."""
    with (Path(__file__).parent / "written_hours.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["expression"].replace("\\n", "\n"), row["reading"]) for row in rows]


def told(slot: Slot) -> str:
    """ "3(1,-1) 15:00-16:00" is the first and the last Wednesday of the month."""
    days = "working days" if slot.working_days else ",".join(map(str, slot.weekdays))
    weeks = f"({','.join(map(str, slot.weeks))})" if slot.weeks else ""
    times = f"{slot.start:%H:%M}-{slot.end:%H:%M}" if slot.start and slot.end else ""
    return " ".join(filter(None, (days + weeks, times))) or slot.kind


@pytest.mark.parametrize(("words", "expected"), written_hours())
def test_hours_as_schools_write_them_are_read_or_asked_about(words, expected):
    reading = read_hours(words)

    assert ("; ".join(map(told, reading.slots)) if reading.is_certain else "asked") == expected
    assert reading.words == words


CERTAIN = {
    # the second order
    "Пн., Ср., Пт. с 13.30 до 15.00": [weekly("135", "13:30", "15:00")],
    "2-я и 4-я пятница месяца, 14:00-15:30": [monthly("5", (2, 4), "14:00", "15:30")],
    "По предварительной записи": [ON_DEMAND],
    # several statements
    "понедельник 14.00-15.00, среда 15.00-16.00": [weekly("1", "14:00", "15:00"), weekly("3", "15:00", "16:00")],
    "Пн 8.00-10.00; Чт 13.00-15.00": [weekly("1", "08:00", "10:00"), weekly("4", "13:00", "15:00")],
    "Вт, Чт: 15.00–16.00; Сб: 9.00–11.00": [weekly("24", "15:00", "16:00"), weekly("6", "09:00", "11:00")],
    "пн\n14.00-15.00\nср\n15.00-16.00": [weekly("1", "14:00", "15:00"), weekly("3", "15:00", "16:00")],
    "1. Вторник 14.00-15.00\n2. Среда 15.00-16.00": [weekly("2", "14:00", "15:00"), weekly("3", "15:00", "16:00")],
    "пн-пт с 9 до 13 и с 14 до 18": [weekly("12345", "09:00", "13:00"), weekly("12345", "14:00", "18:00")],
    "вторник 14.00-15.00 или по согласованию": [weekly("2", "14:00", "15:00"), ON_DEMAND],
    "14.00-15.00 по вторникам, 15.00-16.00 по средам": [weekly("2", "14:00", "15:00"), weekly("3", "15:00", "16:00")],
    # days
    "Понедельник -пятница 8.00—14.00": [weekly("12345", "08:00", "14:00")],
    "пн.–чт. 8.00-14.00": [weekly("1234", "08:00", "14:00")],
    "пн-\nпт 14.00-15.00": [weekly("12345", "14:00", "15:00")],
    "понедель-\nник 14.00-15.00": [weekly("1", "14:00", "15:00")],
    "вт/чт 14.00-15.00": [weekly("24", "14:00", "15:00")],
    "ПН СР ПТ 14.00-15.00": [weekly("135", "14:00", "15:00")],
    "по вторникам, по четвергам 14-16 ч.": [weekly("24", "14:00", "16:00")],
    "каждый вторник с 14 до 15": [weekly("2", "14:00", "15:00")],
    "с понедельника по пятницу с 8.00 до 14.00": [weekly("12345", "08:00", "14:00")],
    "14.00-15.00 (вт, чт)": [weekly("24", "14:00", "15:00")],
    "дни консультаций: вторник, четверг; время: 14.00-15.00": [weekly("24", "14:00", "15:00")],
    "пн-пт, кроме среды, 9.00-12.00": [weekly("1245", "09:00", "12:00")],
    "ежедневно, кроме субботы и воскресенья, с 8 до 14": [weekly("12345", "08:00", "14:00")],
    "пн-чт 9.00-17.00, пт 9.00-16.00, сб., вс. – выходной": [
        weekly("1234", "09:00", "17:00"),
        weekly("5", "09:00", "16:00"),
    ],
    "ежедневно (пн-пт) с 8 до 14": [weekly("12345", "08:00", "14:00")],
    # weeks of the month
    "1 и 3 вторник месяца, 14.00-15.00": [monthly("2", (1, 3), "14:00", "15:00")],
    "I и III вторник месяца, 14.00-15.00": [monthly("2", (1, 3), "14:00", "15:00")],
    "четвёртый четверг месяца, 13:00 – 14:00": [monthly("4", (4,), "13:00", "14:00")],
    "первый вторник и третий четверг месяца 14.00-15.00": [
        monthly("2", (1,), "14:00", "15:00"),
        monthly("4", (3,), "14:00", "15:00"),
    ],
    # times
    "вторник 8⁰⁰ – 14⁰⁰": [weekly("2", "08:00", "14:00")],
    "Вт. 13¹⁵ - 14⁰⁰": [weekly("2", "13:15", "14:00")],
    "вторник с 8 ч. 30 мин. до 14 ч.": [weekly("2", "08:30", "14:00")],
    "среда с 14ч30 до 16ч": [weekly("3", "14:30", "16:00")],
    "среда с 14.00ч. до 16.00ч.": [weekly("3", "14:00", "16:00")],
    "вт 14-00-15-30": [weekly("2", "14:00", "15:30")],
    "вт 14 00 - 15 30": [weekly("2", "14:00", "15:30")],
    "вт 14 - 15": [weekly("2", "14:00", "15:00")],
    "вт 14–15": [weekly("2", "14:00", "15:00")],
    "вторник 12-14.00": [weekly("2", "12:00", "14:00")],
    "вторник 14,00-15,30": [weekly("2", "14:00", "15:30")],
    "вторник с 8 утра до 2 дня": [weekly("2", "08:00", "14:00")],
    "вт14.00-15.00": [weekly("2", "14:00", "15:00")],
    # letters
    "Втopник c 14.00 дo 15.OO": [weekly("2", "14:00", "15:00")],
    "CP. c 14.00 - 15.00": [weekly("3", "14:00", "15:00")],
    "поне\u00adдельник\u00a014.00\u2011–\u202f15.00".replace("\u2011", ""): [weekly("1", "14:00", "15:00")],
    # rooms, telephones and other words that say nothing about days and times
    "вторник, 15:00-16:00 (каб. 12)": [weekly("2", "15:00", "16:00")],
    "вторник, каб. 12, 15.00-16.00": [weekly("2", "15:00", "16:00")],
    "вторник в 18 кабинете с 14-00 до 15-00": [weekly("2", "14:00", "15:00")],
    "вторник 8.00-9.00, каб. 12, 14": [weekly("2", "08:00", "09:00")],
    "вторник, тел. 25-14-30 14.00-15.00": [weekly("2", "14:00", "15:00")],
    "Приём по вторникам с 14 до 15 часов": [weekly("2", "14:00", "15:00")],
    "вторник 14.00-15.00 по предварительной записи": [weekly("2", "14:00", "15:00")],
    "вторник с 14.00 до 15.00, кроме праздничных дней": [weekly("2", "14:00", "15:00")],
    # on demand
    "по записи": [ON_DEMAND],
    "по запросу педагогов": [ON_DEMAND],
    "по согласованию с администрацией": [ON_DEMAND],
    "по телефону 8-978-123-45-67": [ON_DEMAND],
    "при необходимости": [ON_DEMAND],
    "в любое удобное для педагога время": [ON_DEMAND],
}


@pytest.mark.parametrize("words", CERTAIN)
def test_clear_words_are_read_without_a_doubt(words):
    reading = read_hours(words)

    assert (list(reading.slots), reading.doubts, reading.words) == (CERTAIN[words], (), words)
    assert reading.is_certain


DOUBTFUL = {
    "ежедневно с 8⁰⁰ – 14⁰⁰": ([daily("08:00", "14:00")], {WEEK}),
    "по будням с 9 до 17": ([daily("09:00", "17:00")], {WEEK}),
    "в рабочие дни с 10:00 до 12:00": ([daily("10:00", "12:00")], {WEEK}),
    "ежедневно, кроме выходных и праздничных дней, 8.00-14.00": ([daily("08:00", "14:00")], {WEEK}),
    "будни": ([daily()], {WEEK, "hours_missing"}),
    "ежедневно в рабочее время": ([daily()], {WEEK, "hours_missing"}),
    "ежедневно по заявкам": ([Slot(Kind.ON_DEMAND, working_days=True)], {WEEK, "hours_missing"}),
    "вторник 14.00-15.00, пятница по записи": (
        [weekly("2", "14:00", "15:00"), Slot(Kind.ON_DEMAND, (5,))],
        {"hours_missing"},
    ),
    "по вторникам": ([weekly("2")], {"hours_missing"}),
    "последняя среда": ([monthly("3", (-1,))], {"month_assumed", "hours_missing"}),
    "каждую последнюю пятницу 14.00-15.00": ([monthly("5", (-1,), "14:00", "15:00")], {"month_assumed"}),
    "с 14 часов": ([Slot(Kind.UNPARSABLE, start=time(14))], {"days_missing", "end_missing"}),
    "14.00": ([Slot(Kind.UNPARSABLE, start=time(14))], {"days_missing", "end_missing"}),
    "8.30 – 9.15": ([Slot(Kind.UNPARSABLE, start=time(8, 30), end=time(9, 15))], {"days_missing"}),
    "среда до 16.00": ([weekly("3", "", "16:00")], {"start_missing"}),
    "вторник в 14": ([weekly("2", "14:00")], {"end_missing"}),
    "пн-пт 9:00–17:00, перерыв 13:00–14:00": ([weekly("12345", "09:00", "17:00")], {"break_inside"}),
    "понедельник 9.00-17.00, 13.00-14.00 – перерыв": ([weekly("1", "09:00", "17:00")], {"break_inside"}),
    "вторник 9.00-12.00, 13.00-17.00 (перерыв)": (
        [weekly("2", "09:00", "12:00"), weekly("2", "13:00", "17:00")],
        {"break_inside"},
    ),
    "понедельник 9.00-17.00 (перерыв 15 минут)": ([weekly("1", "09:00", "17:00")], {"break_inside"}),
    "вторник 16.00-15.00": ([Slot(Kind.UNPARSABLE, (2,))], {"reversed"}),
    "вторник 15.00-15.00": ([Slot(Kind.UNPARSABLE, (2,))], {"reversed"}),
    "вторник с 2 до 4": ([weekly("2", "02:00", "04:00")], {"unlikely_time"}),
    "вт 14-15": ([weekly("2", "14:00", "15:00")], {"dash_unclear"}),
    "с понедельника до пятницы с 8.00 до 14.00": ([weekly("12345", "08:00", "14:00")], {"last_day_unclear"}),
    "ежедневно с 8.00-14.00, суббота до 12.00": (
        [daily("08:00", "14:00"), weekly("6", "", "12:00")],
        {WEEK, "days_twice", "start_missing"},
    ),
    "пн–пт с 8.00 до 17.00, в пт с 8.00 до 16.00": (
        [weekly("12345", "08:00", "17:00"), weekly("5", "08:00", "16:00")],
        {"days_twice"},
    ),
    "вторник или четверг 14.00-15.00": ([weekly("24", "14:00", "15:00")], {"one_of_several"}),
    "вт, чт, вт 14.00-15.00": ([weekly("24", "14:00", "15:00")], {"days_twice"}),
    "вторник 9.00-11.00, 10.00-12.00": ([weekly("2", "09:00", "11:00"), weekly("2", "10:00", "12:00")], {"overlap"}),
    "вт, чт 9.00-10.00, 14.00-15.00": (
        [weekly("24", "09:00", "10:00"), weekly("24", "14:00", "15:00")],
        {"pairing_unclear"},
    ),
    "Вторник 14.00-15.00\nСреда\nЧетверг 14.00-15.00": (
        [weekly("2", "14:00", "15:00"), weekly("34", "14:00", "15:00")],
        {"pairing_unclear"},
    ),
    "вторник 14.00-15.00 Иванова И.И.": ([weekly("2", "14:00", "15:00")], {"words_unread"}),
    "вторник 14.00-15.00, четверг": ([weekly("2", "14:00", "15:00"), weekly("4")], {"hours_missing"}),
    "": ([UNREADABLE], {"empty"}),
    " \n— ": ([UNREADABLE], {"empty"}),
}


@pytest.mark.parametrize("words", DOUBTFUL)
def test_what_the_words_leave_open_is_asked(words):
    reading = read_hours(words)

    slots, doubts = DOUBTFUL[words]
    assert (list(reading.slots), set(reading.doubts)) == (slots, doubts)
    assert reading.is_certain == (doubts == {WEEK})


@pytest.mark.parametrize(
    "words",
    [
        "после 6-го урока",
        "вторник после уроков",
        "вторник на большой перемене 14.00",
        "чётные недели, вторник 14.00-15.00",
        "вторник 14.00-15.00 (нечётные недели)",
        "кроме пятницы",
        "ежедневно с 8 до 14, кроме пятницы",
        "вторник, кроме каникул, 14.00-15.00",
        "пн-чт кроме среды, пятница 14.00-15.00",
        "пн-чт с 9 до 12, кроме среды, пятница 14.00-15.00",
        "вторник 25.00-26.00",
        "вторник 14.75",
        "вторник 24.00",
        "вторник 14",
        "вторник 14 00",
        "вторник 1400-1500",
        "вторник 14.00-15.00-16.00",
        "вторник 14.00-15.00 (9-11 классы)",
        "пятница-понедельник 14.00",
        "со вторника с 14.00",
        "с 01.09 по 31.05 вторник 14.00-15.00",
        "с 10.09 по 20.10",
        "01.09.2022 14.00",
        "с 1 сентября по вторникам 14.00-15.00",
        "каждый второй вторник 14.00",
        "вторник 14.00-15.00 ежемесячно",
        "первый понедельник и вторник месяца 14.00-15.00",
        "ежемесячно 5 числа",
        "первая неделя месяца",
        "1 раз в неделю, среда 14.00",
        "Вторник 14.00-15.00\nСреда —\nЧетверг 14.00-15.00",
        "14.00-15.00 вторник, 15.00-16.00",
        "согласно расписанию",
        "по отдельному графику",
        "в рабочее время",
        "вторник не проводится",
        "вторник до обеда",
        "ежедневно, вторник 14.00-15.00",
        "что-то совсем другое",
        "пн 14.00-15.00 " * 200,
    ],
)
def test_words_that_may_mean_something_else_give_no_hours(words):
    reading = read_hours(words)

    assert (reading.slots, reading.doubts) == ((UNREADABLE,), ("unreadable",))
    assert not reading.is_certain


PIECES = [
    "вторник",
    "среда",
    "пн.",
    "чт",
    "пт-сб",
    "ежедневно",
    "будни",
    "кроме",
    "перерыв",
    "каб.",
    "№",
    "18",
    "8.00",
    "14-30",
    "15:00",
    "16",
    "ч.",
    "до",
    "с",
    "по",
    "и",
    ",",
    ";",
    "-",
    "–",
    "(",
    ")",
    "\n",
    "последняя",
    "2-я",
    "месяца",
    "каждый",
    "записи",
    "согласованию",
    "телефону",
    "тел.",
    "25-14-30",
    "выходной",
    "утра",
    "99.99",
    "8⁰⁰",
    "слово",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join)))
def test_any_words_at_all_give_slots_that_are_possible_or_a_doubt(words):
    reading = read_hours(words)

    assert reading.words == words
    assert reading.slots
    for slot in reading.slots:
        assert set(slot.weekdays) <= {1, 2, 3, 4, 5, 6, 7}
        assert list(slot.weekdays) == sorted(set(slot.weekdays))
        assert not (slot.weekdays and slot.working_days)
        assert slot.start is None or slot.end is None or slot.start < slot.end
        if slot.kind in {Kind.WEEKLY, Kind.MONTHLY} and reading.is_certain:
            assert slot.weekdays and slot.start and slot.end
        if slot.kind == Kind.DAILY and reading.is_certain:
            assert slot.working_days and slot.start and slot.end
        assert slot.kind != Kind.UNPARSABLE or not reading.is_certain
        assert bool(slot.weeks) == (slot.kind == Kind.MONTHLY) or slot.kind in {Kind.ON_DEMAND, Kind.UNPARSABLE}
