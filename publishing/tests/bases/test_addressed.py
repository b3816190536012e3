"""An address that was public moves with what it showed, or says that it was withdrawn. It is never just unknown."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from articles.models import Article, Author, Category, Page, Series, Tag
from publishing.bases import addressed
from publishing.models import Redirect
from publishing.tests.factories import make_article, make_category
from publishing.web import redirects
from quizzes.models import Quiz
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db

LATER, EARLIER = timedelta(days=2), timedelta(hours=-1)
MAKE = {
    "article": lambda slug: make_article(slug=slug),
    "quiz": lambda slug: make_quiz(slug=slug),
    "page": lambda slug: Page.objects.create(title=slug, slug=slug, status="published", published_at=timezone.now()),
    "category": lambda slug: Category.objects.create(name=slug.title(), slug=slug),
    "tag": lambda slug: Tag.objects.create(name=slug.title(), slug=slug),
    "author": lambda slug: Author.objects.create(name=slug.title(), slug=slug),
    "series": lambda slug: Series.objects.create(title=slug.title(), slug=slug),
}


def names_with_slug(resolver=None, namespace="", above=()):
    """(name, names of its parameters) of every URL that takes a slug, wherever it is included; the admin left out."""
    for entry in (resolver or get_resolver()).url_patterns:
        parameters = {*above, *entry.pattern.converters}
        if isinstance(entry, URLPattern):
            if "slug" in parameters:
                yield f"{namespace}{entry.name}", parameters
        elif entry.namespace != "admin":
            yield from names_with_slug(
                entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, parameters
            )


WITH_DIGEST = {"articles:versioned-card", "articles:cover", "articles:square-cover", "quizzes:card"}
WITH_DIGEST |= {f"articles:{kind}-card" for kind in ("category", "tag", "author", "series")}


def address(name, slug):
    return reverse(name, kwargs={"slug": slug} | ({"digest": "0" * 12} if name in WITH_DIGEST else {}))


def below(kind):
    """The names of the URLs of a kind that answer to GET."""
    posted = {"articles:heart", "articles:view", "quizzes:start", "quizzes:progress"}
    return [name for name, of in addressed.registered.items() if of == kind and name not in posted]


def renamed(thing, slug):
    thing = type(thing).objects.get(pk=thing.pk)
    thing.slug = slug
    thing.save()
    return thing


# --- the registry ---


def test_every_url_that_takes_a_slug_is_registered(client):
    client.get("/")
    found = dict(names_with_slug())

    assert set(found) == set(addressed.registered)
    assert {name for name in found if found[name] == {"slug", "digest"}} == WITH_DIGEST
    found = {name: parameters for name, parameters in found.items() if name not in WITH_DIGEST}
    assert all(parameters == {"slug"} for parameters in found.values()), "one row for the page holds for all below it"


def test_each_kind_is_a_model_and_its_page_is_where_the_model_says(client):
    client.get("/")
    for kind, make in MAKE.items():
        thing = make("one")
        assert thing._meta.model_name == kind
        assert addressed.registered[resolve(thing.get_absolute_url()).view_name] == kind
    assert set(addressed.registered.values()) == set(MAKE)


# --- renamed ---


@pytest.mark.parametrize("kind", MAKE)
def test_every_address_below_a_renamed_thing_redirects_with_its_query(client, kind):
    renamed(renamed(MAKE[kind]("first"), "second"), "third")

    for slug in ("first", "second"):
        for name in below(kind):
            response = client.get(address(name, slug) + "?sort=newest&after=7")
            assert (response.status_code, response["Location"]) == (
                301,
                address(name, "third") + "?sort=newest&after=7",
            )
            assert response["Cache-Control"].startswith("public")
    assert all(client.get(address(name, "third")).status_code in (200, 302) for name in below(kind))


def test_what_is_unknown_below_a_renamed_thing_stays_unknown(client):
    renamed(MAKE["article"]("first"), "second")

    assert client.get("/articles/first/nothing/").status_code == 404


def test_an_address_that_an_editor_sent_elsewhere_takes_nothing_below_it_along(client):
    redirects.leave("/articles/old/", "/archive/")

    assert client.get("/articles/old/")["Location"] == "/archive/"
    assert client.get("/articles/old/comments/feed.xml").status_code == 404


def test_a_redirect_of_an_address_below_made_by_hand_holds(client):
    redirects.leave("/articles/old/card.png", "/articles/new/card.png")

    assert client.get("/articles/old/card.png")["Location"] == "/articles/new/card.png"


# --- withdrawn ---


def archive(thing):
    thing.archive(by=None)


def unpublish(thing):
    thing.status = "draft"
    thing.save()


def move_to_the_future(thing):
    thing.published_at = timezone.now() + LATER
    thing.save()


def delete(thing):
    thing.delete()


def archive_many(thing):
    type(thing).objects.filter(pk=thing.pk).update(status="archived")


def move_many(thing):
    type(thing).objects.all().update(published_at=timezone.now() + LATER)


def delete_many(thing):
    type(thing).objects.filter(pk=thing.pk).delete()


def archive_in_bulk(thing):
    thing.status = "archived"
    type(thing).objects.bulk_update([thing], ["status"])


WITHDRAW = [archive, unpublish, move_to_the_future, delete, archive_many, move_many, delete_many, archive_in_bulk]


@pytest.mark.parametrize("withdraw", WITHDRAW)
@pytest.mark.parametrize("kind", ["article", "quiz"])
def test_what_was_public_and_is_not_any_more_answers_410_everywhere(client, kind, withdraw):
    thing = renamed(MAKE[kind]("first"), "second")
    withdraw(thing)

    for name in below(kind):
        response = client.get(address(name, "second"))
        assert response.status_code == 410
        assert f"This {kind} was withdrawn" in response.text
        assert 0 < int(response["Cache-Control"].partition("s-maxage=")[2]) <= 60
        assert client.get(address(name, "first"), follow=True).status_code == 410
        assert client.head(address(name, "second")).status_code == 410


@pytest.mark.parametrize("withdraw", [delete, delete_many])
@pytest.mark.parametrize("kind", ["category", "tag", "author", "series"])
def test_a_deleted_list_answers_410_with_its_feed(client, kind, withdraw):
    withdraw(renamed(MAKE[kind]("first"), "second"))

    for name in below(kind):
        assert client.get(address(name, "second")).status_code == 410
        assert client.get(address(name, "first"), follow=True).status_code == 410


@pytest.mark.parametrize("withdraw", WITHDRAW)
@pytest.mark.parametrize("kind", ["article", "quiz"])
@pytest.mark.parametrize(
    "state",
    [
        {"status": "draft", "published_at": None},
        {"status": "draft", "published_at": timezone.now() + EARLIER},
        {"status": "published", "published_at": timezone.now() + LATER},
    ],
    ids=["draft", "dated draft", "scheduled"],
)
def test_what_never_was_public_answers_404(client, kind, withdraw, state):
    thing = MAKE[kind]("first")
    type(thing)._base_manager.filter(pk=thing.pk).update(**state)
    thing = renamed(type(thing).objects.get(pk=thing.pk), "second")
    if not (withdraw in (move_to_the_future, move_many) and state["status"] == "draft"):
        withdraw(thing)

    for slug in ("first", "second"):
        assert {client.get(address(name, slug)).status_code for name in below(kind)} == {404}
    assert not Redirect.objects.exists()


def test_a_scheduled_article_that_the_clock_published_was_public(client, clock):
    article = make_article(slug="one", published_at=timezone.now() + timedelta(minutes=5))
    clock.shift(timedelta(minutes=6))
    Article.objects.get(pk=article.pk).archive(by=None)

    assert client.get("/articles/one/").status_code == 410


@pytest.mark.parametrize("kind", ["article", "quiz"])
def test_published_again_it_is_found_and_what_never_was_below_it_is_not(client, kind):
    thing = renamed(MAKE[kind]("first"), "second")
    thing.archive(by=None)
    thing.publish(by=None)

    assert client.get(address(below(kind)[0], "second")).status_code == 200
    assert client.get(address(below(kind)[0], "first"))["Location"] == thing.get_absolute_url()
    assert client.get(address("comments:thread", "second") + "?sort=nonsense").status_code == 404
    assert set(Redirect.objects.values_list("new_path", flat=True)) == {thing.get_absolute_url()}


def test_renamed_while_it_is_withdrawn_it_is_found_under_both_names_afterwards(client):
    article = make_article(slug="first")
    article.archive(by=None)
    article = renamed(article, "second")
    assert [client.get(f"/articles/{slug}/", follow=True).status_code for slug in ("first", "second")] == [410, 410]

    article.publish(by=None)
    assert [client.get(f"/articles/{slug}/", follow=True).status_code for slug in ("first", "second")] == [200, 200]


def test_another_thing_that_takes_the_address_is_found_there(client):
    make_article(slug="one").delete()
    other = make_article(slug="one", status="draft", published_at=None)
    assert client.get("/articles/one/").status_code == 410

    other.publish(by=None)
    assert client.get("/articles/one/").status_code == 200
    assert not Redirect.objects.exists()


def test_a_list_made_again_is_found(client):
    make_category("Opinion").delete()
    assert client.get("/categories/opinion/").status_code == 410

    make_category("Opinion")
    assert client.get("/categories/opinion/").status_code == 200


def test_a_row_that_the_clock_made_wrong_goes_with_the_next_save(client, clock):
    article = make_article(slug="one")
    article.published_at = timezone.now() + timedelta(minutes=5)
    article.save()
    assert client.get("/articles/one/").status_code == 410
    clock.shift(timedelta(minutes=6))
    assert client.get("/articles/one/").status_code == 200

    Article.objects.get(pk=article.pk).save()
    assert not Redirect.objects.exists()


def test_the_page_says_what_happened_and_leads_on(client):
    make_article(slug="one").archive(by=None)

    html = client.get("/articles/one/").text
    assert "It was published here and has been withdrawn since." in html
    assert 'href="/search/"' in html
    assert 'name="robots" content="noindex"' in html
    assert "What you typed" not in html


def test_an_unknown_slug_asks_the_database_once(client, count_queries):
    client.get("/articles/nothing/")
    with count_queries() as queries:
        assert client.get("/articles/nothing/").status_code == 404
    assert len(queries) == 1


def test_withdrawing_many_costs_the_same_for_two_and_for_twelve(count_queries):
    counts = []
    for number in (2, 12):
        for _ in range(number):
            make_article()
        with count_queries() as queries:
            Article.objects.published().update(title="Withdrawn", status="draft")
        counts.append(len(queries))
        assert Redirect.objects.count() == sum((2, 12)[: len(counts)])

    assert counts[0] == counts[1]


def test_fields_that_no_page_shows_are_updated_in_one_query(count_queries):
    make_article()
    with count_queries() as queries:
        Article.objects.update(source_digest="New")
    assert len(queries) == 1


def test_an_editor_withdraws_an_address_by_hand(client, admin_client):
    page = reverse("admin:publishing_redirect_add")
    assert admin_client.post(page, {"old_path": "/2009/old/", "new_path": ""}).status_code == 302

    assert client.get("/2009/old/").status_code == 410
    assert str(Redirect.objects.get()) == "/2009/old → withdrawn"
    assert "withdrawn</td>" in admin_client.get(reverse("admin:publishing_redirect_changelist")).text


def test_a_quiz_with_an_edition_that_was_never_shown_was_not_public(client):
    quiz = make_quiz(slug="one", published=False)
    quiz.publish(by=None, at=timezone.now() + LATER)
    Quiz.objects.get(pk=quiz.pk).archive(by=None)

    assert client.get("/quizzes/one/").status_code == 404
