"""A thread of 10,000 comments costs what a small one costs."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import PATH_DIGITS, Comment, Thread
from comments.reading import thread_pages
from comments.tests.crawl import shown_on_pages
from comments.tests.factories import comment_url, make_comment
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db

TOTAL = 10_000


def fill(article, total=TOTAL, first_number=1_000_000):
    """Visible comments: roots, one conversation of a tenth, and answers down to depth 5 under the others."""
    rows, roots = [], []

    def add(parent=None):
        number = first_number + len(rows)
        row = Comment(
            pk=number, article=article, parent=parent, root=parent and (parent.root or parent), name="Ada",
            depth=parent.depth + 1 if parent else 1, path=(parent.path if parent else "") + f"{number:0{PATH_DIGITS}d}",
            body="Text.", html="<p>Text.</p>", status="approved", is_visible=True, decided_at=timezone.now(),
        )  # fmt: skip
        rows.append(row)
        return row

    roots += [add() for _ in range(total * 2 // 5)]
    for _ in range(total // 10):
        add(roots[0])
    parents = iter(roots[1:])
    while len(rows) < total:
        parent = next(parents)
        for _ in range(min(4, total - len(rows))):
            parent = add(parent)
    Comment.objects.bulk_create(rows, batch_size=500)
    Thread.objects.update_or_create(article=article, defaults={"comment_count": total})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment" if connection.vendor == "postgresql" else "ANALYZE")
    return roots


@pytest.fixture
def thread(db):
    article = make_article()
    return article, fill(article)


@pytest.fixture
def small_thread(db):
    article = make_article()
    roots = [make_comment(article, status="approved") for _ in range(45)]
    for _ in range(30):
        make_comment(article, status="approved", parent=roots[0])
    return article, roots


def pages(article, roots):
    """The first page in both orders, a deep one, one deep in a conversation, and the form that answers a comment."""
    replies = list(Comment.objects.filter(root=roots[0]).order_by("path"))
    deep = roots[-2]
    return {
        "first": article.get_absolute_url(),
        "newest": comment_url(article) + "?sort=newest",
        "deep": f"{comment_url(article)}?after={deep.pk}",
        "back": f"{comment_url(article)}?before={deep.pk}",
        "conversation": f"{comment_url(article)}?under={roots[0].pk}&after={replies[-3].pk}",
        "reply": f"{comment_url(article)}?reply={deep.pk}",
        "permalink": deep.get_absolute_url(),
        "json": f"/articles/{article.slug}/comments.json?after={deep.pk}",
        "feed": f"/articles/{article.slug}/comments/feed.xml",
    }


def test_no_page_of_a_long_thread_asks_more_than_five_times(client, thread, small_thread, count_queries):
    counted = []
    for article, roots in (small_thread, thread):
        costs = {}
        for name, address in pages(article, roots).items():
            client.get(address)
            with count_queries() as queries:
                assert client.get(address).status_code in (200, 302)
            costs[name] = len(queries)
        counted.append(costs)

    # The first page is the whole article, with its tags, its authors and what to read next.
    assert counted[1].pop("first") == counted[0].pop("first") <= 8
    assert counted[0] == counted[1]
    assert max(counted[1].values()) <= 5


def plans(queries):
    """How the database says that it would find the comments of each query."""
    explained = []
    for sql in queries:
        if "comments_comment" in sql and sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
                explained.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return explained


def test_no_page_reads_or_sorts_the_whole_thread(client, thread, count_queries):
    article, roots = thread
    addresses = pages(article, roots)
    # Counts what is before it, in a table in which there is nothing else.
    del addresses["permalink"]
    for name, address in addresses.items():
        with count_queries() as queries:
            client.get(address)
        found = plans(queries)
        assert found, name
        for plan in found:
            assert not re.search(r"Seq Scan on comments_comment\b", plan), (name, plan)
            assert not re.search(r"SCAN (comments_comment|[UVT]\d+)\b(?! USING)", plan), (name, plan)
            assert "TEMP B-TREE FOR ORDER BY" not in plan, (name, plan)
            # The planner may sort the answers under one comment, of which it expects a handful.
            assert "Sort Key: comments_comment.path" not in plan, (name, plan)


def test_the_pages_of_a_long_thread_hold_together(thread):
    article, roots = thread

    deep = thread_pages.page(article, after=roots[2999].pk)

    assert [conversation.root for conversation in deep.conversations] == roots[3000:3020]
    assert thread_pages.place_of(roots[3019]).endswith(f"?after={roots[2999].pk}#comment-{roots[3019].pk}")


def test_following_the_links_of_a_thread_shows_every_comment_once():
    """A thousand, on 20 pages and those of a conversation; the pages of 10,000 differ in nothing but their number."""
    article = make_article()
    fill(article, 1000)

    assert sorted(shown_on_pages(article)) == list(Comment.objects.order_by("pk").values_list("pk", flat=True))
