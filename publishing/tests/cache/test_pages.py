"""Public pages: the same bytes for everyone, no cookie in or out, and never kept longer than they are true."""

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Series, Tag
from comments.models import Status
from comments.tests.factories import make_comment
from publishing.cache import pages
from publishing.cache.pages import PersonalPublicPage
from publishing.maintenance import announcements
from publishing.sponsors.tests.factories import fill
from publishing.tests.factories import make_article, make_author, make_user
from publishing.text import heading_ids
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
bad_urls = pytest.mark.urls("publishing.tests.bad_urls")


@pytest.fixture
def public_paths():
    """One address of every kind of public page."""
    tag = Tag.objects.create(name="Python", slug="python")
    series = Series.objects.create(title="By hand", slug="by-hand")
    author = make_author()
    article = make_article(authors=[author], tags=[tag], series=series, series_position=1, slug="first")
    quiz = make_quiz(articles=[article])
    make_comment(article, status=Status.APPROVED)
    month = f"/archive/{article.published_at.year}/{article.published_at.month}/"
    things = [article, article.category, tag, series, author, quiz]
    lists = ["/", "/archive/", month, "/search/", "/search/?q=paragraph", "/quizzes/"]
    machines = ["/feed.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/articles/first/card.png"]
    feeds = [thing.get_absolute_url() + "feed.xml" for thing in things[1:5]]
    return lists + machines + feeds + [thing.get_absolute_url() for thing in things]


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- the same for everyone ---


def test_nobody_gets_a_cookie_by_reading(client, public_paths):
    for path in [*public_paths, "/no/such/page/", "/healthz", "/readyz"]:
        response = client.get(path)

        assert not response.cookies, path
        assert "Set-Cookie" not in response.headers, path
        assert "cookie" not in response.headers.get("Vary", "").lower(), path


def test_a_page_is_the_same_whoever_asks(client, public_paths):
    staff = Client()
    staff.force_login(make_user("owner"))
    curious = Client(headers={"cookie": 'junk=1; reader=forged; csrftoken=x; ="; a=b'})
    foreign = Client(headers={"origin": "https://evil.example", "accept-language": "de", "accept": "application/json"})
    for path in public_paths:
        plain = client.get(path)
        assert plain.status_code == 200, path
        for other in (staff, curious, foreign):
            response = other.get(path)
            assert body(response) == body(plain), path
            assert response.headers.get("ETag") == plain.headers["ETag"], path
            assert response.headers["Cache-Control"] == plain.headers["Cache-Control"], path
            assert not response.cookies, path


@pytest.mark.parametrize(
    "query",
    ["utm_content=xyzzy", "xyzzy", "page=1&next=xyzzy", "_method=POST&a[]=xyzzy", "xyzzy=%22%3E%3Cscript%3E"],
)
def test_what_stands_in_an_unknown_query_is_not_repeated(client, public_paths, query):
    for path in public_paths:
        plain = client.get(path)
        response = client.get(path + ("&" if "?" in path else "?") + query)

        assert response.status_code == 200, path
        assert b"xyzzy" not in body(response), path
        assert body(response) == body(plain), path


def test_no_host_that_is_named_in_a_header_is_repeated(client, public_paths):
    for path in public_paths:
        response = client.get(
            path,
            headers={
                "x-forwarded-host": "evil.example",
                "x-host": "evil.example",
                "forwarded": "host=evil.example",
                "x-original-url": "/evil.example",
                "x-rewrite-url": "/evil.example",
                "x-forwarded-prefix": "/evil.example",
                "x-http-method-override": "DELETE",
            },
        )
        assert response.status_code == 200, path
        assert b"evil.example" not in body(response), path


@bad_urls
def test_a_public_view_sees_no_cookie_and_a_personal_one_does(client):
    headers = {"cookie": "a=1; b=2"}

    assert client.get("/bad/reads-cookies/", headers=headers).content == b"cookies: [], header: None"
    assert client.get("/bad/personal/", headers=headers).content == b"cookies: ['a', 'b']"
    assert Client().get("/bad/personal/").content == b"cookies: []"


@bad_urls
def test_a_personal_page_belongs_to_one_reader(client):
    response = client.get("/bad/personal/")

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.cookies["mine"].value == "1"
    assert client.get("/bad/personal-but-missing/").headers["Cache-Control"] == "private, no-store"


# --- views that forget themselves ---


@bad_urls
@pytest.mark.parametrize("path", ["/bad/sets-a-cookie/", "/bad/asks-for-a-token/"])
def test_a_public_view_that_sets_a_cookie_fails_here(client, path):
    with pytest.raises(PersonalPublicPage, match=path):
        client.get(path)


@bad_urls
@pytest.mark.parametrize("path", ["/bad/sets-a-cookie/", "/bad/asks-for-a-token/"])
def test_for_readers_the_cookie_is_taken_off_and_the_bug_is_logged(client, settings, caplog, path):
    settings.STRICT_PUBLIC_PAGES = False

    with caplog.at_level(logging.ERROR, "publishing.cache.pages"):
        response = client.get(path)
    assert response.status_code == 200
    assert response.content == b"everyone's page"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert path in caplog.text


@bad_urls
@pytest.mark.parametrize("path", ["/bad/asks-for-the-session/", "/bad/asks-for-the-user/"])
def test_there_is_neither_session_nor_user_in_public(client, path):
    with pytest.raises(AttributeError):
        client.get(path)


@bad_urls
def test_no_public_page_varies_by_cookie_however_that_is_spelled(client):
    assert client.get("/bad/varies-by-cookie/").headers["Vary"] == "Accept, Accept-Encoding"


@bad_urls
def test_a_page_that_names_nothing_is_kept_by_nobody(client):
    assert client.get("/bad/names-nothing/").headers["Cache-Control"] == "private, no-store"


@bad_urls
def test_an_error_is_kept_by_nobody_and_tells_nothing(client):
    client.raise_request_exception = False
    response = client.get("/bad/breaks/")

    assert response.status_code == 500
    assert response.headers["Cache-Control"] == "private, no-store"
    assert b"secret" not in response.content


# --- how long ---


def lifetime(response):
    return dict(part.strip().partition("=")[::2] for part in response.headers["Cache-Control"].split(","))


def test_a_page_without_an_appointment_is_kept_for_five_minutes(client, public_paths):
    for path in public_paths:
        assert client.get(path).headers["Cache-Control"] == (
            f"public, max-age=0, s-maxage={pages.SHARED_SECONDS}, "
            f"stale-while-revalidate={pages.STALE_WHILE_REVALIDATE_SECONDS}"
        ), path


@pytest.mark.parametrize(
    ("seconds_before", "shared", "stale"),
    [(1000, 300, 60), (330, 300, 30), (300, 300, None), (90, 90, None), (1, 1, None)],
)
def test_no_page_is_kept_beyond_the_next_publication(client, time_machine, seconds_before, shared, stale):
    moment = timezone.now().replace(microsecond=0) + timedelta(days=1)
    article = make_article()
    make_article(published_at=moment)
    make_quiz(articles=[article])
    time_machine.move_to(moment - timedelta(seconds=seconds_before), tick=False)

    listed = [
        "/",
        "/archive/",
        article.category.get_absolute_url(),
        "/feed.xml",
        "/feed.json",
        "/sitemap.xml",
        "/sitemap-articles-1.xml",
    ]
    for path in [*listed, article.get_absolute_url(), "/search/?q=heading"]:
        found = lifetime(client.get(path))
        assert found["s-maxage"] == str(shared), path
        assert found.get("stale-while-revalidate") == (str(stale) if stale else None), path


def test_a_part_of_a_second_is_not_rounded_up(client, time_machine):
    moment = timezone.now().replace(microsecond=0) + timedelta(days=1)
    make_article(published_at=moment)
    time_machine.move_to(moment - timedelta(seconds=89.7), tick=False)

    assert lifetime(client.get("/"))["s-maxage"] == "89"


def test_a_scheduled_article_appears_by_itself(client, time_machine):
    moment = timezone.now().replace(microsecond=0) + timedelta(days=1)
    article = make_article(published_at=moment)

    time_machine.move_to(moment - timedelta(seconds=1), tick=False)
    assert client.get(article.get_absolute_url()).status_code == 404
    time_machine.move_to(moment, tick=False)
    assert client.get(article.get_absolute_url()).status_code == 200
    assert lifetime(client.get("/"))["s-maxage"] == "300"


def test_a_missing_page_is_forgotten_after_ten_seconds(client):
    response = client.get("/articles/not-yet/")

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"


def test_no_page_is_kept_beyond_a_change_of_maintenance(client, time_machine):
    now = timezone.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    announcements.announce("banner", reason="Works", ends_at=now + timedelta(seconds=75))

    assert lifetime(client.get("/"))["s-maxage"] == "75"


@pytest.mark.parametrize(("publication", "maintenance"), [(200, 75), (75, 200)])
def test_the_earliest_of_several_changes_counts(client, time_machine, publication, maintenance):
    now = timezone.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    make_article(published_at=now + timedelta(seconds=publication))
    announcements.announce("banner", reason="Works", ends_at=now + timedelta(seconds=maintenance))

    assert lifetime(client.get("/"))["s-maxage"] == "75"


def test_the_way_to_a_comment_is_kept_by_nobody(client):
    comment = make_comment(status=Status.APPROVED)

    response = client.get(comment.get_absolute_url())
    assert response.status_code == 302
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_an_answer_to_anything_but_reading_is_kept_by_nobody(client, method):
    response = getattr(client, method)("/")

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_the_staffs_pages_are_private(client):
    client.force_login(make_user("owner"))
    for path in ("/admin/", "/admin/articles/article/", "/admin/login/", "/admin", "/admin/no/such/page/"):
        control = client.get(path).headers["Cache-Control"]
        assert {"private", "no-store"} <= {part.strip() for part in control.split(",")}, path


# --- what is named ---


def test_a_page_names_what_it_shows(client, public_paths):
    names = {path: set(client.get(path).headers["Cache-Tag"].split(",")) for path in public_paths}

    assert {"home", "articles", "maintenance", "slots"} <= names["/"]
    assert "articles" in names["/feed.xml"]
    assert {name.split(":")[0] for name in names["/articles/first/"]} >= {"article", "maintenance", "slots"}
    assert all(re.fullmatch(r"[a-z.-]+(:[a-z]+)?(:\d+)?", name) for found in names.values() for name in found)


# --- not sent twice ---


def test_a_browser_that_has_the_page_gets_304_with_the_same_rules(client, public_paths):
    for path in public_paths:
        full = client.get(path)
        for known in (full.headers["ETag"], "*", f'"x", {full.headers["ETag"]}', "W/" + full.headers["ETag"]):
            short = client.get(path, headers={"if-none-match": known})
            assert short.status_code == 304, (path, known)
            assert short.content == b""
        for name in ("Cache-Control", "ETag", "Content-Security-Policy", "X-Content-Type-Options"):
            assert short.headers[name] == full.headers[name], path
        many = ", ".join(f'"{number}"' for number in range(500))
        assert client.get(path, headers={"if-none-match": many}).status_code == 200


def test_a_head_request_says_what_the_page_would(client, public_paths):
    for path in public_paths:
        full, head = client.get(path), client.head(path)

        assert head.status_code == 200, path
        assert body(head) == b"", path
        assert head.headers["Cache-Control"] == full.headers["Cache-Control"], path
        assert head.headers["Content-Length"] == full.headers["Content-Length"], path


def test_a_compressed_page_is_another_one_to_caches(client, public_paths):
    plain = client.get("/articles/first/")
    short = client.get("/articles/first/", headers={"accept-encoding": "gzip"})

    assert short.headers["Content-Encoding"] == "gzip"
    assert short.headers["Vary"].lower() == "accept-encoding"
    assert short.headers["ETag"] == "W/" + plain.headers["ETag"]
    again = client.get("/articles/first/", headers={"accept-encoding": "gzip", "if-none-match": short.headers["ETag"]})
    assert again.status_code == 304


# --- one page, many parts ---


def test_no_heading_of_an_article_takes_an_id_of_the_page_around_it(client):
    series = Series.objects.create(title="By hand", slug="by-hand")
    tag = Tag.objects.create(name="Python", slug="python")
    headings = "".join(
        f"## {name.replace('-', ' ').replace('_', ' ')}\n\nText.\n\n" for name in sorted(heading_ids.PAGE_IDS)
    )
    article = make_article(body=headings, series=series, series_position=1, authors=[make_author()], tags=[tag])
    make_article(series=series, series_position=2, tags=[tag])
    make_quiz(articles=[article])
    make_comment(article, status=Status.APPROVED)
    fill("article-top")
    announcements.announce("banner", reason="Works")

    html = client.get(article.get_absolute_url()).content.decode()
    ids = re.findall(r'\sid="([^"]*)"', html)
    inside = set(re.findall(r'\sid="([^"]*)"', article.html))
    assert len(ids) == len(set(ids))
    around = set(ids) - inside
    assert len(inside) == len(heading_ids.PAGE_IDS)
    assert {name for name in around if not heading_ids.PAGE_NUMBERS.fullmatch(name)} <= heading_ids.PAGE_IDS
