"""An id joins what a request logged, what the proxy logged, and the page that a reader quotes."""

import io
import json
import logging
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.urls import path

from publishing.monitoring.logs import JsonFormatter
from publishing.tests.factories import make_article
from publishing.urls import handler500, urlpatterns  # noqa: F401 - Django asks this module for it

pytestmark = pytest.mark.django_db
OURS = re.compile(r"[0-9a-f]{32}")
FROM_NGINX = "0123456789abcdef0123456789abcdef"


def fails(request):
    logging.getLogger("view").error("about to fail")
    raise RuntimeError("for this test")


urlpatterns = [path("fails/", fails), *urlpatterns]


@pytest.fixture
def log():
    """Collects what the console shows, as JSON."""
    [console] = [each for each in logging.getLogger().handlers if each.formatter and each.filters]
    formatter, stream = console.formatter, console.setStream(io.StringIO())
    console.setFormatter(JsonFormatter())
    yield lambda: [json.loads(line) for line in console.stream.getvalue().splitlines()]
    console.setFormatter(formatter)
    console.setStream(stream)


def fetch(client, address, **headers):
    client.raise_request_exception = False
    return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.urls(__name__)
def test_every_line_of_a_request_the_response_and_the_error_page_have_one_id(client, log):
    response = fetch(client, "/fails/")

    request_id = response.headers["X-Request-ID"]
    assert OURS.fullmatch(request_id)
    assert f"Reference: {request_id}" in response.content.decode()
    assert [(line["logger"], line["request_id"]) for line in log()] == [
        ("view", request_id),
        ("django.request", request_id),
    ]
    assert "RuntimeError: for this test" in log()[1]["exception"]
    assert log()[1]["status_code"] == 500


@pytest.mark.urls(__name__)
def test_two_requests_have_two_ids_and_outside_there_is_none(client, log):
    fetch(client, "/fails/")
    fetch(client, "/fails/")
    logging.getLogger("later").error("outside")

    ids = [line["request_id"] for line in log() if line["logger"] != "django.request"]
    assert len(set(ids)) == 3
    assert ids[-1] == "-"


def test_a_page_of_an_outage_has_the_id_too(client):
    def gone(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(gone):
        response = client.get("/search/?q=word")

    assert response.status_code == 503
    assert f"Reference: {response.headers['X-Request-ID']}" in response.content.decode()


def test_the_id_of_a_trusted_proxy_is_used(client, settings):
    settings.TRUSTED_PROXIES = 1

    assert fetch(client, "/healthz", x_request_id=FROM_NGINX).headers["X-Request-ID"] == FROM_NGINX


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, f"{FROM_NGINX}\t", "<script>alert(1)</script>", "ü" * 32])
def test_an_id_that_is_not_well_formed_is_not_used(client, settings, sent):
    settings.TRUSTED_PROXIES = 1

    assert OURS.fullmatch(fetch(client, "/healthz", x_request_id=sent).headers["X-Request-ID"])


def test_without_a_proxy_a_client_cannot_choose_the_id(client):
    assert fetch(client, "/healthz", x_request_id=FROM_NGINX).headers["X-Request-ID"] != FROM_NGINX


@pytest.mark.parametrize("address", ["/", "/articles/seen/", "/no-such-page/", "/static/css/site.css", "/favicon.ico"])
def test_a_cacheable_response_has_no_id(client, settings, address):
    settings.TRUSTED_PROXIES = 1
    make_article(slug="seen")
    response = fetch(client, address, x_request_id=FROM_NGINX)

    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert "public" in response.headers["Cache-Control"]
    assert "X-Request-ID" not in response.headers
    assert FROM_NGINX.encode() not in body


LOG = """
import logging, django
django.setup()
logging.getLogger("any").warning("two\\nlines of %s", "text")
"""


@pytest.mark.parametrize("form", ["line", "json"])
def test_the_log_is_for_people_or_for_programs(tmp_path, form):
    environment = {
        "DJANGO_SETTINGS_MODULE": "publishing.settings", "SECRET_KEY": "k" * 60, "VAR_DIR": str(tmp_path),
        "LOG_FORMAT": form,
    }  # fmt: skip
    command = [sys.executable, "-c", LOG]
    written = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True).stderr

    if form == "line":
        assert written.endswith("WARNING any - two\nlines of text\n")
    else:
        [line] = written.splitlines()
        found = json.loads(line)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found.pop("time"))
        assert found == {"level": "WARNING", "logger": "any", "request_id": "-", "message": "two\nlines of text"}
