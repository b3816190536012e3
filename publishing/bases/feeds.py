"""Base classes of feeds: text that is escaped as each field requires, and absolute addresses."""

import re
from copy import copy
from datetime import UTC, datetime
from functools import partial
from html import escape, unescape
from io import StringIO
from urllib.parse import urljoin, urlsplit

from django.contrib.syndication.views import Feed
from django.http import HttpResponseNotAllowed
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from ..cache import pages
from ..groups import Group
from ..models import Publication

# Characters that XML 1.0 cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Stored HTML has its attributes in double quotes, and no double quote inside them.
_LINKING_TAG = re.compile(r'<(?:a|audio|img|track|video)(?:\s+[a-z-]+(?:="[^"]*")?)+')
_ATTRIBUTE = re.compile(r'(\s[a-z-]+)="([^"]*)"')

EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def text_as_html(text: str) -> str:
    """Plain text for an element declared as HTML: RSS `description`, Atom `summary`."""
    return escape(text, quote=False)


def absolute(html: str, address: str) -> str:
    """Stored HTML with all addresses absolute, fragments included: feed readers show many articles on one page."""

    def resolve(attribute):
        name, value = attribute[1], unescape(attribute[2])
        try:
            if name.strip() not in ("href", "src") or urlsplit(value).scheme:
                return attribute[0]
            return f'{name}="{escape(urljoin(address, value))}"'
        except ValueError:
            # Not a valid address.
            return attribute[0]

    return _LINKING_TAG.sub(lambda tag: _ATTRIBUTE.sub(resolve, tag[0]), html)


def _storable(value):
    return _NOT_XML.sub("", value) if isinstance(value, str) else value


class _Storable:
    """Mixin: leaves out characters that would make the whole feed unreadable.

    Adds HTML, picture and language of an item.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*map(_storable, args), **{name: _storable(value) for name, value in kwargs.items()})

    def add_item(self, *args, **kwargs):
        kwargs["categories"] = [_storable(name) for name in kwargs.get("categories") or ()]
        super().add_item(*map(_storable, args), **{name: _storable(value) for name, value in kwargs.items()})

    def latest_post_date(self):
        """Of a feed without entries always the same, so that it changes only if something in it does."""
        return super().latest_post_date() if self.items else EMPTY_SINCE

    def write(self, outfile, encoding):
        # Into text first: Django's writer encodes each bracket by itself.
        text = StringIO()
        super().write(text, encoding)
        outfile.write(text.getvalue().encode(encoding))

    def item_attributes(self, item):
        language = item.get("item_language")
        return super().item_attributes(item) | ({"xml:lang": language} if language else {})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if "image" in item:
            handler.addQuickElement("media:content", None, {"url": item["image"], "medium": "image"})
        if "content" in item:
            handler.addQuickElement(self.content_tag, item["content"], self.content_attributes)


class Rss(_Storable, Rss201rev2Feed):
    """RSS 2.0. `content` of an item is its HTML, `image` the address of its picture."""

    content_tag, content_attributes = "content:encoded", {}

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }


class Atom(_Storable, Atom1Feed):
    """Atom 1.0. `content` of an item is its HTML, `image` the address of its picture."""

    content_tag, content_attributes = "content", {"type": "html"}

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}


class SiteFeed(Feed):
    """A feed that any site may fetch, cached under `page_names` until `next_change()`.

    `get_object` and `items` name what else it shows with `self.shows(*names)`.
    """

    group = Group.FEEDS
    feed_type = Rss
    page_names: tuple[str, ...] = ()

    @staticmethod
    def next_change():
        """The time at which the feed changes by the clock, or None."""

    def __call__(self, request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        pages.cacheable(request, *self.page_names, until=self.next_change())
        # One instance answers all requests.
        feed = copy(self)
        feed.shows = partial(pages.cacheable, request)
        response = super(SiteFeed, feed).__call__(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        # It is the build date and not that of an item; ETag is enough.
        response.headers.pop("Last-Modified", None)
        return response

    def author_name(self):
        return Publication.current().name
