"""Each remark is settled at its row: confirmed, corrected, taken back; and what people said reaches the order."""

from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consultations.models import Direction, DirectionRole, Hours
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory
from plans.models import Task, TaskExecutor, TaskNote

from .paper import PLAN_HEADER, Paper

SCHEDULE_HEADER = ("Направление", "Специалист", "Кабинет", "График консультаций")
SCHOOL = "МБОУ «Школа № 5»"

pytestmark = pytest.mark.django_db


@pytest.fixture
def director():
    return MembershipFactory(school=SchoolFactory(name=SCHOOL), roles=[Role.ADMINISTRATION])


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


def plan(*rows):
    return Paper().annex(1, "План-график перехода на электронный журнал").table(PLAN_HEADER, *rows).bytes()


def schedule(*rows):
    return Paper().annex(3, "График консультаций на 2022-2023 учебный год").table(SCHEDULE_HEADER, *rows).bytes()


UNCLEAR = plan(
    ("1.1", "Обсуждение на педсовете", "после каникул", "Родительский комитет"),
    ("1.2", "Настройка журнала", "Сентябрь 2022", "Администрация"),
)
UNCLEAR_HOURS = schedule(
    ("Настройка журнала", "Логопед", "13", "вторник 3.00-4.00"),
    ("Оценки", "Технический специалист", "18", "после уроков"),
)

WITHOUT_NUMBER = (
    "Приложение 1\nПлан-график{year}\n№\tВопросы\tСроки\tИсполнители\n1.1\tПедсовет\tсентябрь\tАдминистрация\n"
)


def load(client, content=UNCLEAR, name="order.docx"):
    answer = client.post(reverse("documents:upload-new"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return Upload.objects.latest("pk")


def page_of(client, upload):
    return client.get(upload.get_absolute_url())


def row_of(page, anchor):
    preview = page.context["preview"]
    rows = [preview.order, *preview.heads.values(), *preview.plan, *preview.regulation, *preview.schedule]
    return next(row for row in rows if row.anchor == anchor)


def asked(page, anchor):
    return {one.question.code: one.question for one in row_of(page, anchor).asked}


def states(client, upload, anchor):
    return {code: str(one.state) for code, one in asked(page_of(client, upload), anchor).items()}


def settle(client, upload, anchor, *, confirm=None, reopen=False, **typed):
    """Sends the form of the row as it stands there, with what is `typed`; `confirm` is the code of a remark."""
    page = page_of(client, upload)
    form = row_of(page, anchor).form
    sent = {form[name].html_name: form[name].value() or "" for name in form.fields}
    sent["seen"] = form.answer.mark
    parties = {words: name for name, words in form.parties.items()}
    sent |= {form[parties.get(name, name)].html_name: words for name, words in typed.items()}
    if confirm:
        sent["confirm"] = asked(page, anchor)[confirm].mark
    if reopen:
        sent["reopen"] = "on"
    return client.post(reverse("documents:settle", args=[upload.pk, anchor]), sent)


def load_into_system(client, upload, **more):
    seen = page_of(client, upload).context["form"]["seen"].value() or ""
    return client.post(reverse("documents:import", args=[upload.pk]), {"rest": "on", "seen": seen, **more})


# --- Confirming and correcting


def test_a_confirmed_remark_is_settled_and_the_page_counts_those_that_are_left(client, director):
    upload = load(client)
    before = page_of(client, upload).context["preview"]

    answer = settle(client, upload, "plan-2", confirm="term_unreadable")

    page = page_of(client, upload)
    question = asked(page, "plan-2")["term_unreadable"]
    assert answer.url == f"{upload.get_absolute_url()}#plan-2"
    assert (str(question.state), question.by) == ("confirmed", director.name)
    assert states(client, upload, "plan-2")["role_unknown"] == "open"
    assert len(page.context["preview"].remarks) == len(before.remarks) - 1
    assert page.context["preview"].count == before.count
    assert row_of(page, "plan").next == "plan-2"


def test_of_two_people_at_the_same_row_the_second_sees_the_answer_of_the_first(client):
    upload = load(client)
    address = reverse("documents:settle", args=[upload.pk, "plan-2"])
    form = row_of(page_of(client, upload), "plan-2").form
    stale = {form[name].html_name: form[name].value() or "" for name in form.fields}
    settle(client, upload, "plan-2", term="Октябрь 2022")
    said = Upload.objects.get().answers

    mark = asked(page_of(client, upload), "plan-2")["role_unknown"].mark
    for press in ({"confirm": mark}, {"reopen": "on"}):
        answer = client.post(address, stale | press, follow=True)
        assert "Кто-то только что ответил" in answer.content.decode()
        assert row_of(answer, "plan-2").cells["term"].words == "Октябрь 2022"
    typed = client.post(address, stale | {"plan-2-executors": "Директор"})

    assert typed.status_code == 422
    assert row_of(typed, "plan-2").form.data["plan-2-executors"] == "Директор"
    assert row_of(typed, "plan-2").form.non_field_errors()
    assert Upload.objects.get().answers == said


def test_a_remark_can_be_asked_about_again(client):
    upload = load(client)
    settle(client, upload, "plan-2", confirm="term_unreadable")
    settle(client, upload, "plan-2", reopen=True)
    assert set(states(client, upload, "plan-2").values()) == {"open"}
    assert Upload.objects.get().answers == {}


def test_typed_words_are_read_and_the_words_of_the_paper_stay_in_sight(client):
    upload = load(client)

    settle(client, upload, "plan-2", term="Октябрь 2022")

    row = row_of(page_of(client, upload), "plan-2")
    assert (row.cells["term"].words, row.cells["term"].printed) == ("Октябрь 2022", "после каникул")
    assert "01.10.2022–31.10.2022" in row.term
    assert states(client, upload, "plan-2")["term_unreadable"] == "corrected"
    assert upload.order_draft == Upload.objects.get().order_draft  # what was read stays


def test_typed_words_that_are_doubtful_are_asked_about_in_their_turn(client):
    upload = load(client)
    settle(client, upload, "plan-2", term="31.09.2022")
    assert states(client, upload, "plan-2") == {
        "term_unreadable": "corrected",
        "term_impossible_date": "open",
        "role_unknown": "open",
    }


def test_words_typed_back_as_the_paper_has_them_are_no_correction(client):
    upload = load(client)
    settle(client, upload, "plan-2", term="Октябрь 2022")
    settle(client, upload, "plan-2", term="после каникул", executors="Администрация")
    assert row_of(page_of(client, upload), "plan-2").cells["term"].printed is None
    assert states(client, upload, "plan-2")["term_unreadable"] == "open"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"starts_on": "2022-10-31", "due_on": "2022-10-01", "executors": "Администрация"}, "due_on"),
        ({"starts_on": "когда-нибудь", "executors": "Администрация"}, "starts_on"),
        ({"term": "я" * 301, "executors": "Администрация"}, "term"),
        ({}, "__all__"),
    ],
)
def test_a_wrong_correction_is_told_at_its_row_and_what_was_typed_stays(client, typed, field):
    upload = load(client)
    answer = settle(client, upload, "plan-2", **typed)
    assert answer.status_code == 422
    form = row_of(answer, "plan-2").form
    assert list(form.errors) == [field]
    assert typed.get("executors", "") in answer.content.decode()
    assert Upload.objects.get().answers == {}


def test_an_unknown_row_and_an_unknown_remark_settle_nothing(client):
    upload = load(client)
    assert client.post(reverse("documents:settle", args=[upload.pk, "plan-99"])).status_code == 404
    client.post(reverse("documents:settle", args=[upload.pk, "plan-2"]), {"confirm": "000000000000"})
    assert set(states(client, upload, "plan-2").values()) == {"open"}
    assert Upload.objects.get().answers == {}


def test_a_row_without_number_and_the_second_of_two_numbers_have_their_own_remarks(client):
    upload = load(
        client,
        plan(
            ("1.1", "Первое", "после каникул", "Администрация"),
            ("1.1", "Второе", "до снега", "Администрация"),
            ("", "Третье", "когда растает", "Администрация"),
        ),
    )
    page = page_of(client, upload)
    assert set(asked(page, "plan-2")) == {"term_unreadable"}
    assert set(asked(page, "plan-3")) == {"term_unreadable", "number_twice"}
    assert set(asked(page, "plan-4")) == {"term_unreadable", "number_missing"}

    settle(client, upload, "plan-3", number="1.2")

    assert row_of(page_of(client, upload), "plan-3").cells["number"].words == "1.2"
    assert states(client, upload, "plan-3")["number_twice"] == "corrected"


def test_the_school_year_that_a_person_chooses_settles_the_terms_that_lack_one(client):
    upload = load(client, WITHOUT_NUMBER.format(year="").encode(), "order.txt")
    assert states(client, upload, "plan-2") == {"term_year_missing": "open"}

    settle(client, upload, "requisites", school_year="2024/2025")

    assert states(client, upload, "plan-2") == {"term_year_missing": "corrected"}
    assert "01.09.2024" in row_of(page_of(client, upload), "plan-2").term
    assert "school_year" not in page_of(client, upload).context["form"].fields


# --- What reaches the order


def test_days_and_roles_chosen_in_the_preview_reach_the_task_and_survive_the_same_file(client):
    upload = load(client)
    settle(client, upload, "plan-2", starts_on="2022-11-07", due_on="2022-11-11")
    settle(client, upload, "plan-2", **{"Родительский комитет": "role:working_group"})
    load_into_system(client, upload)

    for _time in range(2):
        task = Task.objects.get(printed_number="1.1")
        assert (task.term, task.starts_on, task.due_on) == ("после каникул", date(2022, 11, 7), date(2022, 11, 11))
        assert task.executors.get().role == Role.WORKING_GROUP
        again = load(client)
        page = page_of(client, again)
        assert page.context["has_nothing_to_load"]
        assert "plan-2" not in [one.anchor for one in page.context["preview"].remarks]
        messages = client.post(reverse("documents:import", args=[again.pk]), {"rest": "on"}, follow=True)
        assert [one.level_tag for one in messages.context["messages"]] == ["info"]


def test_what_hands_changed_after_the_import_is_not_undone_by_the_same_file(client):
    upload = load(client)
    settle(client, upload, "plan-2", due_on="2022-11-11", **{"Родительский комитет": "role:working_group"})
    load_into_system(client, upload)
    Task.objects.filter(printed_number="1.1").update(due_on=date(2022, 12, 1))
    TaskExecutor.objects.filter(task__printed_number="1.1").update(role=Role.TEACHER)

    load_into_system(client, load(client))

    task = Task.objects.get(printed_number="1.1")
    assert task.due_on == date(2022, 12, 1)
    assert task.executors.get().role == Role.TEACHER


def test_answers_given_after_the_import_are_written_too(client):
    load_into_system(client, load(client))
    again = load(client)
    settle(client, again, "plan-2", due_on="2022-11-11", **{"Родительский комитет": "role:working_group"})

    page = page_of(client, again)
    assert not page.context["has_nothing_to_load"]
    load_into_system(client, again)

    task = Task.objects.get(printed_number="1.1")
    assert (task.due_on, task.executors.get().role) == (date(2022, 11, 11), Role.WORKING_GROUP)
    assert page_of(client, again).context["has_nothing_to_load"]


def test_a_term_confirmed_without_dates_is_not_asked_about_later(client):
    upload = load(client)
    settle(client, upload, "plan-2", confirm="term_unreadable")
    settle(client, upload, "plan-2", confirm="role_unknown")
    row = row_of(page_of(client, upload), "plan-2")
    assert (row.term, [one.role for one in row.parties]) == (
        "Без дат: задача никогда не считается просроченной.",
        ["«Родительский комитет»: без роли"],
    )
    load_into_system(client, upload)
    assert Task.objects.get(printed_number="1.1").left_without_dates
    assert not Task.objects.get(printed_number="1.2").left_without_dates


def test_corrected_words_are_loaded_and_the_same_file_finds_the_same_order(client):
    upload = load(client)
    settle(client, upload, "plan-2", term="Октябрь 2022", executors="Администрация")
    load_into_system(client, upload)
    task = Task.objects.get(printed_number="1.1")
    assert (task.term, task.due_on, task.executors_printed) == ("Октябрь 2022", date(2022, 10, 31), "Администрация")

    again = load(client)
    assert page_of(client, again).context["has_nothing_to_load"]
    load_into_system(client, again)
    assert Order.objects.count() == 1
    assert Task.objects.get(printed_number="1.1").term == "Октябрь 2022"


@pytest.mark.parametrize("state", [Order.State.DRAFT, Order.State.IN_FORCE])
def test_number_and_date_typed_in_the_preview_and_the_same_file_is_still_the_same_order(client, state):
    text = WITHOUT_NUMBER.format(year=" на 2024-2025 учебный год")
    upload = load(client, text.encode(), "order.txt")
    settle(client, upload, "requisites", number="12", signed_on="2024-08-30")
    load_into_system(client, upload)
    order = Order.objects.get()
    assert (order.number, order.signed_on) == ("12", date(2024, 8, 30))
    Order.objects.update(state=state)
    Upload.objects.all().delete()  # even when nobody remembers the answers

    page = page_of(client, load(client, text.encode(), "order.txt"))

    assert page.context["order"] == order


def test_a_specialist_is_settled_by_a_role_or_by_a_person_of_the_staff(client, director):
    helper = MembershipFactory(school=director.school, user=UserFactory(last_name="Речевая"))
    upload = load(client, UNCLEAR_HOURS)
    settle(client, upload, "schedule-1", Логопед=f"person:{helper.pk}")
    load_into_system(client, upload)
    line = DirectionRole.objects.get(direction__name="Настройка журнала")
    assert (line.words, line.role, line.person) == ("Логопед", "", helper)


def test_a_remark_names_only_what_can_be_chosen(client):
    task, direction = load(client), load(client, UNCLEAR_HOURS, name="schedule.docx")
    told = [asked(page_of(client, one), anchor) for one, anchor in ((task, "plan-2"), (direction, "schedule-1"))]
    assert [one["role_unknown"].text.rpartition(". ")[2] for one in told] == [
        "Выберите роль.",
        "Выберите роль или человека.",
    ]


def test_a_named_specialist_is_shown_as_the_one_of_the_staff_or_as_not_there_yet(client, director):
    paper = schedule(("Оценки", "Тестова В.Г., технический специалист", "13", "вторник 14.00-15.00"))
    upload = load(client, paper)
    assert "Тестова В.Г." in row_of(page_of(client, upload), "schedule-1").parties[0].role
    user = UserFactory(last_name="Тестова", first_name="Вера", patronymic="Глебовна")
    MembershipFactory(school=director.school, user=user)
    assert row_of(page_of(client, upload), "schedule-1").parties[0].role == "Тестова В. Г."


def test_a_person_of_another_school_cannot_be_chosen(client):
    stranger = MembershipFactory()
    upload = load(client, UNCLEAR_HOURS)
    answer = settle(client, upload, "schedule-1", Логопед=f"person:{stranger.pk}")
    assert answer.status_code == 422
    assert Upload.objects.get().answers == {}


def test_doubtful_hours_are_booked_only_after_somebody_said_that_they_are_right(client):
    upload = load(client, UNCLEAR_HOURS)
    assert "03:00–04:00" in row_of(page_of(client, upload), "schedule-1").hours[1]  # under “If it is right:”
    settle(client, upload, "schedule-1", confirm="hours_unlikely_time")
    settle(client, upload, "schedule-2", hours="среда 14.00-15.00")
    load_into_system(client, upload)
    hours = {(one.direction.name, one.weekday, one.starts) for one in Hours.objects.select_related("direction")}
    assert hours == {("Настройка журнала", 2, time(3)), ("Оценки", 3, time(14))}
    assert Direction.objects.get(name="Оценки").hours_printed == "среда 14.00-15.00"


def test_open_hours_and_roles_are_left_empty_and_not_guessed(client):
    load_into_system(client, load(client, UNCLEAR_HOURS))
    assert Hours.objects.count() == 0
    assert DirectionRole.objects.unsettled().count() == 1


def test_nobody_is_asked_for_a_tick_when_all_remarks_are_settled(client):
    upload = load(client)
    while remarks := page_of(client, upload).context["preview"].remarks:
        code = next(code for code, state in states(client, upload, remarks[0].anchor).items() if state == "open")
        settle(client, upload, remarks[0].anchor, confirm=code)
    assert "rest" not in page_of(client, upload).context["form"].fields

    answer = client.post(reverse("documents:import", args=[upload.pk]))

    assert answer.status_code == 302
    assert Order.objects.count() == 1


def test_the_remarks_of_an_order_in_force_are_not_settled_any_more(client):
    load_into_system(client, load(client))
    Order.objects.update(state=Order.State.IN_FORCE)
    upload = load(client)
    settle(client, upload, "plan-2", confirm="term_unreadable")
    assert Upload.objects.latest("pk").answers == {}
    assert not page_of(client, upload).context["may_settle"]


def test_a_corrected_file_asks_only_about_the_rows_that_it_changed(client):
    first = ("1.1", "Обсуждение на педсовете", "после каникул", "Администрация")
    upload = load(client, plan(first, ("1.2", "Настройка", "до снега", "Администрация")))
    for anchor in ("plan-2", "plan-3"):
        settle(client, upload, anchor, confirm="term_unreadable")
    load_into_system(client, upload)

    corrected = plan(("1.0", "Начало", "Май 2023", "Администрация"), first, ("1.2", "Настройка", "до дождя", "Завуч"))
    again = load(client, corrected)

    assert states(client, again, "plan-3") == {"term_unreadable": "confirmed"}
    assert states(client, again, "plan-4") == {"term_unreadable": "open"}
    # and the file of another school takes nothing over
    other = MembershipFactory(school=SchoolFactory(name=SCHOOL), roles=[Role.ADMINISTRATION])
    client.force_login(other.user)
    assert states(client, load(client, corrected), "plan-3") == {"term_unreadable": "open"}


# --- Against the order that is here already


def test_differences_stand_at_their_row_old_above_new(client):
    load_into_system(client, load(client))
    Task.objects.filter(printed_number="1.2").update(term="Май 2023")

    page = page_of(client, load(client))

    assert row_of(page, "plan-3").cells["term"].old == "Май 2023"
    assert row_of(page, "plan-2").cells["term"].old is None
    assert page.content.decode().count("Май 2023") == 2  # in the list of differences and at the row


def test_a_row_put_above_others_is_new_and_they_are_only_renumbered(client):
    load_into_system(client, load(client))
    pushed_down = plan(
        ("1.1", "Создание рабочей группы", "Август 2022", "Администрация"),
        ("1.2", "Обсуждение на педсовете", "после каникул", "Родительский комитет"),
        ("1.3", "Настройка журнала", "Сентябрь 2022", "Администрация"),
    )

    page = page_of(client, load(client, pushed_down))

    told = [(line.where, line.what, line.new) for line in page.context["differences"]]
    assert told == [
        ("План, 1.1", "вся строка", "1.1 · Создание рабочей группы · Август 2022 · Администрация"),
        ("План, 1.2", "номер", "1.2"),
        ("План, 1.3", "номер", "1.3"),
    ]
    assert [row_of(page, f"plan-{place}").is_new for place in (2, 3, 4)] == [True, False, False]
    assert row_of(page, "plan-3").cells["number"].old == "1.1"


def test_a_row_is_not_new_because_a_removed_one_had_its_number(client):
    load_into_system(client, load(client))

    page = page_of(client, load(client, plan(("1.1", "Настройка журнала", "Сентябрь 2022", "Администрация"))))

    assert ("План, 1.1", None) in [(line.where, line.new) for line in page.context["differences"]]
    assert not row_of(page, "plan-2").is_new
    assert row_of(page, "plan-2").cells["number"].old == "1.2"


def test_an_order_changed_since_the_page_was_shown_is_shown_again_and_not_written(client):
    load_into_system(client, load(client))
    Task.objects.filter(printed_number="1.2").update(term="Май 2023")
    upload = load(client)
    seen = page_of(client, upload).context["form"]["seen"].value()
    Task.objects.filter(printed_number="1.1").update(term="Июнь 2023")
    address = reverse("documents:import", args=[upload.pk])

    answer = client.post(address, {"rest": "on", "seen": seen})

    assert answer.status_code == 422
    assert [error.code for error in answer.context["form"].errors.as_data()["__all__"]] == ["changed_meanwhile"]
    assert {line.old for line in answer.context["differences"]} == {"Май 2023", "Июнь 2023"}
    assert set(Task.objects.values_list("term", flat=True)) == {"Май 2023", "Июнь 2023"}
    assert client.post(address, {"rest": "on", "seen": answer.context["form"]["seen"].value()}).status_code == 302
    assert set(Task.objects.values_list("term", flat=True)) == {"после каникул", "Сентябрь 2022"}


def test_rows_that_stay_are_listed_before_the_import_and_the_rest_of_the_lost_ones_as_removed(client, director):
    upload = load(client)
    load_into_system(client, upload)
    noted = Task.objects.get(printed_number="1.2")
    TaskNote.objects.create(task=noted, author=director, written_at=upload.uploaded_at, text="Начали")
    shorter = plan(("1.3", "Совсем другое", "Май 2023", "Администрация"))

    upload = load(client, shorter)
    page = page_of(client, upload)

    assert ["Настройка журнала" in line.old for line in page.context["kept"]] == [True]
    assert [line.where for line in page.context["differences"] if line.new is None] == ["План, 1.1"]
    load_into_system(client, upload)
    assert set(Task.objects.values_list("printed_number", flat=True)) == {"1.2", "1.3"}
    assert page_of(client, upload).context["has_nothing_to_load"]
    positions = list(Task.objects.values_list("pk", "position"))
    load_into_system(client, load(client, shorter))
    assert list(Task.objects.values_list("pk", "position")) == positions
