"""Invitations on paper: one slip for each person, to cut out and hand over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.utils.safestring import SafeString, mark_safe

from ejournal_rollout.people.models import Invitation

_MASK = 3  # any will do; the best one for each link would cost seconds for a whole school


@dataclass(frozen=True)
class Slip:
    name: str
    post: str
    link: str
    code: SafeString
    until: datetime


def slips_of(invitations: Iterable[tuple[Invitation, str]], address_of: Callable[[str], str]) -> list[Slip]:
    """`address_of` makes the whole address of the secret's page."""
    found = []
    for invitation, secret in invitations:
        member, link = invitation.membership, address_of(secret)
        drawn = segno.make(link, error="m", micro=False, mask=_MASK).svg_inline(scale=3, border=2, omitsize=True)
        found.append(Slip(member.full_name, member.post, link, mark_safe(drawn), invitation.expires_at))  # noqa: S308
    return found
