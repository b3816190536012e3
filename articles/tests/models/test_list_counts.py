"""The stored numbers of lists are those of the articles, whatever changes them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Byline, ListCount, Series, Tag
from articles.models.shown import labels_changing
from publishing.tests.database import in_parallel
from publishing.tests.factories import make_article, make_author, make_category
from publishing.tests.rows import failures


def check(**options) -> str:
    """What the command prints. It fails if a number is wrong."""
    out = StringIO()
    call_command("check_article_counts", stdout=out, **options)
    return out.getvalue()


def relabel(article, tags, authors):
    with labels_changing(article):
        article.tags.set(tags)
        Byline.objects.filter(article=article).delete()
        Byline.objects.bulk_create(Byline(article=article, author=author) for author in authors)


def saved(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()


@pytest.fixture
def rows(db):
    tags = [Tag.objects.create(name=name, slug=name) for name in ("http", "wsgi")]
    authors, series = [make_author(), make_author("Tom")], Series.objects.create(title="By hand", slug="by-hand")
    for status in ("published", "published", "draft"):
        make_article(status=status, tags=tags, authors=authors, series=series)
    make_article(published_at=timezone.now() + timedelta(days=40), tags=tags[:1], authors=authors[:1])
    return {"tags": tags, "authors": authors, "series": series, "tools": make_category("Tools")}


CHANGES = {
    "a draft is published": lambda rows, article: Article.objects.get(status="draft").publish(by=None),
    "one is scheduled": lambda rows, article: article.publish(by=None, at=timezone.now() + timedelta(days=90)),
    "one is withdrawn": lambda rows, article: article.archive(by=None),
    "one is deleted": lambda rows, article: article.delete(),
    "it has another category": lambda rows, article: saved(article, category=rows["tools"]),
    "it is of another month": lambda rows, article: saved(article, published_at=timezone.now() - timedelta(days=99)),
    "it leaves its series": lambda rows, article: saved(article, series=None),
    "it has other labels": lambda rows, article: relabel(article, rows["tags"][1:], rows["authors"][1:]),
    "a draft has other labels": lambda rows, _: relabel(Article.objects.get(status="draft"), [], rows["authors"][1:]),
    "all are published": lambda rows, _: Article.objects.update(status="published"),
    "all are withdrawn": lambda rows, _: Article.objects.update(status="archived"),
    "all move to a category": lambda rows, _: Article.objects.update(category=rows["tools"]),
    "all move in time": lambda rows, _: Article.objects.update(published_at=timezone.now() - timedelta(days=99)),
    "all drafts are deleted": lambda rows, _: Article.objects.filter(status="draft").delete(),
    "all are deleted": lambda rows, _: Article.objects.all().delete(),
    "a tag is deleted": lambda rows, _: rows["tags"][0].delete(),
    "a series is deleted": lambda rows, _: rows["series"].delete(),
}


def test_every_change_is_counted(rows):
    def change(name):
        with transaction.atomic():
            CHANGES[name](rows, Article.objects.published().first())
            assert check() == "All numbers are correct.\n"
            transaction.set_rollback(True)

    assert failures(CHANGES, change) == {}


def test_imported_articles_are_counted(db, tmp_path):
    post = tmp_path / "post.md"
    for head in ("category: A\ntags: [http]\nauthor: Ines", "category: B\ntags: [wsgi]\nauthor: Tom", "draft: true"):
        post.write_text(f"---\ntitle: A post\ndate: 2026-06-01\n{head}\n---\nText.\n")
        call_command("import_markdown", tmp_path, verbosity=0)
        assert check() == "All numbers are correct.\n"


def test_a_wrong_number_is_found_and_repaired(rows, client):
    ListCount.objects.filter(kind="all").update(number=30)
    assert client.get("/?page=2").status_code == 200

    with pytest.raises(CommandError, match="1 numbers are wrong"):
        check()
    assert check(repair=True) == "all: 30 stored, 3 counted, repaired\n"
    assert check() == "All numbers are correct.\n"
    assert client.get("/?page=2").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_articles_that_are_changed_at_the_same_time_are_counted_once_each():
    tag, article = Tag.objects.create(name="http", slug="http"), make_article(status="draft")
    moment = timezone.now()

    def change(number):
        if number % 2:
            Article.objects.get(pk=article.pk).publish(by=None, at=moment)
        else:
            make_article(tags=[tag])

    in_parallel(6, change)

    assert check() == "All numbers are correct.\n"
