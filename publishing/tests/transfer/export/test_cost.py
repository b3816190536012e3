"""What an export costs: no lock, and queries that do not depend on the number of articles."""

import sqlite3
from contextlib import closing
from zipfile import ZipFile

import pytest

from articles.models import Article
from publishing.tests.factories import make_article, make_author
from publishing.transfer.export import writing
from publishing.transfer.export.writing import export


@pytest.mark.usefixtures("sqlite")
def test_others_write_at_once_while_an_export_reads_one_moment(empty, tmp_path, monkeypatch):
    original = writing._write_readable
    with empty() as folder:
        make_article(slug="before")

        def write_meanwhile(*args):
            with closing(sqlite3.connect(folder / "publication.sqlite3", timeout=0)) as other, other:
                other.execute("UPDATE articles_article SET slug = 'after'")
            original(*args)

        monkeypatch.setattr(writing, "_write_readable", write_meanwhile)
        export(tmp_path / "out.zip")
        slug = Article.objects.get().slug

    assert slug == "after"
    with ZipFile(tmp_path / "out.zip") as file:
        assert "content/articles/before/index.md" in file.namelist()
        assert b'"slug":"before"' in file.read("data/articles/article.jsonl")


@pytest.mark.django_db
def test_more_articles_are_no_more_queries(count_queries, tmp_path):
    author = make_author()
    for _ in range(2):
        make_article(authors=[author])
    export(tmp_path / "warm.zip")
    with count_queries() as few:
        export(tmp_path / "few.zip")
    for _ in range(10):
        make_article(authors=[author])
    with count_queries() as many:
        export(tmp_path / "many.zip")

    assert len(few) == len(many)
