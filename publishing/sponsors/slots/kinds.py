"""Kinds of page that have places for slots, as their views declare them."""

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    HOME = "home", _("Front page")
    ARTICLE = "article", _("Articles")
    CATEGORY = "category", _("Categories")
    TAG = "tag", _("Tags")
    AUTHOR = "author", _("Authors")
    SERIES = "series", _("Series")


# The places on each kind of page, by `models.Key`.
KEYS = {kind: frozenset({"list"}) for kind in Kind} | {
    Kind.ARTICLE: frozenset({"article-top", "article-body", "article-end", "beside"})
}


def on(kind: str):
    """Decorator of a view whose pages have places for slots. "" for a view of several kinds: that of its `model`."""

    def declare(view):
        view.slot_kind = kind
        return view

    return declare


@cache
def kind_of(view) -> Kind | None:
    """What a view, or a partial of one, declares; None: no slot may be on its pages."""
    kind = getattr(getattr(view, "func", view), "slot_kind", None)
    if kind is None:
        return None
    return Kind(kind or view.keywords["model"]._meta.model_name)
