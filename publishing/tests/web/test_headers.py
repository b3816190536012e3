"""The security headers of every kind of answer, as their whole value."""

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from publishing.tests.factories import make_article, make_user
from publishing.web import redirects

pytestmark = pytest.mark.django_db

# After the report on headers: what an answer of a site without third parties carries.
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Origin-Agent-Cluster": "?1",
    "Reporting-Endpoints": 'csp="/csp-report"',
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), fullscreen=(self)"
    ),
}
DESK = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "report-to": "csp",
}
PUBLIC = DESK | {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
MEDIA = {"default-src": "'none'", "sandbox": "", "style-src": "'unsafe-inline'"}


def policy(response):
    """The directives of the policy. Fails if one is there twice."""
    directives = [part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";")]
    assert len(directives) == len(dict(directives))
    return dict(directives)


def an_article(client):
    return client.get(make_article().get_absolute_url())


def an_old_address(client):
    redirects.leave("/old/", "/")
    return client.get("/old/")


def a_post_from_elsewhere(client):
    path = make_article().get_absolute_url() + "heart/"
    return client.post(path, headers={"sec-fetch-site": "cross-site"})


def a_static_file(client):
    path = django_settings.STATIC_ROOT / "test-headers.css"
    path.write_text("a{}")
    # Another client: WhiteNoise looks for files when it starts.
    return Client().get("/static/test-headers.css")


def an_error(client):
    client.raise_request_exception = False
    return client.get("/bad/breaks/")


def a_withdrawn_address(client):
    redirects.withdraw("/old/")
    return client.get("/old/")


ANSWERS = {
    "home": (lambda client: client.get("/"), 200),
    "article": (an_article, 200),
    "feed": (lambda client: client.get("/feed.xml"), 200),
    "JSON feed": (lambda client: client.get("/feed.json"), 200),
    "robots": (lambda client: client.get("/robots.txt"), 200),
    "sitemap": (lambda client: client.get("/sitemap.xml"), 200),
    "health": (lambda client: client.get("/healthz"), 200),
    "readiness": (lambda client: client.get("/readyz"), 200),
    "quizzes": (lambda client: client.get("/quizzes/"), 200),
    "missing": (lambda client: client.get("/no/such/page/"), 404),
    "old address": (an_old_address, 301),
    "withdrawn": (a_withdrawn_address, 410),
    "missing slash": (lambda client: client.get("/archive"), 301),
    "not modified": (lambda client: client.get("/", headers={"if-none-match": "*"}), 304),
    "head": (lambda client: client.head("/"), 200),
    "from elsewhere": (a_post_from_elsewhere, 403),
    "without a token": (lambda client: Client(enforce_csrf_checks=True).post("/"), 405),
    "wrong method": (lambda client: client.post("/"), 405),
    "wrong host": (lambda client: client.get("/", headers={"host": "evil.example"}), 400),
    "error": (an_error, 500),
    "report": (lambda client: client.post("/csp-report", "{}", content_type="application/csp-report"), 204),
    "static file": (a_static_file, 200),
}


@pytest.mark.urls("publishing.tests.bad_urls")
@pytest.mark.parametrize("name", ANSWERS)
def test_every_public_answer_carries_every_header(client, name):
    ask, status = ANSWERS[name]
    response = ask(client)

    assert response.status_code == status
    assert {header: response.headers.get(header) for header in EVERYWHERE} == EVERYWHERE
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert policy(response) == PUBLIC
    assert "Strict-Transport-Security" not in response.headers
    assert not {"Server", "X-Powered-By"} & set(response.headers)
    assert response.headers.get("Access-Control-Allow-Origin", "*") == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    b"".join(response)


def test_the_desk_has_the_same_policy_without_trusted_types(client):
    signed_in = Client()
    signed_in.force_login(make_user("owner"))
    for response in (
        client.get("/admin/"),
        client.get("/admin/login/"),
        signed_in.get("/admin/"),
        signed_in.get("/admin/articles/article/add/"),
        signed_in.get("/admin/no/such/page/"),
    ):
        assert policy(response) == DESK
        assert {header: response.headers.get(header) for header in EVERYWHERE} == EVERYWHERE


def test_an_uploaded_file_can_do_nothing_but_be_seen(client):
    name = default_storage.save("0123456789abcdef0123456789abcdef.webp", ContentFile(b"not really a picture"))
    response = client.get(f"/media/{name}")

    assert policy(response) == MEDIA
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin", "feed readers show it"
    assert {header: response.headers.get(header) for header in EVERYWHERE} == EVERYWHERE
    b"".join(response)
    default_storage.delete(name)


def test_pictures_for_other_sites_may_be_shown_there(client):
    response = client.get(make_article().get_absolute_url() + "card.png")

    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert policy(response) == PUBLIC


def test_every_text_says_how_it_is_encoded(client):
    for path in ("/", "/no/such/page/", "/feed.xml", "/atom.xml", "/robots.txt", "/healthz", "/admin/login/"):
        assert client.get(path).headers["Content-Type"].endswith("; charset=utf-8"), path


@pytest.mark.parametrize(
    ("scheme", "expected"), [("https", "max-age=63072000; includeSubDomains; preload"), ("http", None)]
)
def test_only_an_https_answer_asks_for_https(settings, scheme, expected):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True

    for path in ("/", "/no/such/page/", "/admin/login/"):
        response = Client().get(path, secure=scheme == "https")
        assert response.headers.get("Strict-Transport-Security") == expected, path


@pytest.fixture
def https_site(settings):
    """A client of the site as it runs under an https address."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "publication.example"
    settings.ALLOWED_HOSTS = ["publication.example", "old.publication.example"]
    return Client(headers={"host": "old.publication.example"})


def test_plain_http_is_led_to_the_one_https_address(https_site):
    response = https_site.get("/articles/x/?page=2")

    assert response.status_code == 301
    assert response.headers["Location"] == "https://publication.example/articles/x/?page=2"


def test_a_host_that_is_not_ours_is_refused_before_any_redirect(https_site):
    for secure in (True, False):
        response = https_site.get("/", headers={"host": "evil.example"}, secure=secure)

        assert b"evil.example" not in response.content
        assert "evil.example" not in response.headers.get("Location", "")
        assert response.status_code == (400 if secure else 301)


def test_health_is_told_without_https_too(https_site):
    assert https_site.get("/healthz").status_code == 200
    assert https_site.get("/readyz").status_code == 200
