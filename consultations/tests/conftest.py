"""A school in an ordinary week: Monday 23 November 2026, half past nine in the morning."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from consultations.models import Seminar
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    RoomFactory,
    SchoolFactory,
    SeminarFactory,
)

MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(words: str) -> datetime:
    """A moment of the school: "24.11.2026 10:20"."""
    return datetime.strptime(words, "%d.%m.%Y %H:%M").replace(tzinfo=MOSCOW)


NOW = moscow("23.11.2026 09:30")


@pytest.fixture
def school(db):
    return SchoolFactory()


@pytest.fixture
def specialist(school) -> Membership:
    return MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Техников")


@pytest.fixture
def teacher(school) -> Membership:
    return MembershipFactory(school=school, user__last_name="Учителева")


@pytest.fixture
def direction(school, specialist):
    """Every working day from 8 to 14, twenty minutes, in a room of its own."""
    return DirectionFactory(school=school, name="Техническое сопровождение", room=RoomFactory(school=school, name="13"))


@pytest.fixture
def head(school) -> Membership:
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


@pytest.fixture
def seminar(school, specialist, teacher) -> Seminar:
    """On Wednesday the 25th, 15:00, with one who has a place."""
    return SeminarFactory(school=school, leaders=[specialist], participants=[teacher])


@pytest.fixture
def clock(monkeypatch):
    """The pages look at the clock of NOW; `clock.at = ...` moves it."""

    class Clock:
        at = NOW

    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.at)
    return Clock
