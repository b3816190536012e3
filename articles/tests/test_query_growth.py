"""What a page costs does not depend on how much there is to show on it."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, Author, Series, Tag
from articles.models.shown import labels_changing
from comments.tests.factories import make_comment
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.rows import failures
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db

FEW, MANY, MOST = 2, 12, 8
NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)

PAGES = [
    "/",
    "/articles/part-1/",
    "/categories/tools/",
    "/tags/topic-1/",
    "/authors/ines/",
    "/series/by-hand/",
    "/archive/",
    "/archive/2024/6/",
    "/search/?q=paragraph",
    "/quizzes/",
    "/quizzes/quiz-of-{number}/",
    "/feed.xml",
    "/atom.xml",
    "/feed.json",
    "/categories/tools/feed.xml",
    "/tags/topic-1/feed.xml",
    "/authors/ines/feed.xml",
    "/series/by-hand/feed.xml",
    "/sitemap.xml",
    "/sitemap-articles-1.xml",
    "/sitemap-tags-1.xml",
    "/sitemap-quizzes-1.xml",
]


def fill(number):
    """Make everything that there can be several of grow to `number`: rows of lists, and what one article shows."""
    category = make_category("Tools")
    series = Series.objects.get_or_create(slug="by-hand", defaults={"title": "By hand"})[0]
    ines = Author.objects.get_or_create(slug="ines", defaults={"name": "Ines Okafor"})[0]
    tags = [Tag.objects.get_or_create(name=f"Topic {i}", slug=f"topic-{i}")[0] for i in range(1, number + 1)]
    for part in range(Article.objects.count() + 1, number + 1):
        article = make_article(
            slug=f"part-{part}", category=category, series=series, series_position=part, authors=[ines, make_author()],
            published_at=NOON - timedelta(hours=part),
        )  # fmt: skip
        make_quiz(articles=[article])
    articles = list(Article.objects.order_by("series_position"))
    for article in articles:
        with labels_changing(article):
            article.tags.set(tags)
    first = articles[0]
    for _ in range(first.comments.count(), number):
        make_comment(first, status="approved")
        make_quiz(articles=[first])
    make_quiz(slug=f"quiz-of-{number}", questions=number, articles=articles)


def test_a_page_asks_the_same_number_of_queries_however_much_it_shows(client, count_queries):
    asked = {}
    for number in (FEW, MANY):
        fill(number)
        for address in PAGES:
            path = address.format(number=number)
            client.get(path)
            with count_queries() as asked[address, number]:
                answer = client.get(path)
            assert answer.status_code == 200, path

    def check(address):
        few, many = asked[address, FEW], asked[address, MANY]
        listing = "\n".join(["", f"with {FEW}:", *few, f"with {MANY}:", *many])
        assert len(few) == len(many), listing
        assert len(many) <= MOST, listing

    assert failures(PAGES, check) == {}


def test_an_address_where_nothing_is_asks_nothing(client, count_queries):
    make_article()
    client.get("/nothing-here/")

    with count_queries() as queries:
        answer = client.get("/nothing-here-either/")

    assert answer.status_code == 404
    assert queries == []
