"""Reads an export into an empty publication: the same rows, with the same keys, and what is computed from them.

The rows are stored in transactions of bounded size. If anything is wrong with one, all that was stored is deleted
again, at the latest by the next import if the process is killed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ...cache import changes, pages
from ...models import UnfinishedImport
from ...text.validators import sentences
from ..files import Files
from ..notes import Refused
from . import archive, rows
from .tables import RowFile, Table, parts, tables

# Of the rows of one transaction, which may be fewer than `Table.batch`.
BATCH_BYTES = 4 * 1024 * 1024
DELETED_AT_ONCE = 200


class NotEmpty(Refused):
    """There are articles, comments or other rows already, which the rows of an export would collide with."""


def check_empty() -> None:
    """Raises NotEmpty, with the first table that has rows."""
    for table in tables():
        if not table.is_replaced and models.QuerySet(table.model).exists():
            what = table.model._meta.verbose_name_plural
            raise NotEmpty(_("this publication is not empty: there are %(what)s already") % {"what": what})


def restore(path: Path, report: Callable[[str], None] = lambda text: None, *, dry_run: bool = False) -> Counter:
    """Store an export in an empty publication, and return the numbers of rows by table.

    A dry run reads every row and file, and stores none: what only the database would refuse is not found.

    Raises NotEmpty, and Refused if something in it is not as an export of ours has it; then nothing of it stays.
    About 20 ms for each article; no lock for longer than a batch. Call it inside `transfer.lock.exclusive`.
    """
    with archive.opened(path) as files:
        expected = archive.read_header(files)
        if unknown := sorted(expected.keys() - {table.label for table in tables()}):
            raise Refused(
                _("it has rows of “%(unknown)s”, which this site does not know") % {"unknown": unknown[0][:60]}
            )
        run = _Run(files, report, is_stored=not dry_run)
        return _stored(run, expected) if run.is_stored else _read(run, expected)


def _read(run: "_Run", expected: dict[str, int]) -> Counter:
    check_empty()
    for table in tables():
        run.store(table, expected.get(table.label, 0))
    return run.counts


def _stored(run: "_Run", expected: dict[str, int]) -> Counter:
    _begin()
    try:
        for table in tables():
            run.store(table, expected.get(table.label, 0))
        for part in parts():
            run.complete(part)
        _reset_sequences()
        _end()
    except (Refused, ValidationError, DatabaseError, ValueError, TypeError, OverflowError) as error:
        _undo(run.new_files)
        if isinstance(error, Refused):
            raise
        if isinstance(error, ValidationError):
            raise Refused(" ".join(sentences(error))) from error
        raise Refused(
            _("%(place)s: the database refuses it: %(error)s")
            % {"place": run.place, "error": str(error).splitlines()[0][:200]}
        ) from error
    except BaseException:
        _undo(run.new_files)
        raise
    return run.counts


# --- begin and end --------------------------------------------------------------------------------


def _begin() -> None:
    """Raises NotEmpty if there are rows of others."""
    if UnfinishedImport.objects.exists():
        _undo()
    check_empty()
    replaced = {table.label: _lines(table) for table in tables() if table.is_replaced}
    with transaction.atomic():
        UnfinishedImport.objects.create(pk=1, replaced=replaced)
        for table in reversed(tables()):
            if table.is_replaced:
                models.QuerySet(table.model).delete()


def _lines(table: Table) -> list[str]:
    return [rows.line(row).decode() for row in rows.stored_rows(table)]


def _end() -> None:
    with transaction.atomic():
        UnfinishedImport.objects.all().delete()
        pages.withdraw(changes.SITE)


def _undo(new_files: list[RowFile] | None = None) -> None:
    """Delete all rows of an export, in batches; what the first one replaced is there again.

    And their files: those that are named, or else those of all rows.
    """
    unfinished = UnfinishedImport.objects.first()
    if unfinished is None:
        return
    for table in reversed(tables()):
        _delete_rows(table, has_files=new_files is None)
    for part in parts():
        part.clear()
    for file in new_files or ():
        file.remove()
    with transaction.atomic():
        for table in tables():
            lines = unfinished.replaced.get(table.label, [])
            kept = [rows.instance(table, line.encode()) for line in lines]
            if kept:
                _insert(table, kept)
        unfinished.delete()
        pages.withdraw(changes.SITE)
    _reset_sequences()


def _delete_rows(table: Table, *, has_files: bool) -> None:
    """Without what a model or its queryset does besides: addresses answer 410 for no page that was never here."""
    own = models.QuerySet(table.model)
    while keys := list(own.order_by("-pk").values_list("pk", flat=True)[:DELETED_AT_ONCE]):
        if table.files and has_files:
            for row in own.filter(pk__in=keys):
                for file in table.files(row):
                    file.remove()
        with transaction.atomic():
            own.filter(pk__in=keys).delete()


def _reset_sequences() -> None:
    """The next row of each table gets a key that is free."""
    if sql := connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables()]):
        with connection.cursor() as cursor:
            for statement in sql:
                cursor.execute(statement)


# --- rows -----------------------------------------------------------------------------------------


def prepared(table: Table, line: bytes) -> models.Model:
    """The row of a line with what is computed of it, not stored. Raises Refused and ValidationError."""
    row = rows.instance(table, line)
    if table.prepare:
        table.prepare(row)
    return row


class _Run:
    def __init__(self, files: Files, report: Callable[[str], None], *, is_stored: bool):
        self.files, self.report, self.is_stored, self.counts = files, report, is_stored, Counter()
        self.new_files: list[RowFile] = []
        # For messages: the table and the number of the row.
        self.place = ""

    def store(self, table: Table, expected: int) -> None:
        if table.path not in self.files:
            if expected:
                raise Refused(_("%(path)s is missing") % {"path": table.path})
            return
        with closing(archive.lines(self.files, table.path)) as lines:
            while batch := self._read(table, lines):
                if self.is_stored:
                    with transaction.atomic():
                        _insert(table, batch)
                self.counts[table.label] += len(batch)
                self.report(
                    _("%(names)s: %(counts)s of %(expected)s")
                    % {
                        "names": table.model._meta.verbose_name_plural,
                        "counts": number_format(self.counts[table.label], force_grouping=True),
                        "expected": number_format(expected, force_grouping=True),
                    }
                )
        if self.counts[table.label] != expected:
            raise Refused(
                _("%(path)s has %(counts)s rows instead of %(expected)s")
                % {
                    "path": table.path,
                    "counts": number_format(self.counts[table.label], force_grouping=True),
                    "expected": number_format(expected, force_grouping=True),
                }
            )

    def _read(self, table: Table, lines: Iterator[bytes]) -> list[models.Model]:
        """The next rows, with their files stored; a file without a row is deleted if anything fails."""
        batch, size = [], 0
        for number, line in enumerate(islice(lines, table.batch), self.counts[table.label] + 1):
            self.place = f"{table.path}, row {number}"
            try:
                row = prepared(table, line)
                self._store_files(table, row)
            except (Refused, ValidationError) as error:
                reason = error if isinstance(error, Refused) else " ".join(sentences(error))
                raise Refused(f"{self.place}: {reason}") from error
            batch.append(row)
            size += len(line)
            if size > BATCH_BYTES:
                break
        return batch

    def _store_files(self, table: Table, row: models.Model) -> None:
        for file in table.files(row) if table.files else ():
            if file.path not in self.files:
                if table.needs_files:
                    raise Refused(_("%(path)s is missing") % {"path": file.path})
            else:
                with self._opened(file) as data:
                    file.check(data)
                    if self.is_stored and file.store(data):
                        self.new_files.append(file)

    @contextmanager
    def _opened(self, file: RowFile) -> Iterator[File]:
        """Raises Refused if it cannot be read."""
        with ExitStack() as stack:
            try:
                data = stack.enter_context(self.files.seekable(file.path, file.most))
            except archive.DAMAGED as error:
                raise Refused(_("%(path)s is damaged: %(error)s") % {"path": file.path, "error": error}) from error
            yield data

    def complete(self, part) -> None:
        done = 0
        self.place = _("what is computed of the rows")
        for number in part.complete():
            done += number
            self.report(_("computed: %(done)s") % {"done": number_format(done, force_grouping=True)})


def _insert(table: Table, batch: list[models.Model]) -> None:
    """Insert rows as they are, without the moments that a column sets itself (`auto_now`)."""
    fields = table.model._meta.concrete_fields
    size = max(connection.ops.bulk_batch_size(fields, batch), 1)
    for start in range(0, len(batch), size):
        # What `Model.save_base(raw=True)` calls, for several rows.
        models.QuerySet(table.model)._insert(batch[start : start + size], fields=fields, using="default", raw=True)
