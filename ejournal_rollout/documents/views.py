"""Loading an order from its file: choose, compare with what was understood, load."""

import logging
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.orders.drafts import compare, fold
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_name import names_another_school
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.roles import Ability

from .differences import difference_lines
from .drafting import draft_of
from .forms import ImportForm, UploadForm
from .importing import ImportResult, as_imported, import_order, order_of_paper
from .models import Upload
from .preview import preview_of
from .reading import UnreadableFile
from .reading_apart import read_order_apart

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@ability_required(Ability.EDIT_ORDER)
def upload_new(request: MemberRequest) -> HttpResponse:
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*given, today=timezone.localdate())
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            reading = read_order_apart(content, file.name, form.cleaned_data["school_year"])
        except UnreadableFile as error:
            if error.__cause__:  # the reading process was ended or broke: the one who runs the site may want to know
                log.warning("A file was not read: %r", error.__cause__)
            form.add_error("file", str(error))
        else:
            upload = Upload(
                school=request.member.school,
                uploaded_by=request.member,
                name=file.name[-200:],
                draft=reading.draft.to_json(),
                remarks=[
                    {
                        "text": one.text,
                        "place": one.place,
                        "code": one.code,
                        "printed": one.printed,
                        "annex": one.annex,
                        "row": one.row_key,
                        "field": one.field,
                    }
                    for one in reading.remarks
                ],
            )
            upload.file.save(file.name, ContentFile(content))
            return redirect(upload)
    return render(request, "documents/upload_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@ability_required(Ability.EDIT_ORDER)
def upload(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Upload.objects.visible_to(request.member), pk=pk)
    order = order_of_paper(subject.order_draft, school=request.member.school, upload=subject)
    return _preview(request, subject, order, _import_form(request, subject, order))


@require_POST
@ability_required(Ability.EDIT_ORDER)
def upload_import(request: MemberRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Upload.objects.visible_to(request.member), pk=pk)
    draft = subject.order_draft
    order = order_of_paper(draft, school=request.member.school, upload=subject)
    form = _import_form(request, subject, order, request.POST)
    if form.is_valid():
        if form.cleaned_data.get("school_year"):
            draft = replace(draft, school_year=form.cleaned_data["school_year"])
        into = form.cleaned_data.get("into")
        try:
            result = import_order(draft, school=request.member.school, by=request.member, order=into, upload=subject)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _tell(request, result)
            return redirect(result.order)
    return _preview(request, subject, order, form, status=422)


def _import_form(
    request: MemberRequest, subject: Upload, order: Order | None, answers: QueryDict | None = None
) -> ImportForm:
    drafts = Order.objects.visible_to(request.member).drafts()
    return ImportForm(
        answers,
        draft=subject.order_draft,
        has_remarks=bool(_remarks(request, subject)),
        drafts=None if order is not None or not drafts.exists() else drafts,
        today=timezone.localdate(),
    )


def _remarks(request: MemberRequest, subject: Upload) -> list[dict[str, str]]:
    """Those of the reading, after the one that only this school can make: is the order its own?"""
    named, school = subject.order_draft.organization, request.member.school.name
    if not names_another_school(named, school):
        return subject.remarks
    words = _("The order names “%(named)s”, and your school is called “%(school)s” here. Is this the right file?")
    text = words % {"named": fold(named), "school": school}
    return [{"text": text, "place": _("Organization"), "annex": "order"}, *subject.remarks]


def _preview(
    request: MemberRequest, subject: Upload, order: Order | None, form: ImportForm, *, status: int = 200
) -> HttpResponse:
    draft = subject.order_draft
    now = draft_of(order) if order else None
    differences = difference_lines(compare(now, as_imported(draft, into=now))) if now else []
    known = {
        "subject": subject,
        "draft": draft,
        "preview": preview_of(draft, _remarks(request, subject)),
        "form": form,
        "order": order,
        "differences": differences,
        "is_refused": bool(differences) and order.state != Order.State.DRAFT,
    }
    return render(request, "documents/upload.html", known, status=status)


def _tell(request: MemberRequest, result: ImportResult) -> None:
    if result.changed_nothing:
        messages.info(request, _("The file says the same as the order here: there was nothing to change."))
    else:
        words = _("The order is loaded. Rows added: %(added)d, changed: %(changed)d, removed: %(removed)d.")
        counts = {name: len(getattr(result, name)) for name in ("added", "changed", "removed")}
        messages.success(request, words % counts)
    if result.kept:
        words = _("The file no longer has these rows, but people have worked with them, so they were kept: %(rows)s.")
        messages.warning(request, words % {"rows": "; ".join(row.name for row in result.kept)})
