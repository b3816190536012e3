"""Rows that are written once and never changed."""

from django.db import models


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **values):
        raise TypeError(f"{self.model._meta.verbose_name_plural.capitalize()} are never changed.")

    def delete(self):
        raise TypeError(f"{self.model._meta.verbose_name_plural.capitalize()} are never deleted.")


class AppendOnly(models.Model):
    """A row that is saved once. Updating or deleting it, or a queryset, raises TypeError; cascades still delete it."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError(f"{self._meta.verbose_name_plural.capitalize()} are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError(f"{self._meta.verbose_name_plural.capitalize()} are never deleted.")
