"""The pages of help as people meet them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models import Booking
from ejournal_rollout.orders.models import Order
from ejournal_rollout.tests.factories import (
    ClauseFactory,
    DirectionFactory,
    HelpRequestFactory,
    MembershipFactory,
    RegulationFactory,
    order_of,
)
from support.models import HelpRequest, Reply
from support.operations import close, reply, solve, take_request
from support.presentation import times_for

ASKED_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def school_is_open(staff):
    """The order of the school lasts through the day on which the tests run."""
    today = timezone.localdate()
    Order.objects.filter(school=staff.school).update(first_year=today.year if today.month >= 9 else today.year - 1)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def post_rendered(client, address, action, typed=None):
    """Fill in and send the form of a page as a browser does, with its own CSRF token."""
    page = client.get(address).content.decode()
    form = next(
        found.group()
        for found in re.finditer(r"<form\b.*?</form>", page, re.DOTALL)
        if f'action="{action}"' in found.group() or f'formaction="{action}"' in found.group()
    )
    sent = {"csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1], **(typed or {})}
    return client.post(action, sent)


# --- The regulation


def test_the_regulation_shows_its_clauses_in_full_with_anchors_and_lists(client, staff):
    regulation = RegulationFactory(
        order=order_of(staff.school), heading="Приложение 2\nк приказу", title="РЕГЛАМЕНТ\nоказания помощи"
    )
    ClauseFactory(regulation=regulation, position=1, printed_number="4.", text="Помощь возможна:\n• в ЭЖ;\n• по почте.")
    ClauseFactory(regulation=regulation, position=2, printed_number="", text="Без номера.")
    client.force_login(staff.teacher.user)

    page = client.get(reverse("support:regulation")).content.decode()

    assert 'id="clause-4"' in page and 'href="#clause-4"' in page and 'id="clause-2"' in page
    assert "<ul><li>в ЭЖ;</li><li>по почте.</li></ul>" in page
    assert "<p>Помощь возможна:</p>" in page
    assert page.index("Приложение 2") < page.index("РЕГЛАМЕНТ\nоказания помощи") < page.index("Помощь возможна")


def test_the_regulation_of_a_draft_or_of_another_school_is_not_shown(client, staff):
    ClauseFactory(regulation__order=order_of(staff.stranger.school), text="Чужой пункт")
    draft = RegulationFactory(order__school=staff.school, order__state=Order.State.DRAFT, title="ЧЕРНОВИК")
    ClauseFactory(regulation=draft, text="Пункт черновика")
    client.force_login(staff.teacher.user)

    page = text_of(client.get(reverse("support:regulation")))

    assert "Чужой пункт" not in page and "Пункт черновика" not in page
    assert "Регламент ещё не действует" in page


@pytest.mark.parametrize("clauses", [1, 30])
def test_the_regulation_costs_the_same_for_one_clause_and_for_thirty(
    client, staff, clauses, django_assert_max_num_queries
):
    ClauseFactory.create_batch(clauses, regulation=RegulationFactory(order=order_of(staff.school)))
    client.force_login(staff.teacher.user)

    with django_assert_max_num_queries(7):  # the frame's five, the regulation, its clauses
        page = client.get(reverse("support:regulation"))

    assert page.content.decode().count('id="clause-') == clauses


# --- Asking


def test_a_teacher_asks_by_the_form_of_the_page(staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.teacher.user)
    address = reverse("support:request-new")

    answer = post_rendered(
        client,
        address,
        address,
        {"question": "Где отчёт?", "direction": staff.technical.pk, "description": "Искала.", "form": "email"},
    )

    asked = HelpRequest.objects.get()
    assert answer.url == asked.get_absolute_url()
    assert (asked.requester, asked.question, asked.form) == (staff.teacher, "Где отчёт?", "email")


def test_an_empty_question_gets_a_sentence_and_loses_nothing_typed(client, staff):
    client.force_login(staff.teacher.user)

    page = client.post(
        reverse("support:request-new"),
        {"question": " ", "direction": staff.technical.pk, "description": "Пробовала дважды.", "form": "seminar"},
    )

    assert page.status_code == 422
    assert "Напишите вопрос одной строкой." in text_of(page)
    assert "Пробовала дважды." in page.content.decode()
    assert page.context["form"]["form"].value() == "seminar"
    assert not HelpRequest.objects.exists()


def test_a_direction_of_another_school_is_refused_in_the_form(client, staff):
    foreign = DirectionFactory(school=staff.stranger.school)
    client.force_login(staff.teacher.user)

    page = client.post(
        reverse("support:request-new"), {"question": "Где отчёт?", "direction": foreign.pk, "form": "email"}
    )

    assert page.status_code == 422
    assert "Такого направления в графике нет" in text_of(page)
    assert not HelpRequest.objects.exists()


def test_the_only_direction_and_the_one_of_the_address_are_chosen_already(client, staff):
    client.force_login(staff.teacher.user)
    address = reverse("support:request-new")
    assert client.get(address).context["form"]["direction"].value() is None
    chosen = client.get(address, {"direction": staff.methodical.pk}).content.decode()
    radio = re.search(r'<input[^>]*name="direction"[^>]*checked[^>]*>', chosen).group()
    assert f'value="{staff.methodical.pk}"' in radio
    assert client.get(address, {"direction": "чужое"}).status_code == 200

    staff.methodical.delete()
    assert client.get(address).context["form"].initial["direction"] == staff.technical


def test_a_specialist_chooses_who_asks_and_a_teacher_does_not(client, staff):
    asked = {"question": "Где отчёт?", "direction": staff.methodical.pk, "form": "online"}
    client.force_login(staff.technician.user)
    client.post(reverse("support:request-new"), {**asked, "requester": staff.teacher.pk})
    foreign = client.post(reverse("support:request-new"), {**asked, "requester": staff.stranger.pk})

    client.force_login(staff.teacher.user)
    client.post(reverse("support:request-new"), {**asked, "requester": staff.neighbour.pk})

    assert foreign.status_code == 422
    pairs = HelpRequest.objects.order_by("sequence").values_list("requester", "registered_by")
    assert list(pairs) == [(staff.teacher.pk, staff.technician.pk), (staff.teacher.pk, staff.teacher.pk)]


@pytest.mark.django_db
def test_without_a_schedule_in_force_the_page_says_why_nobody_can_be_asked(client):
    client.force_login(MembershipFactory().user)
    assert "График консультаций ещё не действует" in text_of(client.get(reverse("support:request-new")))


# --- The lists


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("who", ["technician", "head"])
def test_the_list_costs_the_same_for_one_request_and_for_thirty(
    client, staff, rows, who, django_assert_max_num_queries
):
    for request in HelpRequestFactory.create_batch(rows, school=staff.school, direction=staff.technical):
        Reply.objects.create(request=request, author=staff.technician, written_at=ASKED_AT, text="Смотрю.")
    client.force_login(getattr(staff, who).user)

    with django_assert_max_num_queries(7):  # the frame's five, the counts, the rows
        page = client.get(reverse("support:requests"), {"list": "all"})

    assert page.content.decode().count('id="request-') == rows
    assert page.content.decode().count("Смотрю.") == rows


def test_each_request_stands_in_the_lists_of_its_state(client, staff):
    def asked(question, **state):
        return HelpRequestFactory(
            school=staff.school, requester=staff.teacher, direction=staff.technical, question=question, **state
        )

    mine = {"assignee": staff.technician}
    asked("новое")
    asked("в работе", **mine)
    asked("чужое", assignee=staff.second_technician)
    asked("ждёт", **mine, waiting_since=ASKED_AT)
    asked("решено", **mine, solved_at=ASKED_AT)
    asked("закрыто", **mine, closed_at=ASKED_AT)
    client.force_login(staff.technician.user)

    def questions(name):
        page = client.get(reverse("support:requests"), {"list": name})
        counts = {tab.name: tab.count for tab in page.context["tabs"]}
        rows = [request.question for request in page.context["requests"]]
        assert counts[name] == len(rows)
        return rows

    assert questions("mine") == ["в работе", "ждёт", "решено"]
    assert questions("nobodys") == ["новое"]
    assert questions("in-work") == ["в работе", "чужое"]
    assert questions("waiting") == ["ждёт"]
    assert questions("solved") == ["решено"]
    assert questions("closed") == ["закрыто"]
    assert questions("all") == ["закрыто", "решено", "ждёт", "чужое", "в работе", "новое"]


def test_a_row_says_the_last_words_the_status_and_the_age_and_nothing_of_acts(client, staff):
    asked = HelpRequestFactory(
        school=staff.school,
        requester=staff.teacher,
        direction=staff.technical,
        asked_at=timezone.now() - timedelta(days=3, hours=1),
    )
    reply(asked, text="Первые слова", by=staff.technician, at=timezone.now() - timedelta(days=2))
    solve(asked, text="Последние слова", by=staff.technician, at=timezone.now() - timedelta(days=1))
    close(asked, helped=True, by=staff.teacher, at=timezone.now())
    HelpRequest.objects.update(closed_at=None, helped=None)
    client.force_login(staff.technician.user)

    page = text_of(client.get(reverse("support:requests")))

    assert "Последние слова" in page and "Первые слова" not in page
    assert "решено" in page and "3\xa0дня" in page.replace("3 дня", "3\xa0дня")


def test_without_a_list_in_the_address_the_first_that_is_not_empty_opens(client, staff):
    client.force_login(staff.technician.user)
    address = reverse("support:requests")
    assert client.get(address).context["chosen"] == "mine"

    HelpRequestFactory(school=staff.school, direction=staff.technical)
    assert client.get(address).context["chosen"] == "nobodys"
    assert client.get(address, {"list": "чепуха"}).context["chosen"] == "nobodys"
    assert client.get(address, {"list": "closed", "page": "x"}).context["chosen"] == "closed"


def test_a_teacher_has_no_list_of_others_questions(client, staff):
    client.force_login(staff.teacher.user)
    page = client.get(reverse("support:requests"), {"list": "nobodys"})

    assert [tab.name for tab in page.context["tabs"]] == ["mine", "waiting", "with-vendor", "solved", "closed", "all"]
    assert "Открытых вопросов у вас нет" in text_of(page)


def test_a_long_list_is_turned_over(client, staff):
    HelpRequestFactory.create_batch(51, school=staff.school, direction=staff.technical)
    client.force_login(staff.technician.user)

    second = client.get(reverse("support:requests"), {"list": "nobodys", "page": "2"})

    assert len(second.context["requests"]) == 1
    assert "страница 2 из 2" in text_of(second)


# --- A request


@pytest.fixture
def asked(staff):
    return HelpRequestFactory(
        school=staff.school, requester=staff.teacher, direction=staff.technical, description="Вижу только 7-А."
    )


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("state", ["open", "solved"])
def test_a_thread_costs_the_same_for_one_reply_and_for_thirty(
    client, staff, asked, rows, state, django_assert_max_num_queries
):
    take_request(asked, by=staff.technician, at=timezone.now())
    for number in range(rows):
        Reply.objects.create(request=asked, author=staff.technician, written_at=timezone.now(), text=f"Слова {number}")
    if state == "solved":
        solve(asked, text="Готово.", by=staff.technician, at=timezone.now())
    client.force_login(staff.technician.user)

    with django_assert_max_num_queries(12):
        page = client.get(asked.get_absolute_url())

    assert page.content.decode().count("Слова ") == rows


def test_the_thread_runs_from_the_question_to_the_newest_words(client, staff, asked):
    take_request(asked, by=staff.technician, at=ASKED_AT + timedelta(minutes=5))
    reply(asked, text="Какой класс?", by=staff.technician, at=ASKED_AT + timedelta(minutes=6))
    reply(asked, text="7-Б.", by=staff.teacher, at=ASKED_AT + timedelta(minutes=7))
    client.force_login(staff.technician.user)

    lines = client.get(asked.get_absolute_url()).context["lines"]

    assert [(line.kind, line.text) for line in lines] == [
        ("requester", "Вижу только 7-А."),
        ("act", ""),
        ("specialist", "Какой класс?"),
        ("requester", "7-Б."),
    ]


def test_the_answer_and_the_note_are_two_forms_and_each_says_who_reads(client, staff, asked):
    client.force_login(staff.technician.user)
    page = client.get(asked.get_absolute_url()).content.decode()

    answer, note = re.findall(r"<details class=\"write-(?:reply|note)\".*?</details>", page, re.DOTALL)

    assert "Ответить учителю" in answer and "Отправить учителю: Примерова А. П." in answer
    assert reverse("support:request-note", args=[asked.pk]) not in answer
    assert "Заметка для коллег" in note and "Учитель этого не увидит" in note and "Отправить" not in note
    assert note.count("formaction") == 0


@pytest.mark.parametrize(
    ("who", "act", "typed", "state"),
    [
        ("technician", "take", {}, HelpRequest.State.IN_WORK),
        ("technician", "reply", {"text": "Смотрю."}, HelpRequest.State.IN_WORK),
        ("technician", "wait", {"text": "Какой класс?"}, HelpRequest.State.WAITING),
        ("technician", "solve", {"text": "Готово."}, HelpRequest.State.SOLVED),
        ("technician", "note", {"text": "Проверить всех."}, HelpRequest.State.NEW),
        ("technician", "close", {}, HelpRequest.State.CLOSED),
        ("teacher", "reply", {"text": "Ещё и 7-В."}, HelpRequest.State.NEW),
        ("teacher", "close", {}, HelpRequest.State.CLOSED),
    ],
)
def test_every_button_of_the_page_works_with_csrf_checks_on(staff, asked, who, act, typed, state):
    client = Client(enforce_csrf_checks=True)
    client.force_login(getattr(staff, who).user)

    answer = post_rendered(client, asked.get_absolute_url(), reverse(f"support:request-{act}", args=[asked.pk]), typed)

    assert answer.status_code == 302
    assert HelpRequest.objects.get().state == state


@pytest.mark.parametrize(("button", "state", "helped"), [("yes", "closed", True), ("no", "in_work", None)])
def test_the_teacher_says_whether_it_helped_by_one_of_two_buttons(staff, asked, button, state, helped):
    solve(asked, text="Готово.", by=staff.technician, at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.teacher.user)
    act = "close" if button == "yes" else "reopen"

    typed = {"helped": "yes"} if button == "yes" else {}
    post_rendered(client, asked.get_absolute_url(), reverse(f"support:request-{act}", args=[asked.pk]), typed)

    assert (HelpRequest.objects.get().state, HelpRequest.objects.get().helped) == (state, helped)


def test_a_refused_answer_keeps_its_words_in_an_open_form(client, staff, asked):
    client.force_login(staff.technician.user)
    empty = client.post(reverse("support:request-reply", args=[asked.pk]), {"text": ""})
    assert empty.status_code == 422
    assert "Напишите текст." in text_of(empty)

    close(asked, helped=None, by=staff.teacher, at=timezone.now())
    late = client.post(reverse("support:request-solve", args=[asked.pk]), {"text": "Права на 7-Б вернул."})

    assert late.status_code == 422
    assert "Это обращение закрыто" in text_of(late)
    assert "Права на 7-Б вернул." in late.content.decode()
    assert re.search(r'<details class="write-reply" name="write" open', late.content.decode())


def test_the_loser_of_a_race_is_told_on_the_page_who_has_the_request(client, staff, asked):
    take_request(asked, by=staff.technician, at=timezone.now())
    client.force_login(staff.second_technician.user)

    page = client.post(reverse("support:request-take", args=[asked.pk]), follow=True)

    assert "Отвечает Тестов И. П." in text_of(page)


def test_a_request_is_handed_over_by_its_page_and_the_giver_may_lose_sight_of_it(staff, asked):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.technician.user)
    address = reverse("support:request-hand-over", args=[asked.pk])

    refused = post_rendered(client, address, address, {"to": staff.head.pk, "reason": "Это методический вопрос"})
    assert refused.status_code == 422
    assert "Это методический вопрос" in refused.content.decode()

    done = post_rendered(client, address, address, {"to": staff.deputy.pk, "reason": "Это методический вопрос"})
    assert done.url == asked.get_absolute_url()
    assert HelpRequest.objects.get().assignee == staff.deputy


# --- From a question to a consultation


def test_a_consultation_is_booked_from_a_question_in_one_step(staff, asked, school_is_open):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff.teacher.user)
    address = reverse("support:request-book", args=[asked.pk])
    page = client.get(address)
    offered = [start for _day, starts in page.context["days"] for start in starts]
    assert len(offered) == 12
    assert page.context["form"]["question"].value() == "Не открывается страница класса\nВижу только 7-А."

    answer = post_rendered(client, address, address, {"starts_at": offered[2].isoformat(), "question": "Права на 7-Б"})

    booking = Booking.objects.get()
    assert (booking.starts_at, booking.teacher, booking.question) == (offered[2], staff.teacher, "Права на 7-Б")
    assert answer.url == asked.get_absolute_url()
    assert client.get(answer.url).context["bookings"] == [booking]


def test_a_time_that_has_gone_brings_the_page_back_with_the_question_kept(client, staff, asked, school_is_open):
    client.force_login(staff.teacher.user)
    address = reverse("support:request-book", args=[asked.pk])
    gone = timezone.localtime(times_for(asked, at=timezone.now()).free[0].starts_at) - timedelta(days=1)

    page = client.post(address, {"starts_at": gone.isoformat(), "question": "Права на 7-Б"})

    assert page.status_code == 422
    assert "Это время только что заняли" in text_of(page)
    assert "Права на 7-Б" in page.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_of_times_costs_the_same_for_one_booking_and_for_thirty(
    client, staff, asked, school_is_open, rows, django_assert_max_num_queries
):
    free = times_for(asked, at=timezone.now()).free[0]
    for number in range(rows):
        start = free.starts_at + timedelta(days=7, minutes=20 * number)
        Booking.objects.create(
            direction=staff.technical,
            specialist=staff.technician,
            teacher=MembershipFactory(school=staff.school),
            starts_at=start,
            ends_at=start + timedelta(minutes=20),
            question="?",
            booked_by=staff.technician,
        )
    client.force_login(staff.technician.user)

    with django_assert_max_num_queries(15):
        page = client.get(reverse("support:request-book", args=[asked.pk]))

    assert page.context["days"]


def test_a_direction_by_agreement_leads_to_the_page_where_times_are_proposed(client, staff):
    direction = DirectionFactory(school=staff.school, is_on_demand=True)
    asked = HelpRequestFactory(school=staff.school, requester=staff.teacher, direction=direction)
    client.force_login(staff.teacher.user)

    page = client.get(reverse("support:request-book", args=[asked.pk])).content.decode()

    assert reverse("consultations:time-request-new", args=[direction.pk]) in page


def test_a_closed_request_offers_no_times(client, staff, asked):
    close(asked, helped=None, by=staff.teacher, at=timezone.now())
    client.force_login(staff.teacher.user)
    address = reverse("support:request-book", args=[asked.pk])

    assert client.get(address).url == asked.get_absolute_url()
    assert client.post(address, {"starts_at": "x", "question": "y"}).url == asked.get_absolute_url()


# --- What is always true


def test_the_database_keeps_the_facts_of_a_request_together(staff):
    for wrong in (
        {"assignee": staff.technician, "taken_at": None},
        {"waiting_since": ASKED_AT, "closed_at": ASKED_AT},
        {"helped": True},
    ):
        request = HelpRequestFactory.build(
            school=staff.school,
            requester=staff.teacher,
            registered_by=staff.teacher,
            direction=staff.technical,
            **wrong,
        )
        with pytest.raises(ValidationError):
            request.validate_constraints()
