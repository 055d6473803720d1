"""Loading a staff list: choose, look through, load, hand out the invitations."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.documents.models import StaffUpload
from ejournal_rollout.documents.tables import UnreadableFile
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability

from .forms import StaffImportForm, StaffUploadForm
from .importing import NotClear, StaffImport, import_staff, mark_errors
from .paper import StaffPaper
from .presentation import page_of
from .preview import StaffPreview, preview_of
from .reading_apart import read_staff_apart
from .sample import sample_list
from .slips import slips_of

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def staff_upload_new(request: MemberRequest) -> HttpResponse:
    form = StaffUploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            paper = read_staff_apart(file.read(), file.name)
        except UnreadableFile as error:
            if error.__cause__:  # the reading process was ended or broke: the one who runs the site may want to know
                log.warning("A staff list was not read: %r", error.__cause__)
            form.add_error("file", str(error))
        else:
            told = {"uploaded_by": request.member, "name": file.name[-200:], "paper": paper.to_json()}
            return redirect(StaffUpload.objects.create(school=request.member.school, **told))
    return render(request, "documents/staff_upload_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@ability_required(Ability.EDIT_ORDER)
def staff_sample(request: MemberRequest) -> HttpResponse:
    name = {"Content-Disposition": content_disposition_header(True, "Образец списка сотрудников.csv")}
    return HttpResponse(sample_list(), content_type="text/csv; charset=utf-8", headers=name)


@require_safe
@never_cache
@ability_required(Ability.EDIT_ORDER)
def staff_upload(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(StaffUpload.objects.visible_to(request.member), pk=pk)
    if subject.imported_at:
        return _loaded_already(request)
    paper = StaffPaper.from_json(subject.paper)
    form = StaffImportForm(paper=paper, today=timezone.localdate())
    preview = preview_of(paper, form.answers, by=request.member, at=timezone.now())
    return _page(request, subject, form, preview)


@require_POST
@never_cache
@ability_required(Ability.EDIT_ORDER)
def staff_import(request: MemberRequest, pk: int) -> HttpResponse:
    """The button «check» shows what the answers would do; the other one loads. The answer with the slips is shown this
    once: the database keeps only the hashes of the links."""
    subject = get_object_or_404(StaffUpload.objects.visible_to(request.member), pk=pk)
    if subject.imported_at:
        return _loaded_already(request)
    now, paper = timezone.now(), StaffPaper.from_json(subject.paper)
    form = StaffImportForm(request.POST, paper=paper, today=timezone.localdate())
    answers, take, shown = form.answers, form.ticked("take"), form.ticked("shown")
    if form.is_valid() and "check" not in request.POST:
        told = {"take": take, "shown": shown, "invited": form.ticked("invite")}
        try:
            result = import_staff(
                subject, answers, starts_on=form.cleaned_data["starts_on"], by=request.member, at=now, **told
            )
        except NotClear as error:
            form.add_error(None, error)
            return _page(request, subject, form, error.preview, status=422)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, result)
    preview = preview_of(paper, answers, by=request.member, at=now)
    mark_errors(preview, answers, take=take, shown=shown)
    return _page(request, subject, form, preview, status=422 if form.errors else 200)


def _loaded_already(request: MemberRequest) -> HttpResponse:
    messages.info(request, _("This list has been loaded already."))
    return redirect("people:staff")


def _page(
    request: MemberRequest, subject: StaffUpload, form: StaffImportForm, preview: StaffPreview, *, status: int = 200
) -> HttpResponse:
    paper = StaffPaper.from_json(subject.paper)
    known = {"subject": subject, "form": form, "page": page_of(paper, preview, form), "by_mail": settings.MAIL_ENABLED}
    return render(request, "documents/staff_upload.html", known, status=status)


def _done(request: MemberRequest, result: StaffImport) -> HttpResponse:
    if result.added or result.changed:
        words = _("The list is loaded. People added: {added}, changed: {changed}.")
        messages.success(request, words.format(added=len(result.added), changed=len(result.changed)))
    else:
        messages.info(request, _("Nobody was added and nothing was changed."))
    if count := len(result.mailed):
        words = ngettext("{count} invitation goes out by mail.", "{count} invitations go out by mail.", count)
        messages.success(request, words.format(count=count))
    if not result.invitations:
        return redirect("people:staff")
    slips = slips_of(
        result.invitations, lambda secret: request.build_absolute_uri(reverse("people:invitation", args=[secret]))
    )
    return render(request, "documents/staff_slips.html", {"slips": slips})
