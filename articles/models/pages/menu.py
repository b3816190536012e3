"""The menus in the head and at the foot of every page, as editors made them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.cache import changes
from publishing.cache.models import Invalidating
from publishing.paths import MAX_LENGTH
from publishing.text.fields import LineField


class Menu(Invalidating):
    """One of two. Without entries, the site chooses what it has."""

    class Place(models.TextChoices):
        HEADER = "header", _("Header")
        FOOTER = "footer", _("Footer")

    place = models.CharField(max_length=6, primary_key=True, choices=Place)

    class Meta:
        ordering = ["-place"]
        constraints = [models.CheckConstraint(condition=Q(place__in=["header", "footer"]), name="menu_place_known")]

    def __str__(self):
        return gettext("Menu of the header") if self.place == self.Place.HEADER else gettext("Menu of the footer")

    def page_names(self):
        return [changes.SITE]


class MenuEntry(Invalidating):
    """What an entry leads to: the row of `kind` and `key` that has a page, or else `address`.

    It follows its row to another address, and is left out while readers cannot open that.
    """

    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField(default=0)
    words = LineField(max_length=60, blank=True, help_text=_("Empty: the name of the page."))
    kind = models.CharField(max_length=20, blank=True, editable=False)
    key = models.BigIntegerField(null=True, editable=False)
    address = models.CharField(max_length=MAX_LENGTH, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = _("entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="", key=None) & ~Q(address="") & ~Q(words="")
                | ~Q(kind="") & Q(key__isnull=False, address=""),
                name="menu_entry_leads_somewhere",
            )
        ]

    def __str__(self):
        return self.words or self.address or f"{self.kind} {self.key}"

    def page_names(self):
        return [changes.SITE]
