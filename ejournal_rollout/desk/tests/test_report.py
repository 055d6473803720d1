"""The final report of task 2.4: facts of a day in words, texts typed beside them, kept for ever under its number."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from consultations.models import Booking
from ejournal_rollout.desk.report.composing import Texts, Verdict, compose, verdict
from ejournal_rollout.desk.report.facts import (
    AmendmentFact,
    ConsultationFact,
    EvidenceFact,
    Facts,
    HelpFact,
    MeetingFact,
    RoundFact,
    TaskFact,
    gather,
)
from ejournal_rollout.documents.writing.report import Report, write_report
from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.models import RoleHolding
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import (
    DirectionFactory,
    FindingFactory,
    HelpRequestFactory,
    MembershipFactory,
    RoundFactory,
    SchoolFactory,
    SeminarFactory,
    TaskFactory,
    order_of,
)
from plans.models import Evidence, FinalReport, Meeting, Plan
from plans.operations import begin_report, freeze_report
from plans.operations import write_report as write
from support.models import HelpRequest

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SIGNED = date(2026, 8, 31)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


# --- In words


def task(**facts):
    return TaskFact(**{"stage": "1. Подготовительный этап", "number": "1.1", "question": "Готовность базы", **facts})


def composed(*, texts=None, **facts) -> Report:
    known = {"on": TODAY, "organization": "МБОУ", "order": "Приказ", "school_year": "2026/2027", "signed_on": SIGNED}
    return compose(Facts(**{**known, **facts}), texts or Texts())


def rows_under(report: Report, heading: str) -> list[tuple[str, ...]]:
    return next(list(part.table.rows) for part in report.parts if part.heading == heading)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"due_on": date(2026, 10, 31), "completed_on": date(2026, 10, 31)}, Verdict.KEPT),
        ({"due_on": date(2026, 10, 31), "completed_on": date(2026, 11, 1)}, Verdict.LATE),
        (
            {"due_on": date(2026, 10, 31), "reported_on": date(2026, 10, 31), "completed_on": date(2026, 11, 9)},
            Verdict.KEPT,
        ),
        ({"completed_on": date(2026, 10, 31)}, Verdict.UNDATED),
        ({"due_on": SIGNED, "completed_on": date(2026, 9, 30)}, Verdict.BEFORE_ORDER),
        ({"due_on": SIGNED}, Verdict.OPEN_BEFORE_ORDER),
        ({"due_on": date(2026, 10, 31), "reported_on": date(2026, 11, 2)}, Verdict.WAITING),
        ({"due_on": TODAY}, Verdict.OPEN),
        ({"due_on": TODAY - timedelta(days=1)}, Verdict.OVERDUE),
        ({}, Verdict.OPEN),
        ({"due_on": date(2026, 10, 31), "cancelled_on": TODAY}, Verdict.CANCELLED),
    ],
)
def test_what_became_of_a_task_is_measured_by_the_day_of_its_result(facts, expected):
    assert verdict(task(**facts), on=TODAY, signed_on=SIGNED) is expected


def test_the_facts_of_a_task_are_told_in_words():
    tasks = (
        task(due_on=date(2026, 10, 31), completed_on=date(2026, 10, 30), result="Осмотрено"),
        task(number="1.2", due_on=date(2026, 10, 31), completed_on=date(2026, 11, 2)),
        task(number="1.3", due_on=date(2026, 11, 22)),
        task(number="1.4", cancelled_on=date(2026, 9, 9), cancelled_because="приказ № 5"),
        task(number="1.5", term="Май", signed_term="Апрель\n2026", started_on=date(2026, 9, 9)),
        task(number="1.6", reported_on=date(2026, 11, 20), result="Составлено"),
    )
    rows = rows_under(composed(tasks=tasks), "1. Подготовительный этап")
    assert [row[3] for row in rows] == [
        "Выполнено 30.10.2026, в срок",
        "Выполнено 02.11.2026, с опозданием на 2 дня",
        "Не выполнено, просрочено на 1 день",
        "Отменено 09.09.2026: приказ № 5",
        "В работе",
        "Результат сдан 20.11.2026, ждёт проверки",
    ]
    assert (rows[0][4], rows[5][4]) == ("Осмотрено", "Ещё не принято: Составлено")
    same = task(term="Весь период\nПо отдельному графику", signed_term="Весь период По отдельному графику")
    assert rows_under(composed(tasks=(same,)), same.stage)[0][2] == same.term
    assert rows[4][2] == "Май (по подписанному приказу: Апрель 2026)"


def test_stages_are_counted_and_added_up_without_cancelled_tasks():
    tasks = (
        task(due_on=date(2026, 10, 31), completed_on=date(2026, 10, 30)),
        task(number="1.2", cancelled_on=TODAY),
        task(stage="2. Основной этап", number="2.1", due_on=date(2026, 11, 1)),
        task(stage="2. Основной этап", number="2.2", due_on=SIGNED),
    )
    rows = rows_under(composed(tasks=tasks), "План и факт по этапам")
    assert rows == [
        ("1. Подготовительный этап", "1 из 1", "1", "0", "0", "0", "0"),
        ("2. Основной этап", "0 из 2", "0", "0", "1", "0", "1"),
        ("Всего", "1 из 3", "1", "0", "1", "0", "1"),
    ]


def test_every_part_is_there_and_what_is_empty_says_so():
    report = composed(texts=Texts(conclusions="Готовы."))
    assert [part.heading for part in report.parts][-1] == "Выводы"
    empty = [part.heading for part in report.parts if part.text == "На этот день ничего нет."]
    assert {"Консультации", "Проведённые проверки", "Изменения приказа"} <= set(empty)


def test_numbers_of_help_stand_by_direction_and_form_with_the_usual_waiting():
    asked = [HelpFact("Техника", "по почте", timedelta(hours=hours)) for hours in (1, 3, 90)]
    asked += [HelpFact("Техника", "по почте"), HelpFact("Методика", "на семинаре")]
    rows = rows_under(composed(requests=tuple(asked)), "Обращения за помощью")
    assert rows == [
        ("Техника", "по почте", "4", "3", "3 ч"),
        ("Методика", "на семинаре", "1", "0", ""),
    ]


def test_a_report_comes_back_from_its_json_word_for_word():
    report = composed(
        tasks=(task(),),
        evidence=(EvidenceFact("фото", "1.1", "Кабинет", TODAY),),
        rounds=(RoundFact(TODAY, "2.1", "Журнал", "7-А", 2, 1),),
        meetings=(MeetingFact("Протокол № 1", 3),),
        consultations=(ConsultationFact("Техника", True, date(2026, 11, 1), 2, 1, 0),),
        amendments=(AmendmentFact("Приказ № 7", "Служебная записка"),),
        texts=Texts("Вступление", "Выводы", "Предложения", ("Заместитель", "И. О. Фамилия")),
    )
    assert Report.from_json(report.to_json()) == report


def test_the_word_file_is_a_draft_until_it_has_its_number():
    report = composed(
        tasks=(task(completed_on=TODAY, result="Осмотрено"),), texts=Texts(signature=("Директор", "И. О. Фамилия"))
    )
    paper = Document(io.BytesIO(write_report(report)))
    assert paper.sections[0].first_page_header.paragraphs[0].text == "ПРОЕКТ"
    assert "Осмотрено" in [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert paper.paragraphs[-1].text.endswith("И. О. Фамилия")
    numbered = compose(Facts(TODAY, "МБОУ", "Приказ", "2026/2027", SIGNED), Texts(), number="3")
    assert not Document(io.BytesIO(write_report(numbered))).sections[0].first_page_header.paragraphs[0].text


# --- From the rooms


@pytest.fixture
def school(db):
    return SchoolFactory()


@pytest.fixture
def member(school):
    return MembershipFactory(school=school, roles=[Role.WORKING_GROUP], post="Учитель истории")


@pytest.fixture
def plan(school):
    TaskFactory(school=school, position=1, printed_number="1.1.", due_on=date(2026, 10, 31))
    return Plan.objects.get(order__school=school)


@pytest.fixture
def draft(plan, member):
    return begin_report(plan, by=member, at=AT)


@pytest.fixture
def browser(member):
    client = Client()
    client.force_login(member.user)
    return client


def booked(direction, starts_at, **facts):
    """Its own people each time: nobody is in two places."""
    people = {name: MembershipFactory(school=direction.schedule.order.school) for name in ("teacher", "specialist")}
    facts = {"booked_by": people["teacher"], "question": "Вопрос", **people, **facts}
    return Booking.objects.create(
        direction=direction, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=20), **facts
    )


def attached(to, name, *, member, added_at=AT, goes=True, kind=Evidence.Kind.PHOTO):
    return Evidence.objects.create(
        task=to,
        kind=kind,
        file=ContentFile(b"x", "x.txt"),
        name=name,
        goes_into_report=goes,
        added_by=member,
        added_at=added_at,
    )


def test_only_what_had_happened_by_the_day_is_a_fact(plan, member):
    task = plan.stages.get().tasks.get()
    task.completed_on, task.reported_at, task.result = date(2026, 11, 2), datetime(2026, 10, 30, tzinfo=UTC), "Готово"
    task.save()
    then = gather(plan, on=date(2026, 10, 29), reader=member).tasks[0]
    now = gather(plan, on=TODAY, reader=member).tasks[0]
    assert (then.completed_on, then.reported_on, then.result) == (None, None, "")
    assert (now.completed_on, now.reported_on, now.result) == (date(2026, 11, 2), date(2026, 10, 30), "Готово")


def test_a_result_that_was_returned_is_no_result(plan, member):
    task = plan.stages.get().tasks.get()
    task.started_on, task.result = date(2026, 10, 1), "Анкеты собраны"  # returned: the words wait for the next report
    task.save()
    assert gather(plan, on=TODAY, reader=member).tasks[0].result == ""


def test_evidence_that_goes_into_the_report_stands_by_kind_and_task(plan, member):
    first = plan.stages.get().tasks.get()
    second = TaskFactory(stage=first.stage, printed_number="1.2.")
    attached(first, "Кабинет", member=member)
    attached(second, "Положение", member=member, kind=Evidence.Kind.LOCAL_ACT)
    attached(first, "Черновик", member=member, goes=False)
    attached(first, "Завтрашнее", member=member, added_at=AT + timedelta(days=1))
    facts = gather(plan, on=TODAY, reader=member)
    assert [(one.kind, one.task, one.name) for one in facts.evidence] == [
        ("локальный акт", "1.2", "Положение"),
        ("фото", "1.1", "Кабинет"),
    ]
    assert [one.number for one in facts.tasks] == ["1.1", "1.2"]
    days = [row[3] for row in rows_under(compose(facts, Texts()), "Подтверждения")]
    assert days == ["приложено 23.11.2026", "приложено 23.11.2026"]
    assert "План-график работы рабочей группы: приказ от" in compose(facts, Texts()).ground


def test_consultations_are_counted_by_direction_and_month_of_the_school(school, plan, member):
    school.time_zone = "Asia/Vladivostok"
    school.save()
    direction = DirectionFactory(school=school, name="Техника")
    booked(direction, datetime(2026, 10, 31, 14, 30, tzinfo=UTC), came=True)  # already 1 November there
    booked(direction, datetime(2026, 11, 2, 9, 0, tzinfo=UTC), came=False)
    booked(direction, datetime(2026, 11, 3, 9, 0, tzinfo=UTC), cancelled_at=AT)
    booked(direction, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    facts = gather(plan, on=TODAY, reader=member)
    assert facts.consultations == (ConsultationFact("Техника", False, date(2026, 11, 1), 2, 1, 1),)


def test_held_seminars_are_named_with_how_many_came_and_who_is_not(school, plan, member):
    school.time_zone = "Asia/Vladivostok"
    school.save()
    came, missed = MembershipFactory.create_batch(2, school=school)
    midnight = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # already the 23rd there
    held = SeminarFactory(
        school=school, title="Вес отметки", starts_at=midnight, participants=[came, missed], marked_at=AT
    )
    held.participations.filter(participant=came).update(came=True)
    held.participations.filter(participant=missed).update(came=False)
    SeminarFactory(school=school, starts_at=midnight)  # not marked
    SeminarFactory(school=school, starts_at=midnight, marked_at=AT, cancelled_at=AT)
    SeminarFactory(school=school, starts_at=midnight + timedelta(days=1), marked_at=AT)
    SeminarFactory(starts_at=midnight, marked_at=AT)
    facts = gather(plan, on=TODAY, reader=member)
    assert [(one.day, one.title, one.came) for one in facts.seminars] == [(TODAY, "Вес отметки", 1)]
    words = str(compose(facts, Texts()).to_json())
    assert "Вес отметки" in words
    assert came.user.last_name not in words


def test_checks_and_requests_are_numbers_and_name_nobody(school, plan, member):
    held = RoundFactory(school=school, task=plan.stages.get().tasks.get(), held_on=TODAY, held_by=member, result="Есть")
    done = FindingFactory(round=held, settled_on=TODAY, settled_by=member)
    FindingFactory(round=held, teacher=done.teacher)
    asked = HelpRequestFactory(school=school, answered_at=datetime(2026, 11, 2, 11, 0, tzinfo=UTC))
    facts = gather(plan, on=TODAY, reader=member)
    assert [(one.findings, one.settled) for one in facts.rounds] == [(2, 1)]
    assert [one.waited for one in facts.requests] == [timedelta(hours=2)]
    HelpRequest.objects.update(answered_at=AT + timedelta(days=1))
    assert [one.waited for one in gather(plan, on=TODAY, reader=member).requests] == [None]
    words = str(compose(facts, Texts()).to_json())
    assert done.teacher.user.last_name not in words
    assert asked.requester.user.last_name not in words
    assert asked.question not in words


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_for_one_row_and_for_thirty(school, plan, member, draft, browser, rows):
    stage, direction = plan.stages.get(), DirectionFactory(school=school)
    for place in range(rows):
        task = TaskFactory(stage=stage, position=place + 10)
        attached(task, f"Бумага {place}", member=member)
        FindingFactory(round=RoundFactory(school=school, task=task, held_on=TODAY, held_by=member, result="Есть"))
        Meeting.objects.create(plan=plan, number=place + 1, held_on=TODAY, closed_at=AT)
        booked(direction, AT - timedelta(days=place + 1))
        HelpRequestFactory(school=school, direction=direction)
    browser.get(reverse("desk:reports"))
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(draft.get_absolute_url()).status_code == 200
    assert len(asked) <= 13


# --- Under its number


def refusal(act) -> str:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.code


def frozen(draft, member, **changed):
    facts = {"number": "3", "dated_on": TODAY, "paper": {"parts": []}, "by": member, "at": AT, "seen": 1, **changed}
    return freeze_report(draft, **facts)


def test_one_draft_is_prepared_at_a_time_and_the_head_of_the_group_signs(school, plan, member):
    RoleHolding.objects.filter(membership=member).update(is_head=True)
    draft = begin_report(plan, by=member, at=AT)
    assert (draft.signatory_post, draft.signatory) == ("Учитель истории", f"А. П. {member.user.last_name}")
    assert begin_report(plan, by=MembershipFactory(school=school, roles=[Role.ADMINISTRATION]), at=AT) == draft


@pytest.mark.parametrize("roles", [[], [Role.TECHNICAL_SPECIALIST], [Role.DEPUTY_HEAD]])
def test_only_the_working_group_and_the_administration_prepare_reports(school, plan, draft, roles):
    for by in (MembershipFactory(school=school, roles=roles), MembershipFactory(roles=[Role.WORKING_GROUP])):
        for act in (
            lambda by=by: begin_report(plan, by=by, at=AT),
            lambda by=by: write(draft, by=by, at=AT, seen=1, conclusions="Готовы"),
            lambda by=by: frozen(draft, by),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_closed_year_is_only_read(school, plan, draft, member):
    order_of(school)
    plan.order.state = draft.plan.order.state = "closed"
    assert refusal(lambda: write(draft, by=member, at=AT, seen=1, conclusions="Готовы")) == "order_not_in_force"


def test_who_saves_beside_an_older_edition_overwrites_nothing(draft, member):
    write(draft, by=member, at=AT, seen=1, conclusions="Первое")
    assert refusal(lambda: write(draft, by=member, at=AT, seen=1, conclusions="Второе")) == "changed_meanwhile"
    assert refusal(lambda: frozen(draft, member)) == "changed_meanwhile"
    draft.refresh_from_db()
    assert draft.conclusions == "Первое"
    assert Entry.objects.get(verb="plans.report_written").changes == [{"field": "выводы", "old": "", "new": "Первое"}]


def test_a_report_with_a_number_is_not_changed_any_more(plan, draft, member):
    frozen(draft, member)
    assert str(draft) == "Итоговый отчёт № 3 от 23.11.2026"
    assert refusal(lambda: write(draft, by=member, at=AT, seen=2, conclusions="Иначе")) == "report_frozen"
    other = begin_report(plan, by=member, at=AT)
    assert other != draft
    assert refusal(lambda: frozen(other, member)) == "number_taken"
    for foreign in (date(2026, 11, 24), SIGNED - timedelta(days=1)):
        assert refusal(lambda day=foreign: frozen(other, member, number="4", dated_on=day)) == "foreign_day"


def test_the_paper_keeps_the_facts_of_its_day(plan, draft, member, browser):
    browser.post(
        reverse("desk:report-write", args=[draft.pk]),
        {
            "introduction": "Вступление",
            "conclusions": "К переходу готовы",
            "proposals": "",
            "signatory": "",
            "edition": 1,
        },
    )
    page = browser.post(
        reverse("desk:report-freeze", args=[draft.pk]),
        {"number": "3", "dated_on": "2026-11-23", "edition": 2},
        follow=True,
    ).content.decode()
    assert "Не выполнено, просрочено на 23 дня" in page
    assert "К переходу готовы" in page
    assert ">ПРОЕКТ<" not in page
    plan.stages.get().tasks.update(completed_on=TODAY, question="Другое")
    assert "Не выполнено, просрочено на 23 дня" in browser.get(draft.get_absolute_url()).content.decode()
    answer = browser.get(reverse("desk:report-docx", args=[draft.pk]))
    paper = Document(io.BytesIO(b"".join(answer.streaming_content)))
    assert "К переходу готовы" in [one.text for one in paper.paragraphs]
    assert "Готовность материально-технической базы" in [
        cell.text for t in paper.tables for r in t.rows for cell in r.cells
    ]


def test_a_draft_shows_the_facts_of_the_chosen_day(plan, draft, browser):
    plan.stages.get().tasks.update(completed_on=date(2026, 10, 20))
    address = draft.get_absolute_url()
    assert ">ПРОЕКТ<" in browser.get(address).content.decode()
    assert "Выполнено 20.10.2026, в срок" in browser.get(address).content.decode()
    assert "Выполнено 20.10.2026" not in browser.get(f"{address}?on=2026-10-19").content.decode()
    for foreign in ("2026-11-24", "2026-08-30", "вчера"):
        assert "Выполнено 20.10.2026, в срок" in browser.get(f"{address}?on={foreign}").content.decode()


def test_the_pages_of_reports_belong_to_the_plan(draft, browser):
    here = f'<a href="{reverse("plans:plan")}" aria-current="page">'
    for address in (reverse("desk:reports"), draft.get_absolute_url()):
        page = browser.get(address).content.decode()
        assert here in page
        assert page.count('aria-current="page"') == 1


@pytest.mark.parametrize("address", ["desk:reports", "plans:meetings"])
def test_before_an_order_is_in_force_no_button_is_named_that_is_not_there(browser, plan, address):
    assert "Действующего плана пока нет" not in browser.get(reverse(address)).content.decode()
    plan.order.state = "draft"
    plan.order.save(update_fields=["state"])
    page = browser.get(reverse(address)).content.decode()
    assert "Действующего плана пока нет" in page
    assert f'href="{reverse("plans:plan")}">К плану</a>' in page
    assert "«Подготовить отчёт»" not in page
    assert "«Провести совещание»" not in page


def test_the_text_of_whoever_came_after_the_number_is_shown(draft, member, browser):
    frozen(draft, member, paper=composed().to_json())
    typed = {"introduction": "", "conclusions": "Готовы & ждём", "proposals": "", "edition": 1}
    page = browser.post(reverse("desk:report-write", args=[draft.pk]), typed)
    assert page.status_code == 422
    assert '<dt>Выводы</dt><dd class="preserve">Готовы &amp; ждём</dd>' in page.content.decode()
    again = {"number": "4", "dated_on": "2026-11-23", "edition": 1}
    page = browser.post(reverse("desk:report-freeze", args=[draft.pk]), again)
    assert '<dd class="preserve">4</dd>' in page.content.decode()


def test_what_was_typed_is_kept_when_it_is_refused(draft, member, browser):
    write(draft, by=member, at=AT, seen=1, conclusions="Первое")
    typed = {"introduction": "", "conclusions": "Второе", "proposals": "", "edition": 1}
    page = browser.post(reverse("desk:report-write", args=[draft.pk]), typed)
    assert page.status_code == 422
    assert "Второе</textarea>" in page.content.decode()
    assert browser.post(reverse("desk:report-freeze", args=[draft.pk]), {"edition": 2}).status_code == 422
    endless = {"number": "3", "dated_on": "9999-12-31", "edition": 2}
    assert browser.post(reverse("desk:report-freeze", args=[draft.pk]), endless).status_code == 422
    assert FinalReport.objects.drafts().get().conclusions == "Первое"
    assert 'name="edition" value="2"' in page.content.decode()
