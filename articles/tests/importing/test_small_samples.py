"""One small site of each kind, which other people wrote: published with its texts, the same again, and told dry."""

import pytest

from articles.importing.options import Options
from articles.importing.running import Import
from articles.models import Article
from publishing.transfer.notes import Result

pytestmark = pytest.mark.django_db


def told(path, **options):
    run = Import(path, Options(**options))
    run.prepare()
    return [
        (one.name, one.result, one.reason, one.address, [note.text for note in one.notes]) for one in run.outcomes()
    ]


@pytest.mark.parametrize(
    ("source", "published", "words"),
    [
        ("sites/gatsby-starter", 3, "salted duck"),
        ("sites/mkdocs-material", 13, "blog"),
        ("sites/medium", 6, "paragraph of text"),
        ("sites/substack", 3, "Dolore magna"),
        ("sites/wxr-small/sample.xml", 2, "My excerpt in content"),
        ("sites/ghost-small/ghost.json", 3, "Hello world"),
    ],
)
def test_a_small_site_of_each_kind_comes_in_whole_once_and_is_told_dry(samples, source, published, words):
    path = samples / source

    dry = told(path, dry_run=True)
    assert not Article.objects.exists()
    assert told(path) == dry
    articles = Article.objects.published()
    assert articles.count() == published
    assert any(words in article.text for article in articles)
    before = list(Article.objects.order_by("pk").values())
    assert {result for _, result, *_ in told(path)} <= {Result.UNCHANGED, Result.SKIPPED}
    assert list(Article.objects.order_by("pk").values()) == before
