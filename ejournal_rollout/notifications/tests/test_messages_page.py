"""The page of messages: one's own, and for the administration the letters that did not go out."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ejournal_rollout.notifications.models import BACKOFF_MINUTES, Message
from ejournal_rollout.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "/messages/"


def message(recipient, words="Задача возвращена", **told) -> Message:
    return Message.objects.create(recipient=recipient, key=words, words=words, **told)


def dead(recipient, words) -> Message:
    return message(recipient, words, by_mail=True, attempts=len(BACKOFF_MINUTES) + 1, last_error="Connection refused")


def signed_in(member, *, csrf=False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(member.user)
    return client


def test_one_reads_ones_own_messages_and_the_bell_counts_the_new_ones():
    member = MembershipFactory(roles=["administration"])
    message(member, "Новое", address="/plan/")
    message(member, "Прочитанное", read_at=now())
    message(MembershipFactory(school=member.school), "Чужое")

    page = signed_in(member).get(reverse("notifications:messages"))

    assert [one.words for one in page.context["page"]] == ["Прочитанное", "Новое"]
    assert page.context["unread_count"] == 1
    assert "Чужое" not in page.content.decode()
    assert page.content.decode().count("message-new") == 1


def test_a_settled_message_says_so_and_the_bell_does_not_count_it():
    member = MembershipFactory()
    message(member, "Примите результат", settled_at=now())

    page = signed_in(member).get(PAGE)

    assert page.context["unread_count"] == 0
    assert "вопрос закрыт" in page.content.decode()
    assert "message-new" not in page.content.decode()


def test_all_are_marked_as_read_by_a_form_with_a_token():
    member = MembershipFactory()
    message(member)
    client = signed_in(member, csrf=True)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(PAGE).content.decode())[1]

    assert client.post(reverse("notifications:read-all")).status_code == 403
    assert client.get(reverse("notifications:read-all")).status_code == 405
    assert Message.objects.unread().count() == 1
    assert client.post(reverse("notifications:read-all"), {"csrfmiddlewaretoken": token}).url == PAGE
    assert Message.objects.unread().count() == 0


def test_letters_that_did_not_go_out_are_shown_to_the_administration_of_that_school():
    head = MembershipFactory(roles=["administration"])
    dead(MembershipFactory(school=head.school), "Консультация завтра")
    dead(MembershipFactory(), "Письмо другой школы")

    assert [one.words for one in signed_in(head).get(PAGE).context["unsent"]] == ["Консультация завтра"]
    colleague = MembershipFactory(school=head.school, roles=["working_group"])
    assert "Консультация завтра" not in signed_in(colleague).get(PAGE).content.decode()


def test_a_letter_of_another_school_cannot_be_sent_again():
    head = MembershipFactory(roles=["administration"])
    theirs = dead(MembershipFactory(), "Письмо другой школы")
    ours = dead(MembershipFactory(school=head.school), "Консультация завтра")
    client = signed_in(head)

    assert client.post(reverse("notifications:message-send-again", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("notifications:message-send-again", args=[ours.pk])).url == PAGE
    assert list(Message.objects.dead()) == [theirs]


@pytest.mark.parametrize("rows", [1, 30])
def test_messages_cost_the_same_for_one_and_for_thirty(rows, django_assert_num_queries):
    head = MembershipFactory(roles=["administration"])
    for number in range(rows):
        message(head, f"Сообщение {number}")
        dead(MembershipFactory(school=head.school), f"Письмо {number}")
    client = signed_in(head)

    with django_assert_num_queries(9):  # the frame's five, count, page, letters, letters of the day
        page = client.get(PAGE)

    assert len(page.context["page"]) == len(page.context["unsent"]) == rows


def test_older_messages_stand_on_the_next_page_and_a_strange_number_shows_the_first():
    member = MembershipFactory()
    for number in range(31):
        message(member, f"Сообщение {number}")
    client = signed_in(member)

    assert [one.words for one in client.get(PAGE, {"page": 2}).context["page"]] == ["Сообщение 0"]
    for strange in ("x", "-1", "0"):
        assert client.get(PAGE, {"page": strange}).context["page"].number == 1


def test_an_empty_page_says_what_will_stand_there():
    assert 'class="empty"' in signed_in(MembershipFactory()).get(PAGE).content.decode()
