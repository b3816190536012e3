"""Names of models and fields that Django makes of the names of their classes and attributes.

They are translated as those that were given; `make messages` collects both.
"""

from collections.abc import Iterable, Iterator

from django.utils import translation


def _derived(model) -> Iterator[tuple[object, str]]:
    """What has such a name, the model's options or a field, and the attribute that holds it.

    Nothing of what no page of the admin shows: models without permissions, fields that nobody fills in.
    """
    options = model._meta
    if not options.default_permissions:
        return
    for attribute in ("verbose_name", "verbose_name_plural"):
        if attribute not in options.original_attrs:
            yield options, attribute
    for field in (*options.local_fields, *options.local_many_to_many):
        # What was given. `verbose_name` has what Django made of the attribute, if nothing was.
        if field.editable and getattr(field, "_verbose_name", None) is None:
            yield field, "verbose_name"


def derived(models: Iterable[type]) -> set[str]:
    """These names in English."""
    with translation.override(None):
        return {str(getattr(named, attribute)) for model in models for named, attribute in _derived(model)}


def translate(models: Iterable[type]) -> None:
    """Let them be in the language of the moment. Migrations, which have only what was given, stay as they are."""
    with translation.override(None):
        for model in models:
            for named, attribute in _derived(model):
                setattr(named, attribute, translation.gettext_lazy(str(getattr(named, attribute))))
