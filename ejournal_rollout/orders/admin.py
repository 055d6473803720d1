"""The administration edits the deed here; its state changes on the pages only."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models
from django.http import HttpRequest
from django.urls import reverse

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedTabularInline

from .models import Amendment, Attachment, Order


class ServedFile:
    """A file as its form shows it: by the name that people gave it, at the address that asks who comes."""

    def __init__(self, attachment: Attachment) -> None:
        self.attachment, self.url = attachment, reverse("orders:attachment", args=[attachment.pk])

    def __str__(self) -> str:
        return self.attachment.name


class AttachmentInput(AdminFileWidget):
    """The folder of files has no address of its own, so Django's link would lead nowhere."""

    def format_value(self, value: Any) -> ServedFile | None:
        return ServedFile(value.instance) if self.is_initial(value) and value.instance.pk else None


class AttachmentInline(RecordedTabularInline):
    model = Attachment
    fields = ["file", "name"]
    formfield_overrides = {models.FileField: {"widget": AttachmentInput}}


@admin.register(Order)
class OrderAdmin(RecordedAdmin):
    """Orders are made by loading a file or by copying, so none is added or deleted here."""

    list_display = ["__str__", "first_year", "state", "signed_on", "number"]
    list_filter = ["state"]
    search_fields = ["number", "organization"]
    fields = ["number", "signed_on", "first_year", "organization", "body", "state", "in_force_since", "closed_on"]
    readonly_fields = ["state", "in_force_since", "closed_on"]
    inlines = [AttachmentInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """What was signed stands on the paper: number, date and year of an order that is not a draft stay."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is not None and obj.state != Order.State.DRAFT:
            return [*fixed, "number", "signed_on", "first_year"]
        return fixed


@admin.register(Amendment)
class AmendmentAdmin(RecordedAdmin):
    """Amending orders are drawn up and brought into force on the pages; here they are only read."""

    list_display = ["__str__", "order", "state", "signed_on", "number"]
    list_select_related = ["order"]
    list_filter = ["state"]
    search_fields = ["number", "grounds"]
    fields = ["order", "number", "signed_on", "grounds", "state", "in_force_since", "made_by"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("order", "made_by__user")
