"""Exports of WordPress and Disqus for tests, and what the import says of them."""

from io import StringIO

from django.core.management import call_command

from comments.models import Comment

DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://disqus.com/api/schemas/1.0/disqus.xsd">
<category dsq:id="1"><forum>old</forum><title>General</title><isDefault>true</isDefault></category>
<thread dsq:id="10"><id>one</id><forum>old</forum><link>https://old.example/2015/one/</link><title>One</title>
<message/><createdAt>2015-01-01T08:00:00Z</createdAt><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>
<thread dsq:id="11"><id/><link>https://old.example/elsewhere</link><title>Elsewhere</title></thread>
{posts}</disqus>
"""


def run_import(path, **options):
    """The output of the import, its counts first."""
    out, err = StringIO(), StringIO()
    call_command("import_comments", path, stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def by_id(article):
    """The comments by their id in the file."""
    return {int(comment.external_id.split(":")[1]): comment for comment in Comment.objects.filter(article=article)}


def wp_comment(number, body="A thought.", *, parent=0, **fields):
    fields = {
        "comment_id": number, "comment_author": "Ann", "comment_author_email": "ann@example.org",
        "comment_author_url": "https://ann.example", "comment_author_IP": "192.0.2.77",
        "comment_date": f"2010-01-01 10:{number % 60:02d}:00",
        "comment_date_gmt": f"2010-01-01 08:{number % 60:02d}:00",
        "comment_content": f"<![CDATA[{body}]]>", "comment_approved": 1, "comment_type": "", "comment_parent": parent,
        "comment_user_id": 5,
    } | fields  # fmt: skip
    inside = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items() if value is not None)
    return f"<wp:comment>{inside}</wp:comment>"


def wp_item(*comments, post_name="one", link="https://old.example/2010/01/one/"):
    return (
        f"<item><title>T</title><link>{link}</link><wp:post_name>{post_name}</wp:post_name>{''.join(comments)}</item>"
    )


def write_wxr(path, *items, version="1.2", head=""):
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<rss version="2.0" '
        f'xmlns:wp="http://wordpress.org/export/{version}/"><channel><title>Old</title>'
        f"<wp:wxr_version>{version}</wp:wxr_version>{''.join(items)}</channel></rss>"
    )
    return path


def disqus_post(number, message="<p>A thought.</p>", *, thread=10, parent="", deleted="false", spam="false", **extra):
    parent = f'<parent dsq:id="{parent}"/>' if parent else ""
    name = extra.get("name", "<name>Ann</name>")
    created = extra.get("created", f"2015-02-01T10:{number:02d}:00Z")
    return (
        f'<post dsq:id="{number}"><id>wp_id={number}</id><message><![CDATA[{message}]]></message>'
        f"<createdAt>{created}</createdAt><isDeleted>{deleted}</isDeleted><isSpam>{spam}</isSpam>"
        f"{extra.get('more', '')}"
        f"<author><email>ann@example.org</email>{name}<isAnonymous>true</isAnonymous></author>"
        f'<ipAddress>192.0.2.77</ipAddress><thread dsq:id="{thread}"/>{parent}</post>'
    )


def write_disqus(path, *posts):
    path.write_text(DISQUS.format(posts="".join(posts)))
    return path
