"""The administration of a school sees and changes its own people only."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from ejournal_rollout.history.models import Entry
from ejournal_rollout.notifications.models import Message
from ejournal_rollout.people.models import Membership, RoleHolding, School, User
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return MembershipFactory(roles=["administration"], user=UserFactory(last_name="Директорова"))


@pytest.fixture
def stranger():
    """A person of another school, with a role, a message and a line in the journal."""
    one = MembershipFactory(user=UserFactory(last_name="Чужова"), roles=["administration"])
    Message.objects.create(recipient=one, key="1", words="Чужое сообщение")
    return one


def admin_of(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def form_of(member: Membership, **changed) -> dict[str, object]:
    """What the change form of a member of staff sends."""
    told = {"post": member.post, "reports_to": "", "left_on": ""}
    holdings = list(member.holdings.all())
    told |= {"holdings-TOTAL_FORMS": len(holdings), "holdings-INITIAL_FORMS": len(holdings)}
    for number, one in enumerate(holdings):
        told |= {
            f"holdings-{number}-id": one.pk,
            f"holdings-{number}-membership": member.pk,
            f"holdings-{number}-role": one.role,
            f"holdings-{number}-starts_on": one.starts_on,
            f"holdings-{number}-ends_on": one.ends_on or "",
        }
    return told | changed


def change(member: Membership) -> str:
    return reverse("admin:people_membership_change", args=[member.pk])


MODELS = ["people_membership", "people_user", "people_school", "notifications_message", "history_entry"]


@pytest.mark.parametrize("model", MODELS)
def test_lists_show_ones_own_school_only(model, head, stranger):
    client = admin_of(head)
    words = client.get(reverse(f"admin:{model}_changelist")).content.decode()

    assert "Чуж" not in words
    assert stranger.school.name not in words


def test_a_row_of_another_school_does_not_exist(head, stranger):
    client = admin_of(head)
    rows = {
        "people_membership": stranger,
        "people_user": stranger.user,
        "people_school": stranger.school,
        "notifications_message": Message.objects.get(),
    }
    for model, row in rows.items():
        for act in ("change", "delete", "history"):
            answer = client.get(reverse(f"admin:{model}_{act}", args=[row.pk]))
            assert answer.status_code in (302, 403, 404), (model, act)
        assert client.post(reverse(f"admin:{model}_change", args=[row.pk]), {"name": "Наша"}).status_code != 200
    stranger.school.refresh_from_db()
    assert stranger.school.name != "Наша"


def test_the_search_for_a_supervisor_offers_colleagues_only(head, stranger):
    colleague = MembershipFactory(school=head.school, user=UserFactory(last_name="Коллегова"))
    client = admin_of(head)

    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "people", "model_name": "membership", "field_name": "reports_to", "term": "ова"},
    )

    assert {one["id"] for one in found.json()["results"]} == {str(head.pk), str(colleague.pk)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ёлкина", ["Ёлкина-Палкина"]),
        ("ПАЛК", ["Ёлкина-Палкина"]),
        ("елкина", []),
        ("100%", ["Учитель 100%_ой"]),
        ("0%О", []),
        ("_ОЙ", ["Учитель 100%_ой"]),
    ],
)
def test_a_search_heeds_no_case_of_russian_letters_and_takes_every_sign_as_it_is(head, typed, found):
    MembershipFactory(school=head.school, user=UserFactory(last_name="Ёлкина-Палкина"), post="")
    MembershipFactory(school=head.school, user=UserFactory(last_name="Учитель 100%_ой"), post="")

    page = admin_of(head).get(reverse("admin:people_membership_changelist"), {"q": typed})

    assert [one.user.last_name for one in page.context["cl"].queryset] == found


def test_a_supervisor_of_another_school_is_refused(head, stranger):
    member = MembershipFactory(school=head.school)

    page = admin_of(head).post(change(member), form_of(member, reports_to=stranger.pk))

    assert "reports_to" in page.context["adminform"].form.errors
    member.refresh_from_db()
    assert member.reports_to is None


def test_a_change_of_post_and_roles_stands_in_the_journal(head):
    member = MembershipFactory(school=head.school, post="учитель химии")
    told = form_of(member, post="методист", reports_to=head.pk)
    told |= {"holdings-TOTAL_FORMS": 1, "holdings-0-membership": member.pk}
    told |= {"holdings-0-role": "working_group", "holdings-0-starts_on": "01.09.2026"}

    assert admin_of(head).post(change(member), told).status_code == 302

    member.refresh_from_db()
    assert (member.post, member.reports_to) == ("методист", head)
    assert member.may("review_tasks", on=localdate())
    changed, added = Entry.objects.about(member).get(), Entry.objects.about(RoleHolding.objects.last()).get()
    assert {(one["old"], one["new"]) for one in changed.changes} == {("учитель химии", "методист"), ("", str(head))}
    assert (added.verb, added.by, added.school) == ("admin.added", head.user, head.school)


def test_a_role_taken_away_stands_in_the_journal(head):
    member = MembershipFactory(school=head.school, roles=["working_group"])
    holding = member.holdings.get()

    told = form_of(member) | {"holdings-0-DELETE": "on"}
    assert admin_of(head).post(change(member), told).status_code == 302

    assert not member.holdings.exists()
    entry = Entry.objects.about(holding).get()
    assert (entry.verb, entry.subject, entry.by, entry.school) == (
        "admin.deleted",
        str(holding),
        head.user,
        head.school,
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "status"),
    [("2026-06-01", "", 200), ("2026-05-01", "2026-05-31", 302), ("2026-05-01", "2026-06-01", 200)],
)
def test_a_role_is_not_held_twice_at_the_same_time(head, starts_on, ends_on, status):
    member = MembershipFactory(school=head.school)
    RoleHolding.objects.create(membership=member, role="working_group", starts_on="2026-06-01")
    told = form_of(member) | {"holdings-TOTAL_FORMS": 2, "holdings-1-membership": member.pk}
    told |= {"holdings-1-role": "working_group", "holdings-1-starts_on": starts_on, "holdings-1-ends_on": ends_on}

    assert admin_of(head).post(change(member), told).status_code == status

    assert member.holdings.count() == (2 if status == 302 else 1)


def test_the_list_of_accounts_answers_no_question_about_passwords(head):
    head.user.set_password("klassnyj-zhurnal")
    head.user.save()
    beginning = head.user.password[:3]

    answer = admin_of(head).get(reverse("admin:people_user_changelist"), {"password__startswith": beginning})

    assert answer.status_code == 400


def test_a_place_never_passes_to_another_school_or_account(head, stranger):
    member = MembershipFactory(school=head.school)
    before = (member.school_id, member.user_id)

    admin_of(head).post(change(member), form_of(member, user=stranger.user_id, school=stranger.school_id, post="x"))

    member.refresh_from_db()
    assert member.post == "x"
    assert (member.school_id, member.user_id) == before


def test_the_last_administration_cannot_be_dismissed(head):
    client = admin_of(head)
    end = form_of(head, **{"holdings-0-ends_on": "01.11.2021"})

    page = client.post(change(head), end)
    assert [error.code for error in page.context["inline_admin_formsets"][0].formset.non_form_errors().as_data()] == [
        "last_administration"
    ]

    MembershipFactory(school=head.school, roles=["administration"])
    assert client.post(change(head), end).status_code == 302
    assert client.get(reverse("admin:index")).status_code != 200  # dismissed indeed


def test_people_are_added_by_the_page_that_makes_their_account(head):
    assert admin_of(head).get(reverse("admin:people_membership_add")).url == reverse("people:member-new")


def test_only_a_line_whose_person_never_signed_in_may_be_deleted(head):
    mistake = MembershipFactory(school=head.school)
    signs_in = MembershipFactory(school=head.school, user=UserFactory(password="зелёный трамвай"))
    client = admin_of(head)

    for member in (mistake, signs_in):
        client.post(reverse("admin:people_membership_delete", args=[member.pk]), {"post": "yes"})

    assert set(Membership.objects.all()) == {head, signs_in}


# --- E-mails


def rename(client: Client, user: User, **changed) -> None:
    told = {"last_name": user.last_name, "first_name": user.first_name, "patronymic": user.patronymic}
    client.post(reverse("admin:people_user_change", args=[user.pk]), told | {"email": user.email} | changed)
    user.refresh_from_db()


def test_the_email_of_somebody_who_signs_in_is_not_the_administrations_to_change(head):
    signs_in = MembershipFactory(school=head.school, user=UserFactory(email="own@a.example", password="зелёный")).user
    waits = MembershipFactory(school=head.school, user=UserFactory(email="typo@a.example")).user
    client = admin_of(head)

    rename(client, signs_in, email="mine@a.example", last_name="Замужняя")
    rename(client, waits, email="right@a.example")

    assert (signs_in.email, signs_in.last_name) == ("own@a.example", "Замужняя")
    assert waits.email == "right@a.example"


def test_an_account_of_two_schools_is_changed_by_neither(head):
    user = MembershipFactory(school=head.school, user=UserFactory(last_name="Двойная", email="two@a.example")).user
    MembershipFactory(user=user)

    rename(admin_of(head), user, last_name="Наша", email="mine@a.example", is_superuser="on")

    assert (user.last_name, user.email, user.is_superuser) == ("Двойная", "two@a.example", False)


# --- Who may come


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATION}))
def test_other_roles_do_not_enter(role):
    client = admin_of(MembershipFactory(roles=[role]))

    assert client.get(reverse("admin:index")).status_code != 200
    assert client.get(reverse("admin:people_membership_changelist")).status_code != 200


def test_whoever_is_not_signed_in_comes_through_the_sites_own_door(client):
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_journal_and_the_messages_are_read_only(head):
    Message.objects.create(recipient=head, key="1", words="Сообщение")
    client = admin_of(head)
    message = Message.objects.get()

    assert client.get(reverse("admin:notifications_message_change", args=[message.pk])).status_code == 200
    assert (
        client.post(reverse("admin:notifications_message_change", args=[message.pk]), {"words": "x"}).status_code == 403
    )
    assert client.get(reverse("admin:notifications_message_add")).status_code == 403
    assert client.get(reverse("admin:history_entry_add")).status_code == 403


def test_the_operator_starts_a_school_with_its_first_administration(client):
    operator = User.objects.create_superuser("root@site.example", "x")
    client.force_login(operator)
    other = SchoolFactory()

    client.post(
        reverse("admin:people_school_add"), {"name": "Новая школа", "time_zone": "Asia/Omsk", "working_week": 6}
    )
    school = School.objects.exclude(pk=other.pk).get()
    client.post(reverse("admin:people_user_add"), {"last_name": "Первая", "is_active": "on"})
    first = User.objects.get(last_name="Первая")
    told = {"school": school.pk, "user": first.pk, "holdings-TOTAL_FORMS": 1, "holdings-INITIAL_FORMS": 0}
    told |= {"holdings-0-role": "administration", "holdings-0-starts_on": "01.09.2026"}
    client.post(reverse("admin:people_membership_add"), told)
    member = Membership.objects.get(user=first)
    page = client.post(
        reverse("admin:people_membership_changelist"),
        {"action": "make_invitation", "_selected_action": [member.pk]},
        follow=True,
    )

    assert not first.has_usable_password()
    assert member.may("edit_order", on=localdate())
    assert "/people/invitation/" in page.content.decode()


def test_sections_of_the_admin_stand_in_the_order_of_the_order(head):
    page = admin_of(head).get(reverse("admin:index"))

    labels = [app["app_label"] for app in page.context["app_list"]]
    known = ["orders", "plans", "consultations", "support", "people", "notifications", "history"]
    assert labels == [label for label in known if label in labels]
    assert {"people", "notifications", "history"} <= set(labels)


# --- The head of the working group


def marked(member, **changed):
    """What the change form sends when the first role gets the mark of the head."""
    return form_of(member, **{"holdings-0-is_head": "on"}, **changed)


def in_group(head, **told):
    return MembershipFactory(school=head.school, roles=["working_group"], **told)


def heads(school):
    return {one.membership for one in RoleHolding.objects.heads().filter(membership__school=school)}


def test_one_member_of_the_working_group_is_marked_as_its_head(head):
    first, second = in_group(head, user=UserFactory(last_name="Главнова")), in_group(head)
    client = admin_of(head)

    assert client.post(change(first), marked(first)).status_code == 302
    refused = client.post(change(second), marked(second))

    assert refused.status_code == 200
    assert "рабочей группой руководит Главнова" in refused.content.decode()
    assert heads(head.school) == {first}
    # the head who keeps the mark is not in their own way, nor is the head of another school
    assert client.post(change(first), marked(first, post="Завуч")).status_code == 302
    theirs = MembershipFactory(roles=["administration", "working_group"])
    RoleHolding.objects.filter(membership=theirs, role="working_group").update(is_head=True)
    assert client.post(change(first), marked(first, post="Учитель")).status_code == 302


def test_only_a_role_in_the_working_group_can_have_the_mark(head):
    deputy = MembershipFactory(school=head.school, roles=["deputy_head"])
    refused = admin_of(head).post(change(deputy), marked(deputy))
    assert "может быть только её член" in refused.content.decode()
    assert heads(head.school) == set()


@pytest.mark.parametrize(
    ("ends_on", "left_on", "is_free"),
    [
        ("31.08.2026", "", True),
        ("01.09.2026", "", False),  # the first day of the next
        ("", "31.08.2026", True),
        ("", "01.09.2026", False),
    ],
)
def test_heads_follow_each_other(head, ends_on, left_on, is_free):
    # given a head whose days end, and another who begins on 1 September
    first, second = in_group(head), in_group(head)
    client = admin_of(head)
    assert (
        client.post(change(first), marked(first, left_on=left_on, **{"holdings-0-ends_on": ends_on})).status_code == 302
    )
    RoleHolding.objects.filter(membership=second).update(starts_on="2026-09-01")

    client.post(change(second), marked(Membership.objects.get(pk=second.pk)))

    assert (second in heads(head.school)) == is_free
