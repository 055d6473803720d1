"""What calendar programs get: read back with the library, and byte for byte the same for the same values."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from ejournal_rollout.calendars.ical import (
    CalendarEvent,
    Party,
    calendar_bytes,
    invitation_bytes,
    method_of,
    months_from,
)

MOSCOW = ZoneInfo("Europe/Moscow")
CHANGED = datetime(2026, 11, 2, 9, 30, 15, 999, tzinfo=UTC)


def event(**values) -> CalendarEvent:
    told = {"starts": date(2027, 6, 30), "ends": date(2027, 6, 30), "summary": "Срок 1.1: База"} | values
    return CalendarEvent(uid="task-1@site", sequence=3, changed_at=CHANGED, **told)


def read(*events) -> Calendar:
    return Calendar.from_ical(calendar_bytes("План; школа, № 1", events, zone=MOSCOW))


def test_a_whole_day_ends_on_the_next_one():
    (told,) = read(event()).walk("VEVENT")
    assert (told.decoded("dtstart"), told.decoded("dtend")) == (date(2027, 6, 30), date(2027, 7, 1))
    assert told["transp"] == "TRANSPARENT"  # a term keeps nobody busy


def test_a_moment_is_told_in_the_zone_of_the_school_with_its_rules():
    moment = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
    calendar = read(event(starts=moment, ends=moment.replace(hour=8), is_busy=True))
    (told,) = calendar.walk("VEVENT")
    assert told["dtstart"].to_ical() == b"20261124T102000"
    assert told["dtstart"].params["TZID"] == "Europe/Moscow"
    assert told.decoded("dtstart") == moment
    assert told["transp"] == "OPAQUE"
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Moscow"]


def test_identity_change_and_words_come_through():
    words = "Цель: проверка; класс 5, «А»\nИсполнители: группа " + "слово " * 40
    (told,) = read(event(description=words, address="https://school.example/plan/tasks/1/")).walk("VEVENT")
    assert (told["uid"], told["sequence"]) == ("task-1@site", 3)
    assert told.decoded("last-modified") == told.decoded("dtstamp") == CHANGED.replace(microsecond=0)
    assert told["description"] == words
    assert told["url"] == "https://school.example/plan/tasks/1/"


def test_a_cancelled_event_stays_to_be_struck_out():
    (told,) = read(event(is_cancelled=True)).walk("VEVENT")
    assert told["status"] == "CANCELLED"


def test_the_same_values_give_the_same_bytes_in_any_order():
    first, second = event(), CalendarEvent("task-2@site", 0, CHANGED, "Второй", date(2027, 1, 1), date(2027, 1, 2))
    assert calendar_bytes("План", [first, second], zone=MOSCOW) == calendar_bytes("План", [second, first], zone=MOSCOW)


def test_a_calendar_without_events_is_a_calendar():
    assert read().walk("VEVENT") == []


@pytest.mark.parametrize(
    "day, months, expected",
    [
        (date(2026, 11, 23), -2, date(2026, 9, 23)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2027, 1, 31), -2, date(2026, 11, 30)),
        (date(2026, 12, 5), 0, date(2026, 12, 5)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_one(day, months, expected):
    assert months_from(day, months) == expected


# --- An event in a letter

SITE, ANNA = Party("МБОУ «Школа № 1»", "journal@school.example"), Party("Учителева Анна", "anna@school.example")


def invitation(zone=MOSCOW, **values) -> Calendar:
    moment = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
    told = {"starts": moment, "ends": moment + timedelta(minutes=20), "is_busy": True} | values
    written = invitation_bytes(event(**told), organizer=SITE, attendee=ANNA, zone=zone).decode()
    calendar = Calendar.from_ical(written)
    assert method_of(written) == calendar["method"]
    return calendar


def test_an_invitation_names_the_site_as_organizer_and_its_reader_alone_as_invited():
    calendar = invitation()
    assert calendar["method"] == "REQUEST"
    (told,) = calendar.walk("VEVENT")
    assert (told["uid"], told["sequence"], told["status"]) == ("task-1@site", 3, "CONFIRMED")
    assert (told["organizer"], told["organizer"].params["CN"]) == ("mailto:journal@school.example", SITE.name)
    assert (told["attendee"], told["attendee"].params["CN"]) == ("mailto:anna@school.example", ANNA.name)
    assert told["attendee"].params["RSVP"] == "FALSE"  # nobody reads answers to the site


def test_a_cancelled_event_is_called_off_under_the_same_name():
    calendar = invitation(is_cancelled=True)
    assert calendar["method"] == "CANCEL"
    (told,) = calendar.walk("VEVENT")
    assert (told["uid"], told["status"]) == ("task-1@site", "CANCELLED")


@pytest.mark.parametrize(
    "zone, local, offset",
    [
        ("Europe/Moscow", b"20261124T102000", timedelta(hours=3)),
        ("Europe/Kaliningrad", b"20261124T092000", timedelta(hours=2)),
        ("Asia/Kamchatka", b"20261124T192000", timedelta(hours=12)),
        ("Europe/Berlin", b"20261124T082000", timedelta(hours=1)),  # winter
    ],
)
def test_the_rules_of_the_zone_stand_before_the_event_and_give_the_same_moment(zone, local, offset):
    calendar = invitation(ZoneInfo(zone))
    rules, told = calendar.subcomponents
    assert (rules.name, rules["tzid"], told.name) == ("VTIMEZONE", zone, "VEVENT")
    assert told["dtstart"].to_ical() == local
    # a program that knows no zones by name reads the offset from the rules alone
    there = rules.to_tz(lookup_tzid=False)
    assert datetime(2026, 11, 24, 7, 20, tzinfo=UTC).astimezone(there).utcoffset() == offset
