"""The reader of folders of texts: what it makes of heads, names and texts. Without a database."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from articles.importing.records import PAGE, Post, Unread

DATED = "---\ndate: 2026-01-01\n"


def told(post):
    return " ".join(note.text for note in post.notes)


# --- heads --------------------------------------------------------------------------------------------------------

HEADS = {
    "YAML": "---\ntitle: One\ndate: 2026-01-02\ntags: [a, b]\n---\nText.\n",
    "YAML that ends in dots": "\n---\ntitle: One\ndate: 2026-01-02\ntags:\n- a\n- b\n...\nText.\n",
    "TOML": '+++\ntitle = "One"\ndate = 2026-01-02\ntags = ["a", "b"]\n+++\nText.\n',
    "TOML of Zola": '+++\ntitle = "One"\ndate = 2026-01-02\n[taxonomies]\ntags = ["a", "b"]\n+++\nText.\n',
    "JSON of Hugo": '{\n"title": "One", "date": "2026-01-02",\n"tags": ["a", "b"]\n}\n\nText.\n',
    "JSON of Hexo": '"title": "One",\n',
    "MultiMarkdown": "Title: One\nDate: 2026-01-02\nTags: a, b\n\nText.\n",
    "Hexo without a first line": "title: One\ndate: 2026-01-02\ntags:\n- a\n- b\n---\nText.\n",
    "Nikola": "<!--\n.. title: One\n.. date: 2026-01-02\n.. tags: a, b\n-->\n\nText.\n",
    "CRLF and a byte order mark": "\ufeff---\r\ntitle: One\r\ndate: 2026-01-02\r\ntags: [a, b]\r\n---\r\nText.\r\n",
}
HEADS["JSON of Hexo"] = ';;;\n"title": "One", "date": "2026-01-02", "tags": ["a", "b"]\n;;;\nText.\n'


@pytest.mark.parametrize("form", HEADS)
def test_heads_are_read_in_every_form(one, form):
    post = one(HEADS[form])

    assert (post.title, post.tags, post.to_markdown(post)) == ("One", ["a", "b"], "Text.\n")
    assert post.published_at.isoformat() == "2026-01-02T00:00:00+00:00"


def test_a_text_without_a_head_keeps_its_first_lines(read):
    texts = {
        "rule.md": "---\nA line.\n\n---\nMore.\n",
        "colon.md": "Note: this is text.\n\nMore.\n",
        "brace.md": "{% include x %}\n\nMore.\n",
    }

    for path, post in read(texts)[0].items():
        assert post.text.strip() == texts[path].strip()


def test_words_that_are_values_elsewhere_stay_words(one):
    post = one(DATED + "tags: [no, on, 1.10, 2024, 0777, true]\nversion: 1.10\nmood: 12\n---\nText.\n")

    assert post.tags == ["no", "on", "1.10", "2024", "0777", "true"]
    assert post.extra == {"version": "1.10", "mood": 12}


def test_a_title_with_a_colon_is_read_as_it_was_meant_and_told(one):
    post = one("---\ntitle: A: b\ndate: 2026-01-01\ndraft: true\n---\nText.\n")

    assert (post.title, post.status) == ("A: b", "draft")
    assert "not valid (line 2)" in told(post)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ntitle: [unclosed\n---\nText.\n", "YAML front matter is broken (line 3)"),
        ("---\ntitle: One\nText without an end.\n", "is not closed"),
        ("---\n" + "a: b\n" * 20_000 + "---\nText.\n", "is not closed"),
        ("---\n- a\n- list\n---\nText.\n", "not a list of keys and values"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\nText.\n", "aliases are not allowed"),
        ("---\na: !!python/object/apply:os.system [x]\n---\nText.\n", "front matter is broken"),
        ("---\na: " + "[" * 10_000 + "]" * 10_000 + "\n---\nText.\n", "nested too deeply"),
        ("---\n" + "- " * 20_000 + "x\n---\nText.\n", "nested too deeply"),
        ("+++\na = " + "[" * 10_000 + "]" * 10_000 + "\n+++\nText.\n", "nested too deeply"),
        ('{"a": ' + "[" * 10_000 + "]" * 10_000 + "}\nText.\n", "nested too deeply"),
        ("+++\ntitle = \n+++\nText.\n", "TOML front matter is broken"),
        ('{\n"title": }\nText.\n', "JSON front matter is broken"),
        (b"\xff\xfe\x00", "not a text"),
        (b"GIF89a\x00\xff\x00\x01", "not a text"),
        ("x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (DATED + "---\n" + "x " * 260_000, "longer than 500,000 characters"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_and_stops_no_other(read, text, why):
    found, _ = read({"bad.md": text, "good.md": DATED + "---\nText.\n"})

    assert why in found["bad.md"].reason
    assert found["bad.md"].is_loss
    assert found["good.md"].published_at


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Café à la crème", "cp1252"),
        ("Привет, это текст о городе и людях.", "cp1251"),
        ("这是一个文章，讲述北京的故事。", "gb18030"),
        ("東京タワーは高いです。", "shift_jis"),
        ("Naïve and so on", "utf-16"),
    ],
)
def test_texts_in_other_encodings_are_read_with_a_note(one, words, encoding):
    post = one(f"---\ntitle: {words}\ndate: 2026-01-01\n---\n{words}\n".encode(encoding))

    assert (post.title, post.text.strip(), post.status) == (words, words, "published")
    assert encoding in told(post).lower()


def test_what_is_broken_in_utf_8_and_control_characters_cost_only_themselves(one):
    post = one("---\ntitle: Ä\x07 ö ü\ndate: 2026-01-01\n---\nÄ\x00 ö ü ".encode() + b"\xff\n")

    assert (post.title, post.text.strip()) == ("Ä ö ü", "Ä ö ü \ufffd")
    assert [note.is_loss for note in post.notes] == [True, False]


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "head", "slug", "name"),
    [
        ("app-1.2.md", "path: 2024/01/02/App-1.2\n", "App-1.2", "app-1.2"),
        ("x.md", "permalink: /a/b.html\n", "b", "x"),
        ("x.md", "url: /a/b/index.html\n", "b", "x"),
        ("x.md", "permalink: /:year/:title/\n", "", "x"),
        ("x.md", "slug: مقال-بالعربية\n", "مقال-بالعربية", "x"),
        ("2024-01-02-a-note.markdown", "", "", "a-note"),
        ("2024/01/a-note.mdx", "", "", "a-note"),
        ("first-post/index.md", "", "", "first-post"),
        ("2024-01-02-first-post/index.md", "", "", "first-post"),
        ("別の記事.md", "", "", "別の記事"),
    ],
)
def test_slugs_and_names_lose_only_what_is_an_ending_or_a_date(one, path, head, slug, name):
    post = one(f"---\n{head}draft: false\n---\nText.\n", path)

    assert (post.slug, post.name, post.key) == (slug, name, path)


def test_what_is_no_post_is_told_and_only_texts_without_a_reader_are_losses(read):
    posts = {"blog/one.md": DATED + "---\nText.\n", "blog/two/index.md": DATED + "---\nText.\n"}
    others = {
        "README.md": "# How to build it\n",
        "blog/index.md": "# Blog\n",
        "blog/_index.md": "---\ntitle: Blog\n---\n",
        "templates/base.html": "<p>{{ body }}</p>",
        "archetypes/default.md": "---\ntitle: {{ .Name }}\n---\n",
        "page.html": "<html>{% block body %}{% endblock %}</html>",
        "report.html": "<html><script>var UNIT_DATA = [1];</script><canvas></canvas></html>",
        "moved.html": '<html><meta http-equiv="refresh" content="0; url=/x/"></html>',
        "blog/authors.yml": "ann: {name: Ann}\n",
        "blog/dot.png": b"x",
    }
    losses = {"notes.org": "* Org", "book.adoc": "= Book", "list.txt": "A text."}

    found, _ = read(posts | others | losses)

    assert {path for path, item in found.items() if isinstance(item, Post)} == set(posts)
    assert {path for path, item in found.items() if isinstance(item, Unread) and item.is_loss} == set(losses)
    assert found["notes.org"].reason == "not Markdown (a .org file)"


def test_names_of_projects_and_templates_are_posts_where_they_have_a_date(read):
    files = dict.fromkeys(("security.md", "themes/one.md", "blog/changelog.md"), DATED + "---\nText.\n")
    files |= {
        "license.md": "Text.\n",
        "about-loops.md": "---\ntitle: A\n---\n```\n{% for x in y %}\n```\n",
        "layouts/two.md": "Text.\n",
        "archive.md": "---\nlayout: a\n---\n{% for x in y %}\n",
    }

    found, _ = read(files)

    assert [path for path, item in found.items() if isinstance(item, Post)] == [
        "about-loops.md",
        "blog/changelog.md",
        "security.md",
        "themes/one.md",
    ]


def test_characters_that_turn_the_text_are_taken_out_of_names_with_a_note(one):
    post = one(DATED + 'title: "A\u202eb"\ntags: ["c\u202ed"]\n---\nText.\n', "x\u202ey.md")

    assert (post.title, post.tags, post.name) == ("Ab", ["cd"], "xy")
    assert "turn the direction" in told(post)


@pytest.mark.parametrize(
    ("page", "post", "configuration"),
    [
        ("about.md", "_posts/c.md", {"_config.yml": "title: A\n"}),
        ("content/about.md", "content/blog/c.md", {"hugo.toml": 'baseURL = "https://old.org"\n'}),
    ],
)
def test_undated_texts_beside_the_folders_of_posts_are_pages(read, page, post, configuration):
    found, _ = read({page: "---\ntitle: B\n---\nText.\n", post: "Text.\n", **configuration})

    assert (found[page].kind, found[post].kind) == (PAGE, "article")


def test_an_undated_page_is_a_page(one):
    assert one("---\ntitle: About\nlayout: page\n---\nText.\n").kind == PAGE


# --- not public ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["draft: true", 'draft: "true"', "draft: yes", "draft: 1", "Draft: True", "isDraft: true", "published: false"]
    + ["publish: no", "status: draft", "status: private", "status: hidden", "status: pending", "status: nearly"]
    + ["visibility: members", "visibility: paid", "access: subscribers", "password: abc", "unlisted: true"]
    + ["hidden: true", "private: true", "publishDate: 2090-01-01", "expiryDate: 2026-02-01", "permalink: false"]
    + ["build: {render: never}", "date: 2090-01-01", "publishDate: soon"],
)
def test_what_says_that_a_post_is_not_public_makes_it_a_draft_with_a_note(one, line):
    post = one(f"{DATED}{line}\n---\nText.\n")

    assert post.status == "draft"
    assert "not public" in told(post)


@pytest.mark.parametrize("path", ["_drafts/x.md", "drafts/x.md", "blog/_x.md", "x.draft.md", "blog/Drafts/y/index.md"])
def test_folders_and_names_make_drafts_too(one, path):
    assert one(DATED + "---\nText.\n", path).status == "draft"


@pytest.mark.parametrize(
    "line",
    ["draft: false", "draft: no", "published: true", "status: publish", "visibility: public", "unlisted: false"]
    + ["publishDate: 2025-12-01", "expiryDate: 2090-01-01", "expires: never", 'password: ""', "published: 2026-01-01"],
)
def test_what_says_nothing_of_the_kind_is_published(one, line):
    post = one(f"{DATED}{line}\n---\nText.\n")

    assert (post.status, post.notes) == ("published", [])


# --- dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("date: 2024/03/04", "2024-03-04T00:00+01:00"),
        ("date: 2024/3/4 20:46:25", "2024-03-04T20:46:25+01:00"),
        ("date: 2024-03-04 10:00:00 +0100", "2024-03-04T10:00+01:00"),
        ("date: 2024-03-04T10:00:00.123Z", "2024-03-04T10:00:00.123Z"),
        ("date: '2024-03-04 9:05'", "2024-03-04T09:05+01:00"),
        ("date: Mon, 04 Mar 2024 10:00:00 +0100", "2024-03-04T10:00+01:00"),
        ("date: Mon Mar 04 2024 10:00:00 GMT+0100 (CET)", "2024-03-04T10:00+01:00"),
        ('pubDate: "Mar 04 2024"', "2024-03-04T00:00+01:00"),
        ("date: March 4th, 2024", "2024-03-04T00:00+01:00"),
        ("date: 4. März 2024", "2024-03-04T00:00+01:00"),
        ("date: 4 mars 2024 um 10:30", "2024-03-04T10:30+01:00"),
        ("date: 2024年3月4日", "2024-03-04T00:00+01:00"),
        ("date: 31.12.2024 10:00", "2024-12-31T10:00+01:00"),
        ("date: 31/12/2024", "2024-12-31T00:00+01:00"),
        ("date: 12/31/2024 10:00 PM", "2024-12-31T22:00+01:00"),
        ("date: 1709542800", "2024-03-04T10:00+01:00"),
        ("date: 1709542800000", "2024-03-04T10:00+01:00"),
        ("date: {created: 2024-03-04, updated: 2024-03-05}", "2024-03-04T00:00+01:00"),
        ("published_at: 2024-03-04", "2024-03-04T00:00+01:00"),
        ("path: 2024/03/04/App-1.2", "2024-03-04T00:00+01:00"),
        ("permalink: /2024/03/04/x.html", "2024-03-04T00:00+01:00"),
        ("date: 2024-07-01", "2024-07-01T00:00+02:00"),
    ],
)
def test_dates_are_read_in_every_form_in_the_zone_of_the_source(one, line, moment):
    post = one(f"---\n{line}\n---\nText.\n", zone=ZoneInfo("Europe/Berlin"))

    assert post.published_at == datetime.fromisoformat(moment)
    assert (post.status, post.notes) == ("published", [])


@pytest.mark.parametrize(
    "path",
    ["2024-03-04-x.md", "2024-3-4-x.md", "2024_03_04_x.md", "20240304-x.md", "2024/03/04/x.md", "2024-03-04-x/index.md"]
    + ["2024/03-04-x.md", "2024-03-04.md", "blog/2024/03/04/x/index.md"],
)
def test_dates_are_read_from_names_and_folders(one, path):
    assert one("Text.\n", path).published_at.date().isoformat() == "2024-03-04"


def test_a_date_that_can_be_read_in_two_ways_is_read_as_the_others_of_the_folder(read):
    files = {"one.md": "---\ndate: 03/04/2024\n---\nText.\n"}
    month_first = read(files)[0]["one.md"]
    day_first = read(files | {"two.md": "---\ndate: 25/12/2023\n---\nText.\n"})[0]["one.md"]

    assert (month_first.published_at.month, day_first.published_at.month) == (3, 4)
    assert "with the month first" in told(month_first)
    assert "with the day first" in told(day_first)


@pytest.mark.parametrize("head", ["---\ndate: 2019-09-31\n---\n", "+++\ndate = 2019-09-31\n+++\n"])
def test_a_date_that_does_not_exist_makes_a_draft_and_is_a_loss(one, head):
    post = one(head + "Text.\n")

    assert (post.status, post.published_at) == ("draft", None)
    assert [(note.kind, note.is_loss) for note in post.notes] == [("date", True)]
    assert one(head + "Text.\n", "2019-10-01-x.md").status == "published"


def test_undated_posts_have_the_date_of_the_file_only_if_that_is_asked_for(one):
    assert one("Text.\n").published_at is None
    assert one("Text.\n", date_from="mtime").published_at.year >= 2026
