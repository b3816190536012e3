"""Prepared queries, whose SQL is built once: that takes Django longer than the database takes for a few rows."""

from copy import copy
from functools import partial

from django.db import connections
from django.db.models import BigIntegerField, DateTimeField, Field, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone


class Parameter(Value):
    """The place of a value in a prepared query. Each call gives it by `name`."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(name, output_field)

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values: dict, connection):
        return self.output_field.get_db_prep_value(values[self.value], connection)


# Every call has it.
NOW = Parameter("now", DateTimeField())


class Prepared:
    """Called with the values of its `Parameter`s, it returns the rows of `queryset`.

    Slices, `select_related` and `prefetch_related` work; a condition without a `Parameter` never changes.
    """

    def __init__(self, queryset: QuerySet):
        self._queryset, self._built = queryset, {}

    def __call__(self, **values) -> list:
        rows, values = self._queryset.all(), {"now": timezone.now()} | values
        # Of this clone only, which does not leave this function.
        rows.query.get_compiler = lambda using: self._compiler(using, values)
        return list(rows)

    def first(self, **values):
        """The first row, or None."""
        return next(iter(self(**values)), None)

    def _compiler(self, using: str, values: dict):
        """A compiler whose SQL is built."""
        connection = connections[using]
        key = using, connection.vendor
        if key not in self._built:
            built = self._queryset.query.clone().get_compiler(using)
            sql, places = built.as_sql()
            self._built[key] = built, sql, places, built.get_converters(column for column, *_ in built.select)
        built, sql, places, converters = self._built[key]
        parameters = tuple(
            place.filled(values, connection) if isinstance(place, Parameter) else place for place in places
        )
        compiler = copy(built)
        # A connection belongs to one thread.
        compiler.connection = connection
        if hasattr(connection, "prepared"):
            compiler.execute_sql = partial(_execute_prepared, compiler)
        compiler.as_sql = lambda: (sql, parameters)
        compiler.get_converters = lambda columns: converters
        return compiler


def _execute_prepared(compiler, *arguments, **options):
    """By a plan that the connection has already, if its database takes long to make one."""
    with compiler.connection.prepared():
        return SQLCompiler.execute_sql(compiler, *arguments, **options)


class PreparedBulk:
    """`queryset.in_bulk(keys)`, prepared for each number of keys; they are those of `field`, by default its own."""

    def __init__(self, queryset: QuerySet, field: str = "pk"):
        # By key alone: for an order databases would walk its index.
        self._queryset, self._field, self._prepared = queryset.order_by(), field, {}

    def __call__(self, keys) -> dict:
        values = {f"key_{index}": key for index, key in enumerate(keys)}
        if not values:
            return {}
        if len(values) not in self._prepared:
            places = [Parameter(name, BigIntegerField()) for name in values]
            self._prepared[len(values)] = Prepared(self._queryset.filter(**{f"{self._field}__in": places}))
        return {row.pk: row for row in self._prepared[len(values)](**values)}
