"""The reader of folders of texts: people, pictures, labels and old addresses of each generator. Without a database."""

import os
import subprocess

import pytest

from articles.importing.options import Options
from articles.importing.readers.markdown import recognise
from articles.importing.records import Picture, Post
from publishing.transfer.files import open_source
from publishing.transfer.notes import Notes

DATED = "---\ndate: 2026-01-02\n"


# --- people -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("authors.yml", "ann:\n  name: Ann A\n  title: Editor\n  url: https://a.org\n  image_url: /a.png\n"),
        (".authors.yml", "authors:\n  ann: {name: Ann A, bio: Editor, url: https://a.org, avatar: /a.png}\n"),
        ("_data/authors.yml", "ann:\n  name: Ann A\n  bio: Editor\n  site: https://a.org\n  avatar: /a.png\n"),
        (
            "authors.json",
            '[{"id": "ann", "name": "Ann A", "bio": "Editor", "url": "https://a.org", "image": "/a.png"}]',
        ),
        ("data/authors/ann.toml", 'name = "Ann A"\nbio = "Editor"\nwebsite = "https://a.org"\nimage = "/a.png"\n'),
        (
            "content/authors/ann/_index.md",
            "---\ntitle: Ann A\nrole: Editor\nsocial: [{icon: globe, link: https://a.org}]\nimage: /a.png\n---\n",
        ),
    ],
)  # fmt: skip
def test_keys_become_the_people_of_the_files_about_authors(read, name, text):
    found, reader = read({"one.md": f"{DATED}authors: [ann, Ben]\n---\nText.\n", name: text})

    ann, ben = reader.people()
    assert ben.name == "Ben"
    assert found["one.md"].authors == ["Ann A", "Ben"]
    assert (ann.name, ann.biography, ann.picture) == ("Ann A", "Editor", "/a.png")
    assert [address for _, address in ann.links] == ["https://a.org"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("author: Ann Example", ["Ann Example"]),
        ("author: Ann, Ben and Cleo", ["Ann", "Ben", "Cleo"]),
        ("author: '[Ann](https://a.example), Ben, and Cleo — not enough cooks'", ["Ann", "Ben", "Cleo"]),
        ("author: 'Ann ([@ann](https://a.example)), Compiler Person'", ["Ann"]),
        ("author: 'Ann and Ben, friends of [code](https://a.example)'", ["Ann", "Ben"]),
        ("authors: [Ann, 'Ben, the elder']", ["Ann", "Ben, the elder"]),
        ("authors: [{name: Ann, url: https://a.example}, Ben]", ["Ann", "Ben"]),
        ("author: {name: Ann, email: ann@a.example}", ["Ann"]),
        ("authors: {ann: {name: Ann}, ben: {name: Ben}}", ["Ann", "Ben"]),
        ("author: Ann\nauthor_url: https://a.example", ["Ann"]),
        ("extra: {author: Ann}", ["Ann"]),
        ('author: "A\\u202Enn"', ["Ann"]),
    ],
)
def test_authors_are_read_from_lists_mappings_and_lines(one, line, names):
    assert one(f"{DATED}{line}\n---\nText.\n").authors == names


def test_people_that_posts_describe_are_known_with_links_and_without_addresses_of_e_mail(read):
    person = "{name: Ann, title: Editor, url: https://a.example, imageURL: /a.png, twitter: '@ann', email: a@a.example}"
    _, reader = read({"one.md": f"{DATED}authors: [{person}]\n---\nText.\n"})

    (ann,) = reader.people()
    assert (ann.biography, ann.picture) == ("Editor", "/a.png")
    assert ann.links == [("Website", "https://a.example"), ("Twitter", "https://x.com/ann")]


@pytest.mark.parametrize("keys", ["authorTitle authorURL authorImageURL", "author_title author_url author_image_url"])
def test_the_head_of_a_post_may_describe_its_only_author(read, keys):
    title, url, picture = keys.split()
    said = f"{title}: Editor\n{url}: https://a.example\n{picture}: /a.png\n---\nText.\n"
    found, reader = read({"one.md": f"{DATED}author: Ann\n{said}", "two.md": f"{DATED}author: Ben and Cleo\n{said}"})

    ann, *others = reader.people()
    assert (ann.name, ann.biography, ann.picture, ann.links) == (
        "Ann", "Editor", "/a.png", [("Website", "https://a.example")]
    )  # fmt: skip
    assert [(person.name, person.biography) for person in others] == [("Ben", ""), ("Cleo", "")]


# --- labels and pictures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "categories", "tags"),
    [
        ("categories: [News, Film]\ntags: [C, C++, C#]", ["News", "Film"], ["C", "C++", "C#"]),
        ("category: News\ntags: one, two", ["News"], ["one", "two"]),
        ("categories:\n- [A, B]\n- [C]", ["A", "B", "C"], []),
        ("taxonomies: {categories: [a], tags: [b, c]}", ["a"], ["b", "c"]),
        ("tags: one two", [], ["one two"]),
        ("tags: [{name: a, slug: x}, b]", [], ["a", "b"]),
    ],
)
def test_labels_are_read_in_every_form(one, head, categories, tags):
    post = one(f"{DATED}{head}\n---\nText.\n")

    assert (post.categories, post.tags) == (categories, tags)


def test_in_jekylls_folders_labels_are_divided_by_spaces_and_folders_are_categories(read):
    head = "---\ncategories: News Film\ncategory: Big Cats\ntags: one two\n---\nText.\n"
    found, _ = read({"_posts/2026-01-02-a.md": head, "film/_posts/2026-01-02-b.md": "Text.\n"})

    first, second = found.values()
    assert (first.categories, first.tags) == (["Big Cats", "News", "Film"], ["one", "two"])
    assert second.categories == ["film"]


@pytest.mark.parametrize(
    ("head", "cover"),
    [
        ("cover: a.png", Picture("a.png")),
        ("cover: {image: a.png, alt: An a, caption: Of a}", Picture("a.png", "An a", "Of a")),
        ("image: {path: /a.png, alt: An a}", Picture("/a.png", "An a")),
        ("images: [a.png, b.png]", Picture("a.png")),
        ("thumbnail: https://a.example/a", Picture("https://a.example/a")),
        ("heroImage: ../a.png\nheroImageAlt: An a", Picture("../a.png", "An a")),
        (
            "feature_image: a.png\nfeature_image_alt: An a\nfeature_image_caption: Of a",
            Picture("a.png", "An a", "Of a"),
        ),
        ("featured-image: a.png", Picture("a.png")),
        ("header: {overlay_color: '#fff', teaser: /a.png}", Picture("/a.png")),
        ("header: {image: /a.png}", Picture("/a.png")),
        ("og_image: a.png", Picture("a.png")),
        ("banner: a.png", Picture("a.png")),
        ("socialImage: a.png", Picture("a.png")),
        ("coverImage: a.png", Picture("a.png")),
        ("resources: [{name: cover, src: a.png}]", Picture("a.png")),
        ("head: [[meta, {property: og:image, content: /a.png}]]", Picture("/a.png")),
        ("extra: {cover_image: a.png}", Picture("a.png")),
        ("cover: false\nheader: blue", None),
    ],
)
def test_covers_are_read_under_every_key_that_themes_use(one, head, cover):
    assert one(f"{DATED}{head}\n---\nText.\n").cover == cover


def test_a_picture_of_a_usual_name_beside_an_index_is_the_cover(read):
    found, _ = read({"x/index.md": DATED + "---\nText.\n", "x/featured.jpg": b"x", "y.md": DATED + "---\nText.\n"})

    assert (found["x/index.md"].cover, found["y.md"].cover) == (Picture("featured.jpg"), None)


# --- old addresses ------------------------------------------------------------------------------------------------

HUGO = '+++\ntitle = "A b"\ndate = 2026-01-02\n+++\nText.\n'
TITLED = "---\ntitle: A b\ndate: 2026-01-02\n---\nText.\n"


@pytest.mark.parametrize(
    ("files", "address"),
    [
        ({"_posts/2026-01-02-one.md": "Text.\n"}, "/2026/01/02/one.html"),
        ({"_posts/2026-01-02-one.md": "Text.\n", "_config.yml": "permalink: pretty\n"}, "/2026/01/02/one/"),
        (
            {
                "_posts/2026-01-02-one.md": "Text.\n",
                "_config.yml": "url: https://old.org\nbaseurl: /b\npermalink: /:title\n",
            },
            "https://old.org/b/one",
        ),
        (
            {
                "source/_posts/one.md": TITLED,
                "_config.yml": "url: https://old.org\nper_page: 1\npermalink: :year/:title/\n",
            },
            "https://old.org/2026/one/",
        ),
        ({"content/blog/one.md": HUGO, "hugo.toml": 'baseURL = "https://old.org/"\n'}, "https://old.org/blog/one/"),
        (
            {
                "content/blog/one.md": HUGO,
                "config.toml": 'baseURL = "https://old.org/"\n[permalinks]\nblog = "/p/:title/"\n',
            },
            "https://old.org/p/a-b/",
        ),
        ({"content/blog/2026-01-02-one.md": HUGO, "config.toml": 'base_url = "https://old.org"\n'}, "https://old.org/blog/one/"),
        ({"blog/2026-01-02-one.md": TITLED, "blog/authors.yml": "a: {name: A}\n"}, "/blog/2026/01/02/one"),
        ({"blog/2026-01-02-one/index.md": TITLED, "blog/authors.yml": "a: {name: A}\n"}, "/blog/2026/01/02/one"),
        ({"blog/posts/one.md": TITLED, "blog/.authors.yml": "authors: {}\n"}, "/blog/2026/01/02/a-b/"),
        ({"src/content/blog/one.md": TITLED}, "/blog/one/"),
        ({"apps/site/pages/en/blog/one.md": TITLED}, "/en/blog/one/"),
        ({"pages/blog/one.mdx": TITLED, "package.json": '{"dependencies": {"next": "1"}}'}, "/blog/one/"),
        ({"web/blog/one.md": TITLED, "web/docusaurus.config.js": "url: 'https://old.org'"}, "https://old.org/blog/one"),
        (
            {
                "blog/one.md": TITLED,
                "docusaurus.config.js": "x = {title: 'A', url: 'https://old.org', menu: [\n{url: 'https://b.org'}]}",
            },
            "https://old.org/blog/one",
        ),
        ({"posts/one.md": TITLED, "package.json": '{"devDependencies": {"vitepress": "1"}}'}, "/posts/one.html"),
        ({"about.md": TITLED, "_config.yml": "title: A\n"}, "/about.html"),
        ({"a/one.html": "<p>Some words of a text.</p>"}, "/a/one.html"),
        ({"content/one.md": TITLED, "pelicanconf.py": "SITEURL = 'https://old.org'\n"}, "https://old.org/a-b.html"),
    ],
)  # fmt: skip
def test_the_old_address_is_worked_out_as_the_generator_does(read, files, address):
    found, _ = read(files)

    assert found[next(iter(files))].old_addresses[0] == address


def test_where_zola_reads_no_templates_their_tags_are_text(read):
    text = f"{HUGO}`{{{{ a }}}}` {{% if b %}} {{{{ c }}}}\n\n```\n{{% raw %}}\n{{{{ d }}}}\n```\n"
    files = {f"content/{name}/one.md": text for name in ("plain", "other")}

    found, _ = read({**files, "config.toml": 'base_url = "https://old.org"\nskip_content_templating = ["plain/**"]\n'})

    plain, other = (found[path].to_markdown(found[path]) for path in files)
    assert text.endswith(plain)
    assert "{{ c }}" not in other


@pytest.mark.parametrize(
    ("head", "addresses"),
    [
        ("permalink: /:year/:title/", ["/2026/one/"]),
        ("permalink: /?p=123", ["/?p=123"]),
        ("path: 2024/01/02/App-1.2", ["/2024/01/02/App-1.2"]),
        ("url: /a/b.html\naliases: [/old, ../up, 'https://old.org/x']\nredirect_from: /older/", None),
    ],
)
def test_addresses_in_heads_and_all_of_their_aliases_are_kept(one, head, addresses):
    post = one(f"{DATED}{head}\n---\nText.\n")

    assert post.old_addresses == (addresses or ["/a/b.html", "/old", "/up", "https://old.org/x", "/older/"])


def test_a_pattern_that_is_not_known_is_told(one):
    post = one(DATED + "permalink: '/{{ page.fileSlug }}/'\n---\nText.\n")

    assert "is a pattern of which" in post.notes[0].text


def test_the_pattern_of_the_old_address_knows_what_is_known_of_a_post(read):
    pattern = "/{year}/{month}/{day}/{category}/{stem}/{slug}/{path}/"
    head = "---\ndate: 2026-01-02\ncategory: Big News\nslug: s\n---\nText.\n"
    found, _ = read({"a/2026-one.md": head, "undated.md": "Text.\n"}, old_url=pattern)

    assert found["a/2026-one.md"].old_addresses[0] == "/2026/01/02/big-news/2026-one/s/a/2026-one/"
    assert "{year} is not known" in found["undated.md"].notes[0].text


def test_a_draft_has_no_address_that_nobody_gave_it(one):
    assert one(DATED + "draft: true\n---\nText.\n", "blog/one.md").old_addresses == []


def test_labels_and_authors_keep_the_addresses_of_their_pages(read):
    head = "---\ndate: 2026-01-02\nauthor: Ann A\ncategories: [News, Film]\ntags: [C++]\n---\nText.\n"
    term = "---\ndescription: A language.\n---\n"
    files = {
        "content/blog/one.md": head,
        "content/tags/c++/_index.md": term,
        "hugo.toml": 'baseURL = "https://old.org"\n',
    }
    _, reader = read(files)

    assert {(label.kind, label.name, label.description, *label.old_addresses) for label in reader.labels()} == {
        ("category", "News", "", "https://old.org/categories/news/"),
        ("tag", "Film", "", "https://old.org/categories/film/"),
        ("tag", "C++", "A language.", "https://old.org/tags/c++/"),
    }
    assert reader.people()[0].old_addresses == ["https://old.org/authors/ann-a/"]


def test_hugos_patterns_for_the_pages_of_labels_are_read(read):
    config = 'baseURL = "https://old.org/"\n[permalinks]\ntags = "/blog/tag/:title/"\ncategories = "/c/:slug/"\n'
    _, reader = read({"content/one.md": DATED + "categories: [News]\ntags: [1.x]\n---\nText.\n", "hugo.toml": config})

    assert {(label.name, *label.old_addresses) for label in reader.labels()} == {
        ("News", "https://old.org/c/news/"),
        ("1.x", "https://old.org/blog/tag/1.x/"),
    }


def test_the_page_of_a_category_that_is_also_a_tag_leads_to_the_category(read):
    files = {f"{name}.md": f"{DATED}categories: [{name}, {other}]\n---\nText.\n" for name, other in ("ab", "ba")}
    _, reader = read(files)

    addresses = {(label.kind, label.name): label.old_addresses for label in reader.labels()}
    assert addresses["category", "a"] == ["/categories/a/"]
    assert addresses["tag", "a"] == []


def test_keys_of_tags_become_the_names_that_the_site_gives_them(read):
    files = {"blog/authors.yml": "a: {name: A}\n", "blog/tags.yml": "up: {label: Updates, permalink: /news}\n"}
    found, reader = read({"blog/one.md": DATED + "tags: [up]\n---\nText.\n", **files})

    assert found["blog/one.md"].tags == ["Updates"]
    assert reader.labels()[0].old_addresses == ["/blog/tags/news"]


def test_redirects_of_the_site_are_read_from_its_pages_and_its_lists(read):
    files = {
        "static/_redirects": "# Old\n/a /b 301\n/c/* /d/:splat\n",
        "netlify.toml": '[[redirects]]\nfrom = "/e"\nto = "/f"\n',
        "vercel.json": '{"redirects": [{"source": "/g", "destination": "/h"}]}',
        "static/i/index.html": '<meta http-equiv="refresh" content="0; url=/j">',
        "one.md": "Text.\n",
    }

    assert set(read(files)[1].redirects()) == {("/a", "/b"), ("/e", "/f"), ("/g", "/h"), ("/i/", "/j")}


# --- the site -----------------------------------------------------------------------------------------------------


def test_a_configuration_tells_zone_address_and_what_is_published(read):
    config = "timezone: Europe/Berlin\nurl: https://old.org\ncollections: {news: {output: true}}\n"
    files = {"_news/one.md": DATED + "---\n{{ site.title }}\n", "_notes/two.md": DATED + "---\nText.\n"}
    found, reader = read({"_config.yml": config + "title: Old\n", **files})

    assert reader.site == "https://old.org"
    assert found["_news/one.md"].published_at.isoformat() == "2026-01-01T23:00:00+00:00"
    assert (found["_news/one.md"].status, found["_notes/two.md"].status) == ("published", "draft")
    assert found["_news/one.md"].to_markdown(found["_news/one.md"]) == "Old\n"


@pytest.mark.parametrize(
    "files",
    [
        {"_config.yml": "defaults:\n- scope: {path: '', type: posts}\n  values: {published: false, author: Ann}\n"},
        {"_posts/_index.md": "---\ncascade: {draft: true, author: Ann}\n---\n"},
        {"_posts/_posts.json": '{"draft": true, "author": "Ann"}'},
    ],
)
def test_what_the_posts_of_a_folder_have_in_common_counts_for_each(read, files):
    found, _ = read(
        {"_posts/2026-01-02-one.md": "Text.\n", "_posts/2026-01-02-two.md": "---\nauthor: Ben\n---\n", **files}
    )

    one, two = (found[f"_posts/2026-01-02-{name}.md"] for name in ("one", "two"))
    assert (one.status, two.status, one.authors, two.authors) == ("draft", "draft", ["Ann"], ["Ben"])


def test_a_part_of_a_site_is_read_with_the_configuration_and_the_authors_around_it(tmp_path, read):
    config = "url: https://old.org\ntimezone: Europe/Berlin\npermalink: /:year/:title/\ncollections: [news]\n"
    post = DATED + "author: ann\n---\nText.\n"
    read({"_config.yml": config, "_data/authors.yml": "ann: {name: Ann A}\n", "_posts/2026-01-02-one.md": post})
    read({"_drafts/two.md": post})

    (one,) = recognise(open_source(tmp_path / "_posts"), Options()).posts()
    (two,) = recognise(open_source(tmp_path / "_drafts"), Options()).posts()
    assert (one.old_addresses, one.authors, one.key) == (["https://old.org/2026/one/"], ["Ann A"], "2026-01-02-one.md")
    assert one.published_at.isoformat() == "2026-01-01T23:00:00+00:00"
    assert (one.status, two.status) == ("published", "draft")

    (alone,) = recognise(open_source(tmp_path / "_posts" / "2026-01-02-one.md"), Options()).posts()
    assert (alone.old_addresses, alone.authors) == (one.old_addresses, one.authors)


def test_folders_with_pictures_that_are_served_from_the_root_are_named(read):
    _, reader = read({"one.md": "Text.\n", "static/img/a.png": b"x", "docs/public/b.png": b"x", "text/c.png": b"x"})

    assert {"static/", "docs/public/"} <= set(reader.media())


def test_git_dates_the_posts_of_a_folder_and_is_told_where_it_is_missing(tmp_path, read, monkeypatch):
    found, _ = read({"one.md": "Text.\n", "ü/two.md": "Text.\n"})
    told = read({}, date_from="git")[1].files
    assert "no dates from git" in told.notes[0].text

    environment = {**os.environ, "GIT_AUTHOR_DATE": "2020-05-06T07:08:09Z"}
    identity = ["-c", "user.name=a", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "a"]):
        subprocess.run(["git", *command], cwd=tmp_path, env=environment, check=True)
    found, _ = read({"later.md": "Text.\n"}, date_from="git")

    assert found["ü/two.md"].published_at.isoformat() == "2020-05-06T07:08:09+00:00"
    assert found["later.md"].published_at is None


def test_a_file_that_goes_between_listing_and_reading_is_told(tmp_path, read):
    read({"one.md": DATED + "---\nText.\n", "two.md": DATED + "---\nText.\n"})
    files = open_source(tmp_path)
    assert files.names == ["one.md", "two.md"]
    (tmp_path / "one.md").unlink()

    gone, kept = recognise(files, Options()).posts()
    assert (gone.key, gone.is_loss, kept.path) == ("one.md", True, "two.md")
    assert "cannot be read" in gone.reason


# --- other formats ------------------------------------------------------------------------------------------------


def markdown_of(post):
    assert isinstance(post, Post), post
    post.notes = Notes()
    return post.to_markdown(post)


def test_a_page_of_html_tells_its_title_date_author_and_picture_and_only_its_text_is_taken(one):
    post = one(
        '<html><head><title>A page | Site</title><meta name="author" content="Ann"><meta name=description content=Dek>'
        '<meta property="og:image" content="/a.png"><link rel=canonical href="https://old.org/2020/a.html"></head><body>'
        '<nav>Menu</nav><article><h1>A page</h1><time datetime="2020-05-06">May</time><p>The <b>text</b>.</p></article>'
        "<footer>Foot</footer></body></html>",
        "a.html",
    )

    assert (post.title, post.authors, post.summary, post.cover.address) == ("A page", ["Ann"], "Dek", "/a.png")
    assert post.published_at.isoformat() == "2020-05-06T00:00:00+00:00"
    assert post.old_addresses == ["https://old.org/2020/a.html"]
    assert markdown_of(post).endswith("The **text**.\n")
    assert not {"Menu", "Foot", "A page"} & set(markdown_of(post).split("\n"))


def test_html_after_a_head_is_read_as_html(one):
    text = DATED + "title: One\n---\n<h1>One</h1>\n<div>\n    <p>a</p>\n\n    <p>b</p>\n</div>\n"

    assert markdown_of(one(text, "one.html")) == "a\n\nb\n"


def test_restructuredtext_tells_its_title_and_fields_and_its_directives_become_markdown(one):
    text = """Weekly ``update``
#################

:date: 30/11/2012
:tags: a, b
:authors: Ann

Text [#n]_ and ``x``.

.. code-block:: python
   :linenos:

   x = 1

.. note:: Mind.

.. image:: {static}/a.png
   :alt: An a

.. image:: b.png

.. raw:: html

   <script>x</script>

.. include:: /etc/passwd

.. odd:: y

   Kept.

.. [#n] The note.
"""
    post = one(text, "one.rst")

    assert (post.title, post.tags, post.authors) == ("Weekly update", ["a", "b"], ["Ann"])
    assert post.published_at.date().isoformat() == "2012-11-30"
    assert markdown_of(post) == (
        "Text [^1] and `x`.\n\n```python\nx = 1\n```\n\n:::note\nMind.\n:::\n\n"
        "![An a](/a.png)\n\n![](b.png)\n\nKept.\n\n[^1]: The note.\n"
    )
    assert [note.text.rpartition(": ")[2] for note in post.notes] == [
        '"raw" directive disabled.',
        '"include" directive disabled.',
        "only its text was kept",
    ]


def test_mdx_is_read_as_markdown_without_its_code(one):
    text = DATED + "---\nimport Foo from './foo'\n\nHello.\n\n<Foo>Inside *foo*</Foo>\n"

    assert markdown_of(one(text, "one.mdx")) == "Hello.\n\nInside *foo*\n"
