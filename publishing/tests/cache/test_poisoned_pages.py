"""Nothing that a request brings changes a cached page without being part of its key."""

import http.client
import io
from contextlib import closing
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Author, Series, Tag
from comments.models import Status
from comments.tests.factories import make_comment
from publishing.cache.page_store import PageStore
from publishing.tests.cache.wsgi import MemoryPages
from publishing.tests.factories import make_article
from quizzes.tests.factories import make_quiz

# Different in every answer by design: the padding against BREACH, the age of a cached page, the id of another answer.
NOT_COMPARED = {"x-noise", "age", "x-request-id"}

EVIL = st.sampled_from(["/evil", "//evil.example", "evil.example", "https://evil.example/", "1", "on", "", "<b>", "é"])
TEXT = st.one_of(EVIL, st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=30))
HEADERS = [
    "accept", "accept-charset", "accept-datetime", "accept-language", "authorization", "base-url", "cache-control",
    "cdn-loop", "cf-connecting-ip", "client-ip", "connection", "content-type", "cookie", "dnt", "dpr", "expect",
    "forwarded", "from", "front-end-https", "host-override", "if-match", "if-modified-since", "if-none-match",
    "if-range", "if-unmodified-since", "last-event-id", "max-forwards", "method-override", "origin", "path-info",
    "pragma", "prefer", "priority", "proxy", "proxy-authorization", "purpose", "range", "referer", "save-data",
    "script-name", "sec-ch-prefers-color-scheme", "sec-ch-ua", "sec-ch-ua-mobile", "sec-fetch-dest", "sec-fetch-mode",
    "sec-fetch-site", "sec-fetch-user", "sec-gpc", "sec-purpose", "te", "true-client-ip", "upgrade",
    "upgrade-insecure-requests", "user-agent", "via", "viewport-width", "x-csrftoken", "x-forwarded-by",
    "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-proto",
    "x-forwarded-protocol", "x-forwarded-scheme", "x-forwarded-server", "x-forwarded-ssl", "x-host",
    "x-http-method-override", "x-original-host", "x-original-url", "x-purpose", "x-real-ip", "x-request-id",
    "x-requested-with", "x-rewrite-url", "x-script-name", "x-url-scheme", "x-wap-profile",
]  # fmt: skip
WSGI_KEYS = {
    "SCRIPT_NAME": EVIL,
    "SCRIPT_URL": EVIL,
    "REDIRECT_URL": EVIL,
    "RAW_URI": TEXT,
    "REQUEST_URI": TEXT,
    "REQUEST_METHOD": st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "get", "PURGE"]),
    "SERVER_NAME": st.sampled_from(["evil.example", "127.0.0.1", "", "::1"]),
    "SERVER_PORT": st.sampled_from(["443", "1", "80"]),
    "SERVER_PROTOCOL": st.sampled_from(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]),
    "REMOTE_ADDR": st.sampled_from(["203.0.113.9", "2001:db8::1", "", "unknown"]),
    "REMOTE_USER": TEXT,
    "CONTENT_TYPE": st.sampled_from(["application/json", "multipart/form-data; boundary=x", "", "a/b"]),
    "CONTENT_LENGTH": st.sampled_from(["0", "17", "-1", "x", ""]),
    "HTTPS": TEXT,
    "wsgi.url_scheme": st.sampled_from(["http", "https"]),
    # Also part of the key: another page, under another key.
    "HTTP_HOST": st.sampled_from(["testserver", "testserver:80", "TESTSERVER", "testserver.", "evil.example", ""]),
    "HTTP_ACCEPT_ENCODING": st.sampled_from(["gzip", "br", "gzip;q=0, br", "*", "identity", "GZIP", " gzip "]),
    "QUERY_STRING": st.sampled_from(["page=1", "page=01", "q=a&q=b", "", "&", "?", "utm_source=x", "b=1&a=2"]),
}
BROUGHT = {f"HTTP_{name.upper().replace('-', '_')}": TEXT for name in HEADERS} | WSGI_KEYS
PATHS = st.sampled_from([str, "/{}".format, "/.{}".format, str.upper, lambda path: path.rstrip("/"), "{}/".format])


def answer(application, environ):
    """Status, headers and body, without what differs in every answer."""
    answered = []
    environ = {"SCRIPT_NAME": "", "QUERY_STRING": "", "HTTP_HOST": "testserver", "wsgi.input": io.BytesIO()} | environ
    environ.setdefault("REQUEST_METHOD", "GET")
    setup_testing_defaults(environ)
    chunks = application(environ, lambda status, headers, exc_info=None: answered.extend([status, headers]))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    status, headers = answered
    return status, {name: value for name, value in headers if name.lower() not in NOT_COMPARED}, body


@pytest.fixture
def one_connection(db):
    """Django closes the connection after a request, and with it the transaction that a test runs in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def addresses(one_connection):
    """One address of each kind of page, and the answer to somebody who asks plainly."""
    author, tag = Author.objects.create(name="Ines", slug="ines"), Tag.objects.create(name="Git", slug="git")
    series = Series.objects.create(title="Basics", slug="basics")
    article = make_article(slug="one", authors=[author], tags=[tag], series=series)
    make_comment(article, status=Status.APPROVED)
    make_quiz(slug="quiz", articles=[article])
    paths = [
        "/", "/articles/one/", "/articles/one/card.png", "/articles/one/comments/feed.xml",
        "/articles/one/comments.json", "/categories/opinion/", "/tags/git/", "/authors/ines/", "/series/basics/",
        "/series/basics/feed.xml", "/archive/", "/search/", "/feed.xml", "/atom.xml", "/feed.json", "/llms.txt",
        "/comments/feed.xml", "/quizzes/", "/quizzes/quiz/", "/quizzes/feed.xml", "/sitemap.xml", "/robots.txt",
        "/nothing/", "/archive",
    ]  # fmt: skip
    store = PageStore(WSGIHandler(), shared=MemoryPages())
    return {path: answer(store, {"PATH_INFO": path}) for path in paths}


@pytest.fixture(params=[0, 1], ids=["no proxy", "one proxy"])
def proxies(request, settings):
    settings.TRUSTED_PROXIES = request.param
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if request.param else None


def test_pages_of_every_kind_are_compared(addresses):
    statuses = [status for status, _, _ in addresses.values()]
    assert statuses.count("200 OK") == len(addresses) - 2
    assert (addresses["/nothing/"][0][:3], addresses["/archive"][0][:3]) == ("404", "301")


def test_no_request_changes_what_the_next_reader_is_given(addresses, proxies):
    application = WSGIHandler()

    @settings(max_examples=200, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(list(addresses)), PATHS, st.fixed_dictionaries({}, optional=BROUGHT))
    def holds(path, spelled, brought):
        shared = MemoryPages()
        here, another_process = PageStore(application, shared=shared), PageStore(application, shared=shared)
        answer(here, {"PATH_INFO": spelled(path)} | brought)
        for store in (here, another_process):
            assert answer(store, {"PATH_INFO": path}) == addresses[path]

    holds()


@pytest.mark.parametrize("key", ["SCRIPT_NAME", "SCRIPT_URL", "REDIRECT_URL"])
def test_a_prefix_is_taken_from_no_request(addresses, key):
    for path in ("/", "/articles/one/", "/quizzes/quiz/"):
        prefixed = {"PATH_INFO": path, key: "/evil" + (path if key != "SCRIPT_NAME" else "")}
        assert b"/evil" not in answer(WSGIHandler(), prefixed)[2]
        assert answer(PageStore(WSGIHandler(), shared=MemoryPages()), prefixed) == addresses[path]


def asked_of(site, path, **headers):
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "script_name", "SCRIPT-NAME", "X-Script-Name", "X-Forwarded-Prefix"])
@pytest.mark.parametrize("value", ["/evil", "//evil.example"])
def test_gunicorn_takes_no_prefix_from_a_header(site, name, value):
    paths = (f"{value}/?{name}{len(value)}", f"/?{name}{len(value)}")
    prefixed, given_with_it = (asked_of(site, path, **{name: value}) for path in paths)
    given_after_it = asked_of(site, paths[1])
    assert prefixed[0] == 404
    assert given_with_it[0] == given_after_it[0] == 200
    assert b"evil" not in given_with_it[1] + given_after_it[1]


@pytest.mark.parametrize("name", ["X-Forwarded-Ssl", "X-Forwarded-Protocol", "X-Forwarded-Proto", "PATH_INFO"])
def test_gunicorn_believes_no_header_of_a_proxy(site, name):
    """Whether the connection was secure is for Django to judge, by TRUSTED_PROXIES."""
    value = {"X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl", "PATH_INFO": "/archive/"}.get(name, "https")
    assert asked_of(site, f"/?{name}", **{name: value}) == asked_of(site, f"/?{name}")
