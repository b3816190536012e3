"""Public pages from a replica: a second database on the same server (a second file of SQLite) that is never updated."""

import shutil
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections

from articles.models import Article
from articles.search import indexing
from publishing.database import replica as module
from publishing.tests.factories import make_article, make_user

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.xdist_group("replica")]


@pytest.fixture(scope="module")
def second_database(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The name of a copy of the test database."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("replica") / "replica.sqlite3"
        yield str(shutil.copyfile(request.getfixturevalue("migrated"), path))
        return
    name, original = f"{connection.settings_dict['NAME']}_replica", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    yield name
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module", autouse=True)
def _alias(second_database):
    """The replica is there before the tests' transactions begin."""
    connections.settings["replica"] = connection.settings_dict | {"NAME": second_database}
    yield
    connections["replica"].close()
    del connections["replica"], connections.settings["replica"]


@pytest.fixture
def replica(settings, monkeypatch):
    """The replica, which has one article with another title."""
    monkeypatch.setattr(module, "_breaker", module.Breaker(pause=0))
    settings.DATABASE_ROUTERS = ["publishing.database.replica.Router"]
    settings.REPLICA_LAG = 0
    copy = Article.objects.get(pk=make_article(title="As the primary has it", slug="lagging").pk)
    copy.title = "As the replica has it"
    for row in (copy.category, copy, copy.counts):
        type(row).objects.using("replica").bulk_create([row])
    with patch.object(indexing, "connection", connections["replica"]):
        indexing.index(copy)
    return connections["replica"]


def is_from_replica(response):
    # A search marks its words.
    html = response.content.decode().replace("<mark>", "").replace("</mark>", "")
    found = "As the replica has it" in html, "As the primary has it" in html
    assert response.status_code == 200
    assert any(found) and not all(found)
    return found[0]


@pytest.mark.parametrize("path", ["/", "/articles/lagging/", "/feed.xml", "/search/?q=replica"])
def test_public_pages_are_read_from_the_replica(client, replica, path):
    assert is_from_replica(client.get(path))


def test_for_some_seconds_after_a_change_pages_are_read_from_the_primary(client, replica, settings):
    settings.REPLICA_LAG = 60
    assert not is_from_replica(client.get("/articles/lagging/"))


def test_what_is_written_or_shown_to_one_person_is_read_from_the_primary(client, post_from_site, replica):
    client.force_login(make_user("owner"))
    assert not is_from_replica(client.get("/admin/articles/article/"))

    refused = post_from_site("/articles/lagging/comments/", {"name": "", "body": ""})
    assert refused.status_code == 422
    assert "As the primary has it" in refused.content.decode()
    assert Article.objects.get().title == "As the primary has it", "nothing outside of a request"


def test_while_the_replica_is_down_pages_are_read_from_the_primary(client, replica):
    def fail():
        raise OperationalError("Connection refused.")

    with patch.object(replica, "ensure_connection", fail):
        assert not is_from_replica(client.get("/articles/lagging/"))
    assert is_from_replica(client.get("/articles/lagging/"))


def test_after_a_failure_of_the_replica_the_request_reads_from_the_primary(client, replica):
    def fail(execute, sql, params, many, context):
        raise OperationalError("The replica went away.")

    with replica.execute_wrapper(fail):
        assert not is_from_replica(client.get("/articles/lagging/"))
    assert is_from_replica(client.get("/articles/lagging/"))


def test_rows_from_the_replica_are_saved_to_the_primary(replica):
    article = Article.objects.using("replica").get()
    article.save()

    assert Article.objects.get().title == "As the replica has it"
