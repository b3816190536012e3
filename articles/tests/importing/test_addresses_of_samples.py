"""Real folders by other people: no picture and no link of theirs is lost without a note."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from articles.importing.links import Addresses, rewrite
from articles.importing.options import Options
from articles.importing.pictures import Finder, Pictures, prepare
from articles.importing.readers import reader_of
from articles.importing.records import Post
from publishing.text.markdown import render_article
from publishing.transfer.files import open_source

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r'<(?:a|img)\b[^>]*? (?:href|src)="([^"]*)"')
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|//|#|/media/", re.IGNORECASE)


@pytest.mark.parametrize(
    ("name", "pictures", "links"),
    [("gatsby-starter", 1, 0), ("mkdocs-material", 5, 40), ("vitepress-vite", 0, 10)],
)
def test_what_a_folder_links_to_is_here_or_named(samples, name, pictures, links):
    options = Options(dry_run=True)
    reader = reader_of(open_source(samples / "sites" / name), options)
    finder = Finder(reader, options)
    store, addresses, new = Pictures(finder, options), Addresses(finder), {}
    for post in reader.posts():
        if isinstance(post, Post):
            new[post.key] = f"/articles/post-{len(new)}/"
            addresses.add(post, new[post.key])
    general, shown, linked, unnamed = {"/", "/archive/", "/feed.xml", "/tags/", "/categories/"}, 0, 0, []

    for post in reader.posts():
        if not isinstance(post, Post):
            continue
        with prepare(store, post, post.to_markdown(post), post.cover, post.notes) as prepared:
            body, _ = prepared.stored()
        body = rewrite(body, post, addresses, post.notes)
        told = "\n".join(note.text for note in post.notes)
        shown += body.count("/media/")
        for address in map(unescape, ADDRESS.findall(render_article(body).html)):
            page = unquote(address.partition("#")[0])
            linked += page in new.values()
            if not ELSEWHERE.match(address) and page not in {*new.values(), *general} and page not in told:
                unnamed.append((post.key, address))

    assert unnamed == []
    assert shown >= pictures
    assert linked >= links
