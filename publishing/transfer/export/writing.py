"""Writes the whole publication into a zip: see docs/moving.md for what is in it and what stays behind."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ... import files
from . import archive, rows
from .archive import Writer
from .tables import Part, Table, parts

# Of rows or files, after which progress is told.
STEP = 500


@dataclass
class Exported:
    """How many rows of each table are in the zip, how many files in all, and which files of rows are gone."""

    rows: Counter = field(default_factory=Counter)
    files: int = 0
    missing: list[str] = field(default_factory=list)


def export(path: Path, report: Callable[[str], None] = lambda text: None, *, has_files: bool = True) -> Exported:
    """Write the export to `path`, whole or not at all. Without `has_files` pictures and other files are left out.

    Of one state of the database, which others change meanwhile: nothing is locked. Memory does not depend on the number
    of rows. Two exports of one state have equal bytes. Raises OSError.
    """
    exported = Exported()
    with files.whole(path) as file, Writer(file) as writer, _one_state():
        for part in parts():
            for table in part.tables:
                _write_rows(writer, table, exported, report)
        for part in parts():
            for table in part.tables:
                if table.files and (has_files or table.needs_files):
                    _write_files(writer, table, exported, report)
            _write_readable(writer, part, report)
        writer.add(archive.HEADER, archive.header(dict(exported.rows)))
        exported.files = writer.files
    return exported


@contextmanager
def _one_state() -> Iterator[None]:
    """Read one state of the database, and let others write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not by `atomic`, which takes the lock of writers at once.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _write_rows(writer: Writer, table: Table, exported: Exported, report) -> None:
    with writer.opened(table.path) as stream:
        for number, row in enumerate(rows.stored_rows(table), 1):
            stream.write(rows.line(row))
            exported.rows[table.label] = number
            if not number % STEP:
                report(f"{table.model._meta.verbose_name_plural}: {number:,}")


def _write_files(writer: Writer, table: Table, exported: Exported, report) -> None:
    attributes = {field.name: field.attname for field in table.fields}
    for number, row in enumerate(rows.stored_rows(table), 1):
        for file in table.files(table.model(**{attributes[name]: value for name, value in row.items()})):
            try:
                with file.open() as stored:
                    writer.copy(file.path, stored)
            except FileNotFoundError:
                exported.missing.append(file.path)
        if not number % STEP:
            report(
                _("files of %(names)s: %(number)s")
                % {
                    "names": table.model._meta.verbose_name_plural,
                    "number": number_format(number, force_grouping=True),
                }
            )


def _write_readable(writer: Writer, part: Part, report) -> None:
    for number, (name, pieces) in enumerate(part.readable(), 1):
        with writer.opened(name) as stream:
            stream.writelines(pieces)
        if not number % STEP:
            report(_("texts: %(number)s") % {"number": number_format(number, force_grouping=True)})
