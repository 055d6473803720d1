"""The booking page of a specialist or of the administration: for a teacher who came or phoned."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from consultations.models import Absence, Booking
from consultations.operations import may_book_for_others
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, SeminarFactory

from .booking_pages import SENT, booked, page_of, signed_in, words_of
from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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

    starts = [f"{one['time'].starts_at:%H:%M}" for one in page.context["morning"] if not one.get("is_taken")]
    assert "10:00" in starts and "10:20" not in starts


def test_who_books_for_a_teacher_does_not_read_of_consultations_with_others(direction, teacher, specialist, school):
    made = booked(direction, teacher)
    page = f"{reverse('consultations:book', args=[direction.pk])}?teacher={teacher.pk}"
    stranger = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])

    assert [one.pk for one in signed_in(made.specialist).get(page).context["open_now"]] == [made.pk]
    assert signed_in(stranger).get(page).context["open_now"] == []


def test_a_helper_books_for_others_in_the_own_directions_only(direction, teacher, specialist, school):
    colleague = MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    own = DirectionFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE], name="Выставление отметок")
    client, asked = signed_in(colleague), f"?teacher={teacher.pk}"

    assert 'id="id_teacher"' not in words_of(client.get(page_of(direction)))
    assert client.get(page_of(direction) + asked).status_code == 403
    assert client.post(page_of(direction), SENT | {"teacher": teacher.pk}).status_code == 403
    with pytest.raises(PermissionDenied):
        booked(direction, teacher, by=colleague)
    there = words_of(client.get(page_of(own) + asked))
    assert 'id="id_teacher"' in there
    assert f'href="{page_of(direction)}?' not in there  # where they may not, no link leads


def test_a_deputy_books_for_others_on_the_days_of_standing_in_and_there_only(
    direction, teacher, specialist, school, clock
):
    deputy = MembershipFactory(school=school)
    other = DirectionFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    tuesday = date(2026, 11, 24)
    Absence.objects.create(specialist=specialist, deputy=deputy, first_on=tuesday, last_on=tuesday)

    def statuses() -> list[int]:
        client, asked = signed_in(deputy), f"?teacher={teacher.pk}"
        return [client.get(page_of(one) + asked).status_code for one in (direction, other)]

    assert statuses() == [403, 403]
    clock.at = moscow("24.11.2026 09:30")
    assert statuses() == [200, 403]
    assert [may_book_for_others(deputy, one, on=tuesday) for one in (direction, other)] == [True, False]
    clock.at = moscow("25.11.2026 09:30")
    assert statuses() == [403, 403]


def test_who_stood_in_asks_the_teacher_to_choose_a_time_and_does_not_choose_it(
    direction, teacher, specialist, school, clock
):
    deputy = MembershipFactory(school=school)
    tuesday = date(2026, 11, 24)
    Absence.objects.create(specialist=specialist, deputy=deputy, first_on=tuesday, last_on=tuesday)
    made = booked(direction, teacher)
    assert made.specialist == deputy
    Booking.objects.update(came=True, follow_up="Показать отчёт")
    words = "Записать самому"

    def on_pages() -> list[bool]:
        pages = [signed_in(deputy).get(one) for one in (made.get_absolute_url(), reverse("consultations:day"))]
        assert all("Показать отчёт" in words_of(page) for page in pages)
        return [words in words_of(page) for page in pages]

    clock.at = moscow("24.11.2026 12:00")
    assert on_pages() == [True, True]
    clock.at = moscow("25.11.2026 12:00")
    assert on_pages() == [False, False]


def test_the_administration_and_the_deputy_head_book_for_others_everywhere(direction, school):
    def may(*roles: Role) -> bool:
        return may_book_for_others(MembershipFactory(school=school, roles=roles), direction, on=NOW.date())

    assert may(Role.ADMINISTRATION) and may(Role.DEPUTY_HEAD) and not may(Role.WORKING_GROUP) and not may()
    gone = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], left_on=NOW.date() - timedelta(days=1))
    assert not may_book_for_others(gone, direction, on=NOW.date())


def test_whatever_takes_the_time_of_a_teacher_who_books_for_them_reads_the_same_of_it(
    direction, teacher, specialist, school
):
    """A consultation in the direction, one in another, a seminar: the page and the refusal tell none from another."""
    reader = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD])
    booked(direction, teacher, "24.11.2026 10:20", specialist=specialist)
    booked(DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD]), teacher, "24.11.2026 11:00")
    SeminarFactory(school=school, starts_at=moscow("24.11.2026 12:00"), participants=[teacher])
    client, busy = signed_in(reader), "В это время у учителя уже есть запись или другое дело."

    def said(clock: str) -> tuple[list[str], bool]:
        chosen = {"teacher": teacher.pk, "day": "2026-11-24", "time": clock}
        shown = words_of(client.get(page_of(direction), chosen))
        refused = words_of(client.post(page_of(direction), chosen | {"question": "Позвонил"}))
        about = re.findall(r'role="alert">\s*<p class="mb-2">([^<]*?) Ближайшее', shown)
        return about, busy in refused

    assert [said(one) for one in ("10:20", "11:00", "12:00")] == [([busy], True)] * 3


def test_a_party_reads_of_the_consultation_that_takes_the_time(direction, teacher, specialist):
    made = booked(direction, teacher)
    chosen = {"teacher": teacher.pk, "day": "2026-11-24", "time": "10:20"}

    page = words_of(signed_in(specialist).get(page_of(direction), chosen))

    assert f'href="{made.get_absolute_url()}"' in page.partition('role="alert"')[2]


def test_at_the_limit_who_books_for_a_teacher_goes_beyond_it_by_a_tick_and_not_without(direction, teacher, specialist):
    booked(direction, teacher)
    booked(direction, teacher, "25.11.2026 10:20")
    client = signed_in(specialist)
    chosen = {"day": "2026-11-26", "time": "10:20", "teacher": teacher.pk, "question": "Пришёл сам"}

    page = words_of(client.get(page_of(direction), chosen))
    assert "Если нужна ещё одна, отметьте это рядом с кнопкой" in page and 'name="beyond_limit"' in page
    assert "больше записать нельзя" in (refused := words_of(client.post(page_of(direction), chosen)))
    assert 'name="beyond_limit"' in refused and "Пришёл сам" in refused
    assert Booking.objects.count() == 2

    client.post(page_of(direction), chosen | {"beyond_limit": "1"})

    assert Booking.objects.count() == 3


def test_a_third_who_books_at_the_limit_reads_of_the_limit_and_not_of_the_consultations(
    direction, teacher, specialist, school
):
    booked(direction, teacher, specialist=specialist)
    booked(direction, teacher, "25.11.2026 10:20", specialist=specialist)
    third = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST])
    client, asked = signed_in(third), {"teacher": teacher.pk, "day": "2026-11-26", "time": "10:20"}

    page = words_of(client.get(page_of(direction), asked))
    note = re.search(r'<div class="note note-warning">(.*?)</div>', page, re.S)

    assert "не больше 2" in note[1] and "Если нужна ещё одна" in note[1]
    assert "10:20" not in note[1] and "уже записан" not in note[1]
    without_choice = words_of(client.get(page_of(direction), {"teacher": teacher.pk}))
    assert "Если нужна ещё одна" in without_choice


def test_nobody_goes_beyond_the_own_limit(direction, teacher):
    booked(direction, teacher)
    booked(direction, teacher, "25.11.2026 10:20")
    client = signed_in(teacher)

    assert 'name="beyond_limit"' not in words_of(client.get(page_of(direction), {"day": "2026-11-26", "time": "10:20"}))
    client.post(page_of(direction), SENT | {"day": "2026-11-26", "beyond_limit": "1"})

    assert Booking.objects.count() == 2


def test_the_only_specialist_of_a_direction_chooses_whom_to_book_and_nothing_else(direction, teacher, specialist):
    page = words_of(signed_in(specialist).get(page_of(direction)))

    assert "Выберите выше, кого записать" in page and page.index('id="id_teacher"') < page.index("Выберите выше")
    assert "Сейчас записаться нельзя" not in page and 'id="ask"' not in page


def test_who_books_for_others_sees_taken_times_without_a_name_and_teachers_do_not(
    direction, teacher, specialist, school
):
    other = MembershipFactory(school=school, user__last_name="Другова")
    booked(direction, other)

    seen = signed_in(specialist).get(page_of(direction), {"teacher": teacher.pk, "day": "2026-11-24"})

    taken = [one for one in seen.context["morning"] if one.get("is_taken")]
    assert [f"{one['time'].starts_at:%H:%M}" for one in taken] == ["10:20"]
    assert re.search(r'is-taken"><span class="time-clock">10:20</span><span class="time-who">занято<', words_of(seen))
    hers = signed_in(teacher).get(page_of(direction), {"day": "2026-11-24"})
    assert not any(one.get("is_taken") for one in hers.context["morning"])


@pytest.mark.parametrize(("is_other", "count"), [(False, 12), (True, 13)])
def test_the_page_reads_each_thing_once(direction, teacher, specialist, is_other, count, django_assert_num_queries):
    client = signed_in(specialist if is_other else teacher)
    said = {"day": "2026-11-24", "time": "10:20"} | ({"teacher": teacher.pk} if is_other else {})

    with django_assert_num_queries(count):  # the frame five, free times six, the topics; for another the staff
        client.get(page_of(direction), said)
