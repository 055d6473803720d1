"""Meetings of the working group: minutes that hold, and decisions that become notes and tasks of the plan."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from docx import Document

from ejournal_rollout.desk.meetings import minutes_of
from ejournal_rollout.documents.writing.minutes import Minutes, Point, write_minutes
from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, StageFactory, TaskFactory
from plans.models import Decision, Meeting, Plan, Task, TaskNote
from plans.operations import close_minutes, decide, open_meeting, withdraw_decision, write_note
from plans.operations import write_minutes as write
from plans.presentation import task_line
from plans.views.meetings import agenda_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Noon of Monday 23.11.2026 in Moscow."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def school():
    return SchoolFactory()


@pytest.fixture
def member(school):
    return MembershipFactory(school=school, roles=[Role.WORKING_GROUP], post="Учитель истории")


@pytest.fixture
def head(school):
    return MembershipFactory(school=school, roles=[Role.ADMINISTRATION])


@pytest.fixture
def task(school):
    stage = StageFactory(plan__order__school=school, position=2, heading="2. Основной этап")
    return TaskFactory(stage=stage, printed_number="2.4.", executors=[Role.EXPERIENCED_COLLEAGUE])


@pytest.fixture
def plan(task):
    return Plan.objects.get()


@pytest.fixture
def meeting(plan, member):
    return open_meeting(plan, by=member, at=AT)[0]


def refusal(act) -> str:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.code


def test_a_meeting_has_the_next_number_todays_group_and_its_chair(plan, member, meeting):
    assert (meeting.number, meeting.held_on, meeting.chair) == (1, date(2026, 11, 23), member)
    assert meeting.present == f"{member.full_name}, Учитель истории"
    close_minutes(meeting, by=member, at=AT)
    assert open_meeting(plan, by=member, at=AT)[0].number == 2


def test_who_presses_second_sits_at_the_same_table(plan, head, meeting):
    assert open_meeting(plan, by=head, at=AT) == (meeting, False)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("roles", [[], [Role.TECHNICAL_SPECIALIST], [Role.DEPUTY_HEAD]])
def test_only_the_working_group_and_the_administration_hold_meetings(school, plan, meeting, roles):
    other = MembershipFactory(school=school, roles=roles)
    stranger = MembershipFactory(roles=[Role.WORKING_GROUP])
    for by in (other, stranger):
        for act in (
            lambda by=by: open_meeting(plan, by=by, at=AT),
            lambda by=by: decide(meeting, by=by, at=AT, words="Решили"),
            lambda by=by: write(meeting, by=by, at=AT, seen=1, heard="Слушали"),
            lambda by=by: close_minutes(meeting, by=by, at=AT),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_who_saves_beside_an_older_edition_overwrites_nothing(member, head, meeting):
    write(meeting, by=member, at=AT, seen=1, heard="Первое")
    assert refusal(lambda: write(meeting, by=head, at=AT, seen=1, heard="Второе")) == "changed_meanwhile"
    meeting.refresh_from_db()
    assert (meeting.heard, meeting.edition) == ("Первое", 2)
    assert Entry.objects.get(verb="plans.minutes_written").changes == [{"field": "слушали", "old": "", "new": "Первое"}]


def test_a_decision_about_a_task_becomes_its_note_and_tells_its_executors(school, task, member, meeting):
    executor = MembershipFactory(school=school, roles=[Role.EXPERIENCED_COLLEAGUE])
    decide(meeting, by=member, at=AT, words="Собрать сводку", task=task, executors="Петров", due_on=date(2026, 12, 1))
    assert not TaskNote.objects.exists()  # while the meeting is held everything may still be put right
    close_minutes(meeting, by=member, at=AT)
    note = TaskNote.objects.get(task=task)
    assert note.text == "Протокол № 1 от 23.11.2026, п. 1: Собрать сводку\nИсполнитель: Петров\nСрок: 01.12.2026"
    assert "Собрать сводку" in Message.objects.to(executor).get().words


def test_a_decision_becomes_a_task_at_the_end_of_its_stage_with_a_term_that_is_read(task, head, plan):
    meeting, _is_new = open_meeting(plan, by=head, at=AT)
    decide(
        meeting,
        by=head,
        at=AT,
        words="Провести опрос родителей",
        stage=task.stage,
        executors="Администрация",
        due_on=date(2026, 12, 15),
    )
    close_minutes(meeting, by=head, at=AT)
    new = Task.objects.exclude(pk=task.pk).get()
    assert (new.printed_number, new.question, new.position) == ("2.5.", "Провести опрос родителей", task.position + 1)
    assert (new.term, new.due_on) == ("до 15.12.2026", date(2026, 12, 15))
    assert [one.role for one in new.executors.all()] == [Role.ADMINISTRATION]
    assert Decision.objects.get().task == new
    assert TaskNote.objects.filter(task=new).count() == 1


def test_a_plan_without_numbers_gets_a_task_without_one(task, head, plan):
    Task.objects.update(printed_number="")
    meeting, _is_new = open_meeting(plan, by=head, at=AT)
    decide(meeting, by=head, at=AT, words="Новое", stage=task.stage)
    close_minutes(meeting, by=head, at=AT)
    assert Task.objects.get(question="Новое").printed_number == ""


def test_minutes_with_a_new_task_are_closed_by_the_administration(task, member, head, meeting):
    decide(meeting, by=member, at=AT, words="Новая задача", stage=task.stage)
    assert refusal(lambda: close_minutes(meeting, by=member, at=AT)) == "administration_closes"
    assert Task.objects.count() == 1
    close_minutes(meeting, by=head, at=AT)
    assert Task.objects.count() == 2


def test_closed_minutes_stay_as_they_are(member, head, meeting, task):
    decision = decide(meeting, by=member, at=AT, words="Решили", task=task)
    other = Meeting.objects.get()  # the page of a colleague, read before
    close_minutes(meeting, by=member, at=AT)
    closed = Meeting.objects.get()
    for act in (
        lambda: decide(closed, by=member, at=AT, words="Ещё"),
        lambda: write(closed, by=member, at=AT, seen=closed.edition, heard="Поздно"),
        lambda: withdraw_decision(Decision.objects.select_related("meeting").get(pk=decision.pk), by=member, at=AT),
        lambda: close_minutes(other, by=head, at=AT),
    ):
        assert refusal(act) == "minutes_closed"
    assert TaskNote.objects.count() == 1


def test_a_decision_is_about_a_task_or_makes_one_never_both(task, member, meeting):
    act = lambda: decide(meeting, by=member, at=AT, words="Решили", task=task, stage=task.stage)  # noqa: E731
    assert refusal(act) == "task_or_stage"
    assert refusal(lambda: decide(meeting, by=member, at=AT, words=" ")) == "text_required"


def test_a_decision_looks_forward(task, member, meeting):
    day = meeting.held_on - timedelta(days=1)
    assert refusal(lambda: decide(meeting, by=member, at=AT, words="Сделать", due_on=day)) == "term_passed"
    decide(meeting, by=member, at=AT, words="Сделать сегодня", due_on=meeting.held_on)
    typed = {"decision-words": "Сделать", "decision-due_on": "2020-01-01"}
    page = browser(member).post(reverse("plans:decision-new", args=[meeting.pk]), typed)
    assert page.status_code == 422
    assert list(page.context["decision_form"].errors) == ["due_on"]


def test_the_minutes_are_asked_about_before_they_are_closed(task, member, meeting):
    decide(meeting, by=member, at=AT, words="Сделать", due_on=date(2026, 12, 1))
    page = browser(member).get(meeting.get_absolute_url()).content.decode()
    assert page.index("Закрыть протокол с 1 решением? Открыть его снова будет нельзя.") < page.index("Да, закрыть")
    assert not re.search(r'<p class="small-print">\s*·', page)


def test_the_agenda_names_what_waits_is_late_and_is_near(school, task):
    TaskFactory(stage=task.stage, printed_number="2.1.", due_on=date(2026, 11, 1))
    TaskFactory(stage=task.stage, printed_number="2.2.", due_on=date(2026, 12, 1))
    TaskFactory(stage=task.stage, printed_number="2.3.", reported_at=AT)
    lines = [task_line(one, date(2026, 11, 23)) for one in Task.objects.in_order()]
    assert agenda_of(lines).split("\n")[1:] == [
        "О принятии результатов: 2.3.",
        "О просроченных задачах: 2.1.",
        "О сроках ближайших 30 дней: 2.2.",
    ]


# --- Pages ---------------------------------------------------------------------------------------


def browser(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_meeting_is_held_by_the_pages(task, member):
    client = browser(member)
    page = client.post(reverse("plans:meeting-new"), follow=True)
    meeting = Meeting.objects.get()
    assert page.redirect_chain[-1][0] == meeting.get_absolute_url()
    decided = {"decision-words": "Собрать сводку", "decision-task": task.pk, "decision-due_on": "01.12.2026"}
    client.post(reverse("plans:decision-new", args=[meeting.pk]), decided)
    client.post(reverse("plans:meeting-close", args=[meeting.pk]))
    assert TaskNote.objects.filter(task=task).count() == 1
    words = client.get(meeting.get_absolute_url()).content.decode()
    assert "Собрать сводку" in words and "decision-words" not in words


def test_who_comes_into_a_meeting_that_is_held_reads_whose_it_is_and_since_when(member, head, meeting):
    Entry.objects.filter(verb="plans.meeting_opened").update(happened_at=AT - timedelta(days=3, minutes=5))
    page = browser(head).post(reverse("plans:meeting-new"), follow=True)
    told = [str(one) for one in page.context["messages"]]
    assert told == [f"Это совещание уже идёт: {member} ведёт его с 20.11.2026 11:55. Ниже — его протокол."]


def test_a_new_meeting_begins_without_a_word_of_others(plan, head):
    assert not browser(head).post(reverse("plans:meeting-new"), follow=True).context["messages"]


def test_who_closes_the_minutes_second_reads_that_they_are_closed_and_nothing_else(head, meeting):
    client, address = browser(head), reverse("plans:meeting-close", args=[meeting.pk])
    told = [[str(one) for one in client.post(address, follow=True).context["messages"]] for _times in range(2)]
    assert told == [
        ["Протокол закрыт: решения внесены в план."],
        ["Этот протокол закрыт и больше не меняется. Внесите это в протокол следующего совещания."],
    ]


def test_a_stale_form_keeps_what_was_typed_and_can_be_saved_again(member, head, meeting):
    head_form = {"held_on": "2026-11-23", "heard": "Моё", "edition": meeting.edition}
    write(meeting, by=member, at=AT, seen=1, heard="Чужое")
    client, address = browser(head), reverse("plans:meeting-write", args=[meeting.pk])
    page = client.post(address, head_form)
    assert page.status_code == 422
    assert "Моё" in page.content.decode() and "изменил кто-то другой" in page.content.decode()
    assert client.post(address, head_form | {"edition": 2}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.heard == "Моё"


def test_words_for_minutes_that_were_closed_meanwhile_are_shown(member, head, meeting, task):
    close_minutes(meeting, by=head, at=AT)
    typed = {"held_on": "23.11.2026", "chair": member.pk, "present": "Все", "edition": 1}
    page = browser(member).post(reverse("plans:meeting-write", args=[meeting.pk]), typed)
    assert page.status_code == 422
    assert '<dd class="preserve">Все</dd>' in page.content.decode()
    assert f'<dd class="preserve">{member.pk}</dd>' not in page.content.decode()  # a choice is not words
    decided = {"decision-words": "Собрать сводку", "decision-due_on": ""}
    page = browser(member).post(reverse("plans:decision-new", args=[meeting.pk]), decided)
    assert page.status_code == 422
    assert '<dd class="preserve">Собрать сводку</dd>' in page.content.decode()


def test_a_decision_without_words_keeps_the_rest(task, member, meeting):
    values = {"decision-words": "", "decision-executors": "Петров", "decision-task": task.pk}
    page = browser(member).post(reverse("plans:decision-new", args=[meeting.pk]), values)
    assert page.status_code == 422
    assert "Петров" in page.content.decode() and "Напишите, что решили." in page.content.decode()


def test_a_task_of_another_plan_is_no_choice(member, meeting):
    foreign = TaskFactory(school=SchoolFactory())
    values = {"decision-words": "Решили", "decision-task": foreign.pk}
    page = browser(member).post(reverse("plans:decision-new", args=[meeting.pk]), values)
    assert page.status_code == 422
    assert not Decision.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_of_meetings_cost_the_same_for_one_and_for_thirty(
    task, member, meeting, rows, django_assert_max_num_queries
):
    for place in range(rows):
        decide(meeting, by=member, at=AT, words=f"Решение {place}", task=task)
    client = browser(member)
    for address in (meeting.get_absolute_url(), reverse("plans:meetings")):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)


def test_the_page_for_a_meeting_shows_what_changed_since_the_last_one(school, task, member, meeting, monkeypatch):
    quiet = TaskFactory(stage=task.stage, printed_number="9.9.", question="Тихая задача")
    write_note(task, by=member, at=AT, text="Начали")
    close_minutes(meeting, by=member, at=AT)
    address, client = reverse("plans:status"), browser(member)
    page = client.get(address).context["changes"]
    assert [one.line.task for one in page] == [task]
    assert quiet not in [one.line.task for one in page]
    assert "с совещания, протокол № 1" in client.get(address).content.decode()  # also on the evening of its day
    future = client.get(address, {"since": "2199-01-01"})
    assert "Этот день ещё не наступил." in future.content.decode()
    Meeting.objects.update(held_on=date(2026, 11, 20))
    begun = open_meeting(meeting.plan, by=member, at=AT)
    assert client.get(address).context["last_meeting"] == meeting != begun  # what is held now is not yet the last
    assert client.get(address).context["since"] == date(2026, 11, 20)
    assert client.get(address, {"since": "вчера"}).context["since"] == date(2026, 11, 20)


def test_without_a_meeting_changes_of_a_month_are_shown(task, member):
    assert browser(member).get(reverse("plans:status")).context["since"] == date(2026, 11, 23) - timedelta(days=30)


# --- Paper ---------------------------------------------------------------------------------------


def lines(content: bytes) -> list[str]:
    return [one.text for one in Document(BytesIO(content)).paragraphs if one.text.strip()]


def test_the_minutes_print_number_people_agenda_and_numbered_decisions(task, head, meeting):
    write(meeting, by=head, at=AT, seen=1, agenda="О плане\nО кадрах", heard="Доклад", secretary=head)
    meeting = Meeting.objects.with_people().get()
    decide(meeting, by=head, at=AT, words="Собрать сводку", executors="Петров", due_on=date(2026, 12, 1))
    decide(meeting, by=head, at=AT, words="Принять к сведению.")
    text = lines(write_minutes(minutes_of(meeting)))
    assert any("№ 1" in line and "23.11.2026" in line for line in text)
    assert "1. О плане" in text and "2. О кадрах" in text and "Доклад" in text
    assert "1. Собрать сводку. Исполнитель: Петров. Срок: до 01.12.2026." in text
    assert "2. Принять к сведению." in text
    assert any(line.startswith("Секретарь") and line.endswith(f"А.П. {head.user.last_name}") for line in text)


def test_paper_names_the_task_of_a_decision_and_ends_a_sentence_once(task, head, meeting):
    Task.objects.filter(pk=task.pk).update(question="Анкетирование учителей " * 8)
    task.refresh_from_db()
    decide(meeting, by=head, at=AT, words="Собрать сводку", executors="Условнова Е. Е.", task=task)
    whole = " ".join(task.question.split())
    assert f"1. Собрать сводку. Задача 2.4 «{whole}». Исполнитель: Условнова Е. Е." in lines(
        write_minutes(minutes_of(meeting))
    )
    page = browser(head).get(meeting.get_absolute_url()).content.decode()
    printed = page[page.index("<article") : page.index("</article>")]
    for words in (meeting.plan.order.school.name, "ПРОТОКОЛ", f"Задача 2.4 «{whole}».", "Председатель", "Секретарь"):
        assert words in printed


def test_minutes_that_are_not_closed_are_a_draft():
    def mark(minutes):
        document = Document(BytesIO(write_minutes(minutes)))
        return "ПРОЕКТ" in document.sections[0].first_page_header.paragraphs[0].text

    closed = Minutes("Школа", 1, date(2026, 11, 23), "Приказ", decided=(Point("Решили"),))
    assert not mark(closed)
    assert mark(Minutes("Школа", 1, date(2026, 11, 23), "Приказ", is_closed=False))


def test_a_word_file_of_the_minutes_comes_to_those_who_hold_meetings(school, member, meeting):
    address = reverse("desk:minutes", args=[meeting.pk])
    answer = browser(member).get(address)
    assert lines(b"".join(answer.streaming_content))
    assert browser(MembershipFactory(school=school)).get(address).status_code == 403
    assert browser(MembershipFactory(roles=[Role.WORKING_GROUP])).get(address).status_code == 404
