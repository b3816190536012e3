"""Places for advertisements, and what fills each."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.cache import changes, values
from publishing.cache.models import Invalidating
from publishing.paths import path_of
from publishing.web import redirects

from ..slots import kinds, sizes

_AD_UNIT = re.compile(r"[0-9]{10}")

PAGES_LENGTH = 10_000


class Key(models.TextChoices):
    ARTICLE_TOP = "article-top", _("Above an article")
    ARTICLE_BODY = "article-body", _("Inside an article")
    ARTICLE_END = "article-end", _("Below an article")
    LIST = "list", _("In lists of articles")
    BESIDE = "beside", _("Beside an article, on wide screens")


class Source(models.TextChoices):
    """What fills a slot."""

    OFF = "off", _("Off")
    PREVIEW = "preview", _("Preview: an empty box")
    HOUSE = "house", _("Advertisements of your own")
    ADSENSE = "adsense", _("AdSense")


class Slot(Invalidating):
    """A place for an advertisement. Without a row it is off."""

    key = models.CharField(_("place"), max_length=20, choices=Key, unique=True)
    source = models.CharField(_("filled by"), max_length=10, choices=Source, default=Source.OFF, db_default=Source.OFF)
    # By breakpoint (slots/sizes.py), a list of [width, height] in CSS pixels. Empty: the usual ones of the place.
    sizes = models.JSONField(default=dict, db_default={}, blank=True)
    # Kinds of page that do not have it.
    excluded_kinds = models.JSONField(_("not on"), default=list, db_default=[], blank=True)
    # Of AdSense: ten digits.
    ad_unit = models.CharField(_("ad unit"), max_length=10, blank=True, default="", db_default="")
    pages = models.TextField(
        _("only on these pages"),
        max_length=PAGES_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text=_("One address a line, such as /articles/a-title/. Empty: on all pages that have the place."),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sponsored slot")
        constraints = [
            models.CheckConstraint(condition=Q(key__in=Key.values), name="slot_key_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="slot_source_known"),
        ]

    def __str__(self):
        return self.get_key_display()

    def page_names(self):
        return [changes.SITE]

    def clean(self):
        """Raises ValidationError for sizes without room, an ad unit or kinds of page that there are not."""
        sizes.validate(self.key, self.sizes)
        if self.ad_unit and not _AD_UNIT.fullmatch(self.ad_unit):
            raise ValidationError({"ad_unit": _("Ten digits.")})
        chosen = self.excluded_kinds
        if not isinstance(chosen, list) or any(kind not in kinds.Kind.values for kind in chosen):
            raise ValidationError({"excluded_kinds": _("There is no such kind of page.")})

    @property
    def sizes_here(self) -> dict[str, list[tuple[int, int]]]:
        """What it may hold at each breakpoint at which it has a box."""
        return sizes.of(self.key, self.sizes)

    def is_for(self, path: str) -> bool:
        """Whether the page with this path may have it. Pages that were renamed are found."""
        if not self.pages:
            return True
        return path_of(path) in {path_of(redirects.target(line) or line) for line in self.pages.splitlines()}

    @classmethod
    def all_rows(cls) -> list["Slot"]:
        """One of each key. No query while nothing has changed; none at all while the database is down."""
        return _all_rows.get()

    @staticmethod
    def pretend(rows: list["Slot"]) -> None:
        """Have `all_rows` return rows that are not stored, in this process and until something changes."""
        _all_rows.pretend(rows)

    @classmethod
    def row(cls, key: str) -> "Slot":
        """That of a key, as `all_rows`."""
        return next((slot for slot in cls.all_rows() if slot.key == key), None) or cls(key=key)

    @classmethod
    def on(cls, path: str) -> frozenset[str]:
        """The keys of the slots that are on for the page with this path."""
        return frozenset(slot.key for slot in cls.all_rows() if slot.source != Source.OFF and slot.is_for(path))


def _read() -> list[Slot]:
    stored = {slot.key: slot for slot in Slot.objects.all()}
    return [stored.get(key) or Slot(key=key) for key in Key.values]


_all_rows = values.CachedValue(_read, default=list)
