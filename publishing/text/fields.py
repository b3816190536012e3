"""Model fields for text that people type. Migrations get Django's own fields, so they import no app code."""

from django.db import models

from .markdown_limits import validate_effort
from .validators import validate_no_turned_text, validate_one_line, validate_storable, validate_visible

# Of models with a page: articles, quizzes, series.
TITLE_LENGTH = 200
SUMMARY_LENGTH = 300


class _DjangoField:
    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class LineField(_DjangoField, models.CharField):
    """One line, empty or with a visible character."""

    default_validators = [validate_storable, validate_one_line, validate_visible, validate_no_turned_text]


class ProseField(_DjangoField, models.TextField):
    """Text of several lines that can be stored, and rendered in a few seconds."""

    default_validators = [validate_storable, validate_effort]
