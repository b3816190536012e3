"""How long a cached page lives: changes, one render for many requests, old copies, and the outage of the database."""

import threading
import time

import pytest
from django.conf import settings
from django.core.management import call_command

from publishing.cache import changes, encodings, page_store
from publishing.tests.cache.wsgi import PUBLIC, App, MemoryPages, PageStore, ask, request_for

BROWSER = "gzip, deflate, br, zstd"


def named(*names, **options):
    return App(PUBLIC, ("Cache-Tag", ",".join(names)), **options)


def number_of(answer):
    """The number of the call that rendered an answer."""
    return int(answer[2].split()[1])


def expire(store):
    """End the lifetime of its page."""
    next(iter(store._pages.values())).expires = 0
    store._shared.pages.clear()


class Meanwhile:
    """Holds the application in one call, in another thread, until the block ends."""

    def __init__(self, app, store, path="/"):
        self.app, self.begun, self.go = app, threading.Event(), threading.Event()
        app.meanwhile = self._wait
        self.answer = None
        self.thread = threading.Thread(target=lambda: setattr(self, "answer", ask(store, path)))

    def _wait(self):
        self.app.meanwhile = lambda: None
        self.begun.set()
        assert self.go.wait(10)

    def __enter__(self):
        self.thread.start()
        assert self.begun.wait(10)
        return self

    def __exit__(self, *error):
        self.go.set()
        self.thread.join()


def assert_waits_for_render(app, store):
    """A request while another one renders the page waits for the second render."""
    answers = []
    with Meanwhile(app, store):
        waiting = threading.Thread(target=lambda: answers.append(ask(store)))
        waiting.start()
        time.sleep(0.05)
        assert answers == []
    waiting.join()
    assert number_of(answers[0]) == 2


# --- changes ---


def test_a_change_invalidates_the_pages_with_its_name_and_no_others():
    app, other = named("article:1", "articles"), named("article:2")
    store, beside = PageStore(app), PageStore(other)
    for asked in (store, beside):
        ask(asked)

    changes.record("article:1")
    assert [number_of(ask(store)), number_of(ask(store)), number_of(ask(beside))] == [2, 2, 1]
    changes.record("articles")
    assert [number_of(ask(store)), number_of(ask(beside))] == [3, 1]
    changes.record("site")
    assert [number_of(ask(store)), number_of(ask(beside))] == [4, 2]


def test_a_page_that_was_rendered_during_a_change_is_not_served_after_it():
    app = named("article:1")
    store = PageStore(app)
    app.meanwhile = lambda: changes.record("article:1")

    assert number_of(ask(store)) == 1
    app.meanwhile = lambda: None
    assert [number_of(ask(store)), number_of(ask(store))] == [2, 2]


def test_a_page_from_before_a_change_does_not_replace_a_newer_one():
    app = named("article:1")
    store = PageStore(app)
    with Meanwhile(app, store):
        changes.record("article:1")
        claims_of_another_time(store)
        assert number_of(ask(store)) == 2

    assert number_of(ask(store)) == 2


def claims_of_another_time(store):
    """As if the process that renders the page had been killed two seconds ago."""
    page_store.claims().release(store._request(request_for("/")).key)


# --- one render for many requests ---


def test_many_requests_for_a_new_page_make_one_render():
    app = named("article:1")
    store, answers = PageStore(app), []
    with Meanwhile(app, store):
        threads = [threading.Thread(target=lambda: answers.append(ask(store))) for _ in range(20)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        assert answers == []
    for thread in threads:
        thread.join()

    assert app.calls == 1
    assert {answer[2] for answer in answers} == {b"answer 1 for testserver/"}


def test_stores_of_several_processes_make_one_render():
    shared, app = MemoryPages(), named("article:1")
    here, there = PageStore(app, shared), PageStore(app, shared)
    with Meanwhile(app, here):
        waiting = threading.Thread(target=ask, args=(there,))
        waiting.start()
        time.sleep(0.05)
    waiting.join()

    assert app.calls == 1
    assert number_of(ask(there)) == 1


def test_after_a_change_all_but_one_get_the_old_page():
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    changes.record("article:1")

    with Meanwhile(app, store) as first:
        status, headers, body = ask(store)
        assert (status, body) == ("200 OK", b"answer 1 for testserver/")
        assert headers["Cache-Control"] == "public, max-age=0, s-maxage=1", "no other cache keeps the old page"
    assert number_of(first.answer) == 2
    assert app.calls == 2
    assert store.stale == 1


@pytest.mark.parametrize("change", [["!article:1"], ["site"]], ids=["withdrawn", "on every page"])
def test_the_old_page_is_not_served_if_something_on_it_was_withdrawn(change):
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    changes.record("article:1", *change)

    assert_waits_for_render(app, store)


def test_a_page_whose_time_has_come_is_not_served_while_it_is_rendered():
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    expire(store)

    assert_waits_for_render(app, store)


def test_a_render_that_never_ends_is_not_waited_for_longer_than_a_claim(monkeypatch):
    monkeypatch.setattr(page_store, "CLAIM_SECONDS", 0.1)
    app = named("article:1")
    store = PageStore(app)
    with Meanwhile(app, store):
        assert number_of(ask(store)) == 2


def test_an_error_in_the_application_releases_the_page():
    app = named("article:1")
    store = PageStore(app)
    app.meanwhile = lambda: 1 / 0

    with pytest.raises(ZeroDivisionError):
        ask(store)
    app.meanwhile = lambda: None
    assert number_of(ask(store)) == 2


# --- outage ---


def outage(app):
    """From now on `app` answers as the site does while the database is down."""
    app.status, app.outage = "503 Service Unavailable", True


def test_while_the_database_is_down_the_last_copy_is_served_and_after_it_a_new_one(monkeypatch):
    monkeypatch.setattr(page_store, "RETRY_SECONDS", 0)
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    expire(store)
    outage(app)

    status, headers, body = ask(store)
    assert (status, body) == ("200 OK", b"answer 1 for testserver/")
    assert (headers["Cache-Control"], headers["Age"]) == ("public, max-age=0, s-maxage=1", "0")
    assert "Warning" not in headers
    changes.record("article:1")
    assert ask(store)[0] == "200 OK"

    app.status, app.outage = "200 OK", False
    assert number_of(ask(store)) == app.calls


def test_a_page_without_a_copy_is_answered_as_the_site_does():
    app = named("article:1")
    outage(app)

    assert ask(PageStore(app))[0] == "503 Service Unavailable"


@pytest.mark.parametrize("change", ["!article:1", "site"])
def test_a_copy_that_was_withdrawn_is_not_served_in_an_outage(change):
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    changes.record("article:1", change)
    outage(app)

    assert ask(store)[0] == "503 Service Unavailable"


@pytest.mark.parametrize("status", ["503 Service Unavailable", "404 Not Found", "410 Gone", "301 Moved Permanently"])
def test_a_copy_is_dropped_when_the_site_answers_something_else(status):
    shared, app = MemoryPages(), named("article:1")
    store = PageStore(app, shared)
    ask(store)
    changes.record("article:1")
    app.status = status

    assert ask(store)[0] == status
    assert not store._pages
    assert not shared.pages
    outage(app)
    assert ask(store)[0] == "503 Service Unavailable"


# --- compression ---


def test_a_page_is_rendered_once_for_all_codings():
    app = App(body=b"<p>text text text</p>" * 500)
    store = PageStore(app)
    sizes = {}
    for header in ("", "gzip", "br", "zstd", BROWSER, "br;q=0, gzip", "*", "identity", "GZIP;q=0.5"):
        _, headers, body = ask(store, accept_encoding=header)
        coding = headers.get("Content-Encoding", "")
        assert encodings.decompress(body, coding) == app.body
        assert headers["Content-Length"] == str(len(body))
        assert headers["ETag"] == ('W/"1"' if coding else '"1"')
        sizes[header] = coding

    assert app.calls == 1
    assert sizes[""] == sizes["identity"] == ""
    assert (sizes["gzip"], sizes["br"], sizes["zstd"]) == ("gzip", "br", "zstd")
    assert sizes["br;q=0, gzip"] == sizes["GZIP;q=0.5"] == "gzip"


def test_the_smallest_body_that_the_client_accepts_is_sent():
    app = App(body=b"".join(b"<p>%d</p>" % number for number in range(2000)))
    store = PageStore(app)
    for header in ("br", "gzip", "zstd"):
        ask(store, accept_encoding=header)

    smallest = min(len(ask(store, accept_encoding=header)[2]) for header in ("br", "gzip", "zstd"))
    assert len(ask(store, accept_encoding=BROWSER)[2]) == smallest


@pytest.mark.parametrize("app", [App(body=b"short"), App(("Content-Type", "image/png"), PUBLIC, body=b"x" * 5000)])
def test_what_compression_does_not_make_smaller_is_sent_as_it_is(app):
    assert "Content-Encoding" not in ask(PageStore(app), accept_encoding=BROWSER)[1]


def test_a_page_that_is_often_requested_is_compressed_again():
    app, shared = App(body=(settings.BASE_DIR / "README.md").read_bytes()), MemoryPages()
    store = PageStore(app, shared)
    first = ask(store, accept_encoding=BROWSER)[2]
    for _ in range(page_store.HITS_TO_COMPRESS):
        ask(store, accept_encoding=BROWSER)

    deadline = time.monotonic() + 10
    while len(ask(store, accept_encoding=BROWSER)[2]) == len(first) and time.monotonic() < deadline:
        time.sleep(0.02)
    _, headers, body = ask(store, accept_encoding=BROWSER)
    assert len(body) < len(first)
    assert encodings.decompress(body, headers["Content-Encoding"]) == app.body
    assert ask(PageStore(app, shared), accept_encoding=BROWSER)[2] == body, "also for a new process"
    assert app.calls == 1


# --- from memory, for the server's own thread ---


def test_a_page_in_memory_is_answered_without_waiting_and_nothing_else_is():
    app = named("article:1")
    store = PageStore(app)
    assert store.answer(request_for("/")) is None
    ask(store)

    status, headers, body = store.answer(request_for("/"))
    assert (status, body, dict(headers)["Age"]) == ("200 OK", b"answer 1 for testserver/", "0")
    assert store.answer(request_for("/", method="HEAD"))[2] == b""
    assert store.answer(request_for("/", method="POST")) is None
    assert store.answer(request_for("/", accept_encoding="gzip")) is None, "it would have to be compressed"
    changes.record("article:1")
    assert store.answer(request_for("/")) is None
    assert app.calls == 1


def test_the_old_page_is_answered_without_waiting_while_it_is_rendered():
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    changes.record("article:1")

    with Meanwhile(app, store):
        assert store.answer(request_for("/"))[2] == b"answer 1 for testserver/"
        changes.record("!article:1")
        assert store.answer(request_for("/")) is None


@pytest.mark.parametrize("names", [[], ["article:1"]])
def test_pages_can_be_invalidated_by_a_command(db, names, capsys):
    app = named("article:1")
    store = PageStore(app)
    ask(store)
    call_command("invalidate_pages", "article:2")
    assert number_of(ask(store)) == 1

    call_command("invalidate_pages", *names)
    assert number_of(ask(store)) == 2
    assert "next request" in capsys.readouterr().out
