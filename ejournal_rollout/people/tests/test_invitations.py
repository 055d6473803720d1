"""Nobody takes hold of an account that is not theirs, and everybody gets into their own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ejournal_rollout.history.models import Entry
from ejournal_rollout.people.models import Invitation, Membership, User
from ejournal_rollout.people.operations import (
    accept_invitation,
    add_member,
    invite,
    join_with_account,
    renew_password,
    set_new_password,
)
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/Moscow"))
TODAY = date(2026, 11, 23)
PASSWORD = "зелёный трамвай едет"


def administration(**kwargs) -> Membership:
    return MembershipFactory(roles=["administration"], **kwargs)


def new_person(by: Membership, **told) -> Membership:
    return add_member(by.school, **{"last_name": "Новикова", "on": TODAY, "by": by, **told})


def refusal_of(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return refusal.value.code


# --- The staff list


def test_a_new_person_is_on_the_staff_list_with_roles_from_a_day():
    head = administration()

    person = new_person(head, email=" Inna@School.example ", roles=[Role.DEPUTY_HEAD], reports_to=head)

    assert (person.school, person.reports_to, person.user.email) == (head.school, head, "inna@school.example")
    assert not person.user.has_usable_password()
    assert person.roles_on(TODAY) == {Role.TEACHER, Role.DEPUTY_HEAD}
    assert person.roles_on(TODAY - timedelta(days=1)) == {Role.TEACHER}
    assert [entry.verb for entry in Entry.objects.about(person)] == ["people.member_added"]


def test_one_email_stands_once_on_a_staff_list():
    head = administration()
    new_person(head, email="inna@school.example")

    assert refusal_of(new_person, head, email="INNA@school.example") == "person_once_per_school"
    assert Membership.objects.filter(school=head.school).count() == 2


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_an_email_of_another_school_brings_nobody_onto_the_list(password):
    # given a person of school A, who signs in or does not yet
    theirs = MembershipFactory(user=UserFactory(email="inna@a.example", password=password))

    # when school B adds somebody with that e-mail
    added = new_person(administration(), email="inna@a.example")

    # then it is a new account without an e-mail, and the other one is as it was
    assert added.user != theirs.user
    assert added.user.email is None
    assert list(theirs.user.memberships.all()) == [theirs]


# --- The link


def test_an_invited_person_opens_the_account_and_the_link_is_used_up():
    head = administration()
    person = new_person(head, email="inna@school.example")
    invitation, secret = invite(person, by=head, at=AT)

    user = accept_invitation(invitation, email="Inna@home.example", password=PASSWORD, at=AT)

    assert user == person.user
    assert user.email == "inna@home.example"
    assert user.check_password(PASSWORD)
    assert secret not in Invitation.objects.get().secret_hash
    assert refusal_of(accept_invitation, invitation, email="x@x.example", password="x", at=AT) == "existing_account"


def test_a_second_link_stops_the_first_and_a_link_ends_after_thirty_days():
    head = administration()
    person = new_person(head)
    first, _secret = invite(person, by=head, at=AT)
    second, _secret = invite(person, by=head, at=AT + timedelta(hours=1))
    told = {"email": "inna@home.example", "password": PASSWORD}

    assert refusal_of(accept_invitation, first, **told, at=AT + timedelta(hours=2)) == "invitation_used"
    end = AT + timedelta(days=30, hours=1)
    assert refusal_of(accept_invitation, second, **told, at=end) == "invitation_used"
    assert not User.objects.get(pk=person.user_id).has_usable_password()
    accept_invitation(second, **told, at=end - timedelta(seconds=1))


def test_a_person_on_the_lists_of_two_schools_opens_either_link_first():
    # given two schools that wrote the same e-mail of one person before she opened any link
    first, second = administration(), administration()
    waiting = new_person(first, email="inna@home.example")
    invitation, _secret = invite(new_person(second), by=second, at=AT)

    # when she opens the link of the second
    user = accept_invitation(invitation, email="Inna@home.example", password=PASSWORD, at=AT)

    # then the address is hers, and the place in the first school is joined with the same account
    assert user.email == "inna@home.example"
    assert User.objects.get(pk=waiting.user_id).email is None
    later, _secret = invite(waiting, by=first, at=AT)
    assert join_with_account(later, user=user, at=AT).user == user


def test_an_address_that_somebody_has_added_to_their_account_cannot_be_chosen():
    head = administration()
    invitation, _secret = invite(new_person(head), by=head, at=AT)
    EmailAddress.objects.create(user=UserFactory(password=PASSWORD), email="second@a.example")

    refusal = refusal_of(accept_invitation, invitation, email="second@a.example", password=PASSWORD, at=AT)

    assert refusal == "email_taken"
    assert Invitation.objects.open(at=AT).get() == invitation


def test_an_email_of_somebody_else_cannot_be_chosen():
    head = administration()
    invitation, _secret = invite(new_person(head), by=head, at=AT)
    UserFactory(email="taken@a.example", password=PASSWORD)

    refusal = refusal_of(accept_invitation, invitation, email="TAKEN@a.example", password=PASSWORD, at=AT)

    assert refusal == "email_taken"
    assert Invitation.objects.open(at=AT).count() == 1  # the link still works


def test_only_the_administration_of_the_school_makes_links():
    head = administration()
    person = new_person(head)
    colleague, stranger = MembershipFactory(school=head.school, roles=["working_group"]), administration()

    for somebody in (colleague, stranger, UserFactory()):
        with pytest.raises(PermissionDenied):
            invite(person, by=somebody, at=AT)
        with pytest.raises(PermissionDenied):
            renew_password(person, by=somebody, at=AT)
    assert not Invitation.objects.exists()
    invite(person, by=User.objects.create_superuser("root@site.example"), at=AT)
    assert Invitation.objects.get().made_by is None


# --- An account of another school


def test_a_link_of_school_b_never_sets_the_password_of_an_account_of_school_a():
    # given a person who signs in at school A and whom somebody put on the list of school B
    user = UserFactory(password=PASSWORD)
    MembershipFactory(user=user)
    head = administration()
    place = MembershipFactory(school=head.school, user=user)
    invitation, secret = invite(place, by=head, at=now())

    # when the link is used to set a password, by the operation and by the page
    refusal = refusal_of(accept_invitation, invitation, email="b@b.example", password="taken over 2026", at=now())
    address = reverse("people:invitation", args=[secret])
    told = {"email": "b@b.example", "password": "taken over 2026", "again": "taken over 2026"}
    page = Client().post(address, told)

    # then nothing is set, nobody is signed in, and the page asks for the person's own password
    user.refresh_from_db()
    assert refusal == "existing_account"
    assert user.check_password(PASSWORD)
    assert user.email != "b@b.example"
    assert "_auth_user_id" not in page.client.session
    assert reverse("account_login") in page.content.decode()


def test_a_person_of_two_schools_takes_the_place_with_their_own_account():
    head = administration()
    person = new_person(head, roles=[Role.WORKING_GROUP])
    placeholder = person.user
    invitation, _secret = invite(person, by=head, at=AT)
    theirs = MembershipFactory(user=UserFactory(password=PASSWORD))

    joined = join_with_account(invitation, user=theirs.user, at=AT)

    assert set(theirs.user.memberships.all()) == {theirs, joined}
    assert joined == person
    assert theirs.user.check_password(PASSWORD)
    assert not User.objects.filter(pk=placeholder.pk).exists()
    assert refusal_of(join_with_account, invitation, user=UserFactory(), at=AT) == "existing_account"


def test_the_head_who_tries_the_link_does_not_take_the_place():
    head = administration()
    person = new_person(head)
    invitation, _secret = invite(person, by=head, at=AT)

    assert refusal_of(join_with_account, invitation, user=head.user, at=AT) == "person_once_per_school"
    assert Membership.objects.get(pk=person.pk).user == person.user


# --- A forgotten password


def test_a_forgotten_password_is_renewed_by_a_link_of_the_school():
    head = administration()
    person = MembershipFactory(school=head.school, user=UserFactory(password="forgotten long ago"))
    invitation, _secret = renew_password(person, by=head, at=AT)

    set_new_password(invitation, password=PASSWORD, at=AT + timedelta(days=2))

    person.user.refresh_from_db()
    assert person.user.check_password(PASSWORD)
    assert refusal_of(set_new_password, invitation, password="x", at=AT + timedelta(days=2)) == "invitation_used"


def test_the_password_of_an_account_of_two_schools_is_not_in_the_hands_of_one():
    head = administration()
    person = MembershipFactory(school=head.school, user=UserFactory(password=PASSWORD))
    invitation, _secret = renew_password(person, by=head, at=AT)  # made while the account was ours alone
    MembershipFactory(user=person.user)

    assert refusal_of(renew_password, person, by=head, at=AT) == "not_ours_alone"
    assert refusal_of(set_new_password, invitation, password="taken over 2026", at=AT) == "not_ours_alone"
    person.user.refresh_from_db()
    assert person.user.check_password(PASSWORD)


def test_neither_the_operator_nor_a_person_without_a_password_gets_a_link_for_a_new_one():
    head = administration()
    operator = MembershipFactory(school=head.school, user=User.objects.create_superuser("root@site.example", PASSWORD))

    assert refusal_of(renew_password, operator, by=head, at=AT) == "not_ours_alone"
    assert refusal_of(renew_password, new_person(head), by=head, at=AT) == "not_signed_in_yet"


def test_an_invitation_is_no_link_for_a_new_password():
    head = administration()
    invitation, _secret = invite(new_person(head), by=head, at=AT)

    with pytest.raises(PermissionDenied):
        set_new_password(invitation, password=PASSWORD, at=AT)


# --- The pages of the link


def link_of(person: Membership, by: Membership, make=invite) -> str:
    return reverse("people:invitation", args=[make(person, by=by, at=now())[1]])


def test_the_page_of_an_invitation_names_school_and_person_and_signs_in():
    head = administration(school=SchoolFactory(name="МБОУ «Лицей № 3»"))
    person = new_person(head, first_name="Инна", email="inna@school.example")
    address, visitor = link_of(person, head), Client(enforce_csrf_checks=True)

    page = visitor.get(address)
    words = page.content.decode()
    told = {"email": "inna@school.example", "password": PASSWORD, "again": PASSWORD}
    told["csrfmiddlewaretoken"] = visitor.cookies["csrftoken"].value
    answer = visitor.post(address, told)

    assert "МБОУ «Лицей № 3»" in words
    assert "Новикова Инна" in words
    assert 'value="inna@school.example"' in words
    assert answer.url == reverse("desk:home")
    assert visitor.session["_auth_user_id"] == str(person.user_id)
    assert Client().get(address).status_code == 404  # used up


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"again": "другое слово тут"}, "again", "passwords_differ"),
        ({"password": "короткий", "again": "короткий"}, "password", "password_too_short"),
        ({"password": "1234567890", "again": "1234567890"}, "password", "password_entirely_numeric"),
        ({"email": "taken@a.example"}, "email", "email_taken"),
        ({"email": "not an address"}, "email", "invalid"),
    ],
)
def test_the_page_of_an_invitation_keeps_the_email_and_says_what_is_wrong(client, told, field, code):
    UserFactory(email="taken@a.example", password=PASSWORD)
    head = administration()
    address = link_of(new_person(head), head)

    page = client.post(address, {"email": "inna@school.example", "password": PASSWORD, "again": PASSWORD, **told})

    assert code in [error.code for error in page.context["form"].errors.as_data()[field]]
    assert told.get("email", "inna@school.example") in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_signed_in_is_asked_before_the_place_is_theirs(client):
    head = administration()
    person = new_person(head)
    address = link_of(person, head)
    theirs = MembershipFactory()
    client.force_login(theirs.user)

    page = client.get(address)
    assert page.templates[0].name == "people/invitation_join.html"
    assert client.get(f"{address}join/").status_code == 405
    assert client.post(f"{address}join/").url == reverse("desk:home")

    person.refresh_from_db()
    assert person.user == theirs.user
    assert client.get(reverse("people:me")).context["member"] == person  # now in the new school


def test_a_visitor_cannot_take_a_place_without_signing_in(client):
    head = administration()
    person = new_person(head)
    address = link_of(person, head)

    assert client.post(f"{address}join/").url == address
    assert Membership.objects.get(pk=person.pk).user == person.user


def test_the_page_of_a_new_password_asks_to_sign_in_with_it(client):
    head = administration()
    person = MembershipFactory(school=head.school, user=UserFactory(password="forgotten long ago"))
    address = link_of(person, head, renew_password)

    answer = client.post(address, {"password": PASSWORD, "again": PASSWORD})

    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in client.session
    person.user.refresh_from_db()
    assert person.user.check_password(PASSWORD)


def test_a_mistyped_link_says_whom_to_ask(client):
    page = client.get(reverse("people:invitation", args=["nothing"]))

    assert page.status_code == 404
    assert page.templates[0].name == "people/invitation_closed.html"
