"""Rows that pages show: a change invalidates the cached pages that show one of the fields that differ."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models, transaction

from ..cache import pages


def differs(before, after, *fields: str) -> bool:
    """Whether a field or property differs; also if one row is None. Fields that were not read do not.

    Raises ValueError for a field that is never read: `compared_fields` has to have it.
    """
    if before is None or after is None:
        return True
    unread = before.get_deferred_fields() | after.get_deferred_fields()
    if never := unread.intersection(fields) - before.compared_fields():
        raise ValueError(f"{type(before).__name__}.ALSO_READ has to have {', '.join(sorted(never))}.")
    return any(getattr(before, name) != getattr(after, name) for name in fields if name not in unread)


class Shown(models.Model):
    """A row that pages show. When it is saved or deleted, it is compared with the stored one.

    Pages that show what differs are invalidated; if it is not public any more, they are withdrawn.
    """

    # The fields and properties that pages show, by the name of these pages; `{}` stands for the primary key.
    SHOWN: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What else `changed_names` and `is_published` read.
    ALSO_READ: ClassVar[tuple[str, ...]] = ()
    # Relations that it reads, fetched at once for many rows.
    ALSO_FETCHED: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args, stored=None, **kwargs):
        """Pass `stored`, the row as it was stored, to save a query."""
        before = stored or self.as_stored()
        super().save(*args, **kwargs)
        self.invalidate([(before, self)])

    def delete(self, *args, **kwargs):
        before = self.as_stored()
        with transaction.atomic():
            if before is not None:
                self.invalidate([(before, None)])
            return super().delete(*args, **kwargs)

    @property
    def is_published(self) -> bool:
        return True

    @classmethod
    def changed_names(cls, before, after) -> set[str]:
        """The names of the pages to invalidate; `before` is None for a new row, `after` for a deleted one."""
        key = (after or before).pk
        return {name.format(key) for name, fields in cls.SHOWN.items() if differs(before, after, *fields)}

    @classmethod
    def invalidate(cls, pairs: Iterable[tuple]) -> None:
        """Invalidate what shows these rows, each as it was stored and as it is now; one of them may be None."""
        pairs, withdrawn, changed = list(pairs), set(), set()
        if len(pairs) > 1:
            models.prefetch_related_objects([row for pair in pairs for row in pair if row], *cls.ALSO_FETCHED)
        for before, after in pairs:
            was_public = before is not None and before.is_published
            is_public = after is not None and after.is_published
            names = withdrawn if was_public and not is_public else changed
            names |= cls.changed_names(before, after)
        if withdrawn:
            pages.withdraw(*sorted(withdrawn))
        if changed:
            pages.invalidate(*sorted(changed))

    @classmethod
    def compared_fields(cls) -> set[str]:
        names = {name for fields in (cls.ALSO_READ, *cls.SHOWN.values()) for name in fields}
        return names & {field.attname for field in cls._meta.concrete_fields}

    def as_stored(self):
        """The row as it is stored, with the fields to compare; None if it is new. One query."""
        if self._state.adding:
            return None
        return type(self)._base_manager.only(*self.compared_fields()).filter(pk=self.pk).first()
