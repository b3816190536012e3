"""Sending a comment: what is stored, and every way in which it is refused without losing a word."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, ModerationEntry
from comments.tests.factories import comment_url, make_comment, sent
from publishing import limits
from publishing.maintenance import announcements
from publishing.maintenance.models import State
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db

TEXT = "It is „quoted“ & <b>kept</b>.\n\nEvery word."
KEPT = "It is „quoted“ &amp; &lt;b&gt;kept&lt;/b&gt;.\n\nEvery word."


def test_a_comment_is_held_and_its_writer_led_to_a_receipt(client, post_from_site):
    article = make_article()

    response = post_from_site(comment_url(article), sent(name=" Ada ", body="One\r\ntwo\r\n"))

    comment = Comment.objects.get()
    assert (response.status_code, response.url) == (303, comment.get_receipt_url())
    assert (comment.article, comment.name, comment.body, comment.status) == (article, "Ada", "One\ntwo", "pending")
    assert comment.path == f"{comment.pk:012d}"
    assert (comment.depth, comment.parent, comment.decided_at) == (1, None, None)
    assert "One\ntwo" not in client.get(article.get_absolute_url()).content.decode()
    entry = ModerationEntry.objects.get()
    assert (entry.old_status, entry.new_status, entry.moderator, entry.digest) == ("", "pending", None, comment.digest)


def test_the_writer_is_remembered_as_the_same_reader_next_time(client, post_from_site):
    response = post_from_site(comment_url(make_article()), sent())
    limits.forget_all()
    post_from_site(comment_url(make_article()), sent())

    assert response.cookies["reader"]["httponly"]
    first, second = Comment.objects.values_list("reader", flat=True)
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first == second


def test_fields_that_the_form_does_not_have_change_nothing(post_from_site):
    article, other = make_article(), make_article()
    parent = make_comment(other, status="approved")
    extra = {
        "status": "approved", "parent": parent.pk, "article": other.pk, "id": parent.pk, "path": "x", "depth": 3,
        "created_at": "2001-01-01", "html": "<script>", "is_public": "1", "next": "//evil.example",
    }  # fmt: skip

    response = post_from_site(comment_url(article), sent(**extra))

    comment = Comment.objects.exclude(pk=parent.pk).get()
    assert (comment.article, comment.status, comment.parent, comment.depth) == (article, "pending", None, 1)
    assert timezone.now() - comment.created_at < timedelta(minutes=1)
    assert response.url == comment.get_receipt_url()


def assert_kept(response, status):
    """The whole article came back with the text in the form, and an error summary before it."""
    html = response.content.decode()
    assert response.status_code == status
    assert f">\n{KEPT}</textarea>" in html
    assert 'value="Ada &amp; Co"' in html
    assert '<div class="prose">' in html
    assert html.index('role="alert" tabindex="-1" data-error-summary') < html.index("<textarea")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
     {"origin": "null"}, {}],
)  # fmt: skip
def test_a_post_from_elsewhere_is_refused_with_the_text_kept(client, headers):
    data = sent(name="Ada & Co", body=TEXT)

    response = client.post(comment_url(make_article()), data, headers=headers)

    assert_kept(response, 403)
    assert not Comment.objects.exists()
    assert "reader" not in response.cookies


@pytest.mark.parametrize(
    "trap", [None, "https://spam.example", ["", "x"], " "], ids=["absent", "filled", "two values", "a space"]
)
def test_a_program_is_refused_politely_and_a_person_can_send_again(post_from_site, trap):
    url = comment_url(make_article())

    response = post_from_site(url, sent(name="Ada & Co", body=TEXT, homepage=trap))

    assert_kept(response, 422)
    assert not Comment.objects.exists()
    trap_input = re.search(
        r'<div\s+hidden>.*?(<input[^>]*name="homepage"[^>]*>)', response.content.decode(), re.DOTALL
    )[1]
    assert "value=" not in trap_input
    assert 'tabindex="-1"' in trap_input and 'autocomplete="off"' in trap_input


def test_each_error_is_said_beside_its_field_and_linked_from_the_summary(post_from_site):
    response = post_from_site(comment_url(make_article()), sent(name="", body=""))

    html = response.content.decode()
    assert response.status_code == 422
    for field in ("name", "body"):
        control = re.search(rf'<(?:input|textarea)[^>]*id="id_{field}"[^>]*>', html)[0]
        assert 'aria-invalid="true"' in control
        assert f'aria-describedby="id_{field}_helptext id_{field}_error"' in control
        assert "form-control is-invalid" in control
        assert f'id="id_{field}_helptext"' in html and f'id="id_{field}_error"' in html
        assert f'<a href="#id_{field}">' in html


def test_too_quick_a_second_comment_is_told_how_long_to_wait(post_from_site):
    url = comment_url(make_article())
    post_from_site(url, sent())

    response = post_from_site(url, sent(name="Ada & Co", body=TEXT))

    assert_kept(response, 429)
    seconds = int(response.headers["Retry-After"])
    assert 1 <= seconds <= 15
    assert f"Try again in {seconds} second" in response.content.decode()
    assert Comment.objects.count() == 1


def test_readers_behind_other_networks_are_not_held_up(post_from_site):
    url = comment_url(make_article())

    answers = [
        post_from_site(url, sent(body=f"From {number}"), REMOTE_ADDR=address).status_code
        for number, address in enumerate(["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.1"])
    ]

    assert answers == [303, 303, 303, 429, 429]


def test_a_mistake_does_not_count_towards_the_limit(post_from_site):
    url = comment_url(make_article())

    assert [post_from_site(url, sent(name=name)).status_code for name in ("", "x" * 51, "Ada")] == [422, 422, 303]


def test_the_same_text_again_leads_to_the_same_receipt(post_from_site):
    article = make_article()
    first = post_from_site(comment_url(article), sent())

    again = post_from_site(comment_url(article), sent())

    assert (again.status_code, again.url) == (303, first.url)
    assert Comment.objects.count() == 1
    assert ModerationEntry.objects.count() == 1


@pytest.mark.parametrize("difference", ["name", "body", "article", "a day"])
def test_what_differs_is_no_repetition(post_from_site, difference):
    article = make_article()
    post_from_site(comment_url(article), sent())
    limits.forget_all()
    if difference == "a day":
        Comment.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    other = make_article() if difference == "article" else article
    data = sent(**{difference: "Something else"}) if difference in ("name", "body") else sent()

    post_from_site(comment_url(other), data)

    assert Comment.objects.count() == 2


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"status": "archived"}, {"published_at": "tomorrow"}])
def test_only_a_published_article_takes_comments(post_from_site, fields):
    if "published_at" in fields:
        fields = {"published_at": timezone.now() + timedelta(days=1)}
    article = make_article(**fields)

    assert post_from_site(comment_url(article), sent()).status_code == 404
    assert not Comment.objects.exists()


def test_an_article_that_closes_while_someone_writes_is_not_found(client, post_from_site):
    article = make_article()
    assert client.get(article.get_absolute_url()).status_code == 200
    Article.objects.update(status="archived")

    assert post_from_site(comment_url(article), sent()).status_code == 404


def test_reading_the_address_of_the_form_writes_nothing_and_leads_to_the_form(client):
    article = make_article()

    response = client.get(comment_url(article), sent())

    assert (response.status_code, response.url) == (302, article.get_absolute_url() + "#join")
    assert client.put(comment_url(article)).status_code == 405
    assert not Comment.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml"])
def test_what_is_not_a_form_is_an_empty_form(client, content_type):
    response = client.post(
        comment_url(make_article()), '{"name": "\\ud800"}', content_type, headers={"sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        # As bytes, so that the test client does not mend them.
        ("application/x-www-form-urlencoded", b"homepage=&name=A&body=%ED%A0%80", 422),
        ("application/x-www-form-urlencoded", b"homepage=&name=A&body=%00", 422),
        ("application/x-www-form-urlencoded", b"homepage=&name=%FF&body=Text", 422),
        ("application/x-www-form-urlencoded; charset=utf-16", "homepage=&name=A&body=B".encode("utf-16"), 400),
        ("multipart/form-data; boundary=x; charset=utf-7",
         b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n+2AA-\r\n--x--\r\n', 422),
        ("multipart/form-data", b"no boundary", 400),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_answered_clearly(client, content_type, body, status):
    response = client.generic(
        "POST", comment_url(make_article()), body, content_type, headers={"sec-fetch-site": "same-origin"}
    )

    assert response.status_code == status
    assert b"<h1>" in response.content or status == 303


def test_of_a_field_sent_twice_the_last_value_counts(post_from_site):
    post_from_site(comment_url(make_article()), sent(name=["a", "b"]))

    assert Comment.objects.get().name == "b"


@pytest.mark.parametrize("field", ["name", "body"])
def test_ten_megabytes_are_refused_with_a_page_that_says_so(client, field):
    data = sent(**{field: "x" * 10_000_000})
    body = "&".join(f"{name}={value}" for name, value in data.items())

    response = client.post(
        comment_url(make_article()),
        body,
        "application/x-www-form-urlencoded",
        headers={"sec-fetch-site": "same-origin"},
    )

    assert response.status_code == 413
    assert "far too long" in response.content.decode()
    assert not Comment.objects.exists()


@pytest.fixture
def read_only():
    announcements.announce(State.READ_ONLY, ends_at=timezone.now() + timedelta(hours=1))


@pytest.mark.usefixtures("read_only")
def test_in_read_only_maintenance_the_form_is_closed_and_says_why(client):
    html = client.get(make_article().get_absolute_url()).content.decode()

    assert re.search(r'<fieldset\s[^>]*aria-describedby="read-only"[^>]*disabled', html)
    assert '<p id="read-only">Comments are read-only during maintenance.</p>' in html


@pytest.mark.usefixtures("read_only")
def test_what_is_sent_into_maintenance_comes_back_and_can_be_sent_later(post_from_site):
    response = post_from_site(comment_url(make_article()), sent(name="Ada & Co", body=TEXT))

    assert_kept(response, 503)
    assert int(response.headers["Retry-After"]) > 0
    assert "<fieldset disabled" not in response.content.decode()
    assert not Comment.objects.exists()
    assert "reader" not in response.cookies
