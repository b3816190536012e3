"""The index follows the articles."""

from django.db import connection

from .words import words_of

TABLE = "articles_search"


def _indexed(text: str) -> str:
    """Only its words, so that no parser of a database takes several for one address or number."""
    return " ".join(words_of(text))


def index(article) -> None:
    remove(article.pk)
    fields = [article.pk, *map(_indexed, (article.title, article.summary, article.text))]
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
