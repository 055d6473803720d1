"""The pages of Annex 3 as teachers, specialists and strangers see them."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from consultations.models import Booking, CalendarChange, Schedule
from consultations.operations import book_consultation
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    RoomFactory,
    ScheduleFactory,
)

from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def booked(direction, teacher, when="24.11.2026 10:20", question="Не открывается класс", at=NOW) -> Booking:
    return book_consultation(
        direction, specialist=None, starts_at=moscow(when), teacher=teacher, question=question, by=teacher, at=at
    )


def words_of(page) -> str:
    return page.content.decode()


# --- The schedule


def test_the_schedule_shows_the_annex_as_printed_with_the_next_free_time_as_a_link(direction, teacher):
    Schedule.objects.update(
        heading="Приложение 3",
        columns=[
            {"field": "direction", "header": "Направления"},
            {"field": "hours", "header": "График консультаций"},
            {"field": "other", "header": "Телефон"},
        ],
    )
    direction.other_columns = [["Телефон", "12-34"]]
    direction.save()

    page = words_of(signed_in(teacher).get(reverse("consultations:schedule")))

    row = page.partition(f'id="direction-{direction.pk}"')[2].partition("</tr>")[0]
    assert direction.name in row.partition("<a ")[0]
    for printed in ("Приложение 3", "ГРАФИК\nпроведения консультаций", "Направления", "с 8.00 -14.00", "12-34"):
        assert printed in page
    assert (
        f'href="{reverse("consultations:book", args=[direction.pk])}?day=2026-11-23&amp;time=10%3A40#question"' in page
    )
    assert "пн, 23 ноября, 10:40" in page


def test_two_columns_of_hours_are_one_and_a_schedule_without_directions_gets_a_column_for_them(direction, teacher):
    headers = [("specialists", "Педагог"), ("hours", "День"), ("hours", "Время")]
    Schedule.objects.update(columns=[{"field": field, "header": header} for field, header in headers])

    shown = Schedule.objects.get().columns_to_show

    assert [column["field"] for column in shown] == ["direction", "specialists", "hours"]


def test_a_row_without_a_free_time_says_why(direction, teacher, school, specialist):
    CalendarChange.objects.create(school=school, first_on=NOW, last_on=date(2027, 1, 31), reason="Карантин")

    assert "Карантин" in words_of(signed_in(teacher).get(reverse("consultations:schedule")))

    specialist.holdings.all().delete()
    assert "никто не назначен" in words_of(signed_in(teacher).get(reverse("consultations:schedule")))


def test_a_room_of_two_directions_is_noted_and_a_room_of_one_is_not(school, teacher, specialist):
    shared = RoomFactory(school=school, name="18")
    for _ in range(2):
        DirectionFactory(school=school, room=shared)
    DirectionFactory(school=school, room=RoomFactory(school=school, name="77"))

    page = words_of(signed_in(teacher).get(reverse("consultations:schedule")))

    assert "Кабинет 18 указан для нескольких" in page
    assert "Кабинет 77 указан" not in page


def test_without_an_order_in_force_the_schedule_says_so(teacher, school):
    ScheduleFactory(order=OrderFactory(school=school, state="draft"), title="ЧЕРНОВИК")

    page = words_of(signed_in(teacher).get(reverse("consultations:schedule")))

    assert "Приказ ещё не введён в действие" in page
    assert "ЧЕРНОВИК" not in page


def test_another_schools_schedule_is_not_shown(direction):
    page = words_of(signed_in(MembershipFactory()).get(reverse("consultations:schedule")))

    assert direction.name not in page


# --- Booking


def fields_of(page) -> dict[str, str]:
    """What the booking form of the page would send, the question aside."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', words_of(page)))


def test_a_teacher_books_in_three_clicks_with_the_form_that_the_page_gives(direction, teacher, specialist):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher.user)
    # 1: the next free time in the schedule
    link = re.search(r'href="(/consultations/direction/[^"]*time[^"]*)"',
                     words_of(browser.get(reverse("consultations:schedule"))))[1].replace("&amp;", "&")  # fmt: skip
    page = browser.get(link)
    assert "Записаться на 10:40" in words_of(page)
    # 2: the button under the question
    action = re.search(r'<form id="ask" class="panel" method="post" action="([^"]*)"', words_of(page))[1]
    answer = browser.post(action, fields_of(page) | {"question": "Вес отметки"}, follow=True)

    made = Booking.objects.get()
    assert (made.teacher, made.specialist, made.starts_at) == (teacher, specialist, moscow("23.11.2026 10:40"))
    assert answer.redirect_chain == [(made.get_absolute_url(), 302)]
    assert "Вы записаны: пн, 23 ноября, 10:40–11:00" in words_of(answer)


def test_without_a_choice_the_page_opens_the_nearest_free_day(direction, teacher, school):
    CalendarChange.objects.create(school=school, first_on=NOW, last_on=date(2026, 11, 24), reason="Семинар")

    page = signed_in(teacher).get(reverse("consultations:book", args=[direction.pk]))

    assert page.context["day"] == date(2026, 11, 25)
    assert [one["words"] for one in page.context["days"]][:3] == ["Семинар", "Семинар", ""]
    assert len(page.context["morning"]) == 12 and len(page.context["afternoon"]) == 6


def test_an_address_that_makes_no_sense_opens_the_page_all_the_same(direction, teacher):
    client, address = signed_in(teacher), reverse("consultations:book", args=[direction.pk])

    for query in ("?day=32.13.2026&time=xx&specialist=abc", "?day=0001-01-01&time=10:20", "?day=9999-12-31&time=10:20"):
        assert client.get(address + query).status_code == 200, query


def test_a_lost_race_gives_the_page_back_with_the_question_and_three_nearest_times(direction, teacher, school):
    booked(direction, MembershipFactory(school=school))
    client, address = signed_in(teacher), reverse("consultations:book", args=[direction.pk])

    page = client.post(address, {"day": "2026-11-24", "time": "10:20", "question": "Мой длинный вопрос"})

    assert page.status_code == 200
    assert "Время вт, 24 ноября, 10:20 уже занято" in words_of(page)
    assert "Мой длинный вопрос" in words_of(page)
    offered = re.findall(r'name="other" value="([^"]*)"', words_of(page))
    assert [one.split("|")[0][-5:] for one in offered] == ["09:40", "10:00", "10:40"]
    # and each of the three books with the same question
    client.post(address, {"other": offered[2], "question": "Мой длинный вопрос"})
    made = Booking.objects.get(teacher=teacher)
    assert (made.starts_at, made.question) == (moscow("24.11.2026 10:40"), "Мой длинный вопрос")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"question": " "}, "Напишите вопрос"),
        ({"time": "09:20", "day": "2026-11-23"}, "уже прошло"),
        ({"day": "2026-11-28"}, "В этот день консультаций нет: выходной"),
        ({"day": "", "time": ""}, "Выберите время"),
        ({"day": "вчера"}, "Напишите день так"),
    ],
)
def test_bad_input_is_answered_by_a_sentence_and_the_question_is_kept(direction, teacher, sent, sentence):
    sent = {"day": "2026-11-24", "time": "10:20", "question": "Мой вопрос"} | sent

    page = signed_in(teacher).post(reverse("consultations:book", args=[direction.pk]), sent)

    assert page.status_code == 200
    assert sentence in words_of(page)
    assert sent["question"].strip() in words_of(page)
    assert not Booking.objects.exists()


def test_a_stranger_cannot_be_chosen_as_the_specialist(direction, teacher, school):
    of_school, of_other = MembershipFactory(school=school), MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    for stranger in (of_school, of_other):
        sent = {"day": "2026-11-24", "time": "10:20", "question": "Вопрос", "specialist": stranger.pk}
        page = signed_in(teacher).post(reverse("consultations:book", args=[direction.pk]), sent)
        assert page.status_code == 200 and page.context["form"].errors

    assert not Booking.objects.exists()


def test_the_chosen_specialist_narrows_days_and_times(direction, teacher, school, specialist):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Вторых")
    booked(direction, MembershipFactory(school=school))
    busy = Booking.objects.get().specialist
    free = other if busy == specialist else specialist
    direction.room.places = 2
    direction.room.save()
    address = reverse("consultations:book", args=[direction.pk])

    def times(person) -> list[str]:
        page = signed_in(teacher).get(f"{address}?day=2026-11-24&specialist={person.pk}")
        return [f"{one['time'].starts_at:%H:%M}" for one in page.context["morning"]]

    assert "10:20" in times(free)
    assert "10:20" not in times(busy)


def test_others_names_and_questions_are_never_shown_to_a_teacher(direction, teacher, school, specialist):
    other = MembershipFactory(school=school, user__last_name="Тайнова")
    made = booked(direction, other, question="Секретный вопрос")
    client = signed_in(teacher)
    pages = [
        reverse("consultations:schedule"),
        reverse("consultations:book", args=[direction.pk]) + "?day=2026-11-24&time=10:20",
        reverse("consultations:bookings"),
        reverse("consultations:day") + "?on=2026-11-24",
    ]

    for page in pages:
        words = words_of(client.get(page))
        assert "Тайнова" not in words and "Секретный" not in words, page
    assert client.get(made.get_absolute_url()).status_code == 404
    # it was there to be shown
    assert "Секретный вопрос" in words_of(signed_in(specialist).get(pages[3]))


# --- One consultation


def test_who_may_open_cancel_and_mark_a_consultation(direction, teacher, school, specialist, clock):
    made = booked(direction, teacher)
    head = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    colleague = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    stranger = MembershipFactory(roles=[Role.ADMINISTRATION])
    clock.at = moscow("24.11.2026 10:25")

    def answers(member) -> tuple[int, int]:
        client = signed_in(member)
        return (
            client.get(made.get_absolute_url()).status_code,
            client.post(reverse("consultations:booking-attendance", args=[made.pk]), {"came": "yes"}).status_code,
        )

    assert {
        "teacher": answers(teacher),
        "specialist": answers(specialist),
        "administration": answers(head),
        "another specialist": answers(colleague),
        "another school": answers(stranger),
    } == {
        "teacher": (200, 403),
        "specialist": (200, 302),
        "administration": (200, 403),
        "another specialist": (404, 404),
        "another school": (404, 404),
    }


def test_nobody_unsigned_sees_a_page(client, direction):
    for name, args in (("schedule", []), ("book", [direction.pk]), ("bookings", []), ("day", [])):
        answer = client.get(reverse(f"consultations:{name}", args=args))
        assert answer.status_code == 302 and "login" in answer["Location"], name


def test_what_changes_something_does_not_answer_a_visit(direction, teacher):
    made = booked(direction, teacher)
    client = signed_in(teacher)

    for name in ("booking-cancel", "booking-attendance", "time-accept", "time-decline", "time-withdraw"):
        assert client.get(reverse(f"consultations:{name}", args=[made.pk])).status_code == 405, name


def test_a_specialist_who_cancels_without_a_reason_is_asked_for_it(direction, teacher, specialist):
    made = booked(direction, teacher)

    page = signed_in(specialist).post(reverse("consultations:booking-cancel", args=[made.pk]), {"reason": ""})

    assert "Напишите причину" in words_of(page)
    assert Booking.objects.live().get() == made


def test_a_teacher_cancels_from_the_page_of_the_consultation(direction, teacher):
    made = booked(direction, teacher)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher.user)
    token = fields_of(browser.get(made.get_absolute_url())) | dict(
        re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]*)"', words_of(browser.get(made.get_absolute_url())))
    )

    page = browser.post(reverse("consultations:booking-cancel", args=[made.pk]), token, follow=True)

    assert "отменена" in words_of(page)
    assert not Booking.objects.live().exists()


# --- The specialist's day


def test_the_day_stands_in_the_order_of_time_with_unmarked_past_ones_on_top(direction, teacher, specialist, clock):
    booked(direction, teacher, "24.11.2026 11:00", question="Второй вопрос")
    booked(direction, teacher, "24.11.2026 10:20", question="Первый вопрос")
    booked(direction, MembershipFactory(school=teacher.school), "23.11.2026 11:00", question="Вчерашний вопрос")
    clock.at = moscow("24.11.2026 09:00")

    page = signed_in(specialist).get(reverse("consultations:day"))

    assert [row["booking"].question for row in page.context["rows"]] == ["Первый вопрос", "Второй вопрос"]
    assert [row["booking"].question for row in page.context["unmarked"]] == ["Вчерашний вопрос"]


def test_a_mark_leads_back_to_its_day(direction, teacher, specialist, clock):
    made = booked(direction, teacher, "24.11.2026 08:00")
    clock.at = moscow("24.11.2026 08:10")

    answer = signed_in(specialist).post(
        reverse("consultations:booking-attendance", args=[made.pk]), {"came": "no", "outcome": "Перенесём"}
    )

    assert answer["Location"] == reverse("consultations:day") + f"?on=2026-11-24#booking-{made.pk}"
    made.refresh_from_db()
    assert (made.came, made.outcome) == (False, "Перенесём")


def test_a_day_that_cannot_be_read_is_today_with_a_word_about_it(specialist):
    page = signed_in(specialist).get(reverse("consultations:day") + "?on=завтра")

    assert page.context["on"] == date(2026, 11, 23)
    assert "прочитать не удалось" in words_of(page)


# --- What a page costs


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "budget"),
    [("schedule", 13), ("book", 13), ("bookings", 12), ("day", 12)],  # five of each are the frame's
)
def test_a_page_costs_the_same_for_one_row_and_for_thirty(school, name, budget, rows, django_assert_max_num_queries):
    specialist = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    roles = [Role.TECHNICAL_SPECIALIST]
    directions = [DirectionFactory(school=school, roles=roles, room=RoomFactory(school=school)) for _ in range(rows)]
    for place in range(rows):
        teacher = specialist if name == "bookings" else MembershipFactory(school=school)
        giver = MembershipFactory(school=school, roles=roles) if name == "bookings" else specialist
        starts_at = moscow("24.11.2026 08:00") + timedelta(minutes=20 * place)
        for shift, came in ((timedelta(0), None), (timedelta(days=-7), None)):
            Booking.objects.create(
                direction=directions[place],
                specialist=giver,
                teacher=teacher,
                booked_by=teacher,
                starts_at=starts_at + shift,
                ends_at=starts_at + shift + timedelta(minutes=20),
                question=f"Вопрос {place}",
                came=came,
            )
        request = directions[place].time_requests.create(teacher=teacher, question="Время")
        request.times.create(starts_at=starts_at)
    client = signed_in(specialist)
    address = reverse(f"consultations:{name}", args=[directions[0].pk] if name == "book" else [])
    if name == "day":
        address += "?on=2026-11-24"

    with django_assert_max_num_queries(budget):
        page = client.get(address)

    assert page.status_code == 200
    marks = {"schedule": 'id="direction-', "book": 'class="day-name"'}
    assert words_of(page).count(marks.get(name, 'id="booking-')) >= rows or name == "book"
