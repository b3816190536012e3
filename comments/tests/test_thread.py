"""The comments on an article's page."""

import re

import pytest

from comments import moderation
from comments.tests.factories import make_comment
from publishing.models import Publication
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def section(client, article):
    html = client.get(article.get_absolute_url()).content.decode()
    return html[html.index('<section class="thread" id="comments"') : html.index("</section>", html.index('id="join"'))]


def test_an_empty_thread_invites_the_first_comment(client):
    html = section(client, make_article())

    publication = Publication.current()
    assert re.search(r"<h2[^>]*>Comments</h2>", html)
    assert publication.comments_sentence in html
    assert "<strong>0 in thread</strong>" in html
    assert "No comments yet" in html
    assert publication.comments_empty_sentence in html
    assert "<ol>" not in html


def test_the_form_is_labelled_and_described(client):
    article = make_article()

    html = section(client, article)

    assert "<h3>Join the discussion</h3>" in html
    assert '<label for="id_name" class="form-label">Name</label>' in html
    assert '<label for="id_body" class="form-label">Comment</label>' in html
    assert '<div id="id_name_helptext" class="form-text">Shown next to your comment.</div>' in html
    assert '<div id="id_body_helptext" class="form-text">Up to 4,000 characters</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html and 'aria-describedby="id_body_helptext"' in html
    assert 'autocomplete="name"' in html
    assert f'action="/articles/{article.slug}/comments/#join"' in html
    assert Publication.current().comments_held_sentence in html
    assert re.search(r"<button[^>]*type=\"submit\"[^>]*>Send for approval</button>", html)
    assert "maxlength" not in html
    assert "csrf" not in html
    assert 'role="alert"' not in html
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script>", html)


def test_the_owner_rewrites_the_sentences(client):
    article = make_article()
    names = ("comments_sentence", "comments_empty_sentence", "comments_held_sentence")
    publication = Publication.current()
    for name in names:
        setattr(publication, name, f"My own {name}.")
    publication.save()

    html = section(client, article)

    assert all(f"My own {name}." in html for name in names)


def test_a_comment_is_shown_with_name_date_and_text(client):
    comment = make_comment(status="approved", name="Ada <3", body="First.\n\nSecond: https://docs.example")

    html = section(client, comment.article)

    assert f'<article class="comment" id="comment-{comment.pk}">' in html
    assert "<b><bdi>Ada &lt;3</bdi></b>" in html
    assert f"{comment.created_at:%Y}</time>" in html
    assert "<p>First.</p>" in html
    assert 'rel="nofollow ugc noopener"' in html
    assert "<strong>1 in thread</strong>" in html
    assert "No comments yet" not in html


def test_only_approved_comments_of_this_article_are_shown_in_order(client):
    article = make_article()
    shown = [make_comment(article, status="approved") for _ in range(3)]
    hidden = [make_comment(article, status=status) for status in ("pending", "rejected", "spam", "removed")]
    hidden.append(make_comment(status="approved"))

    html = section(client, article)

    assert re.findall(r'id="comment-(\d+)"', html) == [str(comment.pk) for comment in shown]
    assert not any(comment.body in html for comment in hidden)
    assert "<strong>3 in thread</strong>" in html


def test_the_page_costs_the_same_with_twelve_comments_as_with_two(client, count_queries):
    article = make_article()
    numbers = []
    for size in (2, 12):
        while article.comments.count() < size:
            make_comment(article, status="approved")
        client.get(article.get_absolute_url())
        with count_queries() as queries:
            client.get(article.get_absolute_url())
        numbers.append(len([sql for sql in queries if "comments_" in sql]))

    assert numbers == [2, 2]


def test_the_page_is_the_same_for_everyone_and_named_after_its_article(client):
    comment = make_comment(status="approved")
    url = comment.article.get_absolute_url()

    anonymous = client.get(url)
    client.cookies["reader"] = "someone"
    client.force_login(make_user("moderator"))
    known = client.get(url)

    assert anonymous.content == known.content
    assert not anonymous.cookies
    assert f"article:{comment.article_id}" in anonymous.headers["Cache-Tag"].split(",")
    assert anonymous.headers["Cache-Control"].startswith("public")


def test_an_approved_comment_appears_on_the_next_view_of_the_page(client):
    comment = make_comment()
    assert "0 in thread" in section(client, comment.article)

    moderation.approve(comment, make_user("moderator"))
    assert "1 in thread" in section(client, comment.article)

    moderation.remove(comment, make_user("moderator"))
    assert "0 in thread" in section(client, comment.article)
