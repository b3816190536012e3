import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article, Series, Tag
from publishing.tests.factories import make_article, make_author, make_category

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "NULL", "٣", "999999", "1000000000", "1 ", "2'"])
def test_a_page_that_is_none_is_not_found(client, page):
    make_article()

    assert client.get("/", {"page": page}).status_code == 404


@pytest.mark.parametrize("kind", ["category", "tag", "author", "series"])
def test_a_list_shows_its_own_published_articles_and_nothing_else(client, kind):
    thing = {
        "category": lambda: make_category("Tools"),
        "tag": lambda: Tag.objects.create(name="http", slug="http"),
        "author": make_author,
        "series": lambda: Series.objects.create(title="By hand", slug="by-hand"),
    }[kind]()
    related = {"tag": "tags", "author": "authors"}.get(kind, kind)
    filed = {related: [thing] if related in ("tags", "authors") else thing}
    mine, draft, other = make_article(**filed), make_article(**filed, status="draft"), make_article()

    html = client.get(thing.get_absolute_url()).content.decode()
    main = html[html.index("<main") :]

    assert mine.title in main
    assert draft.title not in main
    assert other.title not in main
    assert client.get(thing.get_absolute_url() + "feed.xml").status_code == 200


def test_a_series_is_listed_in_the_order_of_its_parts(client):
    series = Series.objects.create(title="By hand", slug="by-hand")
    second = make_article(series=series, series_position=2, published_at=timezone.now() - timedelta(days=9))
    first = make_article(series=series, series_position=1)

    html = client.get(series.get_absolute_url()).content.decode()

    assert html.index(first.title) < html.index(second.title)


def test_the_archive_counts_by_month_and_links_to_it(client):
    for day in (1, 2):
        make_article(published_at=datetime(2026, 6, day, tzinfo=UTC))
    july = make_article(published_at=datetime(2026, 7, 1, tzinfo=UTC))

    archive = client.get("/archive/").content.decode()
    month = client.get("/archive/2026/7/").content.decode()

    assert re.search(r'href="/archive/2026/6/".*?2', archive, re.DOTALL)
    assert july.title in month
    assert client.get("/archive/2026/8/").status_code == 404
    assert client.get("/archive/2026/13/").status_code == 404
    assert client.get("/archive/99999/1/").status_code == 404


def test_every_page_of_a_list_goes_on_where_the_one_before_it_ends(client):
    same = timezone.now() - timedelta(days=1)
    for number in range(53):
        make_article(title=f"Number {number}", published_at=same - timedelta(days=number // 2))

    seen = []
    for page in range(1, 6):
        answer = client.get("/categories/opinion/", {"page": page})
        seen += [article.pk for article in answer.context["articles"]]

    assert seen == list(Article.objects.newest_first().values_list("pk", flat=True))
    assert client.get("/categories/opinion/?page=6").status_code == 404


def test_numbers_follow_changes_and_the_clock(client, clock):
    def numbers():
        pages = client.get("/").context["page"].paginator.num_pages
        return pages, *map(int, re.findall(r"<small[^>]*>(\d+)", client.get("/archive/").text))

    clock.move_to(datetime(2026, 6, 15, 12, tzinfo=UTC))
    for _ in range(14):
        last = make_article()
    assert numbers() == (1, 14)

    make_article(published_at=timezone.now() + timedelta(minutes=1))
    assert numbers() == (1, 14)
    clock.shift(timedelta(minutes=1, seconds=1))
    assert numbers() == (2, 15)
    last.archive(by=None)
    assert numbers() == (1, 14)


def test_a_month_begins_and_ends_by_the_clock_of_the_site(client, settings):
    settings.TIME_ZONE = "America/New_York"
    # The clock goes back on 1 November: it is four hours behind UTC at first, and five at the end of the month.
    with timezone.override("America/New_York"):
        october = make_article(published_at=datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC))
        november = [make_article(published_at=datetime(2026, 11, 1, 4, tzinfo=UTC))]
        november.insert(0, make_article(published_at=datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC)))
        make_article(published_at=datetime(2026, 12, 1, 5, tzinfo=UTC))
        with time_machine.travel(datetime(2027, 1, 1, tzinfo=UTC)):
            archive = client.get("/archive/").text
            assert re.findall(r'href="/archive/2026/(\d+)/">.*?<small[^>]*>(\d)', archive, re.DOTALL) == [
                ("12", "1"), ("11", "2"), ("10", "1"),
            ]  # fmt: skip
            assert list(client.get("/archive/2026/11/").context["articles"]) == november
            assert list(client.get("/archive/2026/10/").context["articles"]) == [october]


def test_a_month_out_of_range_is_not_found(client):
    make_article(published_at=datetime(1, 1, 1, tzinfo=UTC))

    for year, month in [(0, 1), (9999, 12), (10000, 1), (2026, 0)]:
        assert client.get(f"/archive/{year}/{month}/").status_code == 404
    assert client.get("/archive/1/1/").status_code == 200
    assert "/archive/1/1/" in client.get("/archive/").text


def test_published_is_the_same_rule_for_one_article_and_for_the_database():
    moments = [timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)]
    for status in ("draft", "review", "published", "archived"):
        for moment in moments:
            make_article(status=status, published_at=moment)

    published = set(Article.objects.published())

    assert published == {article for article in Article.objects.all() if article.is_published}
    assert len(published) == 1
