"""Single keys are a comfort for those who want them: everybody may read which there are and turn them off."""

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.history.models import Entry
from ejournal_rollout.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
ME, SHORTCUTS = reverse("people:me"), reverse("people:shortcuts")
LIST = '<dialog id="shortcuts"'


@pytest.fixture
def teacher():
    return MembershipFactory()


@pytest.fixture
def client(teacher):
    browser = Client()
    browser.force_login(teacher.user)
    return browser


def test_every_page_of_a_member_carries_the_list_of_keys(client):
    for name in ("desk:home", "plans:plan", "people:me"):
        assert LIST in client.get(reverse(name)).content.decode(), name


def test_the_door_has_no_keys():
    assert LIST not in Client().get(reverse("account_login")).content.decode()


def test_keys_are_turned_off_and_on_again_by_their_owner_alone(client, teacher):
    other = MembershipFactory(school=teacher.school)

    answer = client.post(SHORTCUTS, {"on": "0"}, follow=True)
    page = answer.content.decode()
    assert answer.request["PATH_INFO"] == ME
    assert LIST not in page
    assert "Включить" in page
    assert "отправить форму" in page  # the list can still be read here
    other.refresh_from_db()
    assert other.uses_shortcuts
    assert Entry.objects.about(teacher).get().verb == "people.shortcuts_chosen"

    assert LIST in client.post(SHORTCUTS, {"on": "1"}, follow=True).content.decode()


@pytest.mark.parametrize("typed", [{}, {"on": "perhaps"}])
def test_something_else_than_on_or_off_changes_nothing(client, teacher, typed):
    client.post(SHORTCUTS, typed)
    teacher.refresh_from_db()
    assert teacher.uses_shortcuts
    assert not Entry.objects.exists()


def test_keys_are_not_changed_by_reading_a_page(client):
    assert client.get(SHORTCUTS).status_code == 405
