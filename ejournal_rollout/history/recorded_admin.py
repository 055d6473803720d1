"""The admin as every room uses it: one's own school only, every change in the journal.

`request.member` is set by the middleware of people/; a superuser without membership sees every school.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import get_deleted_objects
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms import BaseInlineFormSet, BaseModelForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .recording import record

# Django's Russian puts our nouns into the wrong case («Изменить сотрудник»); our catalogue words these anew.
WORDED_ANEW = (
    gettext_noop("Add %s"),
    gettext_noop("Add %(name)s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("Delete selected %(verbose_name_plural)s"),
    gettext_noop(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? All of the following related items '
        "will be deleted:"
    ),
    gettext_noop(
        "Are you sure you want to delete the selected %(objects_name)s? All of the following objects and their related "
        "items will be deleted:"
    ),
    gettext_noop(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account "
        "doesn't have permission to delete the following types of objects:"
    ),
    gettext_noop(
        "Deleting the selected %(objects_name)s would result in deleting related objects, but your account doesn't "
        "have permission to delete the following types of objects:"
    ),
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("You may edit it again below."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    gettext_noop("The %(name)s “%(obj)s” was deleted successfully."),
    gettext_noop("Save and add another"),
)


# The names by which rows of the rooms call what they are a part of.
WHOLES = ("membership", "order", "plan", "stage", "task", "regulation", "schedule", "direction", "seminar")


class PrintedText(forms.CharField):
    """Words as printed: a browser sends a new line as two characters, which would change a text that nobody touched."""

    def to_python(self, value: object) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class OwnSchool:
    """Querysets, choices and autocompletion narrowed to the member's school; texts keep their lines."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if isinstance(db_field, models.TextField):
            kwargs.setdefault("form_class", PrintedText)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return _own(super().get_queryset(request), request)

    def get_field_queryset(self, db: str, db_field: models.Field, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = db_field.remote_field.model._default_manager.using(db)
        return _own(queryset, request)


def _own(queryset: models.QuerySet, request: HttpRequest) -> models.QuerySet:
    if request.member is not None and hasattr(queryset.all(), "visible_to"):
        return queryset.all().visible_to(request.member)
    return queryset


class RecordedRows(BaseInlineFormSet):
    """Refuses to delete a row on which something hangs that the person may not delete: a note of a task is a fact.

    Django asks this on its page of deletion only, not for the ticks beside the rows.
    """

    request: HttpRequest
    admin_site: admin.AdminSite

    def clean(self) -> None:
        super().clean()
        for row in self.rows_to_delete:
            _shown, _counts, kinds, _protected = get_deleted_objects([row], self.request, self.admin_site)
            if kinds:
                raise ValidationError(
                    _("“%(row)s” cannot be deleted: people have worked with it already (%(kinds)s)."),
                    code="has_facts",
                    params={"row": row, "kinds": ", ".join(sorted(str(kind) for kind in kinds))},
                )

    @property
    def rows_to_delete(self) -> list[models.Model]:
        return [form.instance for form in self.deleted_forms if form.instance.pk]


class RecordedInline(OwnSchool):
    extra = 0
    formset = RecordedRows

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> type[RecordedRows]:
        formset = super().get_formset(request, obj, **kwargs)  # a class made for this request
        formset.request, formset.admin_site = request, self.admin_site
        return formset


class RecordedTabularInline(RecordedInline, admin.TabularInline):
    pass


class RecordedStackedInline(RecordedInline, admin.StackedInline):
    pass


class RecordedAdmin(OwnSchool, admin.ModelAdmin):
    """Use `RelatedOnlyFieldListFilter` for filters by a relation: it asks `get_queryset`."""

    def get_view_on_site_url(self, obj: models.Model | None = None) -> str | None:
        """The page of the record itself, without Django's forwarding by content type and number."""
        if obj is None or not self.view_on_site or not hasattr(obj, "get_absolute_url"):
            return None
        return obj.get_absolute_url()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Headed by what is listed: Django's “Select task to change” has no good Russian for every noun."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting stands last: what one does every day is not looked for behind it."""
        actions = super().get_actions(request)
        deleting = {name: actions.pop(name) for name in ["delete_selected"] if name in actions}
        return actions | deleting

    def has_add_permission(self, request: HttpRequest) -> bool:
        """What gets its school from the one who adds it is added by staff: an operator of the site has no school."""
        own = [field for field in self.model._meta.fields if field.name == "school" and not field.editable]
        return super().has_add_permission(request) and (request.member is not None or not own)

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        if request.member is not None and getattr(obj, "school_id", 0) is None:
            obj.school_id = request.member.school_id
        super().save_model(request, obj, form, change)
        self.journal(request, "admin.changed" if change else "admin.added", obj, list(changes_of(form)))

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        for row in formset.rows_to_delete:  # while they still have their numbers
            self.journal(request, "admin.deleted", row, [])
        super().save_formset(request, form, formset, change)
        forms = {one.instance.pk: one for one in formset.forms}
        for obj in formset.new_objects:
            self.journal(request, "admin.added", obj, list(changes_of(forms[obj.pk])))
        for obj, _names in formset.changed_objects:
            self.journal(request, "admin.changed", obj, list(changes_of(forms[obj.pk])))

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self.journal(request, "admin.deleted", obj, [])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for obj in queryset:
            self.journal(request, "admin.deleted", obj, [])
        super().delete_queryset(request, queryset)

    def journal(self, request: HttpRequest, verb: str, obj: models.Model, changes: list[tuple[str, Any, Any]]) -> None:
        by = request.member or request.user
        record(verb, obj, by=by, changes=changes, school_id=None if request.member else school_of(obj))


def school_of(row: models.Model | None) -> int | None:
    """The school in whose journal an act of an operator is read: of the row itself or of what it is a part of."""
    while row is not None:
        if row._meta.label == "people.School":
            return row.pk
        if hasattr(row, "school_id"):
            return row.school_id
        row = next((getattr(row, name) for name in WHOLES if hasattr(row, name)), None)
    return None


def changes_of(form: BaseModelForm) -> Iterator[tuple[str, str, str]]:
    """(label, old, new) of every changed field, in the words that a person sees in the form."""
    for name in form.changed_data:
        field = form.fields[name]
        label = str(field.label or name)
        if "password" in name:
            yield label, "", "***"
        else:
            yield (
                label,
                _words(form.get_initial_for_field(field, name), field),
                _words(form.cleaned_data.get(name), field),
            )


def _words(value: Any, field: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, models.QuerySet | list | tuple):
        return ", ".join(_words(one, field) for one in value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, date):  # a moment too
        return date_format(value, "SHORT_DATETIME_FORMAT" if isinstance(value, datetime) else "SHORT_DATE_FORMAT")
    for key, label in getattr(field, "choices", ()) or ():
        if str(key) == str(value):
            return str(label)
    return str(value)
