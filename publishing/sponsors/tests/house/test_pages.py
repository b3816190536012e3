"""Advertisements on readers' pages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.sponsors.models import AdSense, Creative
from publishing.tests.factories import make_article

from ..factories import fill
from .factories import make_advertiser, make_creative

pytestmark = pytest.mark.django_db

LONG_BODY = "\n\n".join(["word " * 100] * 7)
KEYS = re.compile(r'data-seen="/sponsored/(\d+)/seen/"')


@pytest.fixture
def page():
    for key in ("article-top", "article-end"):
        fill(key, "house")
    return make_article(body=LONG_BODY).get_absolute_url()


def shared_seconds(response):
    return int(re.search(r"s-maxage=(\d+)", response["Cache-Control"])[1])


def test_a_page_shows_one_with_its_label_and_its_advertiser(client, page):
    make_creative(advertiser=make_advertiser("Acme & Sons"))

    response = client.get(page)

    text = " ".join(response.text.split())
    assert "Sponsored" in text and "Advertisement of Acme &amp; Sons" in text
    assert 'rel="sponsored noopener"' in text
    assert not response.cookies


def test_in_a_slot_of_adsense_that_google_has_not_filled_its_advertiser_is_named_too(client, page):
    AdSense(client="ca-pub-1234567890123456", is_on=True, consent="own", privacy_page="/privacy/").save()
    fill("article-end", "adsense", ad_unit="0123456789")
    make_creative(advertiser=make_advertiser("Acme & Sons"))

    html = client.get(page).text

    assert 'data-unit="0123456789"' in html and "Advertisement of Acme &amp; Sons" in html


def test_every_reader_gets_the_same_bytes(client, page):
    make_creative()
    make_creative()

    answers = {client.get(page, headers={"cookie": f"reader={name}"}).content for name in ("a", "b", "c")}

    assert len(answers) == 1


def test_two_slots_of_a_page_show_two(client, page):
    shown = {make_creative().pk, make_creative().pk}

    # The one above an article has two places.
    assert {int(key) for key in KEYS.findall(client.get(page).text)} == shown


def test_without_one_there_is_no_box(client, page):
    make_creative(is_on=False)

    text = client.get(page).text

    assert '<aside class="slot' not in text and "js/slots" not in text and "css/creative" not in text


def test_shared_caches_let_go_of_a_page_when_the_next_one_starts_or_ends(client, page, clock):
    now = timezone.now()
    make_creative(starts_at=now + timedelta(seconds=90), ends_at=now + timedelta(seconds=200))

    assert shared_seconds(client.get(page)) <= 90
    assert not KEYS.search(client.get(page).text)
    clock.shift(timedelta(seconds=91))
    assert KEYS.search(client.get(page).text)
    assert shared_seconds(client.get(page)) <= 110
    clock.shift(timedelta(seconds=110))
    assert not KEYS.search(client.get(page).text)


def test_what_is_sold_is_in_no_feed_search_or_description_of_the_page(client, page):
    make_creative(headline="Buy zebras")
    assert "zebras" in client.get(page).text

    for url in ("/feed.xml", "/atom.xml", "/feed.json", "/llms.txt", "/sitemap.xml", "/search/?q=zebras"):
        text = client.get(url).text
        assert "Buy zebras" not in text and "acme.example" not in text
    for data in re.findall(r'(?s)<script type="application/ld\+json">.*?</script>', client.get(page).text):
        assert "zebras" not in data
    assert Creative.objects.count() == 1
