"""Texts of other scripts and directions in a real Chromium, on a site in English and on one in Arabic."""

import shutil

import pytest

from .served import Site
from .test_browser import WATCH, assert_accessible

WIDTHS = (360, 1280)
AUTHOR = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnungen"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtenges"
BODY = """{0} `pip install django` {0} {0} {0}[^1]

> {0}

## {1}

- **{0}** *{1}*

```python
print("{1}")
```

| {1} | {1} |
|---|---:|
| {1} | 1 |

{0} {0}

[^1]: {0} <https://example.org/>
"""
ARTICLES = {
    "ar": ("المجلات الصغيرة وكيف تُقرأ", "هذه مقالة عن المجلات الصغيرة وكيف تُكتب وتُقرأ."),
    "he": ("מגזינים קטנים", "זהו מאמר על מגזינים קטנים ואיך קוראים אותם."),
    "ja": ("小さな雑誌の読み方について考える", "これは小さな雑誌についての長い記事です。「東京」で書かれました。"),
    "de": ("Datenschutzgrundverordnung und Übermut", f"Größe, Öl und {LONG} sind lange Wörter."),
}
RIGHT_TO_LEFT = {"ar", "he"}
FACES = f"""
Polish: Zażółć gęślą jaźń, *zażółć gęślą jaźń*. Czech: příliš žluťoučký kůň. Turkish: ığdır, *şair*.
Romanian: Ștefan și țară. Vietnamese: Đường đến Hà Nội, *nghĩa ưỡ*, {"ế ề ể"}.
"""
MAKE = """
from publishing.tests.factories import make_article, make_author
author = make_author({author!r})
for language, (title, text) in {articles!r}.items():
    make_article(title=title, summary=text, body={body!r}.format(text, title), slug="in-" + language,
        language=language, authors=[author])
make_article(title={long!r}, summary={long!r}, slug="long", authors=[author])
make_article(title="Zażółć gęślą jaźń", body={faces!r}, slug="faces", language="pl")
make_article(title="Ἀθῆναι Привет", body="Θεσσαλονίκη Ἀθῆναι\\n\\nПривет, Їжак", slug="fallback")
"""
BOX = "(element) => { const {left, right} = element.getBoundingClientRect(); return {left, right}; }"


def served_in(language, tmp_path_factory, demo):
    site = Site(tmp_path_factory.mktemp(f"site-{language}"), LANGUAGE_CODE=language)
    shutil.copytree(demo, site.directory, dirs_exist_ok=True)
    with site.served(workers=1):
        site.run(MAKE.format(author=AUTHOR, articles=ARTICLES, body=BODY, long=LONG, faces=FACES))
        yield site


@pytest.fixture(scope="module")
def english(tmp_path_factory, demo):
    yield from served_in("en", tmp_path_factory, demo)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory, demo):
    yield from served_in("ar", tmp_path_factory, demo)


@pytest.fixture(params=["english", "arabic"])
def either(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def show(page, site, path, width=1280):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url + path)
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert sideways == 0, f"{path} scrolls sideways by {sideways} px at {width}"


def styles(page, selector, *names):
    style = "(element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name))"
    return tuple(page.locator(selector).first.evaluate(style, names))


def box(page, selector):
    return page.locator(selector).first.evaluate(BOX)


def fonts_of(page, selector):
    """The names of the fonts with which Chromium drew the text of an element, without optical size."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    page.evaluate("document.fonts.ready.then(() => null)")
    return {
        font["familyName"].split(" 16pt")[0]
        for font in devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ARTICLES)
def test_an_article_stands_in_its_own_direction_on_a_page_in_either(either, page, language, width):
    show(page, either, f"/articles/in-{language}/", width)
    direction, start = ("rtl", "right") if language in RIGHT_TO_LEFT else ("ltr", "left")
    end = {"left": "right", "right": "left"}[start]

    assert {styles(page, part, "direction") for part in ("h1", ".prose", ".prose p", ".prose td")} == {(direction,)}
    assert styles(page, ".prose blockquote", f"border-{start}-width", f"border-{end}-width") == ("3px", "0px")
    assert styles(page, ".prose ul", f"padding-{start}", f"padding-{end}")[1] == "0px"
    assert {styles(page, part, "direction") for part in (".prose pre", ".prose p code")} == {("ltr",)}
    assert_accessible(page)


def test_what_is_beside_a_text_is_at_the_end_of_its_lines_and_never_over_the_contents(either, page):
    for language in ARTICLES:
        show(page, either, f"/articles/in-{language}/")
        is_mirrored = page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
        is_along = is_mirrored == (language in RIGHT_TO_LEFT)

        assert page.locator(".side").first.is_visible() == is_along, language
        assert page.locator(".prose > .footnotes").is_visible() != is_along, language
        if is_along:
            note, text = box(page, ".side"), box(page, ".prose > p")
            assert note["right"] <= text["left"] if is_mirrored else note["left"] >= text["right"]


def test_the_home_page_of_a_site_in_arabic_is_mirrored(arabic, english, page):
    places = {}
    for site in (arabic, english):
        show(page, site, "/")
        places[site] = [box(page, part) for part in (".wordmark", ".sections", "#theme", ".big", ".front > * + *")]

    for mirrored, usual in zip(places[arabic], places[english], strict=True):
        assert abs((1280 - mirrored["right"]) - usual["left"]) < 130, (mirrored, usual)
    wordmark, sections, theme, big, second = places[arabic]
    assert wordmark["left"] > sections["left"] > theme["right"]
    assert big["left"] > second["right"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    ["/", "/archive/", "/search/?q=the", "/quizzes/", "/quizzes/routing-and-requests/", "/about/", "/authors/", "/no/"],
)
def test_every_page_of_a_site_in_arabic_runs_from_right_to_left(arabic, page, path, width):
    show(page, arabic, path, width)

    assert styles(page, "html", "direction") == ("rtl",)
    assert styles(page, "h1, h2", "letter-spacing") == ("normal",)
    if width == WIDTHS[0]:
        assert_accessible(page)


def test_what_points_is_turned(arabic, english, page):
    sign = "(link) => getComputedStyle(link, '::before').content"
    for site, pointing in ((english, "← "), (arabic, "→ ")):
        show(page, site, "/?page=2")
        assert page.locator("nav > [rel=prev]").evaluate(sign) == f'"{pointing}" / ""'
        assert styles(page, ".wordmark svg", "scale") == (("-1 1",) if site is arabic else ("none",))


def test_on_paper_it_does_too_and_an_address_is_not_turned(arabic, page):
    page.emulate_media(media="print")
    show(page, arabic, "/articles/in-ar/")

    after = (
        "(link) => { const { direction, content } = getComputedStyle(link, '::after'); return direction + content; }"
    )
    assert styles(page, ".prose", "direction") == ("rtl",)
    assert page.locator(".prose a[href^=http]").first.evaluate(after) == 'ltr" (https://example.org/)"'


@pytest.mark.parametrize("width", [360, 640, 768, 1280])
def test_a_word_of_seventy_letters_scrolls_nothing_sideways(either, page, width):
    for path in ("/", "/archive/", "/articles/long/", "/articles/in-de/", "/authors/", "/search/?q=Donau"):
        show(page, either, path, width)


def test_long_words_of_a_german_text_may_be_hyphenated(english, page):
    show(page, english, "/articles/in-de/", 360)

    assert {styles(page, part, "hyphens") for part in ("h1", ".deck", ".prose p", ".prose li")} == {("auto",)}
    assert page.locator(".prose").get_attribute("lang") == "de"


def test_words_of_latin_letters_are_of_one_typeface(english, page):
    show(page, english, "/articles/faces/")

    assert fonts_of(page, "h1") == {"Newsreader"}
    assert fonts_of(page, ".prose") == {"Newsreader"}


def test_words_of_greek_and_cyrillic_letters_fall_back_whole(english, page):
    show(page, english, "/articles/fallback/")

    for number in (1, 2):
        assert len(fonts_of(page, f".prose > p:nth-of-type({number})") - {"Newsreader"}) == 1


def test_japanese_and_arabic_are_neither_slanted_nor_spaced(english, page):
    show(page, english, "/articles/in-ja/")
    assert styles(page, ".prose em", "font-style", "text-emphasis-style") == ("normal", "sesame")
    assert styles(page, ".prose h2", "letter-spacing", "line-break") == ("normal", "strict")

    show(page, english, "/articles/in-ar/")
    assert styles(page, ".prose em", "font-style", "letter-spacing") == ("normal", "normal")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_a_text_of_another_script_loads(either, page, width):
    page.add_init_script(WATCH)
    for language in ARTICLES:
        show(page, either, f"/articles/in-{language}/", width)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.shift") < 0.001, language
