"""What an export of the publication has: tables, row by row, and their files.

Each app registers its part in its module or package `transfer`, imported at the start. A model that is in no part is
forgotten: a test compares.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import models
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

# Of a file that is compared.
PIECE = 1024 * 1024
# Why a model stays behind.
ACCOUNTS = gettext_noop("what belongs to accounts")
READERS = gettext_noop("keys, networks, addresses and answers of readers")
LOGS = gettext_noop("logs of what accounts did")
PASSING = gettext_noop("what is about this moment only")
COMPUTED = gettext_noop("computed again from what is exported")


@dataclass(frozen=True)
class RowFile:
    """A file of a row: where it is in the zip, what opens it, and what stores it.

    `open` raises OSError if it is gone. `check` gets what the zip has, of at most `most` bytes, and raises
    ValidationError if that is not what it should be. `store` stores it, and returns whether it is a new file; `remove`
    deletes it again. Files may be large: they are read piece by piece.
    """

    path: str
    open: Callable[[], File]
    check: Callable[[File], None]
    store: Callable[[File], bool]
    remove: Callable[[], None] = lambda: None
    most: int = 32 * 1024 * 1024


def stored_file(
    name: str, folder: str, check: Callable[[File], None], storage: str = "default", **limits: int
) -> RowFile:
    """A file of a storage. One with this name and the same content is left as it is."""
    if PurePosixPath(name).name != name or name.startswith("."):
        raise ValidationError(gettext("The name of a file of it is none of ours."))

    def open_stored() -> File:
        return storages[storage].open(name)

    def store(file: File) -> bool:
        file.seek(0)
        if storages[storage].exists(name):
            with open_stored() as stored:
                if not _is_same(stored, file):
                    raise ValidationError(gettext("Another file has the name %(name)s.") % {"name": name})
            return False
        storages[storage].save(name, file)
        return True

    path = f"{folder}/{name}"
    return RowFile(path, open_stored, check, store, lambda: storages[storage].delete(name), **limits)


def _is_same(one: File, other: File) -> bool:
    while (piece := one.read(PIECE)) == other.read(PIECE):
        if not piece:
            return True
    return False


@dataclass(frozen=True)
class Table:
    """A model whose rows are exported, in the order of a column that sorts them alike on every database.

    `without` are columns that are left out; after an import they have their defaults. Columns that lead to accounts
    are left out of every table. `prepare` computes, of a row that was read, what it left out, and raises
    ValidationError for what no row of ours has. Rows of a table that `is_replaced` are settings: an import into an
    empty publication replaces them.
    """

    model: type[models.Model]
    without: frozenset[str] = frozenset()
    order: str = "pk"
    prepare: Callable[[models.Model], None] | None = None
    # Changes a row before it is written.
    outgoing: Callable[[dict], dict] | None = None
    # Gives a row that a version of before has written the columns of now.
    incoming: Callable[[dict], dict] | None = None
    files: Callable[[models.Model], Iterable[RowFile]] | None = None
    # A row without its files is refused. Others were gone, or left out, when it was exported.
    needs_files: bool = False
    # Of a column with choices: values that are none of them.
    also: frozenset[str] = frozenset()
    is_replaced: bool = False
    # Of one transaction of an import.
    batch: int = 100

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def path(self) -> str:
        """Of its rows in the zip."""
        app, _, name = self.label.partition(".")
        return f"data/{app}/{name}.jsonl"

    @property
    def fields(self) -> list[models.Field]:
        """The columns that are exported."""
        return [
            column
            for column in self.model._meta.concrete_fields
            if column.name not in self.without and not leads_to_account(column)
        ]


def leads_to_account(column: models.Field) -> bool:
    return column.is_relation and column.related_model._meta.label == settings.AUTH_USER_MODEL


@dataclass(frozen=True)
class Part:
    """What an app exports. Tables come after those that their keys lead to: of parts, the one with a smaller `place`.

    `left` are the models of which nothing is exported, and why. `complete` computes what follows from the rows once all
    are stored, in transactions of bounded size; it yields how many rows it has done after each, and raises
    ValidationError. `clear` deletes what is computed and hangs on no row. `readable` yields names and contents, in
    pieces, of files for people and other programs, in an order that does not depend on the database.
    """

    place: int
    tables: tuple[Table, ...]
    left: dict[type[models.Model], str] = field(default_factory=dict)
    complete: Callable[[], Iterator[int]] = lambda: iter(())
    clear: Callable[[], None] = lambda: None
    readable: Callable[[], Iterator[tuple[str, Iterable[bytes]]]] = lambda: iter(())


_PARTS: list[Part] = []


def register(part: Part) -> Part:
    _PARTS.append(part)
    return part


def parts() -> list[Part]:
    """All of them, in the order in which they are stored."""
    return sorted(_PARTS, key=lambda part: part.place)


def tables() -> list[Table]:
    return [table for part in parts() for table in part.tables]


def left_behind() -> dict[str, list[str]]:
    """The names of what stays behind, by the reason, but for what is computed again."""
    reasons = {}
    for part in parts():
        for model, reason in part.left.items():
            with translation.override(None):
                reasons.setdefault(reason, []).append(str(model._meta.verbose_name_plural))
    return {reason: sorted(names) for reason, names in sorted(reasons.items()) if reason != COMPUTED}
