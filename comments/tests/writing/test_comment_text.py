"""What a name and a text may hold, and the answer to everything that they may not."""

import re

import pytest
from django.core.exceptions import ValidationError

from comments.forms import BodyField, NameField
from comments.models import Comment
from comments.tests.factories import comment_url, sent
from publishing.tests.factories import make_article

pytestmark = pytest.mark.django_db

FAMILY = "👨‍👩‍👧‍👦"

GOOD_NAMES = {
    "one letter": ("A", "A"),
    "fifty letters": ("x" * 50, "x" * 50),
    "fifty letters with an accent each, decomposed": ("e\u0301" * 50, "é" * 50),
    "fifty astral emoji": ("😀" * 50, "😀" * 50),
    "spaces around and between": ("  Ada \u00a0 Lovelace\t", "Ada Lovelace"),
    "a Persian name with a joiner": ("علی\u200cرضا", "علی\u200cرضا"),
    "a Hindi name with a joiner": ("क्\u200dष", "क्\u200dष"),
    "a family of emoji": (FAMILY, FAMILY),
    "a heart with its variation": ("Ann ❤\ufe0f", "Ann ❤\ufe0f"),
    "Cyrillic in a Latin word, which a moderator judges": ("Mоderator", "Mоderator"),
    "full width, which a moderator judges": ("Ｅｄｉｔｏｒ", "Ｅｄｉｔｏｒ"),
    "markup, which is shown as typed": ('"><svg onload=alert(1)>', '"><svg onload=alert(1)>'),
    "an attribute, which is shown as typed": ("' onmouseover='x", "' onmouseover='x"),
    "a template, which is shown as typed": ("{{7*7}}{% debug %}", "{{7*7}}{% debug %}"),
    "a formula, which is shown as typed": ('=HYPERLINK("https://x.example")', '=HYPERLINK("https://x.example")'),
    "an address, which is not linked": ("https://spam.example", "https://spam.example"),
    "a reserved word, which a moderator judges": ("[deleted]", "[deleted]"),
}

BAD_NAMES = {
    "empty": ("", "Enter your name"),
    "spaces": ("  ", "Enter your name"),
    "no-break space": ("\u00a0", "Enter your name"),
    "zero-width space": ("\u200b", "Enter at least one letter"),
    "byte order mark": ("\ufeff", "Enter at least one letter"),
    "Hangul filler": ("\u3164", "Enter at least one letter"),
    "blank braille": ("\u2800", "Enter at least one letter"),
    "Hangul choseong filler": ("\u115f", "Enter at least one letter"),
    "only a mark": ("\u0301", "Enter at least one letter"),
    "right-to-left override": ("\u202enimda", "changes the text direction"),
    "unclosed isolate": ("Ann\u2066", "changes the text direction"),
    "zero-width space inside": ("Ad\u200bmin", "hidden character"),
    "joiner at the end": ("Ines Okafor\u200d", "hidden character"),
    "joiner between Latin letters": ("Ines\u200dOkafor", "hidden character"),
    "soft hyphen": ("Ad\u00admin", "hidden character"),
    "variation selector on a letter": ("Ann\ufe0f", "hidden character"),
    "grapheme joiner": ("Ann\u034f", "hidden character"),
    "filler inside": ("Ann\u3164", "hidden character"),
    "tag characters": ("Ann\U000e0041", "hidden character"),
    "two hundred accents on one letter": ("Z" + "\u0301" * 199, "too many accents"),
    "fifty-one letters": ("x" * 51, "at most 50"),
    "fifty emoji of seven code points": (FAMILY * 50, "at most 50"),
    "a header injection": ("Ann\r\nBcc: all@site.example", "one line"),
    "line separator": ("Ann\u2028Lee", "one line"),
    "vertical tab": ("Ann\x0bLee", "cannot be stored"),
    "next line": ("Ann\x85Lee", "cannot be stored"),
    "NUL": ("Ann\x00", "cannot be stored"),
    "terminal escape": ("Ann\x1b[2J", "cannot be stored"),
    "lone surrogate": ("Ann\ud800", "cannot be stored"),
}

GOOD_BODIES = {
    "one character": ("?", "?"),
    "exactly 4,000": ("x" * 4000, "x" * 4000),
    "4,000 with a hundred line ends sent as two characters": (
        "\r\n".join(["x" * 39] * 99 + ["x" * 40]),
        "\n".join(["x" * 39] * 99 + ["x" * 40]),
    ),
    "old line ends": ("one\rtwo", "one\ntwo"),
    "blank lines around": ("\r\n\r\n  indented\r\n\r\n", "  indented"),
    "4,000 and a line end": ("x" * 4000 + "\r\n", "x" * 4000),
    "4,000 astral emoji": ("😀" * 4000, "😀" * 4000),
    "4,000 ligatures that grow under NFKC": ("ﷺ" * 4000, "ﷺ" * 4000),
    "one word of 4,000": ("W" * 4000, "W" * 4000),
    "3,998 empty lines": ("a" + "\n" * 3998 + "b", "a" + "\n" * 3998 + "b"),
    "five hundred links": ("https://a.example " * 200 + ".", "https://a.example " * 200 + "."),
    "backup and format strings": ("\\N \\. ' '' %(name)s {0.__class__} ${jndi:ldap://x}",) * 2,
    "wildcards": ("100 % of _names_",) * 2,
    "a marker of direction": ("שלום\u200f world", "שלום\u200f world"),
    "a replacement character in a text": ("It shows \ufffd there.",) * 2,
    "personal data, which a moderator judges": ("Write to ann@mail.example or +43 1 0000000",) * 2,
}

BAD_BODIES = {
    "empty": ("", "Enter your comment"),
    "only line ends": ("\r\n\r\n\n", "Enter your comment"),
    "only zero-width spaces": ("\u200b\u200b", "Enter at least one letter"),
    "4,000 line ends": ("\n" * 4000, "Enter your comment"),
    "4,001": ("x" * 4001, "4,001 characters long. The limit is 4,000: remove at least 1."),
    "NUL": ("a\x00b", "cannot be stored"),
    "control characters that no feed may hold": ("a\x01b", "cannot be stored"),
    "vertical tab": ("a\x0bb", "cannot be stored"),
    "noncharacters": ("a\ufffeb\uffff", "cannot be stored"),
    "lone surrogate": ("a\ud800b", "cannot be stored"),
    "override": ("see \u202egpj.exe", "changes the text direction"),
    "override in a link": ("https://site.example/\u202egpj.exe", "changes the text direction"),
    "unbalanced embeddings": ("\u202b\u202b\u2067 text", "changes the text direction"),
    "stacked marks": ("Z" + "\u0335" * 40 + " text", "too many accents"),
}


def cases(table):
    return pytest.mark.parametrize(("given", "expected"), table.values(), ids=table.keys())


@cases(GOOD_NAMES)
def test_a_name_is_normalized(given, expected):
    assert NameField().clean(given) == expected


@cases(BAD_NAMES)
def test_a_name_is_refused_for_one_reason(given, expected):
    with pytest.raises(ValidationError, match=expected) as refusal:
        NameField().clean(given)

    assert len(refusal.value.messages) == 1


@cases(GOOD_BODIES)
def test_line_ends_of_a_text_are_normalized(given, expected):
    assert BodyField().clean(given) == expected


@cases(BAD_BODIES)
def test_a_text_is_refused_for_one_reason(given, expected):
    with pytest.raises(ValidationError, match=re.escape(expected)) as refusal:
        BodyField().clean(given)

    assert len(refusal.value.messages) == 1


@pytest.mark.parametrize(("field", "table"), [("name", BAD_NAMES), ("body", BAD_BODIES)])
def test_every_refused_text_comes_back_with_its_reason_and_nothing_is_stored(post_from_site, field, table):
    url = comment_url(make_article())

    for case, (given, message) in table.items():
        other = "The other field is kept"
        # A client encodes what it sends; a lone surrogate arrives as what a server makes of such bytes.
        value = given.replace("\ud800", "\x00")
        response = post_from_site(url, sent(**{"name": other, "body": other} | {field: value}))
        assert response.status_code == 422, case
        assert response.context["comment_form"].has_error(field), case
        assert message in response.context["comment_form"].errors[field][0] or "\ud800" in given, case
        assert other in response.content.decode(), case
    assert not Comment.objects.exists()


@pytest.mark.parametrize("body", [text for text, _ in GOOD_BODIES.values()], ids=GOOD_BODIES.keys())
def test_a_text_comes_out_of_the_database_as_it_went_in(post_from_site, body):
    response = post_from_site(comment_url(make_article()), sent(body=body))

    assert response.status_code == 303
    assert Comment.objects.get().body == BodyField().clean(body)


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>", "<ScRiPt/x>alert(1)</ScRiPt>", "</textarea><script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>", "<svg><style><img src=x onerror=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<!-- --><!DOCTYPE x><![CDATA[x]]>",
        "![pixel](https://evil.example/p.png)", "]]>", "<a href='javascript:alert(1)'>x</a>",
    ],
)  # fmt: skip
def test_markup_is_shown_as_text_wherever_a_comment_is_shown(client, post_from_site, payload):
    article = make_article()
    receipt = post_from_site(comment_url(article), sent(body=payload, name=payload[:50]))
    Comment.objects.update(status="approved", is_visible=True, decided_at="2026-01-01T00:00Z")
    too_long = post_from_site(comment_url(article), sent(body=payload + "x" * 4000))

    for page in (client.get(receipt.url), client.get(article.get_absolute_url()), too_long):
        html = page.content.decode()
        thread = html[html.index('class="comment"') : html.index("</section>", html.index('class="comment"'))]
        assert not re.search(r"<(img|svg|math|style|iframe|!--|!DOCTYPE|!\[)", thread, re.IGNORECASE)
        assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", thread, re.IGNORECASE)
        assert 'href="javascript' not in thread


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
        "//evil.example", "/\\evil.example", "ftp://files.example", "mailto:ann@mail.example",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(post_from_site, address):
    post_from_site(comment_url(make_article()), sent(body=f"look: {address} and [so]({address})"))

    assert "<a" not in Comment.objects.get().html


def test_a_link_says_where_it_leads_and_asks_nothing_of_search_engines(post_from_site):
    post_from_site(comment_url(make_article()), sent(body="See https://docs.example/a?b=1&c=2 and `x < y`.\nBye"))

    html = Comment.objects.get().html
    link = (
        'href="https://docs.example/a?b=1&amp;c=2" rel="nofollow ugc noopener">https://docs.example/a?b=1&amp;c=2</a>'
    )
    assert link in html
    assert "<code>x &lt; y</code>" in html
    assert "<br" in html


@pytest.mark.parametrize("pattern", ["[", ">", "*", "`", "- ", "> ", "[a]: b\n", "](", "https://a.", "\\", "a`"])
def test_no_text_keeps_the_renderer_busy(post_from_site, pattern):
    from time import process_time

    started = process_time()
    response = post_from_site(comment_url(make_article()), sent(body="." + (pattern * 4000)[:3998] + "."))

    assert response.status_code == 303
    assert process_time() - started < 2
