"""Lists of the plan page under names: one's own and those that colleagues share."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ejournal_rollout.people.access import MemberRequest, member_required

from .. import operations
from ..forms import SavedViewForm
from ..models import SavedView


@require_safe
@member_required
def saved_views(request: MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@member_required
def view_new(request: MemberRequest) -> HttpResponse:
    form = SavedViewForm(request.POST, may_share=operations.may_share(request.member))
    if form.is_valid():
        try:
            view = operations.save_view(by=request.member, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The list “%(name)s” is saved.") % {"name": view.name})
            return redirect(f"{reverse('plans:plan')}?{view.query}")
    return _page(request, form, status=422)


@require_POST
@member_required
def view_change(request: MemberRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(request.member), pk=pk)
    form = SavedViewForm(request.POST, instance=view, may_share=operations.may_share(request.member))
    if form.is_valid():
        try:
            operations.change_view(
                view,
                by=request.member,
                name=form.cleaned_data["name"],
                is_shared=form.cleaned_data.get("is_shared", False),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("The list “%(name)s” is saved.") % {"name": view.name})
            return redirect("plans:views")
    return _page(request, form, status=422)


@require_POST
@member_required
def view_delete(request: MemberRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.visible_to(request.member), pk=pk)
    operations.delete_view(view, by=request.member)
    messages.success(request, _("The list “%(name)s” is deleted.") % {"name": view.name})
    return redirect("plans:views")


def _page(request: MemberRequest, failed: SavedViewForm | None = None, *, status: int = 200) -> HttpResponse:
    may_share = operations.may_share(request.member)
    views = list(SavedView.objects.visible_to(request.member).select_related("member__user"))
    forms = {one.pk: SavedViewForm(instance=one, may_share=may_share) for one in views if one.is_own}
    if failed is not None and failed.instance.pk in forms:
        forms[failed.instance.pk] = failed
    return render(
        request,
        "plans/saved_views.html",
        {
            "rows": [(one, forms.get(one.pk)) for one in views],
            "failed": failed,
            "new_form": failed if failed is not None and failed.instance.pk is None else None,
        },
        status=status,
    )
