"""The feeds of terms: who reads what, in which window, and how changes are told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from consultations.models import Booking
from consultations.operations import book_consultation, cancel_booking
from ejournal_rollout.calendars.operations import calendar_secret, site_mark
from ejournal_rollout.desk import calendars
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    RoomFactory,
    RoundFactory,
    SeminarFactory,
    StageFactory,
    TaskFactory,
    order_of,
)
from plans.operations import cancel_task, report_task, watch, write_note

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(calendars, "localdate", lambda: TODAY)


@pytest.fixture
def colleague():
    return MembershipFactory(roles=[Role.EXPERIENCED_COLLEAGUE])


def address(member, kind="school"):
    return reverse("desk:calendar", args=[kind, calendar_secret(member)])


def events(member, kind="school") -> dict[str, dict]:
    """By the words of the summary; asked by a program that has not signed in."""
    answer = Client().get(address(member, kind))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(one["summary"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def task(member, due_on, question="Вопрос", **values):
    return TaskFactory(school=member.school, due_on=due_on, question=question, printed_number="1.4.", **values)


def test_a_term_stands_on_its_last_day_with_the_words_of_the_order(colleague):
    subject = task(colleague, date(2027, 6, 30), term="Май-июнь\n2027", executors_printed="Администрация")
    (told,) = events(colleague).values()
    assert told["summary"] == "Срок 1.4: Вопрос"
    assert told.decoded("dtstart") == date(2027, 6, 30)
    assert "Май-июнь 2027" in told["description"] and "Администрация" in told["description"]
    assert told["url"] == f"http://testserver{subject.get_absolute_url()}"


def test_ones_own_feed_has_the_tasks_of_ones_roles_and_the_schools_feed_all(colleague):
    task(colleague, TODAY, "Моё", executors=[Role.EXPERIENCED_COLLEAGUE])
    task(colleague, TODAY, "Чужое", executors=[Role.TECHNICAL_SPECIALIST])
    assert set(events(colleague, "mine")) == {"Срок 1.4: Моё"}
    assert set(events(colleague)) == {"Срок 1.4: Моё", "Срок 1.4: Чужое"}


def test_a_watched_task_and_the_tasks_of_a_watched_stage_are_in_ones_own_feed(colleague):
    watched = task(colleague, TODAY, "Слежу")
    beside = task(colleague, TODAY, "Этап", stage=StageFactory(plan=watched.stage.plan))
    task(colleague, TODAY, "Не слежу", stage=watched.stage)
    watch(watched, by=colleague)
    watch(beside.stage, by=colleague)
    assert set(events(colleague, "mine")) == {"Срок 1.4: Слежу", "Срок 1.4: Этап"}


def test_the_window_reaches_from_two_months_back_to_twelve_ahead(colleague):
    for words, day in [
        ("давно", date(2026, 9, 22)),
        ("начало", date(2026, 9, 23)),
        ("конец", date(2027, 11, 23)),
        ("потом", date(2027, 11, 24)),
        ("никогда", None),
    ]:
        task(colleague, day, words)
    assert set(events(colleague)) == {"Срок 1.4: начало", "Срок 1.4: конец"}


def test_drafts_stay_away_and_a_closed_order_stays_in_the_window(colleague):
    for state, words in [(Order.State.DRAFT, "проект"), (Order.State.CLOSED, "закрыт")]:
        order = OrderFactory(school=colleague.school, state=state)
        TaskFactory(stage=StageFactory(plan__order=order), due_on=TODAY, question=words, printed_number="1.4.")
    assert set(events(colleague)) == {"Срок 1.4: закрыт"}


def test_each_act_on_a_task_raises_its_sequence_and_keeps_its_name(colleague):
    subject = task(colleague, TODAY, executors=[Role.EXPERIENCED_COLLEAGUE])
    seen = [next(iter(events(colleague).values()))]
    write_note(subject, by=colleague, at=AT, text="Начали")
    seen.append(next(iter(events(colleague).values())))
    report_task(subject, by=colleague, at=AT, result="Готово")
    seen.append(next(iter(events(colleague).values())))
    assert len({one["uid"] for one in seen}) == 1
    assert [one["sequence"] for one in seen] == [0, 1, 2]
    assert seen[0].decoded("last-modified") < seen[1].decoded("last-modified") <= seen[2].decoded("last-modified")


def test_a_cancelled_task_is_struck_out(colleague):
    head = MembershipFactory(school=colleague.school, roles=[Role.ADMINISTRATION])
    cancel_task(task(colleague, TODAY), by=head, at=AT, grounds="Приказ № 5")
    ((summary, told),) = events(colleague).items()
    assert summary.startswith("Срок 1.4: Вопрос (")
    assert told["status"] == "CANCELLED"


def test_who_has_left_reads_no_more_and_neither_does_another_school(colleague):
    task(colleague, TODAY)
    stranger = MembershipFactory()
    assert events(stranger) == {}
    colleague.left_on = TODAY - timedelta(days=1)
    colleague.save()
    assert Client().get(address(colleague)).status_code == 404


@pytest.mark.parametrize("kind, secret", [("mine", "1-abc"), ("all", None)])
def test_a_wrong_address_is_not_found(colleague, kind, secret):
    path = reverse("desk:calendar", args=[kind, secret or calendar_secret(colleague)])
    assert Client().get(path).status_code == 404


def test_an_unchanged_calendar_is_not_sent_again(colleague):
    task(colleague, TODAY)
    first = Client().get(address(colleague))
    assert Client().get(address(colleague), headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("count", [1, 30])
def test_a_feed_costs_six_queries_whatever_its_length(colleague, count):
    for place in range(count):
        RoundFactory(school=colleague.school, checker=colleague, checked=f"№ {place}")
        write_note(
            task(colleague, TODAY, f"№ {place}", executors=[Role.EXPERIENCED_COLLEAGUE]),
            by=colleague,
            at=AT,
            text="Начали",
        )
    path = address(colleague)
    Client().get(path)  # kinds of records are remembered from the first time on
    with CaptureQueriesContext(connection) as queries:
        Client().get(path)
    assert len(queries) == 6


# --- Consultations


@pytest.fixture
def direction(colleague):
    room = RoomFactory(school=colleague.school, name="13")
    roles = [Role.EXPERIENCED_COLLEAGUE]
    return DirectionFactory(school=colleague.school, name="Журнал", roles=roles, room=room, slot_minutes=60)


def booked(direction, specialist, teacher=None, *, hour=10):
    """On Tuesday, by a teacher with a question that is nobody's business."""
    teacher = teacher or MembershipFactory(school=specialist.school, user__last_name="Учителева")
    return book_consultation(
        direction,
        specialist=specialist,
        starts_at=AT.replace(day=24, hour=hour),
        teacher=teacher,
        question="Забыла пароль",
        by=teacher,
        at=AT,
    )


def text(member, kind) -> str:
    return Client().get(address(member, kind)).content.decode().replace("\r\n ", "")


def test_the_two_of_a_consultation_have_it_in_their_feeds_with_the_other_and_without_the_question(direction, colleague):
    made = booked(direction, colleague)
    for reader, other in ((colleague, made.teacher), (made.teacher, colleague)):
        ((summary, told),) = events(reader, "consultations").items()
        assert summary == f"Консультация: Журнал ({other.name})"
        assert (told["uid"], told["sequence"], told["status"]) == (f"booking-{made.pk}@{site_mark()}", 0, "CONFIRMED")
        assert (told.decoded("dtstart"), told.decoded("dtend")) == (made.starts_at, made.ends_at)
        assert (told["location"], told["transp"]) == ("кабинет 13", "OPAQUE")
        assert told["url"] == f"http://testserver{made.get_absolute_url()}"
        assert "парол" not in text(reader, "consultations")


def test_the_consultations_of_others_are_in_nobodys_feed_but_theirs(direction, colleague):
    booked(direction, colleague)
    stranger = MembershipFactory(school=colleague.school, roles=[Role.ADMINISTRATION])
    for kind in ("consultations", "mine", "school"):
        assert events(stranger, kind) == {}


def test_a_rooms_feed_tells_that_it_is_taken_and_nothing_else(direction, colleague):
    made = booked(direction, colleague)
    reader = MembershipFactory(school=colleague.school)
    kind = f"room-{direction.room_id}"
    ((summary, told),) = events(reader, kind).items()
    assert (summary, told["location"]) == ("Занято", "кабинет 13")
    assert (told.decoded("dtstart"), told.decoded("dtend")) == (made.starts_at, made.ends_at)
    assert {"description", "url", "attendee", "organizer"}.isdisjoint(key.lower() for key in told)
    for word in ("парол", "Учителева", "Примерова", "Журнал"):
        assert word not in text(reader, kind).partition("BEGIN:VEVENT")[2]


def test_a_seminar_stands_in_the_feeds_of_its_people_and_its_room_without_their_names(direction, colleague):
    teacher, other = MembershipFactory.create_batch(2, school=colleague.school)
    seminar = SeminarFactory(
        school=colleague.school,
        leaders=[colleague],
        participants=[teacher],
        waiting=[other],
        room=direction.room,
        starts_at=AT + timedelta(days=2),
    )
    for reader, kind in (
        (colleague, "consultations"),
        (teacher, "consultations"),
        (other, f"room-{direction.room_id}"),
    ):
        (told,) = events(reader, kind).values()
        assert told["uid"] == f"seminar-{seminar.pk}@{site_mark()}"
        assert teacher.user.last_name not in text(reader, kind).partition("BEGIN:VEVENT")[2]
    assert events(other, "consultations") == {}


def test_another_room_and_a_room_of_another_school_are_not_told(direction, colleague):
    booked(direction, colleague)
    beside = RoomFactory(school=colleague.school)
    assert events(colleague, f"room-{beside.pk}") == {}
    stranger = MembershipFactory()
    for number in (direction.room_id, 10**9, "9" * 30, "x", ""):
        assert Client().get(address(stranger, f"room-{number}")).status_code == 404


def test_a_cancelled_consultation_is_struck_out_in_every_feed_under_its_name(direction, colleague):
    made = booked(direction, colleague)
    kinds = [(made.teacher, "consultations"), (colleague, "consultations"), (colleague, f"room-{direction.room_id}")]
    before = [next(iter(events(*one).values())) for one in kinds]
    cancel_booking(made, by=made.teacher, at=AT + timedelta(hours=1))
    for one, was in zip(kinds, before, strict=True):
        ((summary, told),) = events(*one).items()
        assert summary.endswith((" (отменена)", "Занято (отменено)"))
        assert (told["uid"], told["sequence"], told["status"]) == (was["uid"], 1, "CANCELLED")
        assert told["transp"] == "TRANSPARENT"
        assert told.decoded("last-modified") > was.decoded("last-modified")


def test_consultations_have_the_same_window_as_terms(direction, colleague):
    made = booked(direction, colleague)
    for day, is_told in [
        (date(2026, 9, 22), False),
        (date(2026, 9, 23), True),
        (date(2027, 11, 23), True),
        (date(2027, 11, 24), False),
    ]:
        start = AT.replace(year=day.year, month=day.month, day=day.day, hour=0)
        for starts_at in (start, start + timedelta(hours=22, minutes=30)):
            ends_at = starts_at + timedelta(hours=1)
            Booking.objects.filter(pk=made.pk).update(starts_at=starts_at, ends_at=ends_at)
            assert bool(events(colleague, "consultations")) is is_told


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("kind", ["consultations", "room"])
def test_a_feed_of_consultations_costs_the_same_whatever_its_length(direction, colleague, kind, count):
    for place in range(count):
        booked(direction, colleague, hour=8 + place)
    path = address(colleague, kind if kind == "consultations" else f"room-{direction.room_id}")
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(path).status_code == 200
    assert len(queries) <= 5


def test_the_page_shows_a_calendar_of_each_room(client, colleague, direction):
    RoomFactory(name="чужой")
    client.force_login(colleague.user)
    page = client.get(reverse("desk:calendars")).content.decode()
    assert f"http://testserver{address(colleague, f'room-{direction.room_id}')}" in page
    assert f"webcal://testserver{address(colleague, 'consultations')}" in page
    assert page.count("/room-") == 1


def test_the_page_shows_the_addresses_and_replaces_them(client, colleague):
    order_of(colleague.school)
    client.force_login(colleague.user)
    page = client.get(reverse("desk:calendars")).content.decode()
    old = address(colleague)
    assert f"http://testserver{old}" in page and f"webcal://testserver{old}" in page
    client.post(reverse("desk:calendars-replace"))
    assert Client().get(old).status_code == 404
    assert Client().get(address(colleague)).status_code == 200
