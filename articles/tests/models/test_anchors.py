"""Links to a heading outlive the words of the heading, once readers could follow them."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from articles.models import Article
from publishing.tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

BODY = "Opening.\n\n## Why locks\n\nText.\n\n## How locks\n\nText.\n\n### Which locks\n\nText.\n"


def saved_again(article, body):
    """The article as another request loads it, with another body."""
    article = Article.objects.get(pk=article.pk)
    article.body = body
    article.save()
    return article


def ids_of(article):
    return [heading["id"] for heading in article.contents]


def test_a_renamed_heading_is_reached_by_its_old_link_from_outside_and_from_the_table_of_contents(client):
    article = make_article(body=BODY)
    client.get(article.get_absolute_url())
    saved_again(article, BODY.replace("Why locks", "New words"))

    html = client.get(article.get_absolute_url()).content.decode()

    assert '<h2 id="why-locks">New words' in html
    assert '<a href="#why-locks">New words</a>' in html
    assert len(re.findall(r'\sid="why-locks"', html)) == 1


@pytest.mark.parametrize("feed", ["/feed.xml", "/atom.xml", "/feed.json"])
def test_feeds_carry_the_kept_ids(client, feed):
    saved_again(make_article(body=BODY), BODY.replace("Why locks", "New words"))

    text = client.get(feed).content.decode()

    assert re.search(r'id=(&quot;|\\"|")why-locks\1[^A-Z]{1,4}New words', text)


def test_it_holds_over_many_saves_of_one_object_and_of_loaded_ones():
    article = make_article(body=BODY)
    for words in ("First", "Second", "Third"):
        article.body = BODY.replace("Why locks", words)
        article.save()
        saved_again(article, article.body.replace("How", "When"))

    assert ids_of(Article.objects.get()) == ["why-locks", "how-locks", "which-locks"]


def test_what_counts_is_the_row_and_not_what_an_old_object_remembers():
    article = make_article(body=BODY)
    stale = Article.objects.only("title").get(pk=article.pk)
    saved_again(article, BODY.replace("How locks", "How locks\n\nText.\n\n## And keys"))

    stale.title = "Retitled"
    stale.contents = [{"level": 2, "id": "made-up", "text": "Why locks"}]
    stale.save()

    assert ids_of(Article.objects.get()) == ["why-locks", "how-locks", "and-keys", "which-locks"]


def test_a_level_can_change_and_the_whole_text_can_move_below_a_title():
    article = make_article(body=BODY)

    moved = saved_again(article, "# Locks\n\n" + BODY.replace("### Which locks", "## Whose locks"))

    assert [(heading["level"], heading["id"]) for heading in moved.contents] == [
        (2, "locks"),
        (3, "why-locks"),
        (3, "how-locks"),
        (3, "which-locks"),
    ]


def test_a_draft_that_was_never_public_takes_its_ids_from_its_words(client):
    article = make_article(body=BODY, status="draft", published_at=None)

    renamed = saved_again(article, BODY.replace("Why locks", "New words"))

    assert ids_of(renamed)[0] == "new-words"
    renamed.body = BODY.replace("Why locks", "Last words")
    renamed.publish(by=make_user("editor"))
    assert '<h2 id="last-words">Last words' in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", ["draft", "review", "archived"])
def test_what_was_public_once_keeps_its_ids_while_it_is_reworked(status):
    article = make_article(body=BODY)
    article.status = status
    article.save()

    renamed = saved_again(article, BODY.replace("Why locks", "New words"))

    assert ids_of(renamed)[0] == "why-locks"


def test_the_same_body_saved_again_changes_nothing():
    article = make_article(body=BODY)
    renamed = saved_again(article, BODY.replace("Why locks", "How locks"))

    again = saved_again(article, renamed.body)

    assert (again.html, again.contents, again.modified_at) == (renamed.html, renamed.contents, renamed.modified_at)


def test_a_file_that_is_taken_in_again_keeps_the_ids(tmp_path, client):
    path = tmp_path / "posts" / "one.md"
    path.parent.mkdir()
    head = "---\ntitle: One\ndate: 2026-01-01\n---\n"
    path.write_text(head + BODY)
    call_command("import_markdown", path.parent, verbosity=0)

    path.write_text(head + BODY.replace("Why locks", "New words").replace("### Which locks\n\nText.\n", ""))
    call_command("import_markdown", path.parent, verbosity=0)

    html = client.get("/articles/one/").content.decode()
    assert '<h2 id="why-locks">New words' in html
    assert '<h2 id="how-locks">How locks' in html


def test_the_form_of_the_admin_keeps_them_too(client):
    article = make_article(body=BODY)
    client.force_login(make_user("owner"))
    address = reverse("admin:articles_article_change", args=[article.pk])
    fields = client.get(address).context["adminform"].form.initial
    data = {name: value for name, value in fields.items() if value not in (None, [])}

    answer = client.post(
        address,
        data | {"body": BODY.replace("Why locks", "New words"), "step": "publish"},
    )

    assert answer.status_code == 302, answer.context["errors"]
    assert ids_of(Article.objects.get())[0] == "why-locks"


def test_a_save_asks_no_more_than_before(count_queries):
    article = make_article(body=BODY)
    article.body = BODY.replace("Why locks", "New words")

    with count_queries() as queries:
        article.save()

    # One for the names of its labels, and one for its words, which the search knows.
    assert len(queries) <= 7
