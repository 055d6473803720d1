"""A specialist's own lessons: nobody can book in them, and what was booked before is said."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.availability import Availability
from consultations.models import Bell, Booking, CalendarChange, Direction, Lesson
from consultations.operations import add_lesson, book_consultation, consultations_in_the_way, delete_lesson
from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .conftest import NOW, moscow
from .test_timetable_file import ics

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 11, 24)


def lesson_of(specialist, **given) -> Lesson:
    """Each Tuesday from half past eight, till the summer."""
    weekly = {"weekday": 2, "starts": time(8, 30), "ends": time(9, 15)}
    days = {"first_on": date(2026, 9, 1), "last_on": date(2027, 5, 31)}
    return Lesson(specialist=specialist, **(weekly | days | given))


def written(specialist, **given) -> Lesson:
    lesson = lesson_of(specialist, **given)
    add_lesson(lesson, by=specialist, at=NOW)
    return lesson


def mornings(direction, teacher, day=TUESDAY) -> list[str]:
    """What is free that day before ten."""
    times = Availability(Direction.objects.all(), teacher=teacher, at=NOW).times(direction, day, day)
    return [f"{one.starts_at:%H:%M}" for one in times if one.starts_at.hour < 10]


WITHOUT_LESSON = ["08:00", "08:20", "08:40", "09:00", "09:20", "09:40"]
WITH_LESSON = ["08:00", "09:20", "09:40"]


def test_a_lesson_takes_its_time_each_week_and_no_other_day(direction, teacher, specialist):
    written(specialist)

    assert mornings(direction, teacher) == WITH_LESSON
    assert mornings(direction, teacher, date(2026, 12, 1)) == WITH_LESSON
    assert mornings(direction, teacher, date(2026, 11, 25)) == WITHOUT_LESSON


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"first_on": TUESDAY, "every_weeks": 2}, WITH_LESSON),
        ({"first_on": date(2026, 11, 18), "every_weeks": 2}, WITHOUT_LESSON),  # the week before is the first
        ({"last_on": date(2026, 11, 23)}, WITHOUT_LESSON),
        ({"last_on": TUESDAY}, WITH_LESSON),
    ],
)
def test_a_lesson_counts_from_its_first_to_its_last_day_and_in_its_weeks(direction, teacher, specialist, given, left):
    written(specialist, **given)

    assert mornings(direction, teacher) == left


def test_in_school_holidays_there_are_no_lessons_and_a_saturday_may_have_those_of_tuesday(
    direction, teacher, specialist, school
):
    written(specialist)
    CalendarChange.objects.create(
        school=school, kind="open_holidays", first_on=TUESDAY, last_on=TUESDAY, reason="Каникулы"
    )
    saturday = date(2026, 11, 28)
    CalendarChange.objects.create(
        school=school, kind="working", first_on=saturday, last_on=saturday, as_weekday=2, reason="За вторник"
    )

    assert mornings(direction, teacher) == WITHOUT_LESSON
    assert mornings(direction, teacher, saturday) == WITH_LESSON


def test_a_teacher_who_gives_a_lesson_then_is_not_offered_the_time(direction, teacher, specialist):
    written(teacher)

    assert mornings(direction, teacher) == WITH_LESSON
    assert mornings(direction, MembershipFactory(school=teacher.school)) == WITHOUT_LESSON


def test_the_refusal_says_that_the_specialist_has_a_lesson(direction, teacher, specialist):
    written(specialist)

    with pytest.raises(ValidationError, match="у специалиста урок"):
        book_consultation(
            direction,
            specialist=specialist,
            starts_at=moscow("24.11.2026 08:40"),
            teacher=teacher,
            question="?",
            by=teacher,
            at=NOW,
        )


def test_a_consultation_booked_before_the_lesson_was_written_is_kept_and_said(direction, teacher, specialist, clock):
    inside, outside = (
        book_consultation(
            direction, specialist=None, starts_at=moscow(when), teacher=teacher, question="?", by=teacher, at=NOW
        )
        for when in ("24.11.2026 08:40", "24.11.2026 10:00")
    )
    written(specialist)
    client = Client()
    client.force_login(specialist.user)

    assert consultations_in_the_way(specialist, at=NOW) == [inside]
    page = client.get(reverse("consultations:lessons")).content.decode()

    assert inside.get_absolute_url() in page and outside.get_absolute_url() not in page
    assert Booking.objects.live().count() == 2


def test_lessons_are_written_by_the_specialist_and_the_administration_and_by_nobody_else(specialist, teacher, school):
    deputy = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    add_lesson(lesson_of(specialist), by=deputy, at=NOW)
    lesson = written(specialist, weekday=3)

    for stranger in (teacher, MembershipFactory(roles=[Role.ADMINISTRATION])):
        with pytest.raises(PermissionDenied):
            add_lesson(lesson_of(specialist), by=stranger, at=NOW)
        with pytest.raises(PermissionDenied):
            delete_lesson(lesson, by=stranger, at=NOW)

    assert Lesson.objects.count() == 2
    assert Entry.objects.of_verb("consultations.lessons_changed").count() == 2


# --- The page


@pytest.fixture
def client(specialist, clock) -> Client:
    client = Client()
    client.force_login(specialist.user)
    return client


SENT = {
    "weekday": "2",
    "starts": "8.30",
    "ends": "9.15",
    "words": "7-А, информатика",
    "first_on": "01.09.2026",
    "last_on": "31.05.2027",
    "every_weeks": "1",
}


def test_a_specialist_writes_a_lesson_and_deletes_it(client, specialist):
    page = client.post(reverse("consultations:lessons"), SENT, follow=True)

    lesson = Lesson.objects.get()
    assert "7-А, информатика" in page.content.decode()
    assert (lesson.specialist, lesson.starts, lesson.weekday) == (specialist, time(8, 30), 2)
    client.post(reverse("consultations:lesson-delete", args=[lesson.pk]))
    assert not Lesson.objects.exists()


def test_the_number_of_a_lesson_stands_for_its_time(client, specialist, school):
    bell = Bell.objects.create(school=school, number=2, starts=time(9, 25), ends=time(10, 10))

    client.post(reverse("consultations:lessons"), SENT | {"starts": "", "ends": "", "number": bell.pk})

    lesson = Lesson.objects.get()
    assert (lesson.starts, lesson.ends) == (time(9, 25), time(10, 10))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"starts": "", "ends": ""}, "Напишите, когда урок начинается и кончается"),
        ({"starts": "9.15", "ends": "8.30"}, "Урок должен кончаться позже"),
        ({"last_on": "31.08.2026"}, "Последний день не может быть раньше первого"),
        ({"weekday": "9"}, "Выберите корректный вариант"),
    ],
)
def test_a_lesson_that_makes_no_sense_is_refused_and_what_was_typed_stays(client, sent, sentence):
    page = client.post(reverse("consultations:lessons"), SENT | sent).content.decode()

    assert sentence in page and "7-А, информатика" in page
    assert not Lesson.objects.exists()


def test_a_file_is_shown_first_and_stored_by_the_button(client, specialist):
    typed = written(specialist, weekday=5)
    old = Lesson.objects.create(**{f: getattr(lesson_of(specialist), f) for f in (
        "specialist", "weekday", "starts", "ends", "first_on", "last_on")}, is_from_file=True)  # fmt: skip

    def upload(content: bytes):
        file = SimpleUploadedFile("lessons.ics", content)
        return client.post(reverse("consultations:timetable", args=[specialist.pk]), {"file": file})

    page = upload(ics("DTSTART:20261123T083000|DTEND:20261123T091500|RRULE:FREQ=WEEKLY;COUNT=5|SUMMARY:8-Б"))

    assert "в файле 5 уроков" in page.content.decode()
    assert set(Lesson.objects.all()) == {typed, old}
    answer = client.post(
        reverse("consultations:timetable-save", args=[specialist.pk]), {"timetable": page.context["signed"]}
    )
    assert answer.status_code == 302
    assert [(one.words, one.is_from_file) for one in Lesson.objects.order_by("weekday")] == [("8-Б", True), ("", False)]
    assert "Это не файл календаря" in upload(b"PK\x03\x04").content.decode()
    assert "«Совет» повторяется" in upload(
        ics("DTSTART:20261123T083000|DTEND:20261123T091500|RRULE:FREQ=YEARLY|SUMMARY:Совет")
    ).content.decode()  # fmt: skip


def test_what_was_not_shown_is_not_stored(client, specialist, teacher):
    address = reverse("consultations:timetable-save", args=[specialist.pk])

    page = client.post(address, {"timetable": "made-up"}, follow=True)

    assert "Выберите файл ещё раз" in page.content.decode()
    assert not Lesson.objects.exists()
    assert client.post(reverse("consultations:timetable-save", args=[teacher.pk])).status_code == 404


def test_the_preview_of_one_specialist_is_not_stored_for_another(specialist, teacher, school, clock):
    deputy = Client()
    deputy.force_login(MembershipFactory(school=school, roles=[Role.ADMINISTRATION]).user)
    file = SimpleUploadedFile("lessons.ics", ics("DTSTART:20261123T083000|DTEND:20261123T091500"))
    shown = deputy.post(reverse("consultations:timetable", args=[specialist.pk]), {"file": file}).context["signed"]

    for one in (teacher, specialist):
        deputy.post(reverse("consultations:timetable-save", args=[one.pk]), {"timetable": shown})

    assert [lesson.specialist for lesson in Lesson.objects.all()] == [specialist]


def test_only_the_administration_opens_the_lessons_of_another(client, specialist, school):
    other = MembershipFactory(school=school)
    address = reverse("consultations:lessons-of", args=[other.pk])

    assert client.get(address).status_code == 404
    deputy = Client()
    deputy.force_login(MembershipFactory(school=school, roles=[Role.ADMINISTRATION]).user)
    assert other.full_name in deputy.get(address).content.decode()
    assert deputy.get(reverse("consultations:lessons-of", args=[MembershipFactory().pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_lessons_costs_the_same_for_one_and_for_thirty(
    client, specialist, direction, rows, django_assert_max_num_queries
):
    for number in range(rows):
        written(specialist, weekday=number % 5 + 1, starts=time(8 + number // 5), ends=time(8 + number // 5, 45))

    with django_assert_max_num_queries(12):
        page = client.get(reverse("consultations:lessons"))

    assert page.content.decode().count('action="/consultations/lessons/') == rows + 1
