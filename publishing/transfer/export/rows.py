"""Rows of a table as lines of JSON, and back: a line that was written by nobody of ours is refused with a reason."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime, parse_duration
from django.utils.duration import duration_iso_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...text.validators import sentences
from ..notes import Refused
from .tables import Table

# Of rows that are read at once. A version of an article has its text: 100 are a few MB, in the worst case 50.
CHUNK = 100
# In bytes. The longest text is half a million characters, each of which may be six in JSON.
MOST_BYTES = 16 * 1024 * 1024
# The keys of our tables have 64 bits.
MOST_KEY = 2**63 - 1
DEEPEST = 40


def stored_rows(table: Table) -> Iterator[dict]:
    """All rows of a table by names of columns, in its order. One query, a few rows in memory."""
    fields = table.fields
    rows = models.QuerySet(table.model).order_by(table.order).values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=CHUNK):
        values = {field.name: value for field, value in zip(fields, row, strict=True)}
        yield table.outgoing(values) if table.outgoing else values


def line(row: dict) -> bytes:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_json)
    # The two that some programs take for the end of a line.
    return (text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n").encode()


def _as_json(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def instance(table: Table, text: bytes) -> models.Model:
    """The row of a line, not stored. Raises Refused for a line that no row of the table can have.

    Constraints, unique columns and keys of other rows are left to the database.
    """
    values = _parsed(text)
    if table.incoming:
        values = table.incoming(values)
    fields = {field.name: field for field in table.fields}
    if unknown := sorted(values.keys() - fields.keys()):
        raise Refused(gettext("%(unknown)s is no column of it") % {"unknown": repr(unknown[0][:40])})
    if table.model._meta.pk.name not in values:
        raise Refused(gettext("it has no key"))
    try:
        return table.model(**{fields[name].attname: _value(table, fields[name], values[name]) for name in values})
    except ValidationError as error:
        raise Refused(" ".join(sentences(error))) from error


def _parsed(text: bytes) -> dict:
    try:
        values = json.loads(text.decode())
    except (ValueError, RecursionError) as error:
        raise Refused(gettext("it is no JSON in UTF-8, or nested too deeply")) from error
    if not isinstance(values, dict):
        raise Refused(gettext("it is no object"))
    _check_texts(values)
    return values


def _check_texts(value, depth: int = 0) -> None:
    """Refuse what a database cannot store: lone surrogates, NUL, and numbers that are none."""
    if depth > DEEPEST:
        raise Refused(gettext("it is nested too deeply"))
    if isinstance(value, str):
        if "\0" in value or not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise Refused(gettext("it has a character that cannot be stored"))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_texts(key, depth + 1)
            _check_texts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner, depth + 1)
    elif isinstance(value, float) and not isfinite(value):
        raise Refused(gettext("it has a number that cannot be stored"))


def _value(table: Table, field: models.Field, value):
    """What a column stores. Raises Refused and ValidationError."""
    if value is None and field.null:
        return None
    column = field
    while column.is_relation:
        column = column.target_field
    kind, read = next((kind, read) for of, kind, read in _KINDS if isinstance(column, of))
    if not isinstance(value, kind) or kind is int and isinstance(value, bool):
        raise Refused(gettext("its %(name)s is no %(words)s") % {"name": field.name, "words": _WORDS[kind]})
    try:
        value = read(value)
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise Refused(gettext("its %(name)s cannot be read") % {"name": field.name}) from error
    if value is None:
        raise Refused(gettext("its %(name)s cannot be read") % {"name": field.name})
    _check(table, field, value)
    return value


def _check(table: Table, field: models.Field, value) -> None:
    if isinstance(field, models.JSONField):
        return
    if field.choices and value not in ("", *dict(field.flatchoices), *table.also):
        raise Refused(gettext("its %(name)s is none of the choices") % {"name": field.name})
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise Refused(
            gettext("its %(name)s is longer than %(most)s characters") % {"name": field.name, "most": field.max_length}
        )
    if isinstance(value, int) and not -MOST_KEY <= value <= MOST_KEY:
        raise Refused(gettext("its %(name)s is too large") % {"name": field.name})
    if not field.is_relation:
        try:
            field.run_validators(value)
        except ValidationError as error:
            raise Refused(
                gettext("its %(name)s: %(problem)s") % {"name": field.name, "problem": " ".join(error.messages)}
            ) from error


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _day(text: str) -> date | None:
    return parse_date(text)


def _length(text: str) -> timedelta | None:
    return parse_duration(text)


def _same(value):
    return value


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


# What JSON has for a column, by its class, and what reads that; the first that fits.
_KINDS = (
    (models.JSONField, object, _same),
    (models.BooleanField, bool, _same),
    (models.DateTimeField, str, _moment),
    (models.DateField, str, _day),
    (models.DurationField, str, _length),
    (models.DecimalField, str, _number),
    (models.IntegerField, int, _same),
    (models.Field, str, _same),
)
_WORDS = {bool: _("true or false"), int: _("number"), str: _("text")}
