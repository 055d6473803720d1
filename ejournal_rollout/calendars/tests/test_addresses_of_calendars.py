"""Secret addresses: told at any time, opened by nobody else, closed when replaced."""

import pytest

from ejournal_rollout.calendars.operations import calendar_secret, member_of_secret, replace_calendar_secret
from ejournal_rollout.history.models import Entry
from ejournal_rollout.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_the_secret_is_the_same_every_time_and_opens_its_own_calendar():
    member, other = MembershipFactory(), MembershipFactory()
    assert calendar_secret(member) == calendar_secret(member) != calendar_secret(other)
    assert member_of_secret(calendar_secret(member)) == member


def test_a_replaced_secret_opens_nothing_and_the_new_one_does():
    member = MembershipFactory()
    first = calendar_secret(member)
    replace_calendar_secret(member)
    second = calendar_secret(member)
    assert member_of_secret(first) is None
    assert member_of_secret(second) == member
    replace_calendar_secret(member)
    assert len({first, second, calendar_secret(member)}) == 3
    assert member_of_secret(second) is None
    entry = Entry.objects.get(verb="calendars.address_replaced", object_id=member.pk, pk=Entry.objects.latest("pk").pk)
    assert second not in str(entry.changes) + entry.subject


@pytest.mark.parametrize("bad", ["", "-", "1", "x-1", "1-", "²-abc", "9" * 30 + "-abc", "1-" + "0" * 40])
def test_guessed_secrets_open_nothing(bad):
    MembershipFactory(pk=1)
    assert member_of_secret(bad) is None


def test_another_site_has_other_secrets(settings):
    member = MembershipFactory()
    here = calendar_secret(member)
    settings.SECRET_KEY = "another site"
    assert calendar_secret(member) != here
