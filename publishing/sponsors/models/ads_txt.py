"""The lines of /ads.txt."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.cache.models import SingleRow
from publishing.text.parsing import normal_line_ends

from ..ads_txt import validate_ads_txt

ADS_TXT_LENGTH = 20_000


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
