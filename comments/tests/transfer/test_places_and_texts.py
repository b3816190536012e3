"""What arrives of comments of other systems: their place, their article, their name and all of their text."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Comment, Thread
from comments.tests.factories import make_comment
from comments.tests.foreign import by_id, disqus_post, run_import, wp_comment, wp_item, write_disqus, write_wxr
from comments.transfer.html_to_text import plain_name, plain_text
from publishing.models import Redirect
from publishing.tests.factories import make_article

GONE = {"trash": {"comment_approved": "trash"}, "spam": {"comment_approved": "spam"}}


@pytest.fixture
def article(db):
    return make_article(slug="one")


@pytest.mark.parametrize("state", GONE)
def test_the_answer_to_a_deleted_comment_keeps_its_place_without_the_deleted_text(tmp_path, article, client, state):
    chain = [
        wp_comment(1, "Deleted words.", comment_author="Mallory", **GONE[state]),
        wp_comment(2, "More of them.", parent=1, **GONE[state]),
        wp_comment(3, "A good answer.", parent=2),
        wp_comment(4, "Alone.", parent=3, **GONE[state]),
        wp_comment(5, "Waits.", parent=4, comment_approved="0"),
    ]
    output = run_import(write_wxr(tmp_path / "x.xml", wp_item(*chain)))

    found = by_id(article)
    assert "4 created, 0 unchanged, 0 skipped, 1 left out" in output
    assert "2 comments deleted there, kept as an empty place above an answer" in output
    assert [found[number].parent for number in (2, 3, 5)] == [found[1], found[2], found[3]]
    assert [found[number].body for number in (1, 2, 3)] == ["", "", "A good answer."]
    assert Thread.for_article(article).comment_count == Comment.objects.in_thread(article).count() == 3
    page = client.get(article.get_absolute_url()).text
    assert "A good answer." in page and "Deleted words." not in page and "Mallory" not in page
    assert "erased by its author" not in page


SAME_END = ["https://old.example/2015/one/", "https://old.example/2019/one/", "https://old.example/one/index.html"]


def threads(path, addresses):
    """A Disqus export with a thread and a post for each address."""
    heads = [f'<thread dsq:id="{n}"><id/><link>{address}</link></thread>' for n, address in enumerate(addresses, 100)]
    posts = [disqus_post(n, f"<p>{address}</p>", thread=99 + n) for n, address in enumerate(addresses, 1)]
    return write_disqus(path, *heads, *posts)


def test_pages_with_one_last_part_are_not_mixed_up(tmp_path, article):
    other, third = make_article(slug="elsewhere"), make_article(slug="third", source="blog/posts/2017/one/index.md")
    Redirect.objects.create(old_path="/2019/one", new_path="/articles/elsewhere/")
    path = threads(tmp_path / "x.xml", [*SAME_END, "https://old.example/2017/one.php?utm_source=x"])

    output = run_import(path)

    assert "2 created, 0 unchanged, 2 skipped" in output
    assert "/2015/one could be any: 4 pages of the file end in one; name the slug in a map (--map): 1 comment" in output
    assert other.comments.get().body == SAME_END[1]
    assert third.comments.get().body.startswith("https://old.example/2017/one.php")

    (tmp_path / "map.csv").write_text(f"old,new\n{SAME_END[0]},one\n/one/,/articles/third/\n/2019/one/,nowhere\n")
    output = run_import(path, map=tmp_path / "map.csv")
    assert "No article nowhere, which the map names: 1 comment" in output
    assert {comment.body for comment in article.comments.all()} == {SAME_END[0]}
    assert third.comments.count() == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://old.example/one/index.html",
        "https://old.example/one.php",
        "https://old.example/index.php/2010/01/one/",
        "http://old.example/a/b/one/amp/?x=1#comments",
        "https://old.example/?p=12",
    ],
)
def test_an_address_in_any_form_leads_to_its_article(tmp_path, article, address):
    moved = {"old_path": "/?p=12", "new_path": "/articles/one/"}
    Redirect.objects.create(**moved)

    assert "1 created" in run_import(threads(tmp_path / "x.xml", [address]))


@pytest.mark.parametrize(
    ("content", "why"), [("", "no line"), ("only one column\n", "no line"), (None, "No such file")]
)
def test_a_map_that_cannot_be_read_is_an_error(tmp_path, article, content, why):
    if content is not None:
        (tmp_path / "map.csv").write_text(content)
    with pytest.raises(CommandError, match=why):
        run_import(threads(tmp_path / "x.xml", SAME_END), map=tmp_path / "map.csv")


def test_a_long_comment_comes_in_whole_and_is_shown_whole(tmp_path, article, client):
    text = "A long thought, told at length. " * 2000 + "The end."

    assert "1 created, 0 unchanged, 0 skipped" in run_import(
        write_wxr(tmp_path / "x.xml", wp_item(wp_comment(1, text)))
    )

    assert article.comments.get().body == text
    assert "The end." in client.get(article.get_absolute_url()).text


def test_a_reader_cannot_write_one_so_long(article):
    comment = make_comment(article)
    with pytest.raises(IntegrityError, match="comment_body_length"), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(body="x" * 4001)


def test_a_comment_of_an_author_of_the_file_is_an_editors_and_told(tmp_path, article):
    author = "<wp:author><wp:author_id>7</wp:author_id><wp:author_email>a@example.org</wp:author_email></wp:author>"
    comments = [
        wp_comment(1, comment_user_id=7, comment_author="Chief"),
        wp_comment(2, comment_user_id=5, comment_author="Chief"),
        wp_comment(3, comment_user_id=0),
    ]
    path = write_wxr(tmp_path / "x.xml", author, wp_item(*comments))

    told = "1 comment by an author or a moderator, now an editor's: Chief (1)"
    assert told in run_import(path, dry_run=True)
    assert told in run_import(path)
    assert [by_id(article)[number].is_editorial for number in (1, 2, 3)] == [True, False, False]
    assert told not in run_import(path)


def test_the_account_that_made_the_threads_of_disqus_is_an_editors(tmp_path, article):
    def writer(name, is_anonymous="false"):
        return f"<author><name>N</name><isAnonymous>{is_anonymous}</isAnonymous><username>{name}</username></author>"

    thread = f'<thread dsq:id="5"><link>https://old.example/one/</link>{writer("chief")}</thread>'
    writers = [writer("chief"), writer("chief", "true"), writer("reader")]
    posts = [
        f'<post dsq:id="{n}"><message>Hm</message><createdAt>2015-01-01T08:00:0{n}Z</createdAt>{by}'
        '<thread dsq:id="5"/></post>'
        for n, by in enumerate(writers, 1)
    ]
    run_import(write_disqus(tmp_path / "x.xml", thread, *posts))

    assert [by_id(article)[number].is_editorial for number in (1, 2, 3)] == [True, False, False]


def test_faults_of_the_file_are_counted_and_cost_no_comment(tmp_path, article):
    path = threads(tmp_path / "x.xml", ["https://old.example/one/"])
    text = path.read_text().replace("<p>https://old.example/one/</p>", "one \x08 two").replace('"100"', "100")
    path.write_text(text)

    output = run_import(path)

    assert "1 created" in output
    assert "1 character that XML forbids removed" in output and "2 faults of its XML repaired" in output
    assert article.comments.get().body == "one  two"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Tom &amp; Jerry O&#8217;Brien", "Tom & Jerry O’Brien"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("&#20114;&#32852;", "互联"),
        ("&#x202e;nimda", "nimda"),
        ("ann@example.org", "ann"),
        ("192.0.2.77", "Anonymous"),
        ("2001:db8::7", "Anonymous"),
        ("12:30", "12:30"),
    ],
)
def test_names_are_read_as_they_were_shown_and_no_address_is_one(name, stored):
    assert plain_name(name) == stored


PYTHON = "def f(x):\n    if x:\n\n\n        return 1"
BLOCK = "\n".join(f"    {line}" if line else "" for line in PYTHON.split("\n"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>So:</p><pre><code>{PYTHON}\n</code></pre><p>Yes.</p>", f"So:\n\n{BLOCK}\n\nYes."),
        (f"<pre class='x'>{PYTHON}</pre>", BLOCK),
        (f"So:\n<code>{PYTHON}</code>\nYes.", f"So:\n\n{BLOCK}\n\nYes."),
        ("<pre>a<br>  b &lt; c</pre>", "    a\n      b < c"),
        ("<pre>if x:\n\ty", "    if x:\n    \ty"),
        ("Use <code>a  b</code> or <code></code>", "Use `a  b` or"),
        ("<p>   one</p>\n   two", "one\n\ntwo"),
        ("It&amp;#8217;s &amp;quot;so&amp;quot;&amp;hellip; &amp;lt;b&amp;gt;", 'It’s "so"… &lt;b&gt;'),
        ("<code>&amp;#8217;</code>", "`&#8217;`"),
        ("\ue000not code", "not code"),
    ],
)
def test_code_keeps_its_lines_and_its_indentation(html, text):
    assert plain_text(html) == text


def test_lines_that_were_typed_with_an_indentation_keep_it():
    typed = "So:\n\n    for i in x:\n        print(i)\n  a\n\n\n\nYes."
    assert plain_text(typed, is_typed=True) == "So:\n\n    for i in x:\n        print(i)\na\n\nYes."


@pytest.fixture
def ghost(tmp_path):
    """The path of a backup of Ghost, with comments of two members and one of the staff."""
    moments = [(timezone.now() - timedelta(days=9 - day)).isoformat() for day in range(6)]
    comments = [
        {"id": "c1", "member_id": "m1", "html": "<p>First &amp; best</p>", "status": "published"},
        {"id": "c2", "member_id": "m2", "html": "<p>Hidden.</p>", "status": "hidden", "parent_id": "c1"},
        {"id": "c3", "member_id": "m3", "html": "<p>We agree.</p>", "parent_id": "c1", "in_reply_to_id": "c2"},
        {"id": "c4", "member_id": None, "html": "<p>Deleted.</p>", "status": "deleted"},
        {"id": "c5", "member_id": "gone", "html": "<p>On a page that is not here.</p>", "post_id": "p2"},
    ]
    data = {
        "posts": [{"id": "p1", "slug": "one"}, {"id": "p2", "slug": "two"}],
        "users": [{"email": "staff@example.org"}],
        "members": [
            {"id": "m1", "name": "Zoë", "email": "zoe@example.org"},
            {"id": "m2", "name": None, "email": "m2@example.org"},
            {"id": "m3", "name": "Staff", "email": "staff@example.org"},
        ],
        "comments": [
            {"post_id": "p1", "created_at": at} | comment for comment, at in zip(comments, moments, strict=False)
        ],
    }
    path = tmp_path / "ghost.json"
    path.write_text(json.dumps({"db": [{"meta": {}, "data": data}]}))
    return path


def test_comments_of_a_ghost_backup_come_in_with_the_names_of_members(ghost, article):
    output = run_import(ghost)

    assert "3 created, 0 unchanged, 1 skipped, 1 left out" in output
    assert "No article two: 1 comment skipped" in output
    assert "now an editor's: Staff (1)" in output
    first, hidden, answer = article.comments.order_by("created_at")
    assert (first.name, first.body, first.is_editorial) == ("Zoë", "First & best", False)
    assert (hidden.body, hidden.parent) == ("", first)
    assert (answer.parent, answer.is_editorial) == (hidden, True)
    assert "0 created, 3 unchanged" in run_import(ghost)


@pytest.mark.parametrize("content", ['{"db": [', '{"db": 1}', '{"db": ' + "[" * 10_000, '{"db": [{"data": []}]}'])
def test_other_json_is_refused(tmp_path, article, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(CommandError, match="cannot be read"):
        run_import(tmp_path / "x.json")
