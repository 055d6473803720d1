"""Invitations by mail. The link is made by the worker that mails it, so its secret is stored nowhere."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from ejournal_rollout.people.models import Invitation, Membership
from ejournal_rollout.people.operations import invite

from .models import BACKOFF_MINUTES


@task()
def mail_invitation(membership_id: int, by_id: int, attempt: int = 1) -> str:
    """Invite one person by mail in the name of `by_id`. Safe to run twice: the later link replaces the earlier one.

    A link whose letter did not go out is closed at once, so the staff list shows who is not invited.
    """
    people = Membership.objects.with_people().in_bulk([membership_id, by_id])
    person, by = people.get(membership_id), people.get(by_id)
    if person is None or by is None or not person.user.email or person.user.has_usable_password():
        return "nobody to invite"
    try:
        invitation, secret = invite(person, by=by, at=timezone.now())
    except PermissionDenied:
        return "not allowed any more"
    try:
        _mail(invitation, person, secret)  # no transaction is open here, as in `deliver`
    except (OSError, ValueError):
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
        if attempt <= len(BACKOFF_MINUTES):
            later = timezone.now() + timedelta(minutes=BACKOFF_MINUTES[attempt - 1])
            mail_invitation.using(run_after=later).enqueue(membership_id, by_id, attempt + 1)
        return "failed"
    return "sent"


def _mail(invitation: Invitation, person: Membership, secret: str) -> None:
    words = _(
        "{school} invites you to its electronic journal pages: the plan, consultations and help.\n"
        "Open the link and choose a password. It works once, until {day}."
    ).format(
        school=person.school, day=date_format(timezone.localtime(invitation.expires_at, person.school.zone), "d.m.Y")
    )
    link = urljoin(settings.SITE_URL, reverse("people:invitation", args=[secret]))
    EmailMessage(
        subject=": ".join([_("Electronic journal"), _("Invitation")]),
        body=f"{person.full_name}!\n\n{words}\n\n{link}\n",
        to=[person.user.email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
