"""What came of a consultation stands in the request it came from, once, whatever is corrected."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from consultations.models import Booking, TimeRequest
from consultations.operations import accept_time, mark_attendance
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, HelpRequestFactory
from support import receivers
from support.models import HelpRequest, Reply
from support.operations import book_for_request, take_request

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # Monday, half past nine in Moscow
STARTS = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
AFTER = STARTS + timedelta(minutes=25)


@pytest.fixture
def asked(staff) -> HelpRequest:
    """A request of the teacher in the technician's hands."""
    made = HelpRequestFactory(
        school=staff.school, requester=staff.teacher, direction=staff.technical, asked_at=NOW - timedelta(hours=1)
    )
    take_request(made, by=staff.technician, at=NOW)
    return made


@pytest.fixture
def booking(staff, asked) -> Booking:
    return book_for_request(
        asked, starts_at=STARTS, question="Не открывается", by=staff.teacher, at=NOW, specialist=staff.technician
    )


def results(asked: HelpRequest) -> list[Reply]:
    return list(Reply.objects.filter(request=asked).exclude(result_of=None))


def test_the_result_stands_in_the_request_and_the_one_who_asked_hears_it(staff, asked, booking):
    mark_attendance(booking, by=staff.technician, came=True, outcome="Права возвращены.", follow_up="Отчёты", at=AFTER)

    [line] = results(asked)
    assert (line.act, line.author) == (Reply.Act.HELD, staff.technician)
    assert line.text == "вт, 24 ноября, 10:20–10:40. Права возвращены. Осталось сделать: Отчёты"
    assert Message.objects.filter(recipient=staff.teacher, words__contains="Права возвращены").count() == 1
    asked.refresh_from_db()
    assert asked.answered_at == AFTER


def test_the_page_of_the_request_shows_it_and_asks_whether_it_helped(staff, asked, booking, client):
    mark_attendance(booking, by=staff.technician, came=True, outcome="Права возвращены", at=AFTER)
    client.force_login(staff.teacher.user)

    page = client.get(asked.get_absolute_url()).content.decode()

    assert "Консультация состоялась. вт, 24 ноября" in page
    assert 'name="helped" value="yes"' in page


def test_a_corrected_mark_corrects_the_line_and_tells_nobody_twice(staff, asked, booking):
    mark_attendance(booking, by=staff.technician, came=True, at=AFTER)
    assert not Message.objects.filter(recipient=staff.teacher, key__contains="result").exists()

    mark_attendance(booking, by=staff.technician, came=True, outcome="Показано", at=AFTER + timedelta(minutes=1))
    mark_attendance(booking, by=staff.technician, came=True, outcome="Показано всё", at=AFTER + timedelta(minutes=2))

    [line] = results(asked)
    assert line.text.endswith("Показано всё")
    assert Message.objects.filter(recipient=staff.teacher, key__contains="result").count() == 1


@pytest.mark.parametrize(("came", "lines"), [(None, 0), (False, 1)])
def test_what_did_not_take_place_is_no_answer(staff, asked, booking, came, lines):
    mark_attendance(booking, by=staff.technician, came=True, at=AFTER)

    mark_attendance(booking, by=staff.technician, came=came, at=AFTER + timedelta(minutes=1))

    assert [one.act for one in results(asked)] == [Reply.Act.MISSED] * lines
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_a_request_that_nobody_had_is_taken_by_who_gave_the_consultation(staff, asked, booking):
    HelpRequest.objects.filter(pk=asked.pk).update(assignee=None, taken_at=None)

    mark_attendance(booking, by=staff.technician, came=True, at=AFTER)

    asked.refresh_from_db()
    assert (asked.assignee, asked.taken_at) == (staff.technician, AFTER)


def test_an_answer_given_before_keeps_its_time(staff, asked, booking):
    HelpRequest.objects.filter(pk=asked.pk).update(answered_at=NOW)

    mark_attendance(booking, by=staff.technician, came=True, at=AFTER)
    mark_attendance(booking, by=staff.technician, came=None, at=AFTER)

    asked.refresh_from_db()
    assert asked.answered_at == NOW


def test_a_closed_request_gets_the_line_and_stays_closed(staff, asked, booking):
    HelpRequest.objects.filter(pk=asked.pk).update(closed_at=NOW)

    mark_attendance(booking, by=staff.technician, came=True, outcome="Показано", at=AFTER)

    asked.refresh_from_db()
    assert len(results(asked)) == 1
    assert (asked.closed_at, asked.answered_at) == (NOW, None)


def test_mark_and_line_are_written_together_or_not_at_all(staff, asked, booking, monkeypatch):
    def fail(*_given, **_named):
        raise RuntimeError

    monkeypatch.setattr(receivers.operations, "take_result", fail)
    with pytest.raises(RuntimeError):
        mark_attendance(booking, by=staff.technician, came=True, at=AFTER)

    assert Booking.objects.get().came is None
    assert not Entry.objects.filter(verb="consultations.attendance").exists()


# --- A time by agreement


@pytest.fixture
def on_demand(staff) -> HelpRequest:
    direction = DirectionFactory(school=staff.school, is_on_demand=True, roles=[Role.DEPUTY_HEAD])
    return HelpRequestFactory(school=staff.school, requester=staff.teacher, direction=direction)


def propose(client, member, asked: HelpRequest, monkeypatch, mark: str | None = None) -> TimeRequest:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client.force_login(member.user)
    address = reverse("consultations:time-request-new", args=[asked.direction_id])
    if mark is None:
        page = client.get(reverse("support:request-book", args=[asked.pk])).content.decode()
        address = unescape(re.search(r'href="([^"]*/ask/[^"]*)"', page)[1])
        mark = re.search(r'name="asked_from" value="([^"]*)"', client.get(address).content.decode())[1]
    sent = {"question": "Как оформить?", "day_1": "2026-11-24", "time_1": "10:20", "asked_from": mark}
    client.post(address.partition("?")[0], sent)
    return TimeRequest.objects.get(teacher=member)


def test_a_time_asked_for_from_a_request_comes_back_as_its_consultation(staff, on_demand, client, monkeypatch):
    made = propose(client, staff.teacher, on_demand, monkeypatch)
    assert Reply.objects.get(request=on_demand, act=Reply.Act.TIME_ASKED).text == "вт, 24 ноября, 10:20"

    booking = accept_time(made, made.times.get(), by=staff.deputy, at=NOW)

    assert list(on_demand.bookings.all()) == [booking]
    mark_attendance(booking, by=staff.deputy, came=True, outcome="Показано", at=AFTER)
    assert len(results(on_demand)) == 1


@pytest.mark.parametrize("mark", ["", "help-", "help-0", "help-٣", "plan-1", "help-99999999999999999999"])
def test_a_mark_that_means_nothing_proposes_the_times_all_the_same(staff, on_demand, client, monkeypatch, mark):
    assert propose(client, staff.teacher, on_demand, monkeypatch, mark).help_requests.count() == 0


def test_anothers_request_is_not_touched_by_its_mark(staff, on_demand, client, monkeypatch):
    made = propose(client, staff.neighbour, on_demand, monkeypatch, on_demand.address_mark)

    assert made.help_requests.count() == 0
    assert not Reply.objects.exists()


def test_a_request_closed_meanwhile_is_left_alone(staff, on_demand, client, monkeypatch):
    made = propose(client, staff.teacher, on_demand, monkeypatch)
    HelpRequest.objects.filter(pk=on_demand.pk).update(closed_at=NOW)

    accept_time(made, made.times.get(), by=staff.deputy, at=NOW)

    assert Booking.objects.count() == 1
    assert on_demand.bookings.count() == 0
