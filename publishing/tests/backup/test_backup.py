"""A backup has the whole site and no secrets, and restoring it brings the site back, on both databases."""

import errno
import json
import stat
from contextlib import closing
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from articles.models import Article, Image
from comments.models import NetworkKey
from publishing.models import VisitorSalt
from publishing.tests.factories import make_article, make_user
from publishing.tests.pictures import picture
from publishing.transfer.backup import archive, tables
from publishing.transfer.backup.contents import LEFT_OUT
from publishing.transfer.lock import exclusive
from quizzes.taking import submitting


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def stored_attempts(monkeypatch):
    """What is stored of the attempts that wait."""
    found = []
    monkeypatch.setattr(submitting, "store", found.append)
    return found


@pytest.fixture
def filled(own_site, stored_attempts):
    """A site with an article, a picture, an account, secrets of the day, and an attempt that waits on the disk."""
    User.objects.create_user("mei", password="a long pass phrase", is_staff=True)
    Image.objects.create(file=ContentFile(picture(), "square.png"), alt="A square")
    (own_site / "quizzes").mkdir()
    (own_site / "quizzes" / "attempts.spool").write_text('\n{"token": "waits"}\n')
    (own_site / "quizzes" / "quiz-1.json").write_text("{}")
    return make_article(title="Kept as it was", slug="kept", body="The first text.")


def test_what_was_changed_and_deleted_since_is_as_it_was(filled, own_site, back_up, rows, stored_attempts):
    before, files = rows(), files_of(own_site / "media") | files_of(own_site / "originals")
    path = back_up()
    Article.objects.update(title="Changed since")
    Image.objects.all().delete()
    for name in ("media", "originals"):
        for file in (own_site / name).rglob("*.*"):
            file.unlink()
    make_user("superuser")
    assert "Changed since" in Client().get("/articles/kept/").content.decode()
    (own_site / "quizzes" / "attempts.spool").write_text('\n{"token": "waits now"}\n')

    call_command("restore", path, "--replace", "--yes", verbosity=0)

    assert rows() == before
    assert files_of(own_site / "media") | files_of(own_site / "originals") == files
    assert sorted(record["token"] for record in stored_attempts) == ["waits", "waits now"]
    page = Client().get("/articles/kept/").content.decode()
    assert "Kept as it was" in page
    assert "Changed since" not in page
    assert Client().login(username="mei", password="a long pass phrase")
    assert not list(own_site.glob(".restore-*")) + list(own_site.parent.glob("*.replaced"))


def test_it_is_restored_into_a_database_that_was_only_migrated_without_being_told_to_replace(filled, back_up, rows):
    before, path = rows(), back_up()
    call_command("flush", interactive=False, verbosity=0)
    call_command("create_roles")
    assert not tables.has_content()

    call_command("restore", path, "--yes", verbosity=0)

    assert rows() == before


def test_it_has_no_secrets_and_only_its_owner_may_read_it(filled, back_up, settings):
    Client().force_login(User.objects.get(username="mei"))
    VisitorSalt.objects.create(day="2026-01-01", salt=b"salt-of-visitors-of-one-day")
    key = NetworkKey.objects.create(day="2026-01-01", key=b"key-of-networks-of-one-day").key
    path = back_up()

    with ZipFile(path) as file:
        content = b"".join(map(file.read, file.namelist()))
        manifest = json.loads(file.read("manifest.json"))
    assert b"salt-of-visitors" not in content
    assert key not in content
    assert settings.SECRET_KEY.encode() not in content
    assert {"django_session", "comments_networkkey"} <= set(manifest["left_out"])
    assert not set(manifest["counts"]) & set(LEFT_OUT)
    assert manifest["counts"]["articles_article"] == 1
    assert not [name for name in manifest["files"] if name.endswith("quiz-1.json")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_writer_and_a_backup_do_not_wait_for_each_other(filled, back_up):
    with closing(tables.another()) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE articles_article SET title = 'Not committed'")
        path = back_up()
        cursor.execute("COMMIT")

    call_command("restore", path, "--replace", "--yes", verbosity=0)
    assert Article.objects.get().title == "Kept as it was"


def test_a_full_disk_is_told_and_nothing_is_left(sqlite, filled, back_up, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.Writer, "finish", full)
    with pytest.raises(CommandError, match="No backup was made in .*: no space left on the disk"):
        back_up()

    assert list((tmp_path / "backups").iterdir()) == []


def test_a_backup_that_does_not_open_is_none(sqlite, filled, back_up, tmp_path, monkeypatch):
    def wrong(writer, name, source, add=archive.Writer.add, **options):
        add(writer, name, source, **options)
        writer.files[name][1] = "0" * 64

    monkeypatch.setattr(archive.Writer, "add", wrong)
    with pytest.raises(CommandError, match="checksum"):
        back_up()

    assert list((tmp_path / "backups").iterdir()) == []


def test_old_ones_are_deleted_and_what_is_none_stays(sqlite, own_site, tmp_path, clock):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "publication-notes.zip").touch()
    for _ in range(3):
        clock.shift(60)
        call_command("backup", folder, "--keep", "2", verbosity=0)

    assert len(list(folder.glob("publication-2*.zip"))) == 2
    assert (folder / "publication-notes.zip").exists()
    with pytest.raises(CommandError, match="at least 1"):
        call_command("backup", folder, "--keep", "0")


def test_it_does_not_run_beside_an_import(sqlite, own_site, back_up):
    with (
        exclusive("An import by Mei"),
        pytest.raises(CommandError, match=r"No backup was made: An import by Mei has been running since"),
    ):
        back_up()


def test_a_database_without_tables_is_told(sqlite, own_site, monkeypatch, back_up):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")

    with pytest.raises(CommandError, match="django_migrations"):
        back_up()


def test_without_the_programs_of_postgresql_it_says_what_to_install(postgresql, own_site, settings, back_up, tmp_path):
    settings.PG_BIN = str(tmp_path)

    with pytest.raises(CommandError, match="pg_dump of PostgreSQL is missing: install its client"):
        back_up()
