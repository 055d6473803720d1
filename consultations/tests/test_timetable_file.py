"""The timetable of a specialist as an .ics file gives it."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.timetable_file import Timetable, TimetableError, WeeklyLesson, read_timetable

MOSCOW = ZoneInfo("Europe/Moscow")
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)


def ics(*events: str) -> bytes:
    """A file with these events; "|" ends a line."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//RU"]
    for number, event in enumerate(events):
        own = event.split("|")
        uid = [] if any(line.startswith("UID") for line in own) else [f"UID:{number}"]
        lines += ["BEGIN:VEVENT", *uid, *own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str, zone: ZoneInfo = MOSCOW) -> Timetable:
    return read_timetable(ics(*events), zone=zone, first=FIRST, last=LAST)


def days(timetable: Timetable) -> list[date]:
    """Each day of the lessons, counted out of the rows again."""
    found = []
    for one in timetable.lessons:
        day = one.first_on
        while day <= one.last_on:
            found.append(day)
            day += timedelta(weeks=one.every_weeks)
    return sorted(found)


MONDAYS = "DTSTART;TZID=Europe/Moscow:20260907T083000|DTEND;TZID=Europe/Moscow:20260907T091500"


def test_a_weekly_lesson_is_one_row_from_its_first_day_to_its_last():
    timetable = read(f"{MONDAYS}|RRULE:FREQ=WEEKLY;UNTIL=20261228T235959|SUMMARY:7-А, информатика")

    assert timetable.lessons == [
        WeeklyLesson(1, time(8, 30), time(9, 15), date(2026, 9, 7), date(2026, 12, 28), 1, "7-А, информатика")
    ]
    assert (timetable.count, timetable.skipped, timetable.outside) == (17, 0, 0)


def test_without_an_end_a_series_goes_on_to_the_last_day_asked_for():
    [lesson] = read(f"{MONDAYS}|RRULE:FREQ=WEEKLY").lessons

    assert lesson.last_on == date(2027, 8, 30)


def test_a_lesson_every_second_week_is_one_row():
    [lesson] = read(f"{MONDAYS}|RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5").lessons

    assert (lesson.every_weeks, lesson.first_on, lesson.last_on) == (2, date(2026, 9, 7), date(2026, 11, 2))


def test_exceptions_leave_a_hole():
    timetable = read(f"{MONDAYS}|RRULE:FREQ=WEEKLY;COUNT=6|EXDATE;TZID=Europe/Moscow:20260921T083000,20260928T083000")

    assert days(timetable) == [date(2026, 9, 7), date(2026, 9, 14), date(2026, 10, 5), date(2026, 10, 12)]


def test_a_date_of_a_series_that_was_moved_stands_where_it_was_moved_to():
    timetable = read(
        f"UID:a|{MONDAYS}|RRULE:FREQ=WEEKLY;COUNT=2",
        "UID:a|RECURRENCE-ID;TZID=Europe/Moscow:20260914T083000|DTSTART;TZID=Europe/Moscow:20260915T100000"
        "|DURATION:PT45M",
    )

    assert [(one.first_on, one.starts) for one in timetable.lessons] == [
        (date(2026, 9, 7), time(8, 30)),
        (date(2026, 9, 15), time(10)),
    ]


def test_several_weekdays_of_one_series_are_several_rows():
    timetable = read(f"{MONDAYS}|RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6")

    assert [(one.weekday, one.first_on.day, one.last_on.day) for one in timetable.lessons] == [
        (1, 7, 14), (3, 9, 16), (5, 11, 18)
    ]  # fmt: skip


def test_times_are_those_of_the_school():
    moment = "DTSTART:20260907T053000Z|DTEND:20260907T061500Z"

    assert read(moment).lessons[0].starts == time(8, 30)
    [there] = read(moment, zone=ZoneInfo("Asia/Vladivostok")).lessons
    assert (there.starts, there.weekday) == (time(15, 30), 1)
    floating = read("DTSTART:20260907T083000|DTEND:20260907T091500", zone=ZoneInfo("Asia/Vladivostok"))
    assert floating.lessons[0].starts == time(8, 30)


def test_what_takes_no_hours_of_a_day_is_counted_and_left_out():
    timetable = read(
        f"{MONDAYS}",
        "DTSTART;VALUE=DATE:20260907|DTEND;VALUE=DATE:20260908",
        f"{MONDAYS}|STATUS:CANCELLED",
        f"{MONDAYS}|TRANSP:TRANSPARENT",
        "DTSTART:20250907T083000|DTEND:20250907T091500",
    )

    assert (timetable.count, timetable.skipped, timetable.outside) == (1, 3, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xff\xfe\x00", "not_ics"),
        ("Расписание уроков".encode(), "not_ics"),
        (b"PK\x03\x04", "not_ics"),
        (ics(), "empty"),
        (ics(f"{MONDAYS}|RRULE:FREQ=SECONDLY"), "rule"),
        (ics(f"{MONDAYS}|RRULE:FREQ=MONTHLY"), "rule"),
        (ics(f"{MONDAYS}|RRULE:FREQ=WEEKLY;BYHOUR=1,2,3"), "rule"),
        (ics(f"{MONDAYS}|RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TU"), "rule"),
        (ics(*["DTSTART:19000101T083000|DTEND:19000101T091500|RRULE:FREQ=DAILY"] * 2), "too_many"),
        (ics(*[MONDAYS] * 1001), "too_many"),
        (b"x" * 1024 * 1024 + b"x", "too_large"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_a_timetable_is_refused_with_its_reason(content, code):
    with pytest.raises(TimetableError) as refused:
        read_timetable(content, zone=MOSCOW, first=FIRST, last=LAST)

    assert refused.value.code == code


@given(st.integers(0, 300), st.binary(max_size=6))
def test_a_spoilt_file_is_read_or_refused_and_nothing_else(place, noise):
    content = ics(f"{MONDAYS}|RRULE:FREQ=WEEKLY;UNTIL=20261228T235959|EXDATE:20260921T083000|SUMMARY:7-А")
    spoilt = content[:place] + noise + content[place + len(noise) :]

    try:
        timetable = read_timetable(spoilt, zone=MOSCOW, first=FIRST, last=LAST)
    except TimetableError:
        return
    assert all(FIRST <= one.first_on <= one.last_on <= LAST for one in timetable.lessons)


@given(st.sets(st.integers(0, 30), min_size=1))
def test_rows_keep_every_day_of_a_series_and_invent_none(weeks):
    written = [date(2026, 9, 7) + timedelta(weeks=week) for week in sorted(weeks)]

    timetable = read(*(f"DTSTART:{day:%Y%m%d}T083000|DTEND:{day:%Y%m%d}T091500" for day in written))

    assert days(timetable) == written
