"""Purging a CDN: a real server that records what it is sent, real transactions, and the worker that runs the tasks."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection, transaction

from publishing.cache import cdn, pages
from publishing.tests.factories import make_article
from publishing.tests.served import free_port
from publishing.tests.worker import results, run_worker, waiting_tasks

pytestmark = pytest.mark.django_db


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """Answers with `status`, and keeps path, headers and body in `received`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.status, server.received = 200, []
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(params=["cloudflare"])
def api(request, server, settings):
    settings.CDN = {
        "kind": request.param,
        "token": "a-token",
        "id": "zone1",
        "api": f"http://127.0.0.1:{server.server_port}/v4",
    }
    return server


def work(clock, seconds=4):
    """The worker does what is due `seconds` after the transaction."""
    connection.run_on_commit.clear()
    clock.shift(timedelta(seconds=seconds))
    run_worker()


def purged(server):
    return [body for _, _, body in server.received]


@pytest.mark.parametrize(
    ("api", "path", "headers", "body"),
    [
        (
            "cloudflare",
            "/v4/zones/zone1/purge_cache",
            {"Authorization": "Bearer a-token"},
            {"tags": ["article:7", "home"]},
        ),
        (
            "fastly",
            "/v4/service/zone1/purge",
            {"Fastly-Key": "a-token", "Fastly-Soft-Purge": "1"},
            {"surrogate_keys": ["article:7", "home"]},
        ),
    ],
    indirect=["api"],
)
def test_the_names_are_sent_as_the_cdn_wants_them(api, clock, path, headers, body):
    cdn.purge_later(["home", "article:7"])
    work(clock)

    [received] = api.received
    assert (received[0], received[2]) == (path, body)
    assert headers.items() <= received[1].items()


@pytest.mark.parametrize(
    ("api", "path", "body"),
    [
        ("cloudflare", "/v4/zones/zone1/purge_cache", {"purge_everything": True}),
        ("fastly", "/v4/service/zone1/purge_all", {}),
    ],
    indirect=["api"],
)
def test_the_name_of_the_site_purges_everything(api, clock, path, body):
    cdn.purge_later(["article:7", "site"])
    work(clock)

    assert [(where, sent) for where, _, sent in api.received] == [(path, body)]


def test_the_purge_waits_until_no_process_answers_from_the_old_page(api, clock):
    cdn.purge_later(["home"])
    run_worker()

    assert (api.received, waiting_tasks()) == ([], ["purge"])


def test_purges_that_wait_go_in_one_request(api, clock):
    for number in range(3):
        cdn.purge_later([f"article:{number}", "home"])
    work(clock)

    assert purged(api) == [{"tags": ["article:0", "article:1", "article:2", "home"]}]
    assert waiting_tasks() == []


def test_more_names_than_a_request_may_have_are_sent_in_several(api, clock):
    cdn.purge_later([f"article:{number}" for number in range(150)])
    work(clock)

    assert [len(body["tags"]) for body in purged(api)] == [100, 50]


def test_a_transaction_stores_a_name_once(api, count_queries):
    with transaction.atomic(), count_queries() as queries:
        for _ in range(20):
            cdn.purge_later(["article:7", "home"])

    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_purged_and_can_be_afterwards(api, clock):
    with transaction.atomic():
        cdn.purge_later(["home"])
        with transaction.atomic():
            cdn.purge_later(["article:7", "article:8"])
            transaction.set_rollback(True)
        cdn.purge_later(["article:7"])
    with transaction.atomic():
        cdn.purge_later(["article:9"])
        transaction.set_rollback(True)
    work(clock)

    assert purged(api) == [{"tags": ["article:7", "home"]}]


@pytest.mark.parametrize("status", [429, 500, None])
def test_a_cdn_that_does_not_purge_is_asked_again(api, clock, settings, status, caplog):
    cdn_settings = settings.CDN
    api.status = status
    if status is None:
        settings.CDN = {**cdn_settings, "api": f"http://127.0.0.1:{free_port()}"}
    cdn.purge_later(["home"])
    with caplog.at_level("WARNING"):
        work(clock)

    assert (results(), waiting_tasks()) == ([("purge", "SUCCESSFUL", "not yet")], ["purge"])
    assert "did not purge home" in caplog.text
    assert "a-token" not in caplog.text

    api.status, settings.CDN = 200, cdn_settings
    work(clock, seconds=6)

    assert (purged(api)[-1:], waiting_tasks()) == ([{"tags": ["home"]}], [])


def test_tries_end_when_every_copy_has_expired(api, clock):
    api.status = 500
    cdn.purge_later(["home"])
    for seconds in (4, 6, 16, 61, 301):
        work(clock, seconds)

    assert len(api.received) == 5
    assert (results()[-1][:2], waiting_tasks()) == (("purge", "FAILED"), [])


def test_a_change_purges_the_pages_that_show_it(api, client, clock):
    article = make_article()
    work(clock)
    api.received.clear()
    article.title = "Another title"
    article.save()
    work(clock)

    shown = client.get(article.get_absolute_url()).headers["Cache-Tag"].split(",")
    [body] = purged(api)
    assert f"article:{article.pk}" in set(body["tags"]) & set(shown)


@pytest.mark.parametrize("api", ["fastly"], indirect=True)
def test_fastly_reads_the_names_from_a_header_of_its_own(api, client):
    article = make_article()

    assert f"article:{article.pk}" in client.get(article.get_absolute_url()).headers["Surrogate-Key"].split(" ")


@pytest.mark.parametrize("api", ["fastly"], indirect=True)
def test_what_was_withdrawn_is_not_kept_for_an_outage(api, clock):
    pages.withdraw("article:7")
    work(clock)

    [(_, headers, body)] = api.received
    assert (body, "Fastly-Soft-Purge" in headers) == ({"surrogate_keys": ["article:7"]}, False)


def test_a_redirect_is_purged_when_its_address_has_a_page_again(api, client, clock):
    article = make_article(slug="first")
    article.slug = "second"
    article.save()
    redirected = client.get("/articles/first/")
    assert redirected.status_code == 301
    work(clock)
    api.received.clear()
    article.slug = "first"
    article.save()
    work(clock)

    [body] = purged(api)
    assert "redirects" in set(body["tags"]) & set(redirected.headers["Cache-Tag"].split(","))


def test_without_a_cdn_nothing_is_stored(count_queries):
    with count_queries() as queries:
        cdn.purge_later(["home", "site"])

    assert queries == []
