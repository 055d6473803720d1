"""Messages in the admin: what was told to whom, and what mail did not go out. Nothing is changed here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ejournal_rollout.history.recorded_admin import RecordedAdmin

from .models import Message


@admin.register(Message)
class MessageAdmin(RecordedAdmin):
    list_display = ["words", "topic", "recipient", "created_at", "read_at", "by_mail", "sent_at", "attempts"]
    list_filter = ["topic", "by_mail", ("sent_at", admin.EmptyFieldListFilter), ("read_at", admin.EmptyFieldListFilter)]
    search_fields = ["words", "recipient__user__last_name"]
    date_hierarchy = "created_at"
    list_per_page = 50
    fields = [
        *("recipient", "topic", "words", "address", "created_at", "read_at"),
        *("by_mail", "attempts", "last_error", "sent_at", "digest"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        return super().get_queryset(request).select_related("recipient__user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
