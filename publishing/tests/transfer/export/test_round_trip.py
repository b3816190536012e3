"""An export that is read into an empty publication gives the same export, byte for byte, and the same pages."""

import shutil
from urllib.parse import urlsplit
from zipfile import ZipFile

from django.core.management import call_command
from django.db import connection, models
from django.test import override_settings

from articles.models import Article, ListCount, Page
from comments.models import ModerationEntry
from publishing.cache import values
from publishing.maintenance.models import PassLink
from publishing.maintenance.passing import links
from publishing.models import UnfinishedImport
from publishing.tests.database import ON_SQLITE
from publishing.transfer.export.restoring import restore
from publishing.transfer.export.tables import leads_to_account, tables
from publishing.transfer.export.writing import export

from .publications import ADDRESS, NETWORK, READER, full

# Of the rows of exported tables, what stays behind: all else is there again, read or computed.
LEFT = {
    "articles.article": {"created_in"},
    "comments.comment": {
        "notify", "writer_hash", "reader", "network", "network_range", "open_reports", "claimed_until", "notified_at",
    },
    "comments.commentsettings": {"digest_due_at", "digest_sent_at"},
}  # fmt: skip


def all_rows():
    """Every column of every exported table but `LEFT`, with what is computed from them."""
    found = {}
    for table in tables():
        names = [
            field.attname
            for field in table.model._meta.concrete_fields
            if field.name not in LEFT.get(table.label, ()) and not leads_to_account(field)
        ]
        rows = models.QuerySet(table.model).order_by(table.order).values(*names)
        found[table.label] = [table.outgoing(row) if table.outgoing else row for row in rows]
    for model in (Article.pictures.through, Article.link_cards.through, Page.pictures.through):
        found[model._meta.label] = sorted(
            models.QuerySet(model).values_list(*(f.attname for f in model._meta.concrete_fields[1:]))
        )
    found["counts"] = {(row.kind, row.key): row.number for row in ListCount.objects.exclude(number=0)}
    return found


def differences(before, after):
    """Of each table that is not the same, the columns."""
    return [
        (
            name,
            {
                key
                for one, other in zip(before[name], after[name], strict=True)
                for key in one
                if one[key] != other[key]
            },
        )
        if name in {table.label for table in tables()}
        else name
        for name in before
        if before[name] != after[name]
    ]


def bytes_of(path):
    return path.read_bytes()


def test_a_row_of_every_table_comes_back_with_the_same_bytes(empty, tmp_path, client):
    first, again, second, third = (tmp_path / f"{name}.zip" for name in ("first", "again", "second", "third"))
    with empty():
        full()
        exported = export(first)
        before = all_rows()
        export(again)
        link = urlsplit(links.address_of(PassLink.objects.get())).path
    with empty(is_other=True):
        restore(first)
        export(second)
        after = all_rows()
        found = client.get("/search/", {"q": "headings"}).content.decode()
        tester = client.get(link)
        with override_settings(SECRET_KEY="that of another site"):
            elsewhere = client.get(link)
    with empty():
        restore(second)
        export(third)

    assert {table.label for table in tables()} == set(+exported.rows), "a table without a row proves nothing"
    assert bytes_of(first) == bytes_of(again) == bytes_of(second) == bytes_of(third)
    assert differences(before, after) == []
    assert (tester.status_code, elsewhere.status_code) == (200, 404)
    assert "/articles/first/" in found


def test_nothing_of_accounts_and_readers_is_in_it(exported):
    secrets = [READER, NETWORK, ADDRESS, "account@example.org", "owner-"]

    with ZipFile(exported) as file:
        texts = {name: file.read(name) for name in file.namelist()}
    found = [(name, secret) for name, data in texts.items() for secret in secrets if secret.encode() in data]
    assert found == []
    public = b"".join(data for name, data in texts.items() if name.startswith(("content/", "static/")))
    assert b"/home/mei" not in public
    assert b"In the trash" not in public


def test_the_demo_comes_back_with_the_same_bytes_and_pages(empty, tmp_path, request, client):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    with empty() as folder:
        if ON_SQLITE:
            shutil.copytree(request.getfixturevalue("demo"), folder, dirs_exist_ok=True)
            connection.close()
            (folder / "site.sqlite3").replace(folder / "publication.sqlite3")
            values.CachedValue.clear_all()
        else:
            call_command("load_demo", verbosity=0)
        export(first)
        before = all_rows()
    with empty(is_other=True):
        restore(first)
        export(second)
        after = all_rows()
        page = client.get("/articles/why-a-dict-remembers-its-order/").content.decode()

    assert bytes_of(first) == bytes_of(second)
    assert differences(before, after) == []
    assert 'srcset="/media/' in page
    assert "comments" in page


def test_rows_that_come_after_an_import_have_keys_of_their_own(empty, exported):
    with empty():
        restore(exported)
        keys = set(Page.objects.values_list("pk", flat=True))
        assert Page.objects.create(title="New", slug="new").pk not in keys
        assert not UnfinishedImport.objects.exists()
        assert not ModerationEntry.objects.exists()
