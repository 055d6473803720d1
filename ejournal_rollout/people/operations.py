"""What is done with people: put on the staff list, given roles, invited."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record

from .models import Invitation, Membership, RoleHolding, School, User
from .roles import Ability, Role

INVITATION_DAYS = 30  # our decision: the summer holiday of a teacher


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

    An account with the same e-mail is the same person, of another school perhaps: its name and password
    stay as they are. ValidationError "person_once_per_school" if the person is on the list already.
    """
    user = User.objects.filter(email=email.lower()).first() if email else None
    if user is None:
        user = User.objects.create_user(email, first_name=first_name, last_name=last_name, patronymic=patronymic)
    membership = Membership(school=school, user=user, post=post, reports_to=reports_to)
    membership.full_clean()
    membership.save()
    for role in roles:
        RoleHolding.objects.create(membership=membership, role=role, starts_on=on)
    record(
        "people.member_added",
        membership,
        by=by,
        school_id=school.pk,
        changes=[(_("roles"), "", ", ".join(sorted(role.value for role in roles)))],
    )
    return membership


@transaction.atomic
def invite(membership: Membership, *, by: Membership, at: datetime) -> tuple[Invitation, str]:
    """Make a link for a person of the school; the secret is returned once and kept only as a hash.

    Earlier links of the same person stop working. PermissionDenied unless `by` may edit people of this school.
    """
    if by.school_id != membership.school_id or not by.may(Ability.EDIT_ORDER, on=localdate(at)):
        raise PermissionDenied
    membership.invitations.open(at=at).update(expires_at=at)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        membership=membership,
        secret_hash=secret_hash(secret),
        made_by=by,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    record("people.invited", membership, by=by)
    return invitation, secret


@transaction.atomic
def accept_invitation(invitation: Invitation, *, email: str, password: str, at: datetime) -> User:
    """Open the account of a person who comes by their link: e-mail and password are theirs to choose.

    ValidationError "invitation_used" if somebody was faster or the link is too old; "existing_account" if the
    person already signs in (a link never changes a password); "email_taken" if the e-mail is another person's.
    """
    if invitation.is_for_existing_account:
        raise ValidationError(
            _("You already have an account. Sign in with your own password."), code="existing_account"
        )
    user = invitation.membership.user
    if User.objects.filter(email=email.lower()).exclude(pk=user.pk).exists():
        raise ValidationError(
            _("This e-mail belongs to another account. Give another one or sign in with it."), code="email_taken"
        )
    won = Invitation.objects.open(at=at).filter(pk=invitation.pk).update(accepted_at=at)
    if not won:
        raise ValidationError(
            _("This link has been used or is too old. Ask the administration for a new one."), code="invitation_used"
        )
    user.email = email.lower()
    user.set_password(password)
    user.save(update_fields=["email", "password"])
    record("people.invitation_accepted", invitation.membership, by=invitation.membership)
    return user


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
