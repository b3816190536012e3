"""export_site and import_site: what they say, and what becomes of a publication that is not empty."""

from io import StringIO
from zipfile import ZipFile

import pytest
import yaml
from django.core.management import CommandError, call_command

from articles.models import Article, Author, Page, Series, Tag
from comments.models import Comment
from publishing.models import Publication
from publishing.tests.factories import make_article
from publishing.transfer.lock import exclusive


def printed(name, *arguments, **options):
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def head_and_text(file, name):
    _, head, text = file.read(name).decode().split("---\n", 2)
    return yaml.safe_load(head), text


def test_an_empty_publication_gets_all_of_an_export(empty, exported, tmp_path):
    with empty():
        tried = printed("import_site", exported, dry_run=True)
        assert not Article.everything.exists()
        said = printed("import_site", exported)
        name = Publication.objects.get().name
        again = printed("export_site", tmp_path / "again.zip")

    assert "Dry run: nothing was saved." in tried
    assert "Everything of the export is here." in said
    assert name == "Любопытный 🐈"
    assert "articles.article" in again
    assert "Stays behind: accounts, " in again
    assert (tmp_path / "again.zip").read_bytes() == exported.read_bytes()


def test_a_publication_with_articles_gets_the_texts_and_comments_if_it_is_asked_to(empty, exported):
    with empty():
        make_article(slug="first", title="Mine")
        with pytest.raises(CommandError, match="not empty: there are .* With --merge"):
            printed("import_site", exported)
        assert Article.objects.count() == 1
        printed("import_site", exported, merge=True)
        came = Article.objects.get(title__startswith="Первая")
        statuses = dict(Article.objects.values_list("slug", "status"))
        comments = set(Comment.objects.values_list("article__slug", "status"))
        people = set(Author.objects.values_list("name", flat=True))
        tags = list(Tag.objects.values_list("name", "slug"))
        series = Series.objects.get()
        pages = dict(Page.objects.values_list("slug", "status"))
        again = printed("import_site", exported, merge=True)

    assert came.slug == "first-2" and came.series_position == 1 and came.featured
    assert came.body.count('{{< ref "x" >}}') == 1
    assert came.body.startswith("Text with a [link](") and ":::note Look\n" in came.body
    assert statuses | {"draft": "draft", "gone": "archived", "later": "draft", "moved": "published"} == statuses
    assert "in-the-trash" not in statuses
    assert {("first-2", "approved"), ("first-2", "rejected"), ("moved", "pending")} <= comments
    assert {"Omar Haddad", "Ines Okafor"} <= people
    assert ("C++", "c-plus-plus") in tags
    assert (series.title, series.slug) == ("By hand", "by-hand")
    assert pages == {"about": "published", "imprint": "draft"}
    assert "0 created" in again


def test_the_texts_are_markdown_with_what_other_generators_read(exported):
    with ZipFile(exported) as file:
        head, text = head_and_text(file, "content/articles/first/index.md")
        draft, _ = head_and_text(file, "content/articles/draft/index.md")
        page, _ = head_and_text(file, "content/about.md")
        author, biography = head_and_text(file, "content/authors/omar-haddad/_index.md")
        names = file.namelist()
        picture = head["cover"]["image"]

    assert (head["title"], head["draft"], head["slug"]) == ("Первая статья: “first”", False, "first")
    assert head["date"].endswith("Z") and head["lastmod"].endswith("Z")
    assert (head["categories"], head["tags"], head["series"]) == (["Opinion"], ["C++", "sql"], ["By hand"])
    assert (head["authors"], head["url"]) == (["Omar Haddad", "Ines Okafor"], "/articles/first/")
    assert head["aliases"] == ["/old/first.html"]
    assert head["cover"]["alt"] == "A loom"
    assert f"static{picture}" in names
    assert f"![A loom]({picture}" in text
    assert '`{{</* ref "x" */>}}`' in text
    assert draft["draft"] is True and "preview" not in str(draft)
    assert (page["title"], page["url"]) == ("About", "/about/")
    assert (author["title"], biography.strip()) == ("Omar Haddad", "Writes *well*.")
    assert names == list(dict.fromkeys(names))
    assert "content/tags/c++/_index.md" in names


@pytest.mark.django_db
def test_what_cannot_be_written_is_said(tmp_path):
    with pytest.raises(CommandError, match="is a folder"):
        printed("export_site", tmp_path)
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        printed("export_site", tmp_path / "nowhere" / "out.zip")
    with exclusive("A backup"), pytest.raises(CommandError, match="Nothing was exported: A backup has been running"):
        printed("export_site", tmp_path / "out.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_pictures_can_be_left_out(tmp_path):
    make_article()
    printed("export_site", tmp_path / "out.zip", no_pictures=True)

    with ZipFile(tmp_path / "out.zip") as file:
        assert not [name for name in file.namelist() if name.startswith(("static/media/", "originals/"))]
