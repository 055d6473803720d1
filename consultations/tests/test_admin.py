"""The administration edits the schedule of its own school."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from consultations.models import Absence, Bell, Booking, CalendarChange, Direction, Lesson, Room
from consultations.operations import book_consultation, read_hours_into, set_specialists
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory

from .conftest import NOW, moscow

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


@pytest.fixture
def admin(head) -> Client:
    client = Client()
    client.force_login(head.user)
    return client


def form_of(page) -> dict[str, object]:
    """What the administration page would send, unchanged."""
    sent: dict[str, object] = {}

    def take(form) -> None:
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                value = "on" if value else None
            if value is not None:
                sent[field.html_name] = value

    take(page.context["adminform"].form)
    for one in page.context["inline_admin_formsets"]:
        take(one.formset.management_form)
        for form in one.formset.forms:
            take(form)
    return sent


def change(admin, direction, **fields):
    address = reverse("admin:consultations_direction_change", args=[direction.pk])
    answer = admin.post(address, form_of(admin.get(address)) | fields, follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    return answer


def hours(direction) -> list[tuple[int, time, time]]:
    return [(one.weekday, one.starts, one.ends) for one in direction.hours.all()]


# --- What the order says


def test_the_printed_hours_become_rows_of_hours(school):
    direction = DirectionFactory(school=school, hours_printed="вт, чт с 15-50 до 18-20", is_on_demand=True)

    read_hours_into(direction)

    assert hours(direction) == [(2, time(15, 50), time(18, 20)), (4, time(15, 50), time(18, 20))]
    assert direction.is_on_demand is False


@pytest.mark.parametrize(
    ("printed", "rows", "is_on_demand"),
    [
        ("Ежедневно \nс 8.00 -14.00", [(0, time(8), time(14))], False),
        ("Ежедневно\n с 8.00 -14.00", [(0, time(8), time(14))], False),
        ("По мере необходимости", [], True),
        ("после 6-го урока", [], False),
        ("8.30 – 9.15", [], False),
        ("вт, чт 9.00-10.00, 14.00-15.00", [], False),  # both times on both days, or one for each day?
    ],
)
def test_nothing_is_guessed_of_the_hours(school, printed, rows, is_on_demand):
    direction = DirectionFactory(school=school, hours_printed=printed)

    read_hours_into(direction)

    assert (hours(direction), Direction.objects.get().is_on_demand) == (rows, is_on_demand)


def test_the_last_friday_of_the_month_is_one_day_of_the_month(school, specialist, teacher):
    direction = DirectionFactory(school=school, hours_printed="Последняя пятница месяца 13.30–15.00")
    read_hours_into(direction)

    def book(when):
        return book_consultation(
            direction, specialist=None, starts_at=moscow(when), teacher=teacher, question="?", by=teacher, at=NOW
        )

    with pytest.raises(ValidationError):
        book("04.12.2026 13:30")
    assert book("27.11.2026 13:30").pk


def test_specialists_without_a_separator_become_roles_and_an_unknown_one_stays_as_printed(school):
    direction = DirectionFactory(school=school)

    set_specialists(direction, "Зам. директора по УР Члены рабочей группы, лаборант")

    assert [(one.words, one.role) for one in direction.direction_roles.all()] == [
        ("Зам. директора по УР", "deputy_head"),
        ("Члены рабочей группы", "working_group"),
        ("лаборант", ""),
    ]


# --- The administration pages


def test_changed_words_are_read_again_and_the_journal_tells_of_them(admin, direction):
    answer = change(admin, direction, hours_printed="Среда, 14.00 - 15.30")

    assert hours(direction) == [(3, time(14), time(15, 30))]
    assert "ср 14:00–15:30" in answer.content.decode()
    [entry] = Entry.objects.about(direction)
    assert entry.verb == "admin.changed" and entry.changes[0]["new"] == "Среда, 14.00 - 15.30"


def test_rows_edited_by_hand_win_over_the_words(admin, direction):
    fields = {"hours_printed": "Среда, 14.00 - 15.30", "hours-0-ends": "13:00"}

    change(admin, direction, **fields)

    assert hours(direction) == [(0, time(8), time(13))]


def test_saving_without_a_change_keeps_hours_set_by_hand(admin, direction):
    direction.hours.update(starts=time(10))

    change(admin, direction)

    assert hours(direction) == [(0, time(10), time(14))]


def test_words_that_are_not_understood_offer_nothing_and_say_so(admin, direction):
    answer = change(admin, direction, hours_printed="после 6-го урока")

    assert hours(direction) == []
    assert "Не всё ясно" in answer.content.decode()


def test_the_reading_is_told_while_one_types_to_the_administration_only(admin, teacher):
    address = reverse("consultations:hours-reading")

    answer = admin.get(address, {"words": "вт. и чт. 13.15 — 14.00"})
    assert answer.content.decode() == "Понято так: вт, чт 13:15–14:00."
    stranger = Client()
    stranger.force_login(teacher.user)
    assert stranger.get(address, {"words": "вт"}).status_code == 403


def test_another_schools_rows_are_neither_listed_nor_offered_nor_opened(admin, direction):
    other = DirectionFactory(name="Чужое направление", room=RoomFactory(name="Чужой 5"))
    MembershipFactory(school=other.schedule.order.school, user__last_name="Чужакова")
    CalendarChange.objects.create(
        school=other.schedule.order.school,
        first_on=date(2026, 12, 1),
        last_on=date(2026, 12, 1),
        reason="Чужая причина",
    )
    stranger = MembershipFactory(school=other.schedule.order.school, user__last_name="Чужова")
    span = {"first_on": date(2026, 12, 1), "last_on": date(2026, 12, 1)}
    Absence.objects.create(specialist=stranger, reason="Чужая болезнь", **span)
    Lesson.objects.create(specialist=stranger, weekday=2, starts=time(8), ends=time(9), words="Чужой урок", **span)

    for name in (
        "schedule",
        "direction",
        "room",
        "calendarchange",
        "absence",
        "lesson",
        "bell",
        "booking",
        "timerequest",
    ):
        assert "Чуж" not in admin.get(reverse(f"admin:consultations_{name}_changelist")).content.decode(), name
    for address in (
        reverse("admin:consultations_direction_change", args=[direction.pk]),
        reverse("admin:consultations_calendarchange_add"),
    ):
        assert "Чуж" not in admin.get(address).content.decode(), address
    foreign = admin.get(reverse("admin:consultations_direction_change", args=[other.pk]))
    assert foreign.status_code == 302  # Django's answer to a row that is not there


def test_a_foreign_room_sent_by_hand_is_refused(admin, direction):
    address = reverse("admin:consultations_direction_change", args=[direction.pk])
    sent = form_of(admin.get(address)) | {"room": RoomFactory().pk}

    answer = admin.post(address, sent)

    assert answer.status_code == 200 and answer.context["adminform"].form.errors
    direction.refresh_from_db()
    assert direction.room.name == "13"


def test_a_second_room_of_one_name_is_refused_and_another_schools_is_no_hindrance(admin, direction):
    RoomFactory(name="77")
    address = reverse("admin:consultations_room_add")

    assert "уже есть кабинет" in admin.post(address, {"name": "13", "places": 1}).content.decode()
    assert admin.post(address, {"name": "77", "places": 2}).status_code == 302
    assert Room.objects.filter(name="77", school=direction.room.school).get().places == 2


def test_a_mistyped_year_of_a_closure_is_refused_and_what_was_typed_stays(admin):
    sent = {"first_on": "03.12.2026", "last_on": "31.12.9999", "reason": "Карантин"}

    page = admin.post(reverse("admin:consultations_calendarchange_add"), sent)

    form = page.context["adminform"].form
    assert form.errors.as_data()["last_on"][0].code == "year"
    assert form["reason"].value() == "Карантин"
    assert not CalendarChange.objects.exists()


def test_a_closure_warns_of_the_consultations_inside_and_keeps_them(admin, direction, teacher):
    inside, outside = (
        book_consultation(
            direction, specialist=None, starts_at=moscow(when), teacher=teacher, question="?", by=teacher, at=NOW
        )
        for when in ("04.12.2026 13:40", "07.12.2026 08:00")
    )
    sent = {"kind": "closed", "first_on": "03.12.2126", "last_on": "04.12.2126", "reason": "Карантин"}
    # the page asks the real clock, so the days lie far ahead
    for one in (inside, outside):
        later = {"starts_at": one.starts_at.replace(year=2126), "ends_at": one.ends_at.replace(year=2126)}
        Booking.objects.filter(pk=one.pk).update(**later)

    answer = admin.post(reverse("admin:consultations_calendarchange_add"), sent, follow=True)

    words = answer.content.decode()
    assert CalendarChange.objects.get().reason == "Карантин"
    assert inside.get_absolute_url() in words and outside.get_absolute_url() not in words
    assert Booking.objects.live().count() == 2


def test_the_administration_writes_lessons_bells_and_absences_there_too(admin, teacher, specialist):
    """The one who stands in is told as from our own page."""
    for name, sent in (
        ("bell", {"number": "1", "starts": "08:30", "ends": "09:15"}),
        ("lesson", {"specialist": specialist.pk, "weekday": "2", "starts": "08:30", "ends": "09:15",
                    "first_on": "01.09.2026", "last_on": "31.05.2027", "every_weeks": "1"}),
        ("absence", {"specialist": specialist.pk, "first_on": "03.12.2126", "deputy": teacher.pk}),
    ):  # fmt: skip
        answer = admin.post(reverse(f"admin:consultations_{name}_add"), sent)
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        assert admin.get(reverse(f"admin:consultations_{name}_changelist")).status_code == 200

    assert Absence.objects.get().last_on == date(2126, 12, 3)
    assert Lesson.objects.get().specialist == specialist and Bell.objects.get().school == specialist.school
    assert specialist.name in Message.objects.get(recipient=teacher).words


def test_a_circle_of_deputies_is_refused_there_with_words(admin, teacher, specialist):
    Absence.objects.create(specialist=teacher, deputy=specialist, first_on=date(2126, 12, 3), last_on=date(2126, 12, 3))

    page = admin.post(
        reverse("admin:consultations_absence_add"),
        {"specialist": specialist.pk, "first_on": "03.12.2126", "deputy": teacher.pk},
    )

    assert "в эти дни тоже отсутствует" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_forms_of_the_administration_cost_the_same_for_one_row_and_for_thirty(
    admin, school, rows, django_assert_max_num_queries
):
    MembershipFactory.create_batch(rows, school=school)
    direction = [DirectionFactory(school=school) for _number in range(rows)][0]
    RoomFactory.create_batch(rows, school=school)
    admin.get(reverse("admin:index"))

    with django_assert_max_num_queries(8):  # the frame's five, kind of record, rooms, staff
        page = admin.get(reverse("admin:consultations_calendarchange_add"))
    assert len(page.context["adminform"].form.fields["specialist"].queryset) >= rows
    with django_assert_max_num_queries(10):  # the frame's five, kind of record, schedule, directions, rooms (twice)
        page = admin.get(reverse("admin:consultations_schedule_change", args=[direction.schedule_id]))
    assert len(page.context["inline_admin_formsets"][0].formset.initial_forms) == rows
