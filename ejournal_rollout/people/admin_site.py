"""The admin behind the site's own door."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from .roles import Ability

# As one walks through the order; whatever is not named stands after these.
SECTIONS = ["orders", "plans", "consultations", "support", "people", "notifications", "history"]


class SchoolAdminSite(admin.AdminSite):
    """Open to the administration of a school (for that school) and to the site's operators."""

    site_header = site_title = _("Electronic journal: administration")
    enable_nav_sidebar = False  # lists need the width; the index is one click away
    index_title = _("Order, plan, schedule, regulation, people")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_active and (Ability.EDIT_ORDER in request.abilities or user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One sign-in for the whole site, with its limits and second factor."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """In the order of SECTIONS, and within one by the order of registration: the main record comes first."""
        place = {name: number for number, name in enumerate(SECTIONS)}
        registered = {model: number for number, model in enumerate(self._registry)}
        apps = list(self._build_app_dict(request, app_label).values())
        for app in apps:
            app["models"].sort(key=lambda model: registered[model["model"]])
        return sorted(apps, key=lambda app: (place.get(app["app_label"], len(place)), app["name"].lower()))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's "view on site": it forwards to any record of any school by its number."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
