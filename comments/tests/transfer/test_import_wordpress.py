"""Comments from WordPress: what is imported, skipped and reported."""

import tracemalloc
from datetime import UTC, datetime
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from comments.forms import BodyField
from comments.models import Comment, ModerationEntry, Thread
from comments.tests.foreign import by_id, run_import, wp_comment, wp_item, write_wxr
from comments.transfer import wordpress
from publishing.models import Redirect
from publishing.tests.factories import make_article
from publishing.transfer.files import open_source

pytestmark = pytest.mark.django_db
# The account of the comments that `wp_comment` makes.
AUTHOR = "<wp:author><wp:author_id>5</wp:author_id><wp:author_login>ann</wp:author_login></wp:author>"
NO_BODY = BodyField.default_error_messages["required"]


@pytest.fixture
def wxr(tmp_path):
    """Write a WordPress export of the items; returns its path."""
    return partial(write_wxr, tmp_path / "export.xml")


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_thread_from_wordpress_keeps_its_dates_states_and_depth(wxr, version):
    article = make_article(slug="one")
    path = wxr(
        wp_item(
            wp_comment(1),
            wp_comment(2, "An answer.", parent=1),
            wp_comment(3, comment_approved=0),
            wp_comment(4, comment_approved="spam"),
            wp_comment(5, comment_approved="trash"),
            wp_comment(6, comment_approved="post-trashed"),
            wp_comment(7, comment_approved="something new"),
        ),
        version=version,
    )

    assert "4 created, 0 unchanged, 0 skipped, 3 left out" in run_import(path)
    assert "0 created, 4 unchanged, 0 skipped, 3 left out" in run_import(path)

    found = by_id(article)
    states = {1: "approved", 2: "approved", 3: "pending", 7: "pending"}
    assert {number: comment.status for number, comment in found.items()} == states
    assert found[1].created_at == datetime(2010, 1, 1, 8, 1, tzinfo=UTC)
    assert (found[2].parent, found[2].depth, found[2].root) == (found[1], 2, found[1])
    assert Thread.for_article(article).comment_count == 2
    assert ModerationEntry.objects.count() == 4


def test_the_same_file_again_changes_nothing(wxr):
    article = make_article(slug="one")
    path = wxr(wp_item(wp_comment(1), wp_comment(2, parent=1)))
    run_import(path)
    before = list(Comment.objects.order_by("pk").values())

    assert "0 created, 2 unchanged, 0 skipped" in run_import(path)
    assert list(Comment.objects.order_by("pk").values()) == before
    assert Thread.for_article(article).comment_count == 2


def test_an_erased_comment_is_not_imported_again(wxr):
    article = make_article(slug="one")
    path = wxr(wp_item(wp_comment(1), wp_comment(2, parent=1)))
    run_import(path)
    call_command("erase_comments", comment=[by_id(article)[1].pk], verbosity=0)

    assert "0 created, 2 unchanged, 0 skipped" in run_import(path)
    assert by_id(article)[1].body == ""


def test_addresses_of_people_are_nowhere_in_the_database(wxr):
    make_article(slug="one")
    run_import(wxr(wp_item(wp_comment(1))))

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored = str(cursor.fetchall())
            for address in ("192.0.2.77", "ann@example.org", "ann.example"):
                assert address not in stored, table


@pytest.mark.parametrize("value", [None, "", "no address"])
def test_a_comment_without_an_address_is_imported(wxr, value):
    make_article(slug="one")
    missing = dict.fromkeys(["comment_author_email", "comment_author_url", "comment_author_IP"], value)

    assert "1 created, 0 unchanged, 0 skipped" in run_import(wxr(wp_item(wp_comment(1, **missing))))
    assert Comment.objects.get().name == "Ann"


def test_only_comments_are_imported_and_all_else_is_counted(wxr):
    make_article(slug="one")
    kinds = ["pingback", "pingback", "trackback", "note", "order_note", "webhook_delivery", "review", "Comment"]
    others = [wp_comment(number, comment_type=kind) for number, kind in enumerate(kinds, 3)]

    output = run_import(wxr(wp_item(wp_comment(1), wp_comment(2, comment_type="comment"), *others)))

    assert "2 created, 0 unchanged, 0 skipped, 8 left out" in output
    assert "Left out: 2 × pingback, 1 × trackback, 1 × note" in output
    assert {number.split(":")[1] for number in Comment.objects.values_list("external_id", flat=True)} == {"1", "2"}


def test_replies_below_the_fifth_level_get_its_parent(wxr):
    article = make_article(slug="one")
    chain = [wp_comment(number, f"Number {number}", parent=number - 1) for number in range(1, 1001)]

    assert "1000 created, 0 unchanged, 0 skipped" in run_import(wxr(wp_item(*chain)))

    found = by_id(article)
    assert [found[number].depth for number in (1, 2, 3, 4, 5, 6, 1000)] == [1, 2, 3, 4, 5, 5, 5]
    assert found[6].parent == found[1000].parent == found[4]
    assert Thread.for_article(article).comment_count == Comment.objects.in_thread(article).count() == 1000


def test_parents_that_come_later_are_found_and_missing_or_circular_ones_end_at_the_top(wxr):
    article = make_article(slug="one")
    path = wxr(
        wp_item(
            wp_comment(1, parent=2),
            wp_comment(2),
            wp_comment(3, parent=99),
            wp_comment(4, parent=4),
            wp_comment(5, parent=6),
            wp_comment(6, parent=7),
            wp_comment(7, parent=5),
            wp_comment(8, parent="1 OR 1"),
        )
    )

    output = run_import(path)

    assert "8 created, 0 unchanged, 0 skipped" in output
    assert "Comment 3: no comment 99" in output
    parents = {number: comment.parent and comment.parent.external_id for number, comment in by_id(article).items()}
    assert parents[1].startswith("wordpress:2:")
    assert [parents[number] for number in (2, 3, 4, 8)] == [None] * 4
    assert sum(parents[number] is None for number in (5, 6, 7)) == 1


def test_a_repeated_id_is_imported_once(wxr):
    make_article(slug="one")

    output = run_import(wxr(wp_item(wp_comment(1), wp_comment(1, "Another."), wp_comment(9, parent=9), wp_comment(9))))

    assert "2 created, 0 unchanged, 2 skipped" in output
    assert "Comment 2 skipped: " in output


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"comment_date_gmt": "2099-01-01 00:00:00"}, "its date is in the future"),
        ({"comment_date_gmt": "1066-01-01 00:00:00"}, "its date is before 1990"),
        ({"comment_date_gmt": "soon", "comment_date": "later"}, "“soon” is not a date and time"),
        ({"comment_date_gmt": None, "comment_date": None}, "is not a date and time"),
        ({"comment_content": "x" * 65_536}, "its text is 65,536 characters long"),
        ({"comment_content": "x" * 400_000}, "its text is 400,000 characters long"),
        ({"comment_content": "<![CDATA[<script>alert(1)</script>]]>"}, NO_BODY),
        ({"comment_content": ""}, NO_BODY),
    ],
)
def test_an_invalid_comment_is_reported_by_number_and_skipped(wxr, fields, why):
    make_article(slug="one")

    output = run_import(wxr(wp_item(wp_comment(1, **fields), wp_comment(2))))

    assert "1 created, 0 unchanged, 1 skipped" in output
    assert "Comment 1 skipped: " in output and str(why) in output


def test_a_date_of_zeros_is_replaced_by_the_local_one(wxr):
    make_article(slug="one")

    run_import(wxr(wp_item(wp_comment(1, comment_date_gmt="0000-00-00 00:00:00"))))

    assert Comment.objects.get().created_at == datetime(2010, 1, 1, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("", "Anonymous"),
        (None, "Anonymous"),
        ("\u200b\u3164", "Anonymous"),
        ("  Ann\n B. ", "Ann B."),
        ("\u202enimdA", "nimdA"),
        ("x" * 300, "x" * 50),
        ("Zoe\u0308", "Zoë"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_a_name_is_made_valid(wxr, name, stored):
    make_article(slug="one")

    run_import(wxr(wp_item(wp_comment(1, comment_author=name))))

    assert Comment.objects.get().name == stored


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("One<br />two<p>three</p>", "One\ntwo\n\nthree"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ('See <a href="https://a.example/x" rel="nofollow">this</a>.', "See this (https://a.example/x)."),
        ('<a href="https://a.example/">https://a.example</a>', "https://a.example"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<img src=x onerror=alert(1)>Text", "Text"),
        ('<img src="https://a.example/b.png" alt="B"> so', "B (https://a.example/b.png) so"),
        ('<img class="wp-smiley" src="https://a.example/s.gif" alt=":)">', ":)"),
        ('<noscript><img src="https://a.example/b.png"></noscript>Text', "Text"),
        ("\n        Laid out\n\n    and indented\n    ", "Laid out\n\n    and indented"),
        ("<script>alert(1)</script>Text<style>p{}</style>", "Text"),
        ("<svg><style><img src=x></style></svg>Text", "Text"),
        ("Use <code>git bisect</code>", "Use `git bisect`"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<b>unclosed <i>and <", "unclosed and <"),
        ("a\x85b\u202ec", "abc"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
    ],
)
def test_markup_becomes_plain_text(wxr, html, text):
    make_article(slug="one")

    run_import(wxr(wp_item(wp_comment(1, html))))

    comment = Comment.objects.get()
    assert comment.body == text
    assert "<script" not in comment.html and "<img" not in comment.html


@pytest.mark.parametrize(
    ("post_name", "link"),
    [
        ("one", ""),
        ("", "https://old.example/2010/01/one/"),
        ("", "https://old.example/2010/01/one.html?x=1#y"),
        ("other", "https://old.example/one"),
        ("", "https://old.example/2010/moved/"),
    ],
)
def test_an_article_is_found_by_its_name_its_link_or_where_that_leads_now(wxr, post_name, link):
    make_article(slug="one")
    Redirect.objects.create(old_path="/2010/moved", new_path="/articles/one/")

    assert "1 created" in run_import(wxr(wp_item(wp_comment(1), post_name=post_name, link=link)))


@pytest.mark.parametrize(
    ("post_name", "link"), [("", ""), ("two", "https://old.example/?p=1"), ("%00", "http://["), ("é", "\u202e")]
)
def test_comments_on_missing_articles_are_counted_and_named(wxr, post_name, link):
    make_article(slug="one")

    output = run_import(
        wxr(wp_item(wp_comment(1), wp_comment(2), post_name=post_name, link=link), wp_item(wp_comment(3)))
    )

    assert "1 created, 0 unchanged, 2 skipped" in output
    assert "2 comments skipped" in output


def test_a_dry_run_says_the_same_and_stores_nothing(wxr):
    make_article(slug="one")
    gone = wp_comment(12, parent=11, comment_approved="spam"), wp_comment(13, parent=12)
    chain = [wp_comment(n, parent=n - 1) for n in range(3, 12)]
    path = wxr(AUTHOR, wp_item(wp_comment(1), wp_comment(2, ""), *chain, *gone, wp_comment(14, comment_type="note")))

    output = run_import(path, dry_run=True)

    assert "Would be: 12 created, 0 unchanged, 1 skipped, 1 left out" in output
    assert "12 comments by an author" not in output and "11 comments by an author or a moderator" in output
    assert not Comment.objects.exists() and not Thread.objects.exists()
    assert run_import(path).replace("Would be: ", "") == output.replace("Would be: ", "")


BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">\n'
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE, FILE, "<!DOCTYPE rss>"])
def test_a_file_that_declares_entities_or_a_document_type_is_refused(wxr, head):
    make_article(slug="one")
    path = wxr(wp_item(wp_comment(1, "&b;")), head=head)

    with pytest.raises(CommandError, match="declares a document type or entities"):
        run_import(path)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not a list"),
        (b"<", "not well-formed"),
        (b"<rss><channel><item></channel></rss>", "mismatched tag"),
        (b"<html><body></body></html>", "neither of WordPress nor of Disqus"),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', "encoding"),
        (b"<rss>\x01<a", "line 1"),
        (b"\xff\xfe\x00\x01", "cannot be read"),
        (b"PK\x03\x04 zip", "cannot be read"),
        (b'{"a": 1}', "not an export of comments"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_a_reason(tmp_path, content, why):
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=why):
        run_import(path)


@pytest.mark.parametrize("after", ["two", "two</wp:comment>", "two</wp:comment></item><wp:comment></item>"])
def test_of_a_file_that_breaks_off_what_comes_before_is_imported_and_the_break_is_told(wxr, after):
    article = make_article(slug="one")
    path = wxr(wp_item(wp_comment(1, parent=3), wp_comment(2), wp_comment(3, comment_approved="trash")))
    path.write_text(path.read_text().partition("</item>")[0] + after)

    output = run_import(path)

    assert "3 created, 0 unchanged, 0 skipped" in output
    assert "export.xml breaks off, what comes before is imported: it is not well-formed XML" in output
    assert by_id(article)[1].parent == by_id(article)[3]


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        run_import(tmp_path / "missing.xml")


def test_every_real_export_is_read_or_refused_in_words(samples):
    paths = sorted((samples / "wordpress").glob("*.xml"))
    make_article(slug="hello-world")
    make_article(slug="template-comments")
    refused = set()
    for path in paths:
        try:
            run_import(path)
        except CommandError as error:
            refused.add(path.name)
            assert "not well-formed XML" in str(error)
    assert len(paths) > 30
    assert refused == {"crazy-cdata.xml", "malformed-simple.xml", "malformed.xml"}
    assert Comment.objects.filter(article__slug="hello-world").exists()
    assert Comment.objects.filter(article__slug="template-comments").count() == 19
    assert Comment.objects.filter(article__slug="template-comments", depth__gt=1).exists()


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w") as stream:
        stream.write('<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>')
        for number in range(1, 101):
            stream.write(wp_item(*[wp_comment(number * 100 + n, "word " * 600) for n in range(10)]))
        stream.write("</channel></rss>")
    tracemalloc.start()
    try:
        records = wordpress.records(open_source(path), path.name, lambda sentence: None)
        assert sum(1 for record in records if wordpress.entry(record)) == 1000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 3_000_000
    assert peak < 1_000_000
