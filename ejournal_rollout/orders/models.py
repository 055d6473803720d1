"""The deed of the house: the order, to which the plan, the regulation and the schedule belong."""

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ejournal_rollout.files.private import PAPERS, PICTURES, TABLES, FileLimits, RandomName, forget_with_row
from ejournal_rollout.people.models import Membership, School
from ejournal_rollout.people.roles import Ability

from .drafts import OrderDraft
from .school_year import SchoolYear

FIRST_YEARS = range(2000, 2200)  # any other is a slip of the finger


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, member: Membership) -> Self:
        """Drafts too: the admin and the administration's pages ask this."""
        return self.filter(school=member.school_id)

    def readable_by(self, member: Membership, abilities: Collection[Ability]) -> Self:
        """What the member may read: drafts are seen only by those who edit orders."""
        ours = self.visible_to(member)
        return ours if Ability.EDIT_ORDER in abilities else ours.published()

    def drafts(self) -> Self:
        return self.filter(state=Order.State.DRAFT)

    def in_force(self) -> Self:
        return self.filter(state=Order.State.IN_FORCE)

    def published(self) -> Self:
        """In force or closed: what all staff may read."""
        return self.exclude(state=Order.State.DRAFT)


class Order(models.Model):
    """An order of a school on the electronic journal, for one school year.

    `number` and `signed_on` are unknown until the director signs. `as_signed` is the draft on the day the order
    came into force: every page can show "by the order" beside "now". At most one order of a school is in force.
    `paper` is the fingerprint of the draft that was imported last: the same paper without a number finds its order.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("order", "draft")
        IN_FORCE = "in_force", pgettext_lazy("order", "in force")
        CLOSED = "closed", pgettext_lazy("order", "closed")

    school = models.ForeignKey(School, models.CASCADE, related_name="orders", verbose_name=_("school"))
    number = models.CharField(_("number"), max_length=60, blank=True, help_text=_("As printed, e.g. 337/01-18."))
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    first_year = models.PositiveSmallIntegerField(
        _("school year begins in"), help_text=_("2026 means the school year 2026/2027.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    organization = models.CharField(
        _("organization"), max_length=300, blank=True, help_text=_("As the order prints it.")
    )
    body = models.TextField(_("text of the order"), blank=True)
    in_force_since = models.DateField(_("in force since"), null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    as_signed = models.JSONField(_("as signed"), null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("replaces"),
        editable=False,
    )

    paper = models.CharField(_("fingerprint of the paper"), max_length=64, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("copied from"),
        editable=False,
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-first_year", "-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(state="in_force"),
                name="one_order_in_force",
                violation_error_code="another_in_force",
                violation_error_message=_("Another order of the school is in force. Close it first."),
            ),
            models.UniqueConstraint(
                fields=["school", "number", "signed_on"],
                condition=~Q(number=""),
                name="order_number_once_a_day",
                violation_error_code="number_taken",
                violation_error_message=_("The school already has an order of this number and date."),
            ),
            models.UniqueConstraint(
                fields=["copied_from", "first_year"],
                condition=Q(state="draft"),
                name="one_draft_copy_a_year",
                violation_error_code="already_copied",
                violation_error_message=_("A copy of this order for this school year is being prepared already."),
            ),
        ]

    def __str__(self) -> str:
        if not self.number and not self.signed_on:
            return str(_("Draft order for {year}")).format(year=self.school_year)
        return str(_("Order of {date} No. {number}")).format(
            date=f"{self.signed_on:%d.%m.%Y}" if self.signed_on else "…", number=self.number or "…"
        )

    def get_absolute_url(self) -> str:
        return reverse("orders:order", args=[self.pk])

    def clean(self) -> None:
        if self.first_year is not None and self.first_year not in FIRST_YEARS:
            raise ValidationError({"first_year": ValidationError(_("Check the year."), code="year")})

    @property
    def in_sentence(self) -> str:
        """«приказ от 31.08.2026 № 412/01-18»: its name where it does not begin a sentence."""
        name = str(self)
        return name[:1].lower() + name[1:]

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear(self.first_year)

    @property
    def signed_draft(self) -> OrderDraft | None:
        return OrderDraft.from_json(self.as_signed) if self.as_signed else None


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def readable_by(self, member: Membership, abilities: Collection[Ability]) -> Self:
        """Drafts are seen only by those who edit orders."""
        ours = self.visible_to(member)
        return ours if Ability.EDIT_ORDER in abilities else ours.in_force()

    def drafts(self) -> Self:
        return self.filter(state=Amendment.State.DRAFT)

    def in_force(self) -> Self:
        return self.filter(state=Amendment.State.IN_FORCE)

    def of(self, order: Order) -> Self:
        """The amendments of one order, the oldest first."""
        return self.filter(order=order).order_by("pk")


class Amendment(models.Model):
    """A later order that changes the words of an order. Both wordings of the whole order are kept for ever.

    While it is a draft its text is what differs at the moment; `before` and `after` are taken when it comes into
    force. One draft at a time, so amendments follow one another by `pk`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("order", "draft")
        IN_FORCE = "in_force", pgettext_lazy("order", "in force")

    order = models.ForeignKey(Order, models.CASCADE, related_name="amendments", verbose_name=_("amended order"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    grounds = models.TextField(_("grounds"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    before = models.JSONField(_("wording before"), null=True, blank=True)
    after = models.JSONField(_("wording after"), null=True, blank=True)
    in_force_since = models.DateField(_("in force since"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=250, blank=True)  # of the day on which it came into force
    made_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amending order")
        verbose_name_plural = _("amending orders")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state="draft"),
                name="one_draft_amendment",
                violation_error_code="drafted_already",
                violation_error_message=_("An amending order is being prepared already."),
            ),
            models.UniqueConstraint(
                fields=["order", "number", "signed_on"],
                condition=~Q(number=""),
                name="amendment_number_once_a_day",
                violation_error_code="number_taken",
                violation_error_message=_("The school already has an order of this number and date."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (
                    ~Q(number="")
                    & Q(
                        signed_on__isnull=False,
                        in_force_since__isnull=False,
                        before__isnull=False,
                        after__isnull=False,
                    )
                ),
                name="amendment_in_force_is_whole",
                violation_error_message=_("An amending order in force has a number, a date and both wordings."),
            ),
        ]

    def __str__(self) -> str:
        if self.state == Amendment.State.DRAFT:
            return str(_("Draft of an amending order"))
        return str(_("Order of {date} No. {number}")).format(date=f"{self.signed_on:%d.%m.%Y}", number=self.number)

    def get_absolute_url(self) -> str:
        return reverse("orders:amendment", args=[self.pk])

    @property
    def wording_before(self) -> OrderDraft | None:
        return OrderDraft.from_json(self.before) if self.before else None

    @property
    def wording_after(self) -> OrderDraft | None:
        return OrderDraft.from_json(self.after) if self.after else None


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, member: Membership) -> Self:
        return self.filter(order__school=member.school_id)

    def of(self, orders: OrderQuerySet) -> Self:
        return self.filter(order__in=orders)


class Attachment(models.Model):
    """A file of the order: the signed Word file, a scan. Served by a view after the member check."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="attachments", verbose_name=_("order"))
    file = models.FileField(
        _("file"),
        upload_to=RandomName("orders"),
        validators=[FileLimits((*PAPERS, *TABLES, *PICTURES), megabytes=20)],
    )
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Empty: the name of the file itself."))
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.file and not self.name:
            self.name = Path(self.file.name).name[-200:]


forget_with_row(Attachment)


# «от 31.08.2021 № 337/01-18» in an annex heading; the number of a draft is a row of underscores.
_DATE_AND_NUMBER = re.compile(r"\bот\s+(?:_+|\S[^\n№]*?)\s*№\s*(?:_+|\S+)", re.IGNORECASE)
_NUMBER_AND_DATE = re.compile(r"№\s*(?:_+|[^\s«»_]+)\s+от\s+(?:_+|\S[^\n№]*\d{4}(?:\s*г(?:ода|\.)?)?)", re.IGNORECASE)


def heading_with(heading: str, *, number: str, signed_on: date | None) -> str:
    """The annex heading with the date and number of its own order; blanks to fill by hand until they are known.

    Of several dates («протокол от … № 1», «приказом от … № 5») only the order's own changes; a heading without
    one stays as it is.
    """
    on = f"от {signed_on:%d.%m.%Y}" if signed_on else "от ____________"
    no = f"№ {number or '______'}"
    for pattern, words in ((_DATE_AND_NUMBER, f"{on} {no}"), (_NUMBER_AND_DATE, f"{no} {on}")):
        found = list(pattern.finditer(heading))
        starts = [0, *(one.end() for one in found)]
        of_order = [
            one for one, start in zip(found, starts, strict=False) if "приказ" in heading[start : one.start()].lower()
        ]
        for one in of_order[:1] or (found if len(found) == 1 else []):
            return heading[: one.start()] + words + heading[one.end() :]
    return heading


def has_blanks(heading: str) -> bool:
    """The heading waits for a date or a number."""
    return bool(re.search("_{3}", heading))
