"""The notice in a real Chromium: how high it is in each language, whose times it shows, and how it goes away."""

import json
import re

import pytest
from playwright.sync_api import expect

from publishing.tests.test_browser import OPINION, WATCH, assert_accessible

LANGUAGES = ("en", "de", "fr", "es", "pl", "ar", "ja")
STATES = ("announced", "banner", "read-only")
# Of these a sentence of ours names the parts.
OF_PARTS = "read-only articles,comments,previews"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# Zones of readers far from that of the site, one of them with a long name.
KOLKATA, HONOLULU = "Asia/Kolkata", "Pacific/Honolulu"
# Not "UTC+5:30".
NAMED_UTC = re.compile("UTC(?![+−-])")
# A page in each language and state, with the longest dates.
RENDER = """
import json
from datetime import UTC, datetime
from unittest.mock import patch
from django.test import Client, override_settings
from publishing.maintenance.decision import USUAL, Situation
start, end = datetime(2026, 9, 28, 22, 30, tzinfo=UTC), datetime(2026, 9, 29, 23, 30, tzinfo=UTC)
pages = {}
for language in LANGUAGES:
    for state in STATES:
        name, _, groups = state.partition(" ")
        groups = frozenset(groups.split(",")) if groups else USUAL
        situation = Situation(state=name, starts_at=start, ends_at=end, own_sentence=SENTENCE, groups=groups)
        now = patch("publishing.maintenance.middleware.current_situation", lambda: situation)
        with now, override_settings(LANGUAGE_CODE=language):
            pages[f"{language} {state}"] = Client(SERVER_NAME="127.0.0.1").get(PATH).text
print(json.dumps(pages))
"""
MEASURE = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const notice = document.querySelector(".notice");
  const ground = light(getComputedStyle(notice).backgroundColor);
  const contrasts = [...notice.querySelectorAll("h2, p, a, button")]
    .map((each) => light(getComputedStyle(each).color))
    .map((ink) => Math.max(ink, ground) / Math.min(ink, ground));
  const controls = [...notice.querySelectorAll("a, button")].map((each) => each.getBoundingClientRect());
  return {
    height: notice.getBoundingClientRect().height,
    contrast: Math.min(...contrasts),
    control: Math.min(...controls.flatMap(({ width, height }) => [width, height])),
    sideways: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def rendered(site, languages=LANGUAGES, states=STATES, path=OPINION, sentence=""):
    """Pages by language and state, as the served site would answer them."""
    given = {"LANGUAGES": languages, "STATES": states, "PATH": path, "SENTENCE": sentence}
    assignments = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    return json.loads(site.run(assignments + RENDER))


@pytest.fixture(scope="module")
def pages(site):
    return rendered(site, states=(*STATES, OF_PARTS))


@pytest.fixture
def shown(browser, site):
    """Shows a page that was rendered, with all that it links from the served site."""
    contexts = []

    def show(html, page=None, **options):
        if not page:
            context = browser.new_context(base_url=site.url, **({"viewport": PHONE} | options))
            contexts.append(context)
            page = context.new_page()
            page.add_init_script(WATCH)
        page.unroute_all()
        # Their places are kept without them.
        page.route("**/media/**", lambda route: route.abort())
        page.route(site.url + OPINION, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(OPINION, wait_until="load")
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_at_most_96_pixels_high_on_a_phone_in_every_language_and_can_be_read_and_hit(shown, pages, scheme):
    page, wrong = None, {}
    for name, html in pages.items():
        page = shown(html, page, color_scheme=scheme)
        found = page.evaluate(MEASURE)
        if found["height"] > 96 or found["contrast"] < 4.5 or found["control"] < 24 or found["sideways"]:
            wrong[name] = found

    assert wrong == {}


@pytest.mark.parametrize(("size", "zone"), [(PHONE, KOLKATA), (DESK, HONOLULU)])
def test_times_are_those_of_the_reader_and_nothing_moves(shown, pages, size, zone):
    """The line keeps its height, and what follows it its place, in every language."""
    page = plain = None
    for name, html in pages.items():
        if "read-only" in name:
            continue  # As in a banner.
        page = shown(html, page, viewport=size, timezone_id=zone)
        plain = shown(html, plain, viewport=size, java_script_enabled=False)
        sent, local = plain.locator("[data-times]").inner_text(), page.locator("[data-times]").inner_text()

        assert re.search(NAMED_UTC, sent) and not re.search(NAMED_UTC, local), (name, local)
        assert ("30" in sent) == ("30" in local) or zone == KOLKATA, name
        assert abs(page.locator("h1").bounding_box()["y"] - plain.locator("h1").bounding_box()["y"]) < 1, name
        assert page.evaluate("window.shift") == 0


def test_without_a_script_times_are_in_the_zone_of_the_site_and_nothing_promises_more(shown, pages):
    page = shown(pages["en announced"], java_script_enabled=False)

    assert page.locator("[data-times]").inner_text() == "From 28 September, 22:30 to 29 September, 23:30 UTC."
    assert page.get_by_role("button", name="Dismiss").count() == 0
    assert page.get_by_role("link", name="Go to quizzes").is_visible()


def test_with_a_script_they_name_the_reader_s_zone(shown, pages):
    page = shown(pages["en announced"], timezone_id=KOLKATA, viewport=DESK)

    assert page.locator("[data-times]").inner_text() == "From 29 September at 04:00 to 30 September at 05:00 GMT+5:30."
    moments = [each.get_attribute("datetime") for each in page.locator("[data-times] time").all()]
    assert moments == ["2026-09-28T22:30:00+00:00", "2026-09-29T23:30:00+00:00"]
    assert_accessible(page)


def test_a_line_that_would_wrap_stays_as_it_was_sent(shown, pages):
    html = pages["en announced"].replace("From ", "From " + "about " * 3)
    page = shown(html, timezone_id=KOLKATA)

    assert page.locator(".notice").bounding_box()["height"] > 0
    assert page.evaluate("window.shift") == 0


def test_dismissed_it_stays_away_from_this_window_until_another_one_comes(shown, pages, site):
    page = shown(pages["en banner"])
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator(".notice")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "main"

    page.reload(wait_until="load")
    expect(page.locator(".notice")).to_be_hidden()
    assert page.evaluate("window.shift") == 0
    assert page.evaluate("[Object.keys(sessionStorage), localStorage.length, document.cookie]") == [["notice"], 0, ""]

    other = page.context.new_page()
    shown(pages["en banner"], other)
    expect(other.locator(".notice")).to_be_visible()
    shown(rendered(site, ["en"], ["banner"], sentence="A new disk.")["en banner"], page)
    expect(page.locator(".notice")).to_be_visible()


def test_what_says_why_nothing_can_be_sent_cannot_be_dismissed(shown, pages):
    page = shown(pages["en banner"])
    page.get_by_role("button", name="Dismiss").click()
    shown(pages["en read-only"], page)

    expect(page.locator(".notice")).to_be_visible()
    assert page.get_by_role("button", name="Dismiss").count() == 0


def test_it_is_the_first_thing_after_the_way_past_it_which_works(shown, pages):
    html = pages["en banner"]
    page = shown(html)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.nextElementSibling.className") == "notice dark"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    assert page.locator(".notice").evaluate("notice => getComputedStyle(notice).position") == "static"
    assert re.search(r'<aside class="notice dark" aria-label="Site notice" data-nosnippet>', html)
