"""Links of texts to pages of this site: stored, and written with the addresses that the pages have now."""

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles.checks.checking import check, draft_of
from articles.models import Tag
from articles.versions import steps
from articles.versions.content import fields_of
from articles.versions.saving import current, save_working
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.worker import run_worker, waiting_tasks
from quizzes.tests.factories import make_quiz

LINK = "Read [about it](/articles/old/?a=1#there), then write."


def links_of(article):
    return {path: (kind, key) for path, kind, key in article.links.values_list("path", "kind", "key")}


def page_of(client, article):
    return client.get(article.get_absolute_url()).content.decode()


def rename(article, slug):
    """As an editor does it, with what the worker does then."""
    fields = fields_of(article) | {"slug": slug}
    version = current(article)
    save_working(version, fields, by=None, token=version.digest)
    (steps.publish if article.is_published else steps.save)(article, by=None)
    run_worker()
    article.refresh_from_db()


@pytest.mark.django_db
def test_what_an_article_links_to_is_stored_when_it_is_saved():
    other, quiz, tag = make_article(slug="other"), make_quiz(slug="a-quiz"), Tag.objects.create(name="T", slug="t")
    article = make_article(
        slug="own",
        body=f"[a](/articles/other/) [again](/articles/other/#there) [whole]({settings.SITE_URL}/tags/t/feed.xml)\n"
        "[quiz](../../quizzes/a-quiz/) [list](/archive/?page=2) [none](/articles/none) <a href='/series/s/'>html</a>\n"
        "[own](/articles/own/#x) [here](#x) [away](https://example.org/articles/other/) [mail](mailto:a@example.org)\n"
        "[admin](/admin/) [file](/media/a.webp) [odd](http://[::1) [nul](/a%00b/) [long](/" + "x" * 500 + ")\n"
        "`[code](/articles/code/)` \\[no](/articles/no/)\n\n```text\n[code](/articles/code/)\n```\n",
    )

    expected = {
        "/articles/other": ("article", other.pk),
        "/tags/t/feed.xml": ("tag", tag.pk),
        "/quizzes/a-quiz": ("quiz", quiz.pk),
        "/archive": ("", None),
        "/articles/none": ("article", None),
        "/series/s": ("series", None),
    }
    assert links_of(article) == expected
    article.body = "[x](/articles/other/)"
    article.save()
    assert links_of(article) == {"/articles/other": ("article", other.pk)}


@pytest.mark.django_db
def test_a_link_to_a_page_that_does_not_exist_yet_leads_to_it_once_it_does():
    article = make_article(body="[x](/articles/later/)")
    later = make_article(slug="later")

    assert links_of(article) == {"/articles/later": ("article", later.pk)}


@pytest.mark.django_db
def test_readers_are_led_straight_to_the_new_address_of_a_renamed_article(client):
    target = make_article(slug="old")
    article = make_article(body=f"{LINK}\n\n" + f"{'word ' * 150}\n\n" * 9)
    before = page_of(client, article)

    rename(target, "another")
    after = page_of(client, article)
    assert 'href="/articles/old/?a=1#there"' in before
    assert 'href="/articles/another/?a=1#there"' in after
    assert "/articles/old/?" not in after
    article.refresh_from_db()
    assert article.body.startswith(LINK)
    # Where sponsored slots may stand.
    assert {article.html[:offset][-4:] for offset in article.slot_offsets} == {"</p>"}
    assert links_of(article) == {"/articles/old": ("article", target.pk)}

    rename(target, "newest")
    assert 'href="/articles/newest/?a=1#there"' in page_of(client, article)
    # However often it is saved, and whether the redirect stays or not.
    Redirect.objects.all().delete()
    article.refresh_from_db()
    article.body += "More."
    article.save()
    assert 'href="/articles/newest/?a=1#there"' in page_of(client, article)


@pytest.mark.django_db
def test_a_draft_that_was_renamed_is_found_by_those_that_link_to_it(client):
    target = make_article(slug="old", status="draft", published_at=None)
    article = make_article(body="[x](https://example.org/) [it](/articles/old/)", authors=[make_author()])

    rename(target, "new")
    steps.publish(target, by=None)
    article.refresh_from_db()
    assert 'href="/articles/new/"' in page_of(client, article)
    assert check(draft_of(article, fields_of(article))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["tag", "category", "quiz"])
def test_links_follow_every_kind_of_page(client, kind):
    row = {"tag": Tag.objects.create(name="T", slug="t"), "category": make_category(), "quiz": make_quiz()}[kind]
    article = make_article(body=f"[x]({row.get_absolute_url()})")

    row.slug = "renamed"
    row.save()
    run_worker()
    assert f'href="{row.get_absolute_url()}"' in page_of(client, article)


@pytest.mark.django_db
def test_articles_that_link_to_each_other_and_to_themselves_are_rendered_once_each(client):
    one = make_article(slug="one", body="[two](/articles/two/) [self](/articles/one/#a)\n\n## A\n")
    two = make_article(slug="two", body="[one](/articles/one/)")
    one.refresh_from_db()

    rename(one, "three")
    assert 'href="/articles/three/#a"' in page_of(client, one)
    assert 'href="/articles/three/"' in page_of(client, two)
    assert waiting_tasks() == []


@pytest.mark.django_db
def test_a_page_that_takes_an_old_address_is_what_the_address_means_from_then_on(client):
    target = make_article(slug="old")
    article = make_article(body="[x](/articles/old/)")
    rename(target, "new")
    other = make_article(slug="old")

    assert 'href="/articles/new/"' in page_of(client, article)
    article.refresh_from_db()
    article.save()
    assert 'href="/articles/old/"' in page_of(client, article)
    assert links_of(article) == {"/articles/old": ("article", other.pk)}


@pytest.mark.django_db
def test_nothing_is_rendered_again_if_nothing_links_to_a_renamed_page(count_queries):
    target, article = make_article(slug="old"), make_article(body="[x](/archive/)")
    target.slug = "new"
    target.save()

    assert waiting_tasks() == []
    with count_queries() as queries:
        article.save()
    assert not [query for query in queries if 'INTO "articles_link"' in query or 'FROM "articles_tag"' in query]


@pytest.mark.django_db
def test_saving_costs_as_much_with_many_links_as_with_one(count_queries):
    for number in range(12):
        make_article(slug=f"a-{number}")
    costs = []
    # The first one reads the redirects.
    for number in (1, 2, 12):
        article = make_article(body="".join(f"[x](/articles/a-{n}/)\n" for n in range(number)))
        article.body += "[y](/articles/none/)"
        with count_queries() as queries:
            article.save()
        costs.append(len(queries))

    assert costs[1] == costs[2]


@pytest.mark.django_db(transaction=True)
def test_links_of_articles_before_there_was_a_table_are_found_in_their_html(empty_database):
    before = [("articles", "0026_trash"), ("publishing", "0004_roles_in_the_singular")]
    executor = MigrationExecutor(connection)
    executor.migrate(before)
    apps = executor.loader.project_state(before).apps
    articles = apps.get_model("articles", "Article").objects
    target = articles.create(title="T", slug="new", body="", html="")
    apps.get_model("publishing", "Redirect").objects.create(old_path="/articles/old", new_path="/articles/new/")
    links = f'<a title="&gt;" href="/articles/old/#x">a</a> <a href="{settings.SITE_URL}/articles/new/">b</a> '
    links += '<a href="/quizzes/q/">c</a> <a href="#d">d</a> <a href="https://example.org/articles/new/">e</a>'
    linking = articles.create(title="A", slug="a", body="", html=f"<p>{links}</p>")

    executor = MigrationExecutor(connection)
    executor.migrate([("articles", "0027_links")])
    rows = executor.loader.project_state([("articles", "0027_links")]).apps.get_model("articles", "Link").objects
    assert set(rows.values_list("article", "path", "kind", "key")) == {
        (linking.pk, "/articles/old", "article", target.pk),
        (linking.pk, "/articles/new", "article", target.pk),
        (linking.pk, "/quizzes/q", "", None),
    }
