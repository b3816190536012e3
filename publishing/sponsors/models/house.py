"""Advertisements that the publication sells itself, who pays for them, and how often they were seen."""

from datetime import datetime

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.cache.models import Invalidating
from publishing.drawing import pictures
from publishing.text.fields import LineField

from ..house.editing.targets import validate_target

MOST_WEIGHT = 100
REPORT_SALT = "publishing.sponsors.report"
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

    def get_report_url(self) -> str:
        """The report for somebody without an account, until `revoke_link`."""
        token = signing.Signer(salt=REPORT_SALT).sign_object([self.pk, self.link_number])
        return reverse("sponsors:report", args=[token])

    @classmethod
    def with_link(cls, token: str) -> "Advertiser":
        """Raises signing.BadSignature for a link that is none of ours, and DoesNotExist for one that was revoked."""
        try:
            key, number = signing.Signer(salt=REPORT_SALT).unsign_object(token)
        except (TypeError, ValueError) as error:
            raise signing.BadSignature from error
        return cls.objects.get(pk=key, link_number=number)

    def revoke_link(self) -> None:
        """The link is another one from now on."""
        type(self).objects.filter(pk=self.pk).update(link_number=F("link_number") + 1)


class Kind(models.TextChoices):
    PICTURE = "picture", _("Picture")
    TEXT = "text", _("Text")


class State(models.TextChoices):
    """Of an advertisement, computed. Advertisers read it, too."""

    # Translators: for readers.
    RUNNING = "running", _("Running")
    # Translators: for readers.
    PLANNED = "planned", _("Planned")
    # Translators: for readers.
    CAPPED = "capped", _("Seen often enough")
    # Translators: for readers.
    OVER = "over", _("Over")
    # Translators: for readers.
    OFF = "off", _("Off")


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

    def clean(self):
        try:
            validate_target(self.target)
        except ValidationError as error:
            raise ValidationError({"target": error}) from error

    def delete(self, *args, **kwargs):
        """Its counts go with it, and its picture once no page in a cache shows it."""
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            self.delete_picture()
        return result

    def show(self, picture: str, width: int, height: int) -> None:
        """Save it with another picture, the name of a stored file. The one before is deleted when no page shows it."""
        with transaction.atomic():
            self.delete_picture()
            self.picture, self.width, self.height = picture, width, height
            self.save()

    def delete_picture(self) -> None:
        if self.picture:
            pictures.delete_unseen([self.picture])

    def state(self, seen: int, now: datetime) -> State:
        """Whether it may be shown, and if not, why; `seen` is how often it was."""
        if not self.is_on:
            return State.OFF
        if self.ends_at and self.ends_at <= now:
            return State.OVER
        if self.most_seen is not None and seen >= self.most_seen:
            return State.CAPPED
        return State.PLANNED if self.starts_at > now else State.RUNNING


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
