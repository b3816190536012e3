"""The newest corrections of all articles."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.bases.feeds import SiteFeed, absolute
from publishing.models import Publication
from publishing.text.typography import typeset

from ..models import Article, Correction
from ..models.shown import link_names

NUMBER = 50


class CorrectionFeed(SiteFeed):
    page_names = ("corrections",)
    next_change = Article.next_publication

    def title(self):
        return f"{_('Corrections')} · {Publication.current().name}"

    def description(self):
        return _("What was corrected in the articles of %(name)s.") % {"name": Publication.current().name}

    def link(self):
        return settings.SITE_URL + reverse("articles:corrections")

    def feed_url(self):
        return settings.SITE_URL + reverse("articles:corrections-feed")

    def items(self):
        found = list(Correction.objects.published()[:NUMBER])
        self.shows(*link_names({correction.article_id for correction in found}))
        return found

    def item_title(self, correction):
        return f"{correction.get_kind_display()}: {typeset(correction.article.title)}"

    def item_description(self, correction):
        return absolute(correction.note_html, self.item_link(correction))

    def item_link(self, correction):
        return f"{settings.SITE_URL}{correction.article.get_absolute_url()}#correction-{correction.pk}"

    item_guid = item_link

    def item_pubdate(self, correction):
        return correction.published_at
