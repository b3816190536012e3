"""Prepared queries, whose SQL is built once: that takes Django longer than the database takes for a few rows."""

from copy import copy

from django.db import connections
from django.db.models import Field, QuerySet, Value


class Parameter(Value):
    """The place of a value in a prepared query. Each call gives it by `name`."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(name, output_field)

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def filled(self, values: dict, connection):
        return self.output_field.get_db_prep_value(values[self.value], connection)


class Prepared:
    """Called with the values of its `Parameter`s, it returns the rows of `queryset`.

    A slice, `select_related` and `prefetch_related` work as ever; a condition without a `Parameter` never changes.
    """

    def __init__(self, queryset: QuerySet):
        self._queryset, self._built = queryset, {}

    def __call__(self, **values) -> list:
        rows = self._queryset.all()
        # Of this clone only, which does not leave this function.
        rows.query.get_compiler = lambda using: self._compiler(using, values)
        return list(rows)

    def _compiler(self, using: str, values: dict):
        """A compiler that has its SQL already."""
        connection = connections[using]
        key = using, connection.vendor
        if key not in self._built:
            built = self._queryset.query.clone().get_compiler(using)
            self._built[key] = built, *built.as_sql()
        built, sql, places = self._built[key]
        parameters = tuple(
            place.filled(values, connection) if isinstance(place, Parameter) else place for place in places
        )
        compiler = copy(built)
        # A connection belongs to one thread.
        compiler.connection = connection
        compiler.as_sql = lambda: (sql, parameters)
        return compiler
