"""Seminars and trainings, shown with their lists."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedTabularInline

from ..models import Participation, Seminar


class ParticipationInline(RecordedTabularInline):
    model = Participation
    fields = ["participant", "seat", "offered_until", "added_at", "left_at", "came"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_people()


@admin.register(Seminar)
class SeminarAdmin(RecordedAdmin):
    """Facts: shown, not edited. They are planned and changed in the pages, where nobody is put in two places."""

    list_display = ["starts_at", "kind", "title", "room", "places", "marked_at", "cancelled_at"]
    list_display_links = ["starts_at", "title"]
    list_select_related = ["room"]
    list_filter = ["kind"]
    search_fields = ["title"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at"]
    inlines = [ParticipationInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).with_leaders().select_related("planned_by__user", "cancelled_by__user")
