"""One letter a day for those who wish so; at once or never for the others."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import BACKOFF_MINUTES, PLAN_TOPICS, Digest, Message, Topic
from ejournal_rollout.notifications.operations import deliver_digest, mail_again, notify, write_digests
from ejournal_rollout.people.models import Membership
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def mail(settings):
    settings.MAIL_ENABLED = True
    settings.SITE_URL = "https://school.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def member(school, letters="daily", email="anna@school.example", **told):
    return MembershipFactory(
        school=school, letters=letters, user=UserFactory(email=email, password="зелёный трамвай"), **told
    )


def tell(person, words, topic=Topic.PLAN):
    with transaction.atomic():
        notify([person], key=words, words=words, address="/plan/tasks/4/", topic=topic)
    return Message.objects.get(recipient=person, key=words)


def send_all():
    return [deliver_digest.call(pk) for pk in Digest.objects.order_by("pk").values_list("pk", flat=True)]


def test_the_letter_of_the_day_holds_what_was_told_since_the_last_one(school, mail, mailoutbox):
    anna = member(school)
    tell(anna, "Задача 1.2: осталось 14 дней", Topic.AHEAD)
    tell(anna, "Задача 1.4: ваш результат принят")

    assert write_digests(school, on=MONDAY) == 1
    tell(anna, "Задача 2.1: снова открыта")  # after the letter of Monday was written
    assert write_digests(school, on=MONDAY) == 0
    assert write_digests(school, on=TUESDAY) == 1
    assert send_all() == ["sent", "sent"]

    monday, tuesday = mailoutbox
    assert monday.to == ["anna@school.example"]
    assert monday.subject.endswith("новости на 23.11.2026")
    assert monday.body.index("осталось 14 дней") < monday.body.index("результат принят")
    assert monday.body.count("https://school.example/plan/tasks/4/") == 2
    assert f"https://school.example{reverse('people:me')}" in monday.body
    assert "снова открыта" not in monday.body
    assert "снова открыта" in tuesday.body
    assert "результат принят" not in tuesday.body
    assert monday.message()["Message-ID"] != tuesday.message()["Message-ID"]


@pytest.mark.parametrize("letters", Membership.Letters)
@pytest.mark.parametrize("topic", Topic)
def test_only_reminders_and_news_of_the_plan_wait_and_nothing_goes_to_who_wants_no_letters(
    school, mail, letters, topic
):
    message = tell(member(school, letters), "Сообщение", topic)

    waits = letters == "daily" and topic in PLAN_TOPICS
    assert (message.in_digest, message.by_mail) == (waits, letters != "none" and not waits)
    assert DBTaskResult.objects.count() == message.by_mail


def test_each_person_gets_a_letter_of_their_own_and_who_was_told_nothing_gets_none(school, mail, mailoutbox):
    anna, vera = member(school), member(school, email="vera@school.example")
    member(school, email="silent@school.example")
    stranger = member(SchoolFactory(), email="stranger@school.example")
    for one in (anna, vera, stranger):
        tell(one, f"Для {one.pk}")

    assert write_digests(school, on=MONDAY) == 2
    send_all()

    assert {letter.to[0]: letter.body.split("\n")[0] for letter in mailoutbox} == {
        "anna@school.example": f"— Для {anna.pk}",
        "vera@school.example": f"— Для {vera.pk}",
    }


def test_what_was_read_in_the_pages_is_not_mailed_any_more(school, mail):
    message = tell(member(school), "Прочитано")
    Message.objects.update(read_at=timezone.now())
    assert write_digests(school, on=MONDAY) == 0
    message.refresh_from_db()
    assert message.mail_words == "без письма"


def test_who_left_or_wants_no_letters_any_more_gets_no_letter_of_the_day(school, mail):
    gone, silent, sudden = (member(school, email=f"{n}@school.example") for n in range(3))
    for one in (gone, silent, sudden):
        tell(one, "Новость")
    Membership.objects.filter(pk=gone.pk).update(left_on=MONDAY - timedelta(1))
    Membership.objects.filter(pk=silent.pk).update(letters="none")
    Membership.objects.filter(pk=sudden.pk).update(letters="at_once")  # what waited already still comes

    assert write_digests(school, on=MONDAY) == 1
    assert Digest.objects.get().recipient == sudden


def test_without_mail_there_are_no_letters_of_the_day(school, settings):
    settings.MAIL_ENABLED = False
    message = tell(member(school), "Новость")
    assert (message.in_digest, message.by_mail) == (False, False)
    Message.objects.update(in_digest=True)
    assert write_digests(school, on=MONDAY) == 0


def test_two_letters_of_one_day_cannot_be(school):
    anna = member(school)
    Digest.objects.create(recipient=anna, day=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(recipient=anna, day=MONDAY)


def test_the_letter_is_sent_once_however_often_the_task_runs(school, mail, mailoutbox):
    tell(member(school), "Новость")
    write_digests(school, on=MONDAY)
    send_all()
    send_all()
    assert len(mailoutbox) == 1
    assert Message.objects.get().mail_words.startswith("в письме дня, отправлено ")


def test_a_letter_of_the_day_that_fails_is_tried_again_and_at_last_shown_to_the_administration(
    school, mail, settings, client
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    head = member(school, email="head@school.example", roles=["administration"])
    tell(member(school), "Новость")
    write_digests(school, on=MONDAY)
    for _attempt in range(len(BACKOFF_MINUTES) + 1):
        assert not Digest.objects.dead().exists()
        assert send_all() == ["failed"]
    digest = Digest.objects.dead().get()
    assert Message.objects.get().mail_words == "не удалось отправить: почтовый сервер не отвечает"

    client.force_login(head.user)
    assert "Письмо дня 23.11.2026" in client.get(reverse("notifications:messages")).content.decode()
    again = reverse("notifications:digest-send-again", args=[digest.pk])
    client.post(again)
    assert not Digest.objects.dead().exists()
    assert [entry.verb for entry in Entry.objects.about(digest)] == ["notifications.mailed_again"]
    client.force_login(member(SchoolFactory(), email="x@school.example", roles=["administration"]).user)
    assert client.post(again).status_code == 404


def test_a_letter_of_the_day_is_begun_anew_by_its_own_task(school, mail, mailoutbox):
    head = member(school, email="head@school.example", roles=["administration"])
    tell(member(school), "Новость")
    write_digests(school, on=MONDAY)
    Digest.objects.update(attempts=len(BACKOFF_MINUTES) + 1)
    DBTaskResult.objects.all().delete()

    mail_again(Digest.objects.get(), by=head)

    assert DBTaskResult.objects.get().task_path.endswith("deliver_digest")
    send_all()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("count", [1, 30])
def test_a_letter_of_the_day_costs_the_same_for_one_message_and_for_thirty(
    school, mail, count, django_assert_num_queries
):
    anna = member(school)
    for number in range(count):
        tell(anna, f"Новость {number}")
    with django_assert_num_queries(6):  # savepoint twice, who waits, the letter, its messages, its task
        assert write_digests(school, on=MONDAY) == 1


# --- The choice


def test_a_person_chooses_letters_on_their_own_page(school, client, mail):
    anna = member(school, letters="at_once")
    client.force_login(anna.user)
    page = client.get(reverse("people:me")).content.decode()
    assert re.search(r'<input[^>]*value="at_once"[^>]*checked', page) or re.search(r'checked[^>]*value="at_once"', page)

    assert client.post(reverse("people:letters"), {"letters": "daily", "hour_letters": "on"}).url == reverse(
        "people:me"
    )
    anna.refresh_from_db()
    assert anna.letters == "daily"
    entry = Entry.objects.get(verb="people.letters_chosen")
    assert [(change["old"], change["new"]) for change in entry.changes] == [
        ("сразу, письмо о каждом сообщении", "одним письмом в день")
    ]
    client.post(reverse("people:letters"), {"letters": "by pigeon"})
    anna.refresh_from_db()
    assert anna.letters == "daily"
