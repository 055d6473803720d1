"""How a question comes in: by its author, or written down by a colleague."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultations.models import Direction
from consultations.operations import gives_help
from ejournal_rollout.history.recording import record
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from ..models import HelpRequest
from .people import who_answers
from .writing import tell_people

# Each attempt is lost only to somebody who got the number, so more are never needed at one moment.
NUMBER_ATTEMPTS = 100


@transaction.atomic
def ask_for_help(
    *,
    direction: Direction,
    question: str,
    description: str,
    form: str,
    requester: Membership,
    registered_by: Membership,
    at: datetime,
) -> HelpRequest:
    """Write a question under the next number of the year and tell the specialists of its direction.

    Who came in person or phoned is `requester`; rights and messages are theirs, whoever wrote it down. `form` is one
    of the four of clause 4. Raises PermissionDenied if `registered_by` may not write for somebody else;
    ValidationError "empty_question", "foreign_requester", "direction_not_in_force".
    """
    if requester.school_id != registered_by.school_id:
        raise ValidationError(_("This person does not work in your school."), code="foreign_requester")
    if requester.pk != registered_by.pk and not may_register_for_others(registered_by, at=at):
        raise PermissionDenied
    order = direction.schedule.order
    if order.school_id != requester.school_id or order.state != Order.State.IN_FORCE:
        raise ValidationError(_("This direction is not in the schedule in force."), code="direction_not_in_force")
    question = " ".join(question.split())
    if not question:
        raise ValidationError(_("Write your question in one line."), code="empty_question")
    help_request = _with_next_number(
        HelpRequest(
            school=requester.school,
            year=at.astimezone(requester.school.zone).year,
            requester=requester,
            registered_by=registered_by,
            direction=direction,
            question=question,
            description=description.strip(),
            form=form,
            asked_at=at,
        )
    )
    record("support.asked", help_request, by=registered_by)
    words = _("Request %(number)s, %(direction)s: %(question)s") % {
        "number": help_request.number,
        "direction": direction.name,
        "question": question,
    }
    tell_people(who_answers(help_request, at=at), help_request, "asked", words, but=registered_by)
    if requester.pk != registered_by.pk:
        words = _("%(name)s wrote down your question as request %(number)s.") % {
            "name": registered_by.name,
            "number": help_request.number,
        }
        tell_people([requester], help_request, "registered", words)
    return help_request


def may_register_for_others(member: Membership, *, at: datetime) -> bool:
    """Those who answer and the administration write down the questions of people who came in or phoned."""
    day = localdate(at, member.school.zone)
    return member.may(Ability.SEE_ALL_HELP, on=day) or gives_help(member, on=day)


def _with_next_number(help_request: HelpRequest) -> HelpRequest:
    """Save under the number after the last one of the school's year; the constraint decides between two at once."""
    numbers = HelpRequest.objects.of_year(help_request.school, help_request.year)
    for _attempt in range(NUMBER_ATTEMPTS):
        last = numbers.aggregate(last=Max("sequence"))["last"] or 0
        help_request.sequence = last + 1
        try:
            with transaction.atomic():
                help_request.save(force_insert=True)
        except IntegrityError:
            if not numbers.filter(sequence=help_request.sequence).exists():
                raise
        else:
            return help_request
    raise ValidationError(_("Too many questions at once. Please send yours again."), code="numbers_busy")
