"""The booking page and what follows: the question with its screenshot, for somebody else, moved, taken back."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.models import Booking, Screenshot
from consultations.operations import book_consultation, cancel_booking, forget_screenshots, move_booking
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory

from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
SENT = {"day": "2026-11-24", "time": "10:20", "question": "Мой длинный вопрос"}


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def signed_in(member) -> Client:
    client = Client(enforce_csrf_checks=False)
    client.force_login(member.user)
    return client


def page_of(direction) -> str:
    return reverse("consultations:book", args=[direction.pk])


def words_of(page) -> str:
    return page.content.decode()


def picture(name="Снимок экрана.png", content=PNG):
    return SimpleUploadedFile(name, content, content_type="image/png")


def booked(direction, teacher, when="24.11.2026 10:20", **said) -> Booking:
    return book_consultation(
        direction,
        specialist=None,
        starts_at=moscow(when),
        teacher=teacher,
        question="Не открывается класс",
        by=teacher,
        at=NOW,
        **said,
    )


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
    assert "Записаться на 10:20" not in page
    # a form that was open before is answered by the sentence, with its text
    answer = words_of(client.post(page_of(direction), SENT | {"day": "2026-11-26"}))
    assert "больше записаться нельзя" in answer and "Мой длинный вопрос" in answer
    assert reverse("consultations:bookings") in answer


# --- For somebody else


def test_a_specialist_books_for_a_teacher_by_the_form_of_the_page(direction, teacher, specialist):
    client = signed_in(specialist)
    page = words_of(client.get(page_of(direction) + f"?teacher={teacher.pk}&day=2026-11-24&time=10:20"))
    assert f"Записать на 10:20: {teacher.name}" in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))

    answer = client.post(page_of(direction), hidden | {"question": "Позвонил учитель"}, follow=True)

    made = Booking.objects.get()
    assert (made.teacher, made.specialist, made.booked_by) == (teacher, specialist, specialist)
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]


def test_who_books_for_two_others_reads_that_it_is_done_and_does_not_see_their_page(direction, teacher, school):
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])

    answer = signed_in(deputy).post(page_of(direction), SENT | {"teacher": teacher.pk}, follow=True)

    made = Booking.objects.get()
    assert (made.teacher, made.booked_by) == (teacher, deputy)
    assert answer.redirect_chain == [(page_of(direction), 302)]
    assert f"учителю сообщено: {teacher.name}" in words_of(answer)


def test_a_conflict_for_somebody_else_keeps_for_whom_it_is(direction, teacher, specialist, school):
    booked(direction, MembershipFactory(school=school))

    page = words_of(signed_in(specialist).post(page_of(direction), SENT | {"teacher": teacher.pk}))

    assert f'name="teacher" value="{teacher.pk}"' in page
    assert "Мой длинный вопрос" in page


def test_a_teacher_is_not_offered_to_book_for_another_and_is_refused(direction, teacher, specialist, school):
    other = MembershipFactory(school=school)

    assert 'name="teacher"' not in words_of(signed_in(teacher).get(page_of(direction)))
    assert signed_in(teacher).get(page_of(direction) + f"?teacher={other.pk}").status_code == 403
    assert signed_in(teacher).post(page_of(direction), SENT | {"teacher": other.pk}).status_code == 403
    # a stranger of another school does not exist, and one who has left neither
    gone = MembershipFactory(school=school, left_on=NOW.date() - timedelta(days=1))
    for stranger in (MembershipFactory(), gone):
        assert signed_in(specialist).get(page_of(direction) + f"?teacher={stranger.pk}").status_code == 404
    assert not Booking.objects.exists()


def test_a_direction_where_everybody_proposes_times_oneself_is_not_offered_for_another(
    direction, teacher, specialist, school
):
    on_demand = DirectionFactory(school=school, is_on_demand=True, name="Разработка локальных актов")
    DirectionFactory(school=school, name="Методическое сопровождение")
    client = signed_in(specialist)

    assert f'href="{page_of(on_demand)}"' in words_of(client.get(page_of(direction)))
    for_another = words_of(client.get(page_of(direction) + f"?teacher={teacher.pk}"))
    assert "Методическое сопровождение" in for_another and "Разработка локальных актов" not in for_another


def test_the_times_for_somebody_else_are_those_of_the_teacher(direction, teacher, specialist, school):
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    booked(DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD]), teacher)

    page = signed_in(specialist).get(page_of(direction) + f"?teacher={teacher.pk}&day=2026-11-24")

    starts = [f"{one['time'].starts_at:%H:%M}" for one in page.context["morning"]]
    assert "10:00" in starts and "10:20" not in starts


# --- Moving


def move_page(booking) -> str:
    return reverse("consultations:booking-move", args=[booking.pk])


def test_a_teacher_moves_a_consultation_on_the_page_of_booking(direction, teacher):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    assert f'href="{move_page(made)}"' in words_of(client.get(reverse("consultations:bookings")))
    opened = client.get(move_page(made))
    # the day of the old time is open, which itself is not offered
    assert opened.context["day"] == made.starts_at.date()
    assert "24 ноября, 10:20–10:40" in words_of(opened)
    assert "10:20" not in [f"{one['time'].starts_at:%H:%M}" for one in opened.context["morning"]]

    chosen = words_of(client.get(move_page(made) + "?day=2026-11-25&time=11:00"))
    assert "Перенести на 11:00" in chosen and "<del>вт, 24 ноября, 10:20–10:40</del>" in chosen
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', chosen))
    answer = client.post(move_page(made), hidden, follow=True)

    made.refresh_from_db()
    assert made.starts_at == moscow("25.11.2026 11:00")
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert "Перенесено: ср, 25 ноября, 11:00–11:20" in words_of(answer)


def test_a_move_that_came_too_late_gives_the_page_back_with_three_times_and_the_old_one_holds(
    direction, teacher, school
):
    made = booked(direction, teacher)
    booked(direction, MembershipFactory(school=school), "25.11.2026 11:00")
    client = signed_in(teacher)

    page = client.post(move_page(made), {"day": "2026-11-25", "time": "11:00", "sequence": "0"})

    assert page.status_code == 200
    assert "уже занято" in words_of(page)
    offered = re.findall(r'name="other" value="([^"]*)"', words_of(page))
    assert [one.split("|")[0][-5:] for one in offered] == ["10:20", "10:40", "11:20"]
    made.refresh_from_db()
    assert made.starts_at == moscow("24.11.2026 10:20")
    client.post(move_page(made), {"other": offered[2], "sequence": "0"})
    made.refresh_from_db()
    assert made.starts_at == moscow("25.11.2026 11:20")


def test_a_page_older_than_another_change_shows_what_it_is_now(direction, teacher, specialist):
    made = booked(direction, teacher)
    move_booking(made, specialist=None, starts_at=moscow("25.11.2026 11:00"), by=specialist, at=NOW)

    page = words_of(signed_in(teacher).post(move_page(made), {"day": "2026-11-26", "time": "11:00", "sequence": "0"}))

    assert "теперь она ср, 25 ноября, 11:00–11:20" in page
    assert 'name="sequence" value="1"' in page


@pytest.mark.parametrize("sent", [{}, {"day": "вчера", "time": "x", "sequence": "много"}])
def test_nothing_chosen_moves_nothing(direction, teacher, sent):
    made = booked(direction, teacher)

    page = signed_in(teacher).post(move_page(made), sent)

    assert page.status_code == 200 and page.context["form"].errors
    made.refresh_from_db()
    assert made.sequence == 0


def test_a_move_page_is_of_the_two_and_the_administration_and_only_in_time(
    direction, teacher, specialist, school, clock
):
    made = booked(direction, teacher)
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    stranger = MembershipFactory(school=school)

    def answers() -> list[int]:
        return [signed_in(one).get(move_page(made)).status_code for one in (teacher, specialist, head, stranger)]

    assert answers() == [200, 200, 200, 404]
    clock.at = moscow("24.11.2026 09:21")  # past the cut-off of the teacher
    assert answers() == [302, 200, 200, 404]
    clock.at = moscow("24.11.2026 10:20")
    assert answers() == [302, 302, 302, 404]


# --- Cancelling and taking back


def test_the_page_says_until_when_the_teacher_may_change_and_afterwards_whom_to_tell(direction, teacher, clock):
    made = booked(direction, teacher)
    client = signed_in(teacher)
    assert "Перенести или отменить можно до: вт, 24 ноября, 09:20" in words_of(client.get(made.get_absolute_url()))

    clock.at = moscow("24.11.2026 09:21")
    page = words_of(client.get(made.get_absolute_url()))
    assert "скажите специалисту" in page and "Отменить консультацию" not in page
    refused = words_of(client.post(reverse("consultations:booking-cancel", args=[made.pk]), {}))
    assert "можно было до 24.11.2026, 09:20" in refused
    assert Booking.objects.live().get() == made


def test_a_cancellation_is_taken_back_by_one_button_for_ten_minutes(direction, teacher, specialist, clock):
    made = booked(direction, teacher)
    restore = reverse("consultations:booking-restore", args=[made.pk])
    client = signed_in(teacher)
    client.post(reverse("consultations:booking-cancel", args=[made.pk]), {})
    assert restore in words_of(client.get(made.get_absolute_url()))
    assert restore not in words_of(signed_in(specialist).get(made.get_absolute_url()))
    assert signed_in(specialist).post(restore).status_code == 403
    assert client.get(restore).status_code == 405

    answer = client.post(restore, follow=True)

    assert "состоится, как было назначено" in words_of(answer)
    assert Booking.objects.live().get() == made
    cancel_booking(made, by=teacher, at=NOW)
    clock.at = NOW + timedelta(minutes=11)
    assert restore not in words_of(client.get(made.get_absolute_url()))
    assert "уже нельзя" in words_of(client.post(restore, follow=True))


def test_who_books_for_a_teacher_does_not_read_of_consultations_with_others(direction, teacher, specialist, school):
    made = booked(direction, teacher)
    page = f"{reverse('consultations:book', args=[direction.pk])}?teacher={teacher.pk}"
    stranger = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])

    assert [one.pk for one in signed_in(made.specialist).get(page).context["open_now"]] == [made.pk]
    assert signed_in(stranger).get(page).context["open_now"] == []


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
