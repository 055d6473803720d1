"""For templates: the number of unread messages beside the bell, and whether there is mail."""

from django.conf import settings
from django.http import HttpRequest

from .models import Message


def unread(request: HttpRequest) -> dict[str, object]:
    member = getattr(request, "member", None)
    return {
        "unread_count": Message.objects.to(member).unread().count() if member else 0,
        "mail_enabled": settings.MAIL_ENABLED,
    }
