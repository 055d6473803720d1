"""The admin as every room uses it: one's own school, every change in the journal."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from consultations.models import Room
from ejournal_rollout.history.models import Entry
from ejournal_rollout.history.recording import record
from ejournal_rollout.people.models import School, User
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, TaskFactory

pytestmark = pytest.mark.django_db
FORM = {  # of the school of `head`, as it stands
    "name": "Школа № 12",
    "time_zone": "Europe/Moscow",
    "working_week": 5,
    "paper_font": "Times New Roman",
    "paper_size": 13,
}


@pytest.fixture
def head():
    return MembershipFactory(school=SchoolFactory(name="Школа № 12", working_week=5), roles=["administration"])


@pytest.fixture
def admin(head):
    client = Client()
    client.force_login(head.user)
    return client


def entries() -> list[tuple]:
    return [(one.verb, one.subject, one.changes) for one in Entry.objects.order_by("pk")]


def test_a_change_is_recorded_in_the_words_of_the_form(head, admin):
    address = reverse("admin:people_school_change", args=[head.school_id])

    admin.post(address, FORM | {"working_week": 6})

    ((verb, subject, (changed,)),) = entries()
    assert (verb, subject) == ("admin.changed", "Школа № 12")
    words = {value: str(label) for value, label in School.WorkingWeek.choices}
    assert (changed["old"], changed["new"]) == (words[5], words[6])
    entry = Entry.objects.get()
    assert (entry.by, entry.school, entry.author) == (head.user, head.school, str(head))


def test_saving_without_a_change_says_so_with_no_values(head, admin):
    address = reverse("admin:people_school_change", args=[head.school_id])

    admin.post(address, FORM)

    assert [changes for _verb, _subject, changes in entries()] == [[]]


def test_a_refused_form_leaves_no_line(head, admin):
    page = admin.post(
        reverse("admin:people_school_change", args=[head.school_id]), FORM | {"name": "", "time_zone": "Луна"}
    )

    assert set(page.context["adminform"].form.errors) == {"name", "time_zone"}
    assert entries() == []


def test_what_is_added_belongs_to_ones_own_school_and_what_is_deleted_keeps_its_name(head, admin):
    admin.post(reverse("admin:consultations_room_add"), {"name": "18", "places": 2})
    room = Room.objects.get()
    admin.post(reverse("admin:consultations_room_delete", args=[room.pk]), {"post": "yes"})

    assert room.school == head.school
    assert [(verb, subject) for verb, subject, _changes in entries()] == [
        ("admin.added", "18"),
        ("admin.deleted", "18"),
    ]


def test_several_rows_deleted_at_once_leave_a_line_each(head, admin):
    rooms = [Room.objects.create(school=head.school, name=name) for name in ("13", "18")]
    told = {"action": "delete_selected", "_selected_action": [room.pk for room in rooms], "post": "yes"}

    admin.post(reverse("admin:consultations_room_changelist"), told)

    assert sorted(subject for _verb, subject, _changes in entries()) == ["13", "18"]
    assert not Room.objects.exists()


def test_an_action_reaches_no_row_of_another_school(admin):
    theirs = Room.objects.create(school=SchoolFactory(), name="чужая")
    told = {"action": "delete_selected", "_selected_action": [theirs.pk], "post": "yes"}

    admin.post(reverse("admin:consultations_room_changelist"), told)

    assert list(Room.objects.all()) == [theirs]
    assert entries() == []


def test_an_operator_of_no_school_sees_every_school(client):
    schools = {SchoolFactory(), SchoolFactory()}
    client.force_login(User.objects.create_superuser("root@site.example", "x"))

    assert set(client.get(reverse("admin:people_school_changelist")).context["cl"].queryset) == schools


def test_what_an_operator_changes_stands_in_the_journal_of_the_school(client):
    task = TaskFactory(school=SchoolFactory())
    client.force_login(User.objects.create_superuser("root@site.example", "x"))
    address = reverse("admin:plans_stage_change", args=[task.stage_id])
    told = {"position": 1, "heading": "I. Этап", "tasks-TOTAL_FORMS": 1, "tasks-INITIAL_FORMS": 1}
    told |= {"tasks-0-id": task.pk, "tasks-0-stage": task.stage_id, "tasks-0-DELETE": "on", "plan": task.stage.plan_id}

    assert client.post(address, told).status_code == 302

    school = task.stage.plan.order.school
    assert {(one.verb, one.school) for one in Entry.objects.all()} == {
        ("admin.changed", school),
        ("admin.deleted", school),
    }


def test_an_operator_of_no_school_adds_no_room_of_no_school(client):
    client.force_login(User.objects.create_superuser("root@site.example", "x"))

    assert client.post(reverse("admin:consultations_room_add"), {"name": "18", "places": 1}).status_code == 403


def test_the_admin_forwards_to_no_record_by_its_number(admin):
    assert admin.get("/admin/r/1/1/").status_code == 404


def test_a_line_goes_with_its_act(head):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("admin.changed", head.school, by=head)
        raise RuntimeError

    assert entries() == []


def test_a_verb_without_words_is_a_fault_of_the_caller(head):
    with pytest.raises(KeyError):
        record("admin.dreamt", head.school, by=head)
