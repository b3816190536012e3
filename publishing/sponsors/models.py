"""Sponsored slots, and ads.txt."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.cache import changes, values
from publishing.cache.models import Invalidating, SingleRow
from publishing.paths import path_of
from publishing.text.parsing import normal_line_ends
from publishing.web import redirects

from . import paths
from .ads_txt import validate_ads_txt

# Translators: for readers.
LABEL = _("Sponsored")
ADS_TXT_LENGTH = 20_000
PAGES_LENGTH = 10_000


class Key(models.TextChoices):
    ARTICLE_TOP = "article-top", _("Above an article")
    ARTICLE_BODY = "article-body", _("Inside an article")
    ARTICLE_END = "article-end", _("Below an article")
    LIST = "list", _("In lists of articles")


class Slot(Invalidating):
    """A place for an advertisement. Without a row it is switched on, and readers do not see it while it is empty."""

    key = models.CharField(_("place"), max_length=20, choices=Key, unique=True)
    enabled = models.BooleanField(_("switched on"), default=True)
    shows_empty = models.BooleanField(
        _("readers see the empty box"),
        default=False,
        db_default=False,
        help_text=_("As long as nothing fills it. Otherwise only the preview of an article shows it."),
    )
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
        constraints = [models.CheckConstraint(condition=Q(key__in=Key.values), name="slot_key_known")]

    def __str__(self):
        return self.get_key_display()

    def page_names(self):
        return [changes.SITE]

    def clean(self):
        try:
            self.pages = "\n".join(paths.validated(self.pages))
        except ValidationError as error:
            raise ValidationError({"pages": error}) from error

    def is_on(self, path: str) -> bool:
        """Whether it is switched on for the page with this path. Pages that were renamed are found."""
        if not (self.enabled and self.pages):
            return self.enabled
        return path_of(path) in {path_of(redirects.target(line) or line) for line in self.pages.splitlines()}

    @classmethod
    def all_rows(cls) -> list["Slot"]:
        """One of each key. No query while nothing has changed; none at all while the database is down."""
        return _all_rows.get()

    @classmethod
    def on(cls, path: str) -> frozenset[str]:
        """The keys of the slots that the page with this path has, whether or not readers see them."""
        return frozenset(slot.key for slot in cls.all_rows() if slot.is_on(path))

    @classmethod
    def seen_on(cls, path: str) -> frozenset[str]:
        """The keys of those that readers see there. Nothing fills slots yet, so these are empty boxes."""
        return frozenset(slot.key for slot in cls.all_rows() if slot.shows_empty and slot.is_on(path))


def _read() -> list[Slot]:
    stored = {slot.key: slot for slot in Slot.objects.all()}
    return [stored.get(key) or Slot(key=key) for key in Key.values]


_all_rows = values.CachedValue(_read, default=list)


class AdsTxt(SingleRow):
    """The lines of /ads.txt: who may sell advertisements on this site."""

    lines = models.TextField(
        blank=True,
        max_length=ADS_TXT_LENGTH,
        help_text=_(
            "One record a line: domain, account id, DIRECT or RESELLER, and a certification id if there is one. "
            "A # starts a comment. Empty: /ads.txt answers 404."
        ),
    )

    class Meta:
        verbose_name = "ads.txt"
        verbose_name_plural = "ads.txt"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="only_one_ads_txt")]

    def __str__(self):
        return "ads.txt"

    def page_names(self):
        return ["ads.txt"]

    def clean(self):
        self.lines = normal_line_ends(self.lines).strip()
        try:
            validate_ads_txt(self.lines)
        except ValidationError as error:
            raise ValidationError({"lines": error}) from error
