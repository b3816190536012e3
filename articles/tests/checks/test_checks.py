"""What editors are told about an article before readers see it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from articles.checks.checking import Draft, check, draft_of, drafts_by
from articles.models import Image
from articles.versions.content import EMPTY, fields_of
from articles.versions.saving import current, save_working
from publishing.tests.factories import make_article, make_author, make_user

pytestmark = pytest.mark.django_db
LINK = "[A source](https://example.org/)\n\n"


def found(body=LINK, *, moment=None, **fields):
    """(code, line) of what is found in a draft that is right but for these fields."""
    right = EMPTY | {"title": "A title", "slug": "a-title", "summary": "What it is.", "category": 1, "authors": [1]}
    return [(one.code, one.line) for one in check(Draft(right | {"body": body} | fields, key=0, moment=moment))]


def test_nothing_is_found_in_an_article_that_is_right():
    body = LINK + "## One\n\n### Two\n\n```python\nawait f()\n```\n\n![A red kite](https://example.org/kite.jpg)\n"

    assert found(body) == []


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"summary": " "}, ["no-summary"]),
        ({"category": None}, ["no-category"]),
        ({"authors": []}, ["no-byline"]),
        ({"title": "x" * 61}, ["long-title"]),
        ({"title": "x" * 61, "seo_title": "Short"}, []),
        ({"summary": "x" * 161}, ["long-summary"]),
        ({"title": "TKTK about locks"}, ["placeholder"]),
        ({"summary": "TODO"}, ["placeholder"]),
    ],
)
def test_what_is_wrong_with_a_field_is_found(fields, codes):
    assert [code for code, _ in found(**fields)] == codes


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## One\n\n#### Three\n", [("skipped-level", 5)]),
        ("### First\n", [("skipped-level", 3)]),
        ("# One\n\n## Two\n\nText\n\n# Three\n", []),
        ("Words\nand TK.\n", [("placeholder", 4)]),
        ("<div>\nTODO\n</div>\n", [("placeholder", 3)]),
        ("Call `TODO`, see *the TODOs*.\n\n```text\nTODO\n```\n", []),
        ("<!-- TODO -->\n", []),
        ("Two\n![](https://example.org/a.png)", [("no-alt", 4)]),
        ("<p>\n<img src='https://example.org/a.png'>\n</p>", [("no-alt", 4)]),
        ("![IMG_2041](https://example.org/a.png)", [("file-name-alt", 3)]),
        ("![kite.final.jpeg](https://example.org/a.png)", [("file-name-alt", 3)]),
        ("```\ncode\n```\n", [("no-language", 3)]),
        ("```py\nx = 1\nprint 'x'\n```\n", [("python-syntax", 5)]),
        ("- List:\n\n  ```python\n  def f(:\n  ```\n", [("python-syntax", 6)]),
        ("```python\n>>> f()\n1\n```\n", []),
        (":::note\na\n:::\n\n> [!TIP]\n> b\n", []),
        (":::note\na\n", [("open-container", 3)]),
        (":::notes\na\n:::\n", [("open-container", 3)]),
        (":::note\n:::tip\na\n:::\nb\n:::\n", [("open-container", 8)]),
    ],
)
def test_what_is_wrong_with_the_text_is_found_with_its_line(body, expected):
    assert found(LINK + body) == expected


def test_a_text_without_a_link_is_told_to_link():
    assert found("Text. [See below](#below)\n\n## Below\n") == [("no-link", None)]


def test_a_decorative_picture_needs_no_alternative_text():
    for name, is_decorative in (("a" * 32, True), ("b" * 32, False)):
        Image.objects.bulk_create(
            [Image(key=name[:24], file=f"{name}.webp", is_decorative=is_decorative, digest=name, width=9, height=9)]
        )

    text = "".join(f"![]({settings.MEDIA_URL}{letter * 32}.webp)\n\n" for letter in "abc")
    assert found(LINK + text) == [("no-alt", 5), ("no-alt", 7), ("dead-link", 7)]


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/articles/live/", []),
        ("/articles/live", []),
        ("../live/#a-heading", []),
        ("/articles/live/#comments", []),
        ("/articles/live/#html", []),
        ("/articles/old/#a-heading", []),
        ("/articles/live/#gone", ["dead-anchor"]),
        (f"{settings.SITE_URL}/articles/draft/", ["dead-link"]),
        ("/articles/scheduled/", ["dead-link"]),
        ("/articles/withdrawn/", ["dead-link"]),
        ("/articles/never/", ["dead-link"]),
        ("/categories/opinion/", []),
        ("/categories/none/", ["dead-link"]),
        ("/quizzes/none/", ["dead-link"]),
        ("/archive/?page=2", []),
        ("/no/such/page/", ["dead-link"]),
        ("/admin/", ["dead-link"]),
        ("#here", []),
        ("#nowhere", ["dead-anchor"]),
        ("https://example.org/articles/never/", []),
        ("mailto:desk@example.org", []),
        ("http://[::1/", []),
    ],
)
def test_an_internal_link_has_to_lead_to_a_page_that_readers_see(address, codes):
    article = make_article(slug="old", body='## A heading\n\n<li id="html">x</li>\n')
    article.slug = "live"
    article.save()
    make_article(slug="draft", status="draft", published_at=None)
    make_article(slug="scheduled", published_at=timezone.now() + timedelta(days=1))
    make_article(slug="withdrawn").archive(by=None)

    assert [code for code, _ in found(LINK + f"[There](<{address}>)\n\n## Here\n")] == codes


def test_an_article_may_link_to_one_that_appears_before_it():
    make_article(slug="scheduled", published_at=timezone.now() + timedelta(days=1))

    assert found("[It](/articles/scheduled/)", moment=timezone.now() + timedelta(days=2)) == []


def test_a_heading_that_was_renamed_keeps_its_anchor():
    article = make_article(body=LINK + "## Old name\n", authors=[make_author()])
    fields = fields_of(article) | {"body": LINK + "[Here](#old-name)\n\n## New name\n"}

    assert check(draft_of(article, fields)) == []


def test_the_title_of_another_article_is_found_but_not_of_an_archived_one():
    make_article(title="Gone").archive(by=None)
    make_article(title="There")

    assert found(title="Gone") == []
    assert found(title="There") == [("same-title", None)]


def test_queries_do_not_grow_with_links(django_assert_max_num_queries):
    for number in range(12):
        make_article(slug=f"a-{number}")
    body = "".join(f"[x](/articles/a-{n % 12}/#no-{n})\n[y](/tags/t-{n}/)\n" for n in range(40))

    with django_assert_max_num_queries(5):
        assert len(found(body)) == 80


@pytest.mark.parametrize(
    "body",
    [
        "<img " * 9000,
        "<!--" * 9000,
        "![" * 9000,
        "".join(f"[x](/articles/{n}/)" for n in range(2000)),
        "```python\n" + "-" * 400_000 + "1\n```\n",
        "\n".join("```python\n" + code + "\n```" for code in ("(" * 9000, "-" * 9000 + "1", "a" + ".b" * 9000, "\0")),
        "```\n```\n" * 2000,
        "<a href='" * 9000,
        "x\n" * 250_000,
    ],
    ids=lambda body: body[:20],
)
def test_a_hostile_text_is_checked_like_any_other(body):
    assert len(found(body)) <= 100


def test_the_drafts_of_a_writer_that_something_stops_are_found(django_assert_max_num_queries):
    user = make_user("author")
    author = make_author(user=user)
    draft = {"status": "draft", "published_at": None, "authors": [author]}
    make_article(**draft, title="Right")
    make_article(**draft, title="Wrong", body="TK")
    typed = make_article(**draft, title="Typed")
    version = current(typed)
    save_working(version, version.fields | {"body": "TODO"}, by=user, token=version.digest)
    make_article(status="draft", published_at=None, body="TK", title="Of someone else")
    make_article(authors=[author], body="TK", title="Published")

    with django_assert_max_num_queries(5):
        found = drafts_by(user)
    assert [(article.title, [one.code for one in findings]) for article, findings in found] == [
        ("Typed", ["placeholder"]),
        ("Wrong", ["placeholder"]),
    ]


LEFT_OUT = {
    "Words\n\n<script>\nf()\n</script>\n": [(5, "<script> is left out, with all that is in it.")],
    "<p>\na\n<iframe src='https://a.example/'></iframe>\n</p>": [(5, "<iframe> is left out. What is in it stays.")],
    "<center>a</center>": [(3, "<center> is left out. What is in it stays.")],
    "a\nMember<T> b": [(4, "<T> is shown as text. Put it in `…` if it is code.")],
    '<p style="color: red" onclick="f()" lang=en>a</p>': [
        (3, "style of <p> is left out."),
        (3, "onclick of <p> is left out."),
    ],
    "<a href='java&#10;script:f()'>a</a>": [(3, "The address javascript: is left out. What it stands on stays.")],
    "a <irc://a.example>": [(3, "The address irc: is left out. What it stands on stays.")],
    "[a](tel:+4930123) <a href='mailto:a@b.example'>a</a> <img src=/a.png alt=b width=3>": [],
    "Let $x$ and\n$\\frac{a$ be": [
        (4, 'The formula “\\frac{a” is shown as typed. Expected closing token "}", but reached end of input.')
    ],
    "$$\n\\foo\n$$": [(3, 'The formula “\\foo” is shown as typed. Unknown command "\\foo".')],
    "```math\n\\def\\x{y} \\x\n```": [
        (3, "The formula “\\def\\x{y} \\x” is shown as typed. It defines a command. Write out what that stands for.")
    ],
    "$" + "{" * 900 + "}" * 900 + "$": [
        (3, "The formula “" + "{" * 59 + "…” is shown as typed. Its braces nest too deep.")
    ],
    "$$" + "{" * 10_000 + "$$": [
        (3, "The formula “" + "{" * 59 + "…” is shown as typed. A formula has at most 2000 characters.")
    ],
}


@pytest.mark.parametrize("body", LEFT_OUT)
def test_what_readers_do_not_get_is_named_with_its_line(body):
    fields = EMPTY | {"title": "A title", "slug": "a-title", "summary": "What.", "category": 1, "authors": [1]}
    findings = check(Draft(fields | {"body": LINK + body}, key=0))

    told = [(one.line, one.message) for one in findings if one.code in ("left-out", "unread-formula")]
    assert told == LEFT_OUT[body]
