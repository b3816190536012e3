"""The publication that is measured: made the same way every time, without the demo's files of articles.

`seed.py ARTICLES` fills the database that the environment names. `seed.py --queries PATH …` prints, as JSON, how many
queries each page costs once the memos of a process are warm.
"""

import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publishing.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles import search  # noqa: E402
from articles.models import Article, ArticleCounts, Author, Byline, Category, Tag  # noqa: E402
from comments.tests.factories import import_comment  # noqa: E402

# The article that is measured has the address that the quiz names, so that both link to one another.
MEASURED = "the-smallest-framework-that-could-possibly-teach-you"
QUIZ = ROOT / "demo" / "quizzes" / "routing-and-requests.gift"
CATEGORIES = ["Opinion", "Tools", "Practice", "Languages", "History"]
TAGS = 30
BODIES = 20
COMMENTS = 20
WORDS = [
    "the",
    "a",
    "one",
    "that",
    "which",
    "of",
    "in",
    "for",
    "with",
    "and",
    "but",
    "because",
    "when",
    "server",
    "reader",
    "database",
    "function",
    "value",
    "name",
    "list",
    "request",
    "answer",
    "page",
    "error",
    "test",
    "cache",
    "process",
    "thread",
    "table",
    "column",
    "index",
    "query",
    "file",
    "line",
    "letter",
    "word",
    "reason",
    "mistake",
    "rule",
    "idea",
    "habit",
    "year",
    "morning",
    "colleague",
    "machine",
    "network",
    "address",
    "header",
    "keeps",
    "gives",
    "takes",
    "reads",
    "writes",
    "waits",
    "returns",
    "fails",
    "holds",
    "counts",
    "moves",
    "stays",
    "opens",
    "closes",
    "names",
    "means",
    "small",
    "long",
    "plain",
    "careful",
    "common",
    "strange",
    "quiet",
    "old",
    "new",
    "first",
    "last",
    "never",
    "often",
    "slowly",
    "again",
    "together",
]
CODE = """```python
def application(environ, start_response):
    routes = {"/": home, "/about": about}
    view = routes.get(environ["PATH_INFO"], missing)
    status, body = view(environ)  # every view returns both
    start_response(status, [("Content-Type", "text/html")])
    return [body.encode()]
```"""


def sentence(words: random.Random, length: int) -> str:
    return " ".join(words.choices(WORDS, k=length)).capitalize() + "."


def paragraph(words: random.Random, sentences: int = 6) -> str:
    return " ".join(sentence(words, words.randint(8, 16)) for _ in range(sentences))


def body(words: random.Random) -> str:
    """About 800 words: four parts with headings, a list of six with bold lead-ins, a listing, a quotation."""
    points = "\n".join(f"- **{sentence(words, 2)}** {sentence(words, 10)}" for _ in range(6))
    extras = ["", points, CODE, "> " + paragraph(words, 2)]
    parts = [paragraph(words), paragraph(words)]
    for number, extra in enumerate(extras, 1):
        parts += [f"## {number}. {sentence(words, 4)[:-1]}", paragraph(words), extra, paragraph(words)]
    return "\n\n".join(part for part in parts if part)


def rendered_bodies(words: random.Random) -> list[dict]:
    """What saving an article derives from its body, for a few bodies that all articles share."""
    derived = ("body", "html", "text", "contents", "slot_offsets", "shape", "word_count", "reading_minutes")
    rendered = []
    for _ in range(BODIES):
        article = Article(body=body(words))
        article.render()
        rendered.append({name: getattr(article, name) for name in (*derived, "code_minutes")})
    return rendered


@transaction.atomic
def fill(number: int) -> None:
    """So many published articles an hour apart, the measured one the newest but two."""
    words = random.Random(1)
    now = timezone.now()
    categories = [
        Category.objects.create(name=name, slug=name.lower(), position=i) for i, name in enumerate(CATEGORIES)
    ]
    tags = [Tag.objects.create(name=f"topic {i}", slug=f"topic-{i}") for i in range(TAGS)]
    authors = [Author.objects.create(name=f"Author Number {i}", slug=f"author-{i}") for i in range(6)]
    bodies = rendered_bodies(words)
    articles = [
        Article(
            title=sentence(words, 6)[:-1],
            slug=MEASURED if age == 2 else f"article-{age}",
            summary=sentence(words, 18),
            status="published",
            published_at=now - timedelta(hours=1 + age),
            category=categories[age % len(categories)],
            **bodies[age % len(bodies)],
        )
        for age in range(number)
    ]
    Article.objects.bulk_create(articles, batch_size=100)
    ArticleCounts.objects.bulk_create(
        ArticleCounts(article=article, views=words.randrange(5000), hearts=words.randrange(300)) for article in articles
    )
    Byline.objects.bulk_create(Byline(article=article, author=authors[i % 6]) for i, article in enumerate(articles))
    Article.tags.through.objects.bulk_create(
        Article.tags.through(article=article, tag=tag) for article in articles for tag in words.sample(tags, 3)
    )
    for article in articles:
        search.index(article)
    for minute in range(COMMENTS):
        moment = now - timedelta(minutes=60 - minute)
        import_comment(articles[2], f"Reader {minute}", paragraph(words, 3), moment)


def queries(paths: list[str]) -> dict[str, int]:
    counted = {}
    client = Client(headers={"host": "127.0.0.1"})
    for path in paths:
        client.get(path)
        statements = []

        def count(execute, sql, parameters, many, context, statements=statements):
            statements.append(sql)
            return execute(sql, parameters, many, context)

        with connection.execute_wrapper(count):
            client.get(path)
        counted[path] = len(statements)
    return counted


if __name__ == "__main__":
    if sys.argv[1] == "--queries":
        print(json.dumps(queries(sys.argv[2:])))
    else:
        call_command("migrate", verbosity=0)
        fill(max(3, int(sys.argv[1])))
        call_command("import_quiz", QUIZ, status="published", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
