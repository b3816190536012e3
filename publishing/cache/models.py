"""Abstract models that invalidate the cache when they are saved or deleted."""

from functools import cache
from typing import Self

from django.db import models

from . import pages, values


class Invalidating(models.Model):
    """A row that cached pages or values depend on: `save` and `delete` invalidate `page_names()`."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        pages.invalidate(*self.page_names())

    def delete(self, *args, **kwargs):
        names = self.page_names()
        result = super().delete(*args, **kwargs)
        pages.invalidate(*names)
        return result

    def page_names(self) -> list[str]:
        """The names under which views register pages that show this row with `pages.cacheable`."""
        return [f"{self._meta.model_name}:{self.pk}"]


class SingleRow(Invalidating):
    """A table with one row, for settings. The concrete model has a check constraint on `pk=1`."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    def page_names(self):
        return [self._meta.model_name]

    @classmethod
    def current(cls) -> Self:
        """The row, or one with the defaults. No query while nothing has changed."""
        return _cached_row(cls).get()

    @classmethod
    def pretend(cls, row: Self) -> None:
        """Have `current` return a row that is not stored, in this process and until something changes."""
        _cached_row(cls).pretend(row)


@cache
def _cached_row(model):
    names = tuple(model(pk=1).page_names())
    return values.CachedValue(lambda: model.objects.first() or model(), default=model, names=names)
