"""Model fields for text that people type. Migrations get Django's own fields, so they import no app code."""

from django import forms
from django.db import models

from .languages import TAG_LENGTH, clean_tag
from .markdown_limits import validate_effort
from .validators import validate_colour, validate_no_turned_text, validate_one_line, validate_storable, validate_visible

# Of models with a page: articles, quizzes, series.
TITLE_LENGTH = 200
SUMMARY_LENGTH = 300


class _DjangoField:
    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class SlugField(_DjangoField, models.SlugField):
    """Letters of any script, digits, hyphens and underscores."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, allow_unicode=True)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        # No column differs by that.
        kwargs.pop("allow_unicode", None)
        return name, path, args, kwargs


class _Written(_DjangoField):
    """What people write in any script: it is typed in the direction of its letters, whatever that of the form is."""

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        field.widget.attrs.setdefault("dir", "auto")
        return field


class LineField(_Written, models.CharField):
    """One line, empty or with a visible character."""

    default_validators = [validate_storable, validate_one_line, validate_visible, validate_no_turned_text]


class ProseField(_Written, models.TextField):
    """Text of several lines that can be stored, and rendered in a few seconds."""

    default_validators = [validate_storable, validate_effort]


class ColourField(_DjangoField, models.CharField):
    """`#rrggbb`, or nothing. What is typed as `#RGB` or in capitals is stored like that."""

    default_validators = [validate_colour]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 7, "blank": True, "default": "", "db_default": ""} | kwargs)

    def formfield(self, **kwargs):
        # Its one sentence, without another one about the length.
        return super().formfield(**{"form_class": _ColourInput, "max_length": None} | kwargs)


class _ColourInput(forms.CharField):
    default_validators = [validate_colour]

    def to_python(self, value):
        value = super().to_python(value).lower()
        return "#" + "".join(2 * digit for digit in value[1:]) if len(value) == 4 else value


class LanguageField(_DjangoField, models.CharField):
    """A language tag of BCP 47 in its usual form (`pt-BR` for what is typed as `pt_br`), or nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": TAG_LENGTH, "blank": True, "default": "", "db_default": ""} | kwargs)

    def to_python(self, value):
        return clean_tag(super().to_python(value) or "")

    def formfield(self, **kwargs):
        # Its one sentence, without another one about the length.
        return super().formfield(**{"form_class": _LanguageInput, "max_length": None} | kwargs)


class _LanguageInput(forms.CharField):
    def to_python(self, value):
        return clean_tag(super().to_python(value))
