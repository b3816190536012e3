"""Lists of all labels, the years of the archive, and how to follow."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import Author, Series, Tag
from publishing.tests.factories import make_article, make_author, make_category

pytestmark = pytest.mark.django_db
LISTS = {"/categories/": "Opinion", "/tags/": "http", "/authors/": "Ines Okafor", "/series/": "By hand"}


def make_all():
    """One label of each kind with an article, and one without."""
    labels = {
        "tags": [Tag.objects.create(name="http", slug="http")],
        "authors": [make_author()],
        "series": Series.objects.create(title="By hand", slug="by-hand"),
    }
    make_category("Empty")
    Tag.objects.create(name="empty", slug="empty")
    make_author("Nobody Empty")
    Series.objects.create(title="An empty one", slug="empty")
    return labels


def main(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(("path", "name"), LISTS.items())
def test_a_list_has_labels_with_published_articles_and_their_numbers(client, path, name):
    labels = make_all()
    make_article(**labels)
    make_article(**labels)
    make_article(status="draft", published_at=None, **labels)

    html = main(client, path)

    assert f">{name}</a>" in html
    assert "2 articles" in html or '<small>2<span class="away"> articles' in html
    assert "mpty" not in html


@pytest.mark.parametrize("path", LISTS)
def test_a_list_without_labels_says_so(client, path):
    make_all()

    assert "None yet" in main(client, path)


def test_what_is_only_scheduled_is_not_listed_until_it_appears(client):
    labels = make_all()
    make_article(published_at=timezone.now() + timedelta(hours=1), category=make_category("Later"), **labels)

    assert "None yet" in main(client, "/tags/")
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert ">Later</a>" in main(client, "/categories/")


def test_a_list_has_pages_and_costs_the_same_for_many(client, count_queries):
    make_article(tags=[Tag.objects.create(name=f"tag {n:03}", slug=f"tag-{n:03}") for n in range(3)])
    client.get("/tags/")
    with count_queries() as few:
        client.get("/tags/")
    make_article(tags=[Tag.objects.create(name=f"word {n:03}", slug=f"word-{n:03}") for n in range(60)])
    client.get("/tags/")
    with count_queries() as many:
        first = main(client, "/tags/")

    assert len(many) == len(few) <= 2
    assert "word 056" in first
    assert "word 057" not in first
    assert "word 057" in main(client, "/tags/?page=2")
    assert client.get("/tags/?page=3").status_code == 404


def test_label_pages_lead_to_their_list(client):
    labels = make_all()
    make_article(**labels)

    for label in (labels["series"], labels["tags"][0], Author.objects.first(), make_category()):
        path = label.get_absolute_url()
        assert f'href="{path[: path.index("/", 1) + 1]}"' in main(client, path)


def test_a_year_has_its_months_and_its_articles_in_pages(client):
    for month in range(1, 13):
        make_article(title=f"Of month {month}", published_at=datetime(2025, month, 20, tzinfo=UTC))
    make_article(title="Before", published_at=datetime(2024, 12, 31, 12, tzinfo=UTC))
    make_article(title="One more", published_at=datetime(2025, 1, 2, tzinfo=UTC))

    first, second = main(client, "/archive/2025/"), main(client, "/archive/2025/?page=2")

    assert 'href="/archive/2025/3/"' in first
    assert "Of month 12</a>" in first
    assert "One more</a>" in second
    assert "Before" not in first + second
    assert 'href="/archive/2025/"' in main(client, "/archive/")
    assert client.get("/archive/2025/?page=3").status_code == 404
    assert client.get("/archive/1999/").status_code == 404
    assert client.get("/archive/99999/").status_code == 404


def test_follow_gives_the_addresses_of_all_feeds_and_each_answers(client):
    labels = make_all()
    make_article(**labels)

    html = main(client, "/follow/")

    addresses = [
        "/feed.xml", "/atom.xml", "/feed.json", "/categories/opinion/feed.xml", "/tags/http/feed.xml",
        "/series/by-hand/feed.xml", f"{labels['authors'][0].get_absolute_url()}feed.xml", "/corrections/feed.xml",
        "/comments/feed.xml", "/quizzes/feed.xml",
    ]  # fmt: skip
    for address in addresses:
        assert f"<code>http://testserver{address}</code>" in html, address
        assert client.get(address).status_code == 200, address
    assert "empty" not in html
    assert 'href="/follow/"' in client.get("/archive/").content.decode()


def test_follow_offers_what_has_most_articles_and_leads_to_the_rest(client):
    tags = [Tag.objects.create(name=f"tag {n}", slug=f"tag-{n}") for n in range(30)]
    make_article(tags=tags)
    make_article(tags=tags[-1:])

    html = main(client, "/follow/")

    assert "/tags/tag-29/feed.xml" in html
    assert html.count("/tags/tag-") == 24 * 3
    assert 'href="/tags/"' in html
