"""Named lists of the plan page. A list is one's own; who reviews tasks may show theirs to all staff.

No journal: how somebody looks at the plan changes nothing in it (our decision).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..models import SavedView
from .acting import day_at

MOST_VIEWS = 30  # our decision: a longer menu is not read


def may_share(by: Membership) -> bool:
    return by.may(Ability.REVIEW_TASKS, on=day_at(timezone.now(), by))


def save_view(*, by: Membership, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep the filters `query` under a name.

    Raises PermissionDenied if `by` shares without the right to; ValidationError "name_taken", "too_many_views", those
    of the fields.
    """
    if SavedView.objects.owned_by(by).count() >= MOST_VIEWS:
        raise ValidationError(
            _("You have %(most)d lists already: delete one first."), code="too_many_views", params={"most": MOST_VIEWS}
        )
    return _kept(SavedView(member=by, query=query), by, name, is_shared)


def change_view(view: SavedView, *, by: Membership, name: str, is_shared: bool) -> SavedView:
    """Rename a list of one's own, show it to all staff or no more. Errors as `save_view`."""
    _require_own(view, by)
    return _kept(view, by, name, is_shared)


def delete_view(view: SavedView, *, by: Membership) -> None:
    """Raises PermissionDenied if it is another person's."""
    _require_own(view, by)
    view.delete()


def _require_own(view: SavedView, by: Membership) -> None:
    if view.member_id != by.pk:
        raise PermissionDenied


def _kept(view: SavedView, by: Membership, name: str, is_shared: bool) -> SavedView:
    if is_shared and not may_share(by):
        raise PermissionDenied
    view.name, view.is_shared = name.strip(), is_shared
    view.full_clean()
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:  # lost by a moment
        raise ValidationError(_("You have a list of this name already."), code="name_taken") from error
    return view
