"""Model fields for text that people type. Migrations see Django's own fields, so they import nothing of ours."""

from django.db import models

from .markdown_limits import validate_effort
from .validators import validate_no_turned_text, validate_one_line, validate_storable, validate_visible

# Of what has a page of its own: an article, a quiz, a series.
TITLE_LENGTH = 200
SUMMARY_LENGTH = 300


class LineField(models.CharField):
    """One line in which there is something to see, if it is not empty."""

    default_validators = [validate_storable, validate_one_line, validate_visible, validate_no_turned_text]

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class ProseField(models.TextField):
    """Text of any number of lines that every database, feed and log can hold, and that is rendered in a few seconds."""

    default_validators = [validate_storable, validate_effort]

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
