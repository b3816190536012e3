"""Rows that are written once and never changed."""

from django.db import models


def _refuse(model):
    raise TypeError(f"{model._meta.verbose_name_plural.capitalize()} are never changed or deleted.")


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **values):
        _refuse(self.model)

    def delete(self):
        _refuse(self.model)


class AppendOnly(models.Model):
    """A row that is saved once. Updating or deleting it, or a queryset, raises TypeError; cascades still delete it."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            _refuse(self)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        _refuse(self)
