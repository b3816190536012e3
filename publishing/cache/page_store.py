"""A cache of whole public pages in front of Django, in the memory of each process.

A page is cached by host, path, query and encoding until its shared lifetime ends or what it shows changes. Public
pages are the same for everyone (pages.py), so cookies are not part of the key. A hit costs a few microseconds.
"""

import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from . import changes

# Headers and key of a page count as 4 kB, so that many addresses of a tiny page are limited too.
STORE_BYTES = 64 * 1024 * 1024
PAGE_BYTES = 1024 * 1024
PAGE_OVERHEAD_BYTES = 4096
# Searches are cached too, but no query longer than a person would type.
QUERY_LENGTH = 120
# Browsers send "gzip, deflate, br, zstd".
ENCODING_LENGTH = 60
# WSGI keys that put the site below a prefix; this one is at the root of its host.
_PREFIXES = ("SCRIPT_NAME", "SCRIPT_URL", "REDIRECT_URL")
_ORIGIN = ("wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO", "HTTP_HOST")
_BODY_HEADERS = ("content-length", "content-type")


class Page(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    created: float
    expires: float
    # The last change before it was rendered, and the slots of its names (changes.py).
    number: int
    slots: tuple[int, ...]


def _size(page: Page) -> int:
    return len(page.body) + PAGE_OVERHEAD_BYTES


def _shared_seconds(headers: dict[str, str]) -> int:
    control = headers.get("cache-control", "")
    if not control.startswith("public") or "set-cookie" in headers:
        return 0
    if headers.get("vary", "Accept-Encoding").lower() != "accept-encoding":
        return 0
    for part in control.split(","):
        name, _, value = part.strip().partition("=")
        if name == "s-maxage" and value.isdigit():
            return int(value)
    return 0


class PageStore:
    """WSGI wrapper: answers GET from the cache, and passes everything else on to `application`."""

    def __init__(self, application):
        self.application = application
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._bytes = 0

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] == "HEAD":
            # Answered from the cache of GET, without the body.
            chunks = self({**environ, "REQUEST_METHOD": "GET"}, start_response)
            if hasattr(chunks, "close"):
                chunks.close()
            return []
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        number, now, page = changes.current(), time.monotonic(), self._pages.get(key)
        if page and page.expires > now and not changes.changed_since(page.number, page.slots):
            return self._answer(page, int(now - page.created), environ, start_response)
        return self._render(key, number, now, environ, start_response)

    @staticmethod
    def _key(environ):
        query, path = environ.get("QUERY_STRING", ""), environ["PATH_INFO"]
        encoding = environ.get("HTTP_ACCEPT_ENCODING", "")
        if environ["REQUEST_METHOD"] != "GET" or path.startswith("/admin"):
            return None
        if len(query) > QUERY_LENGTH or len(encoding) > ENCODING_LENGTH:
            return None
        if "HTTP_RANGE" in environ or "HTTP_X_FORWARDED_HOST" in environ or any(map(environ.get, _PREFIXES)):
            return None
        return (*map(environ.get, _ORIGIN), path, query, encoding)

    @staticmethod
    def _answer(page, age, environ, start_response):
        # A shared cache subtracts the age from the lifetime.
        headers = [*page.headers, ("Age", str(age))]
        if page.etag and environ.get("HTTP_IF_NONE_MATCH") == page.etag:
            headers = [(name, value) for name, value in headers if name.lower() not in _BODY_HEADERS]
            start_response("304 Not Modified", headers)
            return []
        start_response(page.status, headers)
        return [page.body]

    def _render(self, key, number, started, environ, start_response):
        answer = {}

        def remember(status, headers, exc_info=None):
            answer.update(status=status, headers=headers)
            return start_response(status, headers, exc_info)

        chunks = self.application(environ, remember)
        if not answer["status"].startswith("200"):
            return chunks
        named = {name.lower(): value for name, value in answer["headers"]}
        seconds = _shared_seconds(named)
        if not seconds or int(named.get("content-length") or PAGE_BYTES + 1) > PAGE_BYTES:
            return chunks
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        slots = changes.slots_of(named.get("cache-tag", "").split(","))
        times = started, started + seconds
        self._store(key, Page(answer["status"], answer["headers"], body, named.get("etag", ""), *times, number, slots))
        return [body]

    def _store(self, key, page):
        with self._lock:
            if old := self._pages.get(key):
                if old.number > page.number:
                    return
                self._bytes -= _size(old)
            self._pages[key] = page
            self._bytes += _size(page)
            while self._bytes > STORE_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= _size(oldest)
