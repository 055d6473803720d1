"""The minutes of a meeting as a Word file."""

import io

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ejournal_rollout.documents.writing import DOCX
from ejournal_rollout.documents.writing.minutes import Minutes, Point, write_minutes
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability
from plans.models import Decision, Meeting


@require_safe
@ability_required(Ability.REVIEW_TASKS)
def minutes(request: MemberRequest, pk: int) -> FileResponse:
    meeting = get_object_or_404(Meeting.objects.visible_to(request.member).with_people(), pk=pk)
    content = write_minutes(minutes_of(meeting))
    name = f"Протокол № {meeting.number} от {meeting.held_on:%d.%m.%Y}.docx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=DOCX)


def minutes_of(meeting: Meeting) -> Minutes:
    order = meeting.plan.order
    return Minutes(
        organization=order.organization or order.school.name,
        number=meeting.number,
        held_on=meeting.held_on,
        order=order.in_sentence,
        present=_lines(meeting.present),
        agenda=_lines(meeting.agenda),
        heard=_lines(meeting.heard),
        decided=tuple(Point(one.words, one.executors, one.due_on, one.about) for one in Decision.objects.of(meeting)),
        chair=meeting.chair.user.signature_name if meeting.chair else "",
        secretary=meeting.secretary.user.signature_name if meeting.secretary else "",
        is_closed=meeting.closed_at is not None,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
