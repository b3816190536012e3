"""The connection to AdSense."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.bases import addressed
from publishing.cache import changes
from publishing.cache.models import SingleRow
from publishing.paths import path_of

from ..adsense.ids import validate_client


class Consent(models.TextChoices):
    """Who asks readers before anything of Google is loaded."""

    NONE = "none", _("Nobody: nothing is loaded")
    OWN = "own", _("The site: a dialogue of its own")
    TCF = "tcf", _("A certified platform (TCF)")


class AdSense(SingleRow):
    """One row. Nothing of Google is loaded before it is on and a reader has agreed."""

    # "ca-pub-" and 16 digits.
    client = models.CharField(_("publisher id"), max_length=23, blank=True, default="")
    is_on = models.BooleanField(_("connected"), default=False, editable=False)
    consent = models.CharField(max_length=4, choices=Consent, default=Consent.NONE)
    platform_script = models.URLField(_("script of the platform"), max_length=300, blank=True, default="")
    privacy_page = models.CharField(_("privacy page"), max_length=400, blank=True, default="")
    # What was measured last, by the name of the check, and when.
    checks = models.JSONField(default=dict, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "AdSense"
        verbose_name_plural = "AdSense"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="only_one_adsense"),
            models.CheckConstraint(condition=Q(consent__in=Consent.values), name="adsense_consent_known"),
        ]

    def __str__(self):
        return "AdSense"

    def page_names(self):
        return [changes.SITE]

    def clean(self):
        if self.client:
            try:
                validate_client(self.client)
            except ValidationError as error:
                raise ValidationError({"client": error}) from error


@addressed.when_moved
def _moved(row, before: str | None) -> None:
    """The privacy page stays the one that was chosen, and links lead to its new address."""
    if before is None:
        return
    adsense = AdSense.objects.select_for_update().exclude(privacy_page="").first()
    if adsense and path_of(adsense.privacy_page) == path_of(before):
        adsense.privacy_page = row.get_absolute_url()
        adsense.save()
