"""No double booking, kept by the database itself: EXCLUDE on PostgreSQL, triggers on SQLite."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Func, Q
from django.db.models.constraints import BaseConstraint
from django.db.models.sql.query import Query
from django.db.utils import IntegrityError


class NoOverlap(BaseConstraint):
    """Rows with the same `resources` never overlap in [start, end) while `condition` holds.

    A row that lacks one of its resources (NULL) is not checked: a booking without a room clashes with no room.
    The SQLite triggers are written again by Django after each re-make of the table, because they stand in the
    schema editor's deferred SQL.
    """

    def __init__(
        self, *, resources: Sequence[str], start: str, end: str, condition: Q, name: str, **kwargs: Any
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.resources, self.start, self.end, self.condition = tuple(resources), start, end, condition

    def deconstruct(self) -> tuple[str, tuple, dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        own = {"resources": self.resources, "start": self.start, "end": self.end, "condition": self.condition}
        return path, args, {**kwargs, **own}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    # --- PostgreSQL

    def _exclusion(self) -> ExclusionConstraint:
        span = Func(self.start, self.end, function="TSTZRANGE", output_field=DateTimeRangeField())
        same = [(resource, "=") for resource in self.resources]
        return ExclusionConstraint(name=self.name, condition=self.condition, expressions=[*same, (span, "&&")])

    # --- SQLite

    def _where(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        where = Query(model=model, alias_cols=False).build_where(self.condition)
        sql, params = where.as_sql(Query(model=model).get_compiler(connection=editor.connection), editor.connection)
        return sql % tuple(editor.quote_value(param) for param in params)

    def _triggers(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Iterator[Statement]:
        quote = editor.quote_name

        def column(name: str) -> str:
            return quote(model._meta.get_field(name).column)

        start, end, key = column(self.start), column(self.end), quote(model._meta.pk.column)
        resources = [column(resource) for resource in self.resources]
        same = " AND ".join(f"o.{one} = NEW.{one}" for one in resources)  # NULL = NULL is never true
        where = self._where(model, editor)
        for event in ("INSERT", "UPDATE"):
            yield Statement(
                f"CREATE TRIGGER {quote(f'{self.name}_{event.lower()}')} AFTER {event} ON %(table)s\n"  # noqa: S608
                f"WHEN {' AND '.join(f'NEW.{one} IS NOT NULL' for one in resources)} BEGIN\n"
                f"  SELECT RAISE(ABORT, '{self.name}') WHERE EXISTS (\n"
                f"    SELECT 1 FROM %(table)s o WHERE ({where}) AND o.{key} <> NEW.{key} AND {same}\n"
                f"      AND o.{start} < NEW.{end} AND NEW.{start} < o.{end}\n"
                f"      AND EXISTS (SELECT 1 FROM (SELECT {key} AS k FROM %(table)s WHERE ({where}))\n"
                f"                  WHERE k = NEW.{key}));\nEND",
                table=Table(model._meta.db_table, quote),  # a reference: Django renames it when it re-makes the table
            )

    # --- What Django asks of a constraint

    def constraint_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().constraint_sql(model, schema_editor)
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().create_sql(model, schema_editor)
        *first, last = self._triggers(model, schema_editor)
        for statement in first:
            schema_editor.execute(statement, params=None)
        return last

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion().remove_sql(model, schema_editor)
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_insert')}", params=None)
        return Statement("DROP TRIGGER IF EXISTS %(name)s", name=schema_editor.quote_name(f"{self.name}_update"))

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """The polite refusal in forms; the database has the last word."""
        if {*self.resources, self.start, self.end} & set(exclude or ()):
            return

        def value(name: str) -> Any:
            return getattr(instance, model._meta.get_field(name).attname)

        same, start, end = {name: value(name) for name in self.resources}, value(self.start), value(self.end)
        if None in (*same.values(), start, end):
            return
        against = instance._get_field_expression_map(meta=model._meta, exclude=exclude)
        if not self.condition.check(against, using=using):
            return
        others = model._default_manager.using(using).exclude(pk=instance.pk)
        if others.filter(self.condition, **same, **{f"{self.start}__lt": end, f"{self.end}__gt": start}).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code or self.name)


def refusal_of(error: IntegrityError, model: type[models.Model]) -> ValidationError | None:
    """The ValidationError in a person's words behind a constraint that the database kept; None if it is another."""
    diagnosis = getattr(error.__cause__, "diag", None)  # psycopg2 names the constraint; SQLite's message is the name
    name = diagnosis.constraint_name if diagnosis else str(error).removeprefix("CHECK constraint failed: ")
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return ValidationError(
                constraint.get_violation_error_message(), code=constraint.violation_error_code or constraint.name
            )
    return None
