"""Rounds where several rooms meet: the school's calendar, help after a remark, the note as a file, the feeds."""

import io
import re
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from icalendar import Calendar

from consultations.models import CalendarChange
from ejournal_rollout.calendars.operations import calendar_secret
from ejournal_rollout.desk.clock import strike
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    FindingFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    TaskFactory,
)
from plans.models import Finding, Round
from plans.operations import cancel_round, follow_finding, move_round
from support.models import HelpRequest

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Every page is read at noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def school():
    return SchoolFactory()


def signed_in(member):
    browser = Client()
    browser.force_login(member.user)
    browser.member = member
    return browser


@pytest.fixture
def browser(school):
    """Of a member of the working group."""
    return signed_in(MembershipFactory(school=school, roles=[Role.WORKING_GROUP]))


@pytest.fixture
def task(school):
    return TaskFactory(school=school, by_separate_schedule=True)


def words(page):
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def ticks(page):
    """The days that the page offers, and whether each is ticked."""
    found = re.findall(r'<input type="checkbox"[^>]*name="days"[^>]*>', page.content.decode())
    return {re.search(r'value="([^"]+)"', one)[1]: "checked" in one for one in found}


# --- Planning

SERIES = {"checked": "Ведение журнала", "pace": "months", "every": "1", "first_on": "2026-12-06", "until": "2027-02-28"}


def test_the_days_are_shown_before_they_are_planned_and_days_off_are_left_to_the_person(browser, school, task):
    CalendarChange.objects.create(school=school, first_on=date(2027, 2, 8), last_on=date(2027, 2, 9), reason="Карантин")
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), {**SERIES, "show": "1"})

    assert ticks(page) == {
        "2026-12-06": False,  # Sunday
        "2026-12-07": True,
        "2027-01-06": False,  # New Year holidays
        "2027-01-11": True,
        "2027-02-06": False,  # Saturday; Monday and Tuesday are closed
        "2027-02-10": True,
    }
    assert "Новогодние каникулы" in words(page)
    assert not Round.objects.exists()


def test_a_day_off_falls_out_where_the_series_goes_on_before_the_school_works_again(browser, school, task):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 12, 28), last_on=date(2027, 1, 10), reason="Зимние каникулы"
    )
    weekly = {**SERIES, "pace": "weeks", "first_on": "2026-12-28", "until": "2027-01-15", "show": "1"}
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), weekly)

    assert ticks(page) == {"2026-12-28": False, "2027-01-04": False, "2027-01-11": True}
    assert words(page).count("Зимние каникулы: день выпадает") == 2
    assert "вместо «пн, 28 декабря»" not in words(page)


def test_the_last_day_of_a_series_is_moved_even_beyond_its_end(browser, school, task):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 12, 28), last_on=date(2027, 1, 10), reason="Зимние каникулы"
    )
    weekly = {**SERIES, "pace": "weeks", "first_on": "2026-12-21", "until": "2026-12-31", "show": "1"}
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), weekly)

    assert ticks(page) == {"2026-12-21": True, "2026-12-28": False, "2027-01-11": True}
    assert "вместо «пн, 28 декабря»" in words(page)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"first_on": "2025-01-10", "pace": "once"}, "first_on", "10.01.2025 не относится"),
        ({"until": "2028-02-28"}, "until", "06.01.2028 не относится"),
        ({"pace": "weeks", "until": "2027-12-31", "first_on": "2026-01-12"}, "until", "60"),
    ],
)
def test_days_that_cannot_be_planned_are_refused_before_they_are_shown(browser, task, typed, field, says):
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), {**SERIES, **typed, "show": "1"})

    assert page.status_code == 422
    assert says in " ".join(page.context["form"].errors[field])
    assert ticks(page) == {}


def test_exactly_the_ticked_days_are_planned_a_sunday_too(browser, task):
    person = MembershipFactory(school=browser.member.school)
    typed = {
        **SERIES,
        "days": ["2026-12-06", "2027-01-11"],
        "checker": f"person-{person.pk}",
        "indicators": "Темы, %: 100",
        "plan": "1",
    }
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), typed, follow=True)

    assert "Запланированы 2 проверки." in words(page)
    rounds = Round.objects.in_order()
    assert [(one.planned_on, one.checker) for one in rounds] == [
        (date(2026, 12, 6), person),
        (date(2027, 1, 11), person),
    ]
    assert rounds[1].indicators.get().norm == "100"


def test_planning_without_ticks_shows_the_days_first(browser, task):
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), {**SERIES, "plan": "1"})
    assert len(ticks(page)) == 6
    assert not Round.objects.exists()


def test_a_refusal_keeps_the_ticks_and_the_words(browser, task):
    typed = {**SERIES, "days": ["2026-12-06", "2029-01-11"], "classes": "7-Б", "plan": "1"}
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), typed)
    assert page.status_code == 422
    assert "11.01.2029 не относится к 2026/2027 учебному году" in words(page)
    assert {day for day, is_ticked in ticks(page).items() if is_ticked} == {"2026-12-06", "2029-01-11"}
    assert 'value="7-Б"' in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"until": "2026-12-05"}, "Последний день не может быть раньше первого"),
        ({"until": ""}, "Выберите последний день"),
        ({"first_on": "завтра"}, "24.11.2026"),
        ({"checker": "teacher"}, "teacher"),
        ({"checker": "person-999999"}, "person-999999"),
        ({"indicators": "т" * 201}, "слишком длинная"),
        ({"indicators": "тема\n" * 31}, "Строк больше, чем 30"),
        ({"indicators": "Темы, %: 101"}, "не больше 100 %: Темы, %"),
        ({"days": ["вчера"]}, "вчера"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(browser, task, typed, says):
    page = browser.post(reverse("desk:rounds-new", args=[task.pk]), {**SERIES, **typed, "show": "1"})
    assert page.status_code == 422
    assert says in words(page)


def test_the_list_to_begin_with_fits_the_task(browser, school):
    weights = TaskFactory(school=school, question="Мониторинг «веса» отметки")
    weight = TaskFactory(school=school, question="«Вес» отметки по предметам")
    journal = TaskFactory(school=school, question="Весь журнал")
    pages = [browser.get(reverse("desk:rounds-new", args=[one.pk])) for one in (weights, weight, journal)]
    assert ["Контрольная работа" in words(page) for page in pages] == [True, True, False]


def test_another_schools_task_and_people_are_not_there(browser):
    assert browser.get(reverse("desk:rounds-new", args=[TaskFactory().pk])).status_code == 404
    assert browser.get(reverse("desk:round-move", args=[RoundFactory().pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_planning_costs_the_same_in_a_big_school(
    browser, school, task, rows, django_assert_max_num_queries
):
    MembershipFactory.create_batch(rows, school=school)
    with django_assert_max_num_queries(12):
        page = browser.post(reverse("desk:rounds-new", args=[task.pk]), {**SERIES, "show": "1"})
    assert page.content.decode().count('value="person-') == rows + 1


def test_a_day_off_is_asked_about_once_more(browser, school):
    checked = RoundFactory(school=school)
    address = reverse("desk:round-move", args=[checked.pk])
    page = browser.post(address, {"planned_on": "2026-12-13"})
    assert page.status_code == 422
    assert "Ближайший рабочий день — пн, 14 декабря 2026" in words(page)
    assert 'type="checkbox" name="anyway"' in page.content.decode()
    assert Round.objects.get().planned_on == date(2026, 12, 15)

    browser.post(address, {"planned_on": "2026-12-13", "anyway": "on"})
    assert Round.objects.get().planned_on == date(2026, 12, 13)


def test_a_repeated_check_is_planned_from_the_page_of_the_first(browser, school):
    held = RoundFactory(school=school, held_on=TODAY, held_by=browser.member, result="да")
    page = browser.post(reverse("desk:round-repeat", args=[held.pk]), {"planned_on": "2026-12-14"}, follow=True)
    assert Round.objects.get(repeats=held).planned_on == date(2026, 12, 14)
    assert "Проверка назначена на 14.12.2026" in words(page)
    assert browser.get(reverse("desk:round-repeat", args=[held.pk])).status_code == 200
    again = browser.post(reverse("desk:round-repeat", args=[held.pk]), {"planned_on": "2026-12-15"})
    assert again.status_code == 422 and "Повторная проверка уже запланирована" in words(again)


# --- Help after a remark


def test_a_remark_becomes_a_help_request_of_the_teacher(browser, school):
    finding = FindingFactory(school=school)
    direction = DirectionFactory(school=school)
    address = reverse("desk:finding-help", args=[finding.pk])
    page = browser.get(address)
    assert 'value="7-Б, алгебра: Не записаны темы трёх уроков"' in page.content.decode()
    typed = {"direction": direction.pk, "question": "Как записать темы?", "description": "После проверки"}

    page = browser.post(address, typed, follow=True)

    made = HelpRequest.objects.get()
    assert (made.requester, made.registered_by, made.direction) == (finding.teacher, browser.member, direction)
    assert made.question == "Как записать темы?"
    assert f'<a href="{made.get_absolute_url()}">Обращение {made.number}</a>' in page.content.decode()
    # and the second time nothing is made
    assert browser.post(address, typed).status_code == 422
    assert HelpRequest.objects.count() == 1


def test_of_two_at_once_the_second_makes_no_request(browser, school):
    finding = FindingFactory(school=school)
    follow_finding(Finding.objects.get(), outcome="Обращение 2026-001", path="/", by=browser.member, at=AT)
    typed = {"direction": DirectionFactory(school=school).pk, "question": "Как записать темы?"}
    page = browser.post(reverse("desk:finding-help", args=[finding.pk]), typed)
    assert page.status_code == 422
    assert not HelpRequest.objects.exists() and not Message.objects.exists()


def test_a_consultation_is_proposed_and_the_teacher_books_it_with_the_question_written(browser, school):
    finding = FindingFactory(school=school)
    MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    direction = DirectionFactory(school=school)
    question = "Как перенести темы & задания?"

    browser.post(
        reverse("desk:finding-consultation", args=[finding.pk]), {"direction": direction.pk, "question": question}
    )

    teacher = signed_in(finding.teacher)
    message = Message.objects.get(recipient=finding.teacher)
    assert message.address == finding.get_absolute_url()
    page = teacher.get(message.address.partition("#")[0])
    link = unescape(re.search(r'href="(/consultations/direction/[^"]+)"', page.content.decode())[1])
    page = teacher.get(link)
    assert f">{question}</textarea>" in unescape(page.content.decode()).replace("\n", "")
    # every address of the page carries the question on, also without scripts
    addresses = [unescape(one) for one in re.findall(r'href="(/consultations/direction/[^"]+)"', page.content.decode())]
    assert addresses and {parse_qs(urlsplit(one).query)["question"][0] for one in addresses} == {question}
    chosen = next(one for one in addresses if "time=" in one)
    page = teacher.get(chosen)
    hidden = dict(
        re.findall(r'<input type="hidden" name="(day|time|specialist)" value="([^"]*)"', page.content.decode())
    )
    teacher.post(reverse("consultations:book", args=[direction.pk]), {**hidden, "question": question})
    assert finding.teacher.consultations_booked.get().question == question


def test_in_a_direction_as_needed_the_question_goes_along(browser, school):
    direction = DirectionFactory(school=school, is_on_demand=True)
    page = browser.get(reverse("consultations:book", args=[direction.pk]), {"question": "Как быть?"}, follow=True)
    assert page.redirect_chain and "Как быть?</textarea>" in page.content.decode()


def test_help_is_offered_by_those_who_check_and_may_write_for_others(browser, school):
    checker = MembershipFactory(school=school)
    finding = FindingFactory(school=school, round=RoundFactory(school=school, checker=checker))
    DirectionFactory(school=school)
    for name in ("desk:finding-help", "desk:finding-consultation"):
        address = reverse(name, args=[finding.pk])
        people = (browser.member, checker, finding.teacher, MembershipFactory(school=school), MembershipFactory())
        answers = [signed_in(member).get(address).status_code for member in people]
        assert answers == [200, 403, 403, 404, 404]


def test_a_remark_to_nobody_and_a_school_without_a_schedule_get_words(browser, school):
    nobodys = FindingFactory(school=school, teacher=None)
    assert browser.get(reverse("desk:finding-help", args=[nobodys.pk])).status_code == 404
    page = browser.get(reverse("desk:finding-help", args=[FindingFactory(school=school).pk]))
    assert "спросить пока некого" in words(page)


# --- Paper


def test_the_note_is_a_word_file_with_every_remark(browser, school):
    held = RoundFactory(
        school=school, checked="Ведение журнала", held_on=TODAY, held_by=browser.member, result="Проверено\n12 страниц"
    )
    held.indicators.create(words="Темы, %", norm="100", found="94")
    finding = FindingFactory(school=school, round=held)
    address = reverse("desk:round-docx", args=[held.pk])

    answer = browser.get(address)

    document = Document(io.BytesIO(b"".join(answer.streaming_content)))
    text = [one.text for one in document.paragraphs]
    assert text[:3] == [school.name, "СПРАВКА", "по итогам проверки «Ведение журнала»"]
    assert {"Когда: 23.11.2026", "Результаты", "Проверено", "12 страниц", "Замечания", "Ознакомлены"} <= set(text)
    measured, remarks = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables)
    assert measured[1:] == [["Темы, %", "100", "94"]]
    assert remarks[1][1:3] == [f"{finding.teacher.full_name}, 7-Б, алгебра", "Не записаны темы трёх уроков"]
    assert signed_in(finding.teacher).get(address).status_code == 403


def test_a_round_without_a_result_has_no_note(browser, school):
    assert browser.get(reverse("desk:round-docx", args=[RoundFactory(school=school).pk])).status_code == 404


# --- Calendars


def feed(member, kind="school"):
    answer = Client().get(reverse("desk:calendar", args=[kind, calendar_secret(member)]))
    return {str(one["uid"]).partition("@")[0]: one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_round_stands_on_its_day_and_its_sequence_grows(browser, school):
    checked = RoundFactory(school=school, checked="Ведение журнала", classes="7-А")
    FindingFactory(school=school, round=checked, text="Нет тем")
    uid = f"round-{checked.pk}"
    first = feed(browser.member)[uid]
    assert (str(first["summary"]), first.decoded("dtstart")) == ("Проверка: Ведение журнала", date(2026, 12, 15))
    assert "Классы: 7-А" in first["description"] and "Нет тем" not in first["description"]

    move_round(checked, planned_on=date(2026, 12, 16), by=browser.member, at=AT)
    moved = feed(browser.member)[uid]
    cancel_round(checked, reason="карантин", by=browser.member, at=AT)
    cancelled = feed(browser.member)[uid]

    assert moved.decoded("dtstart") == date(2026, 12, 16)
    assert first["sequence"] < moved["sequence"] < cancelled["sequence"]
    assert [str(one["status"]) for one in (first, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_a_held_round_stands_on_the_day_on_which_it_was_held(browser, school):
    RoundFactory(school=school, held_on=TODAY, held_by=browser.member, result="да")
    (event,) = feed(browser.member).values()
    assert event.decoded("dtstart") == TODAY
    assert str(event["summary"]).endswith("(проведена)")


def test_ones_own_feed_has_the_rounds_in_which_one_checks(school):
    member = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    own = RoundFactory(school=school, checker=member)
    by_role = RoundFactory(school=school, checker_role=Role.TECHNICAL_SPECIALIST)
    entrusted = RoundFactory(
        school=school, task=TaskFactory(school=school, executors=[Role.TECHNICAL_SPECIALIST, Role.TEACHER])
    )
    RoundFactory(school=school, task=entrusted.task, checker_role=Role.WORKING_GROUP)
    RoundFactory(checker_role=Role.TECHNICAL_SPECIALIST)
    assert set(feed(member, "mine")) == {f"round-{one.pk}" for one in (own, by_role, entrusted)}
    teacher = MembershipFactory(school=school)
    assert (len(feed(teacher, "mine")), len(feed(teacher))) == (0, 4)


def test_days_out_of_the_window_stay_away(browser, school):
    for day in (date(2026, 9, 22), date(2026, 9, 23), date(2027, 11, 23), date(2027, 11, 24)):
        RoundFactory(school=school, planned_on=day)
    assert {one.decoded("dtstart") for one in feed(browser.member).values()} == {date(2026, 9, 23), date(2027, 11, 23)}


# --- The clock


def test_the_morning_of_the_school_tells_of_rounds_once(school):
    checker = MembershipFactory(school=school)
    RoundFactory(school=school, checker=checker)
    morning = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
    assert [strike(at=morning).reminders, strike(at=morning).reminders] == [1, 0]
    assert Message.objects.get().recipient == checker
