"""Pages kept in memory in front of Django: what is kept, for whom, for how long, and what never is."""

import io
import threading
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from publishing.cache import changes, page_store
from publishing.cache.page_store import PageStore

PUBLIC = ("Cache-Control", "public, max-age=0, s-maxage=300, stale-while-revalidate=60, stale-if-error=86400")


class App:
    """A WSGI application that counts its calls and answers with their number."""

    def __init__(self, *headers, status="200 OK", body=None):
        self.calls, self.status, self.headers, self.body = 0, status, headers or (PUBLIC,), body
        self.meanwhile = lambda: None

    def __call__(self, environ, start_response):
        self.calls += 1
        number = self.calls
        body = self.body or f"answer {number} for {environ['HTTP_HOST']}{environ['PATH_INFO']}".encode()
        self.meanwhile()
        etag = ("ETag", f'"{number}"')
        length = [] if ("Content-Length", "") in self.headers else [("Content-Length", str(len(body)))]
        kept = [header for header in self.headers if header[1]]
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), etag, *length, *kept])
        return [body]


def request_for(path="/", *, method="GET", query="", **headers):
    environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
    environ |= {"HTTP_HOST": "site.example", "wsgi.input": io.BytesIO()}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    setup_testing_defaults(environ)
    return environ


def ask(store, *args, **kwargs):
    """The status, headers and body of an answer, checked against the rules of WSGI."""
    answer = []

    def start_response(status, headers, exc_info=None):
        answer.extend([status, dict(headers)])
        return io.BytesIO().write

    chunks = validator(store)(request_for(*args, **kwargs), start_response)
    body = b"".join(chunks)
    chunks.close()
    return *answer, body


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
    assert second[2] == first[2] == b"answer 1 for site.example/"
    assert second[1]["Cache-Control"] == first[1]["Cache-Control"]


def test_a_kept_page_says_how_old_it_is(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(page_store.time, "monotonic", lambda: clock[0])
    store = PageStore(App())

    assert "Age" not in ask(store)[1]
    clock[0] += 42.9
    assert ask(store)[1]["Age"] == "42"


def test_a_page_is_made_again_when_its_shared_lifetime_is_over(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(page_store.time, "monotonic", lambda: clock[0])
    app = App(("Cache-Control", "public, max-age=0, s-maxage=90"))
    store = PageStore(app)
    app.meanwhile = lambda: clock.__setitem__(0, clock[0] + 5)

    ask(store)
    clock[0] = 1000 + 89.9
    assert (ask(store), app.calls)[1] == 1
    clock[0] = 1000 + 90.0
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

    assert ask(store, if_none_match='"other"')[2] == b"answer 1 for site.example/"


# --- what makes it go ---


def test_any_change_drops_every_page():
    app = App()
    store = PageStore(app)
    ask(store, "/a")
    ask(store, "/b")

    changes.record("site")
    assert ask(store, "/a")[2] == b"answer 3 for site.example/a"
    assert ask(store, "/b")[2] == b"answer 4 for site.example/b"


def test_a_page_that_was_being_made_during_a_change_is_not_served_after_it():
    app = App()
    store = PageStore(app)
    app.meanwhile = lambda: changes.record("site")

    assert ask(store)[2] == b"answer 1 for site.example/"
    app.meanwhile = lambda: None
    assert ask(store)[2] == b"answer 2 for site.example/"
    assert ask(store)[2] == b"answer 2 for site.example/"


def test_a_slow_page_from_before_a_change_does_not_push_out_newer_ones():
    app = App()
    store = PageStore(app)
    slow_may_go, slow_has_begun = threading.Event(), threading.Event()

    def wait():
        slow_has_begun.set()
        assert slow_may_go.wait(10)

    app.meanwhile = wait
    slow = threading.Thread(target=ask, args=(store, "/slow"))
    slow.start()
    assert slow_has_begun.wait(10)
    app.meanwhile = lambda: None
    changes.record("site")
    ask(store, "/fast")
    slow_may_go.set()
    slow.join()

    assert ask(store, "/fast")[2] == b"answer 2 for site.example/fast"
    assert ask(store, "/slow")[2] == b"answer 3 for site.example/slow"


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
        App(body=b"x" * (page_store.PAGE_BYTES + 1)),
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
        {"range": "bytes=0-10"},
        {"x_forwarded_host": "evil.example"},
        {"accept_encoding": "gzip, " + "x" * page_store.ENCODING_LENGTH},
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
        ({"host": "site.example"}, {"host": "other.example"}),
        ({"accept_encoding": "gzip"}, {}),
        ({"accept_encoding": "gzip"}, {"accept_encoding": "br"}),
        ({"x_forwarded_proto": "https"}, {}),
        ({"x_forwarded_proto": "https"}, {"x_forwarded_proto": ""}),
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
    ],
    ids=str,
)
def test_nothing_else_a_browser_says_makes_another_page(headers):
    app = App()
    store = PageStore(app)
    anonymous = ask(store)[2]

    assert ask(store, **headers)[2] == anonymous
    assert app.calls == 1


def test_a_host_that_a_proxy_may_have_invented_never_fills_or_empties_the_store():
    app = App()
    store = PageStore(app)

    ask(store, x_forwarded_host="evil.example")
    assert ask(store)[2] == b"answer 2 for site.example/"
    ask(store, x_forwarded_host="evil.example")
    assert ask(store)[2] == b"answer 2 for site.example/"
    assert app.calls == 3


# --- bounds ---


def test_the_store_stays_within_its_bytes_and_forgets_the_oldest(monkeypatch):
    monkeypatch.setattr(page_store, "STORE_BYTES", 3 * (page_store.PAGE_OVERHEAD_BYTES + 1000))
    app = App(body=b"x" * 1000)
    store = PageStore(app)
    for path in ("/1", "/2", "/3", "/4"):
        ask(store, path)

    assert store._bytes <= page_store.STORE_BYTES
    assert len(store._pages) == 3
    ask(store, "/4")
    assert app.calls == 4
    ask(store, "/1")
    assert app.calls == 5


def test_many_addresses_of_a_tiny_page_are_bounded_too(monkeypatch):
    monkeypatch.setattr(page_store, "STORE_BYTES", 10 * page_store.PAGE_OVERHEAD_BYTES)
    store = PageStore(App(body=b"x"))
    for number in range(100):
        ask(store, query=str(number))

    assert len(store._pages) < 10


def test_a_page_that_is_made_twice_counts_once(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(page_store.time, "monotonic", lambda: clock[0])
    store = PageStore(App(body=b"x" * 1000))
    for _ in range(3):
        ask(store)
        clock[0] += 1000

    assert store._bytes == 1000 + page_store.PAGE_OVERHEAD_BYTES


def test_an_error_in_the_application_is_told_and_keeps_nothing():
    def broken(environ, start_response):
        raise RuntimeError("a bug")

    store = PageStore(broken)
    with pytest.raises(RuntimeError):
        ask(store)
    assert not store._pages
