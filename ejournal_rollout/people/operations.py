"""What is done with people: put on the staff list, given roles, invited."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record

from .models import ROLE_WORDS, Invitation, Membership, RoleHolding, School, User
from .roles import Ability, Role

INVITATION_DAYS = 30  # our decision: the summer holiday of a teacher
NEW_PASSWORD_DAYS = 3  # our decision: it is given to a colleague who stands at the door


@transaction.atomic
def add_member(
    school: School,
    *,
    last_name: str,
    first_name: str = "",
    patronymic: str = "",
    email: str = "",
    post: str = "",
    roles: Iterable[Role] = (),
    reports_to: Membership | None = None,
    on: date,
    by: Membership | None,
) -> Membership:
    """Put a person on the staff list, with roles from the day `on`.

    The account is always a new one, without a password, and belongs to this school alone. An e-mail that already
    signs in elsewhere is left out: the person connects their own account by the link (`join_with_account`), so no
    school can take hold of another school's account by knowing an address.
    ValidationError "person_once_per_school" if the e-mail is on the list of this school already.
    """
    roles = tuple(roles)
    email = email.strip().lower()
    known = User.objects.filter(email=email).first() if email else None
    if known is not None:
        if known.memberships.filter(school=school).exists():
            raise ValidationError(
                _("This person is already on the staff list of the school."), code="person_once_per_school"
            )
        email = ""
    user = User.objects.create_user(email or None, first_name=first_name, last_name=last_name, patronymic=patronymic)
    membership = Membership(school=school, user=user, post=post, reports_to=reports_to)
    membership.full_clean(exclude=["school", "user"])  # the account is new: whole staffs are loaded, and asking costs
    membership.save()
    for role in roles:
        RoleHolding.objects.create(membership=membership, role=role, starts_on=on)
    record(
        "people.member_added",
        membership,
        by=by,
        school_id=school.pk,
        changes=[(_("roles"), "", _role_words(roles))] if roles else (),
    )
    return membership


@transaction.atomic
def change_member(
    membership: Membership,
    *,
    name: tuple[str, str, str] | None = None,
    post: str = "",
    email: str = "",
    roles: Iterable[Role] = (),
    reports_to: Membership | None = None,
    returns: bool = False,
    on: date,
    by: Membership,
) -> None:
    """Put down what is new about a person of the staff list; what is not given stays, and no role is taken away.

    `name` is surname, name and patronymic; `roles` are held from the day `on`; `returns` drops the last day of work.
    ValidationError "not_ours_alone" for the name of an account of another school too, "signs_in_already" for the
    e-mail of a person who signs in with another one, "email_taken" if the e-mail is another person's.
    """
    user, changes = membership.user, []
    if name is not None:
        _check_is_ours_alone(membership)
        old = user.get_full_name()
        user.last_name, user.first_name, user.patronymic = name
        changes.append((_("name"), old, user.get_full_name()))
    if email:
        if user.has_usable_password():
            raise ValidationError(
                _("This person signs in already: only they can change the e-mail."), code="signs_in_already"
            )
        if User.objects.filter(email=email).exclude(pk=user.pk).exists():
            raise _email_taken()
        changes.append((_("e-mail"), user.email, email))
        user.email = email
    user.save(update_fields=["last_name", "first_name", "patronymic", "email"])
    if post:
        changes.append((_("post"), membership.post, post))
        membership.post = post
    if reports_to is not None:
        changes.append((_("direct supervisor"), membership.reports_to, reports_to))
        membership.reports_to = reports_to
    if returns:
        changes.append((_("last day of work"), membership.left_on, None))
        membership.left_on = None
    membership.full_clean()
    membership.save(update_fields=["post", "reports_to", "left_on"])
    roles = tuple(roles)
    for role in roles:
        RoleHolding.objects.create(membership=membership, role=role, starts_on=on)
    if roles:
        changes.append((_("roles"), "", _role_words(roles)))
    record("people.member_changed", membership, by=by, changes=changes)


def _role_words(roles: Iterable[Role]) -> str:
    return ", ".join(str(ROLE_WORDS[role]) for role in roles)


@transaction.atomic
def invite(membership: Membership, *, by: Membership | User, at: datetime) -> tuple[Invitation, str]:
    """Make a link for a person of the school; the secret is returned once and kept only as a hash.

    Earlier links of the same person stop working. PermissionDenied unless `by` may edit people of this school
    or is an operator of the site.
    """
    _check_may_invite(by, membership, at=at)
    return _make_link(membership, by=by, at=at, days=INVITATION_DAYS)


@transaction.atomic
def renew_password(membership: Membership, *, by: Membership | User, at: datetime) -> tuple[Invitation, str]:
    """Make a link by which a person who forgot the password sets a new one; it works without mail.

    PermissionDenied as `invite`. ValidationError "not_signed_in_yet" if there is no password to renew,
    "not_ours_alone" if the account belongs to another school too or to an operator of the site.
    """
    _check_may_invite(by, membership, at=at)
    if not membership.user.has_usable_password():
        raise ValidationError(_("This person has no password yet. Make an invitation."), code="not_signed_in_yet")
    _check_is_ours_alone(membership)
    return _make_link(membership, by=by, at=at, days=NEW_PASSWORD_DAYS, renews_password=True)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, email: str, password: str, at: datetime) -> User:
    """Open the account of a person who comes by their link: e-mail and password are theirs to choose.

    ValidationError "invitation_used" if somebody was faster or the link is too old; "existing_account" if the
    person already signs in (a link never changes a password); "email_taken" if the e-mail is another person's.

    An account that waits for its own invitation does not hold the e-mail that a school wrote into it: the same person
    may stand on the lists of two schools and open either link first. The later one is joined with this account.
    """
    user = _user_of(invitation)
    if user.has_usable_password():
        raise ValidationError(
            _("You already have an account. Sign in with your own password."), code="existing_account"
        )
    _use_up(invitation, at=at)
    user.email = email.strip().lower()
    user.set_password(password)
    for waiting in User.objects.filter(email=user.email).exclude(pk=user.pk):
        if not waiting.has_usable_password():
            waiting.email = None
            waiting.save(update_fields=["email"])
    if EmailAddress.objects.filter(email=user.email).exclude(user=user).exists():
        raise _email_taken()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "password"])
    except IntegrityError as error:
        raise _email_taken() from error
    record("people.invitation_accepted", invitation.membership, by=invitation.membership)
    return user


def _email_taken() -> ValidationError:
    return ValidationError(
        _("This e-mail belongs to another account. Give another one or sign in with it."), code="email_taken"
    )


@transaction.atomic
def join_with_account(invitation: Invitation, *, user: User, at: datetime) -> Membership:
    """A person who signs in already (in another school perhaps) takes their place on the staff list.

    The account made for the place is dropped; name and password stay those of `user`. ValidationError
    "invitation_used" as in `accept_invitation`; "existing_account" if the place belongs to somebody who signs in;
    "person_once_per_school" if `user` has a place in this school already.
    """
    membership = invitation.membership
    placeholder = _user_of(invitation)
    if placeholder.pk != user.pk:
        if placeholder.has_usable_password():
            raise ValidationError(
                _("This invitation is for another person. Sign out and sign in with your own account."),
                code="existing_account",
            )
        if user.memberships.filter(school=membership.school_id).exists():
            raise ValidationError(
                _("This person is already on the staff list of the school."), code="person_once_per_school"
            )
    _use_up(invitation, at=at)
    if placeholder.pk != user.pk:
        membership.user = user
        membership.save(update_fields=["user"])
        if not placeholder.memberships.exists():
            placeholder.delete()
    record("people.invitation_accepted", membership, by=membership)
    return membership


@transaction.atomic
def set_new_password(invitation: Invitation, *, password: str, at: datetime) -> User:
    """A person with a link of `renew_password` sets the password; whoever was signed in is signed out.

    ValidationError "invitation_used" as in `accept_invitation`; "not_ours_alone" if the account has joined
    another school since.
    """
    user = _user_of(invitation)
    if not invitation.renews_password:
        raise PermissionDenied
    _check_is_ours_alone(invitation.membership)
    _use_up(invitation, at=at)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("people.password_renewed", invitation.membership, by=invitation.membership)
    return user


@transaction.atomic
def choose_letters(member: Membership, choice: Membership.Letters, *, before_the_hour: bool) -> None:
    """The person's own choice of mail in this school; `before_the_hour`: of reminders of a consultation at hand."""
    before, hour_before = member.get_letters_display(), member.hour_letters
    member.letters, member.hour_letters = choice, before_the_hour
    member.save(update_fields=["letters", "hour_letters"])
    changes = [(_("letters"), before, member.get_letters_display())]
    if hour_before != before_the_hour:
        words = {True: _("yes"), False: _("no")}
        label = str(Membership._meta.get_field("hour_letters").verbose_name)
        changes.append((label, words[hour_before], words[before_the_hour]))
    record("people.letters_chosen", member, by=member, changes=changes)


@transaction.atomic
def choose_shortcuts(member: Membership, is_on: bool) -> None:
    """Whether single keys act in the pages of this person; the same choice again is no act."""
    before = member.uses_shortcuts
    if before == is_on:
        return
    member.uses_shortcuts = is_on
    member.save(update_fields=["uses_shortcuts"])
    words = {True: _("on"), False: _("off")}
    changes = [(_("shortcuts of the keyboard"), words[before], words[is_on])]
    record("people.shortcuts_chosen", member, by=member, changes=changes)


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_may_invite(by: Membership | User, membership: Membership, *, at: datetime) -> None:
    if isinstance(by, User):
        allowed = by.is_active and by.is_superuser
    else:
        allowed = by.school_id == membership.school_id and by.may(Ability.EDIT_ORDER, on=localdate(at))
    if not allowed:
        raise PermissionDenied


def _check_is_ours_alone(membership: Membership) -> None:
    user = membership.user
    if user.is_superuser or user.is_staff or user.memberships.exclude(pk=membership.pk).exists():
        raise ValidationError(
            _("This account belongs to another school too: only the operator of the site can renew its password."),
            code="not_ours_alone",
        )


def _make_link(
    membership: Membership, *, by: Membership | User, at: datetime, days: int, renews_password: bool = False
) -> tuple[Invitation, str]:
    membership.invitations.open(at=at).update(expires_at=at)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        membership=membership,
        secret_hash=secret_hash(secret),
        renews_password=renews_password,
        made_by=by if isinstance(by, Membership) else None,
        expires_at=at + timedelta(days=days),
    )
    verb = "people.new_password_offered" if renews_password else "people.invited"
    record(verb, membership, by=by, school_id=membership.school_id)
    return invitation, secret


def _user_of(invitation: Invitation) -> User:
    """The account as it is now, not as the page was opened with: it may have got a password since."""
    return User.objects.get(memberships=invitation.membership_id)


def _use_up(invitation: Invitation, *, at: datetime) -> None:
    won = Invitation.objects.open(at=at).filter(pk=invitation.pk).update(accepted_at=at)
    if not won:
        raise ValidationError(
            _("This link has been used or is too old. Ask the administration for a new one."), code="invitation_used"
        )
