from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator


class SiteSitemap(Sitemap):
    """A sitemap whose addresses start with `SITE_URL`, whatever host was requested. One query."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    @property
    def paginator(self):
        # A list, because a queryset would be counted by a query of its own.
        return Paginator(list(self._items()), self.limit)
