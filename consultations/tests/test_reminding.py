"""Of a consultation both hear the day before and an hour before, of its last time only, and nothing twice."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from consultations.models import Booking
from consultations.operations import book_consultation, cancel_booking, told_moved, told_restored
from consultations.reminding import remind_of_consultations
from ejournal_rollout.desk.clock import Done, strike
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, SchoolFactory, UserFactory
from plans.models import ReminderRules

from .conftest import moscow
from .test_races import at_once

pytestmark = pytest.mark.django_db
MONDAY = moscow("23.11.2026 09:30")
EVENING = moscow("23.11.2026 16:00")


@pytest.fixture(autouse=True)
def morning_is_over(school):
    """The mornings of the plan are another matter."""
    ReminderRules.objects.create(school=school, done_on=MONDAY.date() + timedelta(days=30))


def book(direction, teacher, when, *, specialist=None, at=MONDAY) -> Booking:
    return book_consultation(
        direction,
        specialist=specialist,
        starts_at=moscow(when),
        teacher=teacher,
        question="Не открывается класс",
        by=teacher,
        at=at,
    )


def move(booking, when, *, at):
    was = Booking.objects.with_people().get(pk=booking.pk)
    booking.starts_at, booking.ends_at = moscow(when), moscow(when) + timedelta(minutes=20)
    booking.changed_at, booking.sequence = at, booking.sequence + 1
    booking.save()
    told_moved(booking, booking.teacher, was)


def reminders(person) -> list[str]:
    told = Message.objects.to(person).filter(topic="consultation").order_by("pk")
    starts = ("consultations.reminder:", "consultations.day_ahead:")
    return [one.words for one in told if one.key.startswith(starts)]


@pytest.fixture
def booking(direction, teacher):
    return book(direction, teacher, "24.11.2026 10:20")


def test_the_evening_before_comes_at_four_and_once(booking, teacher, specialist):
    assert strike(at=EVENING - timedelta(minutes=1)) == Done()
    assert strike(at=EVENING) == Done(reminders=2)
    assert strike(at=EVENING) == strike(at=moscow("24.11.2026 09:19")) == Done()
    assert reminders(teacher) == [
        "Завтра консультация: вт, 24 ноября, 10:20–10:40, кабинет 13. С кем: Техников А. П. (Техническое сопровождение)"
    ]
    assert reminders(specialist) == ["Завтра, вт, 24 ноября, у вас 1 консультация: 10:20 Учителева А. П."]


def test_an_hour_before_both_are_told_once_and_not_after_it_began(booking, teacher, specialist):
    strike(at=EVENING)
    assert strike(at=moscow("24.11.2026 09:19")) == Done()
    assert strike(at=moscow("24.11.2026 09:20")) == Done(reminders=2)
    assert strike(at=moscow("24.11.2026 09:20")) == strike(at=moscow("24.11.2026 10:19")) == Done()
    for person, other in ((teacher, "Техников А. П."), (specialist, "Учителева А. П.")):
        assert (
            reminders(person)[-1].startswith("Скоро консультация: вт, 24 ноября, 10:20")
            and other in reminders(person)[-1]
        )


def test_what_has_begun_is_not_reminded_of(booking):
    assert strike(at=moscow("24.11.2026 10:20")) == Done()


def test_after_a_night_without_the_machine_the_day_is_told_in_the_morning(booking, teacher, specialist):
    assert strike(at=moscow("24.11.2026 08:00")) == Done(reminders=2)
    assert reminders(teacher)[0].startswith("Сегодня консультация: ")
    assert reminders(specialist)[0].startswith("Сегодня, вт, 24 ноября, ")


def test_a_machine_that_wakes_in_the_last_hour_tells_of_the_hour_only(booking, teacher):
    assert strike(at=moscow("24.11.2026 10:00")) == Done(reminders=2)
    assert [words.partition(":")[0] for words in reminders(teacher)] == ["Скоро консультация"]


def test_who_books_in_the_evening_is_not_reminded_of_it_at_once(direction, teacher, specialist):
    book(direction, teacher, "24.11.2026 10:20", at=EVENING)
    assert strike(at=EVENING) == strike(at=moscow("23.11.2026 20:00")) == Done()
    assert strike(at=moscow("24.11.2026 09:20")) == Done(reminders=2)


def test_a_moved_consultation_is_reminded_of_by_its_new_time_only(booking, teacher, specialist):
    strike(at=EVENING)
    move(booking, "25.11.2026 12:00", at=moscow("23.11.2026 17:00"))

    assert strike(at=moscow("24.11.2026 09:20")) == Done()  # the old hour
    assert strike(at=moscow("24.11.2026 16:00")) == Done(reminders=2)
    assert strike(at=moscow("25.11.2026 11:00")) == Done(reminders=2)
    assert [words.partition(",")[0] for words in reminders(teacher)][1:] == [
        "Завтра консультация: ср",
        "Скоро консультация: ср",
    ]


def test_moved_within_the_day_the_new_hour_is_told(booking, teacher):
    strike(at=EVENING)
    strike(at=moscow("24.11.2026 09:20"))
    move(booking, "24.11.2026 13:00", at=moscow("24.11.2026 09:40"))
    assert strike(at=moscow("24.11.2026 12:00")) == Done(reminders=2)
    assert "13:00" in reminders(teacher)[-1]


def test_who_hears_of_the_change_within_the_last_hour_is_not_reminded_of_it(booking):
    move(booking, "24.11.2026 10:30", at=moscow("24.11.2026 09:30"))
    assert strike(at=moscow("24.11.2026 09:31")) == Done()
    move(booking, "24.11.2026 10:40", at=moscow("24.11.2026 09:39"))
    assert strike(at=moscow("24.11.2026 09:40")) == Done(reminders=2)


def test_a_cancelled_consultation_is_not_reminded_of_and_a_restored_one_is(booking, teacher):
    cancel_booking(booking, by=teacher, at=MONDAY)
    assert strike(at=EVENING) == Done()

    booking.cancelled_at, booking.sequence, booking.changed_at = None, 2, moscow("23.11.2026 17:00")
    booking.save()
    told_restored(booking, teacher)
    assert strike(at=moscow("24.11.2026 09:20")) == Done(reminders=2)


def test_a_reminder_of_a_time_that_is_gone_rings_no_bell_and_is_not_mailed(booking, teacher, settings):
    settings.MAIL_ENABLED = True
    teacher.user.set_password("зелёный трамвай")
    teacher.user.save()
    strike(at=EVENING)
    (reminder,) = Message.objects.to(teacher).filter(key__startswith="consultations.reminder")
    assert (reminder.by_mail, reminder.read_at) == (True, None)

    move(booking, "25.11.2026 12:00", at=moscow("23.11.2026 17:00"))

    reminder.refresh_from_db()
    assert (reminder.by_mail, reminder.read_at) == (False, moscow("23.11.2026 17:00"))


@pytest.mark.parametrize("hour_letters", [True, False])
def test_the_letter_of_the_hour_can_be_turned_off_and_the_page_tells_all_the_same(
    client, booking, teacher, settings, hour_letters
):
    settings.MAIL_ENABLED = True
    teacher.user.set_password("зелёный трамвай")
    teacher.user.save()
    client.force_login(teacher.user)
    client.post(reverse("people:letters"), {"letters": "at_once"} | ({"hour_letters": "on"} if hour_letters else {}))

    strike(at=EVENING)
    strike(at=moscow("24.11.2026 09:20"))

    told = Message.objects.to(teacher).unread().order_by("pk")
    assert [one.by_mail for one in told] == [True, hour_letters]


def test_a_specialist_gets_one_list_of_the_day_and_no_bell_within_a_row(direction, specialist, school):
    # given four in a row and one in the afternoon
    for place, when in enumerate(["08:00", "08:20", "08:40", "09:00", "12:40"]):
        person = MembershipFactory(school=school, user__last_name=f"Примерова{place}")
        book(direction, person, f"24.11.2026 {when}")
    book(direction, MembershipFactory(school=school), "25.11.2026 08:00")

    assert strike(at=EVENING) == Done(reminders=5 + 1)
    listed = reminders(specialist)
    assert listed == [
        "Завтра, вт, 24 ноября, у вас 5 консультаций: 08:00 Примерова0 А. П.; 08:20 Примерова1 А. П.; "
        "08:40 Примерова2 А. П.; 09:00 Примерова3 А. П.; 12:40 Примерова4 А. П."
    ]
    moment = moscow("24.11.2026 06:55")
    while moment < moscow("24.11.2026 13:00"):
        strike(at=moment)
        moment += timedelta(minutes=5)
    assert [words[:48] for words in reminders(specialist)[1:]] == [
        "Скоро консультация: вт, 24 ноября, 08:00–08:20, ",
        "Скоро консультация: вт, 24 ноября, 12:40–13:00, ",
    ]


def test_a_day_full_of_consultations_is_told_in_one_message(specialist, school):
    for place in range(18):
        direction = DirectionFactory(school=school, room=None, slot_minutes=5)
        book(direction, MembershipFactory(school=school), f"24.11.2026 {8 + place // 6:02}:{place % 6 * 10:02}")
    strike(at=EVENING)
    (words,) = reminders(specialist)
    assert "у вас 18 консультаций" in words and words.endswith("…")


def test_who_has_left_is_not_told(booking, teacher, specialist):
    Membership.objects.filter(pk=teacher.pk).update(left_on=moscow("23.11.2026 12:00").date())
    assert strike(at=EVENING) == Done(reminders=1)
    assert reminders(teacher) == []
    Membership.objects.filter(pk=specialist.pk).update(left_on=booking.starts_at.date())  # the last day is a day
    assert strike(at=moscow("24.11.2026 09:20")) == Done(reminders=1)


def test_each_school_has_its_own_evening():
    kamchatka = SchoolFactory(time_zone="Asia/Kamchatka")  # UTC+12
    ReminderRules.objects.create(school=kamchatka, done_on=MONDAY.date() + timedelta(days=30))
    MembershipFactory(school=kamchatka, roles=[Role.TECHNICAL_SPECIALIST])
    direction = DirectionFactory(school=kamchatka)
    book(direction, MembershipFactory(school=kamchatka), "24.11.2026 01:00", at=moscow("23.11.2026 06:00"))  # 10:00
    assert strike(at=moscow("23.11.2026 06:59")) == Done()
    assert strike(at=moscow("23.11.2026 07:00")) == Done(reminders=2)  # 16:00 there
    assert "10:00–10:20" in Message.objects.filter(key__startswith="consultations.reminder").get().words


def test_the_command_run_twice_tells_nothing_twice(booking, clock):
    clock.at = EVENING
    call_command("tick", verbosity=0)
    before = set(Message.objects.values_list("pk", flat=True))
    call_command("tick", verbosity=0)
    assert set(Message.objects.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("count", [1, 15])
def test_reminding_costs_the_same_for_one_and_for_fifteen(school, specialist, count, django_assert_num_queries):
    for place in range(count):
        direction = DirectionFactory(school=school, room=None, slot_minutes=5)
        book(direction, MembershipFactory(school=school), f"24.11.2026 {8 + place // 6:02}:{place % 6 * 10:02}")
    with django_assert_num_queries(5):  # savepoint, rows, what was told, the new messages, savepoint
        assert remind_of_consultations(school, at=EVENING) == count + 1


@pytest.mark.django_db(transaction=True)
def test_who_cancels_while_the_clock_strikes_is_not_reminded(settings, school, direction, specialist):
    settings.MAIL_ENABLED = True
    for place in range(10):
        user = UserFactory(email=f"person-{place}@school.example", password="зелёный трамвай")
        teacher = MembershipFactory(school=school, user=user)
        made = book(direction, teacher, f"24.11.2026 {8 + place // 3:02}:{place % 3 * 20:02}")

        answers = at_once(
            [
                lambda: remind_of_consultations(school, at=EVENING),
                lambda made=made: cancel_booking(made, by=made.teacher, at=EVENING),
            ]
        )

        assert answers[1] is None and isinstance(answers[0], int)
        told = Message.objects.to(teacher).filter(key__startswith="consultations.reminder:")
        assert not told.unread().exists() and not told.undelivered().exists()
