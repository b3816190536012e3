"""What has room for a text by our count has room for it in a browser, in every layout."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from publishing.files import with_imports
from publishing.sponsors.house import text_room
from publishing.sponsors.models import Creative

STYLES = Path(settings.BASE_DIR) / "static/css"
# Narrow and broad, by all heights that a box may have.
BOXES = [
    (280, 50), (320, 50), (599, 50), (600, 50), (280, 100), (320, 100), (599, 100), (600, 100), (640, 90), (640, 100),
    (728, 90), (984, 90), (280, 250), (640, 250), (640, 280), (984, 250), (208, 600), (300, 600),
]  # fmt: skip
TEXTS = {
    "English": ("A bicycle for two children and the shopping, home and back!", "Made by hand since 1931, or so. " * 5),
    "German": (
        "Kinderfahrradanhängerversicherungsvergleich für Großstädter",
        "Donaudampfschifffahrtsgesellschaft. " * 5,
    ),
    "capitals": ("WWW MAXIMUM SUMMER SALE AT MMM AND WWW FOR ALL OF YOU TODAY", "MWMW WMWM MAMA WAWA OKAY. " * 6),
    "no spaces": ("https://acme.example/a-very-long-address-without-any-space", "supercalifragilistic" * 7),
    "Japanese": ("子どもと買い物を運ぶ自転車、手作りで三十年の保証" * 3, "雨でもよく効くブレーキ。土曜日に試乗。" * 8),
    "Arabic": ("دراجة تحمل طفلين والمشتريات إلى البيت في كل يوم من السنة", "مصنوعة يدويا منذ عام ١٩٣١ بمكابح. " * 5),
}
CUT = """() => [...document.querySelectorAll(".words")].filter((each) =>
  each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth).map((each) => each.dataset.what)"""


def longest(headline, text, width, height):
    """The most of it that has room by our count."""
    most = text_room.most(headline, text, width, height)
    return headline[:most], text[: max(0, most - len(headline))]


def html_of(name, words, width, height):
    headline, text = longest(words[0][:60], words[1][:140], width, height)
    context = {"creative": Creative(headline=headline, text=text, target="#"), "address": "", "is_counted": False}
    html = render_to_string("sponsors/_creative.html", context)
    html = html.replace("<a ", f'<a data-what="{name} {width}×{height}: {len(headline) + len(text)}" ', 1)
    return f'<aside class="slot" style="width:{width}px;margin:0"><div style="height:{height}px">{html}</div></aside>'


@pytest.fixture
def drawn(browser):
    """A page with one advertisement in each box, of which no server knows."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    styles = "".join(with_imports(STYLES / name) for name in ("site.css", "slots.css", "creative.css"))

    def draw(face):
        boxes = "".join(html_of(name, words, *box) for name, words in TEXTS.items() for box in BOXES)
        page.set_content(f"<style>{styles} .slot {{ font-family: '{face}' !important }}</style>{boxes}")
        return page

    yield draw
    page.close()


@pytest.mark.parametrize("face", ["DejaVu Sans", "Liberation Sans"])
def test_what_has_room_by_our_count_is_cut_nowhere(drawn, face):
    page = drawn(face)

    assert page.locator(".words").count() == len(BOXES) * len(TEXTS)
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize(("height", "least"), [(50, 85), (90, 190), (100, 155), (250, 190)])
def test_the_count_is_not_so_careful_that_usual_texts_are_refused(height, least):
    headline, text = "Ride home with two children and the shopping", "Made by hand since 1931, and it keeps. " * 5

    assert text_room.most(headline, text[:150], 640 if height == 90 else 280, height) >= least
