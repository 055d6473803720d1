"""Who reads a request and who acts on it: one table for every page and act."""

import pytest
from django.urls import reverse

from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import DirectionFactory, HelpRequestFactory
from support.models import HelpRequest, InternalNote, Reply

READERS = ["teacher", "technician", "second_technician", "head"]
EVERYBODY = ["teacher", "neighbour", "technician", "second_technician", "deputy", "head", "stranger"]
SECRET = "Сбились права при переводе класса"

# person -> the answer to each address; 302 is done, 403 seen but not theirs, 404 does not exist for them
TABLE = {
    #                     page book hand take reply wait solve note close reopen
    "teacher": (200, 200, 403, 403, 302, 403, 403, 403, 302, 302),
    "neighbour": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "technician": (200, 200, 200, 302, 302, 302, 302, 302, 302, 302),
    "second_technician": (200, 200, 200, 302, 302, 302, 302, 302, 302, 302),
    "deputy": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "head": (200, 403, 200, 403, 403, 403, 403, 403, 403, 403),
    "stranger": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
}
PAGES = ["request", "request-book", "request-hand-over"]
ACTS = [f"request-{act}" for act in ("take", "reply", "wait", "solve", "note", "close", "reopen")]


@pytest.fixture
def asked(staff):
    """A request in the technician's hands with a note for colleagues."""
    request = HelpRequestFactory(
        school=staff.school, requester=staff.teacher, direction=staff.technical, assignee=staff.technician
    )
    InternalNote.objects.create(request=request, author=staff.technician, written_at=request.asked_at, text=SECRET)
    return request


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_person_meets_the_answers_of_the_table(client, staff, asked, who):
    client.force_login(getattr(staff, who).user)

    answers = [client.get(reverse(f"support:{page}", args=[asked.pk])).status_code for page in PAGES]
    for act in ACTS:
        answers.append(client.post(reverse(f"support:{act}", args=[asked.pk]), {"text": "Слова"}).status_code)

    assert tuple(answers) == TABLE[who]


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_lists_and_their_counts_hold_only_what_one_may_read(client, staff, asked, who):
    client.force_login(getattr(staff, who).user)

    page = client.get(reverse("support:requests"), {"list": "all"})

    expected = [asked] if who in READERS else []
    assert list(page.context["requests"]) == expected
    assert {tab.name: tab.count for tab in page.context["tabs"]}["all"] == len(expected)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_by_following_a_link(client, staff, asked, act):
    client.force_login(staff.technician.user)
    assert client.get(reverse(f"support:{act}", args=[asked.pk])).status_code == 405


@pytest.mark.parametrize(
    ("who", "sees"), [("technician", True), ("second_technician", True), ("teacher", False), ("head", False)]
)
def test_notes_for_colleagues_are_on_the_page_of_specialists_only(
    client, staff, asked, who, sees, django_assert_max_num_queries
):
    client.force_login(getattr(staff, who).user)

    with django_assert_max_num_queries(12) as queries:
        page = client.get(asked.get_absolute_url()).content.decode()

    assert (SECRET in page) is sees
    assert ("видно только специалистам" in page) is sees
    assert any("support_internalnote" in query["sql"] for query in queries.captured_queries) is sees


def test_the_history_on_the_teachers_page_does_not_tell_that_there_is_a_note(client, staff, asked):
    client.force_login(staff.technician.user)
    client.post(reverse("support:request-note", args=[asked.pk]), {"text": "Ещё заметка"})
    assert [entry.verb for entry in client.get(asked.get_absolute_url()).context["history"]] == ["support.noted"]

    client.force_login(staff.teacher.user)
    page = client.get(asked.get_absolute_url())

    assert page.context["history"] == []
    assert "Ещё заметка" not in page.content.decode()


def test_an_empty_note_of_the_teacher_is_refused_as_not_theirs(client, staff, asked):
    client.force_login(staff.teacher.user)
    assert client.post(reverse("support:request-note", args=[asked.pk]), {"text": ""}).status_code == 403


def test_refusals_of_the_table_wrote_nothing(client, staff, asked):
    for who in ("neighbour", "deputy", "head", "stranger"):
        client.force_login(getattr(staff, who).user)
        for act in ACTS:
            client.post(reverse(f"support:{act}", args=[asked.pk]), {"text": "Слова"})

    assert not Reply.objects.exists()
    assert InternalNote.objects.count() == 1
    assert HelpRequest.objects.get().state == HelpRequest.State.IN_WORK


def test_a_direction_whose_specialists_are_the_teachers_shows_nobody_anothers_question(client, staff):
    direction = DirectionFactory(school=staff.school, roles=[Role.TEACHER])
    asked = HelpRequestFactory(school=staff.school, requester=staff.teacher, direction=direction)
    client.force_login(staff.neighbour.user)

    assert client.get(asked.get_absolute_url()).status_code == 404
    assert list(client.get(reverse("support:requests"), {"list": "all"}).context["requests"]) == []


def test_a_former_assignee_of_another_direction_no_longer_reads(client, staff, asked):
    HelpRequest.objects.update(assignee=staff.deputy)
    client.force_login(staff.deputy.user)
    assert client.get(asked.get_absolute_url()).status_code == 200

    HelpRequest.objects.update(assignee=staff.technician)
    assert client.get(asked.get_absolute_url()).status_code == 404
