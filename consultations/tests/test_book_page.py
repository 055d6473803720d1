"""The booking page of a teacher: the question with its screenshot, the limit, what an address leads to."""

import re
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consultations.models import Absence, Booking, Lesson, Screenshot
from consultations.operations import forget_screenshots
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory

from .booking_pages import SENT, booked, page_of, signed_in, words_of
from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 12, day) for day in (2, 3, 4))
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="Снимок экрана.png", content=PNG):
    return SimpleUploadedFile(name, content, content_type="image/png")


# --- The question


def test_a_topic_of_the_direction_is_chosen_and_other_is_no_topic(direction, teacher):
    topic = direction.topics.create(name="Пароль и вход")
    client = signed_in(teacher)
    offered = re.findall(r"<option [^>]*>([^<]*)</option>", words_of(client.get(page_of(direction))))
    assert offered == ["Другое", "Пароль и вход"]

    said = {"topic": topic.pk, "school_class": "7-Б", "subject": "Алгебра"}
    client.post(page_of(direction), SENT | said)
    client.post(page_of(direction), SENT | {"time": "10:40", "topic": ""})

    first, second = Booking.objects.order_by("starts_at")
    assert (first.topic, first.school_class, first.subject) == (topic, "7-Б", "Алгебра")
    assert second.topic is None
    page = words_of(client.get(first.get_absolute_url()))
    assert "Пароль и вход" in page and "7-Б, Алгебра" in page


def test_a_direction_without_topics_does_not_ask_for_one(direction, teacher):
    page = signed_in(teacher).get(page_of(direction))

    assert 'name="topic"' not in words_of(page)
    assert 'name="school_class"' in words_of(page)


def test_a_conflict_keeps_topic_class_and_subject_too(direction, teacher, school):
    topic = direction.topics.create(name="Пароль и вход")
    booked(direction, MembershipFactory(school=school))

    page = signed_in(teacher).post(
        page_of(direction), SENT | {"topic": topic.pk, "school_class": "7-Б", "subject": "Алгебра"}
    )

    assert f'<option value="{topic.pk}" selected>' in words_of(page)
    assert 'value="7-Б"' in words_of(page) and 'value="Алгебра"' in words_of(page)


def test_the_page_leads_to_the_other_directions_of_the_schedule(direction, teacher, school):
    client = signed_in(teacher)
    assert "Направление</h2>" not in words_of(client.get(page_of(direction)))

    other = DirectionFactory(school=school, name="Методическое сопровождение")
    page = words_of(client.get(page_of(direction)))

    assert f'href="{page_of(other)}"' in page


# --- The screenshot


def test_a_screenshot_goes_with_the_question_and_is_seen_by_the_two_and_the_administration(
    direction, teacher, specialist, school
):
    signed_in(teacher).post(page_of(direction), SENT | {"screenshot": picture()})

    made = Booking.objects.get()
    address = reverse("consultations:screenshot", args=[made.screenshot.pk])
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    for member in (teacher, specialist, head):
        answer = signed_in(member).get(address)
        assert b"".join(answer.streaming_content) == PNG
        assert "attachment" in answer["Content-Disposition"]
        assert address in words_of(signed_in(member).get(made.get_absolute_url()))
    strangers = [
        MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST, Role.WORKING_GROUP]),
        MembershipFactory(school=school),
        MembershipFactory(roles=[Role.ADMINISTRATION]),
    ]
    assert {signed_in(one).get(address).status_code for one in strangers} == {404}


def test_a_screenshot_is_kept_when_the_form_comes_back_and_goes_with_the_time_chosen_then(direction, teacher, school):
    booked(direction, MembershipFactory(school=school))
    client = signed_in(teacher)

    page = client.post(page_of(direction), SENT | {"screenshot": picture()})

    kept = Screenshot.objects.get()
    assert f'name="kept" value="{kept.pk}"' in words_of(page) and "Снимок экрана.png" in words_of(page)
    other = re.findall(r'name="other" value="([^"]*)"', words_of(page))[0]
    client.post(page_of(direction), {"question": "Мой вопрос", "kept": kept.pk, "other": other})
    made = Booking.objects.get(teacher=teacher)
    assert (made.screenshot.pk, made.screenshot.name) == (kept.pk, "Снимок экрана.png")


def test_an_empty_question_does_not_lose_the_screenshot_either(direction, teacher):
    client = signed_in(teacher)
    page = client.post(page_of(direction), SENT | {"question": "", "screenshot": picture()})
    again = client.post(page_of(direction), SENT | {"question": "", "kept": Screenshot.objects.get().pk})

    for one in (page, again):
        assert f'name="kept" value="{Screenshot.objects.get().pk}"' in words_of(one)


def test_a_kept_screenshot_may_be_left_out_or_exchanged(direction, teacher):
    client = signed_in(teacher)
    client.post(page_of(direction), SENT | {"question": "", "screenshot": picture()})
    kept = Screenshot.objects.get()

    client.post(page_of(direction), SENT | {"kept": kept.pk, "without": "1"})
    assert not hasattr(Booking.objects.get(), "screenshot")
    client.post(page_of(direction), SENT | {"time": "11:00", "kept": kept.pk, "screenshot": picture("Другой.png")})
    assert Booking.objects.get(starts_at=moscow("24.11.2026 11:00")).screenshot.name == "Другой.png"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("вирус.exe", b"MZ", "нельзя приложить"),
        ("снимок.png", b"<html>", "не то, что говорит"),
        ("снимок.png", PNG + b"0" * 5 * 1024 * 1024, "больше 5 МБ"),
    ],
)
def test_a_file_that_is_no_screenshot_is_refused_with_the_question_kept(direction, teacher, name, content, sentence):
    page = signed_in(teacher).post(page_of(direction), SENT | {"screenshot": picture(name, content)})

    assert page.context["form"].errors["screenshot"], sentence
    assert "Мой длинный вопрос" in words_of(page)
    assert not Booking.objects.exists() and not Screenshot.objects.exists()


def test_the_limit_of_a_screenshot_is_said_before_one_is_chosen(direction, teacher):
    assert "PDF, до 5 МБ" in words_of(signed_in(teacher).get(page_of(direction)))


def test_nobody_sends_or_reads_a_screenshot_that_another_has_uploaded(direction, teacher, school):
    signed_in(MembershipFactory(school=school)).post(
        page_of(direction), SENT | {"question": "", "screenshot": picture()}
    )
    anothers = Screenshot.objects.get()
    client = signed_in(teacher)

    page = client.post(page_of(direction), SENT | {"kept": anothers.pk})

    assert page.context["form"].errors["kept"]
    assert client.get(reverse("consultations:screenshot", args=[anothers.pk])).status_code == 404


def test_a_screenshot_never_sent_is_forgotten_after_a_day_with_its_file(
    direction, teacher, django_capture_on_commit_callbacks
):
    client = signed_in(teacher)
    client.post(page_of(direction), SENT | {"question": "", "screenshot": picture()})
    client.post(page_of(direction), SENT | {"screenshot": picture()})
    unsent = Screenshot.objects.get(booking=None)

    assert forget_screenshots(at=NOW + timedelta(days=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_screenshots(at=NOW + timedelta(days=1, seconds=1)) == 1

    assert not unsent.file.storage.exists(unsent.file.name)
    sent = Booking.objects.get().screenshot
    assert sent.file.storage.exists(sent.file.name)


# --- The limit


def test_who_has_booked_already_reads_it_and_at_the_limit_is_led_to_what_is_booked(direction, teacher):
    client = signed_in(teacher)
    first = booked(direction, teacher)
    page = words_of(client.get(page_of(direction)))
    assert "Вы уже записаны по этому направлению" in page and f'href="{first.get_absolute_url()}"' in page
    booked(direction, teacher, "25.11.2026 10:20")

    page = words_of(client.get(page_of(direction) + "?day=2026-11-26&time=10:20"))

    assert "Впереди может быть не больше 2 консультаций" in page
    assert "Записаться на 10:20" not in page and 'id="ask"' not in page
    # a form that was open before is answered by the sentence, with its text
    answer = words_of(client.post(page_of(direction), SENT | {"day": "2026-11-26"}))
    assert "больше записаться нельзя" in answer and "Мой длинный вопрос" in answer
    assert reverse("consultations:bookings") in answer


# --- My consultations


@pytest.mark.parametrize("asked", ["2", "last", "-1", "99", "x" * 50, ""])
def test_the_list_of_mine_opens_whatever_page_is_asked_for(direction, teacher, asked):
    booked(direction, teacher)

    assert signed_in(teacher).get(reverse("consultations:bookings"), {"page": asked}).status_code == 200


def test_enter_in_a_field_of_the_conflict_page_books_none_of_the_offered_times(direction, teacher, school):
    booked(direction, MembershipFactory(school=school))

    page = words_of(signed_in(teacher).post(page_of(direction), SENT))

    # a browser presses the first button of the form, and this one does nothing
    buttons = re.findall(r'<button [^>]*form="ask"[^>]*>', page)
    assert len(buttons) == 4 and "disabled" in buttons[0] and 'name="other"' in buttons[1]
    assert page.index(buttons[0]) < page.index('<form id="ask"')


# --- What an address leads to


def test_the_time_that_one_has_leads_to_it_and_offers_no_second_one(direction, teacher):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    said = f'Вы уже записаны на это время: <a href="{made.get_absolute_url()}">'

    again = client.get(page_of(direction), {"day": "2026-11-24", "time": "10:20"})
    assert said in words_of(again) and again.context["nearest"] == []
    # the button of a page that was open before
    answer = words_of(client.post(page_of(direction), SENT))
    assert said in answer and "Мой длинный вопрос" in answer and 'name="other"' not in answer
    assert Booking.objects.count() == 1


def test_a_consultation_of_another_direction_at_that_time_is_shown_and_other_times_are_offered(
    direction, teacher, school
):
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    made = booked(DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD]), teacher)

    page = signed_in(teacher).get(page_of(direction), {"day": "2026-11-24", "time": "10:20"})

    assert f'У вас в это время уже есть консультация: <a href="{made.get_absolute_url()}">' in words_of(page)
    assert len(page.context["nearest"]) == 3


@pytest.mark.parametrize(
    ("day", "clock_time", "said"),
    [
        ("2026-11-29", "10:20", "В этот день консультаций нет: выходной."),
        ("2026-11-24", "10:21", "В это время консультаций нет."),
        ("2026-11-20", "10:20", "20.11.2026 10:20 уже прошло."),
        ("2027-05-20", "10:20", "Запись открыта до"),
        ("2026-11-24", "11:00", "Это время уже занято."),
    ],
)
def test_an_address_whose_time_cannot_be_booked_says_why(direction, teacher, school, day, clock_time, said):
    booked(direction, MembershipFactory(school=school), "24.11.2026 11:00")

    assert said in words_of(signed_in(teacher).get(page_of(direction), {"day": day, "time": clock_time}))


def test_a_time_of_ones_own_lesson_says_so(direction, teacher):
    span = {"first_on": NOW.date(), "last_on": FRIDAY}
    Lesson.objects.create(specialist=teacher, weekday=2, starts=time(10), ends=time(10, 45), **span)

    page = words_of(signed_in(teacher).get(page_of(direction), {"day": "2026-11-24", "time": "10:20"}))

    assert "В это время у Вас урок" in page


def test_from_a_full_day_one_goes_on_to_a_later_one_and_back_only_if_there_is_none(direction, teacher):
    client = signed_in(teacher)
    full = words_of(client.get(page_of(direction), {"day": "2026-11-28"}))
    assert re.search(r'day=2026-11-30"[^>]*>Ближайший свободный день: пн, 30 ноября', full)

    last = words_of(client.get(page_of(direction), {"day": "2027-01-20"}))

    assert re.search(r'day=2026-11-23"[^>]*>Позже ничего нет, раньше есть: пн, 23 ноября', last)


def test_a_chosen_time_opens_where_one_writes(direction, teacher):
    page = words_of(signed_in(teacher).get(page_of(direction), {"day": "2026-11-24", "time": "10:20"}))

    assert 'id="question"' in page
    assert 'id="question"' not in words_of(signed_in(teacher).get(page_of(direction), {"day": "2026-11-28"}))


# --- Who stands in


def test_a_deputy_is_offered_with_the_days_and_only_if_they_may_be_booked(direction, teacher, specialist):
    deputy = MembershipFactory(school=teacher.school, user__last_name="Заменова")
    Absence.objects.create(specialist=specialist, deputy=deputy, first_on=WEDNESDAY, last_on=FRIDAY)
    client = signed_in(teacher)
    assert "замещает 2–4 декабря" in words_of(client.get(page_of(direction)))

    hers = client.get(page_of(direction), {"specialist": deputy.pk}).context["days"]
    assert [f"{one['overview'].on:%d.%m}" for one in hers if one["free_count"]] == ["02.12", "03.12", "04.12"]
    assert {one["words"] for one in hers if not one["free_count"]} == {"замещает в другие дни", "выходной"}

    # an absence beyond the horizon
    Absence.objects.update(first_on=date(2027, 2, 3), last_on=date(2027, 2, 5))
    assert deputy.name not in words_of(client.get(page_of(direction)))


def test_a_day_on_which_all_are_away_says_so_and_nothing_of_who_stands_in_on_another(teacher, school):
    deputy = MembershipFactory(school=school)
    absent = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    direction = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD])
    Absence.objects.create(specialist=absent, deputy=deputy, first_on=WEDNESDAY, last_on=WEDNESDAY)
    Absence.objects.create(specialist=absent, first_on=THURSDAY, last_on=THURSDAY)

    page = signed_in(teacher).get(page_of(direction), {"day": f"{THURSDAY}"})

    assert page.context["day_words"] == "специалист отсутствует"
