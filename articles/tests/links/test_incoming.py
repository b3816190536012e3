"""What links to an article stands beside its text, and is said before it is taken off the site."""

import pytest
from django.urls import reverse

from articles.models import Article, TrashedArticle
from articles.trash import moving
from publishing.tests.factories import make_article, make_author, make_user
from publishing.tests.worker import run_worker


def panel(html, name):
    """The text of a panel of the form, in one line."""
    part = html.split(f'<details class="{name}">')[1].split("</details>")[0] if f'class="{name}"' in html else ""
    return " ".join("".join(f" {piece.split('>')[-1]}" for piece in part.split("<")).split())


@pytest.mark.django_db
def test_the_form_lists_what_links_to_an_article(client):
    client.force_login(make_user("editor"))
    target = make_article(slug="target", body="[self](/articles/target/)")
    form = reverse("admin:articles_article_change", args=[target.pk])
    assert panel(client.get(form).content.decode(), "incoming").startswith("What links here nothing yet")

    for number in range(20):
        make_article(title=f"Linking {number}", body="[x](/articles/target/)")
    make_article(title="A <b>draft</b> [x]", body="[x](/articles/target/)", status="draft", published_at=None)
    html = client.get(form).content.decode()
    listed = panel(html, "incoming")
    assert listed.startswith("What links here 21 A &lt;b&gt;draft&lt;/b&gt; [x] draft Linking 19 Linking 18")
    assert listed.endswith("Linking 1 and 1 more")
    dying = panel(html, "dying-links")
    assert dying.startswith("Off the site, links in 20 published articles lead nowhere. Linking 19")
    assert dying.endswith("Linking 10 and 10 more")


@pytest.mark.django_db
def test_authors_are_not_told_of_drafts_of_others(client):
    user = make_user("author")
    client.force_login(user)
    target = make_article(slug="target", status="draft", published_at=None, authors=[make_author(user=user)])
    make_article(title="Secret", body="[x](/articles/target/)", status="draft", published_at=None)
    make_article(title="Public", body="[x](/articles/target/)")

    html = client.get(reverse("admin:articles_article_change", args=[target.pk])).content.decode()
    assert panel(html, "incoming") == "What links here 1 Public"


@pytest.mark.django_db
@pytest.mark.parametrize(("action", "says"), [("archive", True), ("unpublish", True), ("trash", True), ("tag", False)])
def test_the_page_before_a_change_of_many_says_which_links_would_die(client, action, says):
    client.force_login(make_user("editor"))
    chosen = [make_article(slug="one", body="[x](/articles/two/)"), make_article(slug="two")]
    make_article(title="Linking", body="[x](/articles/one/) [y](/articles/two/)")
    keys = [article.pk for article in chosen]

    answer = client.post(
        reverse("admin:articles_article_changelist"), {"action": action, "_selected_action": keys}, follow=True
    )
    sentence = "Off the site, links in 1 published article lead nowhere. Linking"
    assert panel(answer.content.decode(), "dying-links") == (sentence if says else "")
    assert Article.objects.published().count() == 3


@pytest.mark.django_db
def test_links_die_with_an_article_in_the_trash_and_live_again_with_it(client):
    client.force_login(make_user("editor"))
    target = make_article(title="Target", slug="target")
    linking = make_article(title="Linking", body="[x](/articles/target/)")
    page = reverse("admin:articles_article_delete", args=[target.pk])
    sentence = "Off the site, links in 1 published article lead nowhere. Linking"
    assert panel(client.get(page).content.decode(), "dying-links") == sentence

    client.post(page, {"post": "yes"})
    run_worker()
    linking.refresh_from_db()
    linking.save()
    assert 'href="/articles/target/"' in linking.html
    moving.restore(TrashedArticle.objects.get(pk=target.pk), by=None)
    linking.refresh_from_db()
    linking.save()
    assert list(linking.links.values_list("kind", "key")) == [("article", target.pk)]
