"""A thread over many pages: each comment on one of them, and every address leads to the right one."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from comments.models import Comment, CommentSettings, Thread
from comments.moderation import decisions
from comments.reading import thread_pages
from comments.tests.factories import comment_url, make_comment
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

SHOWN = re.compile(r'<article class="comment" id="comment-(\d+)"')
MORE = re.compile(r'<a class="button" href="([^"]+)" rel="nofollow" data-more>\s*Show (\d+) more repl')


def make_thread(article=None, roots=1, replies=0):
    """Approved comments: `roots` of them, and `replies` to the first, in one chain as deep as goes and then abreast."""
    article = article or make_article()
    first, *_ = made = [make_comment(article, status="approved") for _ in range(roots)]
    parent = first
    for _ in range(replies):
        reply = make_comment(article, status="approved", parent=parent)
        made.append(reply)
        parent = reply if reply.depth < 5 else first
    return article, made


def numbers(response):
    return [int(number) for number in SHOWN.findall(response.content.decode())]


def link(response, rel):
    found = re.search(rf'rel="{rel} nofollow" href="([^"]+)"', response.content.decode())
    return unescape(found[1]) if found else None


def read_all(client, article):
    """The numbers of the comments on every page, as one meets them who opens each link to more."""
    seen, to_read = [], [article.get_absolute_url()]
    while to_read:
        response = client.get(to_read.pop(0))
        assert response.status_code == 200
        seen += numbers(response)
        to_read += [unescape(address) for address, _ in MORE.findall(response.content.decode())]
        to_read += filter(None, [link(response, "next")])
    return seen


def test_every_counted_comment_is_on_exactly_one_page(client):
    article, made = make_thread(roots=43, replies=50)
    tail = Comment.objects.roots(article).last()
    for _ in range(24):
        make_comment(article, status="approved", parent=tail)
    hidden = make_comment(article, status="removed", parent=tail)
    make_comment(article, status="approved", parent=hidden)
    for status in ("pending", "rejected", "spam"):
        make_comment(article, status=status)
    decisions.pin(Comment.objects.roots(article)[30])
    Comment.objects.filter(pk=made[5].pk).update(name="", body="", html="", erased_at=timezone.now())

    seen = read_all(client, article)

    assert len(seen) == len(set(seen)) == Thread.objects.get(article=article).comment_count == 43 + 50 + 24
    assert set(seen) == set(Comment.objects.in_thread(article).values_list("pk", flat=True))


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_pages_lead_forth_and_back_in_either_order(client, newest_first):
    article, made = make_thread(roots=50)
    order = [comment.pk for comment in made]
    first = article.get_absolute_url()
    if newest_first:
        order.reverse()
        first = comment_url(article) + "?sort=newest"

    pages = [client.get(first)]
    while address := link(pages[-1], "next"):
        pages.append(client.get(address))

    assert [numbers(page) for page in pages] == [order[:20], order[20:40], order[40:]]
    assert numbers(client.get(link(pages[2], "prev"))) == order[20:40]
    back = client.get(link(pages[1], "prev"))
    assert (back.status_code, back.url) == (302, first if newest_first else first + "#comments")


def test_a_comment_that_arrives_between_two_pages_shifts_nothing(client):
    article, made = make_thread(roots=30)
    waiting = make_comment(article)
    second = link(client.get(article.get_absolute_url()), "next")
    late = make_comment(article, status="approved")
    decisions.approve(waiting, make_user("moderator"))
    decisions.remove(made[3], make_user("moderator"))

    assert numbers(client.get(second)) == [*(comment.pk for comment in made[20:]), waiting.pk, late.pk]

    decisions.remove(made[19], make_user("moderator"))
    assert numbers(client.get(second))[0] == made[20].pk


def test_folded_answers_go_on_where_the_shown_ones_end_even_when_that_one_is_gone(client):
    article, (root, *replies) = make_thread(replies=3)
    replies += [make_comment(article, status="approved", parent=root) for _ in range(27)]
    page = client.get(article.get_absolute_url())
    (address, more), *_ = MORE.findall(page.content.decode())
    assert numbers(page) == [root.pk, *(reply.pk for reply in replies[:3])]
    assert more == "27"
    decisions.remove(replies[2], make_user("moderator"))

    page = client.get(unescape(address))

    assert numbers(page) == [reply.pk for reply in replies[3:23]]
    assert root.safe_html in page.content.decode()
    (address, more), *_ = MORE.findall(page.content.decode())
    assert more == "7"
    assert numbers(client.get(unescape(address))) == [reply.pk for reply in replies[23:]]


def test_the_pages_of_one_conversation_lead_back_to_the_answers_that_stand_with_its_beginning(client, count_queries):
    article, (root, *_) = make_thread()
    replies = [make_comment(article, status="approved", parent=root).pk for _ in range(60)]
    pages = [client.get(f"{comment_url(article)}?under={root.pk}&after={replies[2]}")]
    while more := MORE.findall(pages[-1].content.decode()):
        pages.append(client.get(unescape(more[0][0])))
    assert [numbers(page) for page in pages] == [replies[3:23], replies[23:43], replies[43:]]

    back = link(pages[2], "prev")
    with count_queries() as queries:
        page = client.get(back)
    assert len(queries) <= 5
    assert numbers(page) == replies[23:43]
    assert numbers(client.get(link(page, "prev"))) == replies[3:23]
    assert link(pages[0], "prev") is None

    # From a part that begins elsewhere, less than a page is left. What stands with the beginning is not repeated.
    page = client.get(f"{comment_url(article)}?under={root.pk}&before={replies[10]}")
    assert numbers(page) == replies[3:10] and link(page, "prev") is None
    for number in replies[:4]:
        page = client.get(f"{comment_url(article)}?under={root.pk}&before={number}")
        assert (page.status_code, page.url) == (302, root.get_absolute_url())


def test_the_permalink_of_every_comment_leads_to_the_page_that_shows_it(client):
    article, made = make_thread(roots=100, replies=50)
    decisions.pin(made[70])
    pinned_replies = [make_comment(article, status="approved", parent=made[70]) for _ in range(5)]

    for comment in [*made, *pinned_replies]:
        place = client.get(comment.get_absolute_url())
        assert place.status_code == 302
        address, anchor = place.url.split("#")
        assert anchor == f"comment-{comment.pk}"
        assert comment.pk in numbers(client.get(address)), place.url


@pytest.mark.parametrize(
    "query",
    ["after=0", "after=-1", "after=x", "after=1%20OR%201", "after=99999999999999999999", "after=%00", "after=½",
     "after=1&before=2", "sort=best", "sort=newest&reply=1", "under=1&after=2&before=3", "under=x", "reply=x",
     "reply=-1", "reply=1&after=2", "under=999999", "reply=999999"],
)  # fmt: skip
def test_an_address_that_no_page_leads_to_is_not_found(client, query):
    article = make_comment(status="approved").article

    assert client.get(f"{comment_url(article)}?{query}").status_code == 404


@pytest.mark.parametrize("query", ["", "sort=oldest", "before=999999", "after=999999", "before=1"])
def test_what_would_be_the_first_page_is_the_article(client, query):
    article = make_comment(status="approved").article

    response = client.get(f"{comment_url(article)}?{query}")

    assert (response.status_code, response.url.split("#")[0]) == (302, article.get_absolute_url())


def test_only_comments_of_the_article_that_readers_see_are_reached(client):
    article = make_article()
    elsewhere = make_comment(status="approved")
    pending = make_comment(article)
    root = make_comment(article, status="approved")
    reply = make_comment(article, status="approved", parent=root)
    erased = make_comment(article, status="approved")
    Comment.objects.filter(pk=erased.pk).update(name="", body="", html="", erased_at=timezone.now())
    deep = root
    while deep.depth < 5:
        deep = make_comment(article, status="approved", parent=deep)

    for comment in (elsewhere, pending, reply):
        assert client.get(f"{comment_url(article)}?under={comment.pk}").status_code == 404
    for comment in (elsewhere, pending, erased, deep):
        assert client.get(f"{comment_url(article)}?reply={comment.pk}").status_code == 404


def test_a_further_page_is_public_but_not_for_search_engines(client):
    article, made = make_thread(roots=21, replies=5)
    pages = [
        f"?after={made[19].pk}",
        "?sort=newest",
        f"?under={made[0].pk}&after={made[23].pk}",
        f"?reply={made[0].pk}",
    ]

    for query in pages:
        response = client.get(comment_url(article) + query)
        html = response.content.decode()
        assert response.status_code == 200
        assert response.headers["Cache-Control"].startswith("public")
        assert f"thread:{article.pk}" in response.headers["Cache-Tag"]
        assert '<meta name="robots" content="noindex,follow">' in html
        assert re.search(rf'<link rel="canonical" href="https?://[^"/]+{article.get_absolute_url()}">', html)
        assert html.count("<h1") == 1
        head = client.head(comment_url(article) + query)
        assert (head.status_code, head.content) == (200, b"")
    assert "noindex" not in client.get(article.get_absolute_url()).content.decode()


def test_a_page_is_kept_no_longer_than_its_thread_is_open(client, clock):
    CommentSettings(close_after_days=14).save()
    article, made = make_thread(make_article(published_at=timezone.now() - timedelta(days=14, seconds=-90)), roots=21)

    for address in (article.get_absolute_url(), f"{comment_url(article)}?after={made[19].pk}"):
        kept = re.search(r"s-maxage=(\d+)", client.get(address).headers["Cache-Control"])
        assert 80 < int(kept[1]) <= 90
    clock.shift(timedelta(seconds=91))
    assert "Comments are closed." in client.get(article.get_absolute_url()).content.decode()


def test_what_is_pinned_stands_on_top_of_the_first_page_with_its_answers(client):
    article, made = make_thread(roots=30)
    replies = [make_comment(article, status="approved", parent=made[25]) for _ in range(5)]
    decisions.pin(made[25])

    first = client.get(article.get_absolute_url())

    top = [made[25].pk, *(reply.pk for reply in replies[:3])]
    assert numbers(first) == [*top, *(comment.pk for comment in made[:20])]
    assert first.content.decode().count('<span class="tag">Pinned</span>') == 1
    assert made[25].pk not in numbers(client.get(link(first, "next")))

    decisions.remove(made[25], make_user("moderator"))
    assert numbers(client.get(article.get_absolute_url())) == [comment.pk for comment in made[:20]]


def test_a_thread_of_one_pinned_comment_shows_it(client):
    article, (root, *_) = make_thread(replies=4)
    decisions.pin(root)

    assert numbers(client.get(article.get_absolute_url()))[0] == root.pk
    assert sorted(read_all(client, article)) == [comment.pk for comment in Comment.objects.in_thread(article)]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("is_pinned", [False, True])
def test_pages_show_what_the_thread_has_in_its_order(newest_first, is_pinned):
    make_thread(roots=2, replies=4)
    article, roots = make_thread(roots=45)
    for parent in roots[:7]:
        answers = [make_comment(article, status="approved", parent=parent) for _ in range(parent.pk % 3 + 2)]
        make_comment(article, status="approved", parent=answers[0])
        make_comment(article, status="pending", parent=parent)
    if is_pinned:
        decisions.pin(roots[25])
    article.refresh_from_db()
    order = list(Comment.objects.roots(article))
    pinned = [root for root in order if root.pk == article.thread.pinned_id]
    order = [root for root in order if root not in pinned]
    if newest_first:
        order.reverse()

    def shown(**key):
        page = thread_pages.page(article, newest_first=newest_first, **key)
        return [(conversation.root, conversation.replies, conversation.more) for conversation in page.conversations]

    def expected(roots):
        below = [list(Comment.objects.in_thread(article).filter(root=root)) for root in roots]
        return [(root, found[:3], max(0, len(found) - 3)) for root, found in zip(roots, below, strict=True)]

    assert shown() == expected(pinned + order[:20])
    assert shown(after=order[9].pk) == expected(order[10:30])
    assert shown(before=order[30].pk) == expected(order[10:30])
