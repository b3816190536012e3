import pytest
from django.test import RequestFactory, override_settings

from publishing.web.same_origin import is_same_origin

OURS = "https://indent.example"
HOST = "indent.example"

# Sec-Fetch-Site, Origin, whether the form may store something. None: the header is not sent.
TABLE = [
    ("same-origin", None, True),
    ("same-origin", OURS, True),
    ("same-origin", "null", True),
    ("same-origin", "https://evil.example", True),
    ("none", None, True),
    ("none", OURS, True),
    ("none", "null", False),
    ("none", "https://evil.example", False),
    ("same-site", None, False),
    ("same-site", OURS, False),
    ("same-site", "https://blog.indent.example", False),
    ("same-site", "null", False),
    ("cross-site", None, False),
    ("cross-site", OURS, False),
    ("cross-site", "https://evil.example", False),
    ("cross-site", "null", False),
    ("", None, False),
    ("", OURS, False),
    ("SAME-ORIGIN", OURS, False),
    ("same-origin, cross-site", OURS, False),
    ("nonsense", OURS, False),
    (None, None, False),
    (None, OURS, True),
    (None, "", False),
    (None, "null", False),
    (None, "https://evil.example", False),
    (None, "http://indent.example", False),
    (None, "https://indent.example:8443", False),
    (None, "https://indent.example.evil.example", False),
    (None, "https://evil.example/indent.example", False),
    (None, "https://user@indent.example", False),
    (None, f"{OURS}/", False),
    (None, f"{OURS} https://evil.example", False),
    (None, "https://INDENT.example", False),
    (None, "indent.example", False),
    (None, "https://", False),
    (None, "https://[", False),
    (None, "https://[::1", False),
]


def post(site, origin, method="POST"):
    headers = {"sec-fetch-site": site, "origin": origin, "host": HOST}
    headers = {name: value for name, value in headers.items() if value is not None}
    return RequestFactory().generic(method, "/articles/one/comments/", headers=headers, secure=True)


@pytest.mark.parametrize(("site", "origin", "passes"), TABLE)
@override_settings(SITE_URL=OURS, ALLOWED_HOSTS=[HOST])
def test_who_may_send_a_form(site, origin, passes):
    assert is_same_origin(post(site, origin)) == passes


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@override_settings(SITE_URL=OURS, ALLOWED_HOSTS=[HOST])
def test_reading_needs_no_origin(method):
    assert is_same_origin(post("cross-site", "https://evil.example", method))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "post", "TRACE"])
@override_settings(SITE_URL=OURS, ALLOWED_HOSTS=[HOST])
def test_every_other_method_does(method):
    assert not is_same_origin(post("cross-site", None, method))


@override_settings(SITE_URL=OURS, ALLOWED_HOSTS=["127.0.0.1"])
def test_the_address_that_the_browser_asked_is_ours_too():
    request = RequestFactory().post("/", headers={"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"})

    assert is_same_origin(request)
