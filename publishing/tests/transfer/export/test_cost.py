"""What an export costs: no lock, and queries that do not depend on the number of articles."""

import sqlite3
import tracemalloc
from contextlib import closing, contextmanager
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage

from articles.models import Article, Recording
from articles.tests.recordings.files import sound
from publishing.tests.factories import make_article, make_author
from publishing.transfer.export import writing
from publishing.transfer.export.restoring import restore
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


def test_a_large_file_is_never_whole_in_memory(empty, tmp_path):
    size = 40 * 1024 * 1024
    with empty():
        row = Recording.objects.create(file=sound(size / 8000), title="A long talk")
        with peak() as of_export:
            export(tmp_path / "out.zip")
    with empty(), peak() as of_import:
        restore(tmp_path / "out.zip")
        stored = default_storage.size(row.file.name)

    assert stored > size
    assert max(*of_export, *of_import) < size / 2


@contextmanager
def peak():
    """The most memory that is taken meanwhile, in bytes."""
    found = []
    tracemalloc.start()
    try:
        yield found
    finally:
        found.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
