"""Small exports, built in the test."""

import pytest

from articles.importing.options import Options
from articles.importing.readers.wordpress import recognise
from articles.importing.records import Post
from publishing.transfer.files import open_source

SITE = "https://old.example"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old</title><link>{site}</link><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>{site}</wp:base_blog_url>
"""
FOOT = "</channel></rss>"
UPLOADS = f"{SITE}/wp-content/uploads/2024/01/"


def cdata(text):
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(content="Text.", *, meta=(), terms=(), raw="", **fields):
    """An item of a public post; fields are given by their names without a prefix."""
    known = {
        "post_id": "7",
        "post_date": "2024-01-02 12:00:00",
        "post_date_gmt": "2024-01-02 11:00:00",
        "post_name": "one",
        "status": "publish",
        "post_type": "post",
    } | fields
    plain = {name: known.pop(name) for name in ("title", "link", "guid", "pubDate") if name in known}
    plain = {"title": "One", "link": f"{SITE}/2024/01/one/"} | plain
    parts = [f"<{name}>{cdata(text)}</{name}>" for name, text in plain.items()]
    parts += [f"<content:encoded>{cdata(content)}</content:encoded>"]
    parts += [f"<excerpt:encoded>{cdata(known.pop('excerpt', ''))}</excerpt:encoded>"]
    parts += [f"<dc:creator>{known.pop('creator', '')}</dc:creator>"]
    parts += [f"<wp:{name}>{cdata(text)}</wp:{name}>" for name, text in known.items()]
    parts += [f'<category domain="{kind}" nicename="{slug}">{cdata(name)}</category>' for kind, slug, name in terms]
    parts += [
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in meta
    ]
    return f"<item>{''.join(parts)}{raw}</item>\n"


def attachment(id, name, *, caption="", alt="", parent="0", **fields):
    address = {"attachment_url": UPLOADS + name, "post_parent": parent, "link": f"{SITE}/one/{name}/"}
    meta = [("_wp_attachment_image_alt", alt)] if alt else []
    return item("", post_id=id, post_type="attachment", status="inherit", excerpt=caption, meta=meta, title=name,
                **(address | fields))  # fmt: skip


def export(*elements, site=SITE):
    return HEAD.format(site=site) + "".join(elements) + FOOT


class Read:
    """What a reader says of files by their names."""

    def __init__(self, folder, files, options):
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        self.reader = recognise(open_source(folder if len(files) > 1 else folder / next(iter(files))), options)
        found = list(self.reader.posts())
        self.posts = [post for post in found if isinstance(post, Post)]
        self.unread = [entry for entry in found if not isinstance(entry, Post)]

    @property
    def lost(self):
        return [f"{entry.key}: {entry.reason}" for entry in self.unread if entry.is_loss]

    @property
    def counted(self):
        return [entry.reason for entry in self.unread if not entry.is_loss]


@pytest.fixture
def read(tmp_path):
    """Of elements of one export, or of whole files by their names."""

    def read_files(*elements, options=None, **files):
        files = {name.replace("__", "."): data for name, data in files.items()}
        return Read(tmp_path, files or {"export.xml": export(*elements)}, options or Options())

    return read_files


@pytest.fixture
def markdown(read):
    """Of the content of a post beside other items; the notes, too."""

    def convert(content, *others, meta=()):
        post = read(*others, item(content, meta=meta)).posts[-1]
        return post.to_markdown(post).strip("\n"), " ".join(note.text for note in post.notes)

    return convert
