from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator


class SiteSitemap(Sitemap):
    """A sitemap whose addresses start with `SITE_URL`, whatever host the request named. One query."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    @property
    def paginator(self):
        # The rows are wanted in any case, so they are fetched and counted here instead of asking twice.
        return Paginator(list(self._items()), self.limit)
