"""Labels by their names: found without regard to case and spaces, and made."""

import unicodedata

from django.contrib.admin.models import ADDITION
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from publishing.bases.log import log

from ..models import ListCount, MergedLabel
from ..models.list_counts import ALL
from ..models.taxonomy import Listed, free_slug, kept_key


def tidy(name: str) -> str:
    """On one line, with single spaces."""
    return " ".join(name.split())


def compared(name: str) -> str:
    return tidy(unicodedata.normalize("NFKC", name)).casefold()


def find(model: type[Listed], name: str) -> Listed | None:
    """The label with this name, or the one that a label with this name was merged into. Three small queries at most."""
    field, wanted = model.NAME_FIELD, compared(name)
    exact = model.objects.filter(**{field: tidy(name)}).order_by("pk").first()
    if exact or not wanted:
        return exact
    # In Python: SQLite folds the case of ASCII only.
    names = model.objects.order_by("pk").values_list("pk", field)
    key = next((key for key, text in names if compared(text) == wanted), None)
    if key is None:
        merged = MergedLabel.objects.filter(kind=model._meta.model_name).order_by("-pk").defer("articles")
        key = next((kept_key(label.kind, label.key) for label in merged if compared(str(label)) == wanted), None)
    return key and model.objects.filter(pk=key).first()


def new(model: type[Listed], name: str) -> Listed:
    """A label with this name and a slug made of it, not saved. Raises ValidationError if the name cannot be stored."""
    name = tidy(name)
    label = model(slug=free_slug(model, name), **{model.NAME_FIELD: name})
    label.full_clean()
    return label


@transaction.atomic
def make(model: type[Listed], name: str, *, by) -> Listed:
    """The label with this name, made and logged if there is none. Raises ValidationError as `new` does."""
    # Two who make the same name at once wait for each other.
    list(ListCount.objects.select_for_update().filter(kind=ALL))
    label = find(model, name)
    if label is None:
        label = new(model, name)
        try:
            with transaction.atomic():
                label.save()
        except IntegrityError:
            label = find(model, name)
            if label is None:
                raise
        else:
            log(by, label, _("Added on the writing screen"), ADDITION)
    return label
