import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import get_template
from django.urls import path as route
from django.utils import timezone

from publishing import urls
from publishing.cache import changes
from publishing.maintenance.announcements import announce
from publishing.models import Publication

from .factories import database_down

pytestmark = pytest.mark.django_db

NOON = "2026-06-01T12:00:00Z"
REFUSED = ["/", "/articles/any/", "/feed.xml", "/atom.xml", "/feed.json", "/search/?q=x", "/nowhere/", "/quizzes-evil",
           "/QUIZZES/", "/quizzes/../articles/any/", "/any-page?x=feed", "/?next=/quizzes/", "/?/admin/"]  # fmt: skip
SERVED = ["/quizzes/", "/%71uizzes/", "/robots.txt", "/healthz", "/readyz", "/sitemap.xml", "/admin/login/"]


def close(**fields):
    return announce("closed", ends_at=timezone.now() + timedelta(minutes=30), **fields)


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("method", ["get", "head", "post"])
@time_machine.travel(NOON, tick=False)
def test_a_closed_site_answers_503_with_the_time_that_is_left(client, path, method):
    close()

    response = getattr(client, method)(path)

    assert (response.status_code, response["Retry-After"]) == (503, "1800")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("path", SERVED)
def test_what_stays_open_is_served(client, path):
    close()

    assert client.get(path).status_code == 200


def test_two_slashes_before_quizzes_are_another_path(client):
    """The test client would take `//quizzes/` for a host, so the path is given as a server decodes it."""
    close()

    assert client.get("/", PATH_INFO="//quizzes/").status_code == 503


def test_answers_to_a_quiz_are_taken(post_from_site):
    close()

    assert post_from_site("/quizzes/").status_code != 503


def a_view_that_works(request):
    return HttpResponse("done")


def a_view_that_handles_read_only(request):
    return HttpResponse("done")


a_view_that_works.works_in_maintenance = True
a_view_that_handles_read_only.handles_read_only = True
urlpatterns = [route("works/", a_view_that_works), route("handles/", a_view_that_handles_read_only), *urls.urlpatterns]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("state", ["closed", "read-only"])
def test_a_view_that_works_in_maintenance_is_called_in_every_state(client, state):
    announce(state, ends_at=timezone.now() + timedelta(minutes=30))

    for method in (client.get, client.post):
        assert method("/works/").status_code == 200
    assert client.post("/handles/").status_code == (503 if state == "closed" else 200)


def test_options_pass(client):
    before = client.options("/").status_code
    close()

    assert client.options("/").status_code == before


def test_the_page_has_its_heading_the_way_to_the_quizzes_and_nothing_from_elsewhere(client):
    close(sentence="We are moving house.")

    html = client.get("/").text

    assert '<html lang="en" dir="ltr">' in html
    assert html.count("<h1>") == 1 and "<h1>Maintenance</h1>" in html
    assert "We are moving house." in html
    assert '<a class="button first" href="/quizzes/">Go to quizzes</a>' in html
    assert "Back about <time" in html
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert "<textarea" not in html


def test_the_page_asks_only_for_static_files_that_there_are():
    source = get_template("_fault_page.html").template.source
    names = re.findall(r"{% static '([^']+)' %}", source)

    assert "css/site.css" in names
    assert all(finders.find(name) for name in names)


def test_head_has_the_headers_of_get(client):
    close()
    get, head = client.get("/"), client.head("/")

    for response in (get, head):
        del response.headers["Content-Length"], response.headers["X-Request-ID"]
    assert dict(get.headers) == dict(head.headers)
    assert head.content == b""


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("", "text/html; charset=utf-8"),
        ("application/json;q=0.5, text/html", "text/html; charset=utf-8"),
        ("nonsense", "text/html; charset=utf-8"),
    ],
)
def test_programs_that_ask_for_json_get_a_problem(client, accept, content_type):
    close()

    assert client.get("/", headers={"accept": accept})["Content-Type"] == content_type


def test_no_crawler_and_no_address_is_let_in_by_what_it_says_of_itself(client):
    close()
    headers = {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)", "x-forwarded-for": "127.0.0.1"}

    assert client.get("/", headers=headers).status_code == 503


def test_nothing_can_be_switched_by_a_get_request(client):
    close()

    for path in ("/quizzes/?maintenance=off", "/admin/maintenance/window/?action=end_now", "/maintenance-mode/off/"):
        client.get(path)

    assert client.get("/").status_code == 503


def test_the_site_opens_again_by_itself(client):
    with time_machine.travel(NOON, tick=False) as clock:
        close()
        clock.shift(timedelta(minutes=30, microseconds=-1))
        last = client.get("/")
        clock.shift(timedelta(microseconds=1))

        assert (last.status_code, last["Retry-After"]) == (503, "60")
        assert client.get("/").status_code == 200


def test_the_page_works_while_the_database_is_down(client):
    Publication(name="The Margin").save()
    close()
    client.get("/")
    changes.invalidate(changes.SITE)

    with database_down():
        response = client.get("/")

    assert response.status_code == 503
    assert "The Margin" in response.text


def test_the_page_costs_no_query_while_nothing_changes(client, count_queries):
    close()
    client.get("/")

    with count_queries() as queries:
        client.get("/")

    assert queries == []


def test_what_someone_typed_before_the_site_closed_is_given_back(post_from_site):
    close()

    assert "A long and careful thought.</textarea>" in post_from_site("/", {"body": "A long and careful thought."}).text


def test_a_closed_site_fills_no_error_log(client, caplog):
    close()

    with caplog.at_level(logging.WARNING):
        client.get("/")

    assert caplog.records == []


def test_the_page_has_colours_and_links_of_the_publication_and_times_that_a_script_makes_local(client):
    """The way to write to it is at the foot, as on every page (WCAG 3.2.6)."""
    Publication(link_lines="Write to us mailto:us@example.org").save()
    close()
    html = client.get("/").text

    assert '<a href="mailto:us@example.org"' in html[html.index("<footer") :]
    assert re.search(r'<link rel="stylesheet" href="/identity/\w+\.css">', html)
    assert re.search(r'<script src="/static/js/notice[^"]*\.js"></script>', html)
    assert re.search(r"<p data-times>Back about <time datetime=[^>]+>[^<]+ UTC</time>\.</p>", html)


def test_the_page_works_without_static_files(client, monkeypatch):
    def missing(name):
        raise ValueError(f"Missing staticfiles manifest entry for {name}")

    monkeypatch.setattr("django.contrib.staticfiles.storage.staticfiles_storage.url", missing)
    close()
    response = client.get("/")

    assert response.status_code == 503
    assert "<h1>Maintenance</h1>" in response.text and "Go to quizzes" in response.text
    assert "/static/" not in response.text
