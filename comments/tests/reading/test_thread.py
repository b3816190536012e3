"""The comments on an article's page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Thread
from comments.moderation import decisions
from comments.tests.factories import comment_url, make_comment, sent
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
    assert f'action="/articles/{article.slug}/comments/#problem"' in html
    assert '<label for="id_kind" class="form-label">Kind</label>' in html
    assert re.findall(r'<option value="(\w+)"', html) == ["comment", "question", "correction", "tip"]
    assert "<details><summary>Tell me about replies by e-mail</summary>" in re.sub(r"\s*(<summary>)", r"\1", html)
    assert '<input type="hidden" name="parent"' in html
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

    assert f'<article class="comment" id="comment-{comment.pk}" tabindex="-1">' in html
    assert "<h3><bdi>Ada &lt;3</bdi></h3>" in " ".join(html.split())
    assert f"{comment.created_at:%Y, %H:%M}</time>" in html
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
        for comment in list(article.comments.filter(depth=1)):
            make_comment(article, status="approved", parent=comment)

    # The thread, its first comments, and replies where there are any.
    assert numbers == [2, 3]


def test_the_page_is_the_same_for_everyone_and_named_after_its_article(client):
    comment = make_comment(status="approved")
    url = comment.article.get_absolute_url()

    anonymous = client.get(url)
    client.cookies["reader"] = "someone"
    client.force_login(make_user("moderator"))
    known = client.get(url)

    assert anonymous.content == known.content
    assert not anonymous.cookies
    assert f"thread:{comment.article_id}" in anonymous.headers["Cache-Tag"].split(",")
    assert anonymous.headers["Cache-Control"].startswith("public")


def test_an_approved_comment_appears_on_the_next_view_of_the_page(client):
    comment = make_comment()
    assert "0 in thread" in section(client, comment.article)

    decisions.approve(comment, make_user("moderator"))
    assert "1 in thread" in section(client, comment.article)

    decisions.remove(comment, make_user("moderator"))
    assert "0 in thread" in section(client, comment.article)


def article_of(html, comment):
    start = html.index(f'<article class="comment" id="comment-{comment.pk}"')
    return " ".join(html[start : html.index("</article>", start)].split())


def test_a_comment_says_in_words_what_it_is(client):
    article = make_article()
    root = make_comment(article, status="approved", kind="question", name="Ada")
    answer = make_comment(article, status="approved", parent=root, name="Ines", is_editorial=True)
    thanks = make_comment(article, status="approved", parent=answer, kind="tip", name="Bo")

    html = section(client, article)

    assert '<h3><bdi>Ada</bdi></h3> <span class="tag">Question</span>' in article_of(html, root)
    assert '<h4><bdi>Ines</bdi></h4> <span class="tag staff">Editor</span>' in article_of(html, answer)
    assert "in reply to" not in article_of(html, answer)
    assert '<span class="tag">Tip</span>' in article_of(html, thanks)
    assert f'in reply to <a href="#comment-{answer.pk}"><bdi>Ines</bdi></a>' in article_of(html, thanks)
    assert "Comment</span>" not in html
    assert html.count("<ol>") == html.count("</ol>") == 2


def test_a_comment_can_be_linked_answered_and_reported(client):
    article = make_article()
    comment = make_comment(article, status="approved")
    while comment.depth < 5:
        comment = make_comment(article, status="approved", parent=comment)
    root = article.comments.get(depth=1)

    page = client.get(f"/articles/{article.slug}/").content.decode()
    deep = client.get(comment.get_absolute_url(), follow=True).content.decode()

    for html, each, may_be_answered in ((page, root, True), (deep, comment, False)):
        shown = article_of(html, each)
        link, report = f'href="/comments/{each.pk}/"', f'href="/comments/{each.pk}/report/"'
        assert f'<a {link} rel="nofollow" aria-label="Link to {each.name}’s comment">Link</a>' in shown
        assert f'<a {report} rel="nofollow" aria-label="Report {each.name}’s comment">Report</a>' in shown
        assert (f"?reply={each.pk}" in shown) is may_be_answered
        assert (f'aria-label="Reply to {each.name}"' in shown) is may_be_answered


def test_an_erased_comment_keeps_its_place_and_nothing_else(client):
    article = make_article()
    root = make_comment(article, status="approved", name="Ada", kind="question")
    reply = make_comment(article, status="approved", parent=root)
    make_comment(article, status="approved", parent=reply)
    article.comments.exclude(parent=reply).update(name="", body="", html="", erased_at=timezone.now())

    html = section(client, article)

    shown = article_of(html, root)
    assert "<h3>This comment was erased by its author.</h3>" in shown
    assert not any(word in shown for word in ("Ada", "Question", "Reply", "Report"))
    assert f'in reply to <a href="#comment-{reply.pk}">an erased comment</a>' in " ".join(html.split())
    assert "<strong>3 in thread</strong>" in html


def test_a_closed_thread_says_so_and_since_when(client, clock):
    article = make_article(published_at=timezone.now() - timedelta(days=13))
    comment = make_comment(article, status="approved")
    Thread.objects.filter(article=article).update(close_after_days=14)
    assert f"Open until {timezone.now() + timedelta(days=1):%-d %B %Y}." in section(client, article)
    end = timezone.now() + timedelta(days=1)

    clock.shift(timedelta(days=2))
    html = section(client, article)

    assert "Comments are closed." in html
    assert f'Since <time datetime="{end:%Y-%m-%d}' in html
    assert "<form" not in html and "?reply=" not in html
    assert comment.safe_html in html
    assert "Comments are closed." in client.get(f"{comment_url(article)}?reply={comment.pk}").content.decode()


def test_a_closed_thread_without_comments_invites_nobody(client):
    article = make_article()
    Thread.objects.create(article=article, policy="closed")

    html = section(client, article)

    assert "Comments are closed." in html
    assert Publication.current().comments_empty_sentence not in html


def test_the_page_that_answers_a_comment_quotes_it_and_knows_it(client):
    comment = make_comment(status="approved", name="Ada <3", body="What about *two*?")

    html = client.get(f"{comment_url(comment.article)}?reply={comment.pk}").content.decode()

    assert f'<input type="hidden" name="parent" value="{comment.pk}"' in html
    assert f'<h3>Reply to <a href="/comments/{comment.pk}/"><bdi>Ada &lt;3</bdi></a></h3>' in html
    assert "<h3>Join the discussion" not in html
    assert "What about *two*?" in html
    assert 'class="comment" id=' not in html
    assert "Cancel" in html


def test_the_form_has_the_present_wording_and_nothing_of_the_last_reader(client):
    article = make_article()
    client.get(article.get_absolute_url())
    data = sent(name="", body="Mine alone.")
    refused = client.post(comment_url(article), data, headers={"sec-fetch-site": "same-origin"})
    Publication(comments_held_sentence="Noor reads every comment.").save()

    page = client.get(make_article().get_absolute_url()).content.decode()

    assert "Mine alone." in refused.content.decode()
    assert "Mine alone." not in page
    assert 'id="held">Noor reads every comment.<' in page
