"""Databases that earlier versions made migrate forward with their rows.

`stored/<commit>.sqlite3.xz` was filled by the code of that commit: rows of every model, in every state. After a
migration that moves or drops a column, say in `EXPLAINED` where its values are.
"""

import json
import lzma
import re
import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from articles.models import Article, Author, Category, Series, Tag
from comments.models import Comment, Thread
from publishing.database.sqlite.base import DatabaseWrapper
from publishing.models import WITHDRAWN, Redirect
from publishing.tests.database import other_database
from quizzes.models import Attempt, Edition, Placement, Quiz
from quizzes.statistics import results

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("stored")]

MISSING = object()
STORED = sorted(Path(__file__).with_name("stored").glob("*.sqlite3.xz"))
# What migrations have renamed since; and the columns that hold something else or are gone, with where that is now.
RENAMED = {"comments_threadcount": "comments_thread", "quizzes_repair": "quizzes_correction"}
COLUMNS = {"comments_comment.told_at": "notified_at"}
EXPLAINED = {
    "auth_group": {"name": "in the singular"},
    "auth_group_permissions": dict.fromkeys(("id", "group_id", "permission_id"), "those of settings.ROLES"),
    "comments_threadcount": {"approved": "comments_thread.comment_count"},
    "django_content_type": {"model": "the name of a renamed model"},
    "django_tasks_database_dbtaskresult": {"task_path": "where its function is now"},
    "quizzes_attempt": {"is_counted": "statistics are counted from every attempt"},
    "quizzes_tally": dict.fromkeys(("id", "edition_id", "data", "modified_at"), "counted from the attempts"),
    "quizzes_question": {"quiz_id": "quizzes_placement.quiz_id", "position": "quizzes_placement.position"},
}


class Stored(NamedTuple):
    """Rows of a stored database, before and after it was migrated; its schema, and that of a new database."""

    before: dict
    after: dict
    schema: dict
    new_schema: dict | None


def read(path, statement, *values):
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(statement, values)]


def tables(path):
    """The name and the SQL of every table and index, without those that SQLite keeps for itself."""
    found = read(path, "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')")
    return {row["name"]: row["sql"] for row in found if not row["name"].startswith(("sqlite_", "articles_search_"))}


def rows(path):
    """{table: {primary key: {column: value}}}"""
    found = {}
    for table in (name for name, sql in tables(path).items() if "TABLE" in sql):
        key = read(path, "SELECT name FROM pragma_table_info(?) WHERE pk", table) or [{"name": "rowid"}]
        kept = read(path, f'SELECT {key[0]["name"]} AS _key, * FROM "{table}"')
        found[table] = {row.pop("_key"): row for row in kept}
    return found


def schema(path):
    """The words of every table and index in one order: a migrated database has other columns last than a new one."""
    return {name: sorted(re.split(r"[\s(),]+", sql)) for name, sql in tables(path).items()}


@pytest.fixture(scope="module", params=STORED, ids=lambda path: path.name.split(".")[0])
def stored(request, tmp_path_factory, django_db_setup, django_db_blocker):
    """A stored database, migrated, in the place of the test's own."""
    path = tmp_path_factory.mktemp("stored") / "publishing.sqlite3"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    before = rows(path)
    options = {"OPTIONS": {"init_command": "PRAGMA synchronous=OFF"}}
    with other_database(path, DatabaseWrapper, **options) as own, django_db_blocker.unblock():
        new_schema = schema(own.settings_dict["NAME"]) if own.vendor == "sqlite" else None
        call_command("migrate", skip_checks=False, verbosity=0)
        yield Stored(before, rows(path), schema(path), new_schema)


def test_every_row_is_still_there(stored):
    lost = [
        f"{table} {key}: {column}"
        for table, kept in stored.before.items()
        for key, row in kept.items()
        for column, value in row.items()
        if column not in EXPLAINED.get(table, {})
        for now in [COLUMNS.get(f"{table}.{column}", column)]
        if stored.after.get(RENAMED.get(table, table), {}).get(key, {}).get(now, MISSING) != value
    ]

    assert lost == []
    # Those that nothing of ours writes into.
    assert all(name.startswith(("axes_", "auth_user_user_")) for name, kept in stored.before.items() if not kept)


def test_what_was_moved_is_found_where_it_is_now(stored):
    for article, row in stored.before.get("comments_threadcount", {}).items():
        assert Thread.objects.get(article=article).comment_count == row["approved"]
    for question, row in stored.before["quizzes_question"].items():
        if "quiz_id" in row:
            assert Placement.objects.get(question=question, quiz=row["quiz_id"]).position == row["position"]
    for key in stored.before.get("django_tasks_database_dbtaskresult", {}):
        assert DBTaskResult.objects.get(pk=key).task
    for row in stored.before.get("quizzes_tally", {}).values():
        totals = {Fraction(total): times for total, times in json.loads(row["data"])["tally"]["totals"].items()}
        edition = Edition.objects.get(pk=row["edition_id"])
        counts = results.for_editions([edition])[edition.pk].counts
        assert {Fraction(total, counts.unit): times for total, times in counts.totals} == totals


def test_the_schema_is_that_of_a_new_database(stored):
    wanted = stored.new_schema or stored.schema

    assert [name for name in {**wanted, **stored.schema} if stored.schema.get(name) != wanted.get(name)] == []
    connection.check_constraints()
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_pages_of_readers_answer(stored, client):
    shown = [*Article.objects.published(), *Quiz.objects.published(), *Attempt.objects.all()]
    lists = [*Category.objects.all(), *Tag.objects.all(), *Author.objects.all(), *Series.objects.all()]
    paths = ["/", "/quizzes/", "/archive/", "/feed.xml", "/search/?q=type", *(row.get_absolute_url() for row in shown)]

    assert len(shown) >= 4
    for path in [*paths, *(row.get_absolute_url() for row in lists)]:
        assert client.get(path).status_code == 200, path
    for comment in Comment.objects.filter(status="approved"):
        assert client.get(comment.get_absolute_url()).status_code == 302, comment
    for redirect in Redirect.objects.all():
        expected = 410 if redirect.new_path == WITHDRAWN else 301
        assert client.get(f"{redirect.old_path}/").status_code == expected, redirect


def test_the_lists_of_the_admin_answer(stored, client):
    client.force_login(User.objects.get(username="owner"))
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(path, follow=True).status_code == 200, path
