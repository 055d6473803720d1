"""The journal of changes, and the change of school."""

import pytest
from django.test import Client
from django.urls import reverse

from ejournal_rollout.history.recording import record
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, TaskFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/history/"


@pytest.fixture
def head():
    return MembershipFactory(roles=["administration"])


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def shown(page) -> list[str]:
    return [entry.verb for entry in page.context["page"]]


def test_the_journal_shows_old_and_new_values_of_ones_own_school(head):
    stranger = MembershipFactory(user=UserFactory(last_name="Чужова"))
    record("admin.changed", stranger, by=stranger)
    record("admin.changed", head.school, by=head, changes=[("часовой пояс", "Europe/Moscow", "Asia/Omsk")])

    words = signed_in(head).get(PAGE).content.decode()

    for expected in ("часовой пояс", "Europe/Moscow", "Asia/Omsk", str(head)):
        assert expected in words
    assert "Чужова" not in words  # neither a line nor a choice of the filter


def test_a_line_leads_to_the_page_of_its_task_while_there_is_one(head):
    task, gone = TaskFactory(school=head.school), TaskFactory(school=head.school)
    address = gone.get_absolute_url()
    record("plans.started", task, by=head)
    record("plans.started", gone, by=head)
    gone.delete()

    html = signed_in(head).get(PAGE).content.decode()

    assert f'href="{task.get_absolute_url()}"' in html
    assert address not in html


def test_the_journal_is_filtered_by_person_and_act(head):
    colleague = MembershipFactory(school=head.school)
    record("admin.changed", head, by=head)
    record("admin.added", head, by=colleague)
    record("people.invited", head, by=colleague)
    client = signed_in(head)

    assert shown(client.get(PAGE)) == ["people.invited", "admin.added", "admin.changed"]
    assert shown(client.get(PAGE, {"person": colleague.user_id})) == ["people.invited", "admin.added"]
    assert shown(client.get(PAGE, {"person": colleague.user_id, "verb": "admin.added"})) == ["admin.added"]
    assert 'class="empty"' in client.get(PAGE, {"verb": "orders.closed"}).content.decode()


@pytest.mark.parametrize("strange", [{"verb": "dreamt"}, {"person": "x"}, {"page": "x"}])
def test_a_strange_address_shows_everything(strange, head):
    record("admin.changed", head, by=head)

    page = signed_in(head).get(PAGE, strange)

    assert shown(page) == ["admin.changed"]


def test_a_person_of_another_school_is_no_choice(head):
    record("admin.changed", head, by=head)
    stranger = MembershipFactory()

    assert "person" in signed_in(head).get(PAGE, {"person": stranger.user_id}).context["form"].errors


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATION}))
def test_only_the_administration_reads_the_journal(role):
    assert signed_in(MembershipFactory(roles=[role])).get(PAGE).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_journal_costs_the_same_for_one_line_and_for_thirty(rows, head, django_assert_num_queries):
    for _row in range(rows):
        record("admin.changed", head, by=MembershipFactory(school=head.school))
    client = signed_in(head)

    with django_assert_num_queries(8):  # the frame's five, count, page, people of the filter
        page = client.get(PAGE)

    assert len(shown(page)) == rows


def test_older_lines_keep_the_filter(head):
    for _row in range(51):
        record("admin.changed", head, by=head)
    client = signed_in(head)

    assert "?verb=admin.changed&amp;page=2" in client.get(PAGE, {"verb": "admin.changed"}).content.decode()
    assert len(shown(client.get(PAGE, {"page": 2}))) == 1


# --- The change of school


def test_a_person_of_two_schools_changes_between_them():
    here = MembershipFactory()
    there = MembershipFactory(user=here.user)
    client = signed_in(here)
    assert client.get(reverse("people:me")).context["member"] == here

    assert client.post(reverse("desk:switch-school"), {"membership": there.pk}).url == reverse("desk:home")

    assert client.get(reverse("people:me")).context["member"] == there


def test_nobody_changes_to_a_place_of_somebody_else():
    here, strange = MembershipFactory(), MembershipFactory()
    client = signed_in(here)

    for membership in (strange.pk, "x", ""):
        client.post(reverse("desk:switch-school"), {"membership": membership})

    assert client.get(reverse("people:me")).context["member"] == here
    assert client.get(reverse("desk:switch-school")).status_code == 405
