"""Annex 2 in the administration pages: the regulation is edited, requests are only read."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedTabularInline
from ejournal_rollout.orders.annex_admin import AnnexAdmin

from .models import Clause, HelpRequest, Regulation


class ClauseInline(RecordedTabularInline):
    model = Clause
    fields = ["position", "printed_number", "text"]


@admin.register(Regulation)
class RegulationAdmin(AnnexAdmin):
    inlines = [ClauseInline]


@admin.register(HelpRequest)
class HelpRequestAdmin(RecordedAdmin):
    """Requests are facts: nobody adds, changes or deletes them here. Notes for colleagues stay with the specialists."""

    list_display = ["number", "question", "direction", "requester", "assignee", "form", "asked_at", "closed_at"]
    list_filter = ["form", ("direction", admin.RelatedOnlyFieldListFilter), "asked_at", "helped"]
    search_fields = ["question"]
    date_hierarchy = "asked_at"
    fields = [
        "number",
        "question",
        "description",
        "direction",
        "form",
        "requester",
        "registered_by",
        "asked_at",
        "assignee",
        "taken_at",
        "answered_at",
        "waiting_since",
        "solved_at",
        "closed_at",
        "helped",
        "reopened_count",
        "bookings",
    ]
    readonly_fields = fields

    @admin.display(description=HelpRequest._meta.get_field("sequence").verbose_name, ordering=["year", "sequence"])
    def number(self, help_request: HelpRequest) -> str:
        return help_request.number

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        everything = admin.ModelAdmin.get_queryset(self, request).with_people()
        if request.member is None:
            return everything
        return everything.visible_to(request.member, roles=request.roles, abilities=request.abilities)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: HelpRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HelpRequest | None = None) -> bool:
        return False
