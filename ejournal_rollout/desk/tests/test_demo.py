"""One command from nothing to a working site."""

import io
import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations.models import Booking, Seminar
from ejournal_rollout.desk.management.commands import demo
from ejournal_rollout.desk.sample_school import make_sample_school
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from plans.models import Task

pytestmark = pytest.mark.django_db


def run(**options) -> str:
    out = io.StringIO()
    call_command("demo", no_serve=True, stdout=out, **options)
    return out.getvalue()


def everything() -> list:
    out = io.StringIO()
    call_command("dumpdata", exclude=["contenttypes", "auth.permission", "sessions"], stdout=out)
    return json.loads(out.getvalue())


def test_the_demo_makes_a_school_with_the_order_in_force_and_says_how_to_come_in():
    said = run()

    old, current = Order.objects.order_by("first_year")
    assert (old.first_year, old.number, old.state) == (2021, "337/01-18", Order.State.CLOSED)
    assert current.state == Order.State.IN_FORCE
    assert current.replaces == old
    assert Task.objects.filter(stage__plan__order=current).count() == 8
    last = Task.objects.filter(stage__plan__order=current).in_order().last()
    assert last.term == f"Июнь {current.first_year + 1}"
    for member in Membership.objects.select_related("user"):
        assert member.user.email in said
        assert member.user.check_password(demo.PASSWORD)


def test_run_again_it_changes_nothing_and_loses_nothing():
    run()
    Task.objects.filter(completed_on=None).update(result="сделано людьми")
    before = everything()

    run()

    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_reset_asks_first_and_deletes_nothing_without_a_yes(monkeypatch):
    run()
    Task.objects.update(result="сделано людьми")
    monkeypatch.setattr("builtins.input", lambda question: "нет")
    with pytest.raises(CommandError):
        run(reset=True)
    assert Task.objects.filter(result="сделано людьми").exists()

    monkeypatch.setattr("builtins.input", lambda question: "yes")
    run(reset=True)
    assert not Task.objects.filter(result="сделано людьми").exists()
    assert Task.objects.count() == 16


@pytest.mark.django_db(transaction=True)
def test_reset_with_nobody_to_answer_deletes_nothing(monkeypatch):
    run()
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError):
        run(reset=True)
    assert Task.objects.count() == 16


def test_the_demo_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        run()


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 11, 24), date(2027, 7, 5)])
def test_the_report_on_consultations_has_numbers_whenever_the_demo_begins(day):
    at = datetime.combine(day, time(9), tzinfo=UTC)

    school = make_sample_school(at=at)

    earlier = Booking.objects.filter(direction__schedule__order__school=school, ends_at__lt=at - timedelta(days=4))
    assert all(one.specialist != one.teacher for one in earlier)
    if day > date(2026, 9, 15):
        assert {one.came for one in earlier} == {None, True, False}  # None: cancelled
        assert earlier.exclude(topic=None).exists()


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 26),
        date(2026, 11, 28),
        date(2026, 12, 23),
        date(2027, 1, 5),
        date(2027, 5, 31),
        date(2027, 7, 11),
    ],
    ids=["Thursday", "Saturday", "before the holidays", "holidays", "last day of lessons", "summer"],
)
def test_the_demo_is_made_on_any_day_and_its_seminars_do_not_meet(day, monkeypatch):
    at = datetime.combine(day, time(9), tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    school = make_sample_school(at=at)

    days = [timezone.localdate(one.starts_at, school.zone) for one in Seminar.objects.filter(school=school)]
    assert len(days) == len(set(days)) == 3
