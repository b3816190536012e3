"""Advertisements that the publication sells itself, who pays for them, and how often they were seen."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.cache.models import Invalidating
from publishing.text.fields import LineField

MOST_WEIGHT = 100
# The name of pages with places for slots, also while they show none.
PAGES = "slots"


class Advertiser(Invalidating):
    name = LineField(max_length=120, unique=True)
    # Part of the signed link to their report; a new number revokes the old link.
    link_number = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("advertiser")

    def __str__(self):
        return self.name

    def page_names(self):
        return [PAGES]


class Kind(models.TextChoices):
    PICTURE = "picture", _("Picture")
    TEXT = "text", _("Text")


class Creative(Invalidating):
    """An advertisement: a picture or a text that leads to an address of the advertiser."""

    advertiser = models.ForeignKey(Advertiser, on_delete=models.PROTECT, related_name="creatives")
    name = LineField(max_length=80, help_text=_("Only staff and the advertiser see this."))
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PICTURE)
    is_on = models.BooleanField(_("switched on"), default=True)
    # Keys of the slots in which it may be; none: all.
    slots = models.JSONField(_("places"), default=list, blank=True)
    target = models.CharField(_("leads to"), max_length=500)
    headline = LineField(max_length=60, blank=True, default="")
    text = LineField(max_length=140, blank=True, default="")
    # A file of the default storage, drawn anew from what was uploaded.
    picture = models.CharField(max_length=60, blank=True, default="", editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt = LineField(_("alternative text"), max_length=200, blank=True, default="")
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_WEIGHT)]
    )
    most_seen = models.PositiveIntegerField(
        _("at most seen"), null=True, blank=True, help_text=_("In all. Empty: without a limit.")
    )

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("advertisement")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="creative_kind_known"),
            models.CheckConstraint(condition=Q(weight__range=(1, MOST_WEIGHT)), name="creative_weight_in_range"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="creative_ends_after_it_starts"
            ),
        ]

    def __str__(self):
        return self.name

    def page_names(self):
        return [PAGES]


class CreativeDay(models.Model):
    """How often an advertisement was seen and clicked on one day in the site's time zone."""

    creative = models.ForeignKey(Creative, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    seen = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["creative", "day"], name="creative_day_unique")]

    def __str__(self):
        return f"{self.creative_id}: {self.day}"
