"""The admin behind the site's own door."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .roles import Ability


class SchoolAdminSite(admin.AdminSite):
    """Open to the administration of a school (for that school) and to the site's operators."""

    site_header = site_title = _("Electronic journal: administration")
    index_title = _("Order, plan, schedule, regulation, people")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and (Ability.EDIT_ORDER in request.abilities or user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One sign-in for the whole site, with its limits and second factor."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())
