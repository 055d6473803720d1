"""People in the admin: the school, the staff with their roles, names. Joining goes by the pages of this room."""

from datetime import date
from itertools import combinations
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ejournal_rollout.history.recorded_admin import RecordedAdmin, RecordedRows, RecordedStackedInline

from .models import Membership, RoleHolding, School, User
from .operations import invite
from .roles import Role


class RoleHoldings(RecordedRows):
    """Keeps at least one person who can open these pages."""

    def clean(self) -> None:
        super().clean()
        today = localdate()
        if any(self.errors):
            return
        self._refuse_a_role_held_twice()
        if not self.instance.pk or self._still_administers(today):
            return
        others = Membership.objects.filter(school=self.instance.school_id).exclude(pk=self.instance.pk)
        if others.holding(Role.ADMINISTRATION, on=today).exists():
            return
        was = Membership.objects.filter(pk=self.instance.pk).holding(Role.ADMINISTRATION, on=today)
        if was.exists():
            raise ValidationError(
                _("Nobody else holds the role “Administration” today. Appoint somebody else first."),
                code="last_administration",
            )

    def _still_administers(self, today: date) -> bool:
        if self.instance.left_on and self.instance.left_on < today:
            return False
        return any(one.role == Role.ADMINISTRATION and one.covers(today) for one in self._kept())

    def _kept(self) -> list[RoleHolding]:
        return [form.instance for form in self.forms if not form.cleaned_data.get("DELETE") and form.instance.starts_on]

    def _refuse_a_role_held_twice(self) -> None:
        """Rows typed together are not in the database yet, where the constraint would compare them."""
        for one, other in combinations(self._kept(), 2):
            if one.role == other.role and (one.covers(other.starts_on) or other.covers(one.starts_on)):
                raise ValidationError(
                    _("The role “%(role)s” is held twice at the same time. Correct the days or delete one row."),
                    code="role_held_twice",
                    params={"role": one.get_role_display()},
                )


class RoleHoldingInline(RecordedStackedInline):
    model = RoleHolding
    formset = RoleHoldings
    fields = [("role", "starts_on", "ends_on"), "is_head"]
    verbose_name_plural = gettext_lazy("roles of the order")


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    list_display = ["full_name_column", "post", "roles_today", "reports_to", "left_on"]
    list_filter = ["holdings__role", ("left_on", admin.EmptyFieldListFilter)]
    search_fields = ["user__last_name", "user__first_name", "post"]
    list_select_related = ["user", "school", "reports_to__user"]
    list_per_page = 50
    inlines = [RoleHoldingInline]
    autocomplete_fields = ["reports_to"]
    fields = ["school", "user", "post", "reports_to", "left_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).prefetch_related("holdings")

    @admin.display(description=gettext_lazy("Name"), ordering="user__last_name")
    def full_name_column(self, member: Membership) -> str:
        return member.full_name

    @admin.display(description=gettext_lazy("roles today"))
    def roles_today(self, member: Membership) -> str:
        today = localdate()
        return ", ".join(one.get_role_display() for one in member.holdings.all() if one.covers(today)) or "—"

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        return [name for name in self.fields if name != "school" or _is_operator(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """A place never passes to another school or person: whoever signs in would take its roles."""
        return ["school", "user"] if obj is not None else []

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """One way to add people: the page that makes their account too. The operator starts a new school here."""
        if _is_operator(request):
            return super().add_view(request, form_url, extra_context)
        return redirect("people:member-new")

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        context["show_save_and_add_another"] = _is_operator(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Whoever leaves gets a last day; a line written by mistake may go until its person signs in."""
        if not super().has_delete_permission(request, obj):
            return False
        return _is_operator(request) or (obj is not None and not obj.user.has_usable_password())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not _is_operator(request):
            actions.pop("make_invitation", None)
            actions.pop("delete_selected", None)
        return actions

    actions = ["make_invitation"]

    @admin.action(description=gettext_lazy("Make an invitation link"))
    def make_invitation(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """For the operator, who stands on no staff list; the administration has the button on the staff page."""
        for member in queryset:
            _invitation, secret = invite(member, by=request.user, at=now())
            link = request.build_absolute_uri(reverse("people:invitation", args=[secret]))
            messages.success(request, f"{member.full_name}: {link}")


@admin.register(User)
class UserAdmin(RecordedAdmin):
    """Names. An e-mail is the key to an account: only the person changes it once there is a password."""

    list_display = ["__str__", "email"]
    search_fields = ["last_name", "first_name", "email"]
    fields = ["last_name", "first_name", "patronymic", "email"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The address of the list asks for no hash of a password letter by letter."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [*self.fields, "is_active", "is_superuser"] if _is_operator(request) else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        if obj is None or _is_operator(request):
            return []
        if obj.is_superuser or User.objects.filter(pk=obj.pk).of_several_schools().exists():
            return self.fields
        return ["email"] if obj.has_usable_password() else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(School)
class SchoolAdmin(RecordedAdmin):
    list_display = ["name", "time_zone", "working_week"]
    search_fields = ["name"]
    fields = ["name", "time_zone", "working_week"]


def _is_operator(request: HttpRequest) -> bool:
    """An operator of the site who acts for no school; in a school even they act as its staff."""
    return request.user.is_superuser and request.member is None
