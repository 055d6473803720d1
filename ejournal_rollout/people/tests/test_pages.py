"""The staff list, one's own page, sign-in, and what each role may open."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.defaults import server_error

from ejournal_rollout.people.models import Membership, RoleHolding
from ejournal_rollout.people.operations import add_member, invite
from ejournal_rollout.people.roles import Role
from ejournal_rollout.people.staff_list import staff_list
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def signed_in(member: Membership, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(member.user)
    return client


def token_of(client: Client, page: str) -> str:
    """The token as it stands in a form of the page, not in the cookie: an include may have lost it."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode())
    assert found, "no form of the page carries a token"
    return found[1]


@pytest.fixture
def head():
    return MembershipFactory(school=SchoolFactory(name="МБОУ «Школа № 12»"), roles=["administration"])


# --- The staff list


def test_the_staff_list_names_roles_without_people_and_specialists_without_a_supervisor(head):
    # given a supervised, an unsupervised and a badly supervised specialist
    gone = MembershipFactory(school=head.school, left_on=localdate() - timedelta(days=1))
    MembershipFactory(school=head.school, roles=["technical_specialist"], reports_to=head)
    alone = MembershipFactory(school=head.school, roles=["deputy_head"])
    orphan = MembershipFactory(school=head.school, roles=["technical_specialist"], reports_to=gone)
    MembershipFactory(roles=["experienced_colleague"])  # of another school

    found = staff_list(head, at=now())

    assert len(found.unappointed) == 2  # the working group and the experienced colleague
    assert set(found.without_supervisor) == {alone, orphan}
    assert gone not in [line.member for line in found.lines]


def test_the_staff_list_without_an_order_names_roles_but_no_order_that_names_them(head):
    page = signed_in(head).get(reverse("people:staff"))

    assert len(page.context["staff"].unappointed) == 4
    assert "На эти роли никто не назначен" in page.content.decode()
    assert "названы в приказе" not in page.content.decode()


def test_the_staff_list_tells_who_signs_in_and_who_is_invited(head):
    signs_in = MembershipFactory(school=head.school, user=UserFactory(password="зелёный трамвай"))
    invited, waiting = MembershipFactory(school=head.school), MembershipFactory(school=head.school)
    invite(invited, by=head, at=now())

    kinds = {line.member: line.account_kind for line in staff_list(head, at=now()).lines}

    assert kinds == {head: "action", signs_in: "done", invited: "paused", waiting: "action"}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_staff_list_costs_the_same_for_one_person_and_for_thirty(rows, head, django_assert_num_queries):
    MembershipFactory.create_batch(rows, school=head.school, roles=["deputy_head"], reports_to=head)
    client = signed_in(head)

    with django_assert_num_queries(7):  # the frame's five, people, roles
        page = client.get(reverse("people:staff"))

    assert page.content.decode().count('<tr id="member-') == rows + 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATION}))
def test_only_the_administration_keeps_the_staff_list(role, head):
    client = signed_in(MembershipFactory(school=head.school, roles=[role]))

    assert client.get(reverse("people:staff")).status_code == 403
    assert client.post(reverse("people:member-new"), {"last_name": "Новикова"}).status_code == 403
    assert client.post(reverse("people:member-invite", args=[head.pk])).status_code == 403


def test_a_person_is_added_by_the_form(head):
    told = {"last_name": "Новикова", "first_name": "Инна", "patronymic": "Олеговна", "post": "учитель химии"}
    told |= {"email": "", "roles": ["working_group"], "starts_on": "01.09.2026", "reports_to": head.pk}
    client = signed_in(head, csrf=True)

    answer = client.post(
        reverse("people:member-new"), told | {"csrfmiddlewaretoken": token_of(client, reverse("people:member-new"))}
    )

    added = Membership.objects.get(user__last_name="Новикова")
    assert answer.url == f"{reverse('people:staff')}#member-{added.pk}"
    assert (added.school, added.post, added.reports_to) == (head.school, "учитель химии", head)
    assert list(added.holdings.values_list("role", "starts_on")) == [("working_group", date(2026, 9, 1))]


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"last_name": ""}, "last_name", "required"),
        ({"starts_on": "когда-нибудь"}, "starts_on", "invalid"),
        ({"roles": ["king"]}, "roles", "invalid_choice"),
        ({"email": "head@school.example"}, "email", "person_once_per_school"),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed(told, field, code):
    head = MembershipFactory(roles=["administration"], user=UserFactory(email="head@school.example"))

    page = signed_in(head).post(
        reverse("people:member-new"),
        {"last_name": "Новикова", "post": "учитель химии", "starts_on": "01.09.2026"} | told,
    )

    assert [error.code for error in page.context["form"].errors.as_data()[field]] == [code]
    assert "учитель химии" in page.content.decode()
    assert Membership.objects.count() == 1


def test_a_supervisor_of_another_school_is_neither_offered_nor_taken(head):
    stranger = MembershipFactory(user=UserFactory(last_name="Чужова"))
    client = signed_in(head)

    page = client.get(reverse("people:member-new"))
    answer = client.post(
        reverse("people:member-new"),
        {"last_name": "Новикова", "starts_on": "01.09.2026", "reports_to": stranger.pk},
    )

    assert "Чужова" not in page.content.decode()
    assert [error.code for error in answer.context["form"].errors.as_data()["reports_to"]] == ["invalid_choice"]


def test_the_link_is_shown_once_and_opens_the_invitation(head):
    person = add_member(head.school, last_name="Новикова", on=localdate(), by=head)
    client = signed_in(head, csrf=True)
    token = {"csrfmiddlewaretoken": token_of(client, reverse("people:staff"))}

    page = client.post(reverse("people:member-invite", args=[person.pk]), token)

    assert page.headers["Cache-Control"].startswith("max-age=0")
    assert Client().get(page.context["link"]).context["invitation"].membership == person
    assert page.context["link"] not in client.get(reverse("people:staff")).content.decode()


def test_nobody_of_another_school_is_invited(head):
    stranger = MembershipFactory()
    client = signed_in(head)

    assert client.post(reverse("people:member-invite", args=[stranger.pk])).status_code == 404
    assert client.post(reverse("people:member-renew-password", args=[stranger.pk])).status_code == 404


def test_a_post_without_a_token_gets_a_page_that_says_what_to_do(head):
    person = MembershipFactory(school=head.school)

    page = signed_in(head, csrf=True).post(reverse("people:member-invite", args=[person.pk]))

    assert page.status_code == 403
    assert page.templates[0].name == "403_csrf.html"


# --- One's own page


def test_my_page_shows_my_roles_with_their_days_and_my_supervisor(head):
    member = MembershipFactory(school=head.school, post="учитель химии", reports_to=head)
    RoleHolding.objects.create(
        membership=member, role=Role.WORKING_GROUP, starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 31)
    )

    words = signed_in(member).get(reverse("people:me")).content.decode()

    for expected in ("учитель химии", head.full_name, "01.09.2025", "31.05.2026", reverse("account_change_password")):
        assert expected in words
    assert reverse("desk:switch-school") not in words  # one school only


def test_a_person_without_a_school_is_told_so():
    user = UserFactory()
    client = Client()
    client.force_login(user)

    page = client.get(reverse("people:me"))

    assert page.status_code == 403
    assert page.templates[0].name == "people/no_school.html"


# --- Sign-in


@pytest.fixture
def limits():
    """The limits of sign-in are kept in the database cache."""
    call_command("createcachetable", verbosity=0)
    cache.clear()


def test_a_wrong_password_gets_a_sentence_and_the_email_stays(client, limits):
    UserFactory(email="anna@school.example", password="зелёный трамвай")

    page = client.post(reverse("account_login"), {"login": "anna@school.example", "password": "не тот"})

    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert 'value="anna@school.example"' in page.content.decode()


def test_sign_in_leads_to_the_first_page_and_the_sixth_wrong_try_waits(client, limits):
    MembershipFactory(user=UserFactory(email="anna@school.example", password="зелёный трамвай"))
    right = {"login": "Anna@School.example", "password": "зелёный трамвай"}

    assert client.post(reverse("account_login"), right).url == reverse("desk:home")
    client.post(reverse("account_logout"))
    for _try in range(5):
        client.post(reverse("account_login"), right | {"password": "не тот"})
    refused = client.post(reverse("account_login"), right)

    assert refused.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(client, limits):
    page = client.get(reverse("account_signup"))

    assert "<form" not in page.content.decode()
    assert (
        client.post(reverse("account_signup"), {"email": "x@x.example"}).templates[0].name
        == "account/signup_closed.html"
    )


def test_without_mail_the_forgotten_password_goes_to_the_administration(client, settings):
    settings.MAIL_ENABLED = False
    assert "<form" not in client.get(reverse("account_reset_password")).content.decode()

    settings.MAIL_ENABLED = True
    assert "<form" in client.get(reverse("account_reset_password")).content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "account_signup"])
def test_the_doors_wear_the_look_of_the_site_without_inline_scripts(client, name):
    words = client.get(reverse(name)).content.decode()

    assert "house.css" in words
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son\w+=", words)


# --- Errors


def test_an_unknown_address_and_a_breakdown_get_a_page_that_says_what_to_do(client):
    missing = client.get("/no-such-page/")
    broken = server_error(missing.wsgi_request)

    assert (missing.status_code, missing.templates[0].name) == (404, "404.html")
    assert broken.status_code == 500
    for words in (missing.content.decode(), broken.content.decode()):
        assert "house.css" in words
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=", words)


# --- Whose clock and whose language


@pytest.mark.parametrize(
    ("zone", "hour", "status"),
    [
        ("Asia/Vladivostok", 13, 200),  # 23:00 of the last day there
        ("Asia/Vladivostok", 14, 403),  # midnight there, 17:00 in Moscow where the server stands
        ("Europe/Kaliningrad", 21, 200),  # midnight in Moscow, 23:00 there
        ("Europe/Kaliningrad", 22, 403),
    ],
)
def test_the_last_day_of_work_ends_at_midnight_of_the_school(zone, hour, status, monkeypatch):
    leaver = MembershipFactory(school=SchoolFactory(time_zone=zone), left_on=date(2026, 11, 23))
    client = signed_in(leaver)

    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 23, hour, tzinfo=UTC))

    assert client.get(reverse("people:me")).status_code == status


def test_a_browser_that_prefers_english_reads_russian():
    page = Client().get(reverse("account_login"), headers={"accept-language": "en-US,en;q=0.9"}).content.decode()

    assert '<html lang="ru">' in page
    assert "Войти" in page


# --- One's own e-mail


def test_the_email_of_another_account_is_refused_and_what_was_typed_stays():
    member, other = MembershipFactory(), MembershipFactory()
    member.user.set_password("klassnyj-zhurnal")
    member.user.save()
    client = Client()
    client.post(reverse("account_login"), {"login": member.user.email, "password": "klassnyj-zhurnal"})

    page = client.post(reverse("account_email"), {"email": other.user.email.upper(), "action_add": ""})

    assert page.context["form"].errors.as_data()["email"][0].code == "email_taken"
    assert page.context["form"]["email"].value() == other.user.email.upper()
