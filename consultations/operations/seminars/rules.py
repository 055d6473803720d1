"""Who may do what with a seminar, and its row held while one does it.

Locks are taken in one order: the seminar, then people, then the room; `booking.lock` takes the last two likewise.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability, Role, abilities

from ...models import Seminar
from ..specialists import gives_help


def may_plan_seminars(member: Membership, *, on: date) -> bool:
    """The administration, and whoever gives help (our decision)."""
    return member.may(Ability.EDIT_ORDER, on=on) or gives_help(member, on=on)


def may_run(seminar: Seminar, member: Membership, *, on: date) -> bool:
    """Change it, enter others, mark who came: its leaders, the administration, the deputy head."""
    roles = member.roles_on(on)  # none of one who has left
    if seminar.school_id != member.school_id or not roles:
        return False
    return seminar.is_led_by(member) or Ability.EDIT_ORDER in abilities(roles) or Role.DEPUTY_HEAD in roles


def need_to_run(seminar: Seminar, member: Membership, *, on: date) -> None:
    if not may_run(seminar, member, on=on):
        raise PermissionDenied


def locked(seminar: Seminar) -> Seminar:
    """The seminar as it is now; its row, and so its list, is held till the end of the transaction."""
    return Seminar.objects.select_for_update(no_key=True, of=("self",)).with_leaders().get(pk=seminar.pk)


def need_live(seminar: Seminar) -> None:
    if seminar.cancelled_at:
        raise ValidationError(_("This seminar is cancelled."), code="already_cancelled")
