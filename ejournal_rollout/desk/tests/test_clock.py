"""The clock: each school has its own morning, once a day, whatever happens to the others."""

import logging
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from consultations.models import Screenshot
from consultations.operations import keep_screenshot
from ejournal_rollout.desk.clock import Done, strike
from ejournal_rollout.notifications.models import Digest, Message
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, TaskFactory, UserFactory
from plans.models import ReminderRules, Task
from plans.reminding import remind, set_rules

pytestmark = pytest.mark.django_db
DUE = date(2026, 10, 31)
A_FORTNIGHT_BEFORE = date(2026, 10, 17)


def school_with_a_term(*, zone="Europe/Moscow", due_on=DUE, **person):
    """A school in which one person is reminded 14, 7 and 1 days before."""
    school = SchoolFactory(time_zone=zone)
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], **person)
    TaskFactory(school=school, due_on=due_on, executors=[Role.DEPUTY_HEAD])
    return school


def utc(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def test_the_morning_comes_once_a_day_and_not_before_its_hour():
    school_with_a_term()
    day = A_FORTNIGHT_BEFORE

    assert strike(at=utc(day, 3, 59)) == Done()  # 6:59 in Moscow
    assert strike(at=utc(day, 4)) == Done(reminders=1)
    assert strike(at=utc(day, 4)) == strike(at=utc(day, 20, 59)) == Done()
    assert strike(at=utc(day, 21)) == Done()  # midnight: the next day has begun, its morning has not


def test_each_school_has_the_morning_of_its_own_zone():
    kamchatka = school_with_a_term(zone="Asia/Kamchatka")  # UTC+12
    kaliningrad = school_with_a_term(zone="Europe/Kaliningrad")  # UTC+2
    evening = utc(A_FORTNIGHT_BEFORE - timedelta(1), 19)

    assert strike(at=evening) == Done(reminders=1)  # 7:00 of the 17th in Kamchatka, 21:00 of the 16th in Kaliningrad
    assert Message.objects.get().recipient.school == kamchatka
    assert strike(at=evening + timedelta(hours=9, minutes=59)) == Done()
    assert strike(at=evening + timedelta(hours=10)) == Done(reminders=1)
    assert Message.objects.first().recipient.school == kaliningrad


def test_a_night_on_which_the_clocks_change_has_one_morning():
    # given a school whose hour does not exist on 29 March 2026: from 2:00 the clocks go to 3:00
    school = school_with_a_term(zone="Europe/Berlin", due_on=date(2026, 4, 12))
    Order.objects.update(in_force_since=date(2026, 3, 1), signed_on=date(2026, 3, 1))
    ReminderRules.objects.create(school=school, hour=2)
    assert strike(at=utc(date(2026, 3, 29), 0, 59)) == Done()  # 1:59
    assert strike(at=utc(date(2026, 3, 29), 1)) == Done(reminders=1)  # 3:00

    # and one whose hour comes twice on 25 October
    ReminderRules.objects.update(done_on=date(2026, 10, 24))
    Task.objects.update(due_on=date(2026, 11, 8))
    assert strike(at=utc(date(2026, 10, 25), 0)) == Done(reminders=1)  # 2:00 for the first time
    assert strike(at=utc(date(2026, 10, 25), 1)) == Done()  # 2:00 again


def test_after_a_week_without_the_machine_one_notice_is_said():
    school_with_a_term()
    strike(at=utc(date(2026, 10, 16), 9))
    assert strike(at=utc(date(2026, 10, 26), 9)) == Done(reminders=1)  # the 17th and the 24th were missed
    assert "осталось 5 дней" in Message.objects.get().words


def test_without_an_order_in_force_the_morning_is_silent_but_waiting_letters_still_go(settings):
    settings.MAIL_ENABLED = True
    school = school_with_a_term(letters="daily", user=UserFactory(password="зелёный трамвай"))
    remind(school, on=A_FORTNIGHT_BEFORE)
    Order.objects.update(state=Order.State.CLOSED)

    assert strike(at=utc(date(2026, 10, 24), 9)) == Done(digests=1)
    assert strike(at=utc(date(2026, 10, 30), 9)) == Done()


def test_the_reminder_of_the_morning_stands_in_the_letter_of_that_day(settings):
    settings.MAIL_ENABLED = True
    school_with_a_term(letters="daily", user=UserFactory(password="зелёный трамвай"))
    assert strike(at=utc(A_FORTNIGHT_BEFORE, 9)) == Done(reminders=1, digests=1)
    assert Digest.objects.get().messages.get() == Message.objects.get()


def test_the_failure_of_one_school_is_logged_stops_no_other_and_is_tried_again(caplog):
    broken, other = school_with_a_term(), school_with_a_term()
    rules = ReminderRules.objects.create(school=broken, days_before="fourteen")  # no form lets that in
    at = utc(A_FORTNIGHT_BEFORE, 9)

    with caplog.at_level(logging.ERROR):
        assert strike(at=at) == Done(reminders=1, failed=1)
    assert Message.objects.get().recipient.school == other
    assert f"school {broken.pk} failed" in caplog.text

    ReminderRules.objects.filter(pk=rules.pk).update(days_before="14")
    assert strike(at=at + timedelta(minutes=5)) == Done(reminders=1)
    assert {message.recipient.school for message in Message.objects.all()} == {broken, other}


def test_a_changed_hour_holds_from_the_next_morning():
    school = school_with_a_term()
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    set_rules(school, by=director, hour=12)
    assert strike(at=utc(A_FORTNIGHT_BEFORE, 8, 59)) == Done()
    assert strike(at=utc(A_FORTNIGHT_BEFORE, 9)) == Done(reminders=1)


def test_schools_that_had_their_morning_cost_one_query_together(django_assert_num_queries):
    for _ in range(5):
        school_with_a_term()
    strike(at=utc(A_FORTNIGHT_BEFORE, 9))
    # The schools with their rules; consultations; stuck tasks; old staff lists; unsent screenshots; passed offers.
    with django_assert_num_queries(6):
        strike(at=utc(A_FORTNIGHT_BEFORE, 10))


def test_the_clock_forgets_a_screenshot_that_was_never_sent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sent_at = utc(A_FORTNIGHT_BEFORE, 9)
    file = ContentFile(b"\x89PNG\r\n\x1a\n", "screen.png")
    keep_screenshot(file, by=MembershipFactory(), at=sent_at)

    strike(at=sent_at + timedelta(hours=24))
    assert Screenshot.objects.count() == 1
    strike(at=sent_at + timedelta(hours=25))
    assert Screenshot.objects.count() == 0


def test_the_command_reads_the_clock_and_says_what_it_did(monkeypatch, capsys):
    school_with_a_term()
    monkeypatch.setattr(timezone, "now", lambda: utc(A_FORTNIGHT_BEFORE, 9))
    call_command("tick")
    call_command("tick")
    rest = (
        "писем дня: 0, возвращено в очередь застрявших заданий: 0, удалено старых списков сотрудников: 0, "
        "передано мест на занятиях: 0"
    )
    assert capsys.readouterr().out.splitlines() == [f"напоминаний: 1, {rest}", f"напоминаний: 0, {rest}"]


def test_the_command_names_the_number_of_schools_that_failed(monkeypatch, capsys):
    monkeypatch.setattr("ejournal_rollout.desk.management.commands.tick.strike", lambda at: Done(failed=2))
    call_command("tick")
    assert capsys.readouterr().err.strip() == "школ с ошибкой (подробности в журнале сервера): 2"


def at_once(act, *, times=4):
    """The answers of an act that several processes begin at the same moment."""
    start, found = threading.Barrier(times), []

    def run():
        try:
            start.wait()
            found.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_of_ticks_at_the_same_moment_one_does_the_work(settings):
    settings.MAIL_ENABLED = True
    school_with_a_term(letters="daily", user=UserFactory(password="зелёный трамвай"))

    found = at_once(lambda: strike(at=utc(A_FORTNIGHT_BEFORE, 9)))

    assert sorted(found, key=lambda done: done.reminders) == [Done(), Done(), Done(), Done(reminders=1, digests=1)]
    assert (Message.objects.count(), Digest.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_reminding_at_the_same_moment_tells_nothing_twice_even_without_the_mark_of_the_day():
    school = school_with_a_term()
    assert len(at_once(lambda: remind(school, on=A_FORTNIGHT_BEFORE))) == 4
    assert Message.objects.count() == 1
