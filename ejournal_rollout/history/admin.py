"""The journal in the admin: read, never written."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Entry
from .recorded_admin import RecordedAdmin


@admin.register(Entry)
class EntryAdmin(RecordedAdmin):
    list_display = ["happened_at", "author", "verb_column", "subject"]
    list_filter = ["happened_at"]
    search_fields = ["subject", "author"]
    date_hierarchy = "happened_at"
    list_per_page = 50
    fields = ["happened_at", "author", "verb_column", "subject", "changes_column"]
    readonly_fields = ["verb_column", "changes_column"]

    @admin.display(description=_("act"), ordering="verb")
    def verb_column(self, entry: Entry) -> str:
        return entry.verb_words

    @admin.display(description=_("changes"))
    def changes_column(self, entry: Entry) -> str:
        return "\n".join(f"{one['field']}: {one['old'] or '—'} → {one['new'] or '—'}" for one in entry.changes) or "—"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False
