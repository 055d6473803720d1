"""The administration edits the deed here; its state changes on the pages only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedTabularInline

from .models import Attachment, Order


class AttachmentInline(RecordedTabularInline):
    model = Attachment
    fields = ["file", "name"]


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
