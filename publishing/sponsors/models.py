"""Sponsored slots, and ads.txt."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from publishing.cache import changes, values
from publishing.cache.models import Invalidating, SingleRow
from publishing.text.parsing import normal_line_ends

from .ads_txt import validate_ads_txt

LABEL = "Sponsored"
ADS_TXT_LENGTH = 20_000


class Key(models.TextChoices):
    ARTICLE_TOP = "article-top", "Above an article"
    ARTICLE_BODY = "article-body", "Inside an article"
    ARTICLE_END = "article-end", "Below an article"
    LIST = "list", "In lists of articles"


class Slot(Invalidating):
    """A place for an advertisement. Without a row it is switched on."""

    key = models.CharField("place", max_length=20, choices=Key, unique=True)
    enabled = models.BooleanField("switched on", default=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "sponsored slot"
        constraints = [models.CheckConstraint(condition=Q(key__in=Key.values), name="slot_key_known")]

    def __str__(self):
        return self.get_key_display()

    def page_names(self):
        return [changes.SITE]

    @classmethod
    def switched_on(cls) -> frozenset[str]:
        """The keys of the slots that readers see. No query while nothing has changed."""
        return _switched_on.get()


_switched_on = values.CachedValue(
    lambda: frozenset(Key.values).difference(Slot.objects.filter(enabled=False).values_list("key", flat=True)),
    default=frozenset,
)


class AdsTxt(SingleRow):
    """The lines of /ads.txt: who may sell advertisements on this site."""

    lines = models.TextField(
        blank=True,
        max_length=ADS_TXT_LENGTH,
        help_text="One record a line: domain, account id, DIRECT or RESELLER, and a certification id if there is one. "
        "A # starts a comment. Empty: /ads.txt answers 404.",
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
