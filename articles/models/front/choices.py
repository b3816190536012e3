"""What editors choose for the front page."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.cache.models import SingleRow

from ..taxonomy import Category

# The places at the top, in order of importance.
PLACES = ("lead", "second", "third")


def _article(label: str):
    return models.ForeignKey(
        "articles.Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=label
    )


def _until(label: str):
    return models.DateTimeField(label, null=True, blank=True, help_text=_("Empty: until you choose another one."))


class FrontPage(SingleRow):
    """The articles that editors put at the top of the front page, each until a moment, and the category with a band.

    A place that nobody filled, or whose time is over, is left to the clock.
    """

    lead, lead_until = _article(_("lead")), _until(_("lead until"))
    second, second_until = _article(_("second")), _until(_("second until"))
    third, third_until = _article(_("third")), _until(_("third until"))
    opinion = models.ForeignKey(
        Category,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("category with a band"),
        help_text=_("Its articles get a band of their own, with the face of their author. Empty: no band."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("front page")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="only_one_front_page"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)}),
                    name=f"front_page_{one}_is_not_{other}",
                    violation_error_message=_("Choose each article for one place."),
                )
                for one, other in (("lead", "second"), ("lead", "third"), ("second", "third"))
            ),
        ]

    def __str__(self):
        return gettext("Front page")

    def page_names(self):
        return ["front-page"]

    def chosen(self, now: datetime) -> list[int | None]:
        """The keys of the articles for the places in order; None is left to the clock. They may not be public."""
        return [getattr(self, f"{place}_id") if self._is_on(place, now) else None for place in PLACES]

    def next_end(self, now: datetime) -> datetime | None:
        """When the next choice ends."""
        return min(
            (end for end in (getattr(self, f"{place}_until") for place in PLACES) if end and end > now), default=None
        )

    def _is_on(self, place: str, now: datetime) -> bool:
        end = getattr(self, f"{place}_until")
        return end is None or end > now
