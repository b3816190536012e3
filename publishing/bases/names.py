"""Names of models and fields that Django makes of the names of their classes and attributes.

They are translated as those that were given; `make messages` collects both.
"""

from collections.abc import Iterable, Iterator

from django.db import models
from django.utils import translation


def _derived(model) -> Iterator[tuple[object, str]]:
    """What has such a name, the model's options or a field, and the attribute that holds it.

    Nothing of what no page of the admin shows: models without permissions, fields that nobody fills in, but for those
    that lists have: moments, people, states.
    """
    options = model._meta
    if not options.default_permissions and not options.permissions:
        return
    for attribute in ("verbose_name", "verbose_name_plural"):
        if attribute not in options.original_attrs:
            yield options, attribute
    for field in (*options.local_fields, *options.local_many_to_many):
        # What was given. `verbose_name` has what Django made of the attribute, if nothing was.
        is_listed = field.editable or field.choices or isinstance(field, models.DateField | models.ForeignKey)
        if is_listed and getattr(field, "_verbose_name", None) is None:
            yield field, "verbose_name"


def derived(several: Iterable[type]) -> set[str]:
    """These names in English."""
    with translation.override(None):
        return {str(getattr(named, attribute)) for model in several for named, attribute in _derived(model)}


def translate(several: Iterable[type]) -> None:
    """Let them be in the language of the moment. Migrations, which have only what was given, stay as they are."""
    with translation.override(None):
        for model in several:
            for named, attribute in _derived(model):
                setattr(named, attribute, translation.gettext_lazy(str(getattr(named, attribute))))
