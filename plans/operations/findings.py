"""What was found in a round and how it was put right: told to the teacher whom it concerns, and to nobody else."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ejournal_rollout.history.recording import record
from ejournal_rollout.notifications.operations import notify
from ejournal_rollout.people.models import Membership

from ..models import Finding, Round
from .acting import day_at, written
from .rounds import require_checker


@transaction.atomic
def write_finding(
    checked: Round,
    *,
    text: str,
    teacher: Membership | None = None,
    place: str = "",
    repair_by: date | None = None,
    by: Membership,
    at: datetime,
) -> Finding:
    """Write a remark, before or after the result of the round; the teacher whom it concerns is told.

    Raises PermissionDenied as `hold_round`; ValidationError "order_not_in_force", "text_required", "foreign_teacher",
    "repair_in_past", "round_cancelled".
    """
    day = day_at(at, by)
    require_checker(checked, by, day)
    text = written(text, _("Write what was found."), "text_required")
    if teacher and teacher.school_id != by.school_id:
        raise ValidationError(_("This person does not work in your school."), code="foreign_teacher")
    if repair_by and repair_by < day:
        raise ValidationError(_("This day has passed: give the teacher time to put it right."), code="repair_in_past")
    if not Round.objects.live().filter(pk=checked.pk).exists():
        raise ValidationError(_("This round is cancelled."), code="round_cancelled")
    finding = Finding.objects.create(
        round=checked, teacher=teacher, place=place, text=text, repair_by=repair_by, found_by=by, found_at=at
    )
    record("plans.finding_written", finding, by=by, changes=[(_("remark"), "", text)])
    if teacher and teacher.pk != by.pk:
        words = _("Check “%(checked)s”: %(text)s") % {"checked": checked.checked, "text": text}
        if repair_by:
            words = _("%(words)s Please put it right until %(day)s.") % {"words": words, "day": f"{repair_by:%d.%m.%Y}"}
        # topic OTHER: a remark to a person stands on no page of what was sent, and in no letter of the day
        notify([teacher], key=f"plans.finding:{finding.pk}", words=words, address=finding.get_absolute_url())
    return finding


@transaction.atomic
def settle_finding(finding: Finding, *, how: str, by: Membership, at: datetime) -> None:
    """Say that a remark was put right, or that it proved wrong; `how` may be empty. The teacher is told.

    Raises PermissionDenied as `hold_round`; ValidationError "order_not_in_force", "already_settled".
    """
    day = day_at(at, by)
    require_checker(finding.round, by, day)
    how = how.strip()
    if not Finding.objects.unsettled().filter(pk=finding.pk).update(settled_on=day, settled_by=by, settled_how=how):
        raise ValidationError(_("This remark is settled already."), code="already_settled")
    finding.settled_on, finding.settled_by, finding.settled_how = day, by, how
    record("plans.finding_settled", finding, by=by, changes=[(_("how it was settled"), "", how)] if how else [])
    if finding.teacher and finding.teacher_id != by.pk:
        words = _("Check “%(checked)s”: the remark is settled. %(how)s") % {
            "checked": finding.round.checked,
            "how": how,
        }
        key = f"plans.finding_settled:{finding.pk}"
        notify([finding.teacher], key=key, words=words.strip(), address=finding.get_absolute_url())


def follow_finding(finding: Finding, *, outcome: str, path: str, by: Membership, at: datetime) -> None:
    """Keep what a room above has made of a remark: a help request, a proposed consultation. Once.

    Call it in the transaction of that act: of two people at once the second makes nothing. Raises PermissionDenied as
    `hold_round`; ValidationError "order_not_in_force", "already_followed".
    """
    require_checker(finding.round, by, day_at(at, by))
    if not Finding.objects.filter(pk=finding.pk, outcome="").update(outcome=outcome, outcome_path=path):
        raise ValidationError(_("Help has already been offered after this remark."), code="already_followed")
    finding.outcome, finding.outcome_path = outcome, path
    record("plans.finding_followed", finding, by=by, changes=[(_("what was made of it"), "", outcome)])
