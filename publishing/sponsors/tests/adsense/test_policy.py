"""The policy of a page with a slot of AdSense, and that no other page has it."""

import re

import pytest

from publishing.sponsors.models import AdSense, Consent
from publishing.sponsors.tests.factories import fill, make_list
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db
CLIENT, UNIT = "ca-pub-1234567890123456", "0123456789"
LONG = "\n\n".join(f"{'A paragraph of several words. ' * 20}" for _ in range(12))
STRICT_SCRIPTS = "script-src 'self'"


@pytest.fixture
def connected():
    AdSense(client=CLIENT, is_on=True, consent=Consent.OWN, privacy_page="/privacy/").save()


def policy(response):
    return dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; ") if " " in part)


def has_profile(response):
    return "'strict-dynamic'" in response["Content-Security-Policy"]


def test_a_page_with_a_slot_of_adsense_allows_what_it_needs_and_no_more(client, connected):
    fill("list", "adsense", ad_unit=UNIT)
    make_list()

    response = client.get("/")
    found = policy(response)

    assert f'data-unit="{UNIT}"' in response.text
    assert re.fullmatch(r"('sha256-[A-Za-z0-9+/]{43}=' )+'strict-dynamic'", found["script-src"])
    assert found["default-src"] == found["object-src"] == found["base-uri"] == found["frame-ancestors"] == "'none'"
    assert found["style-src"] == "'self' 'unsafe-inline'"
    assert (found["img-src"], found["frame-src"], found["connect-src"]) == (
        "'self' data: https:",
        "https:",
        "'self' https:",
    )
    assert "trusted-types" not in response["Content-Security-Policy"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]
    assert response["Cross-Origin-Embedder-Policy"] == "unsafe-none"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_each_script_of_it_has_a_hash_that_the_policy_names(client, connected):
    fill("article-end", "adsense", ad_unit=UNIT)

    response = client.get(make_article(body=LONG).get_absolute_url())
    scripts = re.findall(r"<script (?!type=\"application)[^>]*>", response.text)
    hashes = [re.search(r'integrity="([^"]+)"', script)[1] for script in scripts]

    assert len(scripts) >= 2
    assert policy(response)["script-src"] == " ".join([*(f"'{each}'" for each in hashes), "'strict-dynamic'"])
    assert 'data-modules="/static/js/' in response.text
    assert "js/ads.js" in response.text


def test_it_is_the_same_for_every_visitor(client, connected):
    fill("list", "adsense", ad_unit=UNIT)
    make_list()
    pages = [client.get("/", headers={"Cookie": cookie}) for cookie in ("", "sessionid=1")]

    assert pages[0].content == pages[1].content
    assert pages[0]["Content-Security-Policy"] == pages[1]["Content-Security-Policy"]
    assert pages[0]["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    ("slot", "row"),
    [
        ({"source": "adsense", "ad_unit": UNIT}, {"is_on": False}),
        ({"source": "adsense", "ad_unit": UNIT}, {"consent": Consent.NONE}),
        ({"source": "adsense", "ad_unit": UNIT}, {"client": ""}),
        ({"source": "adsense", "ad_unit": ""}, {}),
        ({"source": "preview"}, {}),
        ({"source": "house"}, {}),
        ({"source": "off"}, {}),
        ({"source": "adsense", "ad_unit": UNIT, "pages": "/quizzes/"}, {}),
    ],
)
def test_without_a_slot_of_adsense_a_page_keeps_the_strict_policy(client, slot, row):
    AdSense(**{"client": CLIENT, "is_on": True, "consent": Consent.OWN, "privacy_page": "/privacy/"} | row).save()
    fill("list", **slot)
    make_list()

    response = client.get("/")

    assert STRICT_SCRIPTS in response["Content-Security-Policy"]
    assert "trusted-types 'none'" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "data-unit" not in response.text
    assert "adsbygoogle" not in response.text


def test_of_all_kinds_of_page_those_have_it_that_show_a_slot(client, connected):
    for key in ("article-top", "article-body", "article-end", "list", "beside"):
        fill(key, "adsense", ad_unit=UNIT)
    article = make_article(body=f'{LONG}\n\n`<div data-unit="1">`')
    thin = make_article(slug="thin", body="Short.")
    make_list()
    kinds = ["/", article.get_absolute_url(), thin.get_absolute_url(), article.category.get_absolute_url(), "/archive/",
             "/search/?q=short", "/quizzes/", "/missing/", "/feed.xml", article.get_preview_url(), "/robots.txt",
             "/follow/", "/comments/mine/"]  # fmt: skip
    responses = {path: client.get(path) for path in kinds}

    assert {path: has_profile(response) for path, response in responses.items()} == {
        path: '<div data-unit="0' in response.text for path, response in responses.items()
    }
    assert has_profile(responses["/"])
    assert not has_profile(responses["/search/?q=short"])


def test_words_in_an_article_do_not_make_a_slot(client, connected):
    article = make_article(body=f'{LONG}\n\n`<div data-unit="1">`\n\n<div data-unit="1">x</div>')

    assert not has_profile(client.get(article.get_absolute_url()))


def test_readers_can_change_their_choice_on_every_page_once_it_is_connected(client, connected):
    assert 'href="/privacy/" data-privacy-choices' in client.get("/quizzes/").text
    assert "js/consent.js" in client.get("/quizzes/").text

    AdSense(client=CLIENT, is_on=False, consent=Consent.OWN).save()

    assert "data-privacy-choices" not in client.get("/quizzes/").text
