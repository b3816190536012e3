"""Whole pages in front of Django: what a hit is, what is one page, what is never kept, and the bounds."""

from os import urandom

import pytest

from publishing.cache import page_store
from publishing.cache.page import OVERHEAD_BYTES
from publishing.tests.cache.wsgi import PUBLIC, App, MemoryPages, PageStore, ask, request_for


@pytest.fixture
def clock(monkeypatch):
    """Both clocks, as a list with the seconds."""
    seconds = [1_000_000.0]
    for name in ("monotonic", "time"):
        monkeypatch.setattr(f"time.{name}", lambda: seconds[0])
    return seconds


def times_asked(app, **request):
    """How often two equal requests reach the application."""
    store = PageStore(app)
    for _ in range(2):
        b"".join(store(request_for(**request), lambda status, headers, exc_info=None: None))
    return app.calls


# --- what a hit is ---


def test_a_public_page_is_made_once():
    app = App()
    store = PageStore(app)

    first, second = ask(store), ask(store)
    assert app.calls == 1
    assert second[0] == "200 OK"
    assert second[2] == first[2] == b"answer 1 for testserver/"
    assert second[1]["Cache-Control"] == first[1]["Cache-Control"]


def test_a_kept_page_says_how_old_it_is(clock):
    store = PageStore(App())

    assert "Age" not in ask(store)[1]
    clock[0] += 42.9
    assert ask(store)[1]["Age"] == "42"


def test_a_page_is_made_again_when_its_shared_lifetime_is_over(clock):
    app = App(("Cache-Control", "public, max-age=0, s-maxage=90"))
    store = PageStore(app)
    app.meanwhile = lambda: clock.__setitem__(0, clock[0] + 5)

    ask(store)
    clock[0] = 1_000_000 + 89.9
    assert (ask(store), app.calls)[1] == 1
    clock[0] = 1_000_000 + 90.0
    assert (ask(store), app.calls)[1] == 2, "the lifetime starts with the request, not when the page is ready"


def test_a_browser_that_has_the_page_gets_304_with_the_same_rules():
    store = PageStore(App(PUBLIC, ("Content-Security-Policy", "default-src 'none'")))
    etag = ask(store)[1]["ETag"]

    status, headers, body = ask(store, if_none_match=etag)
    assert (status, body) == ("304 Not Modified", b"")
    assert headers["Cache-Control"] == PUBLIC[1]
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["ETag"] == etag
    assert not {"Content-Type", "Content-Length"} & set(headers)


def test_a_browser_that_has_another_page_gets_this_one():
    store = PageStore(App())
    ask(store)

    assert ask(store, if_none_match='"other"')[2] == b"answer 1 for testserver/"


# --- what is never kept ---


@pytest.mark.parametrize(
    "app",
    [
        App(("Cache-Control", "private, no-store")),
        App(("Cache-Control", "no-store")),
        App(("Cache-Control", "public, max-age=31536000, immutable")),
        App(("Cache-Control", "public, max-age=0, s-maxage=0")),
        App(("Cache-Control", "public, s-maxage=-5")),
        App(("X-Nothing", "said")),
        App(PUBLIC, ("Set-Cookie", "reader=1")),
        App(PUBLIC, ("Vary", "Cookie")),
        App(PUBLIC, ("Vary", "Accept-Encoding, Accept")),
        App(PUBLIC, ("Vary", "*")),
        App(PUBLIC, ("Content-Length", "")),
        App(status="404 Not Found"),
        App(status="301 Moved Permanently"),
        App(status="304 Not Modified"),
        App(status="403 Forbidden"),
        App(status="500 Internal Server Error"),
        App(status="503 Service Unavailable"),
        App(status="206 Partial Content"),
        App(("Content-Type", "image/png"), PUBLIC, body=urandom(page_store.PAGE_BYTES)),
    ],
    ids=lambda app: f"{app.status} {app.headers[:2]}"[:60],
)
def test_an_answer_that_is_not_for_everyone_is_not_kept(app):
    assert times_asked(app) == 2


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"query": "q=" + "x" * page_store.QUERY_LENGTH},
        {"path": "/admin/"},
        {"path": "/admin/articles/article/"},
        {"path": "/admin"},
        {"path": "/preview/slots/articles/a-title/"},
        {"host": "evil.example"},
        {"host": ""},
    ],
    ids=str,
)
def test_a_request_that_is_not_the_usual_one_is_left_to_django(request_):
    assert times_asked(App(), **request_) == 2


def test_the_usual_request_is_answered_from_the_store():
    assert times_asked(App(), query="page=2", accept_encoding="gzip, deflate, br, zstd") == 1


def test_head_is_answered_like_get_from_the_store_and_without_a_body():
    app = App()
    store = PageStore(app)
    status, _, _ = ask(store)

    head_status, _, body = ask(store, method="HEAD")

    assert (head_status, body, app.calls) == (status, b"", 1)


def test_what_the_page_store_keeps_is_not_given_to_another_method():
    app = App()
    store = PageStore(app)
    ask(store)

    ask(store, method="POST")
    assert app.calls == 2


# --- separate pages ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"path": "/a"}, {"path": "/b"}),
        ({"path": "/a"}, {"path": "/a/"}),
        ({"path": "/a"}, {"path": "/A"}),
        ({"path": "/a"}, {"path": "//a"}),
        ({"query": "page=2"}, {"query": ""}),
        ({"query": "page=2"}, {"query": "page=3"}),
        ({"query": "page=2&q=a"}, {"query": "page=2"}),
    ],
    ids=str,
)
def test_different_requests_do_not_share_a_page(one, other):
    app = App()
    store = PageStore(app)

    assert ask(store, **one)[2] != ask(store, **other)[2]
    assert app.calls == 2
    ask(store, **one)
    ask(store, **other)
    assert app.calls == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "sessionid=staff"},
        {"cookie": "junk=1"},
        {"origin": "https://evil.example"},
        {"accept": "application/json"},
        {"accept_language": "de"},
        {"user_agent": "curl"},
        {"x_http_method_override": "DELETE"},
        {"x_original_url": "/admin/"},
        {"forwarded": "host=evil.example"},
        {"x_forwarded_for": "192.0.2.1"},
        {"authorization": "Basic eDp5"},
        {"range": "bytes=0-10"},
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_proto": "https"},
        {"host": "testserver:81"},
        {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"query": "utm_source=news&fbclid=1"},
        {"query": "&&="},
    ],
    ids=str,
)
def test_nothing_else_a_browser_says_makes_another_page(headers):
    app = App()
    store = PageStore(app)
    anonymous = ask(store)[2]

    assert ask(store, **headers)[2] == anonymous
    assert app.calls == 1


@pytest.mark.parametrize(
    "query",
    ["page=2", "page=2&fbclid=x", "utm_source=a&page=2", "page=1&page=2", "page=%32", "page=2&PAGE=3", "&page=2"],
)
def test_a_page_has_one_address_for_all_spellings_of_its_query(query):
    app = App()
    store = PageStore(app)
    plain = ask(store, query="page=2")[2]

    assert ask(store, query=query)[2] == plain
    assert app.calls == 1
    assert app.queries == ["page=2"]


def test_a_view_gets_no_parameter_that_it_does_not_read():
    app = App()
    store = PageStore(app, parameters=frozenset())

    for number in range(50):
        ask(store, query=f"page={number}&x={number}")
    assert app.calls == 1
    assert app.queries == [""]


def test_behind_a_proxy_a_page_over_https_is_another_one(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    app = App()
    store = PageStore(app)
    secure, plain = ask(store, x_forwarded_proto="https"), ask(store, x_forwarded_proto="http")

    assert app.calls == 2
    assert ask(store, x_forwarded_proto="https, evil")[2] == secure[2]
    assert ask(store, x_forwarded_proto="evil")[2] == ask(store)[2] == plain[2]
    assert app.calls == 2


def test_the_application_gets_nothing_else_of_a_request():
    app = App()
    ask(PageStore(app), cookie="a=b", accept_encoding="gzip", x_anything="evil", if_none_match='"1"', range="bytes=0-1")

    assert not {"HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_X_ANYTHING", "HTTP_IF_NONE_MATCH", "HTTP_RANGE"} & app.keys
    assert {"PATH_INFO", "HTTP_HOST", "wsgi.input"} <= app.keys


def test_a_view_that_is_never_cached_gets_the_request_as_it_was_sent():
    app = App()
    ask(PageStore(app, parameters=None), cookie="a=b", query="x=1")

    assert "HTTP_COOKIE" in app.keys
    assert app.queries == ["x=1"]


def test_the_names_of_a_page_are_not_sent(settings):
    store = PageStore(App(PUBLIC, ("Cache-Tag", "article:1")))

    assert "Cache-Tag" not in ask(store)[1]
    assert "Cache-Tag" not in ask(store)[1]


# --- bounds ---


def test_the_store_stays_within_its_bytes_and_forgets_the_least_recently_used(monkeypatch):
    monkeypatch.setattr(page_store, "STORE_BYTES", 3 * (OVERHEAD_BYTES + 1000))
    store = PageStore(App(("Content-Type", "image/png"), PUBLIC, body=b"x" * 1000))
    for path in ("/1", "/2", "/3", "/1", "/4"):
        ask(store, path)

    assert store._bytes <= page_store.STORE_BYTES
    paths = ("/1", "/2", "/3", "/4")
    assert [store.answer(request_for(path)) is not None for path in paths] == [True, False, True, True]


def test_many_addresses_of_a_tiny_page_are_bounded_too(monkeypatch):
    monkeypatch.setattr(page_store, "STORE_BYTES", 10 * OVERHEAD_BYTES)
    store = PageStore(App(body=b"x"))
    for number in range(100):
        ask(store, query=f"q={number}")

    assert len(store._pages) < 10


def test_a_page_that_is_made_twice_counts_once(clock):
    store = PageStore(App(("Content-Type", "image/png"), PUBLIC, body=b"x" * 1000))
    for _ in range(3):
        ask(store)
        clock[0] += 1000

    assert store._bytes == 1000 + OVERHEAD_BYTES


def test_an_error_in_the_application_is_told_and_keeps_nothing():
    def broken(environ, start_response):
        raise RuntimeError("a bug")

    store = PageStore(broken)
    with pytest.raises(RuntimeError):
        ask(store)
    assert not store._pages


class Refusing(App):
    """Refuses each request that has no cookie `pass`, as maintenance does."""

    def __call__(self, environ, start_response):
        if "pass" in environ.get("HTTP_COOKIE", ""):
            self.headers, self.status = (("Cache-Control", "private, no-store"),), "200 OK"
            environ[page_store.PASS] = page_store.GIVEN
        else:
            self.headers, self.status = (("Cache-Control", "private, no-store"),), "503 Service Unavailable"
            environ[page_store.REFUSED] = True
        return super().__call__(environ, start_response)


def test_who_may_carry_a_pass_asks_again_with_the_whole_request_and_nothing_is_stored():
    app, shared = Refusing(), MemoryPages()
    store = page_store.PageStore(
        app, lambda path: frozenset(), shared, may_carry_pass=lambda cookies: "pass" in cookies
    )

    for number in range(3):
        assert ask(store, cookie="a=b; pass=1")[0] == "200 OK", number
        assert ask(store, cookie="a=b")[0] == ask(store)[0] == "503 Service Unavailable"

    assert app.calls == 3 * (2 + 1 + 1)
    assert (shared.pages, store.renders) == ({}, 0)
