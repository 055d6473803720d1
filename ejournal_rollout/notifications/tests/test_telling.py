"""Everybody is told once; what mail does not take is tried again, and at last shown to the administration."""

import smtplib
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar

from ejournal_rollout.calendars.ical import CalendarEvent
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import BACKOFF_MINUTES, Message
from ejournal_rollout.notifications.operations import (
    deliver,
    mail_again,
    mark_all_read,
    message,
    notify,
    rescue,
    take_back,
    write,
)
from ejournal_rollout.tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
TOLD = {"key": "task-1-returned", "words": "Задача 1.4\nвозвращена на доработку", "address": "/plan/tasks/4/"}


@pytest.fixture
def person():
    return MembershipFactory(user=UserFactory(email="anna@school.example", password="зелёный трамвай"))


@pytest.fixture
def mail(settings):
    settings.MAIL_ENABLED = True
    settings.SITE_URL = "https://school.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def broken_mail(mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there


def tell(*people, **changed):
    with transaction.atomic():
        notify(people, **(TOLD | changed))


# --- Told once


def test_one_act_is_told_to_one_person_once(person):
    colleague = MembershipFactory(school=person.school)

    tell(person, colleague, person)
    tell(person)
    tell(person, key="task-2-returned")

    assert sorted(Message.objects.values_list("recipient", "key")) == sorted(
        [(person.pk, "task-1-returned"), (person.pk, "task-2-returned"), (colleague.pk, "task-1-returned")]
    )


def test_an_act_that_is_taken_back_tells_nobody(person, mail):
    with pytest.raises(RuntimeError), transaction.atomic():
        notify([person], **TOLD)
        raise RuntimeError

    assert not Message.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_without_mail_the_message_stands_on_the_site_only(person, settings):
    settings.MAIL_ENABLED = False

    tell(person)

    assert not Message.objects.get().by_mail
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("account", [{"email": None, "password": "зелёный"}, {"email": "x@x.example"}])
def test_no_letter_goes_to_somebody_without_an_address_or_an_account(account, mail):
    tell(MembershipFactory(user=UserFactory(**account)))

    assert not Message.objects.get().by_mail


# --- Mail


def test_a_letter_names_the_matter_and_leads_to_it(person, mail, mailoutbox):
    tell(person)
    message = Message.objects.get()

    assert deliver.call(message.pk) == "sent"

    (letter,) = mailoutbox
    assert letter.to == ["anna@school.example"]
    assert letter.subject.endswith(": Задача 1.4 возвращена на доработку")  # one line
    assert "https://school.example/plan/tasks/4/" in letter.body
    assert letter.message()["Message-ID"] == f"<message-{message.pk}@ejournal-rollout>"
    assert Message.objects.get().sent_at


def test_a_letter_goes_once_however_often_the_task_runs(person, mail, mailoutbox):
    tell(person)
    message = Message.objects.get()

    deliver.call(message.pk)
    deliver.call(message.pk)

    assert len(mailoutbox) == 1


def test_a_letter_in_another_workers_hands_is_left_alone(person, mail, mailoutbox):
    tell(person)
    message = Message.objects.get()
    Message.objects.update(leased_until=timezone.now() + timedelta(minutes=1))

    deliver.call(message.pk)
    assert mailoutbox == []

    Message.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver.call(message.pk)
    assert len(mailoutbox) == 1


def test_a_letter_that_fails_is_tried_again_after_growing_pauses_and_then_given_up(person, broken_mail):
    tell(person)
    message = Message.objects.get()

    for _attempt in range(len(BACKOFF_MINUTES)):
        assert deliver.call(message.pk) == "failed"
        assert not Message.objects.dead().exists()
    assert deliver.call(message.pk) == "failed"  # the last one

    soon = (timezone.now(), timezone.now() + timedelta(days=1))  # a task for now stands at the year 9999
    later = DBTaskResult.objects.filter(run_after__range=soon).order_by("run_after")
    moments = [one.run_after for one in later]
    assert len(moments) == len(BACKOFF_MINUTES)
    pauses = [timezone.now(), *moments]
    assert all(later - sooner > timedelta(0) for sooner, later in pairwise(pauses))
    assert round((moments[-1] - timezone.now()) / timedelta(minutes=1)) == BACKOFF_MINUTES[-1]
    assert list(Message.objects.dead()) == [message]
    assert Message.objects.get().last_error
    assert deliver.call(message.pk) != "failed"  # nobody tries any more


def test_a_letter_that_cannot_be_written_is_not_lost(person, mail, settings):
    settings.DEFAULT_FROM_EMAIL = "journal@school.example\nBcc: all@school.example"
    tell(person)
    message = Message.objects.get()

    assert deliver.call(message.pk) == "failed"

    message.refresh_from_db()
    assert message.last_error
    assert message.leased_until is None


def test_a_letter_that_was_given_up_may_be_sent_again(person, mail, mailoutbox):
    head = MembershipFactory(school=person.school, roles=["administration"])
    stranger = MembershipFactory(roles=["administration"])
    tell(person)
    message = Message.objects.get()
    with pytest.raises(ValidationError) as refusal:
        mail_again(message, by=head)
    assert refusal.value.code == "not_dead"
    Message.objects.update(attempts=len(BACKOFF_MINUTES) + 1)

    for somebody in (person, stranger):
        with pytest.raises(PermissionDenied):
            mail_again(message, by=somebody)
    mail_again(message, by=head)
    assert [entry.verb for entry in Entry.objects.about(message)] == ["notifications.mailed_again"]
    deliver.call(message.pk)

    assert len(mailoutbox) == 1


# --- An event with the letter

EVENT = CalendarEvent(
    uid="booking-1@site",
    sequence=2,
    changed_at=datetime(2026, 11, 23, 6, tzinfo=UTC),
    summary="Консультация: Техническое сопровождение",
    starts=datetime(2026, 11, 24, 7, 20, tzinfo=UTC),
    ends=datetime(2026, 11, 24, 7, 40, tzinfo=UTC),
)


@pytest.mark.parametrize("is_cancelled, method", [(False, "REQUEST"), (True, "CANCEL")])
def test_an_event_goes_beside_the_words_and_once_more_as_a_file(
    person, mail, mailoutbox, settings, is_cancelled, method
):
    settings.DEFAULT_FROM_EMAIL = "Журнал школы <journal@school.example>"
    event = CalendarEvent(**(vars(EVENT) | {"is_cancelled": is_cancelled}))
    write([message(person, **TOLD, event=event)])

    assert deliver.call(Message.objects.get().pk) == "sent"

    letter = message_from_bytes(mailoutbox[0].message().as_bytes(linesep="\r\n"))
    assert letter.get_content_type() == "multipart/mixed"
    words, file = letter.get_payload()
    assert words.get_content_type() == "multipart/alternative"
    plain, calendar = words.get_payload()
    assert plain.get_content_type() == "text/plain"
    assert (calendar.get_content_type(), calendar.get_param("method"), calendar.get_content_charset()) == (
        "text/calendar",
        method,
        "utf-8",
    )
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    brought = calendar.get_payload(decode=True)
    assert brought.replace(b"\r\n", b"\n") == file.get_payload(decode=True).replace(b"\r\n", b"\n")
    (told,) = Calendar.from_ical(brought).walk("VEVENT")
    assert (told["uid"], told["sequence"]) == ("booking-1@site", 2)
    assert told["organizer"] == "mailto:journal@school.example"
    assert told["attendee"] == "mailto:anna@school.example"


def test_who_gets_no_letter_gets_no_event_either(person, settings):
    settings.MAIL_ENABLED = False
    write([message(person, **TOLD, event=EVENT)])
    assert Message.objects.get().calendar == ""


def test_what_is_true_no_longer_is_not_mailed_and_rings_no_bell(person, mail, mailoutbox):
    tell(person)
    tell(person, key="another")
    at = timezone.now()

    take_back(Message.objects.filter(key="another"), at=at)

    taken = Message.objects.get(key="another")
    assert (taken.read_at, taken.mail_words) == (at, "без письма: планы с тех пор изменились")
    assert [deliver.call(one.pk) for one in Message.objects.order_by("pk")][0] == "sent"
    assert len(mailoutbox) == 1


# --- Why not


@pytest.mark.parametrize(
    "user, letters, why",
    [
        ({"email": None, "password": "зелёный"}, "at_once", "адрес почты неизвестен"),
        ({"email": "x@x.example"}, "at_once", "учётная запись ещё не открыта"),
        ({"email": "x@x.example", "password": "зелёный"}, "none", "письма отключены самим сотрудником"),
    ],
)
def test_it_is_said_why_there_is_no_letter(mail, user, letters, why):
    tell(MembershipFactory(user=UserFactory(**user), letters=letters))
    assert Message.objects.get().mail_words == f"без письма: {why}"


def test_a_site_without_mail_says_so(person, settings):
    settings.MAIL_ENABLED = False
    tell(person)
    assert Message.objects.get().mail_words == "без письма: сайт писем не отправляет"


@pytest.mark.parametrize(
    "error, why",
    [
        (ConnectionRefusedError(111, "Connection refused"), "почтовый сервер не отвечает"),
        (TimeoutError("timed out"), "почтовый сервер не отвечает"),
        (smtplib.SMTPServerDisconnected("gone"), "почтовый сервер не отвечает"),
        (smtplib.SMTPAuthenticationError(535, b"bad"), "почтовый сервер не принимает письма от сайта"),
        (smtplib.SMTPSenderRefused(550, b"no", "a@b.c"), "почтовый сервер не принимает письма от сайта"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no")}), "почтовый сервер не принимает этот адрес"),
        (smtplib.SMTPDataError(552, b"big"), "почтовый сервер не принял письмо"),
    ],
)
def test_a_failure_is_said_in_words_for_everybody_and_forgotten_when_the_letter_has_gone(
    person, mail, monkeypatch, error, why
):
    def refuse(*_args):
        raise error

    tell(person)
    told = Message.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)  # the server's answer, not ours
        assert deliver.call(told.pk) == "failed"
    assert Message.objects.get().mail_words == f"пока не отправлено, попробуем ещё раз: {why}"

    assert deliver.call(told.pk) == "sent"
    assert Message.objects.get().mail_words.startswith("отправлено ")


# --- What fell


def test_a_task_of_a_killed_worker_goes_back_to_the_queue(person, mail):
    tell(person)
    at = timezone.now()
    DBTaskResult.objects.update(status="RUNNING", started_at=at - timedelta(minutes=15))
    assert rescue(at=at) == 0

    DBTaskResult.objects.update(started_at=at - timedelta(minutes=15, seconds=1))
    assert rescue(at=at) == 1
    assert DBTaskResult.objects.get().status == "READY"


def test_reading_everything_leaves_what_came_later_and_what_is_others(person):
    colleague = MembershipFactory(school=person.school)
    tell(person, colleague)
    seen = timezone.now()
    tell(person, key="later")
    Message.objects.filter(key="later").update(created_at=seen + timedelta(seconds=1))

    assert mark_all_read(person, at=seen) == 1

    assert {(one.recipient, one.key) for one in Message.objects.unread().select_related("recipient")} == {
        (person, "later"),
        (colleague, "task-1-returned"),
    }
