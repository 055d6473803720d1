"""Letters of a seminar bring its event to those whom it takes, and take it from those whom it takes no more."""

from datetime import timedelta

import pytest

from consultations.models import Seminar
from consultations.operations import (
    cancel_seminar,
    confirm_place,
    leave_seminar,
    plan_seminar,
    sign_up,
)
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role

from .conftest import NOW, moscow
from .test_seminar_places import line_of
from .test_seminars import change, values
from .test_telling import brought, latest, with_mail

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def mail(settings):
    settings.MAIL_ENABLED = True
    settings.SITE_URL = "https://school.example"
    settings.DEFAULT_FROM_EMAIL = "journal@school.example"


@pytest.fixture
def leader(school):
    return with_mail("Техников", "tech", school, roles=[Role.TECHNICAL_SPECIALIST])


@pytest.fixture
def people(school):
    return [with_mail("Учителева", f"teacher{place}", school) for place in range(3)]


@pytest.fixture
def seminar(leader, people) -> Seminar:
    return plan_seminar(leaders=[leader], by=leader, at=NOW, **values(places=1))


def uid(seminar) -> str:
    return f"seminar-{seminar.pk}@{site_mark()}"


def test_who_leads_and_who_takes_a_place_gets_the_event_and_who_is_invited_or_waits_does_not(seminar, leader, people):
    invited = latest(people[0])
    sign_up(seminar, people[0], by=people[0], at=LATER)
    sign_up(seminar, people[1], by=people[1], at=LATER)

    assert (invited.calendar, latest(people[1]).calendar) == ("", "")
    for person, told_at in ((leader, NOW), (people[0], LATER)):
        method, event = brought(latest(person))
        assert (method, event["uid"], event["sequence"]) == ("REQUEST", uid(seminar), 0)
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (seminar.starts_at, seminar.ends_at)
        assert event.decoded("dtstamp") == told_at
        assert event["attendee"] == f"mailto:{person.user.email}"
        assert event["url"] == f"https://school.example{seminar.get_absolute_url()}"
        assert latest(person).read_at == told_at  # of the own act no bell rings
    assert "Учителева" not in latest(leader).calendar


def test_a_place_given_up_leaves_the_calendar_and_the_next_has_it_when_confirmed(seminar, people):
    for one in people[:2]:
        sign_up(seminar, one, by=one, at=NOW)
    leave_seminar(line_of(seminar, people[0]), by=people[0], at=LATER)

    method, event = brought(latest(people[0]))
    assert (method, event["uid"], event["status"]) == ("CANCEL", uid(seminar), "CANCELLED")
    assert latest(people[1]).calendar == ""  # the place is only offered

    confirm_place(line_of(seminar, people[1]), by=people[1], at=LATER)
    assert brought(latest(people[1]))[0] == "REQUEST"


def test_who_waited_and_leaves_is_sent_no_event(seminar, people, leader):
    for one in people[:2]:
        sign_up(seminar, one, by=one, at=NOW)
    leave_seminar(line_of(seminar, people[1]), by=leader, at=LATER)
    assert latest(people[1]).calendar == ""


def test_a_change_reaches_calendars_under_the_next_number_and_leaves_that_of_who_led_it(
    seminar, leader, people, school
):
    sign_up(seminar, people[0], by=people[0], at=NOW)
    other = with_mail("Методистова", "method", school, roles=[Role.TECHNICAL_SPECIALIST])
    moved = {"starts_at": moscow("26.11.2026 15:00"), "ends_at": moscow("26.11.2026 16:00")}
    change(seminar, leader, at=LATER, leaders=[other], **moved)

    for person in (people[0], other):
        method, event = brought(latest(person))
        assert (method, event["sequence"]) == ("REQUEST", 1)
        assert event.decoded("dtstart") == moved["starts_at"]
    assert brought(latest(leader))[0] == "CANCEL"


def test_a_cancelled_seminar_leaves_every_calendar_that_has_it(seminar, leader, people):
    for one in people[:2]:
        sign_up(seminar, one, by=one, at=NOW)
    cancel_seminar(seminar, reason="Болезнь", by=leader, at=LATER)

    for person in (leader, people[0]):
        method, event = brought(latest(person))
        assert (method, event["sequence"], event["status"]) == ("CANCEL", 1, "CANCELLED")
    assert "Болезнь" in latest(people[1]).words
    assert latest(people[1]).calendar == ""
    assert Message.objects.to(people[2]).count() == 1  # the invitation to sign up
