"""The pages of seminars: what a teacher and what those who run one see and press."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from consultations.models import Participation, Seminar
from consultations.operations import leave_seminar, mark_seminar, sign_up
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, MembershipFactory, RoomFactory, SeminarFactory

from .conftest import NOW, moscow
from .test_seminar_places import line_of, seats

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
START = moscow("25.11.2026 15:00")


def browser(member: Membership, **options) -> Client:
    client = Client(**options)
    client.force_login(member.user)
    return client


def address(name: str, row: Seminar | Participation | None = None) -> str:
    return reverse(f"consultations:{name}", args=[row.pk] if row else [])


def read(client: Client, name: str, row: Seminar | None = None) -> str:
    return client.get(address(name, row)).content.decode()


def typed(leader: Membership, **changed) -> dict:
    given = {
        "kind": "training",
        "title": "Отметки и их вес",
        "leaders": [leader.pk],
        "day": "2026-11-25",
        "begins": "15:00",
        "ends": "16:30",
        "places": "12",
    }
    return given | changed


def test_a_specialist_plans_a_training_and_a_teacher_signs_up(school, specialist, teacher):
    room = RoomFactory(school=school, name="18")

    page = browser(specialist).post(address("seminar-new"), typed(specialist, room=room.pk, closes_on="2026-11-24"))
    seminar = Seminar.objects.get()
    assert page.url == seminar.get_absolute_url()
    assert (seminar.starts_at, seminar.room, seminar.closes_at) == (START, room, moscow("25.11.2026 00:00"))

    client = browser(teacher)
    assert "Отметки и их вес" in read(client, "schedule")
    assert address("seminar-sign-up", seminar) in read(client, "seminar", seminar)
    client.post(address("seminar-sign-up", seminar))
    assert seats(seminar) == [(teacher, 1, False)]
    assert address("place-leave", line_of(seminar, teacher)) in read(client, "seminar", seminar)
    assert "Отметки и их вес" in read(client, "bookings")
    assert "Отметки и их вес" in client.get(reverse("desk:home")).content.decode()

    client.post(address("place-leave", line_of(seminar, teacher)))
    assert seats(seminar) == []
    assert "Отметки и их вес" not in read(client, "bookings")


def test_every_button_works_with_the_protection_against_forged_forms(school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    client = browser(teacher, enforce_csrf_checks=True)

    assert client.post(address("seminar-sign-up", seminar)).status_code == 403
    page = client.get(address("seminar", seminar)).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert client.post(address("seminar-sign-up", seminar), {"csrfmiddlewaretoken": token}).status_code == 302

    client = browser(specialist, enforce_csrf_checks=True)
    page = client.get(address("seminar", seminar)).content.decode()
    forms = page.count("<form method") + page.count('<form class="enter-form')
    assert forms >= 3  # take off, enter, cancel
    assert page.count("csrfmiddlewaretoken") >= forms


def test_a_refused_form_keeps_what_was_typed_and_says_who_is_busy(school, specialist):
    SeminarFactory(school=school, leaders=[specialist])

    page = browser(specialist).post(address("seminar-new"), typed(specialist, about="Вес и виды работ"))

    assert page.status_code == 422
    assert "Вес и виды работ" in page.content.decode()
    assert page.context["form"].non_field_errors().as_data()[0].code == "person_busy"
    assert Seminar.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends": "15:00"}, "ends"),
        ({"leaders": []}, "leaders"),
        ({"places": "0"}, "places"),
        ({"day": "31.13.2026"}, "day"),
        ({"title": ""}, "title"),
        ({"audience": ["teacher"]}, "audience"),
    ],
)
def test_a_slip_is_said_at_its_field(specialist, changed, field):
    page = browser(specialist).post(address("seminar-new"), typed(specialist, **changed))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_nothing_of_another_school_can_be_chosen(specialist):
    other = MembershipFactory(roles=[Role.TECHNICAL_SPECIALIST])
    for changed, field in (
        ({"leaders": [other.pk]}, "leaders"),
        ({"room": RoomFactory(school=other.school).pk}, "room"),
        ({"direction": DirectionFactory(school=other.school).pk}, "direction"),
    ):
        page = browser(specialist).post(address("seminar-new"), typed(specialist, **changed))
        assert list(page.context["form"].errors) == [field]


def test_the_form_of_a_change_shows_what_is_and_saves_nothing_else(school, specialist):
    seminar = SeminarFactory(
        school=school,
        leaders=[specialist],
        audience=[Role.WORKING_GROUP],
        closes_at=moscow("24.11.2026 00:00"),
        title="Вес отметки",
    )
    client = browser(specialist)

    form = client.get(address("seminar-change", seminar)).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"begins": "15:00", "ends": "16:30", "title": "Отметки"}
    client.post(address("seminar-change", seminar), sent)

    changed = Seminar.objects.get()
    assert (changed.title, changed.audience) == ("Отметки", [Role.WORKING_GROUP])
    assert (changed.starts_at, changed.closes_at) == (seminar.starts_at, seminar.closes_at)
    assert not Message.objects.exists()


def test_the_second_of_two_who_change_one_seminar_keeps_the_text_and_saves_beside_the_first(school, specialist):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    client = browser(specialist)
    client.post(address("seminar-change", seminar), typed(specialist, edition=0, title="Первый"))

    page = client.post(address("seminar-change", seminar), typed(specialist, edition=0, title="Второй"))
    assert page.status_code == 422
    assert "Второй" in page.content.decode()
    assert page.context["form"]["edition"].value() == 1
    client.post(address("seminar-change", seminar), typed(specialist, edition=1, title="Второй"))
    assert Seminar.objects.get().title == "Второй"


def test_a_teacher_reads_how_many_take_part_and_never_who(school, teacher):
    people = [MembershipFactory(school=school, user__last_name=name) for name in ("Тайнова", "Скрытнова")]
    seminar = SeminarFactory(school=school, places=1, participants=people[:1], waiting=people[1:])
    client = browser(teacher)

    for name in ("seminar", "seminars", "schedule"):
        page = client.get(address(name, seminar if name == "seminar" else None)).content.decode()
        assert "Тайнова" not in page
        assert "Скрытнова" not in page
    line = line_of(seminar, people[0])
    assert client.get(address("seminar-sheet", seminar)).status_code == 403
    assert client.get(reverse("desk:seminar-sheet", args=[seminar.pk])).status_code == 403
    for name in ("place-leave", "place-confirm", "place-give"):
        assert client.post(address(name, line)).status_code == 403
    assert client.post(address("seminar-enter", seminar), {"person": teacher.pk}).status_code == 403
    assert "Тайнова" in read(browser(seminar.leaders.get()), "seminar", seminar)


def test_an_offered_place_is_confirmed_on_the_page(school, specialist, teacher):
    other = MembershipFactory(school=school)
    seminar = SeminarFactory(school=school, leaders=[specialist], places=1, participants=[other], waiting=[teacher])
    leave_seminar(line_of(seminar, other), by=other, at=NOW)
    line = line_of(seminar, teacher)
    client = browser(teacher)

    assert address("place-confirm", line) in read(client, "seminar", seminar)
    client.post(address("place-confirm", line))

    assert seats(seminar) == [(teacher, 1, False)]
    assert address("place-confirm", line) not in read(client, "seminar", seminar)


def test_an_answer_that_comes_too_late_is_refused_in_words(school, specialist, teacher, clock):
    other = MembershipFactory(school=school)
    seminar = SeminarFactory(school=school, leaders=[specialist], places=1, participants=[other], waiting=[teacher])
    leave_seminar(line_of(seminar, other), by=other, at=NOW)
    clock.at = NOW + timedelta(hours=24)

    page = browser(teacher).post(address("place-confirm", line_of(seminar, teacher)))

    assert page.status_code == 200
    assert [str(one.level_tag) for one in page.context["messages"]] == ["error"]
    assert seats(seminar) == [(teacher, 1, True)]


def test_a_leader_enters_a_colleague_and_takes_one_off(school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    client = browser(specialist)

    client.post(address("seminar-enter", seminar), {"person": teacher.pk})
    assert seats(seminar) == [(teacher, 1, False)]
    assert client.post(address("seminar-enter", seminar), {"person": teacher.pk}).status_code == 422
    client.post(address("place-leave", line_of(seminar, teacher)))
    assert seats(seminar) == []


def test_a_leader_gives_a_free_place_to_one_who_waits(school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist], waiting=[teacher])

    browser(specialist).post(address("place-give", line_of(seminar, teacher)))

    assert seats(seminar) == [(teacher, 1, False)]


def test_a_seminar_is_cancelled_with_a_reason_only(school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=[teacher])
    client = browser(specialist)

    assert client.post(address("seminar-cancel", seminar), {"reason": ""}).status_code == 422
    client.post(address("seminar-cancel", seminar), {"reason": "Карантин"})

    assert "Карантин" in read(browser(teacher), "seminar", seminar)
    assert address("seminar-sign-up", seminar) not in read(browser(teacher), "seminar", seminar)


def test_who_came_is_ticked_in_one_form(school, specialist, clock):
    people = MembershipFactory.create_batch(3, school=school)
    seminar = SeminarFactory(school=school, leaders=[specialist], places=3, participants=people)
    client = browser(specialist)
    assert 'name="came"' not in read(client, "seminar", seminar)
    clock.at = START

    page = read(client, "seminar", seminar)
    assert page.count('name="came"') == 3
    client.post(address("seminar-attendance", seminar), {"came": [line_of(seminar, one).pk for one in people[:2]]})

    assert [line_of(seminar, one).came for one in people] == [True, True, False]
    assert read(client, "seminar", seminar).count(" checked>") == 2


def test_a_tick_for_one_who_is_off_the_list_marks_nobody(school, specialist, clock):
    people = MembershipFactory.create_batch(2, school=school)
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=people)
    line = line_of(seminar, people[0])
    leave_seminar(line, by=people[0], at=NOW)
    clock.at = START

    browser(specialist).post(address("seminar-attendance", seminar), {"came": [line.pk]})

    assert Seminar.objects.get().marked_at is None


def test_the_sheet_names_those_with_places_by_the_alphabet_and_leaves_lines_free(school, specialist):
    people = [MembershipFactory(school=school, user__last_name=name) for name in ("Яковлева", "Азарова", "Ждановa")]
    seminar = SeminarFactory(
        school=school, leaders=[specialist], places=2, participants=people[:2], waiting=people[2:], title="Вес отметки"
    )
    client = browser(specialist)

    page = read(client, "seminar-sheet", seminar)
    file = b"".join(client.get(reverse("desk:seminar-sheet", args=[seminar.pk])).streaming_content)
    paper = Document(io.BytesIO(file))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]

    assert [row[1].split()[0] for row in rows[1:]] == ["Азарова", "Яковлева"]
    assert "Ждановa" not in page
    assert page.index("Азарова") < page.index("Яковлева")
    assert any("Вес отметки" in one.text for one in paper.paragraphs)
    assert any("25.11.2026, 15:00–16:30" in one.text for one in paper.paragraphs)
    Seminar.objects.update(places=9)
    assert read(client, "seminar-sheet", seminar).count("<tr>") == 1 + 2 + 5


def test_what_is_over_stands_below_and_the_past_is_paged(school, specialist, teacher):
    for days in range(1, 23):
        SeminarFactory(school=school, leaders=[specialist], starts_at=START - timedelta(days=30 + days))
    coming = SeminarFactory(school=school, leaders=[specialist])
    client = browser(teacher)

    first, second = (client.get(address("seminars"), {"page": page}) for page in (1, 2))

    assert [line.seminar for line in first.context["coming"]] == [coming]
    assert [len(page.context["past"]) for page in (first, second)] == [20, 2]
    assert first.context["past"][0].seminar.starts_at > first.context["past"][1].seminar.starts_at


def test_after_it_has_begun_nobody_signs_up_or_leaves_on_the_page(school, specialist, teacher, clock):
    other = MembershipFactory(school=school)
    seminar = SeminarFactory(school=school, leaders=[specialist], participants=[other])
    clock.at = START

    assert address("seminar-sign-up", seminar) not in read(browser(teacher), "seminar", seminar)
    assert address("place-leave", line_of(seminar, other)) not in read(browser(other), "seminar", seminar)
    mark_seminar(seminar, came=[], by=specialist, at=START)
    assert browser(other).get(address("seminar", seminar)).context["mine"].came is False


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("name", ["seminars", "bookings"])
def test_a_list_costs_the_same_for_one_seminar_and_for_thirty(
    school, teacher, name, rows, django_assert_max_num_queries
):
    leaders = MembershipFactory.create_batch(2, school=school)
    for days in range(rows):
        SeminarFactory(
            school=school,
            leaders=leaders,
            participants=[teacher],
            starts_at=START + timedelta(days=days),
            room=RoomFactory(school=school),
        )
        SeminarFactory(school=school, leaders=leaders, starts_at=START - timedelta(days=30 + days))
    client = browser(teacher)

    with django_assert_max_num_queries(12):
        page = client.get(address(name)).content.decode()

    assert page.count('id="seminar-') >= rows


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_a_seminar_costs_the_same_for_one_participant_and_for_thirty(
    school, specialist, rows, django_assert_max_num_queries
):
    people = MembershipFactory.create_batch(rows * 2, school=school)
    seminar = SeminarFactory(
        school=school, leaders=[specialist], places=rows, participants=people[:rows], waiting=people[rows:]
    )
    client = browser(specialist)

    with django_assert_max_num_queries(12):
        page = client.get(address("seminar", seminar)).content.decode()

    assert page.count(people[0].user.first_name) >= rows * 2


def test_the_administration_sees_seminars_in_its_pages_and_changes_none(school, teacher):
    director = MembershipFactory(school=school, roles=[Role.ADMINISTRATION])
    seminar = SeminarFactory(school=school, participants=[teacher])
    other = SeminarFactory()
    client = browser(director)

    page = client.get(reverse("admin:consultations_seminar_changelist")).content.decode()
    assert seminar.title in page
    assert other.title not in page
    shown = client.get(reverse("admin:consultations_seminar_change", args=[seminar.pk]))
    assert shown.status_code == 200
    assert "_save" not in shown.content.decode()
    assert client.get(reverse("admin:consultations_seminar_add")).status_code == 403


def test_one_who_was_signed_up_by_a_leader_is_told(school, specialist, teacher):
    seminar = SeminarFactory(school=school, leaders=[specialist])
    sign_up(seminar, teacher, by=specialist, at=NOW)

    assert seminar.title in browser(teacher).get(reverse("notifications:messages")).content.decode()
