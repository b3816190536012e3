"""Comments come in with the articles of their source."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles.models import Article
from comments.models import Comment
from comments.tests.foreign import disqus_post, wp_comment, write_disqus, write_wxr

pytestmark = pytest.mark.django_db


def item(number, name, *comments):
    fields = {
        "post_id": number, "post_name": name, "post_type": "post", "status": "publish",
        "post_date": "2010-01-01 08:00:00", "post_date_gmt": "2010-01-01 08:00:00",
    }  # fmt: skip
    inside = "".join(f"<wp:{key}>{value}</wp:{key}>" for key, value in fields.items())
    return (
        f"<item><title>{name.title()}</title><link>https://old.example/?p={number}</link>{inside}"
        f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>Text.</content:encoded>"
        f"{''.join(comments)}</item>"
    )


def lines(path, **options):
    out = StringIO()
    call_command("import_site", path, stdout=out, **options)
    return out.getvalue().splitlines()


def test_comments_come_in_with_their_posts_and_once(tmp_path):
    """A folder of Markdown in which an export of Disqus lies."""
    for slug, path in (("one", "/2015/one/"), ("two", "/2019/one/")):
        (tmp_path / f"{slug}.md").write_text(f"---\ntitle: {slug}\ndate: 2015-01-01\nurl: {path}\n---\nText.\n")
    threads = [
        f'<thread dsq:id="{number}"><link>https://old.example/{year}/one/</link></thread>'
        for number, year in ((20, 2015), (21, 2019), (22, 2020))
    ]
    posts = [
        disqus_post(1, thread=20), disqus_post(2, thread=20, parent=1), disqus_post(3, thread=21),
        disqus_post(4, thread=20, spam="true"), disqus_post(5, thread=22),
    ]  # fmt: skip
    write_disqus(tmp_path / "disqus.xml", *threads, *posts)

    def told(**options):
        return [line for line in lines(tmp_path, **options) if "comments" in line]

    dry = told(dry_run=True)
    assert not Comment.objects.exists()
    assert told() == dry
    assert dry[0].startswith("created   disqus.xml: comments: 3 created, 0 unchanged, 1 skipped, 1 left out; ")
    assert "/2020/one could be any" in dry[0]
    assert [article.comments.count() for article in Article.objects.order_by("slug")] == [2, 1]
    before = list(Comment.objects.order_by("pk").values())
    assert "unchanged disqus.xml: comments: 0 created, 3 unchanged, 1 skipped, 1 left out" in told()[0]
    assert list(Comment.objects.order_by("pk").values()) == before


def test_an_export_of_wordpress_brings_its_comments(tmp_path):
    path = write_wxr(
        tmp_path / "x.xml",
        item(1, "one", wp_comment(1), wp_comment(2, parent=1), wp_comment(3, comment_type="pingback")),
        item(2, "two", wp_comment(4), wp_comment(5, comment_date_gmt="2099-01-01 00:00:00")),
    )

    def told(lines):
        return [line for line in lines if "comments" in line]

    dry = told(lines(path, dry_run=True))
    assert not Comment.objects.exists()
    assert told(lines(path)) == dry
    assert dry[0].startswith("created   x.xml: comments: 3 created, 0 unchanged, 1 skipped, 1 left out; ")
    assert [article.comments.count() for article in Article.objects.order_by("slug")] == [2, 1]
    before = list(Comment.objects.order_by("pk").values())
    assert "unchanged x.xml: comments: 0 created, 3 unchanged, 1 skipped, 1 left out" in told(lines(path))[0]
    assert list(Comment.objects.order_by("pk").values()) == before
