"""The sign-in sheet of a seminar as a Word file."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from consultations.models import Participation, Seminar
from consultations.operations import may_run
from consultations.sign_in import sheet_of
from ejournal_rollout.documents.paper import look_of
from ejournal_rollout.documents.writing import DOCX, write_sign_in
from ejournal_rollout.people.access import MemberRequest, member_required


@require_safe
@member_required
def seminar_sheet(request: MemberRequest, pk: int) -> FileResponse:
    seminar = get_object_or_404(Seminar.objects.visible_to(request.member).with_leaders(), pk=pk)
    if not may_run(seminar, request.member, on=localdate()):
        raise PermissionDenied
    sheet = sheet_of(seminar, Participation.objects.of(seminar).seated().with_people().by_name())
    content = io.BytesIO(write_sign_in(sheet, look=look_of(seminar.school)))
    return FileResponse(content, as_attachment=True, filename=sheet.file_name, content_type=DOCX)
