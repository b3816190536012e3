"""Hits of popular pages, which are found by the request as it was sent, without looking at the page."""

import time

import pytest

from publishing.cache import changes, page_store
from publishing.tests.cache.wsgi import PUBLIC, App, PageStore, ask

BROWSER = "gzip, deflate, br, zstd"


@pytest.fixture
def popular():
    """A store whose page at / has been compressed again, and was hit after that."""
    store = PageStore(App(PUBLIC, ("Cache-Tag", "article:1"), body=b"<p>text text text</p>" * 500))
    deadline = time.monotonic() + 10
    while not (store._pages and next(iter(store._pages.values())).is_smallest) and time.monotonic() < deadline:
        ask(store, accept_encoding=BROWSER)
    for _ in range(2):
        ask(store, accept_encoding=BROWSER)
    assert store._ready.answers
    return store


def test_a_change_invalidates_a_popular_page_at_once(popular):
    changes.record("article:2")
    assert (ask(popular, accept_encoding=BROWSER), popular.application.calls)[1] == 1
    changes.record("article:1")
    assert (ask(popular, accept_encoding=BROWSER), popular.application.calls)[1] == 2


def test_a_popular_page_ages_and_expires(popular, monkeypatch):
    later = 100
    for name in ("monotonic", "time"):
        clock = getattr(time, name)
        monkeypatch.setattr(time, name, lambda clock=clock: clock() + later)
    assert int(ask(popular, accept_encoding=BROWSER)[1]["Age"]) >= 100
    later = 301
    assert "Age" not in ask(popular, accept_encoding=BROWSER)[1]


def test_hits_of_a_popular_page_differ_as_their_requests_do(popular):
    etag = ask(popular, accept_encoding=BROWSER)[1]["ETag"]
    for _ in range(2):
        assert ask(popular, accept_encoding=BROWSER, if_none_match=etag)[0] == "304 Not Modified"
        assert ask(popular, accept_encoding=BROWSER, method="HEAD")[2] == b""
        assert ask(popular)[2] == popular.application.body
        assert "Content-Encoding" not in ask(popular, accept_encoding="br;q=0")[1]
    hits = popular.hits
    ask(popular, accept_encoding=BROWSER, host="evil.example")
    ask(popular, accept_encoding=BROWSER, method="POST")
    ask(popular, accept_encoding=BROWSER, query="page=2")
    assert popular.hits == hits


def test_answers_that_are_ready_are_bounded(popular, monkeypatch):
    monkeypatch.setattr(page_store, "READY_ANSWERS", 3)
    for number in range(10):
        ask(popular, accept_encoding=BROWSER, query=f"utm_source={number}")
        ask(popular, accept_encoding=BROWSER, query="utm_source=" + "x" * page_store.READY_BYTES)
    assert len(popular._ready.answers) <= 3
