"""Of a seminar its leaders and those with a place hear the day before and an hour before, and nothing twice."""

from datetime import timedelta

import pytest

from consultations.models import Participation, Seminar
from consultations.operations import cancel_seminar, leave_seminar, sign_up
from ejournal_rollout.desk.clock import Done, strike
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.tests.factories import MembershipFactory, SeminarFactory
from plans.models import ReminderRules

from .conftest import NOW, moscow
from .test_seminar_places import line_of
from .test_seminars import change

pytestmark = pytest.mark.django_db
EVENING = moscow("24.11.2026 16:00")
HOUR = moscow("25.11.2026 14:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def morning_is_over(school):
    """The mornings of the plan are another matter."""
    ReminderRules.objects.create(school=school, done_on=NOW.date() + timedelta(days=30))


@pytest.fixture
def staff(school) -> list[Membership]:
    return MembershipFactory.create_batch(3, school=school)


@pytest.fixture
def seminar(school, specialist, staff) -> Seminar:
    """Wednesday 25 November, 15:00: two have places, one waits."""
    made = SeminarFactory(
        school=school,
        title="Вес отметки",
        leaders=[specialist],
        participants=staff[:2],
        waiting=staff[2:],
        changed_at=NOW,
    )
    Participation.objects.of(made).update(added_at=NOW)
    return made


def reminders(person):
    return Message.objects.to(person).filter(key__startswith="consultations.seminar_reminder:").order_by("pk")


def test_leaders_and_those_with_a_place_hear_at_four_and_an_hour_before_and_once(seminar, specialist, staff):
    assert strike(at=EVENING - MINUTE) == Done()
    assert strike(at=EVENING) == Done(reminders=3)
    assert strike(at=EVENING + MINUTE) == strike(at=HOUR - MINUTE) == Done()
    assert strike(at=HOUR) == Done(reminders=3)
    assert strike(at=HOUR + MINUTE) == strike(at=seminar.starts_at) == Done()
    for person in (specialist, *staff[:2]):
        evening, hour = (one.words for one in reminders(person))
        assert evening.startswith("Завтра: ")
        assert hour.startswith("Скоро: ")
        assert "Вес отметки" in hour
        assert "ср, 25 ноября, 15:00–16:30" in hour
    assert not reminders(staff[2])


def test_who_has_not_confirmed_the_place_or_signs_up_later_is_not_reminded(school, seminar, specialist, staff):
    Participation.objects.of(seminar).filter(participant=staff[0]).update(offered_until=HOUR - timedelta(hours=2))
    leave_seminar(line_of(seminar, staff[1]), by=staff[1], at=NOW)
    sign_up(seminar, staff[1], by=specialist, at=EVENING)

    assert strike(at=EVENING).reminders == 1  # the leader
    assert not reminders(staff[1])


def test_a_moved_seminar_is_reminded_of_by_its_new_time_and_the_old_reminder_is_taken_back(seminar, specialist, staff):
    strike(at=EVENING)
    later = timedelta(days=1)
    change(
        seminar,
        specialist,
        at=EVENING + MINUTE,
        starts_at=seminar.starts_at + later,
        ends_at=seminar.ends_at + later,
    )
    assert not Message.objects.unread().filter(key__startswith="consultations.seminar_reminder:")

    assert strike(at=HOUR) == Done()
    assert strike(at=EVENING + later) == Done(reminders=3)
    assert "26 ноября" in reminders(staff[0]).last().words


def test_a_cancelled_seminar_is_not_reminded_of_and_its_reminder_is_taken_back(seminar, specialist, staff):
    strike(at=EVENING)
    cancel_seminar(seminar, reason="Болезнь", by=specialist, at=EVENING + MINUTE)

    assert not reminders(staff[0]).unread()
    assert strike(at=HOUR) == Done()


def test_who_gave_up_the_place_keeps_no_reminder(seminar, staff):
    strike(at=EVENING)
    leave_seminar(line_of(seminar, staff[0]), by=staff[0], at=EVENING + MINUTE)

    assert not reminders(staff[0]).unread()
    assert reminders(staff[1]).unread()


def test_who_wants_no_letter_of_the_hour_is_told_in_the_pages(seminar, staff, settings):
    settings.MAIL_ENABLED = True
    user = staff[0].user
    user.email = "t@school.example"
    user.set_password("зелёный трамвай")
    user.save()
    staff[0].hour_letters = False
    staff[0].save()

    strike(at=EVENING)
    strike(at=HOUR)

    assert [one.by_mail for one in reminders(staff[0])] == [True, False]
