"""Asking Akismet: a real server that answers as it does, and every way in which it can fail to."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.db import connection

from comments.models import Comment, CommentSettings
from comments.models.draft import Draft
from comments.moderation import decisions
from comments.screening import akismet
from comments.tests.factories import comment_url, make_comment, sent
from comments.writing import submitting
from publishing.tests.factories import make_article
from publishing.tests.served import free_port

pytestmark = pytest.mark.django_db


class Server(ThreadingHTTPServer):
    """Answers every POST with `status` and `answer`, and keeps what was sent."""

    daemon_threads = True

    def __init__(self, answer, status):
        self.answer, self.status, self.asked = answer, status, []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append({name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()})
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def serve(settings):
    """`with serve(b"true") as server:` lets the settings point to a server that answers so."""

    @contextmanager
    def start(answer, status=200):
        with Server(answer, status) as server:
            settings.AKISMET_KEY = "0123456789ab"
            settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}/1.1/comment-check"
            thread = threading.Thread(target=server.serve_forever, args=[0.01])
            thread.start()
            try:
                yield server
            finally:
                server.shutdown()
                thread.join()

    return start


def holds(comment):
    return [hold["rule"] for hold in comment.holds]


def test_without_a_key_nobody_is_asked(settings, post_from_site, serve):
    with serve(b"true") as server:
        settings.AKISMET_KEY = ""
        post_from_site(comment_url(make_article()), sent())

    assert server.asked == []
    assert holds(Comment.objects.get()) == []


def test_spam_is_held_with_its_reason(post_from_site, serve):
    with serve(b"true"):
        response = post_from_site(comment_url(make_article()), sent())

    comment = Comment.objects.get()
    assert (response.status_code, comment.status, comment.is_suspect) == (303, "pending", True)
    assert holds(comment) == ["akismet"]


def test_what_is_no_spam_waits_like_any_other(post_from_site, serve):
    with serve(b"false"):
        post_from_site(comment_url(make_article()), sent())

    assert holds(Comment.objects.get()) == []


def test_akismet_is_told_what_it_asks_for(settings, post_from_site, serve):
    settings.SITE_URL = "https://lantern.example"
    article = make_article(slug="tides")
    parent = make_comment(article, status="approved")
    headers = {"user-agent": "Mozilla/5.0 <b>", "referer": "https://lantern.example/articles/tides/"}
    with serve(b"false") as server:
        data = sent(body="Grüße & more", email="ann@mail.example", parent=parent.pk)
        post_from_site(comment_url(article), data, headers=headers, REMOTE_ADDR="::ffff:192.0.2.7")

    (told,) = server.asked
    assert told.pop("comment_date_gmt")[:2] == "20"
    assert told == {
        "api_key": "0123456789ab", "blog": "https://lantern.example", "blog_charset": "UTF-8", "blog_lang": "en",
        "user_ip": "192.0.2.7", "user_agent": "Mozilla/5.0 <b>", "referrer": "https://lantern.example/articles/tides/",
        "permalink": "https://lantern.example/articles/tides/", "comment_type": "reply", "comment_author": "Marisol",
        "comment_author_email": "ann@mail.example", "comment_content": "Grüße & more",
    }  # fmt: skip


def test_a_browser_that_says_nothing_of_itself_is_asked_about_all_the_same(post_from_site, serve):
    with serve(b"true") as server:
        post_from_site(comment_url(make_article()), sent(), headers={"user-agent": ""})

    assert (server.asked[0]["user_agent"], server.asked[0]["referrer"]) == ("", "")
    assert holds(Comment.objects.get()) == ["akismet"]


def test_a_header_of_eight_kilobytes_is_cut(post_from_site, serve):
    with serve(b"false") as server:
        post_from_site(comment_url(make_article()), sent(), headers={"user-agent": "<b>" * 3000})

    assert len(server.asked[0]["user_agent"]) == 1000


@pytest.mark.parametrize(
    ("answer", "status"),
    [(b"invalid", 200), (b"", 200), (b"true", 500), (b"true", 302), (b"TRUE\xff" * 10_000, 200), (b"nonsense", 404)],
)
def test_an_answer_that_says_neither_holds_the_comment(post_from_site, serve, answer, status):
    with serve(answer, status):
        response = post_from_site(comment_url(make_article()), sent())

    assert response.status_code == 303
    assert holds(Comment.objects.get()) == ["akismet-unreachable"]


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:{port}/", "http://host.invalid/", "https://127.0.0.1:{port}/", "file:///x", "", "http://["],
)
def test_where_nobody_answers_the_comment_is_held(settings, post_from_site, address):
    settings.AKISMET_KEY, settings.AKISMET_URL = "key", address.format(port=free_port())

    response = post_from_site(comment_url(make_article()), sent())

    assert response.status_code == 303
    assert holds(Comment.objects.get()) == ["akismet-unreachable"]


def test_a_server_that_keeps_silent_is_left_after_the_time_allowed(settings, monkeypatch, post_from_site):
    monkeypatch.setattr(akismet, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.AKISMET_KEY, settings.AKISMET_URL = "key", f"http://127.0.0.1:{listener.getsockname()[1]}/"
        response = post_from_site(comment_url(make_article()), sent())

    assert response.status_code == 303
    assert holds(Comment.objects.get()) == ["akismet-unreachable"]


def test_one_that_answers_in_drops_is_left_too(settings, monkeypatch, post_from_site):
    monkeypatch.setattr(akismet, "TIMEOUT_SECONDS", 0.3)
    stop = threading.Event()

    def drip(listener):
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"t")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.AKISMET_KEY, settings.AKISMET_URL = "key", f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread = threading.Thread(target=drip, args=[listener])
        thread.start()
        post_from_site(comment_url(make_article()), sent())
        stop.set()
        thread.join()

    assert holds(Comment.objects.get()) == ["akismet-unreachable"]


def test_a_known_writer_is_held_while_akismet_cannot_be_asked(settings, post_from_site):
    CommentSettings(policy="trust", trusted_after=1).save()
    article = make_article()
    post_from_site(comment_url(article), sent(body="First"))
    decisions.approve(Comment.objects.get(), by=None)
    settings.AKISMET_KEY, settings.AKISMET_URL = "key", f"http://127.0.0.1:{free_port()}/"

    post_from_site(comment_url(article), sent(body="Second"), REMOTE_ADDR="192.0.2.9")

    second = Comment.objects.latest("pk")
    assert (second.status, holds(second)) == ("pending", ["akismet-unreachable"])


def test_an_edit_does_not_wash_off_what_akismet_said(post_from_site, serve):
    with serve(b"true"):
        post_from_site(comment_url(make_article()), sent(body="Pills"))

    submitting.revise(Comment.objects.get(), Draft(name="Ann", body="A fine article"))
    assert (Comment.objects.get().is_suspect, holds(Comment.objects.get())) == (True, ["akismet"])


def test_nobody_can_make_us_ask_without_end(post_from_site, serve):
    article = make_article()
    with serve(b"false") as server:
        for number in range(14):
            post_from_site(comment_url(article), sent(body=f"Text {number}"))

    assert len(server.asked) == 10


def test_nothing_is_locked_while_akismet_is_asked(settings, post_from_site, serve):
    states = []
    original = akismet._post

    def watched(url, fields):
        states.append(len(connection.savepoint_ids))
        return original(url, fields)

    outside = len(connection.savepoint_ids)
    with serve(b"false"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(akismet, "_post", watched)
        post_from_site(comment_url(make_article()), sent())

    assert states == [outside]
