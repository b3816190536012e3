"""Which pages have slots, and what staff are told of it."""

import re

import pytest
from django.utils.html import strip_tags

from publishing.models import Redirect
from publishing.sponsors.models import Key
from publishing.sponsors.slots.decision import THIN_WORDS
from publishing.tests.factories import make_article, make_category, make_user
from publishing.web import redirects
from quizzes.tests.factories import make_quiz

from ..factories import fill, make_list, show_boxes

pytestmark = pytest.mark.django_db
LONG = "\n\n".join(["word " * 100] * 7)
SLOT = re.compile(r'<aside class="slot slot-([a-z-]+)"')


def keys(client, address):
    return set(SLOT.findall(client.get(address).text))


ON_ARTICLES = {"article-top", "article-body", "article-end", "beside"}


def test_a_sensitive_article_has_none(client):
    show_boxes()
    article = make_article(body=LONG)
    assert keys(client, article.get_absolute_url()) == ON_ARTICLES

    article.is_sensitive = True
    article.save()

    assert keys(client, article.get_absolute_url()) == set()


def test_a_category_without_slots_has_none_on_its_page_and_its_articles(client):
    show_boxes()
    category, other = make_list(), make_category("Another")
    article, elsewhere = make_article(body=LONG, category=category), make_article(body=LONG, category=other)
    assert keys(client, category.get_absolute_url()) == {"list"}

    category.has_slots = False
    category.save()

    assert keys(client, category.get_absolute_url()) == keys(client, article.get_absolute_url()) == set()
    assert keys(client, elsewhere.get_absolute_url()) == ON_ARTICLES


def test_kinds_of_page_are_left_out(client):
    show_boxes()
    category = make_list()

    fill("list", excluded_kinds=["home"])

    assert keys(client, "/") == set()
    assert keys(client, category.get_absolute_url()) == {"list"}


def test_short_articles_and_lists_have_none(client):
    show_boxes()
    short, enough = (make_article(body="word " * words) for words in (THIN_WORDS - 1, THIN_WORDS))

    assert keys(client, short.get_absolute_url()) == set()
    assert keys(client, enough.get_absolute_url()) >= {"article-end"}
    assert keys(client, "/") == set()
    make_article()
    assert keys(client, "/") == {"list"}


def told(client, address):
    page = client.get("/admin/sponsors/slot/why/", {"address": address}).text
    main = strip_tags(page[page.index('id="content-main"') :])
    return " ".join(main.split())


def test_staff_are_told_why_each_slot_is_on_a_page_or_not(client):
    client.force_login(make_user("editor"))
    article = make_article(body=f"{LONG}\n\n## A heading\n\nMore.", category=make_category("Crime"))
    url = article.get_absolute_url()
    fill("article-end", "preview")
    fill("article-top", "house")
    fill("beside", "adsense")
    fill("article-body", "preview", excluded_kinds=["article"])

    page = told(client, url)

    assert "Below an article Yes Preview: an empty box" in page
    assert "Above an article No No advertisement of your own is for it now." in page
    assert "Beside an article, on wide screens No It has no ad unit." in page
    assert "Inside an article No It is not on pages of this kind: Articles." in page
    assert "In lists of articles No This kind of page has no such place." in page
    assert "Skipped after paragraph 1: 100 words are before it, 150 are needed." in page
    assert "Placed after paragraph 2" in page


def test_staff_are_told_which_rule_it_is(client):
    client.force_login(make_user("editor"))
    crime = make_category("Crime")
    crime.has_slots = False
    crime.save()
    show_boxes()

    def why(**fields):
        return told(client, make_article(body=LONG, **fields).get_absolute_url())

    assert "Inside an article No The category “Crime” has no slots." in why(category=crime)
    assert "Inside an article No The article is marked as sensitive." in why(is_sensitive=True)
    assert "The list is too short: 2 entries, 3 are needed." in told(client, "/")
    short = make_article(body="word " * 120).get_absolute_url()
    assert "The article is too short: 120 words, 150 are needed." in told(client, short)
    fill("article-body", "off")
    assert "Inside an article No It is switched off." in why()
    fill("article-body", "preview", pages="/")
    assert "Inside an article No It is only on other pages." in why()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/articles/nowhere/", "Readers see no page at this address."),
        ("/nowhere/", "Readers see no page at this address."),
        ("/quizzes/", "No page of this kind has slots."),
        ("/search/?q=x", "No page of this kind has slots."),
        ("https://example.org/", "No page of this kind has slots."),
        ("javascript:alert(1)", "No page of this kind has slots."),
        ("//[", "No page of this kind has slots."),
        ("/?page=99", "Readers see no page at this address."),
    ],
)
def test_staff_are_told_that_a_page_has_no_places(client, address, sentence):
    client.force_login(make_user("editor"))

    assert sentence in told(client, address)


def test_a_preview_shows_every_slot_in_outline_and_why_readers_see_it_or_not(client):
    article = make_article(body=LONG)
    fill("article-end", "preview")
    public = client.get(article.get_absolute_url()).content
    client.force_login(make_user("editor"))

    response = client.get(f"/preview/slots{article.get_absolute_url()}")

    assert set(SLOT.findall(response.text)) == ON_ARTICLES
    outlines = " ".join(strip_tags(response.text).split())
    assert "Below an article Phones: 300×250 · From 768 px: 336×280, 300×250" in outlines
    assert "Readers see it." in outlines and "It is switched off." in outlines
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert client.get(article.get_absolute_url()).content == public


@pytest.mark.parametrize("path", ["", "?page=1", "categories/practice/"])
def test_a_preview_is_of_lists_too(client, path):
    for _ in range(3):
        make_article(category=make_category("Practice"))
    client.force_login(make_user("owner"))

    response = client.get(f"/preview/slots/{path}")

    assert response.status_code == 200
    assert SLOT.findall(response.text) == ["list"]


def renamed(row):
    """The path of its page before and after."""
    old = row.get_absolute_url()
    row.slug = f"new-{row.slug}"
    row.save()
    return old, row.get_absolute_url()


def test_who_asks_for_an_address_that_moved_gets_the_page_that_readers_get(client):
    client.force_login(make_user("owner"))
    articles = [make_article(body=LONG, category=make_category("Practice")) for _ in range(3)]
    by_hand = "/old-word/", articles[1].get_absolute_url()
    redirects.leave(*by_hand)
    for old, new in [renamed(articles[0]), renamed(articles[0].category), by_hand]:
        assert client.get(old)["Location"] == new
        moved = client.get(f"/preview/slots{old}?page=1")
        assert moved["Location"] == f"/preview/slots{new}?page=1"
        assert client.get(f"/preview/slots{old}", follow=True).status_code == 200
        page = client.get("/admin/sponsors/slot/why/", {"address": old}).text
        assert f"Page: {new}" in page and f'href="/preview/slots{new}"' in page


def test_what_moved_to_a_page_without_slots_or_was_withdrawn_has_no_preview(client):
    client.force_login(make_user("owner"))
    old, _new = renamed(make_quiz())
    article = make_article(body=LONG)
    gone, moved = renamed(article)
    article.delete()
    Redirect.objects.create(old_path="/one", new_path="/two/")
    Redirect.objects.create(old_path="/two", new_path="/one/")

    assert {client.get(f"/preview/slots{path}").status_code for path in (old, gone, moved, "/one/")} == {404}
    assert "No page of this kind has slots." in told(client, old)
    assert "Readers see no page at this address." in told(client, gone)


@pytest.mark.parametrize(
    "path", ["quizzes/", "search/", "articles/nowhere/", "/evil.example/", "admin/", "preview/slots/", "%2e%2e/admin/"]
)
def test_there_is_no_preview_of_other_pages(client, path):
    client.force_login(make_user("owner"))

    assert client.get(f"/preview/slots/{path}").status_code == 404


@pytest.mark.parametrize("role", [None, "author", "moderator"])
def test_nobody_else_has_the_preview(client, role):
    make_list()
    if role:
        client.force_login(make_user(role))

    assert client.get("/preview/slots/").status_code == 404


def test_all_places_are_explained(client):
    client.force_login(make_user("owner"))
    make_list()
    page = told(client, "/")

    assert all(str(label) in page for label in Key.labels)
