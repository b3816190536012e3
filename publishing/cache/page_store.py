"""A cache of whole public pages in front of Django.

A page is cached by its path and the query parameters that its view reads, in the memory of each process and in a second
level that processes share. Django renders it from an environment of a few fixed keys, so that nothing else in a request
can change what the next reader gets.

A page is served until its shared lifetime ends or what it shows changes. Then one request renders it. The others get
the old copy meanwhile, unless something on it was withdrawn; they also get it while the database is down.
"""

import logging
import os
import queue
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from ..paths import is_staff_path
from . import changes, encodings, pages
from .claims import CLAIM_SECONDS, claims
from .page import Page, shared_seconds
from .second_level import SecondLevel, second_level

logger = logging.getLogger(__name__)

# In the memory of one process: a few hundred pages. What is asked for less often is read from the second level.
STORE_BYTES = 3 * 1024 * 1024
# As stored, and as rendered.
PAGE_BYTES = 8 * 1024 * 1024
RENDERED_BYTES = 64 * 1024 * 1024
# Searches are cached too, up to the length of a query that a person would type.
QUERY_LENGTH = 120
# Pages with this number of hits are compressed again, at the highest level, up to this size.
HITS_TO_COMPRESS = 3
COMPRESSED_AGAIN_BYTES = 256 * 1024
# How often a request checks whether another one has rendered its page.
WAIT_SECONDS = 0.01
# The times of one render in the two stores differ by less.
SAME_RENDER_SECONDS = 0.01
# While the database is down, a page is tried again after this time.
RETRY_SECONDS = 1.0

# All that Django gets of a request for a public page. Those after the empty line change only what is not cached.
RENDERED_FROM = (
    "PATH_INFO", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO",

    "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_X_REQUEST_ID", "HTTP_USER_AGENT", "HTTP_ACCEPT", "HTTP_SEC_FETCH_DEST",
)  # fmt: skip
# All that the answer to a hit depends on: hits are found by it for a moment, without looking at the page.
ANSWERED_FROM = (
    "REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH",
    "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme",
)  # fmt: skip
READY_SECONDS = 1.0
READY_ANSWERS = 256
# Of one answer, and what its request had.
READY_BYTES = 64 * 1024
# Set by a response to an outage, and by one that refuses something to visitors without a pass, and read here; the
# query as it was sent, for redirects. The last asks for a page for who passes, and becomes `GIVEN`.
OUTAGE, REFUSED, SENT_QUERY = "publishing.outage", "publishing.refused", "publishing.query"
PASS, GIVEN = "publishing.pass", "given"


class Request(NamedTuple):
    """A request for a page that may be cached."""

    key: str
    query: str
    accepted: frozenset[str]
    # Begins the key.
    variant: str = ""


class Ready:
    """Answers to hits, by what the requests had of `ANSWERED_FROM`: until `until`, any change, or another variant."""

    def __init__(self, mark, variant: str, until: float):
        self.mark, self.variant, self.until = mark, variant, until
        self.answers: dict[tuple, tuple] = {}
        self.with_forms_off: set[tuple] = set()

    def add(self, sent, page, answer):
        # The first hits are counted. What is compressed again afterwards is sent a moment later.
        is_counted = page.is_smallest or page.hits >= HITS_TO_COMPRESS
        size = len(answer[2]) + sum(map(len, filter(None, sent)))
        if is_counted and page.expires >= self.until and size <= READY_BYTES and len(self.answers) < READY_ANSWERS:
            if page.has_forms_off:
                self.with_forms_off.add(sent)
            self.answers[sent] = answer


@lru_cache(maxsize=64)
def _is_allowed(host: str) -> bool:
    allowed = settings.ALLOWED_HOSTS or ([".localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _canonical(query: str, parameters: frozenset[str]) -> str:
    """The last value of each parameter that the view reads, in one order."""
    read = {name: value for name, value in parse_qsl(query, keep_blank_values=True) if name in parameters}
    return urlencode(sorted(read.items()))


class PageStore:
    """WSGI wrapper: answers GET and HEAD from the cache, and passes everything else on to `application`.

    `query_parameters(path)` returns the names of the query parameters that the view of a path reads, or None if its
    responses are never cached. A page that was rendered for one `variant()` is not served for another. Of this process,
    `hits`, `stale` and `misses` count the requests that got a page, an old copy and the answer of the application;
    `renders` counts the pages that were stored.

    A page that maintenance refuses, or whose forms are off, is asked for again, with the whole request, if
    `may_carry_pass(cookies)`. For who passes, that answer is for this visitor alone; others get the first one.
    """

    def __init__(
        self,
        application,
        query_parameters=pages.query_parameters,
        shared: SecondLevel | None = None,
        variant=str,
        may_carry_pass=lambda cookies: False,
    ):
        self.application, self._query_parameters, self._variant = application, query_parameters, variant
        self._may_carry_pass = may_carry_pass
        self._shared = shared or second_level()
        self.hits = self.stale = self.misses = self.renders = 0
        self._lock, self._bytes = threading.Lock(), 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._ready = Ready(None, "", 0.0)
        self._to_compress: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._compressor = None

    @cached_property
    def _mark(self):
        return changes.mark_reader()

    def answer(self, environ):
        """Status, headers and body of a page in memory, or of its old copy while another request renders it; else None.

        Never waits: some microseconds.
        """
        # The mark first: what is found fresh afterwards is fresh until another mark.
        sent, mark, now = tuple(map(environ.get, ANSWERED_FROM)), self._mark(), time.monotonic()
        ready, variant = self._ready, self._variant()
        if ready.mark != mark or ready.until <= now or ready.variant != variant:
            ready = self._ready = Ready(mark, variant, now + READY_SECONDS)
        elif found := ready.answers.get(sent):
            if sent in ready.with_forms_off and self._may_pass(environ):
                return None
            self.hits += 1
            return found
        request = self._request(environ)
        page = request and self._pages.get(request.key)
        if page is None or not page.has_answer(request.accepted) or page.has_forms_off and self._may_pass(environ):
            return None
        if self._is_fresh(page):
            answer = self._hit(request, page, environ)
            ready.add(sent, page, answer)
            return answer
        if self._may_be_stale(page) and claims().is_held(request.key):
            return self._stale(request, page, environ)
        return None

    def __call__(self, environ, start_response):
        # Before the view is looked up, which takes four times as long.
        if found := self.answer(environ):
            start_response(*found[:2])
            return [found[2]]
        request = self._request(environ)
        if request is None or self._query_parameters(environ["PATH_INFO"]) is None:
            return self.application(environ, start_response)
        answer = self._respond(request, environ)
        if environ.pop(REFUSED, False) and self._may_pass(environ):
            environ[PASS] = ""
            own = _call(self.application, environ)
            answer, other = (own, answer) if environ.pop(PASS) == GIVEN else (answer, own)
            _close(other[2])
        status, headers, chunks = answer
        start_response(status, headers)
        return [chunks] if isinstance(chunks, bytes) else chunks

    def _may_pass(self, environ) -> bool:
        return self._may_carry_pass(environ.get("HTTP_COOKIE", ""))

    # --- which page ---

    def _request(self, environ) -> Request | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if is_staff_path(path) or not _is_allowed(environ.get("HTTP_HOST", "")):
            return None
        if query:
            parameters = self._query_parameters(path)
            if parameters is None:
                return None
            query = _canonical(query, parameters)
            if len(query) > QUERY_LENGTH:
                return None
        accepted = encodings.accepted(environ.get("HTTP_ACCEPT_ENCODING", "")[:100])
        variant = self._variant()
        return Request(f"{variant}{self._is_secure(environ):d}{path}?{query}", query, accepted, variant)

    @staticmethod
    def _is_secure(environ):
        name, value = settings.SECURE_PROXY_SSL_HEADER or ("", "")
        if name in environ:
            return environ[name].split(",")[0].strip() == value
        return environ["wsgi.url_scheme"] == "https"

    # --- its answer ---

    def _respond(self, request, environ):
        deadline = time.monotonic() + CLAIM_SECONDS
        while True:
            page = self._find(request.key)
            if page and self._is_fresh(page):
                return self._hit(request, page, environ)
            if claims().take(request.key):
                try:
                    # Another process may have rendered it meanwhile.
                    page = self._find(request.key)
                    if page and self._is_fresh(page):
                        return self._hit(request, page, environ)
                    return self._render(request, page, environ)
                finally:
                    claims().release(request.key)
            if page and self._may_be_stale(page):
                return self._stale(request, page, environ)
            while claims().is_held(request.key) and time.monotonic() < deadline:
                time.sleep(WAIT_SECONDS)
            if time.monotonic() >= deadline:
                return self._render(request, page, environ)

    @staticmethod
    def _is_fresh(page):
        return page.expires > time.monotonic() and page.is_current(changes.current())

    @staticmethod
    def _may_be_stale(page):
        """Whether it may be served while it is rendered again."""
        return page.expires > time.monotonic() and page.may_be_shown()

    def _find(self, key) -> Page | None:
        """The page in memory if it is fresh, else the newest copy."""
        page = self._pages.get(key)
        if page and self._is_fresh(page):
            return page
        shared = self._shared.get(key)
        if shared and (page is None or shared.created > page.created + SAME_RENDER_SECONDS):
            self._keep(key, shared)
            return shared
        return page

    def _hit(self, request, page, environ):
        self.hits += 1
        page.hits += 1
        environ[REFUSED] = page.has_forms_off
        if page.hits == HITS_TO_COMPRESS and not page.is_smallest:
            self._compress_later(request.key)
        with suppress(KeyError):
            self._pages.move_to_end(request.key)
        answer = page.answer(request.accepted, environ, int(time.monotonic() - page.created))
        if page.size != page.counted:
            self._keep(request.key, page)
        return answer

    def _stale(self, request, page, environ):
        self.stale += 1
        environ[REFUSED] = page.has_forms_off
        return page.answer(request.accepted, environ, int(time.monotonic() - page.created), is_stale=True)

    def _render(self, request, old, environ):
        """The response of Django, which is cached if it may be. An outage is answered with the `old` copy."""
        self.misses += 1
        number, started = changes.current(), time.monotonic()
        inner = {name: value for name, value in environ.items() if name in RENDERED_FROM or name.startswith("wsgi.")}
        inner |= {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "QUERY_STRING": request.query}
        inner[SENT_QUERY] = environ.get("QUERY_STRING", "")
        status, headers, chunks = _call(self.application, inner)
        environ[REFUSED] = inner.get(REFUSED, False)
        named = {name.lower(): value for name, value in headers}
        seconds, length = shared_seconds(named), named.get("content-length", "")
        if inner.get(OUTAGE) and not old and request.variant:
            # That of no variant is better than none.
            old = self._find(request.key.removeprefix(request.variant))
        if inner.get(OUTAGE) and old and old.may_be_shown():
            _close(chunks)
            old.expires = time.monotonic() + RETRY_SECONDS
            self._keep(request.key, old)
            return self._stale(request, old, environ)
        if not status.startswith("200") and old and not inner.get(OUTAGE):
            self._forget(request.key)
        if status.startswith("200") and seconds and length.isdigit() and int(length) <= RENDERED_BYTES:
            try:
                body = b"".join(chunks)
            finally:
                _close(chunks)
            names = tuple(filter(None, named.get("cache-tag", "").split(",")))
            page = Page(_sent(headers), {encodings.IDENTITY: body}, names, number, started, started + seconds)
            self.renders += 1
            answer = page.answer(request.accepted, environ)
            if request.variant == self._variant():
                self._store(request.key, page)
            return answer
        if environ["REQUEST_METHOD"] == "HEAD":
            _close(chunks)
            chunks = b""
        return status, _sent(headers), chunks

    # --- storage ---

    def _store(self, key, page):
        page.drop_identity()
        if page.size <= PAGE_BYTES:
            self._shared.put(key, page)
            self._keep(key, page)

    def _keep(self, key, page):
        with self._lock:
            old = self._pages.get(key)
            if old is not None and old is not page:
                if old.number > page.number:
                    return
                self._bytes -= old.counted
            self._bytes += page.size - (page.counted if old is page else 0)
            page.counted = page.size
            self._pages[key] = page
            self._pages.move_to_end(key)
            while self._bytes > STORE_BYTES:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.counted

    def _forget(self, key):
        with self._lock:
            if old := self._pages.pop(key, None):
                self._bytes -= old.counted
        self._shared.delete(key)

    # --- compression ---

    def _compress_later(self, key):
        self._to_compress.put(key)
        if self._compressor is None:
            self._compressor = threading.Thread(target=self._compress, name="compressor", daemon=True)
            self._compressor.start()

    def _compress(self):
        """Make the bodies of popular pages as small as possible, with the lowest priority."""
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        while True:
            key = self._to_compress.get()
            page = self._pages.get(key)
            if page is None or page.is_smallest:
                continue
            shared = self._shared.get(key)
            if shared and shared.is_smallest and shared.number >= page.number:
                page = shared
            else:
                page.with_smallest(COMPRESSED_AGAIN_BYTES)
                self._shared.put(key, page)
            self._keep(key, page)


def _call(application, environ):
    """Status, headers and body of a WSGI application."""
    answer = []

    def start_response(status, headers, exc_info=None):
        answer[:] = [status, headers]
        return lambda data: None

    chunks = application(environ, start_response)
    return *answer, chunks


def _close(chunks):
    if hasattr(chunks, "close"):
        chunks.close()


def _sent(headers):
    """The headers without the names, which are for this cache and for a CDN that asks for them."""
    is_for_cdn = settings.CDN.get("kind") == "cloudflare"
    return headers if is_for_cdn else [row for row in headers if row[0].lower() != "cache-tag"]
