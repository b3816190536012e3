"""Cards for sharing: 1200 × 630 pixels, small, with the title as far as the typeface has it, for every kind of page."""

import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture

from articles.covers import sharing
from articles.models import Article, Author, Image, Series, Tag
from publishing import checks
from publishing.drawing import share_cards, typeface
from publishing.models import IdentityFile, Publication
from publishing.tests.factories import make_article, make_author

from .test_covers import HOSTILE

pytestmark = pytest.mark.django_db
TITLE = (share_cards.LEFT, 90, share_cards.TEXT_WIDTH, share_cards.TITLE_BOTTOM)


def metas(client, path):
    html = client.get(path).content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[^"]+)" content="([^"]*)">', html))


def card_of(client, path):
    """The card that a page names, as a picture."""
    address = metas(client, path)["og:image"].removeprefix("http://testserver")
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png"), address
    assert "immutable" in response["Cache-Control"]
    assert len(response.content) <= 60_000
    picture = Picture.open(BytesIO(response.content)).convert("RGB")
    assert picture.size == (1200, 630)
    return picture


def has_ink(picture, box):
    """Whether something is written there: dark pixels."""
    return any(sum(colour) < 150 for _, colour in picture.crop(box).getcolors(1_000_000))


def test_an_article_says_what_its_card_is_and_when_it_was_published(client):
    article = make_article(title="Locks & keys", authors=[make_author("Mei Castellan")])

    found = metas(client, article.get_absolute_url())

    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image:alt"] == "Opinion. Locks &amp; keys. Mei Castellan"
    assert found["twitter:card"] == "summary_large_image"
    assert found["article:published_time"][:19] == article.published_at.isoformat()[:19]
    assert found["article:author"] == "http://testserver" + article.byline[0].get_absolute_url()
    assert found["article:modified_time"][:19] == article.modified_at.isoformat()[:19]


def test_every_kind_of_page_has_a_card(client):
    tag, series = Tag.objects.create(name="Python", slug="python"), Series.objects.create(title="By hand", slug="hand")
    article = make_article(authors=[make_author()], tags=[tag], series=series)
    rows = (article, article.category, tag, series, Author.objects.get())

    for path in ("/", "/archive/", "/search/", *(row.get_absolute_url() for row in rows)):
        assert has_ink(card_of(client, path), TITLE), path


def test_a_changed_name_changes_the_card_of_an_article_and_the_old_address_leads_to_it(client):
    author = make_author("Mei Castellan")
    path = make_article(authors=[author]).get_absolute_url()
    old = metas(client, path)["og:image"]

    author.name = "Mei C."
    author.save()
    new = metas(client, path)["og:image"]

    assert old != new
    assert "http://testserver" + client.get(old.removeprefix("http://testserver"))["Location"] == new


@pytest.mark.parametrize("kind", [*HOSTILE, "wide", "many"])
def test_no_title_breaks_a_card_and_what_no_font_has_is_left_off(client, kind):
    title = (HOSTILE | {"wide": "W" * 200, "many": "On and on " * 20})[kind]
    picture = card_of(client, make_article(title=title[:200]).get_absolute_url())

    is_mirrored = kind == "arabic" and typeface.IS_SHAPED
    shift = share_cards.PICTURE[0] if is_mirrored else 0
    assert has_ink(picture, (TITLE[0] + shift, TITLE[1], TITLE[2] + shift - is_mirrored * 70, TITLE[3]))
    margin = (shift, 0, shift + 50, 630) if is_mirrored else (share_cards.RIGHT + 8, 0, share_cards.TEXT_WIDTH, 630)
    assert len(picture.crop(margin).getcolors(100_000)) == 1, "nothing is written into the margin"


def title_on_a_card(title, language=""):
    """Its part with the title."""
    card = sharing.of_text("Kicker", "A title")._replace(title=title, language=language)
    return Picture.open(BytesIO(card.png())).convert("RGB").crop(TITLE)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ja", "小さな雑誌の読み方"),
        ("zh", "小杂志的读法"),
        ("zh-Hant", "小雜誌的讀法"),
        ("ko", "작은 잡지를 읽는 법"),
        ("th", "นิตยสารเล่มเล็ก"),
        ("ru", "Маленькие журналы"),
        ("uk", "Їжак і ґанок"),
        ("el", "Μικρά περιοδικά"),
        ("vi", "Đường đến Hà Nội, nghĩa ưỡ"),
        ("pl", "Zażółć gęślą jaźń"),
        ("tr", "İstanbul ığdır şair"),
    ],
)
def test_a_title_in_another_script_is_on_the_card_whole(language, title):
    assert typeface.shown(title, language) == title
    assert title_on_a_card(title, language).tobytes() != title_on_a_card("The Indent", language).tobytes()


@pytest.mark.skipif(not typeface.IS_SHAPED, reason="Pillow finds no FriBiDi; Debian has it as libfribidi0")
@pytest.mark.parametrize(("language", "title"), [("ar", "المجلات الصغيرة"), ("he", "מגזינים קטנים"), ("fa", "می‌خواهم")])
def test_a_card_from_right_to_left_is_mirrored_and_its_letters_are_joined(language, title):
    card = sharing.of_text("Kicker", title)._replace(language=language)
    picture = Picture.open(BytesIO(card.png())).convert("RGB")
    face = typeface.Face(76, 600, language)

    assert len(picture.crop((1142, 0, 1200, 630)).getcolors(100_000)) == 1, "the margin is at the right"
    assert len(picture.crop((0, 0, 430, 630)).getcolors(100_000)) > 5, "the drawing is at the left"
    assert has_ink(picture, (900, 90, 1140, share_cards.TITLE_BOTTOM)), "the title begins at the right"
    if language != "he":
        assert face.width(title) < sum(face.width(letter) for letter in title), "joined forms are narrower"


def test_a_chinese_character_has_the_form_of_its_language():
    forms = {title_on_a_card("骨直", language).tobytes() for language in ("ja", "zh", "zh-TW", "ko")}

    assert len(forms) >= 3


def test_a_title_that_no_font_has_is_replaced_by_the_name_of_the_publication():
    assert typeface.shown("პატარა ჟურნალები") == ""
    assert title_on_a_card("პატარა ჟურნალები").tobytes() == title_on_a_card(Publication.current().name).tobytes()


def test_a_site_in_arabic_is_told_what_its_cards_need(settings, monkeypatch):
    settings.LANGUAGE_CODE = "ar"
    monkeypatch.setattr(checks.features, "check", lambda name: False)

    (warning,) = checks.check_shaping()

    assert "libfribidi0" in warning.hint
    settings.LANGUAGE_CODE = "en"
    assert checks.check_shaping() == []


def test_emoji_are_left_out_and_the_rest_of_the_title_stays():
    assert typeface.shown("Ship it 🚀 — “now” 👩‍👩‍👧\u200f!") == "Ship it — “now” !"
    assert typeface.shown("Привет, world") == "Привет, world"
    assert typeface.shown("Łódź, İstanbul, Ștefan") == "Łódź, İstanbul, Ștefan"


def test_the_card_of_an_article_with_a_picture_shows_it(client):
    file = BytesIO()
    Picture.effect_noise((1200, 900), 90).convert("RGB").save(file, "JPEG")
    image = Image.from_file(ContentFile(file.getvalue(), "noise.jpg"), "Noise")
    path = make_article(cover=image).get_absolute_url()

    picture = card_of(client, path)
    colours = picture.crop((share_cards.TEXT_WIDTH, 0, 1200, 630)).getcolors(1_000_000)
    image.file.storage.delete(image.file.name)
    Publication(name="Without its file").save()

    assert len(colours) > 5
    assert has_ink(card_of(client, path), TITLE), "a file that is gone breaks no card"
    Article.objects.all().delete()
    image.delete()


def test_machines_are_told_the_logo_of_the_publisher_if_there_is_one(client):
    path = make_article().get_absolute_url()
    assert '"logo"' not in client.get(path).content.decode()

    IdentityFile(use="logo-light", digest="0" * 12, kind="png", width=300, height=100, content=b"").save()

    (address,) = re.findall(r'"logo":\s*\{[^}]*"url":\s*"([^"]+)"', client.get(path).content.decode())
    assert address.startswith("http://testserver/identity/logo-light-000000000000.png")
