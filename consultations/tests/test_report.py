"""The report on consultations: sums that add up, and nobody's words in them."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from consultations.models import Booking, DirectionRole, Participation, Seminar, Topic
from consultations.reports import Tally, gather, month_words
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.roles import Role
from ejournal_rollout.periods import Period
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    MembershipFactory,
    OrderFactory,
    ScheduleFactory,
    SeminarFactory,
)

from .conftest import NOW, moscow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

YEAR = Period.of_school_year(SchoolYear(2026))
MINUTES = timedelta(minutes=1)


@pytest.fixture
def head(school):
    """Who works in the group and gives no consultations."""
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION], user__last_name="Образцова")


def booked(direction, specialist, when, *, minutes=20, **fields) -> Booking:
    starts_at = moscow(when) if isinstance(when, str) else when
    if "teacher" not in fields:
        fields["teacher"] = MembershipFactory(school=specialist.school, user__last_name="Тайнова")
    return Booking.objects.create(
        direction=direction,
        specialist=specialist,
        booked_by=fields["teacher"],
        question="Тайный вопрос",
        starts_at=starts_at,
        ends_at=starts_at + minutes * MINUTES,
        **fields,
    )


def told(reader, period=YEAR):
    names = {one.pk: one.name for one in Booking.objects.visible_to(reader).specialists()}
    names |= {one.pk: one.name for one in Seminar.objects.visible_to(reader).leaders()}
    visible = [model.objects.visible_to(reader) for model in (Booking, Seminar)]
    return gather(*visible, period, at=NOW, reader=reader, names=names)


def rows(report, key):
    section = next(one for one in report.sections if one.key == key)
    return [(row.words, row.tally) for row in section.rows]


def page(member, query="", name="report"):
    client = Client()
    client.force_login(member.user)
    return client.get(reverse(f"consultations:{name}") + query)


def test_each_consultation_has_one_fate_and_hours_are_of_those_held(direction, specialist, head):
    booked(direction, specialist, "02.11.2026 10:00", came=True, minutes=50)
    booked(direction, specialist, "03.11.2026 10:00", came=True, minutes=30)
    booked(direction, specialist, "04.11.2026 10:00", came=False, minutes=60)
    booked(direction, specialist, "05.11.2026 10:00", cancelled_at=NOW)
    booked(direction, specialist, "23.11.2026 09:10")  # ends at this moment
    booked(direction, specialist, "23.11.2026 09:30")  # begins at this moment
    booked(direction, specialist, "24.11.2026 10:00", cancelled_at=NOW)

    total = told(head).total

    assert total == Tally(held=2, missed=1, cancelled=2, unmarked=1, ahead=1, came=2, time_held=80 * MINUTES)
    assert (total.total, total.hours, total.missed_percent) == (7, 1.33, 33)


def test_months_are_the_schools_and_a_month_without_any_stands_between_others(school, direction, specialist, head):
    school.time_zone = "Asia/Vladivostok"
    school.save()
    booked(direction, specialist, datetime(2026, 8, 31, 13, 59, tzinfo=UTC), came=True)  # 31 August there, 23:59
    booked(direction, specialist, datetime(2026, 8, 31, 14, 30, tzinfo=UTC), came=True)
    booked(direction, specialist, datetime(2026, 11, 2, 9, 0, tzinfo=UTC), came=False)
    booked(direction, specialist, datetime(2027, 8, 31, 13, 0, tzinfo=UTC), cancelled_at=NOW)
    booked(direction, specialist, datetime(2027, 8, 31, 14, 0, tzinfo=UTC))
    head.refresh_from_db()

    shown = rows(told(head), "months")

    assert [words for words, _tally in shown][:3] == ["Сентябрь 2026", "Октябрь 2026", "Ноябрь 2026"]
    assert [tally.total for _words, tally in shown] == [1, 0, 1, *[0] * 8, 1]
    assert shown[-1][0] == month_words(date(2027, 8, 1))


def test_directions_specialists_topics_and_forms_each_sum_to_the_whole(school, direction, specialist, head):
    other = MembershipFactory(school=school, user__last_name="Методистова")
    asked = DirectionFactory(school=school, room=direction.room, name="Методика", is_on_demand=True)
    login, marks = Topic.objects.create(direction=direction, name="Вход"), Topic.objects.create(
        direction=asked, name="Отметки"
    )  # fmt: skip
    booked(direction, specialist, "02.11.2026 10:00", came=True, topic=login)
    booked(asked, other, "02.11.2026 10:00", came=True, topic=marks)
    booked(asked, other, "03.11.2026 10:00", came=False, topic=marks)
    booked(asked, specialist, "04.11.2026 10:00", came=True)

    report = told(head)

    held, missed = Tally(held=1, came=1, time_held=20 * MINUTES), Tally(missed=1)
    assert rows(report, "directions") == [(direction.name, held), ("Методика", held + held + missed)]
    assert rows(report, "specialists") == [(other.name, held + missed), (specialist.name, held + held)]
    assert rows(report, "topics") == [("Отметки", held + missed), ("Вход", held), ("(тема не выбрана)", held)]
    assert rows(report, "forms") == [("По графику", held), ("По мере необходимости", held + held + missed)]
    assert {sum((tally for _words, tally in rows(report, one.key)), Tally()) for one in report.sections} == {
        report.total
    }


def test_a_direction_that_the_next_order_repeats_is_one_row(school, direction, specialist, head):
    old = OrderFactory(school=school, first_year=2025, state="closed", signed_on=date(2025, 8, 31))
    before = DirectionFactory(schedule=ScheduleFactory(order=old), name=direction.name, room=direction.room)
    booked(before, specialist, "31.08.2026 10:00", came=True)
    booked(direction, specialist, "01.09.2026 10:00", came=True)

    assert len(rows(told(head, Period.parse("2026-q3")), "directions")) == 1
    assert told(head).total.held == 1


def test_another_schools_consultations_are_not_counted(direction, specialist, head):
    stranger = MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    booked(DirectionFactory(school=stranger.school, name="Чужое направление"), stranger, "02.11.2026 10:00", came=True)

    assert told(head).total == Tally()
    words = page(head).content.decode()
    assert "Чужое направление" not in words
    assert "консультаций нет" in words


# --- Seminars


def held(school, when, *leaders, came=0, missed=0, **fields) -> Seminar:
    people = [MembershipFactory(school=school, user__last_name="Тайнова") for _place in range(came + missed)]
    seminar = SeminarFactory(
        school=school, starts_at=moscow(when), leaders=leaders, participants=people, marked_at=NOW, **fields
    )
    coming = [line.pk for line in seminar.participations.all()[:came]]
    Participation.objects.of(seminar).update(came=False)
    Participation.objects.filter(pk__in=coming).update(came=True)
    return seminar


def test_a_held_seminar_counts_once_with_those_who_came(school, direction, specialist, head):
    other = MembershipFactory(school=school, user__last_name="Методистова")
    booked(direction, specialist, "02.10.2026 10:00", came=True)
    held(school, "05.10.2026 15:00", specialist, came=2, direction=direction)
    held(school, "09.11.2026 15:00", specialist, other, came=3, missed=1, kind="training", places=9)

    report = told(head)

    one, two, three = (
        Tally(held=1, came=1, time_held=20 * MINUTES),
        Tally(held=1, came=2, time_held=90 * MINUTES),
        Tally(held=1, came=3, time_held=90 * MINUTES),
    )
    assert rows(report, "forms") == [("По графику", one), ("Семинары и тренинги", two + three)]
    assert rows(report, "months") == [("Октябрь 2026", one + two), ("Ноябрь 2026", three)]
    assert rows(report, "directions") == [(direction.name, one + two), ("(без направления)", three)]
    assert dict(rows(report, "specialists")) == {
        specialist.name: one + two,
        ", ".join(report.names[pk] for pk in report.names): three,
    }
    assert report.total.hours == 3.33


def test_a_seminar_that_is_cancelled_or_not_marked_is_not_counted(school, specialist, head):
    held(school, "09.11.2026 15:00", specialist, came=1, cancelled_at=NOW)
    SeminarFactory(school=school, starts_at=moscow("10.11.2026 15:00"), leaders=[specialist])
    held(MembershipFactory().school, "09.11.2026 15:00", came=1)

    assert told(head).total == Tally()


def test_seminars_are_told_by_number_and_as_the_filters_say(school, direction, specialist, head):
    other = MembershipFactory(school=school, user__last_name="Методистова")
    held(school, "09.11.2026 15:00", specialist, other, came=2, about="Тайное")
    held(school, "10.11.2026 15:00", other, came=1, direction=direction)

    answers = {
        query: page(head, query) for query in ("", f"?specialist={specialist.pk}", f"?direction={direction.name}")
    }
    assert [answer.context["total"].came for answer in answers.values()] == [3, 2, 1]
    assert all("тайн" not in answer.content.decode().lower() for answer in answers.values())
    own = page(specialist)
    assert own.context["total"].came == 2
    assert other.name not in own.content.decode()
    assert other.name not in str(csv_rows(page(specialist, "?kind=csv", "report-file")))


def test_who_leads_a_seminar_sees_a_report_of_it(school, teacher):
    assert page(teacher).status_code == 403
    held(school, "09.11.2026 15:00", teacher, came=2)
    assert page(teacher).context["total"].came == 2


# --- The page


@pytest.mark.parametrize("role", [Role.ADMINISTRATION, Role.WORKING_GROUP])
def test_administration_and_working_group_see_all_and_no_teacher(school, direction, specialist, role):
    reader = MembershipFactory(school=school, roles=[role])
    other = MembershipFactory(school=school, user__last_name="Методистова")
    booked(direction, specialist, "02.11.2026 10:00", came=True, outcome="Тайный итог")
    booked(direction, other, "02.11.2026 10:00", cancelled_at=NOW, cancelled_because="Тайная причина")

    words = page(reader).content.decode()

    assert specialist.name in words
    assert other.name in words
    assert "Тайн" not in words
    assert "тайн" not in words.lower()
    assert "<svg" in words


def test_a_specialist_sees_the_own_numbers_only(school, direction, specialist):
    other = MembershipFactory(school=school, roles=[Role.TECHNICAL_SPECIALIST], user__last_name="Методистова")
    booked(direction, specialist, "02.11.2026 10:00", came=True)
    booked(direction, other, "02.11.2026 10:00", came=True)
    booked(direction, other, "03.11.2026 10:00", came=True)

    for query in ("", f"?specialist={other.pk}"):
        answer = page(specialist, query)
        assert answer.context["total"].held == 1
        assert other.name not in answer.content.decode()
    _heads, *lines = csv_rows(page(specialist, f"?specialist={specialist.pk}&kind=csv", "report-file"))
    assert [line[3] for line in lines] == [specialist.name]


def test_a_teacher_is_refused_and_whom_the_order_names_is_not(direction, specialist, teacher):
    booked(direction, specialist, "02.11.2026 10:00", came=True, teacher=teacher)

    assert [page(teacher, name=name).status_code for name in ("report", "report-file")] == [403, 403]

    DirectionRole.objects.create(direction=direction, position=2, words="Учителева А. П.", person=teacher)
    answer = page(teacher)
    assert answer.status_code == 200
    assert answer.context["total"] == Tally()


def test_the_filters_stand_in_the_address(school, direction, specialist, head):
    other, second = (
        MembershipFactory(school=school),
        DirectionFactory(school=school, room=direction.room, name="Методика & отметки"),
    )
    booked(direction, specialist, "02.10.2026 10:00", came=True)
    booked(direction, other, "02.11.2026 10:00", came=True)
    booked(second, other, "03.11.2026 10:00", came=True)

    def counted(query):
        return page(head, query).context["total"].total

    assert counted("") == counted("?period=2026-2027") == 3
    assert counted("?period=2026-11") == 2
    assert counted("?period=2026-q3") == counted("?period=2025-2026") == 0
    assert counted(f"?period=2026-q4&specialist={other.pk}&direction=Методика+%26+отметки") == 1
    words = page(head, f"?specialist={other.pk}&direction=Методика+%26+отметки").content.decode()
    assert f"specialist={other.pk}&amp;kind=xlsx" in words
    assert "Направление: Методика &amp; отметки" in words


@pytest.mark.parametrize(
    "query",
    ["?period=2026-13", "?period=%00", "?specialist=abc", "?specialist=999999", "?direction=%D0%9D%D0%B5%D1%82"],
)
def test_what_the_address_cannot_mean_is_left_out_and_said(direction, specialist, head, query):
    booked(direction, MembershipFactory(school=head.school), "02.11.2026 10:00", came=True)
    booked(direction, specialist, "02.11.2026 10:00", came=True)

    answer = page(head, query)

    assert answer.context["total"].total == 2
    assert "note-warning" in answer.content.decode()
    assert page(head, query, "report-file").status_code == 404
    assert page(head, "?kind=exe", "report-file").status_code == 404


def csv_rows(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))


def test_the_files_carry_the_numbers_of_the_page(direction, specialist, head):
    booked(direction, specialist, "02.11.2026 10:00", came=True, minutes=90)
    booked(
        direction,
        specialist,
        "03.11.2026 10:00",
        came=False,
        topic=Topic.objects.create(direction=direction, name="=1+1"),
    )

    xlsx = page(head, "?period=2026-11&kind=xlsx", "report-file")
    book = load_workbook(io.BytesIO(b"".join(xlsx.streaming_content)))
    heads, *lines = csv_rows(page(head, "?period=2026-11&kind=csv", "report-file"))

    assert book.sheetnames[1:] == ["По месяцам", "По направлениям", "По темам", "По формам помощи"]
    assert [cell.value for cell in book["По месяцам"][2]] == ["Ноябрь 2026", 2, 1, 1, 0, 0, 0, 1, 1.5]
    assert heads[:6] == ["Месяц", "Направление", "Форма помощи", "Специалист", "Тема", "Всего"]
    assert sorted(line[4:] for line in lines) == [
        ["", "1", "1", "0", "0", "0", "0", "1", "1,5"],
        ["'=1+1", "1", "0", "1", "0", "0", "0", "0", "0,0"],
    ]


def test_table_plot_and_files_tell_the_same_whole_seminars_included(school, direction, specialist, head):
    for day, came in (("02", True), ("03", False), ("04", None)):
        booked(direction, specialist, f"{day}.11.2026 10:00", came=came)
    booked(direction, specialist, "05.10.2026 10:00", cancelled_at=NOW, cancelled_by=head)
    held(school, "09.11.2026 15:00", specialist, came=3, missed=1)

    answer = page(head)
    xlsx = page(head, "?kind=xlsx", "report-file")
    book = load_workbook(io.BytesIO(b"".join(xlsx.streaming_content)))
    _heads, *lines = csv_rows(page(head, "?kind=csv", "report-file"))

    numbers = [5, 2, 1, 1, 1, 0, 4]  # in all, took place, did not come, cancelled, not marked, ahead, persons came
    assert [sum(int(line[place]) for line in lines) for place in range(5, 12)] == numbers
    whole, *sheets = book.worksheets
    tables = [[row[5:] for row in whole.iter_rows(min_row=2, values_only=True)]]
    tables += [[row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in sheets]
    for rows in tables:
        assert [sum(column) for column in list(zip(*rows, strict=True))[:7]] == numbers
    for section, plot in answer.context["sections"]:
        total = section.lines[-1].tally
        assert [total.total, *(count for _fate, count in total.by_fate), total.came] == numbers
        assert sum(map(int, re.findall(r'class="plot-sum"[^>]*>(\d+)<', plot)) or [5]) == 5
    assert "семинары и тренинги" in [line[2] for line in lines]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_row_and_for_thirty(school, direction, head, count, django_assert_num_queries):
    for place in range(count):
        one = MembershipFactory(school=school)
        topic = Topic.objects.create(direction=direction, name=f"Тема {place}")
        booked(
            DirectionFactory(school=school, room=direction.room),
            one,
            f"{place % 28 + 1:02}.10.2026 10:00",
            came=True,
            topic=topic,
        )
        held(school, f"{place % 28 + 1:02}.10.2026 15:00", one)
    client = Client()
    client.force_login(head.user)
    client.get(reverse("consultations:bookings"))

    with django_assert_num_queries(11):  # the frame asks five
        answer = client.get(reverse("consultations:report"))

    assert answer.context["total"].held == 2 * count


def test_ten_thousand_consultations_are_counted_by_the_database(school, direction, specialist, head):
    """What comes from it are sums: one row for a direction, specialist, topic and month."""
    teacher = MembershipFactory(school=school)
    first = moscow("01.09.2026 00:00")
    Booking.objects.bulk_create(
        Booking(
            direction=direction,
            specialist=specialist,
            teacher=teacher,
            booked_by=teacher,
            question="Вопрос",
            starts_at=first + 20 * MINUTES * place,
            ends_at=first + 20 * MINUTES * (place + 1),
            came=True,
        )
        for place in range(10_000)
    )

    report = told(head)

    assert report.total.held == 10_000
    assert len(report.cells) == 5
