"""The words of articles, with which the search finds what a misspelled word means. `rebuild_search` fills it."""

from django.db import migrations

SQLITE = "CREATE TABLE articles_search_words (word varchar(30) NOT NULL PRIMARY KEY) WITHOUT ROWID"
# Compared by code point, so that all words with one beginning are one range.
POSTGRESQL = 'CREATE TABLE articles_search_words (word varchar(30) COLLATE "C" PRIMARY KEY)'


def create(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_search_words")


class Migration(migrations.Migration):
    dependencies = [("articles", "0037_menus")]

    operations = [migrations.RunPython(create, drop)]
