"""The admin's lists of categories, tags, authors and series count their articles, and say so before one is deleted."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, Category, Series, Tag
from articles.trash import moving
from publishing.tests.factories import make_article, make_author, make_category, make_user

pytestmark = pytest.mark.django_db
MAKE = {
    "category": lambda name: make_category(name),
    "tag": lambda name: Tag.objects.create(name=name, slug=name.lower()),
    "author": make_author,
    "series": lambda name: Series.objects.create(title=name, slug=name.lower()),
}
MODELS = {"category": Category, "tag": Tag, "author": Author, "series": Series}
kinds = pytest.mark.parametrize("kind", list(MAKE))


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))


def page_of(kind, page, *keys):
    return reverse(f"admin:articles_{kind}_{page}", args=keys)


def article_with(kind, label, **fields):
    many = {"tag": {"tags": [label]}, "author": {"authors": [label]}}
    return make_article(**many.get(kind, {kind: label}), **fields)


def cells(page, column):
    """What a column says, by row, and the addresses that it links to."""
    rows = re.findall(rf'field-{column}"[^>]*><a href="([^"]+)"[^>]*>([\d,]+)<', page)
    return [(number, address.replace("&amp;", "&")) for address, number in rows]


@kinds
def test_each_number_leads_to_these_articles(client, editor, kind):
    label = MAKE[kind]("Used")
    later = timezone.now() + timedelta(days=1)
    for fields in ({}, {"published_at": later}, {"status": "draft", "published_at": None}):
        article_with(kind, label, **fields)

    page = client.get(page_of(kind, "changelist") + "?q=used").content.decode()

    ((published, to_published),) = cells(page, "published")
    ((every, to_all),) = cells(page, "all_articles")
    assert (published, every) == ("1", "3")
    assert len(client.get(to_published).context["cl"].result_list) == 1
    assert len(client.get(to_all).context["cl"].result_list) == 3


@kinds
def test_a_list_is_sorted_by_its_numbers_and_shows_what_is_unused(client, editor, kind):
    few, many, unused = (MAKE[kind](name) for name in ("Few", "Many", "Unused"))
    for label in (few, many, many):
        article_with(kind, label)
    address = page_of(kind, "changelist")

    def listed(query):
        found = client.get(address, query).context["cl"].result_list
        return [label for label in found if label in (few, many, unused)]

    shown = client.get(address).context["cl"].list_display
    columns = [shown.index(name) for name in ("published", "all_articles")]
    for column in columns:
        assert listed({"o": f"-{column}"}) == [many, few, unused]
    assert listed({"use": "unused"}) == [unused]


@kinds
def test_a_list_costs_the_same_for_few_and_for_many(client, editor, kind, count_queries):
    numbers = []
    for number in (2, 12):
        for index in range(number):
            article_with(kind, MAKE[kind](f"L{number}-{index}"))
        client.get(page_of(kind, "changelist"))
        with count_queries() as queries:
            assert client.get(page_of(kind, "changelist")).status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_an_author_sees_no_numbers_of_drafts(client):
    client.force_login(make_user("author"))
    article_with("tag", MAKE["tag"]("Used"))

    page = client.get(page_of("tag", "changelist")).content.decode()

    assert cells(page, "published")
    assert not cells(page, "all_articles")


@kinds
def test_who_deletes_a_label_is_told_first_what_has_it(client, editor, kind):
    label = MAKE[kind]("Used")
    article = article_with(kind, label)
    article_with(kind, label, status="draft", published_at=None)

    asked = client.get(page_of(kind, "delete", label.pk)).content.decode()
    client.post(page_of(kind, "delete", label.pk), {"post": "yes"})

    assert "“Used”: 2 articles, 1 of them published" in asked
    # Not a line for each article.
    assert asked.count(article.title) == 0
    article = Article.objects.get(pk=article.pk)
    if kind in ("category", "author"):
        assert "It cannot be deleted while articles have it" in asked
        assert MODELS[kind].objects.filter(pk=label.pk).exists()
    else:
        assert client.get(label.get_absolute_url()).status_code == 410
        assert client.get(article.get_absolute_url()).status_code == 200


@kinds
def test_articles_in_the_trash_keep_a_label_and_are_counted_apart(client, editor, kind):
    label = MAKE[kind]("Used")
    moving.trash(article_with(kind, label), by=None)

    asked = client.get(page_of(kind, "delete", label.pk)).content.decode()
    client.post(page_of(kind, "delete", label.pk), {"post": "yes"})
    page = client.get(page_of(kind, "changelist") + "?q=used").content.decode()

    assert "“Used”: no article; 1 in the trash" in asked
    if kind in ("category", "author"):
        assert cells(page, "all_articles")[0][0] == "0"
    else:
        assert not MODELS[kind].objects.filter(pk=label.pk).exists()


@kinds
def test_several_are_deleted_after_the_same_question(client, editor, kind):
    used, unused = MAKE[kind]("Used"), MAKE[kind]("Unused")
    article_with(kind, used)
    chosen = {"action": "delete_selected", "_selected_action": [used.pk, unused.pk]}

    asked = client.post(page_of(kind, "changelist"), chosen).content.decode()
    client.post(page_of(kind, "changelist"), chosen | {"post": "yes"})

    assert "“Used”: 1 article, 1 of them published" in asked
    is_kept = kind in ("category", "author")
    assert MODELS[kind].objects.filter(pk__in=[used.pk, unused.pk]).count() == (2 if is_kept else 0)


def test_a_name_that_differs_in_case_only_is_refused_with_what_to_do(client, editor):
    MAKE["tag"]("Python")
    other = MAKE["tag"]("Rust")

    answer = client.post(page_of("tag", "change", other.pk), {"name": "PYTHON ", "slug": "rust"})

    assert "There is “Python” already. To make one of both" in answer.content.decode()


def test_an_article_whose_series_was_deleted_has_no_place_in_its_form(client, editor):
    series = MAKE["series"]("Gone")
    article = article_with("series", series, series_position=2)
    series.delete()

    form = client.get(page_of("article", "change", article.pk)).context["adminform"].form

    assert form["series_position"].value() is None
