"""What pages of a task and of the list have in common: the forms of its acts, its executors with today's persons."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ejournal_rollout.people.models import ROLE_WORDS, Membership, RoleHolding
from ejournal_rollout.people.roles import Role

from .. import operations
from ..forms import ACT_FORMS, ActForm, NoteForm
from ..models import Task, TaskNote

Act = TaskNote.Act


def act_forms(task: Task, by: Membership, *, on: date, failed: ActForm | None = None) -> dict[Act, ActForm]:
    """The forms of all that `by` can do with the task now; the one that was refused keeps what was typed."""
    # a returned report is amended; a review tells which report was read
    initial = {"result": task.result, "seen": operations.report_mark(task)}
    forms = {act: ACT_FORMS[act](initial=initial) for act in operations.open_acts(task, by, on=on)}
    if failed is not None:
        typed = next((field.value() for field in failed.visible_fields()), "")
        if failed.act in forms:
            forms[failed.act] = failed
            if "seen" in failed.fields:  # the page shows the report of this moment
                failed.data = failed.data.copy()
                failed.data[failed.add_prefix("seen")] = initial["seen"]
        elif Act.NOTED in forms:  # the act is no longer possible: what was typed may still be said as a note
            forms[Act.NOTED] = NoteForm(initial={"text": typed})
    if Act.ACCEPTED in forms and task.reported_by_id == by.pk:
        forms[Act.ACCEPTED].fields["text"].help_text = _(
            "This is your own report. The administration may accept it itself; better, if somebody else looks at it."
        )
    return forms


def executors_today(task: Task, reader: Membership, *, on: date) -> list[dict[str, Any]]:
    """The executors of column 5 in printed order, each with those who hold the role on the day."""
    holders: dict[str, list[str]] = {}
    for holding in RoleHolding.objects.visible_to(reader).on(on).select_related("membership__user"):
        if holding.membership.left_on is None or on <= holding.membership.left_on:
            holders.setdefault(holding.role, []).append(holding.membership.full_name)
    return [
        {
            "words": executor.words,
            "is_lead": executor.is_lead,
            "role": ROLE_WORDS.get(executor.role, ""),
            "is_everybody": executor.role == Role.TEACHER,
            "people": holders.get(executor.role, []),
        }
        for executor in task.executors.all()
    ]
