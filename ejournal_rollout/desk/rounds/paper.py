"""The note on a check as a Word file."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from ejournal_rollout.documents.writing import write_note
from ejournal_rollout.people.access import MemberRequest, member_required
from plans.models import Finding, Round
from plans.operations import reads_all_findings
from plans.round_note import note_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@member_required
def round_docx(request: MemberRequest, pk: int) -> HttpResponse:
    checked = get_object_or_404(Round.objects.visible_to(request.member).published().with_all(), pk=pk)
    if checked.held_on is None:
        raise Http404
    if not reads_all_findings(checked, request.member, on=timezone.localdate()):
        raise PermissionDenied
    note = note_of(checked, list(Finding.objects.of(checked).with_people()))
    return FileResponse(io.BytesIO(write_note(note)), as_attachment=True, filename=note.file_name, content_type=DOCX)
