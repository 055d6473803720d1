"""A file that was read and waits for a person to confirm what was understood."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ejournal_rollout.files.private import RandomName, forget_with_row
from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.models import Order
from ejournal_rollout.people.models import Membership, School

from .reading import Remark
from .settling import Answer, Review

# How a remark is called in the column `remarks`.
_REMARK_KEYS = {name: name for name in ("text", "place", "code", "printed", "annex", "field")} | {"row_key": "row"}


class UploadQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(school=member.school_id)

    def answered(self) -> Self:
        """Those with answers to their remarks, the last first."""
        return self.exclude(answers={}).order_by("-uploaded_at", "-pk")


class Upload(models.Model):
    """An order's file with its reading: the preview page shows it, the import takes it.

    `remarks` are [{"text", "place", "code", "printed", "annex", "row", "field"}],
    in the words of the day of reading. `draft` is what was read and never changes: `paper`, its fingerprint, tells
    the same file loaded again. `answers` are what people said to the remarks (`settling.Answer`), by anchor.
    """

    school = models.ForeignKey(School, models.CASCADE, related_name="uploads", verbose_name=_("school"))
    uploaded_by = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    file = models.FileField(_("file"), upload_to=RandomName("uploads"))
    name = models.CharField(_("name"), max_length=200)
    draft = models.JSONField()
    remarks = models.JSONField(default=list)
    paper = models.CharField(max_length=64, blank=True, db_index=True)
    answers = models.JSONField(default=dict)
    order = models.ForeignKey(
        Order, models.SET_NULL, null=True, blank=True, related_name="uploads", verbose_name=_("imported as")
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded order")
        verbose_name_plural = _("uploaded orders")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:upload", args=[self.pk])

    @property
    def order_draft(self) -> OrderDraft:
        return OrderDraft.from_json(self.draft)

    def review(self) -> Review:
        """The reading with what people said to it; reads `school`."""
        remarks = [
            Remark(**{name: one[key] for name, key in _REMARK_KEYS.items() if key in one}) for one in self.remarks
        ]
        answers = {anchor: Answer.from_json(one) for anchor, one in self.answers.items()}
        return Review(self.order_draft, remarks, answers, school=self.school.name)


forget_with_row(Upload)


class StaffUpload(models.Model):
    """A staff list that was read and waits for a person to confirm it. The file itself is not kept.

    It holds personal data: the rows go when the list is loaded, and the rest after some days
    (`staff.importing.forget_lists`).
    """

    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name=_("school"))
    uploaded_by = models.ForeignKey(Membership, models.CASCADE, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    name = models.CharField(_("name"), max_length=200)
    paper = models.JSONField()
    imported_at = models.DateTimeField(_("loaded"), null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded staff list")
        verbose_name_plural = _("uploaded staff lists")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:staff:upload", args=[self.pk])
