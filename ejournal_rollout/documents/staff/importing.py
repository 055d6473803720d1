"""A confirmed staff list becomes people of the school: all or nothing. Nobody and no role is taken away."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from graphlib import TopologicalSorter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ejournal_rollout.documents.models import StaffUpload
from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.invitations import mail_invitation
from ejournal_rollout.people.models import Invitation, Membership, School
from ejournal_rollout.people.operations import add_member, change_member, invite

from .cells import printed_name
from .paper import StaffPaper
from .preview import Answers, Key, Line, StaffPreview, preview_of

KEPT_DAYS = 7  # our decision: a list that waits longer is loaded anew


class NotClear(ValidationError):
    """Some ticked rows cannot be loaded yet; `preview` carries their errors."""

    def __init__(self, preview: StaffPreview) -> None:
        super().__init__(_("Some rows are not clear yet: see below."), code="not_clear")
        self.preview = preview


@dataclass
class StaffImport:
    """Who was added and changed; `invitations` with their secrets, to be printed now; `mailed` gets a letter."""

    added: list[Membership] = field(default_factory=list)
    changed: list[Membership] = field(default_factory=list)
    invitations: list[tuple[Invitation, str]] = field(default_factory=list)
    mailed: list[Membership] = field(default_factory=list)


@transaction.atomic
def import_staff(
    upload: StaffUpload,
    answers: Answers,
    *,
    take: Collection[int],
    shown: Collection[int],
    invited: Collection[int],
    starts_on: date,
    by: Membership,
    at: datetime,
) -> StaffImport:
    """Load the ticked rows and invite the chosen people; roles are held from the day `starts_on`.

    `take` and `invited` are indexes of rows, `shown` of those that could be ticked. The rows are compared anew, because
    the staff list may have changed since the page was shown. NotClear, a ValidationError, if a ticked row needs an
    answer; "already_loaded" if somebody was faster. Whatever is refused, nothing is written.
    """
    # One list of a school after the other: a second one, of the same people, must see the first.
    School.objects.select_for_update().get(pk=by.school_id)
    if not StaffUpload.objects.filter(pk=upload.pk, imported_at=None).update(imported_at=at, paper={}):
        raise ValidationError(_("This list has been loaded already."), code="already_loaded")
    preview = preview_of(StaffPaper.from_json(upload.paper), answers, by=by, at=at)
    mark_errors(preview, answers, take=take, shown=shown)
    if any(line.errors for line in preview.lines):
        raise NotClear(preview)
    result = StaffImport()
    people = _write(preview, result, take=set(take), starts_on=starts_on, by=by)
    _invite(preview, people, result, invited=set(invited), by=by, at=at)
    if result.added or result.changed:
        counts = [(_("people added"), "", len(result.added)), (_("people changed"), "", len(result.changed))]
        record("people.list_loaded", by.school, by=by, changes=[(_("file"), "", upload.name), *counts])
    return result


def mark_errors(preview: StaffPreview, answers: Answers, *, take: Collection[int], shown: Collection[int]) -> None:
    """Writes at each ticked row why it cannot be loaded. A row without a tick is wrong only if it could not be ticked:
    there was nothing to load when the page was shown, and now there is."""
    for line in preview.lines:
        if line.index not in take:
            line.errors.clear()
            if line.index not in shown and line.kind != "same":
                line.errors.append(_("This row has changed since the page was shown. Look at it again."))
            continue
        if not line.person.last_name:
            line.errors.append(_("Write the name, or take the tick away."))
        elif not line.who and not line.errors:
            line.errors.append(_("Choose who this is, or take the tick away."))
        for (index, name), words in answers.corrections.items():
            if index == line.index and name in ("email", "roles", "supervisor") and words and line.remarks_at(name):
                line.errors.append(_("“{words}” is not clear yet. Correct it or empty the field.").format(words=words))
        other = line.joined_to
        if other is None and line.supervisor and line.supervisor[0] == "row":
            other = preview.lines[line.supervisor[1]]
        if other is not None and other.index not in take and not other.member:
            text = _("{name} (row {number}) is needed for this row: tick that row too.")
            line.errors.append(text.format(name=printed_name(other.cells), number=other.row.number))


def forget_lists(*, at: datetime) -> int:
    """Delete the staff lists that nobody has loaded for a week, and what is left of loaded ones; how many."""
    count, _rows = StaffUpload.objects.filter(uploaded_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return count


def _write(
    preview: StaffPreview, result: StaffImport, *, take: set[int], starts_on: date, by: Membership
) -> dict[Key, Membership]:
    """People by their key, those who were here too. A supervisor is written before whom they supervise."""
    taken = [line for line in preview.lines if line.index in take and line.kind in ("new", "changes")]
    people = {line.key: line.member for line in preview.lines if line.member}
    new = {line.key: line for line in taken if line.kind == "new"}
    above = {key: [line.supervisor] if line.supervisor in new else [] for key, line in new.items()}
    for key in TopologicalSorter(above).static_order():
        line, person = new[key], new[key].person
        people[key] = add_member(
            by.school,
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            email=person.email,
            post=person.post,
            roles=line.added_roles,
            reports_to=_member(line.supervisor, people, by),
            on=starts_on,
            by=by,
        )
        result.added.append(people[key])
    for line in taken:
        if line.kind == "changes":
            _change(line, people, starts_on=starts_on, by=by)
            result.changed.append(line.member)
    return people


def _member(key: Key | None, people: dict[Key, Membership], by: Membership) -> Membership | None:
    if key is None:
        return None
    return people.get(key) or Membership.objects.visible_to(by).get(pk=key[1])


def _change(line: Line, people: dict[Key, Membership], *, starts_on: date, by: Membership) -> None:
    person, changes = line.person, line.changes
    change_member(
        line.member,
        name=(person.last_name, person.first_name, person.patronymic) if "name" in changes else None,
        post=person.post if "post" in changes else "",
        email=person.email if "email" in changes else "",
        roles=line.added_roles,
        reports_to=_member(line.supervisor, people, by) if "supervisor" in changes else None,
        returns="left_on" in changes,
        on=starts_on,
        by=by,
    )


def _invite(
    preview: StaffPreview,
    people: dict[Key, Membership],
    result: StaffImport,
    *,
    invited: set[int],
    by: Membership,
    at: datetime,
) -> None:
    keys = dict.fromkeys((line.joined_to or line).key for line in preview.lines if line.index in invited)
    for person in [people[key] for key in keys if key in people]:
        if person.user.has_usable_password():
            continue
        if settings.MAIL_ENABLED and person.user.email:
            mail_invitation.enqueue(person.pk, by.pk)
            result.mailed.append(person)
        else:
            result.invitations.append(invite(person, by=by, at=at))
