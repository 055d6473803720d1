"""The pages of rounds in a browser's eyes: who sees what, what a refused form keeps, what a page costs."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    FindingFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    TaskFactory,
)
from plans.models import Finding, Round
from plans.operations import Outcome, hold_round, outcome_mark, watch

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HELD = {"held_on": "2026-11-23", "early": "on", "result": "Проверено 12 страниц"}  # planned for 15.12.2026


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Every page is read at noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def school():
    return SchoolFactory()


def signed_in(school, *roles, **options):
    member = MembershipFactory(school=school, roles=roles)
    return as_member(member, **options)


def as_member(member, **options):
    browser = Client(**options)
    browser.force_login(member.user)
    browser.member = member
    return browser


def words(page):
    """The text of a page as a person reads it."""
    body = re.sub(r"<(script|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_task_by_a_separate_schedule_shows_its_rounds_to_all_staff(school):
    task = TaskFactory(school=school, by_separate_schedule=True)
    RoundFactory(school=school, task=task, checked="Ведение журнала", classes="7-А")
    RoundFactory(school=school, checked="Другая задача")

    text = words(signed_in(school).get(task.get_absolute_url()))

    assert "График проверок" in text and "Ведение журнала 7-А" in text
    assert "Другая задача" not in text
    assert "Запланировать" not in text


@pytest.mark.parametrize(
    ("roles", "by_schedule", "says"),
    [
        ([], True, "дни проверок ещё не запланированы"),
        ([], False, None),
        ([Role.WORKING_GROUP], False, "Запланировать проверки"),
    ],
)
def test_a_task_without_rounds_says_what_can_be_done(school, roles, by_schedule, says):
    task = TaskFactory(school=school, by_separate_schedule=by_schedule)
    text = words(signed_in(school, *roles).get(task.get_absolute_url()))
    assert ("График проверок" in text) == bool(says)
    assert says is None or says in text


def test_how_many_remarks_there_are_is_told_to_those_who_see_them_all(school):
    checked = RoundFactory(school=school)
    finding = FindingFactory(school=school, round=checked)
    FindingFactory(school=school, round=checked, settled_on=TODAY, settled_by=finding.found_by)
    address = checked.task.get_absolute_url()
    assert "2 замечания, 1 не устранено" in words(signed_in(school, Role.WORKING_GROUP).get(address))
    assert "замечани" not in words(signed_in(school).get(address))


def test_the_teacher_reads_the_own_remark_and_no_other(school):
    own = FindingFactory(school=school, text="Не записаны темы")
    FindingFactory(school=school, round=own.round, text="Нет отметок")
    address = own.round.get_absolute_url()

    mine, another, group = (
        words(browser.get(address))
        for browser in (as_member(own.teacher), signed_in(school), signed_in(school, Role.WORKING_GROUP))
    )

    assert ("Не записаны темы" in mine, "Нет отметок" in mine) == (True, False)
    assert ("Не записаны темы" in another, "Нет отметок" in another) == (False, False)
    assert ("Не записаны темы" in group, "Нет отметок" in group) == (True, True)


def test_who_checks_holds_a_round_writes_a_remark_and_settles_it(school):
    checker = MembershipFactory(school=school)
    browser = as_member(checker, enforce_csrf_checks=True)
    teacher = MembershipFactory(school=school)
    checked = RoundFactory(school=school, checker=checker)
    indicator = checked.indicators.create(words="Темы, %", norm="100")

    def send(name, pk, **typed):
        page = browser.get(checked.get_absolute_url()).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        return browser.post(reverse(name, args=[pk]), {**typed, "csrfmiddlewaretoken": token}, follow=True)

    page = send("plans:round-hold", checked.pk, **HELD, **{f"found_{indicator.pk}": "94"})
    assert "Результат записан." in words(page)
    page = send(
        "plans:finding-new",
        checked.pk,
        **{"finding-teacher": teacher.pk, "finding-place": "7-Б", "finding-text": "Нет тем"},
    )
    assert f"{teacher.full_name}, 7-Б Нет тем" in words(page)
    page = send("plans:finding-settle", Finding.objects.get().pk, how="записаны")
    assert "устранено 23.11.2026" in words(page) and ": записаны" in words(page)
    assert "Темы, % 100 94" in words(page)


def test_without_the_token_nothing_is_changed(school):
    browser = signed_in(school, Role.WORKING_GROUP, enforce_csrf_checks=True)
    checked = RoundFactory(school=school)
    assert browser.post(reverse("plans:round-hold", args=[checked.pk]), HELD).status_code == 403
    assert Round.objects.get().held_on is None


def test_what_was_typed_stays_beside_the_reason_of_a_refusal(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school)
    typed = {**HELD, "held_on": "2026-11-24", "conclusions": "Темы пишут не все"}
    page = browser.post(reverse("plans:round-hold", args=[checked.pk]), typed)
    assert page.status_code == 422
    assert list(page.context["failed"].errors) == ["held_on"]
    assert "Этот день ещё не наступил" in words(page) and "Темы пишут не все" in words(page)


def test_a_check_before_its_planned_day_is_asked_about_once_more(school):
    # given one of a series: the result may belong to another check of it
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, planned_on=date(2026, 12, 15))
    address = reverse("plans:round-hold", args=[checked.pk])
    assert "она запланирована на 15.12.2026" in words(browser.get(checked.get_absolute_url()))

    page = browser.post(address, {"held_on": "2026-11-20", "result": "Проверено"})

    assert page.status_code == 422
    assert "Эта проверка запланирована на 15.12.2026." in words(page)
    assert '<input type="checkbox" name="early"' in page.content.decode()
    assert Round.objects.get().held_on is None
    page = browser.post(address, {"held_on": "2026-11-20", "early": "on", "result": "Проверено"}, follow=True)
    assert Round.objects.get().held_on == date(2026, 11, 20)
    assert "Проведена 20.11.2026" in words(page) and "Была запланирована на 15.12.2026" in words(page)


@pytest.mark.parametrize(("planned_on", "held_on"), [(date(2026, 11, 23),) * 2, (date(2026, 11, 22), TODAY)])
def test_a_check_on_its_day_or_later_is_not_asked_about(school, planned_on, held_on):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, planned_on=planned_on)
    typed = {"held_on": f"{held_on}", "result": "Проверено"}
    assert browser.post(reverse("plans:round-hold", args=[checked.pk]), typed).status_code == 302


@pytest.mark.parametrize(
    ("indicator", "norm", "found", "says"),
    [
        ("Темы, %", "100", "94", ""),
        ("Темы, %", "100", "94,5 %", ""),
        ("Темы, %", "", "100", ""),
        ("Темы, %", "", "100,5", "не больше 100 %"),
        ("Темы, %", "100", "почти все", "Напишите число"),
        ("Темы, %", "100", "-5", "Напишите число"),
        ("Темы, %", "100", "", ""),
        ("Клетки с пропуском и отметкой вместе", "0", "3", ""),
        ("Клетки с пропуском и отметкой вместе", "0", "101", ""),
        ("Клетки с пропуском и отметкой вместе", "0", "несколько", "Напишите число"),
        ("Контрольная работа", "", "у половины учителей 20, у остальных 30", ""),
        ("Контрольная работа", "от 20 до 30", "25–30", ""),
    ],
)
def test_what_is_counted_is_a_number_and_other_indicators_take_any_words(school, indicator, norm, found, says):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school)
    one = checked.indicators.create(words=indicator, norm=norm)
    page = browser.post(reverse("plans:round-hold", args=[checked.pk]), {**HELD, f"found_{one.pk}": found})
    one.refresh_from_db()
    assert (page.status_code, one.found) == ((422, "") if says else (302, found))
    assert says in words(page)


def test_what_was_measured_in_words_before_may_stay_when_the_result_is_corrected(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, held_on=TODAY, held_by=browser.member, result="Првоерено")
    one = checked.indicators.create(words="Темы, %", norm="100", found="почти все")
    typed = {"result": "Проверено", "seen": outcome_mark(checked), f"found_{one.pk}": "почти все"}
    assert browser.post(reverse("plans:round-correct", args=[checked.pk]), typed).status_code == 302
    assert Round.objects.get().result == "Проверено"


def test_the_slower_of_two_keeps_the_words_and_may_correct_with_them(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school)
    hold_round(Round.objects.get(), Outcome("Первый результат"), held_on=TODAY, by=browser.member, at=AT)

    page = browser.post(reverse("plans:round-hold", args=[checked.pk]), HELD)

    assert page.status_code == 422
    assert "Первый результат" in words(page)
    assert re.search(r'<textarea name="result"[^>]*>\s*Проверено 12 страниц', page.content.decode())
    assert "Что вы написали" not in words(page)
    seen = re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]
    page = browser.post(reverse("plans:round-correct", args=[checked.pk]), {"result": "Исправлено", "seen": seen})
    assert (page.status_code, Round.objects.get().result) == (302, "Исправлено")


def test_a_correction_of_words_that_changed_meanwhile_is_refused_with_the_new_mark(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, held_on=TODAY, held_by=browser.member, result="Новое")
    page = browser.post(reverse("plans:round-correct", args=[checked.pk]), {"result": "Моё", "seen": "old"})
    assert page.status_code == 422
    assert "Коллега тем временем изменил результат" in words(page)
    assert f'name="seen" value="{outcome_mark(checked)}"' in page.content.decode()
    assert Round.objects.get().result == "Новое"


def test_words_for_a_round_that_was_cancelled_meanwhile_are_shown(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, cancelled_on=TODAY, cancelled_because="карантин")
    page = browser.post(reverse("plans:round-hold", args=[checked.pk]), HELD)
    assert page.status_code == 422
    assert "Что вы написали" in words(page) and "Проверено 12 страниц" in words(page)


def test_a_round_is_cancelled_with_its_reason(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school)
    address = reverse("plans:round-cancel", args=[checked.pk])
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert "Отменена 23.11.2026: карантин" in words(browser.post(address, {"reason": "карантин"}, follow=True))


def test_the_note_has_all_its_parts_and_is_only_for_those_who_see_every_remark(school):
    checker = MembershipFactory(school=school, post="Завуч")
    checked = RoundFactory(
        school=school,
        checker=checker,
        checked="Ведение журнала",
        classes="7-А",
        held_on=TODAY,
        held_by=checker,
        result="Проверено 12 страниц",
        conclusions="В основном вовремя",
        recommendations="Писать темы в день урока",
    )
    checked.indicators.create(words="Темы, %", norm="100", found="94")
    checked.indicators.create(words="Не измерено", norm="5")
    finding = FindingFactory(school=school, round=checked, repair_by=date(2026, 11, 30))
    address = reverse("plans:round-note", args=[checked.pk])

    text = words(as_member(checker).get(address))

    for part in (
        "СПРАВКА по итогам проверки «Ведение журнала»",
        f"Кто проверял {checker.full_name}",
        "Когда 23.11.2026",
        "Основание план-график рабочей группы на 2026/2027 учебный год",
        "Цель Проведение анализа",
        "Классы 7-А",
        "Темы, % 100 94",
        f"1 {finding.teacher.full_name}, 7-Б, алгебра Не записаны темы трёх уроков 30.11.2026",
        "Выводы В основном вовремя",
        "Рекомендации Писать темы в день урока",
        f"Завуч А. П. {checker.user.last_name}",
        f"Ознакомлены А. П. {finding.teacher.user.last_name}",
    ):
        assert part in text
    assert "Не измерено" not in text
    assert as_member(finding.teacher).get(address).status_code == 403
    coming = RoundFactory(school=school, checker=checker)
    assert as_member(checker).get(reverse("plans:round-note", args=[coming.pk])).status_code == 404


def test_the_remark_of_another_school_does_not_exist(school):
    finding = FindingFactory()
    browser = signed_in(school, Role.WORKING_GROUP, Role.ADMINISTRATION)
    assert browser.post(reverse("plans:finding-settle", args=[finding.pk])).status_code == 404
    assert Finding.objects.get().settled_on is None


@pytest.mark.parametrize("rows", [1, 30])
def test_a_task_with_many_rounds_costs_as_much_as_with_one(school, rows, django_assert_max_num_queries):
    browser = signed_in(school, Role.WORKING_GROUP)
    task = TaskFactory(school=school, by_separate_schedule=True)
    for day in range(1, rows + 1):
        FindingFactory(school=school, round=RoundFactory(school=school, task=task, planned_on=date(2027, 1, day)))
    with django_assert_max_num_queries(15):
        page = browser.get(task.get_absolute_url())
    assert page.content.decode().count('id="round-') == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_a_round_with_many_remarks_costs_as_much_as_with_one(school, rows, django_assert_max_num_queries):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, held_on=TODAY, held_by=browser.member, result="да")
    for _place in range(rows):
        FindingFactory(school=school, round=checked)
        checked.indicators.create(words="Темы", norm="1")
    with django_assert_max_num_queries(12):
        page = browser.get(checked.get_absolute_url())
    assert page.content.decode().count('id="finding-') == rows


# --- Where rounds stand beside tasks


def test_the_panel_beside_the_list_shows_the_rounds_of_its_task(school):
    checked = RoundFactory(school=school, checked="Ведение журнала")
    RoundFactory(school=school, checked="Вес отметки")
    panel = signed_in(school).get(
        reverse("plans:plan"),
        {"order": checked.task.stage.plan.order_id, "task": checked.task_id},
        headers={"HX-Request": "true", "HX-Target": "panel"},
    )
    assert "15.12.2026 Ведение журнала" in words(panel)
    assert "Вес отметки" not in words(panel)


def test_a_meeting_looks_at_missed_checks_and_at_those_of_the_next_30_days(school):
    task = TaskFactory(school=school)
    for day, what in [(TODAY, "Сегодня"), (date(2026, 11, 2), "Пропущено"), (date(2026, 12, 23), "Близко")]:
        RoundFactory(school=school, task=task, planned_on=day, checked=what)
    RoundFactory(school=school, task=task, planned_on=date(2026, 12, 24), checked="Далеко")
    RoundFactory(school=school, task=task, planned_on=TODAY, checked="Снято", cancelled_on=TODAY, cancelled_because="-")
    RoundFactory(checked="Чужая школа", planned_on=TODAY)
    browser = signed_in(school, Role.WORKING_GROUP)
    meeting = browser.post(reverse("plans:meeting-new"), follow=True)

    for page in (browser.get(reverse("plans:status")), meeting):
        assert [line.round.checked for line in page.context["rounds"]] == ["Пропущено", "Сегодня", "Близко"]


def test_what_happened_to_a_round_is_told_of_its_task(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, checker=browser.member, checked="Ведение журнала")
    hold_round(checked, Outcome("Проверено"), held_on=TODAY, by=browser.member, at=AT)

    (told,) = browser.get(reverse("plans:status"), {"since": "2026-01-01"}).context["changes"]
    assert (told.line.task, [act.verb for act in told.acts]) == (checked.task, ["plans.round_held"])
    history = words(browser.get(reverse("plans:task-history", args=[checked.task_id])))
    assert "15.12.2026 Ведение журнала" in history and "Проверено" in history


def test_who_watches_a_task_is_told_that_its_check_was_held_and_the_list_of_its_messages_has_it(school):
    browser = signed_in(school, Role.WORKING_GROUP)
    checked = RoundFactory(school=school, checker=browser.member, checked="Ведение журнала")
    watcher = MembershipFactory(school=school)
    watch(checked.task, by=watcher)

    hold_round(checked, Outcome("Проверено"), held_on=TODAY, by=browser.member, at=AT)

    (message,) = Message.objects.to(watcher)
    assert "Ведение журнала" in message.words
    sent = browser.get(reverse("plans:told"), {"task": checked.task_id})
    assert list(sent.context["page"]) == [message]
