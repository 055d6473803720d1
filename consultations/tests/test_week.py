"""The week: the grid for everybody, and the sheet for the door. Nobody's name or question stands on either."""

import re
from datetime import date, time
from html import unescape

import pytest
from django.urls import reverse

from consultations.models import Absence, Booking, CalendarChange, Lesson
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SchoolFactory

from .conftest import moscow
from .test_pages import booked, signed_in, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(member, name="week", **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return signed_in(member).get(f"{reverse(f'consultations:{name}')}?{asked}")


def grid(answer) -> dict[str, dict[str, str]]:
    """Of the first day with hours: {column: {"10:20": kind}}."""
    day = next(one for one in answer.context["grid"].days if one.rows)
    found: dict[str, dict[str, str]] = {}
    for row in day.rows:
        for column, cells in row.cells:
            found.setdefault(column.words, {}).update({f"{one.starts_at:%H:%M}": one.kind for one in cells})
    return found


# --- The grid


def test_a_taken_time_says_so_without_a_name_and_a_free_one_books(direction, teacher, specialist, school):
    booked(direction, MembershipFactory(school=school, user__last_name="Тайнова"), "23.11.2026 11:00", "Секрет")

    answer = page(teacher)

    times = grid(answer)[specialist.name]
    assert (times["11:00"], times["11:20"]) == ("busy", "free")
    words = words_of(answer)
    assert "Тайнова" not in words and "Секрет" not in words
    assert re.search(r"11:00\s+занято", words)
    link = unescape(re.search(r'href="([^"]*)">11:20', words)[1])
    chosen = signed_in(teacher).get(link)
    assert "Записаться на 11:20" in words_of(chosen)
    assert chosen.context["picked"].specialist == specialist.pk


def test_a_lesson_reads_as_taken_and_nobody_reads_that_it_is_one(direction, teacher, specialist, school):
    day = date(2026, 11, 23)
    Lesson.objects.create(
        specialist=specialist, weekday=1, starts=time(11, 20), ends=time(13), words="7А", first_on=day, last_on=day
    )

    answer = page(teacher)

    times = grid(answer)[specialist.name]
    assert [times[one] for one in ("11:00", "11:20", "12:00", "12:40", "13:00")] == ["free", *["busy"] * 3, "free"]
    words = words_of(answer)
    assert re.search(r"11:20\s+занято", words)
    assert re.search(r"12:00</th>\s*<td><span[^>]*>занято</span></td>", words)  # an hour that is all taken says it once
    assert "урок" not in words.partition('id="content"')[2].lower() and "7А" not in words


def test_an_absent_specialist_is_taken_and_a_deputys_other_days_are_a_dash(direction, teacher, specialist, school):
    deputy = MembershipFactory(school=school, user__last_name="Заменова")
    colleague = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Вторых")
    Absence.objects.create(
        specialist=specialist, deputy=deputy, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24)
    )

    monday, tuesday = (day.rows[-1].cells for day in page(teacher).context["grid"].days[:2])

    given = [{one.column.words: {time.kind for time in one.times} for one in cells} for cells in (monday, tuesday)]
    assert given == [
        {specialist.name: {"free"}, deputy.name: set(), colleague.name: {"free"}},
        {specialist.name: {"busy"}, deputy.name: {"free"}, colleague.name: {"free"}},
    ]
    assert "Прочерк" in words_of(page(teacher))


def test_a_day_on_which_everybody_is_absent_says_so_instead_of_hours(direction, teacher, specialist):
    Absence.objects.create(specialist=specialist, first_on=date(2026, 11, 24), last_on=date(2026, 11, 24))

    tuesday = page(teacher).context["grid"].days[1]

    assert (tuesday.rows, tuesday.reason) == ([], "специалист отсутствует")


def test_of_the_days_the_first_with_consultations_is_unfolded(direction, teacher, specialist, school):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 23), last_on=date(2026, 11, 23), reason="Семинар"
    )

    folds = re.findall(r'<details class="week-day"( open)?>\s*<summary><h2 id="day-([\d-]*)', words_of(page(teacher)))

    assert folds[0] == (" open", "2026-11-24") and [is_open for is_open, _day in folds[1:]] == ["", "", ""]


def test_what_is_too_soon_is_free_but_not_offered(direction, teacher, specialist):
    times = grid(page(teacher))[specialist.name]  # it is 9:30, one books an hour before

    assert (times.get("09:20"), times["10:20"], times["10:40"]) == (None, "closed", "free")


def test_one_who_is_busy_is_offered_nothing_then_and_the_others_are(direction, teacher, specialist, school):
    other = DirectionFactory(school=school, roles=[Role.DEPUTY_HEAD], room=RoomFactory(school=school, name="А1"))
    deputy = MembershipFactory(school=school, roles=[Role.DEPUTY_HEAD], user__last_name="Завучева")
    booked(other, teacher, "23.11.2026 12:00")

    mine, of_others = grid(page(teacher)), grid(page(MembershipFactory(school=school)))

    assert (mine[specialist.name]["12:00"], mine[deputy.name]["12:00"]) == ("closed", "busy")
    assert of_others[specialist.name]["12:00"] == "free"


def test_specialists_see_their_own_column_and_cannot_book_themselves(direction, specialist, teacher):
    booked(direction, teacher, "23.11.2026 11:00")

    times = grid(page(specialist))[specialist.name]

    assert (times["11:00"], times["11:20"]) == ("busy", "closed")


def test_rooms_stand_across_and_a_room_of_two_places_is_taken_when_both_are(direction, teacher, specialist, school):
    direction.room.places = 2
    direction.room.save()
    MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Вторых")
    looks = MembershipFactory(school=school)
    kinds = []
    for _person in range(2):
        booked(direction, MembershipFactory(school=school), "23.11.2026 11:00")
        kinds.append(grid(page(looks, by="rooms"))["кабинет 13"]["11:00"])

    assert kinds == ["free", "busy"]


def test_a_time_of_two_directions_stands_for_each_with_its_number(direction, teacher, specialist, school):
    DirectionFactory(school=school, position=direction.position + 1, room=RoomFactory(school=school, name="А1"))

    words = words_of(page(teacher))

    assert f"11:20<sup>{direction.position}</sup>" in words and f"11:20<sup>{direction.position + 1}</sup>" in words
    booked(direction, MembershipFactory(school=school), "23.11.2026 11:20")
    assert len(re.findall(r"11:20\s+занято", words_of(page(teacher)))) == 1


def test_a_closed_day_says_why_and_past_days_are_left_out(direction, teacher, school, clock):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 26), last_on=date(2026, 11, 26), reason="Семинар"
    )
    clock.at = moscow("25.11.2026 09:30")

    days = page(teacher).context["grid"].days

    assert [one.on.day for one in days] == [25, 26, 27, 28, 29]
    assert [bool(one.rows) for one in days] == [True, False, True, False, False]
    assert days[1].reason == "Семинар"


def test_the_weeks_go_from_this_one_to_the_last_that_may_be_booked(direction, teacher):
    first, far = page(teacher, since="2020-01-01"), page(teacher, since="2099-01-01")

    assert (first.context["monday"], first.context["earlier"]) == (date(2026, 11, 23), None)
    assert (far.context["monday"], far.context["later"]) == (date(2026, 12, 21), None)  # 30 days ahead: 23.12.
    assert page(teacher, since="32.13").status_code == 200


def test_without_an_order_in_force_both_pages_say_so():
    stranger = MembershipFactory()

    for name in ("week", "door"):
        assert "Приказ ещё не введён в действие" in words_of(page(stranger, name)), name


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("name", "budget"), [("week", 12), ("door", 12)])  # five or six of each are the frame's
def test_a_week_costs_the_same_for_one_row_and_for_thirty(name, budget, rows, django_assert_max_num_queries):
    school = SchoolFactory()
    looks = MembershipFactory(school=school)
    for place in range(rows):
        direction = DirectionFactory(school=school, hours=[(1, "10:00", "12:00")],
                                     room=RoomFactory(school=school, name=f"А{place}"))  # fmt: skip
        specialist, teacher = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST]), looks
        Booking.objects.create(
            direction=direction, specialist=specialist, teacher=MembershipFactory(school=school), booked_by=teacher,
            question="?", starts_at=moscow("23.11.2026 11:00"), ends_at=moscow("23.11.2026 11:20"),
        )  # fmt: skip
    client = signed_in(looks)

    with django_assert_max_num_queries(budget):
        answer = client.get(reverse(f"consultations:{name}"))

    assert answer.status_code == 200
    if name == "week":
        assert len(answer.context["grid"].columns) == rows


# --- The door


def test_the_door_shows_the_hours_of_the_week_with_what_is_closed_and_nobodys_name(
    direction, teacher, specialist, school
):
    CalendarChange.objects.create(
        school=school, first_on=date(2026, 11, 26), last_on=date(2026, 11, 26), reason="Семинар"
    )
    booked(direction, teacher)

    words = words_of(page(specialist, "door", of=f"room-{direction.room_id}"))

    assert words.count("8:00–14:00") == 4 and "Семинар" in words and "<svg" in words
    assert "Кабинет 13" in words and direction.name in words
    assert teacher.name not in words and teacher.full_name not in words
    assert reverse("consultations:book", args=[direction.pk]) in words


def test_the_door_tells_the_hours_exactly_whatever_the_length_and_the_notice(direction, teacher, specialist):
    direction.slot_minutes, direction.gap_minutes, direction.notice_minutes, direction.horizon_days = 50, 10, 20000, 1
    direction.save()

    assert words_of(page(teacher, "door")).count("8:00–14:00") == 5


def test_a_break_stands_on_the_door(teacher, specialist, school):
    DirectionFactory(
        school=school, hours=[(2, "08:00", "10:00"), (2, "11:00", "12:30")], room=RoomFactory(school=school, name="А1")
    )

    words = re.sub(r"<[^>]*>", "", words_of(page(teacher, "door")))

    assert "08:00–10:00, 11:00–12:30" in words


def test_a_door_of_two_directions_has_a_square_for_each(direction, teacher, specialist, school):
    second = DirectionFactory(school=school, room=direction.room)

    words = words_of(page(teacher, "door", of=f"room-{direction.room_id}"))

    assert words.count('class="door-code"') == 2
    assert words_of(page(teacher, "door", of=f"direction-{second.pk}")).count('class="door-code"') == 1


def test_a_direction_as_needed_has_its_square_and_no_hours(teacher, school):
    DirectionFactory(school=school, is_on_demand=True, roles=[Role.DEPUTY_HEAD])

    words = words_of(page(teacher, "door"))

    assert "По мере необходимости" in words and "door-hours" not in words


@pytest.mark.parametrize("of", ["room-0", "direction-x", "specialist-1"])
def test_a_door_that_the_school_does_not_have_is_not_found(direction, teacher, of):
    assert page(teacher, "door", of=of).status_code == 404
