"""Questions of a direction whose specialist the schedule names by name."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from consultations.models import DirectionRole
from ejournal_rollout.notifications.models import Message
from support.models import HelpRequest
from support.operations import may_register_for_others, specialists_for, take_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(staff):
    """The neighbour holds no role; the direction `methodical` names her, and no longer the deputy's role."""
    DirectionRole.objects.filter(direction=staff.methodical).update(role="", person=staff.neighbour)
    return staff.neighbour


@pytest.fixture
def asked(staff, named, client):
    client.force_login(staff.teacher.user)
    sent = {"direction": staff.methodical.pk, "question": "Как исправить тему?", "description": "", "form": "online"}
    client.post(reverse("support:request-new"), sent)
    return HelpRequest.objects.get()


def test_the_named_person_is_told_and_the_holder_of_the_post_is_not(asked, named):
    assert [one.recipient for one in Message.objects.all()] == [named]


def test_the_named_person_sees_takes_and_answers_the_request(asked, named, client):
    client.force_login(named.user)

    page = client.get(reverse("support:requests"), {"list": "nobodys"})
    assert asked.question in page.content.decode()
    client.post(reverse("support:request-take", args=[asked.pk]))
    client.post(reverse("support:request-reply", args=[asked.pk]), {"text": "Откройте урок."})

    asked.refresh_from_db()
    assert asked.assignee == named
    assert asked.answered_at is not None
    assert client.get(reverse("support:request-book", args=[asked.pk])).status_code == 200


def test_the_holder_of_the_post_does_not_see_the_request(asked, staff, client):
    client.force_login(staff.deputy.user)

    assert client.get(asked.get_absolute_url()).status_code == 404


def test_a_request_may_be_handed_to_the_named_person_and_only_of_the_own_school(asked, named, staff):
    DirectionRole.objects.filter(direction=staff.technical).update(person=staff.stranger)
    asked.direction = staff.technical

    found = specialists_for(asked, at=timezone.now())

    assert named in found
    assert staff.stranger not in found


def test_the_named_person_writes_down_questions_of_others(named, staff):
    assert may_register_for_others(named, at=timezone.now())
    assert not may_register_for_others(staff.teacher, at=timezone.now())


def test_one_who_has_left_answers_no_more(asked, named):
    named.left_on = timezone.localdate() - timedelta(days=3)
    named.save()

    with pytest.raises(PermissionDenied):
        take_request(asked, by=named, at=timezone.now())
