"""What is sponsored is on pages, and in nothing that is made of articles. With every slot on, by each source."""

import json
import re

import pytest
from django.conf import settings

from articles.models import Article
from publishing.models import Publication
from publishing.sponsors.models import AdSense, Consent, Key, Source
from publishing.sponsors.slots import labels
from publishing.tests.factories import make_article, make_category

from ..factories import fill
from ..house.factories import make_creative

pytestmark = pytest.mark.django_db
LONG = "\n\n".join(["A paragraph of several words. " * 20] * 8)
UNIT, TARGET, HEADLINE, SENTENCE = (
    "0123456789",
    "https://acme.example/shop",
    "Zeppelins for sale",
    "Kept for zeppelins.",
)
MARKS = (UNIT, TARGET, HEADLINE, SENTENCE, "Zeppelin", "slot-article", 'class="slot', labels.label("en"))
SHOWN = {"preview": SENTENCE, "house": HEADLINE, "adsense": f'data-unit="{UNIT}"'}


@pytest.fixture(params=["preview", "house", "adsense"])
def article(request):
    """A long article, with every slot filled by one source."""
    Publication(slot_sentence=SENTENCE).save()
    AdSense(client="ca-pub-1234567890123456", is_on=True, consent=Consent.OWN, privacy_page="/privacy/").save()
    make_creative(headline=HEADLINE, target=TARGET)
    for key in Key.values:
        fill(key, request.param, ad_unit=UNIT)
    for _ in range(3):
        found = make_article(body=LONG, category=make_category("Practice"))
    found.source_of_slots = request.param
    return found


def test_they_are_on_the_pages(client, article):
    for address in (article.get_absolute_url(), "/", "/categories/practice/"):
        assert SHOWN[article.source_of_slots] in client.get(address).text, address


@pytest.mark.parametrize(
    "path",
    [
        "/feed.xml", "/atom.xml", "/feed.json", "/categories/practice/feed.xml", "/comments/feed.xml", "/llms.txt",
        "/sitemap.xml", "/sitemap-articles-1.xml", "/robots.txt", "/search/?q=zeppelins", "/search/?q=sponsored",
        "/archive/", "/follow/", "/quizzes/", "/quizzes/feed.xml", "/manifest.webmanifest", "/opensearch.xml",
        "/nowhere/", "/articles/nowhere/",
    ],
)  # fmt: skip
def test_nothing_sponsored_is_in_what_machines_read_nor_on_other_pages(client, article, path):
    response = client.get(path)
    # The search repeats what was asked for.
    text = response.text.replace("zeppelins", "").replace("sponsored", "")

    assert [mark for mark in MARKS if mark in text] == []


def test_nothing_sponsored_is_found_by_the_search(client, article):
    for words in ("zeppelins", "kept", "sponsored", UNIT):
        assert article.get_absolute_url() not in client.get("/search/", {"q": words}).text
    assert article.get_absolute_url() in client.get("/search/", {"q": "paragraph"}).text


def test_nothing_sponsored_is_counted_or_stored_with_an_article(article):
    def measures(row):
        row = Article.objects.get(pk=row.pk)
        return row.word_count, row.reading_minutes, row.text, row.html, row.summary

    with_slots = measures(article)
    for key in Key.values:
        fill(key, Source.OFF)
    article.render_again()

    assert measures(article) == with_slots
    assert with_slots[0] == 8 * 20 * 5


def test_nothing_sponsored_is_in_structured_data_descriptions_and_cards(client, article):
    page = client.get(article.get_absolute_url()).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    head = page[: page.index("</head>")]

    assert json.loads(found[0])
    assert [mark for mark in MARKS if mark in "".join(found) or mark in head] == []


def test_search_engines_leave_it_out_of_excerpts(client, article):
    page = client.get(article.get_absolute_url()).text

    opened = re.findall(r'<aside class="slot[^>]*>', page)
    assert len(opened) >= 5
    assert all("data-nosnippet" in each for each in opened)


def test_it_is_not_printed():
    print_sheet = (settings.BASE_DIR / "static/css/print.css").read_text()
    # The last layer, so that no other rule shows it.
    hidden = re.search(r"([^{}]*)\{\s*display: none;", print_sheet)[1]

    assert ".slot," in hidden
    assert "print;" in (settings.BASE_DIR / "static/css/site.css").read_text()


def test_drafts_refused_comments_and_withdrawn_articles_have_none(client, article):
    draft = make_article(body=LONG, status="draft", published_at=None)
    refused = client.post(
        f"{article.get_absolute_url()}comments/", {"body": ""}, headers={"sec-fetch-site": "same-origin"}
    )
    gone = make_article(body=LONG)
    gone.delete()

    for response in (client.get(draft.get_preview_url()), refused, client.get(gone.get_absolute_url())):
        assert 'class="slot' not in response.text
        assert SHOWN[article.source_of_slots] not in response.text
