"""What the administration pages of all annexes have in common."""

from typing import Any

from django.contrib import admin

from ejournal_rollout.history.recorded_admin import RecordedAdmin

from .models import Order


class AnnexAdmin(RecordedAdmin):
    """An annex says itself of which order it is; the list adds whether that order is in force."""

    list_display = ["__str__", "state_of_order"]
    list_select_related = ["order"]
    fields = ["order", "heading", "title"]

    @admin.display(description=Order._meta.get_field("state").verbose_name, ordering="order__state")
    def state_of_order(self, annex: Any) -> str:
        return annex.order.get_state_display()
