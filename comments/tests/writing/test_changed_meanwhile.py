"""An article is renamed or withdrawn, a comment taken off the page, while somebody writes: no text is lost."""

import pytest
from django.urls import reverse

from articles.models import Article
from comments.models import Comment, Report
from comments.moderation import decisions
from comments.tests.factories import make_comment, sent
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

TEXT = "It is „quoted“ & <b>kept</b>.\n\nEvery word."
KEPT = "It is „quoted“ &amp; &lt;b&gt;kept&lt;/b&gt;.\n\nEvery word."


@pytest.fixture
def article():
    return make_article(slug="first")


def rename(article, slug):
    article = Article.objects.get(pk=article.pk)
    article.slug = slug
    article.save()


def test_a_comment_sent_to_an_old_slug_is_held_under_its_article(client, post_from_site, article):
    rename(article, "second")
    rename(article, "third")

    response = post_from_site("/articles/first/comments/", sent(body=TEXT))

    comment = Comment.objects.get()
    assert (comment.article, comment.body) == (article, TEXT)
    assert (response.status_code, response.url) == (303, f"{comment.get_receipt_url()}#main")
    assert client.get(response.url).status_code == 200


def test_an_answer_sent_to_an_old_slug_is_held_below_what_it_answers(post_from_site, article):
    parent = make_comment(article, status="approved")
    rename(article, "second")

    post_from_site("/articles/first/comments/", sent(parent=parent.pk))

    assert Comment.objects.get(parent=parent).article == article


def test_a_refusal_at_an_old_slug_is_the_page_of_the_article_with_the_text(post_from_site, article):
    rename(article, "second")

    response = post_from_site("/articles/first/comments/", sent(name="", body=TEXT))

    assert response.status_code == 422
    assert KEPT in response.text
    assert 'action="/articles/second/comments/' in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_what_another_site_sends_to_an_old_slug_is_refused_as_ever(client, article):
    rename(article, "second")

    response = client.post("/articles/first/comments/", sent(), headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert not Comment.objects.exists()


def test_hearts_and_views_of_an_old_slug_count(post_from_site, article):
    rename(article, "second")

    assert post_from_site("/articles/first/heart/", headers={"accept": "application/json"}).json()["hearts"] == 1
    assert post_from_site("/articles/first/view/", headers={"user-agent": "Mozilla/5.0"}).status_code == 204
    article.counts.refresh_from_db()
    assert (article.counts.hearts, article.counts.views) == (1, 1)


@pytest.mark.parametrize(
    "withdraw",
    [lambda article: article.archive(by=None), lambda article: article.delete()],
    ids=["archived", "deleted"],
)
@pytest.mark.parametrize("slug", ["first", "second"])
def test_a_comment_on_a_withdrawn_article_comes_back_with_its_text(client, article, withdraw, slug):
    rename(article, "second")
    withdraw(Article.objects.get(pk=article.pk))

    response = client.post(
        f"/articles/{slug}/comments/", sent(name="Ada", body=TEXT), headers={"sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 410
    assert "This article was withdrawn" in response.text
    assert "withdrawn while you were writing" in response.text
    assert KEPT in response.text
    assert "Ada" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert not Comment.objects.exists()


def test_what_another_site_sends_to_a_withdrawn_article_is_not_repeated(client, article):
    article.archive(by=None)

    response = client.post("/articles/first/comments/", sent(body=TEXT), headers={"sec-fetch-site": "cross-site"})

    assert response.status_code == 410
    assert "Every word" not in response.text


def test_a_post_to_what_never_was_there_is_not_found(post_from_site):
    make_article(slug="draft", status="draft", published_at=None)

    assert post_from_site("/articles/nothing/comments/", sent()).status_code == 404
    assert post_from_site("/articles/draft/comments/", sent()).status_code == 404


@pytest.mark.parametrize(
    "rows",
    [{"first": "/articles/b/", "b": "/articles/first/"}, {"first": "/archive/"}, {"first": "/nothing/"}],
    ids=["in a circle", "to a page of another kind", "to nothing"],
)
def test_where_a_redirect_takes_no_comment_the_text_comes_back(post_from_site, rows):
    for slug, new_path in rows.items():
        Redirect.objects.create(old_path=f"/articles/{slug}", new_path=new_path)

    response = post_from_site("/articles/first/comments/", sent(body=TEXT))

    assert response.status_code == 410
    assert KEPT in response.text


# --- comments that are taken off the page ---


def take_off(comment):
    decisions.remove(comment, by=make_user("moderator"), seen=comment.digest)


def test_a_report_of_a_comment_that_was_taken_off_says_so_and_keeps_the_reason(client, post_from_site, article):
    comment = make_comment(article, status="approved")
    take_off(comment)

    response = post_from_site(reverse("comments:report", args=[comment.pk]), {"reason": "spam"})

    assert response.status_code == 410
    assert "was removed" in response.text
    assert ">\nspam</textarea>" in response.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["comments:permalink", "comments:report"])
def test_the_address_of_a_comment_that_was_public_answers_410(client, article, name):
    comment, waiting = make_comment(article, status="approved"), make_comment(article)
    rejected = make_comment(article, status="rejected")
    take_off(comment)

    assert client.get(reverse(name, args=[comment.pk])).status_code == 410
    for never_public in (waiting.pk, rejected.pk, 10**9):
        assert client.get(reverse(name, args=[never_public])).status_code == 404


@pytest.mark.parametrize("name", ["comments:permalink", "comments:report"])
def test_an_answer_to_a_comment_that_was_taken_off_answers_410(client, article, name):
    parent = make_comment(article, status="approved")
    answer = make_comment(article, status="approved", parent=parent)
    take_off(parent)

    assert client.get(reverse(name, args=[answer.pk])).status_code == 410


@pytest.mark.parametrize(
    "withdraw",
    [
        lambda article: article.archive(by=None),
        lambda article: article.delete(),
        lambda article: Article.objects.filter(pk=article.pk).delete(),
        lambda article: (article.archive(by=None), article.delete()),
    ],
    ids=["archived", "deleted", "deleted in bulk", "archived, then deleted"],
)
def test_comments_go_with_a_withdrawn_article(client, article, withdraw):
    comment, waiting = make_comment(article, status="approved"), make_comment(article)
    withdraw(article)

    assert client.get(reverse("comments:permalink", args=[comment.pk])).status_code == 410
    assert client.get(reverse("comments:permalink", args=[waiting.pk])).status_code == 404


def test_comments_come_back_with_the_article(client, article):
    comment = make_comment(article, status="approved")
    article.archive(by=None)
    rename(article, "second")
    Article.objects.get(pk=article.pk).publish(by=None)

    assert client.get(comment.get_absolute_url())["Location"].startswith("/articles/second/#")


def test_comments_of_an_article_that_never_was_public_are_unknown(client):
    draft = make_article(status="draft", published_at=None)
    comment = make_comment(draft, status="approved")

    assert client.get(comment.get_absolute_url()).status_code == 404


def test_a_change_to_a_comment_that_is_deleted_comes_back_with_its_text(post_from_site, article):
    comment = make_comment(article)
    address = reverse("comments:edit", args=[comment.get_receipt_url().split("/")[-2]])
    Comment.objects.filter(pk=comment.pk).delete()

    response = post_from_site(address, {"name": "Ada", "body": TEXT})

    assert response.status_code == 410
    assert "was deleted" in response.text
    assert KEPT in response.text
