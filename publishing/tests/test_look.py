"""What the style sheets, the scripts and the templates promise: small, readable in light and dark, nothing inline."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.template.loader import render_to_string
from django.utils import timezone

from articles.models import FrontPage
from comments.tests.factories import comment_url, import_comment
from publishing.files import as_served, with_imports
from publishing.models import Publication
from quizzes.tests.factories import make_quiz

from .factories import make_article, make_author, make_category
from .rows import failures

ROOT = Path(settings.BASE_DIR)
STYLES = sorted((ROOT / "static/css").glob("*.css"))
ADMIN_STYLES = (
    "admin.css",
    "charts.css",
    "adsense.css",
    "colour.css",
    "identity.css",
    "inbox.css",
    "lists.css",
    "maintenance.css",
    "moderation.css",
    "moving.css",
    "ordered.css",
    "pictures.css",
    "quiz-admin.css",
    "sponsored.css",
    "staff.css",
    "trash.css",
    "versions.css",
    "writing.css",
)
DJANGO_ADMIN = Path(find("admin/css/base.css")).read_text()
SITE = with_imports(ROOT / "static/css/site.css")
BELOW = with_imports(ROOT / "static/css/below.css")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SENTENCE = "Every large framework was once a small one that somebody could not say no to for long enough. "

# Classes that crispy-forms puts on widgets beside the one that is styled.
BESIDE = {"textinput", "textarea", "select", "emailinput"}


def compressed(text):
    return len(brotli.compress(text.encode() if isinstance(text, str) else text))


def tokens():
    """Name to (light, dark) of every colour token of the site."""
    return {
        name: (light, dark)
        for name, light, dark in re.findall(r"--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", SITE)
    }


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def served(client, address):
    """A page, and the text of the style sheets that its first view waits for: those in its head."""
    page = client.get(address).content.decode()
    head = page[: page.index("</head>")]
    links = re.findall(r'<link rel="stylesheet" href="/static/(css/[a-z]+\.css)"(?! media)', head)
    return page, [as_served(ROOT / "static" / link) for link in links]


# --- weight -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/articles/one/", "/archive/", "/quizzes/"])
def test_all_style_sheets_of_a_page_stay_below_ten_kilobytes_compressed(client, db, path):
    """With those for paper, and those that come after the page."""
    make_article(slug="one")
    sheets = re.findall(r'<link rel="stylesheet" href="/static/(css/[a-z]+\.css)"', client.get(path).content.decode())

    assert {"css/site.css", "css/print.css"} < {*sheets}
    assert sum(compressed(as_served(ROOT / "static" / sheet)) for sheet in sheets) < 10_000, sheets


def test_style_sheets_of_a_page_of_the_admin_stay_below_ten_kilobytes_compressed():
    """It loads its own and at most two more beside admin.css."""
    own, *others = sorted((compressed(as_served(ROOT / "static/css" / name)) for name in ADMIN_STYLES), reverse=True)

    assert own + sum(others[:2]) < 10_000


def test_the_front_page_adds_little_to_what_every_page_has():
    assert compressed(as_served(ROOT / "static/css/home.css")) <= 1_300


def test_the_first_view_of_a_full_front_page_fits_in_one_round_trip(client, db):
    for number in range(16):
        article = make_article(title=f"No. {number}: {SENTENCE[:50]}", summary=SENTENCE, authors=[make_author()])
        import_comment(article, "A reader", SENTENCE, timezone.now())
    make_quiz()
    FrontPage(opinion=make_category("Practice")).save()
    for number in range(4):
        make_article(title=f"Practice {number}", category=make_category("Practice"), authors=[make_author()])

    page, styles = served(client, "/")

    assert "Older articles" in page
    assert compressed(page) + sum(map(compressed, styles)) <= 14_336


def test_the_first_view_of_an_article_with_twenty_comments_fits_in_one_round_trip(client, db):
    article = make_article(body=SENTENCE * 45, authors=[make_author()])
    for number in range(20):
        import_comment(article, f"Reader {number}", f"{SENTENCE * 2}No. {number}.", timezone.now())

    page, styles = served(client, article.get_absolute_url())

    assert page.count('class="comment"') == 20
    assert len(styles) == 1
    assert compressed(page) + compressed(styles[0]) < 14_000


def test_no_page_waits_for_more_than_ten_kilobytes_of_script(client, db):
    page = client.get(make_article().get_absolute_url()).content.decode()
    names = re.findall(r'<(?:script|link rel="modulepreload")[^>]* (?:src|href)="/static/([^"]+)"', page)
    scripts = [ROOT / "static" / name for name in names]
    quiz = [ROOT / "static/js" / name for name in ("theme.js", "helpers.js")]
    quiz += (ROOT / "static/js").glob("quiz*.js")

    assert {"theme.js", "helpers.js", "hearts.js"} < {path.name for path in scripts}
    for files in (scripts, quiz):
        assert sum(compressed(as_served(path)) for path in files if path.exists()) < 10_000


# --- colour -------------------------------------------------------------------------------------


def test_text_and_controls_stand_out_from_what_is_behind_them():
    colours = tokens()
    words = ("text", "muted", "accent", "visited", "right", "wrong", "code")
    least = {(name, behind): 4.5 for name in words for behind in ("page", "raised")}
    least |= {("control", "page"): 3, ("control", "raised"): 3, ("page", "accent"): 4.5}  # the last is a filled button

    too_faint = {
        (name, behind, scheme): found
        for (name, behind), needed in least.items()
        for scheme in (0, 1)
        if (found := contrast(colours[name][scheme], colours[behind][scheme])) < needed
    }

    assert too_faint == {}


def test_every_token_that_a_style_sheet_uses_is_defined():
    undefined = {}
    for path in STYLES:
        text = with_imports(path)
        # Those of the admin come after Django's own sheet for the admin, the readers' after site.css.
        first = DJANGO_ADMIN + (ROOT / "static/css/admin.css").read_text() if path.name in ADMIN_STYLES else SITE
        undefined[path.name] = set(re.findall(r"var\((--[\w-]+)", text))
        undefined[path.name] -= set(re.findall(r"(--[\w-]+):", first + text))

    assert {name: missing for name, missing in undefined.items() if missing} == {}


def test_the_admin_has_the_colours_of_the_site():
    admin = (ROOT / "static/css/admin.css").read_text()

    for name in ("page", "raised", "text", "muted", "hair", "control", "right", "wrong"):
        assert f"--{name}: light-dark({', '.join(tokens()[name])});" in admin
    assert f"--link: light-dark({', '.join(tokens()['accent'])});" in admin


# --- templates ----------------------------------------------------------------------------------


def test_a_template_has_nothing_inline_that_the_content_security_policy_forbids():
    def check(path):
        text = path.read_text()
        assert not re.search(r"<style\b", text)
        assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", text)
        assert all(" src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))

    assert len(TEMPLATES) > 100
    assert failures(TEMPLATES, check) == {}


@pytest.mark.parametrize("is_refused", [False, True], ids=["empty", "refused"])
def test_every_class_of_the_comment_form_is_styled(client, db, is_refused):
    article = make_article()
    page = client.post(comment_url(article)) if is_refused else client.get(article.get_absolute_url())
    html = page.content.decode()
    form = html[html.index('<form id="join"') : html.index("</form>", html.index('<form id="join"'))]
    classes = {name for value in re.findall(r'class="([^"]*)"', form) for name in value.split()}

    assert {"form-control", "form-label", "form-text"} <= classes
    assert not {name for name in classes - BESIDE if not re.search(rf"\.{name}(?![\w-])", SITE + BELOW)}


def test_the_theme_is_applied_before_the_style_sheets_and_its_control_needs_a_script(client, db):
    page = client.get("/").content.decode()

    assert re.search(r'<script src="/static/js/theme\.js"></script>', page)
    assert page.index("theme.js") < page.index('rel="stylesheet"')
    assert re.search(r'<button class="icon scripted" type="button" id="theme"', page)
    assert ":root:not([data-theme]) .scripted {\n  display: none;\n}" in SITE


# --- errors -------------------------------------------------------------------------------------


def test_a_missing_page_leads_on_to_the_search_and_the_archive(client, db):
    response = client.get("/no-such-page/")
    page = response.content.decode()

    assert response.status_code == 404
    assert page.count("<h1") == 1
    assert 'href="/search/"' in page
    assert 'href="/archive/"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_page_of_our_own_faults_needs_neither_request_nor_database():
    page = render_to_string("500.html", {"publication": Publication(name="The Indent")})

    assert "The Indent" in page
    assert page.count("<h1") == 1
    assert "/static/css/site.css" in page


@pytest.mark.parametrize(
    ("wait", "words"), [(7, "7 seconds"), (600, "10 minutes"), (10_800, "3 hours"), (None, "15 minutes")]
)
def test_who_was_too_quick_learns_when_to_try_again(wait, words, rf, db):
    assert words in render_to_string("429.html", {"wait": wait}, request=rf.get("/"))
