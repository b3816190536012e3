"""Fill the database that the environment names: `python -m benchmarks.bench.inside.fill ARTICLES`.

The same rows every time. What is computed of a body is computed once for all articles that have it.
"""

import random
import sys
from datetime import timedelta
from functools import cache
from importlib import import_module

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from articles import search  # noqa: E402
from articles.lists.recounting import recount  # noqa: E402
from articles.models import Article, ArticleCounts, Author, Byline, Category, FrontPage, Tag  # noqa: E402
from comments.tests.factories import import_comment  # noqa: E402

from .. import addresses  # noqa: E402
from .prose import body, paragraph, sentence  # noqa: E402

BODIES = 20
AT_ONCE = 5000
LEAST = 600
DERIVED = (
    "body", "html", "text", "contents", "slot_offsets", "shape", "word_count", "reading_minutes", "code_minutes",
)  # fmt: skip


def rendered_bodies(words: random.Random) -> list[dict]:
    rendered = []
    for _ in range(BODIES):
        article = Article(body=body(words))
        article.render()
        rendered.append({name: getattr(article, name) for name in DERIVED})
    return rendered


def summary(words: random.Random, age: int) -> str:
    text = sentence(words, 18)
    if age % addresses.COMMON_EVERY == 0:
        text += f" {addresses.COMMON_WORD.capitalize()}."
    return text + (f" {addresses.RARE_WORD.capitalize()}." if age == LEAST // 2 else "")


class Publication:
    """Everything that articles refer to, and the articles."""

    def __init__(self, number: int):
        self.number, self.words = number, random.Random(1)
        names = enumerate(addresses.CATEGORIES)
        self.categories = [Category.objects.create(name=name, slug=name.lower(), position=i) for i, name in names]
        self.tags = [Tag.objects.create(name=f"topic {i}", slug=f"topic-{i}") for i in range(addresses.TAGS)]
        self.authors = [
            Author.objects.create(name=f"Author Number {i}", slug=f"author-{i}") for i in range(addresses.AUTHORS)
        ]
        self.bodies = rendered_bodies(self.words)

    def article(self, age: int) -> Article:
        return Article(
            title=sentence(self.words, 6)[:-1],
            slug=addresses.slug(age),
            summary=summary(self.words, age),
            status="published",
            published_at=addresses.NEWEST - addresses.SPAN * age / self.number,
            category=self.categories[age % len(self.categories)],
            **self.bodies[age % len(self.bodies)],
        )

    @transaction.atomic
    def add(self, ages: range) -> None:
        """Store the articles of these ages, with what belongs to each."""
        # The oldest gets the lowest key, as if they had been written one after the other.
        articles = Article.objects.bulk_create(map(self.article, reversed(ages)), batch_size=100)
        through, words = Article.tags.through, self.words
        ArticleCounts.objects.bulk_create(
            ArticleCounts(article=article, views=words.randrange(5000), hearts=words.randrange(300))
            for article in articles
        )
        Byline.objects.bulk_create(
            Byline(article=article, author=self.authors[i % len(self.authors)]) for i, article in enumerate(articles)
        )
        through.objects.bulk_create(
            through(article=article, tag=tag) for article in articles for tag in words.sample(self.tags, 3)
        )
        for start in range(0, len(articles), search.indexing.AT_ONCE):
            search.index(*articles[start : start + search.indexing.AT_ONCE])

    def discuss(self) -> None:
        """The comments of the measured article, and a draft to save."""
        article = Article.objects.get(slug=addresses.MEASURED)
        for minute in range(addresses.COMMENTS):
            moment = article.published_at + timedelta(minutes=minute)
            import_comment(article, f"Reader {minute}", paragraph(self.words, 3), moment)
        fields = {"title": "A draft", "slug": addresses.DRAFT, "category": self.categories[0]}
        Article.objects.create(body=self.bodies[0]["body"], **fields)


def fill(number: int) -> None:
    call_command("migrate", verbosity=0)
    # Bodies are shared, and removing accents from one takes as long as storing it.
    search.indexing.indexed = cache(search.indexing.indexed)
    publication = Publication(number)
    FrontPage(opinion=publication.categories[0]).save()
    for youngest in reversed(range(0, number, AT_ONCE)):
        publication.add(range(youngest, min(youngest + AT_ONCE, number)))
    # Nothing was saved, so nothing is related or counted yet.
    import_module("articles.migrations.0008_related_articles").fill(apps, schema_editor=None)
    recount(repair=True)
    publication.discuss()
    call_command("import_quiz", "demo/quizzes/routing-and-requests.gift", status="published", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    fill(max(LEAST, int(sys.argv[1])))
