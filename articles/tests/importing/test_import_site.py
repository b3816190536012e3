import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Author, Category, Image, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "posts"
    path.mkdir()
    return path


def run(path, **options):
    out = StringIO()
    call_command("import_site", path, stdout=out, **options)
    return out.getvalue()


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_yaml_front_matter_fills_every_field_that_we_have(folder, client):
    write(
        folder,
        "one.md",
        "---\ntitle: One\nslug: the-one\ndate: 2026-06-09T08:00:00Z\ndescription: The dek.\nauthors: [Ann, Ben]\n"
        "category: Tools\ntags: [http, python]\nseries: By hand\nseries_position: 2\nfeatured: true\n"
        "canonical_url: https://elsewhere.example/one\naliases: [/old/one.html]\nmood: calm\n---\nThe text.\n",
    )

    told = run(folder)

    article = Article.objects.get()
    assert (article.title, article.slug, article.summary) == ("One", "the-one", "The dek.")
    assert article.published_at.isoformat() == "2026-06-09T08:00:00+00:00"
    assert [author.name for author in article.byline] == ["Ann", "Ben"]
    assert article.category.name == "Tools"
    assert {tag.name for tag in article.tags.all()} == {"http", "python"}
    assert (article.series.title, article.series_position, article.featured) == ("By hand", 2, True)
    assert article.canonical_url == "https://elsewhere.example/one"
    assert client.get("/old/one.html")["Location"] == "/articles/the-one/"
    assert article.extra == {"mood": "calm"}
    assert "1 kept without a field, mood" in told
    assert "1 created, 0 updated, 0 unchanged, 0 conflict, 0 skipped" in told


def test_toml_front_matter_is_read_too(folder, client):
    write(folder, "one.md", '+++\ntitle = "One"\ndate = 2026-06-09\naliases = ["/2026/one"]\n+++\nText.\n')

    run(folder)

    assert Article.objects.get().title == "One"
    assert client.get("/2026/one")["Location"] == "/articles/one/"


def test_without_front_matter_the_first_heading_is_the_title_and_the_file_name_holds_the_date(folder):
    write(folder, "2021-9-1-a-note.md", "# A `note`\n\nThe first paragraph.\n")

    run(folder)

    article = Article.objects.get()
    assert (article.title, article.slug, article.summary) == ("A note", "a-note", "The first paragraph.")
    assert article.published_at.date().isoformat() == "2021-09-01"
    assert "<h" not in article.html


def test_a_file_without_any_date_becomes_a_draft_and_the_editor_is_told(folder):
    write(folder, "undated.md", "Just text.\n")

    told = run(folder)

    assert Article.objects.get().status == "draft"
    assert "no date: a draft" in told


@pytest.mark.parametrize("key", ["draft: true", "published: false", "status: draft", "draft: true\nstatus: nearly"])
def test_a_draft_stays_a_draft(folder, key):
    write(folder, "one.md", f"---\ndate: 2026-01-01\n{key}\n---\nText.\n")

    run(folder)

    assert Article.objects.get().status == "draft"


def test_the_same_folder_again_changes_nothing_and_a_changed_file_updates_its_article(folder):
    path = write(folder, "one.md", "---\ntitle: One\ndate: 2026-01-01\n---\nText.\n")
    run(folder)

    assert "0 created, 0 updated, 1 unchanged, 0 conflict, 0 skipped" in run(folder)
    path.write_text("---\ntitle: One and a half\ndate: 2026-01-01\n---\nText.\n")
    assert "0 created, 1 updated, 0 unchanged, 0 conflict, 0 skipped" in run(folder)
    assert Article.objects.get().title == "One and a half"


def test_a_dry_run_says_the_same_and_stores_nothing(folder, tmp_path):
    write(folder, "one.md", "---\ndate: 2026-01-01\ncover: gone.png\n---\nText.\n")
    write(folder, "sub/one.md", "---\ndate: 2026-01-01\n---\nText.\n")
    write(folder, "bad.md", "---\ntitle: [\n---\n")

    dry = run(folder, dry_run=True)
    assert not Article.objects.exists()
    assert not Category.objects.exists()

    assert dry.replace("Dry run: nothing was saved.\n", "") == run(folder)
    assert "2 created, 0 updated, 0 unchanged, 0 conflict, 1 skipped" in dry


def test_a_loss_ends_a_strict_import_with_an_error_and_the_report_has_a_row_for_each_note(folder, tmp_path):
    write(folder, "=one.md", "---\ndate: 2026-01-01\ncover: gone.png\n---\nText.\n")
    report = tmp_path / "report.csv"

    with pytest.raises(CommandError, match="lost"):
        run(folder, strict=True, report=report)

    head, row = csv.reader(report.read_text(encoding="utf-8").splitlines())
    assert head == ["post", "result", "address", "kind", "lost", "note"]
    assert row[:5] == ["'=one.md", "created", "/articles/one/", "picture", "yes"]
    assert "gone.png" in row[5]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ntitle: [unclosed\n---\nText.\n", "YAML front matter is broken (line 3)"),
        ("---\ntitle: One\nText without an end.\n", "is not closed"),
        ("---\n- a\n- list\n---\nText.\n", "not a list of keys and values"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\nText.\n", "aliases are not allowed"),
        ("+++\ntitle = \n+++\nText.\n", "TOML front matter is broken"),
        ("---\n" + "[" * 5000 + "\n---\nText.\n", "front matter"),
        ("x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        ("---\ndate: 2026-01-01\n---\n" + "x " * 260_000, "longer than 500,000 characters"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_told_why_and_stops_no_other(folder, text, why):
    write(folder, "bad.md", text)
    write(folder, "good.md", "---\ndate: 2026-01-01\n---\nText.\n")

    told = run(folder)

    assert why in told
    assert "1 created, 0 updated, 0 unchanged, 0 conflict, 1 skipped" in told
    assert [article.slug for article in Article.objects.all()] == ["good"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ndate: the day after tomorrow\n---\nText.\n", "is not a date"),
        ("---\ndate: 2026-13-45\n---\nText.\n", "a date that does not exist"),
        ("---\nstatus: nearly\n---\nText.\n", "status: nearly"),
        ("---\ntitle: One\ndate: 2026-01-01\n---\nA NUL \x00 here.\n", "1 control character removed"),
        (b"---\ntitle: caf\xe9\n---\n", "not UTF-8 (byte 15)"),
        ("---\ncanonical_url: javascript:alert(1)\ndate: 2026-01-01\n---\nText.\n", "canonical_url"),
    ],
)
def test_what_is_wrong_in_one_place_does_not_cost_the_post(folder, text, told):
    write(folder, "bad.md", text)

    assert told in run(folder)
    assert Article.objects.exists()


def test_other_files_are_accounted_for(folder):
    write(folder, "one.md", "Text.")
    write(folder, "picture.svg", "<svg/>")
    write(folder, ".hidden.md", "Text.")
    write(folder, "plan.adoc", "= Plan")

    told = run(folder)

    assert "plan.adoc" in told
    assert "1 created" in told
    assert "1 skipped" in told


def test_old_addresses_lead_to_the_article(folder, client):
    write(folder, "one.md", "---\ndate: 2026-01-01\npermalink: /2026/01/one.html\n---\nText.\n")

    run(folder, old_url="/blog/{stem}/")

    for old in ("/2026/01/one.html", "/blog/one", "/blog/one/"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, "/articles/one/")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("author: Ann Example", ["Ann Example"]),
        ("author: Ann, Ben and Cleo", ["Ann", "Ben", "Cleo"]),
        ("author: '[Ann](https://a.example), Ben, and Cleo — not enough cooks'", ["Ann", "Ben", "Cleo"]),
        ("author: 'Ann ([@ann](https://a.example)), a compiler person'", ["Ann"]),
        ("authors: [Ann, Ben]", ["Ann", "Ben"]),
        ("authors: [{name: Ann, url: https://a.example}]", ["Ann"]),
    ],
)
def test_authors_are_read_from_lists_and_from_lines(folder, line, names):
    write(folder, "one.md", f"---\ndate: 2026-01-01\n{line}\n---\nText.\n")

    run(folder)

    assert [author.name for author in Article.objects.get().byline] == names


def test_one_name_is_one_author_and_one_tag(folder):
    write(folder, "one.md", "---\ndate: 2026-01-01\nauthor: Ann\ntags: HTTP\n---\nText.\n")
    write(folder, "two.md", "---\ndate: 2026-01-01\nauthor: Ann\ntags: [http]\n---\nText.\n")

    run(folder)

    assert Author.objects.count() == Tag.objects.count() == 1


def test_pictures_beside_the_file_come_along_and_others_become_links(folder):
    from PIL import Image as Picture

    Picture.new("RGB", (40, 20), "red").save(folder / "dot.png")
    write(
        folder,
        "one.md",
        "---\ndate: 2026-01-01\ncover: dot.png\n---\n![A dot](dot.png) ![Far](https://a.example/b.png)\n",
    )

    told = run(folder)

    article = Article.objects.get()
    assert Image.objects.get().width == 40
    assert article.cover is not None
    assert 'alt="A dot" width="40" height="20"' in article.html
    assert '<a href="https://a.example/b.png">Image: Far</a>' in article.html
    assert "--fetch" in told


def test_a_picture_outside_the_folder_is_not_fetched(folder, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    write(folder, "one.md", "---\ndate: 2026-01-01\ncover: ../secret.png\n---\n![x](../secret.png)\n")

    assert "../secret.png: not in the source" in run(folder)
    assert not Image.objects.exists()


def test_a_path_that_is_not_there_and_a_pattern_that_means_nothing_are_refused(folder):
    with pytest.raises(CommandError, match="no such file or folder"):
        call_command("import_site", folder / "missing")
    with pytest.raises(CommandError, match="stem"):
        call_command("import_site", folder, old_url="/{yeer}/")


def test_a_real_folder_comes_in_whole_with_code_footnotes_and_tables(samples, client):
    root = samples / "markdown" / "pypi"
    files = [path for path in Path(root).rglob("*") if path.is_file()]

    told = run(root, old_url="/blog/{stem}/")

    articles = list(Article.objects.published())
    texts = [path for path in files if path.suffix in (".md", ".markdown", ".html")]
    assert f"{len(texts)} created, 0 updated, 0 unchanged, 0 conflict, 0 skipped" in told
    assert len(texts) == Article.objects.count()
    for article in articles:
        assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get("/blog/2023-03-21-welcome-to-the-pypi-blog/")["Location"] == "/articles/welcome-to-the-pypi-blog/"
    assert f"{len(texts)} unchanged" in run(root, old_url="/blog/{stem}/")
    for article in Article.objects.all():
        text = article.body
        fences = sum(1 for line in text.splitlines() if line.lstrip(" >").startswith("```"))
        assert article.html.count("<pre") >= fences // 2, article.slug
        assert article.html.count('class="footnote-ref"') >= text.count("[^1]:"), article.slug
        assert article.html.count("<table") >= sum(1 for line in text.splitlines() if line.startswith("|-")), (
            article.slug
        )


def test_each_import_of_a_changed_file_is_a_version(folder):
    write(folder, "one.md", "---\ntitle: One\ndate: 2026-06-09\ntags: [http]\nauthors: [Ann]\n---\nFirst.\n")
    run(folder)
    run(folder)
    write(folder, "one.md", "---\ntitle: One\ndate: 2026-06-09\n---\nSecond.\n")
    run(folder)

    article = Article.objects.get()
    first, second = article.versions.order_by("number")
    assert (first.state, first.kind, first.note, first.fields["body"]) == ("old", "first", "Imported", "First.\n")
    assert first.fields["tags"] == [Tag.objects.get().pk]
    assert first.fields["authors"] == [Author.objects.get().pk]
    assert (second.state, second.kind, second.fields["body"]) == ("live", "published", "Second.\n")
    assert second.fields["tags"] == second.fields["authors"] == []
