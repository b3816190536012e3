"""Comments for programs: Atom feeds, and a thread as JSON."""

import json
import re
from datetime import timedelta

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from comments.models import Comment
from comments.moderation import decisions
from comments.tests.factories import comment_url, make_comment
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = "/comments/feed.xml"


def feed_of(article):
    return comment_url(article) + "feed.xml"


def entries(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).findall("a:entry", ATOM)


def thread_of(client, article, query=""):
    response = client.get(f"/articles/{article.slug}/comments.json{query}")
    assert response.status_code == 200
    return json.loads(response.content)


def ids(found):
    return [int(re.search(r"/comments/(\d+)/$", entry.find("a:id", ATOM).text)[1]) for entry in found]


def test_every_page_leads_to_the_feed_of_all_comments_and_an_article_to_its_own(client):
    article = make_article()

    for address in ("/", article.get_absolute_url()):
        assert f'<a href="{SITE}">' in client.get(address).content.decode()
    assert f'<link rel="alternate" href="{feed_of(article)}"' in client.get(article.get_absolute_url()).content.decode()


def test_the_feeds_hold_the_newest_comments_that_readers_see(client):
    article, other = make_article(), make_article()
    now = timezone.now()
    made = [make_comment(article, status="approved", created_at=now - timedelta(hours=9 - n)) for n in range(3)]
    for status in ("pending", "rejected", "spam", "removed"):
        make_comment(article, status=status)
    below = make_comment(article, status="approved", parent=make_comment(article, status="removed"))
    elsewhere = make_comment(other, status="approved", created_at=now - timedelta(minutes=1))
    make_comment(make_article(status="archived"), status="approved")
    gone = make_comment(article, status="approved")
    Comment.objects.filter(pk=gone.pk).update(name="", body="", html="", erased_at=now)

    newest = [comment.pk for comment in reversed(made)]
    assert ids(entries(client, feed_of(article))) == newest
    assert ids(entries(client, SITE)) == [elsewhere.pk, *newest]
    assert below.pk not in newest


def test_a_comment_that_waited_is_the_newest_of_the_site_once_it_is_there(client):
    late = make_comment(created_at=timezone.now() - timedelta(days=2))
    early = make_comment(status="approved", created_at=timezone.now() - timedelta(days=1))

    decisions.approve(late, make_user("moderator"))

    assert ids(entries(client, SITE)) == [late.pk, early.pk]


def test_an_entry_says_who_wrote_what_where(client):
    comment = make_comment(status="approved", name="Ada <3", body="See https://docs.example & ]]> `x<y`.")

    for address in (SITE, feed_of(comment.article)):
        (entry,) = entries(client, address)
        assert entry.find("a:title", ATOM).text == f"Ada <3 on {comment.article.title}"
        assert entry.find("a:author/a:name", ATOM).text == "Ada <3"
        assert entry.find("a:link", ATOM).get("href").endswith(f"/comments/{comment.pk}/")
        assert entry.find("a:content", ATOM).text == comment.html
        assert entry.find("a:published", ATOM).text[:19] == comment.created_at.isoformat()[:19]


def test_nothing_that_is_stored_makes_a_feed_unreadable(client):
    comment = make_comment(status="approved")
    bad = "".join(map(chr, [*range(1, 9), 0x0B, 0x0C, 0x1B, 0xFFFE, 0xFFFF]))
    Comment.objects.filter(pk=comment.pk).update(name=f"A{bad}da", html=f"<p>Fi{bad}ne ]]></p>")

    for address in (SITE, feed_of(comment.article)):
        (entry,) = entries(client, address)
        assert entry.find("a:author/a:name", ATOM).text == "Ada"
        assert entry.find("a:content", ATOM).text == "<p>Fine ]]></p>"
    assert thread_of(client, comment.article)["comments"][0]["html"] == f"<p>Fi{bad}ne ]]></p>"


def test_feeds_hold_forty_and_cost_the_same_however_many_there_are(client, count_queries):
    article = make_article()
    counted = []
    for size in (2, 45):
        while article.comments.count() < size:
            make_comment(article, status="approved")
        costs = []
        for address in (SITE, feed_of(article), f"/articles/{article.slug}/comments.json"):
            client.get(address)
            with count_queries() as queries:
                client.get(address)
            costs.append(len(queries))
        counted.append(costs)

    assert counted == [[1, 2, 2], [1, 2, 2]]
    assert len(entries(client, SITE)) == len(entries(client, feed_of(article))) == 40


def test_a_thread_as_json_says_what_the_page_says_and_no_more(client):
    article = make_article()
    root = make_comment(article, status="approved", kind="question", name="Ada", body="Why `x`?")
    reply = make_comment(article, status="approved", parent=root, is_editorial=True)
    erased = make_comment(article, status="approved")
    Comment.objects.filter(pk=erased.pk).update(
        name="", body="", html="", erased_at=timezone.now(), reader="f" * 32, network="4/32:" + "e" * 40
    )
    make_comment(article)

    thread = thread_of(client, article)

    assert (thread["comment_count"], thread["next"]) == (3, None)
    assert thread["article"].endswith(article.get_absolute_url())
    first, second, third = thread["comments"]
    assert first == {
        "id": root.pk, "parent": None, "depth": 1, "kind": "question", "name": "Ada", "html": root.html,
        "created_at": root.created_at.isoformat(), "is_editorial": False, "is_erased": False, "url": first["url"],
    }  # fmt: skip
    assert first["url"].endswith(root.get_absolute_url())
    assert (second["id"], second["parent"], second["is_editorial"]) == (reply.pk, root.pk, True)
    assert (third["name"], third["html"], third["is_erased"]) == ("", "", True)
    assert "ffffffff" not in json.dumps(thread) and "eeeeeeee" not in json.dumps(thread)


def test_a_long_thread_goes_on_page_by_page_in_the_order_of_reading(client):
    article = make_article()
    root = make_comment(article, status="approved")
    for number in range(130):
        make_comment(article, status="approved", parent=root if number % 3 else None)

    first = thread_of(client, article)
    second = thread_of(client, article, "?" + first["next"].split("?")[1])

    assert [len(first["comments"]), len(second["comments"]), second["next"]] == [100, 31, None]
    numbers = [comment["id"] for comment in first["comments"] + second["comments"]]
    assert numbers == list(Comment.objects.in_thread(article).values_list("pk", flat=True))


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=99999999999999999", "before=1", "sort=newest"])
def test_an_address_that_no_page_of_the_json_has_is_not_found(client, query):
    assert client.get(f"/articles/{make_article().slug}/comments.json?{query}").status_code == 404


def test_programs_may_keep_all_of_it_and_search_engines_leave_it(client):
    comment = make_comment(status="approved")
    addresses = {SITE: "comments", feed_of(comment.article): f"thread:{comment.article_id}"}
    addresses[f"/articles/{comment.article.slug}/comments.json"] = f"thread:{comment.article_id}"

    for address, name in addresses.items():
        response = client.get(address)
        assert response.headers["Cache-Control"].startswith("public")
        assert name in response.headers["Cache-Tag"].split(",")
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert client.head(address).status_code == 200
        assert client.post(address).status_code == 405


def test_a_thread_names_its_feed(client):
    article = make_article()

    html = client.get(article.get_absolute_url()).content.decode()

    assert f'href="{feed_of(article)}"' in html
