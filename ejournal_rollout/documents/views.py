"""Loading an order from its file: choose, compare with what was understood, load."""

import logging
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.people.access import MemberRequest, ability_required
from ejournal_rollout.people.models import Membership
from ejournal_rollout.people.roles import Ability

from .differences import difference_lines
from .drafting import with_annexes
from .forms import ImportForm, SettlePressForm, UploadForm
from .importing import Impact, ImportResult, impact_on, import_order, order_of_paper
from .models import Upload
from .preview import Reader, needs_staff
from .reading import Reading, UnreadableFile
from .reading_apart import read_order_apart
from .settling import Answer, taken_over

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
            return redirect(_stored(request, reading, file.name, content))
    return render(request, "documents/upload_new.html", {"form": form}, status=422 if form.errors else 200)


def _stored(request: MemberRequest, reading: Reading, name: str, content: bytes) -> Upload:
    """The reading with its file, and with the answers that were given to the same rows of this order before."""
    school, paper = request.member.school, reading.draft.fingerprint
    loaded = Upload.objects.visible_to(request.member).answered()
    order = order_of_paper(reading.draft, school=school)
    earlier = loaded.filter(paper=paper).first() or (loaded.filter(order=order).first() if order else None)
    answers = taken_over(earlier.answers, before=earlier.order_draft, now=reading.draft) if earlier else {}
    upload = Upload(
        school=school,
        uploaded_by=request.member,
        name=name[-200:],
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
        paper=paper,
        answers=answers,
    )
    upload.file.save(name, ContentFile(content))
    if answers:
        messages.info(request, _("These rows were loaded before: the answers to their remarks were taken over."))
    return upload


@require_safe
@ability_required(Ability.EDIT_ORDER)
def upload(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _upload(request, pk)
    page = _Page(request, subject)
    return page.shown(page.import_form())


@require_POST
@ability_required(Ability.EDIT_ORDER)
def upload_settle(request: MemberRequest, pk: int, anchor: str) -> HttpResponse:
    """What a person says about one row: typed words, or the mark of a remark that is `confirm`ed, or all of it is
    taken back (`reopen`)."""
    subject = _upload(request, pk)
    page = _Page(request, subject)
    if anchor not in page.review.rows:
        raise Http404
    form = page.reader.form_of(anchor, request.POST)
    press = SettlePressForm(request.POST)
    address = f"{subject.get_absolute_url()}#{anchor}"
    if page.is_over:
        messages.error(request, _("The order is not a draft any more: its remarks are not asked about."))
        return redirect(address)
    is_clear = form.is_valid()
    if press.is_valid() and (press.cleaned_data["reopen"] or is_clear):
        confirmed, answer = press.cleaned_data["confirm"], None
        if not press.cleaned_data["reopen"]:
            answer = form.answered(confirmed=confirmed, by=request.member.name, at=timezone.now())
        if answer is None or not answer.says_the_same_as(form.answer):
            if _answer(subject, anchor, answer, seen=press.cleaned_data["seen"]):
                return redirect(address)
            refusal = _("Somebody has just answered about this row. Look at the answer, then press again.")
            if answer is None or confirmed:  # nothing was typed that could be lost
                messages.error(request, refusal)
                return redirect(address)
            form.add_error(None, refusal)
        elif confirmed:  # pressed twice
            return redirect(address)
        else:
            form.add_error(None, _("Nothing was corrected. Type other words, or press the button beside the remark."))
    page.reader.bound = form
    return page.shown(page.import_form(), status=422)


def _answer(subject: Upload, anchor: str, answer: Answer | None, *, seen: str) -> bool:
    """Store what was said about one row; None takes it back. Another person may be answering about another row.

    False, and nothing is stored, if the answer there is not the one with the mark `seen` any more.
    """
    with transaction.atomic():
        fresh = Upload.objects.select_for_update().get(pk=subject.pk)
        before = fresh.answers.pop(anchor, None)
        if (Answer.from_json(before).mark if before else "") != seen:
            return False
        if answer is not None:
            fresh.answers[anchor] = answer.to_json()
        fresh.save(update_fields=["answers"])
    return True


@require_POST
@ability_required(Ability.EDIT_ORDER)
def upload_import(request: MemberRequest, pk: int) -> HttpResponse:
    subject = _upload(request, pk)
    page = _Page(request, subject)
    form = page.import_form(request.POST)
    if form.is_valid():
        page.choose(into=form.cleaned_data.get("into"), school_year=form.cleaned_data.get("school_year"))
        try:
            result = import_order(
                page.draft,
                school=request.member.school,
                by=request.member,
                order=form.cleaned_data.get("into"),
                upload=subject,
                read=page.review.read,
                meanings=page.review.meanings(),
                seen=form.cleaned_data["seen"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _tell(request, result)
            return redirect(result.order)
    return page.shown(form, status=422)


def _upload(request: MemberRequest, pk: int) -> Upload:
    return get_object_or_404(Upload.objects.visible_to(request.member).select_related("school"), pk=pk)


class _Page:
    """The preview of one upload: what was read and said, and what loading it would do to the order it is."""

    def __init__(self, request: MemberRequest, subject: Upload) -> None:
        self.request, self.subject = request, subject
        self.review = subject.review()
        self.draft = self.review.draft
        self.order = order_of_paper(self.review.read, school=subject.school, upload=subject, draft=self.draft)
        self.is_found = self.order is not None
        staff = Membership.objects.visible_to(request.member).working(on=timezone.localdate()).select_related("user")
        self.reader = Reader(
            self.review, staff=list(staff) if needs_staff(self.review) else [], today=timezone.localdate()
        )

    @property
    def is_over(self) -> bool:
        return self.order is not None and self.order.state != Order.State.DRAFT

    def choose(self, *, into: Order | None, school_year: SchoolYear | None) -> None:
        """What a person said in the last step."""
        if school_year:
            self.draft = replace(self.draft, school_year=school_year)
        if into:
            self.order = with_annexes(Order.objects.visible_to(self.request.member)).get(pk=into.pk)

    def import_form(self, answers: QueryDict | None = None) -> ImportForm:
        drafts = Order.objects.visible_to(self.request.member).drafts()
        return ImportForm(
            answers,
            draft=self.review.draft,
            open_count=len(self.review.open_questions),
            drafts=None if self.is_found or not drafts.exists() else drafts,
            today=timezone.localdate(),
        )

    def shown(self, form: ImportForm, *, status: int = 200) -> HttpResponse:
        impact = impact_on(self.order, self.draft) if self.order else Impact()
        form.show_seen(impact.mark)
        self.reader.take_differences(impact.differences)
        news = [one for one in self.review.meanings().values() if one.is_new and one.says_something]
        known = {
            "subject": self.subject,
            "draft": self.draft,
            "preview": self.reader.preview(),
            "form": form,
            "order": self.order,
            "differences": difference_lines(impact.differences),
            "kept": difference_lines(impact.kept),
            "news_count": len(news),
            "has_nothing_to_load": bool(self.order and not impact.differences and not news),
            "is_refused": bool(impact.differences) and self.is_over,
            "may_settle": not self.is_over,
        }
        return render(self.request, "documents/upload.html", known, status=status)


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
