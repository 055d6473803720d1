"""The pages “What was sent” and “Reminders”."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import BACKOFF_MINUTES, Digest, Message, Topic, mark_of
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, TaskFactory, UserFactory
from plans.models import ReminderRules
from plans.models.reminder_rules import read_days_before
from plans.reminders import Rules
from plans.reminding import rules_of, set_rules

pytestmark = pytest.mark.django_db
TOLD, RULES = "/plan/told/", "/plan/reminders/"


@pytest.fixture
def director():
    return MembershipFactory(roles=[Role.ADMINISTRATION], user=UserFactory(last_name="Образцова"))


def signed_in(member, **how) -> Client:
    client = Client(**how)
    client.force_login(member.user)
    return client


def sent(recipient, words, topic=Topic.AHEAD, about=None, **told):
    about = mark_of(about) if about else ""
    return Message.objects.create(recipient=recipient, key=words, words=words, topic=topic, about=about, **told)


def shown(page):
    return [message.words for message in page.context["page"]]


# --- What was sent


def test_the_page_says_what_was_sent_to_whom_and_whether_it_was_read(director):
    other = MembershipFactory(school=director.school, user=UserFactory(last_name="Условнова"))
    sent(other, "Осталось 14 дней", address="/plan/tasks/4/")
    sent(director, "Срок прошёл", Topic.LATE, read_at=datetime(2026, 10, 17, 5, tzinfo=UTC))

    page = signed_in(director).get(TOLD)

    assert shown(page) == ["Срок прошёл", "Осталось 14 дней"]
    words = page.content.decode()
    for expected in ("Условнова А. П.", 'href="/plan/tasks/4/"', "17.10.2026 08:00", "ещё нет", "без письма"):
        assert expected in words


def test_messages_between_two_people_and_of_other_schools_are_not_shown(director):
    for topic in (Topic.HELP, Topic.CONSULTATION, Topic.ORDER, Topic.OTHER):
        sent(director, f"О другом: {topic}", topic)
    sent(MembershipFactory(roles=[Role.ADMINISTRATION]), "Чужое")
    sent(director, "Наше", Topic.PLAN)
    assert shown(signed_in(director).get(TOLD)) == ["Наше"]


def test_the_address_keeps_the_choice_of_task_person_and_topic(director):
    other = MembershipFactory(school=director.school)
    one, two = TaskFactory(school=director.school), TaskFactory(school=director.school)
    sent(director, "1", Topic.AHEAD, one)
    sent(other, "2", Topic.LATE, one)
    sent(other, "3", Topic.LATE, two)
    client = signed_in(director)

    assert shown(client.get(TOLD, {"task": one.pk})) == ["2", "1"]
    assert shown(client.get(TOLD, {"person": other.pk})) == ["3", "2"]
    assert shown(client.get(TOLD, {"topic": "late", "task": two.pk})) == ["3"]
    assert shown(client.get(TOLD, {"person": other.pk, "topic": "ahead"})) == []
    assert 'class="empty"' in client.get(TOLD, {"topic": "review"}).content.decode()
    # the printed sheet says the choice
    printed = client.get(TOLD, {"person": other.pk, "topic": "late"}).context["narrowed_to"]
    assert printed == f"Кому: {other}; О чём: срок прошёл"
    # the page of the task leads here
    assert f'href="{TOLD}?task={one.pk}"' in client.get(one.get_absolute_url()).content.decode()


def test_a_strange_address_shows_everything_and_nothing_of_other_schools(director):
    foreign = TaskFactory(executors=[Role.DEPUTY_HEAD])
    stranger = MembershipFactory()
    sent(stranger, "Чужое", about=foreign)
    sent(director, "Наше")
    client = signed_in(director)
    for strange in ({"task": foreign.pk}, {"person": stranger.pk}, {"topic": "help"}, {"page": "x"}, {"task": "x"}):
        assert shown(client.get(TOLD, strange)) == ["Наше"], strange


def test_pages_keep_the_choice(director):
    for number in range(51):
        sent(director, f"Напоминание {number}", Topic.LATE)
    sent(director, "Другое", Topic.PLAN)
    client = signed_in(director)
    assert "?topic=late&amp;page=2" in client.get(TOLD, {"topic": "late"}).content.decode()
    assert shown(client.get(TOLD, {"topic": "late", "page": 2})) == ["Напоминание 0"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_for_one_message_and_for_thirty(director, rows, django_assert_num_queries):
    for number in range(rows):
        person = MembershipFactory(school=director.school)
        digest = Digest.objects.create(recipient=person, day=date(2026, 10, 17))
        sent(person, f"{number}", about=TaskFactory(school=director.school), in_digest=True, digest=digest)
    client = signed_in(director)
    with django_assert_num_queries(9):  # the frame's five, tasks, people, count, page
        assert len(shown(client.get(TOLD))) == rows
    last = Message.objects.first()
    chosen = {"task": last.about.partition(":")[2], "person": last.recipient_id}
    with django_assert_num_queries(11):  # and the task and the person of the choice
        assert shown(client.get(TOLD, chosen)) == [last.words]


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ({}, "без письма"),
        ({"by_mail": True}, "в пути"),
        ({"by_mail": True, "sent_at": datetime(2026, 10, 17, 5, tzinfo=UTC)}, "отправлено 17.10.2026 08:00"),
        ({"by_mail": True, "attempts": len(BACKOFF_MINUTES) + 1}, "не удалось отправить"),
        ({"in_digest": True}, "войдёт в письмо дня"),
    ],
)
def test_it_is_said_what_became_of_the_letter(director, letter, words):
    with timezone.override(director.school.zone):
        assert sent(director, "Напоминание", **letter).mail_words == words


@pytest.mark.parametrize(("role", "status"), [(Role.WORKING_GROUP, 200), (Role.DEPUTY_HEAD, 403), (Role.TEACHER, 403)])
def test_the_working_group_may_look_and_others_may_not(director, role, status):
    assert signed_in(MembershipFactory(school=director.school, roles=[role])).get(TOLD).status_code == status


def test_an_empty_page_says_what_will_stand_there(director):
    assert 'class="empty"' in signed_in(director).get(TOLD).content.decode()


# --- How the school wishes to be reminded


GOOD = {"days_before": "1 7,30", "head_after_days": "10", "review_after_days": "5", "hour": "8"}


def test_the_administration_sets_the_reminders_and_the_journal_keeps_it(director):
    ReminderRules.objects.create(school=MembershipFactory().school, days_before="5")
    client = signed_in(director, enforce_csrf_checks=True)
    assert client.post(RULES, GOOD).status_code == 403
    token = client.get(RULES).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    assert client.post(RULES, GOOD | {"csrfmiddlewaretoken": token}).url == RULES

    kept = ReminderRules.objects.get(school=director.school)
    assert (kept.days_before, kept.hour, kept.rules) == ("30, 7, 1", 8, Rules((30, 7, 1), 10, 5))
    entry = Entry.objects.visible_to(director).get(verb="plans.reminders_set")
    assert [(change["old"], change["new"]) for change in entry.changes] == [
        ("14, 7, 1", "30, 7, 1"),
        ("14", "10"),
        ("3", "5"),
        ("7", "8"),
    ]
    assert ReminderRules.objects.exclude(school=director.school).get().days_before == "5"


def test_what_is_kept_unchanged_is_no_act(director):
    set_rules(director.school, by=director, hour=7)
    assert not Entry.objects.exists()


def test_the_usual_rules_hold_until_somebody_sets_others(director):
    assert rules_of(director.school).rules == Rules()
    assert not ReminderRules.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "refusal"),
    [
        ("days_before", "две недели", "Напишите числа дней через запятую, например 14, 7, 1."),
        ("days_before", "14, -7", "Напишите числа дней через запятую, например 14, 7, 1."),
        ("days_before", "61", "Напомнить можно не раньше чем за 60 дней до последнего дня."),
        ("days_before", "1,2,3,4,5,6,7", "До последнего дня бывает не больше 6 напоминаний: оставьте самые нужные."),
        ("head_after_days", "0", "Не меньше одного дня: в последний день задача ещё не просрочена."),
        ("head_after_days", "181", "Не больше полугода (180 дней)."),
        ("review_after_days", "0", "Не меньше одного дня: о самом результате рабочая группа узнаёт сразу."),
        ("review_after_days", "61", "Не больше 60 дней."),
        ("hour", "21", "Напишите час от 0 до 20."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_what_was_typed_is_kept(director, field, typed, refusal):
    page = signed_in(director).post(RULES, GOOD | {field: typed})
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [refusal]}
    assert f'value="{typed}"' in page.content.decode()
    assert not ReminderRules.objects.exists()


@pytest.mark.parametrize(
    ("words", "days"), [("14, 7, 1", (14, 7, 1)), ("1;7  7,14,", (14, 7, 1)), ("0", (0,)), ("60", (60,)), ("", ())]
)
def test_days_are_read_in_any_order(words, days):
    assert read_days_before(words) == days


def test_without_a_head_the_page_says_that_the_administration_is_told(director):
    client = signed_in(director)
    assert "Руководитель не отмечен" in client.get(RULES).content.decode()
    head = MembershipFactory(school=director.school, roles=[Role.WORKING_GROUP], user=UserFactory(last_name="Главнова"))
    RoleHolding.objects.filter(membership=head).update(is_head=True)
    words = client.get(RULES).content.decode()
    assert "Главнова" in words
    assert "Руководитель не отмечен" not in words


def test_the_working_group_does_not_set_the_reminders(director):
    client = signed_in(MembershipFactory(school=director.school, roles=[Role.WORKING_GROUP]))
    assert client.get(RULES).status_code == client.post(RULES, GOOD).status_code == 403
    assert not ReminderRules.objects.exists()
