"""The two of a consultation hear of every change, in the pages and by letters that their calendars understand."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar

from consultations.models import Booking
from consultations.operations import (
    book_consultation,
    cancel_booking,
    told_booked,
    told_moved,
    told_restored,
)
from consultations.operations.telling import REMINDER
from ejournal_rollout.calendars.operations import site_mark
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.notifications.operations import deliver, mark_all_read
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, RoomFactory, UserFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
SECRET = "Не могу войти: пароль не подходит"


@pytest.fixture(autouse=True)
def mail(settings):
    settings.MAIL_ENABLED = True
    settings.SITE_URL = "https://school.example"
    settings.DEFAULT_FROM_EMAIL = "journal@school.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def with_mail(name, mail, school, **told):
    user = UserFactory(last_name=name, email=f"{mail}@school.example", password="зелёный трамвай")
    return MembershipFactory(school=school, user=user, **told)


@pytest.fixture
def specialist(school):
    return with_mail("Техников", "tech", school, roles=[Role.TECHNICAL_SPECIALIST])


@pytest.fixture
def teacher(school):
    return with_mail("Учителева", "teacher", school)


@pytest.fixture
def booking(direction, teacher, specialist):
    return book_consultation(
        direction,
        specialist=specialist,
        starts_at=moscow("24.11.2026 10:20"),
        teacher=teacher,
        question=SECRET,
        by=teacher,
        at=NOW,
    )


def move(booking, when, *, by, **changed):
    """What any operation that moves a consultation does, and then tells."""
    was = Booking.objects.with_people().get(pk=booking.pk)
    booking.starts_at, booking.ends_at = moscow(when), moscow(when) + timedelta(minutes=20)
    booking.changed_at, booking.sequence = LATER, booking.sequence + 1
    for name, value in changed.items():
        setattr(booking, name, value)
    with transaction.atomic():
        booking.save()
        told_moved(booking, by, was)


def latest(person) -> Message:
    return Message.objects.to(person).order_by("pk").last()


def brought(message) -> tuple[str, dict]:
    """The method and the event of its letter."""
    calendar = Calendar.from_ical(message.calendar)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def test_a_booking_is_confirmed_to_both_and_rings_the_bell_of_the_other(booking, teacher, specialist):
    assert {(one.recipient, bool(one.read_at)) for one in Message.objects.all()} == {
        (teacher, True),
        (specialist, False),
    }
    for person in (teacher, specialist):
        words = latest(person).words
        assert "вт, 24 ноября, 10:20–10:40, кабинет 13" in words


def test_the_letter_of_a_booking_brings_the_event_to_each_of_the_two(booking, teacher, specialist):
    for person, other in ((teacher, specialist), (specialist, teacher)):
        method, event = brought(latest(person))
        assert method == "REQUEST"
        assert (event["uid"], event["sequence"]) == (f"booking-{booking.pk}@{site_mark()}", 0)
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (booking.starts_at, booking.ends_at)
        assert event.decoded("dtstamp") == NOW
        assert event["dtstart"].params["TZID"] == "Europe/Moscow"
        assert event["organizer"] == "mailto:journal@school.example"
        assert event["attendee"] == f"mailto:{person.user.email}"
        assert other.name in event["summary"] and event["location"] == "кабинет 13"
        assert event["url"] == f"https://school.example{booking.get_absolute_url()}"
        assert other.user.email not in latest(person).calendar


def test_the_question_is_in_no_letter(booking, teacher, mailoutbox):
    cancel_booking(booking, by=teacher, at=LATER)
    for message in Message.objects.all():
        deliver.call(message.pk)
    assert len(mailoutbox) == 4
    for letter in mailoutbox:
        told = letter.message()
        parts = [part.get_payload(decode=True).decode() for part in told.walk() if not part.is_multipart()]
        assert all("пароль" not in part for part in [letter.subject, *parts])


def test_who_books_for_a_teacher_is_named_and_both_hear_it(direction, teacher, specialist, school):
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], user__last_name="Завучева")
    book_consultation(
        direction,
        specialist=specialist,
        starts_at=moscow("24.11.2026 10:20"),
        teacher=teacher,
        question=SECRET,
        by=deputy,
        at=NOW,
    )
    told = Message.objects.unread()
    assert {one.recipient for one in told} == {teacher, specialist}
    assert all("Завучева А. П." in one.words for one in told)


def test_a_moved_booking_keeps_its_name_and_the_event_of_its_first_letter(booking, teacher, specialist):
    first = latest(teacher)

    move(booking, "25.11.2026 12:00", by=specialist)

    told = latest(teacher)
    assert not told.read_at and latest(specialist).read_at
    assert "24 ноября, 10:20–10:40" in told.words and "25 ноября, 12:00–12:20" in told.words
    method, event = brought(told)
    assert (method, event["sequence"]) == ("REQUEST", 1)
    assert event["uid"] == brought(first)[1]["uid"]
    assert event.decoded("dtstart") == moscow("25.11.2026 12:00")
    assert event.decoded("dtstamp") == LATER
    # the letter that was not sent yet still tells what was true when it was written
    first.refresh_from_db()
    assert brought(first)[1].decoded("dtstart") == moscow("24.11.2026 10:20")


def test_another_room_is_told_with_the_move(booking, teacher, school):
    move(booking, "24.11.2026 10:20", by=teacher, room=RoomFactory(school=school, name="27"))
    assert "10:20–10:40, кабинет 27" in latest(booking.specialist).words
    assert brought(latest(teacher))[1]["location"] == "кабинет 27"


def test_a_specialist_who_gives_it_no_longer_is_called_off(client, booking, teacher, specialist, school):
    deputy = with_mail("Завучева", "deputy", school, roles=[Role.DEPUTY_HEAD])

    move(booking, "25.11.2026 12:00", by=teacher, specialist=deputy)

    assert brought(latest(deputy))[0] == "REQUEST"
    told = latest(specialist)
    assert "24 ноября, 10:20–10:40" in told.words and "Завучева А. П." in told.words
    client.force_login(specialist.user)
    assert client.get(told.address).status_code == 200
    method, event = brought(told)
    assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert event.decoded("dtstart") == moscow("24.11.2026 10:20")


def test_a_cancelled_booking_is_called_off_with_the_reason(booking, teacher, specialist):
    cancel_booking(booking, by=specialist, at=LATER, reason="Вызвали в управление")

    assert "Вызвали в управление" in latest(teacher).words
    for person in (teacher, specialist):
        method, event = brought(latest(person))
        assert (method, event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)
        assert event.decoded("dtstamp") == LATER
    assert latest(specialist).read_at and not latest(teacher).read_at


def test_a_booking_that_takes_place_after_all_comes_back_under_its_name(booking, teacher, specialist):
    cancel_booking(booking, by=teacher, at=LATER)
    booking.cancelled_at, booking.sequence = None, booking.sequence + 1
    booking.save()

    told_restored(booking, teacher)

    method, event = brought(latest(specialist))
    assert (method, event["status"], event["sequence"]) == ("REQUEST", "CONFIRMED", 2)
    # cancelled once more, it is told once more
    cancel_booking(booking, by=teacher, at=LATER + timedelta(hours=1))
    assert brought(latest(specialist))[1]["sequence"] == 3


def test_telling_the_same_change_twice_tells_it_once(booking, teacher):
    told_booked(booking, teacher)
    assert Message.objects.count() == 2


def test_a_refused_booking_tells_nobody(booking, direction, school, specialist):
    before = Message.objects.count()
    with pytest.raises(ValidationError):
        book_consultation(
            direction,
            specialist=specialist,
            starts_at=booking.starts_at,
            teacher=MembershipFactory(school=school),
            question="Вопрос",
            by=specialist,
            at=NOW,
        )
    assert Message.objects.count() == before


def test_a_booking_stands_when_the_mail_server_is_down(settings, booking, teacher):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    assert deliver.call(latest(teacher).pk) == "failed"

    assert Booking.objects.live().get() == booking
    assert latest(teacher).mail_words == "пока не отправлено, попробуем ещё раз: почтовый сервер не отвечает"


# --- What the page of a booking says of the letters


def page(client, booking, reader) -> str:
    client.force_login(reader.user)
    return client.get(booking.get_absolute_url()).content.decode()


def test_the_page_says_that_letters_are_on_their_way_and_when_they_went(client, booking, teacher, specialist):
    assert "Учителева А. П.: в пути" in page(client, booking, teacher)
    deliver.call(latest(teacher).pk)
    words = page(client, booking, teacher)
    assert "Учителева А. П.: отправлено " in words and "Техников А. П.: в пути" in words
    assert "и без письма" not in words


def test_the_page_says_that_the_letter_was_not_sent_and_that_the_booking_holds(client, booking, specialist, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    deliver.call(latest(specialist).pk)
    words = page(client, booking, booking.teacher)
    assert "Техников А. П.: пока не отправлено, попробуем ещё раз: почтовый сервер не отвечает" in words
    assert "и без письма" in words


def test_why_one_gets_no_letters_is_told_to_oneself_alone(client, direction, specialist, school):
    silent = with_mail("Молчанова", "silent", school, letters="none")
    made = book_consultation(
        direction,
        specialist=specialist,
        starts_at=moscow("24.11.2026 10:20"),
        teacher=silent,
        question=SECRET,
        by=silent,
        at=NOW,
    )
    assert "Молчанова А. П.: без письма: письма отключены самим сотрудником" in page(client, made, silent)
    cancel_booking(made, by=specialist, at=LATER, reason="Вызвали в управление")
    words = page(client, made, specialist)
    assert "Молчанова А. П.: без письма, узнает на сайте" in words and "отключены" not in words


def test_the_page_says_that_the_other_has_read_it(client, booking, teacher, specialist):
    assert "Техников А. П.: в пути<" in page(client, booking, teacher)
    mark_all_read(specialist, at=timezone.now())
    assert "Техников А. П.: в пути, прочитано на сайте<" in page(client, booking, teacher)
    Message.objects.update(by_mail=False)
    assert "Техников А. П.: прочитано на сайте<" in page(client, booking, teacher)


def test_the_page_speaks_of_the_last_change_and_not_of_reminders(client, booking, teacher):
    deliver.call(latest(teacher).pk)
    cancel_booking(booking, by=teacher, at=LATER)
    Message.objects.create(
        recipient=teacher, key=f"{REMINDER}1", words="Скоро", about=f"consultations.booking:{booking.pk}"
    )
    assert "Учителева А. П.: в пути" in page(client, booking, teacher)
