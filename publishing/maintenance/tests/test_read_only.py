from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from publishing.maintenance.announcements import announce
from publishing.maintenance.middleware import Maintenance

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-06-01T12:00:00Z", tick=False)
def test_sending_is_refused_for_as_long_as_the_window_lasts(post_from_site):
    announce("read-only", ends_at=timezone.now() + timedelta(minutes=10), sentence="A new disk.")

    response = post_from_site("/", {"body": "Hello."})

    assert response.status_code == 503
    assert response["Retry-After"] == "600"
    assert "no-store" in response["Cache-Control"]
    assert "<h1>Maintenance</h1>" in response.text
    assert "A new disk." in response.text
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_method_that_changes_something_is_refused(client, method):
    announce("read-only")

    assert getattr(client, method)("/").status_code == 503


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_reading_goes_on(client, method):
    before = getattr(client, method)("/").status_code
    announce("read-only")

    assert getattr(client, method)("/").status_code == before != 503


def test_quizzes_and_the_admin_take_what_is_sent(client, post_from_site):
    announce("read-only")

    assert post_from_site("/quizzes/").status_code != 503
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 200


def test_what_was_typed_is_given_back_to_be_copied(post_from_site):
    announce("read-only")
    typed = {"name": "Ines", "body": "</textarea><script>alert(1)</script>\n\nA second paragraph, ünïcode & all."}

    html = post_from_site("/", typed | {"homepage": "bot", "csrfmiddlewaretoken": "token", "parent": "12"}).text

    assert "<script>alert" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "A second paragraph, ünïcode &amp; all.</textarea>" in html
    assert html.count("<textarea") == html.count(" readonly>") == 2
    assert '<label for="typed-1">Name</label>' in html
    for untyped in ("bot", "token", ">12"):
        assert untyped not in html.partition("<section")[2]


def test_a_form_of_another_site_is_refused_without_repeating_its_words(client):
    announce("read-only")

    response = client.post("/", {"body": "Read my page."}, headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 503
    assert "Read my page." not in response.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe=%ff&body=%ed%a0%80", "application/x-www-form-urlencoded"),
        (b"--", "multipart/form-data"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"&".join(b"a=b" for _ in range(1100)), "application/x-www-form-urlencoded"),
        (b'{"body": "Hello."}', "application/json"),
        (b"a=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"body=%ff", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_all_the_same(client, body, content_type):
    announce("read-only")

    response = client.post("/", body, content_type=content_type, headers={"sec-fetch-site": "same-origin"})

    assert response.status_code == 503


def test_scripts_get_a_problem_in_json(post_from_site):
    announce("read-only", sentence="A new disk.")

    response = post_from_site("/", {"body": "Hello."}, headers={"accept": "application/json"})

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    problem = {"type": "about:blank", "title": "Maintenance", "status": 503, "detail": "A new disk."}
    assert response.json() == problem
    assert response["Retry-After"] == "3600"


def test_a_view_that_handles_read_only_answers_by_itself():
    def form(request):
        """Keeps the text in its own form."""

    def plain(request):
        """Knows nothing of maintenance."""

    form.handles_read_only = True
    announce("read-only")
    request = RequestFactory().post("/articles/one/comments/")
    middleware = Maintenance(lambda request: HttpResponse())
    middleware(request)

    assert middleware.process_view(request, form, (), {}) is None
    refused = middleware.process_view(request, plain, (), {})
    assert (refused.status_code, refused["Cache-Control"]) == (503, "private, no-store")
    assert request.maintenance.state == "read-only"
