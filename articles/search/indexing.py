"""The index follows the articles."""

from django.db import connection

from .labels import names_of
from .words import indexed

TABLE = "articles_search"


def index(article) -> None:
    """Store the words of a saved article, as its columns are, and the names of its labels. Three queries."""
    remove(article.pk)
    summary = f"{article.summary} {names_of([article.pk])[article.pk]}"
    fields = [article.pk, *map(indexed, (article.title, summary, article.text))]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {TABLE} (rowid, title, summary, body) VALUES (%s, %s, %s, %s)", fields)  # noqa: S608
        else:
            cursor.execute(
                f"INSERT INTO {TABLE} (article_id, document) VALUES (%s, "  # noqa: S608
                "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B') || "
                "setweight(to_tsvector('english', left(%s, 400000)), 'D'))",
                fields,
            )


def remove(article_id: int) -> None:
    column = "rowid" if connection.vendor == "sqlite" else "article_id"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} = %s", [article_id])  # noqa: S608
