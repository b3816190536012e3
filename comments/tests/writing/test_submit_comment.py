"""Sending a comment: what is stored, and every way in which it is refused without losing a word."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from comments.forms import READ_ONLY_SENTENCE
from comments.models import Ban, Comment, ModerationEntry, Thread
from comments.tests.factories import comment_url, make_comment, sent
from publishing.maintenance import announcements
from publishing.maintenance.models import State
from publishing.tests.factories import make_article
from publishing.web.refusals import UNREAD

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
TEXT = "It is „quoted“ & <b>kept</b>.\n\nEvery word."
KEPT = "It is „quoted“ &amp; &lt;b&gt;kept&lt;/b&gt;.\n\nEvery word."


def test_a_comment_is_held_and_its_writer_led_to_a_receipt(client, post_from_site):
    article = make_article()

    response = post_from_site(comment_url(article), sent(name=" Ada ", body="One\r\ntwo\r\n"))

    comment = Comment.objects.get()
    assert (response.status_code, response.url) == (303, f"{comment.get_receipt_url()}#main")
    assert (comment.article, comment.name, comment.body, comment.status) == (article, "Ada", "One\ntwo", "pending")
    assert comment.path == f"{comment.pk:012d}"
    assert (comment.depth, comment.parent, comment.decided_at) == (1, None, None)
    assert "One\ntwo" not in client.get(article.get_absolute_url()).content.decode()
    assert not ModerationEntry.objects.exists()


def test_the_writer_is_remembered_as_the_same_reader_next_time(client, post_from_site, clock):
    response = post_from_site(comment_url(make_article()), sent())
    clock.shift(timedelta(seconds=16))
    post_from_site(comment_url(make_article()), sent())

    assert response.cookies["reader"]["httponly"]
    first, second = Comment.objects.values_list("reader", flat=True)
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert first == second


def test_fields_that_the_form_does_not_have_change_nothing(post_from_site):
    article, other = make_article(), make_article()
    parent = make_comment(other, status="approved")
    extra = {
        "status": "approved", "root": parent.pk, "is_editorial": "1", "is_visible": "1", "article": other.pk,
        "id": parent.pk, "path": "x", "depth": 3,
        "created_at": "2001-01-01", "html": "<script>", "is_public": "1", "next": "//evil.example",
    }  # fmt: skip

    response = post_from_site(comment_url(article), sent(**extra))

    comment = Comment.objects.exclude(pk=parent.pk).get()
    assert (comment.article, comment.status, comment.parent, comment.depth) == (article, "pending", None, 1)
    assert not comment.is_editorial and not comment.is_visible
    assert timezone.now() - comment.created_at < timedelta(minutes=1)
    assert response.url == f"{comment.get_receipt_url()}#main"


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


def test_a_second_comment_too_soon_says_how_long_to_wait(post_from_site):
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


@pytest.mark.parametrize("difference", ["name", "body", "article", "a day"])
def test_what_differs_is_no_repetition(post_from_site, clock, difference):
    article = make_article()
    post_from_site(comment_url(article), sent())
    clock.shift(timedelta(seconds=16))
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
    assert str(UNREAD) in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("site", ["same-origin", "cross-site"])
def test_of_more_fields_than_anybody_sends_those_of_the_form_come_back(client, site):
    data = {f"field-{number}": "x" for number in range(1001)} | sent(
        name="Ada & Co", body=TEXT, email="ann@mail.example"
    )
    article = make_article()

    response = client.post(comment_url(article), urlencode(data), FORM, headers={"sec-fetch-site": site})

    assert_kept(response, 422 if site == "same-origin" else 403)
    assert "too many fields" in response.content.decode()
    assert 'value="ann@mail.example"' in response.content.decode()
    assert not Comment.objects.exists()


def test_more_fields_than_anybody_sends_as_parts_are_refused_with_a_page_that_says_so(post_from_site):
    response = post_from_site(comment_url(make_article()), sent(**{f"field-{number}": "x" for number in range(1001)}))

    assert response.status_code == 413
    assert str(UNREAD) in response.content.decode()
    assert not Comment.objects.exists()


def test_the_receipt_opens_at_its_beginning(client, post_from_site):
    """A form's own "#problem" would be carried over where the new address names no place."""
    receipt = post_from_site(comment_url(make_article()), sent()).url

    page, place = receipt.split("#")
    assert f'<main id="{place}" tabindex="-1"' in client.get(page).content.decode()


@pytest.fixture
def read_only():
    announcements.announce(State.READ_ONLY, ends_at=timezone.now() + timedelta(hours=1))


@pytest.mark.usefixtures("read_only")
def test_in_read_only_maintenance_the_form_is_closed_and_says_why(client):
    html = client.get(make_article().get_absolute_url()).content.decode()

    assert re.search(r'<fieldset\s[^>]*aria-describedby="read-only"[^>]*disabled', html)
    assert f'<p id="read-only">{READ_ONLY_SENTENCE}</p>' in html


@pytest.mark.usefixtures("read_only")
def test_what_is_sent_into_maintenance_comes_back_and_can_be_sent_later(post_from_site):
    response = post_from_site(comment_url(make_article()), sent(name="Ada & Co", body=TEXT))

    assert_kept(response, 503)
    assert int(response.headers["Retry-After"]) > 0
    assert "<fieldset disabled" not in response.content.decode()
    assert not Comment.objects.exists()
    assert "reader" not in response.cookies


# --- kind, address, and what is answered ---


def test_kind_and_address_are_stored_and_shown_to_nobody(client, post_from_site):
    article = make_article()

    receipt = post_from_site(comment_url(article), sent(kind="question", email=" ann@mail.example "))

    comment = Comment.objects.get()
    assert (comment.kind, comment.notify.email, comment.notify.confirmed_at) == ("question", "ann@mail.example", None)
    Comment.objects.update(status="approved", is_visible=True, decided_at=timezone.now())
    for address in (article.get_absolute_url(), f"/articles/{article.slug}/comments.json", receipt.url):
        assert "mail.example" not in client.get(address).content.decode()


def test_without_kind_and_address_it_is_a_plain_comment(post_from_site):
    post_from_site(comment_url(make_article()), sent(kind="", email=""))

    comment = Comment.objects.get()
    assert (comment.kind, comment.notify) == ("comment", None)


def test_an_answer_is_stored_under_what_it_answers(post_from_site):
    root = make_comment(status="approved")
    parent = make_comment(root.article, status="approved", parent=root)

    assert post_from_site(comment_url(root.article), sent(parent=parent.pk)).status_code == 303

    answer = Comment.objects.get(status="pending")
    assert (answer.parent, answer.root, answer.depth) == (parent, root, 3)
    assert answer.path == f"{parent.path}{answer.pk:012d}"


def deepest(article):
    comment = make_comment(article, status="approved")
    while comment.depth < 5:
        comment = make_comment(article, status="approved", parent=comment)
    return comment.pk


def below_removed(article):
    parent = make_comment(article, status="removed")
    return make_comment(article, status="approved", parent=parent).pk


def erased(article):
    comment = make_comment(article, status="approved")
    Comment.objects.filter(pk=comment.pk).update(name="", body="", html="", erased_at=timezone.now())
    return comment.pk


PARENTS = {
    "of another article": lambda article: make_comment(status="approved").pk,
    "pending": lambda article: make_comment(article).pk,
    "rejected": lambda article: make_comment(article, status="rejected").pk,
    "removed": lambda article: make_comment(article, status="removed").pk,
    "below a removed one": below_removed,
    "erased": erased,
    "at the limit of depth": deepest,
    "itself, which has no number yet": lambda article: (Comment.objects.order_by("pk").last() or article).pk + 1,
    "too large": lambda article: 99999999999999999999,
    "negative": lambda article: -1,
    "SQL": lambda article: "1 OR 1",
    "NUL": lambda article: "1\x00",
    "a superscript": lambda article: "²",
}


@pytest.mark.parametrize("case", PARENTS)
def test_what_cannot_be_answered_costs_no_word_and_the_next_try_stands_alone(post_from_site, case):
    article = make_article()
    number = PARENTS[case](article)
    before = Comment.objects.count()
    fields = {"name": "Ada & Co", "body": TEXT, "kind": "tip", "email": "ann@mail.example"}

    response = post_from_site(comment_url(article), sent(parent=number, **fields))

    assert_kept(response, 422)
    html = response.content.decode()
    assert "Submit again to post yours as a new comment." in html
    assert "<h3>Reply to" not in html and "Join the discussion" in html
    assert '<option value="tip" selected>' in html and 'value="ann@mail.example"' in html
    assert Comment.objects.count() == before
    parent = re.search(r'<input type="hidden" name="parent"([^>]*)>', html)[1]
    assert "value=" not in parent
    assert post_from_site(comment_url(article), sent(parent="", **fields)).status_code == 303
    assert Comment.objects.latest("pk").parent is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "ann"}, "name@example.org"),
        ({"email": "ann@mail.example\r\nBcc: x@mail.example"}, "name@example.org"),
        ({"email": "ann@localhost"}, "name@example.org"),
        ({"email": "ann@[127.0.0.1]"}, "name@example.org"),
        ({"email": "ann@[::1]"}, "name@example.org"),
        ({"email": "ann@mail"}, "name@example.org"),
        ({"email": f"ann@{'ü' * 60}.example"}, "name@example.org"),
        ({"email": f"{'a' * 65}@mail.example"}, "at most 64 characters"),
        ({"email": f"{'a' * 250}@mail.example"}, "at most 254"),
        ({"email": '"\x01"@mail.example'}, "cannot be stored"),
        ({"kind": "<b>"}, "Choose one of these kinds."),
    ],
)
def test_a_wrong_kind_or_address_is_said_beside_its_field(post_from_site, fields, message):
    response = post_from_site(comment_url(make_article()), sent(name="Ada & Co", body=TEXT, **fields))

    assert_kept(response, 422)
    (field,) = fields
    html = response.content.decode()
    assert message in html
    assert f'<a href="#id_{field}">' in html and f'id="id_{field}_error"' in html
    assert ("<details open>" in html) is (field == "email")


@pytest.mark.parametrize("email", [f"{'a' * 64}@mail.example", "ann@bücher.example", "ann+x@xn--bcher-kva.example"])
def test_an_address_that_mail_can_reach_is_accepted(post_from_site, email):
    assert post_from_site(comment_url(make_article()), sent(email=email)).status_code == 303


@pytest.mark.parametrize("status", [403, 422, 429, 503])
def test_a_refused_answer_still_says_what_it_answers(client, post_from_site, status):
    parent = make_comment(status="approved", name="Bo <3")
    data = sent(name="Ada & Co", body=TEXT, parent=parent.pk, kind="correction", email="ann@mail.example")
    headers = {"sec-fetch-site": "cross-site" if status == 403 else "same-origin"}
    if status == 422:
        data["homepage"] = "https://spam.example"
    if status == 429:
        post_from_site(comment_url(parent.article), sent())
    if status == 503:
        announcements.announce(State.READ_ONLY, ends_at=timezone.now() + timedelta(hours=1))

    response = client.post(comment_url(parent.article), data, headers=headers)

    assert_kept(response, status)
    html = response.content.decode()
    assert f'<h3>Reply to <a href="/comments/{parent.pk}/"><bdi>Bo &lt;3</bdi></a></h3>' in html
    assert f'<a href="{parent.article.get_absolute_url()}#join" data-cancel>Cancel the reply</a>' in " ".join(
        html.split()
    )
    assert f'name="parent" value="{parent.pk}"' in html
    assert '<option value="correction" selected>' in html and 'value="ann@mail.example"' in html
    assert html.count('<article class="comment"') == 1


@pytest.mark.parametrize("how", ["by an editor", "by the clock"])
def test_what_comes_after_the_thread_has_closed_is_given_back(post_from_site, how):
    article = make_article(published_at=timezone.now() - timedelta(days=15))
    closed = {"policy": "closed"} if how == "by an editor" else {"close_after_days": 14}
    Thread.objects.create(article=article, **closed)

    response = post_from_site(comment_url(article), sent(name="Ada & Co", body=TEXT))

    assert_kept(response, 403)
    assert "Comments on this article are closed." in response.content.decode()
    assert not Comment.objects.exists()


def test_a_banned_reader_sees_until_when_and_keeps_the_text(client, post_from_site, clock):
    url = comment_url(make_article())
    post_from_site(url, sent())
    end = timezone.now() + timedelta(days=3)
    Ban.objects.create(kind="reader", value=Comment.objects.get().reader, reason="Spam", expires_at=end)
    clock.shift(timedelta(minutes=1))

    response = post_from_site(url, sent(name="Ada & Co", body=TEXT))

    assert_kept(response, 403)
    assert f"until {end:%-d %B %Y}" in response.content.decode()


def test_sending_costs_at_most_eight_queries_however_long_the_thread_is(post_from_site, clock, count_queries):
    article = make_article()
    parent = make_comment(article, status="approved")
    counted = []
    for size in (1, 30):
        while article.comments.count() < size:
            make_comment(article, status="approved", parent=parent)
        # Rules, words and names are read again after a change, and the first comment that waits is one.
        for number in range(2):
            clock.shift(timedelta(minutes=5))
            post_from_site(comment_url(article), sent(body=f"Remark {number} before {size}"))
        clock.shift(timedelta(minutes=5))
        with count_queries() as queries:
            data = sent(parent=parent.pk, body=f"Thought {size}")
            assert post_from_site(comment_url(article), data).status_code == 303
        asked = [sql for sql in queries if not sql.startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= 8
        counted.append(len([sql for sql in asked if '"comments_comment"' in sql]))

    assert counted[0] == counted[1]
