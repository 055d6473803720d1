"""What the requests for help hear of consultations, in the same transaction."""

from datetime import datetime

from django.dispatch import receiver

from consultations.models import Booking, TimeRequest
from consultations.signals import consultation_marked, time_agreed, times_proposed
from ejournal_rollout.people.models import Membership

from . import operations
from .models import HelpRequest


@receiver(consultation_marked)
def result_comes_back(booking: Booking, by: Membership, at: datetime, **_rest: object) -> None:
    operations.take_result(booking, by=by, at=at)


@receiver(times_proposed)
def asked_time_is_linked(time_request: TimeRequest, asked_from: str, at: datetime, **_rest: object) -> None:
    asked = HelpRequest.objects.from_mark(asked_from).filter(requester=time_request.teacher_id)
    for help_request in asked.select_related("school"):
        operations.link_asked_time(help_request, time_request, at=at)


@receiver(time_agreed)
def agreed_time_is_linked(
    time_request: TimeRequest, booking: Booking, by: Membership, at: datetime, **_rest: object
) -> None:
    operations.link_agreed_booking(time_request, booking, by=by, at=at)
